"""Who is who: the organisation tree, accounts, roles, sessions; and what a role may do."""

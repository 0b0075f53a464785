"""Working together on records: comments, followers, notifications and their letters, views."""

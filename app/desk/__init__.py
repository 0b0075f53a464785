"""The front desk: routes that belong to no register: signing in, accounts, the trail, codes, health."""

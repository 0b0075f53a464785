"""The front desk: routes of no register: signing in, accounts, the trail, codes, health."""

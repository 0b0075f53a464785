"""The dashboard: every number is the count of a list that its reader can open."""

"""The trail, and Work: one actor's one transaction."""

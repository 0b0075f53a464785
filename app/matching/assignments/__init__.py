"""Experts assigned to a whole batch of projects at once: asked for, reckoned, adopted."""

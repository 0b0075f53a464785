"""Candidates for many needs at once: long work whose result stays with the task."""

"""The libraries made searchable for matching: one immutable base a kind on disk, shared by all
workers of a machine through the page cache, and what changed since in each worker's memory.

Every answer first takes in what has been committed meanwhile, so it never waits for the index to
come round; deletions and conflicts do not go through it at all.
"""

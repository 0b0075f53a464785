"""Backups: one archive of the database and the files, and the proof that it restores."""

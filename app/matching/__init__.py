"""Needs and projects meet those who can help: ranking, reasons, conflicts, what becomes of it.

Its registers are named in `contents`, so that a process that only ranks or assigns starts fast.
"""

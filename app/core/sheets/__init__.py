"""Spreadsheets as people keep them: read, understood, checked cell by cell, and written again."""

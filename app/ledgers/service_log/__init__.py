"""Ledger 3: what was done for enterprises, by whom under which hat, and whether they agree."""

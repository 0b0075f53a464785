"""Ledger 1: the enterprises of the parks and what is known of them, year by year."""

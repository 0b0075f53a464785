"""Ledger 2: what enterprises ask the service network to solve, from first words to proof."""

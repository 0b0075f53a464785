"""Walls: harnesses that prove what gets in, what leaks and what is lost. `make prove` runs them."""

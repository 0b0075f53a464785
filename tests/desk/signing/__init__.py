"""Attacks on signing in, as functions that say what got through; tests and harness run them."""

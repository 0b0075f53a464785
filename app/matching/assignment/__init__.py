"""Giving every project its experts, as well as can be proved: arrays in, pairs and a proof out."""

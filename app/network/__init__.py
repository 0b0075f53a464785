"""One network: what the house shows to everybody, later what its nodes tell each other."""

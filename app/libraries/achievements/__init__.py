"""The library of scientific and technical achievements looking for a user."""

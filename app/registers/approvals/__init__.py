"""Acts that take two people: one asks, another confirms in time, both stand on the trail."""

"""A fictitious province to look at, try out and measure with; nobody and nothing in it exists.

``park demo load [--scale N] [--seed S]`` fills an empty installation; the same seed gives the same
contents and, on the same day, the same dates (ids differ). Everything is written through the
engine's own path, under the names of the people who would have done it, on the days they would
have done it, so that history, trail, feed, search and links are those of a product in use.

Read in this order: ``organisations`` (who is there), ``pen`` (how a record is written on a day
gone by), ``cohort`` (one park's share), ``load``. The texts and where they come from:
``texts`` and docs/data-sources.md.
"""

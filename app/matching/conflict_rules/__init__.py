"""The rules of recusal a region lays down for itself: drafted by one, put into force by another."""

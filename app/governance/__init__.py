"""What a leader asks of all ledgers together: figures, each of which opens its rows."""

"""What every floor stands on and what knows no word of the domain."""

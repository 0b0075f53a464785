"""Those who judge together: seated, invited, scoring under seal, summed up."""

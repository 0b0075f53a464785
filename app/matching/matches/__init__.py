"""What becomes of a candidate: proposed, chosen, invited, at work, done."""

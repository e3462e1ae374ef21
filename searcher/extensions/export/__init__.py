"""What was found, for other programs."""

"""Output of the commands, for people and for programs."""

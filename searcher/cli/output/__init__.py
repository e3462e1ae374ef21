"""Output: how what was found is written, for people and for programs."""

"""Index files as they appear in folders, and the entries of feeds."""

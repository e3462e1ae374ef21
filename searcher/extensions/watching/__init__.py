"""Watching: files that come into folders are indexed as they come, and what feeds bring with them."""

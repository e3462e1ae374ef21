"""Writing: buffers articles, writes and merges segments, and commits them."""

"""Writing: from articles to segments and commits, and the merging of segments."""

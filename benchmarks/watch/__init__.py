"""What ``searcher watch`` does with a folder into which files are dropped, moved, written slowly and
deleted."""

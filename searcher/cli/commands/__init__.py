"""Commands: the module NAME holds “searcher NAME”."""

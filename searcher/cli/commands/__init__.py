"""The commands of “searcher”, listed in ``cli/searcher.py``."""

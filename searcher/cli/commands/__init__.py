"""The commands of “searcher”, in modules by subject: the table of them is in ``cli/searcher.py``."""

"""The recipe of the encoder of many languages: what ships in ``searcher/extract/encoder`` is made here.

README.md says in which order the modules run.
"""

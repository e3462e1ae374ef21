"""How good and how fast Searcher is, measured on data that is not part of the project."""

"""How fast Searcher indexes and answers, beside what else a Python user might pick."""

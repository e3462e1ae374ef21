"""Ingesting: from files to the index; ``loader`` and ``rebuild`` are the two runs of what else is here."""

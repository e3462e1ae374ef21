"""Statements: the words of utterances, which ones are one statement, and answers made of these."""

"""Statements: what somebody said, once, whole, with every article that carries it.

An article carries an *utterance*, whose parts its attribution may split (:mod:`.votes`). Utterances of
different articles are one statement where their words are the same, nearly the same, or one is a part of
the other (:mod:`.likeness`). Articles may give a statement to different people: they vote. What comes out
is a :class:`searcher.results.statements.Statement`.
"""

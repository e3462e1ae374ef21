"""Searcher itself: its engine for single questions, its index for whole answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.speed.corpus import Question
from benchmarks.speed.peers.peer import Peer

FACETS = ("person", "organisation", "source", "tag", "year")
#: Values of a facet that are looked at, as on a screen.
SHOWN = 10


class Searcher(Peer):
    shared = True

    def index(self, articles: Iterable[dict[str, Any]], folder: Path) -> None:
        from searcher.engines.whoosh import WhooshEngine
        from searcher.names.table import Identities

        engine = WhooshEngine(folder, identities=Identities(), create=True)
        with engine.writer(fresh=True) as writer:
            for article in articles:
                writer.add(_article(article))
        engine.close()

    def open(self, folder: Path) -> None:
        from searcher.engines.whoosh import WhooshEngine
        from searcher.index import Index
        from searcher.index.session import Session
        from searcher.names.table import Identities
        from searcher.textfiles import FolderTexts

        self._engine = WhooshEngine(folder, identities=Identities())
        self._index = Index(Session(self._engine, FolderTexts(folder), folder=folder))

    def add(self, articles: Iterable[dict[str, Any]]) -> None:
        with self._engine.writer() as writer:
            for article in articles:
                writer.add(_article(article))

    def ask(self, question: Question) -> tuple[list[str], int]:
        from searcher.query.tree import Query

        kind, _ = question
        if kind == "whole":
            results = self._index.search(_tree(question), facets=FACETS)
            for facet in results.facets.values():
                facet.values[:SHOWN]  # put in order when they are looked at
            return [hit.article.id for hit in results.hits], results.total
        facets = ("person", "organisation") if kind == "facet" else ()
        sort: Any = "newest" if kind == "sortdate" else "relevance"
        found = self._engine.search(Query(_tree(question), facets=facets, sort=sort))
        return [hit.article.id for hit in found], found.total


def _article(data: dict[str, Any]) -> Any:
    from searcher.article import Article, Mention

    people = tuple(Mention(name, "person", 0, 1) for name in data["people"])
    bodies = tuple(Mention(name, "organisation", 0, 1) for name in data["orgs"])
    return Article(
        id=data["id"],
        title=data["title"],
        body=data["body"],
        source=data["source"],
        published=data["date"],
        tags=tuple(data["topics"]),
        mentions=people + bodies,
    )


def _tree(question: Question) -> Any:
    from searcher.query.tree import And, Or, Phrase, Range, Term, Wildcard

    kind, words = question
    match kind:
        case "term1":
            return Term(words[0])
        case "and2" | "and3":
            return And(tuple(Term(word) for word in words))
        case "phrase":
            return Phrase(" ".join(words))
        case "prefix":
            return Wildcard(words[0] + "*")
        case "range":
            low, high = (dt.date.fromisoformat(day) for day in words[1:])
            return And((Term(words[0]), Range("date", low, high)))
        case "multi2":
            return And(tuple(Or((Term(word, "title"), Term(word))) for word in words))
        case _:
            return Or(tuple(Term(word) for word in words))

"""Xapian, compiled from C++, with its own Python bindings."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.speed.corpus import Question
from benchmarks.speed.peers.peer import Peer

xapian: Any = import_module("xapian")  # without types

FACETS = ("people", "orgs", "source", "topics", "year")
_DATE_SLOT = len(FACETS)
_SEPARATOR = "\n"


class Xapian(Peer):
    def __init__(self) -> None:
        self._changing: Any = None

    def index(self, articles: Iterable[dict[str, Any]], folder: Path) -> None:
        db = xapian.WritableDatabase(str(folder / "db"), xapian.DB_CREATE_OR_OVERWRITE)
        _write(db, articles)
        db.close()

    def open(self, folder: Path) -> None:
        self._folder = folder
        self._db = xapian.Database(str(folder / "db"))
        self._stemmer = xapian.Stem("english")

    def refresh(self) -> None:
        self._db.reopen()

    def add(self, articles: Iterable[dict[str, Any]]) -> None:
        self._changing = self._changing or xapian.WritableDatabase(str(self._folder / "db"), xapian.DB_OPEN)
        _write(self._changing, articles)

    def ask(self, question: Question) -> tuple[list[str], int]:
        enquire = xapian.Enquire(self._db)
        enquire.set_query(self._query(*question))
        enquire.set_weighting_scheme(xapian.BM25Weight())
        if question.kind == "sortdate":
            enquire.set_sort_by_value(_DATE_SLOT, True)
        spies = [
            xapian.ValueCountMatchSpy(n)
            for n in {"facet": range(2), "whole": range(5)}.get(question.kind, ())
        ]
        for spy in spies:
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, 10, self._db.get_doccount())
        documents = [json.loads(match.document.get_data()) for match in found]
        for spy in spies:
            _counts(spy)
        if question.kind == "whole":
            for _, _, body in documents:
                found.snippet(body, 480, self._stemmer)
        return [document[0] for document in documents], found.get_matches_estimated()

    def _query(self, kind: str, words: tuple[str, ...]) -> Any:
        query = xapian.Query
        match kind:
            case "term1":
                return self._word(words[0])
            case "phrase":
                return query(query.OP_PHRASE, [self._word(word) for word in words])
            case "prefix":
                return query(query.OP_WILDCARD, words[0])
            case "and2" | "and3":
                return query(query.OP_AND, [self._word(word) for word in words])
            case "multi2":
                either = [query(query.OP_OR, [self._word(word, "S"), self._word(word)]) for word in words]
                return query(query.OP_AND, either)
            case "range":
                low, high = (xapian.sortable_serialise(_seconds(day)) for day in words[1:])
                within = query(query.OP_VALUE_RANGE, _DATE_SLOT, low, high)
                return query(query.OP_FILTER, self._word(words[0]), within)
            case _:
                return query(query.OP_OR, [self._word(word) for word in words])

    def _word(self, word: str, prefix: str = "") -> Any:
        return xapian.Query(prefix + self._stemmer(word.encode()).decode())


def _write(db: Any, articles: Iterable[dict[str, Any]]) -> None:
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("english"))
    generator.set_stemming_strategy(generator.STEM_ALL)
    for article in articles:
        db.add_document(_document(article, generator))
    db.commit()


def _document(article: dict[str, Any], generator: Any) -> Any:
    document = xapian.Document()
    generator.set_document(document)
    generator.set_termpos(0)
    generator.index_text(article["title"], 1, "S")
    generator.index_text(article["title"])
    generator.increase_termpos(100)
    generator.index_text(article["body"])
    document.add_boolean_term("Q" + article["id"])
    document.add_value(_DATE_SLOT, xapian.sortable_serialise(_seconds(article["date"])))
    for slot, name in enumerate(FACETS):
        held = article["date"][:4] if name == "year" else article[name]
        document.add_value(slot, held if isinstance(held, str) else _SEPARATOR.join(held))
    document.set_data(json.dumps([article["id"], article["title"], article["body"]]))
    return document


def _counts(spy: Any) -> Counter[str]:
    """A slot holds all values of an article at once: they are taken apart here."""
    counts: Counter[str] = Counter()
    for value in spy.values():
        for one in value.term.decode().split(_SEPARATOR):
            counts[one] += value.termfreq
    return counts


def _seconds(day: str) -> float:
    return dt.datetime.fromisoformat(day).timestamp()

"""Whoosh as it comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.speed.corpus import Question
from benchmarks.speed.peers.peer import Peer

# With types that lack much.
analysis, fields, index, query, sorting = (
    import_module(f"whoosh.{name}") for name in ("analysis", "fields", "index", "query", "sorting")
)  # type: Any, Any, Any, Any, Any

FACETS = ("people", "orgs", "source", "topics", "year")
_SEPARATOR = "\n"


class Whoosh(Peer):
    def index(self, articles: Iterable[dict[str, Any]], folder: Path) -> None:
        _write(index.create_in(str(folder), _schema()), articles)

    def open(self, folder: Path) -> None:
        self._index = index.open_dir(str(folder))
        self._searcher = self._index.searcher()
        self._analyzer = self._searcher.schema["text"].analyzer

    def refresh(self) -> None:
        self._searcher = self._searcher.refresh()

    def add(self, articles: Iterable[dict[str, Any]]) -> None:
        _write(self._index, articles)

    def ask(self, question: Question) -> tuple[list[str], int]:
        facets = {"facet": FACETS[:2], "whole": FACETS}.get(question.kind, ())
        groups = {
            name: sorting.StoredFieldFacet(name, allow_overlap=True, split_fn=_split) for name in facets
        }
        found = self._searcher.search(
            self._query(*question),
            limit=10,
            groupedby=groups or None,
            sortedby=sorting.FieldFacet("date", reverse=True) if question.kind == "sortdate" else None,
        )
        for name in facets:
            found.groups(name)
        if question.kind == "whole":
            for hit in found:
                hit.highlights("text", top=3)
        return [hit["id"] for hit in found], len(found)

    def _query(self, kind: str, words: tuple[str, ...]) -> Any:
        match kind:
            case "term1":
                return self._word(words[0])
            case "phrase":
                return query.Phrase("text", [self._stem(word) for word in words])
            case "prefix":
                return query.Prefix("text", words[0])
            case "and2" | "and3":
                return query.And([self._word(word) for word in words])
            case "multi2":
                return query.And(
                    [query.Or([self._word(word, f) for f in ("title", "text")]) for word in words]
                )
            case "range":
                low, high = (dt.datetime.fromisoformat(day) for day in words[1:])
                return query.And(
                    [self._word(words[0]), query.ConstantScoreQuery(query.DateRange("date", low, high))]
                )
            case _:
                return query.Or([self._word(word) for word in words])

    def _word(self, word: str, field: str = "text") -> Any:
        return query.Term(field, self._stem(word))

    def _stem(self, word: str) -> str:
        return next((token.text for token in self._analyzer(word)), word)


def _write(held: Any, articles: Iterable[dict[str, Any]]) -> None:
    writer = held.writer(limitmb=256)
    for article in articles:
        writer.add_document(
            id=article["id"],
            title=article["title"],
            text=article["title"] + "\n" + article["body"],
            date=dt.datetime.fromisoformat(article["date"]),
            source=article["source"],
            year=article["date"][:4],
            people=_SEPARATOR.join(article["people"]),
            orgs=_SEPARATOR.join(article["orgs"]),
            topics=_SEPARATOR.join(article["topics"]),
        )
    writer.commit()


def _schema() -> Any:
    analyzer = analysis.StemmingAnalyzer()
    values = fields.KEYWORD(stored=True, commas=False)
    return fields.Schema(
        id=fields.ID(unique=True, stored=True),
        title=fields.TEXT(stored=True, analyzer=analyzer),
        text=fields.TEXT(stored=True, analyzer=analyzer),
        date=fields.DATETIME(sortable=True, stored=True),
        source=fields.ID(stored=True),
        year=fields.ID(stored=True),
        people=values,
        orgs=values,
        topics=values,
    )


def _split(fields: Any) -> list[str]:
    return [value for value in (fields or "").split(_SEPARATOR) if value]

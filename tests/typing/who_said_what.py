"""What a newsroom asks about people, written from docs/python-api.md alone. The type checker reads it."""

from __future__ import annotations

import datetime as dt

import searcher
from searcher import FoundQuote, Link, Network, Place, Record, SearcherError, Statement, Vote
from searcher.query import HasValue, Phrase, all_of


def carriers(statement: Statement) -> dict[str, float]:
    places: tuple[Place, ...] = tuple(statement.places)
    return {place.article.source or "": place.confidence for place in places}


def dossier(location: str, name: str) -> str:
    lines: list[str] = []
    try:
        with searcher.open_index(location) as index:
            record: Record = index.names.record(name)
            lines += [f"{year.value}: {year.count}" for year in record.years]
            said = index.statements("cobalt", speaker=name, facets=["year"], limit=5)
            for statement in said.hits:
                votes: list[Vote] = list(statement.votes)
                lines.append(f"{statement.text} {carriers(statement)} {[vote.speaker for vote in votes]}")
            found: list[FoundQuote] = index.find_quote("never once stayed where it is", limit=3)
            lines += [f"{one.match} {one.share:.0%} {one.place.article.title}" for one in found]
            around: Network = index.names.network(name, limit=10)
            links: tuple[Link, ...] = around.center_links
            lines += [f"{link.other.name} ({link.other.kind}): {link.articles}" for link in links]
            months: dict[dt.date, int] = dict(index.timeline(HasValue("person", name), unit="month"))
            both = all_of(HasValue("person", name), Phrase("dead end"))
            lines += [f"{len(months)} months", f"{index.count(both)} articles"]
    except SearcherError as error:
        lines.append(str(error))
    return "\n".join(lines)

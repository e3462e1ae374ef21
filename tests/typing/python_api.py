"""A program written from docs/python-api.md alone. The type checker reads it; nothing runs it."""

from __future__ import annotations

import searcher
from searcher import Article, Hit, QuoteHit, Results, Search
from searcher.query import Near, Term


def titles(found: Results) -> list[str]:
    return [hit.article.title for hit in found]


def archive(location: str) -> None:
    with searcher.open_index(location, create=True, timeout=5.0) as index:
        report = index.load(["news/"], workers=2)
        print(list(report.failed))
        plain = index.search("fire", person="Lindqvist", after="2024-09-01", sort="newest", limit=5)
        search = (
            Search("fire pallet")
            .where(person="Lindqvist", place="Saltmere", contact="norvane.org", source=["Port Aurel Herald"])
            .without(source="Gazette")
            .in_period("2024-09", None)
            .collapsed()
        )
        page = index.search(
            search, limit=10, offset=10, facets=["person", "year"], explain=True, translate=True
        )
        people = {value.value: value.count for value in page.facets["person"].values}
        total: int = index.count(search) + index.count(Near(Term("fire"), Term("pallet"), 5))
        every: list[Hit] = list(index.scan(search, snippets=False))
        said: list[QuoteHit] = [*index.quotes(Search("dead end").said_by("LeCun", min_confidence=0.7))]
        said += index.scan_quotes("dead end", speaker=["LeCun"], kinds=["direct", "indirect"])
        alike: list[Hit] = index.articles.related(Article(id="1", title="Ferries sail"), limit=3)
        again: Search = Search.from_url(Search.from_dict(search.to_dict()).to_url())
        print(titles(plain), people, total, len(every), [hit.speaker for hit in said], alike, again)

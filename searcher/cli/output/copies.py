"""Copies of a story in other articles: how many, in which sources, and which was the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from searcher.cli.output.text import day_of
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.index import Index

__all__ = ["Copies", "copies_of"]

#: Sources that are named, besides the first.
MAX_SOURCES = 5


@dataclass(frozen=True, slots=True)
class Copies:
    """``total`` articles of the index are one story; ``first`` is the oldest of them, ``sources`` are those
    that ran it, in the order of time."""

    total: int
    first: Article
    sources: tuple[str, ...]

    def line(self) -> str:
        """For people: "2 more copies; first: Harbour Post, 2024-05-06; also: …"."""
        more = self.total - 1
        first = ", ".join(clean(part) for part in (self.first.source, day_of(self.first)) if part)
        also = [clean(source) for source in self.sources if source != self.first.source]
        parts = [f"{more:,} more cop{'y' if more == 1 else 'ies'}", f"first: {first or clean(self.first.id)}"]
        parts += (
            [f"also: {', '.join(also[:MAX_SOURCES])}{' …' if len(also) > MAX_SOURCES else ''}"]
            if also
            else []
        )
        return "; ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        first = {"id": self.first.id, "source": self.first.source, "published": day_of(self.first)}
        return {"total": self.total, "first": first, "sources": list(self.sources)}


def copies_of(index: Index, articles: Iterable[Article]) -> dict[str, Copies]:
    """The stories of some articles that others ran too, by the name of the story."""
    stories = [article.story for article in articles if article.story is not None]
    found: dict[str, Copies] = {}
    for hit in index.scan(story=stories, sort="oldest", snippets=False) if stories else ():
        article, story = hit.article, hit.article.story or ""
        before = found.get(story) or Copies(0, article, ())
        sources = dict.fromkeys((*before.sources, *([article.source] if article.source else [])))
        found[story] = Copies(before.total + 1, before.first, tuple(sources))
    return {story: copies for story, copies in found.items() if copies.total > 1}

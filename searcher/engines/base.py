"""The protocol between the index and whatever stores and matches articles.

Two engines implement it: :mod:`searcher.engines.memory` (small, slow, obviously right: the judge) and
:mod:`searcher.engines.whoosh`. One conformance suite holds both to the same answers.

An engine stores articles as they are, matches :mod:`searcher.query.tree` trees, scores them as
:mod:`searcher.engines.scoring` says, and counts facets exactly. It knows nothing of query text, files,
snippets or extraction; names across articles are resolved by the
:class:`searcher.names.resolution.Identities` given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from searcher.article import Article, Quote
from searcher.errors import IndexDamaged
from searcher.names.resolution import Identities
from searcher.query.tree import Expr, Query, QuoteQuery

__all__ = ["Engine", "evidence", "Found", "FoundQuote", "FoundQuotes", "Match", "Writer"]


@dataclass(frozen=True, slots=True)
class Match:
    """One article that matches, with its score (0.0 where the order is by date)."""

    article: Article
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """One page of matches, the number of all, and for each facet asked for ``{value: count}``; ``articles``
    match, where stories are counted."""

    matches: tuple[Match, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    articles: int = 0


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """One quotation that matches; ``speaker`` is resolved across articles."""

    article: Article
    quote: Quote
    speaker: str | None
    score: float


@dataclass(frozen=True, slots=True)
class FoundQuotes:
    quotes: tuple[FoundQuote, ...]
    total: int


class Writer(Protocol):
    """All or nothing: leaving the ``with`` block commits, an exception inside it discards.

    An id that is added again replaces the older article (within one batch too) and counts as added last.
    """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def add(self, article: Article) -> None: ...
    def delete(self, id: str) -> None: ...


class Engine(Protocol):
    """Safe to share between threads. Every call sees the last commit as of its beginning."""

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> Writer:
        """Begin a change. ``fresh`` replaces everything at commit; until then, and if it fails, the old
        articles go on answering. Raises IndexLocked when another writer does not finish within
        ``timeout`` seconds (those that the engine was opened with, where None)."""
        ...

    def settle(self, added: int) -> None:
        """A load that added so many articles in many commits is over: arrange for searching what it left, as
        far as that is worth it. Nothing is done where another writer is at work or there is no room. Raises
        IndexDamaged."""
        ...

    def search(self, query: Query) -> Found: ...

    def quotes(self, query: QuoteQuery) -> FoundQuotes: ...

    def explain(self, expr: Expr, id: str) -> tuple[tuple[str, float], ...]:
        """What each scoring part contributes to the score of one article: ``(part as text, points)``."""
        ...

    def get(self, id: str) -> Article | None: ...

    def articles(self) -> Iterator[Article]:
        """Every article, in the order in which they were added."""
        ...

    def count(self) -> int: ...

    def values(self, field: str) -> Mapping[str, int]:
        """Every value of a value field, resolved across articles, with the number of its articles."""
        ...

    def words(self, prefix: str = "") -> Iterator[str]:
        """Words of the text field as written (folded, not stemmed) that begin with ``prefix``, sorted: what
        "did you mean" chooses from."""
        ...

    def frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        """Of these words, as :meth:`words` gives them, those that the index holds, each with the number
        of its articles."""
        ...

    def refresh(self, identities: Identities) -> None:
        """From now on resolve names by ``identities``."""
        ...

    def verify(self) -> tuple[str, ...]:
        """The files that are not as the last commit left them; reads every byte of them."""
        ...

    def salvage(self) -> Iterator[Article | IndexDamaged]:
        """What can be read of a damaged index: articles, and what is wrong with files that do not give all
        that they held. Where an id comes twice, the later article is the valid one."""
        ...

    def close(self) -> None: ...


def evidence(field_name: str, counts: Mapping[str, Mapping[str, int]]) -> Mapping[str, int]:
    """The values that name resolution sees for a field: ``{value: articles}``.

    ``counts`` holds every value field's own. Speakers are resolved among people too, so that "LeCun" who
    speaks in one article is the "Yann LeCun" who is only mentioned in another.
    """
    own = counts[field_name]
    if field_name != "speaker":
        return own
    return {**counts["person"], **own}

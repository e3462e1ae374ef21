"""Questions that can be asked again: what a search asks for, apart from how its answer is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from searcher.query import Sort
from searcher.results import Quotes, Results

if TYPE_CHECKING:
    from searcher.index import Index

__all__ = ["Question"]

#: Answers fetched at a time where all are wanted: bounded memory, and few enough repetitions.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Question:
    """The arguments of :meth:`searcher.index.Index.search` and ``quotes`` that decide what is found.

    ``quotes``: the answer is quotations rather than articles. ``indirect``: indirect speech too.
    """

    text: str = ""
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    exclude: Mapping[str, Sequence[str]] = field(default_factory=dict)
    after: str | None = None
    before: str | None = None
    match: Literal["all", "any"] = "all"
    sort: Sort = "relevance"
    quotes: bool = False
    said_by: Sequence[str] = ()
    indirect: bool = False
    confidence: float = 0.0

    def narrowed(self) -> dict[str, Any]:
        """What narrows the search, by name, for whoever reads the answer; only what was asked for."""
        asked = {
            **{name: list(values) for name, values in self.only.items()},
            **{f"not_{name}": list(values) for name, values in self.exclude.items()},
            "after": self.after,
            "before": self.before,
            "said_by": list(self.said_by),
            "confidence": self.confidence,
        }
        return {name: value for name, value in asked.items() if value}

    def articles(self, index: Index, **page: Any) -> Results:
        """One page of articles; ``page`` are ``limit``, ``offset``, ``facets``, …."""
        narrowed: dict[str, Any] = {**page, **self.only}
        return index.search(
            self.text,
            match=self.match,
            after=self.after,
            before=self.before,
            exclude=self.exclude,
            sort=self.sort,
            **narrowed,
        )

    def quotations(self, index: Index, **page: Any) -> Quotes:
        """One page of quotations; ``page`` are ``limit`` and ``offset``."""
        narrowed: dict[str, Any] = {**page, **self.only}
        return index.quotes(
            self.text,
            speaker=self.said_by,
            after=self.after,
            before=self.before,
            exclude=self.exclude,
            kinds=("direct", "partial", "indirect") if self.indirect else ("direct", "partial"),
            confidence=self.confidence,
            sort=self.sort,
            **narrowed,
        )

    def page(self, index: Index, *, offset: int, limit: int, snippets: bool = True) -> Results | Quotes:
        """One page of whatever is asked for, without facets."""
        if self.quotes:
            return self.quotations(index, offset=offset, limit=limit)
        return self.articles(index, offset=offset, limit=limit, snippets=snippets)

    def every(
        self, index: Index, offset: int = 0, limit: int | None = None, *, snippets: bool = True
    ) -> Iterator[Results | Quotes]:
        """Page after page, at least one, until ``limit`` answers or all have been given."""
        left = limit
        while True:
            size = BATCH if left is None else min(BATCH, left)
            found = self.page(index, offset=offset, limit=size, snippets=snippets)
            yield found
            offset += len(found)
            left = None if left is None else left - len(found)
            if not len(found) or offset >= found.total or left == 0:
                return

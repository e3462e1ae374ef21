"""The pages of a result: true numbers, from the first to the last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from searcher.query.request import DEFAULT_LIMIT, Search
from searcher.web.asking import address

__all__ = ["PageLink", "Pager", "pager"]

#: Pages on each side of the current one that have a link, besides the first and the last.
_AROUND: Final = 2


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page; without an address the gap between two that are linked."""

    number: int
    url: str | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a result, and the ways on. ``first`` is the place of the first hit, counted from 1."""

    number: int
    last: int
    first: int
    previous: str | None
    next: str | None
    links: tuple[PageLink, ...]


def pager(search: Search, total: int, path: str) -> Pager:
    """Return the pages of a search with so many hits."""
    size = search.limit or DEFAULT_LIMIT
    number, last = search.offset // size + 1, max(1, -(-total // size))

    def url(page: int) -> str:
        return address(path, search.replace(offset=(page - 1) * size))

    return Pager(
        number,
        last,
        search.offset + 1,
        url(min(number - 1, last)) if number > 1 else None,
        url(number + 1) if number < last else None,
        tuple(PageLink(n, url(n) if n else None, n == number) for n in _linked(number, last)),
    )


def _linked(number: int, last: int) -> Iterator[int]:
    """The numbers with a link; 0 is a gap."""
    shown = sorted({1, last, *range(max(1, number - _AROUND), min(last, number + _AROUND) + 1)})
    before = 0
    for page in shown:
        if page > before + 1:
            yield 0
        yield page
        before = page

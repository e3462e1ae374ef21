"""Addresses of pages: the parameters of a :class:`Search` and the page's own parameters; and paging.

The page's own parameters start with an underscore, which no field does. An address has the complete state of
a page, and equal searches have equal addresses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from starlette.requests import Request

from searcher.errors import QueryError, UsageError
from searcher.extensions.web.guard import MAX_FIELDS, MAX_HITS, MAX_QUERY
from searcher.query.request import DEFAULT_LIMIT, Search, to_pairs

_QUOTES: Final = ("quotes", "1")
#: Number of searches whose parameters are cached. Every hit on a page links with the same search.
_MAX_CACHED_SEARCHES: Final = 64
#: Maximum number of digits in the number of a hit, passage or page.
_MAX_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class PageQuery:
    """A search with the page's own parameters.

    Attributes:
        own: The page's own parameters, without the underscore.
        canonical: The address is written in the canonical form.
        day_errors: Error message and text of date fields that the search ignores.
    """

    search: Search
    own: Mapping[str, str] = field(default_factory=dict)
    canonical: bool = True
    day_errors: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request, *, quotes: bool = False, shows_dates: bool = False) -> PageQuery:
        """Parse the address of a request.

        Args:
            request: The request.
            quotes: The page searches quotations.
            shows_dates: The page has date fields, which show their errors.

        Raises:
            UsageError: If a parameter is invalid.
        """
        parameters = request.query_params.multi_items()
        if len(parameters) > MAX_FIELDS:
            raise UsageError("This address has too many parameters.")
        pairs = [pair for pair in parameters if not pair[0].startswith("_") and pair[1].strip()]
        own = {name[1:]: value for name, value in parameters if name.startswith("_") and value.strip()}
        errors = _day_errors(pairs) if shows_dates else {}
        pairs = [pair for pair in pairs if pair[0] not in errors]
        search = Search.from_url([*pairs, _QUOTES] if quotes and _QUOTES not in pairs else pairs)
        _check_bounds(search)
        written = [*_pairs_of_search(search, quotes=quotes), *_own_pairs(own)]
        return cls(search, own, bool(errors) or written == parameters, errors)

    def number(self, name: str) -> int:
        """Return a numeric parameter of the page, or 0 if it is missing or invalid."""
        text = self.own.get(name, "")
        return int(text) if text.isdecimal() and len(text) <= _MAX_DIGITS else 0

    def pairs(self) -> list[tuple[str, str]]:
        return [*_pairs_of_search(self.search, quotes=False), *_own_pairs(self.own)]

    def address(self, path: str) -> str:
        """Return the address at another path."""
        return address(path, self.search, self.own)


def address(path: str, search: Search, own: Mapping[str, str] | None = None) -> str:
    """Return the address of a search."""
    pairs = [*_pairs_of_search(search, quotes=path == "/quotes"), *_own_pairs(own or {})]
    return f"{path}?{urlencode(pairs, errors='replace')}" if pairs else path


def article_address(id: str, search: Search | None = None, page: str = "article", /, **own: Any) -> str:
    """Return the address of a page of an article, with the search that found it."""
    path = f"/{page}/{quote(id, safe='', errors='replace')}"
    return address(
        path, search or Search(), {name: str(value) for name, value in own.items() if value is not None}
    )


def page_of(search: Search) -> str:
    return "/quotes" if search.quotes else "/"


def path_of(kind: str, name: str) -> str:
    return f"/{kind}/{quote(name, safe='', errors='replace')}"


@lru_cache(maxsize=_MAX_CACHED_SEARCHES)
def _pairs_of_search(search: Search, *, quotes: bool) -> tuple[tuple[str, str], ...]:
    if search.match_all != search.match_all_in_use:  # The form sends other fields too.
        search = search.replace(match_all=search.match_all_in_use)
    return tuple(pair for pair in to_pairs(search.to_dict()) if not quotes or pair != _QUOTES)


def _own_pairs(own: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(f"_{name}", value) for name, value in own.items()]


def _check_bounds(search: Search) -> None:
    if max(len(search.text), len(search.about)) > MAX_QUERY:
        raise QueryError(f"The query is longer than {MAX_QUERY:,} characters.")
    if search.limit is not None and not 0 < search.limit <= MAX_HITS:
        raise UsageError(f"limit must be from 1 to {MAX_HITS}.")


def _day_errors(pairs: Collection[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return the error message and the text of each invalid date field."""
    errors: dict[str, tuple[str, str]] = {}
    for names in (("after",), ("before",), ("after", "before")):
        days = {name: text for name, text in pairs if name in names and name not in errors}
        try:
            Search.from_url(days.items())
        except UsageError:
            wrong = "is not a date" if len(days) == 1 else "is before the first day"
            errors[names[-1]] = f"“{{value}}” {wrong}, and was ignored.", days[names[-1]]
    return errors


def hidden_fields(
    search: Search, in_form: Collection[str], facets: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Return the parameters of a search that a form with these fields and facets needs as hidden fields."""
    form_fields = {*in_form, *facets, *(f"not_{name}" for name in facets)}
    # match_all belongs to the facet of its field.
    return [
        pair
        for pair in _pairs_of_search(search, quotes=search.quotes)
        if (pair[1] if pair[0] == "match_all" else pair[0]) not in form_fields
    ]


#: Number of pages that are linked on each side of the current page.
_PAGES_AROUND: Final = 2


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page of results. Without an address: a gap between links."""

    number: int
    url: str | None
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """The links between pages of results. ``first`` is the number of the first hit on this page."""

    number: int
    last: int
    first: int
    previous: str | None
    next: str | None
    links: tuple[PageLink, ...]


def pager(search: Search, total: int, path: str) -> Pager:
    """Return the links between the pages of a search with ``total`` hits."""
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
        tuple(PageLink(n, url(n) if n else None, n == number) for n in _linked_pages(number, last)),
    )


def _linked_pages(number: int, last: int) -> Iterator[int]:
    """Yield the numbers of linked pages, and 0 for a gap."""
    numbers = sorted({1, last, *range(max(1, number - _PAGES_AROUND), min(last, number + _PAGES_AROUND) + 1)})
    before = 0
    for page in numbers:
        if page > before + 1:
            yield 0
        yield page
        before = page

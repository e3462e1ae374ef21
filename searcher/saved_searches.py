"""Saved searches: requests, and lists of names, kept by name beside the index, with the answers seen.

The store of the index has the request or the names and the ids of the answers that have been seen. Whatever
else it finds is new, however and whenever it came into the index. A list finds the articles that surely name
somebody of it, or have the words of a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from searcher.errors import IndexDamaged, SearcherError, UsageError
from searcher.query.request import Search
from searcher.records.log import SEARCH, Log, LogEntry
from searcher.records.store import Store
from searcher.results import Hit
from searcher.results.quotations import QuoteHit

if TYPE_CHECKING:
    from searcher.index import Index

#: What reading a damaged row raises.
_DAMAGED: Final = (ValueError, TypeError, KeyError, AttributeError, RecursionError, SearcherError)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A request with its name, and the answers to it that have been seen; or a list of ``names``."""

    name: str
    search: Search
    seen: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


class SavedSearches:
    """The saved searches of an index. Methods raise as those of the store, IndexDamaged also for what is no
    request."""

    def __init__(self, store: Store, share: Callable[[], None] = lambda: None) -> None:
        """``share`` lets other machines see what has changed."""
        self._store = store
        self._share = share

    @classmethod
    def of(cls, index: Index) -> Self:
        """Return those of an index that is open."""
        return cls(index.store, index.share)

    def __iter__(self) -> Iterator[SavedSearch]:
        """All of them, by name."""
        return iter([_saved_search(*row) for row in self._rows("ORDER BY name")])

    def __contains__(self, name: str) -> bool:
        """Raises UsageError for what cannot be a name."""
        return bool(self._rows("WHERE name = ?", _checked_name(name)))

    def get(self, name: str) -> SavedSearch:
        """Raises UsageError, with the names there are, if there is none of that name."""
        if not (found := self._rows("WHERE name = ?", _checked_name(name))):
            names = ", ".join(f"“{name}”" for name, *_ in self._rows("ORDER BY name"))
            there = f"There are: {names}." if names else "Save one with: search QUERY… --save NAME."
            raise UsageError(f"No search is saved as “{name}”. {there}")
        return _saved_search(*found[0])

    def name_of(self, search: Search) -> str | None:
        """Return the first of the names under which a search is saved; None where it is not. What cannot be
        read is passed over."""
        core = search.core()
        return next((name for name, kept, _ in self._rows("ORDER BY name") if _request(kept) == core), None)

    def holds(self, name: str, search: Search) -> bool:
        """Tell whether a search is saved under a name; not where this is no name, or cannot be read."""
        return any(_request(kept) == search.core() for _, kept, _ in self._rows("WHERE name = ?", name))

    def save(self, name: str, search: Search, index: Index) -> None:
        """Save (or replace) a search; what it finds now counts as seen. Raises UsageError for what cannot be
        a name."""
        core = search.core()
        self._keep(SavedSearch(_checked_name(name), core), core.to_dict(), index)

    def save_list(self, name: str, names: Iterable[str], index: Index) -> None:
        """Save (or replace) a list of names, as :meth:`save` does a search."""
        kept = tuple(names)
        self._keep(SavedSearch(_checked_name(name), Search(), names=kept), {"names": kept}, index)

    def _keep(self, saved: SavedSearch, request: object, index: Index) -> None:
        row = saved.name, _json(request), _json(sorted(set(map(_key, _scan(index, saved)))))
        with self._store.transaction() as db:
            db.execute("INSERT OR REPLACE INTO searches VALUES (?, ?, ?)", row)
            about = f"{len(saved.names):,} names" if saved.names else saved.search.to_url()
            Log(self._store).record([LogEntry(SEARCH, saved.name, about)])
        self._share()

    def delete(self, name: str) -> None:
        """Forget a search. Raises UsageError if there is none of that name."""
        if name not in self:
            self.get(name)
        with self._store.transaction() as db:
            db.execute("DELETE FROM searches WHERE name = ?", (name,))
            Log(self._store).record([LogEntry(SEARCH, name, "", added=False)])
        self._share()

    def new_hits(self, saved: SavedSearch, index: Index) -> list[Hit | QuoteHit]:
        """Return the answers that have not been seen, newest first. A saved search means what it says:
        nothing is corrected, and all words are required."""
        fresh = frozenset(map(_key, _scan(index, saved))) - saved.seen
        if not fresh:
            return []
        return [hit for hit in _scan(index, saved, snippets=True) if _key(hit) in fresh]

    def mark_seen(self, saved: SavedSearch, hits: Iterable[Hit | QuoteHit]) -> None:
        """These answers are not new from now on, beside those that others have seen meanwhile."""
        with self._store.transaction() as db:
            found = db.execute("SELECT seen FROM searches WHERE name = ?", (saved.name,)).fetchone()
            seen = saved.seen.union(map(_key, hits), json.loads(found[0]) if found else ())
            db.execute("UPDATE searches SET seen = ? WHERE name = ?", (_json(sorted(seen)), saved.name))
        self._share()

    def _rows(self, which: str, *values: str) -> list[tuple[str, str, str]]:
        with self._store.reading() as db:
            return db.execute(f"SELECT name, request, seen FROM searches {which}", values).fetchall()  # noqa: S608


def _checked_name(name: str) -> str:
    """Return what can be the name of a search. Raises UsageError."""
    if not re.fullmatch(r"\w[\w .+-]{0,79}", name) or name.endswith("."):
        raise UsageError(f"“{name}” cannot be a name: use letters, digits, spaces, hyphens and dots.")
    return name


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


def _saved_search(name: str, request: str, seen: str) -> SavedSearch:
    try:
        content = json.loads(request)
        names = tuple(map(str, content["names"])) if "names" in content else ()
        search = Search() if names else Search.from_dict(content)
        return SavedSearch(name, search, frozenset(json.loads(seen)), names)
    except _DAMAGED as error:
        raise IndexDamaged(
            f"The saved search “{name}” cannot be read ({error}). To remove it: searcher saved remove NAME"
        ) from error


def _request(kept: Any) -> Search | None:
    """Return a request as it is kept; None where it cannot be read."""
    try:
        return Search.from_dict(json.loads(kept))
    except _DAMAGED:
        return None


def _scan(index: Index, saved: SavedSearch, *, snippets: bool = False) -> Iterator[Hit | QuoteHit]:
    """Every answer of the words as they were written, whatever the page, newest first."""
    if saved.names:
        return index.scan_names(saved.names, snippets=snippets)
    asked = saved.search.sorted_by("newest").replace(snippets=snippets)
    return index.scan_quotes(asked) if asked.quotes else index.scan(asked)


def _key(hit: Hit | QuoteHit) -> str:
    return hit.article.id if isinstance(hit, Hit) else f"{hit.article.id} {hit.quote.start}"

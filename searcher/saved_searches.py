"""Saved searches and name lists, stored with the index under a name.

The store has the search or the names, and the ids of the hits that have been seen. Every other hit is new,
whenever it was indexed. A name list finds the articles that certainly name someone on it, or contain the
words of one of the names.
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

#: Errors that may be raised when a damaged row is read.
_DAMAGED_ROW: Final = (ValueError, TypeError, KeyError, AttributeError, RecursionError, SearcherError)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search, or a list of ``names``, with the keys of the hits that have been ``seen``."""

    name: str
    search: Search
    seen: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()


class SavedSearches:
    """The saved searches of an index, by name. Raises the errors of the store, and IndexDamaged for an
    unreadable search."""

    def __init__(self, store: Store, share: Callable[[], None] = lambda: None) -> None:
        """``share`` is called after each change, to publish it to other machines."""
        self._store = store
        self._share = share

    @classmethod
    def of(cls, index: Index) -> Self:
        """Return the saved searches of an open index."""
        return cls(index.log.store, index.log.share)

    def __iter__(self) -> Iterator[SavedSearch]:
        """Iterate over all saved searches, sorted by name."""
        return iter([_saved_search(*row) for row in self._rows("ORDER BY name")])

    def __contains__(self, name: str) -> bool:
        """Raises UsageError for an invalid name."""
        return bool(self._rows("WHERE name = ?", _checked_name(name)))

    def get(self, name: str) -> SavedSearch:
        """Raises UsageError, which lists the existing names, for an unknown one."""
        if not (rows := self._rows("WHERE name = ?", _checked_name(name))):
            names = ", ".join(f"“{name}”" for name, *_ in self._rows("ORDER BY name"))
            advice = f"Saved searches: {names}." if names else "Save one with: search QUERY… --save NAME."
            raise UsageError(f"No search is saved as “{name}”. {advice}")
        return _saved_search(*rows[0])

    def name_of(self, search: Search) -> str | None:
        """Return the first name under which a search is saved, or None. Ignores unreadable searches."""
        core = search.core()
        rows = self._rows("ORDER BY name")
        return next((name for name, request, _ in rows if _parsed_request(request) == core), None)

    def holds(self, name: str, search: Search) -> bool:
        """Return True if this search is saved under this name. False for an unreadable search."""
        rows = self._rows("WHERE name = ?", name)
        return any(_parsed_request(request) == search.core() for _, request, _ in rows)

    def save(self, name: str, search: Search, index: Index) -> None:
        """Save or replace a search. Its current hits count as seen. Raises UsageError for an invalid name."""
        core = search.core()
        self._write(SavedSearch(_checked_name(name), core), core.to_dict(), index)

    def save_list(self, name: str, names: Iterable[str], index: Index) -> None:
        """Save or replace a list of names, as :meth:`save` does a search."""
        saved = SavedSearch(_checked_name(name), Search(), names=tuple(names))
        self._write(saved, {"names": saved.names}, index)

    def _write(self, saved: SavedSearch, request: object, index: Index) -> None:
        row = saved.name, _json(request), _json(sorted(set(map(_key, _scan(index, saved)))))
        with self._store.transaction() as db:
            db.execute("INSERT OR REPLACE INTO searches VALUES (?, ?, ?)", row)
            about = f"{len(saved.names):,} names" if saved.names else saved.search.to_url()
            Log(self._store).record([LogEntry(SEARCH, saved.name, about)])
        self._share()

    def delete(self, name: str) -> None:
        """Delete a search. Raises UsageError for an unknown name."""
        if name not in self:
            self.get(name)  # raises
        with self._store.transaction() as db:
            db.execute("DELETE FROM searches WHERE name = ?", (name,))
            Log(self._store).record([LogEntry(SEARCH, name, "", added=False)])
        self._share()

    def new_hits(self, saved: SavedSearch, index: Index) -> list[Hit | QuoteHit]:
        """Return the hits that have not been seen, newest first. All words are required, exactly as saved."""
        fresh = frozenset(map(_key, _scan(index, saved))) - saved.seen
        if not fresh:
            return []
        return [hit for hit in _scan(index, saved, snippets=True) if _key(hit) in fresh]

    def mark_seen(self, saved: SavedSearch, hits: Iterable[Hit | QuoteHit]) -> None:
        """Mark these hits as seen, in addition to those that other processes have marked meanwhile."""
        with self._store.transaction() as db:
            row = db.execute("SELECT seen FROM searches WHERE name = ?", (saved.name,)).fetchone()
            seen = saved.seen.union(map(_key, hits), json.loads(row[0]) if row else ())
            db.execute("UPDATE searches SET seen = ? WHERE name = ?", (_json(sorted(seen)), saved.name))
        self._share()

    def _rows(self, clause: str, *values: str) -> list[tuple[str, str, str]]:
        with self._store.reading() as db:
            return db.execute(f"SELECT name, request, seen FROM searches {clause}", values).fetchall()  # noqa: S608


def _checked_name(name: str) -> str:
    """Return the name of a search. Raises UsageError if it is invalid."""
    if not re.fullmatch(r"\w[\w .+-]{0,79}", name) or name.endswith("."):
        raise UsageError(f"“{name}” is not a valid name: use letters, digits, spaces, hyphens and dots.")
    return name


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


def _saved_search(name: str, request: str, seen: str) -> SavedSearch:
    try:
        content = json.loads(request)
        names = tuple(map(str, content["names"])) if "names" in content else ()
        search = Search() if names else Search.from_dict(content)
        return SavedSearch(name, search, frozenset(json.loads(seen)), names)
    except _DAMAGED_ROW as error:
        raise IndexDamaged(
            f"The saved search “{name}” cannot be read ({error}). To remove it: searcher saved remove NAME"
        ) from error


def _parsed_request(request: Any) -> Search | None:
    """Return a search from its stored form, or None if it is unreadable."""
    try:
        return Search.from_dict(json.loads(request))
    except _DAMAGED_ROW:
        return None


def _scan(index: Index, saved: SavedSearch, *, snippets: bool = False) -> Iterator[Hit | QuoteHit]:
    """Yield every hit of a saved search, newest first."""
    if saved.names:
        return index.names.scan(saved.names, snippets=snippets)
    search = saved.search.replace(sort="newest", snippets=snippets)
    return index.scan_quotes(search) if search.quotes else index.scan(search)


def _key(hit: Hit | QuoteHit) -> str:
    """Return the key by which a hit is recorded as seen."""
    return hit.article.id if isinstance(hit, Hit) else f"{hit.article.id} {hit.quote.start}"

"""Saved searches: requests kept by name beside the index, with the answers that have been seen.

A saved search is a file of JSON in the folder ``saved`` of the index: the request, and the ids of the answers
that have been seen. Whatever else it finds is new, however and whenever it came into the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from searcher import own_fields, textfiles
from searcher.errors import IndexDamaged, SearcherError, UsageError
from searcher.query.request import Search
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.textfiles import Place

if TYPE_CHECKING:
    from searcher.index import Index

__all__ = ["SavedSearch", "SavedSearches"]

FOLDER = "saved"
#: How a file begins that was written here.
_BEFORE_QUESTION = re.compile(r'\s*\{\s*"question"\s*:\s*')
#: What reading a damaged file raises.
_DAMAGED = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, SearcherError)


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A request with its name, and the answers to it that have been seen."""

    name: str
    search: Search
    seen: frozenset[str] = frozenset()


class SavedSearches:
    """The saved searches of an index; ``folder`` is that of the index."""

    def __init__(self, folder: Place | None) -> None:
        """Raises UsageError for an index that keeps none."""
        if folder is None:
            raise UsageError("This index keeps no saved searches.")
        own_fields.load(folder)  # which searches may narrow by
        self._folder = folder / FOLDER

    def __iter__(self) -> Iterator[SavedSearch]:
        """All of them, by name. Raises IndexDamaged where a file is none of ours."""
        for file in self._files():
            yield _read(file)

    def __contains__(self, name: str) -> bool:
        """Raises UsageError for a name that cannot be that of a file."""
        return self._file(name).is_file()

    def get(self, name: str) -> SavedSearch:
        """Raises UsageError, with the names there are, if there is none of that name."""
        if name not in self:
            names = ", ".join(f"“{file.stem}”" for file in self._files())
            there = f"There are: {names}." if names else "Save one with: search QUERY… --save NAME."
            raise UsageError(f"No search is saved as “{name}”. {there}")
        return _read(self._file(name))

    def name_of(self, search: Search) -> str | None:
        """Return the first of the names under which a search is saved; None where it is not. A file that
        cannot be read is passed over."""
        core = search.core()
        return next((file.stem for file in self._files() if _question(file) == core), None)

    def holds(self, name: str, search: Search) -> bool:
        """Tell whether a search is saved under a name; not where this is no name, or cannot be read."""
        try:
            file = self._file(name)
        except UsageError:
            return False
        return _question(file) == search.core()

    def save(self, name: str, search: Search, index: Index) -> None:
        """Save (or replace) a search; what it finds now counts as seen. Raises UsageError for a name that
        cannot be that of a file, and IndexFailure where none can be written."""
        core = search.core()
        self._write(SavedSearch(name, core, frozenset(map(_key, _scan(index, core)))))

    def delete(self, name: str) -> None:
        """Forget a search. Raises UsageError if there is none of that name."""
        self.get(name)
        self._file(name).unlink()

    def new_hits(self, saved: SavedSearch, index: Index) -> list[Hit | QuoteHit]:
        """Return the answers that have not been seen, newest first.

        A saved search means what it says: nothing is corrected, and all words are required.
        """
        search = saved.search.sorted_by("newest")
        fresh = frozenset(map(_key, _scan(index, search))) - saved.seen
        if not fresh:
            return []
        return [hit for hit in _scan(index, search, snippets=True) if _key(hit) in fresh]

    def mark_seen(self, saved: SavedSearch, hits: Iterable[Hit | QuoteHit]) -> None:
        """These answers are not new from now on. Raises IndexFailure where that cannot be written."""
        self._write(replace(saved, seen=saved.seen | frozenset(map(_key, hits))))

    def _files(self) -> list[Place]:
        return sorted(self._folder.glob("*.json"), key=lambda file: file.stem)

    def _file(self, name: str) -> Place:
        if not re.fullmatch(r"\w[\w .+-]{0,79}", name) or name.endswith("."):
            raise UsageError(f"“{name}” cannot be a name: use letters, digits, spaces, hyphens and dots.")
        return self._folder / f"{name}.json"

    def _write(self, saved: SavedSearch) -> None:
        """All or nothing."""
        import json

        content = {"question": saved.search.to_dict(), "seen": sorted(saved.seen)}
        textfiles.replace(self._file(saved.name), json.dumps(content, ensure_ascii=False, indent=1))


def _read(file: Place) -> SavedSearch:
    import json

    try:
        content = json.loads(file.read_text("utf-8"))
        search = Search.from_dict(content["question"])
        return SavedSearch(file.stem, search, frozenset(content["seen"]))
    except _DAMAGED as error:
        raise IndexDamaged(
            f"The saved search {file} cannot be read ({error}). Delete it, or mend it."
        ) from error


def _question(file: Place) -> Search | None:
    """The request in a file, without the answers that have been seen, of which there may be many; None where
    it cannot be read."""
    import json

    try:
        text = file.read_text("utf-8")
        before = _BEFORE_QUESTION.match(text)
        if before is None:  # somebody has put the fields in another order
            return _read(file).search
        return Search.from_dict(json.JSONDecoder().raw_decode(text, before.end())[0])
    except _DAMAGED:
        return None


def _scan(index: Index, search: Search, *, snippets: bool = False) -> Iterator[Hit | QuoteHit]:
    """Every answer of the words as they were written, whatever the page."""
    asked = search.replace(correct=False, snippets=snippets)
    return index.scan_quotes(asked) if search.quotes else index.scan(asked)


def _key(hit: Hit | QuoteHit) -> str:
    return hit.article.id if isinstance(hit, Hit) else f"{hit.article.id} {hit.quote.start}"

"""Questions that can be asked again: what a search asks for, apart from how its answer is shown.

A saved question is a file of JSON in the folder ``saved`` of the index, with the ids of the answers that have
been seen: what is new is what is not among them, however and whenever it came into the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from searcher import textfiles
from searcher.errors import IndexDamaged, UsageError
from searcher.query import language
from searcher.query.tree import Sort
from searcher.results import Hit, QuoteHit, Quotes, Results

if TYPE_CHECKING:
    from searcher.index import Index

__all__ = ["Question", "Saved", "SavedQuestions"]

FOLDER = "saved"

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
    confidence: float | None = None

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
        return {name: value for name, value in asked.items() if value not in (None, [])}

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data, without what is as usual."""
        usual = asdict(Question())
        given = {name: value for name, value in asdict(self).items() if value != usual[name]}
        for name in ("only", "exclude"):
            if name in given:
                given[name] = {field_name: list(values) for field_name, values in given[name].items()}
        return given

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
            language.plain(self.text) if self.match == "any" else self.text,
            speaker=self.said_by,
            after=self.after,
            before=self.before,
            exclude=self.exclude,
            kinds=("direct", "partial", "indirect") if self.indirect else ("direct", "partial"),
            confidence=self.confidence,
            sort=self.sort,
            **narrowed,
        )

    def less_sure(self, index: Index, sure: int) -> int:
        """How many quotations are left out, beside the ``sure`` ones found, because it is not sure enough
        that these people said them."""
        if not self.said_by or self.confidence is not None:
            return 0
        return max(0, replace(self, confidence=0).quotations(index, limit=0).total - sure)

    def page(
        self, index: Index, *, snippets: bool = True, collapse: bool = False, **page: Any
    ) -> Results | Quotes:
        """One page of whatever is asked for, without facets."""
        if self.quotes:
            return self.quotations(index, **page)
        return self.articles(index, snippets=snippets, collapse=collapse, **page)

    def every(
        self,
        index: Index,
        offset: int = 0,
        limit: int | None = None,
        *,
        snippets: bool = True,
        correct: bool = True,
        collapse: bool = False,
    ) -> Iterator[Results | Quotes]:
        """Page after page, at least one, until ``limit`` answers or all have been given."""
        left = limit
        while True:
            size = BATCH if left is None else min(BATCH, left)
            found = self.page(
                index, offset=offset, limit=size, snippets=snippets, correct=correct, collapse=collapse
            )
            yield found
            offset += len(found)
            left = None if left is None else left - len(found)
            if not len(found) or offset >= found.total or left == 0:
                return


@dataclass(frozen=True, slots=True)
class Saved:
    """A question with its name, and the answers to it that have been seen."""

    name: str
    question: Question
    seen: frozenset[str] = frozenset()


class SavedQuestions:
    """The saved questions of an index; ``folder`` is that of the index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def __iter__(self) -> Iterator[Saved]:
        """All of them, by name. Raises IndexDamaged where a file is none of ours."""
        for file in sorted(self._folder.glob("*.json")):
            yield _read(file)

    def __contains__(self, name: str) -> bool:
        """Raises UsageError for a name that cannot be that of a file."""
        return self._file(name).is_file()

    def get(self, name: str) -> Saved:
        """Raises UsageError, with the names there are, if there is none of that name."""
        if name not in self:
            names = ", ".join(f"“{file.stem}”" for file in sorted(self._folder.glob("*.json")))
            there = f"There are: {names}." if names else "Save one with: search QUERY… --save NAME."
            raise UsageError(f"No search is saved as “{name}”. {there}")
        return _read(self._file(name))

    def save(self, name: str, question: Question, index: Index) -> None:
        """Save (or replace) a question; what it finds now counts as seen. Raises UsageError for a name
        that cannot be that of a file, and IndexFailure where none can be written."""
        self._write(Saved(name, question, frozenset(_keys(question, index))))

    def delete(self, name: str) -> None:
        """Forget a question. Raises UsageError if there is none of that name."""
        self.get(name)
        self._file(name).unlink()

    def news(self, saved: Saved, index: Index) -> list[Hit | QuoteHit]:
        """The answers that have not been seen, newest first.

        A saved question means what it says: nothing is corrected, and all words are required.
        """
        question = replace(saved.question, sort="newest")
        fresh = frozenset(_keys(question, index)) - saved.seen
        if not fresh:
            return []
        return [hit for found in _strict(question, index, True) for hit in found if _key(hit) in fresh]

    def mark_seen(self, saved: Saved, hits: Iterable[Hit | QuoteHit]) -> None:
        """These answers are not new from now on. Raises IndexFailure where that cannot be written."""
        self._write(replace(saved, seen=saved.seen | frozenset(map(_key, hits))))

    def _file(self, name: str) -> Path:
        if not re.fullmatch(r"\w[\w .+-]{0,79}", name) or name.endswith("."):
            raise UsageError(f"“{name}” cannot be a name: use letters, digits, spaces, hyphens and dots.")
        return self._folder / f"{name}.json"

    def _write(self, saved: Saved) -> None:
        """All or nothing."""
        import json

        content = {"question": saved.question.to_dict(), "seen": sorted(saved.seen)}
        textfiles.replace(self._file(saved.name), json.dumps(content, ensure_ascii=False, indent=1))


def _read(file: Path) -> Saved:
    import json

    try:
        content = json.loads(file.read_text("utf-8"))
        return Saved(file.stem, Question(**content["question"]), frozenset(content["seen"]))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexDamaged(
            f"The saved search {file} cannot be read ({error}). Delete it, or mend it."
        ) from error


def _keys(question: Question, index: Index) -> Iterator[str]:
    return (_key(hit) for found in _strict(question, index, False) for hit in found)


def _strict(question: Question, index: Index, snippets: bool) -> Iterator[Results | Quotes]:
    """The answers that hold what was asked for, letter for letter."""
    for found in question.every(index, snippets=snippets, correct=False):
        if found.relaxed:
            return
        yield found


def _key(hit: Hit | QuoteHit) -> str:
    return hit.article.id if isinstance(hit, Hit) else f"{hit.article.id} {hit.quote.start}"

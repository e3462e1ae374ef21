"""Who is who across articles: the one place where the page asks about names, and decides about them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from searcher.errors import UsageError
from searcher.index import Index
from searcher.names.decisions import Curation
from searcher.names.normalise import fold
from searcher.query.request import Search
from searcher.results import FacetValue

#: What can be decided about a name; “forget” takes a decision back.
ACTIONS: Final = ("merge", "rename", "ignore", "split", "forget")
#: Articles whose ways of writing a name are counted.
_MAX_LOOKED_AT: Final = 500


def names(index: Index, kind: str, holding: str = "") -> list[tuple[str, int]]:
    """Return the names of a kind that hold a text, each with its number of articles, most frequent first."""
    wanted = fold(holding)
    counts = index.values(kind)
    found = [(name, count) for name, count in counts.items() if wanted in fold(name)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].casefold()))


def holding(values: Iterable[FacetValue], text: str) -> list[FacetValue]:
    """Return the values that hold a text, whatever its case and accents."""
    wanted = fold(text)
    return [one for one in values if wanted in fold(one.value)]


def meant(index: Index, kind: str, name: str) -> list[str]:
    """Return the names across articles that a name asks for: one mostly, several for a surname that some
    share, none for nobody."""
    found = index.names_meant(kind, name)
    return [name] if name in found else sorted(found)


def forms(index: Index, kind: str, name: str) -> Mapping[str, int]:
    """Return how the latest articles write a name, each with the number of these articles."""
    asked: dict[str, Any] = {"only": {kind: name}}
    counts: Counter[str] = Counter()
    for hit in index.scan(Search(sort="newest", limit=_MAX_LOOKED_AT, snippets=False, **asked)):
        article = index.named(hit.article)
        written = {
            (article.title if one.part == "title" else article.body)[one.start : one.end]
            for one in article.mentions
            if one.kind == kind and one.name == name
        }
        counts.update({" ".join(form.split()) for form in written})
    return dict(counts.most_common())


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision would change: the articles of each name that it is about, and all together at most."""

    counts: Mapping[str, int]
    total: int


def preview(index: Index, kind: str, about: Iterable[str]) -> Preview:
    """Return how many articles a decision about these names touches."""
    named = list(dict.fromkeys(about))
    known = index.values(kind)
    counts = {name: known.get(name, 0) for name in named}
    # A surname asks for everybody who has it: the sum is nearer then.
    together: dict[str, Any] = {"only": {kind: named}}
    return Preview(counts, min(sum(counts.values()), index.count(Search(**together))))


def decided(index: Index, action: str, kind: str, name: str, others: list[str]) -> Curation:
    """Return the decisions with one more. Raises UsageError for one that makes no sense."""
    decisions = index.decisions
    match action:
        case "merge":
            return decisions.merge(kind, name, others)
        case "rename":
            return decisions.rename(kind, name, others[0] if others else "")
        case "ignore":
            return decisions.ignore(kind, name)
        case "split":
            return decisions.split(kind, name)
        case "forget":
            return decisions.forget(kind, name)
    raise UsageError(f"“{action}” is nothing that can be decided about a name.")


class History:
    """The decisions before each that was made here, to take the last one back. Threads may share it."""

    def __init__(self) -> None:
        self._steps: list[tuple[Curation, Curation]] = []
        self._lock = threading.Lock()

    def change(self, index: Index, make: Callable[[], Curation]) -> None:
        """Make a decision."""
        with self._lock:
            before, after = index.decisions, make()
            if after != before:
                index.set_decisions(after)
                self._steps.append((before, after))

    def can_undo(self, index: Index) -> bool:
        """Tell whether the decisions are still as the last step here left them."""
        return bool(self._steps) and self._steps[-1][1] == index.decisions

    def last(self, index: Index) -> list[tuple[str, str, str]]:
        """Return what was decided in the step that can be taken back; nothing where none can, or where a
        decision was forgotten."""
        if not self.can_undo(index):
            return []
        before, after = self._steps[-1]
        known = set(before.decisions())
        return [one for one in after.decisions() if one not in known]

    def undo(self, index: Index) -> None:
        """Take the last decision back. Raises UsageError where others were made since, elsewhere."""
        with self._lock:
            if not self.can_undo(index):
                raise UsageError("Nothing can be taken back: the decisions have changed since.")
            index.set_decisions(self._steps.pop()[0])

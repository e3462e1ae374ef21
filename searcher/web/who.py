"""Who is who across articles: the one place where the page asks about names, and decides about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from searcher.article import Article
from searcher.errors import UsageError
from searcher.index import Index
from searcher.names.decisions import KINDS, Curation, Decision
from searcher.names.normalise import fold
from searcher.query.request import Search
from searcher.records.log import Step

#: What can be decided about a name; “forget” takes a decision back.
ACTIONS: Final = ("merge", "rename", "ignore", "split", "forget")
#: Articles whose ways of writing a name are counted, and steps of the log in which decisions are looked for.
_MAX_LOOKED_AT: Final = 500
_MAX_STEPS: Final = 5_000


def names(index: Index, kind: str, holding: str = "") -> list[tuple[str, int]]:
    """Return the names of a kind that hold a text, each with its number of articles, most frequent first."""
    wanted = fold(holding)
    counts = index.values(kind)
    found = [(name, count) for name, count in counts.items() if wanted in fold(name)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].casefold()))


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
        counts.update(printed(article, kind, name))
    return dict(counts.most_common())


def printed(article: Article, kind: str, name: str) -> set[str]:
    """Return the forms of a name that an article prints, whose names are those across articles."""
    return {article.printed(one) for one in article.mentions if (one.kind, one.name) == (kind, name)}


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
    if action not in ACTIONS:
        raise UsageError(f"“{action}” is nothing that can be decided about a name.")
    more = {"merge": (others,), "rename": (others[0] if others else "",)}.get(action, ())
    made: Curation = getattr(index.decisions, action)(kind, name, *more)
    return made


def made_by(index: Index) -> list[tuple[Step | None, list[Decision]]]:
    """Return the decisions that hold with the steps that made them, the newest first; those of no step that
    is known, as somebody has written them into the file, come last."""
    left, found = dict.fromkeys(index.decisions.decisions()), list[tuple[Step | None, list[Decision]]]()
    for step in index.log.steps(_MAX_STEPS, kinds=KINDS) if left else ():
        told = [(one.kind, one.about, one.value) for one in step.changes if one.added]
        if held := [one for one in told if one in left]:
            found.append((step, held))
            left = {one: None for one in left if one not in held}
    return [*found, *((None, [one]) for one in left)]

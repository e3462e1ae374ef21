"""Versions of an article, and what has changed between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from searcher.article import Article
from searcher.results.articles import reference


class TextChange(NamedTuple):
    """Words of two texts: those of both (“same”), of the earlier one (“gone”) or of the later one (“new”)."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """A version of an article, and the one ``before`` it, if any."""

    article: Article
    before: Article | None = None

    @property
    def changes(self) -> tuple[TextChange, ...]:
        """What has changed in title and body since the version before, word by word."""
        return tuple(_changes(self.before, self.article)) if self.before else ()

    def to_dict(self) -> dict[str, Any]:
        changes = [{"kind": change.kind, "text": change.text} for change in self.changes]
        return {**reference(self.article, self.article.source), "changes": changes}


#: Words of two passages that are compared one by one; of longer ones each is gone or new as a whole.
_MOST_WORDS = 5_000


def _changes(before: Article, after: Article) -> Iterator[TextChange]:
    """Compare paragraphs, and where they differ their words."""
    texts = [[one.title, *one.body.split("\n\n")] for one in (before, after)]
    for kind, gone, new in _compared(*([f"{part}\n\n" for part in parts] for parts in texts)):
        words = [re.findall(r"\S+\s*", "".join(part)) for part in (gone, new)]
        if kind == "equal":
            yield TextChange("same", "".join(gone))
        elif max(map(len, words)) > _MOST_WORDS:
            yield from _changes_of(gone, new)
        else:
            for one, less, more in _compared(*words):
                yield from [TextChange("same", "".join(less))] if one == "equal" else _changes_of(less, more)


def _compared(one: list[str], other: list[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    from difflib import SequenceMatcher

    for kind, start, end, first, last in SequenceMatcher(None, one, other).get_opcodes():
        yield kind, one[start:end], other[first:last]


def _changes_of(gone: list[str], new: list[str]) -> Iterator[TextChange]:
    if gone:
        yield TextChange("gone", "".join(gone))
    if new:
        yield TextChange("new", "".join(new))

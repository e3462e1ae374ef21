"""Compare an article, word by word, with its versions and copies, or with its original file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import Match, SequenceMatcher
from itertools import groupby
from typing import Any, Literal, NamedTuple

from searcher.article import Article
from searcher.results.articles import reference

#: Maximum number of characters of a text to compare, and length of the compared pieces in characters.
_MAX_COMPARED_CHARACTERS, _PIECE_CHARACTERS = 20_000, 8
#: Two texts are versions if one contains at least the first share of the other. From the second share on, it
#: counts as containing all of it, because two captures of a page differ in a line or two.
MIN_VERSION_SHARE, MIN_COVERED_SHARE = 0.5, 0.9


def overlap(one: str, other: str) -> tuple[float, float]:
    """Return the share of each text that the other contains."""
    pieces, other_pieces = (
        {text[at : at + _PIECE_CHARACTERS] for at in range(max(1, len(text) - _PIECE_CHARACTERS + 1))}
        for text in (one[:_MAX_COMPARED_CHARACTERS], other[:_MAX_COMPARED_CHARACTERS])
    )
    shared = len(pieces & other_pieces)
    return shared / len(pieces), shared / len(other_pieces)


#: Possible lengths of a digest in an id. A longer digest is used if a shorter one is already taken.
DIGEST_DIGITS = (6, 8, 10, 12, 16, 24, 32, 48, 64)


def base_of(id: str) -> str:
    """Return an id without the digest that distinguishes texts of one address."""
    base, dash, end = id.rpartition("-")
    return base if dash and is_digest(end) else id


def is_digest(end: str) -> bool:
    """Return True for the digest of an id."""
    return len(end) in DIGEST_DIGITS and not end.strip("0123456789abcdef")


def versions_among(article: Article, texts: Iterable[Article]) -> list[Article]:
    """Return all versions of an article among texts of its address, oldest first. On one day, the first one
    read comes first: its id has no digest."""
    base = base_of(article.id)
    same = [
        one
        for one in texts
        if one.id != article.id
        and base_of(one.id) == base
        and max(overlap(one.body, article.body)) >= MIN_VERSION_SHARE
    ]
    return sorted(
        [article, *same],
        key=lambda one: (one.published or dt.datetime.min, one.id != base, one.origin or "", one.id),
    )


class CopyCounts(NamedTuple):
    """The number of ``copies`` of an article, and of its ``versions``, itself included."""

    copies: int = 0
    versions: int = 1


class Original(NamedTuple):
    """The file of an article, or a part of it.

    ``html`` is a page or text as safe HTML, in which the passage has the id “passage”; ``page`` is the page
    of a PDF with the passage, from 1. ``has_passage``: the passage was located.
    """

    kind: Literal["page", "text", "pdf", "file"]
    name: str
    data: bytes
    html: str = ""
    page: int = 0
    has_passage: bool = False


class TextChange(NamedTuple):
    """Words of two texts: in both (“same”, as in the later one), only in the earlier (“gone”) or only in the
    later one (“new”)."""

    kind: Literal["same", "gone", "new"]
    text: str


class ArticleVersion(NamedTuple):
    """A version of an article and the one ``before`` it, or a copy and the article it is compared with."""

    article: Article
    before: Article | None = None

    @property
    def changes(self) -> tuple[TextChange, ...]:
        """The changes in title and body since the previous version."""
        return tuple(_merge_changes(_changes(self.before, self.article))) if self.before else ()

    def to_dict(self) -> dict[str, Any]:
        changes = [{"kind": change.kind, "text": change.text} for change in self.changes]
        return {**reference(self.article, self.article.source), "changes": changes}


#: Maximum number of words to show on each side of a change.
_CONTEXT_WORDS = 8


def changes_in_context(changes: Sequence[TextChange]) -> Iterator[TextChange]:
    """Yield the changes with some words around them, and “…” for omitted words. Yields nothing for equal
    texts."""
    if all(change.kind == "same" for change in changes):
        return
    for place, change in enumerate(changes):
        words = change.text.split()
        if change.kind == "same":
            before = words[:_CONTEXT_WORDS] if place else []
            after = words[max(len(before), len(words) - _CONTEXT_WORDS) :] if place + 1 < len(changes) else []
            words = words if len(before) + len(after) == len(words) else [*before, "…", *after]
        yield TextChange(change.kind, " ".join(words))


#: Matches a word and the space after it, or a single character in scripts without spaces.
_WORD = r"[\u2e80-\u9fff\uf900-\ufaff]\s*|[^\s\u2e80-\u9fff\uf900-\ufaff]+\s*"
#: Maximum number of pairs of equal words to compare, about a tenth of a second. The rest counts as changed.
_MAX_PAIRS = 1_000_000


class _BoundedMatcher(SequenceMatcher[str]):
    """A matcher that stops once a shared budget (``left``) is used up."""

    def __init__(self, one: Sequence[str], other: Sequence[str], left: list[int]) -> None:
        super().__init__(None, one, other)
        self._words, self._left = one, left

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        places: Mapping[str, Sequence[int]] = self.b2j  # type: ignore[attr-defined]  # missing in typeshed
        self._left[0] -= sum(1 + len(places.get(word, ())) for word in self._words[alo:ahi])
        return Match(alo, blo, 0) if self._left[0] < 0 else super().find_longest_match(alo, ahi, blo, bhi)


def _changes(before: Article, after: Article) -> Iterator[TextChange]:
    """Compare paragraphs, and then the words of those that differ."""
    left = [_MAX_PAIRS]
    texts = [[f"{part}\n\n" for part in (one.title, *one.body.split("\n\n"))] for one in (before, after)]
    for kind, removed, added in _compared_runs(texts[0], texts[1], left):
        if kind == "equal":
            yield TextChange("same", "".join(added))
            continue
        words = [re.findall(_WORD, "".join(part)) for part in (removed, added)]
        for one, less, more in _compared_runs(words[0], words[1], left):
            yield TextChange("gone", "" if one == "equal" else "".join(less))
            yield TextChange("same" if one == "equal" else "new", "".join(more))


def _compared_runs(
    one: Sequence[str], other: Sequence[str], left: list[int]
) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Yield equal and different runs, ignoring white space."""
    bare, other_bare = ([part.strip() for part in parts] for parts in (one, other))
    for kind, start, end, first, last in _BoundedMatcher(bare, other_bare, left).get_opcodes():
        yield kind, one[start:end], other[first:last]


def _merge_changes(changes: Iterable[TextChange]) -> Iterator[TextChange]:
    """Drop empty changes and join neighbours of one kind."""
    for kind, run in groupby(filter(lambda one: one.text, changes), key=lambda one: one.kind):
        yield TextChange(kind, "".join(one.text for one in run))

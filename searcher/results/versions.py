"""What an article is compared with, word by word: its versions, copies of it by others; and the file that it
was read from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import Match, SequenceMatcher
from itertools import groupby
from typing import Any, Literal, NamedTuple

from searcher.article import Article
from searcher.results.articles import reference

#: Characters of two texts that are compared, and of the pieces that they share.
_MAX_COMPARED_CHARACTERS, _PIECE_CHARACTERS = 20_000, 8
#: The share of a text from which on it is another version of one that has it, and from which on that one
#: holds the whole of it: captures of a page differ in a line or two.
MIN_VERSION_SHARE, MIN_COVERED_SHARE = 0.5, 0.9


def overlap(one: str, other: str) -> tuple[float, float]:
    """The share of one text that stands in another, and of the other that stands in the one."""
    pieces, others = (
        {text[at : at + _PIECE_CHARACTERS] for at in range(max(1, len(text) - _PIECE_CHARACTERS + 1))}
        for text in (one[:_MAX_COMPARED_CHARACTERS], other[:_MAX_COMPARED_CHARACTERS])
    )
    shared = len(pieces & others)
    return shared / len(pieces), shared / len(others)


#: Digits of a digest in an id; more are taken where another text has the same.
DIGEST_DIGITS = (6, 8, 10, 12, 16, 24, 32, 48, 64)


def base_of(id: str) -> str:
    """Return the id without the digest by which texts of one address are told apart."""
    base, dash, end = id.rpartition("-")
    return base if dash and is_digest(end) else id


def is_digest(end: str) -> bool:
    """Tell whether this is a digest by which texts of one address are told apart."""
    return len(end) in DIGEST_DIGITS and not end.strip("0123456789abcdef")


def versions_among(article: Article, others: Iterable[Article]) -> list[Article]:
    """Return the article and the other versions of it among texts of its address, the earliest first; of one
    day the one that was read first, which has the id without a digest."""
    base = base_of(article.id)
    same = [
        one
        for one in others
        if one.id != article.id
        and base_of(one.id) == base
        and max(overlap(one.body, article.body)) >= MIN_VERSION_SHARE
    ]
    return sorted(
        [article, *same],
        key=lambda one: (one.published or dt.datetime.min, one.id != base, one.origin or "", one.id),
    )


class Alike(NamedTuple):
    """How many ``copies`` of an article others carry, and of how many ``versions`` it is one (1: itself)."""

    copies: int = 0
    versions: int = 1


class Original(NamedTuple):
    """A file, or a part of one, with its ``name`` and ``data``. ``shown`` is a page or a text as HTML, in
    which nothing acts and the passage has the id “passage”; ``page`` that of a PDF on which the passage
    stands, counted from 1. ``found``: whether it is known where the passage stands."""

    kind: Literal["page", "text", "pdf", "file"]
    name: str
    data: bytes
    shown: str = ""
    page: int = 0
    found: bool = False


class TextChange(NamedTuple):
    """Words of two texts: those of both (“same”, as the later one has them), of the earlier one (“gone”) or
    of the later one (“new”)."""

    kind: Literal["same", "gone", "new"]
    text: str


class ArticleVersion(NamedTuple):
    """A version of an article, and the one ``before`` it, if any; or a copy, and the article that it is
    compared with."""

    article: Article
    before: Article | None = None

    @property
    def changes(self) -> tuple[TextChange, ...]:
        """What has changed in title and body since the version before, word by word."""
        return tuple(_joined_changes(_changes(self.before, self.article))) if self.before else ()

    def to_dict(self) -> dict[str, Any]:
        changes = [{"kind": change.kind, "text": change.text} for change in self.changes]
        return {**reference(self.article, self.article.source), "changes": changes}


#: Words on either side of a change that are shown.
_WORDS_BESIDE = 8


def around_changes(changes: Sequence[TextChange]) -> Iterator[TextChange]:
    """Yield the changes with the words beside them, and “…” for the words between; nothing where the texts
    are the same."""
    if all(change.kind == "same" for change in changes):
        return
    for place, change in enumerate(changes):
        words = change.text.split()
        if change.kind == "same":
            before = words[:_WORDS_BESIDE] if place else []
            after = words[max(len(before), len(words) - _WORDS_BESIDE) :] if place + 1 < len(changes) else []
            words = words if len(before) + len(after) == len(words) else [*before, "…", *after]
        yield TextChange(change.kind, " ".join(words))


#: A word with what follows it; where words have no spaces, a sign.
_WORD = r"[\u2e80-\u9fff\uf900-\ufaff]\s*|[^\s\u2e80-\u9fff\uf900-\ufaff]+\s*"
#: Pairs of like words of two texts that are looked at, a tenth of a second: beyond it what is left of both
#: differs as a whole. Articles of 5,000 words need a tenth of that.
_MAX_PAIRS = 1_000_000


class _Bounded(SequenceMatcher[str]):
    """Compares as long as ``left``, which several share, allows."""

    def __init__(self, one: Sequence[str], other: Sequence[str], left: list[int]) -> None:
        super().__init__(None, one, other)
        self._words, self._left = one, left

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        places: Mapping[str, Sequence[int]] = self.b2j  # type: ignore[attr-defined]  # which typeshed leaves out
        self._left[0] -= sum(1 + len(places.get(word, ())) for word in self._words[alo:ahi])
        return Match(alo, blo, 0) if self._left[0] < 0 else super().find_longest_match(alo, ahi, blo, bhi)


def _changes(before: Article, after: Article) -> Iterator[TextChange]:
    """Compare paragraphs, and where they differ their words."""
    left = [_MAX_PAIRS]
    texts = [[f"{part}\n\n" for part in (one.title, *one.body.split("\n\n"))] for one in (before, after)]
    for kind, gone, new in _compared_runs(texts[0], texts[1], left):
        if kind == "equal":
            yield TextChange("same", "".join(new))
            continue
        words = [re.findall(_WORD, "".join(part)) for part in (gone, new)]
        for one, less, more in _compared_runs(words[0], words[1], left):
            yield TextChange("gone", "" if one == "equal" else "".join(less))
            yield TextChange("same" if one == "equal" else "new", "".join(more))


def _compared_runs(
    one: Sequence[str], other: Sequence[str], left: list[int]
) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Yield what is equal and what is not, whatever spaces and ends of lines follow the words."""
    bare, others = ([part.strip() for part in parts] for parts in (one, other))
    for kind, start, end, first, last in _Bounded(bare, others, left).get_opcodes():
        yield kind, one[start:end], other[first:last]


def _joined_changes(changes: Iterable[TextChange]) -> Iterator[TextChange]:
    """Leave out what is empty, and join neighbours of one kind."""
    for kind, some in groupby(filter(lambda one: one.text, changes), key=lambda one: one.kind):
        yield TextChange(kind, "".join(one.text for one in some))

"""Statements for people: the words once, then who carried them, the first outlet first."""

from __future__ import annotations

from collections.abc import Iterator

from searcher.cli.output.styled import Styled, marked, wrap
from searcher.cli.output.terminal import Screen
from searcher.cli.output.text import MARKS, day_of, heading, shortened
from searcher.results.statements import Place, Statement
from searcher.sanitize import clean

__all__ = ["statement_lines"]

#: Outlets that are named, besides the first.
MAX_OUTLETS = 5


def statement_lines(hit: Statement, number: int, screen: Screen) -> Iterator[str]:
    """Yield the lines of a statement: speaker, words, first article, other outlets, other speakers."""
    label = f"{number}. "
    indent = " " * len(label)
    yield from wrap(_speaker(hit), screen, indent=indent, first=label)
    opening, closing = _quotation_marks(hit.whole)
    words = Styled().add(opening).join(marked(hit.text, hit.marks, screen, style="quote", lines=True))
    yield from wrap(words.add(closing), screen, indent=indent)
    first = hit.first.article
    title = (
        Styled()
        .add(clean(heading(first)), "title")
        .add(f" · {_outlet(hit.first)} · {clean(first.id)}", "meta")
    )
    yield from wrap(title, screen, indent=indent)
    for remark in (_others(hit), _differing(hit)):
        if remark:
            yield from wrap(Styled().add(remark, "meta"), screen, indent=indent)


def _speaker(hit: Statement) -> Styled:
    out = Styled().add(clean(shortened(hit.speaker)) if hit.speaker else "(speaker unknown)", "speaker")
    return out.add(f" (confidence {hit.confidence:.2f})", "meta") if hit.speaker else out


def _quotation_marks(place: Place) -> tuple[str, str]:
    """The quotation marks around a statement where it is printed, each empty where there is none."""
    body = place.article.body
    start, end = place.parts[0].start, place.parts[-1].end
    before, after = body[max(0, start - 1) : start], body[end : end + 1]
    return (before if before in MARKS else ""), (after if after in MARKS else "")


def _others(hit: Statement) -> str:
    """The first of so many articles, and the outlets that came after it."""
    articles = {place.article.id for place in hit.places}
    if len(articles) == 1:
        return ""
    outlets = list(dict.fromkeys(map(_outlet, hit.places)))[1:]
    also = ", ".join(outlets[:MAX_OUTLETS]) + (" …" if len(outlets) > MAX_OUTLETS else "")
    return f"the first of {len(articles):,} articles{f'; then {also}' if also else ''}"


def _differing(hit: Statement) -> str:
    """The speakers and the number of stories that name each, where they differ."""
    names = ", ".join(f"{clean(vote.speaker)} ({vote.stories:,})" for vote in hit.votes)
    return f"named as the speaker: {names}" if len(hit.votes) > 1 else ""


def _outlet(place: Place) -> str:
    named = shortened(place.source or place.article.id)
    return " ".join(clean(part) for part in (named, day_of(place.article)) if part)

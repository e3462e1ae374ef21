"""Other typography for labelled articles: foreign marks, dialogue by dashes, marks that are missing.

What is learned from English articles thus covers how other languages show speech. No word is changed.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import replace

from training.encoder.articles import Article, Place, Question, Span

__all__ = ["retyped"]

PAIRS = (
    ("«", "»"), ("« ", " »"), ("„", "“"), ("„", "”"), ("”", "”"), ("»", "«"), ('"', '"'),
    ("“", "”"), ("‘", "’"), ("‚", "‘"), ("「", "」"), ("'", "'"), ("‹", "›"),
)  # fmt: skip
DASHES = "—–-––—―"  # as often as dialogue shows them
SWAPPED, DASHED, BROKEN = 0.55, 0.3, 0.3  # shares of articles
LOST = 0.36  # share of spans that lose a mark in a broken article
UNSEEN = 0.8  # of these no longer found by their marks
OPENS, GOES_ON = 0.85, 0.4  # a paragraph's first span becomes a dash; a later one is given its own dash

Edit = tuple[int, int, str]


def retyped(article: Article, rng: random.Random, strength: float = 1.0) -> Article:
    """The article with other marks; ``strength`` multiplies how often anything happens."""
    edits: list[Edit] = []
    unmarked: set[int] = set()
    if rng.random() < DASHED * strength:
        edits, unmarked = _dashed(article, rng)
    pair = rng.choice(PAIRS) if rng.random() < SWAPPED * strength else None
    lost = LOST if rng.random() < BROKEN * strength else 0.0
    for number, span in enumerate(article.spans):
        if number in unmarked:
            continue
        if rng.random() < lost:
            edits.append(_without_a_mark(span, rng))
            if rng.random() < UNSEEN:
                unmarked.add(number)
        elif pair and not span.single:
            edits += _marked(span, pair)
    return _edited(article, edits, unmarked)


def _without_a_mark(span: Span, rng: random.Random) -> Edit:
    first, last = (span.outer_start, span.start, ""), (span.end, span.outer_end, "")
    return first if rng.random() < 0.5 else last


def _marked(span: Span, pair: tuple[str, str]) -> list[Edit]:
    """Other marks, where there are any; a mark that is missing stays missing."""
    edits = []
    if 0 < span.start - span.outer_start <= 2:
        edits.append((span.outer_start, span.start, pair[0]))
        if 0 < span.outer_end - span.end <= 2:
            edits.append((span.end, span.outer_end, pair[1]))
    return edits


def _dashed(article: Article, rng: random.Random) -> tuple[list[Edit], set[int]]:
    """Paragraphs that begin with direct speech become dialogue by dashes, in one of three ways.

    ``— Words, said X. More.`` (Scandinavia), ``— Words, — said X. — More.`` (Russian, Polish), ``—Words,
    —said X. More.`` (Spanish).
    """
    text, dash, way = (
        article.text,
        rng.choice(DASHES),
        rng.choice(("north", "north", "east", "east", "spain")),
    )
    gap = "" if way == "spain" else " "
    said = {question.span for question in article.questions if question.speech and question.direct}
    edits: list[Edit] = []
    unmarked: set[int] = set()
    paragraph, dialogue = -1, False
    for number, span in enumerate(article.spans):
        begins = text.rfind("\n", 0, span.outer_start) + 1
        dialogue, paragraph = dialogue and begins == paragraph, begins
        opens = span.outer_start == begins and rng.random() < OPENS
        if number not in said or not (opens or (dialogue and _after_clause(text, span.outer_start))):
            continue
        dialogue = True
        unmarked.add(number)
        shown = opens or way == "east" or rng.random() < GOES_ON
        edits.append((span.outer_start, span.start, dash + gap if shown else ""))
        edits.append(_closing(text, span, dash, way))
    return edits, unmarked


def _after_clause(text: str, place: int) -> bool:
    return text[:place].rstrip()[-1:] in {".", ",", "!", "?", ":", ";"}


def _closing(text: str, span: Span, dash: str, way: str) -> Edit:
    end = text.find("\n", span.outer_end)
    follows = bool(text[span.outer_end : end if end >= 0 else len(text)].strip())
    if way == "east" and follows:
        return span.end, span.outer_end, f" {dash}"
    if way == "spain" and follows and text[span.outer_end] == " ":
        return span.end, span.outer_end + 1, f" {dash}"
    return span.end, span.outer_end, ""


def _edited(article: Article, edits: list[Edit], unmarked: set[int]) -> Article:
    """The article with stretches replaced and every place moved along."""
    text, ends, shifts, parts, done = article.text, [0], [0], [], 0
    for start, end, new in sorted(edits):
        if start < done:
            continue
        parts += [text[done:start], new]
        done = end
        ends.append(end)
        shifts.append(shifts[-1] + len(new) - (end - start))
    parts.append(text[done:])

    def moved(place: Place) -> Place:
        start, last = place[0], place[1] - 1
        return (
            start + shifts[bisect_right(ends, start) - 1],
            last + shifts[bisect_right(ends, last) - 1] + 1,
        )

    def all_moved(places: tuple[Place, ...] | None) -> tuple[Place, ...] | None:
        return places if places is None else tuple(moved(place) for place in places)

    def asked(question: Question) -> Question:
        start, end = moved((question.start, question.end))
        return replace(
            question,
            start=start,
            end=end,
            mention=all_moved(question.mention),
            names=all_moved(question.names),
        )

    spans = [span for number, span in enumerate(article.spans) if number not in unmarked]
    return replace(
        article,
        text="".join(parts),
        spans=tuple(Span(*(p := moved((s.start, s.end))), *p, s.single) for s in spans),
        speech=all_moved(article.speech),
        questions=tuple(asked(question) for question in article.questions),
    )

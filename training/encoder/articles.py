"""Labelled quotations as questions: what is between marks, what else is said, and who it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searcher.extract.quotes.marks import find_spans
from training.antecedents import with_antecedents

__all__ = ["Article", "Place", "Question", "Span", "article_of", "read_articles", "with_words"]

EDGE = " \t\r\n\u00a0\"“”„«»‘’'`‹›‚「」『』《》〈〉"
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_NAMED = frozenset(
    {"name", "name2", "name+", "appos", "coref", "hand", "described"}
)  # ways in which a label became a name
_RESOLVED = frozenset({"hand", "described", "coref", "nominal"})  # where the words are no name
_GUESSED = "coref"  # a pronoun resolved by a machine: every fifth to seventh is wrong
_OF_BODIES = frozenset(
    {"of", "for", "and", "the", "on"}
)  # "American Federation of Teachers"; not "de Blasio"
MAX_ENDING = 3  # letters that a case adds to a name
MIN_INDIRECT = 10  # characters of reported speech that is asked about

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """What stands between marks, and its place with the marks."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    single: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A stretch of text and the right answers.

    ``speech`` is None where it is not asked: of reported speech, and of ``words`` that attribute ("he", "the
    bank"), which are asked only whom they mean. ``mention`` holds the words that attribute
    it, ``names`` every mention of the speaker's name; None: unknown, empty: there is none. ``span`` is the
    number of the span between marks, None where no marks hold it. ``trust`` is the weight of ``names``.
    """

    start: int
    end: int
    speech: bool | None
    mention: tuple[Place, ...] | None = None
    names: tuple[Place, ...] | None = None
    span: int | None = None
    direct: bool = False
    trust: float = 1.0
    words: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """A labelled text; ``speech`` are the places that are said, without their marks (None: not known)."""

    id: str
    publisher: str
    language: str
    text: str
    spans: tuple[Span, ...]
    speech: tuple[Place, ...] | None
    questions: tuple[Question, ...]


def read_articles(path: Path) -> list[Article]:
    """The articles of a file of labelled quotations, with what was read again of PolNeAR's speakers."""
    with path.open(encoding="utf-8") as lines:
        return [article_of(row) for row in with_antecedents(json.loads(line) for line in lines)]


def article_of(record: dict[str, Any]) -> Article:
    text, language = record["text"], record.get("lang", "en")
    spans = _spans(text)
    said = sorted(
        ((place, quote) for quote in record["quotes"] for place in _said(text, quote)),
        key=lambda pair: pair[0],
    )
    questions: list[Question] = []
    for number, span in enumerate(spans):
        quote = next((q for place, q in said if _overlap((span.start, span.end), place) >= 0.5), None)
        questions.append(_question(text, language, (span.start, span.end), quote, number))
    for place, quote in said:
        if not any(_overlap(place, (span.start, span.end)) >= 0.5 for span in spans):
            questions.append(_question(text, language, place, quote, None))
    questions += [
        _question(text, language, (quote["start"], quote["end"]), quote, None)
        for quote in record["quotes"]
        if quote["type"] == "indirect" and quote["end"] - quote["start"] > MIN_INDIRECT
    ]
    questions += _antecedents(questions, record["quotes"])
    publisher = record.get("publisher") or ""
    return Article(
        record["id"], publisher, language, text, spans, tuple(place for place, _ in said), tuple(questions)
    )


def _antecedents(questions: list[Question], quotes: list[dict[str, Any]]) -> list[Question]:
    """A question for the words that attribute each quotation, where they are no name themselves."""
    unnamed = {quote.get("speaker_start") for quote in quotes if quote.get("resolved_by") in _RESOLVED}
    return list(
        {
            one.mention[0]: Question(
                *one.mention[0], speech=None, names=one.names, trust=one.trust, words=True
            )
            for one in questions
            if one.mention and one.names is not None and one.mention[0][0] in unnamed
        }.values()
    )


def with_words(row: dict[str, Any]) -> Article:
    """An article of ``described.jsonl``: only whom words mean is known of it."""
    text = row["text"]
    questions = []
    for start, end, who in row["who"]:
        if who is not None:
            found = {place for name in who for place in _mentions(text, {"speaker_canonical": name}, "en")}
            if found or not who:
                questions.append(Question(start, end, speech=None, names=tuple(sorted(found)), words=True))
    return Article(row["id"], row["publisher"], "en", text, _spans(text), None, tuple(questions))


def _spans(text: str) -> tuple[Span, ...]:
    return tuple(Span(s.start, s.end, s.outer_start, s.outer_end, s.single) for s in find_spans(text))


def _said(text: str, quote: dict[str, Any]) -> Iterator[Place]:
    """The words of a quotation without marks, line by line."""
    if quote["type"] == "indirect":
        return
    whole = [[quote["start"], quote["end"]]]
    for start, end in whole if quote["type"] == "direct" else quote.get("fragments") or whole:
        for line in re.finditer(r"[^\n]+", text[start:end]):
            first, last = start + line.start(), start + line.end()
            while first < last and text[first] in EDGE:
                first += 1
            while last > first and text[last - 1] in EDGE:
                last -= 1
            if first < last:
                yield first, last


def _overlap(of: Place, other: Place) -> float:
    """The share of one place that lies in another."""
    return max(0, min(of[1], other[1]) - max(of[0], other[0])) / max(1, of[1] - of[0])


def _question(
    text: str, language: str, place: Place, quote: dict[str, Any] | None, span: int | None
) -> Question:
    if quote is None:
        return Question(*place, speech=False, span=span)
    how = quote.get("resolved_by")
    names = None
    if how in _NAMED:
        names = tuple(_mentions(text, quote, language)) or None
    elif how == "nominal":
        names = ()
    return Question(
        *place,
        speech=None if quote["type"] == "indirect" else True,
        mention=_mention(text, quote),
        names=names,
        span=span,
        direct=quote["type"] == "direct",
        trust=0.5 if how == _GUESSED else 1.0,
    )


def _mention(text: str, quote: dict[str, Any]) -> tuple[Place, ...] | None:
    """The words that attribute a quotation, up to a comma or bracket among them."""
    if quote.get("speaker_start") is None:
        return () if quote.get("resolved_by") == "none" else None
    start, end = quote["speaker_start"], quote["speaker_end"]
    cut = re.search(r"[,(（]", text[start:end])
    return ((start, start + cut.start() if cut and cut.start() > 2 else end),)


def _mentions(text: str, quote: dict[str, Any], language: str) -> list[Place]:
    """Every place where the speaker's surname stands, with case endings where the language has them, or the
    whole name of a body."""
    forms = [quote.get("speaker_canonical") or "", *(quote.get("aliases") or [])]
    found: set[Place] = set()
    for form in forms:
        words = re.findall(r"[\w’'-]+", form)
        body = len(words) > 2 and not _OF_BODIES.isdisjoint(words)
        if _UNSPACED.search(form):
            name = re.split("[（(]", form)[0].strip()
            pattern = re.escape(name) if len(name) > 1 else ""
        elif body and language == "en":
            spaced = r"\s+".join(map(re.escape, form.split()))
            pattern = rf"(?<!\w){spaced}(?!\w)"
        elif words and words[-1][:1].isupper() and len(words[-1]) > 1:
            ending = rf"\w{{0,{MAX_ENDING}}}" if language != "en" and len(words[-1]) > MAX_ENDING else ""
            pattern = rf"\b{re.escape(words[-1])}{ending}\b"
        else:
            pattern = ""
        if pattern:
            found |= {match.span() for match in re.finditer(pattern, text)}
    return sorted(found)

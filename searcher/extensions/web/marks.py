"""Texts as escaped HTML with marks.

An article has marked quotations, names and matches. Each kind is a layer, and layers are nested: a match in a
name in a quotation. A mark that crosses the border of an outer mark is split there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final
from urllib.parse import quote as quoted

from markupsafe import Markup, escape

from searcher import displays
from searcher.article import Article, Mention, MentionKind, Quote, seconds_of
from searcher.query.request import DEFAULT_MIN_CONFIDENCE, displayed_speaker
from searcher.results import Marks
from searcher.results.articles import shortened_turn
from searcher.results.statements import Place

#: Characters of context on each side of a statement.
_CHARACTERS_AROUND: Final = 240
#: Characters of context on each side of a match near a statement.
_CHARACTERS_AROUND_MATCH: Final = 120
#: A word that would be cut at the edge is left out if it has at most this many characters. Longer text
#: without spaces is cut at any character.
_MAX_WORD_CHARACTERS: Final = 40
_DAY: Final = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")


def marked_html_text(text: str, marks: Marks = ()) -> Markup:
    """Return a text with its matches in ``<mark>``."""
    return Markup(displays.marked_html(text, marks))  # noqa: S704  it escapes every part of the text


def marked_statement(text: str, marks: Marks = (), kind: str = "") -> Markup:
    """Return a statement with its matches. Long speeches are reduced to the passages with matches."""
    return marked_html_text(*shortened_turn(text, marks, kind))


def isolated_days(text: str) -> Markup:
    """Isolate dates in a text: after Arabic letters, “2025-01-15” would be displayed in reverse order."""
    return Markup(_DAY.sub(r"<bdi>\1</bdi>", str(escape(text))))  # noqa: S704  it is escaped


def context(place: Place) -> Markup:
    """Return a statement with its context."""
    body, start, end = place.article.body, place.parts[0].start, place.parts[-1].end
    before = body[max(0, start - _CHARACTERS_AROUND) : start]
    after = body[end : end + _CHARACTERS_AROUND]
    if start > _CHARACTERS_AROUND:
        before = _from_whole_word(before)
    if end + _CHARACTERS_AROUND < len(body):
        after = _to_whole_word(after)
    return Markup('{}<span class="said">{}</span>{}').format(before, body[start:end], after)


def nearest_match(place: Place, marks: Marks) -> Markup | None:
    """Return the match nearest to a statement with its context. None if the statement has a match itself."""
    body, start, end = place.article.body, place.parts[0].start, place.parts[-1].end
    if not marks or any(start <= first < end for first, _ in marks):
        return None
    first, last = min(marks, key=lambda mark: max(start - mark[1], mark[0] - end))
    paragraph = body.rfind("\n", 0, first) + 1
    stop = body.find("\n", last) if "\n" in body[last:] else len(body)
    left, right = max(paragraph, first - _CHARACTERS_AROUND_MATCH), min(stop, last + _CHARACTERS_AROUND_MATCH)
    before = body[left:first] if left == paragraph else _from_whole_word(body[left:first])
    after = body[last:right] if right == stop else _to_whole_word(body[last:right])
    return Markup("{}<mark>{}</mark>{}").format(before, body[first:last], after)


def _from_whole_word(text: str) -> str:
    """Return a text that was cut at its start, without the cut word."""
    return "… " + text[text.find(" ", 0, _MAX_WORD_CHARACTERS) + 1 :]


def _to_whole_word(text: str) -> str:
    """Return a text that was cut at its end, without the cut word."""
    at = text.rfind(" ", max(0, len(text) - _MAX_WORD_CHARACTERS))
    return (text if at < 0 else text[:at]) + " …"


#: Number of colours for speakers. Speakers with few quotations share the last one.
MAX_HUES: Final = 8
#: Maximum distance of two matches in a passage, in characters: about three lines.
_MAX_GAP_CHARACTERS: Final = 200
_PARAGRAPH = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as HTML.

    Attributes:
        speakers: Number of quotations per speaker, most frequent first. Likewise ``people``,
        ``organisations``. hues: Colours of the speakers. first_said: Offset of the first quotation of each
        speaker. passages: Number of passages with matches. here: Number of the current passage (0: none).
    """

    title: Markup
    paragraphs: tuple[Markup, ...]
    speakers: Mapping[str, int]
    hues: Mapping[str, int]
    first_said: Mapping[str, int]
    people: Mapping[str, int]
    organisations: Mapping[str, int]
    passages: int
    here: int


@dataclass(frozen=True, slots=True)
class _Span:
    """A marked span. If it is split, only the first part has ``start_tag``, the others ``next_tag``."""

    start: int
    end: int
    start_tag: Markup
    next_tag: Markup
    end_tag: Markup


def reading(
    article: Article, title_marks: Marks, body_marks: Marks, here: int = 0, medium: str = ""
) -> Reading:
    """Return an article as HTML with its matches.

    Args:
        article: The article, with merged names.
        title_marks: Matches in the title.
        body_marks: Matches in the body.
        here: Number of the current passage.
        medium: Address of the recording of a transcript.
    """
    said = [one for one in article.quotes if one.kind != "indirect" or _is_sure(one)]
    speakers = _most_first(one.speaker for one in said if one.speaker and _is_sure(one))
    speaker_names = dict.fromkeys([*speakers, *(one.speaker for one in said if one.speaker)])
    hues = {name: min(number, MAX_HUES - 1) for number, name in enumerate(speaker_names)}
    passages = list(_passages(article.body, body_marks))
    here = min(here, len(passages))
    layers = (
        list(_quotations(article.body, said, hues, medium)),
        [_name_span(one) for one in article.mentions if one.part == "body"],
        [
            _match_span(number if first else 0, *mark, here=number == here)
            for number, passage in enumerate(passages, 1)
            for first, mark in zip(chain([True], repeat(False)), passage)
        ],
    )
    disjoint = [_disjoint(layer) for layer in layers]
    title = [_disjoint([_match_span(0, *mark) for mark in title_marks])]
    return Reading(
        Markup().join(_wrapped_parts(article.title, 0, len(article.title), title)),
        tuple(
            Markup().join(_wrapped_parts(article.body, *match.span(), disjoint))
            for match in _PARAGRAPH.finditer(article.body)
            if not match[0].isspace()
        ),
        speakers,
        hues,
        _first_said(said, {span.start for span in disjoint[0]}),
        _counted_mentions(article, "person"),
        _counted_mentions(article, "organisation"),
        len(passages),
        here,
    )


def _passages(body: str, marks: Marks) -> Iterator[list[tuple[int, int]]]:
    """Yield groups of matches that are close together in one paragraph."""
    passage: list[tuple[int, int]] = []
    for start, end in marks:
        gap = body[passage[-1][1] : start] if passage else ""
        if passage and (len(gap) > _MAX_GAP_CHARACTERS or "\n" in gap):
            yield passage
            passage = []
        passage.append((start, end))
    if passage:
        yield passage


def passage(body: str, marks: Marks, number: int) -> tuple[int, int]:
    """Return the offsets of a passage by its number, or (0, 0)."""
    passages = list(_passages(body, marks))[: max(0, number)]
    return (passages[-1][0][0], passages[-1][-1][1]) if passages else (0, 0)


def _wrapped_parts(text: str, start: int, end: int, layers: Sequence[Sequence[_Span]]) -> Iterator[Markup]:
    """Yield the parts of a text with the marks of these layers, outermost first."""
    if not layers:
        yield escape(text[start:end])
        return
    at = start
    for span in layers[0]:
        if span.end <= at or span.start >= end:
            continue
        first, last = max(span.start, at), min(span.end, end)
        yield from _wrapped_parts(text, at, first, layers[1:])
        yield span.start_tag if first == span.start else span.next_tag
        yield from _wrapped_parts(text, first, last, layers[1:])
        yield span.end_tag
        at = last
    yield from _wrapped_parts(text, at, end, layers[1:])


def _disjoint(spans: Iterable[_Span]) -> list[_Span]:
    """Return the spans in order, without spans that overlap an earlier one."""
    separate: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.end > span.start and (not separate or span.start >= separate[-1].end):
            separate.append(span)
    return separate


def _quotations(body: str, said: Iterable[Quote], hues: Mapping[str, int], medium: str) -> Iterator[_Span]:
    """Yield the quotations, with the speaker at a change of speaker and in each paragraph."""
    speaker, end = None, 0
    for one in sorted(said, key=lambda quote: quote.start):
        named = one.speaker if one.speaker != speaker or "\n" in body[end : one.start] else None
        yield _quotation_span(one, hues, named, medium)
        speaker, end = one.speaker, one.end


def _is_sure(one: Quote) -> bool:
    """Return True if the speaker is certain enough to be counted and to mark indirect speech."""
    return one.speaker is not None and one.confidence >= DEFAULT_MIN_CONFIDENCE


def _first_said(said: Iterable[Quote], marked: Collection[int]) -> Mapping[str, int]:
    """Return the offset of each speaker's first marked quotation."""
    backwards = sorted(said, key=lambda quote: -quote.start)
    return {one.speaker: one.start for one in backwards if one.speaker and one.start in marked}


def playback_url(medium: str, moment: str | None) -> str:
    """Return the address of a recording from a moment on, or ""."""
    seconds = seconds_of(moment)
    return f"{medium}#t={seconds:.0f}" if medium and seconds is not None else ""


def _quotation_span(one: Quote, hues: Mapping[str, int], named: str | None, medium: str) -> _Span:
    kind = f"{one.kind} s{hues[one.speaker]}" if one.speaker else one.kind
    tag = Markup('<span class="quote {}" id="q{}">').format(kind, one.start)
    if named or one.moment:
        display_name = displayed_speaker(named, one.confidence) if named else ""
        label = Markup('{}<span class="hidden">: </span>').format(display_name) if named else Markup()
        if one.moment:
            at = playback_url(medium, one.moment) or f"#q{one.start}"
            link = Markup('<a class="moment" href="{}">{}</a><span class="hidden"> </span>')
            label += link.format(at, one.moment)
        tag += Markup('<span class="who">{}</span>').format(label)
    return _Span(one.start, one.end, tag, Markup('<span class="quote {}">').format(kind), Markup("</span>"))


def _name_span(one: Mention) -> _Span:
    tag = Markup('<a class="{}" href="/{}/{}">').format(
        one.kind, one.kind, quoted(one.name, safe="", errors="replace")
    )
    return _Span(one.start, one.end, tag, tag, Markup("</a>"))


def _match_span(number: int, start: int, end: int, *, here: bool = False) -> _Span:
    tag = Markup('<mark class="here">') if here else Markup("<mark>")
    first = Markup('<mark id="m{}"{}>').format(number, Markup(' class="here"') if here else "")
    return _Span(start, end, first if number else tag, tag, Markup("</mark>"))


def _counted_mentions(article: Article, kind: MentionKind) -> Mapping[str, int]:
    return _most_first(one.name for one in article.mentions if one.kind == kind)


def _most_first(names: Iterable[str]) -> Mapping[str, int]:
    return dict(Counter(names).most_common())

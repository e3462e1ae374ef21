"""Find reported speech with a named source: “laut Roe”, “según Roe”, “Roen mukaan”."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from searcher.article import Article, Mention, Quote
from searcher.extract.quotes.marks import strip_place
from searcher.extract.quotes.reasons import ExplainedQuote, Reason

#: Words directly before a name that make it the source of a report, by language.
_BEFORE: Final[Mapping[str, str]] = {
    "bg": "според|по думите на",
    "cs": "podle",
    "da": "ifølge",
    "de": "laut|nach angaben von|nach worten von|nach den worten von|nach ansicht von|nach auskunft von",
    "es": "según|de acuerdo con|en palabras de",
    "fr": "selon|d['’]après",
    "hr": "prema riječima|prema navodima",
    "id": "menurut",
    "it": "secondo",
    "nl": "volgens",
    "no": "ifølge",
    "pl": "według|zdaniem",
    "pt": "segundo|de acordo com",
    "ro": "potrivit lui|potrivit",
    "ru": "по словам|по мнению",
    "sk": "podľa",
    "sl": "po besedah|po mnenju",
    "sr": "prema rečima|po rečima|према речима|по речима",
    "sv": "enligt",
    "uk": "за словами|на думку",
}
#: Words directly after a name that make it the source of a report, by language.
_AFTER: Final[Mapping[str, str]] = {"et": "sõnul|hinnangul", "fi": "mukaan|mielestä", "hu": "szerint"}
#: Confidence in a report. Of 46 reports checked in 20 languages, 42 were right.
CONFIDENCE: Final = 0.9
_MIN_WORDS: Final = 4
_MAX_CHARACTERS: Final = 500  # maximum length of a sentence on either side of the name
#: Maximum words before the source that are not part of the report (“Men ifølge Roe …”).
_MAX_LEAD_WORDS: Final = 1
#: Matches the end of a sentence, but not a full stop after an initial, a day or a short abbreviation.
_STOP: Final = re.compile(r"(?<!\b\w)(?<!\b[A-ZА-Я\d][a-zа-я\d])[.!?…]+[\"”»“’)]*\s+(?=[\w„“«»\"(–—-])|\n")
_EDGES: Final = " \t\u00a0,;:–—-.…()"


def named_source_reports(
    article: Article, language: str, quoted: Sequence[Quote], utterance: int
) -> Iterator[ExplainedQuote]:
    """Yield the reports of an article, except in sentences with quotations.

    Args:
        quoted: The quotations.
        utterance: Number of the first utterance.
    """
    covered = bytearray(len(article.body))
    for quote in quoted:
        covered[quote.start : quote.end] = b"\1" * (quote.end - quote.start)
    for who, first, last in _sources(article, language):
        place = _reported_place(article.body, first, last)
        if place and not any(covered[slice(*place)]):
            covered[slice(*place)] = b"\1" * (place[1] - place[0])
            quote = Quote(
                text=article.body[slice(*place)], speaker=who.name, kind="indirect", start=place[0],
                end=place[1], confidence=round(CONFIDENCE * who.confidence, 3), speaker_kind="person",
                speaker_start=who.start, speaker_end=who.end, utterance=utterance,
            )  # fmt: skip
            yield ExplainedQuote(quote, Reason(("source",), ((who.name, 1.0),), CONFIDENCE, (first, last)))
            utterance += 1


def _sources(article: Article, language: str) -> Iterator[tuple[Mention, int, int]]:
    """Yield the people named as sources, with the place of the words that attribute."""
    people = [one for one in article.mentions if one.part == "body" and one.kind == "person"]
    before, after = _pattern(language, after=False), _pattern(language, after=True)
    starts, ends = {one.start: one for one in people}, {one.end: one for one in people}
    for match in before.finditer(article.body) if before else ():
        who = starts.get(match.end())
        if who and not _is_genitive(article.body, who):
            yield who, match.start(), who.end
    for match in after.finditer(article.body) if after else ():
        who = ends.get(match.start())
        if who:
            yield who, who.start, match.end()


def _is_genitive(body: str, who: Mention) -> bool:
    """Return True if the source is something of theirs ("ifølge Roes biografi")."""
    written = body[who.start : who.end]
    return written.endswith("s") and who.name.endswith(written[:-1].rpartition(" ")[2])


@lru_cache
def _pattern(language: str, *, after: bool) -> re.Pattern[str] | None:
    words = (_AFTER if after else _BEFORE).get(language)
    pattern = rf"\s{{1,2}}(?:{words})\b" if after else rf"\b(?:{words})\s{{1,2}}"
    return re.compile(pattern, re.IGNORECASE) if words else None


def _reported_place(body: str, first: int, last: int) -> tuple[int, int] | None:
    """Return the sentence without its source, or all of it if the source is in the middle."""
    start = max(0, first - _MAX_CHARACTERS)
    stops = [stop.end() for stop in _STOP.finditer(body, start, first + 1)]
    stop = _STOP.search(body, last, last + _MAX_CHARACTERS)
    start, end = (
        (stops[-1] if stops else start),
        stop.start() if stop else min(len(body), last + _MAX_CHARACTERS),
    )
    if len(body[start:first].split()) <= _MAX_LEAD_WORDS:
        start = last
    elif not any(map(str.isalnum, body[last:end])):
        end = first
    place = strip_place(body, start, end, _EDGES)
    return place if len(body[slice(*place)].split()) >= _MIN_WORDS else None

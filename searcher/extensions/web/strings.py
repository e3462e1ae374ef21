"""Texts, numbers and dates of the page in English and German.

The texts are in ``strings.json``, with the English text as the key. ``{…}`` stands for a value.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

_DATA: Final = json.loads(
    resources.files("searcher.extensions.web").joinpath("strings.json").read_text("utf-8")
)
GERMAN: Final[Mapping[str, str]] = _DATA["texts"]["de"]
#: Singular and plural forms of nouns that follow a number, per language.
PLURALS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = _DATA["plurals"]
_MONTHS: Final[Mapping[str, Sequence[str]]] = _DATA["months"]
#: English and German names of languages. Other languages are shown by their code.
_LANGUAGE_NAMES: Final[Mapping[str, Sequence[str]]] = _DATA["languages"]
#: Minimum confidence for each description.
CONFIDENCE: Final = (
    (0.95, "almost certain"),
    (0.85, "very likely"),
    (0.7, "likely"),
    (0.5, "uncertain"),
    (0.0, "doubtful"),
)
_DAY: Final = dt.timedelta(days=1)
#: The choices for the minimum confidence.
CONFIDENCE_LEVELS: Final = tuple(least for least, _ in CONFIDENCE)


@dataclass(frozen=True, slots=True)
class Strings:
    """The strings of one language."""

    code: str
    texts: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """Return a translated text with values inserted."""
        text = self.texts.get(key, key)
        return text.format(**values) if values else text

    def count(self, number: int, what: str) -> str:
        """Return a number with its unit: “1,234 articles”."""
        one, plural = PLURALS[self.code][what]
        return (one if number == 1 else plural).format(n=self.number(number))

    def confidence(self, value: float) -> str:
        """Return a confidence in words and as a number: “very likely (93%)”."""
        words = next(words for least, words in CONFIDENCE if value >= least)
        # Automatic results are never certain.
        return f"{self.text(words)} ({self.percent(min(value, 0.99))})"

    def percent(self, share: float) -> str:
        """Return a percentage, in German with a space: “93%”, “93 %”."""
        return f"{share:.0%}".replace("%", " %" if self.code == "de" else "%")

    def at_least(self, value: float) -> str:
        """Return a minimum confidence: “at least very likely”, “at least 93%”."""
        if not value:
            return self.text("any")
        named = dict(CONFIDENCE).get(value)
        return self.text("at least {sure}", sure=self.text(named) if named else self.percent(value))

    def number(self, number: int) -> str:
        """Return a number with thousands separators."""
        return f"{number:,}".replace(",", "." if self.code == "de" else ",")

    def language(self, code: str) -> str:
        """Return the name of a language, or its code."""
        return dict(zip(LANGUAGES, _LANGUAGE_NAMES.get(code, ()))).get(self.code, code)

    def day(self, day: dt.date | str | None) -> str:
        """Return a date in words: “6 May 2024”."""
        if isinstance(day, str):
            day = dt.date.fromisoformat(day)
        if day is None:
            return self.text("undated")
        return f"{day.day}{'.' if self.code == 'de' else ''} {self.month(day)}"

    def span(self, first: dt.date | None, last: dt.date | None) -> str:
        """Return a period: “2024”, “May 2024”, “6 May 2024 – 7 June 2024”, “from 6 May 2024”."""
        if first is None or last is None:
            return self.text("until {day}" if first is None else "from {day}", day=self.day(first or last))
        if (first.month, first.day, last) == (1, 1, dt.date(first.year, 12, 31)):
            return f"{first.year}"
        if first.day == 1 and (last.year, last.month) == (first.year, first.month) and (last + _DAY).day == 1:
            return self.month(first)
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def unit(self, unit: str, day: dt.date, in_month: bool) -> str:
        """Return a short year, month or day. ``in_month``: leave out the longer unit, which is shown too."""
        number = f"{day.day}{'.' if self.code == 'de' else ''}"
        month = _MONTHS[self.code][day.month - 1][:3]
        parts = {"year": (), "month": (month,)}.get(unit, (number, month))
        return " ".join(parts if parts and in_month else (*parts, f"{day.year}"))

    def month(self, day: dt.date) -> str:
        """Return the month of a date with its year: “May 2024”."""
        return f"{_MONTHS[self.code][day.month - 1]} {day.year}"


ENGLISH: Final = Strings("en", {})
LANGUAGES: Final[Mapping[str, Strings]] = {"en": ENGLISH, "de": Strings("de", GERMAN)}


def strings_for(accepted: str) -> Strings:
    """Return the strings for the first supported language of an ``Accept-Language`` header."""
    for part in accepted.split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in LANGUAGES:
            return LANGUAGES[code]
    return ENGLISH

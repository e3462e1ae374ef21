"""The forms of questions: which words are a name, the subject, a quotation or a time. The patterns are data
(``languages/questions.tsv``); an index is not needed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Final, NamedTuple

from searcher.errors import UsageError
from searcher.languages import (
    months,
    question_languages,
    question_patterns,
    without_accents,
    words_of_question,
)
from searcher.query.request import Search
from searcher.query.time_units import first_day, last_day
from searcher.query.tree import TimeUnit

#: Rows of these kinds contain patterns. All other rows are lists of words.
_KINDS: Final = frozenset({"said", "anyone", "quote", "articles"})
_ONE_DAY: Final = dt.timedelta(days=1)
#: Names of the lists of words that may precede a time.
_BEFORE_TIME: Final = ("since", "until", "before", "after", "in")
#: Names of the lists of words for a unit of time. A list with “-1” is for the previous unit (“last year”).
_UNITS: Final[Mapping[str, TimeUnit]] = {"year": "year", "month": "month", "week": "week", "day": "day"}
#: Matches “5 March 2024”, “March 5, 2024”, “marzo de 2024”, “2024”, “2024-03-05” and “March”.
_TIME: Final = (
    r"(?:(?:(\d\d?)\S{0,2} (?:de |of )?)?([^\W\d]{3,})[.,]{0,2}(?: (\d\d?)[a-z]{0,2},?)?"
    r"(?: de| del| do| of)? )?"
    r"((?:19|20)\d\d(?:-\d\d){0,2})(?!\w)|([^\W\d]{3,})(?!\w)"
)
_QUOTATION: Final = re.compile('["“”„«»‹].+')
#: The regular expression for each placeholder. Slots become named groups, and “{quoted}” matches a quotation
#: with its quotation marks.
_BRACES: Final = {slot: f"(?P<{slot}>.+?)" for slot in ("who", "author", "source", "what")} | {
    "quote": "(?!(?:<something>|<about>) )(?P<quote>.+?)",  # not “who said anything about …”
    "quoted": "(?P<quote>[\"'“”„«»‚‘‹].+[\"'”“»«’‘›])",
    "any": ".+", "space": r"(?:(?<=')|\s)", "time": "{time}",
}  # fmt: skip
_SIGNS: Final = {"[ ]": "{space}", "(": "(?:", "[": "(?:", "]": ")?", ".": r"\."}


class Form(NamedTuple):
    """A reading of a question. ``slots`` maps the placeholders of the pattern to words; None is an open
    end."""

    language: str
    kind: str
    sort: str
    slots: Mapping[str, str]
    after: dt.date | None
    before: dt.date | None


class _Language(NamedTuple):
    """The patterns of a language by kind, its lists as regular expressions, and the words of both."""

    code: str
    lists: Mapping[str, str]
    patterns: list[tuple[str, str]]
    words: frozenset[str]


def forms(text: str, today: dt.date) -> Iterator[Form]:
    """Yield the readings of a text as a question, most specific first."""
    languages, text = question_languages(text), " ".join(text.split()).strip("¿¡?!. ")
    words = {*words_of_question(text)}
    readings = [_without_time(_language(code), text, today) for code in languages]
    # Try the language first that explains most of the question: its time, and then its words.
    for language, rest, days in sorted(
        readings, key=lambda one: (len(one[1]), -len(one[0].words.intersection(words)))
    ):
        for name, pattern in language.patterns:
            # A time inside a quotation belongs to the quotation.
            question, (after, before) = (text, (None, None)) if name == "quote" else (rest, days)
            question = _without_politeness(language, question)
            plain = without_accents(question)
            if not plain.startswith(_beginnings(pattern)):
                continue
            if match := _compile(language.code, pattern).fullmatch(plain):
                kind, _, sort = name.partition("/")
                slots = {
                    slot: question[slice(*match.span(slot))]
                    for slot, value in match.groupdict().items()
                    if value
                }
                yield Form(language.code, kind, sort, slots, after, before)


def articles_of(language: str) -> frozenset[str]:
    """Return the articles of a language (“the”), folded."""
    return frozenset(_language(language).lists["article"].split())


def joined_names(language: str, text: str) -> list[str]:
    """Split “Roe and Quill” into its names."""
    return re.split(rf",\s*|\s(?:{_language(language).lists['and']})\s", text)


def _without_politeness(language: _Language, text: str) -> str:
    """Remove “please tell me” and “in the archive” from a question."""
    for pattern in (rf"[ ,]+(?:{language.lists['tail']})$", *[rf"^(?:{language.lists['lead']})[ ,:]+"] * 3):
        if match := re.search(pattern, without_accents(text)):
            text = text[: match.start()] + text[match.end() :]
    return text


# Times

_Days = tuple[dt.date | None, dt.date | None]


def _without_time(language: _Language, text: str, today: dt.date) -> tuple[_Language, str, _Days]:
    """Return a question without its time, and the first and last day of that."""
    for name, pattern in _time_patterns(language.code):
        for match in pattern.finditer(without_accents(_QUOTATION.sub(lambda said: "_" * len(said[0]), text))):
            if days := _days(name, match, language, today):
                rest = f"{text[: match.start()]} {text[match.end() :]}"
                return language, " ".join(rest.split()).strip(" ,"), days
    return language, text, (None, None)


@cache
def _time_patterns(code: str) -> list[tuple[str, re.Pattern[str]]]:
    lists = _language(code).lists
    shapes = [("between", shape) for shape in lists["between"].split("|")]
    for name in _BEFORE_TIME:
        words = sorted(lists[name].split("|"), key=len, reverse=True)
        shapes += [(name, shape if "{time}" in shape else f"{shape} {{time}}") for shape in words]
    shapes += [(name, f"(?:{words})") for name, words in lists.items() if name.removesuffix("-1") in _UNITS]
    year = rf"(?:\s(?:{lists['yearword']}))?(?!\w)" if "yearword" in lists else r"(?!\w)"
    return [
        (name, re.compile(rf"(?<!\w){shape.replace('{time}', f'({_TIME})')}{year}")) for name, shape in shapes
    ]


def _days(name: str, match: re.Match[str], language: _Language, today: dt.date) -> _Days | None:
    unit, _, back = name.partition("-")
    if unit in _UNITS:
        first = first_day(_UNITS[unit], today)
        first = first_day(_UNITS[unit], first - _ONE_DAY) if back else first
        return first, last_day(_UNITS[unit], first)
    groups = match.groups()
    labels = [_label(groups[at + 1 : at + 6], language, today) for at in range(0, len(groups), 6)]
    if len(labels) > 1 and labels[0] and not groups[4]:  # “between March and May 2024”: both are in 2024
        labels[0] = labels[-1][:4] + labels[0][4:]
    with suppress(UsageError):  # for example, 31 February
        span = Search(after=labels[0], before=labels[-1])
        if (begin := span.after) and (end := span.before) and all(labels):
            # “Before” and “after” include a single day, as --before and --after do, but not a longer period.
            skipped = dt.timedelta(days=begin != end)
            ends = {"since": (begin, None), "until": (None, end), "before": (None, begin - skipped)}
            return {**ends, "after": (end + skipped, None)}.get(name, (begin, end))
    return None


def _label(groups: Sequence[str | None], language: _Language, today: dt.date) -> str:
    """Return a time as a search accepts it, “2024-03”, or "". A month without a year is the latest one."""
    day, month, day_after, year, lone_month = groups
    number = _month(month or lone_month or "", language, whole=lone_month is not None)
    if (month or lone_month) and not number:
        return ""
    days = [int(one) for one in (number, day or day_after) if one]
    return "-".join([year or str(today.year - (number >= today.month)), *(f"{one:02}" for one in days)])


def _month(word: str, language: _Language, *, whole: bool) -> int:
    """Return the number of a month by its name, a declined form or, unless ``whole``, its beginning; 0 for
    other words."""
    own_names = language.lists.get("months", "").split()
    if word in own_names:
        return own_names.index(word) + 1
    if whole or not word:
        return _months().get(word, 0)
    return next((n for name, n in _months().items() if name.startswith(word) or word[:-1] == name[:-1]), 0)


@cache
def _months() -> Mapping[str, int]:
    """Map the names of months to their numbers. Short ones except May are also other words."""
    named = [(without_accents(form), n) for row in months() for n, of in enumerate(row, 1) for form in of]
    return {form: n for form, n in reversed(named) if len(form) > 3 or n == 5}


# Patterns


@cache
def _language(code: str) -> _Language:
    table = (*question_patterns("question_openings"), *question_patterns())
    rows = [(name, without_accents(value)) for own, name, value in table if own == code]
    lists: dict[str, str] = {}
    for name, value in rows:
        if name.partition("/")[0] not in _KINDS:
            lists[name] = _expression(value, lists)
    patterns = [row for row in rows if row[0].partition("/")[0] in _KINDS]
    return _Language(
        code, lists, patterns, frozenset(w for _, value in rows for w in words_of_question(value))
    )


@cache
def _beginnings(pattern: str) -> tuple[str, ...]:
    """Return the possible first words of a pattern, "" for any, since compiling it takes a millisecond."""
    match = re.match(r"\(([^<{()\[]+)\)|([^<{(\[ ]+)", pattern)
    return tuple((match[1] or match[2]).split("|")) if match else ("",)


@cache
def _compile(code: str, pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern, _language(code).lists))


def _expression(pattern: str, lists: Mapping[str, str]) -> str:
    """Return a pattern or list of words as a regular expression."""
    for sign, meaning in _SIGNS.items():
        pattern = pattern.replace(sign, meaning)
    pattern = re.sub("{(.+?)}", lambda name: _BRACES[name[1]], pattern)
    return re.sub(r"(?<!P)<(\w+)>", lambda name: f"(?:{lists[name[1]]})", pattern)

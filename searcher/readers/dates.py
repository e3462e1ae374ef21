"""Parse dates as publishers write them, in their local time."""

from __future__ import annotations

import datetime as dt
import re

from searcher.languages import months

#: Minimum length of an abbreviated month name.
_MIN_ABBREVIATION_LETTERS = 3
#: A name with at least this many letters may have an ending of at most this many: "januári", "huhtikuuta".
_MIN_LONG_NAME_LETTERS, _MAX_ENDING_LETTERS = 6, 2


def _month_numbers() -> dict[str, int]:
    """Map each month name, and each sufficiently long prefix of one, to its number. Earlier languages take
    precedence."""
    out: dict[str, int] = {}
    rows = months()
    for row in rows:
        for number, forms in enumerate(row, 1):
            out.update({form: out.get(form, number) for form in forms})
    for row in rows:
        for number, forms in enumerate(row, 1):
            starts = (form[:end] for form in forms for end in range(_MIN_ABBREVIATION_LETTERS, len(form)))
            out.update({start: out.get(start, number) for start in starts})
    return out


_MONTH_NUMBERS = _month_numbers()
_WHOLE_NAMES = frozenset(form for row in months() for forms in row for form in forms)


def month_number(word: str) -> int | None:
    """Return the number of the month that a word names or abbreviates in any supported language, or None."""
    word = word.casefold().removeprefix("ב")  # Hebrew "in"
    if word in _MONTH_NUMBERS:
        return _MONTH_NUMBERS[word]
    stems = (word[:-more] for more in range(1, _MAX_ENDING_LETTERS + 1))
    long = (stem for stem in stems if len(stem) >= _MIN_LONG_NAME_LETTERS and stem in _WHOLE_NAMES)
    return next(map(_MONTH_NUMBERS.__getitem__, long), None)


#: Earliest year, that of the first newspapers.
EARLIEST_YEAR = 1600

_ISO = re.compile(
    r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:(?:\s*,?\s+|T|\s*-\s*)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?",
    re.I,
)
_COMPACT = re.compile(
    r"\s*(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2}))?)?(?!\d)"
)
#: The date in an address, or in an article number that starts with it: /A2026012914320005196.
_URL = re.compile(
    r"/(?:[A-Z]{1,3}(?=20\d{12}))?((?:19|20)\d\d)(?:(?:/[A-Za-z][\w-]{1,20}){1,2}(?=/\d\d/\d\d/))?(?:([/-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])"
    r"|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?=[/_.-]|\d{6,12}$|$)"
)
_TIME = re.compile(
    r"(?<![\d.:])(\d{1,2})(?::|\.|h)(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?(?![\d:])|(?<!\d)(\d{1,2})\s*([ap]\.?m\b\.?)",
    re.I,
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
#: A mail or feed date with a two-digit year (RFC 822): "Thu, 07 Dec 17 10:00:29 -0800".
_RFC822 = re.compile(r"^([A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2}) (\d\d) (\d\d:\d\d)")
#: A date of Unix or Twitter: "Thu Dec 07 10:00:29 +0000 2017".
_UNIX = re.compile(r"^[A-Z][a-z]{2} ([A-Z][a-z]{2} +\d{1,2}) (\d\d:\d\d:\d\d)(?: [-+A-Z\d]{3,5})? (\d{4})$")
_SHORT = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d\d)(?:[ ,]+(\d{1,2}):(\d\d)(?::\d\d)?)?")
# Letters, including vowel signs of Indic scripts and Thai.
_WORD = r"(?<![^\W\d_])(?<![\u0900-\u0dff\u0e00-\u0e7f])((?:[^\W\d_]|[\u0900-\u0dff\u0e00-\u0e7f]){2,})"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:\s+(?:de|of))?[\s-]+{_WORD}\.?,?(?:\s+(?:de|del))?[\s-]+(\d{{4}})(?!\d)"
)
_MONTH_DAY = re.compile(rf"{_WORD}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_YEAR_MONTH = re.compile(rf"(?<!\d)((?:19|20)\d\d)\.?\s+{_WORD}\s+(\d{{1,2}})(?!\d)")  # Hungarian
#: Dates with the month as a word, and their groups for year, month and day.
_WRITTEN_OUT = ((_DAY_MONTH, (3, 2, 1)), (_MONTH_DAY, (3, 1, 2)), (_YEAR_MONTH, (1, 2, 3)))
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2}) tháng (\d{1,2}),?(?: năm)? (\d{4})", re.I)
_MONTH_YEAR = re.compile(rf"{_WORD}\.?,?\s+((?:19|20)\d\d)(?!\d)")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?")


def parse(text: object, *, month_first: bool = False) -> dt.datetime | None:
    """Return the date, with the time if there is one, in ``text``, or None if it is ambiguous or missing.

    An offset is dropped. "03/04/2024" is read as day and month unless that is impossible, the text is clearly
    American or ``month_first`` is set.
    """
    if isinstance(text, dt.datetime):
        return text.replace(tzinfo=None)
    if isinstance(text, dt.date):
        return dt.datetime(text.year, text.month, text.day)
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return _epoch(text)
    if not isinstance(text, str) or not text.strip() or len(text) > 200:
        return None
    text = _UNIX.sub(r"\1, \3 \2", text.strip())
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _epoch(float(text))
    for pattern in (_ISO, _COMPACT):
        match = pattern.match(text)
        if match:
            year, month, day, *clock = (int(group or 0) for group in match.groups())
            return _moment(year, month, day, *clock)
    return in_text(_RFC822.sub(_with_century, text), month_first=month_first) or short(text)


def _with_century(match: re.Match[str]) -> str:
    return f"{match[1]} {_year(int(match[2]))} {match[3]}"


def _year(figures: int) -> int:
    """Return the year for two digits, never one in the far future."""
    return 2000 + figures if 2000 + figures <= dt.date.today().year + 1 else 1900 + figures


def short(text: str) -> dt.datetime | None:
    """Parse a date with a two-digit year that stands alone: "28.02.05 14:30"."""
    match = _SHORT.fullmatch(text)
    if not match:
        return None
    day, month, year, *clock = (int(group or 0) for group in match.group(1, 3, 4, 5, 6))
    return _moment(_year(year), month, day, *clock)


def _epoch(seconds: float) -> dt.datetime | None:
    if 1e11 < seconds < 1e14:
        seconds /= 1000
    if not 1e8 < seconds < 4e9:
        return None
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).replace(tzinfo=None)


def _moment(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> dt.datetime | None:
    if 2443 <= year < 2643:
        year -= 543  # the Buddhist calendar of Thai newspapers
    if not EARLIEST_YEAR <= year <= dt.date.today().year + 1:
        return None
    try:
        return dt.datetime(year, month, day, hour, minute, min(second, 59))
    except ValueError:
        try:
            return dt.datetime(year, month, day)
        except ValueError:
            return None


def is_ambiguous(text: str) -> bool:
    """Return True if ``text`` contains a date like 3/4/2024, which countries read differently."""
    match = _NUMERIC.search(text)
    return bool(match and match[2] != "." and int(match[1]) <= 12 and int(match[3]) <= 12)


def month_first_in(text: str) -> bool | None:
    """Return True if unambiguous dates in a long text have the month first, None if they are undecided."""
    pairs = [(int(match[1]), int(match[3])) for match in _NUMERIC.finditer(text) if match[2] != "."]
    american = sum(first <= 12 < second <= 31 for first, second in pairs)
    reversed_pairs = sum(second <= 12 < first <= 31 for first, second in pairs)
    return None if american == reversed_pairs else american > reversed_pairs


def month_in_text(text: str) -> dt.datetime | None:
    """Return the first day of the first month written out in ``text``: "June 2022"."""
    for match in _MONTH_YEAR.finditer(text):
        month = month_number(match[1])
        if month:
            return _moment(int(match[2]), month, 1)
    return None


def in_text(text: str, *, month_first: bool = False) -> dt.datetime | None:
    """Return the first date written out in ``text``: "3 March 2024", "March 3, 2024, 4:05 pm", "3.3.2024"."""
    if cjk := _CJK.search(text):
        return _with_time(cjk, int(cjk[1]), int(cjk[2]), int(cjk[3]))
    for pattern, (year, month, day) in _WRITTEN_OUT:
        for match in pattern.finditer(text):
            if number := month_number(match[month]):
                return _with_time(match, int(match[year]), number, int(match[day]))
    if cjk := _VIETNAMESE.search(text):
        return _with_time(cjk, int(cjk[3]), int(cjk[2]), int(cjk[1]))
    return _in_numbers(text, month_first)


def _in_numbers(text: str, month_first: bool) -> dt.datetime | None:
    if match := _NUMERIC.search(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        american = (
            second > 12
            or (month_first and match[2] != ".")
            or (match[2] == "/" and re.search(r"\b[ap]\.?m\b|\bE[SD]T\b|\bP[SD]T\b", text, re.I))
        )
        day, month = (second, first) if american and first <= 12 else (first, second)
        return _with_time(match, year, month, day)
    match = re.search(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", text)
    return _with_time(match, int(match[1]), int(match[2]), int(match[3])) if match else None


def _with_time(match: re.Match[str], year: int, month: int, day: int) -> dt.datetime | None:
    date, text, (start, end) = _moment(year, month, day), match.string, match.span()
    clock = _TIME.search(text, end, end + 40) or _TIME.search(text, 0, start) or _TIME.search(text, end)
    if not date or not clock:
        return date
    hour, minute = int(clock[1] or clock[5]), int(clock[2] or 0)
    half = (clock[4] or clock[6] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return _moment(year, month, day, hour, minute) or date


def in_url(url: str | None) -> dt.datetime | None:
    """Return the day in an address such as ``/2024/05/01/``."""
    match = _URL.search(url or "")
    return _moment(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6])) if match else None

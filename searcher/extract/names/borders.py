"""Where a name begins and ends: what the tagger took too much of is cut, what it left is added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from searcher.extract.names.bodies import is_body_word
from searcher.extract.names.lexicon import ALSO_WORDS, GIVEN, TITLES, fold, own_possessive
from searcher.extract.names.tagger import Span

__all__ = ["pieces", "trimmed", "without_legal_form"]

_TITLES_BEFORE = re.compile(
    r"(?:(?:"
    + "|".join(sorted((re.escape(title) for title in TITLES), key=len, reverse=True))
    + r")\.?\s+)+",
    re.IGNORECASE,
)
_BEYOND_PERSON = re.compile(r"['’]s\s|,?\s+\d+\b|\s\([DRI]\b")  # "Quill’s boat", "Quill, 41", "Quill (D"
_POSSESSIVE_END = re.compile(r"['’]s$|(?<=s)['’]$")
_LETTERS_BEFORE = re.compile(r"(?<![\w.])(?:[A-Z]\.)+$")
_PLACES: Final = frozenset(("U.S.", "U.K.", "U.N.", "E.U.", "D.C.", "L.A.", "U.A.E."))
_LETTER = re.compile(r"[A-Z]\.\s*")
_VERB_END = re.compile(r"(?<=\w)\s(?:[a-z]{2,}(?:ed|ing)|[a-z]{5,})$")
# The second half of a given name: "Moon Jae-in"; not "Ada Quill-led".
_HALF_AFTER = re.compile(r"-(?!led\b|era\b|run\b|like\b)[a-z]{2,4}\b(?!-)")
_WORD_BEFORE = re.compile(r"(?<![\w.’'-])([A-Z]\w+) $")
_OFFICE_END = re.compile(
    r"(?<=\w)\s+(?:C[EFTO]O|[Cc]hief|[Pp]resident|[Cc]hairman|boss|spokes(?:wo)?man|"
    r"[QRCL]B|[WR]R|[DO][LT])$"  # of the players of American football: "Dover QB Ada Quill"
)
_PRESS_END = re.compile(r"(?<=\w)\s+Press$")
_SECRETARY = re.compile(r"\sSecretary\b")
# A share, a score or a row of a table is no part of the name: "Greens 31 per cent", "Dover 75 Deal 19".
_COUNT_END = re.compile(r"(?<=[A-Za-z])\s\d+$")
_COUNT_AFTER = re.compile(r"\s\d+\b|(?:\.\d+)?\s?(?:%|per\s?cent|pct)|,?\s[A-Z][A-Za-z.’' -]{2,30}\s\d+\b")
# Nor is what it owns, or whom: "Marlowe common stock", "Marlowe unit", "Quill brothers".
_OWNED_END = re.compile(
    r"(?<=[\w.])\s+(?:(?:common|preferred|ordinary)(?:\s+(?:stock|shares?))?|stock|shares?|bonds|notes|units?|"
    r"subsidiar(?:y|ies)|licensees?|executives?|spokes(?:wo)?man|officials?|employees|workers|management|"
    r"business|brothers|famil(?:y|ies)|airline|computers)$"
)
# Where a company sits is no part of its name: "Marlowe Ltd of Dover"; of "Corp of America" it is.
_SEAT_END = re.compile(r"(?<=\b(?:Inc|Ltd|Plc|PLC|LLC))\sof\s(?:the\s)?[A-Z][\w. ]+$")
# What stands large before a name at the beginning of a sentence: "the", "Rival Marlowe".
_THE = re.compile(
    r"(?:(?-i:['’]?s)\s+)?(?:the\s+)?(?:(?:rival|former|fellow|troubled|embattled|retailer|lender|insurer|"
    r"(?:car|auto|chip|drug|plane)maker)\s+)?",
    re.IGNORECASE,
)
# What stands small before it: an adjective, or what kind of body it is.
_SMALL_BEFORE = re.compile(
    r"(?:(?:federal|state|national|provincial|regional|local|joint|executive|liberal|conservative|central|public|private|"
    r"statistics|economic|research|daily|weekly|parent|affiliate|subsidiary|brewer|carrier|publisher|broker|"
    r"brokerage|firm|company|group|bank|airline|institute|agency|utility|producer|manufacturer|distributor)\s)+"
    r"(?=[A-Z])"
)
_PREPOSITION = re.compile(r"(?:of|and|on|for|in|at|by)\s(?:the\s)?")
_ABBREVIATED = re.compile(r"\b(?:Inc|Co|Corp|Ltd|Jr|Sr|Bros|Cos|Esq|Bhd|Pty|Pvt|Ph\.D|[A-Z])\.$")
_OPENING = "<>_^ \t\n\"“‘'([{,;:–—-*•#/"
_CLOSING = "<>([{* \t\n\"”’')]},;:–—-/"

_LEGAL = r"(?:Inc|Corp|Ltd|LLC|LLP|[Pp]lc|PLC|GmbH|SpA|Bhd|AG|NV)"
_LEGAL_TAIL = re.compile(rf"(?:\s(?:Group|Holdings|and|&))?(?:,?\s(?:{_LEGAL}|Co|Cos|SA|S\.A)\.?)+$")
# In a headline in capitals a legal form ends the name: "MARLOWE CORP BUYS".
_LOUD_FORM = re.compile(
    r"[A-Z0-9 &.,'’-]*?\b(?:INC|CORP|LTD|PLC|LLC)\b(?=\s(?!(?:LTD|INC|PLC|LLC|AND|OF)\b)[A-Z0-9]+\b)"
)
_BREAK = re.compile(
    # a line end; a stroke; the end of a sentence, which a word of five letters or a legal form closes
    r"(?<!\s)\s*\n\s*|\s/\s|(?<=[a-z]{5})[.!?][\"”’)]*\s+(?=[\"“‘]?[A-Z])|"
    r"(?<=[a-z])\s(?:d|vs?)\.\s(?=[A-Z])|"  # beat, or versus
    # a hyphen for a dash, before or after letters or before small ones; not that of "Al - Quill"
    r"(?<=[A-Z]{3})\s-\s(?=[A-Z][a-z])|(?<=[a-z])\s-\s(?=[A-Z]{3}|[a-z])|"
    rf"(?<=\b(?:Inc|Ltd))\.\s+(?!{_LEGAL}\b)(?=[A-Z])"
)
# The subject that wire services put before a headline: "Soccer-Dover beat Deal", "UPDATE 2-Marlowe grows".
_SLUG = re.compile(
    r"^(?:soccer|football|tennis|golf|cricket|rugby(?:\s(?:union|league))?|basketball|baseball|(?:ice\s)?hockey|"
    r"cycling|athletics|swimming|boxing|motor\s?racing|motorcycling|olympics|skiing|alpine\sskiing|sailing|"
    r"factbox|timeline|exclusive|analysis|update\s\d|wrapup\s\d|corrected|refile|insight|feature|column|brief|"
    r"breakingviews|explainer|graphic|preview|newsmaker|[a-z]+\sroundup)\s?[-:]\s?",
    re.IGNORECASE | re.MULTILINE,
)
_LONG: Final = 6  # words beyond the break; as many are no name but a sentence


def pieces(text: str, span: Span) -> Iterator[Span]:
    """The span, or its parts where it runs on into another line or sentence: two names, not one."""
    stops = [stop.span() for stop in _BREAK.finditer(text, span.start, span.end)]
    if not stops:
        yield span
        return
    starts = [span.start, *(end for _, end in stops)]
    ends = [*(start for start, _ in stops), span.end]
    for start, end in zip(starts, ends):
        if start < end and (start == span.start or text.count(" ", start, end) < _LONG):
            yield replace(span, start=start, end=end)


def trimmed(text: str, span: Span) -> Span | None:
    """The name alone: no quotation marks around it, no possessive, no title, no "the"."""
    start = _whole_initials(text, _after_slug(text, span), span.end)
    start, end = _within_brackets(text, start, _before_markup(text, span))
    start, end = _person(text, start, end) if span.kind == "PER" else (start, end)
    start, end = _stripped(text, start, end)
    possessive = _POSSESSIVE_END.search(text[start:end])
    if possessive and possessive.start() and not own_possessive(text[start:end]):
        end = start + possessive.start()
    start, end = _body(text, start, end) if span.kind == "ORG" else (start, end)
    start, end = _stripped(text, start, end)
    if (start, end) == (span.start, span.end):
        return span
    return replace(span, start=start, end=end) if start < end else None


def without_legal_form(name: str) -> str:
    """As "Marlowe Harbour" of "Marlowe Harbour and Co Ltd" and of "Marlowe Harbour Group Plc"."""
    return _LEGAL_TAIL.sub("", name)


def _after_slug(text: str, span: Span) -> int:
    slug = _SLUG.match(text, text.rfind("\n", 0, span.start) + 1, span.end)
    return max(span.start, slug.end()) if slug else span.start


def _whole_initials(text: str, start: int, end: int) -> int:
    """Where a name begins that the tagger began within letters: "P. Moss" of "A.P. Moss"; without letters
    that name a place: "S. Treasury" of "U.S. Treasury"."""
    before = _LETTERS_BEFORE.search(text, max(0, start - 8), start)
    rest = _LETTER.match(text, start, end)
    if not before or not rest:
        return start
    return rest.end() if before[0] + rest[0].rstrip() in _PLACES else before.start()


def _before_markup(text: str, span: Span) -> int:
    brackets = (text.find(bracket, span.start + 1, span.end) for bracket in "<>")
    return min((place for place in brackets if place >= 0), default=span.end)


def _person(text: str, start: int, end: int) -> tuple[int, int]:
    beyond = _BEYOND_PERSON.search(text, start, end)
    half = _HALF_AFTER.match(text, end) if " " in text[start:end] else None
    end = beyond.start() if beyond else half.end() if half else end
    verb = _VERB_END.search(text[start:end])
    end = start + verb.start() if verb else end
    titles = _TITLES_BEFORE.match(text, start, end)
    if titles and any(c.isupper() for c in text[titles.end() : end]):
        start = titles.end()
    return _with_given_name(text, start, end), end


def _body(text: str, start: int, end: int) -> tuple[int, int]:
    for beyond in (_OFFICE_END, _OWNED_END, _SEAT_END):
        found = beyond.search(text[start:end])
        end = start + found.start() if found else end
    press = _SECRETARY.match(text, end) and _PRESS_END.search(text[start:end])
    end = start + press.start() if press else end
    loud = _LOUD_FORM.match(text, start, end)
    end = loud.end() if loud else end
    count = _COUNT_AFTER.match(text, end) and _COUNT_END.search(text[start:end])
    end = start + count.start() if count else end
    for before in (_THE, _SMALL_BEFORE):
        found = before.match(text, start, end)
        start = found.end() if found and found.end() < end else start
    preposition = _PREPOSITION.match(text, start, end)
    if not preposition:
        return start, end
    rest = text[preposition.end() : end]  # "Congress" of "of Congress", but nobody of "and Canada"
    return (preposition.end() if " " in rest or is_body_word(fold(rest)) else end), end


def _with_given_name(text: str, start: int, end: int) -> int:
    """Where a lone surname begins, with the given name that the tagger took for a word: "Mark Zuckerberg"."""
    if " " in text[start:end]:
        return start
    before = _WORD_BEFORE.search(text, max(0, start - 20), start)
    if not before or fold(before[1]) not in GIVEN:
        return start
    begins_sentence = not text[: before.start(1)].rstrip(" “\"‘'(")[-1:].strip(".!?:\n")
    return start if begins_sentence and fold(before[1]) in ALSO_WORDS else before.start(1)


def _within_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Without what lies beyond a bracket that is not closed or not opened: "UN) General Assembly"."""
    name = text[start:end]
    if ")" in name[:-1] and "(" not in name:
        return start + name.index(")") + 1, end
    if "(" in name and ")" not in name and text[end : end + 1] != ")":
        return start, start + name.index("(")
    return start, end


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _OPENING:
        start += 1
    while end > start and text[end - 1] in _CLOSING and not _closes(text, start, end):
        end -= 1
    if end - start > 1 and text[end - 1] == "." and not _ABBREVIATED.search(text, start, end):
        end -= 1
    return start, end


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the last character closes a bracket that the name opens: "Unite (UK)"."""
    return text[end - 1] == ")" and "(" in text[start:end]

"""What the whole article knows and one passage does not: mend the tagger's spans.

Cut what is no part of a name, let every place where a name stands vote on what it names, and mark the
repeats that the tagger overlooked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from searcher.extract.names.lexicon import GIVEN, NOBODY, TITLES, fold, own_possessive, without_possessive
from searcher.extract.names.people import name_words
from searcher.extract.names.tagger import Kind, Span
from searcher.naming import word_set

__all__ = ["repair"]

# Surnames that are also words which open sentences: a lone one is marked only where the tagger saw it.
_WORDS: Final = word_set(
    """
    may will mark grant rose hope young brown white black green long king page bush gore price west north
    south east banks day love rice stone hill wood bill major good best little street field park church
    baker president state national house bank case cook hunt law lane marsh moss ray reed rock short sharp
    sun swift wise christian english french german irish welsh scott summer winter spring monday friday
    march april june august
    """
)
_LINE = re.compile(r"[\n<]")
_ADDRESS = re.compile(r"https?://|www\.|@|\.(?:com|org|net|co\.\w\w|html?)/|[/_]{1}\w+/")
_TITLES_BEFORE = re.compile(
    r"(?:(?:"
    + "|".join(sorted((re.escape(title) for title in TITLES), key=len, reverse=True))
    + r")\.?\s+)+",
    re.IGNORECASE,
)
_BEYOND_PERSON = re.compile(r"['’]s\s|,?\s+\d+\b")  # "Quill’s boat", "Quill, 41"
_POSSESSIVE_END = re.compile(r"['’]s$|(?<=s)['’]$")
_WORD_BEFORE = re.compile(r"(?<![\w.’'-])([A-Z]\w+) $")
_OFFICE_END = re.compile(r"(?<=\w)\s+(?:C[EFTO]O|[Cc]hief|[Pp]resident|[Cc]hairman|boss|spokes(?:wo)?man)$")
_HYPHEN_BEFORE = re.compile(r"(?<![\w-])(?!(?:Ex|Non|Anti|Pro|Pre|Post|Mid|Sino)-)[A-Z][a-z]{3,}-$")
_THE = re.compile(r"(?:['’]?s\s+)?(?:the\s+)?", re.IGNORECASE)
_OPEN_END = re.compile(r"\b(?:of|for|and|in|at|de|du|of the|for the)$")
_ABBREVIATED = re.compile(r"\b(?:Inc|Co|Corp|Ltd|Jr|Sr|Bros|Cos|Esq|Bhd|Pty|Pvt|Ph\.D|[A-Z])\.$")
_OPENING = "<> \t\"“‘'([{,;:–—-*•#"
_CLOSING = "<>([{ \t\"”’')]},;:–—-"
# Places and politicians that look like bodies: nobody joins a street, "Texas Democrat" is one person.
_NO_BODY = re.compile(
    r"\b(?:Street|Avenue|Boulevard|Highway|Bridge|Airport|Stadium|Arena|Amphitheat(?:re|er)|"
    r"\w+ (?:Democrat|Republican)s?)$",
    re.IGNORECASE,
)
_SURE: Final = 0.9
_RIVALS: Final[tuple[Kind, ...]] = ("PER", "ORG", "Product")
# A name is kept whose surest place (any shared word counts for people) reaches this. Swept on news: what
# falls away up to here is wrong more often than right.
_LEAST: Final[dict[Kind, float]] = {"PER": 0.75, "ORG": 0.7}
_REPEAT_CONFIDENCE: Final = 0.8  # of a mention marked only because the name stands elsewhere in the article


def repair(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans of people and organisations, in order, none overlapping another."""
    whole = _joined(text, [_from_hyphen(text, span) for span in sorted(spans)])
    named = [span for span in (_trimmed(text, span) for span in whole) if span and _can_be(text, span)]
    voted = _backed(text, _voted(text, named))
    return _apart([*voted, *_repeats(text, voted)])


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """One name of two spans: "University of" + "Auckland"."""
    joined: list[Span] = []
    for span in spans:
        left = joined[-1] if joined else None
        if left and left.kind == "ORG" and _go_together(text, left, span):
            joined[-1] = replace(left, end=span.end)
        elif left and span.start < left.end:
            joined[-1] = _merged(left, span)
        else:
            joined.append(span)
    return joined


def _merged(left: Span, right: Span) -> Span:
    """Of two that overlap since the second begins with a hyphened word: the name, or both if both are."""
    if left.kind == right.kind:
        return replace(left, end=max(left.end, right.end))
    return left if left.kind in _LEAST else right


def _from_hyphen(text: str, span: Span) -> Span:
    """From where the word begins: "Marlowe-Quill", not "Quill" alone."""
    before = _HYPHEN_BEFORE.search(text, max(0, span.start - 30), span.start)
    return replace(span, start=before.start()) if before and span.kind in _LEAST else span


def _go_together(text: str, left: Span, right: Span) -> bool:
    """As "University of" + "Auckland", and "Marlowe Securities" + "Japan) Ltd" with a bracket between."""
    gap = text[left.end : right.start]
    if gap in (" ", " the ") and right.kind in ("LOC", "NORP", "ORG"):
        return bool(_OPEN_END.search(text[left.start : right.start].rstrip()))
    return gap == " (" and right.kind == "ORG" and ")" in text[right.start : right.end]


def _trimmed(text: str, span: Span) -> Span | None:
    """The name alone: one line, no quotation marks around it, no possessive, no title, no "the"."""
    start, end = span.start, span.end
    line = _LINE.search(text, start, end)
    end = line.start() if line else end
    if span.kind == "PER":
        beyond = _BEYOND_PERSON.search(text, start, end)
        end = beyond.start() if beyond else end
        titles = _TITLES_BEFORE.match(text, start, end)
        if titles and any(c.isupper() for c in text[titles.end() : end]):
            start = titles.end()
        start = _with_given_name(text, start, end)
    start, end = _stripped(text, *_within_brackets(text, start, end))
    possessive = _POSSESSIVE_END.search(text[start:end])
    if possessive and possessive.start() and not own_possessive(text[start:end]):
        end = start + possessive.start()
    if span.kind == "ORG":
        office = _OFFICE_END.search(text[start:end])
        end = start + office.start() if office else end
    the = _THE.match(text, start, end)
    start = the.end() if the and span.kind == "ORG" and the.end() < end else start
    start, end = _stripped(text, start, end)
    return replace(span, start=start, end=end) if start < end else None


def _with_given_name(text: str, start: int, end: int) -> int:
    """Where a lone surname begins, with the given name that the tagger took for a word: "Mark Zuckerberg"."""
    if " " in text[start:end]:
        return start
    before = _WORD_BEFORE.search(text, max(0, start - 20), start)
    if not before or fold(before[1]) not in GIVEN:
        return start
    begins_sentence = not text[: before.start(1)].rstrip(" “\"‘'(")[-1:].strip(".!?:\n")
    return start if begins_sentence and fold(before[1]) in _WORDS else before.start(1)


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


def _can_be(text: str, span: Span) -> bool:
    name = text[span.start : span.end]
    if not any(c.isalpha() for c in name) or len(name) < 2 or name.islower():
        return False
    if span.kind in _LEAST and _signs_off(text, span):
        return False
    if span.kind == "ORG" and _NO_BODY.search(name):
        return False
    if span.kind in ("PER", "ORG") and fold(name) in NOBODY:
        return False
    around = text[max(0, span.start - 12) : span.end + 5]
    return not (_ADDRESS.search(around) and _in_address(text, span))


def _signs_off(text: str, span: Span) -> bool:
    """Whether it is a ticker ("Marlowe Corp <MRL>") or the agency's word at the very end of its report."""
    if text[max(0, span.start - 1) : span.start] == "<" and text[span.end : span.end + 1] in (">", "."):
        return True
    alone = text[max(0, span.start - 1) : span.start] == "\n" and not text[span.end :].strip()
    return alone and span.end - span.start <= 8


def _in_address(text: str, span: Span) -> bool:
    """Whether the word that the span lies in is a web or mail address."""
    start = max(text.rfind(" ", 0, span.start), text.rfind("\n", 0, span.start)) + 1
    stops = [place for place in (text.find(" ", span.end), text.find("\n", span.end)) if place >= 0]
    word = text[start : min(stops, default=len(text))]
    return bool(_ADDRESS.search(word)) and not word.startswith("@")


def _voted(text: str, spans: Sequence[Span]) -> list[Span]:
    """Every name of one kind throughout; what is neither person nor organisation is left out."""
    ballot = _Ballot(text, spans)
    elected = [replace(span, kind=ballot.elected(span)) for span in spans]
    return _sure(text, [span for span in elected if span.kind in _LEAST])


def _backed(text: str, spans: Sequence[Span]) -> list[Span]:
    """Without names that only a line in capitals holds, where every word looks like one; an article all in
    capitals is left as it is."""
    shouted = [_in_capitals(text, span) for span in spans]
    if not any(shouted) or all(shouted):
        return list(spans)
    known = {key for span, loud in zip(spans, shouted) if not loud for key in _marks_of(text, span)}
    return [
        span
        for span, loud in zip(spans, shouted)
        if not loud or known.intersection(_marks_of(text, span)) or _starts_known(text, span, known)
    ]


def _in_capitals(text: str, span: Span) -> bool:
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    line = text[start : end if end >= 0 else len(text)]
    return line.isupper() and len(line) > span.end - span.start + 8


def _starts_known(text: str, span: Span, known: set[tuple[Kind, str]]) -> bool:
    """As "BOEING" in a headline above "Boeing Co"."""
    name = fold(without_possessive(text[span.start : span.end]))
    return any(kind == span.kind and key.startswith(f"{name} ") for kind, key in known)


def _sure(text: str, spans: Sequence[Span]) -> list[Span]:
    """Those whose name is found with some confidence at least once."""
    best: dict[tuple[Kind, str], float] = defaultdict(float)
    keys = [_marks_of(text, span) for span in spans]
    for span, mine in zip(spans, keys):
        for key in mine:
            best[key] = max(best[key], span.confidence)
    return [span for span, mine in zip(spans, keys) if max(best[key] for key in mine) >= _LEAST[span.kind]]


def _marks_of(text: str, span: Span) -> list[tuple[Kind, str]]:
    """What two mentions of one name share: for people any word, for organisations all of them."""
    written = text[span.start : span.end]
    if span.kind == "PER":
        return [(span.kind, word) for word in name_words(written)] or [(span.kind, written)]
    return [(span.kind, fold(without_possessive(written)))]


class _Ballot:
    """How much of an article, by confidence, takes a name for what."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text = text
        self._votes: dict[tuple[str, ...], dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
        self._bearers: dict[str, float] = defaultdict(float)  # given name or surname -> places of full names
        self._begun: dict[str, float] = defaultdict(float)  # first word -> places of longer organisations
        for span in spans:
            key = self._key(span)
            self._votes[key][span.kind] += span.confidence
            if span.kind == "ORG" and len(key) > 1:
                self._begun[key[0]] += span.confidence
            words = name_words(text[span.start : span.end]) if span.kind == "PER" else ()
            if len(words) > 1:
                self._bearers[words[-1]] += span.confidence
                self._bearers[words[0]] += span.confidence

    def elected(self, span: Span) -> Kind:
        """A lone word is a person if it is part of a known person's name, an organisation if it begins a
        known one's name; else most of the places where a name stands decide."""
        key, kind = self._key(span), span.kind
        votes = self._votes[key]
        person, body = votes.get("PER", 0.0), votes.get("ORG", 0.0)
        if len(key) == 1 and kind == "ORG" and key[0] in self._bearers:
            return "PER" if body <= self._bearers[key[0]] + person else kind
        if len(key) == 1 and kind == "PER" and key[0] in self._begun and key[0] not in self._bearers:
            return "ORG" if person <= self._begun[key[0]] + body else kind
        if kind == "LOC" or len(votes) == 1:
            return kind  # a city may be its club a line later …
        if kind == "ORG" and votes.get("LOC", 0.0) > 2 * body and span.confidence < _SURE:
            return "LOC"  # … where the tagger is sure of it
        rivals: dict[Kind, float] = {other: votes[other] for other in _RIVALS if other in votes}
        return max(rivals, key=lambda other: (rivals[other], other == kind)) if kind in rivals else kind

    def _key(self, span: Span) -> tuple[str, ...]:
        """Its folded words, legal form included: a body with one is never a person."""
        return tuple(fold(without_possessive(self._text[span.start : span.end])).split())


def _repeats(text: str, spans: Sequence[Span]) -> list[Span]:
    """Places where a name of the article stands unmarked."""
    known = _worth_finding(text, spans)
    if not known:
        return []
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w-])")
    taken = bytearray(len(text) + 1)
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    found = []
    for match in pattern.finditer(text):
        kind = known[match.group()]
        start, end = match.span()
        if not any(taken[start:end]) and not _part_of_longer(text, start, end, kind):
            found.append(Span(start, end, kind, _REPEAT_CONFIDENCE))
    return found


def _worth_finding(text: str, spans: Sequence[Span]) -> dict[str, Kind]:
    counts = Counter((text[span.start : span.end], span.kind) for span in spans)
    known: dict[str, Kind] = {}
    for (name, kind), count in counts.items():
        words = name.split()
        if kind == "PER" and len(words) > 1 and not name.isupper():
            known[name] = "PER"
            surname = words[-1]
            if len(surname) > 3 and surname[0].isupper() and fold(surname) not in _WORDS:
                known.setdefault(surname, "PER")
        elif kind == "ORG" and len(name) > 3 and (len(words) > 1 or count > 1) and not name.isupper():
            known.setdefault(name, "ORG")
    return known


def _part_of_longer(text: str, start: int, end: int, kind: Kind) -> bool:
    """Whether a single word stands beside another capitalised one: "Kim Wexler" is not the Wexler known."""
    if " " in text[start:end]:
        return False
    if re.match(r"\s[A-Z]", text[end : end + 2]):
        return True
    if kind == "ORG":
        return False
    before = re.search(r"(^|[.!?\n“\"]\s*)?([A-Z][\w’'-]*)\.?\s$", text[max(0, start - 25) : start])
    return bool(before and before[1] is None and fold(before[2]) not in TITLES)


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Of two that overlap the first, and of two that begin together the longer."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept

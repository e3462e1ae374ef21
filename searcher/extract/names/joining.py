"""One name of several spans: "University of" + "Auckland", "Marlowe" + "Quill & Co"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from searcher.extract.names.firsts import is_initials
from searcher.extract.names.lexicon import FIRMS, fold
from searcher.extract.names.tagger import Span

__all__ = ["joined"]

# The partners of a firm, and how such a list ends; the legal form alone may end one of several firms as well.
_FIRM_END = (
    r"\s(?:&|and)\s(?:(?:Co|Company|Sons|Bros|Partners)\b|"
    r"(?P<last>[A-Z][a-z]\w+(?:\s(?:Securities|Capital))?\s(?:Inc|Corp|Ltd|Plc|LLC|LLP)\b))"
)
_NO_FORM = r"(?!(?:Inc|Corp|Co|Ltd|Plc)\b)"
_PARTNER_NAME = rf"{_NO_FORM}[A-Z][\w’'-]+(?:\s{_NO_FORM}[A-Z][\w’'-]+)?"
_FIRM = re.compile(rf"(?<![\w’'-])(?:{_PARTNER_NAME},\s){{1,5}}{_PARTNER_NAME}{_FIRM_END}")
_ENDS_FIRM = re.compile(_FIRM_END)
# Follows "and" in the name of a company whose first half looks like somebody: "Quill Tire and Rubber Co".
_TRADE = re.compile(
    r"(?:Rubber|Gas|Electric|Power|Light|Iron|Steel|Lumber|Chemical|Trust|Oil|Tele\w+|Paper|Coal|Refining|"
    r"Manufacturing|Smelting|Mining|Shipping|Transport\w*)\s(?:Inc|Corp|Co|Company|Ltd|Plc)\b"
)
_LONE = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)?")
_PARTNER = re.compile(
    r"([A-Z][a-z]+)(?:\s(?:Securities|Capital|Group|Holdings|Banking|Insurance))?\s"
    r"(?:Inc|Corp|Co|Company|Ltd|Plc|PLC|LLC|LLP|Group|Holdings)\b"
)
# Swept over pairs in 4,600 articles: most of those below are one firm, most of those above two.
_WELL_KNOWN: Final = 0.99
_PARTNERS: Final = 0.98  # of the least sure of a list of partners; companies in a list are surer
_OPEN_END = re.compile(r"\b(?:of|for|and|in|at|de|du|of the|for the)$")
_INITIAL_END = re.compile(r"\w [A-Z]\.$")
# A nickname within a name, and what the tagger leaves between its parts.
_NICKNAME = re.compile(r"(?:the )?[\w.-]+(?: [\w.-]+)?[\"”’] [A-Z]", re.IGNORECASE)
_NICKNAME_BEFORE = re.compile(r"\w [\"“‘][^\"“‘]+$")
_OPENS = (' "', " “", " ‘")
_CLOSES = ('" ', "” ", "’ ")
_NAMED = ("PER", "ORG")
_LONGEST_PAIR = 4  # spaces in what an ampersand makes one name: "Stanley Black & Decker"


def joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans in order, those made one that go together."""
    return _firms(text, _neighbours(text, spans))


def _neighbours(text: str, spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        left = joined[-1] if joined else None
        if left and left.kind == span.kind == "PER" and _goes_on(text, left, span):
            joined[-1] = replace(left, end=span.end, confidence=max(left.confidence, span.confidence))
        elif left and left.kind in _NAMED and _go_together(text, left, span):
            joined[-1] = Span(left.start, span.end, "ORG", max(left.confidence, span.confidence))
        elif left and span.kind == "ORG" and span.start <= left.start:  # it has got its first letters
            joined[-1] = replace(span, end=max(left.end, span.end))
        elif left and span.start < left.end:
            joined[-1] = _merged(left, span)
        else:
            joined.append(span)
    return joined


def _goes_on(text: str, left: Span, right: Span) -> bool:
    """As "Ada B." + "Quill", which looks like the end of a sentence, and "Ada" + "“Bee” Quill"."""
    gap = text[left.end : right.start]
    if gap in (" ", ". "):
        return bool(_INITIAL_END.search(text[left.start : right.start - 1]))
    if gap in _OPENS:
        return bool(_NICKNAME.match(text, right.start))
    return gap in _CLOSES and bool(_NICKNAME_BEFORE.search(text, left.start, left.end))


def _go_together(text: str, left: Span, right: Span) -> bool:
    """As "University of" + "Auckland", and "Marlowe Securities" + "Japan) Ltd" with a bracket between."""
    gap = text[left.end : right.start]
    if gap in ("", " ") and right.kind == "ORG" and is_initials(text[left.start : left.end]):
        return True
    if gap == " and " and right.kind == "ORG":
        known = fold(text[left.start : right.end]) in FIRMS
        return known or bool(_TRADE.match(text, right.start, right.end)) or _are_partners(text, left, right)
    if gap == " & " and left.kind == right.kind == "ORG":
        return text.count(" ", left.start, right.end) <= _LONGEST_PAIR
    if left.kind == "PER":
        return False
    if gap == " " and right.kind == "ORG" and not text[right.start : right.end].isupper():
        return text[left.end - 1].isalpha() and text[right.start].isalpha()  # no scores: "Dover 2 Deal 1"
    if gap in (" ", " the ") and right.kind in ("LOC", "NORP", "ORG"):
        return bool(_OPEN_END.search(text[left.start : right.start].rstrip()))
    return gap == " (" and right.kind == "ORG" and ")" in text[right.start : right.end]


def _are_partners(text: str, left: Span, right: Span) -> bool:
    """As "Marlowe" + "Quill Inc", where neither stands without the other; two well-known companies, of which
    the tagger is sure, are rather two."""
    partner = _PARTNER.match(text, right.start, right.end)
    name = text[left.start : left.end]
    if not partner or not _LONE.fullmatch(name) or left.confidence >= _WELL_KNOWN:
        return False
    pairs = len(re.findall(rf"\b{re.escape(name)} (?:and|&) {partner[1]}\b", text))
    return name == partner[1] or all(text.count(one) == pairs for one in (name, partner[1]))


def _merged(left: Span, right: Span) -> Span:
    """Of two that overlap since the second begins with a hyphened word: the name, or both if both are."""
    if left.kind == right.kind:
        return replace(left, end=max(left.end, right.end))
    return left if left.kind in _NAMED else right


def _firms(text: str, spans: Sequence[Span]) -> list[Span]:
    """One name of the partners that a firm lists: "Marlowe, Quill & Co"."""
    firms = _FIRM.finditer(text) if _ENDS_FIRM.search(text) else ()
    kept: list[Span] = []
    number = 0
    for firm in firms:
        start, end = firm.span()
        first = bisect_left(spans, start, number, key=attrgetter("end"))
        last = bisect_left(spans, end, first, key=attrgetter("start"))
        within = spans[first:last]
        kept += spans[number:first]
        partners = within and within[0].start == start and all(span.kind in _NAMED for span in within)
        if partners and (not firm["last"] or min(span.confidence for span in within) < _PARTNERS):
            within = [Span(start, max(end, within[-1].end), "ORG", max(span.confidence for span in within))]
        kept += within
        number = last
    return [*kept, *spans[number:]]

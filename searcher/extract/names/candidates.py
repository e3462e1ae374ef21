"""What looks like a name and is none: tickers, sign-offs, addresses, countries, datelines, market indices."""

from __future__ import annotations

import re
from typing import Final

from searcher.extract.names.bodies import is_body_word
from searcher.extract.names.lexicon import COUNTRIES, FIRMS, SUFFIXES, fold
from searcher.extract.names.tagger import Span
from searcher.names.normalise import word_set

__all__ = ["can_be"]

_NAMED: Final = ("PER", "ORG")
_ADDRESS = re.compile(r"https?://|www\.|@|\.(?:com|org|net|co\.\w\w|html?)/|[/_]{1}\w+/")
# Places and politicians that look like bodies: nobody joins a street, "Texas Democrat" is one person.
_NO_BODY = re.compile(
    r"\b(?:Street|Avenue|Boulevard|Highway|Bridge|Airport|Stadium|Arena|Amphitheat(?:re|er)|"
    r"Composite|Average|Index|\w+ (?:Democrat|Republican)s?)$",
    re.IGNORECASE,
)
# A measure of a market, not who runs it: "Dow Jones industrial average", "S&P 500".
_INDEX_AFTER = re.compile(
    r"\s(?:industrials?\s)?(?:average|composite|100|200|225|250|300|350|500|600|1000|2000)\b", re.IGNORECASE
)
_INDEX_END = re.compile(r"\s(?:100|200|225|250|300|350|500|600|1000|2000)$")
# Where an article was written, up to its dash: "DOVER, N.H. — ", "DOVER, Aug 3 (Reuters) - ".
_DAY = r",\s[A-Z][a-z]+\.?\s\d\d?"
_WIRE = r"\s?\([^()\n]{2,30}\)\s"
_DATELINE = re.compile(
    rf"(?:(?:,\s(?:[A-Z][a-z]*\.?){{1,4}}(?:{_DAY})?|{_DAY})(?:{_WIRE}|\s)?|{_WIRE})(?:—|–|--?\s)"
)
# What a debt is rated, beside words of that trade: "Baa-3", "AA by Marlowe", "the AAA senior debt".
_RATING = re.compile(r"AAA?|Aaa?|BBB?|Baa?|CCC?|Caa?|Prime")
_RATING_AFTER = re.compile(
    r"-?[1-3]\b|[ -](?:plus|minus)\b|[+-](?!\w)|"
    r"\s(?:(?:credit\s)?rat(?:ed|ings?)|senior|subordinated|long-term|short-term|unsecured)\b"
)
_RATING_BEFORE = re.compile(r"\brat(?:ed|ings?)\s(?:(?:is|of|at|as|to)\s)?$")
_FAR: Final = 12  # characters that such words can take
# A law is called by those who wrote it: "Hart-Scott-Rodino".
_LAW = re.compile(r"[A-Z][a-z]{3,}(?:-[A-Z][a-z]{3,}){2,}")
_PARTY = re.compile(r"[DRI]-[A-Z]")  # "Ada Quill (R-Wash.)"
# No name but a kind of company: "Co Inc", "an S Corporation".
_LEGAL_ALONE = re.compile(
    r"(?:[A-Z][\s-](?=[Cc]orp))?(?:(?:Inc|Cos?|[Cc]orp(?:oration)?|Ltd|LLC|[Pp]lc|PLC|NV|SA|AG|SRL|GmbH|SpA|BV)[\s.,]*)+"
)
_END = re.compile(r"[\s.…]*\Z")
_TICKER = re.compile(r"(?<=[<(\[])[A-Z0-9]{1,6}\.[A-Z]{1,2}(?=[)>\]])")
_TICKER_BEFORE = re.compile(r"(?:<[A-Z]*\.?|\[[A-Z]{2,6}\.)$")
# The state after a town: "Somerset, NJ". It has the letters of a body, and the town those of a club.
_STATES: Final = word_set(
    """
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH
    OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC
    """
)
_ABBREVIATED_STATES: Final = word_set(
    """
    ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla
    ont ore pa que sask tenn tex va vt wash wis wyo alta
    """
)
_TOWN_IN_STATE = re.compile(r"(?:[A-Z][a-z]+\.?\s){0,2}([A-Z][a-z]+),\s([A-Z]{2})")
_TOWN_BEFORE = re.compile(r"[a-z],\s$")
_STATE_BEFORE = re.compile(r"(?:[a-z],\s|\((?:[DRI]-)?)$")
_STATE_AFTER = re.compile(r",\s([A-Z]{2}\b(?![-&.])|[A-Z][a-z]{2,4}(?=\.))")
# A rank that its full stop parts from the name: "Cmdr. Ada Quill".
_RANKS: Final = word_set(
    "st mt cmdr capt lt col sgt maj gen sen rep gov atty dr mr mrs ms messrs rev hon prof pres"
)
_WIRES: Final = word_set("reuter reuters ap afp upi dpa")


def can_be(text: str, span: Span) -> bool:
    """Whether a span can name somebody at all, whatever the tagger thinks."""
    name = text[span.start : span.end]
    if sum(c.isalnum() for c in name) < 2 or not any(c.isalpha() for c in name) or name.islower():
        return False
    if span.kind == "PER" and fold(name).rstrip(".") in SUFFIXES:
        return False  # "Jr." that a sentence left out has parted from its name
    if span.kind in _NAMED and (_signs_off(text, span) or _LAW.fullmatch(name)):
        return False
    if span.kind in _NAMED and _NO_BODY.search(name) and fold(name) not in FIRMS:
        return False
    if span.kind in _NAMED and _is_abbreviated_state(text, span):
        return False
    if span.kind == "ORG" and (
        _LEGAL_ALONE.fullmatch(name)
        or _is_index(text, span)
        or _is_rating(text, span)
        or _in_dateline(text, span)
        or _is_country_or_state(text, span)
    ):
        return False
    if _PARTY.match(name) or fold(name).rstrip(".") in _RANKS:
        return False
    around = text[max(0, span.start - 12) : span.end + 5]
    return not (_ADDRESS.search(around) and _in_address(text, span))


def _is_index(text: str, span: Span) -> bool:
    if text[span.start : span.end] == "Dow" and text[max(0, span.start - 4) : span.start].lower() == "the ":
        return True  # the company goes without "the"
    return bool(_INDEX_AFTER.match(text, span.end) or _INDEX_END.search(text[span.start : span.end]))


def _is_rating(text: str, span: Span) -> bool:
    if not _RATING.fullmatch(text, span.start, span.end):
        return False
    before = _RATING_BEFORE.search(text, max(0, span.start - _FAR), span.start)
    return bool(before or _RATING_AFTER.match(text, span.end))


def _is_country_or_state(text: str, span: Span) -> bool:
    name = text[span.start : span.end]
    town = _TOWN_IN_STATE.fullmatch(name)
    if town and town[2] in _STATES and not is_body_word(fold(town[1])):
        return True
    if name in _STATES:
        return bool(_TOWN_BEFORE.search(text, max(0, span.start - 3), span.start))
    state = _STATE_AFTER.match(text, span.end)
    known = state and (state[1] in _STATES or state[1].lower() in _ABBREVIATED_STATES)
    return fold(name) in COUNTRIES or bool(known)


def _is_abbreviated_state(text: str, span: Span) -> bool:
    """As in "Somerset, Calif." and "Ada Quill (D-Calif.)"."""
    name = text[span.start : span.end].rstrip(".").lower()
    return name in _ABBREVIATED_STATES and bool(
        _STATE_BEFORE.search(text, max(0, span.start - 3), span.start)
    )


def _in_dateline(text: str, span: Span) -> bool:
    return text[span.start - 1 : span.start] in ("", "\n") and bool(_DATELINE.match(text, span.end))


def _signs_off(text: str, span: Span) -> bool:
    """Whether it is a ticker ("Marlowe Corp <MRL.L>") or the agency's word at the very end of its report."""
    name = text[span.start : span.end]
    ticker = _TICKER.match(text, span.start)
    if ticker and ticker.end() >= span.end:
        return True
    if name.isupper() and " " not in name and _TICKER_BEFORE.search(text, max(0, span.start - 8), span.start):
        return True
    if not _END.match(text, span.end):
        return False
    alone = text[: span.start].rstrip(" -")[-1:] == "\n"
    return alone and (fold(name) in _WIRES or (span.kind == "ORG" and len(name) <= 8))


def _in_address(text: str, span: Span) -> bool:
    """Whether the word that the span lies in is a web or mail address."""
    start = max(text.rfind(" ", 0, span.start), text.rfind("\n", 0, span.start)) + 1
    stops = [place for place in (text.find(" ", span.end), text.find("\n", span.end)) if place >= 0]
    word = text[start : min(stops, default=len(text))]
    return bool(_ADDRESS.search(word)) and not word.startswith("@")

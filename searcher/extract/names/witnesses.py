"""Words beside a name that only bodies have: "Marlowe chief executive Ada Quill", "shares in Marlowe"."""

from __future__ import annotations

import re
from typing import Final

from searcher.extract.names.lexicon import FIRMS, fold, without_possessive
from searcher.extract.names.tagger import Span

__all__ = ["shows_body"]

_MONEY = r"(?:profits?|loss(?:es)?|income|earnings|sales|revenues?|results)"
_PERIOD = (
    r"(?:quarterly|annual|net|(?:full|half)-year|(?:first|second)-half|"
    r"(?:first|second|third|fourth)[- ]quarter)"
)
# What companies and clubs have and people have not.
_HAS = re.compile(
    r"\s(?:co-?founder|founder|(?:vice[- ])?chairman|chairwoman|chief\s(?:executive|financial|operating)|"
    r"C[EFTO]O|shares\s(?:rose|fell|were|are|have|had|closed|gained|dropped|jumped)|shareholders|employees|"
    r"(?:analyst|economist|strategist)\s[A-Z]\w+|"
    r"guard|striker|midfielder|defender|defenseman|goalkeeper|winger|quarterback|pitcher)\b|"
    r"-(?:owned|listed)\b|"
    rf"['’]s?\s(?:shareholders|chief\sexecutive|{_PERIOD}\s{_MONEY})\b|"
    rf"\s(?:posted|reported|forecasts?|books?|booked)\s(?:an?\s)?(?:\w+\s)?{_PERIOD}\s{_MONEY}\b|"
    rf"\ssaid\s[^.\n]{{0,40}}?\b(?:its\s)?{_PERIOD}\s{_MONEY}\b|"
    r"\s\((?:NYSE|NASDAQ|Nasdaq|LSE|LON|TSX|ASX)\s?:|\s[(<\[][A-Z]{2,5}(?:\.[A-Z]{1,2}[)>\]]|>)"
)
_OF = re.compile(
    r"\b(?:[Ss]hares\s(?:of|in)|stake\sin|acquisition\sof|chief\sexecutive\sof|C[EFTO]O\sof|founder\sof|"
    r"subsidiary\sof|unit\sof|employees\s(?:of|at)|shareholders\sof|"
    r"(?:analysts?|economists?|strategists?)\s(?:at|with|from)|"
    r"(?:(?:car|auto|truck|plane|chip|drug|steel|toy|phone)maker|retailer|lender|insurer|airline|brokerage|start-?up|giant|conglomerate|consultancy|"
    r"newspaper|supermarket|investment\sbank|law\sfirm|company))\s$"
)
_NAMED = re.compile(
    r"\b(?:appoint|nam|elect|promot|replac|mak|made|hir)(?:e?s|ed|ing)?\s(?:\w+\s)?$"
)  # him head of it
_BACK: Final = 26  # characters that _OF can take
_LEGAL_TAIL = re.compile(r",?\s(?:inc|corp|co|ltd|plc|group|holdings)\.?$")


def shows_body(text: str, span: Span) -> bool:
    """Whether what stands beside a name, or the name itself, shows that it is no person's."""
    back = max(0, span.start - _BACK)
    if _HAS.match(text, span.end) and not _NAMED.search(text, back, span.start):
        return True
    if _OF.search(text, back, span.start):
        return True
    return _LEGAL_TAIL.sub("", fold(without_possessive(text[span.start : span.end]))) in FIRMS

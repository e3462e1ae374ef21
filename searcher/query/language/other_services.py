"""Reject the syntax of other search services, which would otherwise be searched as words. Factiva, Nexis and
ProQuest write fields as ``hd=…`` or ``headline(…)``, distances as ``/n5`` or ``same``, and dates as ``date
aft …``. The errors say what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from searcher.errors import QueryError

#: Maps field names of other services to our field names.
_CODES: Final = {
    "au": "author", "byline": "author", "co": "org", "company": "org", "hd": "title", "hl": "title",
    "hlead": "title", "la": "lang", "pd": "date", "pe": "person", "publication": "source", "rst": "source",
    "sc": "source", "se": "section", "sn": "source", "ti": "title", "wc": "length",
}  # fmt: skip
#: Field codes of other services, for example for subjects and regions, that have no equivalent here.
_UNKNOWN_CODES: Final = {
    "an", "art", "cb", "clr", "cr", "ct", "cy", "fds", "hlp", "ipc", "ipd", "lp", "ns", "re", "td", "vol",
}  # fmt: skip
#: Parts of articles that have no equivalent here. They are also ordinary words, and therefore rejected only
#: before a parenthesis.
_UNKNOWN_PARTS: Final = {
    "body", "cite", "dateline", "geographic", "graphic", "highlight", "industry", "lead", "leadpara",
    "subject", "term", "terms", "ticker",
}  # fmt: skip
_CAPITALS: Final = frozenset(("allcaps", "caps", "nocaps"))
_NUMBERS: Final = frozenset(("plural", "singular"))

_BARE: Final = {"NEAR": "NEAR/5", "ADJ": "ADJ5"}
_OPERATORS: Final = {"||": "OR", "|": "OR", "&&": "AND"}
_ASSIGNED = re.compile(r"([A-Za-z]+)([=<>]+)(\w.*)")
_CALLED = re.compile(r"([A-Za-z]+)\((?!e?s\))")
_DATED = re.compile(r"date\s+(aft|bef|geq|leq|from(?=\s+\d+[/-]))\s+(?:(\d{4})\b)?", re.IGNORECASE)
_SPANS = {"aft": "after:{}-03-01", "geq": "after:{}-03-01", "bef": "before:{}-03-01",
          "leq": "before:{}-03-01", "from": "date:{0}-03-01..{0}-04-01"}  # fmt: skip
_SLASH = re.compile(r"/([nf]?)(\d+|s|p)/?", re.IGNORECASE)
#: “child$3” means up to three more letters. “US$5” and “usd$5” are prices.
_CUT = re.compile(r"([a-z]{4,})\$\d?")
#: Matches a regular expression (“/colou?r/”), but not a path (“/etc/init.d/”).
_REGEX = re.compile(r"/(?=[^\s/]*[.?*+\[({|^$\\])[^\s/]+/(?=[\s)]|$)")
_BOOST = re.compile(r".*\w\^\d+(\.\d+)?")


def field_meant(written: str, fields: Mapping[str, str]) -> str | None:
    """Return the field for a name in another service; ``fields`` are the names known here."""
    name = written.lower()
    return name if name in fields else _CODES.get(name)


def refuse_call(text: str, at: int, fields: Mapping[str, str]) -> None:
    """Raise QueryError for a regular expression, a field before a parenthesis, or dates in words."""
    if _REGEX.match(text, at):
        instead = "Write * for any letters, ? for one letter, (one OR other), or the text in quotation marks."
        raise QueryError(f"Regular expressions are not supported. {instead}", text, at)
    called, dated = _CALLED.match(text, at), _DATED.match(text, at)
    if dated:
        raise QueryError(f"Write {_SPANS[dated[1].lower()].format(dated[2] or 2024)} for dates.", text, at)
    if called and (advice := _call_advice(called[1].lower(), fields)):
        raise QueryError(f"{advice}; for the word leave a space before the parenthesis.", text, at)


def _call_advice(name: str, fields: Mapping[str, str]) -> str | None:
    if name == "hlead":
        return "Write title:(…) for the headline; there is no field for the first paragraph"
    if field := field_meant(name, fields):
        return f"Write {field}:(…) for the field"
    if name in _CAPITALS:
        return "Remove the parentheses; capital letters make no difference here"
    if name in _NUMBERS:
        return "Write the form in quotation marks, to find it as it is written"
    return _nothing_like(name) if name in _UNKNOWN_CODES | _UNKNOWN_PARTS else None


def _nothing_like(name: str) -> str:
    return f"“{name}” is not supported: write the words, or filter by person:, org:, source: or tag:"


def refuse_word(text: str, word: str, at: int, fields: Mapping[str, str]) -> None:
    """Raise QueryError for an operator or field of another service."""
    if advice := _word_advice(word, fields):
        raise QueryError(advice, text, at)


def _word_advice(word: str, fields: Mapping[str, str]) -> str | None:
    slash, cut, assigned = _SLASH.fullmatch(word), _CUT.fullmatch(word), _ASSIGNED.fullmatch(word)
    if word in _BARE:
        return f"State the distance: {_BARE[word]}. For the word itself write “{word.lower()}”."
    if word == "SAME":
        return "Write w/50 for the same paragraph. For the word itself write “same”."
    if slash and slash[1].lower() == "f":
        return "The first words of an article cannot be searched. For the headline write title:(…)."
    if slash:
        return f"Write w/{slash[2] if slash[2].isdecimal() else 15}."
    if cut:
        return f"Write {cut[1]}* for words with this beginning."
    if word in _OPERATORS:
        return f"Write {_OPERATORS[word]} instead of {word}."
    if _BOOST.fullmatch(word):
        return "Words cannot have weights. Remove the ^ and the number."
    if assigned and (name := field_meant(assigned[1], fields)):
        sign = assigned[2] if name == "length" and assigned[2] != "=" else ""
        return f"Write {name}:{sign}{assigned[3]} for the field; put the words themselves in quotation marks."
    if assigned and assigned[1].lower() in _UNKNOWN_CODES:
        return f"{_nothing_like(f'{assigned[1]}{assigned[2]}')}."
    return None

"""Query text to tokens."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn

from searcher import analysis
from searcher.errors import QueryError, QueryTooBroad
from searcher.fields import CASE, FIELDS, NOTE, OWN

__all__ = ["MAX_DISTANCE", "MAX_TOKENS", "Kind", "Token", "is_plain_word", "lex"]

#: A query of more words, operators and parentheses is refused.
MAX_TOKENS = 2_000
#: The largest distance of ``w/n``: more than any article's paragraph has words.
MAX_DISTANCE = 1_000

Kind = Literal[
    "word", "quoted", "field", "and", "or", "not", "near", "before", "atleast", "open", "close", "end"
]


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is the word, the phrase or the name of the field; ``number`` that of w/5 or atleast3."""

    kind: Kind
    text: str
    position: int
    number: int = 0


_FIELD_NAMES: Mapping[str, str] = ChainMap(
    {name: f.name for f in FIELDS for name in (f.name, *f.aliases)},
    {"said": "said", "quote": "said", "after": "after", "before": "before"},
    OWN,
)

_CLOSING = {'"': '"', "“": '”"', "”": '”"', "„": '“”"', "«": "»", "»": "«", "‟": '”"'}
_QUOTES = re.compile('["“”„«»‟]')
_SPACE = re.compile(r"\s+")
# Spaced initials (J. D. Vance) and ampersands (AT & T) are one word, as they are in a text.
_BARE = re.compile(r"(?:[A-Z]\. )+[A-Z]\.[^\s()]*|[A-Z]{1,2} & [A-Z]\b[^\s()]*|[^\s()]+")
_FIELD = re.compile(r"([A-Za-z]+):(?!:)")
_MINUS = re.compile(r"-(?=[^\s()-]|\()")
_NEAR = re.compile(r"(near|w|pre)/(\w+)|(near|adj)(\d+)", re.IGNORECASE)
_SLASH = re.compile(r"/(\d+|s|p)", re.IGNORECASE)
_ATLEAST = re.compile(r"atleast/?(\d+)", re.IGNORECASE)
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not"}
_FOREIGN = {"||": "OR", "|": "OR", "&&": "AND"}
# What other search services call the fields, and how they ask: hd=…, wc>500, headline(…), date aft ….
_CODES = {
    "au": "author", "byline": "author", "co": "org", "company": "org", "hd": "title", "hl": "title",
    "hlead": "title", "la": "lang", "pd": "date", "pe": "person", "publication": "source", "rst": "source",
    "sn": "source", "ti": "title", "wc": "length",
}  # fmt: skip
_ASSIGNED = re.compile(r"([A-Za-z]+)([=<>]+)(\w.*)")
_CALLED = re.compile(r"([A-Za-z]+)\((?!e?s\))")
_DATED = re.compile(r"date\s+(aft|bef|geq|leq|from(?=\s+\d+[/-]))\s", re.IGNORECASE)
_SPANS = {"aft": "after:2024-03-01", "geq": "after:2024-03-01", "bef": "before:2024-03-01",
          "leq": "before:2024-03-01", "from": "date:2024-03-01..2024-04-01"}  # fmt: skip
_BOOST = re.compile(r".*\w\^\d+(\.\d+)?")
_BANG = re.compile(r"!(?=[\w\"“(])")  # elsewhere “not”; “Help!” is a word


def lex(text: str) -> list[Token]:
    """The tokens of a query, ``end`` last. Words in which there is nothing to look for are left out."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space:
            at = space.end()
            continue
        token, at = _next(text, at)
        if token is not None:
            found.append(token)
        if len(found) > MAX_TOKENS:
            raise QueryTooBroad(f"The query has more than {MAX_TOKENS:,} words; shorten it.", text, at)
    return [*found, Token("end", "", len(text))]


def is_plain_word(word: str) -> bool:
    """Whether a word, written bare in a query, is read as that word."""
    try:
        tokens = lex(word)
    except QueryError:
        return False
    return len(tokens) == 2 and tokens[0].kind == "word" and tokens[0].text == word


def _next(text: str, at: int) -> tuple[Token | None, int]:
    """The token that begins there (None: nothing to look for) and where the next may begin."""
    letter = text[at]
    if letter in "()":
        return Token("open" if letter == "(" else "close", letter, at), at + 1
    if letter in _CLOSING:
        return _quoted(text, at)
    if _MINUS.match(text, at):
        return Token("not", "-", at), at + 1
    if _BANG.match(text, at):
        raise QueryError("Write - or NOT instead of !.", text, at)
    field = _FIELD.match(text, at)
    if field:
        token = _field(text, field)
        if token is not None:
            return token, field.end()
    _refuse_foreign_fields(text, at)
    bare = _BARE.match(text, at)
    if bare is None:  # pragma: no cover - white space and parentheses are seen to above
        return None, at + 1
    return _bare(text, bare[0], at), bare.end()


def _quoted(text: str, at: int) -> tuple[Token | None, int]:
    closing = _CLOSING[text[at]]
    end = next((i for i in range(at + 1, len(text)) if text[i] in closing), None)
    if end is None:
        raise QueryError(
            f"This quotation mark is never closed; write {closing[-1]} after the phrase.", text, at
        )
    phrase = " ".join(_QUOTES.sub(" ", text[at + 1 : end]).split())
    slop = re.compile(r"~\d*").match(text, end + 1)
    if slop:
        raise QueryError(
            "A phrase cannot be fuzzy; for words near each other write one w/5 other.", text, end + 1
        )
    return (Token("quoted", phrase, at) if phrase else None), end + 1


def _field(text: str, match: re.Match[str]) -> Token | None:
    """A field's name, None if a word with a colon is meant; an error if neither is plain."""
    written = match[1]
    following = text[match.end() : match.end() + 1]
    name = _FIELD_NAMES.get(written.lower())
    if name is None:
        if following.isalnum() or following in _CLOSING or following == "(":
            _unknown(text, match)
        return None
    if not following or following.isspace() or following == ")":
        raise QueryError(
            f"Write {written.lower()}:word without a space; for the word itself write “{written}”.",
            text,
            match.end() - 1,
        )
    return Token("field", name, match.start())


def _unknown(text: str, match: re.Match[str]) -> NoReturn:
    import difflib  # takes a hundredth of what a command does that needs it for its errors only

    written = match[1].lower()
    if written in (CASE, NOTE):
        raise QueryError(f"No article has a {written} yet: searcher tag gives it one.", text, match.start())
    near = [_CODES[written]] if written in _CODES else difflib.get_close_matches(written, _FIELD_NAMES, 1)
    meant = f" Did you mean {near[0]}:?" if near else ""
    raise QueryError(
        f"There is no field “{match[1]}”.{meant} Fields: {', '.join(sorted(_FIELD_NAMES))}. "
        "For the words themselves put them in quotation marks.",
        text,
        match.start(),
    )


def _refuse_foreign_fields(text: str, at: int) -> None:
    """Raise QueryError for a field asked for as elsewhere: its name would be looked for as a word."""
    called, dated = _CALLED.match(text, at), _DATED.match(text, at)
    if dated:
        raise QueryError(f"Write {_SPANS[dated[1].lower()]} for dates.", text, at)
    if called and (name := _field_meant(called[1])):
        raise QueryError(
            f"Write {name}:(…) for the field; for the word leave a space before the parenthesis.", text, at
        )


def _field_meant(written: str) -> str | None:
    name = written.lower()
    return name if name in _FIELD_NAMES else _CODES.get(name)


def _refuse_assignment(text: str, word: str, at: int) -> None:
    match = _ASSIGNED.fullmatch(word)
    name = _field_meant(match[1]) if match else None
    if match and name:
        sign = match[2] if name == "length" and match[2] != "=" else ""
        raise QueryError(
            f"Write {name}:{sign}{match[3]} for the field; put the words themselves in quotation marks.",
            text,
            at,
        )


def _bare(text: str, word: str, at: int) -> Token | None:
    if word in _OPERATORS:
        return Token(_OPERATORS[word], word, at)
    if word == "NEAR":
        raise QueryError("Say how near: NEAR/5. For the word itself write “near”.", text, at)
    _refuse_assignment(text, word, at)
    if _SLASH.fullmatch(word):
        raise QueryError(f"Write w{word if word[1:].isdecimal() else '/15'}.", text, at)
    if word in _FOREIGN:
        raise QueryError(f"Write {_FOREIGN[word]} instead of {word}.", text, at)
    near = _NEAR.fullmatch(word)
    if near:
        return _near(text, near, at)
    atleast = _ATLEAST.fullmatch(word)
    if atleast:
        return Token("atleast", word, at, _number(text, atleast[1], at))
    if _BOOST.fullmatch(word):
        raise QueryError("Words cannot be given weights; leave out the ^ and the number.", text, at)
    if "*" not in word and not analysis.query_terms(word):
        return None
    return Token("word", word, at)


def _near(text: str, match: re.Match[str], at: int) -> Token | None:
    operator, distance = (match[1] or match[3]).lower(), match[2] or match[4]
    if not distance.isdecimal():
        if distance.lower() in ("s", "p", "seg", "sent", "para"):
            raise QueryError(f"Write how many words apart they may be: {operator}/15.", text, at)
        return Token("word", match[0], at)
    number = _number(text, distance, at)
    return Token("before" if operator in ("pre", "adj") else "near", match[0], at, number)


def _number(text: str, digits: str, at: int) -> int:
    number = int(digits) if len(digits) < 6 else MAX_DISTANCE + 1
    if not 1 <= number <= MAX_DISTANCE:
        raise QueryError(f"This number must lie between 1 and {MAX_DISTANCE:,}.", text, at)
    return number

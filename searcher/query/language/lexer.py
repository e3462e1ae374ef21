"""Query text to tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, NoReturn

from searcher import analysis
from searcher.errors import QueryError, QueryTooBroad
from searcher.fields import BUILT_IN, CASE, DOUBTFUL, NOTE, Fields
from searcher.query import deadline
from searcher.query.language import foreign

#: A query of more words, operators and parentheses is refused.
MAX_TOKENS = 2_000
#: A longer text is refused: so many words of sixteen letters each.
MAX_LENGTH = 16 * MAX_TOKENS
#: The largest distance of ``w/n``: more than any article's paragraph has words.
MAX_DISTANCE = 1_000

Kind = Literal[
    "word", "quoted", "field", "and", "or", "not", "near", "before", "atleast", "open", "close", "end"
]


class QueryToken(NamedTuple):
    """``text`` is the word, the phrase or the name of the field; ``number`` that of w/5 or atleast3."""

    kind: Kind
    text: str
    position: int
    number: int = 0


_CLOSING = {'"': '"', "“": '”"', "”": '”"', "„": '“”"', "«": "»", "»": "«", "‟": '”"'}
_QUOTES = re.compile('["“”„«»‟]')
_SPACE = re.compile(r"\s+")
# Spaced initials (J. D. Vance) and ampersands (AT & T) are one word, as they are in a text.
_BARE = re.compile(r"(?:[A-Z]\. )+[A-Z]\.[^\s()]*|[A-Z]{1,2} & [A-Z]\b[^\s()]*|[^\s()]+")
_FIELD = re.compile(r"([A-Za-z]+):(?!:)")
_MINUS = re.compile(r"-(?=[^\s()-]|\()")
_NEAR = re.compile(r"(near|w|pre)/(\w+)|(near|adj)(\d+)", re.IGNORECASE)
_NOT_BEFORE = re.compile(r"\bnot\s+$", re.IGNORECASE)
#: Characters before an operator among which a NOT is looked for.
_MAX_LOOK_BACK = 20
_ATLEAST = re.compile(r"atleast/?(\d+)", re.IGNORECASE)
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not"}
_BANG = re.compile(r"!(?=[\w\"“(])")  # elsewhere “not”; “Help!” is a word


def lex(text: str, fields: Fields = BUILT_IN, *, headline: bool = True) -> list[QueryToken]:
    """The tokens of a query, ``end`` last. Words in which there is nothing to look for are left out.

    ``headline``: in a text all in capitals no word is an operator of another service. Raises QueryError, and
    QueryTooBroad for a text that is too long.
    """
    if len(text) > MAX_LENGTH:
        raise QueryTooBroad(f"The query has more than {MAX_LENGTH:,} letters; shorten it.")
    found: list[QueryToken] = []
    at, names, capitals = 0, fields.in_queries, headline and text.isupper()
    while at < len(text):
        space = _SPACE.match(text, at)
        if space:
            at = space.end()
            continue
        deadline.check()
        token, at = _next(text, at, names, capitals)
        if token is not None:
            found.append(token)
        if len(found) > MAX_TOKENS:
            raise QueryTooBroad(f"The query has more than {MAX_TOKENS:,} words; shorten it.", text, at)
    return [*found, QueryToken("end", "", len(text))]


def is_plain_word(word: str) -> bool:
    """Whether a word, written bare in a query, is read as that word, whatever stands beside it."""
    try:
        tokens = lex(word, headline=False)
    except QueryError:
        return False
    return len(tokens) == 2 and tokens[0].kind == "word" and tokens[0].text == word


def _next(text: str, at: int, names: Mapping[str, str], capitals: bool) -> tuple[QueryToken | None, int]:
    """The token that begins there (None: nothing to look for) and where the next may begin. ``capitals``: the
    whole text is in capitals."""
    letter = text[at]
    if letter in "()":
        return QueryToken("open" if letter == "(" else "close", letter, at), at + 1
    if letter in _CLOSING:
        return _quoted(text, at)
    if _MINUS.match(text, at):
        return QueryToken("not", "-", at), at + 1
    if _BANG.match(text, at):
        raise QueryError("Write - or NOT instead of !.", text, at)
    field = _FIELD.match(text, at)
    if field:
        token = _field(text, field, names)
        if token is not None:
            return token, field.end()
    foreign.refuse_call(text, at, names)
    bare = _BARE.match(text, at)
    if bare is None:  # pragma: no cover - white space and parentheses are seen to above
        return None, at + 1
    return _bare(text, bare[0], at, names, capitals), bare.end()


def _quoted(text: str, at: int) -> tuple[QueryToken | None, int]:
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
    return (QueryToken("quoted", phrase, at) if phrase else None), end + 1


def _field(text: str, match: re.Match[str], names: Mapping[str, str]) -> QueryToken | None:
    """A field's name, None if a word with a colon is meant; an error if neither is plain."""
    written = match[1]
    following = text[match.end() : match.end() + 1]
    name = names.get(written.lower())
    if name is None:
        if following.isalnum() or following in _CLOSING or following == "(":
            _unknown(text, match, names)
        return None
    if not following or following.isspace() or following == ")":
        raise QueryError(
            f"Write {written.lower()}:word without a space; for the word itself write “{written}”.",
            text,
            match.end() - 1,
        )
    return QueryToken("field", name, match.start())


def _unknown(text: str, match: re.Match[str], names: Mapping[str, str]) -> NoReturn:
    import difflib  # takes a hundredth of what a command does that needs it for its errors only

    written = match[1].lower()
    if written in (CASE, NOTE):
        raise QueryError(f"No article has a {written} yet: searcher tag gives it one.", text, match.start())
    if written in ("is", DOUBTFUL):
        raise QueryError("No article is doubtful.", text, match.start())
    meant = foreign.field_meant(written, names)
    near = [meant] if meant else difflib.get_close_matches(written, names, 1)
    guess = f" Did you mean {near[0]}:?" if near else ""
    raise QueryError(
        f"There is no field “{match[1]}”.{guess} Fields: {', '.join(sorted(names))}. "
        "For the words themselves put them in quotation marks.",
        text,
        match.start(),
    )


def _bare(text: str, word: str, at: int, names: Mapping[str, str], capitals: bool) -> QueryToken | None:
    if word in _OPERATORS:
        return QueryToken(_OPERATORS[word], word, at)
    if not (capitals and word.isalpha()):  # in a headline in capitals all words look like operators
        foreign.refuse_word(text, word, at, names)
    near = _NEAR.fullmatch(word)
    if near:
        return _near_token(text, near, at)
    atleast = _ATLEAST.fullmatch(word)
    if atleast:
        return QueryToken("atleast", word, at, _distance(text, atleast[1], at))
    if "*" not in word and not analysis.query_terms(word):
        return None
    return QueryToken("word", word, at)


def _near_token(text: str, match: re.Match[str], at: int) -> QueryToken | None:
    operator, distance = (match[1] or match[3]).lower(), match[2] or match[4]
    if _NOT_BEFORE.search(text, max(0, at - _MAX_LOOK_BACK), at):
        raise QueryError(f"Write one NOT (one {match[0]} other).", text, at)
    if not distance.isdecimal():
        if distance.lower() in ("s", "p", "seg", "sent", "para"):
            raise QueryError(f"Write how many words apart they may be: {operator}/15.", text, at)
        return QueryToken("word", match[0], at)
    number = _distance(text, distance, at)
    return QueryToken("before" if operator in ("pre", "adj") else "near", match[0], at, number)


def _distance(text: str, digits: str, at: int) -> int:
    number = int(digits) if len(digits) < 6 else MAX_DISTANCE + 1
    if not 1 <= number <= MAX_DISTANCE:
        raise QueryError(f"This number must lie between 1 and {MAX_DISTANCE:,}.", text, at)
    return number

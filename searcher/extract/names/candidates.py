"""What looks like a name and is none: marks, tickers, sign-offs, letters for kinds of things, versions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from searcher.extract.names.tagger import Span

__all__ = ["drop_impossible"]

_TICKER_BEFORE = re.compile(r"(?:<[A-Z]*\.?|\[[A-Z]{2,6}\.|\([A-Z]{2,6}[.:]\s?)$")
_MAX_TICKER: Final = 8
_END = re.compile(r"[\s.…]*\Z")
_MAX_SIGN_OFF: Final = 8
_FULL_STOPS: Final = tuple('.!?…"”’')
_WORD = re.compile(r"\w+")
_BEFORE_NUMBER = re.compile(r"\b(\w+)(?= \d(?:\.\d)?(?![\d–-]))")


def drop_impossible(text: str, spans: Sequence[Span]) -> list[Span]:
    """Nobody is called like a mark, a ticker, a kind or a version of something: "Marlowe Corp <MRL.L>"."""
    # Counted once: an article may name thousands.
    words, numbered = Counter(_WORD.findall(text)), Counter(_BEFORE_NUMBER.findall(text))
    return [
        span
        for span in spans
        if not any(rule(text, span) for rule in (_is_mark, _is_ticker, _signs_off))
        and not _is_kind(text[span.start : span.end], words)
        and not (span.kind == "PER" and _is_numbered(text[span.start : span.end], words, numbered))
    ]


def _is_mark(text: str, span: Span) -> bool:
    """Whether it is one sign, has no letter or is written small."""
    name = text[span.start : span.end]
    return sum(map(str.isalnum, name)) < 2 or not any(map(str.isalpha, name)) or name.islower()


def _is_ticker(text: str, span: Span) -> bool:
    name = text[span.start : span.end]
    before = _TICKER_BEFORE.search(text, max(0, span.start - _MAX_TICKER), span.start)
    return name.isupper() and " " not in name and before is not None


def _signs_off(text: str, span: Span) -> bool:
    """Whether it is all of the last line: " Reuter", "-- Field Level Media".

    Letters are signed behind no full stop.
    """
    if not _END.match(text, span.end):
        return False
    before = text[: span.start].rstrip(" ")
    line = before.rstrip("-–— ")
    if line[-1:] != "\n":
        return False
    short = span.kind == "ORG" and span.end - span.start <= _MAX_SIGN_OFF
    one_word = " " not in text[span.start : span.end] and line.rstrip()[-1:] in _FULL_STOPS
    return short or line != before or one_word


def _is_kind(name: str, words: Counter[str]) -> bool:
    """Whether letters have a plural in the article, as a name has not: "LLM" beside "LLMs"."""
    letters = name.removesuffix("s")
    return letters.isupper() and letters.isalpha() and f"{letters}s" in words


def _is_numbered(name: str, words: Counter[str], numbered: Counter[str]) -> bool:
    """Whether a person of one word is a thing with versions: a number follows at half of its places or more,
    and at two or more ("Llama 4"), which is no score ("6-4")."""
    return name.isalpha() and numbered[name] > 1 and 2 * numbered[name] >= words[name]

"""From text to positions and forms.

The text is cut at white space first and each chunk is looked up in a cache: nearly every chunk of a news
article has been seen before, punctuation included, so that the rules of :mod:`searcher.analysis.tokenizer`
run on the few new ones only.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from searcher.analysis.stemming import ORDINALS
from searcher.analysis.terms import CAPITALS, STEM, Forms, is_surface, merged
from searcher.analysis.tokenizer import Piece, analysed
from searcher.languages.pack import ENGLISH

__all__ = [
    "CHUNK",
    "JOINED",
    "Piece",
    "Token",
    "chunk_forms",
    "chunks",
    "index_forms",
    "may_join",
    "placed",
    "sought",
    "tokens",
]


class Token(NamedTuple):
    """One position: ``text[start:end]`` is what is written there."""

    start: int
    end: int
    forms: Forms


# A chunk runs to the next white space, except that spaced initials ("J. D. Vance") and spaced ampersands
# ("AT & T") are one.
_WITH_SPACES = r"[(\[\"'“‘]?(?:[A-Z]\.[ \xa0])+[A-Z]\.\S*|[(\[\"'“‘]?[A-Z]{1,2} & [A-Z]\b\S*"
CHUNK = re.compile(rf"{_WITH_SPACES}|\S+")
JOINED = re.compile(rf"(?<!\S)(?:{_WITH_SPACES})")


def index_forms(text: str, language: str = ENGLISH) -> list[Forms]:
    """The forms of every position of a text: :func:`tokens` without the offsets, and fast."""
    cached = _cache_of(language)
    return [forms for chunk in chunks(text) for forms in cached[chunk]]


def chunks(text: str) -> list[str]:
    """The chunks of a text, each of which has its forms wherever it stands: those of all its chunks in a row
    are ``index_forms(text)``."""
    return CHUNK.findall(text) if may_join(text) else text.split()


_SPACED_INITIALS, _SPACED_AMPERSAND = re.compile(r"\.[ \xa0][A-Z]\."), " & "


def may_join(text: str) -> bool:
    """Whether a text may have a chunk with spaces in it, which :data:`JOINED` then finds: 75 of 21,577
    newswire articles may, and 15 have one. The exact question takes three times as long to ask."""
    return _SPACED_AMPERSAND in text or bool(_SPACED_INITIALS.search(text))


def chunk_forms(chunk: str, language: str = ENGLISH) -> tuple[Forms, ...]:
    """The forms of every position of one chunk."""
    return _cache_of(language)[chunk]


def tokens(text: str, language: str = ENGLISH) -> list[Token]:
    """Every position of a text with its place in it."""
    found = []
    for chunk in CHUNK.finditer(text):
        offset = chunk.start()
        found += [
            Token(offset + start, offset + end, forms) for start, end, forms in placed(chunk[0], language)
        ]
    return found


@lru_cache(maxsize=8192)  # one search asks for the same words once for each article that it shows
def sought(word: str, exact: bool = False, languages: tuple[str, ...] = (ENGLISH,)) -> tuple[Forms, ...]:
    """For a word or phrase as typed: for each position the forms of which a text must have one there.

    ``exact`` leaves the stems out. ``languages``: those of the texts that are looked at; a query names none.
    Empty where there is nothing to look for (only punctuation, say).
    """
    return tuple(forms for chunk in CHUNK.findall(word) for forms in _sought_in(chunk, exact, languages))


@lru_cache(maxsize=8192)  # the words of a question are asked for alone and in pairs
def _sought_in(chunk: str, exact: bool, languages: tuple[str, ...]) -> list[Forms]:
    """The positions of a chunk of a query: as in a text, but a compound's parts without the joined word, a
    hashtag as the one word it is. Where a language cuts the chunk otherwise, its stems are left out."""
    readings = [[forms for *_, forms in analysed(chunk, joined=False, language=one)] for one in languages]
    alike = [reading for reading in readings if len(reading) == len(readings[0])]
    return [_acceptable(merged(*forms), exact) for forms in zip(*alike)]


def _acceptable(forms: Forms, exact: bool) -> Forms:
    """Of the forms of a position of a query, or besides them, those that a text may have there."""
    capitals = [form for form in forms if form[0] == CAPITALS]
    if capitals:
        return tuple(capitals)
    surfaces = [form for form in forms if is_surface(form)]
    if exact:
        return tuple(surfaces)
    others = [form for form in forms if form[0] == STEM] or [STEM + surface for surface in surfaces]
    ordinals = [form[1:] for form in others if form[1:] in _NUMBERED]
    return (*surfaces, *others, *ordinals)


@lru_cache(maxsize=1 << 14)  # a page of hits is marked from the same common words over and over
def placed(chunk: str, language: str = ENGLISH) -> list[Piece]:
    """The positions of a chunk of a text."""
    return analysed(chunk, language=language)


#: How ordinals are written in figures, which have no other form.
_NUMBERED = frozenset(ORDINALS.values())
# Marks around a word, which do not change what it is.
_BEFORE, _AFTER = "([{\"'“‘«„", ".,;:!?)]}\"'”’»…"


class _Cache(dict[str, tuple[Forms, ...]]):
    """Chunk to the forms of its positions. It is emptied when full: so its memory is bounded (some 45 MB).

    The 135,000 chunks of 21,577 newswire articles fit in, with those of them that are another with marks
    around it. Where they did not (65,536), 100,000 such articles took 780,000 analyses.
    """

    ENTRIES = 150_000
    LONGEST_CHUNK = 40

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, chunk: str) -> tuple[Forms, ...]:
        core = chunk.lstrip(_BEFORE).rstrip(_AFTER)
        if core != chunk and core[:1].isalnum() and core[-1:].isalnum():
            forms = self[core]
        else:
            forms = tuple(piece[2] for piece in analysed(chunk, language=self._language))
        if len(chunk) <= self.LONGEST_CHUNK:
            if len(self) >= self.ENTRIES:
                self.clear()
            self[chunk] = forms
        return forms


@cache
def _cache_of(language: str) -> _Cache:
    return _Cache(language)

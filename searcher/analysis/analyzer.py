"""The analyzer turns a text into positions with their terms.

It cuts the text into *chunks* at white space and looks each chunk up in a cache. Nearly every chunk of a news
article was seen before, punctuation included, so that the tokenizer runs on the few new ones only.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from searcher.analysis.stemming import ORDINALS
from searcher.analysis.terms import CAPITALS, STEM, Terms, is_surface, merge_terms, stem_language
from searcher.analysis.tokenizer import Position, is_cut_by_language, tokenize_chunk
from searcher.languages import ENGLISH, all_languages


class Token(NamedTuple):
    """A position with its place: ``text[start:end]`` is what is written there."""

    start: int
    end: int
    forms: Terms


# A chunk runs to the next white space, except that spaced initials ("J. D. Vance") and spaced ampersands
# ("AT & T") are one.
_WITH_SPACES = r"[(\[\"'“‘]?(?:[A-Z]\.[ \xa0])+[A-Z]\.\S*|[(\[\"'“‘]?[A-Z]{1,2} & [A-Z]\b\S*"
CHUNK = re.compile(rf"{_WITH_SPACES}|\S+")
JOINED = re.compile(rf"(?<!\S)(?:{_WITH_SPACES})")


def index_terms(text: str, language: str = ENGLISH) -> list[Terms]:
    """Return the terms of each position of a text: :func:`tokens` without offsets, and faster."""
    cached = _cache_of(language)
    return [forms for chunk in chunks(text) for forms in cached[chunk]]


def chunks(text: str) -> list[str]:
    """Cut a text into chunks. The terms of a chunk do not depend on its neighbours: those of all chunks in a
    row are ``index_terms(text)``."""
    return CHUNK.findall(text) if may_join(text) else text.split()


_SPACED_INITIALS, _SPACED_AMPERSAND = re.compile(r"\.[ \xa0][A-Z]\."), " & "


def may_join(text: str) -> bool:
    """Tell whether a text may have a chunk with spaces in it, to be found with :data:`JOINED`.

    A quick test: it is true of 75 of 21,577 newswire articles, of which 15 have such a chunk. The exact one
    takes three times as long.
    """
    return _SPACED_AMPERSAND in text or bool(_SPACED_INITIALS.search(text))


def chunk_terms(chunk: str, language: str = ENGLISH) -> tuple[Terms, ...]:
    """Return the terms of each position of one chunk."""
    return _cache_of(language)[chunk]


def tokens(text: str, language: str = ENGLISH) -> list[Token]:
    """Return each position of a text with its offsets, in characters."""
    found = []
    for chunk in CHUNK.finditer(text):
        offset = chunk.start()
        found += [
            Token(offset + start, offset + end, forms)
            for start, end, forms in chunk_positions(chunk[0], language)
        ]
    return found


@lru_cache(maxsize=8192)  # one search asks for the same words once for each article that it shows
def query_terms(word: str, exact: bool = False, languages: tuple[str, ...] = (ENGLISH,)) -> tuple[Terms, ...]:
    """Return, for each position of a word or phrase as typed, the terms of which a text must have one there.

    ``exact`` leaves the stems out. ``languages`` are those of the texts searched, since a query names none:
    no others' stems are sought. English has to be the first.
    The result is empty where there is no word (only punctuation, say). The stem of a language (“~de:klima”,
    “~en:climat”) is sought as it is.
    """
    if word[:1] == STEM and (language := stem_language(word)) in all_languages():
        return ((STEM + word.partition(":")[2] if language == ENGLISH else word,),)
    return tuple(forms for chunk in CHUNK.findall(word) for forms in _of_chunk(chunk, exact, languages))


@lru_cache(maxsize=8192)  # the words of a question are asked for alone and in pairs
def _of_chunk(chunk: str, exact: bool, languages: tuple[str, ...]) -> list[Terms]:
    """Return the query terms of one chunk.

    As in a text, but a compound has its parts alone, without the joined word, and a hashtag is one word. A
    language that cuts the chunk into other positions is left out. What a chunk is in any language is sought
    in every text, whatever the languages of the others: “dell'Italia” finds “Italia”.
    """
    read_as = all_languages() if is_cut_by_language(chunk) else languages
    readings = [[forms for *_, forms in tokenize_chunk(chunk, joined=False, language=one)] for one in read_as]
    if len(readings) == 1:
        return [_acceptable(forms, exact) for forms in readings[0]]
    alike = [reading for reading in readings if len(reading) == len(readings[0])]
    absent = frozenset(read_as).difference(languages)
    positions = (
        tuple(form for form in merge_terms(*forms) if stem_language(form) not in absent)
        for forms in zip(*alike)
    )
    return [_acceptable(forms, exact) for forms in positions]


def _acceptable(forms: Terms, exact: bool) -> Terms:
    """Return the terms that satisfy one position of a query, from the terms that a text would have there."""
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
def chunk_positions(chunk: str, language: str = ENGLISH) -> list[Position]:
    """Return the positions of a chunk of a text, with offsets into the chunk."""
    return tokenize_chunk(chunk, language=language)


#: Ordinals in figures, which have no other term.
_NUMBERED = frozenset(ORDINALS.values())
# Marks before and after a word that do not change its terms.
_BEFORE, _AFTER = "([{\"'“‘«„", ".,;:!?)]}\"'”’»…"


class _Cache(dict[str, tuple[Terms, ...]]):
    """A cache from a chunk to the terms of its positions. It is emptied when full, at some 45 MB.

    ``MAX_ENTRIES`` holds the 135,000 chunks of 21,577 newswire articles. With room for 65,536, tokenizing
    100,000 such articles took 780,000 calls of the tokenizer.
    """

    MAX_ENTRIES = 150_000
    MAX_CHUNK_LENGTH = 40

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, chunk: str) -> tuple[Terms, ...]:
        core = chunk.lstrip(_BEFORE).rstrip(_AFTER)
        if core != chunk and core[:1].isalnum() and core[-1:].isalnum():
            forms = self[core]
        else:
            forms = tuple(piece[2] for piece in tokenize_chunk(chunk, language=self._language))
        if len(chunk) <= self.MAX_CHUNK_LENGTH:
            if len(self) >= self.MAX_ENTRIES:
                self.clear()
            self[chunk] = forms
        return forms


@cache
def _cache_of(language: str) -> _Cache:
    return _Cache(language)

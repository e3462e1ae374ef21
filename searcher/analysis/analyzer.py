"""Turn a text into positions with terms.

The text is split into *chunks* at white space, which are looked up in a cache, since nearly every chunk of a
news article has been seen before. The tokenizer splits new chunks into positions, with rules for acronyms,
hashtags, numbers with units, compounds, elided articles and scripts without spaces.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from searcher.analysis.terms import (
    CAPITALS,
    INVISIBLE,
    MARKS,
    MAX_TERM_LENGTH,
    ORDINALS,
    STEM,
    Terms,
    capital_terms,
    is_surface,
    merge_terms,
    stem_language,
    terms_of,
    variants,
)
from searcher.languages import ENGLISH, UNSPACED, Pack, all_languages, pack

#: A position in a chunk: its start and end, in characters, and its terms.
Position = tuple[int, int, Terms]

#: Code points of zero in scripts with their own digits: Arabic, Persian, Devanagari, …, and fullwidth.
_ZEROS = (
    0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0x1040, 0x17E0,
    0xFF10,
)  # fmt: skip
# Each character is replaced by exactly one, so that offsets stay valid. An underscore separates words.
_PLAIN_SIGNS = str.maketrans(
    {**dict.fromkeys("’‘ʼʻ`´′＇‛", "'"), **dict.fromkeys("‐‑﹣－־", "-"), "_": " ", "＆": "&", "＋": "+",
     "＃": "#", "％": "%", "٪": "%", **{chr(zero + n): str(n) for zero in _ZEROS for n in range(10)}}
)  # fmt: skip


class _Context(NamedTuple):
    """Parameters of the rules: whether compounds are also joined, and the language."""

    joined: bool
    language: str

    @property
    def pack(self) -> Pack | None:
        return None if self.language == ENGLISH else pack(self.language)


_LETTER = r"[^\W\d_]"
#: Matches an apostrophe, or a point between digits. Their meaning depends on the language.
_CUT_BY_LANGUAGE = re.compile(r"'|\d\.\d")


def plain_signs(written: str) -> str:
    """Return a text of the same length with ASCII apostrophes, hyphens and digits."""
    return written.translate(_PLAIN_SIGNS)


def depends_on_language(chunk: str) -> bool:
    """Return True if the positions of a chunk may depend on the language."""
    if chunk.isascii() and chunk.isalpha():  # most chunks
        return False
    return bool(_CUT_BY_LANGUAGE.search(plain_signs(chunk)))


#: Characters inside words: letters and digits, and outside ASCII also marks and invisible characters.
_PLAIN_INSIDE, _ANY_INSIDE = r"\w", rf"[\w{MARKS}{INVISIBLE}]"


@cache  # compiled on first use, because it is slow to compile
def _piece(inside: str) -> re.Pattern[str]:
    """Return the pattern of one position, given the characters ``inside`` a word."""
    return re.compile(
        rf"""
        (?P<acronym> (?<!\w) (?:{_LETTER}\.[ \xa0]?)+ {_LETTER} (?!{inside}) (?:\.?'s(?!\w))? )
      | (?P<ampersand> (?<!\w) {_LETTER}{{1,3}}[ ]?&[ ]?{_LETTER}{{1,3}} (?!\w) )
      | (?P<symbol> (?<!\w) (?: [A-Za-z](?:\+\+|\#) | \.(?i:net) ) (?!\w) )
      | (?P<plus> {_LETTER}{inside}*\+ (?![\w+]) )
      | (?P<tag> (?<!\w) \#{inside}+ )
      | (?P<elided> (?<!\w) (?i:qu|[ldjmnstc])'(?=(?i:[aeiouyhàâäæéèêëîïôöœùûüÿ]){inside})
            {inside}+ (?:-{inside}+)* )
      | (?P<number> \d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![\d]) {_LETTER}* | \d+(?:\.\d+)+ {_LETTER}* )
      | (?P<word> {inside}+(?:'{inside}+)*(?:-{inside}+(?:'{inside}+)*)* )
      | (?P<percent> % )
      | (?P<and> (?<!\S)&(?!\S) )
        """,
        re.VERBOSE,
    )


@cache
def _unspaced_scripts() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}]+")


_MAGNITUDE = re.compile(r"(\d+(?:\.\d+)?)(bn|mn|tn|trn|b|m|k|mln)")
UNITS = {"bn": "billion", "b": "billion", "mn": "million", "m": "million", "mln": "million",
          "tn": "trillion", "trn": "trillion", "k": "thousand"}  # fmt: skip
#: Matches “10.000”, which is ten thousand in many languages.
_POINTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
#: Number of parts of an IPv4 address, and maximum value of a part. A number with as many groups is usually a
#: round sum that ends in “000”, so that it can be distinguished from an address.
_ADDRESS_PARTS, _MAX_ADDRESS_PART = 4, 255
#: Matches a Turkish number with a case ending (“10'da”), but not “90's”, “6'2” or “1'000”.
_NUMBER_WITH_ENDING = re.compile(rf"([^']*)'(?!s$){_LETTER}+", re.IGNORECASE)
#: Characters before which a single letter is elided: vowels, “h” and digits.
_VOWELS = frozenset("aeiouyh0123456789")
#: Matches elision before an acronym that is pronounced with an initial vowel (“l'FBI”), but not “N'Golo”,
#: “N'Djamena” or “c'mon”.
_SPELT_OUT = re.compile(r"[lLdD]'[FLMNRSX][A-Z\d]{1,4}")
_LETTERS_DIGITS = re.compile(rf"({_LETTER}+)(\d+)")
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def tokenize_chunk(chunk: str, joined: bool = True, language: str = ENGLISH) -> list[Position]:
    """Return the positions of a chunk. With ``joined``, compounds also have the term of the joined word."""
    if chunk.isascii() and chunk.isalpha():  # A shortcut: the rules below give the same result.
        forms = terms_of(chunk, language, sought=not joined)
        return [(0, len(chunk), forms)] if forms else []
    context = _Context(joined, language)
    written = plain_signs(chunk)
    pattern = _piece(_PLAIN_INSIDE if written.isascii() else _ANY_INSIDE)
    positions: list[Position] = []
    for match in pattern.finditer(written):
        handler = _HANDLERS[match.lastgroup or "word"]
        start = match.start()
        positions += [(start + s, start + e, forms) for s, e, forms in handler(match[0], context) if forms]
    return positions


def _acronym_positions(written: str, context: _Context) -> list[Position]:
    letters = re.sub(r"[. \xa0]|'s$", "", written)
    return [(0, len(written), capital_terms(letters) or terms_of(letters, context.language))]


def _plus_positions(written: str, context: _Context) -> list[Position]:
    """Index Disney+ as “Disney+” and “Disney”. A query for “Disney+” does not find “Disney”."""
    word = variants(written[:-1])[0]
    return [(0, len(written), (word + "+", word) if context.joined else (word + "+",))]


def _tag_positions(written: str, context: _Context) -> list[Position]:
    """Index #BlackLivesMatter as one word and as three."""
    name = written[1:]
    parts = list(_HUMPS.finditer(name))
    if not context.joined or len(parts) < 2 or sum(len(part[0]) for part in parts) != len(name):
        return _shift(_word_positions(name, context), 1)
    positions = [(part.start() + 1, part.end() + 1, terms_of(part[0], context.language)) for part in parts]
    return _add_terms(positions, terms_of(name, context.language))


def _elided_positions(written: str, context: _Context) -> list[Position]:
    """Index l'Élysée as “Élysée” and as “lelysee”."""
    article, rest = written.split("'", 1)
    positions = _word_positions(rest, context)
    if not positions:
        return []
    _, end, forms = positions[0]
    whole = variants(article + rest.split("-")[0])[0]
    shift = len(article) + 1
    return [(0, end + shift, (*forms, whole)), *_shift(positions[1:], shift)]


def _number_positions(written: str, context: _Context) -> list[Position]:
    """Index 1,000,000 as 1000000, and 14bn as 14 and billion, as in “$14 billion”."""
    known = context.pack
    if known and known.apostrophe == "ending" and (with_ending := _NUMBER_WITH_ENDING.fullmatch(written)):
        return _number_positions(with_ending[1], context)
    plain = variants(written)[0].replace(",", "")[:MAX_TERM_LENGTH]
    if known and known.thousands == "." and _is_grouped(plain):
        return [(0, len(written), (plain, plain.replace(".", "")))]
    magnitude = _MAGNITUDE.fullmatch(plain)
    if magnitude is None or len(plain) != len(written.replace(",", "")):
        return [(0, len(written), (plain,))]
    number, unit = magnitude.groups()
    cut = len(written) - len(unit)
    first = (number, plain) if context.joined else (number,)
    return [(0, cut, first), (cut, len(written), terms_of(UNITS[unit], context.language))]


def _is_grouped(figures: str) -> bool:
    """Return True if points group the digits: 1.200.000, but not 0.125 or 192.168.001.100."""
    parts = figures.split(".")
    is_address = len(parts) == _ADDRESS_PARTS and parts[-1] != "000"
    return bool(_POINTS.fullmatch(figures)) and not (
        is_address and all(int(part) <= _MAX_ADDRESS_PART for part in parts)
    )


def _word_positions(written: str, context: _Context) -> list[Position]:
    """Return the positions of a word or a compound. The first part of a compound also has the joined term."""
    if "-" not in written:
        return _plain_word(written, context)
    positions, start = [], 0
    for part in written.split("-"):
        positions += _shift(_plain_word(part, context), start)
        start += len(part) + 1
    # “e-mail” and “al-Qaeda” are also written as one word. “28-year-old”, “2024-25” and “GPT-4” are not.
    joinable = written.count("-") < 3 and len(written) <= 30 and not any(c.isdigit() for c in written)
    if not context.joined or not positions or not joinable:
        return positions
    return _add_terms(positions, terms_of(written.replace("-", ""), context.language))


def _add_terms(positions: list[Position], more: Terms) -> list[Position]:
    start, end, forms = positions[0]
    return [(start, end, merge_terms(forms, more)), *positions[1:]]


def _plain_word(written: str, context: _Context) -> list[Position]:
    if not written.isascii() and _unspaced_scripts().search(written):
        return _pair_positions(written, context)
    if written[0].isdigit():
        return _number_positions(written, context)
    if "'" in written and _is_elision(written, context):
        return _elided_positions(written, context)
    parts = _LETTERS_DIGITS.fullmatch(written)
    if parts is None:
        return [(0, len(written), terms_of(written, context.language, sought=not context.joined))]
    letters = terms_of(parts[1], context.language, sought=not context.joined)
    if context.joined:
        letters = merge_terms(letters, variants(written))
    return [(0, parts.end(1), letters), (parts.end(1), len(written), variants(parts[2]))]


def _is_elision(written: str, context: _Context) -> bool:
    """Return True if an elided word precedes the apostrophe: dell'Italia."""
    before, after = written.split("'", 1)
    known = context.pack
    if not (known and after and before.lower() in known.elisions):
        return False
    return len(before) > 1 or variants(after)[0][:1] in _VOWELS or bool(_SPELT_OUT.fullmatch(written))


def _pair_positions(written: str, context: _Context) -> list[Position]:
    """Index all pairs of neighbouring characters, and single ones: 北京 is found in 抵达北京访问."""
    positions: list[Position] = []
    start = 0
    for run in _unspaced_scripts().finditer(written):
        if run.start() > start:
            positions += _shift(_plain_word(written[start : run.start()], context), start)
        # Particles are removed from queries only, so that 정부가 finds 정부는.
        positions += _shift(
            _run_pairs(run[0] if context.joined else re.sub(_ENDINGS, "", run[0])), run.start()
        )
        start = run.end()
    if start < len(written):
        positions += _shift(_plain_word(written[start:], context), start)
    return positions


#: Matches Korean particles, and the mark of a long final vowel, which is optional in Japanese words.
_ENDINGS = (
    "(?<=[\uac00-\ud7af]{2})(?:에서|에게|으로|까지|부터|[은는이가을를의에도로와과])$"
    "|(?<=[\u30a1-\u30fc]{3})ー$"
)


#: Maximum number of cached pairs of characters.
_MAX_KEPT_PAIRS = 1 << 16


def _run_pairs(run: str) -> list[Position]:
    pairs = [(i, i + 2, _pair_terms(run[i : i + 2])) for i in range(len(run) - 1)]
    return [*pairs, (len(run) - 1, len(run), variants(run[-1]))]


@lru_cache(_MAX_KEPT_PAIRS)
def _pair_terms(pair: str) -> Terms:
    return merge_terms(variants(pair), variants(pair[0]))


def _shift(positions: list[Position], by: int) -> list[Position]:
    return [(start + by, end + by, forms) for start, end, forms in positions]


_HANDLERS: dict[str, Callable[[str, _Context], list[Position]]] = {
    "acronym": _acronym_positions,
    "ampersand": lambda written, _: [(0, len(written), variants(re.sub(r"[ &]", "", written)))],
    "symbol": lambda written, _: [(0, len(written), (written.lower(),))],
    "plus": _plus_positions,
    "tag": _tag_positions,
    "elided": _elided_positions,
    "number": _number_positions,
    "word": _word_positions,
    "percent": lambda _, context: [(0, 1, terms_of("percent", context.language))],
    "and": lambda *_: [(0, 1, ("and",))],
}


class Token(NamedTuple):
    """A position in a text: ``text[start:end]`` is the word."""

    start: int
    end: int
    forms: Terms


# A chunk ends at the next white space, but "J. D. Vance" and "AT & T" are one chunk.
_WITH_SPACES = r"[(\[\"'“‘]?(?:[A-Z]\.[ \xa0])+[A-Z]\.\S*|[(\[\"'“‘]?[A-Z]{1,2} & [A-Z]\b\S*"
CHUNK = re.compile(rf"{_WITH_SPACES}|\S+")
JOINED = re.compile(rf"(?<!\S)(?:{_WITH_SPACES})")


def index_terms(text: str, language: str = ENGLISH) -> list[Terms]:
    """Return the terms of each position of a text: :func:`tokens` without offsets, and faster."""
    cached = chunk_terms(language)
    return [forms for chunk in chunks(text) for forms in cached[chunk]]


def chunks(text: str) -> list[str]:
    """Split a text into chunks, whose terms do not depend on their neighbours."""
    return CHUNK.findall(text) if may_join(text) else text.split()


_SPACED_INITIALS, _SPACED_AMPERSAND = re.compile(r"\.[ \xa0][A-Z]\."), " & "


def may_join(text: str) -> bool:
    """Return True if a text may have chunks with spaces (:data:`JOINED` finds them)."""
    return _SPACED_AMPERSAND in text or bool(_SPACED_INITIALS.search(text))


@cache
def chunk_terms(language: str = ENGLISH) -> Mapping[str, tuple[Terms, ...]]:
    """Return the cache of the terms of each position of a chunk."""
    return _Cache(language)


def tokens(text: str, language: str = ENGLISH) -> list[Token]:
    """Return the positions of a text with their offsets."""
    positions = []
    for chunk in CHUNK.finditer(text):
        offset = chunk.start()
        positions += [
            Token(offset + start, offset + end, forms)
            for start, end, forms in chunk_positions(chunk[0], language)
        ]
    return positions


@lru_cache(maxsize=8192)  # the same chunks are looked up for each article on the page
def query_terms(word: str, exact: bool = False, languages: tuple[str, ...] = (ENGLISH,)) -> tuple[Terms, ...]:
    """Return, for each position of a query, the terms that match it. ``exact`` excludes stems. ``languages``
    are those of the texts, English first. A stem with its language (“~de:klima”) is used unchanged."""
    if word[:1] == STEM and (language := stem_language(word)) in all_languages():
        return ((STEM + word.partition(":")[2] if language == ENGLISH else word,),)
    return tuple(
        forms for chunk in CHUNK.findall(word) for forms in _chunk_query_terms(chunk, exact, languages)
    )


@lru_cache(maxsize=8192)  # each chunk is looked up alone and in pairs
def _chunk_query_terms(chunk: str, exact: bool, languages: tuple[str, ...]) -> list[Terms]:
    """Return the query terms of a chunk: compounds without the joined word, hashtags as one word.

    Surface forms of any language match in all texts (“dell'Italia” finds “Italia”). Languages that split the
    chunk differently are left out.
    """
    read_as = all_languages() if depends_on_language(chunk) else languages
    readings = [[forms for *_, forms in tokenize_chunk(chunk, joined=False, language=one)] for one in read_as]
    if len(readings) == 1:
        return [_matching_terms(forms, exact) for forms in readings[0]]
    aligned = [reading for reading in readings if len(reading) == len(readings[0])]
    absent = frozenset(read_as).difference(languages)
    positions = (
        tuple(form for form in merge_terms(*forms) if stem_language(form) not in absent)
        for forms in zip(*aligned)
    )
    return [_matching_terms(forms, exact) for forms in positions]


def _matching_terms(forms: Terms, exact: bool) -> Terms:
    """Return the terms that match a position of a query, given those that a text would have there."""
    capitals = [form for form in forms if form[0] == CAPITALS]
    if capitals:
        return tuple(capitals)
    surfaces = [form for form in forms if is_surface(form)]
    if exact:
        return tuple(surfaces)
    stems = [form for form in forms if form[0] == STEM] or [STEM + surface for surface in surfaces]
    ordinals = [form[1:] for form in stems if form[1:] in _NUMBERED]
    return (*surfaces, *stems, *ordinals)


@lru_cache(maxsize=1 << 14)  # common words occur on every page
def chunk_positions(chunk: str, language: str = ENGLISH) -> list[Position]:
    """Return the positions of a chunk of a text, with offsets into the chunk."""
    return tokenize_chunk(chunk, language=language)


#: Ordinals in digits, which have no other term.
_NUMBERED = frozenset(ORDINALS.values())
# Punctuation before and after a word that does not change its terms.
_OPENING, _CLOSING = "([{\"'“‘«„", ".,;:!?)]}\"'”’»…"


class _Cache(dict[str, tuple[Terms, ...]]):
    """A cache of the terms of chunks, cleared when full, at about 45 MB. It fits 21,577 newswire articles."""

    MAX_ENTRIES = 150_000
    MAX_CHUNK_LENGTH = 40

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, chunk: str) -> tuple[Terms, ...]:
        core = chunk.lstrip(_OPENING).rstrip(_CLOSING)
        if core != chunk and core[:1].isalnum() and core[-1:].isalnum():
            forms = self[core]
        else:
            forms = tuple(piece[2] for piece in tokenize_chunk(chunk, language=self._language))
        if len(chunk) <= self.MAX_CHUNK_LENGTH:
            if len(self) >= self.MAX_ENTRIES:
                self.clear()
            self[chunk] = forms
        return forms

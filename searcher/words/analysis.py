"""From text to positions and forms.

The text is cut at white space first and each chunk is looked up in a cache: nearly every chunk of a news
article has been seen before, punctuation included, so that the rules below run on the few new ones only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from searcher.words.folding import INVISIBLE, MARKS, variants
from searcher.words.stems import stem

__all__ = [
    "ACRONYM_WORDS",
    "CHUNK",
    "JOINED",
    "UNITS",
    "Piece",
    "Token",
    "chunk_forms",
    "chunks",
    "index_forms",
    "is_surface",
    "may_join",
    "placed",
    "sought",
    "tokens",
]

STEM = "~"
CAPITALS = "^"
#: No word is longer; what is, is no word (encoded data) and is cut.
LONGEST = 64

#: Acronyms that are also words. As a query, in capitals, they find only themselves: “US” is not “us”.
_ALSO_WORDS = """
    act aids aim all am amid an arm as at bat be cap cat chip cop dare do doe dot eta fit gap gas go has he
    ice id if in is it lime lot ma mad map may me mice mind mit my nice no nod nut of oh ok on or pa pip ram
    rim rip sad sap sat sit so star start ted tip to un up ups us was we who
"""
ACRONYM_WORDS = frozenset(_ALSO_WORDS.split())


class Token(NamedTuple):
    """One position: ``text[start:end]`` is what is written there."""

    start: int
    end: int
    forms: tuple[str, ...]


_Forms = tuple[str, ...]

# A chunk runs to the next white space, except that spaced initials ("J. D. Vance") and spaced ampersands
# ("AT & T") are one.
_WITH_SPACES = r"[(\[\"'“‘]?(?:[A-Z]\.[ \xa0])+[A-Z]\.\S*|[(\[\"'“‘]?[A-Z]{1,2} & [A-Z]\b\S*"
CHUNK = re.compile(rf"{_WITH_SPACES}|\S+")
JOINED = re.compile(rf"(?<!\S)(?:{_WITH_SPACES})")

# One for one, so that offsets stay: apostrophes, hyphens; an underscore and an en dash divide words.
_ALIKE = str.maketrans(
    {**dict.fromkeys("’‘ʼʻ`´′＇‛", "'"), **dict.fromkeys("‐‑﹣－", "-"), "_": " ", "＆": "&", "＋": "+",
     "＃": "#", "％": "%", "٪": "%"}
)  # fmt: skip

_LETTER = r"[^\W\d_]"


def _piece(inside: str) -> re.Pattern[str]:
    """What one position may be, where a word is made of characters ``inside`` the class."""
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


_PLAIN_PIECE = _piece(r"\w")


@cache  # the class of all marks takes most of the time that a command spends on compiling patterns
def _any_piece() -> re.Pattern[str]:
    return _piece(rf"[\w{MARKS}{INVISIBLE}]")


@cache
def _unspaced() -> re.Pattern[str]:
    """Scripts written without spaces between words (and Korean, whose particles cling to words)."""
    return re.compile(
        "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17d3\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
        "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
    )


_MAGNITUDE = re.compile(r"(\d+(?:\.\d+)?)(bn|mn|tn|trn|b|m|k|mln)")
UNITS = {"bn": "billion", "b": "billion", "mn": "million", "m": "million", "mln": "million",
          "tn": "trillion", "trn": "trillion", "k": "thousand"}  # fmt: skip
_LETTERS_DIGITS = re.compile(rf"({_LETTER}+)(\d+)")
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def index_forms(text: str) -> list[_Forms]:
    """The forms of every position of a text: :func:`tokens` without the offsets, and fast."""
    return [forms for chunk in chunks(text) for forms in _CHUNKS[chunk]]


def chunks(text: str) -> list[str]:
    """The chunks of a text, each of which has its forms wherever it stands: those of all its chunks in a row
    are ``index_forms(text)``."""
    return CHUNK.findall(text) if may_join(text) else text.split()


_SPACED_INITIALS, _SPACED_AMPERSAND = re.compile(r"\.[ \xa0][A-Z]\."), " & "


def may_join(text: str) -> bool:
    """Whether a text may have a chunk with spaces in it, which :data:`JOINED` then finds: 75 of 21,577
    newswire articles may, and 15 have one. The exact question takes three times as long to ask."""
    return _SPACED_AMPERSAND in text or bool(_SPACED_INITIALS.search(text))


def chunk_forms(chunk: str) -> tuple[_Forms, ...]:
    """The forms of every position of one chunk."""
    return _CHUNKS[chunk]


def tokens(text: str) -> list[Token]:
    """Every position of a text with its place in it."""
    found = []
    for chunk in CHUNK.finditer(text):
        offset = chunk.start()
        found += [Token(offset + start, offset + end, forms) for start, end, forms in placed(chunk[0])]
    return found


@lru_cache(maxsize=8192)  # one search asks for the same words once for each article that it shows
def sought(word: str, exact: bool = False) -> tuple[_Forms, ...]:
    """For a word or phrase as typed: for each position the forms of which a text must have one there.

    ``exact`` leaves the stems out. Empty where there is nothing to look for (only punctuation, say).
    """
    return tuple(forms for chunk in CHUNK.findall(word) for forms in _sought_in(chunk, exact))


def is_surface(form: str) -> bool:
    """Whether a form is a word as written (folded), not a stem and not an acronym's capitals."""
    return form[0] not in "~^"


@lru_cache(maxsize=8192)  # the words of a question are asked for alone and in pairs
def _sought_in(chunk: str, exact: bool) -> list[_Forms]:
    """The positions of a chunk of a query: as in a text, but a compound's parts without the joined word, a
    hashtag as the one word it is."""
    return [_acceptable(forms, exact) for _, _, forms in analysed(chunk, joined=False)]


def _acceptable(forms: _Forms, exact: bool) -> _Forms:
    capitals = [form for form in forms if form[0] == CAPITALS]
    if capitals:
        return tuple(capitals)
    surfaces = [form for form in forms if is_surface(form)]
    if exact:
        return tuple(surfaces)
    wanted = dict.fromkeys(surfaces)
    stems = [form[1:] for form in forms if form[0] == STEM] or surfaces
    for root in stems:
        wanted[STEM + root] = None
        if stem(root) == root:
            wanted[root] = None
    return tuple(wanted)


Piece = tuple[int, int, _Forms]


@lru_cache(maxsize=1 << 14)  # a page of hits is marked from the same common words over and over
def placed(chunk: str) -> list[Piece]:
    """The positions of a chunk of a text."""
    return analysed(chunk)


# Marks around a word, which do not change what it is.
_BEFORE, _AFTER = "([{\"'“‘«„", ".,;:!?)]}\"'”’»…"


class _Cache(dict[str, tuple[_Forms, ...]]):
    """Chunk to the forms of its positions. It is emptied when full: so its memory is bounded (some 45 MB).

    The 135,000 chunks of 21,577 newswire articles fit in, with those of them that are another with marks
    around it. Where they did not (65,536), 100,000 such articles took 780,000 analyses.
    """

    ENTRIES = 150_000
    LONGEST_CHUNK = 40

    def __missing__(self, chunk: str) -> tuple[_Forms, ...]:
        core = chunk.lstrip(_BEFORE).rstrip(_AFTER)
        if core != chunk and core[:1].isalnum() and core[-1:].isalnum():
            forms = self[core]
        else:
            forms = tuple(piece[2] for piece in analysed(chunk))
        if len(chunk) <= self.LONGEST_CHUNK:
            if len(self) >= self.ENTRIES:
                self.clear()
            self[chunk] = forms
        return forms


_CHUNKS = _Cache()


def analysed(chunk: str, joined: bool = True) -> list[Piece]:
    """The positions of one chunk. ``joined``: with compounds written as one word."""
    if chunk.isascii() and chunk.isalpha():  # as most are, and what follows would find
        forms = _forms(chunk)
        return [(0, len(chunk), forms)] if forms else []
    written = chunk.translate(_ALIKE)
    pattern = _PLAIN_PIECE if written.isascii() else _any_piece()
    found: list[Piece] = []
    for match in pattern.finditer(written):
        handler = _HANDLERS[match.lastgroup or "word"]
        start = match.start()
        found += [(start + s, start + e, forms) for s, e, forms in handler(match[0], joined) if forms]
    return found


def _acronym(written: str, _joined: bool) -> list[Piece]:
    letters = re.sub(r"[. \xa0]|'s$", "", written)
    return [(0, len(written), _capital_forms(letters) or _forms(letters))]


def _ampersand(written: str, _joined: bool) -> list[Piece]:
    return [(0, len(written), variants(re.sub(r"[ &]", "", written)))]


def _symbol(written: str, _joined: bool) -> list[Piece]:
    return [(0, len(written), (written.lower(),))]


def _plus(written: str, joined: bool) -> list[Piece]:
    """Disney+ is found by “Disney+” and by “Disney”, but “Disney+” does not find Disney."""
    word = variants(written[:-1])[0]
    return [(0, len(written), (word + "+", word) if joined else (word + "+",))]


def _tag(written: str, joined: bool) -> list[Piece]:
    """#BlackLivesMatter is the one word and, in a text, its three."""
    name = written[1:]
    parts = list(_HUMPS.finditer(name))
    if not joined or len(parts) < 2 or sum(len(part[0]) for part in parts) != len(name):
        return _shifted(_word(name, joined), 1)
    pieces = [(part.start() + 1, part.end() + 1, _forms(part[0])) for part in parts]
    start, end, forms = pieces[0]
    return [(start, end, _merged(forms, _forms(name))), *pieces[1:]]


def _elided(written: str, joined: bool) -> list[Piece]:
    """l'Élysée is found by “Élysée” and as “lelysee”."""
    article, rest = written.split("'", 1)
    pieces = _word(rest, joined)
    if not pieces:
        return []
    _, end, forms = pieces[0]
    whole = variants(article + rest.split("-")[0])[0]
    shift = len(article) + 1
    return [(0, end + shift, (*forms, whole)), *_shifted(pieces[1:], shift)]


def _number(written: str, joined: bool) -> list[Piece]:
    """1,000,000 is 1000000; 14bn is 14 and billion, as in “$14 billion”."""
    plain = variants(written)[0].replace(",", "")[:LONGEST]
    magnitude = _MAGNITUDE.fullmatch(plain)
    if magnitude is None or len(plain) != len(written.replace(",", "")):
        return [(0, len(written), (plain,))]
    number, unit = magnitude.groups()
    cut = len(written) - len(unit)
    first = (number, plain) if joined else (number,)
    return [(0, cut, first), (cut, len(written), _forms(UNITS[unit]))]


def _word(written: str, joined: bool) -> list[Piece]:
    """A word, or a compound: its parts in a row, the first of which also stands for the whole."""
    if "-" not in written:
        return _simple(written, joined)
    pieces = []
    start = 0
    for part in written.split("-"):
        pieces += _shifted(_simple(part, joined), start)
        start += len(part) + 1
    if not joined or not pieces or not _is_joinable(written):
        return pieces
    first_start, first_end, forms = pieces[0]
    return [(first_start, first_end, _merged(forms, _forms(written.replace("-", "")))), *pieces[1:]]


def _is_joinable(compound: str) -> bool:
    """Whether people also write it as one word: e-mail, al-Qaeda; not 28-year-old, 2024-25, GPT-4."""
    return compound.count("-") < 3 and len(compound) <= 30 and not any(c.isdigit() for c in compound)


def _simple(written: str, joined: bool) -> list[Piece]:
    """A word without hyphens."""
    if written[0].isdigit():
        return _number(written, joined)
    if not written.isascii() and _unspaced().search(written):
        return _pairs(written)
    parts = _LETTERS_DIGITS.fullmatch(written)
    if parts is None:
        return [(0, len(written), _forms(written))]
    letters = _forms(parts[1])
    if joined:
        letters = _merged(letters, variants(written))
    return [(0, parts.end(1), letters), (parts.end(1), len(written), variants(parts[2]))]


def _pairs(written: str) -> list[Piece]:
    """Every two neighbouring characters, and each alone: 北京 is found in 抵达北京访问."""
    found: list[Piece] = []
    start = 0
    for run in _unspaced().finditer(written):
        if run.start() > start:
            found += _shifted(_simple(written[start : run.start()], True), start)
        found += _shifted(_run_pairs(run[0]), run.start())
        start = run.end()
    if start < len(written):
        found += _shifted(_simple(written[start:], True), start)
    return found


def _run_pairs(run: str) -> list[Piece]:
    if len(run) == 1:
        return [(0, 1, variants(run))]
    pairs = [(i, i + 2, _merged(variants(run[i : i + 2]), variants(run[i]))) for i in range(len(run) - 1)]
    return [*pairs, (len(run) - 1, len(run), variants(run[-1]))]


def _capital_forms(letters: str) -> _Forms:
    """The forms of an acronym that is also a word, if this is one."""
    if len(letters) > 1 and letters.isascii() and letters.isupper() and letters.lower() in ACRONYM_WORDS:
        return (letters.lower(), CAPITALS + letters)
    return ()


def _forms(written: str) -> _Forms:
    """The surfaces and the stem of one word of letters."""
    if written.endswith(("'s", "'S")):
        written = written[:-2]
    capitals = _capital_forms(written)
    if capitals:
        return capitals
    forms: dict[str, None] = {}
    for surface in variants(written):
        if surface:
            forms[surface[:LONGEST]] = None
    for surface in list(forms):
        root = stem(surface, written)
        if root != surface:
            forms[STEM + root] = None
    return tuple(forms)


def _merged(*forms: _Forms) -> _Forms:
    return tuple(dict.fromkeys(form for some in forms for form in some))


def _shifted(pieces: list[Piece], by: int) -> list[Piece]:
    return [(start + by, end + by, forms) for start, end, forms in pieces]


def _percent(_written: str, _joined: bool) -> list[Piece]:
    return [(0, 1, _forms("percent"))]


def _and(_written: str, _joined: bool) -> list[Piece]:
    return [(0, 1, ("and",))]


_HANDLERS: dict[str, Callable[[str, bool], list[Piece]]] = {
    "acronym": _acronym,
    "ampersand": _ampersand,
    "symbol": _symbol,
    "plus": _plus,
    "tag": _tag,
    "elided": _elided,
    "number": _number,
    "word": _word,
    "percent": _percent,
    "and": _and,
}

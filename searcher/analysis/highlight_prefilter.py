"""A prefilter for highlighting: the chunks of a text that may contain a term.

Except for the words listed here, a word begins with the same two letters as its terms. If the stemmer keeps
the third letter, that is compared, too.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from searcher.analysis.analyzer import JOINED, UNITS, may_join
from searcher.analysis.terms import ABBREVIATED, BEGINNINGS, ORDINALS, fold, stem_language
from searcher.languages import pack

_PREFIX_LETTERS = 2  # the third letter of a word often differs from that of its term
#: Languages ("" is English) whose stems keep the third letter, except for the “e” of an umlaut (Goethe).
_STABLE_STEMS = ("", "de", "fr", "es", "it", "pt", "cs", "sv", "da", "no")
#: Signs that may separate the first two letters of a word (e-mail, A&P). In O'Keefe and U.S., the sign counts
#: as a hyphen (see _SMALL).
_SIGNS_IN_WORDS = ("", "-", "&")
#: Letters with an accent that fold to one letter, and all others of Latin-1.
_ACCENTED = "À-ÅÇ-ÖØ-Ýà-åç-öø-ýÿ"
#: The folded form of each character of Latin-1.
_FOLDED = (*map(chr, range(32)), *fold("\n".join(map(chr, range(32, 256)))).split("\n"))
#: Translation of Latin-1 to lower case without accents. Signs within words become “-”. So does “?”, which
#: stands for characters outside Latin-1.
_SMALL = bytes(
    ord("-") if chr(code) in "-.'`?" else ord(plain) if len(plain) == 1 and plain.isascii() else code
    for code, plain in enumerate(_FOLDED)
)
#: Short words that Snowball spells differently: dying (die), lying, vying.
_RESPELT = {f"{letter}y": f"{letter}i" for letter in map(chr, range(ord("a"), ord("z") + 1))}
#: Matches characters outside Latin-1, except spaces, quotation marks and dashes. Latin letters after two
#: plain letters are excluded because they do not change the beginning of the word.
_FOREIGN = re.compile(rf"[^\x00-\x7f\s“”‘’–—…„‚«»‹›{_ACCENTED}](?<![A-Za-z{_ACCENTED}]{{2}}[\u00c0-\u024f])")
_SPACE = re.compile(r"\s")
#: Matches the second letter of a transliterated umlaut, because “goethe” is also a term of “Göthe”.
_WRITTEN_OUT = re.compile("(?<=[aou])e|(?<=a)a")
#: Hashtags are always candidates, because #BlackLivesMatter contains three words.
_TAG = "#"


def _other_beginnings() -> dict[str, set[str]]:
    """Map the first letters of a term to other first letters of words with that term."""
    words = [*ABBREVIATED.items(), *ORDINALS.items(), *BEGINNINGS.items(), *_RESPELT.items()]
    beginnings = defaultdict(set)
    for word, form in [*words, ("%", "percent"), ("&", "and")]:
        beginnings[form[:_PREFIX_LETTERS]].add(word[: _PREFIX_LETTERS + 1])
    for word, form in UNITS.items():
        beginnings[form].add(word)
    return beginnings


_OTHER_BEGINNINGS = _other_beginnings()


def beginnings(forms: Iterable[str]) -> dict[str, str]:
    """Return the possible beginnings, in lower case, of words with these terms. Each is mapped to the letters
    that may follow it; "": any."""
    following: dict[str, str] = {}
    for form in forms:
        word = form.rpartition(":")[2].lstrip("~^").lower()
        more = [
            *_OTHER_BEGINNINGS.get(word[:_PREFIX_LETTERS], ()),
            *_OTHER_BEGINNINGS.get(word, ()),
            *_prefix_beginnings(form, word),
        ]
        if (accented := _WRITTEN_OUT.sub("", word[: _PREFIX_LETTERS + 1])) != word[: _PREFIX_LETTERS + 1]:
            more.append(accented[:_PREFIX_LETTERS])
        for letters in (_stem_beginning(form, word), *more):
            plain, third = letters[:_PREFIX_LETTERS], letters[_PREFIX_LETTERS:]
            for written in filter(None, _letter_forms(plain)):
                known = following.get(written, third)
                following[written] = known + third if written == plain and known and third else ""
    return following


def _stem_beginning(form: str, word: str) -> str:
    """Return the first letters of a term, with the third one if words with the term keep it."""
    language = stem_language(form)
    if len(word) <= _PREFIX_LETTERS + 1 or language not in _STABLE_STEMS:
        return word[:_PREFIX_LETTERS]
    return word[: _PREFIX_LETTERS + 1] + "e" * bool(language)


def _prefix_beginnings(form: str, word: str) -> tuple[str, ...]:
    """Return the first letters of words with a prefix before this stem: “gewählt” has “wählen”."""
    known = pack(stem_language(form))
    if known is None:
        return ()
    if known.participle and form.endswith(tuple(known.verbs.values())):
        return (f"{known.participle}{word}"[: _PREFIX_LETTERS + 1], *known.before)
    return known.before


def _letter_forms(letters: str) -> Iterable[str]:
    if letters[:1].isdigit():
        return (letters[0],)  # the second digit may follow a comma (1,000)
    letters = letters.replace(".", "-")  # _SMALL does the same (“.NET”)
    return (sign.join(letters) for sign in _SIGNS_IN_WORDS) if len(letters) > 1 else (letters,)


def chunks_with(text: str, beginnings: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each chunk that may contain a word with one of these beginnings."""
    small = text.encode("latin-1", "replace").translate(_SMALL).decode("latin-1")
    places: set[int] = set()
    for beginning, following in (*beginnings.items(), (_TAG, "")):
        at = small.find(beginning)
        if at >= 0:  # rare
            places.update(_places(text, small, beginning, at, following))
    if not text.isascii():
        places.update([match.start() for match in _FOREIGN.finditer(text)])
    joined = _spaced_chunks(text)
    last = 0
    for at in sorted(places.union(joined)):
        if at < last:
            continue
        begin = at
        while begin > last and not text[begin - 1].isspace():
            begin -= 1
        last = joined.get(begin) or _chunk_end(text, at)
        yield begin, last


def _places(text: str, small: str, beginning: str, at: int, following: str) -> Iterator[int]:
    """Yield the offsets of a beginning from ``at`` on, at the start of a word and before one of these
    letters."""
    letter, length = beginning[0].isalpha(), len(beginning)
    while at >= 0:
        if not (letter and at and text[at - 1].isalpha()):
            after = small[at + length : at + length + 1]
            if not following or after in following or not "a" <= after <= "z":
                yield at
        at = small.find(beginning, at + 1)


def _spaced_chunks(text: str) -> dict[int, int]:
    """Map the start of each chunk with spaces to its end."""
    return dict([match.span() for match in JOINED.finditer(text)]) if may_join(text) else {}


def _chunk_end(text: str, at: int) -> int:
    space = _SPACE.search(text, at)
    return space.start() if space else len(text)


_T = TypeVar("_T")


class TextCache(Generic[_T]):
    """A thread-safe cache from texts to values, cleared at ``MAX_CHARACTERS``. Texts longer than
    ``MAX_TEXT_LENGTH`` are not cached."""

    MAX_CHARACTERS = 1 << 19
    MAX_TEXT_LENGTH = 1 << 16

    def __init__(self) -> None:
        self._cache: dict[str, _T] = {}
        self._size = 0
        self._lock = threading.Lock()

    def get(self, text: str) -> _T | None:
        return self._cache.get(text)

    def keep(self, text: str, value: _T) -> _T:
        if len(text) <= self.MAX_TEXT_LENGTH:
            with self._lock:
                if self._size > self.MAX_CHARACTERS:
                    self._cache, self._size = {}, 0
                self._size += len(text)
                self._cache[text] = value
        return value

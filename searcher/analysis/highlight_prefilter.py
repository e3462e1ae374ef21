"""A prefilter for highlighting: the chunks of a text that may hold a term.

A word begins with the same two letters as its terms, but for few words and what stems lose: a text is
searched for these letters. A third plain letter behind them is that of the term, too, where this has more.
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

_PREFIX_LETTERS = 2  # with three, more words would begin otherwise than their terms
#: Languages ("" is English) in whose stems the third letter stays, but for the “e” of an umlaut (Goethe): in
#: the 12,000 commonest words of a corpus. In Dutch (jaar, jaren), Finnish, Serbian and Polish some lose it.
_STEADY = ("", "de", "fr", "es", "it", "pt", "cs", "sv", "da", "no")
#: What may stand between the first two letters of a word: e-mail (as do O'Keefe and U.S. below), A&P.
_SIGNS_IN_WORDS = ("", "-", "&")
#: Letters with an accent that are one plain letter, and all others of Latin-1.
_ACCENTED = "À-ÅÇ-ÖØ-Ýà-åç-öø-ýÿ"
#: What each sign of Latin-1 is folded to; a line feed parts them.
_FOLDED = (*map(chr, range(32)), *fold("\n".join(map(chr, range(32, 256)))).split("\n"))
#: Latin-1 as words begin: small, without accents, one sign for those within words and for all else (“?”).
_SMALL = bytes(
    ord("-") if chr(code) in "-.'`?" else ord(plain) if len(plain) == 1 and plain.isascii() else code
    for code, plain in enumerate(_FOLDED)
)
#: Short words whose stem Snowball spells otherwise: dying (die), lying, vying.
_SPELT = {f"{letter}y": f"{letter}i" for letter in map(chr, range(ord("a"), ord("z") + 1))}
#: Letters that are no plain ones, as are all spaces, quotation marks and dashes. One of Latin script changes
#: how a word begins only where fewer than two plain letters stand before it.
_FOREIGN = re.compile(rf"[^\x00-\x7f\s“”‘’–—…„‚«»‹›{_ACCENTED}](?<![A-Za-z{_ACCENTED}]{{2}}[\u00c0-\u024f])")
_SPACE = re.compile(r"\s")
#: The second letter of those written out: “goethe” is a term of “Göthe” too.
_WRITTEN_OUT = re.compile("(?<=[aou])e|(?<=a)a")
#: Looked for in every text: the words of #BlackLivesMatter stand in a row.
_TAG = "#"


def _others() -> dict[str, set[str]]:
    """Map the first letters of a term to the other first letters that words with this term may have."""
    words = [*ABBREVIATED.items(), *ORDINALS.items(), *BEGINNINGS.items(), *_SPELT.items()]
    others = defaultdict(set)
    for word, form in [*words, ("%", "percent"), ("&", "and")]:
        others[form[:_PREFIX_LETTERS]].add(word[: _PREFIX_LETTERS + 1])
    for word, form in UNITS.items():
        others[form].add(word)
    return others


_OTHERS = _others()


def beginnings(forms: Iterable[str]) -> dict[str, str]:
    """Return the strings, in lower case, with which words with any of these terms may begin, each with the
    plain letters that may follow; with none, any may."""
    found: dict[str, str] = {}
    for form in forms:
        word = form.rpartition(":")[2].lstrip("~^").lower()
        others = [*_OTHERS.get(word[:_PREFIX_LETTERS], ()), *_OTHERS.get(word, ()), *_before(form, word)]
        if (accented := _WRITTEN_OUT.sub("", word[: _PREFIX_LETTERS + 1])) != word[: _PREFIX_LETTERS + 1]:
            others.append(accented[:_PREFIX_LETTERS])
        for letters in (_steady(form, word), *others):
            plain, third = letters[:_PREFIX_LETTERS], letters[_PREFIX_LETTERS:]
            for written in filter(None, _letter_forms(plain)):
                known = found.get(written, third)
                found[written] = known + third if written == plain and known and third else ""
    return found


def _steady(form: str, word: str) -> str:
    """Return the first letters of a term, and each third one that words with it have, if these are known: not
    of short ones, whose last letter changes (cry, ~cri)."""
    language = stem_language(form)
    if len(word) <= _PREFIX_LETTERS + 1 or language not in _STEADY:
        return word[:_PREFIX_LETTERS]
    return word[: _PREFIX_LETTERS + 1] + "e" * bool(language)


def _before(form: str, word: str) -> tuple[str, ...]:
    """The first letters of words that have more before this stem: “gewählt” has “wählen”."""
    known = pack(stem_language(form))
    if known is None:
        return ()
    if known.participle and form.endswith(tuple(known.verbs.values())):
        return (f"{known.participle}{word}"[: _PREFIX_LETTERS + 1], *known.before)
    return known.before


def _letter_forms(letters: str) -> Iterable[str]:
    if letters[:1].isdigit():
        return (letters[0],)  # 1,000 is 1000
    letters = letters.replace(".", "-")  # of “.NET”, as _SMALL has it
    return (between.join(letters) for between in _SIGNS_IN_WORDS) if len(letters) > 1 else (letters,)


def chunks_with(text: str, wanted: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each chunk of a text that may hold a word with one of these beginnings."""
    small = text.encode("latin-1", "replace").translate(_SMALL).decode("latin-1")
    places: set[int] = set()
    for beginning, following in (*wanted.items(), (_TAG, "")):
        at = small.find(beginning)
        if at >= 0:  # of most there is none
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
        last = joined.get(begin) or _end(text, at)
        yield begin, last


def _places(text: str, small: str, beginning: str, at: int, following: str) -> Iterator[int]:
    """Yield the offsets of a beginning, from ``at`` on, that no letter stands before, and none but these
    plain letters after it."""
    letter, length = beginning[0].isalpha(), len(beginning)
    while at >= 0:
        if not (letter and at and text[at - 1].isalpha()):
            after = small[at + length : at + length + 1]
            if not following or after in following or not "a" <= after <= "z":
                yield at
        at = small.find(beginning, at + 1)


def _spaced_chunks(text: str) -> dict[int, int]:
    """Map the start of each chunk with spaces in it to its end."""
    return dict([match.span() for match in JOINED.finditer(text)]) if may_join(text) else {}


def _end(text: str, at: int) -> int:
    space = _SPACE.search(text, at)
    return space.start() if space else len(text)


_T = TypeVar("_T")


class TextCache(Generic[_T]):
    """A cache from a text to one value, emptied at ``MAX_CHARACTERS``. Threads may share it; texts longer
    than ``MAX_TEXT_LENGTH`` are not kept."""

    MAX_CHARACTERS = 1 << 19
    MAX_TEXT_LENGTH = 1 << 16

    def __init__(self) -> None:
        self._kept: dict[str, _T] = {}
        self._size = 0
        self._lock = threading.Lock()

    def get(self, text: str) -> _T | None:
        return self._kept.get(text)

    def keep(self, text: str, found: _T) -> _T:
        if len(text) <= self.MAX_TEXT_LENGTH:
            with self._lock:
                if self._size > self.MAX_CHARACTERS:
                    self._kept, self._size = {}, 0
                self._size += len(text)
                self._kept[text] = found
        return found

"""Which names of a collection may be those of a list though they are written otherwise: in another script or
order, with a typing error, an initial, a title.

The words of the list are looked up, so that memory grows with it alone. How sure two names are one is told by
what differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Final, NamedTuple

from searcher.analysis.terms import within_edits
from searcher.names.forms import LEGAL_FORMS, PARTICLES, SUFFIXES, TITLES
from searcher.names.normalise import fold, word_set
from searcher.names.people import is_first_name

#: What differs between two names, and how often they are one then: measured on half of the cases of
#: ``benchmarks/lists`` or, of what these hardly hold, by eye (“perhaps another first name”).
SHARES: Final[Mapping[str, float]] = {
    "same": 1.0, "word order": 0.97, "title": 0.97, "spaces": 0.96, "spelling": 0.96, "script": 0.96,
    "vowels unwritten": 0.95, "middle name": 0.92, "vowels in another script": 0.85,
    "transposed letters": 0.85, "error in a long word": 0.85, "sound": 0.8, "typing error": 0.7,
    "initial": 0.6, "vowels": 0.6, "surname alone": 0.4, "part of the name": 0.3, "another generation": 0.3,
    "another word of this sound": 0.3, "another word of these consonants": 0.25, "another word": 0.08,
    "perhaps another first name": 0.2,
}  # fmt: skip
#: Words whose likeness is kept, for names come again and again; and values that are kept for one name.
_MAX_KEPT_WORDS, _MAX_FOUND_VALUES = 100_000, 50
#: Below this a name is not offered.
_MIN_SHARE: Final = 0.15
#: Letters of a word in which an error is looked for, of one in which it hardly makes another name, and
#: consonants by which a word is known whose vowels are written otherwise or not at all.
_MIN_LETTERS, _MIN_LONG_LETTERS, _MIN_CONSONANTS = 4, 8, 2
#: What differs where the word of the list is no error, for others have it: “Marie” and “Maria”.
_TYPED: Final = ("transposed letters", "typing error", "error in a long word")
_OF_OTHERS: Final = {
    **dict.fromkeys(_TYPED, "another word"),
    "sound": "another word of this sound",
    "vowels": "another word of these consonants",
}
#: The same where it is a first name, and nobody of the collection has it.
_OF_FIRST_NAMES: Final = {**_OF_OTHERS, **dict.fromkeys(_TYPED, "perhaps another first name")}
_GENERATIONS: Final = word_set("jr sr junior senior ii iii iv")
_WRITTEN_OUT = re.compile("([aou])e")
_ABJAD = re.compile("[\u0590-\u05ff\u0600-\u06ff]")
_ARTICLE = re.compile(r"\bال(?=\w)")
_ABDUL = re.compile(r"\babd[aeu]l\b")
#: Pairs of Greek letters that are one sound, at the beginning of a word or anywhere.
_GREEK: Final = (
    (r"\bντ", "d"), (r"\bμπ", "b"), (r"\bγκ", "g"), ("γγ", "ng"), ("ευ", "ev"), ("αυ", "av"), ("ου", "u"),
)  # fmt: skip
#: One sound as several languages write it in Latin letters. Capitals are sounds of their own.
_CONSONANTS: Final = {
    "schtsch": "SC", "shch": "SC", "stsch": "SC", "szcz": "SC", "tsch": "C", "dsch": "J", "tch": "C",
    "sch": "S", "dzh": "J", "ch": "C", "cz": "C", "sh": "S", "sz": "S", "zh": "Z", "kh": "X", "dj": "J",
    "ph": "f", "th": "t", "ts": "z", "tz": "z", "ck": "k", "q": "k", "x": "ks", "w": "v",
}  # fmt: skip
_CONSONANT = re.compile("|".join(_CONSONANTS))
_SOUNDS: Final = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(.)\1+", r"\1"), ("c(?=[^eiy]|$)", "k"), ("of$", "ov"), ("(?<=[aeo])h(?=n)", ""), ("[jy]", "i"),
        ("ou|oo", "u"), ("ei|ai", "ei"), ("ie|ee|ii+", "i"), ("([aou])e", r"\1"),
    )
]  # fmt: skip
_VOWELS, _DOUBLE = re.compile("[aeiou]"), re.compile(r"(.)\1+")
#: Which vowel a letter is where Arabic and Hebrew write one; and any other letter, with what it parts.
_WRITTEN_VOWELS: Final = {**dict.fromkeys("ie", "i"), **dict.fromkeys("ouv", "u"), "a": "a"}
_PARTED = re.compile(f"([^{''.join(_WRITTEN_VOWELS)}])")
#: Consonants and vowels that have to agree where not all vowels are written (benchmarks/quality/README.md).
_MIN_AGREED_LETTERS: Final = 6
#: The scripts that write each sound: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Georgian; and the last
#: block of 256 letters that is Latin.
_SCRIPTS_OF_SOUNDS: Final = re.compile("[\u0000-\u06ff\u10a0-\u10ff]+")
_LAST_LATIN_BLOCK: Final = 2
_OTHERWISE = re.compile("[^lmnr]+")
#: What a name may begin with whose first letter is this: a vowel, one of the lips, the teeth, the palate.
_BEGINS: Final = {
    **dict.fromkeys("aeiouy", "a"), **dict.fromkeys("bfp", "b"), **dict.fromkeys("vw", "ab"),
    **dict.fromkeys("dstz", "s"), **dict.fromkeys("kqx", "k"), **dict.fromkeys("cg", "ks"),
    "h": "ak", "j": "aks",
}  # fmt: skip
#: Consonants that one language writes as another one does another: Zhukov is Schukow.
_SAME_CONSONANTS: Final = str.maketrans({"Z": "s", "S": "s", "z": "s", "J": "s", "X": "h", "C": "h"})


class _Word(NamedTuple):
    """A word of a name in plain letters, by its sound, its consonants, and those that are never vowels."""

    plain: str
    sound: str
    consonants: str
    bones: str
    script: str


@lru_cache(maxsize=_MAX_KEPT_WORDS)
def _word(plain: str, script: str) -> _Word:
    sound = _CONSONANT.sub(lambda found: _CONSONANTS[found[0]], plain)
    for pattern, by in _SOUNDS:
        sound = pattern.sub(by, sound)
    consonants = _VOWELS.sub("", sound.translate(_SAME_CONSONANTS))
    return _Word(plain, sound, consonants, _DOUBLE.sub(r"\1", consonants.replace("v", "")), script)


class _Name(NamedTuple):
    """The telling words of a name, all of them; whether one is an initial, or there is but one."""

    words: tuple[_Word, ...]
    whole: tuple[str, ...]
    joined: str
    initial: bool
    short: bool


def _name_of(kind: str, text: str) -> _Name:
    last, comma, first = text.partition(",")
    if comma and first.strip() and "," not in first and fold(first) not in SUFFIXES | LEGAL_FORMS:
        text = f"{first} {last}"
    plain, script = fold(text), ""
    if not plain.isascii():
        plain, script = _in_latin(plain)
    words = tuple(_ABDUL.sub("abd", plain).split())
    telling = tuple(_word(word, script) for word in _telling_words(kind, words))
    initial = any(len(word.plain) == 1 for word in telling)
    return _Name(telling, words, f"+{''.join(words)}", initial, initial or len(telling) == 1)


def _in_latin(folded: str) -> tuple[str, str]:
    """Return a name in Latin letters, and of which script it was: "abjad" where vowels are not written."""
    from anyascii import anyascii

    if _ABJAD.search(folded):
        return fold(re.sub(r"\bl ", "al ", anyascii(_ARTICLE.sub("ال ", folded.replace("ة", ""))))), "abjad"
    for pair, sound in _GREEK:
        folded = re.sub(pair, sound, folded)
    script = unicodedata.name(max(folded)).partition(" ")[0]
    return fold(anyascii(folded)), "" if script == "LATIN" else script


def _telling_words(kind: str, words: Sequence[str]) -> Sequence[str]:
    """Return the words of a name without titles, particles and legal forms, unless too few are left."""
    if kind != "person":
        return [word for word in words if word not in LEGAL_FORMS and word != "the"] or words
    start = 0
    while len(words) - start > 2 and words[start] in TITLES:
        start += 1
    kept = [word for word in words[start:] if word not in PARTICLES and word not in SUFFIXES]
    return kept if len(kept) > 1 else words[start:]


#: What differs, and for a word of the list that is written otherwise, that word.
_Differences = tuple[tuple[str, str], ...]


class Likeness:
    """Looks a list up among the values of one kind."""

    def __init__(self, kind: str, asked: Sequence[str]) -> None:
        self._kind = kind
        self._asked = [_name_of(kind, name) for name in asked]
        self._of_key: dict[str, set[int]] = defaultdict(set)
        for number, name in enumerate(self._asked):
            for key in (name.joined, *(key for word in name.words for key in _keys(word))):
                self._of_key[key].add(number)
        self._numbers_like = lru_cache(maxsize=_MAX_KEPT_WORDS)(self._numbers_of_word)
        self._known: set[str] = set()
        self._found: dict[int, dict[str, _Differences]] = defaultdict(dict)

    def look(self, values: Iterable[str]) -> dict[int, list[tuple[str, float, str]]]:
        """Return for numbers of names of the list the values that may be them, with share and difference."""
        for value in values:
            self._look_for(value)
        return {number: [*self._findings(number)] for number in self._found}

    def _look_for(self, value: str) -> None:
        name = _name_of(self._kind, value)
        common = Counter(number for word in name.words for number in self._numbers_like(word))
        numbers = {n for n, count in common.items() if count > 1 or name.initial or self._asked[n].short}
        for number in numbers.union(self._of_key.get(name.joined, ())):
            differences = _differences(self._kind, self._asked[number], name)
            if differences and _share(how for how, _ in differences) >= _MIN_SHARE:
                kept = self._found[number]
                kept[value] = differences
                if len(kept) > _MAX_FOUND_VALUES:  # of a surname that hundreds have
                    del kept[min(kept, key=lambda one: _share(how for how, _ in kept[one]))]

    def _numbers_of_word(self, word: _Word) -> frozenset[int]:
        found = frozenset().union(*(self._of_key.get(key, ()) for key in _keys(word)))
        if found:
            self._known.add(word.plain)
        return found

    def _findings(self, number: int) -> Iterator[tuple[str, float, str]]:
        """Yield what was found for a name. A word that others of the collection have is no error."""
        for value, differences in self._found[number].items():
            why = [self._other_words(number, word).get(how, how) for how, word in differences]
            if _share(why) >= _MIN_SHARE:
                yield value, _share(why), ", ".join(dict.fromkeys(why))

    def _other_words(self, number: int, word: str) -> Mapping[str, str]:
        """Return what differs instead where a word that is written otherwise need be no error."""
        if word in self._known:
            return _OF_OTHERS
        surname = self._asked[number].words[-1].plain
        return _OF_FIRST_NAMES if word != surname and is_first_name(word) else {}


def _share(why: Iterable[str]) -> float:
    return prod(SHARES[one] for one in why)


def _keys(word: _Word) -> Iterator[str]:
    """Yield what two words have in common where they may be one."""
    plain = word.plain
    yield from (plain, f"~{word.sound}")
    if len(word.consonants) > _MIN_CONSONANTS:
        yield f"%{word.consonants}"
    if len(word.bones) >= _MIN_CONSONANTS:
        yield f"#{word.bones}"
    if len(plain) >= _MIN_LETTERS - 1:
        yield from {f"-{plain}", *(f"-{plain[:n]}{plain[n + 1 :]}" for n in range(len(plain)))}


@lru_cache(maxsize=_MAX_KEPT_WORDS)
def relation(one: _Word, other: _Word) -> str:
    """Return what differs between two words that may be one; "" where they are others."""
    a, b = one.plain, other.plain
    foreign = (one.script or other.script) if one.script != other.script else ""
    if a == b:
        return "script" if foreign else "same"
    if 1 in (len(a), len(b)):
        return "initial" if a[0] == b[0] else ""
    if one.sound == other.sound:
        same = _WRITTEN_OUT.sub(r"\1", a) == _WRITTEN_OUT.sub(r"\1", b)
        return "script" if foreign else "spelling" if same else "sound"
    if foreign == "abjad" and one.bones == other.bones and len(one.bones) >= _MIN_CONSONANTS:
        return "vowels unwritten"
    if (
        max(len(a), len(b)) >= _MIN_LETTERS
        and min(len(a), len(b)) >= _MIN_LETTERS - 1
        and within_edits(a, b, 1)
    ):
        if len(a) == len(b) and sorted(a) == sorted(b):
            return "transposed letters"
        return "error in a long word" if len(b) >= _MIN_LONG_LETTERS else "typing error"
    if one.consonants == other.consonants and len(one.consonants) > _MIN_CONSONANTS:
        return "vowels in another script" if foreign else "vowels"
    return ""


def may_begin(one: str, other: str) -> bool:
    """Tell whether a name may begin with one letter in one script, and with the other in another."""
    scripts = {max(ord(letter) >> 8, _LAST_LATIN_BLOCK) for letter in (one, other)}
    return len(scripts) > 1 and not _beginnings(one).isdisjoint(_beginnings(other))


@lru_cache(maxsize=_MAX_KEPT_WORDS)
def _beginnings(letter: str) -> frozenset[str]:
    plain = _plain(letter)[0][:1]
    return frozenset(_BEGINS.get(plain, plain or "a"))


def in_another_script(one: str, other: str) -> float:
    """Return how sure it is that words of two scripts are the same name; 0.0 where their sound does not make
    that plain."""
    (plain, script, bare), (others, another, theirs) = _plain(one), _plain(other)
    if bare != theirs or script == another or not _SCRIPTS_OF_SOUNDS.fullmatch(one + other):
        return 0.0
    a, b = _word(plain, script), _word(others, another)
    if "abjad" in (script, another):
        agree = _vowels_agree(*((a, b) if script == "abjad" else (b, a)))
        return SHARES["vowels unwritten"] if agree else 0.0
    return SHARES["script"] if relation(a, b) == "script" else 0.0


@lru_cache(maxsize=_MAX_KEPT_WORDS)
def _plain(word: str) -> tuple[str, str, str]:
    """Return a word in Latin letters, the alef in it among them, of which script it was, and those of its
    letters that every language writes alike."""
    folded = fold(word).removeprefix("ا").replace("ا", "a")
    plain, script = (folded, "") if folded.isascii() else _in_latin(folded)
    return plain, script, _DOUBLE.sub(r"\1", _OTHERWISE.sub("", plain))


def _vowels_agree(written: _Word, spoken: _Word) -> bool:
    """Tell whether a word has the consonants of an Arabic or Hebrew one, and the vowels that it writes."""
    consonants, vowels = _consonants(_word(written.plain.replace("j", "dj").replace("gh", "g"), ""))
    others, theirs = _consonants(spoken)
    if consonants != others or (theirs[-1] and not vowels[-1]):
        return False
    if len(consonants) > _MIN_CONSONANTS and vowels == theirs:
        return True
    agreed = len(consonants) + sum(map(bool, vowels))
    return agreed >= _MIN_AGREED_LETTERS and all(some <= more for some, more in zip(vowels, theirs))


def _consonants(word: _Word) -> tuple[list[str], list[set[str]]]:
    """Return the consonants of a word, without p, which Arabic has not, and the vowels around each."""
    sound = word.sound.translate(_SAME_CONSONANTS).replace("p", "b")
    parts = _PARTED.split(_DOUBLE.sub(r"\1", sound))
    return parts[1::2], [{_WRITTEN_VOWELS[one] for one in gap} for gap in parts[::2]]


def _differences(kind: str, asked: _Name, known: _Name) -> _Differences:
    """Return what differs between two names that may be one; nothing where they are others."""
    if asked.whole == known.whole:
        return (("same", ""),)
    pairs = sorted(
        (-SHARES[how], abs(n - m), n, m, how)
        for n, one in enumerate(asked.words)
        for m, other in enumerate(known.words)
        if (how := relation(one, other))
    )
    matched: dict[int, int] = {}
    found: list[tuple[str, str]] = []
    for _, _, n, m, how in pairs:
        if n not in matched and m not in matched.values():
            matched[n] = m
            found += [(how, asked.words[n].plain)] if how != "same" else []
    full = len(matched) - sum(how == "initial" for how, _ in found)
    more = len(asked.words) - len(matched), len(known.words) - len(matched)
    if all(more) or not full or (any(more) and (full < 2 or full < len(matched) or kind != "person")):
        if asked.joined == known.joined:
            return (("spaces", ""),)
        sure = kind == "person" and not any(how in _OF_OTHERS for how, _ in found)
        alone = sure and len(asked.words) == len(matched) == 1
        return (*found, ("surname alone", "")) if alone and full and len(known.words) > 1 else ()
    if any(more):
        longer, there = (known, matched.values()) if more[1] else (asked, matched.keys())
        found.append(("middle name" if {0, len(longer.words) - 1} <= {*there} else "part of the name", ""))
    if [matched[n] for n in sorted(matched)] != sorted(matched.values()):
        found.append(("word order", ""))
    if _GENERATIONS & {*asked.whole} != _GENERATIONS & {*known.whole}:
        found.append(("another generation", ""))
    return tuple(found) or (("title", ""),)

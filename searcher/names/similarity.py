"""Which names of a collection may be names of a list that are written differently: in another script or
order, with a typing error, an initial or a title.

The words of the list are looked up, so memory grows with the list only. What differs decides how likely two
names are one.
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

#: For each difference, the share of pairs that are one name. Measured on half of the cases in
#: ``benchmarks/lists``, or judged by eye if there are too few.
SHARES: Final[Mapping[str, float]] = {
    "same": 1.0, "word order": 0.97, "title": 0.97, "spaces": 0.96, "spelling": 0.96, "script": 0.96,
    "vowels unwritten": 0.95, "middle name": 0.92, "vowels in another script": 0.85,
    "transposed letters": 0.85, "error in a long word": 0.85, "sound": 0.8, "typing error": 0.7,
    "initial": 0.6, "vowels": 0.6, "surname alone": 0.4, "part of the name": 0.3, "another generation": 0.3,
    "another word of this sound": 0.3, "another word of these consonants": 0.25, "another word": 0.08,
    "perhaps another first name": 0.2,
}  # fmt: skip
#: Maximum number of cached words, and of matches per name.
_MAX_KEPT_WORDS, _MAX_MATCHES = 100_000, 50
#: Minimum probability of a match.
_MIN_SHARE: Final = 0.15
#: Minimum letters of a word that may contain a typing error. From _MIN_LONG_LETTERS letters, an error rarely
#: produces another name. A word needs _MIN_CONSONANTS consonants to be compared without its vowels.
_MIN_LETTERS, _MIN_LONG_LETTERS, _MIN_CONSONANTS = 4, 8, 2
_TYPING_ERRORS: Final = ("transposed letters", "typing error", "error in a long word")
#: Replaces a difference if the word is not an error, because other people have it: “Marie” and “Maria”.
_DIFFERENT_WORDS: Final = {
    **dict.fromkeys(_TYPING_ERRORS, "another word"),
    "sound": "another word of this sound",
    "vowels": "another word of these consonants",
}
#: Replaces a difference in a first name that nobody in the collection has.
_DIFFERENT_FIRST_NAMES: Final = {
    **_DIFFERENT_WORDS,
    **dict.fromkeys(_TYPING_ERRORS, "perhaps another first name"),
}
_GENERATIONS: Final = word_set("jr sr junior senior ii iii iv")
_WRITTEN_OUT = re.compile("([aou])e")
_ABJAD = re.compile("[\u0590-\u05ff\u0600-\u06ff]")
_ARTICLE = re.compile(r"\bال(?=\w)")
_ABDUL = re.compile(r"\babd[aeu]l\b")
#: Pairs of Greek letters for one sound, at the start of a word or anywhere.
_GREEK: Final = (
    (r"\bντ", "d"), (r"\bμπ", "b"), (r"\bγκ", "g"), ("γγ", "ng"), ("ευ", "ev"), ("αυ", "av"), ("ου", "u"),
)  # fmt: skip
#: Maps spellings in several languages to one letter per sound. Capitals stand for sounds without a letter.
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
#: Maps each vowel to the letter that Arabic and Hebrew write for it.
_WRITTEN_VOWELS: Final = {**dict.fromkeys("ie", "i"), **dict.fromkeys("ouv", "u"), "a": "a"}
_NOT_VOWEL = re.compile(f"([^{''.join(_WRITTEN_VOWELS)}])")
#: If some vowels are not written, at least this many consonants and vowels must agree.
_MIN_AGREED_LETTERS: Final = 6
#: Scripts that write each sound: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Georgian.
_SCRIPTS_OF_SOUNDS: Final = re.compile("[\u0000-\u06ff\u10a0-\u10ff]+")
_LAST_LATIN_BLOCK: Final = 2
_VARYING_LETTERS = re.compile("[^lmnr]+")
#: For each first letter, the classes of letters that another script may use: vowels ("a"), labials ("b"),
#: dentals ("s") and velars ("k").
_FIRST_LETTERS: Final = {
    **dict.fromkeys("aeiouy", "a"), **dict.fromkeys("bfp", "b"), **dict.fromkeys("vw", "ab"),
    **dict.fromkeys("dstz", "s"), **dict.fromkeys("kqx", "k"), **dict.fromkeys("cg", "ks"),
    "h": "ak", "j": "aks",
}  # fmt: skip
#: Consonants that different languages use for one sound: Zhukov is Schukow.
_SAME_CONSONANTS: Final = str.maketrans({"Z": "s", "S": "s", "z": "s", "J": "s", "X": "h", "C": "h"})


class _Word(NamedTuple):
    """A word of a name: its letters, sound, consonants, and consonants that are never vowels."""

    plain: str
    sound: str
    consonants: str
    bones: str
    script: str


@lru_cache(maxsize=_MAX_KEPT_WORDS)
def _word(plain: str, script: str) -> _Word:
    sound = _CONSONANT.sub(lambda match: _CONSONANTS[match[0]], plain)
    for pattern, by in _SOUNDS:
        sound = pattern.sub(by, sound)
    consonants = _VOWELS.sub("", sound.translate(_SAME_CONSONANTS))
    return _Word(plain, sound, consonants, _DOUBLE.sub(r"\1", consonants.replace("v", "")), script)


class _Name(NamedTuple):
    """A name: its significant words, all words, whether one is an initial, and whether it is short."""

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
    significant = tuple(_word(word, script) for word in _significant_words(kind, words))
    initial = any(len(word.plain) == 1 for word in significant)
    return _Name(significant, words, f"+{''.join(words)}", initial, initial or len(significant) == 1)


def _in_latin(folded: str) -> tuple[str, str]:
    """Return a name in Latin letters and its script, "abjad" if vowels are not written."""
    from anyascii import anyascii

    if _ABJAD.search(folded):
        return fold(re.sub(r"\bl ", "al ", anyascii(_ARTICLE.sub("ال ", folded.replace("ة", ""))))), "abjad"
    for pair, sound in _GREEK:
        folded = re.sub(pair, sound, folded)
    script = unicodedata.name(max(folded)).partition(" ")[0]
    return fold(anyascii(folded)), "" if script == "LATIN" else script


def _significant_words(kind: str, words: Sequence[str]) -> Sequence[str]:
    """Return the words of a name without titles, particles and legal forms, unless too few remain."""
    if kind != "person":
        return [word for word in words if word not in LEGAL_FORMS and word != "the"] or words
    start = 0
    while len(words) - start > 2 and words[start] in TITLES:
        start += 1
    name_parts = [word for word in words[start:] if word not in PARTICLES and word not in SUFFIXES]
    return name_parts if len(name_parts) > 1 else words[start:]


#: Pairs of a difference and the word of the list that has it.
_Differences = tuple[tuple[str, str], ...]


class Similarity:
    """Looks up a list of names among values of one kind."""

    def __init__(self, kind: str, queries: Sequence[str]) -> None:
        self._kind = kind
        self._queries = [_name_of(kind, name) for name in queries]
        self._of_key: dict[str, set[int]] = defaultdict(set)
        for number, name in enumerate(self._queries):
            for key in (name.joined, *(key for word in name.words for key in _keys(word))):
                self._of_key[key].add(number)
        self._numbers_like = lru_cache(maxsize=_MAX_KEPT_WORDS)(self._numbers_of_word)
        self._known: set[str] = set()
        self._matches: dict[int, dict[str, _Differences]] = defaultdict(dict)

    def find(self, values: Iterable[str]) -> dict[int, list[tuple[str, float, str]]]:
        """Return (value, probability, difference) for each number of a name that was found."""
        for value in values:
            name = _name_of(self._kind, value)
            shared = Counter(number for word in name.words for number in self._numbers_like(word))
            numbers = {
                n for n, count in shared.items() if count > 1 or name.initial or self._queries[n].short
            }
            for number in numbers.union(self._of_key.get(name.joined, ())):
                differences = _differences(self._kind, self._queries[number], name)
                if differences and _share(how for how, _ in differences) >= _MIN_SHARE:
                    matches = self._matches[number]
                    matches[value] = differences
                    if len(matches) > _MAX_MATCHES:  # for example if hundreds of people share the surname
                        del matches[min(matches, key=lambda one: _share(how for how, _ in matches[one]))]
        return {number: [*self._findings(number)] for number in self._matches}

    def _numbers_of_word(self, word: _Word) -> frozenset[int]:
        numbers = frozenset().union(*(self._of_key.get(key, ()) for key in _keys(word)))
        if numbers:
            self._known.add(word.plain)
        return numbers

    def _findings(self, number: int) -> Iterator[tuple[str, float, str]]:
        for value, differences in self._matches[number].items():
            why = [self._other_words(number, word).get(how, how) for how, word in differences]
            if _share(why) >= _MIN_SHARE:
                yield value, _share(why), ", ".join(dict.fromkeys(why))

    def _other_words(self, number: int, word: str) -> Mapping[str, str]:
        """Return the differences that replace typing errors, if a word need not be one."""
        if word in self._known:
            return _DIFFERENT_WORDS
        surname = self._queries[number].words[-1].plain
        return _DIFFERENT_FIRST_NAMES if word != surname and is_first_name(word) else {}


def _share(why: Iterable[str]) -> float:
    return prod(SHARES[one] for one in why)


def _keys(word: _Word) -> Iterator[str]:
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
    """Return the difference between two words that may be one, "" if they are not."""
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


def can_share_first_letter(one: str, other: str) -> bool:
    """Return True if a name can start with one letter in one script and with the other in another."""
    scripts = {max(ord(letter) >> 8, _LAST_LATIN_BLOCK) for letter in (one, other)}
    return len(scripts) > 1 and not _beginnings(one).isdisjoint(_beginnings(other))


@lru_cache(maxsize=_MAX_KEPT_WORDS)
def _beginnings(letter: str) -> frozenset[str]:
    plain = _plain(letter)[0][:1]
    return frozenset(_FIRST_LETTERS.get(plain, plain or "a"))


def transliteration_probability(one: str, other: str) -> float:
    """Return the probability that words of two scripts are one name, 0.0 unless they sound alike."""
    (plain, script, common), (other_plain, other_script, other_common) = _plain(one), _plain(other)
    if common != other_common or script == other_script or not _SCRIPTS_OF_SOUNDS.fullmatch(one + other):
        return 0.0
    a, b = _word(plain, script), _word(other_plain, other_script)
    if "abjad" in (script, other_script):
        agree = _vowels_agree(*((a, b) if script == "abjad" else (b, a)))
        return SHARES["vowels unwritten"] if agree else 0.0
    return SHARES["script"] if relation(a, b) == "script" else 0.0


@lru_cache(maxsize=_MAX_KEPT_WORDS)
def _plain(word: str) -> tuple[str, str, str]:
    """Return a word in Latin letters, its script, and the letters that every language writes alike."""
    folded = fold(word).removeprefix("ا").replace("ا", "a")
    plain, script = (folded, "") if folded.isascii() else _in_latin(folded)
    return plain, script, _DOUBLE.sub(r"\1", _VARYING_LETTERS.sub("", plain))


def _vowels_agree(written: _Word, spoken: _Word) -> bool:
    """Return True if a word has the consonants of an Arabic or Hebrew one, and its written vowels."""
    consonants, vowels = _consonants(_word(written.plain.replace("j", "dj").replace("gh", "g"), ""))
    spoken_consonants, spoken_vowels = _consonants(spoken)
    if consonants != spoken_consonants or (spoken_vowels[-1] and not vowels[-1]):
        return False
    if len(consonants) > _MIN_CONSONANTS and vowels == spoken_vowels:
        return True
    agreed = len(consonants) + sum(map(bool, vowels))
    return agreed >= _MIN_AGREED_LETTERS and all(a <= b for a, b in zip(vowels, spoken_vowels))


def _consonants(word: _Word) -> tuple[list[str], list[set[str]]]:
    """Return the consonants of a word, with p as b as in Arabic, and the vowels around each."""
    sound = word.sound.translate(_SAME_CONSONANTS).replace("p", "b")
    parts = _NOT_VOWEL.split(_DOUBLE.sub(r"\1", sound))
    return parts[1::2], [{_WRITTEN_VOWELS[one] for one in gap} for gap in parts[::2]]


def _differences(kind: str, query: _Name, known: _Name) -> _Differences:
    """Return the differences between two names that may be one, () if they are not."""
    if query.whole == known.whole:
        return (("same", ""),)
    pairs = sorted(
        (-SHARES[how], abs(n - m), n, m, how)
        for n, one in enumerate(query.words)
        for m, other in enumerate(known.words)
        if (how := relation(one, other))
    )
    matched: dict[int, int] = {}
    differences: list[tuple[str, str]] = []
    for _, _, n, m, how in pairs:
        if n not in matched and m not in matched.values():
            matched[n] = m
            differences += [(how, query.words[n].plain)] if how != "same" else []
    full = len(matched) - sum(how == "initial" for how, _ in differences)
    unmatched = len(query.words) - len(matched), len(known.words) - len(matched)
    if (
        all(unmatched)
        or not full
        or (any(unmatched) and (full < 2 or full < len(matched) or kind != "person"))
    ):
        if query.joined == known.joined:
            return (("spaces", ""),)
        exact = kind == "person" and not any(how in _DIFFERENT_WORDS for how, _ in differences)
        is_surname_only = exact and len(query.words) == len(matched) == 1
        return (
            (*differences, ("surname alone", "")) if is_surname_only and full and len(known.words) > 1 else ()
        )
    if any(unmatched):
        longer, numbers = (known, matched.values()) if unmatched[1] else (query, matched.keys())
        is_middle = {0, len(longer.words) - 1} <= {*numbers}
        differences.append(("middle name" if is_middle else "part of the name", ""))
    if [matched[n] for n in sorted(matched)] != sorted(matched.values()):
        differences.append(("word order", ""))
    if _GENERATIONS & {*query.whole} != _GENERATIONS & {*known.whole}:
        differences.append(("another generation", ""))
    return tuple(differences) or (("title", ""),)

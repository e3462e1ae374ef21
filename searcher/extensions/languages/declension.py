"""Base forms of declined names.

Words of one article with the same stem, and endings of one class in ``languages/declensions.tsv``, are forms
of one word ("Путина" and "Путиным" of "Путин"). A Russian or Ukrainian name in a single form is looked up in
a dictionary, if one is installed, unless it can be a nominative ("Иванова"). Polish, Czech and Croatian
surnames follow their given name ("Mateusza" is a genitive).
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final, NamedTuple

from searcher.names.normalise import fold
from searcher.names.people import is_first_name

_MIN_STEM_LETTERS: Final = 3  # two in Hangul, whose characters are syllables
_NO_ENDING: Final = "0"


class Declension(NamedTuple):
    """A class of endings: that of the base form, and all of them."""

    base: str
    endings: tuple[str, ...]


@functools.cache
def declensions(language: str) -> tuple[Declension, ...]:
    """Return the classes of a language, or () if its names are not declined."""
    classes = []
    for line in (files("searcher.languages") / "declensions.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        languages, base, endings = line.split("\t")
        if language in languages.split():
            listed = [base, *endings.split()]
            plain = tuple("" if ending == _NO_ENDING else ending for ending in listed)
            classes.append(Declension(plain[0], plain))
    return tuple(classes)


class _Stem(NamedTuple):
    """A stem and the number of its class."""

    letters: str
    number: int


def base_forms(language: str, words: Iterable[str]) -> Mapping[str, str]:
    """Return the base forms of those words of an article that differ from them."""
    classes = declensions(language)
    counts = Counter(words)
    if not classes or len(counts) < 2:
        return {}
    forms: dict[_Stem, set[str]] = defaultdict(set)
    for word in counts:
        for stem in stems_of(word, classes):
            forms[stem].add(word)
    bases = {}
    for word in counts:
        stems = [stem for stem in stems_of(word, classes) if len(forms[stem]) > 1]
        if stems:
            best = max(stems, key=lambda stem: _evidence(stem, forms[stem], classes, counts))
            base = best.letters + classes[best.number].base
            if base != word:
                bases[word] = base
    return bases


def possible_bases(word: str, language: str) -> list[str]:
    """Return the base forms that a word may be declined from, itself included if it looks like one."""
    classes = declensions(language)
    return [stem.letters + classes[stem.number].base for stem in stems_of(word, classes)]


def stems_of(word: str, classes: tuple[Declension, ...]) -> Iterable[_Stem]:
    min_letters = 2 if "\uac00" <= word[:1] <= "\ud7af" else _MIN_STEM_LETTERS
    for number, declension in enumerate(classes):
        for ending in declension.endings:
            if word.endswith(ending) and len(word) - len(ending) >= min_letters:
                yield _Stem(word[: len(word) - len(ending)], number)


def _evidence(
    stem: _Stem, forms: set[str], classes: tuple[Declension, ...], counts: Counter[str]
) -> tuple[int, int, int, int]:
    """Rank a stem: number of forms explained, frequency of the base form, order of the class, shortness."""
    written = counts[stem.letters + classes[stem.number].base]
    return len(forms), written, -stem.number, -len(stem.letters)


#: Languages that decline all words of a name.
CHANGED_TOGETHER: Final = frozenset({"pl", "cs", "sk", "hr", "sr", "bs", "sl", "ru", "uk"})
#: Languages that decline only the last word of a name: “Turun yliopistossa”.
LAST_CHANGED: Final = frozenset({"fi", "et", "hu", "tr"})
#: Endings of surnames in the base form, most likely first, for men and for women.
_OF_MEN, _OF_WOMEN = ("", "i", "y", "í", "ý", "a"), ("á", "a")
#: Stems that may lack a vowel of the base form: “Havlovi” is a form of Havel, but “Šulce” of Šulc.
_SHORTENED: Final = re.compile(r"[^aeiouyáéíóúýěůąęs][cklr]$")


def declined_together(
    words: Sequence[str], bases: Mapping[str, str], language: str
) -> tuple[str, ...] | None:
    """Return the base form of a person's name whose given name is declined, or None if it is unknown.

    “Mateusza Morawieckiego” is Mateusz Morawiecki: Mateusza is not a given name, and the surname has the same
    case. ``bases`` are base forms of surnames that the article shows.
    """
    # Slovene is excluded because declined surnames gain letters: “Pahorja” is a form of Pahor.
    if language not in CHANGED_TOGETHER - {"sl"}:
        return None
    # In Czech and Slovak, women's surnames end in “á”, so “Donalda Trumpa” is a man.
    man = language in ("cs", "sk") and words[0][-1] == "a" and words[-1][-1] not in "ái"
    if not man and is_first_name(fold(words[0])):
        return None
    classes = declensions(language)
    stems = {letters + classes[number].base: len(letters) for letters, number in stems_of(words[0], classes)}
    given_names = [name for name in stems if name != words[0] and is_first_name(fold(name))]
    if len(given_names) != 1:
        return None
    ending, woman = words[0][stems[given_names[0]] :], given_names[0][-1] == "a"
    rest = [
        word if word[0].islower() else bases.get(word) or _surname_base(word, ending, classes, woman=woman)
        for word in words[1:]
    ]
    # If the surname is unchanged, require a clear ending: “Sali”, “Miro” and “Virginie” are base forms.
    is_declined = rest[-1] != words[-1] or (woman and ending in ("y", "ę", "ą"))
    return (given_names[0], *map(str, rest)) if is_declined and all(rest) else None


def _surname_base(
    word: str, given_ending: str, classes: tuple[Declension, ...], *, woman: bool
) -> str | None:
    """Return the base form of a surname after a given name with this ending, or None if it is unknown."""
    stems: dict[str, str] = {}
    for letters, number in stems_of(word, classes):
        base = classes[number].base
        if letters + base != word and len(letters) <= len(stems.get(base, word)):
            stems[base] = letters
    if given_ending != "u" and word.endswith("u") and "a" in stems:
        stems.pop("", None)  # the accusative of a surname in “a”: “Václava Chalupu”
    endings = [base for base in (_OF_WOMEN if woman else _OF_MEN) if base in stems]
    if not endings:
        return word if woman else None
    base = min(endings, key=lambda one: len(stems[one]))
    if woman and base == "a" and len(word) - len(stems[base]) == 1:
        return None  # “Bibi” and “Meloni” may be base forms
    return None if not base and _SHORTENED.search(stems[base]) else stems[base].rstrip("'’") + base


#: Languages with a dictionary, which the extra “slavic” installs.
_IN_DICTIONARY: Final = frozenset({"ru", "uk"})
_PERSONAL: Final = frozenset({"Name", "Surn", "Patr"})  # grammemes of people's names
_MARKS: Final = re.compile(r"[-'’]|\.$")
#: Endings of surnames that are not declined, for men and for women («Мариной Уилер»).
_FIXED: Final = {"masc": re.compile("[иоэі]$"), "femn": re.compile("[^аяйыіеєую]$")}
#: Maximum words of an organisation to look up. Longer names usually have wrong boundaries.
MAX_DICTIONARY_WORDS: Final = 5


@functools.cache
def dictionary_of(language: str) -> Any:
    """Return the dictionary of a language, or None."""
    if language not in _IN_DICTIONARY:
        return None
    try:
        from pymorphy3 import MorphAnalyzer  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        return None
    return MorphAnalyzer(lang=language)


@functools.lru_cache(maxsize=10_000)
def in_nominative(words: tuple[str, ...], language: str, *, person: bool) -> tuple[str, ...] | None:
    """Return the words of a name in the nominative, or None if they may be in it or are unknown.

    Of an organisation, the first noun and the adjectives before it are changed: «Верховным судом Пакистана».
    """
    dictionary = dictionary_of(language)
    if dictionary is None or not all(_MARKS.sub("", word).isalpha() for word in words):
        return None
    if not person and any(word.endswith(".") or word.isupper() for word in words[:1]):
        return None
    if initials := sum(word.endswith(".") for word in words):  # initials precede the surname
        nominative = (
            in_nominative(words[initials:], language, person=person) if len(words) > initials else None
        )
        return (*words[:initials], *nominative) if nominative else None
    parsed = [dictionary.parse(word) for word in words]
    kinds = [{str(one.tag.POS) for one in parses} for parses in parsed]
    nouns = (place for place, of in enumerate(kinds) if "NOUN" in of and "ADJF" not in of)
    end = len(words) if person else next(nouns, 0) + 1
    readings = [_readings(parses, person=person) for parses in parsed[:end]]
    common = set(readings[0]).intersection(*readings[1:]) if readings else set()
    if person and not common:
        common = {
            key for key in readings[0] if (fixed := _FIXED.get(key[0])) and all(map(fixed.search, words[1:]))
        }
    if not common or any(case == "nomn" for _, case in common) or not any(one[0].is_known for one in parsed):
        return None
    best = max(common, key=lambda key: (math.prod(one[key].score for one in readings if key in one), key))
    forms = []
    for word, reading in zip(words, readings):
        if best not in reading:
            forms.append(word)
            continue
        adjective = reading[best].tag.POS == "ADJF" and best[0] != "plur"
        required = {"nomn", best[0]} if adjective or best[0] == "plur" else {"nomn"}
        form = reading[best].inflect(required)
        if "Supr" in reading[best].tag:  # choose “высший”, not “высочайший”
            form = next(
                (f for f in form.lexeme if required in f.tag and f.word[:4] == word[:4].lower()), None
            )
        if form is None:
            return None
        forms.append(_written_like(form.word, word))
    return (*forms, *words[end:])


def _readings(parses: Iterable[Any], *, person: bool) -> dict[tuple[str, str], Any]:
    """Return the most likely reading of a word for each gender (or plural) and case."""
    readings: dict[tuple[str, str], Any] = {}
    for one in parses:
        tag = one.tag
        named = tag.POS == "ADJF" or (tag.POS == "NOUN" and (not person or _PERSONAL & tag.grammemes))
        if not named or not tag.case or (person and tag.number == "plur"):
            continue
        genders = ("plur",) if tag.number == "plur" else (tag.gender,) if tag.gender else ("masc", "femn")
        for gender in genders:
            known = readings.get((str(gender), str(tag.case)))
            if known is None or known.score < one.score:
                readings[str(gender), str(tag.case)] = one
    return readings


def _written_like(form: str, word: str) -> str:
    """Return a form with the capitals of a word, and “е” for “ё” unless the word has it."""
    form = form if "ё" in word.lower() else form.replace("ё", "е")
    if word.isupper() and len(word) > 1:
        return form.upper()
    parts = zip(form.split("-"), word.split("-"))
    return "-".join(part[:1].upper() + part[1:] if like[:1].isupper() else part for part, like in parts)

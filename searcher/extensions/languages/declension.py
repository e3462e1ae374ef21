"""The base form of a name that is declined.

Words of one article that have one stem, and endings of one class of ``languages/declensions.tsv``, are one
word ("Путина", "Путиным" are "Путин"). A Russian or Ukrainian name in one form has that of the dictionary,
where one is installed, unless it can be a nominative ("Иванова"), a Polish, Czech or Croatian one that of its
given name ("Mateusza" is none).
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

_MIN_STEM_LETTERS: Final = 3  # letters; of Hangul, whose letters are syllables, two
_NO_ENDING: Final = "0"


class Declension(NamedTuple):
    """A class of endings: that of the base form, and those that stand for it."""

    base: str
    endings: tuple[str, ...]


@functools.cache
def declensions(language: str) -> tuple[Declension, ...]:
    """The classes of a language in order; none for one whose names do not change."""
    found = []
    for line in (files("searcher.languages") / "declensions.tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        languages, base, endings = line.split("\t")
        if language in languages.split():
            every = [base, *endings.split()]
            plain = tuple("" if ending == _NO_ENDING else ending for ending in every)
            found.append(Declension(plain[0], plain))
    return tuple(found)


class _Stem(NamedTuple):
    """A stem with a class of endings, by its number in the language."""

    letters: str
    number: int


def base_forms(language: str, words: Iterable[str]) -> Mapping[str, str]:
    """The base form of every word of an article that has one beside itself."""
    classes = declensions(language)
    counts = Counter(words)
    if not classes or len(counts) < 2:
        return {}
    forms: dict[_Stem, set[str]] = defaultdict(set)
    for word in counts:
        for stem in stems_of(word, classes):
            forms[stem].add(word)
    found = {}
    for word in counts:
        stems = [stem for stem in stems_of(word, classes) if len(forms[stem]) > 1]
        if stems:
            best = max(stems, key=lambda stem: _evidence(stem, forms[stem], classes, counts))
            base = best.letters + classes[best.number].base
            if base != word:
                found[word] = base
    return found


def possible_bases(word: str, language: str) -> list[str]:
    """Return the base forms that a word may be declined from, itself included if it looks like one."""
    classes = declensions(language)
    return [stem.letters + classes[stem.number].base for stem in stems_of(word, classes)]


def stems_of(word: str, classes: tuple[Declension, ...]) -> Iterable[_Stem]:
    least = 2 if "\uac00" <= word[:1] <= "\ud7af" else _MIN_STEM_LETTERS
    for number, declension in enumerate(classes):
        for ending in declension.endings:
            if word.endswith(ending) and len(word) - len(ending) >= least:
                yield _Stem(word[: len(word) - len(ending)], number)


def _evidence(
    stem: _Stem, forms: set[str], classes: tuple[Declension, ...], counts: Counter[str]
) -> tuple[int, int, int, int]:
    """How many forms it explains, how often the base form is written, how early the class comes, how short it
    is: of 362 Finnish names of which only “-in” and “-ista” stand in an article, 288 end without “i”."""
    written = counts[stem.letters + classes[stem.number].base]
    return len(forms), written, -stem.number, -len(stem.letters)


#: Languages in which the words of a name change together, and those in which the last one changes only.
CHANGED_TOGETHER: Final = frozenset({"pl", "cs", "sk", "hr", "sr", "bs", "sl", "ru", "uk"})
LAST_CHANGED: Final = frozenset({"fi", "et", "hu", "tr"})  # “Turun yliopistossa”
#: Base endings of surnames beside a man's given name and a woman's, the likeliest first.
_OF_MEN, _OF_WOMEN = ("", "i", "y", "í", "ý", "a"), ("á", "a")
#: Ends of surnames that have another vowel in their base form, maybe: “Havlovi” is Havel's, “Šulce” Šulc's.
_SHORTENED: Final = re.compile(r"[^aeiouyáéíóúýěůąęs][cklr]$")


def declined_together(
    words: Sequence[str], bases: Mapping[str, str], language: str
) -> tuple[str, ...] | None:
    """A person's name in base form where the given name is none as it stands; None where it cannot be told.

    “Mateusza Morawieckiego” is Mateusz Morawiecki: nobody is called Mateusza, and a man's surname changes
    with his given name. ``bases`` are what the article shows of surnames.
    """
    # Slovene surnames gain letters: “Pahorja” is Pahor's.
    if language not in CHANGED_TOGETHER - {"sl"}:
        return None
    # Women's surnames end in “á”: “Donalda Trumpa” is no woman, whatever her given name may be elsewhere.
    man = language in ("cs", "sk") and words[0][-1] == "a" and words[-1][-1] not in "ái"
    if not man and is_first_name(fold(words[0])):
        return None
    classes = declensions(language)
    found = {letters + classes[number].base: len(letters) for letters, number in stems_of(words[0], classes)}
    given = [name for name in found if name != words[0] and is_first_name(fold(name))]
    if len(given) != 1:
        return None
    ending, woman = words[0][found[given[0]] :], given[0][-1] == "a"
    rest = [
        word if word[0].islower() else bases.get(word) or _surname_base(word, ending, classes, woman=woman)
        for word in words[1:]
    ]
    # Other names of women and men end as a woman's may, beside any surname: “Sali”, “Miro”, “Virginie”.
    told = rest[-1] != words[-1] or (woman and ending in ("y", "ę", "ą"))
    return (given[0], *map(str, rest)) if told and all(rest) else None


def _surname_base(word: str, given: str, classes: tuple[Declension, ...], *, woman: bool) -> str | None:
    """The base form of a surname beside a given name with an ending; None where it cannot be told."""
    found: dict[str, str] = {}
    for letters, number in stems_of(word, classes):
        base = classes[number].base
        if letters + base != word and len(letters) <= len(found.get(base, word)):
            found[base] = letters
    if given != "u" and word.endswith("u") and "a" in found:
        found.pop("", None)  # the accusative of one in “a”: “Václava Chalupu”
    kinds = [base for base in (_OF_WOMEN if woman else _OF_MEN) if base in found]
    if not kinds:
        return word if woman else None
    base = min(kinds, key=lambda one: len(found[one]))
    if woman and base == "a" and len(word) - len(found[base]) == 1:
        return None  # “Bibi” and “Meloni” may never change
    return None if not base and _SHORTENED.search(found[base]) else found[base].rstrip("'’") + base


#: Languages with a dictionary of names in the nominative, where it is installed (the extra “morphology”).
_IN_DICTIONARY: Final = frozenset({"ru", "uk"})
_PERSONAL: Final = frozenset({"Name", "Surn", "Patr"})  # what the dictionary calls words of people's names
_MARKS: Final = re.compile(r"[-'’]|\.$")
#: Ends of surnames that do not change beside a man's given name and a woman's («Мариной Уилер»).
_FIXED: Final = {"masc": re.compile("[иоэі]$"), "femn": re.compile("[^аяйыіеєую]$")}
#: Words of a body's name beyond which no dictionary is asked: longer ones are mostly cut wrong.
MAX_DICTIONARY_WORDS: Final = 5


@functools.cache
def dictionary_of(language: str) -> Any:
    """The dictionary of a language, None where there is none."""
    if language not in _IN_DICTIONARY:
        return None
    try:
        from pymorphy3 import MorphAnalyzer  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        return None
    return MorphAnalyzer(lang=language)


@functools.lru_cache(maxsize=10_000)
def in_nominative(words: tuple[str, ...], language: str, *, person: bool) -> tuple[str, ...] | None:
    """The words of a name in the nominative, by the dictionary; None where they are, or it does not know.

    Of a body's name the first noun is asked, with the adjectives before it: «Верховным судом Пакистана».
    """
    dictionary = dictionary_of(language)
    if dictionary is None or not all(_MARKS.sub("", word).isalpha() for word in words):
        return None
    if not person and any(word.endswith(".") or word.isupper() for word in words[:1]):
        return None
    if initials := sum(word.endswith(".") for word in words):  # they stand before a surname
        found = in_nominative(words[initials:], language, person=person) if len(words) > initials else None
        return (*words[:initials], *found) if found else None
    parsed = [dictionary.parse(word) for word in words]
    kinds = [{str(one.tag.POS) for one in found} for found in parsed]
    nouns = (place for place, of in enumerate(kinds) if "NOUN" in of and "ADJF" not in of)
    end = len(words) if person else next(nouns, 0) + 1
    readings = [_readings(found, person=person) for found in parsed[:end]]
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
        wanted = {"nomn", best[0]} if adjective or best[0] == "plur" else {"nomn"}
        form = reading[best].inflect(wanted)
        if "Supr" in reading[best].tag:  # the form of “Высшем” is none of “высочайший”
            form = next((f for f in form.lexeme if wanted in f.tag and f.word[:4] == word[:4].lower()), None)
        if form is None:
            return None
        forms.append(_written_like(form.word, word))
    return (*forms, *words[end:])


def _readings(parses: Iterable[Any], *, person: bool) -> dict[tuple[str, str], Any]:
    """The likeliest reading of a word as each gender, or the plural, and case."""
    found: dict[tuple[str, str], Any] = {}
    for one in parses:
        tag = one.tag
        named = tag.POS == "ADJF" or (tag.POS == "NOUN" and (not person or _PERSONAL & tag.grammemes))
        if not named or not tag.case or (person and tag.number == "plur"):
            continue
        genders = ("plur",) if tag.number == "plur" else (tag.gender,) if tag.gender else ("masc", "femn")
        for gender in genders:
            known = found.get((str(gender), str(tag.case)))
            if known is None or known.score < one.score:
                found[str(gender), str(tag.case)] = one
    return found


def _written_like(form: str, word: str) -> str:
    """A form with the capitals of a word, and without “ё” where the word has “е”."""
    form = form if "ё" in word.lower() else form.replace("ё", "е")
    if word.isupper() and len(word) > 1:
        return form.upper()
    parts = zip(form.split("-"), word.split("-"))
    return "-".join(part[:1].upper() + part[1:] if like[:1].isupper() else part for part, like in parts)

"""The people and organisations of an article in another language than English, each once, under a base form.

The encoder labels the words, each evened out over its article. Words of one article that have one stem, and
endings of one class of ``languages/declensions.tsv``, are one word ("Путина", "Путиным" are "Путин"). A
Russian or Ukrainian name in one form has that of the dictionary, where one is installed, unless it can be a
nominative ("Иванова"), a Polish, Czech or Croatian one that of its given name ("Mateusza" is none). A surname
means the full name that bears it, letters in brackets the name before.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher.extract.names.consolidation import Cluster, group_people
from searcher.extract.names.tagger import Kind, NameSpan
from searcher.languages import is_unspaced
from searcher.names.normalise import fold
from searcher.names.people import is_first_name
from searcher.sanitize import normal_form
from searcher.statements import Joined

if TYPE_CHECKING:
    from searcher.extract.encoder.encoded_text import EncodedText


#: The share of the mean over all places of a word in its probability at each of them: swept on 29 languages.
ELSEWHERE: Final = 0.6
_MIN_LETTERS: Final = 2  # of a word that its equals even out
_MIN_PROBABILITY: Final = 1e-9  # probability whose logarithm is taken


def agreed(reading: EncodedText) -> NDArray[np.float32]:
    """The log probabilities of the labels of names, shape (units, 5), evened out over equal words.

    Words that begin in lower case stay as they are. How the probability of a kind is divided among its first
    and its further words stays too: "Roe" ends "Jane Roe" and begins "Roe".
    """
    labels = np.exp(reading.names)
    kinds = np.stack([labels[:, 0], labels[:, 1:3].sum(axis=1), labels[:, 3:5].sum(axis=1)], axis=1)
    evened = labels.copy()
    for places in _places_of_words(reading):
        own = kinds[places]
        new = (1 - ELSEWHERE) * own + ELSEWHERE * own.mean(axis=0)
        evened[places, 0] = new[:, 0]
        grown = new[:, 1:] / np.maximum(own[:, 1:], _MIN_PROBABILITY)
        evened[places, 1:] *= grown.repeat(2, axis=1)
    found: NDArray[np.float32] = np.log(np.maximum(evened, _MIN_PROBABILITY))
    return found


def _places_of_words(reading: EncodedText) -> list[list[int]]:
    """The units of each word that stands in several places."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(reading.units):
        first = reading.text[unit.start]
        if unit.end - unit.start >= _MIN_LETTERS and first.isalpha() and not first.islower():
            found[reading.text[unit.start : unit.end]].append(number)
    return [places for places in found.values() if len(places) > 1]


LABELS: Final = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG")
_KINDS: Final[tuple[Kind, ...]] = ("PER", "ORG")
#: For each label those that may stand before it: a name goes on only with its own kind.
_BEFORE: Final = ((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (1, 2), (0, 1, 2, 3, 4), (3, 4))
_INSIDE: Final = (2, 4)  # the labels of further words of a name
#: Added to the log odds of organisations, as the sets of labels differ: swept on 26 languages.
ORGANISATIONS: Final = 0.5
#: Mean probability below which nobody is named, of people and of organisations: swept on fourteen languages.
MIN_NAME_SHARES: Final = (0.6, 0.45)
_EDGES: Final = " \t\n\u00a0\"'“”„‟«»‹›‘’‚`´()[]{}<>「」『』《》〈〉（）［］＝－,;:!?…。、،؛–—-"
_BEFORE_QUOTED: Final = re.compile(' [«„“"]')
_CLOSES_QUOTED: Final = frozenset('»”“"')
_MAX_SMALL_WORD_LETTERS: Final = 3  # letters of a word that joins the parts of a name: "de", "der", "och"
_MAX_ADDED_WORDS: Final = 3  # words behind it
#: The second half of a double name: "Meinl" + "-Reisinger".
_HYPHENED: Final = re.compile(r"(?:-[A-Z\u00c0-\u00de\u0100-\u024f\u0400-\u042f]\w+)+")
#: A foreign name goes on to the end of its syllables: "スモトリ" + "ッチ" (Japanese people gain .5 to .9 F1).
_KATAKANA: Final = re.compile("[\u30a1-\u30fa\u30fc]+")
#: What only Japanese is written with. What stands between two people in it, if not within a foreign name:
#: "中曽根・レーガン"; in Chinese such a dot stands within names ("唐納・川普").
_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_BETWEEN_PEOPLE: Final = re.compile("(?<=[\u4e00-\u9fff])[・－]|[・－](?=[\u4e00-\u9fff])")
#: A name without the mark before it, "Mr", a particle behind it, the country of its bearer's title:
#: "Ａ 安倍晋三", "習氏", "ケネスの", "トランプ米" + "大統領" (300 articles of ja-train that were
#: not looked at: F1 of people 74.8 → 77.4).
_JAPANESE_NAME: Final = re.compile(
    "(?:[Ａ-Ｚ\u30a1-\u30fa]\\s+)?(.+?)"
    "(?:(?<=[\u30a1-\u30fa\u30fc])[\u4e00-\u9fff]|(?<=[\u30a1-\u30fa\u30fc\u4e00-\u9fff])[氏のら])?"
)
#: Stops that end a sentence, and not an abbreviation of one letter or of a legal form ("S.A.", "a. s.").
_STOPPED: Final = re.compile(r"[^\W\d_]{3,}\.$")


def decoded(reading: EncodedText) -> list[NameSpan]:
    """The spans of a text in order, none overlapping another, each with the mean probability of its kind."""
    spans: list[NameSpan] = []
    names = agreed(reading)
    japanese = _KANA.search(reading.text) is not None
    for run in _runs_of_names(reading, names):
        scores = names[run].copy()
        scores[:, 3:] += ORGANISATIONS
        for first, last, kind in _names_in_labels(likeliest(scores), run.start):
            span = _span_of_units(reading, names, first, last, kind)
            if span and spans and _names_quoted(reading.text, spans[-1], span):
                spans[-1] = replace(spans[-1], end=span.end + 1)
            elif span:
                spans += each_person(reading.text, span) if kind == 0 and japanese else [span]
    return spans


def each_person(text: str, span: NameSpan) -> Iterator[NameSpan]:
    """The people of a span in a Japanese text; one of another script has one."""
    between = [match.span() for match in _BETWEEN_PEOPLE.finditer(text, span.start, span.end)]
    places = [span.start, *(place for pair in between for place in pair), span.end]
    for start, end in zip(places[::2], places[1::2]):
        if name := _JAPANESE_NAME.fullmatch(text, start, end):
            yield replace(span, start=name.start(1), end=name.end(1))


def _names_quoted(text: str, form: NameSpan, name: NameSpan) -> bool:
    """Whether a body's name stands between marks behind what it is: "ТОВ «Великі ключі»"."""
    opens = _BEFORE_QUOTED.fullmatch(text, form.end, name.start) is not None
    return opens and text[name.end : name.end + 1] in _CLOSES_QUOTED and form.kind == name.kind == "ORG"


def _runs_of_names(reading: EncodedText, names: NDArray[np.float32]) -> Iterator[slice]:
    """Neighbouring units of one line of which each may belong to a name; no other can."""
    maybe = names[:, 0] < np.log(np.float32(0.99))
    begin: int | None = None
    for number, unit in enumerate(reading.units):
        if begin is not None and (unit.breaks or not maybe[number]):
            yield slice(begin, number)
            begin = None
        if begin is None and maybe[number]:
            begin = number
    if begin is not None:
        yield slice(begin, len(reading.units))


def likeliest(scores: NDArray[np.float32]) -> list[int]:
    """The sequence of labels with the greatest sum of log probabilities in which no name begins with I-."""
    first = enumerate(scores[0].tolist())
    best = [score if label not in _INSIDE else float("-inf") for label, score in first]
    back: list[list[int]] = []
    for row in scores[1:].tolist():
        sources = [max(before, key=best.__getitem__) for before in _BEFORE]
        best = [best[source] + row[label] for label, source in enumerate(sources)]
        back.append(sources)
    label = max(range(len(LABELS)), key=best.__getitem__)
    path = [label]
    for sources in reversed(back):
        label = sources[label]
        path.append(label)
    return path[::-1]


def _names_in_labels(labels: Sequence[int], offset: int) -> Iterator[tuple[int, int, int]]:
    """First and last unit of each name, and its kind."""
    begin: int | None = None
    for number, label in enumerate([*labels, 0]):
        if begin is not None and label not in _INSIDE:
            yield begin + offset, number - 1 + offset, (labels[begin] - 1) // 2
            begin = None
        if label and label not in _INSIDE:
            begin = number


def _span_of_units(
    reading: EncodedText, names: NDArray[np.float32], first: int, last: int, kind: int
) -> NameSpan | None:
    last = _completed_end(reading, first, last)
    start, end = _without_marks(reading.text, reading.units[first].start, reading.units[last].end)
    if kind == 0:
        longer = _HYPHENED.match(reading.text, end) or _KATAKANA.match(reading.text, end - 1)
        end = longer.end() if longer else end
    written = reading.text[start:end]
    if not any(map(str.isalpha, written)) or written.islower():
        return None
    shares = np.exp(names[first : last + 1, 1 + 2 * kind : 3 + 2 * kind]).sum(axis=1)
    share = round(float(shares.mean()), 3)
    return NameSpan(start, end, _KINDS[kind], share) if share >= MIN_NAME_SHARES[kind] else None


def _completed_end(reading: EncodedText, first: int, last: int) -> int:
    """The last unit of a name that ends in a small word: "Junta de" goes on with capitals, or ends before."""
    if last == first or not _is_small(reading, last):
        return last
    end = last + 1
    while end < len(reading.units) and end <= last + _MAX_ADDED_WORDS and _is_capital(reading, end):
        end += 1
    if end > last + 1:
        return end - 1
    while last > first and _is_small(reading, last):
        last -= 1
    return last


def _is_small(reading: EncodedText, number: int) -> bool:
    unit = reading.units[number]
    return unit.end - unit.start <= _MAX_SMALL_WORD_LETTERS and reading.text[unit.start : unit.end].islower()


def _is_capital(reading: EncodedText, number: int) -> bool:
    unit = reading.units[number]
    return not unit.breaks and reading.text[unit.start].isupper()


def _without_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Without marks at the edges, but for a bracket that belongs to one inside the name."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        if text[end - 1] in ")»”" and any(mark in text[start : end - 1] for mark in "(«“„"):
            break
        end -= 1
    if _STOPPED.search(text[start:end]):
        end -= 1
    return start, end


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
        for stem in _stems(word, classes):
            forms[stem].add(word)
    found = {}
    for word in counts:
        stems = [stem for stem in _stems(word, classes) if len(forms[stem]) > 1]
        if stems:
            best = max(stems, key=lambda stem: _evidence(stem, forms[stem], classes, counts))
            base = best.letters + classes[best.number].base
            if base != word:
                found[word] = base
    return found


def _stems(word: str, classes: tuple[Declension, ...]) -> Iterable[_Stem]:
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
_CHANGED_TOGETHER: Final = frozenset({"pl", "cs", "sk", "hr", "sr", "bs", "sl", "ru", "uk"})
_LAST_CHANGED: Final = frozenset({"fi", "et", "hu", "tr"})  # “Turun yliopistossa”
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
    if language not in _CHANGED_TOGETHER - {"sl"}:
        return None
    # Women's surnames end in “á”: “Donalda Trumpa” is no woman, whatever her given name may be elsewhere.
    man = language in ("cs", "sk") and words[0][-1] == "a" and words[-1][-1] not in "ái"
    if not man and is_first_name(fold(words[0])):
        return None
    classes = declensions(language)
    found = {letters + classes[number].base: len(letters) for letters, number in _stems(words[0], classes)}
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
    for letters, number in _stems(word, classes):
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
_MAX_WORDS_LOOKED_UP: Final = 5


@functools.cache
def _dictionary(language: str) -> Any:
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
    dictionary = _dictionary(language)
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


_WORD: Final = re.compile(r"[^\s・·‧]+")
#: What follows an apostrophe is an ending in Turkish; elsewhere a genitive at most ("Obama's", "Brecht’").
_ENDING: Final = {"tr": re.compile(r"['’][^\W\d_]+$"), "az": re.compile(r"['’][^\W\d_]+$")}
#: A French title that looks like an initial: "M. Corrier".
_TITLE: Final = re.compile(r"MM?\.\s+(?=\S)")
_GENITIVE: Final = re.compile(r"['’]s?$")
#: Letters of a surname where names have no spaces.
_MAX_SURNAME: Final = {"zh": 1, "ko": 1, "ja": 3}
#: Written as one word with the name that follows: "and", "for", "in", "like".
_PREFIXES: Final = {"ar": "وفبلك", "he": "ושבלמהכ"}
#: What a body is called behind what it is: "ТОВ «Великі ключі»".
_QUOTED: Final = re.compile('[«„“"](.+)[»”“"]$')
_BRACKETED: Final = re.compile(r"\s?[(（]\s?[„“«\"]?")
_MIN_ACRONYM_LETTERS: Final = 3  # letters of a body's acronym
#: Words of a full name; of a person's the usual one is shown: “Kate Moss”, and not “Katherine Ann Moss”.
_MAX_BODY_WORDS, _MAX_PERSON_WORDS = 4, 2
#: Words of a body's name that is shown in a base form, at most. Longer ones came out half declined, in forms
#: that nobody writes ("Высшей квалификационная комиссия"): six of 36 Russian names read by eye.
_MAX_DECLINED_WORDS: Final = 2
#: Letters of an ending that only adjectives have: “Europejskiej”.
_ADJECTIVE_LETTERS: Final = 3
#: What may cling to a name where two stand side by side ("CDU/CSU").
_CLINGING: Final = "/|-–—,;: "


def clusters_of(text: str, spans: Sequence[NameSpan], language: str) -> list[Cluster]:
    """Who the spans of a text mean, people first, each cluster with the name to show."""
    spans = [_alone(text, span, language) for span in sorted(spans)]
    people = [span for span in spans if span.kind == "PER"]
    # No body has a name of one letter; in Japanese, Chinese and Korean such labels are pieces of other words.
    bodies = [span for span in spans if span.kind == "ORG" and span.end - span.start > 1]
    return [*_clusters_of_people(text, people, language), *_clusters_of_bodies(text, bodies, language)]


def _alone(text: str, span: NameSpan, language: str) -> NameSpan:
    """A name without the ending behind an apostrophe and a title."""
    ending = _ENDING.get(language, _GENITIVE).search(text, span.start, span.end)
    end = ending.start() if ending and ending.start() > span.start else span.end
    title = _TITLE.match(text, span.start, end) if language == "fr" else None
    return replace(span, start=title.end() if title else span.start, end=end)


class _WrittenNames:
    """The names of one kind as they are written, and their words in base form."""

    def __init__(self, text: str, spans: Sequence[NameSpan], language: str, *, people: bool) -> None:
        self._people, self._language = people, language
        self._most_words = _MAX_PERSON_WORDS if people else _MAX_BODY_WORDS
        written = (" ".join(text[span.start : span.end].split()) for span in spans)
        self.written = [name.strip(_CLINGING) or name for name in written]
        words = [_WORD.findall(name) for name in self.written]
        known = {word for name in words for word in name}
        self._words = [[_without_prefix(word, known, language) for word in name] for name in words]
        # Of last words apart from the words before them: endings of given names are others.
        self._last = base_forms(language, (name[-1] for name in self._words if name))
        others = (word for name in self._words for word in name[:-1])
        self._others = {} if language in _LAST_CHANGED else base_forms(language, others)
        several = dict.fromkeys(tuple(name) for name in self._words if people and len(name) > 1)
        told = {name: declined_together(name, self._last, language) for name in several}
        self._together = {name: found for name, found in told.items() if found}
        surnames = {name[-1]: found[-1] for name, found in self._together.items()}
        self._last = surnames | {word: surnames.get(base, base) for word, base in self._last.items()}
        # Surnames that stand alone have the base form that the full names of the article have.
        full = {name: self._in_dictionary(name) for name in several}
        self._bases = {found[-1].lower(): found[-1] for found in full.values() if found}
        self._in_base_form = {name[-1] for name, found in full.items() if not found}

    def words(self, number: int) -> tuple[str, ...]:
        """The words of a name in base form."""
        name = self._words[number]
        if not name:
            return (self.written[number],)
        last = self._last.get(name[-1], name[-1])
        rest = [self._others.get(word, word) for word in name[:-1]]
        if last != name[-1]:
            rest = [_declined_alike(word, name[-1], last) for word in rest]
        base = (*rest, last)
        if not self._people and base[0] != name[0] and self._language in _CHANGED_TOGETHER:
            changed = zip(name[1:], base[1:])
            base = (base[0], *(new if new != old else self._adjective(old) for old, new in changed))
        return self._in_dictionary(name) or self._together.get(tuple(name)) or base

    def _adjective(self, word: str) -> str:
        """The base form of a word with an ending that only adjectives have (“Unii Europejskiej”), or it."""
        classes = declensions(self._language)
        stems = [one for one in _stems(word, classes) if len(word) - len(one.letters) >= _ADJECTIVE_LETTERS]
        stem = min(stems, key=lambda one: len(one.letters), default=None)
        return stem.letters + classes[stem.number].base if stem else word

    def _in_dictionary(self, name: Sequence[str]) -> tuple[str, ...] | None:
        """A name in base form by the dictionary; None where the article itself shows that of its words."""
        if len(name) == 1 and self._people and self._bases and name[0] not in self._in_base_form:
            listed = (one.normal_form.replace("ё", "е") for one in _dictionary(self._language).parse(name[0]))
            known = self._bases.keys() & set(listed)
            if known:
                return (self._bases[min(known)],)
        if not self._people and len(name) > _MAX_WORDS_LOOKED_UP:
            return None
        found = in_nominative(tuple(name), self._language, person=self._people)
        if found is None or (self._people and len(name) > 1 and not {*found} & {*name}):
            return found
        # The article may show another base form of a word, in a body's name a written one, or that it is one.
        told = {**self._others, **self._last}
        if not self._people:
            written = {word for one in self._words for word in one}
            told = {word: base for word, base in told.items() if base in written}
        pairs = [(word, form) for word, form in zip(name, found or ()) if word != form]
        same = all(told.get(word, form) == form and word not in told.values() for word, form in pairs)
        return found if same else None

    def shown(self, members: Sequence[int]) -> str:
        """The fullest name of one group, of people the usual full one; in base form where one is made."""
        counts = Counter(self._shown_of(number) for number in members)  # in the order of their first places

        def rank(name: str) -> tuple[bool, int, int]:
            letters = sum(map(str.isalpha, name))
            words = [word for word in _WORD.findall(name) if len(word.strip(".")) > 1]
            size = letters if is_unspaced(name[0]) else min(len(words), self._most_words)
            return not (name.isupper() and letters > 4), size, counts[name]

        # “Le Pen” is the end of “Marine Le Pen”.
        ends = {name[at + 1 :] for name in counts for at, char in enumerate(name) if char == " "}
        return max((name for name in counts if not (self._people and name in ends)), key=rank)

    def _shown_of(self, number: int) -> str:
        name, base = self._words[number], self.words(number)
        if tuple(name) == base or not name or self._is_half_declined(name, base):
            return self.written[number] if name == _WORD.findall(self.written[number]) else " ".join(name)
        return " ".join(base)

    def _is_half_declined(self, name: Sequence[str], base: Sequence[str]) -> bool:
        """Whether words of a name that nobody writes stay behind others: “Rada Europejskiej”."""
        if self._people:
            return (name[0], name[-1]) == (base[0], base[-1])  # “Jana Paweł II”
        if self._in_dictionary(name) or " ".join(base) in self.written:
            return False
        if len(name) > _MAX_DECLINED_WORDS or len(name) == 1 or self._language not in _CHANGED_TOGETHER:
            return len(name) > _MAX_DECLINED_WORDS
        classes = declensions(self._language)
        read = {classes[number].base: letters for letters, number in _stems(name[1], classes)}
        stays = name[1] == base[1] and any(letters + end != name[1] for end, letters in read.items())
        woman = base[0][-1] in "aá" and any(end and letters + end == name[1] for end, letters in read.items())
        return name[0] == base[0] or (stays and not woman)


def _without_prefix(word: str, known: set[str], language: str) -> str:
    prefixes = _PREFIXES.get(language, "")
    return word[1:] if prefixes and word[0] in prefixes and word[1:] in known and len(word) > 3 else word


def _declined_alike(word: str, surname: str, base: str) -> str:
    """What the surname lost the given name loses too: "Donalda" beside "Trumpa" that is "Trump"."""
    stem = 0
    while stem < min(len(surname), len(base)) and surname[stem] == base[stem]:
        stem += 1
    lost, gained = surname[stem:], base[stem:]
    if lost and word.endswith(lost) and len(word) - len(lost) > 1:
        return word[: len(word) - len(lost)] + gained
    return word


def _clusters_of_people(text: str, spans: Sequence[NameSpan], language: str) -> list[Cluster]:
    names = _WrittenNames(text, spans, language, people=True)
    groups = group_people([tuple(map(_folded_word, names.words(n))) for n in range(len(spans))])
    _join_unspaced(groups, names.written, language)
    return [_cluster(names, spans, members) for members in groups.all()]


def _folded_word(word: str) -> str:
    """A word without case and accents; letters of Hangul stay whole."""
    return normal_form("NFC", fold(word)) or word


def _join_unspaced(groups: Joined, written: Sequence[str], language: str) -> None:
    """The surname before a given name in a script without spaces, which is of one letter: 石破 and 石破茂."""
    first: dict[str, int] = {}
    for number, name in enumerate(written):
        if name and is_unspaced(name[0]) and " " not in name:
            first.setdefault(name, number)
    most = _MAX_SURNAME.get(language, 1)
    longest: dict[str, str] = {}  # by what a name begins with
    for name in sorted((name for name in first if len(name) > 1), key=len, reverse=True):
        for size in range(1, min(most, len(name) - 1) + 1):
            longest.setdefault(name[:size], name)
    for name, number in first.items():
        if name in longest:
            groups.join(number, first[longest[name]])


def _clusters_of_bodies(text: str, spans: Sequence[NameSpan], language: str) -> list[Cluster]:
    names = _WrittenNames(text, spans, language, people=False)
    groups = Joined(len(spans))
    seen: dict[tuple[str, ...], int] = {}
    initials: dict[str, int] = {}
    for number, span in enumerate(spans):
        words = tuple(map(_folded_word, names.words(number)))
        groups.join(number, seen.setdefault(words, number))
        inner = _QUOTED.search(names.written[number])
        if inner:  # short forms have the letters of this name, without those of the legal form before it
            words = tuple(map(_folded_word, _WORD.findall(inner[1])))
            groups.join(number, seen.setdefault(words, number))
        between = text[spans[number - 1].end : span.start] if number else ""
        if _BRACKETED.fullmatch(between) and " " not in names.written[number]:
            groups.join(number, seen.setdefault(words, number - 1))
            groups.join(number, number - 1)
        letters = "".join(word[0] for word in words if word)
        if len(letters) >= _MIN_ACRONYM_LETTERS:
            initials.setdefault(letters, number)
    for words, number in seen.items():
        longer = initials.get(words[0]) if len(words) == 1 and names.written[number].isupper() else None
        if longer is not None:
            groups.join(number, longer)
    return [_cluster(names, spans, members) for members in groups.all()]


def _cluster(names: _WrittenNames, spans: Sequence[NameSpan], members: Sequence[int]) -> Cluster:
    return Cluster(names.shown(members), tuple(spans[member] for member in members))

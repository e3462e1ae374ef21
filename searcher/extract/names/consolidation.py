"""Groups the mentions of one article by person and organisation, each with its full name."""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Final, TypeVar

from searcher.extract.names.tagger import NameSpan
from searcher.languages import word_list
from searcher.names.forms import LEGAL_FORMS, NICKNAMES, PARTICLES, SHORT_FORMS, STATES, SUFFIXES, TITLES
from searcher.names.normalise import LETTERS, fold, word_set
from searcher.names.people import first_name_gender
from searcher.sanitize import normal_form
from searcher.statements import UnionFind

SMALL: Final = word_list("SMALL")
GENERIC: Final = word_list("GENERIC")
SUBUNITS: Final = word_list("SUBUNITS")
FORMAL: Final = word_list("FORMAL")
OWN_POSSESSIVE: Final = word_list("OWN_POSSESSIVE")

_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})
_SQUARE = str.maketrans("", "", "[]")  # brackets of editors: "[Barack] Obama"
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=[sSxXzZ])['’])$", re.IGNORECASE)
ABBREVIATED: Final = re.compile(r"\b(Inc|Co|Corp|Ltd|Jr|Sr|Bros|[A-Z])\.$")


#: Cached because repair and consolidation process each name of an article many times.
_NAME_CACHE = lru_cache(maxsize=10_000)


def unaccented(name: str) -> str:
    """Return a name without case and accents, with plain apostrophes and hyphens."""
    if name.isascii():
        return name.lower()
    letters = "".join(c for c in normal_form("NFKD", name) if not unicodedata.combining(c))
    return letters.translate(_MARKS).casefold().translate(LETTERS)


@_NAME_CACHE
def without_possessive(name: str) -> str:
    """Return a name without "’s" and surrounding punctuation, with single spaces."""
    name = " ".join(name.translate(_SQUARE).split())
    # A possessive may be part of a name: "McDonald’s", "Papa John’s".
    if name[-2:].lower() not in ("'s", "’s") or unaccented(name).split()[-1] not in OWN_POSSESSIVE:
        name = _POSSESSIVE.sub("", name)
    edges = ' ,;:"“”‘()[]' if ABBREVIATED.search(name) else ' .,;:"“”‘()[]'
    return name.strip(edges)


Name = tuple[str, ...]

#: Legal forms of companies, folded and without full stops.
FORMS: Final = frozenset(form.replace(".", "") for form in LEGAL_FORMS)
_FAMILY: Final = word_set("holding holdings group")  # dropped from the end of a name, like legal forms
_MAX_WORDS_LEFT_OUT: Final = 3  # maximum words dropped from the end of a name
# "Amazon.com" is Amazon, but "Google.org" is not Google.
_SITE = re.compile(r"(?<=\w\w)\.(?:com|net|info|co\.uk)$")
_WORD_OF_BODY = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[\s,()]+")
# "&" in "S&P" and "AT&T", and its spellings by news agencies: "S and P", "S/P".
_AND = re.compile(r"(?:(?<=\b[A-Z])|(?<=\b[A-Z]{2}))(?: ?& ?| and |/)(?=[A-Z]\b)")
# Words without a letter in an acronym: "United Auto Workers union" is the UAW.
_LEFT_OUT: Final = word_set("union party")
_MIN_WORDS_AFTER_STATE: Final = 3  # an acronym may omit the state if the name has more words than this


@dataclass(frozen=True, slots=True)
class OrganisationMention:
    """A mention of an organisation: its place, spelling, and significant words."""

    start: int
    end: int
    written: str
    words: Name

    @property
    def acronym(self) -> str:
        """The letters of an acronym, "" for other names."""
        acronym = _AND.sub("&", without_possessive(self.written).replace(".", ""))
        letters = acronym.replace("&", "")
        return acronym.lower() if 2 <= len(acronym) <= 7 and letters.isupper() and letters.isalpha() else ""

    @property
    def has_legal_form(self) -> bool:
        """True for a registered company in full: "Marlowe Ltd"."""
        return not FORMS.isdisjoint(
            _PARTS.split(unaccented(without_possessive(self.written)).replace(".", ""))
        )

    @property
    def first_letters(self) -> Sequence[str]:
        """The initials of all words but small ones, with and without legal forms, of which "FDIC" has one."""
        words = [word for word in _WORD_OF_BODY.findall(unaccented(self.written)) if word not in SMALL]
        letters = "".join(word[0] for word in words)
        forms = sum(1 for _ in takewhile(FORMS.__contains__, reversed(words)))
        return [letters[: len(letters) - number] for number in range(forms + 1)]


@_NAME_CACHE
def organisation_words(written: str) -> Name:
    """Return the folded words without "the", legal form and full stops.

    >>> organisation_words("The Goldman Sachs Group, Inc.’s")
    ('goldman', 'sachs')
    """
    name = _SITE.sub("", folded_name(written).removeprefix("the ").strip())
    parts = (word.removesuffix("'s") for word in _PARTS.split(name.replace(".", "")))
    words = [word for word in parts if word]
    for _ in range(min(_MAX_WORDS_LEFT_OUT, len(words) - 1)):
        if words[-1] in FORMS or words[-1] in _FAMILY:
            words.pop()
    while len(words) > 1 and words[-1] in ("and", "&"):  # remains of "Marlowe and Co"
        words.pop()
    return tuple(words)


def initials(words: Name) -> frozenset[str]:
    """Return all acronyms a name may have, also without a state: "U.S. Environmental Protection Agency"."""
    if not words:
        return frozenset()
    if len(words) > _MIN_WORDS_AFTER_STATE and words[0] in STATES:
        return initials(words[1:]) | _initials_of_all(words)
    if words[-1] in _LEFT_OUT:
        return _initials_of_all(words[:-1]) | _initials_of_all(words)
    if len(words) > _MIN_WORDS_AFTER_STATE + 1 and words[-2] == "of":
        return _initials_of_all(words[:-2]) | _initials_of_all(words)
    return _initials_of_all(words)


def _initials_of_all(words: Name) -> frozenset[str]:
    large = [word for word in words if word not in SMALL]
    parts = [part for word in large for part in word.split("-") if part]
    pairs = ["&" if word in ("and", "&") else word for word in words if word in ("and", "&") or word in large]
    return frozenset("".join(word[0] for word in sequence) for sequence in (large, words, parts, pairs))


def spelling_key(name: Name) -> str:
    """Return the key that "Sky News" and "SkyNews" share."""
    return "".join(name).replace("-", "")


_GENERIC_BODIES = word_list("GENERIC_BODIES")
_ADJECTIVES: Final = word_set("national international federal state royal general first global central")
COMMON_ENDS = word_list("COMMON_ENDS")


def is_generic(name: Name) -> bool:
    """Return True for a single word that many organisations have: "Department", "National"."""
    return len(name) == 1 and (name[0] in _GENERIC_BODIES or name[0] in _ADJECTIVES)


_COMMON_STARTS: Final = word_set("university ministry department bank house senate parliament congress")
#: Maximum words of a university's name without "University": "Ohio State".
_MAX_UNIVERSITY_WORDS: Final = 2
_COMPASS: Final = word_set("north south east west northern southern eastern western new old")


def full_forms(name: Name) -> Sequence[Name]:
    """Return the full names of a well-known short form: "Federal Reserve (Board)" for "Fed"."""
    short = " ".join(name)
    full = tuple(SHORT_FORMS.get(fold(short), "").split())
    return [full, (*full, "board"), ("us", *full)] if full else []


def is_short_for(name: Name, other: Name) -> bool:
    """Return True if a name equals another, or lacks only generic words, a legal form, or "University"."""
    return (
        other == name
        or (other == (*name, "university") and len(name) <= _MAX_UNIVERSITY_WORDS)
        or (is_start(name, other) and all(word in GENERIC for word in other[len(name) :]))
    )


def is_start(name: Name, other: Name) -> bool:
    """Return True for "Meta" and "Meta Platforms", or "Sea Bank" and "Sea Bank of Canada"; not "Meta AI"."""
    rest = other[len(name) :]
    if not is_prefix(name, other) or (len(name) == 1 and rest[0] in ("of", "for")):
        return False
    return (len(name) > 1 and rest[0] == "of") or not SUBUNITS.intersection(rest)


def is_prefix(name: Name, other: Name) -> bool:
    """Return True if a name is the start of another, and not a single word that starts many."""
    lone = len(name) == 1
    return other[: len(name)] == name and len(other) > len(name) and not (lone and name[0] in _COMMON_STARTS)


def is_end(name: Name, other: Name) -> bool:
    """Return True for "White Sox" and "Chicago White Sox", or "United" and "Manchester United"; not for
    "Bank"."""
    if len(name) > 1 and other[0] in FORMAL and other[1:] == ("of", *name):
        return True  # "Homeland Security" and "Department of Homeland Security"
    return (
        len(other) - len(name) in (1, 2)
        and other[-len(name) :] == name
        and (len(name) > 1 or (len(name[0]) > 3 and name[0] not in COMMON_ENDS))
        and not SMALL.intersection(other[: -len(name)])
        and (other[0] not in _COMPASS or len(other) - len(name) > 1)  # "York" is not short for "New York"
    )


def ministry_key(name: Name) -> frozenset[str]:
    """Return the key that "Department of Justice" and "US Justice Department" share."""
    return frozenset(word for word in name if word not in SMALL and word not in STATES and word != "affairs")


_Key = TypeVar("_Key")

#: Maximum number of names that are compared because they share a word or acronym. Labelled articles have at
#: most 35.
_MAX_SIMILAR_NAMES: Final = 100

# Possessive quantifiers keep matching linear in long runs of spaces.
_OPENS = re.compile(r"(?:\s<[A-Z.]+>)?[\s>”\",]*+[(\[]\s*+[\"“'‘]?\s*+(?:the\s++)?")
_CLOSES = re.compile(r"[\"”'’\s]{0,2}[)\]]")


def organisation_groups(text: str, bodies: Sequence[OrganisationMention]) -> UnionFind:
    """Group mentions of organisations, given in the order of the article."""
    groups = UnionFind(len(bodies))
    first = _first_numbers(bodies)
    spelt: dict[str, int] = {}
    for number, body in enumerate(bodies):
        if body.words:
            groups.join(number, spelt.setdefault(spelling_key(body.words), number))
    _join_bracketed(groups, text, bodies)
    longer = _LongerNames(text, bodies, first)
    # Longest first, so that the candidates of a short name are already joined.
    for name, number in sorted(first.items(), key=lambda item: -len(item[0])):
        candidates = next(filter(None, longer.of(name, bodies[number])), [])
        if candidates:
            # Join if all candidates are one organisation, or if the shortest starts all others.
            shortest = min(candidates, key=len)
            are_joined = len({groups.root(first[other]) for other in candidates}) == 1
            if are_joined or all(other[: len(shortest)] == shortest for other in candidates):
                groups.join(number, first[shortest])
    return groups


def _first_numbers(bodies: Sequence[OrganisationMention], headline: int = 0) -> dict[Name, int]:
    first: dict[Name, int] = {}
    for number, body in enumerate(bodies):
        if body.words and body.end > headline:
            first.setdefault(body.words, number)
    return first


_MAX_HEADLINE: Final = 200  # maximum characters of a headline


class _Lists(dict[_Key, list[Name]]):
    """Lists of names by a shared feature, each of limited length."""

    def add(self, key: _Key, name: Name) -> None:
        names = self.setdefault(key, [])
        if len(names) < _MAX_SIMILAR_NAMES:
            names.append(name)


class _LongerNames:
    def __init__(self, text: str, bodies: Sequence[OrganisationMention], first: Mapping[Name, int]) -> None:
        self._first = first
        line_end = text.find("\n")
        self._headline = line_end if line_end < _MAX_HEADLINE else 0
        self._below_headline = _first_numbers(bodies, self._headline)
        self._registered = {body.words for body in bodies if body.has_legal_form}
        self._letters = {body.words for body in bodies if body.acronym}
        self._letters -= {body.words for body in bodies if not body.acronym}
        self._by_start, self._by_end = _Lists[str](), _Lists[str]()
        self._by_letters, self._by_all_letters = _Lists[str](), _Lists[str]()
        self._of_state = _Lists[str]()
        self._by_ministry = _Lists[frozenset[str]]()
        for name, number in first.items():
            self._by_start.add(name[0], name)
            self._by_end.add(name[-1], name)
            for letters in bodies[number].first_letters:
                self._by_all_letters.add(letters, name)
            if len(name) > 1:
                for letters in initials(name):
                    self._by_letters.add(letters, name)
                if name[0] in STATES:
                    self._of_state.add(name[1], name)
            if FORMAL.intersection(name):
                self._by_ministry.add(ministry_key(name), name)

    def of(self, name: Name, body: OrganisationMention) -> Iterator[list[Name]]:
        """Yield the candidates of each rule, the most certain rule first."""
        acronym = body.acronym
        early = body.end <= self._headline or body.written.isupper()
        before = math.inf if early else self._first[name]
        start = self._extensions(name, self._by_start.get(name[0], ()))
        end = self._extensions(name, self._by_end.get(name[-1], ()))
        full = full_forms(name)
        yield _other_names(name, [one for one in full if one in self._first][:1])
        if full and FORMAL.intersection(full[0]):
            yield _other_names(name, self._by_ministry.get(ministry_key(full[0]), ()))
        for letters in (self._by_letters, self._by_all_letters) if acronym else ():
            yield [other for other in _other_names(name, letters.get(acronym, ())) if other[0] != name[0]]
        yield [other for other in start if is_short_for(name, other)]
        yield [other for other in start if is_start(name, other) and self._comes_first(other, name, before)]
        yield [other for other in start if self._is_unit(name, other)]
        yield [other for other in end if is_end(name, other)]
        if is_generic(name):
            yield [other for other in end if self._first[other] < self._first[name]]
        of_state = _other_names(name, self._of_state.get(name[0], ()))
        yield [other for other in of_state if is_short_for(name, other[1:])]
        yield _other_names(
            name, self._by_ministry.get(ministry_key(name), ()) if FORMAL.intersection(name) else ()
        )

    def _comes_first(self, other: Name, name: Name, before: float) -> bool:
        """Return True if the longer name comes first. For acronyms the headline does not count."""
        if name not in self._letters:
            return self._first[other] < before
        return " ".join(name) not in SHORT_FORMS and self._is_named_before(other, name)

    def _is_named_before(self, other: Name, name: Name) -> bool:
        return self._below_headline.get(other, math.inf) < self._below_headline.get(name, math.inf)

    def _is_unit(self, name: Name, other: Name) -> bool:
        """Return True if "Marlowe" follows "Marlowe Canada Ltd", which is then the only Marlowe."""
        return self._is_named_before(other, name) and other in self._registered and is_prefix(name, other)

    def _extensions(self, name: Name, names: Iterable[Name]) -> list[Name]:
        """Return the longer names, none for a registered name, which is complete."""
        return [] if name in self._registered else _other_names(name, names)


def _other_names(name: Name, names: Iterable[Name]) -> list[Name]:
    return [other for other in names if other != name]


def _join_bracketed(groups: UnionFind, text: str, bodies: Sequence[OrganisationMention]) -> None:
    """Join names as in "Financial Times (FT)"."""
    for number, (left, right) in enumerate(pairwise(bodies)):
        if not _OPENS.fullmatch(text, left.end, right.start) or not _CLOSES.match(text, right.end):
            continue
        short = "".join(right.words)
        if right.acronym or (short and short[0] in "".join(left.words)[:1]):
            groups.join(number, number + 1)


_MIN_SHORT_NAME_LETTERS: Final = 3  # first letters that a given name and its short form share
_INITIALS = re.compile(r"(?:\w\.)+\w?")


@_NAME_CACHE
def folded_name(name: str) -> str:
    return unaccented(without_possessive(name))


@_NAME_CACHE
def name_words(written: str) -> Name:
    """Return the folded words of a person, without title and suffix, and with single initials.

    >>> name_words("Sen. J.K. O’Neil Jr.’s")
    ('j', 'k', "o'neil")
    """
    parts = folded_name(written).split()
    words = [word for part in parts if (word := part if _INITIALS.fullmatch(part) else part.strip(".,"))]
    while len(words) > 1 and words[0].rstrip(".") in TITLES:
        del words[0]
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    parted = (word.split(".") if _INITIALS.fullmatch(word) else [word] for word in words)
    return tuple(part for parts in parted for part in parts if part)


@_NAME_CACHE
def without_title(written: str) -> str:
    words = without_possessive(written).split()
    while len(words) > 1 and unaccented(words[0]).strip(".,") in TITLES:
        del words[0]
    return " ".join(words)


def same_given(one: str, other: str) -> bool:
    """Return True if two given names may be one: equal, an initial, or a short form.

    >>> same_given("alexandr", "alex"), same_given("robert", "bob"), same_given("j", "john")
    (True, True, True)
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return long[0] == short
    if short in NICKNAMES.get(long, ()) or long in NICKNAMES.get(short, ()):
        return True
    return len(short) >= 3 and long.startswith(short)


def same_person(one: Name, other: Name) -> bool:
    """Return True if two names of at least two words may be one person."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if one[-1] != other[-1]:
        # "Gabriel García" is short for "Gabriel García Márquez".
        return len(short) < len(long) and long[: len(short)] == short
    if not same_given(one[0], other[0]):
        return False
    return len(short) == 2 or all(same_given(a, b) for a, b in zip(one[1:-1], other[1:-1]))


def people_groups(names: Sequence[Name], sexes: Sequence[str | None] = ()) -> UnionFind:
    """Group mentions of people, given in the order of the article.

    ``sexes`` ("f" or "m") come from the titles: "Mr. Quill" is not Ada Quill.
    """
    groups, sexes = UnionFind(len(names)), sexes or [None] * len(names)
    full = _FullNames()
    # Initials come last, because they must not join two full names.
    for number in sorted(range(len(names)), key=lambda number: len("".join(names[number][:1])) == 1):
        if len(name := names[number]) > 1:
            _join_full(groups, name, number, full)
            full.add(name, number)
    bearers = _Bearers(names, sexes, full)
    for number in sorted(range(len(names)), key=lambda number: sexes[number] is None):
        name, sex = names[number], sexes[number]
        if len(name) > 1:
            mentions = bearers.of(name, None)
            if len({groups.root(other) for other in mentions}) == 1:
                groups.join(number, mentions[0])
        elif name and (mentions := bearers.of(name, sex)):
            # Choose the last mention of a full name before this one, else the first in the article.
            groups.join(number, mentions[max(0, bisect_left(mentions, number) - 1)])
        elif name:
            bearers.add(name, sex, number)
    return groups


class _Bearers:
    """The mentions that each shorter name may mean, once all full names are known."""

    def __init__(self, names: Sequence[Name], sexes: Sequence[str | None], full: _FullNames) -> None:
        self._names, self._sexes, self._full = names, sexes, full
        self._mentions: dict[tuple[Name, str | None], list[int]] = {}

    def of(self, name: Name, sex: str | None) -> list[int]:
        """Return the mentions of a name in order, without those of the other sex."""
        if (name, sex) not in self._mentions:
            if sex:
                candidates: Iterable[int] = (n for n in self.of(name, None) if self._sex(n) in (None, sex))
            else:
                candidates = self._full.ending_with(name) if len(name) > 1 else _bearers(name[0], self._full)
            self._mentions[name, sex] = list(candidates)
        return self._mentions[name, sex]

    def add(self, name: Name, sex: str | None, number: int) -> None:
        for one in {None, sex}:
            insort(self.of(name, one), number)

    def _sex(self, number: int) -> str | None:
        name = self._names[number]
        return self._sexes[number] or (first_name_gender(name[0]) if len(name) > 1 else None)


class _FullNames:
    """The full names of an article by their words, with their mentions."""

    def __init__(self) -> None:
        self.mentions: dict[Name, list[int]] = {}
        self._numbers: dict[frozenset[Name], Sequence[int]] = {}
        self._by_word = _Lists[str]()
        self._by_first_name = _Lists[str]()  # keyed by given name, its first letters and its nicknames

    def add(self, name: Name, number: int) -> None:
        if name in self.mentions:
            self.mentions[name].append(number)
            return
        self.mentions[name] = [number]
        for part in {*name, *(part for word in name for part in word.split("-"))}:
            self._by_word.add(part, name)
        for first_name in {name[0], name[0][:_MIN_SHORT_NAME_LETTERS], *NICKNAMES.get(name[0], ())}:
            self._by_first_name.add(first_name, name)

    def with_word(self, word: str) -> Sequence[Name]:
        """Return the names with a word, or with a part of one between hyphens."""
        return self._by_word.get(word, ())

    def with_given(self, word: str) -> Sequence[Name]:
        """Return the names whose given name may be short for a word, or the reverse."""
        first_names = {word[:_MIN_SHORT_NAME_LETTERS], word, *NICKNAMES.get(word, ())}
        return [name for one in first_names for name in self._by_first_name.get(one, ())]

    def ending_with(self, name: Name) -> list[int]:
        """Return the first mentions of the names that end with another: "Louis van Gaal"."""
        longer = (other for other in self.with_word(name[-1]) if len(other) > len(name))
        return self.firsts(other for other in longer if other[-len(name) :] == name)

    def numbers(self, names: Iterable[Name]) -> Sequence[int]:
        key = frozenset(names)
        if key not in self._numbers:
            self._numbers[key] = sorted(number for name in key for number in self.mentions[name])
        return self._numbers[key]

    def firsts(self, names: Iterable[Name]) -> list[int]:
        return sorted({self.mentions[name][0] for name in names})


def _join_full(groups: UnionFind, name: Name, number: int, before: _FullNames) -> None:
    if name in before.mentions:
        groups.join(number, before.mentions[name][0])
        return
    near = {*before.with_word(name[-1]), *before.with_word(name[0])}
    like = before.firsts(other for other in near if same_person(other, name))
    if len({groups.root(other) for other in like}) == 1:
        groups.join(number, like[-1])


def _bearers(word: str, full: _FullNames) -> Sequence[int]:
    """Return the mentions whose name has a word, by the first rule of _BEARERS that finds any."""
    near = {*full.with_word(word), *full.with_word(word.split("-")[-1]), *full.with_given(word)}
    mentions = (full.numbers(other for other in near if bears(other, word)) for bears in _BEARERS)
    return next(filter(None, mentions), ())


_BEARERS: tuple[Callable[[Name, str], bool], ...] = (
    # "al-Assad" matches "Bashar al Assad".
    lambda name, word: (
        name[-1] == word or (word.partition("-")[0] in PARTICLES and "-".join(name).endswith(f"-{word}"))
    ),
    lambda name, word: word in name[1:],
    lambda name, word: word == name[0],
    lambda name, word: len(word) > 2 and len(name[0]) > 1 and same_given(name[0], word),
    lambda name, word: len(word) > 2 and word in (name[-1].partition("-")[0], name[-1].rpartition("-")[2]),
)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A person or an organisation: the name to show, and all spans."""

    name: str
    spans: tuple[NameSpan, ...]


def consolidate(text: str, spans: Sequence[NameSpan]) -> list[Cluster]:
    """Return the people, then the organisations, that the spans of a text name."""
    people = [span for span in sorted(spans) if span.kind == "PER"]
    bodies = [span for span in sorted(spans) if span.kind == "ORG"]
    return [*_people(text, people), *_organisations(text, bodies)]


def _people(text: str, spans: Sequence[NameSpan]) -> list[Cluster]:
    written = [text[span.start : span.end] for span in spans]
    words, displayed = list(map(name_words, written)), list(map(without_title, written))
    titles = [_title_of(text, span) for span in spans]
    groups = people_groups(words, [title and _SEXES[title.rstrip(".")] for title in titles])
    bearers = Counter(one for members in groups.all() for one in {words[m][-1:] for m in members})
    for members in groups.all():
        if bearers[words[members[0]][-1:]] > 1 and all(len(words[m]) == 1 for m in members):
            # The title distinguishes people who are named only by a common surname.
            for m in members:
                displayed[m] = f"{titles[m]} {displayed[m]}" if titles[m] else displayed[m]
    return _clusters(spans, groups, displayed, _fullest_person)


#: Titles that reveal the sex of a person.
_SEXES: Final = {"Mr": "m", "Mister": "m", "Sir": "m", "Mrs": "f", "Ms": "f", "Miss": "f"}
_TITLE: Final = rf"\b((?:{'|'.join(_SEXES)})\b\.?)\s+"
_BEFORE_NAME, _IN_NAME = re.compile(_TITLE + r"\Z"), re.compile(_TITLE)
_MAX_TITLE_LETTERS: Final = 10  # maximum length, with the full stop and the space after it


def _title_of(text: str, span: NameSpan) -> str | None:
    """Return the title in or before a mention, if it shows the sex."""
    before = _BEFORE_NAME.search(text, max(0, span.start - _MAX_TITLE_LETTERS), span.start)
    match = before or _IN_NAME.match(text, span.start, span.end)
    return match[1] if match else None


def _organisations(text: str, spans: Sequence[NameSpan]) -> list[Cluster]:
    placed = [(span.start, span.end, text[span.start : span.end]) for span in spans]
    groups = organisation_groups(
        text, [OrganisationMention(*place, organisation_words(place[-1])) for place in placed]
    )
    whole = [without_possessive(written) for *_, written in placed]
    names = [name[4:].lstrip() if unaccented(name[:4]) == "the " and name[4:] else name for name in whole]
    return _clusters(spans, groups, names, _fullest_body)


def _clusters(
    spans: Sequence[NameSpan],
    groups: UnionFind,
    names: Sequence[str],
    fullest: Callable[[Sequence[str]], str],
) -> list[Cluster]:
    return [
        Cluster(fullest([names[m] for m in members]), tuple(spans[m] for m in members))
        for members in groups.all()
        if any(names[m] for m in members)
    ]


def _fullest_person(written: Sequence[str]) -> str:
    """Return the name with the most words, then the most frequent. Capitals and initials come last."""
    counts = Counter(written)  # in order of first occurrence

    def rank(name: str) -> tuple[bool, bool, bool, int, int]:
        words = name.split()
        spelt = [word for word in words if len(word.strip(".")) > 1]
        in_full = len(words[0].replace(".", "")) > 1 if words else False
        # "T. Ada Quill" and "T B Quill" count as full names, but "T. Quill" does not.
        whole = len(spelt) > 1 or (len(words) > 2 and words[0][0].isupper() and words[-1] in spelt)
        return not _is_shouted(name), whole, in_full, min(len(spelt), 3), counts[name]

    best = max(counts, key=rank)
    return _calm_form(best) if _is_shouted(best) else best


def _fullest_body(written: Sequence[str]) -> str:
    counts = Counter(written)

    def rank(name: str) -> tuple[bool, int, bool, int]:
        words = min(sum(len(word.strip(".")) > 1 for word in name.split()), 6)
        capitals = name.isupper()
        return not (capitals and len(name) > 6), words, not capitals, counts[name]

    return max(counts, key=rank)


def _is_shouted(name: str) -> bool:
    return name.isupper() and len(name) > 4


def _calm_form(name: str) -> str:
    """Return "YANN LECUN" as "Yann Lecun"."""
    words = name.split()
    return " ".join(word if len(word.strip(".")) < 3 and "." in word else word.title() for word in words)

"""Which mentions of organisations in one article are the same body: what a name is made of (words, legal
form, the letters that abbreviate it), and when it can be short for another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final, TypeVar

from searcher.extract.names.word_lists import FORMAL, GENERIC, SMALL, SUBUNITS, plain, without_possessive
from searcher.languages import english
from searcher.names.forms import LEGAL_FORMS, SHORT_FORMS, STATES
from searcher.names.normalise import fold, word_set
from searcher.statements.likeness import Joined

Name = tuple[str, ...]

#: Legal forms of companies, folded and without full stops.
FORMS: Final = frozenset(form.replace(".", "") for form in LEGAL_FORMS)
_FAMILY: Final = word_set("holding holdings group")  # left out at the end, as legal forms are
_MAX_LEFT_OUT: Final = 3  # words at the end of a name
_SITE = re.compile(r"(?<=\w\w)\.(?:com|net|info|co\.uk)$")  # "Amazon.com" is Amazon; Google.org is not Google
_WORD_OF_BODY = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[\s,()]+")
# "S&P" and "AT&T", as agencies write them: "S and P", "S/P".
_AND = re.compile(r"(?:(?<=\b[A-Z])|(?<=\b[A-Z]{2}))(?: ?& ?| and |/)(?=[A-Z]\b)")
_LEFT_OUT: Final = word_set("union party")  # of acronyms: "United Auto Workers union" is the UAW
_MIN_WORDS_AFTER_STATE: Final = 3  # words of a name that is abbreviated without its state


@dataclass(frozen=True, slots=True)
class Body:
    """One mention: where it stands, as written, and the words that tell one body from another."""

    start: int
    end: int
    written: str
    words: Name

    @property
    def acronym(self) -> str:
        """Its letters, if it is written as an acronym."""
        letters = _AND.sub("&", without_possessive(self.written).replace(".", ""))
        plain = letters.replace("&", "")
        return letters.lower() if 2 <= len(letters) <= 7 and plain.isupper() and plain.isalpha() else ""

    @property
    def has_legal_form(self) -> bool:
        """Whether it is written in full as a company is registered: "Marlowe Ltd"."""
        return not FORMS.isdisjoint(_PARTS.split(plain(without_possessive(self.written)).replace(".", "")))

    @property
    def first_letters(self) -> Sequence[str]:
        """Of all its words but the small ones, with and without legal forms: "FDIC" has one of these."""
        words = [word for word in _WORD_OF_BODY.findall(plain(self.written)) if word not in SMALL]
        letters = "".join(word[0] for word in words)
        forms = sum(1 for _ in takewhile(FORMS.__contains__, reversed(words)))
        return [letters[: len(letters) - number] for number in range(forms + 1)]


def body_words(written: str) -> Name:
    """Folded words without "the", legal form and full stops.

    >>> body_words("The Goldman Sachs Group, Inc.’s")
    ('goldman', 'sachs')
    """
    name = _SITE.sub("", plain(without_possessive(written)).removeprefix("the ").strip())
    parts = (word.removesuffix("'s") for word in _PARTS.split(name.replace(".", "")))
    words = [word for word in parts if word]
    for _ in range(min(_MAX_LEFT_OUT, len(words) - 1)):
        if words[-1] in FORMS or words[-1] in _FAMILY:
            words.pop()
    while len(words) > 1 and words[-1] in ("and", "&"):  # of "Marlowe and Co"
        words.pop()
    return tuple(words)


def initials(words: Name) -> frozenset[str]:
    """The acronyms that a name can have: with and without its small words, and word parts at hyphens; without
    the state that it belongs to, as in "U.S. Environmental Protection Agency"."""
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
    return frozenset("".join(word[0] for word in some) for some in (large, words, parts, pairs))


def spelling(name: Name) -> str:
    """What "Sky News" and "SkyNews" share, and "Alfa-Romeo" and "Alfa Romeo"."""
    return "".join(name).replace("-", "")


_GENERIC_BODIES = english("GENERIC_BODIES")
_ADJECTIVES: Final = word_set("national international federal state royal general first global central")
COMMON_ENDS = english("COMMON_ENDS")


def is_generic(name: Name) -> bool:
    """Whether it is a lone word that names no body in particular: "Department", "National"."""
    return len(name) == 1 and (name[0] in _GENERIC_BODIES or name[0] in _ADJECTIVES)


_COMMON_STARTS: Final = word_set("university ministry department bank house senate parliament congress")
_MAX_UNIVERSITY: Final = 2  # words of its name: "Ohio State"; firms of more have "universities" of their own
_COMPASS: Final = word_set("north south east west northern southern eastern western new old")


def in_full(name: Name) -> Sequence[Name]:
    """What its readers know it is short for: "Fed" for "Federal Reserve", or "Federal Reserve Board"."""
    short = " ".join(name)
    full = tuple(SHORT_FORMS.get(fold(short), "").split())
    return [full, (*full, "board"), ("us", *full)] if full else []


def is_short(name: Name, other: Name) -> bool:
    """The same, or less only what readers add: generic words, a legal form and a place, "University"."""
    return (
        other == name
        or (other == (*name, "university") and len(name) <= _MAX_UNIVERSITY)
        or (is_start(name, other) and all(word in GENERIC for word in other[len(name) :]))
    )


def is_start(name: Name, other: Name) -> bool:
    """As "Meta" begins "Meta Platforms", but not "Meta AI", and "Sea Bank" "Sea Bank of Canada"."""
    rest = other[len(name) :]
    if not begins(name, other) or (len(name) == 1 and rest[0] in ("of", "for")):
        return False
    return (len(name) > 1 and rest[0] == "of") or not SUBUNITS.intersection(rest)


def begins(name: Name, other: Name) -> bool:
    """Whether it is the first words of the other, and not alone one that begins too many."""
    lone = len(name) == 1
    return other[: len(name)] == name and len(other) > len(name) and not (lone and name[0] in _COMMON_STARTS)


def is_end(name: Name, other: Name) -> bool:
    """As "White Sox" ends "Chicago White Sox" and "United" "Manchester United"; not "Council" or "Bank"."""
    if len(name) > 1 and other[0] in FORMAL and other[1:] == ("of", *name):
        return True  # "Homeland Security"
    return (
        len(other) - len(name) in (1, 2)
        and other[-len(name) :] == name
        and (len(name) > 1 or (len(name[0]) > 3 and name[0] not in COMMON_ENDS))
        and not SMALL.intersection(other[: -len(name)])
        and (other[0] not in _COMPASS or len(other) - len(name) > 1)  # "New York" is no part of a town
    )


def core(name: Name) -> frozenset[str]:
    """What "Department of Justice" and "Justice Department" share, "Ministry of Foreign Affairs" and "Foreign
    Ministry"; a leading "US" does not matter."""
    return frozenset(word for word in name if word not in SMALL and word not in STATES and word != "affairs")


_Key = TypeVar("_Key")

#: Names with one first word, one last word or the same letters that are looked at: of 1,324 labelled articles
#: none has more than 8.
_MAX_ALIKE: Final = 100

# What has blanks only never gives them back: there may be thousands.
_OPENS = re.compile(r"(?:\s<[A-Z.]+>)?[\s>”\",]*+[(\[]\s*+[\"“'‘]?\s*+(?:the\s++)?")
_CLOSES = re.compile(r"[\"”'’\s]{0,2}[)\]]")


def group_organisations(text: str, bodies: Sequence[Body]) -> Joined:
    """Group mentions, given in the order of the article."""
    groups = Joined(len(bodies))
    first = _first_numbers(bodies)
    spelt: dict[str, int] = {}
    for number, body in enumerate(bodies):
        if body.words:
            groups.join(number, spelt.setdefault(spelling(body.words), number))
    _join_bracketed(groups, text, bodies)
    longer = _Longer(text, bodies, first)
    # the longest first, so that what is short for two of them finds those made one
    for name, number in sorted(first.items(), key=lambda item: -len(item[0])):
        like = next(filter(None, longer.of(name, bodies[number])), [])
        if like:
            # one body, or one that begins the others: "Marlowe" is "Marlowe Quay", not "Marlowe Quay Bank"
            least = min(like, key=len)
            one = len({groups.root(first[other]) for other in like}) == 1
            if one or all(other[: len(least)] == least for other in like):
                groups.join(number, first[least])
    return groups


def _first_numbers(bodies: Sequence[Body], headline: int = 0) -> dict[Name, int]:
    """For each name the number of its first mention below the headline."""
    first: dict[Name, int] = {}
    for number, body in enumerate(bodies):
        if body.words and body.end > headline:
            first.setdefault(body.words, number)
    return first


class _Shelf(dict[_Key, list[Name]]):
    """Names by something that they share; of more than so many the first."""

    def add(self, key: _Key, name: Name) -> None:
        names = self.setdefault(key, [])
        if len(names) < _MAX_ALIKE:
            names.append(name)


class _Longer:
    """The names of an article by what a shorter one shares with them."""

    def __init__(self, text: str, bodies: Sequence[Body], first: Mapping[Name, int]) -> None:
        self._first = first
        self._headline = _headline_end(text)
        self._told = _first_numbers(bodies, self._headline)
        self._registered = {body.words for body in bodies if body.has_legal_form}
        self._letters = {body.words for body in bodies if body.acronym}
        self._letters -= {body.words for body in bodies if not body.acronym}
        self._by_start, self._by_end = _Shelf[str](), _Shelf[str]()
        self._by_letters, self._by_all_letters = _Shelf[str](), _Shelf[str]()
        self._of_state = _Shelf[str]()
        self._by_core = _Shelf[frozenset[str]]()
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
                self._by_core.add(core(name), name)

    def of(self, name: Name, body: Body) -> Iterator[list[Name]]:
        """What it can be short for, by the surest rule first; by its start alone only names before it, unless
        it stands in a headline first."""
        acronym = body.acronym
        early = body.end <= self._headline or body.written.isupper()
        before = math.inf if early else self._first[name]
        start = self._extended(name, self._by_start.get(name[0], ()))
        end = self._extended(name, self._by_end.get(name[-1], ()))
        full = in_full(name)
        yield self._others(name, [one for one in full if one in self._first][:1])
        if full and FORMAL.intersection(full[0]):
            yield self._others(name, self._by_core.get(core(full[0]), ()))
        for letters in (self._by_letters, self._by_all_letters) if acronym else ():
            yield [other for other in self._others(name, letters.get(acronym, ())) if other[0] != name[0]]
        yield [other for other in start if is_short(name, other)]
        yield [other for other in start if is_start(name, other) and self._comes_first(other, name, before)]
        yield [other for other in start if self._is_unit(name, other)]
        yield [other for other in end if is_end(name, other)]
        if is_generic(name):
            yield [other for other in end if self._first[other] < self._first[name]]
        of_state = self._others(name, self._of_state.get(name[0], ()))
        yield [other for other in of_state if is_short(name, other[1:])]
        yield self._others(name, self._by_core.get(core(name), ()) if FORMAL.intersection(name) else ())

    def _comes_first(self, other: Name, name: Name, before: float) -> bool:
        """Below the headline too, for letters alone: "BBC Sport" is not the BBC."""
        if name not in self._letters:
            return self._first[other] < before
        return " ".join(name) not in SHORT_FORMS and self._is_told(other, name)

    def _is_told(self, other: Name, name: Name) -> bool:
        return self._told.get(other, math.inf) < self._told.get(name, math.inf)

    def _is_unit(self, name: Name, other: Name) -> bool:
        """As "Marlowe" for "Marlowe Canada Ltd", where that is named first: the one body of which is told."""
        return self._is_told(other, name) and other in self._registered and begins(name, other)

    def _extended(self, name: Name, names: Iterable[Name]) -> list[Name]:
        """Of names that begin or end with it those that may be the same: what has a legal form is whole."""
        return [] if name in self._registered else self._others(name, names)

    def _others(self, name: Name, names: Iterable[Name]) -> list[Name]:
        return [other for other in names if other != name]


def _join_bracketed(groups: Joined, text: str, bodies: Sequence[Body]) -> None:
    """As in "Financial Times (FT)"."""
    for number, (left, right) in enumerate(pairwise(bodies)):
        if not _OPENS.fullmatch(text, left.end, right.start) or not _CLOSES.match(text, right.end):
            continue
        short = "".join(right.words)
        if right.acronym or (short and short[0] in "".join(left.words)[:1]):
            groups.join(number, number + 1)


def _headline_end(text: str) -> int:
    """Where the first line ends, if it is short enough for a headline."""
    end = text.find("\n")
    return end if 0 < end < 200 else 0

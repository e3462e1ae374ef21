"""What the name of an organisation is made of: its words, its legal form, the letters that abbreviate it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from searcher.extract.names.lexicon import SMALL, fold, without_possessive
from searcher.names.forms import LEGAL_FORMS, STATES
from searcher.names.normalise import word_set

__all__ = [
    "COMMON_ENDS",
    "FORMS",
    "Body",
    "Name",
    "body_words",
    "initials",
    "is_body_word",
    "is_generic",
    "spelling",
]

Name = tuple[str, ...]

#: Legal forms of companies, folded and without full stops.
FORMS: Final = frozenset(form.replace(".", "") for form in LEGAL_FORMS)
_FAMILY: Final = word_set("holding holdings group")  # left out at the end, as legal forms are
_MAX_LEFT_OUT: Final = 3
_SITE = re.compile(r"(?<=\w\w)\.(?:com|net|info|co\.uk)$")  # "Amazon.com" is Amazon; Google.org is not Google
_WORD = re.compile(r"[^\W_]+")
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
        return not FORMS.isdisjoint(_PARTS.split(fold(without_possessive(self.written)).replace(".", "")))

    @property
    def first_letters(self) -> Sequence[str]:
        """Of all its words but the small ones, with and without legal forms: "FDIC" has one of these."""
        words = [word for word in _WORD.findall(fold(self.written)) if word not in SMALL]
        letters = "".join(word[0] for word in words)
        forms = sum(1 for _ in takewhile(FORMS.__contains__, reversed(words)))
        return [letters[: len(letters) - number] for number in range(forms + 1)]


def body_words(written: str) -> Name:
    """Folded words without "the", legal form and full stops.

    >>> body_words("The Goldman Sachs Group, Inc.’s")
    ('goldman', 'sachs')
    """
    name = _SITE.sub("", fold(without_possessive(written)).removeprefix("the ").strip())
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
        return initials(words[1:]) | _initials(words)
    if words[-1] in _LEFT_OUT:
        return _initials(words[:-1]) | _initials(words)
    if len(words) > _MIN_WORDS_AFTER_STATE + 1 and words[-2] == "of":
        return _initials(words[:-2]) | _initials(words)
    return _initials(words)


def _initials(words: Name) -> frozenset[str]:
    large = [word for word in words if word not in SMALL]
    parts = [part for word in large for part in word.split("-") if part]
    pairs = ["&" if word in ("and", "&") else word for word in words if word in ("and", "&") or word in large]
    return frozenset("".join(word[0] for word in some) for some in (large, words, parts, pairs))


def spelling(name: Name) -> str:
    """What "Sky News" and "SkyNews" share, and "Alfa-Romeo" and "Alfa Romeo"."""
    return "".join(name).replace("-", "")


_GENERIC_BODIES = word_set(
    """
    department bureau office agency commission committee council board group company corporation centre center
    institute association federation foundation fund trust bank university college school hospital museum club
    authority ministry division unit society academy team government party church court chamber
    directorate secretariat panel cabinet administration embassy consulate exchange
    """
)
_ADJECTIVES: Final = word_set("national international federal state royal general first global central")
COMMON_ENDS = word_set(
    """
    bank university college school ministry department government office agency commission committee council
    court party union association federation institute centre center foundation authority board group
    company corporation airlines airways army police league club assembly parliament senate house congress
    service services fund trust society church hospital museum academy administration bureau organization
    organisation network news exchange
    """
)


def is_generic(name: Name) -> bool:
    """Whether it is a lone word that names no body in particular: "Department", "National"."""
    return len(name) == 1 and (name[0] in _GENERIC_BODIES or name[0] in _ADJECTIVES)


def is_body_word(word: str) -> bool:
    """Whether it is what many bodies' names end in: "ministry", "congress"."""
    return word in _GENERIC_BODIES or word in COMMON_ENDS

"""Whether two utterances are one statement: equal, edited, or one a part of the other.

Both measures are of *shingles*, the runs of some words in a text (A. Broder, "On the resemblance and
containment of documents", 1997). What differs between outlets breaks a few of them, and what is left out at
the beginning or the end breaks none. Utterances are put together in one pass over them.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

#: Words of the shingles that are counted.
SHINGLE = 2


@dataclass(frozen=True, slots=True)
class Demand:
    """What two utterances must have in common: all of so many words, or a run of so many."""

    equal: int
    run: int


#: For so many shingles of the shorter one a word may be another, which breaks the two shingles that it is in.
#: Of fewer than eight words none may: "nothing to do with us" is not "everything to do with us".
SHINGLES_A_CHANGE = 7
#: Chosen on the development half of ``benchmarks.quality statements``: what is given to one speaker may be
#: shorter than what is not.
BY_ONE, BY_ANY = Demand(equal=1, run=4), Demand(equal=5, run=6)

#: A run of words that more than so many share ("in the U.S.") tells little: a saying is compared with so many
#: of them. Those that are one statement are found all the same, by what else they share, or one by another.
#: Of 32,000 wordings in ``benchmarks.quality statements`` 87 have the commonest run of four.
MAX_COMPARED = 100


@dataclass(frozen=True, slots=True)
class Saying:
    """The words of an utterance, as :func:`words_of` gives them, and who is said to have said them.

    ``reported``: the words are those of whoever reports it, as in indirect speech.
    """

    words: tuple[str, ...]
    speaker: str | None = None
    reported: bool = False
    shingles: frozenset[tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shingles", frozenset(_runs(self.words, SHINGLE)))

    @property
    def is_phrase(self) -> bool:
        """Whether it is so short that it may be a part of statements that are not the same."""
        return len(self.words) <= SHINGLES_A_CHANGE

    def keys(self) -> Iterator[tuple[str | None, tuple[str, ...]]]:
        """Yield what a saying must share one of with another that is the same: all its words, or runs of them
        by one speaker or by anybody."""
        yield None, self.words
        for run in _runs(self.words, BY_ANY.run):
            yield None, run
        if self.speaker is not None:
            for run in _runs(self.words, BY_ONE.run):
                yield self.speaker, run


def same(one: Saying, other: Saying) -> bool:
    """Whether two utterances are one statement.

    What two people are reported to have said is one if all the words are: those that reports of two things
    share are names mostly ("that he would vote for former Secretary of State Hillary Clinton").
    """
    by_one = one.speaker is not None and one.speaker == other.speaker
    demand = BY_ONE if by_one else BY_ANY
    if one.words == other.words:
        return len(one.words) >= demand.equal
    if not by_one and (one.reported or other.reported):
        return False
    if min(len(one.words), len(other.words)) < demand.run:
        return False
    shingles = min(len(one.shingles), len(other.shingles))
    broken = shingles - len(one.shingles & other.shingles)
    if broken > SHINGLE * (shingles // SHINGLES_A_CHANGE):
        return False
    return not set(_runs(one.words, demand.run)).isdisjoint(_runs(other.words, demand.run))


def _runs(words: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    """Yield the runs of so many words."""
    return zip(*(words[start:] for start in range(length)))


def groups(sayings: Sequence[Saying]) -> list[list[int]]:
    """Return the numbers of the sayings of each statement, ascending, in the order of their first ones.

    What is the same as a third is the same. But a phrase joins nothing: it belongs to the one statement that
    it is a part of, and is one of its own where it is a part of several ("make America great again").
    """
    joined = Joined(len(sayings))
    within: list[tuple[int, int]] = []
    for one, other in _pairs_that_are_same(sayings, joined):
        if sayings[one].is_phrase == sayings[other].is_phrase:
            joined.join(one, other)
        else:
            within.append((one, other) if sayings[one].is_phrase else (other, one))
    wholes: defaultdict[int, set[int]] = defaultdict(set)
    for phrase, whole in within:
        wholes[joined.root(phrase)].add(joined.root(whole))
    for phrase, roots in wholes.items():
        if len(roots) == 1:
            joined.join(phrase, *roots)
    return joined.all()


def _pairs_that_are_same(sayings: Sequence[Saying], joined: Joined) -> Iterator[tuple[int, int]]:
    """Yield pairs that are the same, as far as they are not joined yet. A saying is compared with those alone
    that share a key with it (the last of them, where there are many), and with the first of those that are
    equal to it in all."""
    first_of: dict[Saying, int] = {}
    # By the hashes of keys, of which most have one saying alone: 11 KB a saying of 25 words; with the keys
    # themselves and a list for each 18.
    first_with: dict[int, int] = {}
    others_with: defaultdict[int, list[int]] = defaultdict(list)
    for number, saying in enumerate(sayings):
        first = first_of.setdefault(saying, number)
        if first != number:
            if same(saying, sayings[first]):
                yield first, number
            continue
        compared = set()
        for key in set(map(hash, saying.keys())):
            if key not in first_with:
                first_with[key] = number
                continue
            others = others_with[key]
            candidates = others[-MAX_COMPARED:]
            if len(others) < MAX_COMPARED:
                candidates.append(first_with[key])
            for other in candidates:
                if other not in compared and joined.root(other) != joined.root(number):
                    compared.add(other)
                    if same(saying, sayings[other]):
                        yield other, number
            others.append(number)


class Joined:
    """Numbers that are joined to one another (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = array("q", range(size))

    def root(self, number: int) -> int:
        parents = self._parents
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    def join(self, one: int, other: int) -> None:
        """The least number of a group is its root."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parents[high] = low

    def all(self) -> list[list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parents)):
            found[self.root(number)].append(number)
        return list(found.values())

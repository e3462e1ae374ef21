"""Whether two utterances are one statement: equal, edited, or one a part of the other.

Both measures are of *shingles*, the runs of some words in a text (A. Broder, "On the resemblance and
containment of documents", 1997). What differs between outlets breaks a few of them, and what is left out at
the beginning or the end breaks none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["BY_ANY", "BY_ONE", "MAX_COMPARED", "SHINGLE", "SHINGLES_A_CHANGE", "Demand", "Saying", "same"]

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
#: shorter than what is not. The same five words of two people are one statement that one article gives to the
#: wrong one, of the same four words ("so far so good") this is true in two cases out of three only.
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

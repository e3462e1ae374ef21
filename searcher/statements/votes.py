"""Who said a statement, where articles differ: they vote, each story once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from searcher.results.statements import Vote

__all__ = ["Ballot", "count_votes"]


@dataclass(frozen=True, slots=True)
class Ballot:
    """Whom one place names, how surely, and the story that it belongs to."""

    story: str
    speaker: str | None
    confidence: float
    named: bool = True


def count_votes(ballots: Iterable[Ballot]) -> tuple[Vote, ...]:
    """Return the speakers, most votes first.

    The copies of a story have one vote, that of the surest. Words such as “a nurse” count where nobody is
    named: they say no other than a name, they say less.
    """
    cast = [ballot for ballot in ballots if ballot.speaker is not None]
    cast = [ballot for ballot in cast if ballot.named] or cast
    surest: dict[str, Ballot] = {}
    for ballot in cast:
        if ballot.story not in surest or ballot.confidence > surest[ballot.story].confidence:
            surest[ballot.story] = ballot
    by_speaker: defaultdict[str, list[float]] = defaultdict(list)
    for ballot in surest.values():
        by_speaker[ballot.speaker or ""].append(ballot.confidence)
    votes = (Vote(name, round(sum(given), 4), len(given)) for name, given in by_speaker.items())
    return tuple(sorted(votes, key=lambda vote: (-vote.weight, -vote.stories, vote.speaker)))

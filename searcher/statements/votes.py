"""Who said a statement, where articles differ: they vote, each story once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from searcher.article import SpeakerKind
from searcher.results.statements import Vote

__all__ = ["Ballot", "count_votes"]

#: A name with this confidence is as likely wrong as right.
_LIKELY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Ballot:
    """Whom one place names, how surely, and the story that it belongs to."""

    story: str
    speaker: str | None
    confidence: float
    kind: SpeakerKind | None = "person"


def count_votes(ballots: Iterable[Ballot]) -> tuple[Vote, ...]:
    """Return the speakers, most votes first.

    The copies of a story have one vote, that of the surest. Words such as “a nurse” count where nobody is
    named who is likely right: they say no other than a name, they say less. A body speaks by people: one of
    them comes before it whom as many stories name.
    """
    cast = [ballot for ballot in ballots if ballot.speaker is not None]
    if any(ballot.kind != "unnamed" and ballot.confidence >= _LIKELY for ballot in cast):
        cast = [ballot for ballot in cast if ballot.kind != "unnamed"]
    surest: dict[str, Ballot] = {}
    for ballot in cast:
        if ballot.story not in surest or ballot.confidence > surest[ballot.story].confidence:
            surest[ballot.story] = ballot
    by_speaker: defaultdict[str, list[float]] = defaultdict(list)
    for ballot in surest.values():
        by_speaker[ballot.speaker or ""].append(ballot.confidence)
    votes = (Vote(name, round(sum(given), 4), len(given)) for name, given in by_speaker.items())
    ordered = sorted(votes, key=lambda vote: (-vote.weight, -vote.stories, vote.speaker))
    bodies = {ballot.speaker for ballot in surest.values() if ballot.kind == "organisation"}
    if ordered and ordered[0].speaker in bodies:
        most = ordered[0].stories
        ordered.sort(key=lambda vote: vote.speaker in bodies or not _is_likely(vote, most))
    return tuple(ordered)


def _is_likely(vote: Vote, stories: int) -> bool:
    """Tell whether so many stories name a speaker and these are more likely right than wrong."""
    return vote.stories >= stories and vote.weight >= _LIKELY * vote.stories

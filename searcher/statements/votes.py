"""Who said a statement, where articles differ: they vote, each story once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from searcher.article import SpeakerKind
from searcher.results.statements import Vote

__all__ = ["Ballot", "count_votes"]

#: A name with this confidence is as likely wrong as right.
_MIN_LIKELY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Ballot:
    """Whom one place names, how surely, and the story that it belongs to."""

    story: str
    speaker: str | None
    confidence: float
    kind: SpeakerKind | None = "person"


def count_votes(ballots: Iterable[Ballot]) -> tuple[Vote, ...]:
    """Return the speakers, most votes first.

    The copies of a story have one vote, for whom most of them name, by confidence. Words such as “a nurse”
    count where nobody is named who is likely right: they say no other than a name, they say less. A body
    speaks by people: one of them comes before it whom as many stories name.
    """
    cast = [ballot for ballot in ballots if ballot.speaker is not None]
    if any(ballot.kind != "unnamed" and ballot.confidence >= _MIN_LIKELY for ballot in cast):
        cast = [ballot for ballot in cast if ballot.kind != "unnamed"]
    by_story: defaultdict[str, list[Ballot]] = defaultdict(list)
    for ballot in cast:
        by_story[ballot.story].append(ballot)
    of_stories = list(map(_of_story, by_story.values()))
    by_speaker: defaultdict[str, list[float]] = defaultdict(list)
    for ballot in of_stories:
        by_speaker[ballot.speaker or ""].append(ballot.confidence)
    votes = (Vote(name, round(sum(given), 4), len(given)) for name, given in by_speaker.items())
    ordered = sorted(votes, key=lambda vote: (-vote.weight, -vote.stories, vote.speaker))
    bodies = {ballot.speaker for ballot in of_stories if ballot.kind == "organisation"}
    if ordered and ordered[0].speaker in bodies:
        most = ordered[0].stories
        ordered.sort(key=lambda vote: vote.speaker in bodies or not _is_likely(vote, most))
    return tuple(ordered)


def _of_story(ballots: Sequence[Ballot]) -> Ballot:
    """Return the surest ballot for the speaker whom the copies of a story name most surely together."""
    if len(ballots) == 1:
        return ballots[0]
    given: defaultdict[str, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        given[ballot.speaker or ""].append(ballot)
    together = max(given.values(), key=lambda same: (sum(b.confidence for b in same), same[0].speaker or ""))
    return max(together, key=lambda ballot: ballot.confidence)


def _is_likely(vote: Vote, stories: int) -> bool:
    """Tell whether so many stories name a speaker and these are more likely right than wrong."""
    return vote.stories >= stories and vote.weight >= _MIN_LIKELY * vote.stories

"""Who said a statement, where articles differ: they vote, each story once. What votes are utterances: the
quotations of an article that are parts of what somebody said at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from searcher.article import Article, Quote, SpeakerKind
from searcher.results.statements import Vote

_PLACE = attrgetter("start", "end")


def first_parts(quotes: Sequence[Quote]) -> list[int]:
    """Return for each of an article's quotations, which are given in the order of the text, the number of the
    first part of its utterance. Indirect speech is a report of its own."""
    firsts: dict[int, int] = {}
    return [
        number if quote.kind == "indirect" else firsts.setdefault(quote.utterance, number)
        for number, quote in enumerate(quotes)
    ]


def parts_of(article: Article, quote: Quote) -> tuple[Quote, ...]:
    """Return the utterance of which a quotation of the article is a part, in the order of the text."""
    if quote.kind == "indirect":
        return (quote,)
    parts = [part for part in article.quotes if part.utterance == quote.utterance and part.kind != "indirect"]
    return tuple(sorted(parts, key=_PLACE))


#: A name with this confidence is as likely wrong as right.
_MIN_LIKELY: Final = 0.5
#: How much the longest copy of a story counts, where its copies differ: what is cut from the others is often
#: what tells who speaks (chosen on PolNeAR's training half, by ``benchmarks.quality votes``).
_LONGEST: Final = 3


class Ballot(NamedTuple):
    """Whom one place names, how surely, and the story that it belongs to. ``length`` returns how many
    words its article has; it is asked where the copies of a story differ."""

    story: str | int
    speaker: str | None
    confidence: float
    kind: SpeakerKind | None = "person"
    length: Callable[[], int] = int  # 0: not known


def count_votes(ballots: Iterable[Ballot]) -> tuple[Vote, ...]:
    """Return the speakers, most votes first.

    The copies of a story have one vote, for whom most of them name, by confidence, and the longest of them
    counts more. Words such as “a nurse” count where nobody is named who is likely right: they say no other
    than a name, they say less. A body speaks by people: one of them comes before it whom as many stories
    name.
    """
    cast = [ballot for ballot in ballots if ballot.speaker is not None]
    if any(ballot.kind != "unnamed" and ballot.confidence >= _MIN_LIKELY for ballot in cast):
        cast = [ballot for ballot in cast if ballot.kind != "unnamed"]
    of_stories = _of_stories(cast)
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


def _of_stories(ballots: Sequence[Ballot]) -> list[Ballot]:
    """Return the ballot of each story: the surest one for whom its copies name most surely together."""
    surest: dict[str | int, Ballot] = {}
    differing = set()
    for ballot in ballots:
        known = surest.setdefault(ballot.story, ballot)
        if ballot.speaker != known.speaker:
            differing.add(ballot.story)
        elif ballot.confidence > known.confidence:
            surest[ballot.story] = ballot
    copies: defaultdict[str | int, list[Ballot]] = defaultdict(list)
    for ballot in ballots if differing else ():
        copies[ballot.story].append(ballot)
    return [_ballot_of_copies(copies[story]) if story in differing else one for story, one in surest.items()]


def _ballot_of_copies(ballots: Sequence[Ballot]) -> Ballot:
    """Return the surest of the ballots for the speaker whom they name most surely together, the longest of
    them three times."""
    given: defaultdict[str, list[tuple[float, Ballot]]] = defaultdict(list)
    lengths = [ballot.length() for ballot in ballots]
    longest = max(lengths)
    for ballot, length in zip(ballots, lengths):
        times = _LONGEST if length == longest else 1
        given[ballot.speaker or ""].append((times * ballot.confidence, ballot))
    together = max(given.items(), key=lambda same: (sum(weight for weight, _ in same[1]), same[0]))
    return max((ballot for _, ballot in together[1]), key=lambda ballot: ballot.confidence)


def _is_likely(vote: Vote, stories: int) -> bool:
    """Tell whether so many stories name a speaker and these are more likely right than wrong."""
    return vote.stories >= stories and vote.weight >= _MIN_LIKELY * vote.stories

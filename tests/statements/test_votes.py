from __future__ import annotations

from searcher.results.statements import Vote
from searcher.statements.votes import Ballot, count_votes


def test_the_speaker_with_most_confidence_wins_and_the_others_are_kept() -> None:
    ballots = [Ballot("s1", "Ada Moss", 0.9), Ballot("s2", "Bo Quill", 0.6), Ballot("s3", "Ada Moss", 0.5)]

    assert (Vote("Ada Moss", 1.4, 2), Vote("Bo Quill", 0.6, 1)) == count_votes(ballots)


def test_the_copies_of_a_story_have_one_vote() -> None:
    copies = [Ballot("s1", "Bo Quill", confidence) for confidence in (0.6, 0.7, 0.6)]

    assert (Vote("Ada Moss", 0.9, 1), Vote("Bo Quill", 0.7, 1)) == count_votes(
        [*copies, Ballot("s2", "Ada Moss", 0.9)]
    )


def test_a_name_says_more_than_other_words() -> None:
    ballots = [Ballot("s1", "a nurse", 0.9, named=False), Ballot("s2", "Ada Moss", 0.5)]

    assert (Vote("Ada Moss", 0.5, 1),) == count_votes(ballots)
    assert (Vote("a nurse", 0.9, 1),) == count_votes(ballots[:1])


def test_nobody_is_elected_where_nobody_is_named() -> None:
    assert () == count_votes([Ballot("s1", None, 0.0)])

from __future__ import annotations

from searcher.results.statements import Vote
from searcher.statements import Ballot, count_votes


def test_the_speaker_with_most_confidence_wins_and_the_others_are_kept() -> None:
    ballots = [Ballot("s1", "Ada Moss", 0.9), Ballot("s2", "Bo Quill", 0.6), Ballot("s3", "Ada Moss", 0.5)]

    assert (Vote("Ada Moss", 1.4, 2), Vote("Bo Quill", 0.6, 1)) == count_votes(ballots)


def test_of_equal_votes_those_of_more_stories_come_first() -> None:
    ballots = [Ballot("s1", "Ada Moss", 0.9), *(Ballot(f"s{n}", "Bo Quill", 0.3) for n in (2, 3, 4))]

    assert (Vote("Bo Quill", 0.9, 3), Vote("Ada Moss", 0.9, 1)) == count_votes(ballots)


def test_the_copies_of_a_story_have_one_vote() -> None:
    copies = [Ballot("s1", "Bo Quill", confidence) for confidence in (0.6, 0.7, 0.6)]

    assert (Vote("Ada Moss", 0.9, 1), Vote("Bo Quill", 0.7, 1)) == count_votes(
        [*copies, Ballot("s2", "Ada Moss", 0.9)]
    )


def test_a_story_votes_for_whom_most_of_its_copies_name() -> None:
    copies = [Ballot("s1", "Ada Moss", 0.7), Ballot("s1", "Bo Quill", 0.9), Ballot("s1", "Ada Moss", 0.6)]

    assert (Vote("Ada Moss", 0.7, 1),) == count_votes(copies)


def test_the_longest_copy_of_a_story_counts_three_times() -> None:
    whole = Ballot("s1", "Ada Moss", 0.6, length=lambda: 900)
    cut = Ballot("s1", "Bo Quill", 0.9, length=lambda: 500)

    assert (Vote("Ada Moss", 0.6, 1),) == count_votes([whole, cut])
    assert (Vote("Bo Quill", 0.9, 1),) == count_votes([whole, cut, cut])


def test_lengths_are_asked_where_copies_differ_alone() -> None:
    def never() -> int:
        raise AssertionError

    copies = [Ballot("s1", "Ada Moss", confidence, length=never) for confidence in (0.6, 0.7)]

    assert (Vote("Ada Moss", 0.7, 1),) == count_votes(copies)


def test_a_name_says_more_than_other_words() -> None:
    ballots = [Ballot("s1", "a nurse", 0.9, "unnamed"), Ballot("s2", "Ada Moss", 0.5)]

    assert (Vote("Ada Moss", 0.5, 1),) == count_votes(ballots)
    assert (Vote("a nurse", 0.9, 1),) == count_votes(ballots[:1])


def test_a_name_that_is_likely_wrong_silences_nothing() -> None:
    ballots = [Ballot("s1", "a nurse", 0.4, "unnamed"), Ballot("s2", "Ada Moss", 0.1)]

    assert (Vote("a nurse", 0.4, 1), Vote("Ada Moss", 0.1, 1)) == count_votes(ballots)


def test_a_person_comes_before_the_body_that_is_no_more_often_named() -> None:
    ballots = [
        Ballot("s1", "Marlowe", 0.99, "organisation"),
        Ballot("s2", "Ada Moss", 0.9),
        Ballot("s3", "Bo Quill", 0.4),
    ]

    assert ["Ada Moss", "Marlowe", "Bo Quill"] == [vote.speaker for vote in count_votes(ballots)]
    again = Ballot("s4", "Marlowe", 0.6, "organisation")
    assert ["Marlowe", "Ada Moss", "Bo Quill"] == [vote.speaker for vote in count_votes([*ballots, again])]


def test_nobody_is_elected_where_nobody_is_named() -> None:
    assert () == count_votes([Ballot("s1", None, 0.0)])

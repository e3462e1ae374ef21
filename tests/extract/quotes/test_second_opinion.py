"""How what the encoder says is joined to what the models say."""

from __future__ import annotations

import pytest

from searcher.article import Mention
from searcher.extract.quotes.lexicon import load_weights
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.scene import Ref, Scene, Speaker, Votes
from searcher.extract.quotes.second_opinion import Opinion, combine_votes, is_described

TEXT = "Quillby Partners raised its forecast on Monday.\n\n“Supply will stay short,” the bank said."
BANK = Mention("Quillby Partners", "organisation", 0, 16)
AT = TEXT.index("the bank"), TEXT.index(" said.")


@pytest.fixture
def scene():
    return Scene(TEXT, find_spans(TEXT), [BANK])


@pytest.fixture
def noun(scene):
    return next(ref for ref in scene.refs if ref.kind == "noun" and scene.tokens.low[ref.j - 1] == "bank")


def believing(noun: Ref, share: float) -> Votes:
    votes = Votes()
    votes.add(noun, noun, share)
    votes.add(None, None, 1 - share)
    return votes


def test_a_description_is_whom_the_encoder_takes_it_for(scene, noun):
    opinion = Opinion(3.0, {"Quillby Partners": 0.95}, 0.05, AT)

    speaker = combine_votes(scene, scene.spans[0], believing(noun, 0.99), opinion, load_weights()).best()

    assert scene.names[0].entity is speaker.who


def test_a_pronoun_that_stands_for_a_description_is_no_speaker(scene, noun):
    votes, she = Votes(), Ref(0, 1, "pron", None, "n", False)
    votes.add(noun, she, 0.9)

    mixed = combine_votes(scene, scene.spans[0], votes, Opinion(3.0, {}, 1.0, AT), load_weights())

    assert [0.0, noun] == [mixed.share(she), mixed.best().who]


def test_a_description_of_nobody_named_stays_as_it_is(scene, noun):
    opinion = Opinion(3.0, {"Quillby Partners": 0.1}, 0.9, AT)

    speaker = combine_votes(scene, scene.spans[0], believing(noun, 0.99), opinion, load_weights()).best()

    assert noun is speaker.who


def test_shares_of_a_description_add_up_to_one(scene, noun):
    opinion = Opinion(3.0, {"Quillby Partners": 0.6}, 0.4, AT)

    mixed = combine_votes(scene, scene.spans[0], believing(noun, 0.8), opinion, load_weights())

    shares = [mixed.share(who) for who in (scene.names[0].entity, noun, None)]
    assert pytest.approx(1.0) == sum(shares)


@pytest.mark.parametrize(("place", "expected"), [(AT, True), ((0, 12), False), (None, False)])
def test_a_description_is_one_that_both_read(scene, noun, place, expected):
    opinion = Opinion(3.0, {}, 1.0, place)

    assert expected == is_described(scene, Speaker(noun, noun, 1.0), opinion)

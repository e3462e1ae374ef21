"""Whom a noun stands for: everybody the article names, and nobody."""

from __future__ import annotations

import re

import pytest

from searcher.article import Mention
from searcher.extract.quotes.lexicon import load_weights
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.scene import Ref, Scene, total_weight
from searcher.extract.quotes.second_opinion import entities_by_recency, possible_referents

TEXT = "Corvin Ashdale, the minister, met Brindle Bank in Calder. “Rates stay high,” {} said. Ida Roe left."


def scene_with(noun: str, text: str = TEXT) -> tuple[Scene, Ref]:
    text = text.format(noun)
    bank = text.index("Brindle Bank")
    people = ("Corvin Ashdale", "Ida Roe")
    mentions = [Mention(name, "person", text.index(name), text.index(name) + len(name)) for name in people]
    mentions.append(Mention("Brindle Bank", "organisation", bank, bank + 12))
    scene = Scene(text, find_spans(text), mentions)
    i = scene.tokens.token_at(text.index(f"{noun} said"))
    return scene, Ref(i, i + len(noun.split()), "noun", None, None, False)


def likeliest(noun: str, names: dict[str, float]) -> str | None:
    scene, ref = scene_with(noun)
    weights = load_weights().referents
    found = possible_referents(scene, ref, names, 1 - sum(names.values()))
    who = max(found, key=lambda pair: total_weight(weights, pair[1]))[0]
    return who.name if who else None


def test_those_named_last_before_the_noun_come_first_and_nobody_last():
    found = possible_referents(*scene_with("the bank"), {}, 1.0)

    assert ["Brindle Bank", "Corvin Ashdale", "Ida Roe", None] == [who and who.name for who, _ in found]


@pytest.mark.parametrize(
    ("noun", "names", "expected"),
    [
        ("the bank", {"Brindle Bank": 0.3}, "Brindle Bank"),
        ("the minister", {"Corvin Ashdale": 0.3}, "Corvin Ashdale"),
        ("the minister", {"Corvin Ashdale": 0.9}, "Corvin Ashdale"),
        ("a neighbour", {"Corvin Ashdale": 0.1}, None),
        ("many farmers", {"Brindle Bank": 0.1}, None),
    ],
)
def test_a_noun_stands_for_whoever_words_and_encoder_make_likeliest(noun, names, expected):
    assert expected == likeliest(noun, names)


def test_every_share_that_is_exceeded_is_a_feature():
    found = possible_referents(*scene_with("the bank"), {"Brindle Bank": 0.15}, 0.85)

    assert ["shareo0", "shareo1", "shareo2"] == [one for one in found[0][1] if one.startswith("share")]


def test_a_word_beside_the_name_elsewhere_is_a_feature_of_it():
    found = possible_referents(*scene_with("the minister"), {}, 1.0)

    near = {who.name: next(f for f in of if f.startswith("beside")) for who, of in found if who}
    assert {
        "Brindle Bank": "beside0near2",
        "Corvin Ashdale": "beside0near2",
        "Ida Roe": "beside0near5",
    } == near


def test_a_name_has_its_rank_among_those_of_its_kind_that_stand_before_the_noun():
    text = "Corvin Ashdale met Ida Roe of Brindle Bank. “Rates stay high,” {} said."
    found = possible_referents(*scene_with("the minister", text), {}, 1.0)

    ranks = {who.name: next(f for f in of if f.startswith("rank")) for who, of in found if who}
    assert {"Brindle Bank": "rank0o", "Ida Roe": "rank0p", "Corvin Ashdale": "rank1p"} == ranks


def test_what_a_noun_costs_does_not_grow_with_the_article():
    """Mentions that are looked at are bounded: an article of one sentence over and over stays cheap."""
    text = "Brindle Bank rose. “We pay,” the bank said. " * 400
    starts = [found.start() for found in re.finditer("Brindle Bank", text)]
    mentions = [Mention("Brindle Bank", "organisation", start, start + 12) for start in starts]
    scene = Scene(text, find_spans(text), mentions)
    noun = next(ref for ref in reversed(scene.refs) if ref.kind == "noun")

    ((_, looked, latest),) = entities_by_recency(scene, noun.i)

    assert [51, starts[-1]] == [len(looked), scene.tokens.starts[latest or 0]]

"""Whom words describe that name nobody."""

from __future__ import annotations

import pytest

from searcher.extensions.languages.speakers import Descriptions
from searcher.extract.quotes.named_units import ArticleName

BRANDNER, VELTEN = ArticleName("Jule Brandner", "person"), ArticleName("Konrad Velten", "person")
TEXT = (
    "Die Hafenmeisterin Jule Brandner wartet.\nMit ihr wartet Konrad Velten, der Trainer.\n"
    "Der Übergangstrainer schweigt, die Hafenmeisterin nicht, und des Trainers Hund bellt. Er bellt."
)
PLACES = [(TEXT.index(who.name), TEXT.index(who.name) + len(who.name), who) for who in (BRANDNER, VELTEN)]


@pytest.mark.parametrize(
    ("mention", "people"),
    [
        ("die Hafenmeisterin", {BRANDNER: 1.0}),
        ("des Trainers", {VELTEN: 1.0}),
        ("Der Übergangstrainer", {}),
        ("Er", {}),
    ],
)
def test_who_is_called_so_beside_his_name(mention: str, people: dict[ArticleName, float]) -> None:
    start = TEXT.rindex(mention)

    assert people == Descriptions(TEXT, PLACES).of((start, start + len(mention)))


def test_words_do_not_describe_who_is_named_among_them() -> None:
    mention = (TEXT.index("Die Hafenmeisterin"), TEXT.index(" wartet"))

    assert {} == Descriptions(TEXT, PLACES).of(mention)


def test_bodies_are_not_described() -> None:
    start, end, _ = PLACES[0]
    mention = TEXT.index("die Hafenmeisterin")

    assert {} == Descriptions(TEXT, [(start, end, ArticleName("Hafen", "organisation"))]).of(
        (mention, mention + 18)
    )

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searcher
from searcher.article import Article, Mention, Quote
from searcher.results import Facet, FacetValue, FacetValues, Hit, Results, Snippet
from searcher.results.quotations import QuoteHit, Quotes
from searcher.results.statements import Place, Statement, Vote

COUNTS = st.dictionaries(st.text("aAbBé", max_size=3), st.integers(1, 4), max_size=60)


def by_definition(counts: dict[str, int], selected: set[str]) -> list[FacetValue]:
    ranked = sorted(counts, key=lambda name: (-counts[name], name.casefold(), name))
    return [FacetValue(name, counts[name], name in selected) for name in ranked]


@given(COUNTS, st.sets(st.text("aAbBé", max_size=3)))
def test_values_are_in_order(counts: dict[str, int], selected: set[str]) -> None:
    assert by_definition(counts, selected) == list(FacetValues(counts, selected))


@given(counts=COUNTS, shown=st.integers(0, 12))
def test_the_first_are_the_same_however_few_are_looked_at(counts: dict[str, int], shown: int) -> None:
    class Few(FacetValues):
        FIRST = (4, 10)

    assert by_definition(counts, set())[:shown] == list(Few(counts)[:shown])


def test_threads_may_look_at_the_same_values() -> None:
    class Overtaken(FacetValues):
        """Another thread puts a few in order as soon as this one has put more of them in order."""

        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, value[:16] if name == "_beginning" and value else value)

    counts = {f"x{number:03}": 200 - number for number in range(150)}

    assert by_definition(counts, set())[:50] == list(Overtaken(counts)[:50])


@pytest.mark.parametrize(
    "look",
    [
        lambda values: values[0],
        lambda values: values[10],
        lambda values: values[-1],
        lambda values: list(values[3:12]),
        lambda values: list(values[1:8:2]),
        lambda values: list(values[-4:2]),
        lambda values: list(values[:-3]),
        lambda values: list(values[5:]),
        len,
    ],
)
def test_they_are_looked_at_as_a_list(look: Callable[[object], object]) -> None:
    class Few(FacetValues):
        FIRST = (4, 10)

    counts = {f"name {n}": n % 5 + 1 for n in range(25)}

    assert look(by_definition(counts, set())) == look(Few(counts))


def test_those_selected_are_told_however_rare_they_are() -> None:
    values = FacetValues({"common": 9, "rare": 1}, {"rare", "not there"})

    assert (FacetValue("rare", 1, True),) == values.selected


def test_equal_ones_are_equal() -> None:
    assert FacetValues({"a": 1, "b": 2}) == FacetValues({"b": 2, "a": 1})
    assert FacetValues({"a": 1}) != FacetValues({"a": 1}, {"a"})


ARTICLE = Article("a", "Fire <b>at</b> the pallet works", "A & B burnt.", source="The <Daily>")
HIT = Hit(ARTICLE, 1.0, (Snippet("A & B burnt.", ((6, 11),)),))


def test_what_is_found_has_a_short_repr() -> None:
    quote = QuoteHit(Quote("It burnt.", None, "direct", 0, 9), ARTICLE, 0.0)
    shown = [
        ARTICLE,
        HIT,
        Results((HIT,), 42),
        Quotes((quote,), 1),
        quote,
        Facet("tag", FacetValues({"a": 1})),
    ]

    assert [
        "<Article a: 'Fire <b>at</b> the pallet works'>",
        "<Hit a: 'Fire <b>at</b> the pallet works'>",
        "<Results: 1 of 42 articles>",
        "<Quotes: 1 of 1 quotations>",
        "<QuoteHit 'It burnt.', speaker: unknown>",
        "<Facet tag: 1 values>",
    ] == list(map(repr, shown))


def test_a_notebook_shows_texts_escaped_and_matches_marked() -> None:
    shown = Results((HIT,), 1)._repr_html_()

    assert "Fire &lt;b&gt;at&lt;/b&gt; the pallet works" in shown
    assert "<p>A &amp; B <mark>burnt</mark>.</p>" in shown
    assert "The &lt;Daily&gt;" in shown


def test_a_notebook_shows_an_article() -> None:
    day = dt.datetime(2024, 5, 6)
    article = Article("1", "<b>Sails", "One & two.\n\nThree.", source="Post", published=day)
    origin = "<small>Post, 2024-05-06</small>"
    expected = f"<div><b>&lt;b&gt;Sails</b><br>{origin}<p>One &amp; two.</p><p>Three.</p></div>"

    assert expected == article._repr_html_()


def test_a_notebook_shows_quotations_and_facets() -> None:
    quote = QuoteHit(Quote("<i>", None, "direct", 0, 3), ARTICLE, 0.0, "Ada <Quill>", "so ", " it was")

    assert "so <b>&lt;i&gt;</b> it was" in Quotes((quote,), 1)._repr_html_()
    assert "Ada &lt;Quill&gt;" in quote._repr_html_()
    assert "<td>&lt;a&gt;</td><td>1</td>" in Facet("tag", FacetValues({"<a>": 1}))._repr_html_()


def test_a_notebook_doubts_a_speaker_who_is_not_sure() -> None:
    hits = [
        QuoteHit(Quote("It burnt.", "Ada", "direct", 0, 9, sure), ARTICLE, 0.0, "Ada") for sure in (0.6, 0.7)
    ]
    places = [Place(ARTICLE, (hit.quote,), "Ada") for hit in hits]
    statements = [Statement((place,), place, (Vote("Ada", 1.0, 1),)) for place in places]

    for unsure, sure in (hits, statements):
        assert "</p>Ada?, <small>" in unsure._repr_html_()
        assert "</p>Ada, <small>" in sure._repr_html_()


def test_quotations_are_data_with_how_many_there_are() -> None:
    quote = QuoteHit(Quote("It burnt.", None, "direct", 0, 9), ARTICLE, 0.0)

    told = Quotes((quote,), 42).to_dict()

    assert (42, ["It burnt."]) == (told["total"], [one["text"] for one in told["quotes"]])


def test_results_can_be_pickled(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as index:
        index.add(
            [Article("1", "Ferry", "Quill", mentions=(Mention("Ada Quill", "person", 0, 5),))], annotate=False
        )
        found = index.search("ferry", facets=("person",))
        back = pickle.loads(pickle.dumps(found))  # our own

    assert [("Ada Quill",)] == [hit.people for hit in back]
    assert {"Ada Quill": 1} == dict(back.facets["person"].values.counts)

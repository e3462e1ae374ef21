from __future__ import annotations

import pytest

from searcher.cli.output.terminal import Screen, width_of
from searcher.cli.output.text import facet_columns
from searcher.results import Facet, FacetValues


def facet(field: str, *pairs: tuple[str, int], selected: str = "") -> Facet:
    return Facet(field, FacetValues(dict(pairs), {selected}))


FACETS = {
    "person": facet("person", ("Mara Lindqvist", 1204), ("Tomas Reyl", 7)),
    "source": facet("source", ("Harbour Post", 12)),
    "year": facet("year", ("2023", 9), ("2025", 4)),
}


def test_facets_stand_side_by_side_where_there_is_room() -> None:
    expected = [
        "People                   Sources             Years",
        "  Mara Lindqvist 1,204     Harbour Post 12     2025 4",
        "  Tomas Reyl         7                         2023 9",
    ]

    assert expected == facet_columns(FACETS, Screen(width=80))


def test_facets_stand_below_one_another_where_there_is_none() -> None:
    expected = [
        "People",
        "  Mara Lindqvist 1,204",
        "  Tomas Reyl         7",
        "",
        "Sources",
        "  Harbour Post 12",
    ]

    assert expected == facet_columns(FACETS, Screen(width=24))[:6]


@pytest.mark.parametrize("width", [20, 33, 40, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    names = tuple((f"A name of some length, number {n}", 10**n) for n in range(7))
    lines = facet_columns({"person": facet("person", *names), **FACETS}, Screen(width=width))

    assert max(map(width_of, lines)) <= max(width, 20)


def test_a_selected_value_has_a_star_and_is_shown_however_rare() -> None:
    values = facet("source", ("One", 9), ("Two", 8), ("Three", 1), selected="Three")

    assert ["Sources", "  One      9", "* Three    1", "  and 1 more"] == facet_columns(
        {"source": values}, Screen(), max_values=1
    )


def test_long_names_are_cut() -> None:
    lines = facet_columns({"person": facet("person", ("N" * 50, 3))}, Screen())

    assert "  " + "N" * 29 + "… 3" == lines[1]


def test_names_cannot_command_the_terminal() -> None:
    assert "\x1b" not in "".join(facet_columns({"person": facet("person", ("\x1b[2J", 3))}, Screen()))

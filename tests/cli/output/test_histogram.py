"""Searches over time: bars, a table, JSON and a drawing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

import searcher
from searcher import Article, Quote
from tests.cli.conftest import Run

DAYS = ("2024-01-10", "2024-01-31", "2024-02-01", "2024-07-01", "2024-07-02", "2024-07-03", None)


@pytest.fixture
def histogram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_search: Run) -> Run:
    """Run ``search --histogram`` on articles of 2024, half of which are about ice as well as fire."""
    articles = [
        Article(str(n), "Fire and ice" if n % 2 else "Fire", published=day)  # type: ignore[arg-type]
        for n, day in enumerate(DAYS)
    ]
    with searcher.open_index(tmp_path / "index") as index:
        index.add(articles, annotate=False)
    monkeypatch.setenv("SEARCHER_INDEX", str(tmp_path / "index"))
    return lambda *args, **options: run_search("--histogram", *args, **options)


def test_bars(histogram: Run) -> None:
    result = histogram("month", "fire")

    assert (0, "1 without a date are not shown (fire).\n") == (result.exit_code, result.stderr)
    assert ["2024-01  ██ 2", "2024-02  █ 1", "…", "2024-07  ███ 3"] == result.stdout.splitlines()


def test_short_gaps_are_shown(histogram: Run) -> None:
    assert ["2024-01  █ 1", "2024-02  0", "2024-03  0", "…"][0] == histogram(
        "month", "ice"
    ).stdout.splitlines()[0]
    assert ["2024-W27  ███ 3"] == histogram("week", "fire", "after:2024-07").stdout.splitlines()


def test_bars_side_by_side_have_one_scale(histogram: Run) -> None:
    shown = histogram("month", "fire", "--compare", "ice", "--after", "2024-07").stdout.splitlines()

    assert ["fire", "ice"] == shown[0].split()
    assert ["2024-07", "███", "3", "██", "2"] == shown[1].split()


def test_a_row_of_bars_fits_the_screen(histogram: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    shown = histogram("month", "fire", "--compare", "ice", "--compare", "fire -ice").stdout.splitlines()

    assert [] == [line for line in shown if len(line) > 40]


def test_a_table_has_a_column_a_query_and_a_row_a_month(histogram: Run) -> None:
    rows = list(csv.reader(io.StringIO(histogram("month", "fire", "--compare", "ice", "--csv").stdout)))

    assert [["month", "fire", "ice"], ["2024-01", "2", "1"], ["2024-02", "1", "0"]] == rows[:3]
    assert ["2024-03", "0", "0"] in rows
    assert ["2024-07", "3", "2"] == rows[-1]


def test_queries_from_stdin_stand_side_by_side(histogram: Run) -> None:
    result = histogram("year", "--csv", "-", stdin="fire\n\nice\n")

    assert ["year,fire,ice", "2024,6,3"] == result.stdout.splitlines()


def test_json(histogram: Run) -> None:
    document = json.loads(histogram("year", "--json", "fire", "--source", "x", "--compare", "ice").stdout)

    assert ("searcher.histogram/1", "year") == (document["schema"], document["unit"])
    assert {
        "query": "fire",
        "narrowed": {"source": ["x"]},
        "total": 0,
        "undated": 0,
        "counts": {},
    } == document["lines"][0]
    assert {"2024": 6} == json.loads(histogram("year", "--json", "fire").stdout)["lines"][0]["counts"]


def test_a_drawing_has_a_line_and_a_name_a_query(histogram: Run) -> None:
    drawing = ElementTree.fromstring(histogram("month", "fire", "--compare", "<ice> & fire", "--svg").stdout)
    namespace = "{http://www.w3.org/2000/svg}"

    assert 2 == len(drawing.findall(f"{namespace}polyline"))
    assert {"fire: 7", "<ice> & fire: 3"} <= {text.text for text in drawing.findall(f"{namespace}text")}
    assert "fire, <ice> & fire" == drawing.findtext(f"{namespace}title")


def test_one_day_is_a_drawing_too(histogram: Run) -> None:
    assert "<polyline" in histogram("day", "fire", "date:2024-02-01", "--svg").stdout


def test_nothing_found(histogram: Run) -> None:
    result = histogram("month", "porcupine")

    assert (1, "", "Nothing found.\n") == (result.exit_code, result.stdout, result.stderr)


def test_what_has_not_all_the_words_is_not_counted(histogram: Run) -> None:
    result = histogram("month", "fire", "--compare", "ice porcupine", "--csv")

    assert "3 with at least one of them: --any" in result.stderr
    assert "2024-07,3,0" in result.stdout.splitlines()


def test_quotations_over_time(run_search: Run) -> None:
    assert ["2024  █ 1"] == run_search("--histogram", "year", "--said-by", "Lindqvist").stdout.splitlines()


@pytest.mark.parametrize(
    ("args", "advice"),
    [
        (
            ["--histogram", "month", "--ids", "fire"],
            "--histogram can print --json, --csv or --svg, not --ids.",
        ),
        (["--compare", "ice", "fire"], "--compare needs --histogram"),
        (["--svg", "fire"], "--svg needs --histogram"),
    ],
)
def test_what_makes_no_sense_is_refused(run_search: Run, args: list[str], advice: str) -> None:
    result = run_search(*args)

    assert 2 == result.exit_code
    assert advice in result.stderr


def test_statements_over_time(histogram: Run, tmp_path: Path) -> None:
    said = "It burns."
    with searcher.open_index(tmp_path / "index") as index:
        index.add(
            [
                Article(f"s{n}", "", f"“{said}” Ann Lee said.", published=day, quotes=(quote(said),))  # type: ignore[arg-type]
                for n, day in enumerate(("2024-01-10", "2024-01-31", "2024-02-01"))
            ],
            annotate=False,
        )
    rows = histogram("month", "--in", "quotes", "--collapse", "--csv")

    assert (0, "", "month,*\n2024-01,1\n2024-02,1\n") == (rows.exit_code, rows.stderr, rows.stdout)


def quote(text: str) -> Quote:
    return Quote(text, "Ann Lee", "direct", 1, 1 + len(text), 0.9)

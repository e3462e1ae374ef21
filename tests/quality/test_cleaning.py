"""The measures of cleaning."""

from __future__ import annotations

from typing import Any

from benchmarks.quality.cleaning import Score, judge


def score(truth: dict[str, Any], found: dict[str, Any]) -> Score:
    out = Score()
    judge(out, truth, found)
    return out


def test_snippets_are_counted_where_no_body_is_labelled() -> None:
    found = score(
        {"with": ["a ferry", "a pier"], "without": ["sign up"]}, {"body": "Once a  ferry. Sign up? sign up"}
    )

    assert {"held": 1, "wrong": 1, "missed": 1} == found.snippets


def test_soft_hyphens_and_forms_of_letters_make_no_difference() -> None:
    found = score({"body": "Ma\xadrína"}, {"body": "Mari\u0301na"})

    assert [True] == found.exact


def test_an_author_that_is_the_outlet_is_no_label() -> None:
    truth: dict[str, Any] = {"author": "Ann Lee; Tallow Post", "outlets": ["Tallow Post"]}

    assert [True] == score(truth, {"author": "Ann Lee"}).right["author"]
    assert [] == score({**truth, "author": "Tallow Post"}, {}).right["author"]

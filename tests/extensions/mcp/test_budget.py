"""Answers that keep within a budget of tokens."""

from __future__ import annotations

from typing import Any

from searcher.extensions.mcp.budget import listed_answer, slice_answer, tokens

TEXT = "The ferry to Holm sails again on Friday. " * 40


def answer(start: int, title: str) -> Any:
    return lambda end: {"title": title, "text": TEXT[start:end]}


def test_a_slice_is_as_long_as_fits() -> None:
    text = slice_answer(TEXT, 0, answer(0, "Ferry"), 100)["text"]

    assert tokens(answer(0, "Ferry")(len(text))) <= 100 < tokens(answer(0, "Ferry")(len(text) + 1))


def test_a_list_says_where_its_next_entries_begin_until_all_were_shown() -> None:
    entries = [{"id": f"{number}"} for number in range(3)]
    shown = [listed_answer({"total": total}, "hits", entries, 1_000, offset=2)["next"] for total in (6, 5)]

    assert [5, None] == shown


def test_a_slice_goes_on_however_little_fits() -> None:
    assert "h" == slice_answer(TEXT, 1, answer(1, "Ferry " * 100), 50)["text"]

"""Which arguments of ``search`` are words, and which are options."""

from __future__ import annotations

import ast
from typing import Any

import click
import pytest
from click.testing import CliRunner

from searcher.cli.options import QueryCommand


@click.command(cls=QueryCommand)
@click.argument("words", nargs=-1)
@click.option("-c", "--count", is_flag=True)
@click.option("-n", "--limit", type=int)
@click.option("-i", "--index")
@click.option("--person", multiple=True)
def command(**given: Any) -> None:
    print({name: value for name, value in given.items() if value})


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["LeCun", "LLM"], {"words": ("LeCun", "LLM")}),
        (["LeCun", "-Meta"], {"words": ("LeCun", "-Meta")}),
        (["LeCun", "-china", "-c"], {"words": ("LeCun", "-china"), "count": True}),
        (["-index"], {"words": ("-index",)}),
        (["-n", "3", "x", "--person", "A B", "y"], {"words": ("x", "y"), "limit": 3, "person": ("A B",)}),
        (["x", "-n5"], {"words": ("x",), "limit": 5}),
        (["x", "--limit=5"], {"words": ("x",), "limit": 5}),
        (["x", "--", "--count", "-c"], {"words": ("x", "--count", "-c")}),
        (["-"], {"words": ("-",)}),
        (["-7", "x"], {"words": ("-7", "x")}),
        (["--person", "-x"], {"person": ("-x",)}),
        (['-"dead end"'], {"words": ('-"dead end"',)}),
    ],
)
def test_words_and_options(args: list[str], expected: dict[str, Any]) -> None:
    assert expected == ast.literal_eval(CliRunner().invoke(command, args).output)


def test_a_mistaken_option_is_not_taken_for_a_word() -> None:
    result = CliRunner().invoke(command, ["x", "--persn", "y"])

    assert 2 == result.exit_code
    assert "--person" in result.output


@pytest.mark.parametrize(
    ("arg", "advice"),
    [
        ("-v", "There is no option -v. To exclude the word “v”, write: -- -v"),
        ("-p", "There is no option -p. Did you mean --person?"),
        ("-N", "There is no option -N. Did you mean -n?"),
        ("-o", "Did you mean > FILE (to write to a file)?"),
    ],
)
def test_an_unknown_letter_is_not_taken_for_a_word(arg: str, advice: str) -> None:
    result = CliRunner().invoke(command, ["x", arg])

    assert 2 == result.exit_code
    assert advice in result.output


def test_a_missing_value_is_reported() -> None:
    result = CliRunner().invoke(command, ["x", "-n"])

    assert 2 == result.exit_code
    assert "requires an argument" in result.output

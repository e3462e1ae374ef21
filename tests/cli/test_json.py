"""One rule for every command: ``--json`` prints one document, ``--jsonl`` one object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from searcher import Article, open_index
from searcher.cli.search import search
from searcher.cli.searcher import searcher
from tests.cli.conftest import Run, mention

#: What each command is asked, so that it has something to print. A new command needs a line here.
EXAMPLES = {
    "search": ["Norvane"],
    "searcher alerts": [],
    "searcher annotate": [],
    "searcher delete": ["hostile"],
    "searcher deleted": [],
    "searcher deleted undo": ["gone"],
    "searcher export": [],
    "searcher index": ["FILE"],
    "searcher log": [],
    "searcher match": ["NAMES"],
    "searcher names doubtful": [],
    "searcher copy": ["INDEX", "OTHER"],
    "searcher names list": [],
    "searcher names show": ["Lindqvist"],
    "searcher person": ["Lindqvist"],
    "searcher problems": [],
    "searcher rebuild": [],
    "searcher related": ["deep"],
    "searcher saved": [],
    "searcher show": ["deep", "strike"],
    "searcher speakers": ["TALK"],
    "searcher stats": [],
    "searcher synonyms": [],
    "searcher together": ["Norvane"],
    "searcher verify": [],
    "searcher versions": ["deep"],
}


def commands(command: click.Command, path: str) -> Iterator[tuple[str, set[str]]]:
    """Each command from one on down, by its path, with the names of its options."""
    yield path, {name for param in command.params for name in param.opts}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, f"{path} {name}")


OPTIONS = dict([*commands(search, "search"), *commands(searcher, "searcher")])


def that_have(option: str) -> list[str]:
    """The commands with an option; watching, which comes to no end, has tests of its own."""
    return [path for path, options in OPTIONS.items() if option in options and path != "searcher watch"]


def _about(name: str, number: int) -> Article:
    body = f"{name} spoke."
    return Article(f"quill-{number}", "A speech", body, mentions=(mention(body, name, name),))


@pytest.fixture
def ask(change: Run, own_index: Path, tmp_path: Path) -> Callable[[str, str], Result]:
    """Ask for output in a form, of an index with a saved search, news, a synonym, a file passed over, a
    surname of two people and a deleted article."""
    CliRunner().invoke(search, ["stray", "--save", "strays"])
    change("synonyms", "add", "walkout, strike")
    (tmp_path / "known").mkdir()
    for name in ("known/known", "new"):
        story = f"The {name} ferry\n\nA stray ferry came into the harbour of Norvane at noon."
        (tmp_path / f"{name}.txt").write_text(story, "utf-8")
    (tmp_path / "known" / "map.xyz").touch()
    cues = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Quill>Yes.\n"
    (tmp_path / "known" / "talk.vtt").write_text(cues, "utf-8")
    change("index", str(tmp_path / "known"))
    bearers = ["Ada Quill", "Ada Quill", "Ada Quill", "Ben Quill", "Quill"]
    with open_index(own_index) as index:
        index.add([_about(name, number) for number, name in enumerate(bearers)], annotate=False)
        index.add([Article("gone", "A speech", "Nobody spoke.")], annotate=False)
        index.delete(["gone"])

    def run(path: str, form: str) -> Result:
        places = {"FILE": tmp_path / "new.txt", "INDEX": own_index, "OTHER": tmp_path / "other"}
        (tmp_path / "names").write_text("Ada Quill\n", "utf-8")
        places["NAMES"] = tmp_path / "names"
        places["TALK"] = tmp_path / "known" / "talk.vtt"
        given = [str(places.get(word, word)) for word in EXAMPLES[path]]
        command, *names = path.split()
        return CliRunner().invoke(search if command == "search" else searcher, [*names, form, *given])

    return run


@pytest.mark.parametrize("path", that_have("--json"))
def test_json_is_one_document_with_its_schema(path: str, ask: Callable[[str, str], Result]) -> None:
    result = ask(path, "--json")

    assert (0, "searcher.") == (result.exit_code, json.loads(result.stdout)["schema"][:9])


@pytest.mark.parametrize("path", that_have("--jsonl"))
def test_jsonl_is_an_object_a_line(path: str, ask: Callable[[str, str], Result]) -> None:
    result = ask(path, "--jsonl")
    rows = [json.loads(line) for line in result.stdout.splitlines()]

    assert 0 == result.exit_code
    assert rows
    assert all(isinstance(row, dict) and "schema" not in row for row in rows)


def test_whatever_prints_lines_prints_a_document_too() -> None:
    streamed = {"searcher export"}  # of any size

    assert [] == sorted(set(that_have("--jsonl")) - set(that_have("--json")) - streamed)

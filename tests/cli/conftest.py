"""A small index on disk, made once, and the two commands run over it."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import searcher
from searcher import Article, Mention, Quote
from searcher.cli import search as search_command
from searcher.cli import searcher as searcher_command

DEEP = (
    "Mara Lindqvist left Norvane on Monday. “Deep drilling is a dead end,” Lindqvist told the Harbour "
    "Post.\n\n"
    "Norvane declined to comment. Tomas Reyl, its founder, thinks otherwise."
)
STRIKE = "Dockers at Norvane went on strike. “We shall stay out,” Tomas Reyl said. Nobody sailed."
#: Words enough for an index to tell a misspelt one from a rare one.
FILLER = " ".join(
    "".join(pair) for pair in product(["zab", "vek", "zil", "vom"], "abcdefgh", "aeiouy", ["n", "r"])
)
HOSTILE = "A body with \x1b]0;owned\x07 an escape and \u202eoverride\u202c in it, about porcupines."
HOSTILE += f"\n\n{FILLER}"


def mention(text: str, name: str, written: str, kind: str = "person") -> Mention:
    start = text.index(written)
    return Mention(name, kind, start, start + len(written))  # type: ignore[arg-type]


def quote(text: str, said: str, speaker: str, confidence: float = 0.9) -> Quote:
    start = text.index(said)
    return Quote(said, speaker, "direct", start, start + len(said), confidence, "person")


ARTICLES = (
    Article(
        "deep",
        "Drilling chief leaves Norvane",
        DEEP,
        url="https://example.org/deep",
        source="Harbour Post",
        authors=("Ida Brandt",),
        published="2024-05-06",  # type: ignore[arg-type]  # converted
        language="en",
        origin="/archive/deep.html",
        mentions=(
            mention(DEEP, "Mara Lindqvist", "Mara Lindqvist"),
            mention(DEEP, "Norvane", "Norvane", "organisation"),
            mention(DEEP, "Tomas Reyl", "Tomas Reyl"),
        ),
        quotes=(quote(DEEP, "Deep drilling is a dead end,", "Mara Lindqvist"),),
    ),
    Article(
        "strike",
        "=2+2 dockers on strike",
        STRIKE,
        source="Coast Daily",
        published="2025-02-01",  # type: ignore[arg-type]
        language="en",
        origin="/archive/strike.txt",
        mentions=(
            mention(STRIKE, "Norvane", "Norvane", "organisation"),
            mention(STRIKE, "Tomas Reyl", "Tomas Reyl"),
        ),
        quotes=(quote(STRIKE, "We shall stay out,", "Tomas Reyl", 0.3),),
    ),
    Article(
        "hostile", "Red \x1b[31malert\u202e", HOSTILE, source="Evil\x1b[2J", origin="/archive/hostile.txt"
    ),
)

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def built_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "index"
    with searcher.open_index(folder) as index:
        index.add(ARTICLES, annotate=False)
    return folder


@pytest.fixture
def own_index(built_index: Path, tmp_path: Path) -> Path:
    """An index that the test may change."""
    folder = tmp_path / "own" / "index"
    shutil.copytree(built_index, folder)
    return folder


@pytest.fixture
def run_search(built_index: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``search`` on the index of the three articles."""
    monkeypatch.setenv("SEARCHER_INDEX", str(built_index))

    def run(*args: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(search_command.search, list(args), prog_name="search", input=stdin)

    return run


def manage_with(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(searcher_command.searcher, list(args), prog_name="searcher", input=stdin)


@pytest.fixture
def run_searcher(built_index: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``searcher`` on the index of the three articles; it must not change it."""
    monkeypatch.setenv("SEARCHER_INDEX", str(built_index))
    return manage_with


@pytest.fixture
def change(own_index: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``searcher`` on a copy of that index."""
    monkeypatch.setenv("SEARCHER_INDEX", str(own_index))
    return manage_with


@pytest.fixture
def interruptible() -> Iterator[None]:
    """What runs in the background ignores interruptions, and its children would with it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)

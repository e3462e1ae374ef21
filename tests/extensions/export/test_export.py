"""``searcher export``: which form is written where."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from searcher.extensions.export.schema import TABLES
from searcher.plugins import install_command
from tests.cli.conftest import ARTICLES, Run


def test_a_database_of_everything(run_searcher: Run, tmp_path: Path) -> None:
    result = run_searcher("export", "--sqlite", str(tmp_path / "news.db"))
    with closing(sqlite3.connect(tmp_path / "news.db")) as database:
        ids = {id for (id,) in database.execute("SELECT id FROM articles")}

    assert (0, "") == (result.exit_code, result.stdout)
    assert f"{tmp_path / 'news.db'}: 3 sources, 3 articles, 1 authors, 2 people" in result.stderr
    assert {article.id for article in ARTICLES} == ids
    assert {"news.db", "news.metadata.json"} == {path.name for path in tmp_path.iterdir()}


def test_a_database_of_what_a_query_finds(run_searcher: Run, tmp_path: Path) -> None:
    run_searcher("export", "--sqlite", str(tmp_path / "news.db"), "Norvane", "-dockers")
    with closing(sqlite3.connect(tmp_path / "news.db")) as database:
        assert [("deep",)] == database.execute("SELECT id FROM articles").fetchall()


def test_tables_in_a_folder(run_searcher: Run, tmp_path: Path) -> None:
    run_searcher("export", "--tables", str(tmp_path / "tables"))
    with (tmp_path / "tables" / "articles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert ["deep", "strike", "hostile"] == [
        row["id"] for row in sorted(rows, key=lambda row: row["published"] or "9")
    ]
    assert "'=2+2 dockers on strike" in {row["title"] for row in rows}


def test_a_file_rather_than_the_screen(run_searcher: Run, tmp_path: Path) -> None:
    printed = run_searcher("export").stdout
    result = run_searcher("export", "--jsonl", "-o", str(tmp_path / "all.jsonl"))

    assert (0, "") == (result.exit_code, result.stdout)
    assert printed == (tmp_path / "all.jsonl").read_text("utf-8")


@pytest.mark.parametrize("form", ["--jsonl", "--csv", "--ftm", "--ris", "--bibtex", "--csl"])
@pytest.mark.parametrize(("query", "count"), [("Norvane", "2 articles"), ("porcupines", "1 article")])
def test_a_file_is_said_to_hold_so_many_articles(
    run_searcher: Run, tmp_path: Path, form: str, query: str, count: str
) -> None:
    result = run_searcher("export", form, "-o", str(tmp_path / "some"), query)

    assert ("", f"{tmp_path / 'some'}: {count}\n") == (result.stdout, result.stderr)


def test_nothing_is_said_beside_what_is_printed(run_searcher: Run) -> None:
    assert ["", ""] == [run_searcher("export", "--ris", *to).stderr for to in ((), ("-o", "-"))]


def test_a_stream_is_written_to(run_searcher: Run, tmp_path: Path) -> None:
    printed = run_searcher("export").stdout
    link = tmp_path / "all.jsonl"
    link.symlink_to("/dev/null")

    assert (printed, printed) == tuple(run_searcher("export", "-o", to).stdout for to in ("-", "/dev/stdout"))
    assert (0, True) == (run_searcher("export", "-o", str(link)).exit_code, link.is_symlink())


def test_a_pipe_is_no_database(run_searcher: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = run_searcher("export", "--sqlite", str(tmp_path / "pipe"))

    assert (2, True) == (result.exit_code, (tmp_path / "pipe").is_fifo())
    assert "Choose another name" in result.stderr


def test_files_that_no_export_wrote_are_not_replaced(run_searcher: Run, tmp_path: Path) -> None:
    mine = tmp_path / "people.csv"
    mine.write_text("mine")
    result = run_searcher("export", "--tables", str(tmp_path))

    assert (2, "mine", [mine]) == (result.exit_code, mine.read_text(), list(tmp_path.iterdir()))
    assert "Choose another folder" in result.stderr


def test_tables_take_the_place_of_earlier_ones(run_searcher: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("mine")
    codes = [run_searcher("export", "--tables", str(tmp_path)).exit_code for _ in range(2)]

    assert ([0, 0], "mine") == (codes, (tmp_path / "notes.csv").read_text())


def test_a_missing_package_is_said_before_anything_is_done(
    run_searcher: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(
        "searcher.extensions.export.database.fill", lambda *_: pytest.fail("articles were read")
    )
    result = run_searcher("export", "--parquet", str(tmp_path / "tables"))

    assert 2 == result.exit_code
    assert install_command("parquet") in result.stderr


def test_entities(run_searcher: Run) -> None:
    entities = [
        json.loads(line)
        for line in run_searcher("export", "--ftm", "Norvane", "-dockers").stdout.splitlines()
    ]

    assert {"Person": 2, "Organization": 1, "Article": 1, "Mention": 3, "Note": 1} == {
        schema: sum(one["schema"] == schema for one in entities)
        for schema in dict.fromkeys(one["schema"] for one in entities)
    }


def test_one_article_by_its_id(run_searcher: Run) -> None:
    result = run_searcher("export", "--csl", "deep")

    assert ["deep"] == [one["id"] for one in json.loads(result.stdout)]


def test_nothing_found_writes_nothing(run_searcher: Run, tmp_path: Path) -> None:
    result = run_searcher("export", "--sqlite", str(tmp_path / "news.db"), "Norvane", "-Norvane")

    assert (1, [], "No articles found.\n") == (result.exit_code, list(tmp_path.iterdir()), result.stderr)


@pytest.mark.parametrize(
    ("args", "advice"),
    [
        (["--csv", "--ris"], "--csv and --ris cannot be combined."),
        (["--sqlite", "news.db", "-o", "other.db"], "--sqlite already names the output: leave out --output."),
        (["--sqlite", "nowhere/news.db"], "Create it first."),
        (["-o", "nowhere/all.jsonl"], "Create it first."),
    ],
)
def test_what_makes_no_sense_is_refused(run_searcher: Run, args: list[str], advice: str) -> None:
    result = run_searcher("export", *args)

    assert 2 == result.exit_code
    assert advice in result.stderr


SLOW = """
import os, signal
from searcher.extensions.export import database
from searcher.cli.searcher import main

def interrupted(*_):
    os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # a build may have it ignored
database.add_statements = interrupted
main()
"""


def test_an_interrupt_leaves_no_half_file(built_index: Path, tmp_path: Path, project: Path) -> None:
    before = b"what was there"
    (tmp_path / "tables").mkdir()
    for table in TABLES:
        (tmp_path / "tables" / f"{table.name}.csv").write_bytes(before)
    for form in (["--sqlite", "news.db"], ["--tables", "tables"], ["--ftm", "-o", "news.json"]):
        done = subprocess.run(
            [sys.executable, "-c", SLOW, "export", "-i", str(built_index), *form],
            cwd=tmp_path,
            env={"PYTHONPATH": str(project), "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
        )

        assert (128 + signal.SIGINT, "searcher: stopped") == (done.returncode, done.stderr.strip())
    assert ["tables"] == [path.name for path in tmp_path.iterdir()]
    assert before == (tmp_path / "tables" / "articles.csv").read_bytes()

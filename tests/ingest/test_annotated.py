"""Articles that were extracted anywhere and are added as they are: the index is that of the files."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import searcher
from searcher import Article, Index
from searcher.cli.searcher import searcher as commands
from searcher.extract import annotate
from searcher.ingest import pipeline
from tests.ingest.test_minhash import WIRE

SAID = "Fees to rise\n\nALDERN - Fees will rise. “Nobody told us,” said Ada Quill, who fishes here. {}\n"
GIVEN = ("--set", "desk=foreign", "--date-from", "name")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Files that share ids, carry one story, name a field of one's own, and of which one cannot be read. The
    name of their folder looks as if they stood in an archive."""
    folder = tmp_path / "files!"
    folder.mkdir()
    for town in ("aldern", "brill"):
        rows = "".join(f"{n},Bridge {n} of {town},Bridge number {n} of {town} is open.\n" for n in range(12))
        (folder / f"{town}.csv").write_text(f"id,title,body\n{rows}")
        (folder / f"2025-03-0{len(town)}-{town}.txt").write_text(f"Wire of {town}\n\n{WIRE}\n")
    (folder / "fees.txt").write_text(SAID.format("It is wet."))
    (folder / "broken.json").write_text("{")
    return folder


def extracted(*arguments: str | Path) -> str:
    return CliRunner().invoke(commands, ["extract", "--workers", "1", *map(str, arguments)]).stdout


def loaded(folder: Path, *arguments: str | Path) -> list[Article]:
    CliRunner().invoke(commands, ["index", "-i", str(folder), "--workers", "1", *map(str, arguments)])
    with searcher.open_index(folder, create=False) as index:
        return list(index.articles)


def test_an_index_of_what_was_extracted_is_that_of_the_files(files: Path, tmp_path: Path) -> None:
    (tmp_path / "all.jsonl").write_text(extracted(*GIVEN, files), "utf-8")
    direct = loaded(tmp_path / "direct", *GIVEN, files)
    annotated = loaded(tmp_path / "annotated", "--annotated", *GIVEN, tmp_path / "all.jsonl")

    assert direct == annotated
    assert 27 == len(direct)


def test_fields_of_ones_own_are_fields_again_as_extract_says(files: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        commands, ["extract", "--workers", "1", "--set", "desk=foreign", str(files / "fees.txt")]
    )
    (tmp_path / "all.jsonl").write_text(result.stdout, "utf-8")
    said = re.search(r"--map desk=desk", result.stderr)
    assert said is not None

    loaded(tmp_path / "index", "--annotated", *said[0].split(), tmp_path / "all.jsonl")
    with searcher.open_index(tmp_path / "index", create=False) as index:
        assert {"foreign": 1} == index.values("desk")


def test_what_several_extract_in_parts_is_one_index(files: Path, tmp_path: Path) -> None:
    for part in ("1", "2", "3"):
        packed = gzip.compress(extracted("--shard", f"{part}/3", files).encode())
        (tmp_path / f"{part}.jsonl.gz").write_bytes(packed)
    direct = loaded(tmp_path / "direct", files)
    annotated = loaded(tmp_path / "annotated", "--annotated", *sorted(tmp_path.glob("*.gz")))

    assert {a.body: (a.mentions, a.quotes) for a in direct} == {
        a.body: (a.mentions, a.quotes) for a in annotated
    }


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return searcher.open_index(tmp_path / "index")


def test_nothing_is_extracted_again(index: Index, tmp_path: Path) -> None:
    file = tmp_path / "fees.jsonl"
    given = annotate(Article("1", body="Ada Quill spoke.", cleaner="7"))
    file.write_text(json.dumps({**given.to_dict(), "annotator": "of old"}))
    first, again = (index.load([file], annotated=True, workers=1) for _ in range(2))
    index.rebuild(workers=1)

    assert (1, 1) == (first.added, again.files_unchanged)
    assert ["of old"] == [article.annotator for article in index.articles]


def test_what_an_annotated_file_no_longer_holds_goes(index: Index, tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    for ids in ("12", "23"):
        articles = (Article(id, body=f"Number {id} sails.", cleaner="7").to_dict() for id in ids)
        file.write_text("".join(json.dumps(one) + "\n" for one in articles))
        index.load([file], annotated=True, workers=1)

    assert ["2", "3"] == sorted(article.id for article in index.articles)


SOUND: dict[str, Any] = annotate(Article("1", "Ada Quill", "“No,” said Ada Quill.", cleaner="7")).to_dict()


@pytest.mark.parametrize(
    "changed",
    [
        {"id": ""},
        {"id": 7},
        {"id": "two\nlines"},
        {"id": " "},
        {"body": ""},
        {"body": " \n ", "mentions": [], "quotes": []},
        {"body": "A \x1b[31mred\x1b[0m text"},
        {"body": "Shorter."},
        {"cleaner": None},
        {"source": 0},
        {"published": "yesterday"},
        {"authors": "Ann Poe"},
        {"authors": ["Ann\nPoe"]},
        {"tags": [None]},
        {"mentions": [{"name": "Ada", "kind": "animal", "start": 0, "end": 3}]},
        {"mentions": [{"name": "Ada\nQuill", "kind": "person", "start": 0, "end": 3}]},
        {"mentions": [{"name": " ", "kind": "person", "start": 0, "end": 3}]},
        {"mentions": [{"name": "Ada", "kind": "person", "start": -1, "end": 3}]},
        {"mentions": [{"name": "Ada", "kind": "person", "start": False, "end": 3}]},
        {"mentions": [{"name": "Ada", "kind": "person", "start": 0, "end": 3, "part": "back"}]},
        {"quotes": [{"text": "Yes", "speaker": None, "kind": "direct", "start": 1, "end": 4}]},
        {"quotes": [{**SOUND["quotes"][0], "speaker_start": 5, "speaker_end": 9_000}]},
        {"quotes": [{**SOUND["quotes"][0], "confidence": "much"}]},
        {"quotes": [{**SOUND["quotes"][0], "confidence": True}]},
        {"quotes": [{**SOUND["quotes"][0], "speaker": "Ada\nQuill"}]},
        {"quotes": [{**SOUND["quotes"][0], "utterance": -1}]},
        {"quotes": [{**SOUND["quotes"][0], "utterance": True}]},
        {"quotes": [{**SOUND["quotes"][0], "utterance": 10**30}]},
        {"more": 1},
    ],
    ids=str,
)
def test_what_was_not_extracted_so_is_no_article(
    index: Index, tmp_path: Path, changed: dict[str, Any]
) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in (SOUND, {**SOUND, "id": "2", **changed})))
    report = index.load([file], annotated=True, workers=1)

    assert ["Line 2: It is not an article printed by “searcher extract”."] == [
        f.reason for f in report.failed
    ]
    assert 1 == report.added


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "It contains no articles."),
        ("<html>", "not valid JSON"),
        ("[]", "not an article"),
    ],
)
def test_a_file_without_such_articles_is_said_so(
    index: Index, tmp_path: Path, text: str, problem: str
) -> None:
    (tmp_path / "some.jsonl").write_text(text)
    (failure,) = index.load([tmp_path / "some.jsonl"], annotated=True, workers=1).failed

    assert problem in failure.reason


def test_workers_pass_annotated_articles_on() -> None:
    article = Article("1", body="Ada Quill spoke.")
    chunk = pipeline.FileChunk(Path(), (article,), annotated=True)

    assert [article, None] == list(pipeline.annotate_chunk(chunk))

"""What was labelled by reading: speakers that were read again, and quotations in articles of other sets."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from training.labels import read_rows, with_antecedents

TEXT = "Nora Lindqvist spoke first. “Go on,” the mayor said."


def row(how: str, canonical: str | None = None, text: str = TEXT) -> dict[str, Any]:
    start = text.index("the mayor")
    quote = {"speaker_start": start, "speaker_end": start + 9, "speaker_canonical": canonical}
    return {"id": "1", "text": text, "quotes": [quote | {"resolved_by": how}]}


@pytest.fixture
def antecedents(tmp_path: Path) -> Path:
    return tmp_path / "antecedents.jsonl"


def write(path: Path, names: list[str] | None) -> None:
    start = TEXT.index("the mayor")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()[:12]
    path.write_text(json.dumps({"digest": digest, "who": [[start, start + 9, names]]}) + "\n")


@pytest.mark.parametrize(
    ("was", "names", "how", "speaker", "aliases"),
    [
        ("nominal", ["Nora Lindqvist"], "described", "Nora Lindqvist", []),
        ("coref", ["Nora Lindqvist", "Emil Berg"], "hand", "Nora Lindqvist", ["Emil Berg"]),
        ("nominal", [], "nominal", None, []),
        ("pron", None, "unknown", None, []),
    ],
)
def test_a_speaker_is_the_one_that_was_read_again(
    antecedents: Path, was: str, names: list[str] | None, how: str, speaker: str | None, aliases: list[str]
) -> None:
    write(antecedents, names)

    (found,) = with_antecedents([row(was, "Somebody Else")], antecedents)
    (quote,) = found["quotes"]

    assert (quote["resolved_by"], quote["speaker_canonical"], quote["aliases"]) == (how, speaker, aliases)


def test_a_speaker_who_is_named_stays(antecedents: Path) -> None:
    write(antecedents, ["Nora Lindqvist"])
    named = row("name", "Somebody Else")

    assert with_antecedents([named], antecedents) == [named]


def test_an_article_with_another_text_stays(antecedents: Path) -> None:
    write(antecedents, ["Nora Lindqvist"])
    other = row("nominal", None, TEXT + " She left.")

    assert with_antecedents([other], antecedents) == [other]


def test_labels_are_read_where_the_text_is_still_the_same(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    articles = [{"id": "1", "text": TEXT}, {"id": "2", "text": "Another text."}]
    (tmp_path / "names" / "news-train.jsonl").write_text("\n".join(map(json.dumps, articles)))
    start, mention = TEXT.index("Go on"), TEXT.index("the mayor")
    quote = [start, start + 6, "direct", mention, mention + 9, "Nora Lindqvist", "name", False]
    digest = hashlib.sha256(TEXT.encode()).hexdigest()[:12]
    labels = [{"set": "news-train", "id": id, "digest": digest, "quotes": [quote]} for id in "12"]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, labels)))

    (found,) = read_rows(tmp_path, tmp_path / "labels.jsonl")

    assert [("the mayor", "Nora Lindqvist", True)] == [
        (q["speaker_text"], q["speaker_canonical"], q["named"]) for q in found["quotes"]
    ]

"""Speakers that were read again: whom the words mean that attribute a quotation."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from training.antecedents import with_antecedents

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

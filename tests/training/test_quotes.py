"""The recipe of the quotes stage, from labels to a model that the stage reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from searcher import Article
from searcher.extract.quotes import find_quotes
from searcher.extract.quotes.lexicon import Weights, load_weights, use_model

pytest.importorskip("scipy", reason="the recipe needs the extra train")

#: What the recipe asks of the scorer that lies with the labelled data.
SCORER = """
def trim(text, start, end):
    return start, end

def iou(one, other):
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))

def name_ok(one, other):
    return one.split()[-1] == other.split()[-1]

def head(text):
    return text.split()[-1]
"""

TEMPLATE = """{one} met {other} in Calder on Monday.

“The harbour will stay open all winter,” {one} said. “Nobody has to leave.”

“I do not believe a word of it,” said {other}. He said that the pumps had failed twice.

{surname} said “the board is wrong”. An official called it “a hard year for the coast”."""


def labelled(number: int, one: str, other: str) -> dict[str, Any]:
    surname = other.split()[-1]
    text = TEMPLATE.format(one=one, other=other, surname=surname)
    quotes = (
        label(text, "The harbour will stay open all winter,", one, one, f"{one} said"),
        label(text, "Nobody has to leave.", one, one, f"{one} said"),
        label(text, "I do not believe a word of it,", other, other, f"said {other}"),
        label(text, "that the pumps had failed twice", other, "He", "He said"),
        label(text, "the board is wrong", other, surname, f"{surname} said “"),
        label(text, "a hard year for the coast", None, "An official", "An official called"),
    )
    return {"id": str(number), "text": text, "quotes": quotes}


def label(text: str, said: str, speaker: str | None, written: str, around: str) -> dict[str, Any]:
    """A quotation, whose speaker and verb stand in the text ``around`` them."""
    start, at = text.index(said), text.index(around)
    cue = "called" if "called" in around else "said"
    return {
        "type": "indirect" if said.startswith("that") else "direct",
        "event": start,
        "start": start,
        "end": start + len(said),
        "speaker_text": written,
        "speaker_start": text.index(written, at),
        "speaker_end": text.index(written, at) + len(written),
        "speaker_canonical": speaker,
        "resolved_by": "nominal" if speaker is None else "coref" if written == "He" else "name",
        "cue": cue,
        "cue_start": text.index(cue, at),
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    people = ("Mary Quill", "Thomas Reyl"), ("Susan Brandt", "Peter Voss"), ("Linda Marsh", "Karl Heron")
    rows = [labelled(number, *pair) for number, pair in enumerate(people)]
    (tmp_path / "quotes").mkdir()
    (tmp_path / "quotes" / "polnear-train.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (tmp_path / "quotes" / "score.py").write_text(SCORER, "utf-8")
    return tmp_path


@pytest.fixture
def _shipped_again() -> Iterator[None]:
    yield
    use_model()


@pytest.mark.usefixtures("_shipped_again")
def test_what_is_trained_is_what_the_stage_reads(data: Path, tmp_path: Path) -> None:
    from training.quotes.train import main

    main([str(data), "--out", str(tmp_path / "model.json")])
    model = json.loads((tmp_path / "model.json").read_text("utf-8"))
    (quote, *_) = find_quotes(
        Article("1", "", TEMPLATE.format(one="Mary Quill", other="Karl Heron", surname="Heron"))
    ).quotes

    assert {*Weights._fields, "cues", "nouns"} == set(model)
    assert model["attribution"] == {name: round(w * 100) for name, w in load_weights().attribution.items()}
    assert ("The harbour will stay open all winter,", "Mary Quill") == (quote.text, quote.speaker)

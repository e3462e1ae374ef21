"""The recipe of the tagger, from labelled articles to a model that the tagger runs."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest

from searcher.extract.names.tagger import LABELS, Tagger
from searcher.extract.names.wordpiece import WordPiece

WORDS = ["Ada", "Quill", "Reyl", "Tomas", "Norvane", "the", "of", "said", "met"]
#: As in BERT's vocabulary, [UNK], [CLS] and [SEP] are numbers 100 to 102.
PIECES = [
    "[PAD]",
    *(f"[unused{number}]" for number in range(99)),
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *(word.lower() for word in WORDS),
    *string.ascii_lowercase,
    *(f"##{letter}" for letter in string.ascii_lowercase),
    *string.punctuation,
]
TEXT = "Ada Quill met Tomas Reyl of Norvane. Quill said the board met."
LISTS = {
    "companies.txt": "Norvane Labs",
    "football-clubs.txt": "Calder Rovers",
    "universities.txt": "University of Calder",
    "first-names-us.tsv": "name\tfemale\tmale\nAda\t900\t1",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    spans = [(0, 9, "PER"), (14, 24, "PER"), (28, 35, "ORG"), (37, 42, "PER")]
    row = json.dumps({"text": TEXT, "spans": spans})
    (tmp_path / "news-train.jsonl").write_text(f"{row}\n{row}\n{row}\n", "utf-8")
    (tmp_path / "lists").mkdir()
    for name, content in LISTS.items():
        (tmp_path / "lists" / name).write_text(f"{content}\n", "utf-8")
    return tmp_path


def test_what_is_trained_is_what_the_tagger_runs(data: Path, tmp_path: Path) -> None:
    for needed in ("torch", "safetensors", "onnx"):
        pytest.importorskip(needed, reason="the recipe needs the extra train")
    from training.names import export, model, train
    from training.names.data import Mixture, Recipe, Source

    out = tmp_path / "out"
    out.mkdir()
    wordpiece = WordPiece({piece: number for number, piece in enumerate(PIECES)})
    mixture = Mixture(data, wordpiece, Recipe((Source("news-train", "news", organisations=0.5),), made=2))
    shape = model.Shape(layers=1, width=24, heads=2, hidden=32, vocabulary=len(PIECES), positions=128)
    network = model.Tagger(shape)
    dev = mixture.held_out(data / "news-train.jsonl")
    before = train.held_out_loss(network, dev, mixture)
    train.train(mixture, network, out, train.Course(steps=3), 1e-2, dev)
    after = train.held_out_loss(network, dev, mixture)
    export.export(network.state_dict(), PIECES, out, shape)
    spans = Tagger(out).tag(TEXT)

    assert after < before
    assert all(f"B-{span.kind}" in LABELS and 0 <= span.confidence <= 1 for span in spans)

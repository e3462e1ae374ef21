"""The labelled articles, and how their labels map onto what the package finds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from searcher.article import Mention
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.scene import Ref, Scene, SpokenSpan
from searcher.extract.quotes.tokens import Entity
from training.labels import with_antecedents

Row = dict[str, Any]
Label = dict[str, Any]


class Prepared(NamedTuple):
    """An article as the package sees it, with a label (or None: not speech) for each of its spans."""

    scene: Scene
    labels: list[Label | None]
    row: Row


def rows(path: Path) -> list[Row]:
    """The articles of a file of labelled quotations, with what was read again of PolNeAR's speakers."""
    return with_antecedents(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def mentions(path: Path | None) -> dict[str, list[Mention]]:
    """Mentions by article, as written by training/quotes/mentions.py; none where there is no such file."""
    if path is None:
        return {}
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: [Mention(**m) for m in row["mentions"]] for row in read}


def scene_of(text: str, found: list[Mention]) -> Scene:
    return Scene(text, find_spans(text), found)


def quoted_labels(row: Row) -> list[tuple[int, int, Label]]:
    """Every labelled span between marks: direct quotations, and the quoted fragments of mixed ones."""
    out = []
    for label in row["quotes"]:
        if label["type"] == "direct":
            out.append((label["start"], label["end"], label))
        elif label["type"] == "mixed":
            out += [(start, end, label) for start, end in label["fragments"]]
    return out


def label_of(quoted: SpokenSpan, labels: list[tuple[int, int, Label]]) -> Label | None:
    """The label that covers most of the span, where it covers more than six tenths of the shorter one."""
    best, most = None, 0.6
    start, end = quoted.span.start, quoted.span.end
    for first, last, label in labels:
        shared = (min(end, last) - max(start, first)) / max(1, min(end - start, last - first))
        if shared > most:
            best, most = label, shared
    return best


def is_speaker(scene: Scene, ref: Ref, label: Label, score: ModuleType) -> bool:
    """Whether the mention is the labelled speaker's place."""
    if label["speaker_start"] is None:
        return False
    tokens = scene.tokens
    start, end = tokens.starts[ref.i], tokens.ends[ref.j - 1]
    if min(end, label["speaker_end"]) <= max(start, label["speaker_start"]):
        return False
    if ref.kind == "pron":
        return bool(start == label["speaker_start"])
    canonical = label["speaker_canonical"]
    if ref.entity is not None:
        return bool(score.name_ok(ref.entity.name, canonical or label["speaker_text"]))
    if canonical and label["resolved_by"] != "described":
        return False
    return bool(score.head(scene.text[start:end]) == score.head(label["speaker_text"]))


def variants(row: Row, found: dict[str, list[Mention]]) -> Iterator[tuple[str, list[Mention]]]:
    """The article as it is without mentions, and with the names stage's mentions where there are some."""
    yield row["text"], []
    if row["id"] in found:
        yield row["text"], found[row["id"]]


def spoken_before(scene: Scene, label: Label | None, score: ModuleType) -> Entity | None:
    """The entity that a label names, where the scene has it."""
    if label is None or not label["speaker_canonical"]:
        return None
    return next(
        (n.entity for n in scene.names if score.name_ok(n.entity.name, label["speaker_canonical"])), None
    )

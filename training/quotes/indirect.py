"""The model of reported speech without marks."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from searcher.extract.quotes import ReportCandidate, candidate_reports
from searcher.extract.quotes.scene import Scene
from training.quotes.corpus import Prepared
from training.quotes.fitting import fit_yes_no

RIDGE = 2.0  # twice that of the other models
OVERLAP = 0.8  # of the union: what the scorer counts as found
#: Added to the constant: a stretch is kept from a belief of about four tenths, where F1 is best on a
#: held-back tenth of the training part.
LENIENCE = 0.4


def learn(scenes: list[Prepared], score: ModuleType) -> dict[str, float]:
    rows: list[list[str]] = []
    labels: list[bool] = []
    for scene, _, row in scenes:
        gold = [
            score.trim(scene.text, q["start"], q["end"]) for q in row["quotes"] if q["type"] == "indirect"
        ]
        for report in _all(scene):
            rows.append(report.features)
            labels.append(_matches(scene, report, gold, score))
    print("indirect:", len(rows), "stretches,", sum(labels), "right")
    weights = fit_yes_no(rows, labels, RIDGE)
    weights["bias"] = weights.get("bias", 0.0) + LENIENCE
    return weights


def _all(scene: Scene) -> Iterator[ReportCandidate]:
    for group in candidate_reports(scene):
        yield from group


def _matches(scene: Scene, report: ReportCandidate, gold: list[tuple[int, int]], score: ModuleType) -> bool:
    place = (scene.tokens.starts[report.i], scene.tokens.ends[report.j - 1])
    return any(score.iou(place, other) >= OVERLAP for other in gold)

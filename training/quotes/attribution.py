"""The models that read quoted spans: who speaks, whom a pronoun means, speech or not, clause or fragment."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from searcher.article import Mention
from searcher.extract.quotes import attribution as package
from searcher.extract.quotes.attribution import clause_features, spoken_features
from searcher.extract.quotes.features import candidate_features, carried_features
from searcher.extract.quotes.scene import SpokenSpan, total_weights
from searcher.extract.quotes.scene import total_weight as total
from training.quotes import corpus, pronouns
from training.quotes.corpus import Label, Prepared, Row
from training.quotes.fitting import Groups, fit_choice, fit_yes_no

RIDGE = 1.0  # of all models here: a weight of one costs half a unit of log-likelihood


def prepare(rows: list[Row], mentions: dict[str, list[Mention]]) -> list[Prepared]:
    out = []
    for row in rows:
        labels = corpus.quoted_labels(row)
        for text, found in corpus.variants(row, mentions):
            scene = corpus.scene_of(text, found)
            out.append(Prepared(scene, [corpus.label_of(q, labels) for q in scene.spans], row))
    return out


def learn(scenes: list[Prepared], score: ModuleType) -> Iterator[tuple[str, dict[str, float]]]:
    """Every part of the model, in the order in which they build on one another."""
    weights = pronouns.learn(scenes, score)
    yield "pronouns", weights
    weights = learn_attribution(scenes, score)
    yield "attribution", weights
    yield "spoken", learn_spoken(scenes, weights, score)
    yield "clause", learn_clause(scenes)


def _same_speaker(one: Label, other: Label) -> bool:
    return bool(
        one["event"] == other["event"]
        or one["speaker_start"] == other["speaker_start"]
        or (one["speaker_canonical"] and one["speaker_canonical"] == other["speaker_canonical"])
    )


def learn_attribution(scenes: list[Prepared], score: ModuleType) -> dict[str, float]:
    groups = Groups()
    for scene, labels, _ in scenes:
        previous: SpokenSpan | None = None
        before: Label | None = None
        for quoted, label in zip(scene.spans, labels, strict=True):
            if label is None:
                continue
            carried = corpus.spoken_before(scene, before, score)
            refs = package.speaker_candidates(scene, quoted)
            right = [corpus.is_speaker(scene, ref, label, score) for ref in refs]
            rows = candidate_features(scene, quoted, refs, carried)
            if previous is not None and before is not None:
                rows.append(carried_features(scene, quoted, previous))
                right.append(_same_speaker(before, label))
            if any(right) and label["speaker_start"] is not None:
                groups.add(rows, right)
            previous, before = quoted, label
    print("attribution:", len(groups), "spans")
    return fit_choice(groups, RIDGE)


def learn_spoken(scenes: list[Prepared], weights: dict[str, float], score: ModuleType) -> dict[str, float]:
    rows, spoken = [], []
    for scene, labels, _ in scenes:
        previous: SpokenSpan | None = None
        before: Label | None = None
        for quoted, label in zip(scene.spans, labels, strict=True):
            if quoted.span.label is not None:
                continue
            carried = corpus.spoken_before(scene, before, score)
            refs = package.speaker_candidates(scene, quoted)
            points = total_weights(weights, candidate_features(scene, quoted, refs, carried))
            if previous is not None:
                points.append(total(weights, carried_features(scene, quoted, previous)))
            rows.append(spoken_features(scene, quoted, max(points, default=package.LOG_ODDS_OF_NOBODY)))
            spoken.append(label is not None)
            if label is not None:
                previous, before = quoted, label
    return fit_yes_no(rows, spoken, RIDGE)


def learn_clause(scenes: list[Prepared]) -> dict[str, float]:
    rows, clause = [], []
    for scene, labels, _ in scenes:
        for quoted, label in zip(scene.spans, labels, strict=True):
            if label is not None and quoted.span.label is None:
                rows.append(clause_features(scene, quoted))
                clause.append(label["type"] == "direct")
    return fit_yes_no(rows, clause, RIDGE)

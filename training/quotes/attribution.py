"""The models that read quoted spans: who speaks, whom a pronoun means, speech or not, clause or fragment."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

from searcher.extract.quotes import attribution as package
from searcher.extract.quotes.candidates import Entity
from searcher.extract.quotes.features import attribution_features, carried_features
from searcher.extract.quotes.pronouns import antecedents
from searcher.extract.quotes.scene import Ref, Scene, SpokenSpan
from searcher.extract.quotes.spoken import clause_features, spoken_features
from searcher.extract.quotes.weights import score as total
from searcher.model import Mention
from training.quotes import corpus
from training.quotes.corpus import Label, Row
from training.quotes.fitting import fit_choice, fit_yes_no

RIDGE = 1.0
DISAGREES = 0.9  # a pronoun's label is dropped where the first model is surer than this of somebody else


class Prepared(NamedTuple):
    scene: Scene
    labels: list[Label | None]  # by span; None: not speech
    row: Row


class Groups:
    """Rows of features in groups, of which some members are right."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.right: list[float] = []
        self.group: list[int] = []

    def add(self, rows: list[list[str]], right: list[bool]) -> None:
        number = self.group[-1] + 1 if self.group else 0
        self.rows += rows
        self.right += [float(y) for y in right]
        self.group += [number] * len(rows)

    def fit(self, ridge: float) -> dict[str, float]:
        return fit_choice(self.rows, self.right, self.group, ridge)


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
    pronouns = learn_pronouns(scenes, score)
    yield "pronouns", pronouns
    weights = learn_attribution(scenes, score)
    yield "attribution", weights
    yield "spoken", learn_spoken(scenes, weights, score)
    yield "clause", learn_clause(scenes)


def _spoken_before(scene: Scene, label: Label | None, score: ModuleType) -> Entity | None:
    """The entity that a label names, where the scene has it."""
    if label is None or not label["speaker_canonical"]:
        return None
    return next(
        (n.entity for n in scene.names if score.name_ok(n.entity.name, label["speaker_canonical"])), None
    )


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
            carried = _spoken_before(scene, before, score)
            refs = package.candidates(scene, quoted)
            right = [corpus.is_speaker(scene, ref, label, score) for ref in refs]
            rows = [attribution_features(scene, quoted, ref, carried) for ref in refs]
            if previous is not None and before is not None:
                rows.append(carried_features(scene, quoted, previous))
                right.append(_same_speaker(before, label))
            if any(right) and label["speaker_start"] is not None:
                groups.add(rows, right)
            previous, before = quoted, label
    print("attribution:", groups.group[-1] + 1, "spans")
    return groups.fit(RIDGE)


def _pronoun_groups(
    scenes: list[Prepared], score: ModuleType
) -> Iterator[tuple[list[list[str]], list[bool]]]:
    for scene, _, row in scenes:
        pronouns = {scene.tokens.starts[ref.i]: ref for ref in scene.refs if ref.kind == "pron"}
        before: Label | None = None
        for label in sorted(row["quotes"], key=lambda q: q["start"]):
            ref = pronouns.get(label["speaker_start"])
            near = before is not None and before["start"] > label["start"] - 900
            if ref is not None and label["speaker_canonical"] and label["resolved_by"] == "coref":
                found = antecedents(scene, ref, _spoken_before(scene, before, score) if near else None)
                right = [_is_named(who, label["speaker_canonical"], score) for who, _ in found]
                if any(right):
                    yield [features for _, features in found], right
            if label["speaker_canonical"]:
                before = label


def _is_named(who: Entity | Ref, canonical: str, score: ModuleType) -> bool:
    return isinstance(who, Entity) and bool(score.name_ok(who.name, canonical))


def learn_pronouns(scenes: list[Prepared], score: ModuleType) -> dict[str, float]:
    """Twice: labels of pronouns are partly wrong, and those that the first model is sure to be wrong go."""
    gathered = list(_pronoun_groups(scenes, score))
    first = Groups()
    for rows, right in gathered:
        first.add(rows, right)
    weights = first.fit(RIDGE)
    second = Groups()
    for rows, right in gathered:
        shares = package.softmax([total(weights, features) for features in rows])
        if sum(share for share, y in zip(shares, right, strict=True) if y) > 1 - DISAGREES:
            second.add(rows, right)
    print("pronouns:", len(gathered), "labels,", second.group[-1] + 1, "kept")
    return second.fit(RIDGE)


def learn_spoken(scenes: list[Prepared], weights: dict[str, float], score: ModuleType) -> dict[str, float]:
    rows, spoken = [], []
    for scene, labels, _ in scenes:
        previous: SpokenSpan | None = None
        before: Label | None = None
        for quoted, label in zip(scene.spans, labels, strict=True):
            if quoted.span.label is not None:
                continue
            carried = _spoken_before(scene, before, score)
            scores = [
                total(weights, attribution_features(scene, quoted, ref, carried))
                for ref in package.candidates(scene, quoted)
            ]
            if previous is not None:
                scores.append(total(weights, carried_features(scene, quoted, previous)))
            rows.append(spoken_features(scene, quoted, max(scores, default=-8.0)))
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

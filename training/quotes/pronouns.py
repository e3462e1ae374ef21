"""The model of pronouns, learned mostly from names.

Names are labelled right: wherever a person who was just mentioned speaks under a bare surname ("Roe said"),
the surname is read as if it were "he" or "she", and the model has to find out who that is. So are the
pronouns that were read again (:mod:`training.labels`). PolNeAR's other labels of pronouns come from a
machine and are partly wrong in a systematic way: they are added at less weight where that first model does
not find them absurd.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from searcher.extract.quotes.attribution import resolve_pronouns
from searcher.extract.quotes.features import possible_antecedents
from searcher.extract.quotes.scene import Ref, Scene, softmax
from searcher.extract.quotes.scene import total_weight as total
from searcher.extract.quotes.tokens import Entity
from training.quotes import corpus
from training.quotes.corpus import Label, Prepared
from training.quotes.fitting import Groups, fit_choice

RIDGE = 1.0  # as of the models of spans
MAX_SENTENCES = 3  # sentences from the latest mention to the surname read as a pronoun
UNKNOWN_SHARE = 0.1  # share of the speakers that are read as if they had a surname only
MIN_BELIEVED = 0.25  # a machine's label counts where the first model gives it at least this share
MACHINE_WEIGHT = 0.5  # weight of a machine's label
READ, GUESSED = "hand", "coref"  # ways in which a pronoun was resolved: by reading again, by a machine
MAX_CARRIED = 900  # characters within which the speaker before is remembered

Group = tuple[list[list[str]], list[bool]]


def learn(scenes: list[Prepared], score: ModuleType) -> dict[str, float]:
    first: dict[str, float] = {}
    for _ in range(2):  # the second time each pronoun sees what the ones before it were taken to mean
        groups = Groups()
        for prepared in scenes:
            if first:
                resolve_pronouns(prepared.scene, first)
            for rows, right, importance in _from_names(prepared, score):
                groups.add(rows, right, importance)
        count = len(groups)
        first = fit_choice(groups, RIDGE)
    kept = dropped = read = 0
    for prepared in scenes:
        for rows, right in _from_labels(prepared, score, READ):
            groups.add(rows, right)
            read += 1
        for rows, right in _from_labels(prepared, score, GUESSED):
            shares = softmax([total(first, features) for features in rows])
            if sum(share for share, y in zip(shares, right, strict=True) if y) >= MIN_BELIEVED:
                groups.add(rows, right, MACHINE_WEIGHT)
                kept += 1
            else:
                dropped += 1
    nouns = 0
    for prepared in scenes:
        for rows, right in _from_nouns(prepared):
            groups.add(rows, right, MACHINE_WEIGHT)
            nouns += 1
    print(
        f"pronouns: {nouns} nouns, {count} surnames, {read} read again, {kept} labels kept, {dropped} dropped"
    )
    return fit_choice(groups, RIDGE)


def _from_names(prepared: Prepared, score: ModuleType) -> Iterator[tuple[list[list[str]], list[bool], float]]:
    """Surnames of speakers, read as pronouns of their sex; and again as of people whom an article calls by
    their surname alone, whose sex nothing tells."""
    scene = prepared.scene
    short = {
        scene.tokens.starts[ref.i]: ref
        for ref in scene.refs
        if ref.kind == "name" and not ref.quoted and not ref.possessive and ref.j - ref.i == 1
    }
    before: Label | None = None
    for label in sorted(prepared.row["quotes"], key=lambda q: q["start"]):
        ref = short.get(label["speaker_start"])
        entity = ref.entity if ref else None
        if ref is not None and entity is not None and entity.gender and entity.kind == "person":
            speaking = _speaking(scene, label, before, score)
            found = _as_pronoun(scene, ref, entity, speaking)
            hidden = _as_pronoun(scene, ref, entity, speaking, hidden=True)
            if found and hidden:
                yield *found, 1.0 - UNKNOWN_SHARE
                yield *hidden, UNKNOWN_SHARE
        if label["speaker_canonical"]:
            before = label


def _as_pronoun(
    scene: Scene, ref: Ref, entity: Entity, speaking: Entity | None, *, hidden: bool = False
) -> Group | None:
    name, gender = entity.name, entity.gender
    pronoun = Ref(ref.i, ref.j, "pron", None, gender, False)
    pronoun.para, pronoun.sent = ref.para, ref.sent
    entity.count -= 1
    entity.speech_count -= 1
    if hidden:
        entity.name, entity.gender = name.split()[-1], None
    found = possible_antecedents(scene, pronoun, speaking)
    entity.name, entity.gender = name, gender
    entity.count += 1
    entity.speech_count += 1
    right = [who is entity for who, _ in found]
    latest = max((r.sent for r in scene.refs if r.entity is entity and r.i < ref.i), default=-99)
    if not any(right) or ref.sent - latest > MAX_SENTENCES:
        return None
    return [features for _, features in found], right


def _from_labels(prepared: Prepared, score: ModuleType, how: str) -> Iterator[Group]:
    """Pronouns whose speaker was found in one way."""
    scene = prepared.scene
    pronouns = {scene.tokens.starts[ref.i]: ref for ref in scene.refs if ref.kind == "pron"}
    before: Label | None = None
    for label in sorted(prepared.row["quotes"], key=lambda q: q["start"]):
        ref = pronouns.get(label["speaker_start"])
        if ref is not None and label["speaker_canonical"] and label["resolved_by"] == how:
            found = possible_antecedents(scene, ref, _speaking(scene, label, before, score))
            right = [_is_named(who, label["speaker_canonical"], score) for who, _ in found]
            if any(right):
                yield [features for _, features in found], right
        if label["speaker_canonical"]:
            before = label


def _from_nouns(prepared: Prepared) -> Iterator[Group]:
    """Pronouns that the labels bind to nobody named, right after an unnamed speaker ("an official said")."""
    scene = prepared.scene
    pronouns = {scene.tokens.starts[ref.i]: ref for ref in scene.refs if ref.kind == "pron"}
    before: Label | None = None
    for label in sorted(prepared.row["quotes"], key=lambda q: q["start"]):
        ref = pronouns.get(label["speaker_start"])
        if (
            ref is not None
            and before is not None
            and not label["speaker_canonical"]
            and not before["speaker_canonical"]
            and before["speaker_start"] is not None
            and label["start"] - before["start"] <= MAX_CARRIED
        ):
            found = possible_antecedents(scene, ref, None)
            span = (before["speaker_start"], before["speaker_end"])
            right = [isinstance(who, Ref) and _within(scene, who, span) for who, _ in found]
            if any(right):
                yield [features for _, features in found], right
        before = label


def _within(scene: Scene, who: Ref, span: tuple[int, int]) -> bool:
    return span[0] <= scene.tokens.starts[who.i] and scene.tokens.ends[who.j - 1] <= span[1]


def _speaking(scene: Scene, label: Label, before: Label | None, score: ModuleType) -> Entity | None:
    if before is None or before["start"] <= label["start"] - MAX_CARRIED:
        return None
    return corpus.spoken_before(scene, before, score)


def _is_named(who: Entity | Ref, canonical: str, score: ModuleType) -> bool:
    return isinstance(who, Entity) and bool(score.name_ok(who.name, canonical))

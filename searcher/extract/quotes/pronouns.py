"""Whom "he", "she", "they" and "it" stand for: features of each possible antecedent."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from searcher.extract.quotes import lexicon
from searcher.extract.quotes.cues import is_cue
from searcher.extract.quotes.entities import Entity
from searcher.extract.quotes.features import bucket, ref_kind
from searcher.extract.quotes.scene import Ref, Scene
from searcher.names.normalise import word_set

__all__ = ["Antecedent", "antecedents"]

# The models were trained with these numbers: whoever changes one has to train anew (training/quotes).
_MOST = 8  # antecedents considered
_MENTIONS = 4  # latest mentions of each that count
_PARAGRAPHS = 8  # how far back
_REFS = 70  # mentions looked at, so that a hostile paragraph stays cheap
_BEFORE_SUBJECT = frozenset(
    ("", ",", '"', "“", "”", "when", "while", "but", "and", "that", "as", "because", "then")
)
_AFTER_SUBJECT = word_set("has is was had will , would did who also could does were are have ,")
_LEAD = 120  # tokens: whoever is named within them leads the article
_SPEAKING = ("mc", "cm", "c.m", "acc", "m,c", "m:")

#: An antecedent: the entity, or the noun phrase ("the nurse"), with its features.
Antecedent = tuple[Entity | Ref, list[str]]


@dataclass(slots=True)
class _Context:
    """What the stretch before a pronoun shows, independent of whom it may mean."""

    pronoun: Ref
    speaking: Entity | Ref | None
    place: int = 0  # number of its first ref
    last_cue: Ref | None = None  # the latest mention with a verb of speech
    top_subject: Ref | None = None  # the latest subject that agrees
    last_pronoun: Ref | None = None  # the latest subject pronoun of the same gender


def antecedents(scene: Scene, pronoun: Ref, speaking: Entity | Ref | None) -> list[Antecedent]:
    """Everybody the pronoun may stand for; ``speaking`` is the speaker of the quotation before."""
    context = _Context(pronoun, speaking)
    gathered = _gather(scene, context)
    out = []
    for rank, (who, refs) in enumerate(gathered):
        out.append((who, _features(scene, context, who, refs, rank)))
    return out


def _gather(scene: Scene, context: _Context) -> list[tuple[Entity | Ref, list[Ref]]]:
    """Antecedents that agree in gender and number, latest first, each with its latest mentions."""
    pronoun = context.pronoun
    place = context.place = bisect_left(scene.starts, pronoun.i)
    found: dict[int, tuple[Entity | Ref, list[Ref]]] = {}
    nouns: dict[str, Ref] = {}
    for ref in reversed(scene.refs[max(0, place - _REFS) : place]):
        if pronoun.para - ref.para > _PARAGRAPHS:
            break
        if context.last_cue is None and not ref.quoted:
            pattern = ref.pattern(scene.tokens)
            if pattern and pattern.name in _SPEAKING:
                context.last_cue = ref
        if ref.kind == "pron" and ref.gender == pronoun.gender and context.last_pronoun is None:
            context.last_pronoun = ref
        if ref.kind == "pron" or (ref.kind == "noun" and (ref.quoted or pronoun.para - ref.para > 2)):
            continue
        if not _agrees(scene, pronoun.gender, ref):
            continue
        if context.top_subject is None and not ref.quoted and any(_is_subject(scene, ref)):
            context.top_subject = ref
        who: Entity | Ref | None = ref.entity
        if who is None:
            head = scene.tokens.low[ref.j - 1]
            who = nouns.setdefault(head, ref)
        known = found.get(id(who))
        if known is None:
            if len(found) < _MOST:
                found[id(who)] = (who, [ref])
        elif len(known[1]) < _MENTIONS:
            known[1].append(ref)
    return list(found.values())


def _agrees(scene: Scene, gender: str | None, ref: Ref) -> bool:
    entity = ref.entity
    if entity is not None:
        if gender in ("m", "f"):
            if entity.kind == "other" and scene.annotated:
                return False  # whom the names stage did not take for a person is mostly a place
            return entity.kind != "organisation" and entity.gender in (None, gender)
        return entity.kind != "person"
    if gender in ("m", "f"):
        return ref.gender in (None, gender)
    return ref.gender == gender or (gender == "p" and ref.gender in (None, "n"))


def _features(scene: Scene, context: _Context, who: Entity | Ref, refs: list[Ref], rank: int) -> list[str]:
    pronoun, latest = context.pronoun, refs[0]
    sentences, paras = pronoun.sent - latest.sent, pronoun.para - latest.para
    group = "g" if pronoun.gender in ("m", "f") else pronoun.gender or ""
    kind = ref_kind(latest)
    out = [
        f"{group}{kind}",
        f"ds{min(sentences, 6)}",
        f"dp{min(paras, 5)}",
        f"ds{min(sentences, 3)}dp{min(paras, 2)}",
        f"rank{min(rank, 4)}",
        f"win{min(len(refs), 4)}",
    ]
    out += _grammar(scene, pronoun, refs, sentences)
    out += _place(scene, context, who, refs, sentences)
    if isinstance(who, Entity):
        sure = who.gender is not None and who.gender == pronoun.gender
        out += [f"{group}sure{int(sure)}{kind}", f"cnt{bucket(who.count)}", f"talks{min(4, who.talks)}"]
        if who.first < _LEAD:
            out.append("lead")
        if " " not in who.name:
            out.append("single")
    else:
        head = scene.tokens.low[who.j - 1]
        out += [f"h={head}", f"{group}nsure{int(who.gender == pronoun.gender)}", f"nds{min(sentences, 4)}"]
    return out


def _place(scene: Scene, context: _Context, who: Entity | Ref, refs: list[Ref], sentences: int) -> list[str]:
    """Whether it spoke last, was the last subject, was only just introduced, or speaks since before."""
    out = []
    near = min(sentences, 3)
    if any(ref is context.last_cue for ref in refs):
        out.append(f"lastcue{near}")
    top = any(ref is context.top_subject for ref in refs)
    out.append(f"top{int(top)}")
    if top:
        out.append(f"top{near}n")
    if isinstance(who, Entity) and who.first == refs[0].i:
        out.append(f"intro{near}{int(top)}")
    if context.speaking is not None:
        out.append(f"speaking{int(who is context.speaking)}{int(top)}")
    earlier = context.last_pronoun
    meant = scene.resolved.get(earlier.i) if earlier is not None else None
    if earlier is not None and meant is not None:
        same_one = int(meant is who)
        speaks = int(earlier is context.last_cue)
        later = int(refs[0].i > earlier.i)
        out += (
            f"ana{same_one}{speaks}{later}",
            f"ana{same_one}{min(3, context.pronoun.sent - earlier.sent)}",
        )
    first = bisect_left(scene.starts, refs[0].i)
    before = scene.pronouns_before(context.pronoun.gender)
    same = before[max(first, min(context.place, first + 30))] - before[first]
    out.append(f"chain{min(same, 3)}{int(top)}")
    return out


def _grammar(scene: Scene, pronoun: Ref, refs: list[Ref], sentences: int) -> list[str]:
    """Whether the latest mention is a subject, speaks, is possessive or quoted; how often it is a subject."""
    out = []
    subjects = 0
    for number, ref in enumerate(refs):
        subject, speaks = _is_subject(scene, ref)
        if not number:
            near = min(sentences, 3)
            out += _latest(scene, ref, subject, speaks, near)
            if not sentences:
                out.append(f"same{int(subject)}{int(scene.tokens.first[ref.i])}")
        if (subject or speaks) and pronoun.sent - ref.sent <= 4:
            subjects += 1
    out.append(f"subj{min(subjects, 3)}")
    return out


def _latest(scene: Scene, ref: Ref, subject: bool, speaks: bool, near: int) -> list[str]:
    tokens = scene.tokens
    out: list[str] = []
    if ref.quoted:
        out += ("inq", f"inq{near}")
    if ref.possessive:
        out.append("poss")
    if ref.i and tokens.low[ref.i - 1] in lexicon.PREPOSITIONS:
        out.append("prep")
    if subject:
        out.append(f"sub{near}")
    if speaks:
        out.append(f"cue{near}")
    if tokens.first[ref.i]:
        out.append(f"first{near}")
    return out


def _is_subject(scene: Scene, ref: Ref) -> tuple[bool, bool]:
    """Whether the mention looks like the subject of its clause, and whether a verb of speech is beside it."""
    if ref.subject is None:
        ref.subject = _find_subject(scene, ref)
    return ref.subject


def _find_subject(scene: Scene, ref: Ref) -> tuple[bool, bool]:
    tokens = scene.tokens
    before = tokens.low[ref.i - 1] if ref.i else ""
    after = tokens.low[ref.j] if ref.j < len(tokens) else ""
    cue_after = is_cue(after)
    speaks = cue_after or (bool(before) and is_cue(before))
    if ref.possessive:
        return False, False
    starts = tokens.first[ref.i] or before in _BEFORE_SUBJECT or before[:1] == "\n"
    verb = cue_after or after.endswith("ed") or after in _AFTER_SUBJECT or after in lexicon.SUBJECT_VERBS
    return starts and verb, speaks

"""Attribute quoted spans to speakers.

Linear models score whether a span is speech and how likely each candidate is its speaker. Scores of
candidates that mean the same person are added up. For doubtful spans, the encoder's opinion has the same
weight as the models', and it alone decides whether the span is speech.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from searcher.extract.quotes import lexicon
from searcher.extract.quotes.features import (
    BUCKETS,
    candidate_features,
    carried_features,
    possible_antecedents,
    reporting_pattern,
)
from searcher.extract.quotes.lexicon import Weights
from searcher.extract.quotes.marks import PARTS
from searcher.extract.quotes.reasons import Doubt, Judge, Reason, ranked_candidates
from searcher.extract.quotes.scene import (
    MIN_CUE,
    Ref,
    Scene,
    Speaker,
    SpokenSpan,
    Votes,
    find_pattern,
    is_signature,
    softmax,
    total_weight,
    total_weights,
)
from searcher.extract.quotes.second_opinion import Opinion, SecondOpinion, combine_votes, is_described
from searcher.extract.quotes.tokens import Entity
from searcher.names.normalise import word_set
from searcher.names.people import first_name_gender

_KNOWN_BEFORE = word_set(
    "a an the of as for called and to in or that : , . ( his her their its with by was is were on "
    "is's so-called"
    "titled entitled dubbed book song film movie album show series headline named word words term phrase from"
)
_FINITE = word_set(
    "is are was were be am has have had do does did will would can could should may might must i'm "
    "we're it's that's"
    "don't there's he's she's they're let's i've we've you're i'll we'll can't won't isn't didn't doesn't"
)


#: The words of a span, the class of their number, the size of the span, the word before it, 1 if it starts
#: with a capital, and its last character if that is punctuation.
SpanShape = tuple[list[str], int, str, str, int, str]


def span_shape(scene: Scene, quoted: SpokenSpan) -> SpanShape:
    """Return the properties of a span that both speech models use."""
    inside = scene.text[quoted.span.start : quoted.span.end]
    words = inside.split(None, 60)
    size = "s" if len(words) < 4 else "m" if len(words) < 8 else "l"
    ends = inside[-1] if inside[-1] in ",.!?…" else "x"
    number = BUCKETS[min(len(words), 41)]
    return words, number, size, _word_before(scene, quoted), int(inside[0].isupper()), ends


def spoken_features(scene: Scene, quoted: SpokenSpan, best: float) -> list[str]:
    """Return the features of a span as attributed speech. ``best`` is the score of its best candidate."""
    text, span = scene.text, quoted.span
    words, number, size, before, capital, ends = span_shape(scene, quoted)
    after = text[span.outer_end : span.outer_end + 1]
    follows = after if after and after in ",.;:" else "x"
    capitals = sum(word[0].isupper() for word in words) * 4 // len(words)
    cue_before, cue_after = _cues_around(scene, quoted)
    full = before == "^" and (quoted.j >= len(scene.tokens.words) or scene.tokens.words[quoted.j][0] == "\n")
    return [
        "bias", f"n{number}", f"single{int(span.single)}{size}", f"ends{ends}{size}", f"follows{follows}",
        f"cap{capital}{size}", f"caps{capitals}{size}", f"before={before}", f"before={before}{size}",
        f"before={before}c{capital}{ends == 'x'}", f"closed{int(span.closed)}",
        f"cue{int(cue_before * 3)}{int(cue_after * 3)}{size}", f"cueb{int(cue_before * 5)}",
        f"cuea{int(cue_after * 5)}", f"lead{int(quoted.para == 0)}", f"full{int(full)}{size}{ends}",
        f"best{int(max(-6.0, min(10.0, best)))}", f"best{int(max(-6.0, min(10.0, best)) / 2)}{size}",
    ]  # fmt: skip


def clause_features(scene: Scene, quoted: SpokenSpan) -> list[str]:
    """Return the features of a span as whole clauses, not a fragment within the writer's own sentence."""
    text, span = scene.text, quoted.span
    words, number, size, before, capital, ends = span_shape(scene, quoted)
    finite = int(any(word.lower().strip(".,!?’'").replace("’", "'") in _FINITE for word in words[:20]))
    after = text[span.outer_end : span.outer_end + 2].strip()[:1] or "^"
    after = after if after in ",.;:^" else "w"
    return [
        "bias", f"n{number}", f"cap{capital}", f"before={before}", f"before={before}cap{capital}",
        f"ends{ends}cap{capital}", f"ends{ends}{size}", f"after{after}{ends}", f"finite{finite}{size}",
        f"finite{finite}cap{capital}",
    ]  # fmt: skip


def _word_before(scene: Scene, quoted: SpokenSpan) -> str:
    """Return the word before a span, its class if it is not a known one, or "^" at a paragraph's start."""
    if not quoted.i:
        return "^"
    word = scene.tokens.low[quoted.i - 1]
    if word[0] == "\n":
        return "^"
    if word in _KNOWN_BEFORE:
        return word
    if scene.tokens.cue_weight[quoted.i - 1] >= MIN_CUE:
        return "cue"
    return "prep" if word in lexicon.PREPOSITIONS else "w"


def _cues_around(scene: Scene, quoted: SpokenSpan) -> tuple[float, float]:
    """Return the highest weights of reporting words before and after a span, in its sentence."""
    tokens, weight = scene.tokens, scene.tokens.cue_weight
    before = after = 0.0
    for k in range(quoted.i - 1, max(-1, quoted.i - 25), -1):
        if tokens.words[k][0] == "\n" or (tokens.span[k] < 0 and tokens.low[k] in (".", "!", "?")):
            break
        if tokens.span[k] < 0:
            before = max(before, weight[k])
    for k in range(quoted.j, min(len(weight), quoted.j + 15)):
        if tokens.words[k][0] == "\n" or tokens.low[k] in (".", "!", "?"):
            break
        if tokens.span[k] < 0:
            after = max(after, weight[k])
    return before, after


#: Returns the encoder's opinion on a quotation. The flag is True if its speaker is a noun phrase.
Ask = Callable[[SpokenSpan, bool], Opinion | None]
#: Ask the encoder if the confidence in the speaker is lower than this.
MAX_DOUBTED_SPEAKER = 0.98
#: Ask the encoder if the log odds of speech are lower than this. On 260 unseen articles, 2 % of the spans
#: above this limit were not speech, but half of the spans below it.
MAX_DOUBTED_SPEECH = 4.0
#: Correction to the encoder's log odds of speech. Fitted to the same 260 articles.
SPEECH_SHIFT = -2.0
#: Score used without any candidate. Nearly every candidate scores higher.
LOG_ODDS_OF_NOBODY = -8.0
# The model was trained with these values. Changing one requires retraining.
_TOKENS_BEHIND, _TOKENS_AHEAD = 140, 60  # maximum distance to a speaker in another paragraph
_TOKENS_NEAR = 70  # maximum distance to a speaker in the same paragraph
_MAX_REFS_BEHIND, _MAX_REFS_AHEAD = 12, 7  # maximum candidates before and after
_MIN_SHARE = 0.08  # minimum share of a pronoun for its antecedents to be considered
#: Maximum log odds of speech for a fragment without a possible speaker nearby.
_LOG_ODDS_OF_FRAGMENT = -5.0
#: A fragment with fewer words is doubtful, because it may be a term or a name.
_MIN_FRAGMENT_WORDS = 5
#: Factor by which each doubt lowers the confidence. Fitted to labelled articles.
SHARE_LEFT: Final[Mapping[Doubt, float]] = {"unreported": 0.7, "fragment": 0.75}
_LABEL_CONFIDENCE = 0.97  # confidence in a speaker named by a transcript's label


class AttributedSpan(NamedTuple):
    """A span that is speech, with its speaker. ``clause`` is True if it quotes whole clauses."""

    quoted: SpokenSpan
    speaker: Speaker
    clause: bool
    reason: Reason


def resolve_pronouns(scene: Scene, weights: dict[str, float]) -> None:
    """Resolve the pronouns that speak, in reading order, so that later ones can follow earlier ones."""
    scene.antecedents.clear()
    for ref in scene.refs:
        speaks = ref.kind == "pron" and ref.gender in ("m", "f") and ref.pattern
        if speaks and (options := possible_antecedents(scene, ref, None)):
            points = total_weights(weights, [features for _, features in options])
            scene.antecedents[ref.i] = options[points.index(max(points))][0]


def attribute(
    scene: Scene, weights: Weights, second: SecondOpinion | None = None
) -> Iterator[AttributedSpan]:
    """Yield every span that is speech, with its speaker. ``second`` is asked about doubtful spans."""
    doubted: list[SpokenSpan] = []
    considered = _consider_all(scene, weights, lambda quoted, _: doubted.append(quoted))
    if second and doubted:
        second.expect(list(map(scene.place_of, doubted)))
        considered = _consider_all(
            scene, weights, lambda quoted, is_noun: second.ask(*scene.place_of(quoted), is_noun=is_noun)
        )
    for span, odds in considered:
        if odds is None:
            yield span
        elif odds > 0:
            speech = 1 / (1 + math.exp(-odds))
            doubt = _doubt(scene, span)
            confidence = speech * span.speaker.confidence * (SHARE_LEFT[doubt] if doubt else 1.0)
            reason = replace(span.reason, speech=speech, doubts=(doubt,) if doubt else ())
            yield span._replace(speaker=span.speaker._replace(confidence=confidence), reason=reason)


def _doubt(scene: Scene, span: AttributedSpan) -> Doubt | None:
    if _is_unreported(scene, span):
        return "unreported"
    inside = scene.text[span.quoted.span.start : span.quoted.span.end]
    return "fragment" if not span.clause and len(inside.split()) < _MIN_FRAGMENT_WORDS else None


def _is_unreported(scene: Scene, span: AttributedSpan) -> bool:
    """Return True if the speaker has no verb of speech: “Roe made the “long soak””."""
    ref = span.speaker.ref
    if ref is None or ref.kind == "pron":
        return False
    if span.clause and ref.entity is not None and ref.entity.is_tagged:
        return False
    return not ref.is_signature and reporting_pattern(scene, span.quoted, ref) is None


def _consider_all(scene: Scene, weights: Weights, ask: Ask) -> list[tuple[AttributedSpan, float | None]]:
    """Return the spans with their speakers and log odds of speech. None: the line of a transcript."""
    resolve_pronouns(scene, weights.pronouns)
    labelled = _speakers_of_labels(scene)
    considered: list[tuple[AttributedSpan, float | None]] = []
    previous: AttributedSpan | None = None
    for quoted in scene.spans:
        if quoted.span.label is None:
            span, odds = _consider(scene, quoted, previous, weights, ask)
            considered.append((span, odds))
            previous = span if odds > 0 else previous
        elif quoted.i in labelled:
            previous = AttributedSpan(quoted, labelled[quoted.i], True, Reason(("label",)))
            considered.append((previous, None))
    return considered


def _consider(
    scene: Scene, quoted: SpokenSpan, previous: AttributedSpan | None, weights: Weights, ask: Ask
) -> tuple[AttributedSpan, float]:
    votes, best = _votes(scene, quoted, previous, weights)
    speaker = votes.best()
    odds = total_weight(weights.spoken, spoken_features(scene, quoted, best))
    clause = total_weight(weights.clause, clause_features(scene, quoted)) > 0
    is_doubtful, is_noun = speaker.confidence < MAX_DOUBTED_SPEAKER, isinstance(speaker.who, Ref)
    opinion = ask(quoted, is_noun) if is_doubtful or is_noun or odds < MAX_DOUBTED_SPEECH else None
    if opinion:
        votes = combine_votes(scene, quoted, votes, opinion, weights)
        is_open = is_doubtful or is_described(scene, speaker, opinion)
        speaker = votes.best() if is_open else speaker._replace(confidence=votes.share(speaker.who))
        odds = opinion.speech + SPEECH_SHIFT
    if speaker.who is None and not clause:
        odds = min(odds, _LOG_ODDS_OF_FRAGMENT)
    judges: tuple[Judge, ...] = ("rules", "network") if opinion else ("rules",)
    reason = Reason(judges, ranked_candidates(votes.by_name(scene)))
    return AttributedSpan(quoted, speaker, clause, reason), odds


def speaker_candidates(scene: Scene, quoted: SpokenSpan) -> list[Ref]:
    """Return the mentions near enough to name the speaker, in reading order."""
    place = bisect_left(scene.starts, quoted.i)
    behind: list[Ref] = []
    for ref in reversed(scene.refs[max(0, place - 80) : place]):
        if quoted.i - ref.j > _TOKENS_BEHIND or quoted.para - ref.para > 2 or len(behind) >= _MAX_REFS_BEHIND:
            break
        if ref.quoted or ref.describes_speaker or ref.j > quoted.i or ref.is_signature:
            continue  # a signature belongs to an earlier quotation
        if ref.para != quoted.para or quoted.i - ref.j <= _TOKENS_NEAR:
            behind.append(ref)
    ahead: list[Ref] = []
    place = bisect_left(scene.starts, quoted.j)
    for ref in scene.refs[place : place + 60]:
        limit = _TOKENS_NEAR if ref.para == quoted.para else _TOKENS_AHEAD
        if ref.i - quoted.j > limit or ref.para - quoted.para > 1 or len(ahead) >= _MAX_REFS_AHEAD:
            break
        if not (ref.quoted or ref.describes_speaker):
            ahead.append(ref)
    return behind[::-1] + ahead


def _votes(
    scene: Scene, quoted: SpokenSpan, previous: AttributedSpan | None, weights: Weights
) -> tuple[Votes, float]:
    """Return the share of each speaker and the score of the best candidate."""
    refs = speaker_candidates(scene, quoted)
    carried = previous.speaker.who if previous else None
    described = candidate_features(scene, quoted, refs, carried)
    if previous:
        described.append(carried_features(scene, quoted, previous.quoted))
    points = total_weights(weights.attribution, described)
    votes = Votes()
    if not points:
        return votes, LOG_ODDS_OF_NOBODY
    shares = softmax(points)
    for ref, share in zip(refs, shares):
        if ref.kind == "noun" and scene.tokens.low[ref.j - 1] in lexicon.ADDRESSED:
            votes.add(None, None, share)  # the reader is addressed: "Don’t say “…”"
        elif ref.kind == "pron" and share > _MIN_SHARE:
            for who, part in likely_antecedents(scene, ref, carried, weights):
                votes.add(who, ref, share * part)
        elif ref.kind != "pron":
            votes.add(ref.entity or ref, ref, share)
    if previous:
        votes.add(previous.speaker.who, previous.speaker.ref, shares[-1])
    return votes, max(points)


def likely_antecedents(
    scene: Scene, pronoun: Ref, speaking: Entity | Ref | None, weights: Weights
) -> list[tuple[Entity | Ref | None, float]]:
    """Return the possible antecedents of a pronoun, with shares that add up to 1. None: no antecedent."""
    options = possible_antecedents(scene, pronoun, speaking)
    if not options:
        return [(None, 1.0)]
    shares = softmax(total_weights(weights.pronouns, [features for _, features in options]))
    scene.antecedents[pronoun.i] = options[shares.index(max(shares))][0]
    return [(who, share) for (who, _), share in zip(options, shares)]


def _speakers_of_labels(scene: Scene) -> dict[int, Speaker]:
    """Return the speakers of a transcript's lines by first token, or {} if no label names a person."""
    labelled = {quoted.i: quoted.span.label for quoted in scene.spans if quoted.span.label is not None}
    if not labelled:
        return {}
    people: dict[str, Entity] = {}  # keyed by each ending of the name: "ada quill", "quill"
    for name in scene.names:
        entity, words = name.entity, name.entity.name.lower().split(" ")
        if entity.kind == "person" and not entity.name.isupper():
            for start in range(len(words)):
                people.setdefault(" ".join(words[start:]), entity)
    speakers = {i: _speaker_of_label(scene, label, people) for i, label in labelled.items()}
    return speakers if any(_is_somebody(scene, speaker) for speaker in speakers.values()) else {}


def _is_somebody(scene: Scene, speaker: Speaker) -> bool:
    """Return True for a person or a role ("HOST:"), but not for "Location:"."""
    ref, entity = speaker.ref, speaker.who
    if ref is None or not isinstance(entity, Entity) or entity.kind == "organisation":
        return False
    words = scene.tokens.low[ref.i : ref.j]
    if any(word in lexicon.ROLES or word in PARTS for word in words):
        return True
    if scene.has_tagged_names:
        return entity.kind == "person" and (entity.is_tagged or len(words) > 1)
    return scene.tokens.words[ref.i].isupper() or first_name_gender(words[0]) is not None


def _speaker_of_label(scene: Scene, label: tuple[int, int], people: dict[str, Entity]) -> Speaker:
    """Return the speaker of a label. One in capitals means a person with that last name, if there is one."""
    tokens = scene.tokens
    i, j = tokens.token_at(label[0]), tokens.token_at(label[1])
    place = bisect_left(scene.starts, i)
    ref = next((ref for ref in scene.refs[place : place + 4] if ref.i < j and ref.entity is not None), None)
    if ref is None:
        ref = Ref(
            i,
            j,
            "name",
            None,
            None,
            False,
            pattern=find_pattern(tokens, i, j),
            is_signature=is_signature(tokens, i),
        )
    entity = ref.entity or Entity(scene.text[slice(*label)], "person", None, i, False)
    if entity.name.isupper():
        known = people.get(entity.name.lower())
        if known is None:
            entity.name = entity.name.title()
        entity = known or entity
    return Speaker(entity, ref, _LABEL_CONFIDENCE)

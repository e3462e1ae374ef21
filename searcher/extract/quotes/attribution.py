"""From quoted spans to speakers: whether each is speech is weighed, every candidate is scored, what points to
the same speaker is added up, and the best one is taken. Where that is doubtful the encoder's word counts as
much, and it alone says whether it is speech."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from searcher.extract.quotes import lexicon
from searcher.extract.quotes.features import (
    BUCKETS,
    antecedents,
    candidate_features,
    carried_features,
    reporting_pattern,
)
from searcher.extract.quotes.lexicon import Weights
from searcher.extract.quotes.marks import PARTS
from searcher.extract.quotes.reasons import Doubt, Reason, ranked_candidates
from searcher.extract.quotes.scene import (
    MIN_CUE,
    Ref,
    Scene,
    Speaker,
    SpokenSpan,
    Votes,
    find_pattern,
    score,
    scores,
    signs,
    softmax,
)
from searcher.extract.quotes.second_opinion import Opinion, is_described, with_opinion
from searcher.extract.quotes.tokens import Entity
from searcher.names.normalise import word_set
from searcher.names.people import first_name_gender

_USUAL_SHARE = 0.9  # share of the spans that are speech where the model was learned
_USUAL_SPANS = 3  # spans of the usual sort that an article is thought to have beside its own
_WEIGHT_OF_OTHERS = 0.5  # how much the other spans count (swept on the training part and on pages: 0 to 1)
_MAX_LOG_ODDS = 30.0  # log odds: as good as certain, and far from where exp overflows
_MIN_LETTERS = 20  # characters from which a sentence that comes twice is no chance
_MAX_SPANS = 1000  # spans alone in their paragraph that are looked for: an article has a handful

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


def no_speech(scene: Scene, quoted: SpokenSpan) -> bool:
    """Whether it is the article's own sentence set apart between marks (a pull quote)."""
    text, span = scene.text, quoted.span
    begins = span.outer_start <= 0 or "\n" in text[span.outer_start - 1 : span.start]
    ends = span.outer_end >= len(text) or "\n" in text[span.end : span.outer_end + 1]
    if not (begins and ends) or span.end - span.start < _MIN_LETTERS or scene.sought >= _MAX_SPANS:
        return False
    scene.sought += 1
    inside = text[span.start : span.end]
    other = text.find(inside)
    if other == span.start:
        other = text.find(inside, span.end)
    return other >= 0 and scene.tokens.span[min(scene.tokens.at(other), len(scene.tokens.span) - 1)] < 0


class Look(NamedTuple):
    """What both models see of a span: its words, their number in classes, and its surroundings."""

    words: list[str]
    number: int
    size: str
    before: str
    capital: int
    ends: str


def look_at(scene: Scene, quoted: SpokenSpan) -> Look:
    inside = scene.text[quoted.span.start : quoted.span.end]
    words = inside.split(None, 60)
    size = "s" if len(words) < 4 else "m" if len(words) < 8 else "l"
    ends = inside[-1] if inside[-1] in ",.!?…" else "x"
    return Look(
        words, BUCKETS[min(len(words), 41)], size, _word_before(scene, quoted), int(inside[0].isupper()), ends
    )


def spoken_features(scene: Scene, quoted: SpokenSpan, best: float, look: Look | None = None) -> list[str]:
    """Features of "this span is speech that the text attributes"; ``best`` is its best speaker's score."""
    text, span = scene.text, quoted.span
    words, number, size, before, capital, ends = look or look_at(scene, quoted)
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


def speech_shares(odds: list[float]) -> Iterator[float]:
    """How likely each span is speech, from its own log odds and from what the others seem to be: in a guide
    that sets off terms between marks a doubtful span is one more term."""
    alone = [_share(value) for value in odds]
    total, others = sum(alone), len(alone) - 1
    for value, share in zip(odds, alone):
        around = (total - share + _USUAL_SPANS * _USUAL_SHARE) / (others + _USUAL_SPANS)
        yield _share(
            value
            + _WEIGHT_OF_OTHERS
            * (math.log(around / (1 - around)) - math.log(_USUAL_SHARE / (1 - _USUAL_SHARE)))
        )


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-_MAX_LOG_ODDS, min(_MAX_LOG_ODDS, odds))))


def clause_features(scene: Scene, quoted: SpokenSpan, look: Look | None = None) -> list[str]:
    """Features of "the author quotes whole clauses here", not a fragment built into his own sentence."""
    text, span = scene.text, quoted.span
    words, number, size, before, capital, ends = look or look_at(scene, quoted)
    finite = int(any(word.lower().strip(".,!?’'").replace("’", "'") in _FINITE for word in words[:20]))
    after = text[span.outer_end : span.outer_end + 2].strip()[:1] or "^"
    after = after if after in ",.;:^" else "w"
    return [
        "bias", f"n{number}", f"cap{capital}", f"before={before}", f"before={before}cap{capital}",
        f"ends{ends}cap{capital}", f"ends{ends}{size}", f"after{after}{ends}", f"finite{finite}{size}",
        f"finite{finite}cap{capital}",
    ]  # fmt: skip


def _word_before(scene: Scene, quoted: SpokenSpan) -> str:
    """The word before the span: itself where it is telling, else its class; "^" at a paragraph's start."""
    if not quoted.i:
        return "^"
    word = scene.tokens.low[quoted.i - 1]
    if word[0] == "\n":
        return "^"
    if word in _KNOWN_BEFORE:
        return word
    if scene.tokens.cue[quoted.i - 1] >= MIN_CUE:
        return "cue"
    return "prep" if word in lexicon.PREPOSITIONS else "w"


def _cues_around(scene: Scene, quoted: SpokenSpan) -> tuple[float, float]:
    """The surest reporting words of the same sentence before and after the span."""
    tokens, weight = scene.tokens, scene.tokens.cue
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


#: Asks the encoder about one quotation, and whether it has to say whose it is.
Ask = Callable[[SpokenSpan, bool], Opinion | None]
#: Is told about which it will be asked.
Expect = Callable[[Sequence[SpokenSpan]], None]
#: The confidence of a speaker below which the encoder is asked, chosen on news-dev, and the log odds of
#: speech: on 260 articles that nothing was trained on 2 % of the spans above were no speech, half of those
#: below.
MAX_DOUBTED_SPEAKER = 0.98
MAX_DOUBTED_SPEECH = 4.0
#: Added to the encoder's log odds of speech, which alone decide where it is asked: fitted on those articles.
SPEECH_SHIFT = -2.0
#: The score of the best candidate where there is none, in log odds: below that of nearly every candidate.
LOG_ODDS_OF_NOBODY = -8.0
# The models were trained with these numbers: whoever changes one has to train anew (training/quotes).
_TOKENS_BEHIND, _TOKENS_AHEAD = 140, 60  # tokens from a quotation to its speaker, in other paragraphs
_TOKENS_NEAR = 70  # tokens, in its own paragraph
_MAX_REFS_BEHIND, _MAX_REFS_AHEAD = 12, 7  # candidates on either side
_MIN_SHARE = 0.08  # a pronoun that gets less of the belief is not resolved
_LOG_ODDS_OF_NOBODY = -5.0  # log odds of speech of a fragment that nobody near may have said
_PUT_TO = word_set("asked told")
_PASSIVE = word_set("was were been being is are")
_NEWCOMER_ARTICLES = word_set("a an another one")
_TOKENS_TO_ASKED = 4  # tokens from the name on: "was then asked", "had also been told"
_TOKENS_TO_QUOTE = 3  # tokens from the verb to the quotation: a comma, a colon, "if"
#: Words below which a fragment may as well be a term or a name within what somebody says.
_MIN_FRAGMENT_WORDS = 5
#: What is left of the confidence: of 41 unreported with .7 of it 27 were right (600 articles of the training
#: part), of five asked one (PolNeAR, news-dev), of 79 fragments 52 (English articles that no weights read).
#: "newcomer" is not fitted: it puts the surest speaker below the default threshold of a question.
SHARE_LEFT: Final[Mapping[Doubt, float]] = {
    "unreported": 0.7,
    "asked": 0.5,
    "fragment": 0.75,
    "newcomer": 0.6,
}
_LABEL_CONFIDENCE = 0.97  # a transcript's label is the speaker


class AttributedSpan(NamedTuple):
    """A span that is speech, with its speaker; ``clause`` where whole clauses are quoted."""

    quoted: SpokenSpan
    speaker: Speaker
    clause: bool
    reason: Reason


def resolve_pronouns(scene: Scene, weights: dict[str, float]) -> None:
    """Settle every pronoun in reading order, so that a later one can follow an earlier one."""
    scene.resolved.clear()
    for ref in scene.refs:
        speaks = ref.kind == "pron" and ref.gender in ("m", "f") and ref.pattern
        if speaks and (found := antecedents(scene, ref, None)):
            points = scores(weights, [features for _, features in found])
            scene.resolved[ref.i] = found[points.index(max(points))][0]


def attribute(
    scene: Scene, weights: Weights, ask: Ask | None = None, expect: Expect | None = None
) -> Iterator[AttributedSpan]:
    """Every span of the scene that is speech, with the speaker that fits it best; without ``ask`` by the
    linear models alone. ``expect`` is told first which spans these doubt, as far as they can tell."""
    doubted: list[SpokenSpan] = []
    considered = _all_considered(scene, weights, lambda quoted, _: doubted.append(quoted))
    if ask and doubted:
        if expect:
            expect(doubted)
        considered = _all_considered(scene, weights, ask)
    shares = speech_shares([odds for _, odds in considered if odds is not None])
    for found, odds in considered:
        if odds is None:
            yield found
            continue
        share = next(shares)
        if share > 0.5:
            who, ref, confidence = found.speaker
            doubt = _doubt(scene, found)
            if doubt:
                confidence *= SHARE_LEFT[doubt]
            reason = replace(found.reason, speech=share, doubts=(doubt,) if doubt else ())
            yield found._replace(speaker=Speaker(who, ref, confidence * share), reason=reason)


def _doubt(scene: Scene, found: AttributedSpan) -> Doubt | None:
    """What around a quotation speaks against its speaker."""
    if _is_unreported(scene, found):
        return "unreported"
    if _is_asked(scene, found):
        return "asked"
    if follows_newcomer(scene, found.speaker):
        return "newcomer"
    inside = scene.text[found.quoted.span.start : found.quoted.span.end]
    return "fragment" if not found.clause and len(inside.split()) < _MIN_FRAGMENT_WORDS else None


def _is_unreported(scene: Scene, found: AttributedSpan) -> bool:
    """Whether no verb of speech is beside the speaker of a fragment: “Roe made the “long soak””."""
    ref = found.speaker.ref
    if ref is None or ref.kind == "pron":
        return False
    if found.clause and ref.entity is not None and ref.entity.tagged:
        return False
    return not ref.signs and reporting_pattern(scene, found.quoted, ref) is None


def _is_asked(scene: Scene, found: AttributedSpan) -> bool:
    """Whether the quotation follows what its speaker was asked or told (“Roe was asked, “…?””)."""
    ref, low = found.speaker.ref, scene.tokens.low
    if ref is None or ref.j > found.quoted.i:
        return False
    end = min(ref.j + _TOKENS_TO_ASKED, found.quoted.i)
    verb = next((k for k in range(ref.j, end) if low[k] in _PUT_TO), None)
    if verb is None or not any(low[k] in _PASSIVE for k in range(ref.j, verb)):
        return False
    return scene.tokens.sent[ref.i] == scene.tokens.sent[verb] and found.quoted.i - verb <= _TOKENS_TO_QUOTE


def follows_newcomer(scene: Scene, speaker: Speaker) -> bool:
    """Return True if the pronoun that attributes may mean an unnamed person, introduced at the start of a
    sentence after the speaker was named: “A woman who lives there said she woke up. “…,” she said.”"""
    ref, who = speaker.ref, speaker.who
    if ref is None or ref.kind != "pron" or not isinstance(who, Entity):
        return False
    place = bisect_left(scene.starts, ref.i)
    for other in reversed(scene.refs[max(0, place - _MAX_REFS_BEHIND) : place]):
        if other.para != ref.para or other.entity is who:
            return False
        head, first = scene.tokens.low[other.j - 1], scene.tokens.low[other.i]
        is_person = other.kind == "noun" and head in lexicon.speaker_nouns_in_either_number()
        is_new = is_person and first in _NEWCOMER_ARTICLES and scene.tokens.first[other.i]
        if is_new and other.gender in (None, ref.gender):
            return True
    return False


def _all_considered(scene: Scene, weights: Weights, ask: Ask) -> list[tuple[AttributedSpan, float | None]]:
    resolve_pronouns(scene, weights.pronouns)
    return list(_considered_spans(scene, weights, ask))


def _considered_spans(
    scene: Scene, weights: Weights, ask: Ask
) -> Iterator[tuple[AttributedSpan, float | None]]:
    """The spans with their speakers and the log odds that they are speech (None: beyond doubt)."""
    labelled = _speakers_of_labels(scene)
    previous: AttributedSpan | None = None
    for quoted in scene.spans:
        if quoted.span.label is not None:
            if quoted.i not in labelled:
                continue
            previous = AttributedSpan(quoted, labelled[quoted.i], True, Reason(("label",)))
            yield previous, None
        elif not no_speech(scene, quoted):
            votes, best = _votes(scene, quoted, previous, weights)
            speaker = votes.best()
            look = look_at(scene, quoted)
            spoken, clauses = spoken_features(scene, quoted, best, look), clause_features(scene, quoted, look)
            odds, clause = score(weights.spoken, spoken), score(weights.clause, clauses) > 0
            whose = speaker.confidence < MAX_DOUBTED_SPEAKER or isinstance(speaker.who, Ref)
            opinion = ask(quoted, whose) if whose or odds < MAX_DOUBTED_SPEECH else None
            if opinion:
                votes = with_opinion(scene, quoted, votes, opinion, weights)
                asked = speaker.confidence < MAX_DOUBTED_SPEAKER or is_described(scene, speaker, opinion)
                speaker = votes.best() if asked else speaker._replace(confidence=votes.share(speaker.who))
                odds = opinion.speech + SPEECH_SHIFT
            if speaker.who is None and not clause:
                odds = min(odds, _LOG_ODDS_OF_NOBODY)  # a fragment, and nobody near who may have said it
            reason = Reason(
                ("rules", "network") if opinion else ("rules",), ranked_candidates(votes.by_name(scene))
            )
            found = AttributedSpan(quoted, speaker, clause, reason)
            yield found, odds
            if odds > 0:
                previous = found


def candidates(scene: Scene, quoted: SpokenSpan) -> list[Ref]:
    """The mentions near enough to name the speaker, in reading order."""
    place = bisect_left(scene.starts, quoted.i)
    behind: list[Ref] = []
    for ref in reversed(scene.refs[max(0, place - 80) : place]):
        if quoted.i - ref.j > _TOKENS_BEHIND or quoted.para - ref.para > 2 or len(behind) >= _MAX_REFS_BEHIND:
            break
        if ref.quoted or ref.completes or ref.j > quoted.i or ref.signs:
            continue  # a signature belongs to the quotation before it
        if ref.para != quoted.para or quoted.i - ref.j <= _TOKENS_NEAR:
            behind.append(ref)
    ahead: list[Ref] = []
    place = bisect_left(scene.starts, quoted.j)
    for ref in scene.refs[place : place + 60]:
        limit = _TOKENS_NEAR if ref.para == quoted.para else _TOKENS_AHEAD
        if ref.i - quoted.j > limit or ref.para - quoted.para > 1 or len(ahead) >= _MAX_REFS_AHEAD:
            break
        if not (ref.quoted or ref.completes):
            ahead.append(ref)
    return behind[::-1] + ahead


def _votes(
    scene: Scene, quoted: SpokenSpan, previous: AttributedSpan | None, weights: Weights
) -> tuple[Votes, float]:
    """The shares of each speaker and the score of the best single candidate."""
    refs = candidates(scene, quoted)
    carried = previous.speaker.who if previous else None
    described = candidate_features(scene, quoted, refs, carried)
    if previous:
        described.append(carried_features(scene, quoted, previous.quoted))
    points = scores(weights.attribution, described)
    votes = Votes()
    if not points:
        return votes, LOG_ODDS_OF_NOBODY
    shares = softmax(points)
    for ref, share in zip(refs, shares):
        if ref.kind == "noun" and scene.tokens.low[ref.j - 1] in lexicon.ADDRESSED:
            votes.add(None, None, share)  # the reader is told what to say: "Don’t say “…”"
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
    """Whom the pronoun stands for, with shares that add up to 1; nobody where there is no antecedent."""
    found = antecedents(scene, pronoun, speaking)
    if not found:
        return [(None, 1.0)]
    shares = softmax(scores(weights.pronouns, [features for _, features in found]))
    scene.resolved[pronoun.i] = found[shares.index(max(shares))][0]
    return [(who, share) for (who, _), share in zip(found, shares)]


def _speakers_of_labels(scene: Scene) -> dict[int, Speaker]:
    """By first token the speakers of a transcript's lines; none where nobody is among them ("Lakers: …")."""
    people = _People(scene)
    found = {
        quoted.i: _speaker_of_label(scene, quoted.span.label, people)
        for quoted in scene.spans
        if quoted.span.label is not None
    }
    return found if any(_is_somebody(scene, speaker) for speaker in found.values()) else {}


def _is_somebody(scene: Scene, speaker: Speaker) -> bool:
    """Whether a label is a person, or at least a role ("HOST:"); "Location:" is neither."""
    ref, entity = speaker.ref, speaker.who
    if ref is None or not isinstance(entity, Entity) or entity.kind == "organisation":
        return False
    words = scene.tokens.low[ref.i : ref.j]
    if any(word in lexicon.ROLES or word in PARTS for word in words):
        return True
    if scene.annotated:
        return entity.kind == "person" and (entity.tagged or len(words) > 1)
    return scene.tokens.words[ref.i].isupper() or first_name_gender(words[0]) is not None


def _speaker_of_label(scene: Scene, label: tuple[int, int], people: _People) -> Speaker:
    """The speaker of a transcript's line: the person whose last name the label is."""
    tokens = scene.tokens
    i, j = tokens.at(label[0]), tokens.at(label[1])
    place = bisect_left(scene.starts, i)
    for ref in scene.refs[place : place + 4]:
        if ref.i < j and ref.entity is not None:
            return Speaker(people.fuller(ref.entity), ref, _LABEL_CONFIDENCE)
    name = scene.text[label[0] : label[1]]
    ref = Ref(i, j, "name", None, None, False, pattern=find_pattern(tokens, i, j), signs=signs(tokens, i))
    return Speaker(people.fuller(Entity(name, "person", None, i, False)), ref, _LABEL_CONFIDENCE)


class _People:
    """The people of a scene who are not written in capitals, by what their names end in."""

    def __init__(self, scene: Scene) -> None:
        self._places: dict[int, int] = {}  # of an entity: that of its first name
        self._ending: dict[str, Entity] = {}
        for place, name in enumerate(scene.names):
            if name.entity.kind == "person" and self._places.setdefault(id(name.entity), place) == place:
                self._add(name.entity)

    def fuller(self, entity: Entity) -> Entity:
        """The first person whose name ends in this one, in capitals, else in small letters."""
        if not entity.name.isupper():
            return entity
        found = self._ending.get(entity.name.lower())
        if found is not None:
            return found
        entity.name = entity.name.title()
        if id(entity) in self._places:
            self._add(entity)
        return entity

    def _add(self, entity: Entity) -> None:
        low = entity.name.lower()
        starts = [0, *(place + 1 for place, char in enumerate(low) if char == " ")]
        for start in () if entity.name.isupper() else starts:
            known = self._ending.get(low[start:])
            if known is None or self._places[id(entity)] < self._places[id(known)]:
                self._ending[low[start:]] = entity

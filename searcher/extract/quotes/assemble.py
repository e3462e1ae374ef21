"""From attributed spans to the quotes of the model: names, kinds, utterances."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from searcher.article import Mention, Quote, QuoteKind, SpeakerKind
from searcher.extract.quotes.attribution import Attributed, attribute
from searcher.extract.quotes.entities import Entity
from searcher.extract.quotes.indirect import reported
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.scene import Ref, Scene, SpokenSpan
from searcher.extract.quotes.second_opinion import Opinion, SecondOpinion
from searcher.extract.quotes.votes import Speaker
from searcher.extract.quotes.weights import load_weights

__all__ = ["quotes_of"]

_WORDS_BETWEEN = 25  # words of attribution between two parts of one utterance


def quotes_of(
    text: str, mentions: Iterable[Mention], offset: int, utterance: int, second: SecondOpinion
) -> list[Quote]:
    """The quotes of one stretch of text that begins at ``offset`` of the body, in reading order."""
    weights = load_weights()
    mentions = [m for m in mentions if m.part == "body"]
    scene = Scene(text, find_spans(text), mentions, offset)

    def place(quoted: SpokenSpan) -> tuple[int, int]:
        return quoted.span.start + offset, quoted.span.end + offset

    def ask(quoted: SpokenSpan, whose: bool) -> Opinion | None:
        return second.ask(*place(quoted), whose=whose)

    def expect(doubted: Iterable[SpokenSpan]) -> None:
        second.expect(list(map(place, doubted)))

    said: list[_Said] = []
    utterance -= 1
    previous: Attributed | None = None
    for found in attribute(scene, weights, ask, expect):
        if previous is None or not _continues(scene, previous, found):
            utterance += 1
        span, kind = found.quoted.span, _kind(found)
        said.append(_Said(span.start, span.end, kind, found.speaker, utterance))
        previous = found
    for start, end, speaker in reported(scene, weights):
        utterance += 1
        said.append(_Said(start, end, "indirect", speaker, utterance))
    return [_quote(scene, one, offset) for one in sorted(said, key=lambda one: (one.start, one.end))]


@dataclass(frozen=True, slots=True)
class _Said:
    """A quotation within the stretch: where it stands, of which kind it is, and who said it."""

    start: int
    end: int
    kind: QuoteKind
    speaker: Speaker
    utterance: int


def _kind(found: Attributed) -> QuoteKind:
    return "direct" if found.clause else "partial"


def _continues(scene: Scene, before: Attributed, found: Attributed) -> bool:
    """Whether two spans are parts of one utterance: split by its attribution, or running over paragraphs."""
    if before.speaker.who is not found.speaker.who and not _same_person(before.speaker, found.speaker):
        return False
    apart = found.quoted.para - before.quoted.para
    if apart:
        return apart == 1 and not before.quoted.span.closed and before.quoted.span.label is None
    if not (before.clause and found.clause):
        return False
    words = scene.words_outside[found.quoted.i] - scene.words_outside[before.quoted.j]
    sentences = scene.sentence_marks[found.quoted.i] - scene.sentence_marks[before.quoted.j]
    return words <= _WORDS_BETWEEN and sentences <= 1


def _same_person(one: Speaker, other: Speaker) -> bool:
    return isinstance(one.who, Entity) and isinstance(other.who, Entity) and one.who.name == other.who.name


def _quote(scene: Scene, said: _Said, offset: int) -> Quote:
    name, speaker_kind = _named(scene, said.speaker)
    ref = said.speaker.ref
    tokens = scene.tokens
    return Quote(
        text=scene.text[said.start : said.end],
        speaker=name,
        kind=said.kind,
        start=said.start + offset,
        end=said.end + offset,
        confidence=round(said.speaker.confidence, 3) if name else 0.0,
        speaker_kind=speaker_kind,
        speaker_start=tokens.starts[ref.i] + offset if ref else None,
        speaker_end=_end_of(scene, ref) + offset if ref else None,
        utterance=said.utterance,
    )


def _end_of(scene: Scene, ref: Ref) -> int:
    """Where the mention ends, without the ’s that its last token may carry."""
    tokens = scene.tokens
    end = tokens.ends[ref.j - 1]
    if ref.kind == "name" and tokens.words[ref.j - 1][-2:] in ("’s", "'s"):
        return end - 2
    return end


def _named(scene: Scene, speaker: Speaker) -> tuple[str | None, SpeakerKind | None]:
    who = speaker.who
    if who is None:
        return None, None
    if isinstance(who, Entity):
        return who.name, _kind_of(scene, who)
    return scene.text[scene.tokens.starts[who.i] : scene.tokens.ends[who.j - 1]], "unnamed"


def _kind_of(scene: Scene, entity: Entity) -> SpeakerKind:
    """Where the names stage looked for names, what it did not take for one is left open ("Texas Democrat").

    Otherwise an entity that nothing tells more about is a person where it has no article before it.
    """
    if entity.kind == "person":
        return "person"
    if entity.kind == "organisation":
        return "organisation"
    if scene.annotated:
        return "unnamed"
    before = scene.tokens.low[entity.first - 1] if entity.first else ""
    return "organisation" if before == "the" or entity.name.isupper() else "person"

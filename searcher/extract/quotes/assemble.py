"""From attributed spans to the quotes of the model: names, kinds, utterances."""

from __future__ import annotations

from collections.abc import Iterable

from searcher.extract.quotes.attribution import Attributed, Speaker, attribute
from searcher.extract.quotes.entities import Entity
from searcher.extract.quotes.indirect import reported
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.scene import Ref, Scene
from searcher.extract.quotes.weights import load_weights
from searcher.model import Mention, Quote, SpeakerKind

__all__ = ["quotes_of"]

_WORDS_BETWEEN = 25  # words of attribution between two parts of one utterance


def quotes_of(text: str, mentions: Iterable[Mention], offset: int, utterance: int) -> list[Quote]:
    """The quotes of one stretch of text that begins at ``offset`` of the body, in reading order."""
    weights = load_weights()
    mentions = [m for m in mentions if m.part == "body"]
    scene = Scene(text, find_spans(text), mentions, offset)
    attributed = list(attribute(scene, weights))
    quotes = []
    utterance -= 1
    previous: Attributed | None = None
    for found in attributed:
        if previous is None or not _continues(scene, previous, found):
            utterance += 1
        quotes.append(_quote(scene, found, offset, utterance))
        previous = found
    for start, end, speaker in reported(scene, weights):
        utterance += 1
        quotes.append(_made(scene, start, end, "indirect", speaker, offset, utterance))
    return sorted(quotes, key=lambda quote: (quote.start, quote.end))


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


def _quote(scene: Scene, found: Attributed, offset: int, utterance: int) -> Quote:
    span = found.quoted.span
    kind = "direct" if found.clause else "partial"
    return _made(scene, span.start, span.end, kind, found.speaker, offset, utterance)


def _made(
    scene: Scene, start: int, end: int, kind: str, speaker: Speaker, offset: int, utterance: int
) -> Quote:
    name, speaker_kind = _named(scene, speaker)
    ref = speaker.ref
    tokens = scene.tokens
    return Quote(
        text=scene.text[start:end],
        speaker=name,
        kind=kind,  # type: ignore[arg-type]
        start=start + offset,
        end=end + offset,
        confidence=round(speaker.confidence, 3) if name else 0.0,
        speaker_kind=speaker_kind,
        speaker_start=tokens.starts[ref.i] + offset if ref else None,
        speaker_end=_end_of(scene, ref) + offset if ref else None,
        utterance=utterance,
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

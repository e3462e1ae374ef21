"""Turns of speech as an article has them: paragraphs of its body, each a quotation on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from searcher.article import Article, Quote, SpeakerKind
from searcher.readers.finish import clean_body, line


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody says until another one speaks, in one paragraph or several.

    ``speaker`` is the full name that the record gives, None where it gives none; ``label`` is what it prints
    before the words: "Ms Keane (Minister):". The other fields are those of :class:`Quote`.
    """

    text: str
    speaker: str | None = None
    moment: str | None = None
    role: str | None = None
    party: str | None = None
    label: str = ""
    speaker_kind: SpeakerKind | None = "person"


def recorded(article: Article, parts: Iterable[Turn | str]) -> Article:
    """Return an article whose body are these parts, in their order; a text is what nobody says: a heading, a
    note."""
    pieces: list[str] = []
    quotes: list[Quote] = []
    length = 0
    for part in parts:
        said = clean_body(part.text if isinstance(part, Turn) else part)
        label = line(part.label) if isinstance(part, Turn) else ""
        piece = f"{label} {said}" if label and said else label or said
        if not piece:
            continue
        if isinstance(part, Turn) and said:
            quotes.append(_quote(part, said, label, length, len(quotes)))
        pieces.append(piece)
        length += len(piece) + len("\n\n")
    return replace(article, body="\n\n".join(pieces), quotes=tuple(quotes))


def _quote(turn: Turn, said: str, label: str, at: int, number: int) -> Quote:
    start = at + (len(label) + 1 if label else 0)
    speaker = line(turn.speaker or "") or None
    named = bool(speaker and label)
    return Quote(
        said,
        speaker,
        "speech",
        start,
        start + len(said),
        speaker_kind=turn.speaker_kind if speaker else None,
        speaker_start=at if named else None,
        speaker_end=at + len(label.rstrip(" :")) if named else None,
        utterance=number,
        moment=line(turn.moment or "") or None,
        role=line(turn.role or "") or None,
        party=line(turn.party or "") or None,
    )

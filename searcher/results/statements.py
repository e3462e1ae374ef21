"""Statements found, with the articles that carry them, and matches for a remembered quotation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from searcher.article import Article, Displayed, Quote
from searcher.results.articles import Facet, HasSource, HitPage, Marks, Names, reference, short_repr

#: Replaces the text between two parts of an utterance.
GAP = " […] "
#: At this confidence, a speaker is as likely to be right as wrong.
LIKELY_CONFIDENCE: Final = 0.5


def utterance_text(parts: Iterable[Quote]) -> str:
    """Return the parts of an utterance as printed, joined by “[…]”."""
    return GAP.join(part.text for part in parts)


def confident_parts(parts: tuple[Quote, ...], min_confidence: float) -> tuple[Quote, ...]:
    """Return the parts with this confidence in the speaker, or all parts if none has it."""
    return tuple(part for part in parts if part.confidence >= min_confidence) or parts


def certainty_key(part: Quote) -> tuple[bool, float]:
    """Sort key: the part whose speaker is most certain is the greatest."""
    return part.speaker is not None, part.confidence


@dataclass(frozen=True, slots=True)
class Place(HasSource):
    """An article that carries a statement.

    ``parts`` are its quotations there, more than one if an attribution interrupts them. ``speaker`` is the
    speaker that this article names; it and ``source`` are names across articles.
    """

    article: Article
    parts: tuple[Quote, ...]
    speaker: str | None = None
    names: Names | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        """The parts as printed, joined by “[…]”."""
        return utterance_text(self.parts)

    @property
    def best_part(self) -> Quote:
        """The part whose speaker is most certain."""
        return max(self.parts, key=certainty_key)

    @property
    def confidence(self) -> float:
        """Confidence in the speaker, 0 to 1."""
        return self.best_part.confidence if self.speaker else 0.0

    def __repr__(self) -> str:
        return f"<Place {self.article.id}: {short_repr(self.text)}, speaker: {self.speaker or 'unknown'}>"

    def to_dict(self) -> dict[str, Any]:
        article = self.article
        return {
            "text": self.text,
            "speaker": self.speaker,
            "speaker_kind": self.best_part.speaker_kind,
            "confidence": round(self.confidence, 4),
            "parts": [
                {"start": part.start, "end": part.end, "kind": part.kind, "moment": part.moment}
                for part in self.parts
            ],
            "article": {**reference(article, self.source), "story": article.story},
        }


@dataclass(frozen=True, slots=True)
class Vote:
    """The votes for a speaker: the sum of the confidences, and the number of stories."""

    speaker: str
    weight: float
    stories: int

    def to_dict(self) -> dict[str, Any]:
        return {"speaker": self.speaker, "weight": self.weight, "stories": self.stories}


@dataclass(frozen=True, slots=True)
class Statement(Displayed):
    """An utterance with all articles that carry it.

    Attributes:
        places: The articles, oldest first; those without a date last.
        whole: The place with the most complete text.
        votes: The speakers that the places name, most votes first.
        marks: Matches, as offsets into ``text``.
    """

    places: tuple[Place, ...]
    whole: Place
    votes: tuple[Vote, ...] = ()
    score: float = 0.0
    marks: Marks = ()

    @property
    def text(self) -> str:
        """The text, as printed where it is most complete."""
        return self.whole.text

    @property
    def article(self) -> Article:
        """The article with the most complete text."""
        return self.whole.article

    @property
    def first(self) -> Place:
        """The earliest place."""
        return self.places[0]

    @property
    def speaker(self) -> str | None:
        """The speaker with most votes. None if no place names one."""
        return self.votes[0].speaker if self.votes else None

    @property
    def other_speakers(self) -> tuple[str, ...]:
        """The other likely speakers. The copies of a story share one vote, but one of them may correct the
        rest."""
        likely = (one for one in self.places if one.speaker and one.confidence >= LIKELY_CONFIDENCE)
        outvoted = [one.speaker for one in likely if one.best_part.speaker_kind != "unnamed"]
        named = dict.fromkeys([*(vote.speaker for vote in self.votes), *outvoted])
        return tuple(name for name in named if name and name != self.speaker)

    @property
    def confidence(self) -> float:
        """Confidence in the speaker, 0 to 1: the highest of a place times the share of the votes."""
        if not self.votes:
            return 0.0
        surest = max(place.confidence for place in self.places if place.speaker == self.speaker)
        return surest * self.votes[0].weight / (sum(vote.weight for vote in self.votes) or 1.0)

    @property
    def sources(self) -> tuple[str, ...]:
        """The distinct sources that carried it, in chronological order."""
        return tuple(dict.fromkeys(place.source for place in self.places if place.source))

    def __repr__(self) -> str:
        speaker = self.speaker or "unknown"
        return f"<Statement {short_repr(self.text)}, speaker: {speaker}, places: {len(self.places):,}>"

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text, "marks": [list(mark) for mark in self.marks], "speaker": self.speaker,
            "confidence": round(self.confidence, 4), "votes": [vote.to_dict() for vote in self.votes],
            "sources": list(self.sources), "score": round(self.score, 6),
            "places": [place.to_dict() for place in self.places],
        }  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Statements(HitPage[Statement]):
    """A page of statements, in ``places`` articles. ``facets`` count statements; ``below_confidence`` as in
    :class:`Quotes`."""

    places: int = 0
    below_confidence: int = 0
    facets: Mapping[str, Facet] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Statements: {len(self.hits):,} of {self.total:,} statements>"

    def to_dict(self) -> dict[str, Any]:
        counted = {name: [v.to_dict() for v in facet.values] for name, facet in self.facets.items()}
        return {
            "total": self.total, "places": self.places, **self.notes(),
            **({"facets": counted} if counted else {}), "statements": [hit.to_dict() for hit in self.hits],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between the words of a query and the printed words. Either may be empty."""

    query: str
    printed: str

    def to_dict(self) -> dict[str, Any]:
        return {"query": self.query, "printed": self.printed}


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A statement that matches a remembered quotation.

    Attributes:
        place: The article with the most similar words.
        share: Share of the remembered words that were printed, 0 to 1.
        whole: The printed text has exactly these words.
        changes: The differences between the first and the last of these words.
    """

    statement: Statement
    place: Place
    share: float
    whole: bool
    changes: tuple[Change, ...] = ()

    @property
    def match(self) -> Literal["exact", "part", "near"]:
        """Whether the words are all of the text, a part of it, or changed."""
        return "near" if self.changes else "exact" if self.whole else "part"

    def __repr__(self) -> str:
        return f"<FoundQuote {self.match}: {short_repr(self.place.text)}>"

    def to_dict(self) -> dict[str, Any]:
        return {
            "match": self.match, "share": round(self.share, 4),
            "changes": [change.to_dict() for change in self.changes], "printed": self.place.text,
            "in": self.place.article.id, "statement": self.statement.to_dict(),
        }  # fmt: skip

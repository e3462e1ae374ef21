"""Statements found, each with the articles that carry it, and quotations that were found again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from searcher.article import Article, Displayed, Quote
from searcher.results.articles import Facet, HitPage, Marks, Names, Sourced, reference, short_repr

#: What stands for the attribution between two parts of an utterance.
GAP = " […] "
#: A name with this confidence is as likely wrong as right.
LIKELY_CONFIDENCE: Final = 0.5


def utterance_text(parts: Iterable[Quote]) -> str:
    """Return the words of an utterance: its parts as printed, with “[…]” for what stands between them."""
    return GAP.join(part.text for part in parts)


def sure_parts(parts: tuple[Quote, ...], min_confidence: float) -> tuple[Quote, ...]:
    """Return the parts with at least this confidence in the speaker; all of them if none has it."""
    return tuple(part for part in parts if part.confidence >= min_confidence) or parts


def surest(part: Quote) -> tuple[bool, float]:
    """Return a key by which the part of an utterance whose speaker is surest is the greatest."""
    return part.speaker is not None, part.confidence


@dataclass(frozen=True, slots=True)
class Place(Sourced):
    """An article that carries a statement. ``parts`` are its quotations there, more than one where an
    attribution stands between them; each is a slice of the body. ``speaker`` is whom this article names, and
    ``source`` its source, by their names across articles."""

    article: Article
    parts: tuple[Quote, ...]
    speaker: str | None = None
    names: Names | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        """What was said: the parts as printed, with “[…]” for what stands between them."""
        return utterance_text(self.parts)

    @property
    def said(self) -> Quote:
        """The part whose speaker is surest."""
        return max(self.parts, key=surest)

    @property
    def confidence(self) -> float:
        """How sure the speaker is, 0 to 1."""
        return self.said.confidence if self.speaker else 0.0

    def __repr__(self) -> str:
        return f"<Place {self.article.id}: {short_repr(self.text)}, said by {self.speaker or 'nobody known'}>"

    def to_dict(self) -> dict[str, Any]:
        article = self.article
        return {
            "text": self.text,
            "speaker": self.speaker,
            "speaker_kind": self.said.speaker_kind,
            "confidence": round(self.confidence, 4),
            "parts": [
                {"start": part.start, "end": part.end, "kind": part.kind, "moment": part.moment}
                for part in self.parts
            ],
            "article": {**reference(article, self.source), "story": article.story},
        }


@dataclass(frozen=True, slots=True)
class Vote:
    """A speaker, with the sum of the confidences and the number of the stories that name it."""

    speaker: str
    weight: float
    stories: int

    def to_dict(self) -> dict[str, Any]:
        return {"speaker": self.speaker, "weight": self.weight, "stories": self.stories}


@dataclass(frozen=True, slots=True)
class Statement(Displayed):
    """What somebody said, once, with everyone who carried it.

    ``places`` are the articles, oldest first, those without a date last; ``whole`` is the place that has most
    of it. ``votes`` are the speakers that the places name, most votes first: more than one where they differ.
    ``marks`` are the matches, as offsets into ``text``.
    """

    places: tuple[Place, ...]
    whole: Place
    votes: tuple[Vote, ...] = ()
    score: float = 0.0
    marks: Marks = ()

    @property
    def text(self) -> str:
        """The words, as printed where most of them are."""
        return self.whole.text

    @property
    def article(self) -> Article:
        """The article that has most of it."""
        return self.whole.article

    @property
    def first(self) -> Place:
        """Who had it first."""
        return self.places[0]

    @property
    def speaker(self) -> str | None:
        """Who said it, by most votes; None where no place names anybody."""
        return self.votes[0].speaker if self.votes else None

    @property
    def others(self) -> tuple[str, ...]:
        """The other speakers whom places name, those with votes first: the copies of a story have one vote,
        though one of them may correct another."""
        likely = (one for one in self.places if one.speaker and one.confidence >= LIKELY_CONFIDENCE)
        outvoted = [one.speaker for one in likely if one.said.speaker_kind != "unnamed"]
        named = dict.fromkeys([*(vote.speaker for vote in self.votes), *outvoted])
        return tuple(name for name in named if name and name != self.speaker)

    @property
    def confidence(self) -> float:
        """How sure the speaker is, 0 to 1: that of the surest place, by the speaker's share of the votes."""
        if not self.votes:
            return 0.0
        surest = max(place.confidence for place in self.places if place.speaker == self.speaker)
        return surest * self.votes[0].weight / (sum(vote.weight for vote in self.votes) or 1.0)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that carried it, each once, in the order of time."""
        return tuple(dict.fromkeys(place.source for place in self.places if place.source))

    def __repr__(self) -> str:
        said_by = self.speaker or "nobody known"
        places = f"{len(self.places):,} places"
        return f"<Statement {short_repr(self.text)}, said by {said_by}: {places}>"

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text, "marks": [list(mark) for mark in self.marks], "speaker": self.speaker,
            "confidence": round(self.confidence, 4), "votes": [vote.to_dict() for vote in self.votes],
            "sources": list(self.sources), "score": round(self.score, 6),
            "places": [place.to_dict() for place in self.places],
        }  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Statements(HitPage[Statement]):
    """``total`` statements match, in ``places`` articles; ``hits`` are those of the page asked for.
    ``facets`` count statements; ``below_confidence`` as in :class:`Quotes`."""

    places: int = 0
    below_confidence: int = 0
    facets: Mapping[str, Facet] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Statements: {len(self.hits):,} of {self.total:,} statements>"

    def to_dict(self) -> dict[str, Any]:
        counted = {name: [v.to_dict() for v in facet.values] for name, facet in self.facets.items()}
        return {
            "total": self.total, "places": self.places, **self.told(),
            **({"facets": counted} if counted else {}), "statements": [hit.to_dict() for hit in self.hits],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between what is remembered and what was printed: the words of each, empty where there are
    none."""

    asked: str
    printed: str

    def to_dict(self) -> dict[str, Any]:
        return {"asked": self.asked, "printed": self.printed}


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A statement that has the words of a quotation that somebody remembers, or most of them.

    ``place`` is the article whose words are nearest to these, ``share`` (0 to 1) how many of the remembered
    words are there, ``whole`` whether nothing else is, ``changes`` what differs between the first and the
    last of them.
    """

    statement: Statement
    place: Place
    share: float
    whole: bool
    changes: tuple[Change, ...] = ()

    @property
    def match(self) -> Literal["exact", "part", "near"]:
        """How the words were found: alone, within a longer statement, or with differences."""
        return "near" if self.changes else "exact" if self.whole else "part"

    def __repr__(self) -> str:
        return f"<FoundQuote {self.match}: {short_repr(self.place.text)}>"

    def to_dict(self) -> dict[str, Any]:
        return {
            "match": self.match, "share": round(self.share, 4),
            "changes": [change.to_dict() for change in self.changes], "printed": self.place.text,
            "in": self.place.article.id, "statement": self.statement.to_dict(),
        }  # fmt: skip

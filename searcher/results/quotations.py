"""Quotations found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from searcher.article import Article, Displayed, Quote
from searcher.results.articles import HasSource, HitPage, Marks, Names, reference, short_repr


@dataclass(frozen=True, slots=True)
class QuoteHit(Displayed, HasSource):
    """A quotation found, with its article and the text around it.

    ``before`` and ``after`` are slices of the body next to the quotation, and ``marks`` are the matches, as
    offsets into ``quote.text``. ``speaker`` and ``source`` are names across articles; ``quote`` and
    ``article`` have the original ones.
    """

    quote: Quote
    article: Article
    score: float
    speaker: str | None = None
    before: str = ""
    after: str = ""
    marks: Marks = ()
    names: Names | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"<QuoteHit {short_repr(self.quote.text)}, speaker: {self.speaker or 'unknown'}>"

    def to_dict(self) -> dict[str, Any]:
        quote, article = self.quote, self.article
        return {
            "text": quote.text, "marks": [list(mark) for mark in self.marks], "speaker": self.speaker,
            "speaker_kind": quote.speaker_kind, "kind": quote.kind, "moment": quote.moment,
            "role": quote.role, "party": quote.party, "confidence": round(quote.confidence, 4),
            "start": quote.start, "end": quote.end, "before": self.before, "after": self.after,
            "score": round(self.score, 6), "article": reference(article, self.source),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Quotes(HitPage[QuoteHit]):
    """A page of quotations. ``below_confidence`` is the number of further ones with too little confidence in
    the speaker."""

    below_confidence: int = 0

    def __repr__(self) -> str:
        return f"<Quotes: {len(self.hits):,} of {self.total:,} quotations>"

    def to_dict(self) -> dict[str, Any]:
        return {"total": self.total, **self.notes(), "quotes": [hit.to_dict() for hit in self.hits]}

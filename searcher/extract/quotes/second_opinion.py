"""What the encoder says about an English span that is doubtful: is it speech, and whose?

The linear models of :mod:`.attribution` know English cues and are fast. The encoder has read how quotations
are attributed in general, whoever published them; it costs some tens of milliseconds a window, so that it is
asked only where the models hesitate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from searcher.article import Article
from searcher.extract.names.wrapping import body_offset

if TYPE_CHECKING:
    from searcher.extract.encoder import Reading
    from searcher.extract.quotes.multilingual.pointers import Table

__all__ = ["Opinion", "SecondOpinion"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """Shares of belief, which add up to 1: by name of the article, and for nobody of these.

    ``speech`` are the log odds that it is speech at all, ``mention`` is the place in the body of the words
    that attribute it.
    """

    speech: float
    names: dict[str, float]
    nobody: float
    mention: tuple[int, int] | None


class SecondOpinion:
    """The encoder's view of one article, which is not read before it is asked for."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._offset = body_offset(article)
        self._read: tuple[Reading, Table] | None = None

    def expect(self, places: Sequence[tuple[int, int]]) -> None:
        """Places of the body about which it will most likely be asked: those close together cost less."""
        if places:
            reading, _ = self._reading()
            shifted = [(start + self._offset, end + self._offset) for start, end in places]
            reading.expect([place for place in shifted if place[1] <= reading.end])

    def ask(self, start: int, end: int) -> Opinion | None:
        """The opinion on ``body[start:end]``; None where the encoder finds nothing at all."""
        from searcher.extract.quotes.multilingual.pointers import pointed
        from searcher.extract.quotes.multilingual.speakers import shares_of

        reading, table = self._reading()
        if end + self._offset > reading.end:
            return None
        question = reading.ask_near((start + self._offset, end + self._offset))
        shares = shares_of(reading.text, pointed(question, reading, table), table)
        names: dict[str, float] = {}
        for who, share in shares.names.items():
            names[who.name] = names.get(who.name, 0.0) + share
        total = sum(names.values()) + shares.nobody
        if not total:
            return None
        first, last = shares.mention or (-1, -1)
        mention = (first - self._offset, last - self._offset) if first >= self._offset else None
        shared = {name: share / total for name, share in names.items()}
        return Opinion(question.answer.speech, shared, shares.nobody / total, mention)

    def _reading(self) -> tuple[Reading, Table]:
        from searcher.extract.encoder import read_article
        from searcher.extract.quotes.multilingual.pointers import Table

        if self._read is None:
            reading = read_article(self._article)
            self._read = reading, Table(self._article.mentions, reading, self._offset)
        return self._read

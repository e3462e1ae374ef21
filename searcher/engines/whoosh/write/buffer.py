"""Articles gathered in memory as flat arrays, until they become a segment."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Collection, Sequence

from searcher import analysis
from searcher.article import Article, Quote
from searcher.engines.whoosh.format.doc_store import pack_article
from searcher.engines.whoosh.format.layout import KINDS, NO_DATE, SAID_BY, VALUES
from searcher.fields import FIELDS

__all__ = ["Buffer", "Numbers", "Stream", "Values", "in_order", "seconds", "values_of"]

_ATTRIBUTES = {f.name: f.attribute for f in FIELDS}
_EPOCH = dt.datetime(1, 1, 1)


class Numbers(dict):  # type: ignore[type-arg]  # of any one kind of key
    """Numbers its keys from 0 in the order in which they are first asked for."""

    def __missing__(self, key: object) -> int:
        number = len(self)
        self[key] = number
        return number


class _Chunks(dict[str, bytes]):
    """Chunk of a text to the numbers of its tokens, as they lie in memory: most of a text is put together of
    what was seen before. It is emptied when full, as the one of :mod:`searcher.analysis`."""

    ENTRIES = 150_000
    LONGEST = 40

    def __init__(self, tokens: Numbers) -> None:
        self._tokens = tokens

    def __missing__(self, chunk: str) -> bytes:
        numbers = array("I", [self._tokens[forms] for forms in analysis.chunk_forms(chunk)]).tobytes()
        if len(chunk) <= self.LONGEST:
            if len(self) >= self.ENTRIES:
                self.clear()
            self[chunk] = numbers
        return numbers


class Stream:
    """The tokens of many texts, one after another, and how many each text has."""

    def __init__(self, chunks: _Chunks) -> None:
        self._chunks = chunks
        self.flat = array("I")
        self.counts = array("I")

    def add(self, *texts: str) -> list[int]:
        """One document of these texts. Returns how many tokens each has."""
        found = [b"".join(map(self._chunks.__getitem__, analysis.chunks(text))) for text in texts]
        counts = [len(numbers) // self.flat.itemsize for numbers in found]
        self.flat.frombytes(b"".join(found))
        self.counts.append(sum(counts))
        return counts


class Values:
    """The values of one field, document by document."""

    def __init__(self) -> None:
        self.numbers = Numbers()
        self.flat = array("I")
        self.counts = array("I")

    def add(self, values: Collection[str]) -> None:
        for value in values:
            self.flat.append(self.numbers[value])
        self.counts.append(len(values))


class Buffer:
    """What was added and not yet written.

    ``cost`` estimates in bytes what it holds and what making a segment of it will take besides.
    """

    # Measured: the flat arrays, the postings made of them and what sorting takes, a token; an entry of the
    # lexicon in memory; one of the chunks; an article's share of everything else.
    _PER_TOKEN, _PER_WORD, _PER_CHUNK, _PER_ARTICLE = 22, 500, 200, 600

    def __init__(self) -> None:
        self.tokens = Numbers()
        self._chunks = _Chunks(self.tokens)
        self.text = Stream(self._chunks)
        self.quotes = Stream(self._chunks)
        self.title_lengths = array("I")
        self.when = array("q")
        self.quote_counts = array("I")
        self.quote_kinds = array("B")
        self.quote_confidences = array("d")
        self.values = {name: Values() for name in (*VALUES, "id", SAID_BY)}
        self.packed: list[bytes] = []
        self.dead: set[int] = set()
        self._by_id: dict[str, int] = {}
        self._packed_bytes = 0

    def __len__(self) -> int:
        return len(self.packed)

    @property
    def ids(self) -> Collection[str]:
        """Those of all that was added."""
        return self.values["id"].numbers

    @property
    def cost(self) -> int:
        positions = len(self.text.flat) + len(self.quotes.flat)
        return (
            positions * self._PER_TOKEN
            + len(self.tokens) * self._PER_WORD
            + len(self._chunks) * self._PER_CHUNK
            + len(self) * self._PER_ARTICLE
            + self._packed_bytes
        )

    def add(self, article: Article) -> None:
        self.delete(article.id)
        packed = pack_article(article)
        self._by_id[article.id] = len(self)
        title, _ = self.text.add(article.title, article.body)
        self.title_lengths.append(title)
        self.when.append(seconds(article.published))
        for name in VALUES:
            self.values[name].add(values_of(article, name))
        self.values["id"].add((article.id,))
        self._add_quotes(article)
        self.packed.append(packed)
        self._packed_bytes += len(packed)

    def delete(self, id: str) -> None:
        number = self._by_id.pop(id, None)
        if number is not None:
            self.dead.add(number)

    def _add_quotes(self, article: Article) -> None:
        self.quote_counts.append(len(article.quotes))
        for quote in in_order(article.quotes):
            self.quotes.add(quote.text)
            self.quote_kinds.append(KINDS.index(quote.kind))
            self.quote_confidences.append(quote.confidence)
            self.values[SAID_BY].add((quote.speaker,) if quote.speaker else ())


def in_order(quotes: Sequence[Quote]) -> list[Quote]:
    """Quotations by their place in the text: the order of an article's quotations in the index."""
    return [quotes[n] for n in sorted(range(len(quotes)), key=lambda n: (quotes[n].start, quotes[n].end, n))]


def seconds(moment: dt.datetime | None) -> int:
    """Whole seconds on the publisher's clock since the year 1; NO_DATE for none."""
    if moment is None:
        return NO_DATE
    since = moment - _EPOCH
    return since.days * 86_400 + since.seconds


def values_of(article: Article, name: str) -> tuple[str, ...]:
    """The values of a value field, each once, without empty ones."""
    if name == "year":
        return (str(article.published.year),) if article.published else ()
    held = getattr(article, _ATTRIBUTES[name])
    if not held or isinstance(held, str):
        return (held,) if held else ()
    return tuple(dict.fromkeys(filter(None, held)))

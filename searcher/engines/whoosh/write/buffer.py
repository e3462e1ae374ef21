"""The buffer: added articles as flat arrays in memory, before they are written as a segment."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from searcher import analysis
from searcher.article import Article, Quote, part_ends
from searcher.engines.field_values import values_of
from searcher.engines.whoosh.arrays import DTYPES, Array, as_array, offsets, typecode
from searcher.engines.whoosh.format.array_file import (
    ALL_VALUES,
    KINDS,
    QUOTE_VALUES,
    SPEAKER_KINDS,
    VALUES,
    ArrayWriter,
    quotes_by_position,
    seconds,
)
from searcher.engines.whoosh.format.articles import pack_article
from searcher.languages import word_language
from searcher.results.statements import certainty_key, utterance_text
from searcher.statements import first_parts, folded_words, is_unrepeatable, traces, word_numbers


class Ordinals(dict):  # type: ignore[type-arg]  # keys of any type
    """A dictionary that numbers its keys from 0 in the order of their first lookup."""

    def __missing__(self, key: object) -> int:
        number = self[key] = len(self)
        return number


#: The columns of quotations that describe utterances.
COLUMNS = ("quote_back", "quote_surest", "quote_speaker_kind")


class BufferedUtterances:
    """The utterances of added articles, quotation by quotation."""

    def __init__(self) -> None:
        self._words, self._lengths = array("I"), array("I")
        self._traces = array("Q")
        self._columns = {name: array("I") for name in COLUMNS}

    def add(self, quotes: Sequence[Quote]) -> None:
        firsts = first_parts(quotes)
        parts: dict[int, list[int]] = {}
        for number, first in enumerate(firsts):
            parts.setdefault(first, []).append(number)
        surest_parts = {
            first: max(own, key=lambda n: certainty_key(quotes[n])) for first, own in parts.items()
        }
        for number, (first, quote) in enumerate(zip(firsts, quotes)):
            self._add_words([quotes[n] for n in parts[first]] if number == first else ())
            self._columns["quote_back"].append(number - first)
            self._columns["quote_surest"].append(surest_parts[first] - first if number == first else 0)
            self._columns["quote_speaker_kind"].append(SPEAKER_KINDS.index(quote.speaker_kind))

    def _add_words(self, parts: Sequence[Quote]) -> None:
        """Add the words of an utterance. ``parts`` is empty for quotations that continue an utterance."""
        words = word_numbers(folded_words(utterance_text(parts))) if parts else ()
        if parts and not is_unrepeatable(parts[0].kind, words):
            self._traces.extend(trace << 32 | len(self._lengths) for trace in traces(words))
        self._words.extend(words)
        self._lengths.append(len(words))

    def write(self, writer: ArrayWriter) -> None:
        columns = {name: as_array(column) for name, column in self._columns.items()}
        write_utterances(
            writer, as_array(self._lengths), [as_array(self._words)], as_array(self._traces), columns
        )


def write_utterances(
    writer: ArrayWriter, lengths: Array, words: Iterable[Array], traces: Array, columns: Mapping[str, Array]
) -> None:
    """Write the words of utterances by quotation, their traces, which need not be sorted, and the columns of
    quotations."""
    writer.add("utterance.starts", "I", offsets(lengths).astype(np.uint32))
    writer.begin("utterance.words", "I")
    for part in words:
        writer.write(part)
    writer.add("utterance.traces", "Q", np.sort(traces, kind="stable"))  # fast for sorted runs
    for name in COLUMNS:
        write_narrow(writer, name, [columns[name]], "B")


class _ChunkCache(dict[str, bytes]):
    """Maps a chunk of text to its token numbers as bytes of 32-bit integers. Most chunks of a text occurred
    before. The cache is emptied when full, like that of :mod:`searcher.analysis`."""

    MAX_ENTRIES = 150_000
    MAX_CHUNK_LENGTH = 40

    def __init__(self, tokens: Ordinals, language: str) -> None:
        self._tokens = tokens
        self._terms = analysis.chunk_terms(language)

    def __missing__(self, chunk: str) -> bytes:
        numbers = array("I", [self._tokens[forms] for forms in self._terms[chunk]]).tobytes()
        if len(chunk) <= self.MAX_CHUNK_LENGTH:
            if len(self) >= self.MAX_ENTRIES:
                self.clear()
            self[chunk] = numbers
        return numbers


class _ChunkCaches(dict[str, _ChunkCache]):
    """Maps a language to the cache of its chunks."""

    def __init__(self, tokens: Ordinals) -> None:
        self._tokens = tokens

    def __missing__(self, language: str) -> _ChunkCache:
        cache = self[language] = _ChunkCache(self._tokens, language)
        return cache

    @property
    def chunks(self) -> int:
        return sum(map(len, self.values()))


class TokenStream:
    """The concatenated tokens of many documents, and the number of tokens of each."""

    def __init__(self, chunks: _ChunkCaches) -> None:
        self._chunks = chunks
        self.flat = array("I")
        self.counts = array("I")

    def add(self, *texts: str, language: str) -> list[int]:
        """Add a document that consists of these texts. Return the number of tokens of each text."""
        return self.add_encoded([self.encoded(text, language) for text in texts])

    def encoded(self, text: str, language: str) -> bytes:
        return b"".join(map(self._chunks[language].__getitem__, analysis.chunks(text)))

    def add_encoded(self, encoded: Sequence[bytes]) -> list[int]:
        counts = [len(numbers) // self.flat.itemsize for numbers in encoded]
        self.flat.frombytes(b"".join(encoded))
        self.counts.append(sum(counts))
        return counts


class BufferedValues:
    """The values of one field, by document."""

    def __init__(self) -> None:
        self.numbers = Ordinals()
        self.flat = array("I")
        self.counts = array("I")

    def add(self, values: Collection[str]) -> None:
        for value in values:
            self.flat.append(self.numbers[value])
        self.counts.append(len(values))


class Buffer:
    """Added articles that have not been written. ``cost`` estimates the memory of the buffer, and of writing
    it as a segment, in bytes."""

    # Measured memory in bytes: per token (flat arrays, postings and sorting), per entry of the term
    # dictionary, per entry of the chunk cache, and per article (all other data).
    _PER_TOKEN, _PER_WORD, _PER_CHUNK, _PER_ARTICLE = 22, 500, 200, 600

    def __init__(self) -> None:
        self.tokens = Ordinals()
        self._chunks = _ChunkCaches(self.tokens)
        self.text = TokenStream(self._chunks)
        self.quotes = TokenStream(self._chunks)
        self.title_lengths = array("I")
        self.when = array("q")
        self.quote_counts = array("I")
        self.quote_kinds = array("B")
        self.quote_confidences = array("d")
        self.utterances = BufferedUtterances()
        self.values = {name: BufferedValues() for name in ALL_VALUES}
        self.packed: list[bytes] = []
        self.deleted: set[int] = set()
        self._by_id: dict[str, int] = {}
        self._packed_bytes = 0

    def __len__(self) -> int:
        return len(self.packed)

    @property
    def ids(self) -> Collection[str]:
        """The ids of all added articles, including deleted ones."""
        return self.values["id"].numbers

    @property
    def cost(self) -> int:
        positions = len(self.text.flat) + len(self.quotes.flat)
        return (
            positions * self._PER_TOKEN
            + len(self.tokens) * self._PER_WORD
            + self._chunks.chunks * self._PER_CHUNK
            + len(self) * self._PER_ARTICLE
            + self._packed_bytes
        )

    def add(self, article: Article) -> None:
        """Add an article, and delete an earlier one with the same id."""
        self.delete(article.id)
        language, ends = word_language(article.language), part_ends(article.body)
        texts = (article.title, *(article.body[start:end] for start, end in pairwise([0, *ends])))
        encoded = [self.text.encoded(text, language) for text in texts]
        packed = pack_article(article, ends, [len(words) // self.text.flat.itemsize for words in encoded[1:]])
        self._by_id[article.id] = len(self)
        self.title_lengths.append(self.text.add_encoded(encoded)[0])
        self.when.append(seconds(article.published))
        for name in VALUES:
            self.values[name].add(values_of(article, name))
        self.values["id"].add((article.id,))
        self._add_quotes(article)
        self.packed.append(packed)
        self._packed_bytes += len(packed)

    def delete(self, id: str) -> None:
        if (number := self._by_id.pop(id, None)) is not None:
            self.deleted.add(number)

    def _add_quotes(self, article: Article) -> None:
        self.quote_counts.append(len(article.quotes))
        quotes = quotes_by_position(article.quotes)
        self.utterances.add(quotes)
        for quote in quotes:
            self.quotes.add(quote.text, language=word_language(article.language))
            self.quote_kinds.append(KINDS.index(quote.kind))
            self.quote_confidences.append(quote.confidence)
            for name, value in zip(QUOTE_VALUES, (quote.speaker, quote.role, quote.party)):
                self.values[name].add((value,) if value else ())


def write_narrow(writer: ArrayWriter, name: str, parts: Sequence[Array], narrowest: str) -> None:
    """Write the parts as one array of the narrowest type that fits all numbers."""
    maximum = max((int(part.max(initial=0)) for part in parts), default=0)
    code = typecode(maximum, narrowest)
    writer.begin(name, code)
    for part in parts:
        writer.write(part.astype(DTYPES[code]))

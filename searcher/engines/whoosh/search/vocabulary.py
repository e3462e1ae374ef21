"""The words of the index as written, and their document frequencies.

It needs no array library, so that a command that looks up one unknown word need not import one.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from searcher.engines.whoosh.format.layout import QUOTES, encoded
from searcher.engines.whoosh.format.segment import Segment

__all__ = ["Vocabulary"]


class Vocabulary:
    """The words of all segments."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]]) -> None:
        """``deleted``: for each segment the numbers of its deleted articles."""
        self._segments = [(segment, frozenset(numbers)) for segment, numbers in zip(segments, deleted)]

    def words(self, prefix: str = "") -> Iterator[str]:
        """Yield the words that begin with ``prefix`` and that any live article has, sorted."""
        lists = [_live_words(segment, deleted, prefix) for segment, deleted in self._segments]
        return (word for word, _ in groupby(heapq.merge(*lists)))

    def frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        """Return the number of live articles that have each of these words, without words that none has."""
        frequencies: dict[str, int] = {}
        for segment, deleted in self._segments:
            for word in words:
                form = segment.dictionary.find(encoded(word))
                count = len(_articles(segment, form) - deleted) if form >= 0 else 0
                if count:
                    frequencies[word] = frequencies.get(word, 0) + count
        return frequencies

    def rarest(self, words: Collection[str], number: int) -> Sequence[str]:
        """Return so many of these words as fewest quotations have, the rarest first, without those that none
        has. Quotations with another word of the same stem count, and deleted ones."""
        counts = {word: sum(_quotations(segment, word) for segment, _ in self._segments) for word in words}
        known = [word for word in words if counts[word]]
        return sorted(known, key=lambda word: (counts[word], word))[:number]


def _quotations(segment: Segment, word: str) -> int:
    form = segment.dictionary.find(encoded(word))
    if form < 0:
        return 0
    starts = segment.postings(QUOTES).starts
    return sum(starts[one.group + 1] - starts[one.group] for one in segment.dictionary.groups_of(form))


def _live_words(segment: Segment, deleted: frozenset[int], prefix: str) -> Iterator[str]:
    dictionary, postings = segment.dictionary, segment.postings("text")
    for word, form in dictionary.surfaces(prefix):
        # The dictionary has words of quotations too, which may be cut otherwise than their article's.
        present = any(postings.present[token] for token in dictionary.tokens_of(form))
        if present and deleted:
            groups = dictionary.groups_of(form)
            present = any(doc not in deleted for group in groups for doc, _ in postings.positions_of(group))
        if present:
            yield word


def _articles(segment: Segment, form: int) -> set[int]:
    """Return the articles that have a form, deleted ones included."""
    postings = segment.postings("text")
    articles: set[int] = set()
    for group in segment.dictionary.groups_of(form):
        if group.variants is None:
            articles.update(postings.docs[postings.starts[group.group] : postings.starts[group.group + 1]])
        else:
            articles.update(doc for doc, _ in postings.positions_of(group))
    return articles

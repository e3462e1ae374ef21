"""The words of the index as written, and in how many articles each is. Needs no array library: a command that
looks up one unknown word must not wait for one."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from searcher.engines.whoosh.format.layout import encoded
from searcher.engines.whoosh.format.segment import Segment

__all__ = ["Vocabulary"]


class Vocabulary:
    """The words of segments; ``deleted`` holds for each the numbers of its deleted articles."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]]) -> None:
        self._segments = [(segment, frozenset(gone)) for segment, gone in zip(segments, deleted)]

    def words(self, prefix: str = "") -> Iterator[str]:
        """Those that begin with ``prefix`` and that any living article holds, sorted."""
        each = [_living(segment, gone, prefix) for segment, gone in self._segments]
        return (word for word, _ in groupby(heapq.merge(*each)))

    def frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        """Of these words those that any living article holds, each with the number of its articles."""
        found: dict[str, int] = {}
        for segment, gone in self._segments:
            for word in words:
                form = segment.dictionary.find(encoded(word))
                count = len(_articles(segment, form) - gone) if form >= 0 else 0
                if count:
                    found[word] = found.get(word, 0) + count
        return found


def _living(segment: Segment, gone: frozenset[int], prefix: str) -> Iterator[str]:
    lexicon, postings = segment.dictionary, segment.postings("text")
    for word, form in lexicon.surfaces(prefix):
        # The lexicon has words of quotations too, which may be cut otherwise than their article's.
        held = any(postings.present[token] for token in lexicon.tokens_of(form))
        if held and gone:
            held = any(
                doc not in gone for part in lexicon.groups_of(form) for doc, _ in postings.positions_of(part)
            )
        if held:
            yield word


def _articles(segment: Segment, form: int) -> set[int]:
    postings = segment.postings("text")
    found: set[int] = set()
    for part in segment.dictionary.groups_of(form):
        if part.variants is None:
            found.update(postings.docs[postings.starts[part.group] : postings.starts[part.group + 1]])
        else:
            found.update(doc for doc, _ in postings.positions_of(part))
    return found

"""The words of the index, with the number of their articles."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from searcher.engines.whoosh.snapshot import Snapshot
from searcher.engines.whoosh.spans import SpanFinder

__all__ = ["surfaces"]


def surfaces(snapshot: Snapshot, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Words of the text field as written that begin with ``prefix``, sorted, with their living articles."""
    each = [_of_segment(snapshot, n, prefix) for n in range(len(snapshot.segments))]
    for word, found in groupby(heapq.merge(*each, key=itemgetter(0)), key=itemgetter(0)):
        yield word, sum(count for _, count in found)


def _of_segment(snapshot: Snapshot, number: int, prefix: str) -> Iterator[tuple[str, int]]:
    segment, base = snapshot.segments[number], snapshot.articles.bases[number]
    finder = SpanFinder(segment, "text", lambda _: ())
    starts, live = segment.postings("text").starts, snapshot.articles.live
    for word, form in segment.lexicon.surfaces(prefix):
        tokens = segment.lexicon.having(form)
        if live is None and len(tokens) == 1:
            count = starts[tokens[0] + 1] - starts[tokens[0]]
        else:
            docs = finder.having(list(tokens)).docs
            count = len(docs) if live is None else int(live[docs + base].sum())
        if count:
            yield word, count

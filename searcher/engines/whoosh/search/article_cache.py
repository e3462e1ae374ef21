"""A cache of unpacked articles: an answer that is narrowed or paged back shows the same articles again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from searcher.article import Article
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.search.snapshot import Snapshot

__all__ = ["ArticleCache"]

#: Bytes of unpacked articles that are kept, and the size of an unpacked article in multiples of the packed
#: one.
_MAX_CACHED_BYTES, _UNPACKED_RATIO = 64 << 20, 8


class ArticleCache:
    """Reads the articles of a snapshot by number, and keeps those asked for last."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._articles: OrderedDict[int, Article] = OrderedDict()
        self._sizes: dict[int, int] = {}  # bytes, estimated, of these articles
        self._bytes = 0

    def get(self, numbers: Sequence[int]) -> list[Article]:
        """Return the articles with these numbers, read. Raises IndexDamaged."""
        found = self._found(numbers, Segment.article)
        for article in found:
            _ = article.title  # read now, so that damage is told of here
        return found

    def later(self, numbers: Sequence[int]) -> list[Article]:
        """Return the same, each to be read when more of it is wanted than its id."""
        return self._found(numbers, Segment.article_later)

    def _found(self, numbers: Sequence[int], make: Callable[[Segment, int], Article]) -> list[Article]:
        cached, locate = self._articles, self._snapshot.locate
        found, made = [], {}
        for number in numbers:
            article = cached.get(number)
            if article is None:
                segment, own = locate(number)
                article = make(segment, own)
                made[number] = article, _UNPACKED_RATIO * segment.packed_size(own)
            found.append(article)
        with self._lock:
            for number in numbers:
                if number in cached:
                    cached.move_to_end(number)
            for number, (article, size) in made.items():
                self._bytes += size - self._sizes.get(number, 0)
                cached[number], self._sizes[number] = article, size
            while self._bytes > _MAX_CACHED_BYTES and len(cached) > 1:
                self._bytes -= self._sizes.pop(cached.popitem(last=False)[0], 0)
        return found

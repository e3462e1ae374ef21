"""A cache of unpacked articles: an answer that is narrowed or paged back shows the same articles again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from searcher.article import Article
from searcher.engines.whoosh.search.snapshot import Snapshot

__all__ = ["ArticleCache"]

#: Bytes of unpacked articles that are kept, and the size of an unpacked article in multiples of the packed
#: one.
_MAX_CACHED_BYTES, _UNPACKED_RATIO = 64 << 20, 8


class ArticleCache:
    """Reads the articles of a snapshot by number, and keeps those read last."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._articles: OrderedDict[int, Article] = OrderedDict()
        self._sizes: dict[int, int] = {}  # bytes, estimated, of these articles
        self._bytes = 0

    def get(self, numbers: Sequence[int]) -> list[Article]:
        """Return the articles with these numbers. Raises IndexDamaged."""
        cached = self._articles
        found = [cached.get(number) or self._unpack(number) for number in numbers]
        with self._lock:
            for number, article in zip(numbers, found):
                cached[number] = article
                cached.move_to_end(number)
            while self._bytes > _MAX_CACHED_BYTES and len(cached) > 1:
                self._bytes -= self._sizes.pop(cached.popitem(last=False)[0], 0)
        return found

    def _unpack(self, number: int) -> Article:
        """Read an article, and note the bytes that it takes."""
        segment, own = self._snapshot.locate(number)
        packed = segment.packed(own)
        with self._lock:
            if number not in self._sizes:
                self._sizes[number] = _UNPACKED_RATIO * len(packed)
                self._bytes += self._sizes[number]
        return segment.unpack(packed)

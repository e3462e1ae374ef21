"""Stories: near-identical copies of a text, as agencies' clients print them, share one story id.

A text is cut into overlapping runs of words; the least hashes of these under many hash functions are its
fingerprint (min-hash: A. Broder, "On the resemblance and containment of documents", 1997). Two fingerprints
agree in about the share of runs that the texts have in common. Fingerprints are kept in bands, so that a
copy is found by a look-up and not by comparing with everything.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from searcher.model import Article
from searcher.readers.finish import text_key

__all__ = ["ALIKE", "Fingerprint", "Place", "Stories", "fingerprint"]

#: 64 numbers of 32 bits; empty for texts too short to have one.
Fingerprint = tuple[int, ...]

#: Texts are one story from this share of agreeing numbers on.
ALIKE = 0.6
_RUN = 3  # words
_SHORTEST = 30  # words; shorter texts are alike by chance
_BANDS, _ROWS = 32, 2
_SIZE = _BANDS * _ROWS
_PRIME = (1 << 61) - 1


@cache
def _functions() -> tuple[tuple[int, int], ...]:
    """The coefficients of the hash functions: any odd numbers do, but they must stay the same for ever."""
    state, out = 0x9E3779B97F4A7C15, []
    for _ in range(_SIZE):
        pair = []
        for _ in range(2):
            state = (state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
            pair.append((state >> 3) | 1)
        out.append((pair[0], pair[1]))
    return tuple(out)


def fingerprint(body: str) -> Fingerprint:
    """What near-identical bodies have nearly the same of; () for a body of fewer than 30 words."""
    import numpy as np

    words = re.findall(r"\w+", body.casefold())
    if len(words) < _SHORTEST:
        return ()
    starts = range(len(words) - _RUN + 1)
    runs = {zlib.crc32(" ".join(words[i : i + _RUN]).encode("utf-8", "replace")) for i in starts}
    values = np.fromiter(runs, np.uint64, len(runs))
    factors, terms = (np.array(column, np.uint64) for column in zip(*_functions()))
    # Multiply-shift hashing (M. Dietzfelbinger et al., 1997): the high bits of a product modulo 2**64.
    hashes = (values[:, None] * factors + terms) >> np.uint64(32)
    return tuple(int(value) for value in hashes.min(axis=0))


@dataclass(frozen=True, slots=True)
class Place:
    """``story`` is the id that all copies share; ``same`` the id of an article with the very same words."""

    story: str
    same: str | None = None


@dataclass(slots=True)
class Stories:
    """Finds for each article the story it belongs to. Articles are placed one after another.

    A story is called by the id of its first article.
    """

    _texts: dict[str, tuple[str, str]] = field(default_factory=dict)  # text key: (article, story)
    _stories: dict[str, str] = field(default_factory=dict)  # article: story
    _prints: dict[str, Fingerprint] = field(default_factory=dict)  # first article of a story: fingerprint
    _bands: dict[tuple[int, int, int], list[str]] = field(default_factory=dict)

    def place(self, article: Article) -> Place:
        """The story of ``article``, a new one if nothing known is like it.

        To place an article again changes nothing.
        """
        key = text_key(article)
        known = self._texts.get(key)
        if known:
            return Place(known[1], known[0] if known[0] != article.id else None)
        own = fingerprint(article.body)
        story = self._find(own) or self._begin(article.id, own)
        self._texts[key] = (article.id, story)
        self._stories[article.id] = story
        return Place(story)

    def restore(self, articles: Iterable[Article]) -> None:
        """Take up what an index holds already, under the stories that it has recorded."""
        for article in articles:
            story = article.story or article.id
            self._texts.setdefault(text_key(article), (article.id, story))
            self._stories[article.id] = story
            if story not in self._prints:
                self._begin(story, fingerprint(article.body))

    def _find(self, own: Fingerprint) -> str | None:
        candidates = {story for band in _bands(own) for story in self._bands.get(band, ())}
        likeness: Mapping[str, float] = {story: _likeness(own, self._prints[story]) for story in candidates}
        best = max(sorted(likeness), key=lambda story: likeness[story], default=None)
        return best if best is not None and likeness[best] >= ALIKE else None

    def _begin(self, story: str, own: Fingerprint) -> str:
        self._prints[story] = own
        for band in _bands(own):
            self._bands.setdefault(band, []).append(story)
        return story


def _bands(own: Fingerprint) -> Iterable[tuple[int, int, int]]:
    return ((start, own[start], own[start + 1]) for start in range(0, len(own), _ROWS))


def _likeness(one: Fingerprint, other: Fingerprint) -> float:
    return sum(a == b for a, b in zip(one, other)) / max(1, len(one))

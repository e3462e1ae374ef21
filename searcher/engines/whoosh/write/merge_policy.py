"""Which segments to merge. Neighbours only, so that the order of articles stays that of adding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["FAN", "REPAYS", "Size", "choose"]

#: So many neighbours of one tier become one of the next: an article is rewritten once a tier, and an index
#: of a million articles has some 3 segments on each of 6 tiers.
FAN = 4
#: Segments of fewer articles are all of the lowest tier: merging them costs next to nothing.
SMALL = 512
#: A segment is rewritten once this share of it is deleted.
WASTE = 1 / 3
#: A load that is over repays rewriting so many articles for each one that it brought: to merge 100,000
#: newswire articles took 8 µs each, to clean one and find its names and quotations takes some 50,000.
REPAYS = 50


class Size(NamedTuple):
    """Articles of a segment: all, and those that live."""

    articles: int
    live: int


def choose(sizes: Sequence[Size], repaid: int = 0) -> range | None:
    """The next segments to make one of, or None if all is well. ``repaid``: rewriting up to so many articles
    is worth it, however many segments they are in."""
    last = _last(sizes, repaid)
    if len(last) > 1:
        return last
    tiers = [_tier(size) for size in sizes]
    for tier in sorted(set(tiers)):
        first = len(sizes)
        while first and tiers[first - 1] <= tier:
            first -= 1
        if tiers[first:].count(tier) >= FAN:
            return range(first, len(sizes))
    for number, size in enumerate(sizes):
        if size.articles - size.live > size.articles * WASTE:
            return range(number, number + 1)
    return None


def _last(sizes: Sequence[Size], most: int) -> range:
    """As many of the last segments as have that many articles at most."""
    first = len(sizes)
    while first and sizes[first - 1].live <= most:
        first -= 1
        most -= sizes[first].live
    return range(first, len(sizes))


def _tier(size: Size) -> int:
    tier, most = 0, SMALL
    while size.live > most:
        tier, most = tier + 1, most * FAN
    return tier

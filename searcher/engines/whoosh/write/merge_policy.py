"""The merge policy: which segments to merge. Neighbours only, so that articles stay in the order of
adding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["MERGE_FACTOR", "REWRITES_PER_ADDED_ARTICLE", "SegmentSize", "choose"]

#: The number of neighbours of one tier that become one segment of the next: an article is rewritten once a
#: tier, and an index of a million articles has some 3 segments on each of 6 tiers.
MERGE_FACTOR = 4
#: Articles of a segment of the lowest tier, at most: merging so few costs next to nothing.
MAX_LOWEST_TIER_ARTICLES = 512
#: A segment is rewritten once more than this share of it is deleted.
MAX_DELETED_SHARE = 1 / 3
#: The articles that merging may rewrite after a bulk load, for each article added: to merge 100,000 newswire
#: articles took 8 µs each, to clean one and find its names and quotations takes some 50,000.
REWRITES_PER_ADDED_ARTICLE = 50


class SegmentSize(NamedTuple):
    """The articles of a segment: all of them, and those not deleted."""

    articles: int
    live: int


def choose(sizes: Sequence[SegmentSize], max_rewrites: int = 0) -> range | None:
    """Return the segments to merge next, None if nothing is to be done.

    The last segments that have ``max_rewrites`` articles at most are merged whatever their number is.
    """
    last = _last(sizes, max_rewrites)
    if len(last) > 1:
        return last
    tiers = [_tier(size) for size in sizes]
    for tier in sorted(set(tiers)):
        first = len(sizes)
        while first and tiers[first - 1] <= tier:
            first -= 1
        if tiers[first:].count(tier) >= MERGE_FACTOR:
            return range(first, len(sizes))
    for number, size in enumerate(sizes):
        if size.articles - size.live > size.articles * MAX_DELETED_SHARE:
            return range(number, number + 1)
    return None


def _last(sizes: Sequence[SegmentSize], max_articles: int) -> range:
    """Return as many of the last segments as have ``max_articles`` together at most."""
    first = len(sizes)
    while first and sizes[first - 1].live <= max_articles:
        first -= 1
        max_articles -= sizes[first].live
    return range(first, len(sizes))


def _tier(size: SegmentSize) -> int:
    tier, max_articles = 0, MAX_LOWEST_TIER_ARTICLES
    while size.live > max_articles:
        tier, max_articles = tier + 1, max_articles * MERGE_FACTOR
    return tier

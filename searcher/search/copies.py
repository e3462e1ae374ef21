"""Who else has the text of an article: versions of its page, and copies of it by others."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

from searcher.article import Article
from searcher.engines.base import Engine
from searcher.query.tree import HasValue, Or, Query
from searcher.results.versions import Alike, base_of, versions_among

#: Texts of one address, and articles of one story, that are looked at.
_MOST_VERSIONS, _MOST_COPIES = 100, 100


def versions(engine: Engine, article: Article) -> list[Article]:
    """The article and the other versions of it, the earliest first."""
    return _versions(engine, [article])[article.id]


def copies(engine: Engine, article: Article) -> list[Article]:
    """The other articles of its story that are no versions of it, the earliest first."""
    if article.story is None:
        return []
    own = {one.id for one in versions(engine, article)}
    found = (hit.article for hit in engine.scan(Query(HasValue("story", article.story), sort="oldest")))
    return [one for one in islice(found, _MOST_COPIES) if one.id not in own]


def alike(engine: Engine, articles: Collection[Article]) -> dict[str, Alike]:
    """How many copies and versions of these articles there are, by the ids of those that have any."""
    stories = {article.story for article in articles if article.story}
    where = Or(tuple(HasValue("story", story) for story in sorted(stories)))
    counted = Query(where, facets=("story",), sort="newest", limit=0)
    sizes = engine.search(counted).facets["story"].values.counts if stories else {}
    kept = _versions(engine, articles)
    found: dict[str, Alike] = {}
    for article in articles:
        own = sum(one.story == article.story for one in kept[article.id])
        found[article.id] = Alike(max(0, sizes.get(article.story or "", own) - own), len(kept[article.id]))
    return {id: one for id, one in found.items() if one != Alike()}


def _versions(engine: Engine, articles: Collection[Article]) -> dict[str, list[Article]]:
    """Each article with its other versions, the earliest first, by its id: one question for all of them."""
    bases = {article.id: base_of(article.id) for article in articles}
    first = bases.keys() & bases.values()
    if digests := {*bases.values()} - first:  # or ids of somebody's own, which have no first version
        first |= engine.frequencies("id", digests).keys()
    ids: dict[str, list[str]] = {}
    for id in engine.terms("id", tuple(f"{base}-" for base in sorted(first))) if first else ():
        ids.setdefault(base_of(id), []).append(id)
    found = {}
    for article in articles:
        base = bases[article.id]
        others = sorted(ids.get(base, ()))[:_MOST_VERSIONS] if base in first else []
        texts = map(engine.get, [base, *others] if others else ())
        found[article.id] = versions_among(article, filter(None, texts))
    return found

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
    base = base_of(article.id)
    if base != article.id and not engine.frequencies("id", [base]):
        return [article]  # an id of somebody's own, not one with a digest: the first has none
    ids = sorted(id for id in engine.terms("id", f"{base}-") if base_of(id) == base)
    found = map(engine.get, [base, *ids[:_MOST_VERSIONS]] if ids else ())
    return versions_among(article, filter(None, found))


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
    found: dict[str, Alike] = {}
    for article in articles:
        kept = versions(engine, article)
        own = sum(one.story == article.story for one in kept)
        found[article.id] = Alike(max(0, sizes.get(article.story or "", own) - own), len(kept))
    return {id: one for id, one in found.items() if one != Alike()}

"""Everything that an index answers, so that two answers can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks.faults.made import battery
from searcher.saved_searches import SavedSearches

if TYPE_CHECKING:
    from searcher import Index


_FACETS = ("person", "organisation", "speaker", "source", "tag")


def answers(index: Index) -> list[str]:
    """One text for each question; the questions are always the same."""
    return list(_asked(index))


def _asked(index: Index) -> Iterator[str]:
    yield str(index.count())
    for query in battery():
        found = index.search(query, facets=_FACETS, limit=20)
        hits = [
            (hit.article, round(hit.score, 9), [s.text for s in hit.snippets], hit.title_marks)
            for hit in found
        ]
        facets = {name: [(v.value, v.count) for v in facet.values] for name, facet in found.facets.items()}
        yield repr((query, found.total, hits, facets, found.suggestions))
    for sort in ("newest", "oldest"):
        yield repr([hit.article.id for hit in index.search("", sort=sort, limit=1000)])
    for query, speaker in (("", "Lindqvist"), ("bridge", ""), ("river OR court", "Ines Okafor")):
        found_quotes = index.quotes(query, speaker=speaker or (), limit=50)
        yield repr(
            (found_quotes.total, [(q.quote, q.speaker, q.before, round(q.score, 9)) for q in found_quotes])
        )
        found_statements = index.statements(query, speaker=speaker or (), limit=50)
        yield repr((found_statements.total, [statement.to_dict() for statement in found_statements]))
    for field in _FACETS:
        yield repr(sorted(index.values(field).items()))
    for text in ("bridge budget harbour strike", "tunnel lighthouse archive"):
        yield repr([found.to_dict() for found in index.find_quote(text)])
    yield repr(index.tags.all())
    yield repr([(saved.name, saved.search, sorted(saved.seen)) for saved in SavedSearches.of(index)])
    yield repr(
        (index.names.decisions.decisions(), sorted(index.files.deleted_ids()), index.synonyms.render())
    )
    for article in index.articles:
        yield repr(article)
        if index.articles.get(article.id) != article:
            yield f"{article.id} is not what it is"

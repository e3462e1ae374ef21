"""The reader: answers searches from one committed state."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from searcher import analysis
from searcher.article import Article
from searcher.engines import scoring
from searcher.errors import QueryTooBroad
from searcher.extensions.opensearch.client import Client
from searcher.extensions.opensearch.documents import stored_article
from searcher.extensions.opensearch.facets import ClusterFacets
from searcher.extensions.opensearch.names import ClusterNames, open_names
from searcher.extensions.opensearch.result_pages import (
    MAX_TERMS,
    all_hits,
    buckets,
    is_complete,
    search,
)
from searcher.extensions.opensearch.state import ClusterState
from searcher.extensions.opensearch.translation import (
    ClusterQuery,
    all_of,
    any_of,
    parent,
    score_clauses,
    weighted_leaves,
)
from searcher.extensions.opensearch.value_counts import ValueCounts, articles_of
from searcher.languages import word_language
from searcher.names.table import SAID_BY, Identities
from searcher.query.spans import field_of, spans
from searcher.query.tree import (
    IS_PENDING,
    TIME_FACETS,
    Expr,
    MatchAll,
    Phrase,
    Query,
    QuoteQuery,
    Sort,
    SpanExpr,
    Term,
    leaves,
)
from searcher.results import Facet, FacetValues, Hit, Results
from searcher.results.quotations import QuoteHit, Quotes
from searcher.results.statements import Statements

if TYPE_CHECKING:
    from searcher.extensions.opensearch.statements import ClusterStatements
    from searcher.results.statements import Statement

Json = dict[str, Any]
#: Number of hits per page of a scan. The articles of one page are in memory at the same time.
_PAGE_HITS = 200
#: Maximum number of documents per request.
_MAX_DOCUMENTS = 1_000
#: Maximum offset of a hit.
_MAX_PLACE = 1_000_000
#: Fields of an article whose names are shown with a hit.
_FIELD_ATTRIBUTES = {
    "person": "people",
    "organisation": "organisations",
    "speaker": "speakers",
    "author": "authors",
    "source": "source",
}


class ClusterReader:
    """A thread-safe reader of one state. Caches words and document frequencies."""

    def __init__(self, client: Client, state: ClusterState, identities: Identities, patience: float) -> None:
        self.state = state
        self._client = client
        self._patience = patience
        self.names = open_names(client, state, identities)
        self._frequencies: dict[tuple[SpanExpr, bool], int] = {}
        self._words: dict[tuple[str, bool], tuple[str, ...]] = {}

    def use_names(self, identities: Identities) -> None:
        self.names = self.names.with_identities(identities)

    # Articles

    def search(self, query: Query) -> Results:
        names = self.names
        translation = ClusterQuery(self, names)
        where = all_of([*articles_of(self.state), translation.article(query.where)])
        filters = {one: translation.passes(one) for one in query.filters}
        facets = ClusterFacets(where, filters, names, self._buckets, self._aggregate)
        matching = all_of([where, *filters.values()])
        by_value = [name for name in query.facets if name not in TIME_FACETS]
        body = self._ranked(query.where, where, translation, query.sort, said=False)
        body |= {
            "from": query.offset,
            "size": query.limit,
            "_source": ["stored"],
            "post_filter": all_of(filters.values()),
            "aggs": facets.aggregations(() if query.collapse else by_value),
        }
        if query.offset + query.limit > _MAX_PLACE:
            raise QueryTooBroad(
                f"Only the first {_MAX_PLACE:,} hits can be shown: narrow the search, or export it."
            )
        if query.collapse:
            body["collapse"] = {"field": "story_key"}
        answer = self._search(body)
        stored = [stored_article(hit["_source"]) for hit in answer["hits"]["hits"]]
        if query.collapse:
            names.learn(_shown_values(stored))
            values = {name: FacetValues(facets.counts_of_stories(name)) for name in by_value}
        else:
            values = facets.values(by_value, answer.get("aggregations", {}), _shown_values(stored))
        articles = answer["hits"]["total"]["value"]
        total = self._stories(matching) if query.collapse else articles
        hits = self._hits(answer["hits"]["hits"], stored, query, names, translation)
        units = [name for name in query.facets if name in TIME_FACETS]
        over_time = (facets.counts_over_time(unit, stories=query.collapse) for unit in units)
        values |= zip(units, map(FacetValues, over_time))
        facets_by_name = {name: Facet(name, values[name]) for name in query.facets}
        return Results(tuple(hits), total, facets_by_name, collapsed=query.collapse, articles=articles)

    def scan(self, query: Query) -> Iterator[Hit]:
        names = self.names
        translation = ClusterQuery(self, names)
        filters = [translation.article(query.where), *map(translation.passes, query.filters)]
        where = all_of([*articles_of(self.state), *filters])
        body = self._ranked(query.where, where, translation, query.sort, said=False)
        body["_source"] = ["stored"]
        if query.collapse:
            body["collapse"] = {"field": "story_key"}
        pages = self._pages(body) if query.collapse else self._hit_pages(body)

        def hits(page: list[Json]) -> list[Hit]:
            stored = [stored_article(hit["_source"]) for hit in page]
            names.learn(_shown_values(stored))
            return self._hits(page, stored, query, names, translation)

        return (hit for page in pages for hit in hits(page))

    def _explained(
        self, where: Expr, translation: ClusterQuery, articles: Sequence[Article]
    ) -> Iterator[tuple[tuple[str, float], ...]]:
        from searcher.query.language import render

        scored = weighted_leaves(where, said=False)
        counts = self._counted(
            {one.leaf: translation.matching(one.leaf, said=False) for one in scored}, False
        )
        totals = self.state.totals
        for article in articles:
            language = word_language(article.language)
            title, body = (analysis.index_terms(text, language) for text in (article.title, article.body))
            parts = []
            for one in scored:
                weight = scoring.TITLE_WEIGHT if field_of(one.leaf) == "text" else 1.0
                in_body = len(spans(one.leaf, body)) if field_of(one.leaf) == "text" else 0
                if tf := weight * len(spans(one.leaf, title)) + in_body:
                    points = scoring.bm25(
                        tf, counts[one.leaf], totals.articles, len(title) + len(body), totals.average
                    )
                    parts.append((render(one.leaf), one.weight * points))
            yield tuple(parts)

    def get(self, id: str) -> Article | None:
        where = all_of([*articles_of(self.state), {"term": {"id": id}}])
        body = {"size": 1, "query": where, "_source": ["stored"]}
        for hit in self._search(body)["hits"]["hits"]:
            return stored_article(hit["_source"])
        return None

    def ids(self, prefixes: Iterable[str]) -> Iterator[str]:
        where = all_of([*articles_of(self.state), any_of({"prefix": {"id": one}} for one in prefixes)])
        body = {"query": where, "sort": ["order"], "_source": ["id"]}
        return (hit["_source"]["id"] for page in self._hit_pages(body) for hit in page)

    def articles(self) -> Iterator[Article]:
        body = {"query": all_of(articles_of(self.state)), "sort": ["order"], "_source": ["stored"]}
        return (stored_article(hit["_source"]) for page in self._hit_pages(body) for hit in page)

    def count(self, where: Expr | None = None) -> int:
        if where is None:
            return self.state.totals.articles
        if where == IS_PENDING:
            return self.state.totals.pending
        translation = ClusterQuery(self, self.names)
        if isinstance(where, Term):  # Uses the cache, because scoring needs this number too.
            return self._counted({where: translation.matching(where, said=False)}, False)[where]
        query = all_of([*articles_of(self.state), translation.article(where)])
        return int(self._search({"size": 0, "query": query})["hits"]["total"]["value"])

    def look_ahead(self, where: Expr) -> None:
        """Count the documents of all words of a query in one request."""
        translation = ClusterQuery(self, self.names)
        words = (one for one in leaves(where, in_quotes=True) if isinstance(one, Term))
        scored = (
            one.leaf for one in weighted_leaves(where, said=False) if isinstance(one.leaf, Term | Phrase)
        )
        requested = dict.fromkeys((*words, *scored))
        self._counted({leaf: translation.matching(leaf, said=False) for leaf in requested}, False)

    # Quotations

    def quotes(self, query: QuoteQuery) -> Quotes:
        names = self.names
        if query.offset + query.limit > _MAX_PLACE:
            raise QueryTooBroad(f"Only the first {_MAX_PLACE:,} quotations can be shown: export the search.")
        body = self._quotation_query(query, names)
        confident = {"range": {"confidence": {"gte": query.min_confidence}}}
        body |= {"from": query.offset, "size": query.limit, "post_filter": confident}
        body["aggs"] = {"any": {"filter": {"match_all": {}}}}
        answer = self._search(body)
        total = answer["hits"]["total"]["value"]
        all_quotations = answer["aggregations"]["any"]["doc_count"]
        hits = self._quote_hits(answer["hits"]["hits"], query.sort, names)
        return Quotes(tuple(hits), total, below_confidence=all_quotations - total)

    def scan_quotes(self, query: QuoteQuery) -> Iterator[QuoteHit]:
        names, body = self.names, self._confident_query(query)
        return (hit for page in self._hit_pages(body) for hit in self._quote_hits(page, query.sort, names))

    def _confident_query(self, query: QuoteQuery) -> Json:
        """Return the query for quotations above the minimum confidence."""
        body = self._quotation_query(query, self.names)
        body["query"]["bool"]["filter"].append({"range": {"confidence": {"gte": query.min_confidence}}})
        return body

    def _quotation_query(self, query: QuoteQuery, names: ClusterNames) -> Json:
        translation = ClusterQuery(self, names)
        passed = [] if query.articles == MatchAll() else [translation.article(query.articles)]
        passed += map(translation.passes, query.filters)
        of_article = [parent(passed)] if passed else []
        of_kinds = {"terms": {"said_as": list(query.kinds)}}
        where = all_of(
            [*self._documents(said=True), of_kinds, *of_article, translation.quotation(query.where)]
        )
        body = self._ranked(query.where, where, translation, query.sort, said=True)
        body["sort"].append("position")
        return {**body, "_source": ["kind", "number"]}

    def _quote_hits(self, hits: Sequence[Json], sort: Sort, names: ClusterNames) -> Iterator[QuoteHit]:
        """Yield quotations with their articles. Each article is read once."""
        parents = {hit["_source"]["kind"]["parent"]: hit["_routing"] for hit in hits}
        articles = self.by_key(parents)
        quotes = [(articles[hit["_source"]["kind"]["parent"]], hit["_source"]["number"]) for hit in hits]
        speakers = (article.quotes[number].speaker for article, number in quotes)
        names.learn({SAID_BY: set(filter(None, speakers)), **_shown_values(articles.values())})
        for hit, (article, number) in zip(hits, quotes):
            quote = article.quotes[number]
            speaker = names.name_of(SAID_BY, quote.speaker) or quote.speaker if quote.speaker else None
            yield QuoteHit(quote, article, score_of(hit, sort), speaker, names=names)

    def by_key(self, routings: Mapping[str, str]) -> dict[str, Article]:
        requests = [{"_id": key, "routing": at, "_source": ["stored"]} for key, at in routings.items()]
        articles: dict[str, Article] = {}
        for first in range(0, len(requests), _MAX_DOCUMENTS):
            body = {"docs": requests[first : first + _MAX_DOCUMENTS]}
            documents = self._client.post(f"/{self.state.articles}/_mget", body)["docs"]
            articles |= {one["_id"]: stored_article(one["_source"]) for one in documents}
        return articles

    # Statements: quotations collapsed by the id of their statement

    def statements(self, query: QuoteQuery) -> Statements:
        body = self._confident_query(query)
        columns = [{one: {"terms": {"field": one}}} for one in ("statement", "utterance_key")]
        utterances = [key["statement"] for key, _ in self._buckets(body["query"], columns)]
        body |= {"from": query.offset, "size": query.limit, "collapse": {"field": "statement"}}
        hits_by_statement = self._search({**body, "_source": False})["hits"]["hits"]
        scores = {hit["fields"]["statement"][0]: score_of(hit, query.sort) for hit in hits_by_statement}
        hits = self._statements.statements_with_ids(scores, query.kinds, self.get, query.min_confidence)
        return Statements(hits, len({*utterances}), len(utterances))

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        where = all_of([*articles_of(self.state), {"term": {"id": hit.article.id}}])
        for article in self._search({"size": 1, "query": where, "_source": ["stored"]})["hits"]["hits"]:
            quotes = stored_article(article["_source"]).quotes
            if hit.quote in quotes:
                of_article = {"parent_id": {"type": "quotation", "id": article["_id"]}}
                number = {"term": {"number": quotes.index(hit.quote)}}
                quotation = {"query": all_of([of_article, number]), "docvalue_fields": ["statement"]}
                (document,) = self._search(quotation)["hits"]["hits"]
                scores = {document["fields"]["statement"][0]: hit.score}
                return self._statements.statements_with_ids(scores, kinds, self.get)[0]
        return None

    def statement_hits(self, query: QuoteQuery) -> Iterator[tuple[int, QuoteHit]]:
        body = {**self._confident_query(query), "docvalue_fields": ["statement"]}
        for page in self._hit_pages(body):
            ids = (hit["fields"]["statement"][0] for hit in page)
            yield from zip(ids, self._quote_hits(page, query.sort, self.names))

    @property
    def _statements(self) -> ClusterStatements:
        # Not imported by other searches.
        from searcher.extensions.opensearch.statements import ClusterStatements

        return ClusterStatements(self._client, self.state, self.names)

    # Words

    def words(self, prefix: str = "", *, said: bool = False) -> tuple[str, ...]:
        """Return the words of articles or quotations with a prefix, sorted."""
        if (words := self._words.get((prefix, said))) is None:
            words = self._words[prefix, said] = tuple(sorted(self._words_with_prefix(prefix, said)))
        return words

    def _words_with_prefix(self, prefix: str, said: bool) -> Iterator[str]:
        column = "said_words" if said else "words"
        fields = ("said",) if said else ("title", "body")
        begins = [any_of({"prefix": {field: prefix}} for field in fields)] if prefix else []
        where = all_of([*self._documents(said), *begins])
        if prefix:
            pattern = re.sub(r"(\W)", r"\\\1", prefix) + ".*"
            terms = {"field": column, "include": pattern, "size": MAX_TERMS, "shard_size": MAX_TERMS}
            answer = self._aggregate(where, {"words": {"terms": terms}})["words"]
            if is_complete(answer):
                return (bucket["key"] for bucket in answer["buckets"])
        all_words = (key["word"] for key, _ in self._buckets(where, [{"word": {"terms": {"field": column}}}]))
        return (word for word in all_words if word.startswith(prefix))

    def candidates(self, query: Json, fields: Sequence[str], *, said: bool, limit: int) -> list[Json] | None:
        """Return matching documents with these fields, or None if there are more than ``limit``."""
        where = all_of([*self._documents(said), query])
        hits = self._search({"size": limit, "query": where, "_source": list(fields)})["hits"]
        return None if hits["total"]["value"] > limit else hits["hits"]

    def frequencies(self, column: str, terms: Collection[str]) -> Mapping[str, int]:
        return ValueCounts(self._client, self.state).count(column, terms)

    # Requests

    def _ranked(self, expr: Expr, where: Json, translation: ClusterQuery, sort: Sort, *, said: bool) -> Json:
        """Return the query and sort order for documents that match ``where``."""
        if sort != "relevance":
            order = "desc" if sort == "newest" else "asc"
            by_date = {"second": {"order": order, "missing": "_last"}}
            return {"query": {"bool": {"filter": [where]}}, "sort": [by_date, "order"]}
        should = score_clauses(expr, translation, self.state.totals, self._counted, said=said)
        query = {"bool": {"filter": [where], "should": should}}
        return {"query": query, "sort": ["_score", "order"], "track_scores": True}

    def _counted(self, queries: Mapping[SpanExpr, Json], said: bool) -> Mapping[SpanExpr, int]:
        """Return the document frequency of each leaf. Fetches unknown ones in one request."""
        if unknown := [leaf for leaf in queries if (leaf, said) not in self._frequencies]:
            filters = {str(n): queries[leaf] for n, leaf in enumerate(unknown)}
            where = all_of([*self._documents(said), any_of(filters.values())])
            answer = self._aggregate(where, {"df": {"filters": {"filters": filters}}})
            for n, leaf in enumerate(unknown):
                self._frequencies[leaf, said] = answer["df"]["buckets"][str(n)]["doc_count"]
        return {leaf: self._frequencies[leaf, said] for leaf in queries}

    def _documents(self, said: bool) -> list[Json]:
        if said:
            return [{"term": {"kind": "quotation"}}, *self.state.live()]
        return articles_of(self.state)

    def _stories(self, matching: Json) -> int:
        """Return the number of stories. An article without a story counts as one."""
        without = {"bool": {"filter": [matching], "must_not": {"exists": {"field": "story"}}}}
        without_story = self._search({"size": 0, "query": without})["hits"]["total"]["value"]
        stories = self._buckets(matching, [{"story": {"terms": {"field": "story"}}}])
        return int(without_story) + sum(1 for _ in stories)

    def _hits(
        self,
        hits: Iterable[Json],
        articles: Sequence[Article],
        query: Query,
        names: ClusterNames,
        translation: ClusterQuery,
    ) -> list[Hit]:
        explained: Iterable[tuple[tuple[str, float], ...]] = itertools.repeat(())
        if query.explain:
            explained = self._explained(query.where, translation, articles)
        return [
            Hit(article, score_of(hit, query.sort), explanation=parts, names=names)
            for hit, article, parts in zip(hits, articles, explained)
        ]

    def _hit_pages(self, body: Json) -> Iterator[list[Json]]:
        hits = all_hits(self._client, self.state.articles, body, _PAGE_HITS)
        while page := list(itertools.islice(hits, _PAGE_HITS)):
            yield page

    def _pages(self, body: Json) -> Iterator[list[Json]]:
        """Yield the hits of a collapsed search, which supports only offsets."""
        for first in itertools.count(0, _PAGE_HITS):
            hits = self._search({**body, "from": first, "size": _PAGE_HITS})["hits"]["hits"]
            yield hits
            if len(hits) < _PAGE_HITS:
                return

    def _search(self, body: Json) -> Any:
        return search(self._client, self.state.articles, {"track_total_hits": True, **body}, self._patience)

    def _aggregate(self, where: Json, aggregations: Mapping[str, Json]) -> Mapping[str, Any]:
        answer = self._search({"size": 0, "query": where, "aggs": aggregations})
        aggregated: Mapping[str, Any] = answer["aggregations"]
        return aggregated

    def _buckets(self, where: Json, sources: Sequence[Json]) -> Iterator[tuple[dict[str, Any], int]]:
        return buckets(self._client, self.state.articles, where, sources)


def _shown_values(articles: Iterable[Article]) -> dict[str, set[str]]:
    """Return the values shown with hits, whose names are fetched together."""
    names_by_field: dict[str, set[str]] = {field: set() for field in _FIELD_ATTRIBUTES}
    for article in articles:
        for field, attribute in _FIELD_ATTRIBUTES.items():
            values = getattr(article, attribute) or ()
            names_by_field[field].update((values,) if isinstance(values, str) else values)
    return names_by_field


def score_of(hit: Json, sort: Sort) -> float:
    return float(hit["_score"] or 0.0) if sort == "relevance" else 0.0

"""The reader: answers from one committed state."""

from __future__ import annotations

import base64
import itertools
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from searcher import analysis
from searcher.article import Article, Quote
from searcher.engines import scoring
from searcher.errors import QueryTooBroad
from searcher.extensions.opensearch.client import Client
from searcher.extensions.opensearch.documents import ArticleLater, restored
from searcher.extensions.opensearch.facets import ClusterFacets
from searcher.extensions.opensearch.names import ClusterNames, open_names
from searcher.extensions.opensearch.result_pages import (
    MAX_TERMS,
    buckets,
    every_hit,
    in_parts,
    is_whole,
    search,
)
from searcher.extensions.opensearch.state import ClusterState
from searcher.extensions.opensearch.translation import ClusterQuery, all_of, any_of, clauses, parent, weighed
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

if TYPE_CHECKING:
    from searcher.engines.statements import Carried, Heard

Json = dict[str, Any]
#: Hits of a page of a scan; the articles of one page are in memory.
_PAGE_HITS = 200
#: Documents of one request, and utterances of a page, of which each is a kilobyte mostly.
_MAX_DOCUMENTS, _PAGE_UTTERANCES = 1_000, 5_000
#: The place of the last hit that can be asked for.
_MAX_PLACE = 1_000_000
#: Traces by which those that are near one utterance are told (a question has 1,024 clauses at most), and the
#: percentage that they share where they are passed over.
_MAX_TRACES, _SHARED_PERCENT = 16, 50
#: Fields of an article whose names are shown with a hit.
_SHOWN = {"person": "people", "organisation": "organisations", "speaker": "speakers", "author": "authors",
          "source": "source"}  # fmt: skip


class ClusterReader:
    """Safe to share between threads. What was asked once of a state is remembered: words, and how many
    documents have a leaf."""

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
        translation = ClusterQuery(self, names, self.state.languages)
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
                f"Only the first {_MAX_PLACE:,} hits can be asked for: narrow the search, or export it."
            )
        if query.collapse:
            body["collapse"] = {"field": "story_key"}
        found = self._search(body)
        read = [restored(hit["_source"]) for hit in found["hits"]["hits"]]
        if query.collapse:
            names.learn(_shown(read))
            values = {name: FacetValues(facets.counts_of_stories(name)) for name in by_value}
        else:
            values = facets.values(by_value, found.get("aggregations", {}), _shown(read))
        articles = found["hits"]["total"]["value"]
        total = self._stories(matching) if query.collapse else articles
        hits = self._hits(found["hits"]["hits"], read, query, names, translation)
        units = [name for name in query.facets if name in TIME_FACETS]
        over_time = (facets.counts_over_time(unit, stories=query.collapse) for unit in units)
        values |= zip(units, map(FacetValues, over_time))
        made = {name: Facet(name, values[name]) for name in query.facets}
        return Results(tuple(hits), total, made, collapsed=query.collapse, articles=articles)

    def scan(self, query: Query) -> Iterator[Hit]:
        names = self.names
        translation = ClusterQuery(self, names, self.state.languages)
        filters = [translation.article(query.where), *map(translation.passes, query.filters)]
        where = all_of([*articles_of(self.state), *filters])
        body = self._ranked(query.where, where, translation, query.sort, said=False)
        body["_source"] = ["stored"]
        if query.collapse:
            body["collapse"] = {"field": "story_key"}
            pages: Iterator[list[Json]] = self._pages(body)
        else:
            pages = _grouped(every_hit(self._client, self.state.articles, body, _PAGE_HITS), _PAGE_HITS)

        def hits(page: list[Json]) -> list[Hit]:
            read = [restored(hit["_source"]) for hit in page]
            names.learn(_shown(read))
            return self._hits(page, read, query, names, translation)

        return (hit for page in pages for hit in hits(page))

    def _explained(
        self, where: Expr, translation: ClusterQuery, articles: Sequence[Article]
    ) -> Iterator[tuple[tuple[str, float], ...]]:
        """Yield for each article what each leaf adds to its score."""
        from searcher.query.language import render

        scored = weighed(where, said=False)
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
            return restored(hit["_source"])
        return None

    def ids(self, prefixes: Iterable[str]) -> Iterator[str]:
        where = all_of([*articles_of(self.state), any_of({"prefix": {"id": one}} for one in prefixes)])
        body = {"query": where, "sort": ["order"], "_source": ["id"]}
        hits = every_hit(self._client, self.state.articles, body, _PAGE_HITS)
        return (hit["_source"]["id"] for hit in hits)

    def articles(self) -> Iterator[Article]:
        body = {"query": all_of(articles_of(self.state)), "sort": ["order"], "_source": ["stored"]}
        hits = every_hit(self._client, self.state.articles, body, _PAGE_HITS)
        return (restored(hit["_source"]) for hit in hits)

    def count(self, where: Expr | None = None) -> int:
        if where is None:
            return self.state.totals.articles
        if where == IS_PENDING:
            return self.state.totals.pending
        translation = ClusterQuery(self, self.names, self.state.languages)
        if isinstance(where, Term):  # as its score needs to know as well
            return self._counted({where: translation.matching(where, said=False)}, False)[where]
        query = all_of([*articles_of(self.state), translation.article(where)])
        return int(self._search({"size": 0, "query": query})["hits"]["total"]["value"])

    def look_ahead(self, where: Expr) -> None:
        """Count all at once what has the words of a query, before each of them is asked for."""
        translation = ClusterQuery(self, self.names, self.state.languages)
        words = (one for one in leaves(where, in_quotes=True) if isinstance(one, Term))
        scored = (one.leaf for one in weighed(where, said=False) if isinstance(one.leaf, Term | Phrase))
        asked = dict.fromkeys((*words, *scored))
        self._counted({leaf: translation.matching(leaf, said=False) for leaf in asked}, False)

    # Quotations

    def quotes(self, query: QuoteQuery) -> Quotes:
        names = self.names
        if query.offset + query.limit > _MAX_PLACE:
            raise QueryTooBroad(
                f"Only the first {_MAX_PLACE:,} quotations can be asked for: export the search."
            )
        body = self._quotation_query(query, names)
        confident = {"range": {"confidence": {"gte": query.min_confidence}}}
        body |= {"from": query.offset, "size": query.limit, "post_filter": confident}
        body["aggs"] = {"any": {"filter": {"match_all": {}}}}
        found = self._search(body)
        total = found["hits"]["total"]["value"]
        every = found["aggregations"]["any"]["doc_count"]
        hits = self._quote_hits(found["hits"]["hits"], query.sort, names)
        return Quotes(tuple(hits), total, below_confidence=every - total)

    def scan_quotes(self, query: QuoteQuery) -> Iterator[QuoteHit]:
        names, body = self.names, self._heard_query(query)
        pages = _grouped(every_hit(self._client, self.state.articles, body, _PAGE_HITS), _PAGE_HITS)
        return (hit for page in pages for hit in self._quote_hits(page, query.sort, names))

    def _heard_query(self, query: QuoteQuery) -> Json:
        """Return the query for the quotations of a search that are sure enough."""
        body = self._quotation_query(query, self.names)
        body["query"]["bool"]["filter"].append({"range": {"confidence": {"gte": query.min_confidence}}})
        return body

    def _quotation_query(self, query: QuoteQuery, names: ClusterNames) -> Json:
        translation = ClusterQuery(self, names, self.state.languages)
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
        """Return the quotations with their articles, each of which is read once."""
        parents = {hit["_source"]["kind"]["parent"]: hit["_routing"] for hit in hits}
        articles = self.by_key(parents)
        quotes = [(articles[hit["_source"]["kind"]["parent"]], hit["_source"]["number"]) for hit in hits]
        speakers = (article.quotes[number].speaker for article, number in quotes)
        names.learn({SAID_BY: set(filter(None, speakers)), **_shown(articles.values())})
        for hit, (article, number) in zip(hits, quotes):
            quote = article.quotes[number]
            speaker = names.name_of(SAID_BY, quote.speaker) or quote.speaker if quote.speaker else None
            yield QuoteHit(quote, article, score_of(hit, sort), speaker, names=names)

    def by_key(self, routings: Mapping[str, str]) -> dict[str, Article]:
        """Return articles by the ids of their documents, whose shards are known by the routings."""
        wanted = [{"_id": key, "routing": at, "_source": ["stored"]} for key, at in routings.items()]
        articles: dict[str, Article] = {}
        for first in range(0, len(wanted), _MAX_DOCUMENTS):
            asked = {"docs": wanted[first : first + _MAX_DOCUMENTS]}
            found = self._client.post(f"/{self.state.articles}/_mget", asked)["docs"]
            articles |= {one["_id"]: restored(one["_source"]) for one in found}
        return articles

    # Utterances: what was said in each, without its article (see searcher.engines.statements.Utterances)

    def heard(
        self, query: QuoteQuery, most: int | None = None, apart: Sequence[Heard | Carried] = ()
    ) -> tuple[Sequence[Heard | Carried], bool]:
        """Return the utterances of which quotations are parts that match, each once."""
        body = self._heard_query(query)
        likely = [_sharing(one, f"{_SHARED_PERCENT}%") for one in apart if not one.saying.alone]
        body["query"]["bool"]["must_not"] = likely
        return self._heard_first(body, query.sort, most)

    def alike(
        self, some: Sequence[Heard | Carried], kinds: tuple[str, ...], known: QuoteQuery | None, most: int
    ) -> Iterable[Heard | Carried] | None:
        """Return the utterances that share a trace with any of these."""
        from searcher.statements import traces

        wanted = set[str]().union(*map(traces, {one.saying.words for one in some if not one.saying.alone}))
        others = {"must_not": all_of(self._heard_query(known)["query"]["bool"]["filter"])} if known else {}
        queries = [
            {"bool": {"filter": [*self._spoken(kinds), {"terms": {"traces": part}}], **others}}
            for part in in_parts(sorted(wanted))
        ]
        left = most
        for query in queries:
            counted = {"size": 0, "query": query, "track_total_hits": left + 1}
            left -= self._search(counted)["hits"]["total"]["value"]
            if left < 0:
                return None
        asked = [{"query": query, "sort": ["order", "position"]} for query in queries]
        return [one for body in asked for one in self._heard_first(body, "oldest", None)[0]]

    def nearest(
        self, one: Heard | Carried, kinds: tuple[str, ...], most: int
    ) -> tuple[Sequence[Heard | Carried], bool]:
        """Return the utterances that share most traces with one, the oldest of those that share as many."""
        if one.saying.alone:
            return [], False
        query = _sharing(one, "1")
        query["bool"]["filter"] = self._spoken(kinds)
        by_score = ["_score", {"second": {"order": "asc", "missing": "_last"}}, "order", "position"]
        return self._heard_first({"query": query, "sort": by_score}, "relevance", most)

    def _spoken(self, kinds: tuple[str, ...]) -> list[Json]:
        return [*self._documents(said=True), {"terms": {"said_as": list(kinds)}}]

    def _heard_first(self, body: Json, sort: Sort, most: int | None) -> tuple[list[Heard], bool]:
        """Return the utterances of the first quotations of a query, and whether there are others."""
        body |= {"_source": False, "stored_fields": "_none_", "docvalue_fields": ["utterance"]}
        size = _PAGE_UTTERANCES if most is None else min(most + 1, _PAGE_UTTERANCES)
        hits = every_hit(self._client, self.state.articles, body, size)
        heard = list(self._heard(itertools.islice(hits, most), sort))
        return heard, most is not None and any(True for _ in hits)

    def _heard(self, hits: Iterator[Json], sort: Sort) -> Iterator[Heard]:
        """Yield the utterances of quotations, each once."""
        from searcher.engines.statements import Heard  # a search for articles needs none
        from searcher.statements import Saying

        names, seen, sayings = self.names, set(), dict[tuple[str, str | None, bool, bool], Saying]()
        for page in _grouped(hits, _PAGE_UTTERANCES):
            rows = [base64.b64decode(hit["fields"]["utterance"][0] + "==").partition(b"\n") for hit in page]
            read = _read_together(head for head, _, _ in rows)
            names.learn({SAID_BY: {saying[1] for _, saying in read} - {None}})
            for (key, saying), hit, (_, _, place) in zip(read, page, rows):
                if (key := tuple(key)) in seen:
                    continue
                seen.add(key)
                words, speaker, reported, alone = saying = tuple(saying)
                if saying not in sayings:
                    speaker = speaker and (names.name_of(SAID_BY, speaker) or speaker)
                    sayings[saying] = Saying(tuple(words.split()), speaker, reported, alone)
                yield Heard(key, sayings[saying], score_of(hit, sort), place)

    def carried(self, heard: Iterable[Heard | Carried]) -> list[Carried]:
        """Return utterances with their articles, in their order: these are read when more of them is wanted
        than places are shown with."""
        from searcher.engines.statements import Carried
        from searcher.results.statements import Place

        every, articles = list(heard), dict[str, Article]()
        placed = _read_together(b"[{},[],0]" if isinstance(one, Carried) else one.place for one in every)
        self.names.learn({"source": {known["source"] for known, *_ in placed if "source" in known}})

        def carried(one: Heard, known: Mapping[str, Any], parts: Iterable[Any], words: int) -> Carried:
            id, saying = one.key[0], one.saying
            article = articles.setdefault(id, ArticleLater.begun(known, partial(self.get, id)))
            place = Place(article, tuple(Quote(*part) for part in parts), saying.speaker, self.names)
            return Carried(place, saying, one.score, words)

        return [one if isinstance(one, Carried) else carried(one, *own) for one, own in zip(every, placed)]

    # Words

    def words(self, prefix: str = "", *, said: bool = False) -> tuple[str, ...]:
        """Return the words of articles, or of quotations, that begin with a prefix, sorted."""
        if (known := self._words.get((prefix, said))) is None:
            known = self._words[prefix, said] = tuple(sorted(self._beginning_with(prefix, said)))
        return known

    def _beginning_with(self, prefix: str, said: bool) -> Iterator[str]:
        column = "said_words" if said else "words"
        fields = ("said",) if said else ("title", "body")
        begins = [any_of({"prefix": {field: prefix}} for field in fields)] if prefix else []
        where = all_of([*self._documents(said), *begins])
        if prefix:
            pattern = re.sub(r"(\W)", r"\\\1", prefix) + ".*"
            terms = {"field": column, "include": pattern, "size": MAX_TERMS, "shard_size": MAX_TERMS}
            found = self._aggregate(where, {"words": {"terms": terms}})["words"]
            if is_whole(found):
                return (bucket["key"] for bucket in found["buckets"])
        every = (key["word"] for key, _ in self._buckets(where, [{"word": {"terms": {"field": column}}}]))
        return (word for word in every if word.startswith(prefix))

    def candidates(self, query: Json, fields: Sequence[str], *, said: bool, limit: int) -> list[Json] | None:
        where = all_of([*self._documents(said), query])
        found = self._search({"size": limit, "query": where, "_source": list(fields)})["hits"]
        return None if found["total"]["value"] > limit else found["hits"]

    def frequencies(self, column: str, terms: Collection[str]) -> Mapping[str, int]:
        return ValueCounts(self._client, self.state).count(column, terms)

    # Steps

    def _ranked(self, asked: Expr, where: Json, translation: ClusterQuery, sort: Sort, *, said: bool) -> Json:
        """Return the query for the documents of ``where``, in order; by score where that is the order."""
        if sort != "relevance":
            order = "desc" if sort == "newest" else "asc"
            by_date = {"second": {"order": order, "missing": "_last"}}
            return {"query": {"bool": {"filter": [where]}}, "sort": [by_date, "order"]}
        should = clauses(asked, translation, self.state.totals, self._counted, said=said)
        query = {"bool": {"filter": [where], "should": should}}
        return {"query": query, "sort": ["_score", "order"], "track_scores": True}

    def _counted(self, queries: Mapping[SpanExpr, Json], said: bool) -> Mapping[SpanExpr, int]:
        """Return in how many documents each leaf has spans, all that is not known yet by one request."""
        if unknown := [leaf for leaf in queries if (leaf, said) not in self._frequencies]:
            filters = {str(n): queries[leaf] for n, leaf in enumerate(unknown)}
            where = all_of([*self._documents(said), any_of(filters.values())])
            found = self._aggregate(where, {"df": {"filters": {"filters": filters}}})
            for n, leaf in enumerate(unknown):
                self._frequencies[leaf, said] = found["df"]["buckets"][str(n)]["doc_count"]
        return {leaf: self._frequencies[leaf, said] for leaf in queries}

    def _documents(self, said: bool) -> list[Json]:
        if said:
            return [{"term": {"kind": "quotation"}}, *self.state.live()]
        return articles_of(self.state)

    def _stories(self, matching: Json) -> int:
        """Return the number of stories; an article without one is one by itself."""
        without = {"bool": {"filter": [matching], "must_not": {"exists": {"field": "story"}}}}
        alone = self._search({"size": 0, "query": without})["hits"]["total"]["value"]
        stories = self._buckets(matching, [{"story": {"terms": {"field": "story"}}}])
        return int(alone) + sum(1 for _ in stories)

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

    def _pages(self, body: Json) -> Iterator[list[Json]]:
        """Yield the hits of a collapsed search, which can be asked for by their places only."""
        for first in itertools.count(0, _PAGE_HITS):
            hits = self._search({**body, "from": first, "size": _PAGE_HITS})["hits"]["hits"]
            yield hits
            if len(hits) < _PAGE_HITS:
                return

    def _search(self, body: Json) -> Any:
        return search(self._client, self.state.articles, {"track_total_hits": True, **body}, self._patience)

    def _aggregate(self, where: Json, aggregations: Mapping[str, Json]) -> Mapping[str, Any]:
        found = self._search({"size": 0, "query": where, "aggs": aggregations})
        aggregated: Mapping[str, Any] = found["aggregations"]
        return aggregated

    def _buckets(self, where: Json, sources: Sequence[Json]) -> Iterator[tuple[dict[str, Any], int]]:
        return buckets(self._client, self.state.articles, where, sources)


def _shown(articles: Iterable[Article]) -> dict[str, set[str]]:
    """Return the values that hits are shown with: hits are detached from the index, so their names are asked
    for together."""
    shown: dict[str, set[str]] = {field: set() for field in _SHOWN}
    for article in articles:
        for field, attribute in _SHOWN.items():
            values = getattr(article, attribute) or ()
            shown[field].update((values,) if isinstance(values, str) else values)
    return shown


def _sharing(one: Heard | Carried, least: str) -> Json:
    """Return the query for the quotations that share some traces with an utterance: of a long one with those
    that are chosen of each text alike, by their checksums."""
    from searcher.statements import traces

    some = sorted(traces(one.saying.words))[:_MAX_TRACES]
    should = [{"constant_score": {"filter": {"term": {"traces": trace}}}} for trace in some]
    return {"bool": {"should": should, "minimum_should_match": least}}


def score_of(hit: Json, sort: Sort) -> float:
    return float(hit["_score"] or 0.0) if sort == "relevance" else 0.0


def _read_together(texts: Iterable[bytes]) -> list[Any]:
    """Return what several texts in JSON say: as one they are read in a third of the time."""
    return list(json.loads(b"[%s]" % b",".join(texts)))


def _grouped(hits: Iterator[Json], size: int) -> Iterator[list[Json]]:
    while page := list(itertools.islice(hits, size)):
        yield page

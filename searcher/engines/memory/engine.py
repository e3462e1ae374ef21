"""The engine: it evaluates every query on every article."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from searcher import analysis
from searcher.article import Article, Quote
from searcher.engines.base import closed_error
from searcher.engines.memory.matching import (
    IndexedArticle,
    Scorer,
    Snapshot,
    index_article,
    matches,
    no_quote_score,
    no_score,
    passes,
    quote_matches,
    resolve,
    sort_key,
)
from searcher.errors import IndexDamaged, IndexLocked
from searcher.names.table import SAID_BY, Identities, NameTable
from searcher.query import expansion, units
from searcher.query.tree import Expr, InQuote, MatchAll, Query, QuoteQuery, TimeUnit, Wildcard, leaves
from searcher.results import Facet, FacetValues, Hit, Results
from searcher.results.quotations import QuoteHit, Quotes

if TYPE_CHECKING:
    from searcher.engines.statements import Carried
    from searcher.results.statements import Statement, Statements


class MemoryEngine:
    """Keeps everything in memory; see :class:`searcher.engines.base.Engine`."""

    def __init__(self, *, identities: Identities, timeout: float = 60.0) -> None:
        self._lock = threading.Lock()
        self._timeout = timeout
        self._committed: Snapshot | None = Snapshot({}, resolve({}, identities), identities)

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> _Writer:
        self._require_open()
        return _Writer(self, fresh, self._timeout if timeout is None else timeout)

    def optimize(self, added: int) -> None:  # noqa: ARG002  # nothing is to be merged
        self._require_open()

    def use_names(self, identities: Identities) -> None:
        articles = self._snapshot.articles
        self._committed = Snapshot(articles, resolve(articles, identities), identities)

    def rarest(self, words: Collection[str], number: int) -> Sequence[str]:
        known = self.frequencies(words)
        return sorted(known, key=lambda word: (known[word], word))[:number]

    def names(self) -> NameTable:
        return self._snapshot.names

    def beside(self) -> Mapping[str, Any]:
        return {}  # its records live as long as it does

    def verify(self) -> tuple[str, ...]:
        self._require_open()
        return ()

    def salvage(self) -> Iterator[Article | IndexDamaged]:
        return self.articles()

    def close(self) -> None:
        self._committed = None

    @property
    def _snapshot(self) -> Snapshot:
        """The last commit. Raises UsageError once the engine is closed."""
        if self._committed is None:
            raise closed_error()
        return self._committed

    def _require_open(self) -> None:
        _ = self._snapshot

    def count(self, where: Expr | None = None) -> int:
        return len(self._snapshot.articles) if where is None else self.search(Query(where, limit=0)).total

    def contains(self, id: str) -> bool:
        return id in self._snapshot.articles

    def get(self, id: str) -> Article | None:
        found = self._snapshot.articles.get(id)
        return found.article if found else None

    def ids(self, prefix: str) -> Iterator[str]:
        return (id for id in self._snapshot.articles if id.startswith(prefix))

    def articles(self) -> Iterator[Article]:
        return (indexed.article for indexed in self._snapshot.articles.values())

    def values(self, field: str) -> Mapping[str, int]:
        snapshot = self._snapshot
        return _facet(field, list(snapshot.articles.values()), snapshot.names)

    def words(self, prefix: str = "") -> Iterator[str]:
        return iter(sorted(_vocabulary(self._snapshot, prefix)))

    def frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        return {word: n for word, n in _vocabulary(self._snapshot).items() if word in words}

    def search(self, query: Query) -> Results:
        snapshot = self._snapshot
        _check_expansions(query.where, snapshot)
        matching = [a for a in snapshot.articles.values() if matches(query.where, a, snapshot.names)]
        found = [a for a in matching if passes(query.filters, a, snapshot.names)]
        hits = tuple(_hits(query, found, snapshot))
        page = hits[query.offset : query.offset + query.limit]
        count = _facet_of_stories if query.collapse else _facet
        facets = {
            name: Facet(name, FacetValues(count(name, among, snapshot.names)))
            for name in query.facets
            for others in [[f for f in query.filters if f.negated or f.field != name]]
            for among in [[a for a in matching if passes(others, a, snapshot.names)]]
        }
        return Results(page, len(hits), facets, collapsed=query.collapse, articles=len(found))

    def timeline(self, query: Query, unit: TimeUnit) -> Mapping[dt.date, int]:
        snapshot = self._snapshot
        found = [
            indexed
            for indexed in snapshot.articles.values()
            if indexed.article.published and matches(query.where, indexed, snapshot.names)
            if passes(query.filters, indexed, snapshot.names)
        ]
        pairs = [(_first_day(a.article, unit), _story(a)) for a in found]
        return dict(sorted(Counter(day for day, _ in (set(pairs) if query.collapse else pairs)).items()))

    def scan(self, query: Query) -> Iterator[Hit]:
        return iter(self.search(replace(query, facets=(), offset=0, limit=self.count())).hits)

    def scan_quotes(self, query: QuoteQuery) -> Iterator[QuoteHit]:
        every = sum(len(indexed.quotes) for indexed in self._snapshot.articles.values())
        return iter(self.quotes(replace(query, offset=0, limit=every)).hits)

    def quotes(self, query: QuoteQuery) -> Quotes:
        snapshot = self._snapshot
        _check_expansions(query.where, snapshot)
        _check_expansions(query.articles, snapshot)
        matching = [
            (indexed, number)
            for indexed in snapshot.articles.values()
            if matches(query.articles, indexed, snapshot.names)
            and passes(query.filters, indexed, snapshot.names)
            for number in _by_position(indexed.article.quotes)
            if indexed.article.quotes[number].kind in query.kinds
            and quote_matches(query.where, indexed, number, snapshot.names)
        ]
        found = [(a, n) for a, n in matching if a.article.quotes[n].confidence >= query.confidence]
        scorer = Scorer.of_quotes(query.where, snapshot)
        score = scorer.score_quote if query.sort == "relevance" else no_quote_score
        by = sort_key(query.sort, no_score)
        ranked = sorted(found, key=lambda pair: (-score(*pair), *by(pair[0])))
        page = ranked[query.offset : query.offset + query.limit]
        hits = tuple(_quote_hit(a, n, score(a, n), snapshot.names) for a, n in page)
        return Quotes(hits, len(found), below_confidence=len(matching) - len(found))

    def statements(self, query: QuoteQuery) -> Statements:
        from searcher.engines.statements import among, carried

        matching = list(carried(self.scan_quotes(query)))
        found = among(self._utterances(query.kinds), matching, query.offset, query.limit)
        below = self.quotes(replace(query, limit=0)).below_confidence
        return replace(found, below_confidence=below)

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        from searcher.engines.statements import value_counts

        return value_counts(self._utterances(query.kinds), self.scan_quotes(query), fields)

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        from searcher.engines.statements import among, carried

        article = self.get(hit.article.id)
        if article is None or hit.quote not in article.quotes:
            return None
        return among(self._utterances(kinds), list(carried([hit])), 0, 1).hits[0]

    def _utterances(self, kinds: tuple[str, ...]) -> list[Carried]:
        """Return every utterance with a part of these kinds."""
        from searcher.engines.statements import carried

        return list(carried(self.scan_quotes(QuoteQuery(MatchAll(), kinds=kinds, sort="oldest"))))

    def explain(self, expr: Expr, id: str) -> tuple[tuple[str, float], ...]:
        from searcher.query.language import render

        snapshot = self._snapshot
        scorer = Scorer.of_articles(expr, snapshot)
        parts = scorer.contributions(snapshot.articles[id]) if id in snapshot.articles else []
        return tuple((render(part.leaf), points) for part, points in parts if points)


class _Writer:
    """Collects changes and commits them at the end of the ``with`` block."""

    def __init__(self, engine: MemoryEngine, fresh: bool, timeout: float) -> None:
        if not engine._lock.acquire(timeout=timeout):
            raise IndexLocked(f"Another thread has been writing for more than {timeout:g} s.")
        self._engine = engine
        self.beside: Mapping[str, Any] | None = None
        self._articles = (
            {} if fresh else {a.article.id: a.article for a in engine._snapshot.articles.values()}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        finally:
            self._engine._lock.release()

    def add(self, article: Article) -> None:
        self._articles.pop(article.id, None)
        self._articles[article.id] = article

    def delete(self, id: str) -> None:
        self._articles.pop(id, None)

    def _commit(self) -> None:
        old = self._engine._snapshot
        articles = {
            id: index_article(article, number, old.articles.get(id))
            for number, (id, article) in enumerate(self._articles.items())
        }
        self._engine._committed = Snapshot(articles, resolve(articles, old.identities), old.identities)


def _facet(name: str, articles: Sequence[IndexedArticle], names: NameTable) -> Mapping[str, int]:
    return Counter(value for a in articles for value in names.names_of(name, a.values[name]))


def _facet_of_stories(name: str, articles: Sequence[IndexedArticle], names: NameTable) -> Mapping[str, int]:
    pairs = {(_story(a), value) for a in articles for value in _facet(name, [a], names)}
    return Counter(value for _, value in pairs)


def _first_day(article: Article, unit: TimeUnit) -> dt.date:
    return units.first_day(unit, (article.published or dt.datetime.min).date())


def _hits(query: Query, found: Sequence[IndexedArticle], snapshot: Snapshot) -> Iterator[Hit]:
    """Yield the articles found, in order; the first one of every story if the query collapses."""
    score = Scorer.of_articles(query.where, snapshot).score if query.sort == "relevance" else no_score
    ranked = sorted(found, key=sort_key(query.sort, score))
    if query.collapse:
        ranked = _first_of_stories(ranked)
    return (Hit(indexed.article, score(indexed), names=snapshot.names) for indexed in ranked)


def _first_of_stories(ranked: Sequence[IndexedArticle]) -> list[IndexedArticle]:
    firsts: dict[tuple[str | None, str], IndexedArticle] = {}
    for indexed in ranked:
        firsts.setdefault(_story(indexed), indexed)
    return list(firsts.values())


def _story(indexed: IndexedArticle) -> tuple[str | None, str]:
    """Return a key that the articles of one story share."""
    article = indexed.article
    return (None, article.story) if article.story else (article.id, "")


def _by_position(quotes: Sequence[Quote]) -> list[int]:
    return sorted(range(len(quotes)), key=lambda n: (quotes[n].start, quotes[n].end, n))


def _quote_hit(indexed: IndexedArticle, number: int, score: float, names: NameTable) -> QuoteHit:
    quote = indexed.article.quotes[number]
    speaker = names.name_of(SAID_BY, quote.speaker) or quote.speaker if quote.speaker else None
    return QuoteHit(quote, indexed.article, score, speaker, names=names)


def _vocabulary(snapshot: Snapshot, prefix: str = "") -> Counter[str]:
    """Return the words as written, each with the number of its articles."""
    counts: Counter[str] = Counter()
    for indexed in snapshot.articles.values():
        counts.update(
            {
                form
                for text in (indexed.title, indexed.body)
                for forms in text
                for form in forms
                if analysis.is_surface(form) and form.startswith(prefix)
            }
        )
    return counts


def _check_expansions(expr: Expr, snapshot: Snapshot) -> None:
    """Raise QueryTooBroad where another engine would: the number of terms that a pattern matches is
    bounded."""
    for leaf in leaves(expr):
        match leaf:
            case Wildcard(pattern=pattern):
                expansion.expand_wildcard(pattern, lambda prefix: sorted(_vocabulary(snapshot, prefix)))
            case InQuote(where):
                _check_expansions(where, snapshot)
            case _:
                pass

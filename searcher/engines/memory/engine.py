"""The engine: every article is looked at for every question."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from searcher import analysis
from searcher.article import Article, Quote
from searcher.engines.memory.documents import Indexed, Names, State, indexed_as, resolve
from searcher.engines.memory.matching import matches, passes, quote_matches
from searcher.engines.memory.scoring import Scorer, no_quote_score, no_score, order
from searcher.errors import IndexDamaged, IndexLocked
from searcher.names.resolution import Identities
from searcher.query import expansion
from searcher.query.tree import Expr, InQuote, Query, QuoteQuery, Wildcard, leaves
from searcher.results import Facet, FacetValues, Hit, QuoteHit, Quotes, Results

__all__ = ["MemoryEngine"]


class MemoryEngine:
    """Keeps everything in memory; see :class:`searcher.engines.base.Engine`."""

    def __init__(self, *, identities: Identities, timeout: float = 60.0) -> None:
        self._lock = threading.Lock()
        self._timeout = timeout
        self._state = State({}, resolve({}, identities))

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> _Writer:
        return _Writer(self, fresh, self._timeout if timeout is None else timeout)

    def optimize(self, added: int) -> None:
        pass

    def use_names(self, identities: Identities) -> None:
        self._state = State(self._state.articles, resolve(self._state.articles, identities))

    def verify(self) -> tuple[str, ...]:
        return ()

    def salvage(self) -> Iterator[Article | IndexDamaged]:
        return self.articles()

    def close(self) -> None:
        pass

    def count(self, where: Expr | None = None) -> int:
        return len(self._state.articles) if where is None else self.search(Query(where, limit=0)).total

    def contains(self, id: str) -> bool:
        return id in self._state.articles

    def get(self, id: str) -> Article | None:
        found = self._state.articles.get(id)
        return found.article if found else None

    def articles(self) -> Iterator[Article]:
        return (indexed.article for indexed in self._state.articles.values())

    def values(self, field: str) -> Mapping[str, int]:
        state = self._state
        return _facet(field, list(state.articles.values()), state.names)

    def words(self, prefix: str = "") -> Iterator[str]:
        return iter(sorted(_vocabulary(self._state, prefix)))

    def frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        return {word: n for word, n in _vocabulary(self._state).items() if word in words}

    def search(self, query: Query) -> Results:
        state = self._state
        _check_expansions(query.where, state)
        matching = [a for a in state.articles.values() if matches(query.where, a, state.names)]
        found = [a for a in matching if passes(query.filters, a, state.names)]
        hits = tuple(_hits(query, found, state))
        page = hits[query.offset : query.offset + query.limit]
        count = _facet_of_stories if query.collapse else _facet
        facets = {
            name: Facet(name, FacetValues(count(name, among, state.names)))
            for name in query.facets
            for others in [[f for f in query.filters if f.negated or f.field != name]]
            for among in [[a for a in matching if passes(others, a, state.names)]]
        }
        return Results(page, len(hits), facets, collapsed=query.collapse, articles=len(found))

    def scan(self, query: Query) -> Iterator[Hit]:
        return iter(self.search(replace(query, facets=(), offset=0, limit=self.count())).hits)

    def scan_quotes(self, query: QuoteQuery) -> Iterator[QuoteHit]:
        every = sum(len(indexed.quotes) for indexed in self._state.articles.values())
        return iter(self.quotes(replace(query, offset=0, limit=every)).hits)

    def quotes(self, query: QuoteQuery) -> Quotes:
        state = self._state
        _check_expansions(query.where, state)
        _check_expansions(query.articles, state)
        matching = [
            (indexed, number)
            for indexed in state.articles.values()
            if matches(query.articles, indexed, state.names) and passes(query.filters, indexed, state.names)
            for number in _by_position(indexed.article.quotes)
            if indexed.article.quotes[number].kind in query.kinds
            and quote_matches(query.where, indexed, number, state.names)
        ]
        found = [(a, n) for a, n in matching if a.article.quotes[n].confidence >= query.confidence]
        scorer = Scorer.of_quotes(query.where, state)
        score = scorer.score_quote if query.sort == "relevance" else no_quote_score
        by = order(query.sort, no_score)
        ranked = sorted(found, key=lambda pair: (-score(*pair), *by(pair[0])))
        page = ranked[query.offset : query.offset + query.limit]
        hits = tuple(_quote_hit(a, n, score(a, n), state.names) for a, n in page)
        return Quotes(hits, len(found), below_confidence=len(matching) - len(found))

    def explain(self, expr: Expr, id: str) -> tuple[tuple[str, float], ...]:
        from searcher.query.language import render

        state = self._state
        scorer = Scorer.of_articles(expr, state)
        parts = scorer.contributions(state.articles[id]) if id in state.articles else []
        return tuple((render(part.leaf), points) for part, points in parts if points)


class _Writer:
    """Collects changes and puts them in place at the end of the ``with`` block."""

    def __init__(self, engine: MemoryEngine, fresh: bool, timeout: float) -> None:
        if not engine._lock.acquire(timeout=timeout):
            raise IndexLocked(f"Another thread has been writing for more than {timeout:g} s.")
        self._engine = engine
        self._articles = {} if fresh else {a.article.id: a.article for a in engine._state.articles.values()}

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
        old = self._engine._state
        articles = {
            id: indexed_as(article, place, old.articles.get(id))
            for place, (id, article) in enumerate(self._articles.items())
        }
        self._engine._state = State(articles, resolve(articles, old.names.identities))


def _facet(name: str, articles: Sequence[Indexed], names: Names) -> Mapping[str, int]:
    canonical = names.canonical[name]  # without the names that a curation ignores
    return Counter(
        v for a in articles for v in {canonical[raw] for raw in a.values[name] if raw in canonical}
    )


def _facet_of_stories(name: str, articles: Sequence[Indexed], names: Names) -> Mapping[str, int]:
    told = {(_story(a), value) for a in articles for value in _facet(name, [a], names)}
    return Counter(value for _, value in told)


def _hits(query: Query, found: Sequence[Indexed], state: State) -> Iterator[Hit]:
    """Those found, in order; the first one of every story where these are asked for."""
    score = Scorer.of_articles(query.where, state).score if query.sort == "relevance" else no_score
    ranked = sorted(found, key=order(query.sort, score))
    if query.collapse:
        ranked = _first_of_stories(ranked)
    return (Hit(indexed.article, score(indexed)) for indexed in ranked)


def _first_of_stories(ranked: Sequence[Indexed]) -> list[Indexed]:
    firsts: dict[tuple[str | None, str], Indexed] = {}
    for indexed in ranked:
        firsts.setdefault(_story(indexed), indexed)
    return list(firsts.values())


def _story(indexed: Indexed) -> tuple[str | None, str]:
    """What is equal for articles of one story."""
    article = indexed.article
    return (None, article.story) if article.story else (article.id, "")


def _by_position(quotes: Sequence[Quote]) -> list[int]:
    return sorted(range(len(quotes)), key=lambda n: (quotes[n].start, quotes[n].end, n))


def _quote_hit(indexed: Indexed, number: int, score: float, names: Names) -> QuoteHit:
    quote = indexed.article.quotes[number]
    speaker = names.canonical["speaker"].get(quote.speaker, quote.speaker) if quote.speaker else None
    return QuoteHit(quote, indexed.article, score, speaker)


def _vocabulary(state: State, prefix: str = "") -> Counter[str]:
    counts: Counter[str] = Counter()
    for indexed in state.articles.values():
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


def _check_expansions(expr: Expr, state: State) -> None:
    """Raise QueryTooBroad where another engine would: patterns are bounded by what they expand to."""
    for leaf in leaves(expr):
        match leaf:
            case Wildcard(pattern=pattern):
                expansion.expand_wildcard(pattern, lambda prefix: sorted(_vocabulary(state, prefix)))
            case InQuote(where):
                _check_expansions(where, state)
            case _:
                pass

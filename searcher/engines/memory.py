"""The memory engine: evaluates every query on every article in plain Python. Small, slow, obviously right.

The conformance suite compares the other engines with it. It also serves ``:memory:``.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, assert_never, get_args

from searcher import analysis
from searcher.article import Article, QuoteKind
from searcher.engines import scoring
from searcher.engines.base import Storage, TermField, Transaction, closed_error
from searcher.engines.field_values import indices_by_position, values_of
from searcher.errors import IndexLocked
from searcher.fields import FIELDS, QUOTE_FIELDS, Kind
from searcher.languages import word_language
from searcher.names.nearness import NameContext, name_context
from searcher.names.table import SAID_BY, Identities, NameTable, PlainTable, weights_by_kind
from searcher.query import expansion, tree
from searcher.query.spans import Terms, field_of, spans
from searcher.query.tree import TIME_FACETS, Expr, Filter, Query, QuoteQuery, SpanExpr, leaves, strip_in_quote
from searcher.results import Facet, FacetValues, Hit, Results
from searcher.results.quotations import QuoteHit, Quotes

if TYPE_CHECKING:
    from searcher.engines.statements import LocatedUtterance
    from searcher.results.statements import Statement, Statements


class MemoryEngine:
    """An index in memory; see :class:`searcher.engines.base.Engine`."""

    def __init__(self, *, identities: Identities, timeout: float = 60.0) -> None:
        self._lock = threading.Lock()
        self._timeout = timeout
        self._commits = 0
        self._committed: MemorySnapshot | None = MemorySnapshot({}, resolve({}, identities))

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> _Writer:
        self._require_open()
        return _Writer(self, fresh, self._timeout if timeout is None else timeout)

    def use_names(self, identities: Identities) -> None:
        articles = self._snapshot.articles
        self._committed = MemorySnapshot(articles, resolve(articles, identities))

    def names(self) -> NameTable:
        return self._snapshot.names

    def storage(self) -> Storage:
        self._require_open()
        return _MemoryStorage(self)

    def close(self) -> None:
        self._committed = None

    @property
    def _snapshot(self) -> MemorySnapshot:
        """The last commit. Raises UsageError once the engine is closed."""
        if self._committed is None:
            raise closed_error()
        return self._committed

    def _require_open(self) -> None:
        _ = self._snapshot

    def count(self, where: Expr | None = None) -> int:
        return len(self._snapshot.articles) if where is None else self._search(Query(where, limit=0)).total

    def get(self, id: str) -> Article | None:
        indexed = self._snapshot.articles.get(id)
        return indexed.article if indexed else None

    def terms(self, field: TermField, prefix: str | tuple[str, ...] = "") -> Iterator[str]:
        snapshot = self._snapshot
        if field == "id":
            return (id for id in snapshot.articles if id.startswith(prefix))
        return iter(sorted(_vocabulary(snapshot, prefix)))

    def frequencies(self, field: TermField, terms: Collection[str]) -> Mapping[str, int]:
        snapshot = self._snapshot
        if field == "id":
            return {id: 1 for id in terms if id in snapshot.articles}
        return {word: n for word, n in _vocabulary(snapshot).items() if word in terms}

    def search(self, query: Query | QuoteQuery) -> Any:
        return self._search(query) if isinstance(query, Query) else self._quotes(query)

    def _search(self, query: Query) -> Results:
        snapshot = self._snapshot
        _check_expansions(query.where, snapshot)
        matching = [a for a in snapshot.articles.values() if matches(query.where, a, snapshot.names)]
        selected = [a for a in matching if passes(query.filters, a, snapshot.names)]
        hits = tuple(_hits(query, selected, snapshot))
        page = hits[query.offset : query.offset + query.limit]
        count = _facet_of_stories if query.collapse else _facet
        facets = {
            name: Facet(name, FacetValues(count(name, among, snapshot.names)))
            for name in query.facets
            for other_filters in [[f for f in query.filters if f.negated or f.field != name]]
            for among in [[a for a in matching if passes(other_filters, a, snapshot.names)]]
        }
        return Results(page, len(hits), facets, collapsed=query.collapse, articles=len(selected))

    def scan(self, query: Query | QuoteQuery) -> Iterator[Any]:
        if isinstance(query, Query):
            return iter(self._search(replace(query, facets=(), offset=0, limit=self.count())).hits)
        total = sum(len(indexed.quotes) for indexed in self._snapshot.articles.values())
        return iter(self._quotes(replace(query, offset=0, limit=total)).hits)

    def _quotes(self, query: QuoteQuery) -> Quotes:
        snapshot = self._snapshot
        _check_expansions(query.where, snapshot)
        _check_expansions(query.articles, snapshot)
        matching = [
            (indexed, number)
            for indexed in snapshot.articles.values()
            if matches(query.articles, indexed, snapshot.names)
            and passes(query.filters, indexed, snapshot.names)
            for number in indices_by_position(indexed.article.quotes)
            if indexed.article.quotes[number].kind in query.kinds
            and quote_matches(query.where, indexed, number, snapshot.names)
        ]
        confident = [(a, n) for a, n in matching if a.article.quotes[n].confidence >= query.min_confidence]
        scorer = Scorer.of_quotes(query.where, snapshot)
        score = scorer.score_quote if query.sort == "relevance" else lambda *_: 0.0
        by = sort_key(query.sort, no_score)
        ranked = sorted(confident, key=lambda pair: (-score(*pair), *by(pair[0])))
        page = ranked[query.offset : query.offset + query.limit]
        hits = tuple(_quote_hit(a, n, score(a, n), snapshot.names) for a, n in page)
        return Quotes(hits, len(confident), below_confidence=len(matching) - len(confident))

    def statements(self, query: QuoteQuery) -> Statements:
        from searcher.engines.statements import distinct_utterances, statements_page

        matching = list(distinct_utterances(self.scan(query)))
        page = query.offset, query.limit
        statements = statements_page(self._utterances(), matching, query.kinds, *page, query.min_confidence)
        below = self._quotes(replace(query, limit=0)).below_confidence
        return replace(statements, below_confidence=below)

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        from searcher.engines.statements import (
            distinct_utterances,
            members_by_utterance,
            statement_value_counts,
        )

        statements = members_by_utterance(self._utterances())
        hits = (
            (statements[one.key][0], hit) for hit in self.scan(query) for one in distinct_utterances([hit])
        )
        return statement_value_counts(hits, fields)

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        from searcher.engines.statements import distinct_utterances, statements_page

        article = self.get(hit.article.id)
        if article is None or hit.quote not in article.quotes:
            return None
        return statements_page(self._utterances(), list(distinct_utterances([hit])), kinds, 0, 1).hits[0]

    def _utterances(self) -> list[LocatedUtterance]:
        from searcher.engines.statements import distinct_utterances

        all_quotes = QuoteQuery(tree.MatchAll(), kinds=get_args(QuoteKind), sort="oldest")
        return list(distinct_utterances(self.scan(all_quotes)))


class _MemoryStorage(Storage):
    def __init__(self, engine: MemoryEngine) -> None:
        super().__init__(engine)
        self._memory = engine

    def version(self) -> str:
        return str(self._memory._commits)


class _Writer(Transaction):
    """Collects changes and commits them when the ``with`` block is left."""

    def __init__(self, engine: MemoryEngine, fresh: bool, timeout: float) -> None:
        if not engine._lock.acquire(timeout=timeout):
            raise IndexLocked(f"Another thread has been writing for more than {timeout:g} s.")
        self._engine = engine
        self._articles = (
            {} if fresh else {a.article.id: a.article for a in engine._snapshot.articles.values()}
        )

    def _end(self, *, commit: bool) -> None:
        try:
            if commit:
                self._commit()
        finally:
            self._engine._lock.release()

    def add(self, article: Article) -> None:
        self._articles.pop(article.id, None)
        self._articles[article.id] = article

    def delete(self, id: str) -> None:
        self._articles.pop(id, None)

    def optimize(self, added: int) -> None:
        """Do nothing, because this engine has no segments to merge."""

    def _commit(self) -> None:
        old = self._engine._snapshot
        self._engine._commits += 1
        articles = {
            id: index_article(article, number, old.articles.get(id))
            for number, (id, article) in enumerate(self._articles.items())
        }
        self._engine._committed = MemorySnapshot(articles, resolve(articles, old.names.identities))


def _facet(name: str, articles: Sequence[IndexedArticle], names: NameTable) -> Mapping[str, int]:
    if name in TIME_FACETS:
        return Counter(value for a in articles for value in values_of(a.article, name))
    return Counter(value for a in articles for value in names.names_of(name, a.values[name]))


def _facet_of_stories(name: str, articles: Sequence[IndexedArticle], names: NameTable) -> Mapping[str, int]:
    pairs = {(_story(a), value) for a in articles for value in _facet(name, [a], names)}
    return Counter(value for _, value in pairs)


def _hits(query: Query, selected: Sequence[IndexedArticle], snapshot: MemorySnapshot) -> Iterator[Hit]:
    """Yield the selected articles in order; only the first of every story if the query collapses."""
    scorer = Scorer.of_articles(query.where, snapshot)
    score = scorer.score if query.sort == "relevance" else no_score
    ranked = sorted(selected, key=sort_key(query.sort, score))
    if query.collapse:
        ranked = _first_of_stories(ranked)
    for indexed in ranked:
        explanation = scorer.explanation(indexed) if query.explain else ()
        yield Hit(indexed.article, score(indexed), explanation=explanation, names=snapshot.names)


def _first_of_stories(ranked: Sequence[IndexedArticle]) -> list[IndexedArticle]:
    firsts: dict[tuple[str | None, str], IndexedArticle] = {}
    for indexed in ranked:
        firsts.setdefault(_story(indexed), indexed)
    return list(firsts.values())


def _story(indexed: IndexedArticle) -> tuple[str | None, str]:
    """Return a key that the articles of one story share."""
    article = indexed.article
    return (None, article.story) if article.story else (article.id, "")


def _quote_hit(indexed: IndexedArticle, number: int, score: float, names: NameTable) -> QuoteHit:
    quote = indexed.article.quotes[number]
    speaker = names.name_of(SAID_BY, quote.speaker) or quote.speaker if quote.speaker else None
    return QuoteHit(quote, indexed.article, score, speaker, names=names)


def _vocabulary(snapshot: MemorySnapshot, prefix: str | tuple[str, ...] = "") -> Counter[str]:
    """Return the number of articles of each word as written."""
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


def _check_expansions(expr: Expr, snapshot: MemorySnapshot) -> None:
    """Raise QueryTooBroad if a pattern matches too many terms, as the other engines do."""
    for leaf in leaves(expr, in_quotes=True):
        if isinstance(leaf, tree.Wildcard):
            expansion.expand_wildcard(leaf.pattern, lambda prefix: sorted(_vocabulary(snapshot, prefix)))


_VALUE_FIELDS = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES)


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article and its analysed words. ``number``: its rank in the order of adding."""

    article: Article
    number: int
    title: Terms
    body: Terms
    quotes: tuple[Terms, ...]
    values: Mapping[str, tuple[str, ...]]

    @property
    def length(self) -> int:
        return len(self.title) + len(self.body)


@dataclass(frozen=True, slots=True)
class MemorySnapshot:
    """The state of one commit."""

    articles: Mapping[str, IndexedArticle]
    names: PlainTable


def index_article(article: Article, number: int, old: IndexedArticle | None) -> IndexedArticle:
    """Analyse an article. ``old``: its previous analysis, which is reused if the article is unchanged."""
    if old is not None and old.article == article:
        return IndexedArticle(article, number, old.title, old.body, old.quotes, old.values)
    language = word_language(article.language)
    return IndexedArticle(
        article,
        number,
        analysis.index_terms(article.title, language),
        analysis.index_terms(article.body, language),
        tuple(analysis.index_terms(quote.text, language) for quote in article.quotes),
        {name: values_of(article, name) for name in _VALUE_FIELDS},
    )


def resolve(articles: Mapping[str, IndexedArticle], identities: Identities) -> PlainTable:
    counts = {name: Counter(v for a in articles.values() for v in a.values[name]) for name in _VALUE_FIELDS}
    said_by = {quote.speaker for a in articles.values() for quote in a.article.quotes if quote.speaker}
    named: dict[str, dict[str, list[NameContext]]] = {
        kind: defaultdict(list) for kind in ("person", "organisation")
    }
    for indexed in articles.values():
        published = indexed.article.published
        day = published.toordinal() if published else None
        seen = name_context(day, indexed.values.__getitem__)
        for kind, of in named.items():
            for value in indexed.values[kind]:
                of[value].append(seen)
    return PlainTable(identities.rules, weights_by_kind(counts, said_by), lambda kind, _: named[kind])


def matches(expr: Expr, indexed: IndexedArticle, names: NameTable) -> bool:
    match expr:
        case tree.MatchAll():
            return True
        case tree.And(parts):
            return all(matches(part, indexed, names) for part in parts)
        case tree.Or(parts):
            return any(matches(part, indexed, names) for part in parts)
        case tree.Not(part):
            return not matches(part, indexed, names)
        case tree.HasValue(name, value):
            return _has_value(indexed.values[name], name, [value], names)
        case tree.HasAny("title"):
            return bool(indexed.title)
        case tree.HasAny(name):
            return any(map(expr.accepts, names.names_of(name, indexed.values[name])))
        case tree.Range():
            return _is_within(expr, indexed)
        case tree.InQuote():
            return any(
                quote.kind != "indirect" and quote_matches(expr, indexed, number, names)
                for number, quote in enumerate(indexed.article.quotes)
            )
        case tree.AtLeast(part, count):
            return sum(len(part) for part in article_spans(part, indexed)) >= count
        case tree.Term() | tree.Phrase() | tree.Wildcard() | tree.Fuzzy() | tree.Near():
            return any(article_spans(expr, indexed))
        case _:
            assert_never(expr)


def quote_matches(expr: Expr, indexed: IndexedArticle, number: int, names: NameTable) -> bool:
    """Tell whether a quotation matches: its own words and speaker, for the rest its article."""
    match expr:
        case tree.And(parts):
            return all(quote_matches(part, indexed, number, names) for part in parts)
        case tree.Or(parts):
            return any(quote_matches(part, indexed, number, names) for part in parts)
        case tree.Not(part):
            return not quote_matches(part, indexed, number, names)
        case tree.InQuote(where, kind):
            of_kind = kind in (None, indexed.article.quotes[number].kind)
            return of_kind and quote_matches(where, indexed, number, names)
        case tree.HasValue(field, value) if field in QUOTE_FIELDS:
            quote = indexed.article.quotes[number]
            own = names.searchable_speaker(quote) if field == "speaker" else getattr(quote, field)
            return _has_value((own,) if own else (), QUOTE_FIELDS[field], [value], names)
        case tree.HasAny(field) if field in QUOTE_FIELDS:
            own = getattr(indexed.article.quotes[number], field)
            return bool(own and names.name_of(QUOTE_FIELDS[field], own))
        case tree.AtLeast(part, count) if field_of(part) == "text":
            return len(spans(part, indexed.quotes[number])) >= count
        case tree.Term() | tree.Phrase() | tree.Wildcard() | tree.Fuzzy() | tree.Near() if (
            field_of(expr) == "text"
        ):
            return bool(spans(expr, indexed.quotes[number]))
        case _:
            return matches(expr, indexed, names)


def article_spans(
    leaf: SpanExpr, indexed: IndexedArticle
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the spans in the title, and the spans in the body unless the leaf searches titles only."""
    body = spans(leaf, indexed.body) if field_of(leaf) == "text" else []
    return spans(leaf, indexed.title), body


def _has_value(values: Sequence[str], field_name: str, queried: Sequence[str], names: NameTable) -> bool:
    return bool(values) and not names.values_meant(field_name, queried).isdisjoint(values)


def _is_within(bounds: tree.Range, indexed: IndexedArticle) -> bool:
    published = indexed.article.published
    value = len(indexed.body) if bounds.field == "length" else published and published.date()
    if value is None:
        return False
    low, high = bounds.low, bounds.high
    return (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]


def passes(filters: Sequence[Filter], indexed: IndexedArticle, names: NameTable) -> bool:
    return all(_has_value(indexed.values[f.field], f.field, f.values, names) != f.negated for f in filters)


@dataclass(frozen=True, slots=True)
class Scorer:
    """BM25 over articles or over quotations, as :mod:`searcher.engines.scoring` defines it."""

    leaves: tuple[tuple[scoring.WeightedLeaf, int], ...]  # each leaf with its document frequency
    documents: int
    average: float

    @classmethod
    def of_articles(cls, where: Expr, snapshot: MemorySnapshot) -> Self:
        articles = list(snapshot.articles.values())
        leaves = [
            (leaf, sum(any(article_spans(leaf.leaf, a)) for a in articles)) for leaf in scoring.weigh(where)
        ]
        return cls(tuple(leaves), len(articles), _mean([a.length for a in articles]))

    @classmethod
    def of_quotes(cls, where: Expr, snapshot: MemorySnapshot) -> Self:
        texts = [forms for a in snapshot.articles.values() for forms in a.quotes]
        leaves = [
            (leaf, sum(bool(spans(leaf.leaf, forms)) for forms in texts))
            for leaf in scoring.weigh(strip_in_quote(where))
            if field_of(leaf.leaf) == "text"
        ]
        return cls(tuple(leaves), len(texts), _mean([len(forms) for forms in texts]))

    def contributions(self, indexed: IndexedArticle) -> list[tuple[scoring.WeightedLeaf, float]]:
        return [
            (leaf, self._points(leaf, df, _tf(leaf.leaf, indexed), indexed.length))
            for leaf, df in self.leaves
        ]

    def explanation(self, indexed: IndexedArticle) -> tuple[tuple[str, float], ...]:
        from searcher.query.language import render

        return tuple((render(part.leaf), points) for part, points in self.contributions(indexed) if points)

    def score(self, indexed: IndexedArticle) -> float:
        return sum(points for _, points in self.contributions(indexed))

    def score_quote(self, indexed: IndexedArticle, number: int) -> float:
        forms = indexed.quotes[number]
        length = len(forms)
        return sum(self._points(leaf, df, len(spans(leaf.leaf, forms)), length) for leaf, df in self.leaves)

    def _points(self, leaf: scoring.WeightedLeaf, df: int, tf: float, length: int) -> float:
        if not tf:
            return 0.0
        return leaf.weight * scoring.bm25(tf, df, self.documents, length, self.average)


def _tf(leaf: SpanExpr, indexed: IndexedArticle) -> float:
    title, body = article_spans(leaf, indexed)
    return len(title) * (scoring.TITLE_WEIGHT if field_of(leaf) == "text" else 1) + len(body)


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def no_score(_indexed: IndexedArticle) -> float:
    return 0.0


def sort_key(
    sort: str, score: Callable[[IndexedArticle], float]
) -> Callable[[IndexedArticle], tuple[float, ...]]:
    """Return a sort key: best, newest or oldest first. Undated come last, ties in order of adding."""
    if sort == "relevance":
        return lambda a: (-score(a), a.number)
    sign = -1 if sort == "newest" else 1

    def by_date(indexed: IndexedArticle) -> tuple[float, ...]:
        if (published := indexed.article.published) is None:
            return (1, 0, 0, indexed.number)
        seconds = published.hour * 3600 + published.minute * 60 + published.second
        return (0, sign * published.toordinal(), sign * seconds, indexed.number)

    return by_date

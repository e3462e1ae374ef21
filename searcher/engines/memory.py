"""The memory engine: every article is looked at, in plain Python. Small, slow, obviously right.

It is the judge of the other engines, and serves ``:memory:``.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, assert_never

from searcher import expansion, ranking, words
from searcher.engines.base import Found, FoundQuote, FoundQuotes, Match, evidence
from searcher.errors import IndexDamaged, IndexLocked
from searcher.fields import FIELDS, Kind
from searcher.identity import Identities
from searcher.matching import field_of, spans
from searcher.model import Article, Quote
from searcher.query import (
    And,
    AtLeast,
    Between,
    Everything,
    Expr,
    Filter,
    Fuzzy,
    Is,
    Near,
    Not,
    Or,
    Phrase,
    Positional,
    Query,
    QuoteQuery,
    Said,
    Term,
    Wildcard,
    leaves,
)

__all__ = ["MemoryEngine"]

Forms = Sequence[tuple[str, ...]]
VALUE_FIELDS = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES)


@dataclass(frozen=True, slots=True)
class _Indexed:
    """An article with its words analysed once. ``place`` is its rank in the order of adding."""

    article: Article
    place: int
    title: Forms
    body: Forms
    quotes: tuple[Forms, ...]
    values: Mapping[str, tuple[str, ...]]

    @property
    def length(self) -> int:
        return len(self.title) + len(self.body)


@dataclass(frozen=True, slots=True)
class _State:
    """One committed state: readers keep the one they began with."""

    articles: Mapping[str, _Indexed]
    names: _Names


@dataclass(frozen=True, slots=True)
class _Names:
    """Names across articles: for each value field, raw value to the name it goes by."""

    identities: Identities
    canonical: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def asked(self, field_name: str, values: Sequence[str]) -> frozenset[str]:
        names = set(self.canonical[field_name].values())
        return frozenset().union(*(self.identities.answering(field_name, v, names) for v in values))


class MemoryEngine:
    """Keeps everything in memory; see :class:`searcher.engines.base.Engine`."""

    def __init__(self, *, identities: Identities, timeout: float = 60.0) -> None:
        self._lock = threading.Lock()
        self._timeout = timeout
        self._state = _State({}, _resolve({}, identities))

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> _Writer:
        return _Writer(self, fresh, self._timeout if timeout is None else timeout)

    def refresh(self, identities: Identities) -> None:
        self._state = _State(self._state.articles, _resolve(self._state.articles, identities))

    def verify(self) -> tuple[str, ...]:
        return ()

    def salvage(self) -> Iterator[Article | IndexDamaged]:
        return self.articles()

    def close(self) -> None:
        pass

    def count(self) -> int:
        return len(self._state.articles)

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

    def search(self, query: Query) -> Found:
        state = self._state
        _check_expansions(query.where, state)
        matching = [a for a in state.articles.values() if _matches(query.where, a, state.names)]
        hits = [a for a in matching if _passes(query.filters, a, state.names)]
        score = _Scorer.of_articles(query.where, state).score if query.sort == "relevance" else _no_score
        ranked = sorted(hits, key=_order(query.sort, score))
        if query.collapse:
            ranked = _first_of_stories(ranked)
        page = ranked[query.offset : query.offset + query.limit]
        count = _facet_of_stories if query.collapse else _facet
        facets = {
            name: count(name, [a for a in matching if _passes(others, a, state.names)], state.names)
            for name in query.facets
            for others in [[f for f in query.filters if f.negated or f.field != name]]
        }
        return Found(tuple(Match(a.article, score(a)) for a in page), len(ranked), facets, len(hits))

    def quotes(self, query: QuoteQuery) -> FoundQuotes:
        state = self._state
        _check_expansions(query.where, state)
        _check_expansions(query.articles, state)
        found = [
            (indexed, number)
            for indexed in state.articles.values()
            if _matches(query.articles, indexed, state.names) and _passes(query.filters, indexed, state.names)
            for number in _by_position(indexed.article.quotes)
            if indexed.article.quotes[number].kind in query.kinds
            and indexed.article.quotes[number].confidence >= query.confidence
            and _quote_matches(query.where, indexed, number, state.names)
        ]
        scorer = _Scorer.of_quotes(query.where, state)
        score = scorer.score_quote if query.sort == "relevance" else _no_quote_score
        by = _order(query.sort, _no_score)
        ranked = sorted(found, key=lambda pair: (-score(*pair), *by(pair[0])))
        page = ranked[query.offset : query.offset + query.limit]
        return FoundQuotes(tuple(_found_quote(a, n, score(a, n), state.names) for a, n in page), len(found))

    def explain(self, expr: Expr, id: str) -> tuple[tuple[str, float], ...]:
        from searcher.syntax import render

        state = self._state
        scorer = _Scorer.of_articles(expr, state)
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
            id: _index(article, place, old.articles.get(id))
            for place, (id, article) in enumerate(self._articles.items())
        }
        self._engine._state = _State(articles, _resolve(articles, old.names.identities))


def _index(article: Article, place: int, old: _Indexed | None) -> _Indexed:
    if old is not None and old.article == article:
        return _Indexed(article, place, old.title, old.body, old.quotes, old.values)
    return _Indexed(
        article,
        place,
        words.index_forms(article.title),
        words.index_forms(article.body),
        tuple(words.index_forms(quote.text) for quote in article.quotes),
        {name: _values(article, name) for name in VALUE_FIELDS},
    )


def _values(article: Article, name: str) -> tuple[str, ...]:
    """The values of a value field, each once."""
    if name == "year":
        return (str(article.published.year),) if article.published else ()
    attribute = next(f.attribute for f in FIELDS if f.name == name)
    held = getattr(article, attribute)
    values = (held,) if isinstance(held, str) else held or ()
    return tuple(dict.fromkeys(v for v in values if v))


def _resolve(articles: Mapping[str, _Indexed], identities: Identities) -> _Names:
    counts = {name: Counter(v for a in articles.values() for v in a.values[name]) for name in VALUE_FIELDS}
    speaking = Counter(
        v for a in articles.values() for v in dict.fromkeys(q.speaker for q in a.article.quotes if q.speaker)
    )
    counts["speaker"] = speaking
    return _Names(
        identities,
        {name: identities.canonical(name, evidence(name, counts)) for name in VALUE_FIELDS},
    )


def _matches(expr: Expr, indexed: _Indexed, names: _Names) -> bool:
    match expr:
        case Everything():
            return True
        case And(parts):
            return all(_matches(part, indexed, names) for part in parts)
        case Or(parts):
            return any(_matches(part, indexed, names) for part in parts)
        case Not(part):
            return not _matches(part, indexed, names)
        case Is(name, value):
            return _holds(indexed.values[name], name, [value], names)
        case Between():
            return _between(expr, indexed)
        case Said(where):
            return any(
                quote.kind != "indirect" and _quote_matches(where, indexed, number, names)
                for number, quote in enumerate(indexed.article.quotes)
            )
        case AtLeast(part, count):
            return sum(len(found) for found in _places(part, indexed)) >= count
        case Term() | Phrase() | Wildcard() | Fuzzy() | Near():
            return any(_places(expr, indexed))
        case _:
            assert_never(expr)


def _quote_matches(expr: Expr, indexed: _Indexed, number: int, names: _Names) -> bool:
    """As ``_matches``, with the quotation's own words and speaker; the rest is asked of its article."""
    match expr:
        case And(parts):
            return all(_quote_matches(part, indexed, number, names) for part in parts)
        case Or(parts):
            return any(_quote_matches(part, indexed, number, names) for part in parts)
        case Not(part):
            return not _quote_matches(part, indexed, number, names)
        case Said(where):
            return _quote_matches(where, indexed, number, names)
        case Is("speaker", value):
            speaker = indexed.article.quotes[number].speaker
            return _holds((speaker,) if speaker else (), "speaker", [value], names)
        case AtLeast(part, count) if field_of(part) == "text":
            return len(spans(part, indexed.quotes[number])) >= count
        case Term() | Phrase() | Wildcard() | Fuzzy() | Near() if field_of(expr) == "text":
            return bool(spans(expr, indexed.quotes[number]))
        case _:
            return _matches(expr, indexed, names)


def _places(leaf: Positional, indexed: _Indexed) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Spans in the title and in the body; of a title leaf, none in the body."""
    body = spans(leaf, indexed.body) if field_of(leaf) == "text" else []
    return spans(leaf, indexed.title), body


def _holds(values: Sequence[str], field_name: str, asked: Sequence[str], names: _Names) -> bool:
    wanted = names.asked(field_name, asked)
    return any(names.canonical[field_name].get(value) in wanted for value in values)


def _between(between: Between, indexed: _Indexed) -> bool:
    published = indexed.article.published
    value = len(indexed.body) if between.field == "length" else published and published.date()
    if value is None:
        return False
    low, high = between.low, between.high
    return (low is None or low <= value) and (high is None or value <= high)  # type: ignore[operator]


def _passes(filters: Sequence[Filter], indexed: _Indexed, names: _Names) -> bool:
    return all(_holds(indexed.values[f.field], f.field, f.values, names) != f.negated for f in filters)


def _facet(name: str, articles: Sequence[_Indexed], names: _Names) -> Mapping[str, int]:
    canonical = names.canonical[name]  # without the names that a curation ignores
    return Counter(
        v for a in articles for v in {canonical[raw] for raw in a.values[name] if raw in canonical}
    )


def _facet_of_stories(name: str, articles: Sequence[_Indexed], names: _Names) -> Mapping[str, int]:
    told = {(_story(a), value) for a in articles for value in _facet(name, [a], names)}
    return Counter(value for _, value in told)


def _first_of_stories(ranked: Sequence[_Indexed]) -> list[_Indexed]:
    firsts: dict[tuple[str | None, str], _Indexed] = {}
    for indexed in ranked:
        firsts.setdefault(_story(indexed), indexed)
    return list(firsts.values())


def _story(indexed: _Indexed) -> tuple[str | None, str]:
    """What is equal for articles of one story."""
    article = indexed.article
    return (None, article.story) if article.story else (article.id, "")


@dataclass(frozen=True, slots=True)
class _Scorer:
    """BM25 over articles or over quotations, as :mod:`searcher.ranking` defines it."""

    parts: tuple[tuple[ranking.Weighted, int], ...]  # each with its document frequency
    documents: int
    average: float

    @classmethod
    def of_articles(cls, where: Expr, state: _State) -> Self:
        articles = list(state.articles.values())
        parts = [(part, sum(any(_places(part.leaf, a)) for a in articles)) for part in ranking.weigh(where)]
        return cls(tuple(parts), len(articles), _mean([a.length for a in articles]))

    @classmethod
    def of_quotes(cls, where: Expr, state: _State) -> Self:
        texts = [forms for a in state.articles.values() for forms in a.quotes]
        parts = [
            (part, sum(bool(spans(part.leaf, forms)) for forms in texts))
            for part in ranking.weigh(_unsaid(where))
            if field_of(part.leaf) == "text"
        ]
        return cls(tuple(parts), len(texts), _mean([len(forms) for forms in texts]))

    def contributions(self, indexed: _Indexed) -> list[tuple[ranking.Weighted, float]]:
        return [
            (part, self._points(part, df, _tf(part.leaf, indexed), indexed.length)) for part, df in self.parts
        ]

    def score(self, indexed: _Indexed) -> float:
        return sum(points for _, points in self.contributions(indexed))

    def score_quote(self, indexed: _Indexed, number: int) -> float:
        forms = indexed.quotes[number]
        return sum(self._points(p, df, len(spans(p.leaf, forms)), len(forms)) for p, df in self.parts)

    def _points(self, part: ranking.Weighted, df: int, tf: float, length: int) -> float:
        if not tf:
            return 0.0
        return part.weight * ranking.bm25(tf, df, self.documents, length, self.average)


def _tf(leaf: Positional, indexed: _Indexed) -> float:
    title, body = _places(leaf, indexed)
    return len(title) * (ranking.TITLE_WEIGHT if field_of(leaf) == "text" else 1) + len(body)


def _unsaid(expr: Expr) -> Expr:
    """In a question about quotations Said adds nothing."""
    match expr:
        case Said(where):
            return _unsaid(where)
        case And(parts):
            return And(tuple(_unsaid(part) for part in parts))
        case Or(parts):
            return Or(tuple(_unsaid(part) for part in parts))
        case _:
            return expr


def _mean(numbers: Sequence[int]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _no_score(_indexed: _Indexed) -> float:
    return 0.0


def _no_quote_score(_indexed: _Indexed, _number: int) -> float:
    return 0.0


def _order(sort: str, score: Callable[[_Indexed], float]) -> Callable[[_Indexed], tuple[float, ...]]:
    """A sort key: best, newest or oldest first; undated last; ties in order of adding."""
    if sort == "relevance":
        return lambda a: (-score(a), a.place)
    sign = -1 if sort == "newest" else 1

    def by_date(indexed: _Indexed) -> tuple[float, ...]:
        published = indexed.article.published
        if published is None:
            return (1, 0, 0, indexed.place)
        seconds = published.hour * 3600 + published.minute * 60 + published.second
        return (0, sign * published.toordinal(), sign * seconds, indexed.place)

    return by_date


def _by_position(quotes: Sequence[Quote]) -> list[int]:
    return sorted(range(len(quotes)), key=lambda n: (quotes[n].start, quotes[n].end, n))


def _found_quote(indexed: _Indexed, number: int, score: float, names: _Names) -> FoundQuote:
    quote = indexed.article.quotes[number]
    speaker = names.canonical["speaker"].get(quote.speaker, quote.speaker) if quote.speaker else None
    return FoundQuote(indexed.article, quote, speaker, score)


def _vocabulary(state: _State, prefix: str = "") -> Counter[str]:
    counts: Counter[str] = Counter()
    for indexed in state.articles.values():
        counts.update(
            {
                form
                for text in (indexed.title, indexed.body)
                for forms in text
                for form in forms
                if words.is_surface(form) and form.startswith(prefix)
            }
        )
    return counts


def _check_expansions(expr: Expr, state: _State) -> None:
    """Raise QueryTooBroad where another engine would: patterns are bounded by what they expand to."""
    for leaf in leaves(expr):
        match leaf:
            case Wildcard(pattern=pattern):
                expansion.expand_wildcard(pattern, lambda prefix: sorted(_vocabulary(state, prefix)))
            case Said(where):
                _check_expansions(where, state)
            case _:
                pass

"""Translate the query tree to the OpenSearch query DSL.

The cluster evaluates spans if its intervals count them as we define them (see :mod:`searcher.query.spans`).
It does not for nested spans and alternatives of different widths. These are counted here, in articles that
may match, and requested by id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, assert_never

from searcher import analysis
from searcher.engines import scoring
from searcher.engines.scoring import TITLE_WEIGHT, WeightedLeaf
from searcher.errors import QueryTooBroad
from searcher.extensions.opensearch.result_pages import in_parts
from searcher.extensions.opensearch.state import Totals
from searcher.fields import QUOTE_FIELDS, SAID_BY
from searcher.languages import all_languages
from searcher.names.normalise import PERSON_MARK
from searcher.query import expansion, tree
from searcher.query.spans import field_of, spans
from searcher.query.tree import Expr, Filter, SpanExpr, strip_in_quote

if TYPE_CHECKING:
    from searcher.extensions.opensearch.names import ClusterNames
    from searcher.extensions.opensearch.reader import ClusterReader

Json = dict[str, Any]

#: A function that returns the document frequency of each leaf, given the queries of the leaves.
Frequencies = Callable[[Mapping[SpanExpr, Json], bool], Mapping[SpanExpr, int]]

#: BM25 for tf spans, with few operations because it runs for every document. params.most is the limit of the
#: score for many spans. params.none and params.each give the length normalisation: its value for an empty
#: document, and its increase per word.
_BM25 = "double tf = _score; return params.most * tf / (tf + params.none + params.each * doc['%s'].value)"


def weighted_leaves(where: Expr, *, said: bool) -> Sequence[WeightedLeaf]:
    """Return the leaves that count for the score of an article or a quotation."""
    if not said:
        return scoring.weigh(where)
    return [one for one in scoring.weigh(strip_in_quote(where)) if field_of(one.leaf) == "text"]


def score_clauses(
    where: Expr, translation: ClusterQuery, totals: Totals, frequencies: Frequencies, *, said: bool
) -> list[Json]:
    leaves = weighted_leaves(where, said=said)
    queries = {
        one.leaf: query
        for one in leaves
        if (query := translation.occurrences(one.leaf, said=said, weighted=True)) is not None
    }
    counts = frequencies({leaf: translation.matching(leaf, said=said) for leaf in queries}, said)
    documents = totals.quotations if said else totals.articles
    average = totals.quoted_average if said else totals.average
    slope = scoring.B if average else 0.0
    usual = {"none": scoring.K1 * (1 - slope), "each": scoring.K1 * slope / (average or 1.0)}
    source = _BM25 % ("said_length" if said else "length")
    highest = (
        (leaf, (scoring.K1 + 1) * one.weight * scoring.idf(counts[leaf], documents))
        for one in leaves
        if (leaf := one.leaf) in queries and counts[leaf]
    )
    return [_scored(queries[leaf], source, most=score, **usual) for leaf, score in highest]


def _scored(query: Json, source: str, **params: float) -> Json:
    return {"script_score": {"query": query, "script": {"source": source, "params": params}}}


#: Maximum number of documents in which this process counts spans itself.
MAX_COUNTED = 10_000
_NOTHING: Json = {"match_none": {}}
#: Recovers the number of intervals f from the score of an interval query, which is s = f / (f + 1).
_TF = "double s = _score; return params.weight * Math.rint(s / (1 - s))"

_TITLED = "doc['length'].size() > 0 && doc['length'].value > doc['body_length'].value"
#: The same condition as :meth:`searcher.query.tree.HasAny.accepts`.
_HAS_ANY = """for (value in doc[params.column]) {
  boolean counts = value.startsWith(params.start) && !params.hidden.contains(value)
    && (value.indexOf(params.mark) < 0 || params.taken.contains(value));
  for (start in params.excluded) { counts = counts && !value.startsWith(start); }
  if (counts) { return true; }
} return false;"""


class ClusterQuery:
    """Translates the trees of one request."""

    def __init__(self, reader: ClusterReader, names: ClusterNames) -> None:
        self._reader = reader
        self._names = names
        languages = reader.state.languages
        self._languages = all_languages() if languages is None else languages
        self._counted: dict[tuple[SpanExpr, bool], Mapping[tuple[int, float], list[str]]] = {}

    def article(self, expr: Expr) -> Json:
        match expr:
            case tree.MatchAll():
                return {"match_all": {}}
            case tree.And(parts):
                return all_of(map(self.article, parts))
            case tree.Or(parts):
                return any_of(map(self.article, parts))
            case tree.Not(part):
                return {"bool": {"must_not": [self.article(part)]}}
            case tree.HasValue(name, value):
                return self._has(name, name, [value])
            case tree.HasAny("title"):
                return {"script": {"script": {"source": _TITLED}}}
            case tree.HasAny(name):
                return self._has_any(expr, name)
            case tree.Range(field, low, high):
                return _range_query("day" if field == "date" else "body_length", low, high)
            case tree.InQuote():
                said = {"filter": [self.quotation(expr)], "must_not": [{"term": {"said_as": "indirect"}}]}
                return {"has_child": {"type": "quotation", "query": {"bool": said}}}
            case tree.AtLeast(part, count):
                return self._at_least(part, count, said=False)
            case tree.Term() | tree.Phrase() | tree.Wildcard() | tree.Fuzzy() | tree.Near():
                return self.matching(expr, said=False)
            case _:
                assert_never(expr)

    def quotation(self, expr: Expr) -> Json:
        """Return the query for matching quotations. Conditions on articles apply to their article."""
        match expr:
            case tree.And(parts):
                return all_of(map(self.quotation, parts))
            case tree.Or(parts):
                return any_of(map(self.quotation, parts))
            case tree.Not(part):
                return {"bool": {"must_not": [self.quotation(part)]}}
            case tree.InQuote(where, kind):
                of_kind = [{"term": {"said_as": kind}}] if kind else []
                return all_of([*of_kind, self.quotation(where)])
            case tree.HasValue(name, value) if name in QUOTE_FIELDS:
                has = self._has(QUOTE_FIELDS[name], QUOTE_FIELDS[name], [value])
                return self._said_by(has, value) if name == "speaker" else has
            case tree.HasAny(name) if name in QUOTE_FIELDS:
                return self._has_any(expr, QUOTE_FIELDS[name])
            case tree.AtLeast(part, count) if field_of(part) == "text":
                return self._at_least(part, count, said=True)
            case tree.Term() | tree.Phrase() | tree.Wildcard() | tree.Fuzzy() | tree.Near() if (
                field_of(expr) == "text"
            ):
                return self.matching(expr, said=True)
            case tree.MatchAll():
                return {"match_all": {}}
            case _:
                return parent([self.article(expr)])

    def passes(self, one: Filter) -> Json:
        has = self._has(one.field, one.field, one.values)
        return {"bool": {"must_not": [has]}} if one.negated else has

    def matching(self, leaf: SpanExpr, *, said: bool) -> Json:
        """Return the query for documents with any span of a leaf."""
        if _is_nested(leaf):
            return _ids(id for ids in self._spans(leaf, said=said).values() for id in ids)
        if isinstance(leaf, tree.Wildcard | tree.Fuzzy) and field_of(leaf) == "text":
            parts, fields = in_parts(self._expanded(leaf, said=said)), _fields(leaf, said=said)
            return any_of({"terms": {field: part}} for part in parts for field in fields)
        if isinstance(leaf, tree.Term | tree.Phrase) and len(positions := self._positions(leaf)) == 1:
            return any_of({"terms": {field: [*positions[0]]}} for field in _fields(leaf, said=said))
        rule = self._rule(leaf, said=said)
        fields = _fields(leaf, said=said)
        return _NOTHING if rule is None else any_of({"intervals": {field: rule}} for field in fields)

    def occurrences(self, leaf: SpanExpr, *, said: bool, weighted: bool) -> Json | None:
        """Return a query whose score is the number of spans, weighted by field if ``weighted``."""
        if _is_counted_here(leaf):
            groups = [
                {"constant_score": {"filter": _ids(ids), "boost": weight if weighted else number}}
                for (number, weight), ids in self._spans(leaf, said=said).items()
            ]
            return {"bool": {"should": groups}} if groups else None
        if (rule := self._rule(leaf, said=said)) is None:
            return None
        title = TITLE_WEIGHT if weighted and field_of(leaf) == "text" else 1.0
        fields = _fields(leaf, said=said)
        weights = {field: title if field == "title" else 1.0 for field in fields}
        return {
            "bool": {
                "should": [
                    _scored({"intervals": {field: rule}}, _TF, weight=weight)
                    for field, weight in weights.items()
                ]
            }
        }

    def _at_least(self, leaf: SpanExpr, count: int, *, said: bool) -> Json:
        if count <= 1 and not _is_counted_here(leaf):
            return self.matching(leaf, said=said)
        if _is_counted_here(leaf):
            groups = self._spans(leaf, said=said).items()
            return _ids(id for (number, _), ids in groups if number >= count for id in ids)
        if (occurrences := self.occurrences(leaf, said=said, weighted=False)) is None:
            return _NOTHING
        return {"script_score": {"query": occurrences, "script": {"source": "_score"}, "min_score": count}}

    def _has(self, field: str, column: str, names: Sequence[str]) -> Json:
        values = sorted(self._names.values_meant(field, names))
        return any_of({"terms": {column: part}} for part in in_parts(values))

    def _has_any(self, condition: tree.HasAny, column: str) -> Json:
        exists, hidden_values = {"exists": {"field": column}}, self._names.values_hidden_by_decisions(column)
        if not (condition.start or condition.excluded or hidden_values or column == "organisation"):
            return exists
        params = {
            "column": column,
            "start": condition.start,
            "excluded": condition.excluded,
            "hidden": hidden_values,
        }
        params |= {
            "mark": PERSON_MARK,
            "taken": self._names.people_as_organisations() if column == "organisation" else [],
        }
        return all_of([exists, {"script": {"script": {"source": _HAS_ANY, "params": params}}}])

    def _said_by(self, has: Json, speaker: str) -> Json:
        """Return the query without quotations of unnamed speakers (:meth:`NameTable.searchable_speaker`)."""
        named = filter(self._names.is_known_speaker, sorted(self._names.values_meant(SAID_BY, [speaker])))
        called = any_of({"terms": {SAID_BY: part}} for part in in_parts([*named]))
        return {"bool": {"filter": [has], "must_not": [all_of([{"term": {"said_as": "unnamed"}}, called])]}}

    # Words and positions

    def _rule(self, leaf: SpanExpr, *, said: bool) -> Json | None:
        """Return the intervals rule of a leaf, or None if nothing can match."""
        match leaf:
            case tree.Term() | tree.Phrase():
                return _phrase_rule(self._positions(leaf))
            case tree.Wildcard() | tree.Fuzzy():
                return _any_rule(_phrase_rule([(word,)]) for word in self._expanded(leaf, said=said))
            case tree.SpanOr(parts):
                return _any_rule(self._rule(part, said=said) for part in parts)
            case tree.Near(left, right, distance, ordered):
                first, second = (self._rule(part, said=said) for part in (left, right))
                if first is None or second is None:
                    return None
                orders = [[first, second]] if ordered else [[first, second], [second, first]]
                return _any_rule(
                    {"all_of": {"intervals": order, "ordered": True, "max_gaps": distance - 1}}
                    for order in orders
                )
            case _:
                assert_never(leaf)

    def _positions(self, leaf: tree.Term | tree.Phrase) -> tuple[tuple[str, ...], ...]:
        exact = isinstance(leaf, tree.Term) and leaf.exact
        return analysis.query_terms(leaf.text, exact, self._languages)

    def _expanded(self, leaf: tree.Wildcard | tree.Fuzzy, *, said: bool) -> tuple[str, ...]:
        words: Callable[[str], Iterable[str]] = lambda prefix: self._reader.words(prefix, said=said)  # noqa: E731
        if isinstance(leaf, tree.Wildcard):
            return expansion.expand_wildcard(leaf.pattern, words)
        return expansion.expand_fuzzy(leaf.text, leaf.edits, words)

    def _may_match(self, leaf: SpanExpr, *, said: bool) -> Json:
        """Return a query that finds at least all matches: a Near as both of its parts."""
        match leaf:
            case tree.Near(left=left, right=right) if _is_nested(leaf):
                return all_of(self._may_match(part, said=said) for part in (left, right))
            case tree.SpanOr(parts):
                return any_of(self._may_match(part, said=said) for part in parts)
            case _:
                return self.matching(leaf, said=said)

    def _spans(self, leaf: SpanExpr, *, said: bool) -> Mapping[tuple[int, float], list[str]]:
        """Return the ids of documents with spans of a leaf, by the plain and the weighted number of spans."""
        if (leaf, said) in self._counted:
            return self._counted[leaf, said]
        fields = _fields(leaf, said=said)
        may_match = self._may_match(leaf, said=said)
        if (candidates := self._reader.candidates(may_match, fields, said=said, limit=MAX_COUNTED)) is None:
            raise QueryTooBroad(
                f"More than {MAX_COUNTED:,} articles may have these words near one another: add rarer words, "
                "or ask for one pair of words at a time."
            )
        groups: dict[tuple[int, float], list[str]] = defaultdict(list)
        title = TITLE_WEIGHT if field_of(leaf) == "text" else 1.0
        for hit in candidates:
            numbers = {
                field: len(spans(leaf, [tuple(terms.split("|")) for terms in hit["_source"][field].split()]))
                for field in fields
            }
            if any(numbers.values()):
                weights = ((title if field == "title" else 1.0) * number for field, number in numbers.items())
                groups[sum(numbers.values()), sum(weights)].append(hit["_id"])
        self._counted[leaf, said] = groups
        return groups


def all_of(queries: Iterable[Json]) -> Json:
    """Return the conjunction, without scores."""
    return {"bool": {"filter": [*queries]}}


def any_of(queries: Iterable[Json]) -> Json:
    """Return the disjunction. Without queries, it matches nothing."""
    clauses = [*queries]
    if len(clauses) == 1:
        return clauses[0]
    return {"bool": {"should": clauses, "minimum_should_match": 1}} if clauses else _NOTHING


def parent(filters: Sequence[Json]) -> Json:
    """Return the query for quotations whose article passes the filters."""
    return {"has_parent": {"parent_type": "article", "query": {"bool": {"filter": [*filters]}}}}


def _fields(leaf: SpanExpr, *, said: bool) -> tuple[str, ...]:
    return ("said",) if said else ("title",) if field_of(leaf) == "title" else ("title", "body")


def _phrase_rule(positions: Sequence[Sequence[str]]) -> Json | None:
    if not positions:
        return None
    text = " ".join(map("|".join, positions))
    return {"match": {"query": text, "analyzer": "terms", "ordered": True, "max_gaps": 0}}


def _any_rule(rules: Iterable[Json | None]) -> Json | None:
    used = [rule for rule in rules if rule]
    if len(used) == 1:
        return used[0]
    return {"any_of": {"intervals": used}} if used else None


def _ids(ids: Iterable[str]) -> Json:
    values = [*ids]
    return {"ids": {"values": values}} if values else _NOTHING


def _range_query(field: str, low: object, high: object) -> Json:
    bounds = {name: str(bound) for name, bound in (("gte", low), ("lte", high)) if bound is not None}
    return {"range": {field: bounds}} if bounds else {"exists": {"field": field}}


def _is_counted_here(leaf: SpanExpr) -> bool:
    """Return True if intervals count other spans than we do: those of Near are minimal."""
    match leaf:
        case tree.Near():
            return True
        case tree.SpanOr(parts):
            return any(map(_is_counted_here, parts)) or len(set(map(_width, parts))) > 1
        case _:
            return False


def _is_nested(leaf: SpanExpr) -> bool:
    """Return True if intervals may miss matches: a Near inside a Near, or alternatives of several widths."""
    match leaf:
        case tree.Near(left=left, right=right):
            return _is_counted_here(left) or _is_counted_here(right)
        case tree.SpanOr(parts):
            return any(map(_is_nested, parts))
        case _:
            return False


def _width(leaf: SpanExpr) -> int:
    match leaf:
        case tree.Term(text=text, exact=exact):
            return len(analysis.query_terms(text, exact))
        case tree.Phrase(text=text):
            return len(analysis.query_terms(text))
        case tree.SpanOr(parts):
            return max(map(_width, parts))
        case _:
            return 1

"""The steps from a request to its results: expand, query the engine, relax, highlight, suggest."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Concatenate, Final, NamedTuple, ParamSpec, TypeVar, get_args

from searcher.analysis.terms import fold
from searcher.article import Article, QuoteKind
from searcher.engines.base import Engine, LooksAhead
from searcher.engines.scoring import weigh
from searcher.errors import IndexDamaged, QueryTooBroad, UsageError
from searcher.fields import BUILT_IN, Fields, load_custom_fields
from searcher.locations import SYNONYMS
from searcher.names import decisions
from searcher.names.table import SAID_BY, Identities, NameTable
from searcher.query import deadline, tree
from searcher.query.expansion import spellings
from searcher.query.request import DEFAULT_LIMIT, DEFAULT_MIN_CONFIDENCE, Search
from searcher.query.stop_words import is_foreign_stop_word, relax
from searcher.query.tree import Expr, Filter, Query, QuoteQuery, Sort, TimeUnit, all_of, any_of
from searcher.results import Facet, FacetValues, Hit, Marks, Results
from searcher.results.articles import Equivalent
from searcher.search.own_fields import TagQueries, matching_values
from searcher.textfiles import Texts, has_content

if TYPE_CHECKING:
    from searcher.query.synonyms import Synonyms
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Place, Statement, Statements
    from searcher.search.spelling import Suggestion
    from searcher.search.words_across import Translation, WordsAcross

_Q = TypeVar("_Q", Query, QuoteQuery)
_R = TypeVar("_R", "Results", "Quotes", "Statements")
_S = TypeVar("_S", "Quotes", "Statements")
_H = TypeVar("_H", "Hit", "QuoteHit")
P = ParamSpec("P")
T = TypeVar("T")


def _limit_time(answer: Callable[Concatenate[Answers, P], T]) -> Callable[Concatenate[Answers, P], T]:
    """Apply the time limit to a method, including the work before and after the engine's."""

    @wraps(answer)
    def with_time_limit(answers: Answers, /, *args: P.args, **kwargs: P.kwargs) -> T:
        started, question = deadline.start(answers.patience), deadline.begin_question()
        try:
            return answer(answers, *args, **kwargs)
        finally:
            deadline.end_question(question)
            deadline.end(started)

    return with_time_limit


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers requests with an engine.

    Attributes:
        synonyms: Synonyms of the index, if any.
        fields: Fields of the index, custom ones included.
        patience: Maximum time of an answer, in seconds.
        words: Translations of words, for requests with ``translate``.
    """

    engine: Engine
    synonyms: Synonyms | None = None
    fields: Fields = BUILT_IN
    patience: float = deadline.DEFAULT_MAX_SECONDS
    words: WordsAcross | None = None
    #: Cached spelling suggestions, because advice needs them several times for the same words.
    _suggested: dict[str, Suggestion | None] = dataclasses.field(default_factory=dict)

    @property
    def tags(self) -> TagQueries:
        """The engine, with custom fields translated to tags."""
        return TagQueries(self.engine, self.fields)

    def condition(self, search: Search) -> tree.Expr:
        """Return the query, filters and days of a search as one condition on articles."""
        where = all_of(search.tree(self.fields), *_days(search), *_required_values(search))
        return all_of(self.tags.tree(where), *map(self.tags.condition, _facet_filters(search)))

    @_limit_time
    def search(self, search: Search) -> Results:
        where, (suggestions, corrections) = search.tree(self.fields), self._suggestions(search)
        order = _order(search.sort, where)
        queries = (_query(search, one, order) for one in self._attempts(search, where))
        results, query, relaxed = _first_with_hits(self.tags.search, queries)
        translations = self._translations(where, search)
        hits = tuple(self._highlight(results.hits, query, search)) if results.hits else results.hits
        facets = results.facets
        if search.facets:
            from searcher.search import highlight

            facets = highlight.facets_with_selection(results, search.filters, self.tags)
        return replace(
            results,
            hits=hits,
            facets=facets,
            relaxed=relaxed,
            suggestions=suggestions,
            corrections=corrections,
            translations=translations,
        )

    @_limit_time
    def quotes(self, search: Search) -> Quotes:
        if search.is_single_medium:
            raise UsageError(
                "unreported and print_only find statements, not single quotations. Use Index.statements."
            )
        quotes, query = self._first_answer(search, self.engine.search)
        return replace(quotes, hits=tuple(_highlighted_quotes(quotes.hits, query, search)))

    @_limit_time
    def statements(self, search: Search) -> Statements:
        if search.is_single_medium:
            return self._single_medium_statements(search)
        statements, query = self._first_answer(search, self.engine.statements)
        facets = self._statement_facets(search, query, statements) if search.facets else statements.facets
        return replace(
            statements, hits=tuple(_highlighted_statements(statements.hits, query, search)), facets=facets
        )

    @_limit_time
    def scan(self, search: Search) -> Iterator[Hit]:
        query = self._strict_query(search)
        return self._highlight(_page(self.engine.scan(query), search), query, search)

    @_limit_time
    def scan_quotes(self, search: Search) -> Iterator[QuoteHit]:
        if search.is_single_medium:
            from searcher.results.quotations import QuoteHit

            statements = self._single_medium_statements(
                search.replace(limit=_MAX_COMPARED_STATEMENTS if search.limit is None else search.limit)
            ).hits
            return (QuoteHit(one.whole.best_part, one.article, one.score, one.speaker) for one in statements)
        query = self._strict_quote_query(search)
        return _highlighted_quotes(_page(self.engine.scan(query), search), query, search)

    @_limit_time
    def count(self, search: Search) -> int:
        """Return the number of articles, stories, quotations or statements. See
        :meth:`searcher.index.Index.count`."""
        if search.is_single_medium:
            return self._single_medium_statements(search.replace(limit=0)).total
        if search.quotes:
            run_query = self.engine.statements if search.collapse else self.engine.search
            return run_query(replace(self._strict_quote_query(search), limit=0)).total
        return self.engine.search(replace(self._strict_query(search), facets=(), limit=0)).total

    @_limit_time
    def timeline(self, search: Search, unit: TimeUnit) -> Mapping[dt.date, int]:
        from searcher.query.time_units import day_of_label, first_day

        if search.quotes and not search.collapse:
            days = (hit.article.published for hit in self.engine.scan(self._strict_quote_query(search)))
            return dict(sorted(Counter(first_day(unit, day.date()) for day in days if day).items()))
        if search.quotes:
            query = replace(self._strict_quote_query(search), offset=0, limit=0)
            counts = self.tags.statement_counts(query, (unit,))[unit]
        else:
            counts = self.tags.counts_over_time(self._strict_query(search), unit)
        return dict(sorted((day_of_label(unit, text), number) for text, number in counts.items()))

    @_limit_time
    def matches(self, search: Search, article: Article) -> tuple[Marks, Marks]:
        from searcher.search.highlight import Highlighter

        condition = all_of(self._expand(search.tree(self.fields), search), self._article_condition(search))
        highlighter = Highlighter(condition, search.filters, self.engine.names)
        return highlighter.title_marks(article), highlighter.body_marks(article)

    # Steps of an answer

    def _first_answer(self, search: Search, run_query: Callable[[QuoteQuery], _S]) -> tuple[_S, QuoteQuery]:
        """Return the first answer with hits to a search for quotations or statements, and its query."""
        where, about = self._quote_condition(search), self._article_condition(search)
        order, (suggestions, corrections) = _order(search.sort, where), self._suggestions(search)
        queries = (_quote_query(search, one, order, about) for one in self._attempts(search, where))
        answer, query, relaxed = _first_with_hits(lambda one: run_query(self.tags.translate(one)), queries)
        translations = self._translations(where, search)
        if search.about:
            translations = {**translations, **self._translations(search.about_tree(self.fields), search)}
        answer = replace(
            answer,
            relaxed=relaxed,
            suggestions=suggestions,
            corrections=corrections,
            translations=translations,
        )
        return answer, query

    def _single_medium_statements(self, search: Search) -> Statements:
        """Return the statements found only in transcripts, or only in print. Facets are not counted, because
        all statements have to be compared."""
        spoken = search.unreported
        on_record: Expr = tree.InQuote(tree.MatchAll(), "speech")
        all_kinds: tuple[QuoteKind, ...] = get_args(QuoteKind)

        def find_statements(query: QuoteQuery) -> Statements:
            where = query.where if spoken else all_of(query.where, tree.Not(on_record))
            return self.engine.statements(
                replace(query, where=where, kinds=all_kinds, offset=0, limit=_MAX_COMPARED_STATEMENTS)
            )

        statements, query = self._first_answer(search, find_statements)
        if statements.total > _MAX_COMPARED_STATEMENTS:
            raise QueryTooBroad(
                f"{statements.total:,} statements are too many to compare. Narrow the search to at most "
                f"{_MAX_COMPARED_STATEMENTS:,}."
            )
        printed = (
            one for one in statements.hits if spoken and not _is_single_medium(one, search.kinds, spoken)
        )
        in_print = {_place_key(place) for one in printed for place in one.places}
        single_medium = [
            one
            for one in statements.hits
            if _is_single_medium(one, search.kinds, spoken) and _place_key(one.whole) not in in_print
        ]
        page = single_medium[search.offset :][: DEFAULT_LIMIT if search.limit is None else search.limit]
        return replace(
            statements,
            hits=tuple(_highlighted_statements(page, query, search)),
            total=len(single_medium),
            places=sum(len(one.places) for one in single_medium),
            facets={field: Facet(field, FacetValues({})) for field in search.facets},
        )

    def _strict_query(self, search: Search) -> Query:
        """Return the query for articles with all words."""
        where = search.tree(self.fields)
        return self.tags.translate(_query(search, self._expand(where, search), _order(search.sort, where)))

    def _strict_quote_query(self, search: Search) -> QuoteQuery:
        """Return the query for quotations with all words."""
        where = self._quote_condition(search)
        order, about = _order(search.sort, where), self._article_condition(search)
        return self.tags.translate(_quote_query(search, self._expand(where, search), order, about))

    def _quote_condition(self, search: Search) -> Expr:
        """Return the condition on the words of quotations. If only their articles have to match words,
        quotations that contain some of these words come first."""
        where = search.tree(self.fields)
        if not search.about or where != tree.MatchAll():
            return where
        words = filter(_is_text_leaf, tree.leaves(search.about_tree(self.fields)))
        return any_of(*words, where)

    def _article_condition(self, search: Search) -> Expr:
        if not search.about:
            return tree.MatchAll()
        about = search.replace(search.about, match="all")
        return self._expand(about.tree(self.fields), about)

    def _highlight(self, hits: Iterable[Hit], query: Query, search: Search) -> Iterator[Hit]:
        if not search.snippets:
            return iter(hits)
        from searcher.search import highlight

        highlighted = highlight.highlighted_hits(hits, query, self.tags)
        if not (search.translate and self.words):
            return highlighted
        table = self.words.current()
        return (table.with_translations(hit, query.where, explained=search.explain) for hit in highlighted)

    def _statement_facets(
        self, search: Search, query: QuoteQuery, statements: Statements
    ) -> Mapping[str, Facet]:
        """Count the facets of statements, each without its own selection."""
        fields_of: dict[QuoteQuery, list[str]] = {}
        # Without hits and selected values, all counts are zero and need no query.
        for field in search.facets if statements.total or search.filters or search.speakers else ():
            counted_query = _without_speakers(search, query) if field == "speaker" else query
            other_filters = tuple(one for one in counted_query.filters if one.negated or one.field != field)
            fields_of.setdefault(replace(counted_query, filters=other_filters, offset=0, limit=0), []).append(
                field
            )
        counts: dict[str, Mapping[str, int]] = {field: {} for field in search.facets}
        for counted_query, fields in fields_of.items():
            counts |= self.tags.statement_counts(counted_query, fields)
        names, selected = self.engine.names(), dict[str, frozenset[str]]()
        selections = search.included | ({"speaker": search.speakers} if search.speakers else {})
        for field, values in selections.items():
            kind = SAID_BY if field == "speaker" else field
            selected[field] = frozenset().union(
                *(matching_values(names, self.fields, kind, one) for one in values)
            )
        return {field: Facet(field, FacetValues(of, selected.get(field, ()))) for field, of in counts.items()}

    def _suggestions(self, search: Search) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return corrections of the words that no article contains and that have no synonyms or translations;
        and those of them that are likely enough to be applied."""
        corrections: dict[str, Suggestion] = {}
        for part in (search, *([search.replace(search.about, match="all")] if search.about else ())):
            where = part.tree(self.fields)
            if isinstance(self.engine, LooksAhead):
                self.engine.look_ahead(where)
            any_order = part.match == "any"
            covered = self.synonyms.covered_terms(where, any_order=any_order) if self.synonyms else ()
            translated = self._translations(where, part)
            for leaf in dict.fromkeys(tree.leaves(where, in_quotes=True)):
                deadline.check()
                if not isinstance(leaf, tree.Term) or leaf.exact or leaf.field != "text":
                    continue
                if leaf in covered or leaf.text in translated or self.engine.count(leaf):
                    continue
                from searcher.search.spelling import suggest

                if is_foreign_stop_word(where, leaf):
                    continue
                if leaf.text not in self._suggested:
                    self._suggested[leaf.text] = suggest(leaf.text, self.engine)
                if better := self._suggested[leaf.text]:
                    corrections[leaf.text] = better
        likely = {typed: better.word for typed, better in corrections.items() if better.is_likely}
        return {typed: better.word for typed, better in corrections.items()}, likely

    def _attempts(self, search: Search, where: Expr) -> Iterator[Expr]:
        """Yield the tree with all words, and then the one with any of them."""
        yield self._expand(where, search)
        relaxed = relax(where) if search.match == "all" else None
        if relaxed is not None:
            yield self._expand(relaxed, search, any_order=True)

    def _expand(self, where: Expr, search: Search, *, any_order: bool = False) -> Expr:
        """Return the tree with synonyms, spelling variants and translations. ``any_order``: the parts of an
        Or were neighbours in the text of the query."""
        translations: Mapping[str, Sequence[Translation]] = {}
        table = self.words.current() if search.translate and self.words else None
        if table:
            where, translations = table.translate(where, self._name_share)
        if self.synonyms:
            where = self.synonyms.expand(where, any_order=any_order or search.match == "any")
        where = spellings(where)
        if table:
            where = table.add_translations(where, translations)
        return where

    def _translations(self, where: Expr, search: Search) -> Mapping[str, tuple[Equivalent, ...]]:
        return self._translated_words(where) if search.translate else {}

    def suggested_translations(self, search: Search) -> Mapping[str, tuple[Equivalent, ...]]:
        """Return translations for a search without ``translate``, if they are loaded already. Skips words
        that no article contains and that may be names or misspellings."""
        if self.words is None or not self.words.ready or search.translate:
            return {}
        where = search.tree(self.fields)
        parts = where.parts if isinstance(where, tree.And) else (where,)
        known = [part for part in parts if self._is_known(part)]
        return self._translated_words(tree.all_of(*known)) if known else {}

    def _is_known(self, part: Expr) -> bool:
        from searcher.languages import is_piece

        if not isinstance(part, tree.Term) or self.engine.count(part) > 0:
            return True
        return not part.text[:1].isupper() and is_piece([part.text])

    def _name_share(self, word: str) -> float:
        """Return the share of the articles with a word that use it as a name: of a person only, if it has no
        capital, since “government” is part of the names of organisations."""
        if not word[:1].isalpha():
            return 0.0
        names: Expr = tree.HasValue("person", word)
        if not word[0].islower():
            names = tree.Or((names, tree.HasValue("organisation", word)))
        named = self.engine.count(names)
        share = named / max(1, self.engine.count(tree.Term(word)))
        return share if named > 1 or share >= _MIN_NAME_SHARE else 0.0

    def _translated_words(self, where: Expr) -> Mapping[str, tuple[Equivalent, ...]]:
        if self.words is None:
            return {}
        table = self.words.current()
        _, translations = table.translate(where, self._name_share)
        for one in (
            one for words in translations.values() for one in words if one.row not in table.spellings
        ):
            table.spellings[one.row] = self._as_written(one)
        return {
            word: tuple(one.translation._replace(word=table.spellings[one.row]) for one in words)
            for word, words in translations.items()
        }

    def _as_written(self, one: Translation) -> str:
        """Return the most frequent spelling of a folded word in the first articles that contain it."""
        from searcher.search.highlight import Highlighter

        word, highlighter = one.translation.word, Highlighter(one.term, (), self.engine.names)
        forms = Counter[str]()
        for hit in self.engine.search(Query(one.term, limit=_MAX_WRITTEN_ARTICLES)).hits:
            body = hit.article.body
            forms.update(body[start:end].lower() for start, end in highlighter.body_marks(hit.article))
        spellings_of_word = Counter({form: times for form, times in forms.items() if fold(form) == word})
        return max(spellings_of_word, key=spellings_of_word.__getitem__, default=word)


#: A word that is a name in only one article counts as a name if that is at least this share of its articles.
_MIN_NAME_SHARE: Final = 0.25
#: Maximum number of articles to read to find the original spelling of a translation.
_MAX_WRITTEN_ARTICLES: Final = 2
#: Maximum number of statements to compare for ``unreported`` and ``print_only``.
_MAX_COMPARED_STATEMENTS: Final = 3_000


def _is_single_medium(one: Statement, kinds: Sequence[str], spoken: bool) -> bool:
    parts = [part for place in one.places for part in place.parts]
    is_medium = all((part.kind == "speech") is spoken for part in parts)
    return is_medium and any(part.kind in kinds for part in parts)


def _is_text_leaf(leaf: Expr) -> bool:
    return isinstance(leaf, tree.Term | tree.Phrase) and leaf.field == "text"


def _place_key(place: Place) -> tuple[str, int]:
    return place.article.id, place.parts[0].start


def _query(search: Search, where: Expr, order: Sort) -> Query:
    return Query(
        all_of(where, *_days(search), *_required_values(search)),
        _facet_filters(search),
        search.facets,
        order,
        search.offset,
        DEFAULT_LIMIT if search.limit is None else search.limit,
        search.collapse,
        (search.explain or search.translate) and search.snippets,
    )


def _without_speakers(search: Search, query: QuoteQuery) -> QuoteQuery:
    """Return the query without its speakers, with the minimum confidence of a search for speakers."""
    min_confidence = DEFAULT_MIN_CONFIDENCE if search.min_confidence is None else search.min_confidence
    parts = query.where.parts if isinstance(query.where, tree.And) else (query.where,)
    words = parts[:-1] if search.speakers else parts  # the last part is the speaker
    return replace(query, where=all_of(*words), min_confidence=min_confidence)


def _quote_query(search: Search, where: Expr, order: Sort, about: Expr) -> QuoteQuery:
    speakers = [tree.HasValue("speaker", name) for name in search.speakers]
    said_by = any_of(*speakers) if speakers else tree.MatchAll()
    return QuoteQuery(
        all_of(where, said_by),
        all_of(about, *_days(search), *_required_values(search)),
        _facet_filters(search),
        search.kinds,
        search.effective_min_confidence,
        order,
        search.offset,
        DEFAULT_LIMIT if search.limit is None else search.limit,
    )


def _required_values(search: Search) -> list[Expr]:
    """Return the filters of ``match_all`` as conditions, so that facets do not leave them out."""
    required = [one for one in search.filters if not one.negated and one.field in search.match_all]
    return [tree.HasValue(one.field, value) for one in required for value in one.values]


def _facet_filters(search: Search) -> tuple[Filter, ...]:
    if not search.match_all:
        return search.filters
    return tuple(one for one in search.filters if one.negated or one.field not in search.match_all)


def _days(search: Search) -> list[Expr]:
    return [tree.Range("date", search.after, search.before)] if search.after or search.before else []


def _order(sort: Sort, where: Expr) -> Sort:
    """Return the sort order. Without words to rank by, relevance becomes newest first."""
    return "newest" if sort == "relevance" and not weigh(where) else sort


def _first_with_hits(run_query: Callable[[_Q], _R], attempts: Iterator[_Q]) -> tuple[_R, _Q, bool]:
    """Return the first answer with hits, or else the last one; its query; and whether it was relaxed."""
    first = query = next(attempts)
    answer = run_query(query)
    while not answer.total and (another := next(attempts, None)):
        query = another
        answer = run_query(query)
    return answer, query, bool(answer.total) and query is not first


def _highlighted_quotes(hits: Iterable[QuoteHit], query: QuoteQuery, search: Search) -> Iterator[QuoteHit]:
    if not (hits and search.snippets):
        return iter(hits)
    from searcher.search import highlight

    return highlight.highlight_quotes(hits, query)


def _highlighted_statements(
    hits: Iterable[Statement], query: QuoteQuery, search: Search
) -> Iterable[Statement]:
    if not (hits and search.snippets):
        return hits
    from searcher.search import highlight

    return highlight.highlight_statements(hits, query)


def _page(hits: Iterator[_H], search: Search) -> Iterator[_H]:
    stop = None if search.limit is None else search.offset + search.limit
    return islice(hits, search.offset, stop)


class LoadedIdentities(NamedTuple):
    """The decisions about names of an index, or the ``problem`` with their file."""

    identities: Identities | None
    problem: str = ""


def with_resolved_names(article: Article, names: NameTable) -> Article:
    """Return an article with the names of its people, organisations, source and authors across articles.
    Mentions of hidden names are left out."""
    mentions = ((one, *names.kind_and_name(one.kind, one.name)) for one in article.mentions)
    quotes = (
        (quote, names.name_of(SAID_BY, quote.speaker) if quote.speaker else None) for quote in article.quotes
    )
    return replace(
        article,
        source=names.name_of("source", article.source) if article.source else article.source,
        authors=names.names_of("author", article.authors),
        mentions=tuple(replace(one, kind=of, name=name) for one, of, name in mentions if name is not None),
        quotes=tuple(replace(quote, speaker=name or quote.speaker) for quote, name in quotes),
    )


def load_identities(texts: Texts) -> LoadedIdentities:
    """Load the decisions about names of an index."""
    try:
        return LoadedIdentities(Identities(decisions.load(texts)))
    except IndexDamaged as error:
        return LoadedIdentities(None, str(error))


def load_fields(texts: Texts) -> Fields:
    """Load the fields of an index, including custom ones."""
    own = load_custom_fields(texts)
    return Fields(own) if own else BUILT_IN


def load_synonyms(texts: Texts) -> Synonyms | None:
    """Load the synonyms of an index. Return None, without importing their code, for an
    index without synonyms."""
    if not has_content(texts.read(SYNONYMS)):
        return None
    from searcher.query import synonyms

    return synonyms.load(texts)

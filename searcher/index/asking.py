"""What an index is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Unpack

from searcher.analysis.folding import fold
from searcher.article import Article
from searcher.errors import UsageError
from searcher.fields import value_field
from searcher.index.opened import OpenedIndex
from searcher.query.arguments import Arguments, QuoteArguments, SearchArguments, StatementArguments
from searcher.query.request import Search
from searcher.query.tree import Expr, TimeUnit
from searcher.results import Hit, Marks, Results

if TYPE_CHECKING:
    # what only changes need is not loaded for a search
    from searcher.names.evidence import Doubt, Form
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import FoundQuote, Statements
    from searcher.search.record import Record
    from searcher.search.together import Network

__all__ = ["Asking"]


class Asking(OpenedIndex):
    """The questions that an index answers; :class:`searcher.index.Index` has them."""

    def search(self, query: str | Expr | Search = "", **arguments: Unpack[SearchArguments]) -> Results:
        """Return the articles that match, best first.

        ``query`` is text in the query language, a tree, or a :class:`Search`, whose arguments those given
        beside it replace. Without words the newest come first.

        ``match="all"``: every word is required, and if that finds nothing, any of them
        (``results.relaxed`` says so). ``match="any"``: the text is taken as plain words, any of which may
        match: nothing in it is an error. ``person=…``, ``organisation=…``, ``speaker=…``, ``source=…`` and
        every other value field narrow to articles with any of the values given; ``exclude={"person": …}``
        leaves such articles out. ``after`` and ``before`` are days, both included. ``sort``: "relevance",
        "newest" or "oldest". ``limit`` (10) and ``offset`` (0) choose the page. ``facets`` are the fields
        whose values are counted. ``correct`` (True): words that the index does not hold are replaced by the
        nearest that it does (``results.corrections``). ``snippets=False``: hits come without passages, marks
        and explanations; much faster where there are thousands. ``collapse=True``: articles that are copies
        of one story are one hit, the best of them, and the total and the facets count stories.
        ``explain=True``: hits say what their scores are made of.

        Raises QueryError for a text that cannot be understood, QueryTooBroad for one that stands for too
        many words or takes too long, UsageError for an argument that makes no sense.
        """
        return self._answering().search(_of_articles(_request(query, arguments)))

    def quotes(self, query: str | Expr | Search = "", **arguments: Unpack[QuoteArguments]) -> Quotes:
        """Return the quotations whose own words match ``query`` and whose speaker is (any of) ``speaker``.

        ``kinds`` ("direct" and "partial") may name "indirect" too. ``confidence`` (0..1) is the least that
        the speaker must have: DEFAULT_MIN_CONFIDENCE where a speaker is asked for, unless given. The other
        arguments narrow the articles, as in :meth:`search`. Sorting by date gives a person's statements as
        a timeline. Raises as :meth:`search` does.
        """
        return self._answering().quotes(_of_quotations(_request(query, _said(arguments))))

    def statements(
        self, query: str | Expr | Search = "", **arguments: Unpack[StatementArguments]
    ) -> Statements:
        """Return what was said, each statement once, whole, with every article that carries it.

        Finds as :meth:`quotes` does, with the same arguments. The parts of an utterance that its attribution
        splits are one; so are utterances of different articles whose words are the same or nearly so, and one
        that is a part of another. A statement has all its places in the index, oldest first, those as well
        that do not match or that name another speaker (``statement.votes``). ``facets`` are fields whose
        values are counted, by statements; “speaker” is who said them. Raises as :meth:`search` does.
        """
        return self._answering().statements(_request(query, _said(arguments)))

    def find_quote(self, text: str, limit: int = 10) -> list[FoundQuote]:
        """Return the statements that have the words of a quotation: exactly, then those that have most of
        them.

        For what is remembered in part or not quite rightly: ``found.changes`` says what differs, word by
        word. Raises UsageError for a text without words.
        """
        from searcher.search.quotation import find_quotation

        return find_quotation(self._answering().engine, text, limit)

    def record(self, name: str) -> Record:
        """Return what the index has of a person: statements by year, topic and outlet, who is named beside
        them, and what most outlets carried."""
        from searcher.search.record import record_of

        return record_of(self._answering(), name)

    def together(self, name: str = "", query: str | Expr | Search = "", limit: int = 20) -> Network:
        """Return whom articles name together with a person or an organisation, and these with one another:
        ``limit`` names, those of most articles. Without ``name`` those whom most articles name.

        ``query`` narrows the articles. Raises as :meth:`search` does.
        """
        from searcher.search.together import network

        return network(self._answering(), name, _of_articles(_request(query, {})), limit)

    def count(self, query: str | Expr | Search | None = None, **arguments: Unpack[Arguments]) -> int:
        """Return the number of articles; with a query or arguments, of those that match.

        Stories are counted with ``collapse``, quotations with ``quotes``, and statements with both. All words
        are required. Arguments and errors as in :meth:`search`.
        """
        if query is None and not arguments:
            return self._engine.count()
        return self._answering().count(_request("" if query is None else query, arguments))

    def scan(self, query: str | Expr | Search = "", **arguments: Unpack[SearchArguments]) -> Iterator[Hit]:
        """Return every article that matches, one after another, all from one commit.

        One article is in memory at a time, and, in the order of relevance, the numbers and scores of all. All
        words are required. ``limit`` (None: everything) and ``offset`` cut the sequence. Arguments and errors
        as in :meth:`search`; facets are not counted.
        """
        return self._answering().scan(_of_articles(_request(query, arguments)))

    def scan_quotes(
        self, query: str | Expr | Search = "", **arguments: Unpack[QuoteArguments]
    ) -> Iterator[QuoteHit]:
        """Return every quotation that matches, one after another, as :meth:`scan` does articles."""
        return self._answering().scan_quotes(_of_quotations(_request(query, _said(arguments))))

    def related(self, article: Article, limit: int = 10) -> list[Hit]:
        """Return the articles most like one, best first: those that share its words and names.

        ``article`` need not be in the index.
        """
        from searcher.search.related import related

        return related(self._answering(), article, limit)

    def timeline(
        self, query: str | Expr | Search = "", unit: TimeUnit = "year", **arguments: Unpack[Arguments]
    ) -> Mapping[dt.date, int]:
        """Return the number of matching articles of each year, month, week or day that has any, by its first
        day, in order of time; of stories with ``collapse``, of quotations with ``quotes``, of statements with
        both. What has copies in several units counts in each.

        What has no date is left out. All words are required. Arguments and errors as in :meth:`search`.
        """
        return self._answering().timeline(_request(query, arguments), unit)

    def matches(
        self, article: Article, query: str | Expr | Search = "", **arguments: Unpack[Arguments]
    ) -> tuple[Marks, Marks]:
        """Return where a search matches in the title of an article, and where in its body: all places, of
        which a hit's passages show some. Arguments and errors as in :meth:`search`."""
        return self._answering().matches(_request(query, arguments), article)

    def get(self, id: str) -> Article | None:
        """Return the article of that id, or None."""
        return self._engine.get(id)

    def ids(self, prefix: str = "") -> Iterator[str]:
        """Return the ids of the articles that begin with ``prefix``, in no order."""
        return self._engine.ids(prefix)

    def articles(self) -> Iterator[Article]:
        """Return every article, in the order in which they were added."""
        return self._engine.articles()

    def words(self, prefix: str = "") -> Iterator[str]:
        """Return the words of the index that begin with a prefix, folded and in order: ``klima`` finds
        ``klimaschutz``. Stems are not among them."""
        return self._engine.words(fold(prefix))

    def values(self, field: str) -> Mapping[str, int]:
        """Return every value of a value field, resolved across articles, with the number of its articles.

        Raises UsageError for what is no value field.
        """
        return self._answering().engine.values(value_field(field).name)

    def names_meant(self, field: str, name: str) -> frozenset[str]:
        """Return the names, as :meth:`values` has them, that a name asks for in a field: by any form of it.

        Raises UsageError for what is no value field.
        """
        return self._answering().engine.names().meant(value_field(field).name, name)

    def name_forms(self, field: str, name: str) -> Mapping[str, tuple[Form, ...]]:
        """Return the forms of each name that a name asks for in a field: in how many articles, and why it is
        one of them. Raises UsageError for what is no value field."""
        from searcher.names.evidence import forms

        return forms(self._answering().engine.names(), value_field(field).name, name)

    def doubtful_names(self, field: str) -> list[Doubt]:
        """Return the short forms that are joined with a name or not though it is not sure, those of most
        articles first. Raises UsageError for what is no value field."""
        from searcher.names.evidence import doubts

        return doubts(self._answering().engine.names(), value_field(field).name)

    def named(self, article: Article) -> Article:
        """Return an article with the names that its people, bodies, speakers, source and authors have across
        articles. Its text stays as it is."""
        from searcher.search.naming import named

        return named(article, self._answering().engine.names())


def _request(query: str | Expr | Search, arguments: Mapping[str, Any]) -> Search:
    if isinstance(query, Search):
        return query.replace(**arguments) if arguments else query
    return Search(query, **arguments)


def _said(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments of a search for quotations, whose speaker is who said them."""
    given = {**arguments, "quotes": True}
    if "speaker" in given:
        given["said_by"] = given.pop("speaker")
    return given


def _of_quotations(search: Search) -> Search:
    if search.collapse:
        raise UsageError("This search is for statements: pass it to Index.statements.")
    if search.facets:
        raise UsageError("facets go with articles and statements, not with quotations.")
    return search


def _of_articles(search: Search) -> Search:
    if search.quotes:
        raise UsageError("This search is for quotations: pass it to Index.quotes or Index.scan_quotes.")
    return search

"""The questions that an index answers: searches, quotations, statements, articles and names."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from searcher import locations
from searcher.analysis.terms import fold
from searcher.article import Article
from searcher.engines.base import Engine, SharedRecords, closed_error
from searcher.errors import IndexDamaged, UsageError
from searcher.fields import Fields
from searcher.languages import question_languages
from searcher.names import decisions
from searcher.names.decisions import Curation
from searcher.names.table import NameTable
from searcher.query.arguments import (
    Arguments,
    QuoteArguments,
    SearchArguments,
    StatementArguments,
    check_count,
    check_kind,
    check_several,
    check_text,
    check_unit,
)
from searcher.query.deadline import DEFAULT_MAX_SECONDS
from searcher.query.request import Search
from searcher.query.tree import IS_PENDING, Expr, TimeUnit
from searcher.results import Hit, Marks, Results
from searcher.search.answers import (
    Answers,
    DecidedNames,
    fields_in,
    named,
    names_in,
    synonyms_in,
)
from searcher.search.own_fields import meant
from searcher.search.words_across import WordsAcross
from searcher.textfiles import MemoryTexts, Texts, WatchedText

if TYPE_CHECKING:
    # what few questions need is not loaded for a search
    from searcher.names.doubts import NameDoubt, NameForm
    from searcher.query.synonyms import Synonyms
    from searcher.results.names import FoundName
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import FoundQuote, Statements
    from searcher.results.versions import Alike, ArticleVersion
    from searcher.search.advice import Advice
    from searcher.search.question_reader import Reading
    from searcher.search.record import Record
    from searcher.search.suggestions import Suggester, Suggestion
    from searcher.search.together import Network


class Questions:
    """The questions to an open index (:class:`searcher.index.Index`)."""

    def __init__(
        self,
        engine: Engine,
        beside: Texts | None,
        names: WatchedText[DecidedNames] | None = None,
        folder: Path | None = None,
        records: Callable[[Path], SharedRecords] | None = None,
        patience: float = DEFAULT_MAX_SECONDS,
    ) -> None:
        """``beside``: the texts beside the index; None for one in memory, which has them as long as it is
        open. ``names``: those that the engine resolves by, where they were read from there already.
        ``folder``: for what is recorded of the index. ``ledger``: what other machines share of that."""
        self.beside = beside
        self._opened: Engine | None = engine
        self._resources = ExitStack()  # what is closed with the index
        self._resources.callback(engine.close)
        self._texts = beside or MemoryTexts()
        self._names = names or WatchedText(self._texts, decisions.FILE, names_in)
        self._synonyms = WatchedText(self._texts, locations.SYNONYMS, synonyms_in)
        self._fields = WatchedText(self._texts, locations.OWN_FIELDS, fields_in)
        self._names_in_use = names.current() if names else None
        self._folder = folder
        self._shared_records = records
        self._once = threading.Lock()  # held while what is recorded is opened
        self._patience = patience
        self._words = WordsAcross(engine, folder)
        self._suggester: Suggester | None = None
        if beside and not names:
            self._answers()  # lets the engine resolve by the names that stand there

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the files; the index cannot be used any more. Results stay usable: they are detached."""
        self._opened = None
        self._resources.close()

    @property
    def _engine(self) -> Engine:
        """The engine, by the names that were used last. Raises UsageError once the index is closed."""
        if self._opened is None:
            raise closed_error()
        return self._opened

    def _request(self, query: str | Expr | Search, arguments: Mapping[str, Any]) -> Search:
        """Return a query with its arguments as a request that can be asked of this index."""
        search = query if isinstance(query, Search) else Search(query, **arguments)
        if arguments and search is query:
            search = search.replace(**arguments)
        search.require(lambda: self.fields)
        return search

    def _answers(self) -> Answers:
        """The engine with the names, synonyms and own fields as their files are now."""
        engine, names = self._engine, self._names.current()
        if names is not self._names_in_use:
            if names.identities is not None:
                engine.use_names(names.identities)
            self._names_in_use = names
        return Answers(engine, self._synonyms.current(), self.fields, self._patience, self._words)

    @property
    def fields(self) -> Fields:
        """The fields that its articles have, those of one's own among them."""
        return self._fields.current()

    # Searches

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
        whose values are counted. ``results.suggestions`` has the likely spelling of words that no article
        contains, ``results.corrections`` the likely ones of these; :meth:`Search.corrected` searches for
        them. ``snippets=False``: hits come without passages, marks and explanations; much faster where there
        are thousands. ``collapse=True``: articles that are copies of one story are one hit, the best of them,
        and the total and the facets count stories. ``explain=True``: hits say what their scores are made of.

        Raises QueryError for a text that cannot be understood, QueryTooBroad for one that stands for too
        many words or takes too long, UsageError for an argument that makes no sense.
        """
        return self._answers().search(_of_articles(self._request(query, arguments)))

    def quotes(self, query: str | Expr | Search = "", **arguments: Unpack[QuoteArguments]) -> Quotes:
        """Return the quotations whose own words match ``query`` and whose speaker is (any of) ``speaker``.

        ``kinds`` ("direct" and "partial") may name "indirect" too. ``min_confidence`` (0..1) is that of the
        speaker: by default DEFAULT_MIN_CONFIDENCE if a speaker is asked for. The other
        arguments narrow the articles, as in :meth:`search`. Sorting by date gives a person's statements as
        a timeline. Raises as :meth:`search` does.
        """
        return self._answers().quotes(_of_quotations(self._request(query, _speech_arguments(arguments))))

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
        return self._answers().statements(self._request(query, _speech_arguments(arguments)))

    def advice(self, search: Search, found: Results | Quotes | Statements) -> Advice:
        """Return what can be told of a search and of what it found: why that is nothing, and what else may
        have been meant."""
        from searcher.search.advice import Advice

        return Advice(self._answers(), search, found)

    def read_question(self, question: str | Search) -> Reading | None:
        """Return how a question in words is read (“What did Roe say about the harbour?”). None for a keyword
        query, which is anything that is not clearly a question.

        ``reading.search`` is the search that answers it. No other method reads questions: they take the words
        of a query as words.
        """
        search = self._request(question, {})
        if not question_languages(search.text):
            return None
        from searcher.search.question_reader import read_question

        return read_question(self._answers(), search)

    def find_quote(self, text: str, limit: int = 10) -> list[FoundQuote]:
        """Return the statements that have the words of a quotation: exactly, then those that have most of
        them.

        For what is remembered in part or not quite rightly: ``found.changes`` says what differs, word by
        word. Raises UsageError for a text without words.
        """
        from searcher.search.quote_search import find_quotation

        return find_quotation(self._answers().engine, check_text("text", text), check_count("limit", limit))

    def record(self, name: str) -> Record:
        """Return what the index has of a person: statements by year, topic and outlet, who is named beside
        them, and what most outlets carried."""
        from searcher.search.record import record_of

        return record_of(self._answers(), check_text("name", name))

    @staticmethod
    def read_names(data: bytes, origin: str = "", column: str = "") -> list[str]:
        """Return the names of a list: one a line, or in a column of a CSV file, by its heading. Raises
        UsageError where it is not told which column."""
        from searcher.search.name_list import names_in

        return names_in(data, origin, column)

    def match_names(self, names: Iterable[str], query: str | Expr | Search = "") -> list[FoundName]:
        """Return who may be meant by each name of a list, how likely that is, and what there is of them.

        ``query`` narrows the articles. Raises as :meth:`search` does.
        """
        from searcher.search.name_list import match_names

        answers, among = self._answers(), _of_articles(self._request(query, {}))
        return match_names(answers, list(check_several("names", names)), answers.condition(among))

    def scan_names(self, names: Iterable[str], *, snippets: bool = True) -> Iterator[Hit]:
        """Return every article that surely names somebody of a list, or has the words of a name of it."""
        from searcher.search.name_list import articles_of

        return articles_of(self._answers(), list(check_several("names", names)), snippets=snippets)

    def together(self, name: str = "", query: str | Expr | Search = "", limit: int = 20) -> Network:
        """Return whom articles name together with a person or an organisation, and these with one another:
        ``limit`` names, those of most articles. Without ``name`` those whom most articles name.

        ``query`` narrows the articles. Raises as :meth:`search` does.
        """
        from searcher.search.together import network

        asked = _of_articles(self._request(query, {}))
        return network(self._answers(), check_text("name", name), asked, check_count("limit", limit))

    def count(self, query: str | Expr | Search | None = None, **arguments: Unpack[Arguments]) -> int:
        """Return the number of articles; with a query or arguments, of those that match.

        Stories are counted with ``collapse``, quotations with ``quotes``, and statements with both. All words
        are required. Arguments and errors as in :meth:`search`.
        """
        if query is None and not arguments:
            return self._engine.count()
        return self._answers().count(self._request("" if query is None else query, arguments))

    def scan(self, query: str | Expr | Search = "", **arguments: Unpack[SearchArguments]) -> Iterator[Hit]:
        """Return every article that matches, one after another, all from one commit.

        One article is in memory at a time, and, in the order of relevance, the numbers and scores of all. All
        words are required. ``limit`` (None: everything) and ``offset`` cut the sequence. Arguments and errors
        as in :meth:`search`; facets are not counted.
        """
        return self._answers().scan(_of_articles(self._request(query, arguments)))

    def scan_quotes(
        self, query: str | Expr | Search = "", **arguments: Unpack[QuoteArguments]
    ) -> Iterator[QuoteHit]:
        """Return every quotation that matches, one after another, as :meth:`scan` does articles."""
        return self._answers().scan_quotes(_of_quotations(self._request(query, _speech_arguments(arguments))))

    def related(self, article: Article, limit: int = 10) -> list[Hit]:
        """Return the articles most like one, best first: those that share its words and names.

        ``article`` need not be in the index.
        """
        from searcher.search.related import related

        return related(self._answers(), check_kind("article", article, Article), check_count("limit", limit))

    def timeline(
        self, query: str | Expr | Search = "", unit: TimeUnit = "year", **arguments: Unpack[Arguments]
    ) -> Mapping[dt.date, int]:
        """Return the number of matching articles of each year, month, week or day that has any, by its first
        day, in order of time; of stories with ``collapse``, of quotations with ``quotes``, of statements with
        both. What has copies in several units counts in each.

        What has no date is left out. All words are required. Arguments and errors as in :meth:`search`.
        """
        return self._answers().timeline(self._request(query, arguments), check_unit(unit))

    def matches(
        self, article: Article, query: str | Expr | Search = "", **arguments: Unpack[Arguments]
    ) -> tuple[Marks, Marks]:
        """Return where a search matches in the title of an article, and where in its body: all places, of
        which a hit's passages show some. Arguments and errors as in :meth:`search`."""
        return self._answers().matches(
            self._request(query, arguments), check_kind("article", article, Article)
        )

    # Articles and values

    def get(self, id: str) -> Article | None:
        """Return the article of that id, or None."""
        return self._engine.get(check_text("id", id))

    def ids(self, prefix: str = "") -> Iterator[str]:
        """Return the ids of the articles that begin with ``prefix``, in no order."""
        return self._engine.terms("id", check_text("prefix", prefix))

    def articles(self) -> Iterator[Article]:
        """Return every article, in the order in which they were added."""
        return self._engine.storage().articles()

    @property
    def pending(self) -> int:
        """The number of articles whose names and quotations are to come."""
        return self._engine.count(IS_PENDING)

    def words(self, prefix: str = "") -> Iterator[str]:
        """Return the words of the index that begin with a prefix, folded and in order: ``klima`` finds
        ``klimaschutz``. Stems are not among them."""
        return self._engine.terms("text", fold(check_text("prefix", prefix)))

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Return names and words that complete the end of a query, those of most articles first."""
        from searcher.search.suggestions import Suggester

        self._suggester = self._suggester or Suggester()
        return self._suggester.suggest(self._answers(), check_text("text", text), check_count("limit", limit))

    def values(self, field: str) -> Mapping[str, int]:
        """Return every value of a value field, resolved across articles, with the number of its articles.

        Raises UsageError for what is no value field.
        """
        return self._answers().tags.values(self.fields.value_field(field).name)

    def versions(self, id: str) -> tuple[ArticleVersion, ...]:
        """The versions of an article that are kept, the earliest first, each with the one before. One where
        there is no other, none where there is no such article."""
        from searcher.results.versions import ArticleVersion
        from searcher.search import related

        found = related.versions(self._engine, article) if (article := self.get(id)) else []
        return tuple(map(ArticleVersion, found, (None, *found)))

    def copies(self, id: str) -> tuple[ArticleVersion, ...]:
        """The articles that carry nearly the text of one, those of its own page apart, the earliest first and
        100 at most, each with the article to compare it with."""
        from searcher.results.versions import ArticleVersion
        from searcher.search import related

        article = self.get(id)
        found = related.copies(self._engine, article) if article else []
        return tuple(ArticleVersion(one, article) for one in found)

    def alike(self, articles: Iterable[Article]) -> Mapping[str, Alike]:
        """How many copies and versions there are of these articles, by the ids of those that have any."""
        from searcher.search import related

        return related.alike(self._engine, tuple(articles))

    # Names and synonyms

    def names_meant(self, field: str, name: str) -> frozenset[str]:
        """Return the names, as :meth:`values` has them, that a name asks for in a field: by any form of it.

        Raises UsageError for what is no value field.
        """
        names, known = self._names_in(field)
        return meant(names, self.fields, known, check_text("name", name))

    def name_forms(self, field: str, name: str) -> Mapping[str, tuple[NameForm, ...]]:
        """Return the forms of each name that a name asks for in a field: in how many articles, and why it is
        one of them. Raises UsageError for what is no value field."""
        from searcher.names.doubts import forms

        return forms(*self._names_in(field), check_text("name", name))

    def full_names(self, field: str, names: Iterable[str]) -> Mapping[str, str]:
        """Return the full form of each of these names of a field that is a short one of a body: that of BBC.
        Raises UsageError for what is no value field."""
        from searcher.names.doubts import full_names

        return full_names(*self._names_in(field), names)

    def doubtful_names(self, field: str) -> list[NameDoubt]:
        """Return the short forms that are joined with a name or not though it is not sure, those of most
        articles first. Raises UsageError for what is no value field."""
        from searcher.names.doubts import doubts

        return doubts(*self._names_in(field))

    def _names_in(self, field: str) -> tuple[NameTable, str]:
        return self._answers().engine.names(), self.fields.value_field(field).name

    def named(self, article: Article) -> Article:
        """Return an article with the names that its people, bodies, speakers, source and authors have across
        articles. Its text stays as it is."""
        return named(check_kind("article", article, Article), self._answers().engine.names())

    @property
    def decisions(self) -> Curation:
        """The decisions by hand about names. Raises IndexDamaged where their file cannot be understood."""
        _ = self._engine  # is it open?
        decided = self._names.current()
        if decided.identities is None:
            raise IndexDamaged(decided.problem)
        return decided.identities.curation

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong beside the index and keeps no search from its answer: decisions about names that
        cannot be understood. Those that were understood last hold until then."""
        problem = self._names.current().problem
        return (problem,) if problem else ()

    @property
    def synonyms(self) -> Synonyms:
        """The words that find one another."""
        from searcher.query import synonyms

        used = self._answers().synonyms
        return synonyms.load(self._texts) if used is None else used


def _speech_arguments(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
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

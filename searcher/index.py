"""The facade: an :class:`Index` combines readers, extractors and a search engine."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, Unpack

from searcher import locations, plugins
from searcher.analysis.terms import fold
from searcher.article import PENDING, Article
from searcher.engines.base import Engine, Ledger, Opened, closed_error
from searcher.errors import IndexDamaged, UsageError
from searcher.fields import Fields
from searcher.names import decisions
from searcher.names.decisions import Curation
from searcher.names.table import Identities, NameTable
from searcher.query.arguments import (
    Arguments,
    QuoteArguments,
    SearchArguments,
    StatementArguments,
    check_article,
    check_count,
    check_kind,
    check_location,
    check_path,
    check_seconds,
    check_several,
    check_text,
    check_unit,
    check_workers,
)
from searcher.query.deadline import DEFAULT_MAX_SECONDS
from searcher.query.request import Search
from searcher.query.tree import Expr, HasValue, TimeUnit
from searcher.results import Hit, Marks, Results
from searcher.search.answers import (
    Answers,
    DecidedNames,
    WordsAcross,
    fields_in,
    named,
    names_in,
    synonyms_in,
)
from searcher.search.own_fields import meant
from searcher.textfiles import FolderTexts, MemoryTexts, Texts, Watched

if TYPE_CHECKING:
    # what only changes need is not loaded for a search
    from searcher.ingest.loader import LoadArguments
    from searcher.ingest.replica import Replica
    from searcher.ingest.report import Problem, Progress, Report
    from searcher.ingest.run import Records
    from searcher.names.doubts import NameDoubt, NameForm
    from searcher.query.synonyms import Synonyms
    from searcher.records.log import Log
    from searcher.records.store import Store
    from searcher.records.tags import Tagged
    from searcher.results.names import FoundName
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import FoundQuote, Statements
    from searcher.results.versions import Alike, ArticleVersion, Original
    from searcher.search.advice import Advice
    from searcher.search.record import Record
    from searcher.search.together import Network

MEMORY: Final = ":memory:"
#: Articles that a load adds, after which the words are read for questions across languages: to find names in
#: so many takes minutes.
_MANY_ADDED: Final = 5_000


class Index:
    """A collection of articles to search and to add to.

    Share one between threads freely. There is one writer at a time, in this process or another; a second
    one waits (``timeout`` seconds, then IndexLocked). Searches never wait; they see the last commit, and the
    synonyms and decisions about names that stand beside the index by then.

    Every method may raise IndexDamaged, which names the file, and UsageError once the index is closed. Those
    that change the index raise IndexFailure as well where the system refuses to write.
    """

    def __init__(
        self,
        engine: Engine,
        beside: Texts | None,
        names: Watched[DecidedNames] | None = None,
        folder: Path | None = None,
        ledger: Ledger | None = None,
        patience: float = DEFAULT_MAX_SECONDS,
    ) -> None:
        """``beside``: the texts beside the index; None for one in memory, which has them as long as it is
        open. ``names``: those that the engine resolves by, where they were read from there already.
        ``folder``: for what is recorded of the index. ``ledger``: what other machines share of that."""
        self.beside = beside
        self._opened: Engine | None = engine
        self._texts = beside or MemoryTexts()
        self._names = names or Watched(self._texts, decisions.FILE, names_in)
        self._synonyms = Watched(self._texts, locations.SYNONYMS, synonyms_in)
        self._fields = Watched(self._texts, locations.OWN_FIELDS, fields_in)
        self._names_in_use = names.current() if names else None
        self._patience = patience
        self._folder = folder
        self._ledger = ledger
        self._store: Store | None = None
        self._replica: Replica | None = None
        self._words = WordsAcross(engine, folder)
        self._once = threading.Lock()
        if beside and not names:
            self._answers()  # lets the engine resolve by the names that stand there

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the files; the index cannot be used any more. Results stay usable: they are detached."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        if self._store is not None:
            self._store.close()

    @property
    def _engine(self) -> Engine:
        """The engine, by the names that were used last. Raises UsageError once the index is closed."""
        if self._opened is None:
            raise closed_error()
        return self._opened

    def _asked(self, query: str | Expr | Search, arguments: Mapping[str, Any]) -> Search:
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

    @property
    def store(self) -> Store:
        """What was recorded beside the index, as it is now on all machines."""
        from searcher.records.store import Store

        _ = self._engine  # is it open?
        with self._once:
            if self._store is None and self._ledger and self._folder:
                from searcher.ingest.replica import Replica

                self._replica = Replica(self._folder, self._ledger)
                self._store = self._replica.store
            self._store = self._store or Store(self._folder)
        if self._replica:
            self._replica.pull()
        return self._store

    def share(self) -> None:
        """Let other machines see what has changed in the store."""
        if self._replica:
            self._replica.push()

    def _kept_records(self) -> Records:
        """What is kept of files, stories and tags, as it is now on all machines."""
        from searcher.ingest.run import Records

        records = Records(self.store, self._texts, self._replica)
        records.restore(self._engine)
        return records

    # Questions

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
        return self._answers().search(_of_articles(self._asked(query, arguments)))

    def quotes(self, query: str | Expr | Search = "", **arguments: Unpack[QuoteArguments]) -> Quotes:
        """Return the quotations whose own words match ``query`` and whose speaker is (any of) ``speaker``.

        ``kinds`` ("direct" and "partial") may name "indirect" too. ``confidence`` (0..1) is the least that
        the speaker must have: DEFAULT_MIN_CONFIDENCE where a speaker is asked for, unless given. The other
        arguments narrow the articles, as in :meth:`search`. Sorting by date gives a person's statements as
        a timeline. Raises as :meth:`search` does.
        """
        return self._answers().quotes(_of_quotations(self._asked(query, _said(arguments))))

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
        return self._answers().statements(self._asked(query, _said(arguments)))

    def advice(self, search: Search, found: Results | Quotes | Statements) -> Advice:
        """Return what can be told of a search and of what it found: why that is nothing, and what else may
        have been meant."""
        from searcher.search.advice import Advice

        return Advice(self._answers(), search, found)

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

    def match_names(self, names: Iterable[str]) -> list[FoundName]:
        """Return who may be meant by each name of a list, how likely that is, and what there is of them."""
        from searcher.search.name_list import match_names

        return match_names(self._answers(), list(check_several("names", names)))

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

        asked = _of_articles(self._asked(query, {}))
        return network(self._answers(), check_text("name", name), asked, check_count("limit", limit))

    def count(self, query: str | Expr | Search | None = None, **arguments: Unpack[Arguments]) -> int:
        """Return the number of articles; with a query or arguments, of those that match.

        Stories are counted with ``collapse``, quotations with ``quotes``, and statements with both. All words
        are required. Arguments and errors as in :meth:`search`.
        """
        if query is None and not arguments:
            return self._engine.count()
        return self._answers().count(self._asked("" if query is None else query, arguments))

    def scan(self, query: str | Expr | Search = "", **arguments: Unpack[SearchArguments]) -> Iterator[Hit]:
        """Return every article that matches, one after another, all from one commit.

        One article is in memory at a time, and, in the order of relevance, the numbers and scores of all. All
        words are required. ``limit`` (None: everything) and ``offset`` cut the sequence. Arguments and errors
        as in :meth:`search`; facets are not counted.
        """
        return self._answers().scan(_of_articles(self._asked(query, arguments)))

    def scan_quotes(
        self, query: str | Expr | Search = "", **arguments: Unpack[QuoteArguments]
    ) -> Iterator[QuoteHit]:
        """Return every quotation that matches, one after another, as :meth:`scan` does articles."""
        return self._answers().scan_quotes(_of_quotations(self._asked(query, _said(arguments))))

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
        return self._answers().timeline(self._asked(query, arguments), check_unit(unit))

    def matches(
        self, article: Article, query: str | Expr | Search = "", **arguments: Unpack[Arguments]
    ) -> tuple[Marks, Marks]:
        """Return where a search matches in the title of an article, and where in its body: all places, of
        which a hit's passages show some. Arguments and errors as in :meth:`search`."""
        return self._answers().matches(self._asked(query, arguments), check_kind("article", article, Article))

    def get(self, id: str) -> Article | None:
        """Return the article of that id, or None."""
        return self._engine.get(check_text("id", id))

    def ids(self, prefix: str = "") -> Iterator[str]:
        """Return the ids of the articles that begin with ``prefix``, in no order."""
        return self._engine.terms("id", check_text("prefix", prefix))

    def articles(self) -> Iterator[Article]:
        """Return every article, in the order in which they were added."""
        return self._engine.storage().articles()

    def words(self, prefix: str = "") -> Iterator[str]:
        """Return the words of the index that begin with a prefix, folded and in order: ``klima`` finds
        ``klimaschutz``. Stems are not among them."""
        return self._engine.terms("text", fold(check_text("prefix", prefix)))

    def values(self, field: str) -> Mapping[str, int]:
        """Return every value of a value field, resolved across articles, with the number of its articles.

        Raises UsageError for what is no value field.
        """
        return self._answers().tags.values(self.fields.value_field(field).name)

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

    # Changes

    def load(self, paths: str | Path | Iterable[str | Path], **arguments: Unpack[LoadArguments]) -> Report:
        """Read, annotate and add files, folders and globs; unchanged files are skipped by their hash.

        ``mapping`` names the fields of CSV and JSON records (``{"title": "headline"}``). ``fields`` sets
        fields of every article (``{"source": "BBC", "tag": ["2004"]}``), and ``date_from`` dates those
        without a date by the day in the name of their file or by its time. ``ocr`` has ocrmypdf recognise
        scanned PDFs, in languages as tesseract writes them (“eng+deu”). ``annotated``: the files are those of
        “searcher extract”, whose articles are added with the names and quotations that they have.
        ``keep_versions``: of a page each version stays, not the fullest alone (:meth:`versions`). All of this
        is kept for every file, and used when it is read again without it. What is no field of every article,
        in ``mapping`` or ``fields``, becomes a field of your own (``{"desk": "foreign"}``): searched,
        narrowed and counted.

        ``prune`` drops the articles of files that are gone, unless these are more than a tenth of the index
        or all that one of the folders gave: then nothing is dropped without ``prune_all``, and
        ``report.prune_refused`` is their number. ``gone`` are files and folders known to have been deleted,
        whose articles are dropped within the same bounds. ``part``, (3, 16), reads the third of 16 parts of
        the files alone: each is in one, on every machine that knows it by this path. ``text_first``: all is
        searched as text at once, and :meth:`annotate` follows in the same run; None: so it is where files are
        many or large, and the index is on this machine alone. ``workers`` is the number of processes
        (default: as cores). Files that cannot be read are in ``report.failed`` and, until they are read or
        gone, in :meth:`problems`; the others are committed in batches, so that whatever stops the run, the
        last commit serves. Raises IndexLocked, and UsageError for a field that cannot be.
        """
        from searcher.ingest import loader

        given = [paths] if isinstance(paths, str | Path) else check_several("Paths", paths)
        check_workers(arguments.get("workers"))
        report = loader.load(self._engine, self._kept_records(), [*map(check_path, given)], arguments)
        if report.added >= _MANY_ADDED and self._ledger is None and len(self.values("language")) > 1:
            self._words.current()  # so that the first question across need not wait
        return report

    def resume(
        self,
        *,
        prune_all: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report | None:
        """Go on with the last :meth:`load` if it was stopped before its end, by whatever; None if it was
        not. Nothing that was committed is read or annotated again. Raises IndexLocked."""
        from searcher.ingest import loader

        given: LoadArguments = {"prune_all": prune_all, "workers": check_workers(workers)}
        return loader.resume(self._engine, self._kept_records(), {**given, "progress": progress})

    def annotate(
        self,
        *,
        renew: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Find the names and quotations of the articles that are in the index as text alone, in the order in
        which they came, and commit them in batches; each :meth:`load` ends with it. ``renew``: also of those
        that have them of an earlier version, which serve until then. Raises IndexLocked."""
        from searcher.ingest import loader

        records = self._kept_records()
        return loader.annotate(self._engine, records, check_workers(workers), progress, renew=renew)

    @property
    def pending(self) -> int:
        """The number of articles whose names and quotations are to come."""
        return self._engine.count(HasValue("annotator", PENDING))

    def rebuild(
        self,
        *,
        trust_sources: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Read every recorded file again into a fresh index, and swap it in at the end.

        Searches go on in the old one meanwhile. Articles without a file, and those whose file is gone,
        are kept as they are. A damaged index, opened for repair, is made whole that way: what cannot be
        read of it and has no file is in ``report.failed``. Raises IndexLocked, IndexOutdated where a later
        version made the index, and SourcesUnknown where a recorded file was never read for this user: what
        is in it would come into the index. ``trust_sources``: it is read all the same.
        """
        from searcher.ingest import loader

        records, given = self._kept_records(), check_workers(workers)
        return loader.rebuild(
            self._engine, records, trust_sources=trust_sources, workers=given, progress=progress
        )

    def copy_to(self, target: Index, *, progress: Callable[[int], None] | None = None) -> Report:
        """Add the articles to another index, as they are, in commits; those of the same id are replaced.

        An empty index also gets what stands beside this one: decisions about names, synonyms, fields of
        one's own, saved searches, and which files were loaded; any gets the tags of one's own, beside those
        that it has. ``progress`` is told how many were copied. Raises IndexLocked.
        """
        from searcher.ingest import rebuild
        from searcher.records.tags import OwnTags

        check_kind("The target", target, Index)

        empty = not target.count()
        if empty:
            rebuild.copy_texts(self._texts, target._texts)
        engine = target._answers().engine  # by the decisions that were copied
        # Before the articles: what is loaded meanwhile is read again rather than taken for copied.
        with rebuild.recorded(self.store) as before:
            target.import_tags(OwnTags(before).all())
            records = target._kept_records()
            report = rebuild.copy_articles(self.articles(), engine, records, not empty, progress)
            if empty:
                # Last: a copy that was stopped must not take files for loaded whose articles it lacks.
                rebuild.copy_records(before, target.store)
                target.share()
        return report

    def add(self, articles: Iterable[Article], *, annotate: bool = True) -> Report:
        """Add articles, replacing those of the same id, in one commit. ``annotate=False``: as they are.
        Raises IndexLocked."""
        from searcher.ingest import loader

        checked = map(check_article, check_several("Articles", articles))
        return loader.add(self._engine, self._kept_records(), checked, annotate=annotate)

    def delete(self, ids: str | Iterable[str]) -> int:
        """Delete articles: loading and rebuilding will leave them out, until they are added again with
        :meth:`add` or let in again with :meth:`undelete`. Returns how many there were. Raises IndexLocked."""
        from searcher.ingest import loader

        return loader.delete(self._engine, self._kept_records(), _as_list(ids))

    def deleted(self) -> frozenset[str]:
        """The ids of the articles that were deleted."""
        return self._kept_records().sources.deleted()

    def undelete(self, ids: str | Iterable[str]) -> int:
        """Let articles that were deleted in again: :meth:`rebuild` brings back those whose file is still
        there. Returns how many of these ids had been deleted."""
        from searcher.records.log import ARTICLE, Log, LogEntry

        records = self._kept_records()
        back = records.sources.deleted().intersection(_as_list(ids))
        with records.store.transaction():
            records.sources.undelete(back)
            Log(records.store).record(LogEntry(ARTICLE, id, "deleted", added=False) for id in sorted(back))
        records.push()
        return len(back)

    def tag(
        self,
        ids: str | Iterable[str],
        add: str | Iterable[str] = (),
        remove: str | Iterable[str] = (),
        *,
        case: str | None = None,
        note: str | None = None,
    ) -> int:
        """Put tags of your own on articles, or take tags off them. Returns how many articles have changed.

        ``desk=foreign`` as a tag is a value of a field of your own. ``case`` puts the articles in a case, and
        ``note`` is a note on each, in the place of an earlier one ("": there is none); both are searched,
        narrowed and counted as fields. The next search sees it, in whatever process, and neither loading nor
        rebuilding undoes it. Raises IndexLocked, and UsageError for what can be no tag.
        """
        from searcher.ingest import loader
        from searcher.records.tags import TagChange

        for name, text in (("case", case), ("note", note)):
            if text is not None:
                check_text(name, text)
        change = TagChange.of(_as_list(add), _as_list(remove), case, note)
        return loader.tag(self._engine, self._kept_records(), _as_list(ids), change)

    def name_speakers(self, ids: str | Iterable[str], names: Mapping[str, str]) -> int:
        """Say who the speakers of transcripts are, by the labels that these give them: ``{"SPEAKER_00": "Anna
        Kowalska"}``; "" takes it back. Returns how many articles have changed. It is kept as tags are. Raises
        IndexLocked, and UsageError for what can be no label."""
        from searcher.ingest import loader
        from searcher.records.tags import TagChange

        given = {check_text("A label", label): check_text("A name", name) for label, name in names.items()}
        change = TagChange.of_speakers(given)
        return loader.tag(self._engine, self._kept_records(), _as_list(ids), change)

    def name_within(self, id: str, kind: str, form: str, name: str = "") -> int:
        """Let a form of a name, as one article prints it, stand for somebody else there: for ``name``, or for
        whom the form itself names. Who is quoted goes along where nobody else there has the name that it
        stood for. Returns how many articles have changed. It is kept as tags are. Raises IndexLocked, and
        UsageError where the article has no such form."""
        from searcher.ingest import loader
        from searcher.records.tags import TagChange

        article, form = self.get(id), " ".join(check_text("A form", form).split())
        if article is None:
            raise UsageError(f"There is no article with the id “{id}”.")
        names = {one.name for one in article.mentions if one.kind == kind and article.printed(one) == form}
        change = TagChange.of_form(kind, form, names, check_text("A name", name) or form)
        return loader.tag(self._engine, self._kept_records(), [id], change)

    @property
    def log(self) -> Log:
        """What people have changed: tags, cases and notes, names, saved searches, deletions."""
        from searcher.records.log import Log

        return Log(self.store)

    def take_back(self, step: str) -> str:
        """Take back what a step of the log has changed of names and tags, as far as that still holds. That is
        a step as well, whose id is returned. Raises UsageError where nothing of it can be."""
        from searcher.ingest import loader
        from searcher.records.log import TAG
        from searcher.records.tags import Tagged

        changes = [change for one in self.log.steps(id=step) for change in one.changes]
        if names := [one for one in changes if one.kind in decisions.KINDS]:
            made = [
                {(one.kind, one.about, one.value) for one in names if one.added is on} for on in (True, False)
            ]
            return self.set_decisions(self.decisions.taken_back(*made))
        tags: dict[str, tuple[list[str], list[str]]] = {}
        for one in changes:
            if one.kind == TAG:
                tags.setdefault(one.about, ([], []))[one.added].append(one.value)
        if not tags:
            raise UsageError("Only what was decided about names, and tags, cases and notes, is taken back.")
        taken = [Tagged(id, tuple(back), tuple(gone)) for id, (back, gone) in tags.items()]
        loader.take_tags(self._engine, self._kept_records(), taken)
        return self.log.steps(1)[0].id

    def files_of(self, id: str) -> frozenset[str]:
        """Return the paths of the files that gave an article."""
        return self._kept_records().sources.paths(id)

    def ids_of_file(self, path: str | Path) -> frozenset[str]:
        """Return the ids of the articles that a file gave, by its path as it was loaded."""
        return self._kept_records().sources.ids(str(path))

    def own_tags(self) -> tuple[Tagged, ...]:
        """Every tag that was put on an article or taken off it by hand, cases and notes among them."""
        from searcher.records.tags import OwnTags

        return OwnTags(self.store).all()

    def own_tag_names(self) -> frozenset[str]:
        """Return every tag that was put on an article by hand, without values of fields of one's own."""
        from searcher.records.tags import OwnTags

        return frozenset(self.fields.of_tags(OwnTags(self.store).names())["tag"])

    def import_tags(self, decided: Iterable[Tagged]) -> int:
        """Take over tags that :meth:`own_tags` gave, of this index or another; articles that come later have
        them too. Returns how many articles have changed. Raises IndexLocked."""
        from searcher.ingest import loader
        from searcher.records.tags import Tagged

        taken = [check_kind("A tag", one, Tagged) for one in check_several("Tags", decided)]
        return loader.take_tags(self._engine, self._kept_records(), taken)

    def problems(self, *, repeated: bool = False) -> tuple[Problem, ...]:
        """What of the files that were loaded is not in the index, and why: files and parts of files that
        could not be read, and files of the folders that no reader takes. Those that are gone are left out.
        Also what was read and is doubtful. ``repeated``: instead, which articles were taken for others, where
        these are and what differs."""
        kept = self._kept_records().sources.problems()
        wanted = (problem for problem in kept if problem.kind.tells_of_others is repeated)
        return tuple(problem for problem in wanted if os.path.lexists(problem.path))

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

    def original(self, article: Article, start: int = 0, end: int = 0) -> Original:
        """Return the file, or the part of one, that an article was read from; ``start`` and ``end`` are a
        passage of its body to be found there. Raises ReadError where it is gone, or is another now."""
        from searcher.ingest.original import original

        return original(article, self.files_of(article.id), start, end)

    def alike(self, articles: Iterable[Article]) -> Mapping[str, Alike]:
        """How many copies and versions there are of these articles, by the ids of those that have any."""
        from searcher.search import related

        return related.alike(self._engine, tuple(articles))

    def verify(self) -> tuple[str, ...]:
        """The files of the index that are missing, cut short or altered; reads every byte of them.

        An empty answer means that what is searched is what was written. The way back is
        :meth:`rebuild`. Decisions about names are text to be edited by hand, and not among them.
        """
        storage = self._engine.storage()
        return (*storage.verify(), *self.store.verify(storage.beside()), *self._words.verify())

    # Names and synonyms

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

    def set_decisions(self, changed: Curation) -> str:
        """Replace the decisions about names. They apply at once, are written beside the index, and stand in
        the log, as the step whose id is returned; "" where nothing has changed."""
        from searcher.records.log import Log, LogEntry

        check_kind("What is decided about names", changed, Curation)
        store = self.store
        with store.transaction():
            new, gone = decisions.save(self._texts, changed, store)
            made = [LogEntry(*one, added=False) for one in sorted(gone)]
            made += [LogEntry(*one) for one in sorted(new)]
            step = Log(store).record(made)
        self.share()
        self._answers()
        return step

    @property
    def synonyms(self) -> Synonyms:
        """The words that find one another."""
        from searcher.query import synonyms

        used = self._answers().synonyms
        return synonyms.load(self._texts) if used is None else used

    def set_synonyms(self, changed: Synonyms) -> None:
        """Replace the synonyms. They apply at once and are written beside the index."""
        from searcher.query import synonyms

        _ = self._engine  # is it open?
        synonyms.save(self._texts, check_kind("What is set", changed, synonyms.Synonyms))


def open_index(
    location: str | Path = "index",
    *,
    create: bool = True,
    repair: bool = False,
    timeout: float = 60.0,
    patience: float = 30.0,
) -> Index:
    """Open the index in a folder, or a new one in memory (``":memory:"``).

    ``create``: make the folder an index if it is none yet; otherwise IndexMissing is raised. ``repair``: open
    damaged and outdated files too, for :meth:`Index.rebuild`; otherwise IndexDamaged or IndexOutdated is
    raised. ``timeout``: seconds that a change waits for another writer. ``patience``: seconds after which a
    search in a folder is given up with QueryTooBroad.

    ``opensearch+https://HOST/NAME`` is an index on a cluster. Any location with a scheme (``NAME://…``,
    ``NAME+http://…``) is opened by the entry point NAME of the group ``searcher.engines``. Raises UsageError
    where there is none.
    """
    check_location(location)
    check_seconds("timeout", timeout)
    check_seconds("patience", patience)
    if str(location) == MEMORY:
        from searcher.engines.memory import MemoryEngine

        return Index(MemoryEngine(identities=Identities(), timeout=timeout), None, patience=patience)
    if locations.scheme(location):
        return _open_by_plugin(str(location), create, repair, timeout, patience)
    folder = locations.folder_of(location)
    if not create and not locations.is_index(folder):
        raise locations.missing_index_error(folder)
    from searcher.engines.whoosh import EngineOptions, WhooshEngine

    texts = FolderTexts(folder)
    names = Watched(texts, decisions.FILE, names_in)
    engine = WhooshEngine(
        folder,
        identities=names.current().identities,
        create=create and not repair,
        repair=repair,
        options=EngineOptions(timeout, patience),
    )
    return Index(engine, texts, names, folder, patience=patience)


def _open_by_plugin(location: str, create: bool, repair: bool, timeout: float, patience: float) -> Index:
    make = plugins.find("searcher.engines", locations.scheme(location) or "")
    options = {"create": create, "repair": repair, "timeout": timeout, "patience": patience}
    opened: Opened = make(location, identities=Identities(), **options)
    folder = locations.local_folder(location) if opened.ledger else None
    return Index(opened.engine, opened.texts, None, folder, opened.ledger, patience)


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


def _as_list(given: str | Iterable[str]) -> list[str]:
    """Return one id or tag, or several, as a list: the letters of one are no ids."""
    if isinstance(given, str):
        return [given]
    return [check_text("an id or tag", one) for one in check_several("Ids and tags", given)]

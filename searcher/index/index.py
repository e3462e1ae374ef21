"""The facade: an :class:`Index` combines readers, extractors and a search engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, Unpack

from searcher import locations, plugins
from searcher.article import Article
from searcher.engines.base import OpenedIndex
from searcher.errors import UsageError
from searcher.fields import Fields, add_custom_fields
from searcher.index.articles import Articles
from searcher.index.files import Files
from searcher.index.hints import Hints
from searcher.index.names import Names
from searcher.index.session import Session
from searcher.index.tags import Tags
from searcher.names import decisions
from searcher.names.table import Identities
from searcher.query.arguments import (
    Arguments,
    QuoteArguments,
    SearchArguments,
    StatementArguments,
    as_list,
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
from searcher.query.request import Search
from searcher.query.tree import Expr, TimeUnit
from searcher.results import Hit, Results
from searcher.search.answers import load_identities
from searcher.textfiles import FolderTexts, WatchedText

if TYPE_CHECKING:
    # Most searches do not need these.
    from searcher.index.log import IndexLog
    from searcher.ingest.loader import LoadArguments
    from searcher.ingest.report import Progress, Report
    from searcher.query.synonyms import Synonyms
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import FoundQuote, Statements

MEMORY: Final = ":memory:"
#: After a load adds at least this many articles, searches across languages are prepared, which takes minutes.
_MIN_ADDED_ARTICLES: Final = 5_000


class Index:
    """A collection of articles to search and to change.

    ``len(index)`` is the number of articles, ``index[id]`` an article, and ``id in index`` tells whether
    there is one. What belongs to one subject is in an attribute: ``articles``, ``names``, ``tags``,
    ``files``, ``log``, ``hints``.

    Threads may share an index. There is one writer at a time, in this process or another; a second one waits
    (``timeout`` seconds, then IndexLocked). Searches never wait: they see the last commit, and the current
    synonyms and decisions about names.

    Every method may raise IndexDamaged, which names the file, and UsageError once the index is closed.
    Methods that change the index also raise IndexFailure if the system refuses to write.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.articles = Articles(session)
        self.files = Files(session)
        self.hints = Hints(session)
        self.names = Names(session)
        self.tags = Tags(session)

    def __repr__(self) -> str:
        try:
            return f"<Index: {len(self):,} articles>"
        except UsageError:
            return "<Index: closed>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files. Results stay usable, but the index does not."""
        self._session.close()

    def __len__(self) -> int:
        return len(self.articles)

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, id: str) -> Article:
        article = self.articles.get(id)
        if article is None:
            raise KeyError(id)
        return article

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self.articles.get(id) is not None

    def __iter__(self) -> Iterator[Article]:
        return iter(self.articles)

    @property
    def fields(self) -> Fields:
        """The fields of the articles, including your own. Assign ``index.fields.add("desk")`` to add some."""
        return self._session.fields

    @fields.setter
    def fields(self, changed: Fields) -> None:
        _ = self._session.engine  # raises an error if the index is closed
        custom = check_kind("fields", changed, Fields).custom
        if removed := sorted(self.fields.custom - custom):
            raise UsageError(f"Fields cannot be removed: {', '.join(removed)}.")
        add_custom_fields(self._session.texts, sorted(custom))

    @property
    def log(self) -> IndexLog:
        """What people have changed: tags, cases, notes, names, saved searches and deletions."""
        from searcher.index.log import IndexLog

        return IndexLog(self._session)

    @property
    def synonyms(self) -> Synonyms:
        """Words that find each other. Assign other synonyms to replace them; they apply immediately."""
        from searcher.query import synonyms

        used = self._session.answers().synonyms
        return synonyms.load(self._session.texts) if used is None else used

    @synonyms.setter
    def synonyms(self, changed: Synonyms) -> None:
        from searcher.query import synonyms

        _ = self._session.engine  # raises an error if the index is closed
        synonyms.save(self._session.texts, check_kind("What is set", changed, synonyms.Synonyms))

    # Searches

    def search(self, query: str | Expr | Search = "", **arguments: Unpack[SearchArguments]) -> Results:
        """Return the matching articles, best first.

        ``query`` is text in the query language, a tree, or a :class:`Search`, whose arguments are replaced by
        those given here. Without words the newest articles come first.

        ``match="all"``: every word is required; if no article has them all, articles with any of them are
        found and ``results.relaxed`` is true. ``match="any"``: the text is plain words, any of which may
        match, without syntax. ``person=…``, ``organisation=…``, ``speaker=…``, ``source=…`` and the other
        value fields filter for articles with any of the given values; ``exclude={"person": …}`` leaves such
        articles out. ``after`` and ``before`` are days, both included. ``sort``: "relevance", "newest" or
        "oldest". ``limit`` (10) and ``offset`` (0) choose the page. ``facets``: fields whose values are
        counted. ``results.suggestions`` has spellings of words that no article contains, and
        ``results.corrections`` the likely ones; :meth:`Search.corrected` applies them. ``snippets=False``:
        hits have no snippets, marks and explanations, which is much faster for thousands of hits.
        ``collapse=True``: copies of one story are one hit, and the total and the facets count stories.
        ``explain=True``: hits explain their scores.

        Raises QueryError for a query that cannot be understood, QueryTooBroad for one that stands for too
        many words or takes too long, and UsageError for an invalid argument.
        """
        return self._session.answers().search(self._session.article_request(query, arguments))

    def quotes(self, query: str | Expr | Search = "", **arguments: Unpack[QuoteArguments]) -> Quotes:
        """Return the quotations whose own words match ``query``, by (any of) ``speaker``.

        ``kinds`` ("direct", "partial" and "speech") may add "indirect". ``min_confidence`` (0 to 1) is the
        confidence in the speaker: by default DEFAULT_MIN_CONFIDENCE if ``speaker`` is given. The other
        arguments filter the articles, as in :meth:`search`, with the same errors. ``sort="oldest"`` gives a
        person's statements as a timeline.
        """
        return self._session.answers().quotes(self._quote_request(query, arguments))

    def statements(
        self, query: str | Expr | Search = "", **arguments: Unpack[StatementArguments]
    ) -> Statements:
        """Return statements: each once, in full, with every article that prints it.

        Takes the arguments of :meth:`quotes`. Parts of an utterance that its attribution splits are one
        statement. So are utterances in different articles with the same or nearly the same words, or if one
        is part of the other. A statement has all its places in the index, oldest first, even those that do
        not match or that name another speaker (``statement.votes``). ``facets`` count statements; "speaker"
        is the person who made them.
        """
        return self._session.answers().statements(self._session.request(query, _quote_arguments(arguments)))

    def find_quote(self, text: str, limit: int = 10) -> list[FoundQuote]:
        """Return the statements that contain a quotation exactly, then those that contain most of its words.

        For quotations that you only half remember: ``changes`` of each result lists the differences, word by
        word. Raises UsageError for a text without words.
        """
        from searcher.search.quote_search import find_quotation

        engine = self._session.answers().engine
        return find_quotation(engine, check_text("text", text), check_count("limit", limit))

    def scan(self, query: str | Expr | Search = "", **arguments: Unpack[SearchArguments]) -> Iterator[Hit]:
        """Yield every matching article, all from the same commit, with one article in memory at a time.

        All words are required. ``limit`` (None: no limit) and ``offset`` cut the sequence. Arguments and
        errors are those of :meth:`search`, but facets are not counted.
        """
        return self._session.answers().scan(self._session.article_request(query, arguments))

    def scan_quotes(
        self, query: str | Expr | Search = "", **arguments: Unpack[QuoteArguments]
    ) -> Iterator[QuoteHit]:
        """Yield every matching quotation, like :meth:`scan`."""
        return self._session.answers().scan_quotes(self._quote_request(query, arguments))

    def count(self, query: str | Expr | Search | None = None, **arguments: Unpack[Arguments]) -> int:
        """Return the number of matching articles, or of all articles without a query or arguments.

        With ``collapse`` count stories, with ``quotes`` quotations, with both statements. All words are
        required. Arguments and errors are those of :meth:`search`.
        """
        if query is None and not arguments:
            return len(self)
        request = self._session.request("" if query is None else query, arguments)
        return self._session.answers().count(request)

    def timeline(
        self, query: str | Expr | Search = "", unit: TimeUnit = "year", **arguments: Unpack[Arguments]
    ) -> Mapping[dt.date, int]:
        """Return the number of matching articles per year, month, week or day, by its first day, in order.

        With ``collapse`` count stories, with ``quotes`` quotations, with both statements; copies in several
        units count in each. Articles without a date, and units without articles, are left out. All words are
        required. Arguments and errors are those of :meth:`search`.
        """
        request = self._session.request(query, arguments)
        return self._session.answers().timeline(request, check_unit(unit))

    def values(self, field: str) -> Mapping[str, int]:
        """Return every value of a field, with its number of articles. Names are those resolved across
        articles.

        Raises UsageError for an unknown field.
        """
        return self._session.answers().tags.values(self.fields.value_field(field).name)

    def _quote_request(self, query: str | Expr | Search, arguments: Mapping[str, Any]) -> Search:
        search = self._session.request(query, _quote_arguments(arguments))
        if search.collapse:
            raise UsageError("This search is for statements: pass it to Index.statements.")
        if search.facets:
            raise UsageError("facets work for articles and statements, not for quotations.")
        return search

    # Changes

    def load(self, paths: str | Path | Iterable[str | Path], **arguments: Unpack[LoadArguments]) -> Report:
        """Read, annotate and add files, folders and globs. Unchanged files are skipped, by their hash.

        ``mapping`` names the fields of CSV and JSON records (``{"title": "headline"}``). ``fields`` sets
        fields of every article (``{"source": "BBC", "tag": ["2004"]}``). Names that are not fields of
        articles become fields of your own (``{"desk": "foreign"}``): searchable, filterable and counted.
        ``date_from`` dates undated articles by the name of their file or its modification time. ``ocr`` runs
        ocrmypdf on scanned PDFs, with languages as tesseract writes them ("eng+deu"). ``annotated``: the
        files come from ``searcher extract`` and keep their names and quotations. ``keep_versions`` keeps
        every version of a page, not only the fullest (:meth:`Articles.versions`). These settings are stored
        for each file and used whenever it is read again.

        ``prune`` removes the articles of files that no longer exist. If they are more than a tenth of the
        index, or all articles of a folder, nothing is removed without ``prune_all``, and
        ``report.prune_refused`` is their number. ``removed``: files and folders known to be deleted, whose
        articles are removed within the same limits. ``shard=(3, 16)`` reads only the third of 16 shards; each
        file is in one, on every machine that knows it by this path. ``text_first`` makes all articles
        searchable as text before their names and quotations are found; by default for many or large files in
        a local index. ``workers`` is the number of processes (default: one per core).

        Unreadable files are in ``report.failed`` and in :meth:`Files.problems`; the others are committed in
        batches, so that an interrupted run leaves the last commit in use. Raises IndexLocked, and UsageError
        for an invalid field.
        """
        from searcher.ingest import loader

        several = [paths] if isinstance(paths, str | Path) else check_several("Paths", paths)
        check_workers(arguments.get("workers"))
        checked = [*map(check_path, several)]
        session = self._session
        return loader.load(session.engine, session.records(), checked, arguments, self._prepare_translations)

    def _prepare_translations(self, added: int) -> None:
        """Collect the words for searches across languages now, so that no search has to wait for it."""
        session = self._session
        if session.has_shared_records or not (added >= _MIN_ADDED_ARTICLES or session.words.ready):
            return
        if len(self.values("language")) > 1:
            session.words.current(may_lag=False)

    def annotate(
        self,
        *,
        refresh: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Find names and quotations in the articles that have none yet, oldest first, and commit them in
        batches.

        Each :meth:`load` ends with this. ``refresh`` includes articles annotated by an earlier version.
        Raises IndexLocked.
        """
        from searcher.ingest import loader

        session, workers = self._session, check_workers(workers)
        return loader.annotate(session.engine, session.records(), workers, progress, refresh=refresh)

    def rebuild(
        self,
        *,
        trust_sources: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Read every recorded file again into a new index, and replace the old one at the end.

        Searches use the old index meanwhile. Articles without a file, or whose file is gone, are copied. This
        also repairs a damaged index opened with ``repair=True``: articles that cannot be read and have no
        file are in ``report.failed``. Raises IndexLocked, IndexOutdated if a later version made the index,
        and SourcesUnknown if files were never read by this user, whose content would then enter the index;
        ``trust_sources`` reads them anyway.
        """
        from searcher.ingest import loader

        session, workers = self._session, check_workers(workers)
        return loader.rebuild(
            session.engine, session.records(), trust_sources=trust_sources, workers=workers, progress=progress
        )

    def copy_to(self, target: Index, *, progress: Callable[[int], None] | None = None) -> Report:
        """Copy all articles to another index, replacing articles with the same id.

        An empty index also gets the decisions about names, synonyms, own fields, saved searches, and the list
        of loaded files. Your tags are added to any. ``progress`` is called with the number of copied
        articles. Raises IndexLocked.
        """
        from searcher.ingest import rebuild
        from searcher.records.tags import OwnTags

        check_kind("The target", target, Index)
        source, other = self._session, target._session
        is_empty = not len(target)
        if is_empty:
            rebuild.copy_texts(source.texts, other.texts)
        engine = other.answers().engine  # The engine has to use the copied decisions.
        # Copy the records first: a file that is loaded in the meantime must be read again later.
        with rebuild.store_copy(source.store) as records_before:
            target.tags.merge(OwnTags(records_before).all())
            records = other.records()
            report = rebuild.copy_articles(self.articles, engine, records, not is_empty, progress)
            if is_empty:
                # Copy these last: an interrupted copy must not list files whose articles are missing.
                rebuild.copy_records(records_before, other.store)
                other.share()
        return report

    def add(self, articles: Iterable[Article], *, annotate: bool = True) -> Report:
        """Add articles in one commit, replacing those with the same id.

        With ``annotate=False`` their mentions and quotations are used as they are. Raises IndexLocked.
        """
        from searcher.ingest import loader

        checked = map(check_article, check_several("Articles", articles))
        return loader.add(self._session.engine, self._session.records(), checked, annotate=annotate)

    def delete(self, ids: str | Iterable[str]) -> int:
        """Delete articles and return their number. Loading and rebuilding leave them out.

        To undo it: :meth:`add` or :meth:`Files.restore`. Raises IndexLocked.
        """
        from searcher.ingest import loader

        return loader.delete(self._session.engine, self._session.records(), as_list(ids))

    def verify(self) -> tuple[str, ...]:
        """Read every byte of the index. Return its files that are missing, truncated or altered.

        :meth:`rebuild` repairs them. Decisions about names are not checked, because people may edit them.
        """
        session = self._session
        storage = session.engine.storage()
        return (*storage.verify(), *session.store.verify(storage.external_state()), *session.words.verify())


def _quote_arguments(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments of a search for quotations, where ``speaker`` means ``said_by``."""
    renamed = {**arguments, "quotes": True}
    if "speaker" in renamed:
        renamed["said_by"] = renamed.pop("speaker")
    return renamed


def open_index(
    location: str | Path = "index",
    *,
    create: bool = True,
    repair: bool = False,
    timeout: float = 60.0,
    patience: float = 30.0,
) -> Index:
    """Open the index in a folder, or a new one in memory (``":memory:"``).

    ``create``: make a new index if the folder has none; otherwise IndexMissing is raised. ``repair``: open
    damaged and outdated files, for :meth:`Index.rebuild`; otherwise IndexDamaged or IndexOutdated is raised.
    ``timeout``: seconds that a change waits for another writer. ``patience``: seconds after which a search in
    a folder raises QueryTooBroad.

    ``opensearch+https://HOST/NAME`` is an index on a cluster. Locations with a scheme (``NAME://…``,
    ``NAME+http://…``) are opened by the entry point NAME of the group ``searcher.engines``. Raises UsageError
    for an unknown scheme.
    """
    check_location(location)
    check_seconds("timeout", timeout)
    check_seconds("patience", patience)
    if str(location) == MEMORY:
        from searcher.engines.memory import MemoryEngine

        engine = MemoryEngine(identities=Identities(), timeout=timeout)
        return Index(Session(engine, patience=patience))
    if locations.scheme(location):
        return _open_by_plugin(str(location), create, repair, timeout, patience)
    return _open_folder(locations.index_folder(location), create, repair, timeout, patience)


def _open_folder(folder: Path, create: bool, repair: bool, timeout: float, patience: float) -> Index:
    if not create and not locations.is_index(folder):
        raise locations.missing_index_error(folder)
    from searcher.engines.whoosh import EngineOptions, WhooshEngine

    texts = FolderTexts(folder)
    names = WatchedText(texts, decisions.FILE, load_identities)
    engine = WhooshEngine(
        folder,
        identities=names.current().identities,
        create=create and not repair,
        repair=repair,
        options=EngineOptions(timeout, patience),
    )
    return Index(Session(engine, texts, names, folder, patience=patience))


def _open_by_plugin(location: str, create: bool, repair: bool, timeout: float, patience: float) -> Index:
    make = plugins.find("searcher.engines", locations.scheme(location) or "")
    options = {"create": create, "repair": repair, "timeout": timeout, "patience": patience}
    opened: OpenedIndex = make(location, identities=Identities(), **options)
    folder = locations.local_folder(location) if opened.open_records else None
    return Index(Session(opened.engine, opened.texts, None, folder, opened.open_records, patience))

"""The facade: an :class:`Index` combines readers, extractors and a search engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Unpack

from searcher import locations, plugins
from searcher.article import Article
from searcher.engines.base import Opened, SharedRecords
from searcher.errors import UsageError
from searcher.names import decisions
from searcher.names.decisions import Curation
from searcher.names.table import Identities
from searcher.query.arguments import (
    check_article,
    check_kind,
    check_location,
    check_path,
    check_seconds,
    check_several,
    check_text,
    check_workers,
)
from searcher.questions import Questions
from searcher.search.answers import names_in
from searcher.textfiles import FolderTexts, WatchedText

if TYPE_CHECKING:
    # what only changes need is not loaded for a search
    from searcher.ingest.loader import LoadArguments
    from searcher.ingest.report import Problem, Progress, Report
    from searcher.ingest.run import Records
    from searcher.query.synonyms import Synonyms
    from searcher.records.log import Log
    from searcher.records.store import Store
    from searcher.records.tags import Tagged
    from searcher.results.versions import Original

MEMORY: Final = ":memory:"
#: Articles that a load adds, after which the words are read for questions across languages: to find names in
#: so many takes minutes.
_MIN_ADDED_ARTICLES: Final = 5_000


class Index(Questions):
    """A collection of articles to search (by what :class:`Questions` has) and to add to.

    Share one between threads freely. There is one writer at a time, in this process or another; a second
    one waits (``timeout`` seconds, then IndexLocked). Searches never wait; they see the last commit, and the
    synonyms and decisions about names that stand beside the index by then.

    Every method may raise IndexDamaged, which names the file, and UsageError once the index is closed. Those
    that change the index raise IndexFailure as well where the system refuses to write.
    """

    # opened when it is first asked for
    _store: Store | None = None
    _shared: SharedRecords | None = None

    @property
    def store(self) -> Store:
        """What was recorded beside the index, as it is now on all machines."""
        from searcher.records.store import Store

        _ = self._engine  # is it open?
        with self._once:
            if self._store is None:
                if self._shared_records and self._folder:
                    self._shared = self._shared_records(self._folder)
                self._store = self._shared.store if self._shared else Store(self._folder)
                self._resources.callback(self._store.close)
        if self._shared:
            self._shared.pull()
        return self._store

    def share(self) -> None:
        """Let other machines see what has changed in the store."""
        if self._shared:
            self._shared.push()

    def _kept_records(self) -> Records:
        """What is kept of files, stories and tags, as it is now on all machines."""
        from searcher.ingest.run import Records

        records = Records(self.store, self._texts, self._shared)
        records.restore(self._engine)
        return records

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
        whose articles are dropped within the same bounds. ``shard=(3, 16)`` reads only the third of 16
        shards: each file is in one, the same on every machine that knows it by this path. ``text_first``: all
        is searched as text at once, and :meth:`annotate` follows in the same run; None: so it is where files
        are many or large, and the index is on this machine alone. ``workers`` is the number of processes
        (default: as cores). Files that cannot be read are in ``report.failed`` and, until they are read or
        gone, in :meth:`problems`; the others are committed in batches, so that whatever stops the run, the
        last commit serves. Raises IndexLocked, and UsageError for a field that cannot be.
        """
        from searcher.ingest import loader

        given = [paths] if isinstance(paths, str | Path) else check_several("Paths", paths)
        check_workers(arguments.get("workers"))
        checked, records = [*map(check_path, given)], self._kept_records()
        return loader.load(self._engine, records, checked, arguments, self._read_words)

    def _read_words(self, added: int) -> None:
        """Read the words for questions across languages, so that none has to wait for that."""
        is_worth_it = added >= _MIN_ADDED_ARTICLES or self._words.ready
        if is_worth_it and self._shared_records is None and len(self.values("language")) > 1:
            self._words.current(may_lag=False)

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
        refresh: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Find the names and quotations of the articles that are in the index as text alone, in the order in
        which they came, and commit them in batches; each :meth:`load` ends with it. ``refresh``: also of
        those annotated by an earlier version. Raises IndexLocked."""
        from searcher.ingest import loader

        records = self._kept_records()
        return loader.annotate(self._engine, records, check_workers(workers), progress, refresh=refresh)

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
        with rebuild.store_copy(self.store) as before:
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

    def import_tags(self, decided: Iterable[Tagged]) -> int:
        """Take over tags that :meth:`own_tags` gave, of this index or another; articles that come later have
        them too. Returns how many articles have changed. Raises IndexLocked."""
        from searcher.ingest import loader
        from searcher.records.tags import Tagged

        taken = [check_kind("A tag", one, Tagged) for one in check_several("Tags", decided)]
        return loader.take_tags(self._engine, self._kept_records(), taken)

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

    def set_synonyms(self, changed: Synonyms) -> None:
        """Replace the synonyms. They apply at once and are written beside the index."""
        from searcher.query import synonyms

        _ = self._engine  # is it open?
        synonyms.save(self._texts, check_kind("What is set", changed, synonyms.Synonyms))

    # Records

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

    def problems(self, *, repeated: bool = False) -> tuple[Problem, ...]:
        """What of the files that were loaded is not in the index, and why: files and parts of files that
        could not be read, and files of the folders that no reader takes. Those that are gone are left out.
        Also what was read and is doubtful. ``repeated``: instead, which articles were taken for others, where
        these are and what differs."""
        kept = self._kept_records().sources.problems()
        wanted = (problem for problem in kept if problem.kind.tells_of_others is repeated)
        return tuple(problem for problem in wanted if os.path.lexists(problem.path))

    def original(self, article: Article, start: int = 0, end: int = 0, *, shown: bool = True) -> Original:
        """Return the file, or the part of one, that an article was read from; ``start`` and ``end`` are a
        passage of its body to be found there. Raises ReadError where it is gone, or is another now.
        ``shown=False`` only checks that, whatever its size, and leaves the data out."""
        from searcher.ingest.original import original

        return original(article, self.files_of(article.id), start, end, shown=shown)

    def verify(self) -> tuple[str, ...]:
        """The files of the index that are missing, cut short or altered; reads every byte of them.

        An empty answer means that what is searched is what was written. The way back is
        :meth:`rebuild`. Decisions about names are text to be edited by hand, and not among them.
        """
        storage = self._engine.storage()
        return (*storage.verify(), *self.store.verify(storage.beside()), *self._words.verify())


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
    names = WatchedText(texts, decisions.FILE, names_in)
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
    folder = locations.local_folder(location) if opened.records else None
    return Index(opened.engine, opened.texts, None, folder, opened.records, patience)


def _as_list(given: str | Iterable[str]) -> list[str]:
    """Return one id or tag, or several, as a list: the letters of one are no ids."""
    if isinstance(given, str):
        return [given]
    return [check_text("an id or tag", one) for one in check_several("Ids and tags", given)]

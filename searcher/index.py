"""The index: where readers, extractors and an engine meet. Everything else is a skin over this."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from searcher import locations, own_fields
from searcher.article import Article
from searcher.engines.base import Engine
from searcher.engines.own_fields import OwnFieldsEngine
from searcher.engines.scoring import relax, weigh
from searcher.fields import facet_field, value_field
from searcher.names.decisions import Curation
from searcher.names.decisions import load as load_curation
from searcher.names.decisions import save as save_curation
from searcher.names.resolution import Identities
from searcher.query import request
from searcher.query.expansion import spellings
from searcher.query.request import Day, Values
from searcher.query.synonyms import Synonyms
from searcher.query.synonyms import load as load_synonyms
from searcher.query.synonyms import save as save_synonyms
from searcher.query.tree import Expr, HasValue, MatchAll, Query, QuoteQuery, Sort, all_of, any_of
from searcher.results import Quotes, Results
from searcher.search.spelling import corrected

if TYPE_CHECKING:  # what only changes need is not loaded for a search
    from searcher.ingest.report import Problem, Progress, Report
    from searcher.ingest.run import Records

__all__ = ["SURE", "Index", "open_index"]

MEMORY = ":memory:"
#: Below this confidence nobody is said to have said it, unless asked for. By PolNeAR's labels one quotation
#: in three between 0.5 and it is somebody else's or no speech, and above it one in twelve (development part).
SURE = 0.7

_Q = TypeVar("_Q", Query, QuoteQuery)
_F = TypeVar("_F", Results, Quotes)


def open_index(
    location: str | Path = "index",
    *,
    create: bool = True,
    repair: bool = False,
    timeout: float = 60.0,
    patience: float = 30.0,
) -> Index:
    """Open the index in a folder, or a new one in memory (``":memory:"``).

    ``create``: make the folder an index if it is none yet; otherwise IndexMissing is raised. Raises
    IndexDamaged or IndexOutdated where the files cannot be used as they are; ``repair`` opens them all the
    same, for :meth:`Index.rebuild` to make them anew. ``timeout``: seconds that a change waits for another
    writer. ``patience``: seconds after which a search in a folder is given up with QueryTooBroad.
    """
    if str(location) == MEMORY:
        from searcher.engines.memory import MemoryEngine

        return Index(MemoryEngine(identities=Identities(), timeout=timeout), None)
    folder = Path(location)
    if not create and not locations.holds_index(folder):
        raise locations.no_index(folder)
    from searcher.engines.whoosh import WhooshEngine

    names = Identities(load_curation(folder))
    engine = WhooshEngine(
        folder,
        identities=names,
        create=create and not repair,
        repair=repair,
        timeout=timeout,
        patience=patience,
    )
    return Index(engine, folder)


class Index:
    """A collection of articles to search and to add to.

    Share one between threads freely. There is one writer at a time, in this process or another; a second
    one waits (``timeout`` seconds, then IndexLocked). Searches never wait and see the last commit.

    Every method may raise IndexDamaged, which names the file. Those that change the index raise IndexFailure
    as well where the system refuses to write.
    """

    def __init__(self, engine: Engine, folder: Path | None) -> None:
        self._engine: Engine = OwnFieldsEngine(engine)
        self._folder = folder
        self._records: Records | None = None
        self._once = threading.Lock()
        self._names = Identities(load_curation(folder)) if folder else Identities()
        self._synonyms = load_synonyms(folder) if folder else Synonyms()
        if folder:
            own_fields.load(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files. Results stay usable: they are detached."""
        self._engine.close()
        if self._records is not None:
            self._records.close()
            self._records = None

    # Searching

    def search(
        self,
        query: str | Expr = "",
        *,
        match: Literal["all", "any"] = "all",
        after: Day = None,
        before: Day = None,
        exclude: Mapping[str, Values] | None = None,
        facets: Sequence[str] = (),
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        correct: bool = True,
        explain: bool = False,
        snippets: bool = True,
        collapse: bool = False,
        **only: Values,
    ) -> Results:
        """Articles that match, best first.

        ``query`` is text in the query language, or a tree; without words the newest come first.
        ``match="all"``: every word is required, and if that finds nothing, any of them
        (``results.relaxed`` says so). ``match="any"``: the text is taken as plain words, any of which may
        match: nothing in it is an error.

        ``person=…``, ``organisation=…``, ``speaker=…``, ``source=…`` and every other value field narrow
        to articles with any of the values given; ``exclude={"person": …}`` leaves such articles out.
        ``after`` and ``before`` are days, both included. ``correct``: words that the index does not
        hold are replaced by the nearest that it does (``results.corrections``). ``snippets=False``: hits
        come without passages, marks and explanations; much faster where there are thousands.
        ``collapse``: articles that are copies of one story are one hit, the best of them, and the total
        and the facets count stories.

        Raises QueryError for a text that cannot be understood, QueryTooBroad for one that stands for too
        many words or takes too long, UsageError for a field or date that cannot be.
        """
        loose = match == "any"
        where, corrections = self._corrected(request.tree(query, match), correct, loose)
        dated = request.days(after, before)
        asked = Query(
            MatchAll(),
            request.filters(only, exclude),
            tuple(facet_field(name).name for name in facets),
            _order(sort, where),
            *request.page(offset, limit),
            collapse,
        )
        attempts = self._attempts(where, loose, relaxable=not loose)
        found, asked, relaxed = _first_found(
            self._engine.search, (replace(asked, where=all_of(one, *dated)) for one in attempts)
        )
        found = replace(found, relaxed=relaxed, corrections=corrections)
        if not (found.facets or (found.hits and snippets)):  # as for a count: the highlighter is not loaded
            return found
        from searcher.search.highlight import assemble

        explaining = self._engine if explain else None
        hits = assemble.shown(found, asked, self._names, explaining) if snippets else found.hits
        return replace(found, hits=tuple(hits), facets=assemble.facets(found, asked, self._names))

    def quotes(
        self,
        query: str | Expr = "",
        *,
        speaker: Values = (),
        after: Day = None,
        before: Day = None,
        exclude: Mapping[str, Values] | None = None,
        kinds: Sequence[str] = ("direct", "partial"),
        confidence: float | None = None,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        correct: bool = True,
        **only: Values,
    ) -> Quotes:
        """Quotations whose own words match ``query`` and whose speaker is (any of) ``speaker``.

        The other arguments narrow the articles, as in :meth:`search`. ``confidence`` (0..1) is the least
        that the speaker must have: SURE where a speaker is asked for, unless given. ``kinds`` may name
        "indirect" too. Sorting by date gives a person's statements as a timeline. Raises as
        :meth:`search` does.
        """
        where, corrections = self._corrected(request.tree(query, "all"), correct, False)
        by = any_of(*(HasValue("speaker", name) for name in request.listed(speaker))) or MatchAll()
        asked = QuoteQuery(
            MatchAll(),
            all_of(*request.days(after, before)),
            request.filters(only, exclude),
            tuple(kinds),
            (SURE if speaker else 0.0) if confidence is None else confidence,
            _order(sort, where),
            *request.page(offset, limit),
        )
        attempts = self._attempts(where, False, relaxable=True)
        found, asked, relaxed = _first_found(
            self._engine.quotes, (replace(asked, where=all_of(one, by)) for one in attempts)
        )
        from searcher.search.highlight import assemble
        from searcher.search.highlight.snippets import Highlighter

        highlighter = Highlighter(asked.where)
        hits = tuple(assemble.quote_hit(hit, highlighter) for hit in found)
        return Quotes(hits, found.total, relaxed, corrections)

    def get(self, id: str) -> Article | None:
        """The article of that id, or None."""
        return self._engine.get(id)

    def count(self) -> int:
        """The number of articles."""
        return self._engine.count()

    def articles(self) -> Iterator[Article]:
        """Every article, in the order in which they were added."""
        return self._engine.articles()

    def values(self, field: str) -> Mapping[str, int]:
        """Every value of a value field, resolved across articles, with the number of its articles. Raises
        UsageError for what is no value field."""
        return self._engine.values(value_field(field).name)

    # Changing

    def load(
        self,
        paths: Iterable[str | Path],
        *,
        mapping: Mapping[str, str] | None = None,
        fields: Mapping[str, Values] | None = None,
        date_from: Literal["name", "mtime"] | None = None,
        prune: bool = False,
        prune_all: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Read, annotate and add files, folders and globs; unchanged files are skipped by their hash.

        ``mapping`` names the fields of CSV and JSON records (``{"title": "headline"}``). ``fields`` sets
        fields of every article (``{"source": "BBC", "tag": ["2004"]}``), and ``date_from`` dates those
        without a date by the day in the name of their file or by its time; both are kept for every file, and
        used when it is read again without them. What is no field of every article, in ``mapping`` or
        ``fields``, becomes a field of your own (``{"desk": "foreign"}``): searched, narrowed and counted.

        ``prune`` drops the articles of files that are gone, unless these are more than a tenth of the index
        or all that one of the folders gave: then nothing is dropped without ``prune_all``, and
        ``report.prune_refused`` is their number. ``workers`` is the number of processes (default: as cores).
        Files that cannot be read are in ``report.failed`` and, until they are read or gone, in
        :meth:`problems`; the others are committed in batches, so that whatever stops the run, the last commit
        serves. Raises IndexLocked, and UsageError for a field that cannot be.
        """
        from searcher.ingest import loader
        from searcher.ingest.settings import Settings

        settings = Settings.of(fields, date_from)
        options = loader.Options(mapping, settings, prune, prune_all, workers, progress)
        return loader.load(self._engine, self._kept_records(), [Path(path) for path in paths], options)

    def resume(
        self, *, workers: int | None = None, progress: Callable[[Progress], None] | None = None
    ) -> Report | None:
        """Go on with the last :meth:`load` if it was stopped before its end, by whatever; None if it was
        not. Nothing that was committed is read or annotated again. Raises IndexLocked."""
        from searcher.ingest import loader

        options = loader.Options(workers=workers, progress=progress)
        return loader.resume(self._engine, self._kept_records(), options)

    def rebuild(
        self, *, workers: int | None = None, progress: Callable[[Progress], None] | None = None
    ) -> Report:
        """Read every recorded file again into a fresh index, and swap it in at the end.

        Searches go on in the old one meanwhile. Articles without a file, and those whose file is gone,
        are kept as they are. A damaged index, opened for repair, is made whole that way: what cannot be
        read of it and has no file is in ``report.failed``. Raises IndexLocked, and IndexOutdated where a
        later version made the index.
        """
        from searcher.ingest import loader

        options = loader.Options(workers=workers, progress=progress)
        return loader.rebuild(self._engine, self._kept_records(), options)

    def add(self, articles: Iterable[Article], *, annotate: bool = True) -> Report:
        """Add articles, replacing those of the same id, in one commit. ``annotate=False``: as they are.
        Raises IndexLocked."""
        from searcher.ingest import loader

        return loader.add(self._engine, self._kept_records(), articles, annotate=annotate)

    def delete(self, ids: Iterable[str]) -> int:
        """Delete articles: loading and rebuilding will leave them out, until they are added again with
        :meth:`add` or let in again with :meth:`restore`. Returns how many there were. Raises IndexLocked."""
        from searcher.ingest import loader

        return loader.delete(self._engine, self._kept_records(), list(ids))

    def deleted(self) -> frozenset[str]:
        """The ids of the articles that were deleted."""
        return self._kept_records().sources.deleted()

    def restore(self, ids: Iterable[str]) -> int:
        """Let articles that were deleted in again: :meth:`rebuild` brings back those whose file is still
        there. Returns how many of these ids had been deleted."""
        back = self.deleted().intersection(ids)
        self._kept_records().sources.undelete(back)
        return len(back)

    def problems(self) -> tuple[Problem, ...]:
        """What of the files that were loaded is not in the index, and why: files and parts of files that
        could not be read, and files of the folders that no reader takes. Those that are gone are left out."""
        kept = self._kept_records().sources.problems()
        return tuple(problem for problem in kept if os.path.lexists(problem.path))

    def verify(self) -> tuple[str, ...]:
        """The files of the index that are missing, cut short or altered; reads every byte of them.

        An empty answer means that what is searched is what was written. The way back is
        :meth:`rebuild`. Decisions about names are text to be edited by hand, and not among them.
        """
        return (*self._engine.verify(), *self._kept_records().verify())

    # Names

    @property
    def curation(self) -> Curation:
        """What was decided by hand about names."""
        return self._names.curation

    def curate(self, changed: Curation) -> None:
        """Decide about names; applied at once and kept beside the index."""
        if self._folder:
            save_curation(self._folder, changed)
        self._names = Identities(changed)
        self._engine.use_names(self._names)

    @property
    def synonyms(self) -> Synonyms:
        """Words that find one another."""
        return self._synonyms

    def use_synonyms(self, changed: Synonyms) -> None:
        """Let searches use these synonyms from now on; kept beside the index."""
        if self._folder:
            save_synonyms(self._folder, changed)
        self._synonyms = changed

    def _kept_records(self) -> Records:
        from searcher.ingest.run import Records

        with self._once:
            if self._records is None:
                self._records = Records.of(self._folder)
            return self._records

    def _corrected(self, where: Expr, correct: bool, loose: bool) -> tuple[Expr, dict[str, str]]:
        if not correct:
            return where, {}
        return corrected(where, self._engine, self._synonyms.known(where, loose=loose))

    def _attempts(self, where: Expr, loose: bool, *, relaxable: bool) -> Iterator[Expr]:
        """What to ask for, with synonyms and other spellings; then, if that finds nothing, any of the words.
        ``loose``: the words stand in a row, whatever the tree says."""
        yield self._widened(where, loose)
        relaxed = relax(where) if relaxable else None
        if relaxed is not None:
            yield self._widened(relaxed, True)

    def _widened(self, where: Expr, loose: bool) -> Expr:
        return spellings(self._synonyms.widen(where, loose=loose))


def _order(sort: Sort, where: Expr) -> Sort:
    """The order asked for; the newest first where there are no words by which one could be better."""
    return "newest" if sort == "relevance" and not weigh(where) else sort


def _first_found(ask: Callable[[_Q], _F], attempts: Iterator[_Q]) -> tuple[_F, _Q, bool]:
    """The first answer with anything in it, its question, and whether it is another than the first question;
    the last answer if there is none."""
    first = asked = next(attempts)
    found = ask(asked)
    while not found.total and (another := next(attempts, None)):
        asked = another
        found = ask(asked)
    return found, asked, bool(found.total) and asked is not first

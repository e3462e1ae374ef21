"""The engine: follows the last commit of a folder and answers from a reader of it.

The reader gives simple queries to the light searcher, and all others to the searcher on arrays.
"""

from __future__ import annotations

import heapq
import os
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from functools import cached_property
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from searcher.article import Article
from searcher.engines.base import CommitFollower, StemGroup, Storage, TermField
from searcher.engines.whoosh.format.array_file import QUOTES
from searcher.engines.whoosh.format.manifest import (
    Manifest,
    generations,
    latest_generation,
    read_external_state,
    read_manifest,
    toc_path,
    unreadable,
    verify_files,
)
from searcher.engines.whoosh.format.segment import Segment, deleted_articles, open_segment
from searcher.engines.whoosh.names import StoredNames, open_names
from searcher.engines.whoosh.without_numpy import LightPolicy, LightSearcher, NotSupported
from searcher.errors import IndexDamaged, IndexFailure, SearcherError
from searcher.locations import MARKER, is_index, rebuild_advice
from searcher.names.table import Identities, NameTable
from searcher.query import deadline
from searcher.query.tree import Expr, Query, QuoteQuery
from searcher.results import Hit, Results

if TYPE_CHECKING:
    from searcher.engines.whoosh.arrays import Array
    from searcher.engines.whoosh.search.searcher import IndexSearcher
    from searcher.engines.whoosh.statements import Utterances
    from searcher.engines.whoosh.write.writer import ArticleWriter
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Statement, Statements


class Vocabulary:
    def __init__(self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]]) -> None:
        """``deleted``: for each segment the numbers of its deleted articles."""
        self._segments = [(segment, frozenset(numbers)) for segment, numbers in zip(segments, deleted)]

    def terms(self, field: TermField, prefix: str | tuple[str, ...]) -> Iterator[str]:
        """Yield the terms with this prefix that occur in a live article. Words are sorted."""
        prefixes = {prefix} if isinstance(prefix, str) else {*prefix}
        # Leave out prefixes that start with another of the prefixes.
        distinct = [one for one in prefixes if not any(one[:end] in prefixes for end in range(len(one)))]
        if field == "id":
            return chain.from_iterable(map(self._ids, distinct))
        lists = [_live_words(*segment, one) for segment in self._segments for one in distinct]
        return (word for word, _ in groupby(heapq.merge(*lists)))

    def frequencies(self, field: TermField, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of live articles of each of these terms, without terms that do not occur. For
        “said”, count quotations by stem, including those of deleted articles."""
        frequencies: dict[str, int] = {}
        for segment, deleted in self._segments:
            for term in terms:
                if count := _frequency(segment, deleted, field, term):
                    frequencies[term] = frequencies.get(term, 0) + count
        return frequencies

    def article(self, id: str) -> Article | None:
        for segment, deleted in reversed(self._segments):
            number = segment.find_article(id)
            if number >= 0 and number not in deleted:
                return segment.article(number)
        return None

    def _ids(self, prefix: str) -> Iterator[str]:
        for segment, deleted in self._segments:
            ids = segment.values("id")
            for id in ids.texts(*ids.prefix_range(prefix)):
                if segment.find_article(id) not in deleted:
                    yield id


def _frequency(segment: Segment, deleted: frozenset[int], field: TermField, term: str) -> int:
    if field == "id":
        number = segment.find_article(term)
        return int(number >= 0 and number not in deleted)
    form = segment.dictionary.find(term)
    if form < 0:
        return 0
    if field == "text":
        return len({*_articles_with(segment, form)} - deleted)
    starts = segment.postings(QUOTES).starts
    return sum(starts[one.group + 1] - starts[one.group] for one in segment.dictionary.groups_of(form))


def _live_words(segment: Segment, deleted: frozenset[int], prefix: str) -> Iterator[str]:
    dictionary, postings = segment.dictionary, segment.postings("text")
    for word, form in dictionary.surfaces(prefix):
        # The dictionary also contains the words of quotations, which may be tokenized differently.
        present = any(postings.present[token] for token in dictionary.tokens_of(form))
        if present and not all(map(deleted.__contains__, _articles_with(segment, form))):
            yield word


def _articles_with(segment: Segment, form: int) -> Iterator[int]:
    """Yield the articles that have a form, including deleted ones. An article may come several times."""
    postings = segment.postings("text")
    for group in segment.dictionary.groups_of(form):
        if group.variants is None:
            yield from postings.docs[postings.starts[group.group] : postings.starts[group.group + 1]]
        else:
            yield from (doc for doc, _ in postings.positions_of(group))


class IndexReader:
    """The open segments of a generation, and the searchers that answer queries from them."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        segments: Sequence[Segment],
        identities: Identities | None,
        light_policy: LightPolicy,
    ) -> None:
        self._folder = folder
        self.manifest = manifest
        self.segments = tuple(segments)
        self._identities = identities
        self._names = open_names(folder, manifest.names, identities)
        self._deleted = [deleted_articles(folder, record) for record in manifest.segments]
        self._lock = threading.Lock()
        self._searcher: IndexSearcher | None = None
        self._light_policy = light_policy
        self._queries = self._entries_read = 0
        self.toc = str(toc_path(folder, manifest.generation))
        self.next_toc = str(toc_path(folder, manifest.generation + 1))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms. Created on first use, since it reads all deletions."""
        return Vocabulary(self.segments, self._deleted)

    @property
    def searcher(self) -> IndexSearcher:
        """The searcher on arrays, which supports all queries. Imports NumPy."""
        with self._lock:
            if self._searcher is None:
                from searcher.engines.whoosh.search.searcher import IndexSearcher
                from searcher.engines.whoosh.search.snapshot import Snapshot

                snapshot = Snapshot(self.segments, self._deleted)
                self._searcher = IndexSearcher(snapshot, self._resolved_names(), self._statements)
            return self._searcher

    @property
    def names(self) -> StoredNames:
        """The names across articles. Imports NumPy if they were committed by other rules and must be
        decided."""
        with self._lock:
            return self._resolved_names()

    def _resolved_names(self) -> StoredNames:
        if self._names is None:
            from searcher.engines.whoosh.name_decisions import Part, decide_in_memory

            parts = [Part(*part) for part in zip(self.segments, self._deleted)]
            self._names = decide_in_memory(parts, self._identities or Identities())
        return self._names

    def _statements(self, names: StoredNames) -> tuple[Utterances, Array]:
        """Return the utterances and the ids of their statements. Statements that may change because these
        names differ from those of the commit are decided again, in memory."""
        from searcher.engines.whoosh import statements

        utterances = statements.Utterances([*zip(self.segments, self._deleted)], names)
        ids = statements.read_ids(self._folder, self.manifest.statements, utterances.bases[-1])
        committed = open_names(self._folder, self.manifest.names, None)
        if committed is None:
            ids = ids * 0
        elif committed.changes.decisions != names.changes.decisions:
            ids = statements.undecide_renamed(utterances, ids, committed, names)
        return utterances, statements.decide(utterances, ids)

    def search(self, query: Query | QuoteQuery) -> Results | Quotes:
        if isinstance(query, QuoteQuery):
            return self.searcher.quotes(query)
        results = self._light_answer(lambda light: light.search(query))
        return self.searcher.search(query) if results is None else results

    def scan(self, query: Query | QuoteQuery) -> Iterator[Hit] | Iterator[QuoteHit]:
        if isinstance(query, QuoteQuery):
            return self.searcher.scan_quotes(query)
        hits = self._light_answer(lambda light: light.scan(query))
        return self.searcher.scan(query) if hits is None else hits

    def count(self) -> int:
        return sum(segment.size for segment in self.segments) - sum(map(len, self._deleted))

    def with_names(self, identities: Identities) -> IndexReader:
        """Return a reader of the same generation with names resolved by ``identities``."""
        other = copy(self)
        other._lock = threading.Lock()
        other._identities = identities
        with self._lock:
            other._names = self._names.with_identities(identities) if self._names else None
            other._searcher = None
            if self._searcher and other._names:
                other._searcher = self._searcher.with_names(other._names)
        return other

    def _light_answer(self, ask: Callable[[LightSearcher], T]) -> T | None:
        """Return the answer of the light searcher, or None if it must not be asked or does not support the
        query."""
        policy = self._light_policy
        if self._names is None or (self._searcher is not None and not policy.ignores_numpy):
            return None
        self._queries += 1
        if not policy.allows(self._queries, self._entries_read):
            return None
        light = LightSearcher(self.segments, self._deleted, self._names, policy.max_entries)
        try:
            return ask(light)
        except NotSupported:
            return None
        finally:
            self._entries_read += light.entries_read


T = TypeVar("T")
#: Maximum number of attempts to open a generation while commits delete its files.
_MAX_ATTEMPTS = 20
#: Maximum number of seconds that a query waits for the previous one. Running queries one at a time avoids
#: contention for the interpreter lock, which makes eight threads nearly twice as fast.
_MAX_TURN_SECONDS = 0.05


class EngineOptions(NamedTuple):
    """Settings of an engine.

    Attributes:
        timeout: Seconds that a writer waits for another one.
        max_seconds: Maximum number of seconds for a query.
        max_bytes: Maximum size of a writer's buffer. None: the default.
        light_policy: When to answer queries without NumPy.
    """

    timeout: float = 60.0
    max_seconds: float = deadline.DEFAULT_MAX_SECONDS
    max_bytes: int | None = None
    light_policy: LightPolicy = LightPolicy()


class WhooshEngine(CommitFollower[IndexReader]):
    """An index in a folder; see :class:`searcher.engines.base.Engine`."""

    def __init__(
        self,
        folder: Path,
        *,
        identities: Identities | None,
        create: bool = False,
        repair: bool = False,
        options: EngineOptions = EngineOptions(),  # noqa: B008  # immutable
    ) -> None:
        """Open an index.

        Args:
            identities: Decide names by these. None: those of the last commit.
            create: Create the index if the folder has none.
            repair: Also open a damaged index, to salvage articles or replace it by a fresh writer.

        Raises:
            IndexMissing, IndexDamaged, IndexOutdated
            IndexFailure: If no index can be created.
        """
        super().__init__()
        self._folder = Path(folder)
        self._identities = identities
        self._options = options
        self._turn = threading.Lock()
        try:
            if create and not (generations(self._folder) and is_index(self._folder)):
                _create(self._folder)
            if not repair:
                self._latest_reader()
        except Exception as error:
            self._report_damage(error)
            raise

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> ArticleWriter:
        from searcher.engines.whoosh.write.writer import DEFAULT_MAX_BYTES, ArticleWriter

        self._require_open()
        reader = self._reader
        return ArticleWriter(
            self._folder,
            fresh=fresh,
            timeout=self._options.timeout if timeout is None else timeout,
            max_bytes=self._options.max_bytes or DEFAULT_MAX_BYTES,
            identities=self._identities,
            opened=_by_id(reader),
            names=reader._names if reader else None,
        )

    def search(self, query: Query | QuoteQuery) -> Any:
        return self._call_reader(lambda reader: reader.search(query))

    def scan(self, query: Query | QuoteQuery) -> Iterator[Any]:
        return self._iterate_reader(lambda reader: reader.scan(query))

    def statements(self, query: QuoteQuery) -> Statements:
        return self._call_reader(lambda reader: reader.searcher.statements(query))

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        return self._call_reader(lambda reader: reader.searcher.statement_counts(query, fields))

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        return self._call_reader(lambda reader: reader.searcher.statement_of(hit, kinds))

    def get(self, id: str) -> Article | None:
        return self._call_reader(lambda reader: reader.vocabulary.article(id))

    def count(self, where: Expr | None = None) -> int:
        if where is None:
            return self._call_reader(lambda reader: reader.count())
        total: int = self.search(Query(where, limit=0)).total
        return total

    def terms(self, field: TermField, prefix: str | tuple[str, ...] = "") -> Iterator[str]:
        return self._iterate_reader(lambda reader: reader.vocabulary.terms(field, prefix))

    def frequencies(self, field: TermField, terms: Collection[str]) -> Mapping[str, int]:
        return self._call_reader(lambda reader: reader.vocabulary.frequencies(field, terms))

    def names(self) -> NameTable:
        return self._call_reader(lambda reader: reader.names)

    def use_names(self, identities: Identities) -> None:
        with self._lock:
            self._require_open()
            self._identities = identities
            if self._reader:
                self._reader = self._reader.with_names(identities)

    def storage(self) -> Storage:
        self._require_open()
        return _IndexFiles(self)

    def _call_reader(self, query: Callable[[IndexReader], T]) -> T:
        # Avoid context managers, which would take a tenth of the time of a short query.
        first = self._turn.acquire(timeout=_MAX_TURN_SECONDS)
        started = deadline.start(self._options.max_seconds)
        try:
            return query(self._latest_reader())
        except Exception as error:  # damaged arrays can cause any error
            self._report_damage(error)
            raise
        finally:
            deadline.end(started)
            if first:
                self._turn.release()

    def _iterate_reader(self, query: Callable[[IndexReader], Iterator[T]]) -> Iterator[T]:
        """Yield the answers one by one, all from the generation that is the last one at the call."""
        answers = self._call_reader(query)

        def each() -> Iterator[T]:
            try:
                yield from answers
            except Exception as error:
                self._report_damage(error)
                raise

        return each()

    def _report_damage(self, error: Exception) -> None:
        """Raise IndexDamaged if an error was caused by altered files, and IndexFailure if by the system."""
        if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
            raise unreadable(self._folder, error) from error
        altered = () if isinstance(error, SearcherError) else _IndexFiles(self).verify()
        if altered:
            raise IndexDamaged(
                f"The index in {self._folder} is damaged: {', '.join(altered)}. "
                f"{rebuild_advice(self._folder)}"
            ) from error

    def _latest_reader(self) -> IndexReader:
        """Return a reader of the last commit, of this or any other process."""
        reader = self._reader
        if reader is not None and self._is_latest(reader):
            return reader
        with self._lock:
            self._require_open()
            if self._reader is None or not self._is_latest(self._reader):
                self._reader = self._open(self._reader)
            return self._reader

    @staticmethod
    def _is_latest(reader: IndexReader) -> bool:
        """Return True for the last generation. Generations are numbered without gaps, and each one
        exists until the next one does, so that two tests suffice, which is faster than listing the folder."""
        return os.access(reader.toc, os.F_OK) and not os.access(reader.next_toc, os.F_OK)

    def _open(self, before: IndexReader | None) -> IndexReader:
        """Open the last generation. Segments that it shares with the reader ``before`` are reused."""
        for attempt in range(_MAX_ATTEMPTS):
            try:
                manifest = read_manifest(self._folder, latest_generation(self._folder))
                opened = _by_id(before)
                segments = [open_segment(self._folder, record, opened) for record in manifest.segments]
                policy = self._options.light_policy
                return IndexReader(self._folder, manifest, segments, self._identities, policy)
            except FileNotFoundError:  # a later commit has deleted it
                if attempt == _MAX_ATTEMPTS - 1:
                    raise _disappearing_error(self._folder) from None
        raise AssertionError  # pragma: no cover


def _by_id(reader: IndexReader | None) -> Mapping[str, Segment]:
    return {segment.record.id: segment for segment in reader.segments} if reader else {}


class _IndexFiles(Storage):
    """The files of an index folder."""

    def __init__(self, engine: WhooshEngine) -> None:
        super().__init__(engine)
        self._folder, self._call_reader, self._iterate_reader = (
            engine._folder,
            engine._call_reader,
            engine._iterate_reader,
        )

    def articles(self) -> Iterator[Article]:
        return self._iterate_reader(lambda reader: reader.searcher.articles())

    def external_state(self) -> Mapping[str, Any]:
        for _ in range(_MAX_ATTEMPTS):
            record = self._call_reader(lambda reader: reader.manifest.external_state)
            with (
                self._reporting_os_errors(),
                suppress(FileNotFoundError),
            ):  # a later commit has deleted it
                return read_external_state(self._folder, record)
        raise _disappearing_error(self._folder)

    def version(self) -> str:
        return self._call_reader(lambda reader: reader.toc)

    def stem_groups(self) -> Iterator[StemGroup]:
        return self._iterate_reader(lambda reader: reader.searcher.stem_groups())

    def verify(self) -> tuple[str, ...]:
        from searcher.engines.whoosh.write.writer import is_marked

        with self._reporting_os_errors():
            altered = verify_files(self._folder, read_manifest(self._folder, latest_generation(self._folder)))
        return altered if is_marked(self._folder) else (*altered, MARKER)

    def read_undamaged_articles(self) -> Iterator[Article | IndexDamaged]:
        from searcher.engines.whoosh.format.articles import read_undamaged_articles

        with self._reporting_os_errors():
            yield from read_undamaged_articles(self._folder)

    @contextmanager
    def _reporting_os_errors(self) -> Iterator[None]:
        """Raise IndexFailure instead of OSError."""
        try:
            yield
        except OSError as error:
            raise unreadable(self._folder, error) from error


def _disappearing_error(folder: Path) -> IndexDamaged:
    return IndexDamaged(
        f"Files of the index in {folder} keep disappearing. Is another program deleting them?"
    )


def _create(folder: Path) -> None:
    """Create an empty index in the folder, unless another process just did. Raises IndexDamaged, instead of
    replacing it, for an index whose table of contents is missing."""
    from searcher.engines.whoosh.write.writer import mark_folder, publish, write_lock
    from searcher.files import make_folder

    if is_index(folder):
        latest_generation(folder)
    try:
        make_folder(folder)
        lock = write_lock(folder, timeout=60)
        try:
            if not generations(folder):
                publish(folder, 0, [])
            mark_folder(folder)
        finally:
            lock.release()
    except OSError as error:
        raise IndexFailure(f"Cannot create an index in {folder}: {error.strerror or error}.") from error

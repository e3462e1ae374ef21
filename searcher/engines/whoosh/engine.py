"""The engine: articles in a folder that is a Whoosh index, answered on arrays."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from searcher.article import Article
from searcher.engines.whoosh.format.manifest import (
    SegmentRecord,
    generations,
    latest_generation,
    read_manifest,
    verify_files,
)
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.reader import State
from searcher.engines.whoosh.search.deadline import DEFAULT_MAX_SECONDS, time_limit
from searcher.errors import IndexDamaged, IndexFailure, SearcherError
from searcher.locations import is_index, rebuild_hint
from searcher.names.resolution import Identities
from searcher.query.tree import Expr, Query, QuoteQuery
from searcher.results import Hit, QuoteHit, Quotes, Results

if TYPE_CHECKING:
    from searcher.engines.whoosh.write.writer import ArticleWriter

__all__ = ["WhooshEngine"]

T = TypeVar("T")
#: Commits that may come between two looks at a folder before something must be wrong there.
_ATTEMPTS = 20
#: Seconds that a question lets another one be answered first. Threads that are all in the middle of a
#: question take the interpreter from one another at every step: eight of them had 1,100 answers a second from
#: 100,000 articles, and 1,900 in turns.
_TURN = 0.05


class WhooshEngine:
    """See :class:`searcher.engines.base.Engine`."""

    def __init__(
        self,
        folder: Path,
        *,
        identities: Identities,
        create: bool = False,
        memory: int | None = None,
        repair: bool = False,
        timeout: float = 60.0,
        patience: float = DEFAULT_MAX_SECONDS,
    ) -> None:
        """``create``: make the folder an index if it is none. ``memory``: bytes that a writer may hold.
        ``repair``: take a damaged one too, for :meth:`salvage` and a fresh writer. ``timeout``: seconds
        that a writer waits for another one. ``patience``: seconds that a question may take.

        Raises IndexMissing, IndexDamaged, IndexOutdated, or IndexFailure where none can be made.
        """
        self._folder = Path(folder)
        self._identities = identities
        self._memory = memory
        self._timeout = timeout
        self._patience = patience
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._state: State | None = None
        if create and not (generations(self._folder) and is_index(self._folder)):
            _create(self._folder)
        if not repair:
            with self._blaming_damage():
                self._current()

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> ArticleWriter:
        from searcher.engines.whoosh.write.writer import DEFAULT_MEMORY, ArticleWriter

        memory = self._memory or DEFAULT_MEMORY
        wait = self._timeout if timeout is None else timeout
        return ArticleWriter(self._folder, fresh=fresh, timeout=wait, memory=memory)

    def optimize(self, added: int) -> None:
        try:
            with self.writer(timeout=0) as writer:
                writer.optimize(added)
        except IndexDamaged:
            raise
        except IndexFailure:
            pass  # another writer is at work, or there is no room: what was committed stands

    def search(self, query: Query) -> Results:
        return self._ask(lambda state: state.search(query))

    def scan(self, query: Query) -> Iterator[Hit]:
        return self._ask_all(lambda state: state.scan(query))

    def quotes(self, query: QuoteQuery) -> Quotes:
        return self._ask(lambda state: state.answers.quotes(query))

    def scan_quotes(self, query: QuoteQuery) -> Iterator[QuoteHit]:
        return self._ask_all(lambda state: state.answers.scan_quotes(query))

    def explain(self, expr: Expr, id: str) -> tuple[tuple[str, float], ...]:
        return self._ask(lambda state: state.answers.explain(expr, id))

    def get(self, id: str) -> Article | None:
        return self._ask(lambda state: state.get(id))

    def contains(self, id: str) -> bool:
        return self._ask(lambda state: state.contains(id))

    def articles(self) -> Iterator[Article]:
        return self._ask_all(lambda state: state.answers.articles())

    def count(self, where: Expr | None = None) -> int:
        if where is None:
            return self._ask(lambda state: state.count())
        return self.search(Query(where, limit=0)).total

    def values(self, field: str) -> Mapping[str, int]:
        return self._ask(lambda state: state.answers.values(field))

    def words(self, prefix: str = "") -> Iterator[str]:
        return self._ask_all(lambda state: state.vocabulary.words(prefix))

    def frequencies(self, words: Collection[str]) -> Mapping[str, int]:
        return self._ask(lambda state: state.vocabulary.frequencies(words))

    def use_names(self, identities: Identities) -> None:
        with self._lock:
            self._identities = identities
            if self._state:
                self._state = self._state.resolved_by(identities)

    def verify(self) -> tuple[str, ...]:
        """The files of the last commit that are not as they were written; reads all of them."""
        return verify_files(self._folder, read_manifest(self._folder, latest_generation(self._folder)))

    def salvage(self) -> Iterator[Article | IndexDamaged]:
        from searcher.engines.whoosh.recovery import salvage

        return salvage(self._folder)

    def close(self) -> None:
        with self._lock:
            self._state = None

    def _ask(self, question: Callable[[State], T]) -> T:
        first = self._turn.acquire(timeout=_TURN)
        try:
            with self._blaming_damage(), time_limit(self._patience):
                return question(self._current())
        finally:
            if first:
                self._turn.release()

    def _ask_all(self, question: Callable[[State], Iterator[T]]) -> Iterator[T]:
        """The answers one by one, all from the state at the time of asking."""
        found = self._ask(question)

        def each() -> Iterator[T]:
            with self._blaming_damage():
                yield from found

        return each()

    @contextmanager
    def _blaming_damage(self) -> Iterator[None]:
        """Raise IndexDamaged for an error that comes of files that are not what was committed."""
        try:
            yield
        except SearcherError:
            raise
        except Exception as error:  # altered arrays fail in ways without number
            wrong = self.verify()
            if not wrong:
                raise
            raise IndexDamaged(
                f"The index in {self._folder} is damaged: {', '.join(wrong)}. {rebuild_hint(self._folder)}"
            ) from error

    def _current(self) -> State:
        """The last commit, whoever made it."""
        state = self._state
        if state is not None and self._is_newest(state):
            return state
        with self._lock:
            if self._state is None or not self._is_newest(self._state):
                self._state = self._open(self._state)
            return self._state

    @staticmethod
    def _is_newest(state: State) -> bool:
        """Two looks at names instead of a listing: generations follow one another, and each one is there
        until the next one is."""
        return os.access(state.toc, os.F_OK) and not os.access(state.following_toc, os.F_OK)

    def _open(self, before: State | None) -> State:
        for attempt in range(_ATTEMPTS):
            try:
                manifest = read_manifest(self._folder, latest_generation(self._folder))
                known = {one.record.id: one for one in before.segments} if before else {}
                segments = [self._segment(record, known) for record in manifest.segments]
                return State(self._folder, manifest, segments, self._identities)
            except FileNotFoundError:  # a commit swept it away between two looks
                if attempt == _ATTEMPTS - 1:
                    raise IndexDamaged(f"Files of the index in {self._folder} keep disappearing.") from None
        raise AssertionError  # pragma: no cover

    def _segment(self, record: SegmentRecord, known: Mapping[str, Segment]) -> Segment:
        old = known.get(record.id)
        return old if old is not None and old.record.files == record.files else Segment(self._folder, record)


def _create(folder: Path) -> None:
    """Make the folder an empty index, unless another process just did.

    What was an index is never made an empty one: Raises IndexDamaged where its table of contents is gone.
    """
    from searcher.engines.whoosh.write.commit import mark_folder, publish
    from searcher.engines.whoosh.write.writer import WriteLock

    if is_index(folder):
        latest_generation(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = WriteLock(folder, timeout=60)
        try:
            if not generations(folder):
                publish(folder, 0, [])
            mark_folder(folder)
        finally:
            lock.release()
    except OSError as error:
        raise IndexFailure(f"No index can be made in {folder}: {error.strerror or error}.") from error

"""Changing the index: one writer at a time, all or nothing."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from searcher.article import Article
from searcher.engines.whoosh.format.manifest import (
    INDEX_NAME,
    Manifest,
    SegmentRecord,
    latest_generation,
    next_generation,
    read_manifest,
    require_intact,
)
from searcher.engines.whoosh.format.segment import Segment, deleted_articles
from searcher.engines.whoosh.write.buffer import Buffer
from searcher.engines.whoosh.write.commit import publish, sweep, write_deletions
from searcher.engines.whoosh.write.inverter import write_segment
from searcher.engines.whoosh.write.merge.segments import merge_segments
from searcher.engines.whoosh.write.merge_policy import REWRITES_PER_ADDED_ARTICLE, SegmentSize, choose
from searcher.errors import IndexDamaged, IndexFailure, IndexLocked, IndexOutdated

__all__ = ["DEFAULT_MEMORY", "ArticleWriter", "WriteLock"]

#: Bytes that a writer may hold before it writes a segment.
DEFAULT_MEMORY = 256 << 20
#: Seconds between looks whether another writer is done: a commit of one article takes 0.01.
_POLL = 0.02
#: Merges of up to so many articles are part of the commit itself; what takes longer follows it, so that what
#: was added is searchable meanwhile.
_AT_ONCE = 5_000


class WriteLock:
    """Whoosh's own lock of the index, held by one writer among all threads and processes.

    The system releases it when a process dies, so that no lock is ever stale.
    """

    def __init__(self, folder: Path, timeout: float) -> None:
        """Raises IndexLocked when it is not to be had within ``timeout`` seconds."""
        from whoosh.util.filelock import FileLock

        self._lock: Any = FileLock(str(folder / f"{INDEX_NAME}_WRITELOCK"))
        until = time.monotonic() + timeout
        while not self._lock.acquire():
            if time.monotonic() >= until:
                raise IndexLocked(
                    f"Another writer has held the index in {folder} for more than {timeout:g} s. Wait for it "
                    "to finish, or end it, and try again."
                )
            time.sleep(_POLL)

    def release(self) -> None:
        if self._lock.fd is not None:
            self._lock.release()


class _Old:
    """A segment of the index as it was when writing began, with the articles that are to go."""

    def __init__(self, folder: Path, record: SegmentRecord) -> None:
        self.record = record
        self.segment = Segment(folder, record)
        self.deleted = set(deleted_articles(folder, record))

    @property
    def size(self) -> SegmentSize:
        return SegmentSize(self.record.articles, self.record.articles - len(self.deleted))

    def delete(self, ids: Collection[str]) -> bool:
        """Whether any of them lived here."""
        before = len(self.deleted)
        self.deleted.update(self.segment.find_articles(ids))
        return len(self.deleted) > before

    def updated(self, folder: Path, generation: int) -> SegmentRecord | None:
        """Its record with what was deleted since; None if nothing is left."""
        if len(self.deleted) == self.record.articles:
            return None
        if len(self.deleted) == self.record.deleted:
            return self.record
        deletions = write_deletions(folder, self.record.id, generation, sorted(self.deleted))
        return replace(self.record, deletions=deletions, deleted=len(self.deleted))


class ArticleWriter:
    """Collects changes and commits them at the end of the ``with`` block."""

    def __init__(self, folder: Path, *, fresh: bool, timeout: float, memory: int) -> None:
        """Raises IndexLocked, and IndexFailure where the folder cannot be written to."""
        self._folder = folder
        self._memory = memory
        self._buffer = Buffer()
        self._made = 0
        self._changed = fresh
        self._repaid = 0
        with self._told():
            self._lock = WriteLock(folder, timeout)
        self._manifest: Manifest | None = None
        self._segments: list[_Old] = []
        try:
            try:
                self._manifest = read_manifest(folder, latest_generation(folder))
                self._generation = self._manifest.generation + 1
            except (IndexDamaged, IndexOutdated):
                if not fresh:
                    raise
                self._generation = next_generation(folder)
            if self._manifest and not fresh:
                self._segments = [_Old(folder, one) for one in self._manifest.segments]
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with self._told():
                    self._commit()
        finally:
            self._tidy()
            self._lock.release()

    def add(self, article: Article) -> None:
        self._changed = True
        self._repaid += 1
        self._buffer.add(article)
        if self._buffer.cost > self._memory:
            with self._told():
                self._flush()

    def delete(self, id: str) -> None:
        self._buffer.delete(id)
        if any(old.delete((id,)) for old in self._segments):
            self._changed = True

    def optimize(self, added: int) -> None:
        """Make few segments of many, as far as a load of so many articles repays it."""
        self._repaid += REWRITES_PER_ADDED_ARTICLE * added
        self._changed = self._changed or self._chosen() is not None

    def _flush(self) -> None:
        """Make a segment of what is in memory, in the place of what earlier ones have by these ids."""
        if not len(self._buffer):
            return
        buffer, self._buffer = self._buffer, Buffer()
        for old in self._segments:
            old.delete(buffer.ids)
            old.segment.file.release()
        old = _Old(self._folder, write_segment(self._folder, self._new_id(), buffer))
        old.deleted |= buffer.deleted
        self._segments.append(old)

    def _commit(self) -> None:
        if not self._changed:
            return
        self._flush()
        while self._merge(_AT_ONCE):
            pass
        self._publish()
        try:
            while self._merge():
                self._publish()
        except OSError:
            pass  # the commit stands, and the next one will merge

    def _publish(self) -> None:
        records = [old.updated(self._folder, self._generation) for old in self._segments]
        self._segments = [old for old, record in zip(self._segments, records) if record]
        kept = [record for record in records if record]
        self._manifest = publish(self._folder, self._generation, kept, self._manifest)
        self._generation += 1

    def _merge(self, most: int | None = None) -> bool:
        """Merge once what the policy chooses, up to ``most`` articles; False if there was nothing to do."""
        chosen = self._chosen()
        if chosen is None:
            return False
        together = [old for n in chosen if (old := self._segments[n]).size.live]
        if most is not None and sum(old.size.live for old in together) > most:
            return False
        merged = []
        if together:
            require_intact(self._folder, (file for old in together for file in old.record.files))
            parts = [(old.segment, sorted(old.deleted)) for old in together]
            merged.append(_Old(self._folder, merge_segments(self._folder, self._new_id(), parts)))
        self._segments[chosen.start : chosen.stop] = merged
        return True

    def _chosen(self) -> range | None:
        return choose([old.size for old in self._segments], self._repaid)

    def _new_id(self) -> str:
        self._made += 1
        return f"{self._generation:x}x{self._made:x}"

    def _tidy(self) -> None:
        """Delete what the last commit does not need, whether or not this writer made it."""
        if self._manifest is None:  # a damaged index that could not be replaced: leave what can be salvaged
            return
        with suppress(OSError):
            sweep(self._folder, self._manifest)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what an error of the system means."""
        try:
            yield
        except OSError as error:
            raise IndexFailure(
                f"Cannot write to the index in {self._folder}: {error.strerror or error}. What was committed "
                "before is untouched."
            ) from error

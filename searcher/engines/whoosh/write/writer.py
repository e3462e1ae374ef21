"""The writer: makes one transaction, in which it merges segments, publishes a generation and deletes the
files of older ones. An index has one writer at a time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from searcher.article import Article
from searcher.engines.base import Transaction
from searcher.engines.whoosh.arrays import Array, Mask, all_but, as_array
from searcher.engines.whoosh.format.array_file import ANALYSIS, ArrayWriter
from searcher.engines.whoosh.format.manifest import (
    FORMAT,
    INDEX_NAME,
    FileRecord,
    Manifest,
    NamesRecord,
    SegmentRecord,
    generations,
    latest_generation,
    manifest_path,
    next_generation,
    read_external_state,
    read_manifest,
    record_file,
    require_intact,
    toc_path,
    write_json,
    write_manifest,
)
from searcher.engines.whoosh.format.segment import Segment, deleted_articles, open_segment, segment_path
from searcher.engines.whoosh.name_decisions import Part, decide
from searcher.engines.whoosh.names import StoredNames, open_names
from searcher.engines.whoosh.statements import (
    Utterances,
    read_ids,
    undecide_deleted,
    undecide_renamed,
    write_ids,
)
from searcher.engines.whoosh.statements import decide as decide_statements
from searcher.engines.whoosh.stock_whoosh import make_toc
from searcher.engines.whoosh.write.buffer import Buffer
from searcher.engines.whoosh.write.merge import (
    MAX_SYNC_MERGE_ARTICLES,
    REWRITES_PER_ADDED_ARTICLE,
    SegmentSize,
    choose,
    merge_segments,
)
from searcher.engines.whoosh.write.segment_writer import write_segment
from searcher.errors import IndexDamaged, IndexFailure, IndexLocked, IndexOutdated
from searcher.files import FileLock, create_file, flush_file
from searcher.locations import MARKER
from searcher.names.table import SAID_BY, VALUE_KINDS, Identities
from searcher.platform import replace_file, sync_folder

_INDEX_FILE = re.compile(
    rf"{INDEX_NAME}_[0-9a-z]+\.(arr|art|[0-9]+\.del|names|changes|state|statements)|{INDEX_NAME}\.[0-9]+\.json|_{INDEX_NAME}_[0-9]+\.toc(\.new)?"
)


def publish(
    folder: Path,
    generation: int,
    records: Sequence[SegmentRecord],
    before: Manifest | None = None,
    names: NamesRecord | None = None,
    external_state: FileRecord | None = None,
    statements: FileRecord | None = None,
) -> Manifest:
    """Commit segments, names, statements and the state of the files next to the index as a generation.

    All files are flushed to disk before the table of contents appears, which makes the generation visible to
    readers. ``before``: the manifest of the generation before, whose files need no flushing.
    """
    contents = make_toc(folder, generation, records)
    path = toc_path(folder, generation)
    toc = FileRecord(path.name, len(contents), hashlib.sha256(contents).hexdigest())
    manifest = Manifest(
        generation,
        tuple(records),
        toc,
        ANALYSIS,
        names=names,
        external_state=external_state,
        statements=statements,
    )
    write_manifest(folder, manifest)
    new = path.with_name(path.name + ".new")
    with create_file(new) as file:
        file.write(contents)
    on_disk = {record.name for record in before.files()} if before else set()
    for record in manifest.files():
        if record is not toc and record.name not in on_disk:
            flush_file(folder / record.name)
    flush_file(manifest_path(folder, generation))
    flush_file(new)
    sync_folder(folder)
    replace_file(new, path)
    sync_folder(folder)
    return manifest


def sweep(folder: Path, manifest: Manifest) -> None:
    """Delete the files of older generations and of killed writers, after checking that the files of this
    generation exist. Requires the write lock."""
    read_manifest(folder, manifest.generation)
    current = {record.name for record in manifest.files()}
    current.add(manifest_path(folder, manifest.generation).name)
    # Delete tables of contents first, from the oldest, so that an old one never appears to be the newest.
    old = [toc_path(folder, n).name for n in generations(folder) if n != manifest.generation]
    obsolete = [name for name in os.listdir(folder) if _INDEX_FILE.fullmatch(name) and name not in current]
    for name in (*old, *(name for name in obsolete if name not in old)):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError:  # on Windows, the file is in use: the next commit tries again
            break


def write_deletions(folder: Path, segment_id: str, generation: int, deleted: Sequence[int]) -> FileRecord:
    """Write the file of a segment's deleted articles as of this generation."""
    from array import array

    path = segment_path(folder, segment_id, f".{generation}.del")
    writer = ArrayWriter(path)
    writer.add("deleted", "I", array("I", sorted(deleted)))
    writer.close({})
    return record_file(path)


def write_external_state(folder: Path, generation: int, state: Mapping[str, Any]) -> FileRecord:
    """Write the state of the files next to the index to a file."""
    path = folder / f"{INDEX_NAME}_{generation}.state"
    write_json(path, state)
    return record_file(path)


def is_marked(folder: Path) -> bool:
    """Return True if a folder has an intact file that marks it as an index."""
    try:
        return bool("whoosh" == json.loads((folder / MARKER).read_bytes())["engine"])
    except (OSError, ValueError, LookupError, TypeError):
        return False


def mark_folder(folder: Path) -> None:
    """Write the file that marks a folder as an index."""
    path = folder / MARKER
    if not is_marked(folder):
        new = path.with_name(MARKER + ".new")
        with create_file(new) as file:
            file.write(json.dumps({"engine": "whoosh", "format": FORMAT}).encode() + b"\n")
        flush_file(new)
        replace_file(new, path)
        sync_folder(folder)


#: Maximum size of a writer's buffer in bytes. A larger buffer is written as a segment.
DEFAULT_MAX_BYTES = 256 << 20
#: Maximum number of added and deleted articles for which a commit decides only the affected groups of names.
#: After more changes, it decides all names.
_MAX_TOUCHED_ARTICLES = 2_000


def write_lock(folder: Path, timeout: float) -> FileLock:
    """Take the write lock of an index, which Whoosh's writers respect too. Raises IndexLocked if another
    writer has it for ``timeout`` seconds, and OSError."""
    lock = FileLock(folder / f"{INDEX_NAME}_WRITELOCK")
    if not lock.acquire(timeout):
        raise IndexLocked(
            f"Another process has been writing to the index in {folder} for more than {timeout:g} s. "
            "Wait for it to finish, or stop it, then try again."
        )
    return lock


class _OpenSegment:
    """A segment of the last commit or of this transaction, and its deleted articles."""

    def __init__(
        self,
        folder: Path,
        record: SegmentRecord,
        opened: Mapping[str, Segment] = {},
        statements: Array | None = None,
    ) -> None:
        """``statements``: the ids of the statements of its quotations. None: all undecided."""
        self.statements = np.zeros(record.quotes, np.uint32) if statements is None else statements
        self.record = record
        self.segment = open_segment(folder, record, opened)
        self.deleted = set(deleted_articles(folder, record))
        self.deleted_before = frozenset(self.deleted)

    @property
    def size(self) -> SegmentSize:
        return SegmentSize(self.record.articles, self.record.articles - len(self.deleted))

    def touch(self, values: dict[str, set[str]], *, new: bool) -> None:
        """Add the values, by field, of articles deleted since the last commit, or of all if the segment is
        new."""
        numbers = sorted(self.deleted - self.deleted_before)
        for name in (*VALUE_KINDS, SAID_BY):
            stored = self.segment.values(name)
            if new:
                values[name].update(stored.texts())
                continue
            starts = self.segment.quote_starts if name == SAID_BY else range(self.segment.size + 1)
            for number in numbers:
                first, end = stored.value_starts[starts[number]], stored.value_starts[starts[number + 1]]
                values[name].update(stored.text(v) for v in set(stored.values[first:end]))

    def delete(self, ids: Collection[str]) -> bool:
        """Delete the articles with these ids. Return True if there were any."""
        before = len(self.deleted)
        self.deleted.update(self.segment.find_articles(ids))
        return len(self.deleted) > before

    def live_quotes(self, deleted: Collection[int]) -> Mask:
        """Return a flag for each quotation: False for those of deleted articles."""
        return all_but(self.segment.size, list(deleted))[as_array(self.segment.column("quote_article"))]

    def updated(self, folder: Path, generation: int) -> SegmentRecord | None:
        """Return the record with the current deletions, or None if all articles are deleted."""
        if len(self.deleted) == self.record.articles:
            return None
        if len(self.deleted) == self.record.deleted:
            return self.record
        deletions = write_deletions(folder, self.record.id, generation, sorted(self.deleted))
        return self.record._replace(deletions=deletions, deleted=len(self.deleted))


class ArticleWriter(Transaction):
    """Collects changes and commits them when the ``with`` block is left. See
    :class:`searcher.engines.base.Writer` for ``external_state``."""

    def __init__(
        self,
        folder: Path,
        *,
        fresh: bool,
        timeout: float,
        max_bytes: int,
        identities: Identities | None,
        opened: Mapping[str, Segment],
        names: StoredNames | None = None,
    ) -> None:
        """Begin a transaction.

        Args:
            fresh: Replace everything at commit.
            identities: Decide names by these. None: those of the last commit.
            opened: Open segments of the folder, by id, to reuse.
            names: Open names, to reuse.

        Raises:
            IndexLocked
            IndexFailure: If the folder is not writable.
        """
        self._folder = folder
        self._max_bytes = max_bytes
        self._identities, self._opened_names = identities, names
        self._buffer = Buffer()
        self._segments_made = 0
        self._changed = fresh
        self._max_rewrites = 0
        with self._reporting_os_errors():
            self._lock = write_lock(folder, timeout)
            self._begin(fresh, opened)

    def _begin(self, fresh: bool, opened: Mapping[str, Segment]) -> None:
        folder = self._folder
        self._manifest: Manifest | None = None
        self._segments: list[_OpenSegment] = []
        self._names: tuple[NamesRecord, StoredNames] | None = None
        self._named: StoredNames | None = None  # names used when the known statements were decided
        self._touched: dict[str, set[str]] | None = None
        try:
            try:
                self._manifest = read_manifest(folder, latest_generation(folder))
                self._generation = self._manifest.generation + 1
            except (IndexDamaged, IndexOutdated):
                if not fresh:
                    raise
                self._generation = next_generation(folder)
            if self._manifest and not fresh:
                records = self._manifest.segments
                ids = read_ids(folder, self._manifest.statements, sum(one.quotes for one in records))
                parts = np.split(ids, list(accumulate(one.quotes for one in records)))
                self._segments = [_OpenSegment(folder, one, opened, own) for one, own in zip(records, parts)]
                self._names = self._known_names()
                self._named = open_names(folder, self._manifest.names, None)
        except BaseException:
            self._lock.release()
            raise

    def _end(self, *, commit: bool) -> None:
        try:
            if commit:
                with self._reporting_os_errors():
                    self._commit()
        finally:
            self._sweep()
            self._lock.release()

    def add(self, article: Article) -> None:
        self._changed = True
        self._max_rewrites += 1
        self._buffer.add(article)
        if self._buffer.cost > self._max_bytes:
            with self._reporting_os_errors():
                self._flush()

    def delete(self, id: str) -> None:
        self._buffer.delete(id)
        if any(segment.delete((id,)) for segment in self._segments):
            self._changed = True

    def optimize(self, added: int) -> None:
        """Merge the last segments at commit, as far as a load of ``added`` articles justifies it."""
        self._max_rewrites += REWRITES_PER_ADDED_ARTICLE * added
        self._changed = self._changed or self._segments_to_merge() is not None

    def _flush(self) -> None:
        """Write the buffer as a segment. Its articles replace those with the same ids in earlier segments."""
        if not len(self._buffer):
            return
        buffer, self._buffer = self._buffer, Buffer()
        for earlier in self._segments:
            earlier.delete(buffer.ids)
            earlier.segment.file.release()
        new = _OpenSegment(self._folder, write_segment(self._folder, self._new_id(), buffer))
        new.deleted |= buffer.deleted
        self._segments.append(new)

    def _commit(self) -> None:
        before = self._manifest.external_state if self._manifest else None
        if self.external_state is not None and self.external_state != read_external_state(
            self._folder, before
        ):
            before = write_external_state(self._folder, self._generation, self.external_state)
            self._changed = True
        self._state_record = before
        if not self._changed:
            return
        mark_folder(self._folder)
        self._flush()
        self._touched = self._touched_values()
        self._forget_deleted()
        while self._merge(MAX_SYNC_MERGE_ARTICLES):
            pass
        self._publish()
        try:
            while self._merge():
                self._touched, self._names = {}, self._known_names()
                self._publish()
        except OSError:
            pass  # the commit is complete, and the next one tries to merge again

    def _publish(self) -> None:
        records = [segment.updated(self._folder, self._generation) for segment in self._segments]
        self._segments = [segment for segment, record in zip(self._segments, records) if record]
        live_records = [record for record in records if record]
        names = self._decide_names()
        ids = self._decide_statements(names)
        self._manifest = publish(
            self._folder, self._generation, live_records, self._manifest, names, self._state_record, ids
        )
        self._generation += 1

    def _touched_values(self) -> dict[str, set[str]] | None:
        """Return the values whose articles have changed since the last commit, or None if there are too many
        to decide them by group."""
        known = {record.id for record in self._manifest.segments} if self._manifest else set()
        new = [segment for segment in self._segments if segment.record.id not in known]
        articles = sum(segment.record.articles for segment in new)
        articles += sum(len(segment.deleted - segment.deleted_before) for segment in self._segments)
        if self._names is None or articles > _MAX_TOUCHED_ARTICLES:
            return None
        values: dict[str, set[str]] = {name: set() for name in (*VALUE_KINDS, SAID_BY)}
        for segment in self._segments:
            segment.touch(values, new=segment.record.id not in known)
        return values

    def _known_names(self) -> tuple[NamesRecord, StoredNames] | None:
        """Return the names of the generation before, or None if they were decided by other rules."""
        record = self._manifest.names if self._manifest else None
        names = open_names(self._folder, record, self._identities, self._opened_names)
        return (record, names) if record and names else None

    def _decide_names(self) -> NamesRecord:
        parts = [Part(segment.segment, sorted(segment.deleted)) for segment in self._segments]
        identities = self._identities or (self._names[1].identities if self._names else Identities())
        return decide(self._folder, self._generation, parts, self._names, self._touched, identities)

    def _forget_deleted(self) -> None:
        """Make statements undecided that may fall apart because articles were deleted."""
        if self._named is None or all(one.deleted == one.deleted_before for one in self._segments):
            return
        utterances = self._utterances(self._named)
        deleted = [
            base + np.flatnonzero(~segment.live_quotes(segment.deleted - segment.deleted_before))
            for segment, base in zip(self._segments, utterances.bases)
        ]
        self._set_statements(undecide_deleted(utterances, self._statement_ids(), np.concatenate(deleted)))

    def _decide_statements(self, record: NamesRecord) -> FileRecord | None:
        """Decide the statements by the new names of the speakers, and write their ids."""
        before, now = self._named, open_names(self._folder, record, None, self._named)
        if now is None:  # pragma: no cover
            raise AssertionError("the names were just decided")
        utterances, ids = self._utterances(now), self._statement_ids()
        if before is None:
            ids = np.zeros_like(ids)
        elif before is not now:
            ids = undecide_renamed(utterances, ids, before, now)
        self._named, ids = now, decide_statements(utterances, ids)
        self._set_statements(ids)
        return write_ids(self._folder, self._generation, ids) if len(ids) else None

    def _utterances(self, names: StoredNames) -> Utterances:
        return Utterances([(one.segment, sorted(one.deleted)) for one in self._segments], names)

    def _statement_ids(self) -> Array:
        return np.concatenate([np.empty(0, np.uint32), *(one.statements for one in self._segments)])

    def _set_statements(self, ids: Array) -> None:
        sizes = accumulate(one.record.quotes for one in self._segments)
        for segment, own in zip(self._segments, np.split(ids, list(sizes))):
            segment.statements = own

    def _merge(self, max_articles: int | None = None) -> bool:
        """Merge the segments chosen by the policy. Return False without such segments, or if they have more
        than ``max_articles``."""
        if (numbers := self._segments_to_merge()) is None:
            return False
        sources = [segment for n in numbers if (segment := self._segments[n]).size.live]
        if max_articles is not None and sum(source.size.live for source in sources) > max_articles:
            return False
        merged = []
        if sources:
            require_intact(self._folder, (file for source in sources for file in source.record.files))
            parts = [(source.segment, sorted(source.deleted)) for source in sources]
            record = merge_segments(self._folder, self._new_id(), parts)
            ids = np.concatenate(
                [source.statements[source.live_quotes(source.deleted)] for source in sources]
            )
            merged.append(_OpenSegment(self._folder, record, statements=ids))
        self._segments[numbers.start : numbers.stop] = merged
        return True

    def _segments_to_merge(self) -> range | None:
        return choose([segment.size for segment in self._segments], self._max_rewrites)

    def _new_id(self) -> str:
        self._segments_made += 1
        return f"{self._generation:x}x{self._segments_made:x}"

    def _sweep(self) -> None:
        """Delete the files that do not belong to the last commit, of this or an earlier writer."""
        if self._manifest is None:  # keep the files of a damaged index: they may still be salvaged
            return
        with suppress(OSError):
            sweep(self._folder, self._manifest)

    @contextmanager
    def _reporting_os_errors(self) -> Iterator[None]:
        """Raise IndexFailure instead of OSError."""
        try:
            yield
        except OSError as error:
            raise IndexFailure(
                f"Cannot write to the index in {self._folder}: {error.strerror or error}. What was committed "
                "before is untouched."
            ) from error

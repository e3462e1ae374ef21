"""The writer: changes an index, one writer at a time, all or nothing.

It merges segments, publishes a generation, and deletes the files of older ones.
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
    read_beside,
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
    without_deleted,
    without_renamed,
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
from searcher.files import FileLock, create_file, flush_file, flush_folder
from searcher.locations import MARKER
from searcher.names.table import KINDS, SAID_BY, Identities

_INDEX_FILE = re.compile(
    rf"{INDEX_NAME}_[0-9a-z]+\.(arr|art|[0-9]+\.del|names|changes|beside|statements)|{INDEX_NAME}\.[0-9]+\.json|_{INDEX_NAME}_[0-9]+\.toc(\.new)?"
)


def publish(
    folder: Path,
    generation: int,
    records: Sequence[SegmentRecord],
    before: Manifest | None = None,
    names: NamesRecord | None = None,
    beside: FileRecord | None = None,
    statements: FileRecord | None = None,
) -> Manifest:
    """Commit these segments, names, statements and facts of files beside the index as a generation.
    ``before`` is the manifest of the generation before. All files are on the disk before the table of
    contents appears, which is what readers look for."""
    contents = make_toc(folder, generation, records)
    path = toc_path(folder, generation)
    toc = FileRecord(path.name, len(contents), hashlib.sha256(contents).hexdigest())
    manifest = Manifest(
        generation, tuple(records), toc, ANALYSIS, names=names, beside=beside, statements=statements
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
    flush_folder(folder)
    os.replace(new, path)
    flush_folder(folder)
    return manifest


def sweep(folder: Path, manifest: Manifest) -> None:
    """Delete the files of older generations, and those that killed writers left, after checking that those of
    this generation are there. Only the holder of the write lock may call it, who has its segments open."""
    read_manifest(folder, manifest.generation)
    kept = {record.name for record in manifest.files()}
    kept.add(manifest_path(folder, manifest.generation).name)
    # Tables of contents first and oldest first, so that no older one ever looks like the newest.
    old = [toc_path(folder, n).name for n in generations(folder) if n != manifest.generation]
    others = [name for name in os.listdir(folder) if _INDEX_FILE.fullmatch(name) and name not in kept]
    for name in (*old, *(name for name in others if name not in old)):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError:  # in use (Windows): the next commit will try again
            break


def write_deletions(folder: Path, segment_id: str, generation: int, deleted: Sequence[int]) -> FileRecord:
    """Write the file of a segment's deleted articles as of this generation."""
    from array import array

    path = segment_path(folder, segment_id, f".{generation}.del")
    writer = ArrayWriter(path)
    writer.add("deleted", "I", array("I", sorted(deleted)))
    writer.close({})
    return record_file(path)


def write_beside(folder: Path, generation: int, beside: Mapping[str, Any]) -> FileRecord:
    """Write the file of what is known of the files beside the index."""
    path = folder / f"{INDEX_NAME}_{generation}.beside"
    write_json(path, beside)
    return record_file(path)


def is_marked(folder: Path) -> bool:
    """Tell whether a folder has the file that marks an index, as it was written."""
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
        os.replace(new, path)
        flush_folder(folder)


#: Bytes that a writer's buffer may hold before it is written as a segment.
DEFAULT_MAX_BYTES = 256 << 20
#: Added and deleted articles whose values are decided anew group by group: with more, all are decided.
_MAX_TOUCHED_ARTICLES = 2_000


def write_lock(folder: Path, timeout: float) -> FileLock:
    """Take the lock of an index, which one writer holds, and Whoosh's writers heed. Raises IndexLocked when
    another writer holds it for ``timeout`` seconds, and OSError."""
    lock = FileLock(folder / f"{INDEX_NAME}_WRITELOCK")
    if not lock.acquire(timeout):
        raise IndexLocked(
            f"Another writer has held the index in {folder} for more than {timeout:g} s. Wait for it "
            "to finish, or end it, and try again."
        )
    return lock


class _OpenSegment:
    """A segment that the next commit keeps, merges or drops, and its articles deleted so far."""

    def __init__(
        self,
        folder: Path,
        record: SegmentRecord,
        opened: Mapping[str, Segment] = {},
        statements: Array | None = None,
    ) -> None:
        """``statements``: the ids of the statements of its quotations; None: none is decided yet."""
        self.statements = np.zeros(record.quotes, np.uint32) if statements is None else statements
        self.record = record
        self.segment = open_segment(folder, record, opened)
        self.deleted = set(deleted_articles(folder, record))
        self.deleted_before = frozenset(self.deleted)

    @property
    def size(self) -> SegmentSize:
        return SegmentSize(self.record.articles, self.record.articles - len(self.deleted))

    def touch(self, values: dict[str, set[str]], *, new: bool) -> None:
        """Add the values, by field, of the articles that came with this segment (where it is new) or were
        deleted since."""
        numbers = sorted(self.deleted - self.deleted_before)
        for name in (*KINDS, SAID_BY):
            stored = self.segment.values(name)
            if new:
                values[name].update(stored.texts())
                continue
            starts = self.segment.quote_starts if name == SAID_BY else range(self.segment.size + 1)
            for number in numbers:
                first, end = stored.value_starts[starts[number]], stored.value_starts[starts[number + 1]]
                values[name].update(stored.text(v) for v in set(stored.values[first:end]))

    def delete(self, ids: Collection[str]) -> bool:
        """Delete the articles of these ids. Tells whether there were any."""
        before = len(self.deleted)
        self.deleted.update(self.segment.find_articles(ids))
        return len(self.deleted) > before

    def live_quotes(self, deleted: Collection[int]) -> Mask:
        """Return a flag for each quotation: False in the deleted articles."""
        return all_but(self.segment.size, list(deleted))[as_array(self.segment.column("quote_article"))]

    def updated(self, folder: Path, generation: int) -> SegmentRecord | None:
        """Return its record with the articles deleted since; None if none is left."""
        if len(self.deleted) == self.record.articles:
            return None
        if len(self.deleted) == self.record.deleted:
            return self.record
        deletions = write_deletions(folder, self.record.id, generation, sorted(self.deleted))
        return self.record._replace(deletions=deletions, deleted=len(self.deleted))


class ArticleWriter(Transaction):
    """Collects changes and commits them at the end of the ``with`` block. ``beside`` is what the commit is to
    know of the files beside the index, as JSON: set it to have another than that of the last commit."""

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
        """``fresh``: replace everything at commit. ``identities`` decide the names; None for those that
        decided the last ones. ``opened``: segments of the folder that are open, by id; ``names``: those that
        are. Raises IndexLocked, and IndexFailure where the folder cannot be written to."""
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
        self._named: StoredNames | None = None  # the names by which the known statements were decided
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
        """Merge the last segments at commit, as far as a load of ``added`` articles justifies rewriting
        them."""
        self._max_rewrites += REWRITES_PER_ADDED_ARTICLE * added
        self._changed = self._changed or self._chosen() is not None

    def _flush(self) -> None:
        """Write the buffer as a segment. Its articles replace those of the same ids in earlier segments."""
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
        before = self._manifest.beside if self._manifest else None
        if self.beside is not None and self.beside != read_beside(self._folder, before):
            before = write_beside(self._folder, self._generation, self.beside)
            self._changed = True
        self._beside = before
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
            pass  # the commit stands, and the next one will merge

    def _publish(self) -> None:
        records = [segment.updated(self._folder, self._generation) for segment in self._segments]
        self._segments = [segment for segment, record in zip(self._segments, records) if record]
        kept = [record for record in records if record]
        names = self._decide_names()
        ids = self._decide_statements(names)
        self._manifest = publish(
            self._folder, self._generation, kept, self._manifest, names, self._beside, ids
        )
        self._generation += 1

    def _touched_values(self) -> dict[str, set[str]] | None:
        """Return the values whose articles are others since the last commit; None where they are too many to
        be looked at one by one."""
        known = {record.id for record in self._manifest.segments} if self._manifest else set()
        new = [segment for segment in self._segments if segment.record.id not in known]
        articles = sum(segment.record.articles for segment in new)
        articles += sum(len(segment.deleted - segment.deleted_before) for segment in self._segments)
        if self._names is None or articles > _MAX_TOUCHED_ARTICLES:
            return None
        values: dict[str, set[str]] = {name: set() for name in (*KINDS, SAID_BY)}
        for segment in self._segments:
            segment.touch(values, new=segment.record.id not in known)
        return values

    def _known_names(self) -> tuple[NamesRecord, StoredNames] | None:
        """Return the names of the generation before, None where it has none of these rules."""
        record = self._manifest.names if self._manifest else None
        names = open_names(self._folder, record, self._identities, self._opened_names)
        return (record, names) if record and names else None

    def _decide_names(self) -> NamesRecord:
        parts = [Part(segment.segment, sorted(segment.deleted)) for segment in self._segments]
        identities = self._identities or (self._names[1].identities if self._names else Identities())
        return decide(self._folder, self._generation, parts, self._names, self._touched, identities)

    def _forget_deleted(self) -> None:
        """Let statements be decided again that may fall apart since articles were deleted."""
        if self._named is None or all(one.deleted == one.deleted_before for one in self._segments):
            return
        utterances = self._utterances(self._named)
        gone = [
            base + np.flatnonzero(~segment.live_quotes(segment.deleted - segment.deleted_before))
            for segment, base in zip(self._segments, utterances.bases)
        ]
        self._set_statements(without_deleted(utterances, self._statement_ids(), np.concatenate(gone)))

    def _decide_statements(self, record: NamesRecord) -> FileRecord | None:
        """Write the ids of the statements, given the names that the speakers have from now on."""
        before, now = self._named, open_names(self._folder, record, None, self._named)
        if now is None:  # pragma: no cover
            raise AssertionError("the names were just decided")
        utterances, ids = self._utterances(now), self._statement_ids()
        if before is None:
            ids = np.zeros_like(ids)
        elif before is not now:
            ids = without_renamed(utterances, ids, before, now)
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
        """Merge the segments that the policy chooses. Returns False if there are none, or if they have more
        than ``max_articles``."""
        if (chosen := self._chosen()) is None:
            return False
        sources = [segment for n in chosen if (segment := self._segments[n]).size.live]
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
        self._segments[chosen.start : chosen.stop] = merged
        return True

    def _chosen(self) -> range | None:
        return choose([segment.size for segment in self._segments], self._max_rewrites)

    def _new_id(self) -> str:
        self._segments_made += 1
        return f"{self._generation:x}x{self._segments_made:x}"

    def _sweep(self) -> None:
        """Delete the files that the last commit does not need, whether or not this writer made it."""
        if self._manifest is None:  # a damaged index that could not be replaced: leave what can be salvaged
            return
        with suppress(OSError):
            sweep(self._folder, self._manifest)

    @contextmanager
    def _reporting_os_errors(self) -> Iterator[None]:
        """Raise IndexFailure in place of an error of the system."""
        try:
            yield
        except OSError as error:
            raise IndexFailure(
                f"Cannot write to the index in {self._folder}: {error.strerror or error}. What was committed "
                "before is untouched."
            ) from error

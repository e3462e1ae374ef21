"""Commits: publishing a generation, and deleting the files of older ones."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from searcher.engines.whoosh.compat.toc import make_toc
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import ANALYSIS
from searcher.engines.whoosh.format.manifest import (
    FORMAT,
    INDEX_NAME,
    FileRecord,
    Manifest,
    NamesRecord,
    SegmentRecord,
    generations,
    manifest_path,
    read_manifest,
    record_file,
    toc_path,
    write_json,
    write_manifest,
)
from searcher.engines.whoosh.format.segment import Segment, segment_path
from searcher.files import create_file, flush_file, flush_folder
from searcher.locations import MARKER

__all__ = ["mark_folder", "publish", "sweep", "write_beside", "write_deletions"]

_INDEX_FILE = re.compile(
    rf"{INDEX_NAME}_[0-9a-z]+\.(arr|art|[0-9]+\.del|names|changes|beside)|{INDEX_NAME}\.[0-9]+\.json|_{INDEX_NAME}_[0-9]+\.toc(\.new)?"
)


def publish(
    folder: Path,
    generation: int,
    records: Sequence[SegmentRecord],
    before: Manifest | None = None,
    names: NamesRecord | None = None,
    beside: FileRecord | None = None,
) -> Manifest:
    """Commit these segments, names and facts of files beside the index as a generation. ``before`` is the
    manifest of the generation before.

    All files are on the disk before the table of contents appears, which is what readers look for.
    """
    contents = make_toc(folder, generation, records)
    path = toc_path(folder, generation)
    toc = FileRecord(path.name, len(contents), hashlib.sha256(contents).hexdigest())
    manifest = Manifest(generation, tuple(records), toc, ANALYSIS, names=names, beside=beside)
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
    """Delete the files of older generations, and those that killed writers left, after checking that this
    generation opens. Only the holder of the write lock may call it."""
    for record in read_manifest(folder, manifest.generation).segments:
        Segment(folder, record)
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


def mark_folder(folder: Path) -> None:
    """Write the file that marks a folder as an index."""
    path = folder / MARKER
    if not path.exists():
        new = path.with_name(MARKER + ".new")
        with create_file(new) as file:
            file.write(json.dumps({"engine": "whoosh", "format": FORMAT}).encode() + b"\n")
        flush_file(new)
        os.replace(new, path)
        flush_folder(folder)

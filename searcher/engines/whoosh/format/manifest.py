"""The manifest of a generation: its segments, their files and the checksum of each.

A generation is one commit. Its manifest ``MAIN.<generation>.json`` is written before its Whoosh table of
contents ``_MAIN_<generation>.toc``. The appearance of the latter, by an atomic rename, is the commit. Opening
an index reads only the manifest, so that no pickle of a stranger's index is ever loaded.
"""

from __future__ import annotations

import errno
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from searcher.engines.whoosh.format.array_file import ANALYSIS
from searcher.errors import IndexDamaged, IndexFailure, IndexMissing, IndexOutdated
from searcher.files import create_file, open_file
from searcher.locations import is_index, rebuild_advice

#: The version of the format. Opening an index of another format raises an error that asks for a rebuild.
FORMAT = 9
#: The oldest format from which a rebuild can read the articles.
MIN_REBUILDABLE_FORMAT = 2
#: Whoosh's default name of an index, so that ``whoosh.index.open_dir(folder)`` finds it.
INDEX_NAME = "MAIN"

_TOC = re.compile(rf"_{INDEX_NAME}_([0-9]{{1,10}})\.toc")
_MANIFEST = re.compile(rf"{INDEX_NAME}\.([0-9]{{1,10}})\.json")
#: Maximum generation number: Whoosh's table of contents stores it in 31 bits.
_MAX_GENERATION = 2_000_000_000
_FILE = re.compile(rf"_?{INDEX_NAME}_[\w.]+", re.ASCII)
#: System error numbers for a file that is missing or is not a regular file.
_NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP)


class FileRecord(NamedTuple):
    """The name, size and checksum of one committed file."""

    name: str
    size: int
    sha256: str


class SegmentRecord(NamedTuple):
    """One segment of a generation.

    Attributes:
        articles: Number of articles, including deleted ones.
        quotes: Number of quotations, including those of deleted articles.
        deletions: The file of deleted articles. None: nothing is deleted.
        deleted: Number of deleted articles.
    """

    id: str
    articles: int
    quotes: int
    files: tuple[FileRecord, ...]
    deletions: FileRecord | None = None
    deleted: int = 0


class NamesRecord(NamedTuple):
    """The files of the names of a generation (:mod:`searcher.engines.whoosh.names`): the base and later
    changes. ``rules``: the version of the rules that decided them."""

    rules: int
    base: FileRecord
    changes: FileRecord | None = None


class Manifest(NamedTuple):
    """The content of a generation."""

    generation: int
    segments: tuple[SegmentRecord, ...]
    toc: FileRecord
    analysis: int  # the version of searcher.analysis that produced the terms
    format: int = FORMAT
    names: NamesRecord | None = None
    external_state: FileRecord | None = None  # the state of the files next to the index
    statements: FileRecord | None = None  # the ids of the statements; None without quotations

    def files(self) -> Iterator[FileRecord]:
        """Yield all files of this generation except the manifest."""
        yield self.toc
        for segment in self.segments:
            yield from segment.files
            if segment.deletions:
                yield segment.deletions
        if self.names:
            yield self.names.base
            if self.names.changes:
                yield self.names.changes
        if self.external_state:
            yield self.external_state
        if self.statements:
            yield self.statements


def toc_path(folder: Path, generation: int) -> Path:
    return folder / f"_{INDEX_NAME}_{generation}.toc"


def manifest_path(folder: Path, generation: int) -> Path:
    return folder / f"{INDEX_NAME}.{generation}.json"


def generations(folder: Path) -> list[int]:
    """Return the committed generations that have a table of contents, oldest first."""
    return _generation_numbers(folder, _TOC)


def _generation_numbers(folder: Path, pattern: re.Pattern[str]) -> list[int]:
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    numbers = (int(match[1]) for name in names if (match := pattern.fullmatch(name)))
    return sorted(number for number in numbers if number <= _MAX_GENERATION)


def manifests(folder: Path) -> list[int]:
    """Return the generations that have a manifest, oldest first."""
    return _generation_numbers(folder, _MANIFEST)


def latest_generation(folder: Path) -> int:
    """Return the last generation. Raises IndexMissing if the folder is not an index, and IndexDamaged if its
    table of contents is missing."""
    committed = generations(folder)
    if not committed and is_index(folder):
        raise IndexDamaged(
            f"The table of contents of the index in {folder} is missing. {rebuild_advice(folder)}"
        )
    if not committed:
        raise IndexMissing(
            f"There is no index in {folder}. Create one with: searcher index -i {folder} PATH…"
        )
    return committed[-1]


def next_generation(folder: Path) -> int:
    """Return a number above those of all generations that left files, damaged ones included."""
    return max((*generations(folder), *manifests(folder)), default=0) + 1


def write_manifest(folder: Path, manifest: Manifest) -> None:
    write_json(manifest_path(folder, manifest.generation), _as_dictionaries(manifest))


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file with a checksum on the first line."""
    body = json.dumps(value, separators=(",", ":")).encode()
    with create_file(path) as file:
        file.write(b"%08x\n%s" % (zlib.crc32(body), body))


def read_json(path: Path) -> Any:
    """Read a file of :func:`write_json`. Raises IndexDamaged, and OSError."""
    with open_file(path) as file:
        checksum, _, body = file.read().partition(b"\n")
    if checksum != b"%08x" % zlib.crc32(body):
        raise IndexDamaged(f"{path.name} in {path.parent} has been altered. {rebuild_advice(path.parent)}")
    return json.loads(body)


def _as_dictionaries(value: Any) -> Any:
    """Convert records to dictionaries, because JSON would write them as lists."""
    if hasattr(value, "_asdict"):
        return {name: _as_dictionaries(part) for name, part in value._asdict().items()}
    return [_as_dictionaries(part) for part in value] if isinstance(value, tuple) else value


def read_manifest(folder: Path, generation: int) -> Manifest:
    """Return the manifest of a generation, after checking the sizes of its files.

    Raises:
        IndexDamaged: If files are missing or altered, with their names.
        IndexOutdated: If the format or the analysis is another one.
        FileNotFoundError: If a later commit has deleted the generation.
        OSError: If the system does not allow reading it.
    """
    manifest = load_manifest(folder, generation)
    if manifest.analysis != ANALYSIS:
        raise IndexOutdated(
            f"The index in {folder} was made by another version of Searcher. {rebuild_advice(folder)}"
        )
    _check_files(folder, manifest)
    return manifest


def load_manifest(folder: Path, generation: int, min_format: int = FORMAT) -> Manifest:
    """Return the manifest without checking its files. Raises as :func:`read_manifest`, and IndexOutdated for
    formats before ``min_format``."""
    path = manifest_path(folder, generation)
    try:
        return _from_dict(folder, read_json(path), min_format)
    except FileNotFoundError:
        if toc_path(folder, generation).exists():
            raise IndexDamaged(f"{path.name} is missing, or another program wrote to {folder}.") from None
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path.name} in {folder} is not a manifest. {rebuild_advice(folder)}") from error


def read_external_state(folder: Path, record: FileRecord | None) -> Mapping[str, Any]:
    """Return the state of the files next to the index as of a commit. Raises IndexDamaged, and OSError."""
    state: Mapping[str, Any] = read_json(folder / record.name) if record else {}
    return state


def record_file(path: Path) -> FileRecord:
    """Return the name, size and checksum of a finished file. Reads all its bytes."""
    import hashlib

    with open_file(path) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # unbuffered
    return FileRecord(path.name, path.stat().st_size, digest)


def is_intact(folder: Path, record: FileRecord) -> bool:
    """Return True if a file is unchanged since its commit. Reads all its bytes. Raises OSError if the system
    does not allow it, which is not a damage."""
    try:
        return record_file(folder / record.name) == record
    except OSError as error:
        if error.errno in _NO_FILE:
            return False
        raise


def verify_files(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Return the names of altered and unreadable files. Reads all bytes."""
    return tuple(problem for record in manifest.files() if (problem := _verify(folder, record)))


def _verify(folder: Path, record: FileRecord) -> str:
    """Return a description of the problem with a file, or ""."""
    try:
        return "" if is_intact(folder, record) else record.name
    except OSError as error:
        return f"{record.name} (it cannot be read: {error.strerror or error})"


def unreadable(folder: Path, error: OSError) -> IndexFailure:
    """Return the error for an index that the system does not allow reading."""
    file = f" ({os.path.basename(os.fsdecode(error.filename))})" if error.filename else ""
    return IndexFailure(f"The index in {folder} cannot be read: {error.strerror or error}{file}.")


def require_intact(folder: Path, records: Iterable[FileRecord]) -> None:
    """Check files before merging them, since the result would have a valid checksum even if they are altered.
    Raises IndexDamaged with the names of altered files."""
    if altered := [record.name for record in records if not is_intact(folder, record)]:
        raise IndexDamaged(
            f"The index in {folder} is damaged: {', '.join(altered)}. {rebuild_advice(folder)}"
        )


def _check_files(folder: Path, manifest: Manifest) -> None:
    # Checksum the deletions: these files are small, and one flipped bit would hide or restore an article.
    deletions = [segment.deletions for segment in manifest.segments if segment.deletions]
    wrong = [record.name for record in manifest.files() if _size(folder / record.name) != record.size]
    wrong += [file.name for file in deletions if file.name not in wrong and not is_intact(folder, file)]
    if not wrong:
        return
    if not toc_path(folder, manifest.generation).exists():
        raise FileNotFoundError(wrong[0])  # a later commit has deleted it: the caller tries again
    raise IndexDamaged(
        f"The index in {folder} is damaged: {', '.join(wrong)} missing, truncated or altered. "
        f"{rebuild_advice(folder)}"
    )


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError as error:
        if error.errno in _NO_FILE:
            return -1
        raise


def _from_dict(folder: Path, data: dict[str, Any], min_format: int) -> Manifest:
    if data["format"] not in range(min_format, FORMAT + 1):
        advice = "Use the version of Searcher that made it, or index your files into another folder."
        if data["format"] in range(MIN_REBUILDABLE_FORMAT, FORMAT):
            advice = rebuild_advice(folder)
        raise IndexOutdated(
            f"The index in {folder} has format {data['format']}, this version reads {FORMAT}. {advice}"
        )
    return Manifest(
        data["generation"],
        tuple(map(_segment, data["segments"])),
        _file(data["toc"]),
        data["analysis"],
        names=_names_record(data.get("names")),
        external_state=_file(state) if (state := data.get("external_state")) else None,
        statements=_file(statements) if (statements := data.get("statements")) else None,
    )


def _names_record(data: dict[str, Any] | None) -> NamesRecord | None:
    if data is None:
        return None
    changes = data["changes"]
    return NamesRecord(data["rules"], _file(data["base"]), _file(changes) if changes else None)


def _file(data: dict[str, Any]) -> FileRecord:
    """Return the record of one file. Raises ValueError for a name that could lead elsewhere."""
    if not _FILE.fullmatch(data["name"]):
        raise ValueError(data["name"])
    return FileRecord(**data)


def _segment(data: dict[str, Any]) -> SegmentRecord:
    """Return the record of one segment. Raises ValueError for an id that could name a file elsewhere."""
    if not re.fullmatch("[0-9a-z]+", data["id"]):
        raise ValueError(data["id"])
    files = tuple(map(_file, data.pop("files")))
    deletions = data.pop("deletions")
    return SegmentRecord(files=files, deletions=_file(deletions) if deletions else None, **data)

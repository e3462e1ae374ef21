"""Recovery of the articles of a damaged index; nothing but the files of articles is needed."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from searcher.article import Article
from searcher.engines.whoosh.format.array_file import ArrayFile
from searcher.engines.whoosh.format.doc_store import DECODE_ERRORS, unpack_article
from searcher.engines.whoosh.format.layout import ARTICLES
from searcher.engines.whoosh.format.manifest import (
    INDEX_NAME,
    MIN_REBUILDABLE_FORMAT,
    FileRecord,
    SegmentRecord,
    generations,
    is_intact,
    load_manifest,
    manifests,
)
from searcher.errors import IndexDamaged, IndexOutdated

__all__ = ["salvage"]


@dataclass(frozen=True, slots=True)
class _ArticleFile:
    """The articles of one segment; ``intact``: the file is as it was committed."""

    path: Path
    intact: bool
    deleted: frozenset[int] = frozenset()


def salvage(folder: Path) -> Iterator[Article | IndexDamaged]:
    """Yield every article that can be read, and an IndexDamaged for each file that is damaged. Where an id
    comes twice, the later article is the valid one.

    Raises IndexOutdated for an index of a later format, and of one before MIN_REBUILDABLE_FORMAT, and OSError
    where a file may be read another time.
    """
    files = list(_article_files(folder))
    return (article for file in files for article in _read(file))


def _article_files(folder: Path) -> Iterator[_ArticleFile]:
    records = _records(folder)
    if records is None:
        yield from (_ArticleFile(path, intact=False) for path in _paths(folder))
        return
    for record in records:
        name = f"{INDEX_NAME}_{record.id}{ARTICLES}"
        intact = all(_is_sound(folder, file) for file in record.files if file.name == name)
        yield _ArticleFile(folder / name, intact, _deleted(folder, record.deletions))


def _records(folder: Path) -> tuple[SegmentRecord, ...] | None:
    """Return the segments of the latest manifest that can be read, None where there is none."""
    for generation in reversed(generations(folder) or manifests(folder)):
        try:
            return load_manifest(folder, generation, MIN_REBUILDABLE_FORMAT).segments
        except IndexOutdated:
            raise
        except (IndexDamaged, FileNotFoundError):
            continue
    return None


def _paths(folder: Path) -> list[Path]:
    """Return all files of articles, in the order in which they were made."""

    def order(path: Path) -> tuple[int, int]:
        generation, _, number = path.stem.removeprefix(f"{INDEX_NAME}_").partition("x")
        return int(generation, 16), int(number or "0", 16)

    return sorted(folder.glob(f"{INDEX_NAME}_*x*{ARTICLES}"), key=order)


def _deleted(folder: Path, record: FileRecord | None) -> frozenset[int]:
    """Return the deleted articles, none if that file is damaged: one article too many is better than one too
    few."""
    if record is None or not _is_sound(folder, record):
        return frozenset()
    return frozenset(ArrayFile(folder / record.name).array("deleted"))


def _is_sound(folder: Path, record: FileRecord) -> bool:
    """Tell whether a file is as it was committed, which one is not that the disk fails to read.

    Raises OSError where another time it may be read.
    """
    try:
        return is_intact(folder, record)
    except OSError as error:
        if error.errno == errno.EIO:
            return False
        raise


def _read(source: _ArticleFile) -> Iterator[Article | IndexDamaged]:
    try:
        file = ArrayFile(source.path)
        ends, packed = file.array("ends"), file.array("articles")
    except (IndexDamaged, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (errno.ENOENT, errno.EISDIR, errno.EIO):
            raise
        yield IndexDamaged(f"{source.path} cannot be read: the articles in it that no file gives are lost.")
        return
    start = read = 0
    for number, end in enumerate(ends):
        with suppress(*DECODE_ERRORS):
            article = unpack_article(bytes(packed[start:end]))
            read += 1
            if number not in source.deleted:
                yield article
        start = end
    if not source.intact:
        yield IndexDamaged(f"{source.path} is altered: {read:,} of {len(ends):,} articles could be read.")

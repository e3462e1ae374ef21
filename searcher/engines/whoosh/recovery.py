"""What can still be read of a damaged index: its articles, without anything else being needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from searcher.article import Article
from searcher.engines.whoosh.format.array_file import ArrayFile
from searcher.engines.whoosh.format.doc_store import ALTERED, unpack_article
from searcher.engines.whoosh.format.layout import ARTICLES
from searcher.engines.whoosh.format.manifest import (
    INDEX_NAME,
    REBUILT,
    FileRecord,
    SegmentRecord,
    generations,
    is_sound,
    load_manifest,
)
from searcher.errors import IndexDamaged, IndexOutdated

__all__ = ["salvage"]


@dataclass(frozen=True, slots=True)
class _Part:
    """The articles of one segment; ``sound``: as they were written."""

    path: Path
    sound: bool
    deleted: frozenset[int] = frozenset()


def salvage(folder: Path) -> Iterator[Article | IndexDamaged]:
    """Every article that can be read, and for each file that does not give all that it held what is wrong
    with it. Where an id comes twice, the later article is the valid one.

    Raises IndexOutdated for an index of a later format, and of one whose articles were kept otherwise.
    """
    parts = list(_parts(folder))
    return (found for part in parts for found in _read(part))


def _parts(folder: Path) -> Iterator[_Part]:
    records = _records(folder)
    if records is None:
        yield from (_Part(path, sound=False) for path in _article_files(folder))
        return
    for record in records:
        name = f"{INDEX_NAME}_{record.id}{ARTICLES}"
        sound = all(is_sound(folder, file) for file in record.files if file.name == name)
        yield _Part(folder / name, sound, _deleted(folder, record.deletions))


def _records(folder: Path) -> tuple[SegmentRecord, ...] | None:
    """The segments, None where no manifest tells."""
    for generation in reversed(generations(folder) or _manifests(folder)):
        try:
            return load_manifest(folder, generation, REBUILT).segments
        except IndexOutdated:
            raise
        except (IndexDamaged, OSError):
            continue
    return None


def _manifests(folder: Path) -> list[int]:
    found = (path.name.split(".")[1] for path in folder.glob(f"{INDEX_NAME}.*.json"))
    return sorted(int(number) for number in found if number.isdecimal())


def _article_files(folder: Path) -> list[Path]:
    """All files of articles, in the order in which they were made."""

    def order(path: Path) -> tuple[int, int]:
        generation, _, number = path.stem.removeprefix(f"{INDEX_NAME}_").partition("x")
        return int(generation, 16), int(number or "0", 16)

    return sorted(folder.glob(f"{INDEX_NAME}_*x*{ARTICLES}"), key=order)


def _deleted(folder: Path, record: FileRecord | None) -> frozenset[int]:
    """None where that cannot be read: better an article too many than one too few."""
    if record is None or not is_sound(folder, record):
        return frozenset()
    return frozenset(ArrayFile(folder / record.name).array("deleted"))


def _read(part: _Part) -> Iterator[Article | IndexDamaged]:
    try:
        file = ArrayFile(part.path)
        ends, packed = file.array("ends"), file.array("articles")
    except (IndexDamaged, OSError):
        yield IndexDamaged(f"{part.path} cannot be read: the articles in it that no file gives are lost.")
        return
    start = read = 0
    for number, end in enumerate(ends):
        with suppress(*ALTERED):
            article = unpack_article(bytes(packed[start:end]))
            read += 1
            if number not in part.deleted:
                yield article
        start = end
    if not part.sound:
        yield IndexDamaged(f"{part.path} is altered: {read:,} of {len(ends):,} articles could be read.")

"""The files that paths, folders and globs stand for."""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from searcher import readers
from searcher.locations import MARKER, holds_index

__all__ = ["digest_of", "expand", "is_under"]


def expand(paths: Iterable[Path]) -> tuple[list[Path], list[tuple[str, str]]]:
    """``(files, problems)``: every file once, absolute, in a repeatable order.

    Of a folder, the files of known formats in it and below, hidden ones and other indexes left out; a
    file named outright is taken whatever it is called. ``problems`` are the paths that stand for no files,
    each with the reason; an empty folder is none.
    """
    files: dict[Path, None] = {}
    problems = []
    for path in paths:
        found = list(_expand_one(path))
        files.update(dict.fromkeys(found))
        if holds_index(path):
            problems.append((str(path), "It is an index, and no folder of articles."))
        elif not found and not path.is_dir():
            problems.append((str(path), "There is no such file or folder."))
    return list(files), problems


def is_under(path: Path, roots: Iterable[Path]) -> bool:
    """Whether an absolute path is one of ``roots`` or lies below one."""
    return any(path == root or root in path.parents for root in map(_absolute, roots))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _expand_one(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from _walk(path)
    elif path.exists():
        yield _absolute(path)
    elif glob.has_magic(str(path)):
        for match in sorted(glob.glob(str(path), recursive=True)):
            yield from _expand_one(Path(match))


def _walk(folder: Path) -> Iterator[Path]:
    known = tuple(readers.suffixes())
    for root, folders, names in os.walk(folder):
        if MARKER in names:  # an index, ours or another, is no collection of articles
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name.lower().endswith(known):
                yield _absolute(Path(root, name))


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))

"""Files and folders that appear when they are whole: what is stopped leaves all as it was."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["whole_file", "whole_folder"]


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give the place of a new file, which takes the place of ``path`` at the end. Raises OSError."""
    with _beside(path) as unfinished:
        yield unfinished
        os.replace(unfinished, path)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a new folder, which becomes ``path`` at the end; in one that is there its files are replaced.

    Raises OSError.
    """
    with _beside(path) as unfinished:
        unfinished.mkdir()
        yield unfinished
        if path.is_dir():
            for file in unfinished.iterdir():
                os.replace(file, path / file.name)
        else:
            os.replace(unfinished, path)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a name beside a path, on the same disk, and leave nothing of that name."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
    finally:
        if unfinished.is_dir():
            shutil.rmtree(unfinished)
        else:
            unfinished.unlink(missing_ok=True)

"""Files and folders that appear when they are whole: what is stopped leaves all as it was."""

from __future__ import annotations

import glob
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["unfinished", "whole_file", "whole_folder"]


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give the place of a new file, which takes the place of ``path`` at the end.

    A link stays, and what it points to is replaced. A pipe or a device is given itself. Raises OSError.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    path = path.resolve()
    with unfinished(path) as new:
        yield new
        os.replace(new, path)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a new folder, which becomes ``path`` at the end; in one that is there its files are replaced.

    Raises OSError.
    """
    path = path.resolve()
    with unfinished(path) as new:
        new.mkdir()
        yield new
        if path.is_dir():
            for file in new.iterdir():
                os.replace(file, path / file.name)
        else:
            os.replace(new, path)


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Give a name beside a path, on the same disk, and leave nothing of that name, nor what processes left
    there that were killed."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        made = re.fullmatch(r"\.(\d+)-\d+\.part", left.name.removeprefix(f".{path.name}"))
        if made and _is_dead(int(made[1])):
            with suppress(OSError):  # another user's, or removed by another process meanwhile
                _remove(left)
    new = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_native_id()}.part")
    try:
        yield new
    finally:
        _remove(new)


def _is_dead(process: int) -> bool:
    """Tell whether a process is no more; where the system cannot be asked without harm, none is."""
    if os.name == "nt":  # where this would be the signal of Ctrl-C
        return False
    try:
        os.kill(process, 0)
    except OverflowError:  # no process has such a number
        return True
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

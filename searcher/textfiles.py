"""The text files beside an index, which people may edit: read as a whole, replaced as a whole."""

from __future__ import annotations

from pathlib import Path

from searcher.errors import IndexDamaged, IndexFailure

__all__ = ["read", "replace"]


def read(file: Path) -> str:
    """The text of a file, in UTF-8 with or without a mark; empty if there is no file.

    Raises IndexDamaged, with the file, when it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{file} cannot be read: {error}") from error


def replace(file: Path, text: str) -> None:
    """Let a file hold this text, all of it or, if that fails, what it held before.

    Raises IndexFailure, with the file, when it cannot be written.
    """
    unfinished = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)
    except OSError as error:
        raise IndexFailure(f"{file} cannot be written: {error}") from error

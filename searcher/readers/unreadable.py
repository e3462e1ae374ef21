"""What is no file, or no file that is read: what to say of it, and what can be done."""

from __future__ import annotations

import stat
from pathlib import Path

from searcher.errors import ReadError

__all__ = ["size_of", "unknown"]

#: What stands among files and is none.
_SPECIAL = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)
_PICTURES = frozenset({
    ".gif", ".jpg", ".jpeg", ".png", ".jp2", ".webp", ".heic", ".svg", ".bmp", ".tif", ".tiff", ".djvu",
})  # fmt: skip
#: Kinds of files that people have among their articles, and what to do about them.
_ADVICE = {
    ".7z": "Unpack it, or pack it as .zip", ".rar": "Unpack it, or pack it as .zip",
    ".pst": "Save the messages as .mbox or .eml (readpst does)", ".dbf": "Save it as .csv",
    ".pages": "Save it as .docx", ".one": "Save it as .docx", ".wpd": "Save it as .docx",
    ".numbers": "Save it as .xlsx",
    ".mobi": "Turn it into .epub (calibre does)",
    ".azw3": "Turn it into .epub (calibre does)",
}  # fmt: skip


def size_of(path: Path) -> int:
    """The bytes of a file. Raises ReadError for what is none: to open a pipe waits for ever, a device has no
    end."""
    state = path.stat()
    kind = next((word for test, word in _SPECIAL if test(state.st_mode)), None)
    if kind:
        raise ReadError(f"It is {kind}, and no file.")
    return state.st_size


def unknown(suffix: str) -> str:
    """What to say of a file that ends in ``suffix``, which no reader takes."""
    if not suffix:
        return "Its format is unknown. If it is text, let its name end in .txt."
    if suffix in _PICTURES:
        return f"It is a picture ({suffix}). Text that it shows can be read from a PDF with text (ocrmypdf)."
    advice = _ADVICE.get(suffix, "If it is text, let its name end in .txt")
    return f"No reader takes files that end in “{suffix}”. {advice}."

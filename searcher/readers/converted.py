"""Old office files, turned into others by a program of the system: antiword or LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from searcher.errors import MissingExtra, ReadError
from searcher.files import temporary_folder
from searcher.readers.base import Event, Options, whole
from searcher.readers.decode import decode
from searcher.readers.docx import DocxReader
from searcher.readers.exports import articles_of
from searcher.readers.programs import installed, run
from searcher.readers.slides import PptxReader
from searcher.readers.text import article_from_text

__all__ = ["DocReader", "PptReader"]

_INSTALL = (
    "It is an old office file, which {needs} can read: install it (apt install libreoffice, brew install "
    "--cask libreoffice) and index the file again, or save it as {instead}."
)


class DocReader:
    """``.doc`` (Word up to 2003), with antiword, else with LibreOffice."""

    suffixes: tuple[str, ...] = (".doc", ".dot")

    def __init__(self, options: Options) -> None:
        self._options = options

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        data = whole(stream)
        antiword = installed("antiword")
        if antiword is None:
            made = _by_office(data, ".doc", ".docx", "antiword or LibreOffice")
            yield from DocxReader(self._options).read(BytesIO(made), origin)
            return
        with temporary_folder() as folder:
            path = Path(folder, "a.doc")
            path.write_bytes(data)
            text = decode(run([antiword, "-m", "UTF-8.txt", "-w", "0", str(path)], folder))
        if not text.strip():
            raise ReadError("There is no text in it.")
        yield from articles_of(text.split("\n")) or (article_from_text(text),)


class PptReader:
    """``.ppt`` (PowerPoint up to 2003), with LibreOffice: one article a file."""

    suffixes: tuple[str, ...] = (".ppt", ".pps")

    def __init__(self, options: Options) -> None:
        self._options = options

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        made = _by_office(whole(stream), ".ppt", ".pptx", "LibreOffice")
        yield from PptxReader(self._options).read(BytesIO(made), origin)


def _by_office(data: bytes, ending: str, wanted: str, needs: str) -> bytes:
    """What LibreOffice makes of a file: one that ends in ``wanted``. Raises ReadError, and MissingExtra where
    it is not installed."""
    office = installed("soffice") or installed("libreoffice")
    if office is None:
        raise MissingExtra(_INSTALL.format(needs=needs, instead=wanted))
    with temporary_folder() as folder:
        path = Path(folder, f"a{ending}")
        path.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"  # its own: another may run
        run(
            [office, profile, "--headless", "--convert-to", wanted[1:], "--outdir", str(folder), str(path)],
            folder,
        )
        made = Path(folder, f"a{wanted}")
        if not made.exists():
            raise ReadError("LibreOffice could not open it: it is damaged or encrypted.")
        return made.read_bytes()

"""The parts that all readers share: events, options, limits, optional packages and external programs."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol, Self

from searcher.article import Article
from searcher.errors import MissingExtra, ReadError, ReadTimeout
from searcher.plugins import install_command
from searcher.readers.encodings import decode

#: Version of the readers, stored in every article. Raise it if the same bytes may give different text.
CLEANER = "32"

#: Maximum size in bytes of a document that must be in memory as a whole (a page, a PDF, …).
MAX_DOCUMENT = 64 * 2**20

#: Maximum size in bytes of one record in a file with many records (a JSON line, a message, a WARC record).
MAX_RECORD = 32 * 2**20

#: Maximum number of characters read from any field except the text (authors, tags, …).
MAX_FIELD = 10_000
#: Maximum length of a title, a name or any other one-line value. The rest is cut off.
MAX_LINE = 1_000
#: Maximum number of authors, and of tags, of one article: physics papers have thousands of authors.
MAX_VALUES = 5_000


@dataclass(frozen=True, slots=True, match_args=False)
class ArticlePage(Article):
    """One page of an article that was saved page by page. The id is that of the whole article."""

    number: int = 0

    @classmethod
    def of(cls, article: Article, number: int) -> Self:
        """Return an article as one page of a multi-page article."""
        return cls(**{name: getattr(article, name) for name in Article.__match_args__}, number=number)

    def plain(self) -> Article:
        """Return the page as an independent article."""
        return Article(**{name: getattr(self, name) for name in Article.__match_args__})


#: Articles, and errors for the parts that could not be read.
Event = Article | ReadError

#: Returns the content of a file next to the one being read, by its relative path, or None.
SiblingReader = Callable[[str], bytes | None]


class MemberReader(Protocol):
    """Passes a file inside a container, and access to its neighbours there, back to the dispatcher."""

    def __call__(
        self, name: str, stream: BinaryIO, read_sibling: SiblingReader | None = None, /
    ) -> Iterator[Event]: ...


_listeners: list[Callable[[], None]] = []


@contextmanager
def on_progress(listener: Callable[[], None]) -> Iterator[None]:
    """Call ``listener`` whenever a reader makes progress."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def report_progress() -> None:
    """Tell the watchdog that the reader is still making progress, even if it yields no article for a
    while."""
    for listener in _listeners:
        listener()


@dataclass(frozen=True, slots=True)
class Options:
    """The settings that a reader is created with.

    Attributes:
        mapping: Fields of an article and of the records they are read from: ``{"title": "Headline"}``.
        read_member: Reads a file contained in this one.
        read_sibling: Returns the content of a file next to this one.
        ocr: Languages for recognising scanned pages ("eng+deu"). None: no recognition.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    read_member: MemberReader = lambda _name, _stream, _read_sibling=None: iter(())
    read_sibling: SiblingReader = lambda _name: None
    ocr: str | None = None


class Reader(Protocol):
    """Reads the articles in one family of formats. Its class is called with :class:`Options`.

    The page and ``searcher open`` show an original file with these methods, if a reader has them:

    - ``html_of(data)`` or ``text_of(data)``: the file as an HTML page, or as plain text.
    - ``parts(stream)``: for a file with many articles, the file name and content of each part.
    - ``page_number(data, passage)``: for a PDF, the number of the page with a passage, from 1, or 0.

    If a reader has the attribute ``needs_whole_file`` and it is true, files larger than MAX_DOCUMENT are
    rejected before they are read.

    Attributes:
        suffixes: Endings of file names, in lower case with the dot.
    """

    suffixes: tuple[str, ...]

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        """Yield the articles in ``stream``, and a ReadError for each part that is not an article.

        Raises ReadError without articles. ``id``, ``origin``, ``digest`` and ``cleaner`` may be left
        out.
        """
        ...


class FormatReader:
    """Base class of the built-in readers. Their file endings are in ``dispatch``."""

    needs_whole_file = False

    def __init__(self, options: Options) -> None:
        self.options = options


def inner_path(origin: str) -> PurePosixPath:
    """Return the path of a file or, in an archive, of the member."""
    return PurePosixPath(origin.rpartition("!")[2].replace("\\", "/"))


def read_whole(stream: BinaryIO, limit: int = MAX_DOCUMENT) -> bytes:
    """Read all of ``stream``. Raises ReadError if it is empty or larger than ``limit`` bytes."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise ReadError(f"It is larger than {limit // 2**20} MB, too large for one document.")
    if not data.strip(b"\0 \t\r\n"):
        raise ReadError("It is empty.")
    return data


def import_optional(module: str, extra: str) -> Any:
    """Import an optional package. Raises MissingExtra, which says how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise MissingExtra(
            f"Reading this format needs the package {module}: {install_command(extra)}"
        ) from None


#: Maximum seconds for a program that converts a file. A busy machine may need ten times the usual.
MAX_PROGRAM_SECONDS = 300


def installed_program(name: str) -> str | None:
    """Return the path of a program, or None. Programs in the current folder, which may be untrusted, are
    ignored."""
    path = shutil.which(name, path=_search_path())
    return path if path is not None and os.path.isabs(path) else None


def run_program(command: Sequence[str], folder: Path, seconds: float = MAX_PROGRAM_SECONDS) -> bytes:
    """Run a program in a temporary folder and return its output. Raises ReadError."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "PATH": _search_path(), "PYTHONSAFEPATH": "1"},
        )
    except subprocess.TimeoutExpired:
        raise ReadTimeout(f"{name} took longer than {seconds:g} seconds for it.", passing=True) from None
    except OSError as error:
        raise ReadError(f"{name} cannot be run ({error.strerror}).", passing=True) from None
    if done.returncode:
        said = " ".join(decode(done.stderr or done.stdout).split())[:200]
        raise ReadError(f"{name} could not read it ({said or done.returncode}).")
    return done.stdout


def _search_path() -> str:
    """Return the PATH without relative folders."""
    return os.pathsep.join(filter(os.path.isabs, os.get_exec_path()))

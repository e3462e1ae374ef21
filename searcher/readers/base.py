"""What all readers share: events, options, limits, packages and programs."""

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
from searcher.errors import MissingExtra, OutOfTime, ReadError
from searcher.plugins import install_command
from searcher.readers.encodings import decode

#: The version of the readers, kept in every article: raised whenever the same bytes may give other text.
CLEANER = "28"

#: The most bytes that a format which must be held whole (a page, a PDF, …) may have.
MAX_DOCUMENT = 64 * 2**20

#: The most bytes of one record in a file of many (a JSON line, a message, a WARC record).
MAX_RECORD = 32 * 2**20

#: The most characters of a field, other than the text, that are looked at: the authors, the tags.
MAX_FIELD = 10_000
#: The most characters of a title, a name or any other line of an article; the rest is cut off.
MAX_LINE = 1_000
#: The most authors, and the most tags, of one article: papers of physics have some thousand authors.
MAX_VALUES = 5_000


@dataclass(frozen=True, slots=True, match_args=False)
class ArticlePage(Article):
    """A page of an article that was saved page by page: its ``number``, and the id of the article."""

    number: int = 0

    @classmethod
    def of(cls, article: Article, number: int) -> Self:
        """Return an article as a page of one."""
        return cls(**{name: getattr(article, name) for name in Article.__match_args__}, number=number)

    def plain(self) -> Article:
        """Return the page as an article of its own."""
        return Article(**{name: getattr(self, name) for name in Article.__match_args__})


#: What reading yields: articles, and errors for the parts that could not be read.
Event = Article | ReadError

#: Gives the bytes of a file that lies beside the one that is read, by its relative path; None where none is.
Beside = Callable[[str], bytes | None]


class Inside(Protocol):
    """How a container hands what it holds back to the dispatcher, with what lies beside that in it."""

    def __call__(self, name: str, stream: BinaryIO, beside: Beside | None = None, /) -> Iterator[Event]: ...


_listeners: list[Callable[[], None]] = []


@contextmanager
def heard(listener: Callable[[], None]) -> Iterator[None]:
    """Call a listener whenever reading gets on."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def get_on() -> None:
    """Say that reading gets on, though it may give no article for a while."""
    for listener in _listeners:
        listener()


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader is made with.

    ``mapping`` names the fields of records: ``{"title": "Headline"}``. ``inside`` reads a file that stands
    within this one, ``beside`` gives the bytes of one that lies beside it. ``ocr`` is in which languages
    scanned pages are to be recognised (“eng+deu”), None for not at all.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    inside: Inside = lambda _name, _stream, _beside=None: iter(())
    beside: Beside = lambda _name: None
    ocr: str | None = None


class Reader(Protocol):
    """Bytes to articles, for one family of formats; made by calling its class with :class:`Options`.

    ``suffixes`` are the endings of file names that it takes, with the dot, in lower case. With ``whole =
    True`` a file beyond MAX_DOCUMENT is refused before it is read.
    """

    suffixes: tuple[str, ...]

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        """The articles in ``stream``, and a ReadError for each part that is none; raised for nothing at all.

        ``id``, ``origin``, ``digest`` and ``cleaner`` may be left out.
        """
        ...


class FormatReader:
    """What the built-in readers share: the options. Which endings each takes is told in ``dispatch``."""

    whole = False

    def __init__(self, options: Options) -> None:
        self.options = options


def inner_path(origin: str) -> PurePosixPath:
    """The path of a file, or within an archive that of the part."""
    return PurePosixPath(origin.rpartition("!")[2].replace("\\", "/"))


def whole(stream: BinaryIO, limit: int = MAX_DOCUMENT) -> bytes:
    """All of ``stream``. Raises ReadError beyond ``limit`` bytes or where there are none."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise ReadError(f"It is larger than {limit // 2**20} MB, too large for one document.")
    if not data.strip(b"\0 \t\r\n"):
        raise ReadError("It is empty.")
    return data


def optional(module: str, extra: str) -> Any:
    """The module of an optional package. Raises MissingExtra, which says how to install it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise MissingExtra(
            f"Reading this format needs the package {module}: {install_command(extra)}"
        ) from None


#: Maximum seconds of a program that converts a file: a busy machine may need ten times as long as another.
MAX_PROGRAM_SECONDS = 300


def installed_program(name: str) -> str | None:
    """Return where a program is; one in the current folder, which may be a stranger's, is not installed."""
    found = shutil.which(name, path=_search_path())
    return found if found is not None and os.path.isabs(found) else None


def run_program(command: Sequence[str], folder: Path, seconds: float = MAX_PROGRAM_SECONDS) -> bytes:
    """Return what a program prints that runs in a folder of our own. Raises ReadError."""
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
        raise OutOfTime(f"{name} took longer than {seconds:g} seconds for it.", passing=True) from None
    except OSError as error:
        raise ReadError(f"{name} cannot be run ({error.strerror}).", passing=True) from None
    if done.returncode:
        said = " ".join(decode(done.stderr or done.stdout).split())[:200]
        raise ReadError(f"{name} could not read it ({said or done.returncode}).")
    return done.stdout


def _search_path() -> str:
    """The folders of programs, but for the current one."""
    return os.pathsep.join(filter(os.path.isabs, os.get_exec_path()))

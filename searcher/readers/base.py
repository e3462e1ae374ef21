"""What all readers share: events, options, limits, the text of bytes, packages and programs."""

from __future__ import annotations

import codecs
import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol, Self

from searcher.article import Article
from searcher.errors import MissingExtra, ReadError
from searcher.plugins import install_command

#: The version of the readers, kept in every article: raised whenever the same bytes may give other text.
CLEANER = "24"

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


#: How pages and texts of parliaments are told by their first bytes, by the dispatcher and by their reader.
RECORD_MARKS = {
    "json": re.compile(rb'\A\s*\{\s*"header": \{[^{}]*"chamber":'),
    "congress": re.compile(rb"\[Congressional Record Volume \d|\[(?:House|Senate|Joint) Hearing[, ]"),
    "hansard": re.compile(rb'class="anchor-column"|name="column_\d'),
    "assembly": re.compile(rb'name="QUANTIEME_SEANCE"'),
    "europe": re.compile(rb"/doceo/document/CRE-|TEXT\+CRE|doc_subtitle_level1_bis"),
}

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


#: Seconds that a program may take. The worker that reads may take sixty.
MAX_PROGRAM_SECONDS = 50


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
        raise ReadError(f"{name} took longer than {seconds:g} seconds for it.") from None
    except OSError as error:
        raise ReadError(f"{name} cannot be run ({error.strerror}).", passing=True) from None
    if done.returncode:
        said = " ".join(decode(done.stderr or done.stdout).split())[:200]
        raise ReadError(f"{name} could not read it ({said or done.returncode}).")
    return done.stdout


def _search_path() -> str:
    """The folders of programs, but for the current one."""
    return os.pathsep.join(filter(os.path.isabs, os.get_exec_path()))


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Browsers read the narrow name as the wider encoding (https://encoding.spec.whatwg.org/#names-and-labels).
_NARROW = {
    "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1 ascii us-ascii",
    "cp1254": "iso-8859-9",
    "gb18030": "gb2312 gbk x-gbk",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j",
    "euc_jp": "x-euc-jp",
    "cp949": "euc-kr ks_c_5601-1987",
    "big5hkscs": "big5",
    "cp874": "tis-620 windows-874",
    "mac_roman": "macintosh x-mac-roman",
}
_WIDER = {name: wider for wider, names in _NARROW.items() for name in names.split()}
#: The names that Python has for encodings of text.
_OF_TEXT = re.compile(
    r"utf-8|ascii|iso8859|iso2022|latin|cp\d|koi8|mac|gb|hz|big5|euc|shift|johab|kz1048|ptcp|tis|hp-?roman"
)
#: Bytes in which a page declares its encoding: browsers look at 1,024, and some pages begin with more.
_MAX_HEAD = 4096
#: Bytes by which an encoding is told: an article is a tenth of them, and a detector takes long for more. They
#: begin shortly before the first that is not ASCII, since scripts and styles may stand before every text.
_MAX_SAMPLE, _MAX_GUESSED = 200_000, 20_000
_MAX_BEFORE = 1_000
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of ``data``, without NUL characters.

    In order: a byte order mark, UTF-16 told by its zeros, UTF-8 where (nearly) all bytes fit, the encoding
    ``declared`` by whoever delivered the bytes, the one that the text itself declares, a guess.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(name, "replace"))
    wide = _sixteen(data)
    if wide:
        return _clean(data.decode(wide, "replace"))
    named = _codec(declared) or _self_declared(data)
    if named and named.startswith(("iso2022", "hz")):
        return _clean(data.decode(named, "replace"))  # all its bytes are ASCII, so it must go first
    try:
        return _clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if _nearly_utf8(data):
        return _clean(data.decode("utf-8", "replace"))
    if named is None or named == "utf-8":
        named = guess(data)
    return _clean(data.decode(named, "replace"))  # cp1252 leaves five bytes undefined


_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x80-\x9f\ufffd]")


def refuse_binary(text: str) -> None:
    """Raises ReadError when decoded bytes were never text."""
    sample = text[:20_000]
    if len(_CONTROLS.findall(sample)) > 0.02 * len(sample):
        raise ReadError("It is not text but binary data.")


def _clean(text: str) -> str:
    return text.replace("\0", "").lstrip("\ufeff")


def _sixteen(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of mostly Latin text is zero."""
    head = data[:400]
    half = len(head) // 2
    if half < 4:
        return None
    if head[1::2].count(0) > 0.4 * half and head[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return _sixteen_of_other_letters(data[:_MAX_HEAD])


_VISIBLE = re.compile(rb"[ -~]")
_SHOWN = re.compile(r"[^\W_]|[^\w\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f]")


def _sixteen_of_other_letters(head: bytes) -> str | None:
    """UTF-16 without a mark in a script other than Latin: zeros, of spaces and ends of lines, stand at even
    places alone or at odd ones, and few bytes are ASCII, as they are in a text with a stray zero."""
    zeros = head[0::2].count(0), head[1::2].count(0)
    if sum(zeros) < 0.005 * len(head) or all(zeros) or len(_VISIBLE.findall(head)) > 0.75 * len(head):
        return None
    name = "utf-16-be" if zeros[0] else "utf-16-le"
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    letters = sum(map(str.isalpha, text))
    return name if len(_SHOWN.findall(text)) > 0.98 * len(text) and letters > 0.5 * len(text) else None


def _codec(name: str | None) -> str | None:
    if not name:
        return None
    name = name.strip().lower()
    try:
        found = codecs.lookup(_WIDER.get(name, name))
    except (LookupError, ValueError):
        return None
    # A page whose declaration could be read as ASCII is not UTF-16, whatever it says; and none is in what
    # Python has besides encodings of text, some of which take the square of its length (“punycode”).
    return found.name if _OF_TEXT.match(found.name) else None


def _self_declared(data: bytes) -> str | None:
    from bs4.dammit import EncodingDetector

    return _codec(EncodingDetector.find_declared_encoding(data[:_MAX_HEAD], is_html=True))


def _nearly_utf8(data: bytes) -> bool:
    """Whether bad bytes are few beside good characters of several bytes."""
    sample = _sample(data).decode("utf-8", "replace")
    bad = sample.count("\ufffd")
    several = sum(1 for c in sample if c > "\x7f" and c != "\ufffd")
    return bad <= 0.05 * several


def _sample(data: bytes) -> bytes:
    found = _NOT_ASCII.search(data)
    start = max(0, found.start() - _MAX_BEFORE) if found else 0
    return data[start : start + _MAX_SAMPLE]


def guess(data: bytes) -> str:
    """The encoding that bytes which are no UTF-8 most likely have."""
    from charset_normalizer import from_bytes

    sample = _sample(data)
    high = bytes(b for b in sample if b > 0x7F)
    if len(high) < 40:
        return "cp1252"  # a handful of accents and curly quotes says nothing to a detector
    # Markup is noise to the detector: it looks at the lines that hold the high bytes.
    lines = b"\n".join(line for line in sample.splitlines() if max(line, default=0) > 0x7F)
    if len(lines) > _MAX_GUESSED:
        # Behind a space, an end of line or a tag: half a character is none in the encoding that it is of.
        lines = lines[: max(map(lines[:_MAX_GUESSED].rfind, (b"\n", b" ", b">"))) + 1] or lines[:_MAX_GUESSED]
    best = from_bytes(lines, cp_isolation=list(_CANDIDATES)).best()
    return _codec(best.encoding) or "cp1252" if best else "cp1252"


_CANDIDATES = (
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "koi8_r", "iso8859_2", "iso8859_5", "iso8859_7", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949",
)  # fmt: skip

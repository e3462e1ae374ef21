"""Find the reader for a file, read the files inside it, and finish every article."""

from __future__ import annotations

import io
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from searcher import plugins
from searcher.article import Article
from searcher.errors import Doubt, MissingExtra, ReadError, is_transient
from searcher.fields import DOUBTFUL, custom_tag
from searcher.readers.base import (
    MAX_DOCUMENT,
    Event,
    MemberReader,
    Options,
    Reader,
    SiblingReader,
    report_progress,
)
from searcher.readers.containers import Allowance
from searcher.readers.finish import doubt, finish

Factory = Callable[[Options], Reader]

#: Maximum nesting of archives.
MAX_NESTING = 4
#: Maximum bytes of an archive member in memory, per nesting level. Larger members go to a temporary file.
_MAX_BYTES_IN_MEMORY = 32 * 2**20
_CHUNK_BYTES = 2**20


_GROUP = "searcher.readers"
#: The file extensions of each built-in reader, so that readers are imported only when needed.
_ENDINGS = {
    "html": ".html .htm .xhtml .shtml",
    "captions": ".vtt .srt .sbv",
    "ttml": ".ttml .dfxp",
    "text": ".txt .text .md .markdown .rst",
    "json": ".jsonl .ndjson .json .otr",
    "csv": ".csv .tsv",
    "compressed": ".gz .bz2 .xz .tgz .tbz .tbz2 .txz",
    "zip": ".zip",
    "tar": ".tar",
    "7z": ".7z",
    "feed": ".rss .atom .rdf",
    "warc": ".warc .arc",
    "wacz": ".wacz",
    "eml": ".eml",
    "emlx": ".emlx",
    "msg": ".msg",
    "pst": ".pst .ost",
    "mbox": ".mbox",
    "mhtml": ".mhtml .mht",
    "epub": ".epub",
    "pdf": ".pdf",
    "docx": ".docx",
    "doc": ".doc .dot",
    "ppt": ".ppt .pps",
    "pptx": ".pptx .ppsx",
    "odt": ".odt .ott .fodt .odp",
    "pages": ".pages",
    "tables": ".xlsx .xlsm .xlsb .xls .ods",
    "rtf": ".rtf",
    "news": ".nitf .newsml .nml .xml",
    "record": ".tei .akn",
    "digitised": ".mets .alto",
}


@cache
def _readers() -> dict[str, str]:
    """Map each file extension to the name of its reader. Installed readers replace built-in ones."""
    own = {suffix: name for name in plugins.built_in_entries(_GROUP) for suffix in _ENDINGS[name].split()}
    return own | {
        suffix: name
        for name in plugins.installed_entries(_GROUP)
        for suffix in plugins.find(_GROUP, name).suffixes
    }


def _factory(suffix: str) -> Factory:
    return cast(Factory, plugins.find(_GROUP, _readers()[suffix]))


def reader_of(suffix: str) -> Reader | None:
    """Return the reader of files with this extension, or None."""
    return _factory(suffix)(Options()) if suffix in _readers() else None


def suffixes() -> frozenset[str]:
    """Return all supported file extensions, in lower case with the dot."""
    return frozenset(_readers())


def file_of_origin(origin: str) -> Path:
    """Return the file on disk that an origin refers to: everything before the first "!" after a supported
    ending."""
    parts = origin.split("!")
    files = (Path("!".join(parts[:number])) for number in range(1, len(parts)))
    return next((file for file in files if ending(file.name) in _readers()), Path(origin))


def can_read(path: Path) -> bool:
    """Return True if a reader can read the file.

    If the extension is unknown or missing, as in a saved "story.php", the first bytes decide.
    """
    suffix = ending(path.name)
    if suffix in _readers() or suffix in _UNSUPPORTED:
        return suffix in _readers()
    try:
        size_of(path)
        with path.open("rb") as stream:
            return detect_ending(stream.read(4096), suffix) in _DETECTABLE
    except (OSError, ReadError):
        return False


#: Formats recognised by their first bytes in files with an unknown extension.
_DETECTABLE = frozenset({".eml", ".mbox", ".html", ".pdf", ".warc", ".rtf"})


class Dispatcher:
    """Reads one file and everything it contains."""

    def __init__(self, mapping: Mapping[str, str] | None = None, ocr: str | None = None) -> None:
        self._mapping = dict(mapping or {})
        self._ocr = ocr
        self._folder: Path | None = None
        self._allowance = Allowance(0)
        self._siblings = dict[
            str, SiblingReader
        ]()  # access to the neighbours of a contained file, by its origin
        self._digests = set[str]()  # digests of contained files that gave articles

    def file(self, path: Path) -> Iterator[Event]:
        try:
            size = size_of(path)
            with path.open("rb", buffering=0) as stream:
                _refuse_large(path.name, size)
                self._folder = path.parent
                self._allowance = Allowance(size)
                bounded = io.BufferedReader(_FixedSizeFile(stream), _CHUNK_BYTES)
                digest = _digest(bounded)
                yield from self._read(path.name, bounded, str(path), digest, 0)
        except ReadError as error:
            yield error
        except OSError as error:
            yield ReadError(f"It cannot be opened ({error.strerror or error}).", passing=is_transient(error))

    def data(self, data: bytes, name: str) -> Iterator[Event]:
        self._allowance = Allowance(len(data))
        yield from self._read(name, io.BytesIO(data), name, sha256(data).hexdigest(), 0)

    def _read(self, name: str, stream: BinaryIO, origin: str, digest: str, depth: int) -> Iterator[Event]:
        try:
            reader = self._reader(name, stream, origin, depth)
            empty = True
            for event in _marked_events(self._finished_events(reader.read(stream, origin), origin, digest)):
                empty = False
                yield event
            if empty:
                yield ReadError("It contains no articles.")
        except ReadError as error:
            yield error
        except ImportError as error:
            yield MissingExtra(
                f"A package that reading this needs is missing or broken ({error}). The file may be sound: "
                "reinstall Searcher with its dependencies, and index the file again."
            )
        except Exception as error:  # noqa: BLE001
            # Parsers raise all kinds of errors on broken files (KeyError, struct.error, RecursionError, …).
            # One file must not stop a run over thousands.
            said = f"{type(error).__name__}: {' '.join(str(error).split())}"
            if is_transient(error):
                yield ReadError(f"The system refused to read it ({said}).", passing=True)
            else:
                yield ReadError(f"It is damaged or not what its name says ({said}).")

    def _finished_events(self, events: Iterator[Event], origin: str, digest: str) -> Iterator[Event]:
        for event in events:
            if not isinstance(event, Article) or event.cleaner:  # already finished by an inner reader
                yield event
                continue
            try:
                yield finish(event, origin, digest)
            except ReadError as error:
                yield error
            if reason := doubt(event.body):
                yield Doubt(f"“{event.title[:60]}”: {reason}" if event.title else reason, cause=reason)

    def _reader(self, name: str, stream: BinaryIO, origin: str, depth: int) -> Reader:
        if depth > MAX_NESTING:
            raise ReadError(f"It stands more than {MAX_NESTING} archives deep.")
        head = stream.read(4096)
        stream.seek(0)
        suffix = ending(name)
        detected = detect_ending(head, suffix)
        if detected not in _readers():
            raise ReadError(unsupported_message(detected))
        read_sibling = self._siblings.get(origin) or self._files_beside(depth)
        options = Options(self._mapping, self._inside(origin, depth), read_sibling, self._ocr)
        return _factory(detected)(options)

    def _inside(self, origin: str, depth: int) -> MemberReader:
        def inside(
            name: str, stream: BinaryIO, read_sibling: SiblingReader | None = None, /
        ) -> Iterator[Event]:
            suffix = ending(name)
            if suffix and suffix not in _readers():
                return  # archives contain pictures and style sheets next to the articles
            with _seekable(stream, self._allowance) as copy:
                digest = _digest(copy)
                if digest in self._digests:
                    return  # a duplicate file gives the same articles
                place = f"{origin}!{without_surrogates(name)}"
                if read_sibling:
                    self._siblings[place] = read_sibling
                for event in self._read(name, copy, place, digest, depth + 1):
                    yield event
                    if isinstance(event, Article):
                        self._digests.add(digest)

        return inside

    def _files_beside(self, depth: int) -> SiblingReader:
        """Give access to the neighbours of a file on disk. Archives do this for their members."""

        def read_sibling(name: str) -> bytes | None:
            path = self._folder / name if self._folder is not None and depth == 0 else None
            if path is None or not path.is_file() or path.stat().st_size > MAX_DOCUMENT:
                return None
            around = self._folder.parent if self._folder and _CORPUS_LIST.match(name) else self._folder
            if around is None or not path.resolve().is_relative_to(around.resolve()):
                return None  # a link out of the folder
            return path.read_bytes()

        return read_sibling


#: Files that a parliament's sitting may read from the parent folder: the corpus lists shared by all years.
_CORPUS_LIST = re.compile(r"\.\./[\w-]+-list(?:Person|Org)\.xml$")


def _refuse_large(name: str, size: int) -> None:
    """Reject early a file that its reader would reject anyway, as reading 3 GB takes a while. Raises
    ReadError."""
    suffix = ending(name)
    if size > MAX_DOCUMENT and suffix in _readers() and getattr(_factory(suffix), "needs_whole_file", False):
        raise ReadError(f"It is larger than {MAX_DOCUMENT // 2**20} MB, too large for one document.")


class _FixedSizeFile(io.RawIOBase):
    """A file up to its size when it was opened, so that reading a growing file ends."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence == io.SEEK_END:
            offset, whence = offset + self._size, io.SEEK_SET
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        report_progress()
        left = max(0, self._size - self._file.tell())
        return self._file.readinto(memoryview(buffer)[:left])


def without_surrogates(name: str) -> str:
    """Return the name of an archive member without surrogates for undecodable bytes."""
    return name.encode("utf-8", "replace").decode()


def _seekable(stream: BinaryIO, allowance: Allowance) -> BinaryIO:
    """Copy ``stream`` so that it can be read twice; large copies go to disk. Raises ReadError if too much
    comes out."""
    if allowance.is_spent:
        raise ReadError("It is not read: too much came out of the file that it stands in.")
    head = stream.read(_MAX_BYTES_IN_MEMORY)
    allowance.take(len(head))
    if len(head) < _MAX_BYTES_IN_MEMORY:
        return io.BytesIO(head)
    copy = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  # the caller closes it
    try:
        copy.write(head)
        while chunk := stream.read(_CHUNK_BYTES):
            allowance.take(len(chunk))
            copy.write(chunk)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy


def _digest(stream: BinaryIO) -> str:
    digest = sha256()
    while chunk := stream.read(_CHUNK_BYTES):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


def _marked_events(events: Iterator[Event]) -> Iterator[Event]:
    """Add the doubts that follow an article to its tags."""
    article: Article | None = None
    doubts: list[Doubt] = []
    try:
        for event in events:
            if isinstance(event, Doubt) and article is not None:
                doubts.append(event)
                continue
            yield from _doubted_article(article, doubts)
            article, doubts = (event, []) if isinstance(event, Article) else (None, [])
            if article is None:
                yield event
    except GeneratorExit:
        raise
    except BaseException:  # keep the article read before the error
        yield from _doubted_article(article, doubts)
        raise
    yield from _doubted_article(article, doubts)


def _doubted_article(article: Article | None, doubts: Sequence[Doubt]) -> Iterator[Event]:
    if article is not None:
        causes = [custom_tag(DOUBTFUL, one.cause) for one in doubts if one.cause]
        yield replace(article, tags=tuple(dict.fromkeys((*article.tags, *causes)))) if causes else article
        yield from doubts


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"\x1f\x8b", ".gz"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"!BDN", ".pst"),
    (b"WARC/", ".warc"),
    (b"{\\rtf", ".rtf"),
    (b"WEBVTT", ".vtt"),
)
#: Endings of zip-based formats, and of compound files (MS-CFB).
_ZIPS = frozenset({
    ".zip", ".docx", ".epub", ".wacz", ".odt", ".ott", ".ods", ".odp", ".xlsx", ".xlsm", ".xlsb", ".pptx",
    ".ppsx", ".pages",
})  # fmt: skip
_COMPOUND = frozenset({".doc", ".dot", ".xls", ".ppt", ".pps", ".msg", ".docx", ".xlsx", ".pptx"})
#: New formats that are often saved with the ending of their predecessor.
_SUCCESSORS = {".doc": ".docx", ".dot": ".docx", ".xls": ".xlsx", ".ppt": ".pptx"}
_BINARY = frozenset({".pdf", ".rtf", *_ZIPS, *_COMPOUND})
#: Compressed files keep their ending, which decides how they are opened.
_COMPRESSED_ENDINGS = frozenset({".gz", ".tgz", ".warc"})
_ROOTS = (
    (re.compile(rb"<(?:\w+:)?nitf\b", re.I), ".nitf"),
    (re.compile(rb"<(?:\w+:)?(?:newsMessage|newsItem|packageItem|knowledgeItem|NewsML)\b"), ".newsml"),
    (re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I), ".rss"),
    (re.compile(rb"<(?:\w+:)?(?:tt\s[^>]*ns/ttml|tt>|timedtext\b|transcript>\s*<text\s)"), ".ttml"),
    (re.compile(rb"<article\b[^>]*>\s*<front\b"), ".xml"),
    (re.compile(rb"<html\b", re.I), ".html"),
    (re.compile(rb"\A\s*<(?:div|p|article|section|span)\b", re.I), ".html"),  # a fragment of a page
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
#: Headers of every message that was sent.
_SENT_HEADERS = frozenset((b"from", b"to", b"date", b"subject"))
#: The beginning of a saved page, of a feed and of JSON, and signs of an unrendered template.
_PAGE_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--[^>]{0,500}-->\s*)*<(?:!doctype\s+html|html)\b", re.I)
_FEED_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]{0,500}>\s*)*<(?:rss|feed|rdf:RDF)\b")
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"")
_TEMPLATE_CODE = re.compile(rb"<[?%](?!xml)|\{\{|\{%|\$\{")
_MESSAGE = re.compile(
    rb"(?:From|Received|Return-Path|Delivered-To|Subject|Message-ID|MIME-Version|Date):[ \t]", re.I
)
#: Headers that only mail programs write: a plain text may begin with "From:" and "Subject:" as well.
_MAIL_PROGRAM_HEADER = re.compile(
    rb"^(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|X-Original-To|DKIM-Signature):[ \t]",
    re.I | re.M,
)
#: The header lines at the start of a file.
_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*)+")
#: File names in a Maildir (https://cr.yp.to/proto/maildir.html), also with the colon replaced.
_MAILDIR = re.compile(r"^.+[:;!_]2,[A-Za-z]*$")
#: JavaScript files in Twitter archives that contain JSON. Other scripts are not read.
_TWITTER_SCRIPT = re.compile(r"tweets?(?:-part\d+)?\.js")


def ending(name: str) -> str:
    """Return the ending of a file name in lower case. For ``.warc.gz`` it is ``.warc``, for mail in folders
    ``.eml``."""
    name = PurePosixPath(name.replace("\\", "/")).name.lower()
    if _MAILDIR.match(name):
        return ".eml"
    if _TWITTER_SCRIPT.fullmatch(name):
        return ".json"
    inner = PurePosixPath(name.removesuffix(".gz")).suffix if name.endswith(".gz") else ""
    suffix = inner if inner in (".warc", ".arc") else PurePosixPath(name).suffix
    return "" if suffix[1:].isdecimal() else suffix  # "mail.1" is a numbered or rotated file


def detect_ending(head: bytes, suffix: str) -> str:
    """Return the ending that fits the first bytes: ``suffix`` if it is plausible or nothing better is
    known."""
    for magic, known_suffix in _MAGIC:
        if head.startswith(magic):
            return (
                suffix
                if suffix.endswith(known_suffix) or suffix in _COMPRESSED_ENDINGS | {".arc"}
                else known_suffix
            )
    if head.startswith(b"PK\x03\x04"):
        return suffix if suffix in _ZIPS | _ADVICE.keys() else _SUCCESSORS.get(suffix, ".zip")
    if head.startswith(_OLE):
        return suffix if suffix in _COMPOUND else ".doc"
    if head[257:262] == b"ustar":
        return ".tar"
    if suffix in _BINARY and _HTML.search(head[:500]):
        return ".html"  # an error page saved under the name of the requested file
    for recognise in plugins.load("searcher.recognisers").values():
        if known_suffix := recognise(head, suffix):
            return cast(str, known_suffix)
    if suffix == ".xml":
        return next((known_suffix for root, known_suffix in _ROOTS if root.search(head)), suffix)
    if suffix in (".htm", ".html") and _FEED_START.match(head):
        return ".rss"  # a feed saved from a browser
    if suffix in (".htm", ".html", ".txt", "") and head.startswith(b"From ") and _MESSAGE.search(head):
        return ".mbox"
    if suffix in (".txt", ".text", "") and _is_message(head):
        return ".eml"
    if suffix in (".txt", ".text", ".eml") and _PAGE_START.match(head):
        return ".html"
    if suffix == ".eml" and _JSON_START.match(head):
        return ".json"
    if suffix and suffix not in _readers() and suffix not in _UNSUPPORTED:
        return _detected_ending(head) or suffix
    return suffix or _guess(head)


def _detected_ending(head: bytes) -> str:
    """Return the ending for first bytes that are unmistakable, otherwise "": "story.php" may be a saved page
    or the script that generates it."""
    headers = _HEADERS.match(head)
    if _is_message(head) or (
        headers and _SENT_HEADERS <= {line.split(b":")[0].lower() for line in headers[0].split(b"\n")}
    ):
        return ".eml"
    return ".html" if _PAGE_START.match(head) and not _TEMPLATE_CODE.search(head) else ""


def _is_message(head: bytes) -> bool:
    """Return True if a text begins with the headers of a message that was sent."""
    headers = _HEADERS.match(head)
    return bool(headers and headers[0].count(b"\n") > 2 and _MAIL_PROGRAM_HEADER.search(headers[0]))


def _guess(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _HTML.search(head):
        return ".html"
    if start.startswith(b"<"):
        return next((suffix for root, suffix in _ROOTS if root.search(head)), "")
    if start.startswith((b"{", b"[")):
        return ".jsonl"
    if _MESSAGE.match(start):
        return ".eml"
    return "" if b"\0" in head else ".txt"


#: Special files by the format in their mode.
SPECIAL_FILES = {
    stat.S_IFIFO: "named pipe", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device",
    stat.S_IFDIR: "folder",
}  # fmt: skip
_PICTURES = frozenset({
    ".gif", ".jpg", ".jpeg", ".png", ".jp2", ".webp", ".heic", ".svg", ".bmp", ".tif", ".tiff", ".djvu",
})  # fmt: skip
#: Unsupported formats that people have among their articles, and advice on converting them.
_ADVICE = {
    ".rar": "Unpack it, or pack it as .zip", ".dbf": "Save it as .csv",
    ".one": "Save it as .docx", ".wpd": "Save it as .docx",
    ".numbers": "Save it as .xlsx",
    ".mobi": "Turn it into .epub (calibre does)",
    ".azw3": "Turn it into .epub (calibre does)",
}  # fmt: skip
#: Endings that are never read, whatever the content.
_UNSUPPORTED = _PICTURES | _ADVICE.keys()


def size_of(path: Path) -> int:
    """Return the size of a file. Raises ReadError for special files: opening a pipe would block forever."""
    state = path.stat()
    if kind := SPECIAL_FILES.get(stat.S_IFMT(state.st_mode)):
        raise ReadError(f"It is a {kind}, and no file.")
    return state.st_size


def unsupported_message(suffix: str) -> str:
    """Return the message for a file with an unsupported extension."""
    if not suffix:
        return "Its format is unknown. If it is text, give it the extension .txt."
    if suffix in _PICTURES:
        return f"It is a picture ({suffix}). Text that it shows can be read from a PDF with text (ocrmypdf)."
    missing = plugins.missing_entries(_GROUP)
    if extra := next((extra for name, extra in missing.items() if suffix in _ENDINGS[name].split()), None):
        return f"Files that end in “{suffix}” need an extension that is not installed: pip install '{extra}'."
    advice = _ADVICE.get(suffix, "If it is text, give it the extension .txt")
    return f"No reader takes files that end in “{suffix}”. {advice}."

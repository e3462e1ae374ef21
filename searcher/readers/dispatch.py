"""The dispatcher: finds the reader for a file, opens what is inside, and finishes every article."""

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
from searcher.errors import Doubt, MissingExtra, ReadError, is_passing
from searcher.fields import DOUBTFUL, tag_of
from searcher.readers.base import MAX_DOCUMENT, Beside, Event, Inside, Options, Reader, get_on
from searcher.readers.containers import Allowance
from searcher.readers.finish import doubt, finish

Factory = Callable[[Options], Reader]

#: How deep archives may stand within archives.
MAX_NESTING = 4
#: Bytes of a member of an archive that are held in memory, one for each level; a larger one goes to a file.
_MAX_BYTES_IN_MEMORY = 32 * 2**20
_CHUNK_BYTES = 2**20  # bytes read at a time


_GROUP = "searcher.readers"
#: The endings that each built-in reader takes, so that one is imported when a file needs it.
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
    """The name of the reader for each ending; an installed one overrules a built-in one."""
    own = {suffix: name for name in plugins.built_in_entries(_GROUP) for suffix in _ENDINGS[name].split()}
    return own | {
        suffix: name
        for name in plugins.installed_entries(_GROUP)
        for suffix in plugins.find(_GROUP, name).suffixes
    }


def _factory(suffix: str) -> Factory:
    return cast(Factory, plugins.find(_GROUP, _readers()[suffix]))


def suffixes() -> frozenset[str]:
    """The endings of file names that some reader takes, with the dot, in lower case."""
    return frozenset(_readers())


def file_of(origin: str) -> Path:
    """The file on the disk that an origin names: up to the first “!” behind a name that some reader takes."""
    parts = origin.split("!")
    files = (Path("!".join(parts[:number])) for number in range(1, len(parts)))
    return next((file for file in files if ending(file.name) in _readers()), Path(origin))


def takes(path: Path) -> bool:
    """Whether some reader takes a file, by its ending, or, where that is unknown or none, by its first bytes:
    a saved “story.php”."""
    suffix = ending(path.name)
    if suffix in _readers() or suffix in _OTHERS:
        return suffix in _readers()
    try:
        size_of(path)
        with path.open("rb") as stream:
            return by_content(stream.read(4096), suffix) in _TELLING
    except (OSError, ReadError):
        return False


#: What a file without an ending may be, told by its first bytes.
_TELLING = frozenset({".eml", ".mbox", ".html", ".pdf", ".warc", ".rtf"})


class Dispatcher:
    """Reads one file, with all that it contains."""

    def __init__(self, mapping: Mapping[str, str] | None = None, ocr: str | None = None) -> None:
        self._mapping = dict(mapping or {})
        self._ocr = ocr
        self._folder: Path | None = None
        self._allowance = Allowance(0)
        self._lying = dict[str, Beside]()  # what lies beside a file within it, by its origin
        self._given = set[str]()  # the digests of files within it that gave articles

    def file(self, path: Path) -> Iterator[Event]:
        try:
            size = size_of(path)
            with path.open("rb", buffering=0) as stream:
                _refuse_large(path.name, size)
                self._folder = path.parent
                self._allowance = Allowance(size)
                bounded = io.BufferedReader(_AsOpened(stream), _CHUNK_BYTES)
                digest = _digest(bounded)
                yield from self._read(path.name, bounded, str(path), digest, 0)
        except ReadError as error:
            yield error
        except OSError as error:
            yield ReadError(f"It cannot be opened ({error.strerror or error}).", passing=is_passing(error))

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
                yield ReadError("There is no article in it.")
        except ReadError as error:
            yield error
        except ImportError as error:
            yield MissingExtra(
                f"A package that reading this needs is missing or broken ({error}). The file may be sound: "
                "install Searcher again, with all that it depends on, and index it once more."
            )
        except Exception as error:  # noqa: BLE001
            # Parsers of other people's formats raise whatever they like on broken files (KeyError,
            # struct.error, RecursionError, …); one file must not stop a run over thousands.
            said = f"{type(error).__name__}: {' '.join(str(error).split())}"
            if is_passing(error):
                yield ReadError(f"The system refused to read it ({said}).", passing=True)
            else:
                yield ReadError(f"It is damaged or not what its name says ({said}).")

    def _finished_events(self, events: Iterator[Event], origin: str, digest: str) -> Iterator[Event]:
        for event in events:
            if not isinstance(event, Article) or event.cleaner:  # it came out of a container
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
        chosen = by_content(head, suffix)
        if chosen not in _readers():
            raise ReadError(unknown(chosen))
        beside = self._lying.get(origin) or self._files_beside(depth)
        options = Options(self._mapping, self._inside(origin, depth), beside, self._ocr)
        return _factory(chosen)(options)

    def _inside(self, origin: str, depth: int) -> Inside:
        def inside(name: str, stream: BinaryIO, beside: Beside | None = None, /) -> Iterator[Event]:
            suffix = ending(name)
            if suffix and suffix not in _readers():
                return  # pictures and style sheets lie beside the articles of every archive
            with _seekable(stream, self._allowance) as copy:
                digest = _digest(copy)
                if digest in self._given:
                    return  # the same file once more gives the same articles
                place = f"{origin}!{encodable(name)}"
                if beside:
                    self._lying[place] = beside
                for event in self._read(name, copy, place, digest, depth + 1):
                    yield event
                    if isinstance(event, Article):
                        self._given.add(digest)

        return inside

    def _files_beside(self, depth: int) -> Beside:
        """What lies beside a file on the disk; in an archive the archive knows it."""

        def beside(name: str) -> bytes | None:
            path = self._folder / name if self._folder is not None and depth == 0 else None
            if path is None or not path.is_file() or path.stat().st_size > MAX_DOCUMENT:
                return None
            around = self._folder.parent if self._folder and _LISTS.match(name) else self._folder
            if around is None or not path.resolve().is_relative_to(around.resolve()):
                return None  # a link that leads to somewhere else
            return path.read_bytes()

        return beside


#: What a sitting may ask for in the folder above: the lists of its corpus, which has a folder for each year.
_LISTS = re.compile(r"\.\./[\w-]+-list(?:Person|Org)\.xml$")


def _refuse_large(name: str, size: int) -> None:
    """Raises ReadError for a file that its reader would refuse anyway: to read 3 GB takes a while."""
    suffix = ending(name)
    if size > MAX_DOCUMENT and suffix in _readers() and getattr(_factory(suffix), "whole", False):
        raise ReadError(f"It is larger than {MAX_DOCUMENT // 2**20} MB, too large for one document.")


class _AsOpened(io.RawIOBase):
    """A file up to where it ended when it was opened: one that grows would never be read to its end."""

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
        get_on()
        left = max(0, self._size - self._file.tell())
        return self._file.readinto(memoryview(buffer)[:left])


def encodable(name: str) -> str:
    """A name in an archive, without what stands for bytes that are no text."""
    return name.encode("utf-8", "replace").decode()


def _seekable(stream: BinaryIO, allowance: Allowance) -> BinaryIO:
    """A copy of ``stream`` that can be read twice, on disk if it is large. Raises ReadError for too much."""
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
    except BaseException:  # whatever stops it, nothing of it is left on the disk
        copy.close()
        raise
    copy.seek(0)
    return copy


def _digest(stream: BinaryIO) -> str:
    """The SHA-256 of ``stream``, which is wound back."""
    digest = sha256()
    while chunk := stream.read(_CHUNK_BYTES):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


def _marked_events(events: Iterator[Event]) -> Iterator[Event]:
    """The same events, each article with the doubts that follow it as its tags."""
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
    except BaseException:  # what was read before is kept
        yield from _doubted_article(article, doubts)
        raise
    yield from _doubted_article(article, doubts)


def _doubted_article(article: Article | None, doubts: Sequence[Doubt]) -> Iterator[Event]:
    if article is not None:
        told = [tag_of(DOUBTFUL, one.cause) for one in doubts if one.cause]
        yield replace(article, tags=tuple(dict.fromkeys((*article.tags, *told)))) if told else article
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
#: Endings of what is packed as a zip file, and of compound files (MS-CFB).
_ZIPS = frozenset({
    ".zip", ".docx", ".epub", ".wacz", ".odt", ".ott", ".ods", ".odp", ".xlsx", ".xlsm", ".xlsb", ".pptx",
    ".ppsx", ".pages",
})  # fmt: skip
_COMPOUND = frozenset({".doc", ".dot", ".xls", ".ppt", ".pps", ".msg", ".docx", ".xlsx", ".pptx"})
#: What a file of an old office program is where its bytes are those of the new one.
_SUCCESSORS = {".doc": ".docx", ".dot": ".docx", ".xls": ".xlsx", ".ppt": ".pptx"}
_BINARY = frozenset({".pdf", ".rtf", *_ZIPS, *_COMPOUND})
#: Compressed files keep the ending by which they are opened.
_PACKED = frozenset({".gz", ".tgz", ".warc"})
_ROOTS = (
    (re.compile(rb"<(?:\w+:)?nitf\b", re.I), ".nitf"),
    (re.compile(rb"<(?:\w+:)?(?:newsMessage|newsItem|packageItem|knowledgeItem|NewsML)\b"), ".newsml"),
    (re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I), ".rss"),
    (re.compile(rb"<(?:\w+:)?(?:tt\s[^>]*ns/ttml|tt>|timedtext\b|transcript>\s*<text\s)"), ".ttml"),
    (re.compile(rb"<article\b[^>]*>\s*<front\b"), ".xml"),
    (re.compile(rb"<html\b", re.I), ".html"),
    (re.compile(rb"\A\s*<(?:div|p|article|section|span)\b", re.I), ".html"),  # a part of a page
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
#: Headers that every message has which was sent.
_SENT = frozenset((b"from", b"to", b"date", b"subject"))
#: How a saved page begins, a feed, and what stands in a page that is still to be made.
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--[^>]{0,500}-->\s*)*<(?:!doctype\s+html|html)\b", re.I)
_FEED = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]{0,500}>\s*)*<(?:rss|feed|rdf:RDF)\b")
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"")
_MADE = re.compile(rb"<[?%](?!xml)|\{\{|\{%|\$\{")
_MESSAGE = re.compile(
    rb"(?:From|Received|Return-Path|Delivered-To|Subject|Message-ID|MIME-Version|Date):[ \t]", re.I
)
#: Headers that only programs write: a text that begins with “From:” and “Subject:” need be no message.
_TRAVELLED = re.compile(
    rb"^(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|X-Original-To|DKIM-Signature):[ \t]",
    re.I | re.M,
)
#: Lines as headers have them, the first ones of a file.
_HEADERS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*)+")
#: How a name ends in a folder of mail (https://cr.yp.to/proto/maildir.html), or where names have no colon.
_MAILDIR = re.compile(r"^.+[:;!_]2,[A-Za-z]*$")
#: JSON with some JavaScript before it, in an archive of Twitter; any other script is none.
_TWEETS = re.compile(r"tweets?(?:-part\d+)?\.js")


def ending(name: str) -> str:
    """The ending of a file's name, in lower case; of what its reader unpacks the one before."""
    name = PurePosixPath(name.replace("\\", "/")).name.lower()
    if _MAILDIR.match(name):
        return ".eml"
    if _TWEETS.fullmatch(name):
        return ".json"
    inner = PurePosixPath(name.removesuffix(".gz")).suffix if name.endswith(".gz") else ""
    suffix = inner if inner in (".warc", ".arc") else PurePosixPath(name).suffix
    return "" if suffix[1:].isdecimal() else suffix  # “mail.1” is the first of several, or the older one


def by_content(head: bytes, suffix: str) -> str:
    """The ending that ``head`` calls for, or ``suffix`` where it is plausible or nothing better is known."""
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return suffix if suffix.endswith(found) or suffix in _PACKED | {".arc"} else found
    if head.startswith(b"PK\x03\x04"):
        return suffix if suffix in _ZIPS | _ADVICE.keys() else _SUCCESSORS.get(suffix, ".zip")
    if head.startswith(_OLE):
        return suffix if suffix in _COMPOUND else ".doc"
    if head[257:262] == b"ustar":
        return ".tar"
    if suffix in _BINARY and _HTML.search(head[:500]):
        return ".html"  # a server's page saved under the name of what was asked for
    for recognise in plugins.load("searcher.recognisers").values():
        if found := recognise(head, suffix):
            return cast(str, found)
    if suffix == ".xml":
        return next((found for root, found in _ROOTS if root.search(head)), suffix)
    if suffix in (".htm", ".html") and _FEED.match(head):
        return ".rss"  # saved from a browser, which shows it like a page
    if suffix in (".htm", ".html", ".txt", "") and head.startswith(b"From ") and _MESSAGE.search(head):
        return ".mbox"
    if suffix in (".txt", ".text", "") and _is_message(head):
        return ".eml"
    if suffix in (".txt", ".text", ".eml") and _PAGE.match(head):
        return ".html"
    if suffix == ".eml" and _JSON.match(head):
        return ".json"
    if suffix and suffix not in _readers() and suffix not in _OTHERS:
        return _told_ending(head) or suffix
    return suffix or _guess(head)


def _told_ending(head: bytes) -> str:
    """The ending that the first bytes call for beyond doubt, "" where they do not: “story.php” may be a page
    that was saved, or what makes one."""
    headers = _HEADERS.match(head)
    if _is_message(head) or (
        headers and _SENT <= {line.split(b":")[0].lower() for line in headers[0].split(b"\n")}
    ):
        return ".eml"
    return ".html" if _PAGE.match(head) and not _MADE.search(head) else ""


def _is_message(head: bytes) -> bool:
    """Whether a text begins with the headers of a message that was sent."""
    headers = _HEADERS.match(head)
    return bool(headers and headers[0].count(b"\n") > 2 and _TRAVELLED.search(headers[0]))


def _guess(head: bytes) -> str:
    """For names without an ending."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _HTML.search(head):
        return ".html"
    if start.startswith(b"<"):
        return next((found for root, found in _ROOTS if root.search(head)), "")
    if start.startswith((b"{", b"[")):
        return ".jsonl"
    if _MESSAGE.match(start):
        return ".eml"
    return "" if b"\0" in head else ".txt"


#: What stands among files and is none, by its format (the mode of a file has it).
SPECIAL = {
    stat.S_IFIFO: "named pipe", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device",
    stat.S_IFDIR: "folder",
}  # fmt: skip
_PICTURES = frozenset({
    ".gif", ".jpg", ".jpeg", ".png", ".jp2", ".webp", ".heic", ".svg", ".bmp", ".tif", ".tiff", ".djvu",
})  # fmt: skip
#: Kinds of files that people have among their articles, and what to do about them.
_ADVICE = {
    ".rar": "Unpack it, or pack it as .zip", ".dbf": "Save it as .csv",
    ".one": "Save it as .docx", ".wpd": "Save it as .docx",
    ".numbers": "Save it as .xlsx",
    ".mobi": "Turn it into .epub (calibre does)",
    ".azw3": "Turn it into .epub (calibre does)",
}  # fmt: skip
#: Endings of what is nothing that is read, whatever it holds.
_OTHERS = _PICTURES | _ADVICE.keys()


def size_of(path: Path) -> int:
    """The bytes of a file. Raises ReadError for what is none: to open a pipe waits for ever."""
    state = path.stat()
    if kind := SPECIAL.get(stat.S_IFMT(state.st_mode)):
        raise ReadError(f"It is a {kind}, and no file.")
    return state.st_size


def unknown(suffix: str) -> str:
    """What to say of a file that ends in ``suffix``, which no reader takes."""
    if not suffix:
        return "Its format is unknown. If it is text, let its name end in .txt."
    if suffix in _PICTURES:
        return f"It is a picture ({suffix}). Text that it shows can be read from a PDF with text (ocrmypdf)."
    advice = _ADVICE.get(suffix, "If it is text, let its name end in .txt")
    return f"No reader takes files that end in “{suffix}”. {advice}."

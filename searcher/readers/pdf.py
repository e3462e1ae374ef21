"""PDF: the text of the pages, without running heads, its lines joined to paragraphs."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from searcher.article import Article
from searcher.errors import MissingExtra, ReadError
from searcher.files import temporary_folder
from searcher.readers import bylines, dates
from searcher.readers.base import Event, Options, optional, whole
from searcher.readers.exports import articles_of, may_be_export
from searcher.readers.programs import installed, run
from searcher.readers.text import article_from_text

# It complains to stderr of every slight fault that it mends.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_PICTURES = (
    "It holds pictures of text, but no text. Index it with --ocr eng (or another language): ocrmypdf then "
    "recognises the text (apt install ocrmypdf, brew install ocrmypdf)."
)
#: Seconds that recognising a document may take: some seconds a page.
_MAX_OCR_SECONDS = 3000
#: Longer documents are books or dumps; their first pages are read.
MAX_PAGES = 1000
#: Bytes to which a stream may unpack, and what may stand in one: a page of text has a thousandth of each, a
#: map some tenths.
_MAX_UNPACKED, _MAX_WORK = 16 * 2**20, 500_000
#: What pypdf calls the first of these bounds for each of its filters.
_UNPACKED = tuple(
    f"{kind}_maximum_output_length" for kind in ("array_based_stream", "lzw", "run_length", "zlib", "brotli")
)


class PdfReader:
    """``.pdf``, with pypdf (extra ``pdf``), one article a file."""

    suffixes: tuple[str, ...] = (".pdf",)
    whole = True

    def __init__(self, options: Options) -> None:
        self._languages = options.ocr

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        data = whole(stream)
        text, meta = _content(data)
        if _is_scan(text):
            if self._languages is None:
                raise ReadError(_PICTURES)
            text, _ = _content(_recognised(data, self._languages))
            if _is_scan(text):
                raise ReadError("It holds pictures in which no text was recognised.")
        exported = articles_of(text.split("\n")) if may_be_export(text) else None
        if exported is not None:
            yield from exported
        else:
            yield _article(text, meta)


def _content(data: bytes) -> tuple[str, Mapping[str, Any]]:
    """Return the text of a document and what it says of itself. Raises ReadError."""
    pypdf = optional("pypdf", "pdf")
    errors = optional("pypdf.errors", "pdf")
    try:
        with _bounded(pypdf):
            document = pypdf.PdfReader(BytesIO(data))
            if document.is_encrypted and not document.decrypt(""):
                raise ReadError("It is encrypted: save it without a password.")
            limit = getattr(errors, "LimitReachedError", errors.PyPdfError)
            pages = [_page_text(page, limit) for page in document.pages[:MAX_PAGES]]
            if None in pages and not any(pages):
                raise ReadError("Its pages hold more than can be read.")
            return _text([page or "" for page in pages]), document.metadata or {}
    except (errors.FileNotDecryptedError, errors.DependencyError):
        raise ReadError("It is encrypted: save it without a password.") from None
    except errors.PyPdfError as error:
        raise ReadError(f"The PDF is damaged or cut short ({error}).") from None


def _page_text(page: Any, limit: type[Exception]) -> str | None:
    """The text of a page, None of one that holds too much: a map in a report, say."""
    try:
        return page.extract_text() or ""
    except limit:
        return None


def _bounded(pypdf: Any) -> AbstractContextManager[Any]:
    """The bounds of pypdf, lower: its own let one page take gigabytes."""
    if not hasattr(pypdf, "apply_configuration"):
        return nullcontext()
    bounds = dict.fromkeys(_UNPACKED, _MAX_UNPACKED) | {"stream_parsing_work_maximum_count": _MAX_WORK}
    known = pypdf.Configuration.__dataclass_fields__
    kept = {name: bound for name, bound in bounds.items() if name in known}
    return pypdf.apply_configuration(**kept)  # type: ignore[no-any-return]


def _is_scan(text: str) -> bool:
    return len(re.findall(r"\w", text)) < 30


def _recognised(data: bytes, languages: str) -> bytes:
    """Return the document with its text recognised. Raises ReadError, and MissingExtra without ocrmypdf."""
    ocrmypdf = installed("ocrmypdf")
    if ocrmypdf is None:
        raise MissingExtra("--ocr needs ocrmypdf: apt install ocrmypdf, or brew install ocrmypdf.")
    with temporary_folder() as folder:
        scan, made = Path(folder, "scan.pdf"), Path(folder, "made.pdf")
        scan.write_bytes(data)
        options = ("--skip-text", "--quiet", "--jobs", "1", "--output-type", "pdf", "-l", languages)
        run([ocrmypdf, *options, str(scan), str(made)], folder, _MAX_OCR_SECONDS)
        return made.read_bytes()


def _text(pages: Sequence[str]) -> str:
    """The pages without the lines that recur at their edges and without page numbers."""
    split = [[line.rstrip() for line in page.split("\n")] for page in pages]
    edges = Counter(_plain(line) for lines in split for line in {*lines[:2], *lines[-2:]} if line.strip())
    recurring = {line for line, count in edges.items() if len(pages) > 2 and count > len(pages) / 2}
    out: list[str] = []
    for lines in split:
        kept = [
            line
            for line in lines
            if _plain(line) not in recurring and not re.fullmatch(r"\W*\d{1,4}\W*", line)
        ]
        if out and kept and out[-1] and not re.search(r"[.!?:”\"]$", out[-1]):
            out.extend(kept)  # a sentence that runs on over the page
        else:
            out.extend(["", *kept])
    return re.sub(r"(?<=[^\W\d_])[-\u00ad\u2010]\n(?=[^\W\d_])", _hyphen, "\n".join(out))


def _plain(line: str) -> str:
    """A running head with its page number left out."""
    return re.sub(r"\d+", "#", line.strip())


def _hyphen(found: re.Match[str]) -> str:
    following = found.string[found.end()]
    return "" if following.islower() else found[0].rstrip("\n")


def _article(text: str, meta: Any) -> Article:
    article = article_from_text(text)
    title = str(meta.get("/Title") or "")
    if re.search(r"^microsoft word|\.(?:docx?|pdf|indd|qxd)$|^untitled|^\W*$", title, re.I):
        title = ""
    named = title and len(title) > 8
    body = article.body
    if named and article.title and article.title.casefold() not in title.casefold():
        body = f"{article.title}\n\n{body}"
    return replace(
        article,
        title=title if named else article.title,
        body=body,
        authors=article.authors or bylines.names(str(meta.get("/Author") or "")),
        published=article.published or dates.parse(str(meta.get("/CreationDate") or "").removeprefix("D:")),
    )

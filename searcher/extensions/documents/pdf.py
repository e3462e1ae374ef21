"""Read PDF files: join the lines of the pages to paragraphs, without running heads."""

from __future__ import annotations

import datetime as dt
import importlib
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from heapq import nlargest
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from searcher.article import Article
from searcher.errors import Doubt, MissingExtra, ReadError
from searcher.files import temporary_folder
from searcher.readers import bylines, dates
from searcher.readers.base import (
    Event,
    FormatReader,
    import_optional,
    installed_program,
    read_whole,
    run_program,
)
from searcher.readers.downloads import articles_in_text
from searcher.readers.encodings import decode
from searcher.readers.passage import Passage, find_passage
from searcher.readers.text import article_from_text, date_in_file_name, is_date

# It logs every small fault that it repairs.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_SCAN = (
    "It holds pictures of text, but no text. Index it with --ocr eng (or another language): ocrmypdf then "
    "recognises the text (apt install ocrmypdf, brew install ocrmypdf)."
)
_GLYPH_CODES = (
    "Its letters are coded in a way of its own. Install pdftotext, which knows more of them (apt install "
    "poppler-utils, brew install poppler), or index it with --ocr eng (or another language)."
)
_GLYPHS = re.compile(r"/[A-Za-z]{1,4}\d{1,4}\b|\(cid:\d+\)|/g\d+|/uni[0-9A-F]{4}|\s|\ufffd")
#: Single letters surrounded by blanks, and the blanks between them.
_SINGLE = re.compile(r"(?<!\S)[^\W\d_](?= )")
_SINGLE_BLANK = re.compile(r"(?<=\S) (?=\S)")
_BROWSER = re.compile(r"Skia/PDF|Chrom(?:e|ium)|Mozilla|Firefox|Safari|wkhtmltopdf|Edg/|WebKit", re.I)
#: The line that browsers print above a page: "11/29/26, 10:15 AM  Ferry to sail again".
_STAMP = re.compile(r"\s*\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4},?\s+(?:\d{1,2}[:.]\d\d|um \d)")
#: Lines at the edges of a printed page that may hold its address; maximum lines of menus above a headline;
#: lines below it that may hold day and byline; maximum length of these; minimum letters of a headline in a
#: line.
_EDGE_LINES, _MENU_LINES, _HEAD_LINES, _MAX_LINE_CHARACTERS, _MIN_HEADLINE_LETTERS = 3, 150, 12, 120, 12
#: Pages examined for font sizes; minimum size of a headline relative to the text, and of its second line
#: relative to its first; maximum length of a headline; maximum number of sizes tried.
_SIZED_PAGES, _MIN_RATIO, _MIN_RATIO_BELOW, _MAX_HEADLINE_CHARACTERS, _MAX_SIZES = 3, 1.15, 0.85, 250, 10
#: Characters at the start of a document that must include its title, and lines that may hold its day.
_TITLE_CHARACTERS, _DAY_LINES = 3_000, 40
#: Titles made by programs, and the maximum length of a title too short to be informative.
_NO_TITLE = re.compile(
    r"^microsoft word|\.(?:docx?|pdf|indd|qxd)$|^\W*untitled|^\W*anonymous\W*$|^\W*$", re.I
)
_MIN_TITLE_CHARACTERS = 8
#: Words before the day of the document itself.
_DATE_LABEL = re.compile(
    r"\b(?:date[d]?|published|issued|released?|posted|datum|veröffentlicht|stand|publié|fecha|data)\b", re.I
)
#: Maximum seconds for OCR, which takes a few seconds per page. Below the worker's limit of an hour.
_MAX_OCR_SECONDS = 3500
#: Maximum number of pages read. Longer documents are books or dumps.
MAX_PAGES = 1000
#: Maximum unpacked size of a stream (for LZW, which pypdf unpacks byte by byte, less) and maximum items in
#: it. A page of text has a thousandth, a map a few tenths.
_MAX_UNPACKED_BYTES, _MAX_LZW_BYTES, _MAX_ITEMS = 16 * 2**20, 4 * 2**20, 500_000
#: Names of the same limit for pypdf's other filters.
_UNPACKED = tuple(
    f"{kind}_maximum_output_length" for kind in ("array_based_stream", "run_length", "zlib", "brotli")
)


class PdfReader(FormatReader):
    """Reads ``.pdf`` with pypdf (extra ``pdf``), one article per file."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        data = read_whole(stream)
        content = _content(data)
        if _is_scan(content.text) or _is_coded(content.text):
            content = replace(content, text=self._recover_text(data, content.text))
        yield from articles_in_text(content.text) or _article(content, origin)
        if content.unread:
            yield Doubt(
                f"{content.unread:,} of its {content.pages:,} pages are damaged or hold too much to be read.",
                cause="Some of its pages are damaged or hold too much to be read.",
            )

    def page_number(self, data: bytes, passage: Passage) -> int:
        """Return the number of the page with a passage, from 1, or 0 if it is not found. Raises ReadError."""
        with _open_document(data) as document:
            count = min(len(document.pages), MAX_PAGES)
            guess = passage.start * count // max(1, len(passage.body))
            page_numbers = sorted(range(count), key=lambda number: abs(number - guess))[:_MAX_SEARCHED_PAGES]
            texts = {number: _page_text(document, number, []) or "" for number in page_numbers}
        exact, loose = (
            [n for n, text in texts.items() if find_passage(text, passage, without_context=a)]
            for a in (False, True)
        )
        return next(iter((*exact, *loose)), -1) + 1

    def _recover_text(self, data: bytes, text: str) -> str:
        """Return the text of scanned pages or of encoded letters. Raises ReadError."""
        if _is_coded(text) and (program := installed_program("pdftotext")):
            with temporary_folder() as folder:
                path = Path(folder, "coded.pdf")
                path.write_bytes(data)
                text = decode(run_program([program, "-enc", "UTF-8", str(path), "-"], folder))
            if not _is_scan(text) and not _is_coded(text):
                return _body(text.split("\f"))
        if self.options.ocr is None:
            raise MissingExtra(_GLYPH_CODES) if _is_coded(text) else ReadError(_SCAN)
        text = _content(_recognised_document(data, self.options.ocr)).text
        if _is_scan(text):
            raise ReadError("It holds pictures in which no text was recognised.")
        return text


@dataclass(frozen=True, slots=True)
class _Content:
    """The text of a document and its metadata. ``unread`` is the number of damaged pages, ``url`` the address
    of a printed web page, ``headline`` the text in the largest letters."""

    text: str
    meta: Mapping[str, Any]
    pages: int = 0
    unread: int = 0
    url: str | None = None
    headline: str = ""


def _content(data: bytes) -> _Content:
    with _open_document(data) as document:
        runs: list[list[tuple[float, str]]] = [[] for _ in range(_SIZED_PAGES)]
        count = min(len(document.pages), MAX_PAGES)
        pages = [_page_text(document, number, runs) for number in range(count)]
        if None in pages and not any(pages):
            raise ReadError("Its pages are damaged, or hold more than can be read.")
        whole = [page or "" for page in pages]
        meta = document.metadata or {}
        url = _address(whole) if _is_printed(meta) else None
        text = _body(whole)
        return _Content(text, meta, len(pages), pages.count(None), url, _largest_text(runs, text))


@contextmanager
def _open_document(data: bytes) -> Iterator[Any]:
    """Open a document with limited resources. Raises ReadError if it is encrypted or damaged."""
    pypdf, errors = import_optional("pypdf", "pdf"), import_optional("pypdf.errors", "pdf")
    try:
        with _bounded_pypdf(pypdf), _cached_fonts():
            document = pypdf.PdfReader(BytesIO(data))
            if document.is_encrypted and not document.decrypt(""):
                raise ReadError("It is encrypted: save it without a password.")
            yield document
    except (errors.FileNotDecryptedError, errors.DependencyError):
        raise ReadError("It is encrypted: save it without a password.") from None
    except errors.PyPdfError as error:
        raise ReadError(f"The PDF is damaged or cut short ({error}).") from None


def _page_text(document: Any, number: int, runs: list[list[tuple[float, str]]]) -> str | None:
    """Return the text of a page, or None if it is damaged. Appends pieces of text with their sizes to
    ``runs``."""
    errors = import_optional("pypdf.errors", "pdf")

    def on_text(text: str, matrix: Any, place: Any, _font: Any, size: float) -> None:
        if text.strip():
            scale = abs(place[3] * matrix[3]) or abs(place[1] * matrix[2])
            runs[number].append((round(size * scale, 1), text))

    try:
        page = document.pages[number]
        return _join_letters(page.extract_text(visitor_text=on_text if number < len(runs) else None) or "")
    except (errors.FileNotDecryptedError, errors.DependencyError, MemoryError):
        raise
    except Exception:  # noqa: BLE001  # other pages may be sound
        return None


#: Maximum number of pages searched for a passage, at a tenth of a second each.
_MAX_SEARCHED_PAGES = 60


def _largest_text(pages: Sequence[Sequence[tuple[float, str]]], text: str) -> str:
    """Return the first lines set in the largest letters, or "" if they are not much larger than the rest."""
    sizes = Counter[float]()
    for size, run in chain.from_iterable(pages):
        sizes[size] += len(run)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    runs = pages[0] if pages else ()
    for largest in nlargest(_MAX_SIZES, {size for size, _ in runs if size > _MIN_RATIO * usual}):
        start = next(n for n, (size, _) in enumerate(runs) if size == largest)
        below = (
            n
            for n in range(start, len(runs))
            if runs[n][0] < max(_MIN_RATIO_BELOW * largest, _MIN_RATIO * usual)
        )
        title = "".join(run for _, run in runs[start : next(below, len(runs))])
        if _MIN_HEADLINE_LETTERS <= len(title) <= _MAX_HEADLINE_CHARACTERS and _is_words(title):
            return _as_lines(title, text[:_TITLE_CHARACTERS])
    return ""


def _as_lines(title: str, text: str) -> str:
    """Return the lines that make up a headline, with their spaces, or ""."""
    rest, lines = _letters(title), list[str]()
    for line in text.split("\n"):
        if (key := _letters(line)) and rest.startswith(key):
            lines.append(line.strip())
            rest = rest.removeprefix(key)
        elif lines:
            break
    return " ".join(" ".join(lines).split())


def _is_words(text: str) -> bool:
    """Return True if a text is mostly letters, unlike "88300 162..177"."""
    return 2 * len(re.findall(r"[^\W\d_]", text)) > len(text)


def _join_letters(text: str) -> str:
    """Join letter-spaced text: "T a l l o w  P o s t"."""
    if len(_SINGLE.findall(text)) < len(text) / 4:
        return text
    lines = (_SINGLE_BLANK.sub("", line) for line in text.split("\n"))
    return "\n".join(" ".join(line.split()) for line in lines)


def _is_coded(text: str) -> bool:
    """Return True if the text consists of glyph codes rather than letters."""
    return 2 * sum(map(len, _GLYPHS.findall(text))) > len(text)


def _is_printed(meta: Mapping[str, Any]) -> bool:
    producer = f"{meta.get('/Producer') or ''} {meta.get('/Creator') or ''}"
    return bool(_BROWSER.search(producer)) and "Google Docs" not in producer


def _address(pages: Sequence[str]) -> str | None:
    counts = Counter(
        address[0]
        for page in pages
        for line in {*page.split("\n")[:_EDGE_LINES], *page.split("\n")[-_EDGE_LINES:]}
        if (address := re.match(r"https?://\S+", line.strip()))
    )
    return counts.most_common(1)[0][0] if counts else None


def _bounded_pypdf(pypdf: Any) -> AbstractContextManager[Any]:
    """Lower pypdf's limits: with its own, one page can take gigabytes."""
    if not hasattr(pypdf, "apply_configuration"):
        return nullcontext()
    bounds = dict.fromkeys(_UNPACKED, _MAX_UNPACKED_BYTES)
    bounds |= {"lzw_maximum_output_length": _MAX_LZW_BYTES, "stream_parsing_work_maximum_count": _MAX_ITEMS}
    known = pypdf.Configuration.__dataclass_fields__
    known_bounds = {name: bound for name, bound in bounds.items() if name in known}
    return pypdf.apply_configuration(**known_bounds)  # type: ignore[no-any-return]


@contextmanager
def _cached_fonts() -> Iterator[None]:
    """Make pypdf read a font once instead of once per page. A Chinese font takes a second."""
    try:
        font = importlib.import_module("pypdf.generic._font").Font
        made = font.__dict__["from_font_resource"]
    except (ImportError, AttributeError, KeyError):  # a different version
        yield
        return
    known: dict[int, tuple[Any, Any]] = {}

    def from_font_resource(cls: Any, resource: Any) -> Any:
        if id(resource) not in known:
            known[id(resource)] = resource, made.__func__(cls, resource)
        return known[id(resource)][1]

    font.from_font_resource = classmethod(from_font_resource)
    try:
        yield
    finally:
        font.from_font_resource = made


def _is_scan(text: str) -> bool:
    return len(re.findall(r"\w", text)) < 30


def _recognised_document(data: bytes, languages: str) -> bytes:
    ocrmypdf = installed_program("ocrmypdf")
    if ocrmypdf is None:
        raise MissingExtra("--ocr needs ocrmypdf: apt install ocrmypdf, or brew install ocrmypdf.")
    with temporary_folder() as folder:
        scan, output = Path(folder, "scan.pdf"), Path(folder, "made.pdf")
        scan.write_bytes(data)
        options = ("--skip-text", "--quiet", "--jobs", "1", "--output-type", "pdf", "-l", languages)
        run_program([ocrmypdf, *options, str(scan), str(output)], folder, _MAX_OCR_SECONDS)
        return output.read_bytes()


def _body(pages: Sequence[str]) -> str:
    """Join the pages, without page numbers and lines that recur at the edges."""
    split = [[line.rstrip() for line in page.split("\n")] for page in pages]
    edges = Counter(
        _without_number(line) for lines in split for line in {*lines[:2], *lines[-2:]} if line.strip()
    )
    recurring = {line for line, count in edges.items() if len(pages) > 2 and count > len(pages) / 2}
    out: list[str] = []
    for lines in split:
        body_lines = [
            line
            for line in lines
            if _without_number(line) not in recurring and not re.fullmatch(r"\W*\d{1,4}\W*", line)
        ]
        if out and body_lines and out[-1] and not re.search(r"[.!?:”\"]$", out[-1]):
            out.extend(body_lines)  # the sentence continues on this page
        else:
            out.extend(["", *body_lines])
    return re.sub(r"(?<=[^\W\d_])[-\u00ad\u2010]\n(?=[^\W\d_])", _hyphen, "\n".join(out))


def _without_number(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())


def _hyphen(match: re.Match[str]) -> str:
    following = match.string[match.end()]
    return "" if following.islower() else match[0].rstrip("\n")


def _article(content: _Content, origin: str) -> Iterator[Event]:
    text, meta = content.text, content.meta
    title = str(meta.get("/Title") or "")
    if _is_printed(meta):
        yield _printed_article(text, title, content.url)
        return
    article = article_from_text(text)
    title = _title(title, content.headline, article.title, text)
    body = article.body
    if article.title and article.title.casefold() not in title.casefold():
        body = f"{article.title}\n\n{body}"
    stated = article.published or _day(text) or date_in_file_name(origin)
    created = dates.parse(str(meta.get("/CreationDate") or "").removeprefix("D:"))
    yield replace(
        article,
        title=title,
        body=body,
        authors=article.authors or bylines.file_authors(str(meta.get("/Author") or "")),
        published=stated or created,
    )
    if created and not stated:
        yield Doubt("Its date is that of the file, because the text has none.")


def _title(declared: str, largest: str, first: str, text: str) -> str:
    """Choose a title: the one declared if the document shows it, else the largest text, else the first
    line."""
    if _NO_TITLE.search(declared) or not _is_words(declared) or len(declared) <= _MIN_TITLE_CHARACTERS:
        declared = ""
    beginning = _letters(text[:_TITLE_CHARACTERS])
    own, largest_letters = _letters(declared), _letters(largest)
    if own and own in beginning and (own == largest_letters or own not in largest_letters):
        return declared
    return largest or first or declared


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", unicodedata.normalize("NFKD", text.casefold())))


def _day(text: str) -> dt.datetime | None:
    """Return the day in the first line that is a date or has one after a label."""
    lines = [line for line in text.split("\n") if line.strip()][:_DAY_LINES]
    short = (line for line in lines if len(line) < _MAX_LINE_CHARACTERS)
    days = (
        dates.in_text(line)
        for line in short
        if _DATE_LABEL.search(line) or (is_date(line) and not line[:1].islower())
    )
    return next(filter(None, days), None)


def _printed_article(text: str, title: str, url: str | None) -> Article:
    """Return the article of a printed web page, with its own day rather than that of printing."""
    lines = [
        line
        for line in text.split("\n")
        if not _STAMP.match(line) and not (url and line.strip().startswith(url))
    ]
    headline = re.split(r"\s+[|–—-]\s+", title)[0].strip()
    start = next((n for n, line in enumerate(lines[:_MENU_LINES]) if _is_headline_part(headline, line)), None)
    end = next(
        (
            n
            for n in range(start or 0, _MENU_LINES)
            if not lines[n:] or not _is_headline_part(headline, lines[n])
        ),
        0,
    )
    below = lines[end : end + _HEAD_LINES] if start is not None else lines[:_HEAD_LINES]
    nearby = [*below, *lines[max(0, (start or 0) - 5) : start or 0]]
    days = (
        dates.in_text(line)
        for line in nearby
        if len(line) < _MAX_LINE_CHARACTERS and re.search(r"(?:19|20)\d\d", line)
    )
    bylines_nearby = (bylines.byline(line) for line in nearby)
    while start is not None and lines[end:] and _is_credit(lines[end]):
        end += 1
    article = article_from_text("\n".join(lines[end:] if start is not None else lines))
    return replace(
        article,
        title=headline or article.title,
        body=article.body if headline or not article.title else f"{article.title}\n\n{article.body}",
        url=url,
        authors=article.authors or next(filter(None, bylines_nearby), ()),
        published=dates.in_url(url) or next(filter(None, days), None) or article.published,
    )


def _is_credit(line: str) -> bool:
    day = dates.in_text(line) if len(line) < _MAX_LINE_CHARACTERS / 2 else None
    return not line.strip() or bool(bylines.byline(line) or day)


def _is_headline_part(headline: str, line: str) -> bool:
    key, part = ("".join(re.findall(r"\w", text.casefold())) for text in (headline, line))
    return bool(part) and part in key and (len(part) >= _MIN_HEADLINE_LETTERS or part == key)

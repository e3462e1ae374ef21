"""The file that an article was read from, as it was then, ready to be shown.

It is a stranger's file: it is opened in a process of its own, which is killed when it takes too long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape

from searcher.article import Article
from searcher.errors import ReadError
from searcher.ingest.worker_pool import Pool
from searcher.readers import file_of
from searcher.readers.dispatch import by_content, ending
from searcher.readers.encodings import decode
from searcher.readers.original_bytes import Passage, find, part_of
from searcher.results.versions import Original

#: What opening one may take; somebody waits, and a page is served beside others.
_MAX_SECONDS, _MAX_MEMORY = 20.0, 2**30
_PAGES = frozenset({".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht"})
_TEXTS = frozenset({
    ".txt", ".text", ".md", ".markdown", ".vtt", ".srt", ".sbv", ".ttml", ".dfxp", ".json",
    ".jsonl", ".ndjson", ".otr", ".csv", ".tsv", ".rss", ".atom", ".rdf", ".nitf", ".newsml",
    ".nml", ".xml", ".tei", ".akn", ".eml",
})  # fmt: skip


def original(article: Article, files: Collection[str], start: int = 0, end: int = 0) -> Original:
    """The file of an article; ``files`` are those that gave it. Raises ReadError for none."""
    origin = article.origin
    if not origin or not article.digest or str(file_of(origin)) not in files:
        raise ReadError("No file is known that it came from.")
    wanted = origin, article.digest, Passage(article.body, start, end)
    with Pool(1, _MAX_SECONDS, _MAX_MEMORY) as pool:
        results = [result for _, result in pool.stream(_opened, [wanted], ahead=1)]
    found = [result for result in results if isinstance(result, Original)]
    if not found:
        refused = (result for result in results if isinstance(result, ReadError))
        raise next(refused, ReadError("It cannot be opened here."))
    return found[-1]


#: Characters of a text that are shown: a file of records may have a thousand times as many.
_MAX_SHOWN_CHARACTERS = 300_000


def _opened(wanted: tuple[str, str, Passage]) -> Iterator[Original | ReadError]:
    """Yield the file, and of a PDF then the same with the page of the passage, which may take too long."""
    origin, digest, passage = wanted
    try:
        name, data = part_of(origin, digest)
        suffix = by_content(data[:4096], ending(name))
        if suffix == ".pdf":
            from searcher.readers.pdf import page_of

            yield Original("pdf", name, data)
            page = page_of(data, passage) if passage.end > passage.start else 0
            yield Original("pdf", name, data, page=page, found=page > 0)
        elif suffix in _PAGES or suffix in _TEXTS:
            yield Original("page" if suffix in _PAGES else "text", name, data, *_shown(data, suffix, passage))
        else:
            yield Original("file", name, data)
    except ReadError as error:
        yield error


def _shown(data: bytes, suffix: str, passage: Passage) -> tuple[str, int, bool]:
    """A page, a message or a text as HTML, and whether the passage was found in it."""
    from searcher.readers.html.safe_page import inert
    from searcher.readers.mail import message_text, page_in

    text = message_text(data) if suffix == ".eml" else decode(data)
    if suffix in _PAGES:
        text = page_in(data)[0] if suffix in (".mhtml", ".mht") else text
    else:
        first = max(0, (find(text, passage) or (0, 0))[0] - _MAX_SHOWN_CHARACTERS // 2)
        text = escape(text[first : first + _MAX_SHOWN_CHARACTERS])
        text = f'<pre dir="auto" style="white-space: pre-wrap">{text}</pre>'
    shown, found = inert(text, passage)
    return shown, 0, found

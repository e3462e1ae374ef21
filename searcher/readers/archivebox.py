"""ArchiveBox: a folder for each page, which holds it saved in many ways, and ``index.json``, which names it.

Only the best of the saved pages is read, under the address of the original
(https://docs.archivebox.io/, "Output folder").
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import dates
from searcher.readers.base import Beside
from searcher.readers.decode import decode
from searcher.readers.html import article_from_html

#: The file that says what the folder holds.
INDEX = "index.json"
#: The saved pages, the best first: as a browser showed it, then what other programs made of it.
_PAGES = ("singlefile.html", "output.html", "readability/content.html", "mercury/content.html")
#: One of these beside it tells that ``index.json`` is the one of a page.
_EVIDENCE = ("headers.json", *_PAGES[:2])


def is_snapshot_folder(names: Collection[str]) -> bool:
    """Whether a folder that holds files of these names is one of a page."""
    return INDEX in names and any(name in names for name in _EVIDENCE)


def is_snapshot_at(folder: Path) -> bool:
    """Whether a folder on disk is one of a page; it is not listed."""
    there = [name for name in (INDEX, *_EVIDENCE) if (folder / name).exists()]
    return is_snapshot_folder(there)


def is_snapshot(record: Mapping[str, Any]) -> bool:
    """Whether a record is the ``index.json`` of a page."""
    return {"url", "timestamp"} <= set(record) and bool({"archive_path", "history", "base_url"} & set(record))


def article(record: Mapping[str, Any], beside: Beside) -> Article:
    """The article of a page. Raises ReadError where no saved page holds one."""
    found = next(_articles(str(record["url"]), beside), None)
    if found is None:
        raise ReadError("ArchiveBox has saved no page with an article in it: archive it again.")
    published = found.published or dates.in_url(found.url)
    return replace(found, title=found.title or str(record.get("title") or ""), published=published)


def _articles(url: str, beside: Beside) -> Iterator[Article]:
    for name in _PAGES:
        data = beside(name)
        if data:
            try:
                yield replace(article_from_html(decode(data), url), url=url)
            except ReadError:
                continue

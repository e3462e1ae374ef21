"""Pages of one article that were saved each in a file of its own: they are one article, in their order.

A page tells by its links which one of an article it is (:class:`~searcher.readers.base.ArticlePage`). It is
joined with those that have its title and its day, and share little of its text. What was joined is
remembered page by page, so that one that comes later, is corrected or goes leads to the article of all at
once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from searcher.article import PENDING, Article
from searcher.ingest.ids import ALIKE, COVERED, overlap
from searcher.ingest.sources import Sources
from searcher.readers.base import ArticlePage

#: Pages and captures of an article that are compared with another one, and characters of what is joined: a
#: long read has a tenth of them.
_MOST_PAGES, _MOST_LETTERS = 100, 1_000_000
#: What a title says of the page, in print and programs alike: “Ferry – Page 2 of 3”, “Ferry (2/3)”.
_NUMBERED = re.compile(
    r"\W*\b(?:page|seite|pagina|página|p\.|strana|sivu|sida|side)?\s*\d{1,2}(?:\s*(?:of|von|de|di|sur|/)\s*\d{1,2})?\W*$",
    re.I,
)


class Pages:
    """The pages of articles as they are recorded, and as a run has read them since.

    ``lost`` are files that are gone: what they gave is no part of an article any more.
    """

    def __init__(self, sources: Sources) -> None:
        self.lost: Collection[str] = ()
        self.written: set[str] = set()  # ids of articles that were made of pages
        self._sources = sources
        self._again: set[str] = set()
        self._read: defaultdict[str, list[tuple[str, ArticlePage]]] = defaultdict(list)

    def begin(self, paths: Iterable[str]) -> None:
        """Note that files are read again: what was recorded of them tells no more."""
        self._again.update(paths)

    def note(self, page: ArticlePage, path: str) -> None:
        """Remember a page that a file gave."""
        self._read[page.id].append((path, page))

    def settle(self, paths: Collection[str]) -> None:
        """Forget what is recorded by now."""
        self._again.difference_update(paths)
        for id, pages in list(self._read.items()):
            self._read[id] = [one for one in pages if one[0] not in paths]
            if not self._read[id]:
                del self._read[id]

    def of(self, id: str) -> list[tuple[str, ArticlePage]]:
        """The pages that are known of an article, those of lost files too, each with its file."""
        known = [one for one in self._sources.pages(id=id) if one[0] not in self._again]
        return known + self._read.get(id, [])

    def withdrawn(self, path: str, given: Iterable[ArticlePage]) -> set[str]:
        """The articles of which a file gave a page that it no longer gives."""
        return {page.id for _, page in self._sources.pages(path=path)} - {page.id for page in given}

    def together(self, id: str, page: ArticlePage | None = None) -> tuple[ArticlePage, ...]:
        """The pages of an article in their order, with another one; none where that is no page of it."""
        known = [one for path, one in self.of(id) if path not in self.lost]
        chosen = _fullest(known)
        if page is not None:
            if len(known) > _MOST_PAGES or not all(_fit(page, other) for other in chosen.values()):
                return ()
            chosen = _fullest([*chosen.values(), page])
        fits = sum(len(one.body) for one in chosen.values()) <= _MOST_LETTERS
        return tuple(chosen[number] for number in sorted(chosen)) if fits else ()


def _fullest(pages: Iterable[ArticlePage]) -> dict[int, ArticlePage]:
    """The fullest capture of each page, by its number."""
    return {page.number: page for page in sorted(pages, key=_place)}


def _fit(page: ArticlePage, other: ArticlePage) -> bool:
    """Tell whether two pages are of one article, by title, day and text."""
    days = {one.published.date() for one in (page, other) if one.published}
    if _title(page) != _title(other) or len(days) > 1:
        return False
    shares = overlap(page.body, other.body)
    return max(shares) >= COVERED if page.number == other.number else max(shares) < ALIKE


def joined(pages: Sequence[ArticlePage]) -> Article:
    """One article of pages, to be annotated as a whole where there are several."""
    first = pages[0].plain()
    if len(pages) == 1:
        return first
    return replace(
        first,
        title=first.title if all(page.title == first.title for page in pages) else _unnumbered(first.title),
        body="\n\n".join(page.body for page in pages),
        authors=next((page.authors for page in pages if page.authors), ()),
        published=next((page.published for page in pages if page.published), None),
        tags=tuple(dict.fromkeys(tag for page in pages for tag in page.tags)),
        mentions=(),
        quotes=(),
        places=(),
        contacts=(),
        annotator=PENDING,
    )


def _place(page: ArticlePage) -> tuple[int, int, str]:
    return page.number, len(page.body), page.origin or ""


def _title(page: ArticlePage) -> str:
    return " ".join(_unnumbered(page.title.casefold()).split())


def _unnumbered(title: str) -> str:
    return _NUMBERED.sub("", title) or title

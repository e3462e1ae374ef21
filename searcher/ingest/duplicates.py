"""Choose the id of each article when several files contain articles with the same id.

A later article replaces an earlier one only if both come from the same place: a file, an archive member, or
one feed. The same text in two places is one article. If one of two versions of a page contains nearly all of
the other, the index keeps the fuller one, unless all versions are to be kept. A different text with the same
id gets an id that ends in a digest of its text.

Pages of one article that were saved as separate files (:class:`~searcher.readers.base.ArticlePage`) are
joined if they agree in title and day and share little text. Each page is recorded, so that the joined article
is updated if a page arrives later, changes or disappears.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from operator import attrgetter
from pathlib import Path

from searcher import readers, urls
from searcher.article import PENDING, Article
from searcher.engines.base import Engine
from searcher.errors import IndexDamaged, IndexOutdated
from searcher.ingest.sources import Sources
from searcher.names.rules import publication
from searcher.readers.base import ArticlePage
from searcher.results.versions import DIGEST_DIGITS, MIN_COVERED_SHARE, MIN_VERSION_SHARE, is_digest, overlap


@dataclass(frozen=True, slots=True)
class Version:
    """The data needed to recognise another version of an article. ``body`` is a hash that ignores white
    space, because two file formats of one text differ in it."""

    origin: str | None
    url: str | None
    body: int
    title: str
    authors: tuple[str, ...]
    published: dt.datetime | None
    source: str | None

    @classmethod
    def of(cls, article: Article) -> Version:
        fields = article.title, article.authors, article.published, article.source
        return cls(article.origin, article.url, hash("".join(article.body.split())), *fields)

    def has_same_text(self, other: Version) -> bool:
        """Return True if both have the same text and neither is from a different publication."""
        if self.body != other.body or self.has_same_address(other):
            return self.body == other.body
        return len({publication(one.source) for one in (self, other) if one.source}) < 2

    def has_same_address(self, other: Version) -> bool:
        return bool(self.url and other.url and urls.canonical(self.url) == urls.canonical(other.url))

    def differences(self, other: Version) -> str:
        """List the known fields in which two versions differ, such as “title and day”."""
        values = {
            "title": (self.title.casefold(), other.title.casefold()),
            "author": (self.authors, other.authors),
            "day": (self.published and self.published.date(), other.published and other.published.date()),
            "text": (self.body, other.body),
        }
        names = [name for name, (ours, theirs) in values.items() if ours and theirs and ours != theirs]
        return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))

    def can_replace(self, other: Version) -> bool:
        """Return True if replacing the other version loses no title, author or date."""
        fields = attrgetter("title", "authors", "published")
        return all(theirs in (ours, "", (), None) for ours, theirs in zip(fields(self), fields(other)))


_MAX_TEXTS = 20  # Maximum number of texts per address to compare with.

#: Marks a folder of feeds. Each feed has a folder with one file for every version downloaded.
FEEDS_MARKER = ".feeds.json"


@dataclass(frozen=True, slots=True)
class ResolvedArticle:
    """An article with its final id.

    Attributes:
        copy: The article duplicates ``indexed``.
        write: Write this version to the index.
        neighbour_id: Id of a different text, ``indexed``, with the same address, or "".
        version: The article is another version of ``indexed``, not the same text.
    """

    article: Article
    copy: bool = False
    write: bool = True
    neighbour_id: str = ""
    indexed: Version | None = None
    version: bool = False


@dataclass(slots=True)
class IdResolver:
    """Assigns final ids and detects copies.

    Attributes:
        rebuilding: Ignore what the index holds, because the run replaces it.
        is_only_machine: No other machine indexes files with the same paths.
        deleted: Ids of articles that a user deleted.
        pending: Versions not yet recorded in the list of sources, by id.
        reserved_ids: Ids that no other article may get.
        text: Returns the stored text of an id.
        keeping: Files of which every version is kept.
    """

    engine: Engine
    sources: Sources
    rebuilding: bool = False
    is_only_machine: bool = True
    deleted: Collection[str] = ()
    pending: dict[str, Version] = field(default_factory=dict)
    reserved_ids: Collection[str] = ()
    text: Callable[[str], str] = lambda _: ""
    keeping: Collection[Path] = ()
    # Maps an id to the new ids of other texts that requested it in this run.
    _siblings: dict[str, list[str]] = field(default_factory=dict)

    def resolve_id(self, article: Article, path: Path) -> ResolvedArticle:
        version, requested_id, neighbour = Version.of(article), article.id, None
        article = replace(article, id=self._recorded_id(article.id, version, path))
        if article.id != requested_id:
            first = self.pending.get(requested_id) or self._indexed_version(requested_id)
            neighbour = _same_address(requested_id, first, version)
        known, is_own = self._known_version(article.id, version, path)
        differs = known is not None and not is_own and not known.has_same_text(version)
        may_be_version = differs and path not in self.keeping and article.id not in self.deleted
        if may_be_version and (other_version := self._other_version(article, version)) is not None:
            return other_version
        if differs or article.id in self.deleted:
            neighbour = _same_address(article.id, known, version)
            new_id = self._digested_id(article, version) if differs else article.id
            article = replace(article, id=self._own_id(article.id, version, path) or new_id)
            known, is_own = self._known_version(article.id, version, path)
        # If an interrupted run added this article from the same place, it is read again and is not a copy.
        is_reread = self.rebuilding or (is_own and known is not None and known.origin == version.origin)
        was_read = article.id in self.pending
        copy = known is not None and (was_read or (not is_reread and known.has_same_text(version)))
        neighbour_id, other = neighbour or ("", None)
        original = known if copy else other
        if copy and known is not None and not is_own and not version.can_replace(known):
            return ResolvedArticle(
                article, copy=True, write=False, neighbour_id=neighbour_id, indexed=original
            )
        self.pending[article.id] = version
        if article.id != requested_id:
            self._siblings.setdefault(requested_id, []).append(article.id)
        return ResolvedArticle(article, copy, neighbour_id=neighbour_id, indexed=original)

    def _other_version(self, article: Article, version: Version) -> ResolvedArticle | None:
        """Return the article as another version of one with the same address, or None."""
        indexed = () if self.rebuilding else sorted(self.sources.ids_of_address(article.id))
        for id in list(dict.fromkeys((article.id, *self._siblings.get(article.id, ()), *indexed)))[
            :_MAX_TEXTS
        ]:
            known = self.known_version(id)
            if known is None or known.has_same_text(version) or not version.has_same_address(known):
                continue
            text = self.text(id)
            ours, theirs = overlap(article.body, text)
            if max(ours, theirs) < MIN_COVERED_SHARE:
                continue
            longer = (len(article.body), article.body) > (len(text), text)
            is_own = _updater(known.origin) == _updater(version.origin)
            fuller = is_own or (theirs >= MIN_COVERED_SHARE and (longer or ours < MIN_COVERED_SHARE))
            if fuller:
                self.pending[id] = version
            return ResolvedArticle(
                replace(article, id=id), copy=True, write=fuller, indexed=known, version=True
            )
        return None

    def known_version(self, id: str) -> Version | None:
        """Return the version read in this run or stored in the index."""
        return self.pending.get(id) or (None if self.rebuilding else self._indexed_version(id))

    def keep(self, article: Article) -> None:
        """Record that a file contains the article exactly as the index holds it."""
        self.pending[article.id] = Version.of(article)

    def forget_except(self, ids: Collection[str]) -> None:
        """Forget all versions except these, because the list of sources now has them."""
        self.pending = {id: self.pending[id] for id in ids if id in self.pending}

    def _known_version(self, id: str, version: Version, path: Path) -> tuple[Version | None, bool]:
        """Return the known version of an id, and whether it comes from the same place."""
        read = self.pending.get(id)
        files = self.sources.paths(id)
        gave = str(path) in files
        if read is not None:
            # Two records of one file are different articles, not an article and its correction.
            records = read.origin == version.origin == str(path)
            return read, not records and _updater(read.origin) == _updater(version.origin)
        if gave and (self.rebuilding or len(files) == 1):
            indexed = self._indexed_version(id) if version.origin != str(path) else None
            origin = (indexed and indexed.origin) or version.origin
            is_other_member = origin and origin != version.origin and readers.file_of_origin(origin) == path
            return (indexed if is_other_member else None), False
        indexed = self._indexed_version(id)
        # A file with this path on another machine may contain a different article.
        if indexed is None or gave or not self.is_only_machine:
            return indexed, False
        return indexed, _updater(indexed.origin) == _updater(version.origin)

    def _recorded_id(self, id: str, version: Version, path: Path) -> str:
        """Return the id under which this text is indexed, for a file with several texts per id."""
        for known in self._own_ids(id, path):
            indexed = self._indexed_version(known)
            if indexed is not None and indexed.has_same_text(version):
                return known
        return id

    def _own_ids(self, id: str, path: Path) -> list[str]:
        """Return the ids with a digest that a file received for this id."""
        ids = self.sources.ids_of_address(id, str(path))
        return sorted(one for one in ids if is_digest(one[len(id) + 1 :]))

    def _own_id(self, id: str, version: Version, path: Path) -> str | None:
        """Return the id with a digest that this place used before."""
        for known in self._own_ids(id, path):
            known_version, is_own = self._known_version(known, version, path)
            if known_version is None or is_own or known_version.has_same_text(version):
                return known
        return None

    def _digested_id(self, article: Article, version: Version) -> str:
        """Append the shortest digest of the text that makes the id unique."""
        normalised = "".join((*article.body.split(), publication(article.source or "")))
        content = article.body if version.url else normalised
        digest = sha256(content.encode("utf-8", "replace")).hexdigest()
        suffixes = [f"-{digest[:digits]}" for digits in DIGEST_DIGITS]
        base = next(
            (article.id.removesuffix(one) for one in suffixes if article.id.endswith(one)), article.id
        )
        for suffix in suffixes:
            known = self.pending.get(f"{base}{suffix}") or self._indexed_version(f"{base}{suffix}")
            if f"{base}{suffix}" not in self.reserved_ids and (known is None or known.has_same_text(version)):
                break
        return f"{base}{suffix}"

    def _indexed_version(self, id: str) -> Version | None:
        try:
            indexed = self.engine.get(id)
        except (IndexDamaged, IndexOutdated):
            if not self.rebuilding:
                raise
            return None
        return Version.of(indexed) if indexed else None


def _same_address(id: str, indexed: Version | None, version: Version) -> tuple[str, Version] | None:
    return (id, indexed) if indexed and indexed.has_same_address(version) else None


def _updater(origin: str | None) -> str | None:
    """Return the place that may update an article: the folder of a feed, or the origin itself."""
    folder = Path(origin).parent if origin else None
    if folder is not None and (folder.parent / FEEDS_MARKER).is_file():
        return str(folder)
    return origin


#: Maximum number of pages and captures to compare. Maximum length of a joined article in characters.
_MOST_PAGES, _MOST_LETTERS = 100, 1_000_000
#: A page number at the end of a title: “Ferry – Page 2 of 3”, “Ferry (2/3)”.
_NUMBERED = re.compile(
    r"\W*\b(?:page|seite|pagina|página|p\.|strana|sivu|sida|side)?\s*\d{1,2}(?:\s*(?:of|von|de|di|sur|/)\s*\d{1,2})?\W*$",
    re.I,
)


class Pages:
    """The recorded pages of articles and those read in this run. ``lost``: files that no longer exist."""

    def __init__(self, sources: Sources) -> None:
        self.lost: Collection[str] = ()
        self.written: set[str] = set()  # Ids of articles joined from pages.
        self._sources = sources
        self._again: set[str] = set()
        self._read: defaultdict[str, list[tuple[str, ArticlePage]]] = defaultdict(list)

    def begin(self, paths: Iterable[str]) -> None:
        """Ignore the recorded pages of files that are being read again."""
        self._again.update(paths)

    def note(self, page: ArticlePage, path: str) -> None:
        self._read[page.id].append((path, page))

    def settle(self, paths: Collection[str]) -> None:
        """Forget pages that are now recorded."""
        self._again.difference_update(paths)
        for id, pages in list(self._read.items()):
            self._read[id] = [one for one in pages if one[0] not in paths]
            if not self._read[id]:
                del self._read[id]

    def of(self, id: str) -> list[tuple[str, ArticlePage]]:
        """Return all known pages of an article, including those of lost files, each with its file."""
        known = [one for one in self._sources.pages(id=id) if one[0] not in self._again]
        return known + self._read.get(id, [])

    def removed_ids(self, path: str, current: Iterable[ArticlePage]) -> set[str]:
        """Return the ids of articles whose pages are no longer in the file."""
        return {page.id for _, page in self._sources.pages(path=path)} - {page.id for page in current}

    def joined_pages(self, id: str, page: ArticlePage | None = None) -> tuple[ArticlePage, ...]:
        """Return the pages of an article in order, with ``page``, or () if it does not belong there."""
        known = [one for path, one in self.of(id) if path not in self.lost]
        captures = _longest_captures(known)
        if page is not None:
            if len(known) > _MOST_PAGES or not all(_same_article(page, other) for other in captures.values()):
                return ()
            captures = _longest_captures([*captures.values(), page])
        fits = sum(len(one.body) for one in captures.values()) <= _MOST_LETTERS
        return tuple(captures[number] for number in sorted(captures)) if fits else ()


def _longest_captures(pages: Iterable[ArticlePage]) -> dict[int, ArticlePage]:
    """Return the longest capture of each page, by page number."""
    ordered = sorted(pages, key=lambda page: (page.number, len(page.body), page.origin or ""))
    return {page.number: page for page in ordered}


def _same_article(page: ArticlePage, other: ArticlePage) -> bool:
    """Return True if title, day and text allow two pages to belong to one article."""
    days = {one.published.date() for one in (page, other) if one.published}
    if _title(page) != _title(other) or len(days) > 1:
        return False
    share = max(overlap(page.body, other.body))
    return share >= MIN_COVERED_SHARE if page.number == other.number else share < MIN_VERSION_SHARE


def joined_article(pages: Sequence[ArticlePage]) -> Article:
    """Join pages to one article, to be annotated as a whole if there are several."""
    first = pages[0].plain()
    if len(pages) == 1:
        return first
    return replace(
        first,
        title=first.title if all(page.title == first.title for page in pages) else _bare_title(first.title),
        body="\n\n".join(page.body for page in pages),
        authors=next((page.authors for page in pages if page.authors), ()),
        published=next((page.published for page in pages if page.published), None),
        tags=tuple(dict.fromkeys(tag for page in pages for tag in page.tags)), mentions=(), quotes=(),
        places=(), contacts=(), annotator=PENDING,
    )  # fmt: skip


def _title(page: ArticlePage) -> str:
    return " ".join(_bare_title(page.title.casefold()).split())


def _bare_title(title: str) -> str:
    return _NUMBERED.sub("", title) or title

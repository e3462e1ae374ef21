"""The id under which an article goes into the index, where several files give articles of one id.

An article is replaced only by what its own place gives later: a file, a member of an archive, or all files of
one feed. The same text in two places is one article; of two versions of a page, of which one holds nearly all
of the other, the fuller one stands for both, unless versions are to be kept. Another text under an id is kept
beside it: its id ends in a digest of its text.

Pages of one article that were saved each in a file of its own (:class:`~searcher.readers.base.ArticlePage`)
are joined with those of the same title and day that share little of their text. They are remembered page by
page, so that one that comes later, is corrected or goes leads to the article of all.
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
    """What must be remembered of an article to know another version of it. ``body`` is a hash that
    ignores white space: downloads of one text in two formats differ in it."""

    origin: str | None
    url: str | None
    body: int
    title: str
    authors: tuple[str, ...]
    published: dt.datetime | None
    source: str | None

    @classmethod
    def of(cls, article: Article) -> Version:
        told = article.title, article.authors, article.published, article.source
        return cls(article.origin, article.url, hash("".join(article.body.split())), *told)

    def same_text(self, other: Version) -> bool:
        """Return True if both have the same text, and are not from different publications."""
        if self.body != other.body or self.same_address(other):
            return self.body == other.body
        return len({publication(one.source) for one in (self, other) if one.source}) < 2

    def same_address(self, other: Version) -> bool:
        return bool(self.url and other.url) and urls.canonical(self.url or "") == urls.canonical(
            other.url or ""
        )

    def differs_from(self, other: Version) -> str:
        """What is known of both versions and told otherwise: “title and day”; "" where nothing is."""
        told = {
            "title": (self.title.casefold(), other.title.casefold()),
            "author": (self.authors, other.authors),
            "day": (self.published and self.published.date(), other.published and other.published.date()),
            "text": (self.body, other.body),
        }
        names = [name for name, (ours, theirs) in told.items() if ours and theirs and ours != theirs]
        return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))

    def may_replace(self, other: Version) -> bool:
        """Tell whether this version may stand for the other: nothing known beside the text is lost."""
        known = attrgetter("title", "authors", "published")
        return all(theirs in (ours, "", (), None) for ours, theirs in zip(known(self), known(other)))


_MAX_TEXTS = 20  # of one address that a text is compared with

#: The file that stands where feeds are kept, each in a folder with a file for each time that it had changed.
FEEDS = ".feeds.json"


@dataclass(frozen=True, slots=True)
class ResolvedArticle:
    """An article under its final id; ``copy``: it is given twice, as ``held``; ``write``: this version is for
    the index; ``beside``: the id of another text, ``held``, which stands under its address."""

    article: Article
    copy: bool = False
    write: bool = True
    beside: str = ""
    held: Version | None = None
    version: bool = False  # it is another version of what is held


@dataclass(slots=True)
class IdResolver:
    """Tells copies of an article from others with the same id.

    ``rebuilding``: what the index holds is to be replaced by what is read now. ``alone``: no other machine
    has files of the same paths. ``deleted`` are the ids of articles that were deleted by hand, ``pending``
    the versions that the list of sources does not know yet, by id; ``taken`` are ids that no other may get.
    ``text`` gives the text that is held under an id, and ``keeping`` are files whose versions are all kept.
    """

    engine: Engine
    sources: Sources
    rebuilding: bool = False
    alone: bool = True
    deleted: Collection[str] = ()
    pending: dict[str, Version] = field(default_factory=dict)
    taken: Collection[str] = ()
    text: Callable[[str], str] = lambda _: ""
    keeping: Collection[Path] = ()
    _beside: dict[str, list[str]] = field(default_factory=dict)  # ids of other texts of an id, in this run

    def resolve_id(self, article: Article, path: Path) -> ResolvedArticle:
        """Give the article of a file its final id."""
        version, beside, other, given = Version.of(article), "", None, article.id
        article = replace(article, id=self._recorded_id(article.id, version, path))
        if article.id != given and (first := self.pending.get(given) or self._indexed_version(given)):
            beside, other = (given, first) if first.same_address(version) else ("", None)
        held, own = self._known_version(article.id, version, path)
        differs = held is not None and not own and not held.same_text(version)
        several = differs and path not in self.keeping and article.id not in self.deleted
        if several and (found := self._other_version(article, version)) is not None:
            return found
        if differs or article.id in self.deleted:
            beside, other = (article.id, held) if held and held.same_address(version) else ("", None)
            new = self._digested_id(article, version) if differs else article.id
            article = replace(article, id=self._own_id(article.id, version, path) or new)
            held, own = self._known_version(article.id, version, path)
        read = article.id in self.pending
        # What a run that was stopped has added from this very place is read anew, and no copy.
        anew = self.rebuilding or (own and held is not None and held.origin == version.origin)
        copy = held is not None and (read or (not anew and held.same_text(version)))
        told = held if copy else other
        if copy and held is not None and not own and not version.may_replace(held):
            return ResolvedArticle(article, copy=True, write=False, beside=beside, held=told)
        self.pending[article.id] = version
        if article.id != given:
            self._beside.setdefault(given, []).append(article.id)
        return ResolvedArticle(article, copy, beside=beside, held=told)

    def _other_version(self, article: Article, version: Version) -> ResolvedArticle | None:
        """The article as another version of one that is held under its address; None where it is none."""
        known = () if self.rebuilding else sorted(self.sources.ids_of_address(article.id))
        for id in list(dict.fromkeys((article.id, *self._beside.get(article.id, ()), *known)))[:_MAX_TEXTS]:
            held = self.held(id)
            if held is None or held.same_text(version) or not version.same_address(held):
                continue
            text = self.text(id)
            ours, theirs = overlap(article.body, text)
            if max(ours, theirs) < MIN_COVERED_SHARE:
                continue
            longer = (len(article.body), article.body) > (len(text), text)
            own = _giver(held.origin) == _giver(version.origin)
            fuller = own or (theirs >= MIN_COVERED_SHARE and (longer or ours < MIN_COVERED_SHARE))
            if fuller:
                self.pending[id] = version
            return ResolvedArticle(replace(article, id=id), copy=True, write=fuller, held=held, version=True)
        return None

    def held(self, id: str) -> Version | None:
        """The article of that id that was read in this run, or is in the index."""
        return self.pending.get(id) or (None if self.rebuilding else self._indexed_version(id))

    def keep(self, article: Article) -> None:
        """Note that a file gives an article just so as the index holds it."""
        self.pending[article.id] = Version.of(article)

    def forget_all_but(self, ids: Collection[str]) -> None:
        """Forget the versions that the list of sources knows by now."""
        self.pending = {id: self.pending[id] for id in ids if id in self.pending}

    def _known_version(self, id: str, version: Version, path: Path) -> tuple[Version | None, bool]:
        """The article of that id, read in this run or of another file, and whether it has this place."""
        read = self.pending.get(id)
        gave = self.sources.gave(str(path), id)
        known = self.alone or gave  # on another machine a file of the same path may give another article
        if read is not None:
            # Two of one file, not one and its correction.
            records = read.origin == version.origin == str(path)
            return read, not records and _giver(read.origin) == _giver(version.origin)
        if gave and (self.rebuilding or not self.sources.shared_with_other_file(id, str(path))):
            indexed = self._indexed_version(id) if version.origin != str(path) else None
            one = indexed.origin if indexed else None
            other_member = one is not None and one != version.origin and readers.file_of(one) == path
            return (indexed if other_member else None), False
        indexed = self._indexed_version(id)
        return indexed, (
            indexed is not None and known and not gave and _giver(indexed.origin) == _giver(version.origin)
        )

    def _recorded_id(self, id: str, version: Version, path: Path) -> str:
        """The id under which the index holds this text of a file that gave several under an id."""
        for known in self._own_ids(id, path):
            indexed = self._indexed_version(known)
            if indexed is not None and indexed.same_text(version):
                return known
        return id

    def _own_ids(self, id: str, path: Path) -> list[str]:
        """The ids of the other texts that a file gave under an id."""
        begins = self.sources.ids_beginning(str(path), f"{id}-")
        return sorted(one for one in begins if is_digest(one[len(id) + 1 :]))

    def _own_id(self, id: str, version: Version, path: Path) -> str | None:
        """The id that this place gave before to a text that was not the one of an id."""
        for known in self._own_ids(id, path):
            held, own = self._known_version(known, version, path)
            if held is None or own or held.same_text(version):
                return known
        return None

    def _digested_id(self, article: Article, version: Version) -> str:
        """An id with as much of a digest of the text as tells it from others."""
        told = (
            article.body
            if version.url
            else "".join((*article.body.split(), publication(article.source or "")))
        )
        digest = sha256(told.encode("utf-8", "replace")).hexdigest()
        suffixes = [f"-{digest[:digits]}" for digits in DIGEST_DIGITS]
        given = next(
            (article.id.removesuffix(one) for one in suffixes if article.id.endswith(one)), article.id
        )
        for suffix in suffixes:
            held = self.pending.get(f"{given}{suffix}") or self._indexed_version(f"{given}{suffix}")
            if f"{given}{suffix}" not in self.taken and (held is None or held.same_text(version)):
                break
        return f"{given}{suffix}"

    def _indexed_version(self, id: str) -> Version | None:
        try:
            indexed = self.engine.get(id)
        except (IndexDamaged, IndexOutdated):
            if not self.rebuilding:
                raise
            return None
        return Version.of(indexed) if indexed else None


def _giver(origin: str | None) -> str | None:
    """What gives an article, and may correct it."""
    folder = Path(origin).parent if origin else None
    if folder is not None and (folder.parent / FEEDS).is_file():
        return str(folder)
    return origin


#: Pages and captures of an article that are compared with another one, and characters of what is joined.
_MOST_PAGES, _MOST_LETTERS = 100, 1_000_000
#: What a title says of the page, in print and programs alike: “Ferry – Page 2 of 3”, “Ferry (2/3)”.
_NUMBERED = re.compile(
    r"\W*\b(?:page|seite|pagina|página|p\.|strana|sivu|sida|side)?\s*\d{1,2}(?:\s*(?:of|von|de|di|sur|/)\s*\d{1,2})?\W*$",
    re.I,
)


class Pages:
    """The pages of articles as recorded, and as read since; ``lost`` are files that are gone."""

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
    ordered = sorted(pages, key=lambda page: (page.number, len(page.body), page.origin or ""))
    return {page.number: page for page in ordered}


def _fit(page: ArticlePage, other: ArticlePage) -> bool:
    """Tell whether two pages are of one article, by title, day and text."""
    days = {one.published.date() for one in (page, other) if one.published}
    if _title(page) != _title(other) or len(days) > 1:
        return False
    share = max(overlap(page.body, other.body))
    return share >= MIN_COVERED_SHARE if page.number == other.number else share < MIN_VERSION_SHARE


def joined_article(pages: Sequence[ArticlePage]) -> Article:
    """One article of pages, to be annotated as a whole where there are several."""
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

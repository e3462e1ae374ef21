"""Digitised newspapers: the text of pages in ALTO (https://www.loc.gov/standards/alto/), and the pages and
articles of an issue in METS (https://www.loc.gov/standards/mets/)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import unquote

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import Event, FormatReader, SiblingReader, inner_path, read_whole, report_progress
from searcher.readers.finish import short_digest
from searcher.readers.xml import attribute, local, parse_xml, text_of

#: The name of a METS file, and references to pages in it.
_NAMED = re.compile(r"(?i)mets[^/\\]*\.xml$")
_NAMES_PAGE = re.compile(rb"href\s*=\s*[\"']([^\"'<>]{1,500}\.xml)[\"']", re.I)
_ALTO, _METS = (re.compile(rb"<(?:\w+:)?%s\b" % name) for name in (b"alto", b"mets"))
#: The day in the file name of an issue: "18400221_01-METS.xml".
_DAY = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
#: Elements of a page that METS refers to.
_HOLDERS = ("{*}ComposedBlock", "{*}TextBlock", "{*}TextLine", "{*}String")
#: Minimum number of words outside all articles. Fewer are the page header: paper, day, number.
_MIN_REST_WORDS = 30
#: Maximum number of parts and words visited in one issue. Articles may overlap.
_MAX_SEEN_PARTS = 5_000_000
_HEADINGS = frozenset({"heading", "headline", "title"})
#: Placeholders for a missing title.
_UNTITLED = frozenset({"", "sans titre", "untitled", "ohne titel", "no title"})


class Manifest:
    """Recognises METS files and the pages they refer to."""

    @staticmethod
    def is_manifest(name: str) -> bool:
        return _NAMED.search(name) is not None

    @staticmethod
    def pages_in(data: bytes) -> Iterator[str]:
        """Return the relative paths of the XML files in a METS file, except other METS files."""
        named = (_path(match[1].decode("utf-8", "replace")) for match in _NAMES_PAGE.finditer(data))
        return (path for path in named if not _NAMED.search(path))

    @staticmethod
    def is_page(head: bytes) -> bool:
        return _ALTO.search(head) is not None


def ending_of(head: bytes, suffix: str) -> str | None:
    """Return the file name ending for METS or ALTO, or None for other files."""
    if suffix not in (".xml", ""):
        return None
    return ".mets" if _METS.search(head) else ".alto" if _ALTO.search(head) else None


class DigitisedReader(FormatReader):
    """``.mets`` and ``.alto``, most of them named .xml: an issue with its pages, or one page."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        root = parse_xml(read_whole(stream))
        if local(root) == "mets":
            yield from _read_issue(root, inner_path(origin).name, self.options.read_sibling)
        else:
            yield _page(root)


def _path(address: str) -> str:
    """Convert an address such as "file://./ALTO/0001.xml" to a path."""
    return unquote(address.removeprefix("file://")).replace("\\", "/").removeprefix("./")


class ScannedPage:
    """The words of an ALTO page, each with its block number."""

    def __init__(self, root: Any) -> None:
        from lxml import etree

        self.words: list[tuple[int, str]] = []
        self._pages_by_issue: dict[str, range] = {}
        block, began = 0, dict[Any, int]()
        for event, element in etree.iterwalk(root, events=("start", "end"), tag=_HOLDERS):
            name = local(element)
            if event == "start":
                block += name == "TextBlock"
                began[element] = len(self.words)
                if name == "String" and element.get("SUBS_TYPE") != "HypPart2":
                    self.words.append((block, element.get("SUBS_CONTENT") or element.get("CONTENT") or ""))
            else:
                self._pages_by_issue[element.get("ID")] = range(began.pop(element), len(self.words))

    def word_range(self, first: str, last: str) -> range:
        """Return the word numbers from one element to the end of another, empty if either is missing."""
        ends = self._pages_by_issue.get(first), self._pages_by_issue.get(last)
        return range(ends[0].start, ends[1].stop) if ends[0] and ends[1] else range(0)

    def paragraphs(self, numbers: Iterable[int]) -> list[str]:
        """Return the text of these words, one paragraph per block."""
        blocks = groupby((self.words[number] for number in numbers), key=lambda word: word[0])
        return list(filter(None, (" ".join(text for _, text in block).strip() for _, block in blocks)))


def _page(root: Any) -> Article:
    """Return the article of a single page."""
    text = ScannedPage(root)
    return Article(id="", title="", body="\n\n".join(text.paragraphs(range(len(text.words)))))


def _read_issue(root: Any, name: str, siblings: SiblingReader) -> Iterator[Event]:
    """Yield the articles of an issue, then the remaining text of each page. Raises ReadError if no page is
    found."""
    issue = _Issue(root, name)
    missing = issue.open(siblings)
    if not issue.pages:
        said = f"Its pages were not found ({missing[0]})." if missing else ""
        raise ReadError(said or "It refers to no pages with text (ALTO).")
    yield from issue.articles()
    yield from issue.rest()
    if missing:
        yield ReadError(f"Some of its pages were not found ({', '.join(missing[:3])}).", len(missing))


class _Area(NamedTuple):
    """Words of a page, in the heading or the text of an article."""

    page: str
    words: Sequence[int]
    heading: bool


def _once(areas: Iterable[_Area]) -> Iterator[_Area]:
    """Yield the areas without words of previous areas. Areas may be many, and as large as a page."""
    seen = defaultdict[str, set[int]](set)
    for area in areas:
        if new := [word for word in area.words if word not in seen[area.page]]:
            seen[area.page].update(new)
            yield area._replace(words=new)


class _Issue:
    """An issue: its pages by file id, and the metadata of the issue and its parts."""

    def __init__(self, root: Any, name: str) -> None:
        self._root = root
        self.pages: dict[str, ScannedPage] = {}
        self._used_pages = defaultdict[str, set[int]](set)
        self._looked = 0
        self._divisions = {one.get("ID"): one for one in root.iter("{*}div")}
        self._links = _links(root)
        self._described = {one.get("ID"): one for one in root.iter("{*}dmdSec")}
        self._parts = [one for one in self._divisions.values() if _kind(one) == "article"]
        of_parts = {id for part in self._parts for id in part.get("DMDID", "").split()}
        own = [one for id, one in self._described.items() if id not in of_parts]
        own.sort(key=lambda one: one.find(".//{*}dateIssued") is None)  # the issue comes before the paper
        self._source = next(filter(None, map(_title, own)), "").rstrip(" .,")
        days = (text_of(day) for one in own for day in one.iter("{*}dateIssued"))
        labels = (one.get("LABEL", "") for one in (root, *root.iter("{*}div")) if _kind(one) != "article")
        named = (dates.parse("-".join(match.groups())) for match in _DAY.finditer(name))
        self._day = next(filter(None, (*map(dates.parse, days), *map(dates.in_text, labels), *named)), None)
        self._language = text_of(next((e for one in own for e in one.iter("{*}languageTerm")), None))

    def open(self, siblings: SiblingReader) -> list[str]:
        """Read the pages. Return the paths of missing ones."""
        missing, read_names = list[str](), set[str]()
        for file in self._root.iter("{*}file"):
            place = next((attribute(one, "href") for one in file.iter("{*}FLocat")), "")
            path = _path(place)
            if not path.lower().endswith(".xml") or path in read_names:
                continue
            report_progress()
            data = siblings(path) if "://" not in path else None
            read_names.add(path)
            if data is None:
                missing.append(path)
            elif local(root := parse_xml(data)) == "alto":
                self.pages[file.get("ID")] = ScannedPage(root)
        return missing

    def articles(self) -> Iterator[Event]:
        for part in self._parts:
            linked = [id for id in self._links.get(part.get("ID"), ()) if id in self._divisions]
            of_pages = (area for id in linked for area in self._areas(self._divisions[id], False))
            areas = list(_once(self._areas(part, False))) or list(_once(of_pages))
            for area in areas:
                self._used_pages[area.page].update(area.words)
            if text := self._text(areas):
                yield self._article(part, areas, text)
            elif part.get("LABEL"):
                yield ReadError(f"“{part.get('LABEL')}”: It contains no text except this title.")

    def rest(self) -> Iterator[Event]:
        least = _MIN_REST_WORDS if self._used_pages else 1
        for number, (id, one) in enumerate(self.pages.items(), 1):
            left = [word for word in range(len(one.words)) if word not in self._used_pages[id]]
            if len(left) >= least:
                yield Article(
                    id=self._id(f"page {number}"),
                    title=", ".join(filter(None, (self._source, f"p. {number}"))),
                    body="\n\n".join(one.paragraphs(left)), source=self._source or None, published=self._day,
                    language=self._language or None,
                )  # fmt: skip

    def _areas(self, division: Any, heading: bool) -> Iterator[_Area]:
        """Yield the areas of a division and of divisions in it that are not articles."""
        self._look(1 + len(division))
        heading = heading or not _HEADINGS.isdisjoint((_kind(division), division.get("LABEL", "").casefold()))
        for one in division:
            if local(one) == "div" and _kind(one) != "article":
                yield from self._areas(one, heading)
            for area in one.iter("{*}area") if local(one) == "fptr" else ():
                id, first = area.get("FILEID"), area.get("BEGIN")
                if first and id in self.pages:
                    words = self.pages[id].word_range(first, area.get("END") or first)
                    self._look(len(words))
                    yield _Area(id, words, heading)

    def _look(self, count: int) -> None:
        """Raise ReadError if the parts of an issue overlap too much."""
        self._looked += count
        if self._looked > _MAX_SEEN_PARTS:
            raise ReadError(f"Its articles hold more than {_MAX_SEEN_PARTS:,} words and parts.")

    def _text(self, areas: Sequence[_Area]) -> list[str]:
        return [text for area in areas for text in self.pages[area.page].paragraphs(area.words)]

    def _article(self, part: Any, areas: Sequence[_Area], text: list[str]) -> Article:
        said = [self._described[id] for id in part.get("DMDID", "").split() if id in self._described]
        names = (part.get("LABEL", ""), *map(_title, said))
        titles = [name for name in names if name.strip().casefold() not in _UNTITLED]
        title = titles[0] if titles else " ".join(self._text([area for area in areas if area.heading]))
        below = [
            paragraph
            for area in areas
            for paragraph in self._text([area])
            if not (area.heading and _letters(paragraph) in _letters(title))
        ]
        around = (one.get("LABEL") for one in part.iterancestors("{*}div") if _kind(one) == "section")
        return Article(
            id=self._id(part.get("ID")),
            title=title,
            body="\n\n".join(below or text),
            source=self._source or None,
            authors=tuple(name for one in said for person in _people(one) for name in bylines.names(person)),
            published=self._day,
            language=text_of(next((e for one in said for e in one.iter("{*}languageTerm")), None))
            or self._language
            or None,
            section=next(around, None),
        )

    def _id(self, part: str | None) -> str:
        """Return the id of a part, or "" if the issue cannot be identified."""
        issue = self._root.get("OBJID") or (self._source if self._day else "")
        return short_digest(f"{issue}\n{self._day}\n{part}") if issue and part else ""


def _links(root: Any) -> dict[str, list[str]]:
    """Return the links from articles to parts of pages."""
    names_by_role = defaultdict[str, list[str]](list)
    for link in root.iter("{*}smLink"):
        names_by_role[attribute(link, "from")].append(attribute(link, "to"))
    for group in root.iter("{*}smLinkGrp"):
        ids = [attribute(one, "href").removeprefix("#") for one in group.iter("{*}smLocatorLink")]
        names_by_role[ids[0] if ids else ""] += ids[1:]
    return names_by_role


def _kind(division: Any) -> str:
    return str(division.get("TYPE", "")).casefold()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _title(described: Any) -> str:
    """Return the first title of a description, with a leading article ("Der", "The")."""
    for one in described.iter("{*}titleInfo"):
        if title := text_of(one.find("{*}title")):
            return " ".join(filter(None, (text_of(one.find("{*}nonSort")), title)))
    return ""


def _people(described: Any) -> Iterator[str]:
    """Yield the authors. Other contributors have another role."""
    for one in described.iter("{*}name"):
        roles = {text_of(role).casefold() for role in one.iter("{*}roleTerm")}
        if not roles or roles & {"aut", "author", "cre", "creator"}:
            parts = (part for part in one.iterfind("{*}namePart") if part.get("type") != "date")
            yield " ".join(map(text_of, parts))

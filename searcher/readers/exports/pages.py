"""Downloads that are pages, of seven databases. For each there are two functions: ``NAME_parts(text)`` gives
the articles however it takes them, ``NAME_article(part)`` one, or None where text or date is wanting."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.exports import proquest, reviews
from searcher.readers.exports.factiva import LENGTH, TIME, accession, of_codes
from searcher.readers.exports.fields import article_of, authors, field_named, is_copyright, section, subjects
from searcher.readers.html.blocks import fragment_paragraphs
from searcher.readers.paragraphs import paragraphs
from searcher.readers.xml import local, text_of

#: Tags of one download, of which BeautifulSoup makes some kilobyte each: 500 articles have some ten thousand.
_MAX_TAGS = 500_000


def tree_of_markup(markup: str) -> BeautifulSoup:
    """The tree of some markup, where a line break holds white space, too. Raises ReadError for too much."""
    if markup.count("<") > _MAX_TAGS:
        raise ReadError(f"It has more than {_MAX_TAGS:,} tags: download fewer articles at once.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)  # a page of XHTML is one all the same
        soup = BeautifulSoup(markup, "lxml")
    for mark in soup.find_all("br"):
        mark.insert_after("\n")
    return soup


def line_of(element: Tag | None) -> str:
    """All text in an element, in one line; nothing where there is no element."""
    return " ".join(element.get_text().split()) if element is not None else ""


def lines_of(element: Tag) -> list[str]:
    """The lines that ``<br>`` and paragraphs make of an element, empty ones left out."""
    copy = tree_of_markup(element.decode())
    for mark in copy.find_all(["br", "p", "div", "tr"]):
        mark.insert_before("\n")
    text = "".join("\n" if piece == "\n" else piece.replace("\n", " ") for piece in copy.strings)
    return [line for line in (" ".join(part.split()) for part in text.split("\n")) if line]


def paragraphs_of(elements: Iterable[Tag]) -> list[str]:
    """The paragraphs in some elements, in their order."""
    return [part for element in elements for part in fragment_paragraphs(element.decode())]


#: Documents of one download, of which Nexis gives 500.
_MAX_DOCUMENTS = 10_000
_DOCUMENT_BEGINS = re.compile(r"<DOCFULL>\s*-->", re.I)
_DOCUMENT_ENDS = re.compile(r"<!--[^<>]{0,200}</DOCFULL>", re.I)
_CENTRED = re.compile(r"\.(\w+)\s*\{[^{}]*text-align:\s*center", re.I)
#: “3 of 250 DOCUMENTS”, in any language.
_DOCUMENT_COUNT = re.compile(r"^\W*(?:\w+\W+)?\d+\s+\w+\s+\d+\s+\w+\W*$")
_NEXIS_LABEL = re.compile(r"^[^\W\d_a-zß-ÿ][^\d_a-zß-ÿ:]{1,40}:$")


def _refuse_many(documents: Sequence[object]) -> None:
    if len(documents) > _MAX_DOCUMENTS:
        raise ReadError(f"It has more than {_MAX_DOCUMENTS:,} documents: download fewer at once.")


@dataclass(slots=True)
class _Document:
    head: list[Tag] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    body: list[Tag] = field(default_factory=list)


def nexis_parts(text: str) -> list[tuple[str, frozenset[str]]]:
    """The markup of each document, and the classes of the page whose elements are centred."""
    centred = frozenset(_CENTRED.findall(text[:20_000]))
    begun = _DOCUMENT_BEGINS.split(text)[1:]
    _refuse_many(begun)
    return [(_DOCUMENT_ENDS.split(part, maxsplit=1)[0], centred) for part in begun]


def nexis_article(part: tuple[str, frozenset[str]]) -> Article | None:
    """One document; None when it has no body or no date."""
    markup, centred = part
    document = _nexis_document(_nexis_blocks(markup))
    while document.body and document.body[-1].name == "div" and _is_centred(document.body[-1], centred):
        document.body.pop()
    source, published, titles = _nexis_head(document.head, centred)
    published = published or dates.parse(document.values.get("load-date"))
    values = document.values
    return article_of(
        paragraphs_of(document.body),
        published,
        title=values.get("headline") or " ".join(titles),
        source=source,
        authors=authors(values.get("byline", ""), source),
        language=values.get("language"),
        section=section(values.get("section", "")),
        tags=subjects(values.get("subject", "")),
    )


def _nexis_blocks(markup: str) -> list[Tag]:
    """The elements of a document that hold text, without the one that counts the documents."""
    body = tree_of_markup(markup).body
    blocks = [block for block in body.find_all(recursive=False) if line_of(block)] if body else []
    return blocks[1:] if blocks and _DOCUMENT_COUNT.match(line_of(blocks[0])) else blocks


def _nexis_document(blocks: Sequence[Tag]) -> _Document:
    out = _Document()
    labelled = closed = False
    for block in blocks:
        label, value = _nexis_field(block)
        known = field_named(label)
        closed = closed or bool(known and known != "body" and out.body)
        if known == "body" or (label and not known and out.body and not closed):
            if known and (first := block.find("span")):
                first.extract()
            out.body.append(block)
        elif label:
            labelled = True
            out.values.setdefault(known or label.casefold(), value)
        elif labelled:
            out.body.append(block)
        else:
            out.head.append(block)
    return out


def _nexis_field(block: Tag) -> tuple[str, str]:
    """The label of a field and its value; nothing where the block is no field."""
    first = block.find("span")
    label = line_of(first) if isinstance(first, Tag) else ""
    return (label, line_of(block)[len(label) :].strip()) if _NEXIS_LABEL.match(label) else ("", "")


def _nexis_head(
    blocks: Sequence[Tag], centred: frozenset[str]
) -> tuple[str | None, dt.datetime | None, list[str]]:
    """The publication, the date and the headline. Beside the date stand edition and corrections."""
    dated = next((n for n, block in enumerate(blocks) if dates.parse(line_of(block)[:150])), None)
    if dated is None:
        return (line_of(blocks[0]) if blocks else None), None, [line_of(block) for block in blocks[1:]]
    before = [line for block in blocks[:dated] for line in lines_of(block) if not is_copyright(line)]
    titles = [line_of(block) for block in blocks[dated + 1 :] if not _is_centred(block, centred)]
    return (before[-1] if before else None), dates.parse(line_of(blocks[dated])[:150]), titles


def _is_centred(block: Tag, centred: frozenset[str]) -> bool:
    return bool(centred.intersection(block.get_attribute_list("class")))


_NUMBERED = re.compile(r"^\d+\)\s+")  # where the interface counts the headlines


def factiva_parts(text: str) -> list[Tag]:
    """The element of each article."""
    found = tree_of_markup(text).select("div.article")
    around = (element.find_parent("div", class_="article") for element in found)
    holding = {id(element) for element in around if element is not None}
    return [element for element in found if id(element) not in holding]


def factiva_article(part: Tag) -> Article | None:
    """One article; None when it has no body or no date."""
    return _factiva_with_codes(part) if part.select_one("td.index") else _factiva_without_codes(part)


def _factiva_with_codes(part: Tag) -> Article | None:
    cells: dict[str, Tag] = {}
    for label in part.select("td.index"):
        value = label.find_next_sibling("td")
        if isinstance(value, Tag):
            cells.setdefault(line_of(label), value)
    one = {code: line_of(cell) for code, cell in cells.items()}
    return of_codes(one, paragraphs_of(cells[code] for code in ("LP", "TD") if code in cells))


def _factiva_without_codes(part: Tag) -> Article | None:
    headline = part.select_one('[class*="Headline"]')
    rows = [line for line in map(line_of, part.find_all("div", class_=False, id=False)) if line]
    counted = next((n for n, row in enumerate(rows) if LENGTH.match(row)), None)
    if counted is None:
        return None
    published, source, language = _after_length(rows[counted + 1 :])
    return article_of(
        paragraphs_of(part.select("p.articleParagraph")),
        published,
        id=accession(line_of(part)) or accession(str(part.parent.get("id") if part.parent else "")),
        title=_NUMBERED.sub("", line_of(headline)),
        source=source,
        authors=authors(line_of(part.select_one(".author")), source),
        language=language,
        section=section(_factiva_section(part, headline)),
    )


def _after_length(rows: Sequence[str]) -> tuple[Any, str | None, str | None]:
    """Date, source and language. The language stands before the copyright, which is the last."""
    clock = rows[1] if len(rows) > 1 and TIME.match(rows[1]) else ""
    rest = rows[2:] if clock else rows[1:]
    language = rest[-2] if len(rest) > 3 else None
    return dates.parse(f"{rows[0] if rows else ''} {clock}".strip()), (rest[0] if rest else None), language


def _factiva_section(part: Tag, headline: Tag | None) -> str:
    """What stands above the headline: the section."""
    before = ""
    for element in part.find_all("div"):
        if headline is not None and (element is headline or headline in element.descendants):
            return before
        before = line_of(element) if not element.attrs else before
    return ""


def articles_in_xml(root: Any) -> Iterator[Any]:
    """The elements of articles in an answer of Factiva's; none where it is no such answer."""
    for element in root.iter():
        if local(element) == "article" and any(local(child) == "accessionNo" for child in element):
            yield element


def article_in_xml(element: Any) -> Article | None:
    """One article; None when it has no text."""
    values: dict[str, list[Any]] = {}
    for child in element:
        values.setdefault(local(child), []).append(child)
    body = [
        text_of(p)
        for name in ("leadParagraph", "tailParagraphs")
        for field in values.get(name, ())
        for p in field
    ]

    def one(*names: str) -> str:
        return next(
            (text for name in names for found in values.get(name, ()) if (text := text_of(found))), ""
        )

    if not any(body):
        return None
    return Article(
        id=one("accessionNo"), title=one("headline"), body="\n\n".join(filter(None, body)),
        source=one("sourceName") or None, authors=authors(one("byline"), one("sourceName")),
        published=dates.parse(f"{one('publicationDate')} {one('publicationTime')}".strip()),
        language=one("baseLanguage") or None, section=one("sectionName", "columnName") or None,
        tags=tuple(text_of(found) for found in values.get("newsSubject", ())),
    )  # fmt: skip


#: Elements of a page, which ProQuest puts around each text within the page: one that is broken ends it.
_SHELL = re.compile(r"(?:</?|(?<=>))(?:html|head|body|text)\b(?:[^<>]{0,500}>|&gt;)", re.I)
_PROQUEST_BEGINS = re.compile(r'<a\s[^<>]{0,100}?\bname="DocID_')


def proquest_parts(text: str) -> list[str]:
    """The markup of each document, which begins at the anchor of its number."""
    starts = [found.start() for found in _PROQUEST_BEGINS.finditer(text)]
    _refuse_many(starts)
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def proquest_article(part: str) -> Article | None:
    """One document; None when it has no body or no date."""
    blocks = fragment_paragraphs(_SHELL.sub("", part))
    return proquest.parse([line for block in blocks for line in block.split("\n")])


_EUROPRESSE_NUMBER = re.compile(r"news·\d{8}·\w+·[\w·]+")
#: Behind the name of a publication: its number and how often it appears.
_ISSUE = re.compile(r"\s*(?:,\s*(?:no|n°|nº)\.?\s.*|\(.*\)\s*.*)$", re.I)
_EUROPRESSE_BODY = ".docOcurrContainer, .DocText"


def europresse_parts(text: str) -> list[Tag]:
    """The element of each article."""
    page = tree_of_markup(text)
    found = _outermost(page)
    if found:
        return [element for element in found if element.select_one(".DocPublicationName")]
    names = page.select("span.DocPublicationName")
    return [cell for name in names if isinstance(cell := name.find_parent("td"), Tag)]


def _outermost(page: Tag) -> list[Tag]:
    """The articles that stand in no other: what is nested would be read once for each around it."""
    found: list[Tag] = []
    inside: set[int] = set()
    for element in page.find_all("article"):
        if id(element) not in inside:
            found.append(element)
            inside.update(map(id, element.find_all("article")))
    return found


def europresse_article(part: Tag) -> Article | None:
    """One article; None when it has no body or no date."""
    title = part.select_one(".titreArticle, .titreArticleVisu, .TitreArticleVisu")
    heads = [line_of(head) for head in part.select(".DocHeader, .DocTitreSousSection")]
    published = dates.in_text(" ".join(heads)) or dates.in_text(line_of(part.find("header")))
    inside = part.select_one(_EUROPRESSE_BODY)
    body, signed = (paragraphs_of([inside]), ()) if inside else _europresse_after(title)
    number = _EUROPRESSE_NUMBER.search(part.get_text())
    source = line_of(part.select_one(".DocPublicationName"))
    return article_of(
        body,
        published,
        id=number[0] if number else "",
        title=line_of(title),
        source=_ISSUE.sub("", source) or source,
        authors=bylines.names(line_of(part.select_one(".docAuthors, .sm-margin-bottomNews"))) or signed,
        section=_europresse_section(heads),
    )


def _europresse_section(heads: Sequence[str]) -> str | None:
    """What stands before the day of the week and the date."""
    first = " ".join(heads).split(",")[0].strip()
    return None if not first or dates.in_text(first) or "," not in " ".join(heads) else first


def _europresse_after(title: Tag | None) -> tuple[list[str], tuple[str, ...]]:
    """The paragraphs and the author that follow the title in a table cell, up to the notice of copyright."""
    if title is None:
        return [], ()
    kept = "".join(str(piece) for piece in _until_certificate(title))
    found = fragment_paragraphs(re.sub(r"(?:<br/?>\s*){2,}", "<p></p>", kept))
    ended = next(
        (n for n, part in enumerate(found) if is_copyright(part) or _EUROPRESSE_NUMBER.search(part)),
        len(found),
    )
    found = found[:ended]
    if len(found) > 1 and len(found[0]) < 80 and bylines.is_name(found[0]):
        return found[1:], bylines.names(found[0])
    return found, ()


def _until_certificate(title: Tag) -> Iterator[object]:
    """What stands beside the title and after it, up to the table that certifies the download."""
    for piece in title.next_siblings:
        if isinstance(piece, Tag) and piece.name == "table" and _EUROPRESSE_NUMBER.search(piece.get_text()):
            return
        yield piece


def kikuzo_parts(text: str) -> list[tuple[Tag, Tag]]:
    """The two tables of each article."""
    details = tree_of_markup(text).select("table.topic-detail")
    facts = [detail.find_previous("table", class_="topic-list") for detail in details]
    return [(fact, detail) for fact, detail in zip(facts, details) if isinstance(fact, Tag)]


def kikuzo_article(part: tuple[Tag, Tag]) -> Article | None:
    """One article; None when it has no body (rights of others) or no date."""
    facts, detail = part
    values = dict(zip(map(line_of, facts.select("th")), map(line_of, facts.select("td"))))
    body = [line for element in detail.select(".detail001") for line in lines_of(element)]
    published = dates.parse(values.get("発行日")) or dates.in_text(" ".join(values.values()))
    return article_of(
        body,
        published,
        title=line_of(detail.select_one(".font002")),
        source=values.get("媒体") or "朝日新聞",  # where it appeared, else the Asahi
        language="ja",
        section=values.get("面名") or None,  # the page as the paper calls it
    )


def yomidasu_parts(text: str) -> list[tuple[list[str], Tag]]:
    """The cells of the row of each article, and the element that holds its text."""
    out = []
    for row in tree_of_markup(text).select("table.contentsTable"):
        contents = row.find_next("div", id="heiseiDetailContents")
        if isinstance(contents, Tag):
            out.append((list(map(line_of, row.select("th, td"))), contents))
    return out


def yomidasu_article(part: tuple[list[str], Tag]) -> Article | None:
    """One article; None when it has no body or no date. After the date: headline, edition, section."""
    cells, contents = part
    dated = next((n for n, cell in enumerate(cells) if dates.parse(cell)), None)
    body = [line for element in contents.select("p.mb10") for line in lines_of(element)]
    if dated is None:
        return None
    title, _, section = [*cells[dated + 1 :], "", "", ""][:3]
    day = dates.parse(cells[dated])
    return article_of(body, day, title=title, source="読売新聞", language="ja", section=section or None)


#: Of источник, рубрика, дата, автор, заголовок, адрес the code, and what stands behind it.
_INTEGRUM_FIELD = re.compile(r"\^(\w{2}):\s*(.*?)\s*(?=\^\w{2}:|\Z)", re.S)


def integrum_parts(text: str) -> list[Tag]:
    """The element of each document."""
    cells = tree_of_markup(text).find_all("td", string=None)
    found = [cell for cell in cells if _INTEGRUM_FIELD.search(cell.get_text())]
    return [part for cell in found if isinstance(part := cell.find_parent("div"), Tag)]


def integrum_article(part: Tag) -> Article | None:
    """One document; None when it has no body or no date."""
    cell = part.find("td")
    values = {
        code: " ".join(value.split())
        for code, value in _INTEGRUM_FIELD.findall(cell.get_text() if cell else "")
    }
    body = [line for text in part.find_all("pre") for line in paragraphs(text.get_text())]
    return article_of(
        body,
        dates.parse(values.get("ДТ")),
        title=values.get("ЗГ") or line_of(part.find("h3")),
        url=values.get("АД"),
        source=values.get("ИС"),
        authors=bylines.names(values.get("АВ", "").strip(" ,")),
        language="ru",
        section=values.get("РБ"),
    )


def defacto_parts(text: str) -> list[Tag]:
    """The element of each article."""
    return list(tree_of_markup(text).select("div.eintrag"))


def defacto_article(part: Tag) -> Article | None:
    """One article; None when it has no text or no day."""
    cited, title = part.find("pre"), part.find("h3")
    lines = (cited.extract().get_text() if isinstance(cited, Tag) else "").split("\n")
    headline = line_of(title.extract()) if isinstance(title, Tag) else ""
    section = next((line.partition(":")[2].strip() for line in lines[1:] if ":" in line), "")
    return reviews.article(reviews.cited_paper(lines[0].strip()), headline, paragraphs_of([part]), section)

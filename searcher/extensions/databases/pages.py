"""Read downloads that are web pages, of eight databases.

``DATABASES`` has a function for each. It yields an article, or None, for each document: None if the text or
the date is missing.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning

from searcher.article import Article
from searcher.errors import ReadError
from searcher.extensions.databases import proquest, reviews
from searcher.extensions.databases.factiva import LENGTH, TIME, accession, of_codes
from searcher.extensions.databases.fields import article_of, authors, field_named, section, subjects
from searcher.readers import bylines, dates
from searcher.readers.html.blocks import fragment_paragraphs
from searcher.readers.paragraphs import is_copyright, split_paragraphs
from searcher.readers.xml import local, text_of

#: Maximum number of tags, each of which takes a kilobyte in BeautifulSoup. 500 articles have about 10,000.
_MAX_TAGS = 500_000


def tree_of_markup(markup: str) -> BeautifulSoup:
    """Parse markup, with white space at line breaks. Raises ReadError if it has too many tags."""
    if markup.count("<") > _MAX_TAGS:
        raise ReadError(f"It has more than {_MAX_TAGS:,} tags: download fewer articles at once.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(markup, "lxml")
    for mark in soup.find_all("br"):
        mark.insert_after("\n")
    return soup


def line_of(element: Tag | None) -> str:
    """Return the text of an element as one line, or "" for None."""
    return " ".join(element.get_text().split()) if element is not None else ""


def lines_of(element: Tag) -> list[str]:
    """Return the lines of an element, as divided by ``<br>`` and paragraphs, without empty ones."""
    copy = tree_of_markup(element.decode())
    for mark in copy.find_all(["br", "p", "div", "tr"]):
        mark.insert_before("\n")
    text = "".join("\n" if piece == "\n" else piece.replace("\n", " ") for piece in copy.strings)
    return [line for line in (" ".join(part.split()) for part in text.split("\n")) if line]


def paragraphs_of(elements: Iterable[Tag]) -> list[str]:
    return [part for element in elements for part in fragment_paragraphs(element.decode())]


#: Maximum number of documents in one download. Nexis allows 500.
_MAX_DOCUMENTS = 10_000
_DOCUMENT_BEGINS = re.compile(r"<DOCFULL>\s*-->", re.I)
_DOCUMENT_ENDS = re.compile(r"<!--[^<>]{0,200}</DOCFULL>", re.I)
_CENTRED = re.compile(r"\.(\w+)\s*\{[^{}]*text-align:\s*center", re.I)
#: "3 of 250 DOCUMENTS" in any language.
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


def _nexis(text: str) -> Iterator[Article | None]:
    centred = frozenset(_CENTRED.findall(text[:20_000]))
    parts = _DOCUMENT_BEGINS.split(text)[1:]
    _refuse_many(parts)
    for part in parts:
        yield _nexis_article(_DOCUMENT_ENDS.split(part, maxsplit=1)[0], centred)


def _nexis_article(markup: str, centred: frozenset[str]) -> Article | None:
    """Parse a document. ``centred`` are the classes of centred elements."""
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
    first = block.find("span")
    label = line_of(first) if isinstance(first, Tag) else ""
    return (label, line_of(block)[len(label) :].strip()) if _NEXIS_LABEL.match(label) else ("", "")


def _nexis_head(
    blocks: Sequence[Tag], centred: frozenset[str]
) -> tuple[str | None, dt.datetime | None, list[str]]:
    """Return the publication, the date and the headline. Edition and corrections surround the date."""
    dated = next((n for n, block in enumerate(blocks) if dates.parse(line_of(block)[:150])), None)
    if dated is None:
        return (line_of(blocks[0]) if blocks else None), None, [line_of(block) for block in blocks[1:]]
    before = [line for block in blocks[:dated] for line in lines_of(block) if not is_copyright(line)]
    titles = [line_of(block) for block in blocks[dated + 1 :] if not _is_centred(block, centred)]
    return (before[-1] if before else None), dates.parse(line_of(blocks[dated])[:150]), titles


def _is_centred(block: Tag, centred: frozenset[str]) -> bool:
    return bool(centred.intersection(block.get_attribute_list("class")))


_NUMBERED = re.compile(r"^\d+\)\s+")  # a numbered headline


def _factiva(text: str) -> Iterator[Article | None]:
    for element in tree_of_markup(text).select("div.article"):
        if element.find("div", class_="article") is None:
            coded = element.select_one("td.index")
            yield _factiva_with_codes(element) if coded else _factiva_without_codes(element)


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
    """Return date, source and language, which comes before the copyright notice at the end."""
    clock = rows[1] if len(rows) > 1 and TIME.match(rows[1]) else ""
    rest = rows[2:] if clock else rows[1:]
    language = rest[-2] if len(rest) > 3 else None
    return dates.parse(f"{rows[0] if rows else ''} {clock}".strip()), (rest[0] if rest else None), language


def _factiva_section(part: Tag, headline: Tag | None) -> str:
    before = ""
    for element in part.find_all("div"):
        if headline is not None and (element is headline or headline in element.descendants):
            return before
        before = line_of(element) if not element.attrs else before
    return ""


def articles_in_xml(root: Any) -> list[Article | None]:
    """Return the articles in a response of Factiva's API; empty if it is not one."""
    return [
        _article_in_xml(element)
        for element in root.iter()
        if local(element) == "article" and any(local(child) == "accessionNo" for child in element)
    ]


def _article_in_xml(element: Any) -> Article | None:
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
            (text for name in names for element in values.get(name, ()) if (text := text_of(element))), ""
        )

    if not any(body):
        return None
    return Article(
        id=one("accessionNo"), title=one("headline"), body="\n\n".join(filter(None, body)),
        source=one("sourceName") or None, authors=authors(one("byline"), one("sourceName")),
        published=dates.parse(f"{one('publicationDate')} {one('publicationTime')}".strip()),
        language=one("baseLanguage") or None, section=one("sectionName", "columnName") or None,
        tags=tuple(text_of(subject) for subject in values.get("newsSubject", ())),
    )  # fmt: skip


#: Page elements that ProQuest puts around each text inside the page. A broken one would end the text.
_SHELL = re.compile(r"(?:</?|(?<=>))(?:html|head|body|text)\b(?:[^<>]{0,500}>|&gt;)", re.I)
_PROQUEST_BEGINS = re.compile(r'<a\s[^<>]{0,100}?\bname="DocID_')


def _proquest(text: str) -> Iterator[Article | None]:
    starts = [match.start() for match in _PROQUEST_BEGINS.finditer(text)]
    _refuse_many(starts)
    for start, end in pairwise([*starts, len(text)]):
        blocks = fragment_paragraphs(_SHELL.sub("", text[start:end]))
        yield proquest.parse([line for block in blocks for line in block.split("\n")])


_EUROPRESSE_NUMBER = re.compile(r"news·\d{8}·\w+·[\w·]+")
#: Issue number and frequency after the name of a publication.
_ISSUE = re.compile(r"\s*(?:,\s*(?:no|n°|nº)\.?\s.*|\(.*\)\s*.*)$", re.I)
_EUROPRESSE_BODY = ".docOcurrContainer, .DocText"


def europresse_elements(text: str) -> list[Tag]:
    """Return the element of each article."""
    page = tree_of_markup(text)
    articles = _outermost(page)
    if articles:
        return [element for element in articles if element.select_one(".DocPublicationName")]
    names = page.select("span.DocPublicationName")
    return [cell for name in names if isinstance(cell := name.find_parent("td"), Tag)]


def _outermost(page: Tag) -> list[Tag]:
    """Return the outermost articles. Nested ones would be read repeatedly."""
    articles: list[Tag] = []
    inside: set[int] = set()
    for element in page.find_all("article"):
        if id(element) not in inside:
            articles.append(element)
            inside.update(map(id, element.find_all("article")))
    return articles


def _europresse(text: str) -> Iterator[Article | None]:
    return map(_europresse_article, europresse_elements(text))


def _europresse_article(part: Tag) -> Article | None:
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
    first = " ".join(heads).split(",")[0].strip()
    return None if not first or dates.in_text(first) or "," not in " ".join(heads) else first


def _europresse_after(title: Tag | None) -> tuple[list[str], tuple[str, ...]]:
    """Return the paragraphs and authors that follow the title, up to the copyright notice."""
    if title is None:
        return [], ()
    markup = "".join(str(piece) for piece in _until_certificate(title))
    paragraphs = fragment_paragraphs(re.sub(r"(?:<br/?>\s*){2,}", "<p></p>", markup))
    ended = next(
        (n for n, part in enumerate(paragraphs) if is_copyright(part) or _EUROPRESSE_NUMBER.search(part)),
        len(paragraphs),
    )
    paragraphs = paragraphs[:ended]
    if len(paragraphs) > 1 and len(paragraphs[0]) < 80 and bylines.is_name(paragraphs[0]):
        return paragraphs[1:], bylines.names(paragraphs[0])
    return paragraphs, ()


def _until_certificate(title: Tag) -> Iterator[object]:
    """Yield the siblings after the title, up to the table that certifies the download."""
    for piece in title.next_siblings:
        if isinstance(piece, Tag) and piece.name == "table" and _EUROPRESSE_NUMBER.search(piece.get_text()):
            return
        yield piece


def _kikuzo(text: str) -> Iterator[Article | None]:
    """Texts without a body belong to other rights holders."""
    for detail in tree_of_markup(text).select("table.topic-detail"):
        facts = detail.find_previous("table", class_="topic-list")
        if not isinstance(facts, Tag):
            continue
        values = dict(zip(map(line_of, facts.select("th")), map(line_of, facts.select("td"))))
        yield article_of(
            [line for element in detail.select(".detail001") for line in lines_of(element)],
            dates.parse(values.get("発行日")) or dates.in_text(" ".join(values.values())),
            title=line_of(detail.select_one(".font002")),
            source=values.get("媒体") or "朝日新聞",  # the medium, by default the Asahi Shimbun
            language="ja",
            section=values.get("面名") or None,  # the name of the page
        )


def _yomidasu(text: str) -> Iterator[Article | None]:
    for row in tree_of_markup(text).select("table.contentsTable"):
        contents = row.find_next("div", id="heiseiDetailContents")
        if not isinstance(contents, Tag):
            continue
        cells = list(map(line_of, row.select("th, td")))
        dated = next((n for n, cell in enumerate(cells) if dates.parse(cell)), None)
        if dated is None:
            yield None
            continue
        title, _edition, section = [*cells[dated + 1 :], "", "", ""][:3]
        yield article_of(
            [line for element in contents.select("p.mb10") for line in lines_of(element)],
            dates.parse(cells[dated]),
            title=title,
            source="読売新聞",
            language="ja",
            section=section or None,
        )


#: The code and value of a field: источник, рубрика, дата, автор, заголовок, адрес.
_INTEGRUM_FIELD = re.compile(r"\^(\w{2}):\s*(.*?)\s*(?=\^\w{2}:|\Z)", re.S)


def _integrum(text: str) -> Iterator[Article | None]:
    for cell in tree_of_markup(text).find_all("td", string=None):
        fields = _INTEGRUM_FIELD.findall(cell.get_text())
        part = cell.find_parent("div")
        if not fields or not isinstance(part, Tag):
            continue
        values = {code: " ".join(value.split()) for code, value in fields}
        yield article_of(
            [line for text in part.find_all("pre") for line in split_paragraphs(text.get_text())],
            dates.parse(values.get("ДТ")),
            title=values.get("ЗГ") or line_of(part.find("h3")),
            url=values.get("АД"),
            source=values.get("ИС"),
            authors=bylines.names(values.get("АВ", "").strip(" ,")),
            language="ru",
            section=values.get("РБ"),
        )


def _defacto(text: str) -> Iterator[Article | None]:
    for part in tree_of_markup(text).select("div.eintrag"):
        citation, title = part.find("pre"), part.find("h3")
        lines = (citation.extract().get_text() if isinstance(citation, Tag) else "").split("\n")
        headline = line_of(title.extract()) if isinstance(title, Tag) else ""
        section = next((line.partition(":")[2].strip() for line in lines[1:] if ":" in line), "")
        yield reviews.article(
            reviews.parse_citation(lines[0].strip()), headline, paragraphs_of([part]), section
        )


DATABASES: dict[str, Callable[[str], Iterator[Article | None]]] = {
    "Nexis": _nexis,
    "Factiva": _factiva,
    "Europresse": _europresse,
    "ProQuest": _proquest,
    "Kikuzo": _kikuzo,
    "Yomidasu": _yomidasu,
    "Integrum": _integrum,
    "DeFacto": _defacto,
}

"""Title, authors, date, source and the rest: JSON-LD first, then meta elements, then the page itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from searcher.readers import bylines, dates, urls
from searcher.readers.html import jsonld
from searcher.readers.html.page import Page

__all__ = ["Facts", "metadata"]


@dataclass(frozen=True, slots=True)
class Facts:
    """``titles`` are all headlines that the page gives, ``descriptions`` all summaries, for telling
    repetitions of them in the body."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: dt.datetime | None = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()


class _Meta:
    """The meta elements of a page by their lower-case names."""

    def __init__(self, page: Page) -> None:
        self._values: dict[str, list[str]] = {}
        for element in page.tree.iter("meta"):
            name = next(
                (element.get(a) for a in ("property", "name", "itemprop", "http-equiv") if element.get(a)), ""
            )
            content = (element.get("content") or "").strip()
            if name and content:
                self._values.setdefault(name.strip().lower(), []).append(content)

    def first(self, names: str) -> str:
        return next((self._values[name][0] for name in names.split() if name in self._values), "")

    def all(self, names: str) -> list[str]:
        return next((self._values[name] for name in names.split() if name in self._values), [])


def metadata(page: Page) -> Facts:
    """Everything known of the article beside its text."""
    meta = _Meta(page)
    linked = jsonld.articles(page.linked)
    source = _source(meta, linked)
    url = _url(page, meta)
    headlines = _headlines(page)
    title, titles = _title(page, meta, linked, headlines, source)
    authors = _authors(page, meta, linked, source)
    published = _published(page, meta, linked, url)
    if not authors or not published:
        more_authors, more_published = _guessed(page, source)
        authors, published = authors or more_authors, published or more_published or _written(page)
    return Facts(
        title=title,
        authors=authors,
        published=published,
        source=source,
        url=url,
        language=_language(page, meta, linked),
        section=_first(linked, "articleSection") or meta.first("article:section section og:section") or None,
        tags=_tags(meta, linked),
        titles=titles,
        descriptions=tuple(
            filter(None, map(meta.first, ("description", "og:description", "twitter:description")))
        ),
    )


def _first(linked: list[dict[str, Any]], name: str) -> str:
    return next((text for item in linked if (text := jsonld.text_of(item.get(name)))), "")


def _source(meta: _Meta, linked: list[dict[str, Any]]) -> str | None:
    name = meta.first("og:site_name application-name al:ios:app_name twitter:app:name:iphone")
    if not name:
        publishers = [item.get("publisher") for item in linked]
        name = next((text for publisher in publishers if (text := jsonld.text_of(publisher))), "")
    return jsonld.text_of(name) or None


def _url(page: Page, meta: _Meta) -> str | None:
    links = [
        link.get("href") for link in page.tree.iter("link") if (link.get("rel") or "").lower() == "canonical"
    ]
    for candidate in (*links[:1], meta.first("og:url"), page.url):
        found = urls.absolute(candidate, page.url)
        if found:
            return found
    return None


def _headlines(page: Page) -> list[str]:
    texts = [" ".join(element.text_content().split()) for element in page.tree.iter("h1")]
    return [text for text in texts if text][:20]


_SEPARATED = re.compile(r"^(.+)\s+[|–—\-·»:•]{1,2}\s+[^|–—·»•]{2,40}$", re.S)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _title(
    page: Page, meta: _Meta, linked: list[dict[str, Any]], headlines: list[str], source: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """The best title, and all of them."""
    element = page.tree.find(".//title")
    document = " ".join((element.text_content() if element is not None else "").split())
    shared = jsonld.text_of(meta.first("og:title twitter:title dc.title sailthru.title title"))
    headline = _first(linked, "headline")
    reference = _words(document) | _words(shared) | _words(headline)
    fitting = [
        h for h in headlines if len(_words(h)) > 1 and len(_words(h) & reference) >= 0.6 * len(_words(h))
    ]
    best = max(fitting, key=lambda h: len(_words(h) & reference), default="")
    title = best or headline or shared or document or (headlines[0] if headlines else "")
    if title not in headlines:
        title = _without_site(title, source, title == document)
    candidates = (title, document, _without_site(document, source, True), shared, headline, *headlines)
    return title or None, tuple(dict.fromkeys(filter(None, candidates)))


def _without_site(title: str, source: str | None, guess: bool) -> str:
    if source:
        title = re.sub(rf"\s*[|\-–—:·•]\s*{re.escape(source)}\s*$", "", title, flags=re.I) or title
    separated = _SEPARATED.match(title) if guess else None
    return separated[1] if separated else title


def _authors(page: Page, meta: _Meta, linked: list[dict[str, Any]], source: str | None) -> tuple[str, ...]:
    candidates = (
        [name for item in linked[:3] for name in _people(item.get("author") or item.get("creator"))],
        meta.all(
            "author article:author parsely-author sailthru.author dc.creator byl cxenseparse:author "
            "citation_author"
        ),
        [*_marked(page)],
    )
    for found in candidates:
        given = tuple(dict.fromkeys(name for text in found for name in bylines.names(text)))
        people = tuple(name for name in given if not source or name.casefold() != source.casefold())
        if people:
            return people[:20]
    return ()


def _written(page: Page) -> dt.datetime | None:
    """The first date in a short text of the page."""
    body = None if page.heavy else page.tree.find(".//body")
    if body is None:
        return None
    for text in islice(body.itertext(), 5000):
        if 5 < len(text) < 120 and _YEAR.search(text) and "©" not in text:
            moment = dates.in_text(" ".join(text.split()))
            if moment:
                return moment
    return None


_YEAR = re.compile(r"(?:19|20)\d\d")
# Its extensive search tries every language on every line: a second for some pages, and few dates more.
_QUICK = {"original_date": True, "extensive_search": False, "max_date": "2100-01-01"}


def _guessed(page: Page, source: str | None) -> tuple[tuple[str, ...], dt.datetime | None]:
    """What the heuristics of trafilatura and htmldate find in the text of the page."""
    from trafilatura import extract_metadata

    if page.heavy:
        return (), None
    try:
        found: Any = extract_metadata(page.tree, default_url=page.url, date_config=_QUICK)
    except (RecursionError, ValueError, AttributeError, TypeError, KeyError, IndexError):
        return (), None  # their own bugs on odd trees
    if found is None:
        return (), None
    people = bylines.names(found.author or "")
    return tuple(name for name in people if name != source), dates.parse(found.date)


def _people(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _people(item)
        elif isinstance(item, dict) and isinstance(item.get("name"), list):
            yield from filter(None, map(jsonld.text_of, item["name"]))
        elif text := jsonld.text_of(item):
            yield text


_BYLINES = (
    "//*[@itemprop='author']//*[@itemprop='name'] | //*[@itemprop='author']",
    "//a[@rel='author'] | //a[contains(@href, '/author/')] | //a[contains(@href, '/authors/')]",
    "//*[contains(@class, 'byline') or contains(@class, 'author-name') or contains(@class, 'post-author')]",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' author ')]",
)


def _marked(page: Page) -> tuple[str, ...]:
    """Names that the page marks as its authors, the surest mark first."""
    for path in _BYLINES:
        found: list[str] = []
        for element in page.tree.xpath(path)[:4]:
            text = " ".join(element.text_content().split())
            if len(text) < 120:
                found.extend(name for name in bylines.names(text) if bylines.is_name(name))
        if found:
            return tuple(dict.fromkeys(found))
    return ()


_DATES = (
    "article:published_time og:article:published_time datepublished parsely-pub-date sailthru.date "
    "dc.date.issued dc.date dcterms.created dcterms.date article.published pubdate publishdate publish-date "
    "publication_date date cxenseparse:recs:publishtime citation_publication_date originalpublicationdate "
    "ptime rnews:datepublished og:pubdate"
)


def _published(page: Page, meta: _Meta, linked: list[dict[str, Any]], url: str | None) -> dt.datetime | None:
    texts: Iterable[str] = (
        _first(linked, "datePublished"),
        *(meta.first(name) for name in _DATES.split()),
        _first(linked, "dateCreated"),
    )
    found = next((moment for text in texts if (moment := dates.parse(text))), None)
    if found:
        return found
    for element in page.tree.iter("time"):
        moment = dates.parse(element.get("datetime") or element.get("content") or element.text_content())
        if moment:
            return moment
    return dates.in_url(url) or _shown(page)


_DATED = (
    "//*[contains(@class, 'date') or contains(@class, 'publish') or contains(@class, 'time')"
    " or contains(@class, 'byline') or contains(@class, 'meta') or contains(@itemprop, 'datePublished')]"
)


def _shown(page: Page) -> dt.datetime | None:
    """The first date in an element whose class says that it shows one."""
    if page.heavy:
        return None
    for element in page.tree.xpath(_DATED)[:30]:
        text = " ".join(element.text_content().split())
        moment = dates.in_text(text) if len(text) < 150 else None
        if moment:
            return moment
    return None


def _language(page: Page, meta: _Meta, linked: list[dict[str, Any]]) -> str | None:
    root = page.tree if page.tree.tag == "html" else page.tree.getroottree().getroot()
    declared = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    )
    return (
        declared
        or meta.first("og:locale content-language dc.language")
        or _first(linked, "inLanguage")
        or None
    )


def _tags(meta: _Meta, linked: list[dict[str, Any]]) -> tuple[str, ...]:
    keywords = next((item["keywords"] for item in linked if item.get("keywords")), None)
    given = keywords or meta.all("article:tag parsely-tags news_keywords keywords")
    texts = given if isinstance(given, list) else [given]
    return tuple(
        tag.strip() for text in texts for tag in re.split(r"[,;|]", jsonld.text_of(text)) if tag.strip()
    )[:40]

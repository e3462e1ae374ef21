"""Title, authors, date, source and the rest: JSON-LD first, then meta elements, then the page itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from searcher import urls
from searcher.readers import dates
from searcher.readers.html import jsonld
from searcher.readers.html.authors import Outlet, authors
from searcher.readers.html.headline import Nearby, title
from searcher.readers.html.page import Meta, Page, first, words

_DECLARED = (
    "article:published_time og:article:published_time og:published_time datepublished parsely-pub-date "
    "sailthru.date dc.date.issued dc.date dcterms.created dcterms.date article.published pubdate publishdate "
    "publish-date publish_date pub_date published_date publication_date date cxenseparse:recs:publishtime "
    "citation_publication_date originalpublicationdate ptime rnews:datepublished og:pubdate"
)
_DATED = re.compile(r"date|publish|time|byline|meta")
#: Marks of a date that is not when the article appeared: of a later version, a comment, another article.
_OTHER = re.compile(r"modif|updat|comment|relat|recommend|sidebar|teaser|widget|footer|expire", re.I)
_UPDATED = re.compile(
    r"\b(?:updated?|modified|reviewed|revised|edited|aktualisiert|stand|geändert|mis(?:e)? à jour|modifié"
    r"|actualizad[oa]|actualización|modificado|aggiornat[oa]|aggiornamento|atualizad[oa]|bijgewerkt|gewijzigd"
    r"|uppdaterad|oppdatert|opdateret|zaktualizowan[oy]|aktualizacja|aktualizov\w+|обновлен[оа]|оновлено"
    r"|güncelle\w+|päivitetty|frissítve|actualizat|ενημερώθηκε|diperbarui)\b|更新|최종수정|수정|تحديث|עודכן",
    re.I,
)
_FIRST = re.compile(
    r"\b(?:published|posted|first|created|veröffentlicht|erstellt|publié|publicad[oa]|pubblicat[oa]|gepubliceerd"
    r"|geplaatst|publicerad|publisert|publiceret|udgivet|opublikowan[oy]|publikacj\w+|publikov\w+|опубликован[оа]"
    r"|опубліковано|yayın\w*|julkaistu|megjelen\w*|publicat|δημοσιεύ\w+|diterbitkan)\b|発行|公開|掲載|发布|發布|입력|نشر|פורסם",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Elements that show a date, and characters of one with its label and byline (measured on wcxb and mozilla).
_MAX_DATED_ELEMENTS, _MAX_DATE_CHARACTERS = 60, 150
_MAX_TEXTS = 5000  # of a page, the first, in which a date is looked for
#: What parts a title into headline, site and day, and characters of a day (“28. September 2023”).
_BETWEEN_PARTS, _MAX_DAY_CHARACTERS = re.compile(r" [|:–—-] "), 18
#: What stands beside the text of a page and may be dated itself: menus, footers, terms of use.
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "form", "button", "select"))
_FURNISHED = re.compile(r"(?<![a-z])(?:footer|copyright|legal|terms|privacy)(?![a-z])")
# Where two-letter domains are not those of a country, or the country writes the month first.
_MONTH_FIRST_DOMAINS = frozenset(("us", "io", "co", "ai", "tv", "me", "ph"))


class _Search:
    """When the article first appeared."""

    def __init__(self, page: Page, url: str | None, language: str | None, near: Nearby) -> None:
        self._page = page
        self._url = url
        self._language = (language or "").casefold().replace("_", "-")
        self._near = near

    def run(self, meta: Meta, linked: list[dict[str, Any]]) -> dt.datetime | None:
        given = [text for text in self._declared_dates(meta, linked) if text]
        texts = [text for text in given if self._parse(text)]
        if given and not texts:  # no day at all: then that of the last change is known
            changed = (meta.first("article:modified_time"), first(linked, "dateModified"))
            texts = list(filter(self._parse, changed))
        found = self._declared_day(texts) or self._element_date(updated=False) or dates.in_url(self._url)
        found = found or self._title_date()
        if found or self._page.heavy:
            return found
        return (
            self._shown_date(updated=False, close=True)
            or self._date_beside(updated=False)
            or self._element_date(updated=True)
            or self._shown_date(updated=True, close=True)
            or self._date_beside(updated=True)
            or self._shown_date(updated=False, close=False)
            or self._labelled_date()
            or _guessed_date(self._page)
            or self._anywhere()
        )

    def _declared_day(self, texts: list[str]) -> dt.datetime | None:
        """What the page declares, on the publisher's clock, and on the day of its address."""
        moments = {text: moment for text in texts if (moment := self._parse(text))}
        if not moments:
            return None
        day = dates.in_url(self._url)
        told = [text for text, moment in moments.items() if day is None or abs(moment - day) < _TWO_DAYS]
        if day and not told:
            declared, shown = next(iter(moments.values())), self._element_date(updated=False)
            agreed = shown is not None and shown.date() == declared.date()
            return day if min(moments.values()) > day and not agreed else declared
        first = told[0]
        zone = _ZONE.search(first)
        if not zone or zone[1].strip("Z+-0:"):
            return moments[first]
        return self._on_the_clock(moments[first], [text for text in texts if text != first], day)

    def _on_the_clock(self, moment: dt.datetime, others: list[str], day: dt.datetime | None) -> dt.datetime:
        """A moment in Greenwich with the publisher's hour, or the day, as the page has it elsewhere."""
        for text in others:
            zone, local = _ZONE.search(text), self._parse(text)
            there = zone[1] if zone and zone[1].strip("Z+-0:") else ""
            if local and there and abs(_shift(there) + moment - local) < _A_MINUTE:
                return local
        shown = day or self._element_date(updated=False)
        step = (shown.date() - moment.date()).days if shown else 0
        if shown and ((step == -1 and moment.hour < _NOON) or (step == 1 and moment.hour >= _NOON)):
            return shown
        return moment

    def _declared_dates(self, meta: Meta, linked: list[dict[str, Any]]) -> Iterator[str]:
        yield first(linked, "datePublished")
        yield from (values[0] for values in meta.each(_DECLARED))
        yield first(jsonld.pages(self._page.linked), "datePublished")
        yield first(linked, "dateCreated")
        yield first(self._page.linked, "pubDate")  # https://ziyuan.baidu.com/contexts/cambrian.jsonld

    def _title_date(self) -> dt.datetime | None:
        """A date that is a part of the page's title: “Ferry to sail again | Tallow Post | 28.04.2023”."""
        title = " ".join((self._page.tree.findtext(".//title") or "").split())
        for part in _BETWEEN_PARTS.split(title)[1:]:
            if len(part) <= _MAX_DAY_CHARACTERS and part[-4:].isdecimal() and (moment := self._in_text(part)):
                return moment
        return None

    def _element_date(self, *, updated: bool) -> dt.datetime | None:
        """The time element nearest to the headline."""
        for element in self._near.nearest(islice(self._page.tree.iter("time"), 60)):
            if _is_other(element) is updated:
                told = element.get("datetime") or element.get("content") or element.text_content()
                if moment := self._parse(told):
                    return moment
        return None

    def _shown_date(self, *, updated: bool, close: bool) -> dt.datetime | None:
        """The nearest date in an element whose class says that it shows one."""
        for element in self._near.nearest(self._dated_elements[:_MAX_DATED_ELEMENTS], close=close)[:30]:
            if _is_other(element) is updated and (moment := self._date_in(words(element), updated=updated)):
                return moment
        return None

    @cached_property
    def _dated_elements(self) -> list[Any]:
        told = (element for element, name in self._near.elements_with("itemprop") if "datePublished" in name)
        return self._near.elements_of_class(_DATED) or list(told)

    def _date_beside(self, *, updated: bool) -> dt.datetime | None:
        """A date in a short text just under or over the headline."""
        for element in self._near.elements_around():
            for text in () if _in_furniture(element) else (element.text, element.tail):
                if text and (moment := self._date_in(" ".join(text.split()), updated=updated)):
                    return moment
        return None

    def _date_in(self, text: str, *, updated: bool) -> dt.datetime | None:
        if len(text) >= _MAX_DATE_CHARACTERS or not _YEAR.search(text):
            return None
        label = _FIRST.search(text)
        if label and (moment := self._in_text(text[label.end() :])):
            return moment
        late = _UPDATED.search(text)
        if late and not updated:
            return self._in_text(text[: late.start()])
        return self._in_text(text) or (dates.month_in_text(text) if late else None)

    def _labelled_date(self) -> dt.datetime | None:
        """A date right after a word such as “published”, wherever it stands."""
        before = ""
        for text in self._texts():
            line = f"{before[-40:]} {text}"
            labelled = len(text) < 60 and (_FIRST.search(line) or _UPDATED.search(line))
            if labelled and (moment := self._date_in(line, updated=True)):
                return moment
            before = text
        return None

    def _texts(self) -> Iterator[str]:
        body = self._page.tree.find(".//body")
        for text in islice(body.itertext(), _MAX_TEXTS) if body is not None else ():
            if len(text) < 200 and (text := " ".join(text.split())):
                yield text

    def _anywhere(self) -> dt.datetime | None:
        """The first date in a short text that is no furniture of the page: “Terms of Use (10 Mar 2001)”."""
        for text in self._near.texts(_is_furniture):
            dated = 5 < len(text) < 120 and _YEAR.search(text) and "©" not in text
            if dated and (moment := self._in_text(text)):
                return moment
        return None

    def _parse(self, text: str | None) -> dt.datetime | None:
        if not text:
            return None
        moment = dates.parse(text, month_first=dates.is_ambiguous(text) and self._month_first)
        return None if moment and moment.date() in _NO_DAYS else moment

    def _in_text(self, text: str) -> dt.datetime | None:
        return dates.in_text(text, month_first=dates.is_ambiguous(text) and self._month_first)

    @cached_property
    def _month_first(self) -> bool:
        """Whether 3/4/2024 is the fourth of March here: as other dates of the page have it, or as is usual in
        its language and country (https://cldr.unicode.org, "en" without a country is that of the US)."""
        others = dates.month_first_in(self._page.tree.text_content())
        if others is not None:
            return others
        domain = (urlsplit(self._url or "").hostname or "").rsplit(".", 1)[-1]
        country = len(domain) == 2 and domain not in _MONTH_FIRST_DOMAINS
        return self._language in ("en", "en-us", "en-ph") and not country


#: The beginning of time for Unix, which programs write where they know none.
_NO_DAYS = frozenset((dt.date(1969, 12, 31), dt.date(1970, 1, 1)))
#: The zone behind a time.
_ZONE = re.compile(r"\d[:.]?\d\d(?:[:.]\d\d(?:\.\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)\s*$")
_A_MINUTE, _TWO_DAYS, _NOON = dt.timedelta(minutes=1), dt.timedelta(days=2), 12


def _shift(zone: str) -> dt.timedelta:
    """How far a clock is before that of Greenwich: “-05:00”."""
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return dt.timedelta(minutes=-minutes if zone[0] == "-" else minutes)


def _is_other(element: Any) -> bool:
    """Whether an element dates something else than the first version of the article."""
    if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
        return False
    if _UPDATED.search(_label(element)):
        return True
    for _ in range(4):
        if element is None or element.tag in ("article", "body", "main", "html"):
            break
        if element.tag in ("aside", "footer"):
            return True
        if any(_OTHER.search(element.get(name) or "") for name in ("class", "id", "itemprop")):
            return True
        element = element.getparent()
    return False


def _label(element: Any) -> str:
    """What stands in and just before an element that shows a date."""
    parent, before = element.getparent(), element.getprevious()
    texts = (
        (parent.text or "") if before is None and parent is not None else "",
        (words(before) + " " + (before.tail or "")) if before is not None else "",
    )
    inside = words(element)
    # A label that names both dates is read where the dates are.
    return " ".join(text[-40:] for text in texts) + ("" if _FIRST.search(inside) else inside[:60])


def _is_furniture(element: Any) -> bool:
    named = " ".join(element.get(name) or "" for name in ("class", "id", "href")).lower()
    return element.tag in _FURNITURE_TAGS or bool(_FURNISHED.search(named))


def _in_furniture(element: Any) -> bool:
    return any(
        _is_furniture(one)
        for one in (element, *islice(element.iterancestors(), 3))
        if one.tag not in ("html", "body", "main", "article")
    )


def _guessed_date(page: Page) -> dt.datetime | None:
    """What htmldate finds, without its extensive search, which takes a second and finds few dates more."""
    from htmldate import find_date

    tree = deepcopy(page.tree)
    for element in list(tree.iter(*_FURNITURE_TAGS, "div", "ul", "p", "a", "td")):
        if _is_furniture(element) and element.getparent() is not None:
            element.drop_tree()
    try:
        return dates.parse(find_date(tree, original_date=True, extensive_search=False, max_date="2100-01-01"))
    except (RecursionError, ValueError, AttributeError, TypeError, KeyError, IndexError):
        return None  # its own bugs on odd trees


_DESCRIBED = "description og:description twitter:description"
_SUMMED = ("description", "alternativeHeadline")
_MAX_TAGS = 40  # of one page


@dataclass(frozen=True, slots=True)
class Facts:
    """``titles`` and ``descriptions`` are all that the page gives, which its body may repeat."""

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


def metadata(page: Page) -> Facts:
    """Everything known of the article beside its text."""
    meta = Meta(page)
    linked = jsonld.articles(page.linked)
    source = _source(meta, linked)
    url = _url(page, meta)
    language = _language(page, meta, linked)
    best, titles, headline = title(page, meta, linked, source, url)
    near = Nearby(page, headline)
    outlet = source or _site_in_title(page, best)
    described = [*(values[0] for values in meta.each(_DESCRIBED)), *(first(linked, name) for name in _SUMMED)]
    return Facts(
        title=best, authors=authors(page, meta, linked, outlet, url, near),
        published=_Search(page, url, language, near).run(meta, linked),
        source=_confirmed_part(source, titles, url) if url else outlet, url=url, language=language,
        section=first(linked, "articleSection") or meta.first("article:section section og:section") or None,
        tags=_tags(meta, linked), titles=titles, descriptions=tuple(dict.fromkeys(filter(None, described))),
    )  # fmt: skip


def _source(meta: Meta, linked: list[dict[str, Any]]) -> str | None:
    name = meta.first("og:site_name application-name al:ios:app_name twitter:app:name:iphone")
    name = name or first(linked, "publisher")
    named = jsonld.text_of(name).partition(" | ")[0]  # what follows a bar is a motto or another name
    return (urls.site(named) if named.startswith(("http://", "https://")) else named) or None


def _confirmed_part(source: str | None, titles: tuple[str, ...], url: str | None) -> str | None:
    """Return the part of a source, such as “Bay news - The Tallow Post”, that alone ends a title or
    is the name of its host. Return the whole source if there is none."""
    ends = {_BETWEEN_PARTS.split(title)[-1] for title in titles if not title.endswith(source or "")}
    outlet, parts = Outlet(None, url, ()), _BETWEEN_PARTS.split(source or "")
    return source and next((part for part in parts if part in ends or outlet.is_called(part)), source)


def _site_in_title(page: Page, headline: str | None) -> str | None:
    """Return the name of the site, which stands in the title of the page before the headline or after it:
    “The Tallow Post | Harbour | Ferry to sail again”."""
    document = " ".join((page.tree.findtext(".//title") or "").split())
    before, found, after = document.partition(headline or "\n")
    parts = _BETWEEN_PARTS.split(before or after)
    edge, name = (parts[-1], parts[0]) if before else (parts[0], parts[-1])
    return name if found and not edge and 0 < len(name) < len(found) and not dates.parse(name) else None


def _url(page: Page, meta: Meta) -> str | None:
    links = (e.get("href") for e in page.tree.iter("link") if (e.get("rel") or "").lower() == "canonical")
    told = (next(links, None), meta.first("og:url"), page.url)
    found = [url for one in told if (url := urls.absolute(one, page.url))]
    return next(filter(urls.names_article, found), found[0] if found else None)


def _language(page: Page, meta: Meta, linked: list[dict[str, Any]]) -> str | None:
    root = page.tree if page.tree.tag == "html" else page.tree.getroottree().getroot()
    names = ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang")
    declared: str | None = next(filter(None, map(root.get, names)), None)
    told = declared or meta.first("og:locale content-language dc.language")
    return told or first(linked, "inLanguage") or None


def _tags(meta: Meta, linked: list[dict[str, Any]]) -> tuple[str, ...]:
    keywords = next((item["keywords"] for item in linked if item.get("keywords")), None)
    given = keywords or next(iter(meta.each("article:tag parsely-tags news_keywords keywords")), [])
    texts = map(jsonld.text_of, given if isinstance(given, list) else [given])
    tags = (tag.strip() for text in texts for tag in re.split(r"[,;|]", text))
    return tuple(islice(filter(None, tags), _MAX_TAGS))


def place_of(page: Page, url: str | None) -> tuple[str, int] | None:
    """The address that the pages of an article share, and which this one is, by its links; else None."""
    if not url or page.heavy:
        return None
    shared, own = urls.page_of(url)
    before, after, numbered = list[int](), list[int](), set[int]()
    for element in page.tree.iter("link", "a"):
        related = rel.lower().split() if (rel := element.get("rel")) else ()
        text = "" if element.tag == "link" else (element.text or "").strip()
        if not ("next" in related or "prev" in related or (text.isdecimal() and len(text) <= _PAGE_DIGITS)):
            continue
        target = (element.get("href") or "").strip()
        address = urls.absolute(target, url) if target[:1] not in ("", "#") else None
        base, number = urls.page_of(address) if address else ("", None)
        if base != shared or (address == url and not related):
            continue
        if "next" in related and number is not None:
            after.append(number)
        elif "prev" in related:
            before.append(1 if number is None else number)
        elif text.isdecimal() and int(text) in (number, (number or 0) + 1):
            numbered.add(int(text))
    if not (before or after or numbered):
        return None
    if own is None:
        _, own = urls.page_of(page.url) if page.url and urls.page_of(page.url)[0] == shared else ("", None)
    if own is None:
        missing = next(n for n in range(1, len(numbered) + 2) if n not in numbered)
        own = after[0] - 1 if after else before[0] + 1 if before else missing
    return shared, own


_PAGE_DIGITS = 2  # of the number of a page

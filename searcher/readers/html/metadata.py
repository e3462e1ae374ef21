"""Extract title, authors, date, source etc.: from JSON-LD first, then meta elements, then the page itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
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
    "publish-date publish_date pub_date published_date published-date publication_date date "
    "cxenseparse:recs:publishtime citation_publication_date originalpublicationdate ptime "
    "rnews:datepublished og:pubdate"
)
_DATED = re.compile(r"date|publish|time|byline|meta")
#: Classes of dates other than that of publication: of updates, comments, other articles.
_OTHER_DATE = re.compile(r"modif|updat|comment|relat|recommend|sidebar|teaser|widget|footer|expire", re.I)
_UPDATE_LABEL = re.compile(
    r"\b(?:updated?|modified|reviewed|revised|edited|aktualisiert|stand|geändert|mis(?:e)? à jour|modifié"
    r"|actualizad[oa]|actualización|modificado|aggiornat[oa]|aggiornamento|atualizad[oa]|bijgewerkt|gewijzigd"
    r"|uppdaterad|oppdatert|opdateret|zaktualizowan[oy]|aktualizacja|aktualizov\w+|обновлен[оа]|оновлено"
    r"|güncelle\w+|päivitetty|frissítve|actualizat|ενημερώθηκε|diperbarui)\b|更新|최종수정|수정|تحديث|עודכן",
    re.I,
)
_PUBLICATION_LABEL = re.compile(
    r"\b(?:published|posted|first|created|veröffentlicht|erstellt|publié|publicad[oa]|pubblicat[oa]|gepubliceerd"
    r"|geplaatst|publicerad|publisert|publiceret|udgivet|opublikowan[oy]|publikacj\w+|publikov\w+|опубликован[оа]"
    r"|опубліковано|yayın\w*|julkaistu|megjelen\w*|publicat|δημοσιεύ\w+|diterbitkan)\b|発行|公開|掲載|发布|發布|입력|نشر|פורסם",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Maximum number of date elements examined, and maximum length of one with label and byline.
_MAX_DATED_ELEMENTS, _MAX_DATE_CHARACTERS = 60, 150
_MAX_TEXTS = 5000  # maximum number of texts searched for a date
#: Separator of headline, site and day in a title, and maximum length of a day ("28. September 2023").
_BETWEEN_PARTS, _MAX_DAY_CHARACTERS = re.compile(r" [|:–—-] "), 18
#: Parts of the page outside the article that may have dates: menus, footers, terms of use.
_FURNITURE_TAGS = frozenset(("nav", "footer", "aside", "form", "button", "select"))
_FURNITURE_NAMES = re.compile(r"(?<![a-z])(?:footer|copyright|legal|terms|privacy)(?![a-z])")
# Two-letter domains that do not belong to a country, or whose country writes the month first.
_MONTH_FIRST_DOMAINS = frozenset(("us", "io", "co", "ai", "tv", "me", "ph"))


class _DateFinder:
    def __init__(self, page: Page, url: str | None, language: str | None, near: Nearby) -> None:
        self._page = page
        self._url = url
        self._language = (language or "").casefold().replace("_", "-")
        self._near = near

    def run(self, meta: Meta, linked: list[dict[str, Any]]) -> dt.datetime | None:
        declared = [text for text in self._declared_dates(meta, linked) if text]
        texts = [text for text in declared if self._parse(text)]
        changed = (meta.first("article:modified_time"), first(linked, "dateModified"))
        if declared and not texts:  # only the date of the last change is known
            texts = list(filter(self._parse, changed))
        moment = self._declared_day(texts) or self._element_date(updated=False) or dates.in_url(self._url)
        moment = moment or self._title_date()
        if moment or self._page.heavy:
            return moment
        return (
            self._shown_date(updated=False, close=True)
            or self._date_near_headline(updated=False)
            or self._element_date(updated=True)
            or self._shown_date(updated=True, close=True)
            or self._date_near_headline(updated=True)
            or self._shown_date(updated=False, close=False)
            or self._labelled_date()
            or next(filter(None, map(self._parse, changed)), None)
            or self._first_date()
        )

    def _declared_day(self, texts: list[str]) -> dt.datetime | None:
        """Return the declared date, in the publisher's time zone and on the day in the address."""
        moments = {text: moment for text in texts if (moment := self._parse(text))}
        if not moments:
            return None
        day = dates.in_url(self._url)
        plausible = [text for text, moment in moments.items() if day is None or abs(moment - day) < _TWO_DAYS]
        if day and not plausible:
            declared, shown_date = next(iter(moments.values())), self._element_date(updated=False)
            agreed = shown_date is not None and shown_date.date() == declared.date()
            return day if min(moments.values()) > day and not agreed else declared
        first = plausible[0]
        zone = _ZONE.search(first)
        if not zone or zone[1].strip("Z+-0:"):
            return moments[first]
        return self._to_local_time(moments[first], [text for text in texts if text != first], day)

    def _to_local_time(
        self, moment: dt.datetime, other_texts: list[str], day: dt.datetime | None
    ) -> dt.datetime:
        """Convert a UTC time to the publisher's time, or day, if the page shows it elsewhere."""
        for text in other_texts:
            zone, local = _ZONE.search(text), self._parse(text)
            there = zone[1] if zone and zone[1].strip("Z+-0:") else ""
            if local and there and abs(_utc_offset(there) + moment - local) < _A_MINUTE:
                return local
        shown_date = day or self._element_date(updated=False)
        step = (shown_date.date() - moment.date()).days if shown_date else 0
        if shown_date and ((step == -1 and moment.hour < _NOON) or (step == 1 and moment.hour >= _NOON)):
            return shown_date
        return moment

    def _declared_dates(self, meta: Meta, linked: list[dict[str, Any]]) -> Iterator[str]:
        yield first(linked, "datePublished")
        yield from (values[0] for values in meta.each(_DECLARED))
        yield first(jsonld.pages(self._page.linked), "datePublished")
        yield first(linked, "dateCreated")
        yield first(self._page.linked, "pubDate")  # https://ziyuan.baidu.com/contexts/cambrian.jsonld

    def _title_date(self) -> dt.datetime | None:
        """Return the date in the page's title: "Ferry to sail again | Tallow Post | 28.04.2023"."""
        title = " ".join((self._page.tree.findtext(".//title") or "").split())
        for part in _BETWEEN_PARTS.split(title)[1:]:
            if len(part) <= _MAX_DAY_CHARACTERS and part[-4:].isdecimal() and (moment := self._in_text(part)):
                return moment
        return None

    def _element_date(self, *, updated: bool) -> dt.datetime | None:
        for element in self._near.by_distance(islice(self._page.tree.iter("time"), 60)):
            if _is_other_date(element) is updated:
                value = element.get("datetime") or element.get("content") or element.text_content()
                if moment := self._parse(value):
                    return moment
        return None

    def _shown_date(self, *, updated: bool, close: bool) -> dt.datetime | None:
        for element in self._near.by_distance(self._dated_elements[:_MAX_DATED_ELEMENTS], close=close)[:30]:
            if _is_other_date(element) is updated and (
                moment := self._date_in(words(element), updated=updated)
            ):
                return moment
        return None

    @cached_property
    def _dated_elements(self) -> list[Any]:
        marked = (
            element for element, name in self._near.elements_with("itemprop") if "datePublished" in name
        )
        return self._near.elements_of_class(_DATED) or list(marked)

    def _date_near_headline(self, *, updated: bool) -> dt.datetime | None:
        """Return a date in a short text just below or above the headline."""
        for element in self._near.elements_around():
            for text in () if _in_furniture(element) else (element.text, element.tail):
                if text and (moment := self._date_in(" ".join(text.split()), updated=updated)):
                    return moment
        return None

    def _date_in(self, text: str, *, updated: bool) -> dt.datetime | None:
        if len(text) >= _MAX_DATE_CHARACTERS:
            return None
        label = _PUBLICATION_LABEL.search(text)
        if not _YEAR.search(text):
            return dates.short(text[label.end() :].lstrip(": ") if label else text)
        if label and (moment := self._in_text(text[label.end() :])):
            return moment
        late = _UPDATE_LABEL.search(text)
        if late and not updated:
            return self._in_text(text[: late.start()])
        return self._in_text(text) or (dates.month_in_text(text) if late else None)

    def _labelled_date(self) -> dt.datetime | None:
        before = ""
        for text in self._texts():
            line = f"{before[-40:]} {text}"
            labelled = len(text) < 60 and (_PUBLICATION_LABEL.search(line) or _UPDATE_LABEL.search(line))
            if labelled and (moment := self._date_in(line, updated=True)):
                return moment
            before = text
        return None

    def _texts(self) -> Iterator[str]:
        body = self._page.tree.find(".//body")
        for text in islice(body.itertext(), _MAX_TEXTS) if body is not None else ():
            if len(text) < 200 and (text := " ".join(text.split())):
                yield text

    def _first_date(self) -> dt.datetime | None:
        """Return the first date in a short text of the article area, unlike "Terms of Use (10 Mar 2001)"."""
        for text in self._near.texts(_is_furniture):
            dated = 5 < len(text) < 120 and _YEAR.search(text) and "©" not in text
            if dated and (moment := self._in_text(text)):
                return moment
        return None

    def _parse(self, text: str | None) -> dt.datetime | None:
        if not text:
            return None
        moment = dates.parse(text, month_first=dates.is_ambiguous(text) and self._month_first)
        return None if moment and moment.date() in _UNIX_EPOCH else moment

    def _in_text(self, text: str) -> dt.datetime | None:
        return dates.in_text(text, month_first=dates.is_ambiguous(text) and self._month_first)

    @cached_property
    def _month_first(self) -> bool:
        """True if 3/4/2024 means March 4: judged by other dates on the page, else by language and country
        (https://cldr.unicode.org; "en" without a country is treated as US English)."""
        month_first = dates.month_first_in(self._page.tree.text_content())
        if month_first is not None:
            return month_first
        domain = (urlsplit(self._url or "").hostname or "").rsplit(".", 1)[-1]
        country = len(domain) == 2 and domain not in _MONTH_FIRST_DOMAINS
        return self._language in ("en", "en-us", "en-ph") and not country


#: The start of Unix time, which programs write for unknown dates.
_UNIX_EPOCH = frozenset((dt.date(1969, 12, 31), dt.date(1970, 1, 1)))
#: The time zone after a time.
_ZONE = re.compile(r"\d[:.]?\d\d(?:[:.]\d\d(?:\.\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)\s*$")
_A_MINUTE, _TWO_DAYS, _NOON = dt.timedelta(minutes=1), dt.timedelta(days=2), 12


def _utc_offset(zone: str) -> dt.timedelta:
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return dt.timedelta(minutes=-minutes if zone[0] == "-" else minutes)


def _is_other_date(element: Any) -> bool:
    """Return True if an element has a date other than that of first publication."""
    if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
        return False
    if _UPDATE_LABEL.search(_label(element)):
        return True
    for _ in range(4):
        if element is None or element.tag in ("article", "body", "main", "html"):
            break
        if element.tag in ("aside", "footer"):
            return True
        if any(_OTHER_DATE.search(element.get(name) or "") for name in ("class", "id", "itemprop")):
            return True
        element = element.getparent()
    return False


def _label(element: Any) -> str:
    parent, before = element.getparent(), element.getprevious()
    texts = (
        (parent.text or "") if before is None and parent is not None else "",
        (words(before) + " " + (before.tail or "")) if before is not None else "",
    )
    inside = words(element)
    # If it labels two dates, they are distinguished later.
    return " ".join(text[-40:] for text in texts) + ("" if _PUBLICATION_LABEL.search(inside) else inside[:60])


def _is_furniture(element: Any) -> bool:
    named = " ".join(element.get(name) or "" for name in ("class", "id", "href")).lower()
    return element.tag in _FURNITURE_TAGS or bool(_FURNITURE_NAMES.search(named))


def _in_furniture(element: Any) -> bool:
    return any(
        _is_furniture(one)
        for one in (element, *islice(element.iterancestors(), 3))
        if one.tag not in ("html", "body", "main", "article")
    )


_DESCRIBED = "description og:description twitter:description"
_SUMMARIES = ("description", "alternativeHeadline")
_MAX_TAGS = 40  # per page


@dataclass(frozen=True, slots=True)
class Facts:
    """Metadata of an article. ``titles`` and ``descriptions`` are all variants, which the body may repeat."""

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
    """Return the metadata of a page."""
    meta = Meta(page)
    linked = jsonld.articles(page.linked)
    source = _source(meta, linked)
    url = _url(page, meta)
    language = _language(page, meta, linked)
    best, titles, headline = title(page, meta, linked, source)
    near = Nearby(page, headline)
    outlet = source or _site_in_title(page, best)
    described = [
        *(values[0] for values in meta.each(_DESCRIBED)),
        *(first(linked, name) for name in _SUMMARIES),
    ]
    return Facts(
        title=best, authors=authors(page, meta, linked, outlet, url, near),
        published=_DateFinder(page, url, language, near).run(meta, linked),
        source=_confirmed_part(source, titles, url) if url else outlet, url=url, language=language,
        section=first(linked, "articleSection") or meta.first("article:section section og:section") or None,
        tags=_tags(meta, linked), titles=titles, descriptions=tuple(dict.fromkeys(filter(None, described))),
    )  # fmt: skip


def _source(meta: Meta, linked: list[dict[str, Any]]) -> str | None:
    name = meta.first("og:site_name application-name al:ios:app_name twitter:app:name:iphone")
    name = name or first(linked, "publisher")
    named = jsonld.text_of(name).partition(" | ")[0]  # a motto or another name follows
    return (urls.host_of(named) if named.startswith(("http://", "https://")) else named) or None


def _confirmed_part(source: str | None, titles: tuple[str, ...], url: str | None) -> str | None:
    """Return the part of a name such as "Bay news - The Tallow Post" that ends a title or is the host's name,
    or the whole name."""
    ends = {_BETWEEN_PARTS.split(title)[-1] for title in titles if not title.endswith(source or "")}
    outlet, parts = Outlet(None, url, ()), _BETWEEN_PARTS.split(source or "")
    return source and next((part for part in parts if part in ends or outlet.is_called(part)), source)


def _site_in_title(page: Page, headline: str | None) -> str | None:
    """Return the site's name from the page title, before or after the headline: "The Tallow Post | Harbour |
    Ferry to sail again"."""
    document = " ".join((page.tree.findtext(".//title") or "").split())
    before, headline_part, after = document.partition(headline or "\n")
    parts = _BETWEEN_PARTS.split(before or after)
    edge, name = (parts[-1], parts[0]) if before else (parts[0], parts[-1])
    return (
        name
        if headline_part and not edge and 0 < len(name) < len(headline_part) and not dates.parse(name)
        else None
    )


def _url(page: Page, meta: Meta) -> str | None:
    links = (e.get("href") for e in page.tree.iter("link") if (e.get("rel") or "").lower() == "canonical")
    candidates = (next(links, None), meta.first("og:url"), page.url)
    addresses = [url for one in candidates if (url := urls.absolute(one, page.url))]
    return next(filter(urls.has_path, addresses), addresses[0] if addresses else None)


def _language(page: Page, meta: Meta, linked: list[dict[str, Any]]) -> str | None:
    root = page.tree if page.tree.tag == "html" else page.tree.getroottree().getroot()
    names = ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang")
    declared: str | None = next(filter(None, map(root.get, names)), None)
    language = declared or meta.first("og:locale content-language dc.language")
    return language or first(linked, "inLanguage") or None


def _tags(meta: Meta, linked: list[dict[str, Any]]) -> tuple[str, ...]:
    keywords = next((item["keywords"] for item in linked if item.get("keywords")), None)
    values = keywords or next(iter(meta.each("article:tag parsely-tags news_keywords keywords")), [])
    texts = map(jsonld.text_of, values if isinstance(values, list) else [values])
    tags = (tag.strip() for text in texts for tag in re.split(r"[,;|]", text))
    return tuple(islice(filter(None, tags), _MAX_TAGS))


def place_of(page: Page, url: str | None) -> tuple[str, int] | None:
    """Return the address shared by the pages of an article and the number of this page, or None."""
    if not url or page.heavy:
        return None
    shared, own = urls.split_page_number(url)
    before, after, numbered = list[int](), list[int](), set[int]()
    for element in page.tree.iter("link", "a"):
        related = rel.lower().split() if (rel := element.get("rel")) else ()
        text = "" if element.tag == "link" else (element.text or "").strip()
        if not ("next" in related or "prev" in related or (text.isdecimal() and len(text) <= _PAGE_DIGITS)):
            continue
        target = (element.get("href") or "").strip()
        address = urls.absolute(target, url) if target[:1] not in ("", "#") else None
        base, number = urls.split_page_number(address) if address else ("", None)
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
        _, own = (
            urls.split_page_number(page.url)
            if page.url and urls.split_page_number(page.url)[0] == shared
            else ("", None)
        )
    if own is None:
        missing = next(n for n in range(1, len(numbered) + 2) if n not in numbered)
        own = after[0] - 1 if after else before[0] + 1 if before else missing
    return shared, own


_PAGE_DIGITS = 2  # maximum digits of a page number

"""Title, authors, date, source and the rest: JSON-LD first, then meta elements, then the page itself."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from searcher.readers import urls
from searcher.readers.html import jsonld
from searcher.readers.html.authors import authors
from searcher.readers.html.headline import Nearby, title
from searcher.readers.html.meta import Meta, first
from searcher.readers.html.page import Page
from searcher.readers.html.published import published

__all__ = ["Facts", "metadata"]


_DESCRIBED = ("description", "og:description", "twitter:description")
_SUMMED = ("description", "alternativeHeadline")


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


def metadata(page: Page) -> Facts:
    """Everything known of the article beside its text."""
    meta = Meta(page)
    linked = jsonld.articles(page.linked)
    source = _source(meta, linked)
    url = _url(page, meta)
    language = _language(page, meta, linked)
    best, titles, headline = title(page, meta, linked, source)
    near = Nearby(page, headline)
    return Facts(
        title=best,
        authors=authors(page, meta, linked, source, url, near),
        published=published(page, meta, linked, url, language, near),
        source=source,
        url=url,
        language=language,
        section=first(linked, "articleSection") or meta.first("article:section section og:section") or None,
        tags=_tags(meta, linked),
        titles=titles,
        descriptions=tuple(
            dict.fromkeys(
                filter(None, [*map(meta.first, _DESCRIBED), *(first(linked, name) for name in _SUMMED)])
            )
        ),
    )


def _source(meta: Meta, linked: list[dict[str, Any]]) -> str | None:
    name = meta.first("og:site_name application-name al:ios:app_name twitter:app:name:iphone")
    if not name:
        publishers = [item.get("publisher") for item in linked]
        name = next((text for publisher in publishers if (text := jsonld.text_of(publisher))), "")
    named = jsonld.text_of(name).partition(" | ")[0]  # what follows a bar is a motto or another name
    return (urls.site(named) if named.startswith(("http://", "https://")) else named) or None


def _url(page: Page, meta: Meta) -> str | None:
    links = [
        link.get("href") for link in page.tree.iter("link") if (link.get("rel") or "").lower() == "canonical"
    ]
    for candidate in (*links[:1], meta.first("og:url"), page.url):
        found = urls.absolute(candidate, page.url)
        if found:
            return found
    return None


def _language(page: Page, meta: Meta, linked: list[dict[str, Any]]) -> str | None:
    root = page.tree if page.tree.tag == "html" else page.tree.getroottree().getroot()
    declared = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    )
    return (
        declared
        or meta.first("og:locale content-language dc.language")
        or first(linked, "inLanguage")
        or None
    )


def _tags(meta: Meta, linked: list[dict[str, Any]]) -> tuple[str, ...]:
    keywords = next((item["keywords"] for item in linked if item.get("keywords")), None)
    given = keywords or meta.all("article:tag parsely-tags news_keywords keywords")
    texts = given if isinstance(given, list) else [given]
    return tuple(
        tag.strip() for text in texts for tag in re.split(r"[,;|]", jsonld.text_of(text)) if tag.strip()
    )[:40]

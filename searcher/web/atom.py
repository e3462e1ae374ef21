"""What a search finds as an Atom feed (RFC 4287)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from searcher.article import Article
from searcher.query.request import Search
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.sanitize import clean
from searcher.web.asking import address, article_address
from searcher.web.marking import web_link

__all__ = ["atom"]

_UNKNOWN = dt.datetime(1970, 1, 1)


def atom(title: str, search: Search, path: str, site: str, hits: Iterable[Hit | QuoteHit]) -> str:
    """Return what a search finds as a feed. ``path`` is the page that shows the same, ``site`` what stands
    before it."""
    found = list(hits)
    page = site + address(path, search)
    updated = max((hit.article.published or _UNKNOWN for hit in found), default=_UNKNOWN)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{_text(title)}</title>\n<id>{_text(page)}</id>\n<link href={_attribute(page)}/>\n"
        f"<updated>{_moment(updated)}</updated>\n<author><name>Searcher</name></author>\n"
        f"{''.join(_entry(hit, site) for hit in found)}</feed>\n"
    )


def _entry(hit: Hit | QuoteHit, site: str) -> str:
    return "\n".join(("<entry>", *_parts(hit, hit.article, site), "</entry>\n"))


def _parts(hit: Hit | QuoteHit, article: Article, site: str) -> Iterator[str]:
    """Yield what an entry says; its link is the article on the page, “via” where that was published."""
    here = site + article_address(article.id)
    name = f"urn:searcher:{quote(article.id, safe='', errors='replace')}"
    if isinstance(hit, QuoteHit):
        name += f":{hit.quote.start}"
        here += f"#q{hit.quote.start}"
        summary = f"{hit.speaker or hit.quote.speaker or '…'}: “{hit.quote.text}”"
    else:
        summary = " … ".join(snippet.text for snippet in hit.snippets)
    yield f"<title>{_text(article.title or article.id)}</title>"
    yield f"<id>{_text(name)}</id>"
    yield f"<link href={_attribute(here)}/>"
    if web_link(article.url):
        yield f'<link rel="via" href={_attribute(article.url or "")}/>'
    yield f"<updated>{_moment(article.published or _UNKNOWN)}</updated>"
    yield f"<summary>{_text(summary)}</summary>"


def _moment(moment: dt.datetime) -> str:
    return moment.replace(microsecond=0).isoformat() + "Z"


def _text(text: str) -> str:
    return escape(clean(text))


def _attribute(text: str) -> str:
    return quoteattr(clean(text))

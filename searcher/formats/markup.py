"""XML formats: feeds (Atom, RFC 4287, and RSS 2.0) and networks (GEXF 1.2, for Gephi and NetworkX)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from searcher.formats.reference import said_line
from searcher.results import Hit
from searcher.results.articles import headline
from searcher.results.quotations import QuoteHit
from searcher.sanitize import clean_line, web_link

if TYPE_CHECKING:
    from searcher.search.network import Network

_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_UNKNOWN: Final = dt.datetime(1970, 1, 1)
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def atom(title: str, page: str, hits_by_address: Iterable[tuple[str, Hit | QuoteHit]]) -> str:
    """Return hits as an Atom feed. ``page`` is the address of the feed's page.

    Each hit comes with its address on the page; the article's own web address is the “via” link.
    """
    hits = list(hits_by_address)
    updated = max((hit.article.published or _UNKNOWN for _, hit in hits), default=_UNKNOWN)
    parts = [_leaf("title", title), _leaf("id", page), _link(page), _leaf("updated", _moment(updated))]
    parts.append(_element("author", _leaf("name", "Searcher")))
    for here, hit in hits:
        key = ":".join(["urn:searcher", *(quote(part, safe="", errors="replace") for part in _key(hit))])
        via = [_link(url, 'rel="via" ')] if (url := web_link(hit.article.url)) else []
        day = _leaf("updated", _moment(hit.article.published or _UNKNOWN))
        parts.append(_entry("entry", hit, "summary", _leaf("id", key), _link(here), *via, day))
    return f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom">\n{"".join(parts)}</feed>\n'


def rss(news: Iterable[tuple[str, Hit | QuoteHit]]) -> str:
    """Return hits as an RSS feed, each with the name of its saved search."""
    parts = [_leaf("title", "Searcher alerts"), _leaf("link", "about:blank")]
    parts.append(_leaf("description", "New results of saved searches"))
    for name, hit in news:
        key, published = (_leaf("guid", " ".join(_key(hit)), ' isPermaLink="false"'), hit.article.published)
        link = [_leaf("link", url)] if (url := web_link(hit.article.url)) else []
        day = [_leaf("pubDate", format_datetime(published))] if published else []
        parts.append(_entry("item", hit, "description", *link, key, _leaf("category", name), *day))
    return f'{_XML}<rss version="2.0">\n{_element("channel", *parts)}</rss>\n'


def _entry(tag: str, hit: Hit | QuoteHit, summary: str, *parts: str) -> str:
    return _element(tag, _leaf("title", headline(hit.article)), *parts, _leaf(summary, _summary_of(hit)))


def gexf(network: Network) -> Iterator[str]:
    """Yield the parts of a network: names as nodes, pairs as edges weighted by their number of articles."""
    everybody = (*((network.center,) if network.center else ()), *network.names)
    numbers = {one: number for number, one in enumerate(everybody)}
    yield (
        f'{_XML}<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
        '<graph defaultedgetype="undirected" mode="static">\n<attributes class="node">\n'
        '<attribute id="kind" title="kind" type="string"/>\n'
        '<attribute id="articles" title="articles" type="integer"/>\n</attributes>\n<nodes>\n'
    )
    for one, number in numbers.items():
        yield (
            f'<node id="{number}" label="{_escape(one.name)}"><attvalues>'
            f'<attvalue for="kind" value="{one.kind}"/><attvalue for="articles" value="{one.articles}"/>'
            "</attvalues></node>\n"
        )
    yield "</nodes>\n<edges>\n"
    for number, link in enumerate(network.links):
        ends = f'source="{numbers[link.one]}" target="{numbers[link.other]}"'
        yield f'<edge id="{number}" {ends} weight="{link.articles}"/>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _key(hit: Hit | QuoteHit) -> list[str]:
    """Return the parts of a unique key."""
    return [hit.article.id, *([str(hit.quote.start)] if isinstance(hit, QuoteHit) else [])]


def _summary_of(hit: Hit | QuoteHit) -> str:
    return (
        said_line(hit) if isinstance(hit, QuoteHit) else " … ".join(snippet.text for snippet in hit.snippets)
    )


def _moment(moment: dt.datetime) -> str:
    return moment.replace(microsecond=0).isoformat() + "Z"


def _element(tag: str, *parts: str) -> str:
    return f"<{tag}>\n{''.join(parts)}</{tag}>\n"


def _leaf(tag: str, text: str, attributes: str = "") -> str:
    return f"<{tag}{attributes}>{_escape(text)}</{tag}>\n"


def _link(url: str, attributes: str = "") -> str:
    return f'<link {attributes}href="{_escape(url)}"/>\n'


def _escape(text: str) -> str:
    return clean_line(text).translate(_ESCAPES)

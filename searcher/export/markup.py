"""What is written in XML: feeds of what was found (Atom, RFC 4287, and RSS 2.0), and networks in GEXF, which
Gephi and NetworkX read (https://gexf.net/schema.html, 1.2: NetworkX before 3.6 reads no later one)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from email.utils import format_datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from searcher.article import Article
from searcher.export.reference import said
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.sanitize import clean, web_link

if TYPE_CHECKING:
    from searcher.search.together import Network


_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_UNKNOWN: Final = dt.datetime(1970, 1, 1)
#: Characters of the words that stand for a title where there is none.
_MAX_WORDS: Final = 80
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def atom(title: str, page: str, found: Iterable[tuple[str, Hit | QuoteHit]]) -> str:
    """Return hits as an Atom feed, each with the place where it is read; ``page`` shows the same."""
    hits = list(found)
    updated = max((hit.article.published or _UNKNOWN for _, hit in hits), default=_UNKNOWN)
    entries = "".join(_element("entry", *_entry(hit, here)) for here, hit in hits)
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom">\n{_tagged("title", title)}{_tagged("id", page)}'
        f"{_link(page)}{_tagged('updated', _moment(updated))}<author>{_tagged('name', 'Searcher')}</author>\n"
        f"{entries}</feed>\n"
    )


def rss(news: Iterable[tuple[str, Hit | QuoteHit]]) -> str:
    """Return hits as an RSS feed, each with the name of the saved search in which it is new."""
    items = "".join(_element("item", *_item(name, hit)) for name, hit in news)
    return (
        f'{_XML}<rss version="2.0">\n<channel>\n<title>Searcher alerts</title>\n<link>about:blank</link>\n'
        f"<description>What is new in saved searches</description>\n{items}</channel>\n</rss>\n"
    )


def gexf(network: Network) -> Iterator[str]:
    """Yield the parts of a network: a node for each name, an edge for each pair weighted by its articles."""
    everybody = (*((network.asked,) if network.asked else ()), *network.who)
    numbers = {one: number for number, one in enumerate(everybody)}
    yield (
        f'{_XML}<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
        '<graph defaultedgetype="undirected" mode="static">\n<attributes class="node">\n'
        '<attribute id="kind" title="kind" type="string"/>\n'
        '<attribute id="articles" title="articles" type="integer"/>\n</attributes>\n<nodes>\n'
    )
    for one, number in numbers.items():
        yield (
            f'<node id="{number}" label="{_escaped(one.name)}"><attvalues>'
            f'<attvalue for="kind" value="{one.kind}"/><attvalue for="articles" value="{one.articles}"/>'
            "</attvalues></node>\n"
        )
    yield "</nodes>\n<edges>\n"
    for number, link in enumerate(network.links):
        ends = f'source="{numbers[link.one]}" target="{numbers[link.other]}"'
        yield f'<edge id="{number}" {ends} weight="{link.articles}"/>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _entry(hit: Hit | QuoteHit, here: str) -> Iterator[str]:
    """Yield what an Atom entry says; its link is where it is read, “via” where the article was published."""
    article = hit.article
    yield _tagged("title", _title_of(article))
    key = (quote(part, safe="", errors="replace") for part in _key(hit))
    yield _tagged("id", ":".join(["urn:searcher", *key]))
    yield _link(here)
    if url := web_link(article.url):
        yield _link(url, 'rel="via" ')
    yield _tagged("updated", _moment(article.published or _UNKNOWN))
    yield _tagged("summary", _summary_of(hit))


def _item(name: str, hit: Hit | QuoteHit) -> Iterator[str]:
    """Yield what an RSS item says."""
    article = hit.article
    yield _tagged("title", _title_of(article))
    if url := web_link(article.url):
        yield _tagged("link", url)
    yield _tagged("guid", " ".join(_key(hit)), ' isPermaLink="false"')
    yield _tagged("category", name)
    if article.published:
        yield _tagged("pubDate", format_datetime(article.published))
    yield _tagged("description", _summary_of(hit))


def _title_of(article: Article) -> str:
    return article.title or shorten(article.body[: 2 * _MAX_WORDS], _MAX_WORDS, placeholder="…")


def _key(hit: Hit | QuoteHit) -> list[str]:
    """The parts of what tells a hit from all others."""
    return [hit.article.id, *([str(hit.quote.start)] if isinstance(hit, QuoteHit) else [])]


def _summary_of(hit: Hit | QuoteHit) -> str:
    return said(hit) if isinstance(hit, QuoteHit) else " … ".join(snippet.text for snippet in hit.snippets)


def _moment(moment: dt.datetime) -> str:
    return moment.replace(microsecond=0).isoformat() + "Z"


def _element(tag: str, *parts: str) -> str:
    return f"<{tag}>\n{''.join(parts)}</{tag}>\n"


def _tagged(tag: str, text: str, attributes: str = "") -> str:
    return f"<{tag}{attributes}>{_escaped(text)}</{tag}>\n"


def _link(url: str, attributes: str = "") -> str:
    return f'<link {attributes}href="{_escaped(url)}"/>\n'


def _escaped(text: str) -> str:
    return clean(text).translate(_ESCAPES)

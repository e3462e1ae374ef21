"""The help page: the query language, with examples that find something in this archive."""

from __future__ import annotations

import re
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response

from searcher.article import Article
from searcher.extensions.web.site import site_of
from searcher.extensions.web.strings import CONFIDENCE
from searcher.languages import common_words, word_list
from searcher.names.table import exact_query
from searcher.query.language import render
from searcher.query.request import Search
from searcher.query.tree import HasValue

#: The article for the examples is chosen from this many newest articles.
_MAX_ARTICLES = 50
#: Matches a word of at least five letters. In most languages, it is unlikely to be a function word.
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")


def help_page(request: Request) -> Response:
    """Show the help page. The examples come from one article, so that each of them finds it."""
    index = site_of(request).index
    hits = index.search(Search(sort="newest", limit=_MAX_ARTICLES, snippets=False)).hits
    ranked = sorted((index.names.resolve_article(hit.article) for hit in hits), key=_lacking)
    article = ranked[0] if ranked else Article("", "Harbour fire")
    there = _words_of(article)
    absent = (word for word in chain.from_iterable(map(_words_of, ranked[1:])) if word not in there)
    values = {"terms": there[:2], "absent": next(absent, "xyz"), "values": _example_queries(article)}
    values["question"] = f"Articles about {article.people[0]}" if article.people else ""
    return site_of(request).page(request, "help.html", {**values, "article": article, "levels": CONFIDENCE})


def _words_of(article: Article) -> list[str]:
    words = (word.casefold() for word in _LONG_WORD.findall(f"{article.title} {article.body}"))
    common = common_words(article.language) | word_list("TALK_WORDS")
    return [*(word for word in dict.fromkeys(words) if word not in common), "harbour", "fire"]


def _example_queries(article: Article) -> dict[str, str]:
    """Return a query for the first person, organisation, speaker and source of an article."""
    firsts = {"person": article.people[:1], "organisation": article.organisations[:1]}
    firsts |= {"speaker": article.speakers[:1], "source": (article.source,) if article.source else ()}
    return {
        field: render(HasValue(field, exact_query(field, *name))) if name else ""
        for field, name in firsts.items()
    }


def _lacking(article: Article) -> int:
    return list(_example_queries(article).values()).count("")

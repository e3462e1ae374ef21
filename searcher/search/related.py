"""Find articles like an article: related ones, by its typical words and names; its versions; its copies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice

from searcher import analysis
from searcher.analysis.terms import composed
from searcher.article import Article
from searcher.engines import scoring
from searcher.engines.base import Engine
from searcher.languages import common_words
from searcher.query.request import Search
from searcher.query.stop_words import is_stop_word
from searcher.query.tree import Expr, HasValue, Or, Phrase, Query, Term, any_of
from searcher.results import Hit
from searcher.results.versions import CopyCounts, base_of, versions_among
from searcher.search.answers import Answers

#: Maximum number of words to look up, most frequent in the article first, and of words in the query.
MAX_CANDIDATES, MAX_TERMS = 40, 15
#: Maximum number of names in the query.
MAX_NAMES = 6
#: Weight of a word in the title, relative to the body.
TITLE_WEIGHT = 3
#: Minimum score of a related article, relative to the best score (usually that of the article itself).
MIN_SCORE_RATIO = 0.12


def related(answers: Answers, article: Article, limit: int = 10) -> list[Hit]:
    """Return the articles most like one, best first; ``article`` need not be in the index."""
    if (query := query_for(answers, article)) is None:
        return []
    found = answers.search(Search(query, limit=limit + 1))
    best = max((hit.score for hit in found), default=0.0)
    others = [hit for hit in found if hit.article.id != article.id and hit.score >= MIN_SCORE_RATIO * best]
    return others[:limit]


def query_for(answers: Answers, article: Article) -> Expr | None:
    """Return an Or of the article's names and of its words with the highest tf-idf, or None."""
    counts = _counts(article)
    itself = len(answers.engine.frequencies("id", [article.id]))
    total = answers.engine.count()
    telling: dict[str, float] = {}
    for word, times in counts.most_common(MAX_CANDIDATES):
        articles = answers.count(Search(Term(word)))
        if articles > itself:
            telling[word] = times / (times + scoring.K1) * math.log(1 + total / articles)
    chosen = sorted(telling, key=lambda word: -telling[word])[:MAX_TERMS]
    leaves: list[Expr] = [Term(word) for word in chosen]
    leaves += [Phrase(name) for name in _names(article)]
    return any_of(*leaves)


def _names(article: Article) -> list[str]:
    """Return the most frequent names of more than one word; the others are among the words."""
    names = Counter(mention.name for mention in article.mentions if " " in mention.name)
    return [name for name, _ in names.most_common(MAX_NAMES)]


def _counts(article: Article) -> Counter[str]:
    """Count the words of an article by stem, each in the spelling that comes first."""
    spelling: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for text, weight in ((article.title, TITLE_WEIGHT), (article.body, 1)):
        for key, written in telling_words(text, article.language):
            counts[key] += weight
            spelling.setdefault(key, written)
    return Counter({spelling[key]: count for key, count in counts.items()})


def telling_words(text: str, language: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield the words that say what a text is about, each by its stem and as it is written. Stop words of
    English are none, nor are those of the language of the text."""
    common = common_words(language)
    for token in analysis.tokens(text):
        written = text[token.start : token.end]
        if len(written) < 3 or not written.isalpha() or is_stop_word(written):
            continue
        if composed(written).casefold() not in common:
            yield min(token.forms, key=len), written


#: Maximum number of versions of an article, and of articles in its story, that are compared.
_MOST_VERSIONS, _MOST_COPIES = 100, 100


def versions(engine: Engine, article: Article) -> list[Article]:
    """Return all versions of an article, oldest first."""
    return _versions(engine, [article])[article.id]


def copies(engine: Engine, article: Article) -> list[Article]:
    """Return the copies of an article: the rest of its story except its versions, oldest first."""
    if article.story is None:
        return []
    own = {one.id for one in versions(engine, article)}
    found = (hit.article for hit in engine.scan(Query(HasValue("story", article.story), sort="oldest")))
    return [one for one in islice(found, _MOST_COPIES) if one.id not in own]


def alike(engine: Engine, articles: Collection[Article]) -> dict[str, CopyCounts]:
    """Count the copies and versions of these articles, by id. Articles without any are left out."""
    stories = {article.story for article in articles if article.story}
    where = Or(tuple(HasValue("story", story) for story in sorted(stories)))
    counted = Query(where, facets=("story",), sort="newest", limit=0)
    sizes = engine.search(counted).facets["story"].values.counts if stories else {}
    kept = _versions(engine, articles)
    found: dict[str, CopyCounts] = {}
    for article in articles:
        own = sum(one.story == article.story for one in kept[article.id])
        found[article.id] = CopyCounts(
            max(0, sizes.get(article.story or "", own) - own), len(kept[article.id])
        )
    return {id: one for id, one in found.items() if one != CopyCounts()}


def _versions(engine: Engine, articles: Collection[Article]) -> dict[str, list[Article]]:
    """Return all versions of each article, oldest first, by its id. Looks up all articles in one query."""
    bases = {article.id: base_of(article.id) for article in articles}
    first = bases.keys() & bases.values()
    if digests := {*bases.values()} - first:  # or ids chosen by the user, without a first version
        first |= engine.frequencies("id", digests).keys()
    ids: dict[str, list[str]] = {}
    for id in engine.terms("id", tuple(f"{base}-" for base in sorted(first))) if first else ():
        if (base := base_of(id)) != id:  # “-2” is not a digest, so “ferry-2” is not a version of “ferry”
            ids.setdefault(base, []).append(id)
    known, found = {article.id: article for article in articles}, {}
    for article in articles:
        base = bases[article.id]
        others = sorted(ids.get(base, ()))[:_MOST_VERSIONS] if base in first else []
        texts = (known.get(id) or engine.get(id) for id in ([base, *others] if others else ()))
        found[article.id] = versions_among(article, filter(None, texts))
    return found

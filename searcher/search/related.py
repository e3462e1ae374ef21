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
    results = answers.search(Search(query, limit=limit + 1))
    best = max((hit.score for hit in results), default=0.0)
    similar = [hit for hit in results if hit.article.id != article.id and hit.score >= MIN_SCORE_RATIO * best]
    return similar[:limit]


def query_for(answers: Answers, article: Article) -> Expr | None:
    """Return an Or of the article's names and of its words with the highest tf-idf, or None."""
    counts = _counts(article)
    itself = len(answers.engine.frequencies("id", [article.id]))
    total = answers.engine.count()
    scores: dict[str, float] = {}
    for word, times in counts.most_common(MAX_CANDIDATES):
        articles = answers.count(Search(Term(word)))
        if articles > itself:
            scores[word] = times / (times + scoring.K1) * math.log(1 + total / articles)
    words = sorted(scores, key=lambda word: -scores[word])[:MAX_TERMS]
    leaves: list[Expr] = [Term(word) for word in words]
    leaves += [Phrase(name) for name in _names(article)]
    return any_of(*leaves) if leaves else None


def _names(article: Article) -> list[str]:
    """Return the most frequent names of more than one word; the others are among the words."""
    names = Counter(mention.name for mention in article.mentions if " " in mention.name)
    return [name for name, _ in names.most_common(MAX_NAMES)]


def _counts(article: Article) -> Counter[str]:
    """Count the words of an article by stem, each in the spelling that comes first."""
    spelling: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for text, weight in ((article.title, TITLE_WEIGHT), (article.body, 1)):
        for key, written in content_words(text, article.language):
            counts[key] += weight
            spelling.setdefault(key, written)
    return Counter({spelling[key]: count for key, count in counts.items()})


def content_words(text: str, language: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield the stem and the spelling of each word of a text. Stop words of English and of the language of
    the text are left out."""
    common = common_words(language)
    for token in analysis.tokens(text):
        written = text[token.start : token.end]
        if len(written) < 3 or not written.isalpha() or is_stop_word(written):
            continue
        if composed(written).casefold() not in common:
            yield min(token.forms, key=len), written


#: Maximum number of versions of an article, and of articles in its story, that are compared.
_MAX_VERSIONS, _MAX_COPIES = 100, 100


def versions(engine: Engine, article: Article) -> list[Article]:
    """Return all versions of an article, oldest first."""
    return _versions(engine, [article])[article.id]


def copies(engine: Engine, article: Article) -> list[Article]:
    """Return the copies of an article: the rest of its story except its versions, oldest first."""
    if article.story is None:
        return []
    own = {one.id for one in versions(engine, article)}
    articles = (hit.article for hit in engine.scan(Query(HasValue("story", article.story), sort="oldest")))
    return [one for one in islice(articles, _MAX_COPIES) if one.id not in own]


def copy_counts(engine: Engine, articles: Collection[Article]) -> dict[str, CopyCounts]:
    """Count the copies and versions of these articles, by id. Articles without any are left out."""
    stories = {article.story for article in articles if article.story}
    where = Or(tuple(HasValue("story", story) for story in sorted(stories)))
    counted = Query(where, facets=("story",), sort="newest", limit=0)
    sizes = engine.search(counted).facets["story"].values.counts if stories else {}
    all_versions = _versions(engine, articles)
    counts: dict[str, CopyCounts] = {}
    for article in articles:
        own = sum(one.story == article.story for one in all_versions[article.id])
        counts[article.id] = CopyCounts(
            max(0, sizes.get(article.story or "", own) - own), len(all_versions[article.id])
        )
    return {id: one for id, one in counts.items() if one != CopyCounts()}


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
    known, versions_by_id = {article.id: article for article in articles}, {}
    for article in articles:
        base = bases[article.id]
        later_ids = sorted(ids.get(base, ()))[:_MAX_VERSIONS] if base in first else []
        texts = (known.get(id) or engine.get(id) for id in ([base, *later_ids] if later_ids else ()))
        versions_by_id[article.id] = versions_among(article, filter(None, texts))
    return versions_by_id

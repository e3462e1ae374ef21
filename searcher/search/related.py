"""Related articles (more like this): a query of the words and names that are typical of one article."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from searcher import analysis
from searcher.analysis.terms import composed
from searcher.article import Article
from searcher.engines import scoring
from searcher.languages import common_words
from searcher.query.expansion import is_stop_word
from searcher.query.request import Search
from searcher.query.tree import Expr, Phrase, Term, any_of
from searcher.results import Hit
from searcher.search.answers import Answers

#: Words that are looked up, the most frequent of the article first; and words of the query, the rarest first.
MAX_CANDIDATES, MAX_TERMS = 40, 15
#: Names of people and bodies in the query.
MAX_NAMES = 6
#: Weight of a word in the title, where one in the body has 1.
TITLE_WEIGHT = 3
#: Hits below this share of the best score, which mostly is that of the article itself, are dropped.
MIN_SCORE_RATIO = 0.12


def related(answers: Answers, article: Article, limit: int = 10) -> list[Hit]:
    """Return the articles most like one, best first; ``article`` need not be in the index."""
    if (query := query_for(answers, article)) is None:
        return []
    found = answers.search(Search(query, limit=limit + 1, correct=False))
    best = max((hit.score for hit in found), default=0.0)
    others = [hit for hit in found if hit.article.id != article.id and hit.score >= MIN_SCORE_RATIO * best]
    return others[:limit]


def query_for(answers: Answers, article: Article) -> Expr | None:
    """Return an Or of the article's names and of its words with the highest tf-idf that others have too. None
    where it has neither."""
    counts = _counts(article)
    itself = len(answers.engine.frequencies("id", [article.id]))
    total = answers.engine.count()
    telling: dict[str, float] = {}
    for word, times in counts.most_common(MAX_CANDIDATES):
        articles = answers.count(Search(Term(word), correct=False))
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

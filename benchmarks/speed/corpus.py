"""The articles and questions that every engine is given."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

#: Classes of questions and what each one asks for; ten hits, best first, and the number of all, every time.
CLASSES = {
    "term1": "one word",
    "and2": "two words, both",
    "and3": "three words, all",
    "or2": "two words, any",
    "or3": "three words, any",
    "phrase": "two words in a row",
    "prefix": "words that begin so",
    "facet": "two words, any, with two facets",
    "sortdate": "two words, any, newest first",
    "range": "one word within a month",
    "multi2": "two words, both, each in title or text",
    "whole": "two words, any, with five facets and three snippets a hit",
}
#: The share of words of a made article that are others, drawn from the bodies of so many articles: enough
#: that no two articles are the same, and few enough that most words stand together as they did.
_PERTURBED_SHARE, _SAMPLE_ARTICLES = 0.1, 4000


class Question(NamedTuple):
    kind: str
    words: tuple[str, ...]


def write_corpus(data: Path, path: Path, count: int) -> None:
    """Write ``count`` articles: those there are, then copies of them in which each word is with a chance of a
    tenth replaced by one drawn from all, two months later each time. Always the same."""
    rng = random.Random(3)
    articles = [json.loads(line) for line in (data / "corpus" / "reuters-21578.jsonl").open(encoding="utf-8")]
    pool = [word for one in rng.sample(articles, _SAMPLE_ARTICLES) for word in one["body"].split()]
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            copy, which = divmod(number, len(articles))
            article = articles[which] if not copy else _perturbed(articles[which], copy, pool, rng)
            out.write(json.dumps(article) + "\n")


def _perturbed(article: dict[str, Any], copy: int, pool: list[str], rng: random.Random) -> dict[str, Any]:
    body = " ".join(
        rng.choice(pool) if rng.random() < _PERTURBED_SHARE else word for word in article["body"].split(" ")
    )
    date = dt.datetime.fromisoformat(article["date"]) + dt.timedelta(days=60 * copy)
    return {**article, "id": f"{article['id']}-{copy}", "body": body, "date": date.isoformat()}


def read_articles(path: Path) -> Iterator[dict[str, Any]]:
    """Each with ``id``, ``title``, ``body``, ``date`` (ISO), ``source``, ``people``, ``orgs``, ``topics``."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_questions(data: Path) -> list[Question]:
    """The 330 questions, and once more those with facets as whole answers."""
    found = [
        Question(kind, tuple(words))
        for kind, words in json.loads((data / "corpus" / "queries.json").read_text())
    ]
    return found + [Question("whole", words) for kind, words in found if kind == "facet"]

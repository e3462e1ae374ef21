"""``python -m benchmarks.speed.statements INDEX [--articles 100000 --made FOLDER]``

How long statements take: of an index whose articles have quotations, or of a larger one that is made of
these. Prints the median and the 95th percentile in ms, by the clock and of the processor, for what a person
says, for what anybody says with a word, and for a person with a word; each asked for the first time in a
process and again. Then quotations found again: whole, cut short and misquoted; one article more, committed;
and the size of the index.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import searcher
from searcher.article import Article, Quote

__all__: list[str] = []

#: The share of the words of a made article that are others, of the same length, so that every offset stays;
#: every third copy has none.
_PERTURBED = 0.03
#: People, words and both that are asked for, and quotations.
_PEOPLE, _WORDS, _BOTH, _QUOTATIONS, _COMMITS = 40, 40, 80, 40, 20


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.statements",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--made", type=Path, help="where an index of so many articles is made, or is already")
    options = parser.parse_args()
    folder = options.made or options.index
    if options.made and not (options.made / "searcher.json").exists():
        _make(options.index, options.made, options.articles)
    with searcher.open_index(folder, create=False) as index:
        size = sum(path.stat().st_size for path in folder.glob("MAIN*"))
        print(f"{index.count():,} articles, {index.count(quotes=True):,} quotations, {size / 1e6:,.1f} MB")
        asked = _questions(index)
        ask = [partial(index.statements, query, **narrowed) for query, narrowed in asked]
        print("statements, first", _timed(ask))
        print("statements, again", _timed(ask))
        print("as a dictionary  ", _timed([partial(_as_dict, one) for one in ask]))
        texts = list(_remembered(index))
        print("find_quote, first", _timed([partial(index.find_quote, text) for text in texts]))
        print("one article more ", _timed(list(_commits(index))))


def _make(source: Path, folder: Path, number: int) -> None:
    """Write copies of the articles, of other sources and days later, with some words changed."""
    rng = random.Random(3)
    with searcher.open_index(source, create=False) as index:
        articles = list(index.articles())
    words: dict[int, list[str]] = {}
    for article in rng.sample(articles, min(1000, len(articles))):
        for word in article.body.split():
            words.setdefault(len(word), []).append(word)
    with searcher.open_index(folder) as made:
        for start in range(0, number, 20_000):
            some = range(start, min(start + 20_000, number))
            made.add((_copy(articles, n, words, rng) for n in some), annotate=False)
        made._engine.optimize(number)


def _copy(
    articles: Sequence[Article], number: int, words: dict[int, list[str]], rng: random.Random
) -> Article:
    round_, which = divmod(number, len(articles))
    article = articles[which]
    if not round_:
        return article
    share = _PERTURBED if round_ % 3 else 0
    body = "".join(
        rng.choice(words.get(len(part), [part])) if rng.random() < share and part.isalpha() else part
        for part in _split(article.body)
    )
    quotes = tuple(replace(quote, text=body[quote.start : quote.end]) for quote in article.quotes)
    return replace(
        article,
        id=f"{article.id}-{round_}",
        body=body,
        source=f"Outlet {round_}",
        published=article.published and article.published + dt.timedelta(days=round_),
        story=f"{article.story}-{round_ // 3}" if article.story else None,
        quotes=quotes,
    )


def _split(body: str) -> list[str]:
    """The words of a text and what stands between them."""
    parts, at = [], 0
    for word in body.split():
        start = body.index(word, at)
        parts += [body[at:start], word]
        at = start + len(word)
    return [*parts, body[at:]]


def _questions(index: searcher.Index) -> list[tuple[str, dict[str, Any]]]:
    """People, the most quoted among them, words that are said, and both together."""
    rng = random.Random(3)
    counts = index.values("speaker")
    speakers = sorted(counts, key=lambda name: (-counts[name], name))
    people = speakers[: _PEOPLE // 2] + rng.sample(speakers[_PEOPLE // 2 :], _PEOPLE // 2)
    said = [quote for article in islice(index.articles(), 3000) for quote in article.quotes]
    words = [_word(quote, rng) for quote in rng.sample(said, _WORDS)]
    both = [(_word(quote, rng), quote.speaker) for quote in rng.sample(said, _BOTH) if quote.speaker]
    return [
        *(("", {"speaker": person}) for person in people),
        *((word, {}) for word in words),
        *((word, {"speaker": person}) for word, person in both),
    ]


def _word(quote: Quote, rng: random.Random) -> str:
    words = [word for word in quote.text.split() if word.isalpha() and len(word) > 4]
    return rng.choice(words or ["said"])


def _remembered(index: searcher.Index) -> Iterator[str]:
    """Quotations whole, cut short, and with words left out and put in another's place."""
    rng = random.Random(5)
    said = [q.text.split() for article in islice(index.articles(), 5000) for q in article.quotes]
    long = [words for words in said if len(words) >= 8]
    others = [word for words in rng.sample(long, 200) for word in words]
    for words in rng.sample(long, _QUOTATIONS):
        start = rng.randint(0, len(words) // 3)
        cut = words[start : start + max(6, min(14, len(words) // 2))]
        wrong = [rng.choice(others) if rng.random() < 0.12 else word for word in cut if rng.random() > 0.1]
        yield from (" ".join(words), " ".join(cut), " ".join(wrong or cut))


def _commits(index: searcher.Index) -> Iterator[Callable[[], object]]:
    for number, article in enumerate(islice((a for a in index.articles() if a.quotes), _COMMITS)):
        another = replace(article, id=f"more-{number}-{time.time_ns()}")
        yield partial(index.add, [another], annotate=False)


def _as_dict(ask: Callable[[], searcher.Statements]) -> object:
    return ask().to_dict()


def _timed(calls: Sequence[Callable[[], object]]) -> str:
    clock, processor = [], []
    for call in calls:
        began, spent = time.perf_counter(), time.process_time()
        call()
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - spent) * 1000)
    return ", ".join(
        f"{name} p50 {_percentile(times, 0.5):.1f} p95 {_percentile(times, 0.95):.1f} ms"
        for name, times in (("clock", clock), ("processor", processor))
    )


def _percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[int(share * (len(times) - 1))]


if __name__ == "__main__":
    main()

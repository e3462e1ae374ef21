"""``python -m benchmarks.speed.statements INDEX [--articles 100000 --names 30000 --made FOLDER]``

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
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import searcher
from searcher.article import Article, Quote
from searcher.ingest.run import optimize

__all__ = ["Copies"]

#: The share of the words of a made article that are others, of the same length, so that every offset stays;
#: every third copy has none.
_PERTURBED_SHARE = 0.03
#: People, words and both that are asked for, and quotations.
_PEOPLE, _WORDS, _BOTH, _QUOTATIONS, _COMMITS = 40, 40, 80, 40, 20
#: Of what names are made: syllables, surnames that there are, and what bodies are called.
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
_SURNAMES, _BODIES = 60_000, ("Bank", "Union", "Ministry", "Steel", "Institute")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.statements",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--made", type=Path, help="where an index of so many articles is made, or is already")
    parser.add_argument("--names", type=int, default=0, help="names that are made as well")
    options = parser.parse_args()
    folder = options.made or options.index
    if options.made and not (options.made / "searcher.json").exists():
        _make(options.index, options.made, options.articles, options.names)
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


def _make(source: Path, folder: Path, number: int, names: int) -> None:
    """Write copies of the articles, of other sources and days later, with some words changed; so many names
    that no other article has are spread over them."""
    with searcher.open_index(source, create=False) as index:
        copies = Copies(list(index.articles), number, names)
    with searcher.open_index(folder) as made:
        with made._session.engine.writer(fresh=True) as writer:
            for n in range(number):
                writer.add(copies[n])
        optimize(made._session.engine, number)


class Copies:
    """Articles by their number, made of a few: of these, as they are, and of copies."""

    def __init__(self, articles: Sequence[Article], number: int, names: int) -> None:
        self._rng = random.Random(3)
        self._articles, self._number, self._names = articles, number, names
        self._split = [tuple(_split(article.body)) for article in articles]
        self._words: dict[int, list[str]] = {}
        for which in self._rng.sample(range(len(articles)), min(1000, len(articles))):
            for word in self._split[which][1::2]:
                self._words.setdefault(len(word), []).append(word)

    def __getitem__(self, number: int) -> Article:
        round_, which = divmod(number, len(self._articles))
        article = self._renamed(self._articles[which], number)
        if not round_:
            return article
        rng, share = self._rng, _PERTURBED_SHARE if round_ % 3 else 0
        body = "".join(
            rng.choice(self._words.get(len(part), [part]))
            if rng.random() < share and part.isalpha()
            else part
            for part in self._split[which]
        )
        return replace(
            article,
            id=f"{article.id}-{round_}",
            body=body,
            source=f"Outlet {round_}",
            published=article.published and article.published + dt.timedelta(days=round_),
            story=f"{article.story}-{round_ // 3}" if article.story else None,
            quotes=tuple(replace(quote, text=body[quote.start : quote.end]) for quote in article.quotes),
        )

    def _renamed(self, article: Article, number: int) -> Article:
        """Give another name to the first who is named, where it is the turn of one that is made."""
        name = number * self._names // self._number
        if not article.mentions or name == (number - 1) * self._names // self._number:
            return article
        kind, before = article.mentions[0].kind, article.mentions[0].name
        new = _person(name) if kind == "person" else _body(name)
        return replace(
            article,
            mentions=tuple(
                replace(one, name=new) if (one.kind, one.name) == (kind, before) else one
                for one in article.mentions
            ),
            quotes=tuple(
                replace(quote, speaker=new) if quote.speaker == before else quote for quote in article.quotes
            ),
        )


def _person(number: int) -> str:
    """Return the name of a person: no other number has it, and some have the same surname."""
    given, surname = divmod(number, _SURNAMES)
    return f"{_word_of(given + 7)} {_word_of(surname + 1000)}"


def _body(number: int) -> str:
    first, second = divmod(number, _SURNAMES)
    return f"{_word_of(first + 7)} {_word_of(second + 1000)} {_BODIES[number % len(_BODIES)]}"


def _word_of(number: int) -> str:
    """Return a word that is made of syllables."""
    syllables = []
    while number:
        number, digit = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[digit])
    return "".join(syllables).capitalize()


def _split(body: str) -> list[str]:
    """The words of a text, each after what stands before it."""
    return re.split(r"(\S+)", body)


def _questions(index: searcher.Index) -> list[tuple[str, dict[str, Any]]]:
    """People, half of them the most quoted and half of all others who speak in some articles, words that are
    said, and both together."""
    rng = random.Random(3)
    facet = index.search("", facets=["speaker"], limit=0).facets["speaker"]
    people = [one.value for one in facet.values[: _PEOPLE // 2]]
    said = [quote for article in islice(index.articles, 3000) for quote in article.quotes]
    others = sorted({quote.speaker for quote in said if quote.speaker}.difference(people))
    people += rng.sample(others, _PEOPLE // 2)
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
    said = [q.text.split() for article in islice(index.articles, 5000) for q in article.quotes]
    long = [words for words in said if len(words) >= 8]
    others = [word for words in rng.sample(long, 200) for word in words]
    for words in rng.sample(long, _QUOTATIONS):
        start = rng.randint(0, len(words) // 3)
        cut = words[start : start + max(6, min(14, len(words) // 2))]
        wrong = [rng.choice(others) if rng.random() < 0.12 else word for word in cut if rng.random() > 0.1]
        yield from (" ".join(words), " ".join(cut), " ".join(wrong or cut))


def _commits(index: searcher.Index) -> Iterator[Callable[[], object]]:
    for number, article in enumerate(islice((a for a in index.articles if a.quotes), _COMMITS)):
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

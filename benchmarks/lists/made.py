"""Made-up articles with many names, and lists to look for in them.

``python -m benchmarks.lists.made INDEX --articles 100000`` makes the index; the people are drawn from 3,000
first names and 40,000 surnames made of syllables, few of them often and most of them once or twice.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from searcher import open_index
from searcher.article import Article, Mention, MentionKind, Quote
from searcher.names.people import _first_names

_PARTS = """
ba be bi bo bu da de di do dra dri fa fe fi fo ga ge go gra ha he hi ho ja jo ka ke ki ko kra la le li lo lu
ma me mi mo na ne ni no nu pa pe pi po ra re ri ro ru sa se si so ta te ti to tra va ve vi wa we zo zu
| n r s l k t ck nd rt sen son ski ov ev er man berg vic ez ini ola aki ez ko
"""
_SYLLABLES, _ENDINGS = (part.split() for part in _PARTS.split("|"))
_MAX_WORDS = 20_000
_COMMIT_ARTICLES = 5_000


class People:
    """Names to draw: the first of them often, the last of them hardly ever."""

    def __init__(self, seed: int = 7, people: int = 250_000) -> None:
        self.rng = rng = random.Random(seed)
        given = [name.title() for name in rng.sample(sorted(_first_names()), 3_000)]
        surnames = sorted({self._surname() for _ in range(60_000)})[:40_000]
        self.names = sorted({f"{rng.choice(given)} {rng.choice(surnames)}" for _ in range(people)})
        rng.shuffle(self.names)
        self.bodies = [f"{rng.choice(surnames)} {rng.choice(_KINDS)}" for _ in range(people // 10)]

    def _surname(self) -> str:
        parts = "".join(self.rng.choice(_SYLLABLES) for _ in range(self.rng.choice((1, 2, 2, 3))))
        return (parts + self.rng.choice(_ENDINGS)).title()

    def drawn(self, names: list[str]) -> str:
        """A name: a third of the draws are of the first hundredth."""
        part = len(names) // 100 if self.rng.random() < 1 / 3 else len(names)
        return names[int(self.rng.random() * part)]


_KINDS = (
    "Bank",
    "Institute",
    "Holding",
    "Group",
    "University",
    "Ministry",
    "Union",
    "Foundation",
    "Partners",
)


def articles(count: int, people: People) -> Iterator[Article]:
    rng = random.Random(11)
    words = [
        "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((1, 2, 2, 3, 4)))) for _ in range(_MAX_WORDS)
    ]
    first = dt.datetime(1990, 1, 1)
    for number in range(count):
        body = ""
        mentions: list[Mention] = []
        quotes: list[Quote] = []
        for place in range(8):
            kind: MentionKind = "organisation" if place in (2, 5) else "person"
            name = people.drawn(people.bodies if kind == "organisation" else people.names)
            body += " ".join(words[int(rng.random() ** 2 * _MAX_WORDS)] for _ in range(15)).capitalize() + " "
            start = len(body)
            body += name
            if place != 7:  # the last one stands in the text alone, as if the annotator had missed it
                mentions.append(Mention(name, kind, start, len(body)))
            if place in (0, 4):
                said = " ".join(words[int(rng.random() ** 2 * _MAX_WORDS)] for _ in range(12))
                body += " said: “"
                quotes.append(
                    Quote(said, name, "direct", len(body), len(body) + len(said), 0.95, "person", start,
                          start + len(name), len(quotes))
                )  # fmt: skip
                body += said + "”"
            body += ".\n\n" if place % 3 == 2 else ". "
        yield Article(
            f"made-{number}", " ".join(rng.choices(words, k=6)), body.strip(), source=f"Outlet {number % 40}",
            published=first + dt.timedelta(hours=3 * number), language="en",
            mentions=tuple(mentions), quotes=tuple(quotes),
        )  # fmt: skip


def make_index(folder: Path, count: int) -> None:
    found = articles(count, People())
    with open_index(folder) as index:
        while some := list(islice(found, _COMMIT_ARTICLES)):
            started = time.process_time()
            index.add(some, annotate=False)
            print(f"{index.count():,} articles, {time.process_time() - started:.1f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.lists.made", description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    given = parser.parse_args()
    make_index(given.index, given.articles)


if __name__ == "__main__":
    main()

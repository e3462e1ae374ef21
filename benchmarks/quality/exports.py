"""Downloads of news databases: are all articles found, each with title and date, and no header in its body?

``expected.json`` says how many articles each file holds; a file that it does not name is counted by what is
found. Articles are counted as they are read: some downloads hold one three times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from searcher import Article, readers
from searcher.errors import ReadError
from searcher.extensions.databases.factiva import ACCESSION, LENGTH
from searcher.extensions.databases.fields import field_named
from searcher.readers import dates
from searcher.readers.paragraphs import is_copyright

#: Paragraphs at either end of a body among which lines of a header or a footer would stand.
_EDGE_PARAGRAPHS = 3
_LABEL = re.compile(r"^([^\W\d_][^:\d]{1,30}):(?:\s|$)")
_COUNT = re.compile(r"^\W*\d+\s+\w+\s+\d+\s+do[ck]ument", re.I)


@dataclass(frozen=True, slots=True)
class _Count:
    """What one download holds and what is found of it."""

    name: str
    expected: int
    found: int
    titles: int
    dates: int
    clean: int
    reasons: tuple[str, ...]


def main(data: Path) -> None:
    counts = list(_counts(data))
    print(f"{'':48} {'found':>9} {'title':>5} {'date':>5} {'clean':>5}")
    for one in [*counts, _sum(counts)]:
        found = f"{one.found}/{one.expected}"
        print(f"{one.name[:48]:48} {found:>9} {one.titles:5} {one.dates:5} {one.clean:5}")
        for reason in one.reasons:
            print(f"  {reason}")


def measure(data: Path) -> dict[str, float]:
    """The shares of the articles expected that are found, and that have a title, a date, a clean body."""
    whole = _sum(list(_counts(data)))
    return {
        "found": whole.found / whole.expected,
        "with title": whole.titles / whole.expected,
        "with date": whole.dates / whole.expected,
        "with clean body": whole.clean / whole.expected,
    }


def _counts(data: Path) -> Iterator[_Count]:
    folder = data / "exports"
    expected: dict[str, int] = json.loads((folder / "expected.json").read_text("utf-8"))
    for path in sorted(folder.iterdir()):
        if path.name == "expected.json":
            continue
        events = list(readers.events(path))
        articles = [event for event in events if isinstance(event, Article)]
        count = expected.get(path.name, len(articles))
        articles = articles[:count]  # more than there are is no merit
        yield _Count(
            path.name,
            count,
            len(articles),
            sum(bool(article.title) and len(article.title) < 500 for article in articles),
            sum(article.published is not None for article in articles),
            sum(_is_clean(article) for article in articles),
            tuple(str(event) for event in events if isinstance(event, ReadError)),
        )


def _sum(counts: list[_Count]) -> _Count:
    return _Count(
        "all",
        sum(one.expected for one in counts),
        sum(one.found for one in counts),
        sum(one.titles for one in counts),
        sum(one.dates for one in counts),
        sum(one.clean for one in counts),
        (),
    )


def _is_clean(article: Article) -> bool:
    """Whether neither end of a body is a line of the database's."""
    parts = article.body.split("\n\n")
    edges = [*parts[:_EDGE_PARAGRAPHS], *parts[-_EDGE_PARAGRAPHS:]]
    return bool(article.body) and not any(_is_service(part, article) for part in edges)


def _is_service(part: str, article: Article) -> bool:
    label = _LABEL.match(part)
    return bool(
        part in (article.title, article.source)
        or _COUNT.match(part)
        or LENGTH.match(part)
        or (is_copyright(part) and len(part) < 200)
        or (len(part) < 80 and ACCESSION.search(part))
        or (label and field_named(label[1]) and label[1].isupper())
        or (len(part) < 40 and part[:1].isdigit() and dates.parse(part))
    )

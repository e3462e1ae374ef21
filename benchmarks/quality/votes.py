"""Do the votes of the articles that carry a statement name the right speaker more often than each alone?

End to end on labelled articles: other outlets carry each of them without its beginning, without half of the
paragraphs that quote nobody, or by its end alone, as readers find them. All are indexed, with their names and
quotations found as always, and every quotation that is labelled is looked up among the statements.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import searcher
from benchmarks.quality.quotes import scorer
from searcher import Article
from searcher.results.statements import Place, Statement

SETS = ("news-dev", "polnear-dev")
#: Statements that are asked for together.
_PAGE_STATEMENTS = 1000
#: Characters by which a quotation found may differ from a labelled one at either end: marks, mostly.
_MAX_EDGE = 3

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled quotation in one article: whom the article names and whom the vote, and whether rightly."""

    text: str
    true: str
    alone: str | None
    voted: str | None
    alone_right: bool
    voted_right: bool


def main(data: Path) -> None:
    """Print how many have the right speaker, and each that a vote changed."""
    for name in SETS:
        judged = list(_judged(data, name))
        changed = [one for one in judged if one.alone_right != one.voted_right]
        mended = sum(one.voted_right for one in changed)
        print(f"{name}: {len(judged):,} quotations in articles; votes mend {mended}", end=" ")
        print(f"and spoil {len(changed) - mended}")
        print(f"  right speaker: {_share(judged, 'alone')} alone, {_share(judged, 'voted')} by vote")
        for one, times in Counter(changed).items():
            sign = "+" if one.voted_right else "-"
            print(f"  {sign}{times} {one.text[:60]!r} by {one.true}: alone {one.alone}, voted {one.voted}")


def measure(data: Path) -> dict[str, float]:
    """The share of quotations with the right speaker, alone and by vote, and what votes gain."""
    figures = {}
    for name in SETS:
        judged = list(_judged(data, name))
        alone, voted = (sum(getattr(one, f"{way}_right") for one in judged) for way in ("alone", "voted"))
        figures[f"{name} speaker by vote"] = voted / len(judged)
        figures[f"{name} gain of votes"] = (voted - alone) / len(judged)
    return figures


def _share(judged: Sequence[Judged], way: str) -> str:
    return f"{sum(getattr(one, f'{way}_right') for one in judged) / len(judged):.4f}"


def _judged(data: Path, name: str) -> Iterator[Judged]:
    score = scorer(data)
    articles: list[Article] = []
    labels: dict[str, list[Row]] = {}
    for line in (data / "quotes" / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        for number, (text, quotes) in enumerate(_versions(row)):
            id = f"{row['id']} {number}"
            articles.append(Article(id, body=text, source=f"Outlet {number}", language="en"))
            labels[id] = quotes
    with searcher.open_index(":memory:") as index:
        index.add(articles)
        offset = 0
        while hits := index.statements(min_confidence=0, offset=offset, limit=_PAGE_STATEMENTS).hits:
            offset += len(hits)
            for statement in hits:
                for place in statement.places:
                    yield from _of_place(score, labels[place.article.id], statement, place)


def _of_place(score: Any, labels: Sequence[Row], statement: Statement, place: Place) -> Iterator[Judged]:
    for part in place.parts:
        for label in labels:
            if abs(part.start - label["start"]) > _MAX_EDGE or abs(part.end - label["end"]) > _MAX_EDGE:
                continue
            alone, voted = (score.speaker_ok(name, label) for name in (place.speaker, statement.speaker))
            if alone is not None:  # a label that says who
                true = label["speaker_canonical"] or label["speaker_text"]
                yield Judged(part.text, true, place.speaker, statement.speaker, alone, voted)


# The made articles


def _versions(row: Row) -> Iterator[tuple[str, list[Row]]]:
    """Yield the article as it is, and as others carry it, each with the labels that are left."""
    text: str = row["text"]
    chance = random.Random(row["id"])
    paragraphs = [match.span() for match in re.finditer(r"[^\n]+", text)]
    quoting = [any(q["start"] < end and start < q["end"] for q in row["quotes"]) for start, end in paragraphs]
    yield text, _moved(row["quotes"], [(0, len(text))])[1]
    half = len(paragraphs) // 2
    for kept in (
        paragraphs[max(1, len(paragraphs) // 5) :],
        [span for span, quotes in zip(paragraphs, quoting) if quotes or chance.random() < 0.5],
        paragraphs[half:],
    ):
        places, quotes = _moved(row["quotes"], kept)
        if quotes:
            yield "\n\n".join(text[start:end] for start, end in places), quotes


def _moved(
    quotes: Sequence[Row], kept: Sequence[tuple[int, int]]
) -> tuple[Sequence[tuple[int, int]], list[Row]]:
    """Return what is kept, and the direct quotations in it where they stand then, joined by empty lines."""
    found, at = [], 0
    for start, end in kept:
        for quote in quotes:
            if quote["type"] == "direct" and start <= quote["start"] and quote["end"] <= end:
                moved = at - start
                found.append(quote | {"start": quote["start"] + moved, "end": quote["end"] + moved})
        at += end - start + 2
    return kept, found

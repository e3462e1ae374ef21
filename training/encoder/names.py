"""The labelled names of thirty languages as windows; each source is drawn by the root of its size."""

from __future__ import annotations

import json
import math
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searcher.extract.encoder.pieces import Unigram
from training.encoder.base import LINE_BREAK
from training.encoder.windows import IGNORED, Pieces, Window, recased, window

__all__ = ["OtherNames", "Source", "drawn", "read_sources", "windows_of_names"]

SHORTEST, LONGEST = 180, 380  # pieces of a window
MAX_HELD = 40  # windows of one article, so that a very long one does not stand for its language
RECASED, MARKED, BROKEN_LINES = 0.04, 0.7, 0.6  # shares of articles
CHARACTERS = 700  # of a window; half of it where words run together
ENGLISH_NEWS, SILVER, OLD_PRINT, UNLIKE_NEWS = 1.5, 0.6, 0.3, 0.4  # weights of sources
_MARKS = re.compile(r"[\"“„«»「『]([^\n\"“”„«»」』]{2,500})[\"”“»«」』]")


@dataclass(frozen=True, slots=True)
class Source:
    """The articles of a file and how often it is drawn."""

    language: str
    weight: float
    articles: list[dict[str, Any]]


def read_sources(data: Path) -> list[Source]:
    """Everything that may be trained on. Old newspapers only where a language has nothing else (Dutch)."""
    found = [
        _source(data / "names" / "news-train.jsonl", "en", ENGLISH_NEWS),
        _source(data / "names" / "web-train.jsonl", "en", 1.0),
    ]
    for path in sorted((data / "names" / "languages").glob("*-train.jsonl")):
        language = path.name.partition("-")[0]
        if "-ocr-" in path.name:
            if language == "nl":
                found.append(_source(path, language, OLD_PRINT))
        elif "silver" in path.name:
            found.append(_source(path, language, SILVER))
        else:
            found.append(_source(path, language, UNLIKE_NEWS if language in {"hi", "kk", "th"} else 1.0))
    return found


def _source(path: Path, language: str, weight: float) -> Source:
    with path.open(encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    size = CHARACTERS / 2 if language in {"zh", "ja", "ko", "th"} else CHARACTERS
    windows = sum(len(article["text"]) for article in articles) / size
    return Source(language, weight * math.sqrt(windows), articles)


def drawn(
    sources: Sequence[Source], cutter: Unigram, rng: random.Random, pieces: int, swapped: float = 0.0
) -> Iterator[list[Window]]:
    """Batches without end, of about so many pieces and of windows of like length.

    ``swapped`` is the share of articles whose names are exchanged for others of their language.
    """
    others = OtherNames(sources) if swapped else None
    weights = [source.weight for source in sources]
    waiting: list[list[Window]] = [[] for _ in sources]
    order: list[list[int]] = [[] for _ in sources]
    while True:
        pool: list[Window] = []
        while sum(len(one.ids) for one in pool) < 6 * pieces:
            number = rng.choices(range(len(sources)), weights)[0]
            while not waiting[number]:
                if not order[number]:
                    order[number] = rng.sample(
                        range(len(sources[number].articles)), len(sources[number].articles)
                    )
                article = sources[number].articles[order[number].pop()]
                if others and rng.random() < swapped:
                    article = others.swap(article, sources[number].language, rng)
                made = list(windows_of_names(article, cutter, rng))
                waiting[number] = rng.sample(made, min(len(made), MAX_HELD))
            pool.append(waiting[number].pop())
        batches = _packed(sorted(pool, key=lambda one: len(one.ids)), pieces)
        yield from rng.sample(batches, len(batches))


class OtherNames:
    """The labelled names of every language, by kind and number of words."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._names: dict[tuple[str, str, int], list[str]] = defaultdict(list)
        for source in sources:
            for article in source.articles:
                for start, end, kind in article["spans"]:
                    name = article["text"][start:end]
                    self._names[source.language, kind, len(name.split())].append(name)

    def swap(self, article: dict[str, Any], language: str, rng: random.Random) -> dict[str, Any]:
        """An article with each name exchanged for another one, the same one wherever it stands."""
        text, made, spans, at = article["text"], "", [], 0
        chosen: dict[tuple[str, str], str] = {}
        for start, end, kind in sorted(article["spans"]):
            if start < at:
                return article
            name = text[start:end]
            alike = self._names[language, kind, len(name.split())]
            new = chosen.setdefault((name, kind), rng.choice(alike))
            made += text[at:start]
            spans.append([len(made), len(made) + len(new), kind])
            made += new
            at = end
        return {**article, "text": made + text[at:], "spans": spans}


def _packed(windows: list[Window], pieces: int) -> list[list[Window]]:
    batches: list[list[Window]] = [[]]
    for one in windows:
        if batches[-1] and (len(batches[-1]) + 1) * len(one.ids) > pieces:
            batches.append([])
        batches[-1].append(one)
    return batches


def windows_of_names(article: dict[str, Any], cutter: Unigram, rng: random.Random) -> Iterator[Window]:
    """Windows of random length, cut at the ends of lines and sentences; in some articles line ends are not
    shown."""
    text = recased(article["text"], rng) if rng.random() < RECASED else article["text"]
    marked = [match.span(1) for match in _MARKS.finditer(text)] if rng.random() < MARKED else []
    pieces = Pieces(cutter, text, marked)
    labels = _labels(pieces, article["spans"])
    lines = rng.random() < BROKEN_LINES
    shown = [at for at in range(len(pieces)) if lines or pieces.unit[at] >= 0]
    begin = 0
    while begin < len(shown):
        end = _end(pieces, text, shown, begin, rng.randint(SHORTEST, LONGEST))
        if end - begin > 3:
            yield window(pieces, shown[begin:end], labels, [])
        begin = end


def _end(pieces: Pieces, text: str, shown: list[int], begin: int, size: int) -> int:
    """Where a window ends: behind the last sentence or line in its second half, else before a word."""
    end = min(begin + size, len(shown))
    if end == len(shown):
        return end
    for at in range(end, begin + size // 2, -1):
        unit = pieces.unit[shown[at - 1]]
        if (
            pieces.ids[shown[at - 1]] == LINE_BREAK
            or text[pieces.starts[unit] : pieces.ends[unit]] in ".!?。！？।"
        ):
            return at
    while end > begin + 1 and not pieces.first[shown[end]]:
        end -= 1
    return end


def _labels(pieces: Pieces, spans: list[list[Any]]) -> list[int]:
    """A label for the first piece of each unit: 0, or 1 and 2 of a person, 3 and 4 of an organisation."""
    labels = [0 if first else IGNORED for first in pieces.first]
    for start, end, kind in spans:
        found = pieces.between((start, end))
        label = 1 if kind == "PER" else 3
        for at in range(found[0], found[1] + 1) if found else ():
            unit = pieces.unit[at]
            if not pieces.first[at]:
                continue
            held = min(end, pieces.ends[unit]) - max(start, pieces.starts[unit])
            if 2 * held >= min(pieces.ends[unit] - pieces.starts[unit], end - start):
                labels[at], label = label, label + label % 2
    return labels

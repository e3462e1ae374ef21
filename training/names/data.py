"""Training examples: the labelled sets of the data folder, augmented anew for every epoch."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from searcher.extract.names.chunks import Chunk, chunks
from searcher.extract.names.wordpiece import WordPiece
from training.names.augment import Lists, curly_quotes, other_case, swap_names
from training.names.guidelines import Span, allowed, whole_names
from training.names.made import made_articles

__all__ = ["Example", "Mixture"]

# The first piece of a passage says which guideline its labels follow: [CLS] whole names, [unused1] names
# split at every place within them. Only the first is used at run time.
WHOLE: Final = 101
SPLIT: Final = 2
END: Final = 102

IGNORED: Final = -100


@dataclass(frozen=True, slots=True)
class Example:
    """One passage; ``targets`` are numbers of rows in `Mixture.masks`, IGNORED inside words."""

    ids: list[int]
    cases: list[int]
    targets: list[int]


@dataclass(frozen=True, slots=True)
class _Source:
    """A labelled set: how many of its articles an epoch takes, and how they are altered."""

    file: str
    guideline: str
    share: float = 1.0
    style: int = WHOLE
    organisations: float = 0.0
    people: float = 0.0


# Chosen by what each is: news is the aim; the others know other names but follow other guidelines.
_SOURCES = (
    _Source("news-train", "news", 0.5, SPLIT),
    _Source("news-train", "news", 0.6),
    _Source("news-train", "news", 1.0, organisations=0.7, people=0.3),
    _Source("wikigold", "wikigold", 0.7),
    _Source("wikigold", "wikigold", 0.5, organisations=0.6, people=0.3),
    _Source("crossner", "crossner", 0.7),
    _Source("crossner", "crossner", 0.3, organisations=0.6, people=0.3),
    _Source("web-train", "web", 0.7),
    _Source("tweets-train", "tweets", 0.3),
)
_MADE = 1500  # made-up articles an epoch


class Mixture:
    """Examples epoch after epoch. ``masks[n]`` are the labels that a token with target n may have."""

    def __init__(self, data: Path, wordpiece: WordPiece, seed: int = 1) -> None:
        self._wordpiece = wordpiece
        self._rnd = random.Random(seed)
        self._sets = {name: _read(data / f"{name}.jsonl") for name in {s.file for s in _SOURCES}}
        surnames = (
            text[start:end].split()[-1]
            for text, spans in self._sets["news-train"]
            for start, end, kind in spans
            if kind == "PER" and " " in text[start:end]
        )
        self._lists = Lists.read(data / "lists", (name for name in surnames if name[0].isupper()))
        self._targets: dict[frozenset[int], int] = {}

    @property
    def masks(self) -> list[frozenset[int]]:
        return list(self._targets)

    def epoch(self) -> list[Example]:
        """A fresh draw of everything, shuffled."""
        examples = [example for source in _SOURCES for example in self._drawn(source)]
        for text, spans in made_articles(self._lists, self._rnd, _MADE):
            examples += self._examples(text, spans, "made", WHOLE)
        self._rnd.shuffle(examples)
        return examples

    def held_out(self, path: Path) -> list[Example]:
        """A set as it is, in whole names."""
        return [
            e
            for text, spans in _read(path)
            for e in self._examples(text, whole_names(text, spans), "news", WHOLE, False)
        ]

    def _drawn(self, source: _Source) -> Iterator[Example]:
        articles = self._sets[source.file]
        for text, spans in self._rnd.sample(articles, round(source.share * len(articles))):
            marked = spans if source.style == SPLIT else whole_names(text, spans)
            if source.organisations:
                text, marked = swap_names(
                    text, marked, self._lists, self._rnd, source.organisations, source.people
                )
            yield from self._examples(text, marked, source.guideline, source.style)

    def _examples(
        self, text: str, spans: list[Span], guideline: str, style: int, vary: bool = True
    ) -> Iterator[Example]:
        if vary and self._rnd.random() < 0.4:
            text = curly_quotes(text)
        marked = _by_character(spans)
        for chunk in chunks(self._wordpiece, text):
            yield self._example(chunk, marked, guideline, style, vary)

    def _example(
        self, chunk: Chunk, marked: dict[int, tuple[str, bool]], guideline: str, style: int, vary: bool
    ) -> Example:
        cases = [word.case for word in chunk]
        if vary:
            cases = other_case(cases, self._rnd)
        ids, piece_cases, targets = [style], [0], [IGNORED]
        for word, case in zip(chunk, cases):
            label, begins = marked.get(word.start, (None, False))
            target = self._target(allowed(guideline, label, begins))
            ids += word.pieces
            piece_cases += [case] * len(word.pieces)
            targets += [target] + [IGNORED] * (len(word.pieces) - 1)
        return Example([*ids, END], [*piece_cases, 0], [*targets, IGNORED])

    def _target(self, labels: frozenset[int]) -> int:
        return self._targets.setdefault(labels, len(self._targets))


def _by_character(spans: list[Span]) -> dict[int, tuple[str, bool]]:
    return {place: (kind, place == start) for start, end, kind in spans for place in range(start, end)}


def _read(path: Path) -> list[tuple[str, list[Span]]]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(r["text"], [(s, e, kind) for s, e, kind in r.get("all", r["spans"])]) for r in records]

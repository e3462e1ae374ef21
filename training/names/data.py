"""Training examples: the labelled sets of the data folder, augmented anew for every epoch."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from searcher.extract.names.chunks import Chunk, chunks, passages
from searcher.extract.names.wordpiece import WordPiece
from training.names.augment import Lists, curly_quotes, other_case, swap_names
from training.names.guidelines import Span, allowed, whole_names
from training.names.made import made_articles

__all__ = [
    "FOR_STUDENT",
    "FOR_TEACHER",
    "IGNORED",
    "SOFT",
    "BEGIN",
    "END",
    "Example",
    "Mixture",
    "Recipe",
    "Source",
    "Taught",
    "read_taught",
]

#: [CLS] and [SEP] of BERT's vocabulary.
BEGIN: Final = 101
END: Final = 102
IGNORED: Final = -100  # what cross_entropy leaves out
SOFT: Final = 1 << 20  # above the number of every mask


@dataclass(frozen=True, slots=True)
class Example:
    """One passage; a target is the number of a row in `Mixture.masks`, or SOFT and more for one in
    `Mixture.soft`, or IGNORED inside words."""

    ids: list[int]
    cases: list[int]
    targets: list[int]


@dataclass(frozen=True, slots=True)
class Source:
    """A labelled set: how many of its articles an epoch takes, and how they are altered."""

    file: str
    guideline: str
    share: float = 1.0
    organisations: float = 0.0
    people: float = 0.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an epoch is drawn from, and how many made-up articles it holds."""

    sources: Sequence[Source]
    made: int


# Chosen by what each is: news is the aim; the others know other names but follow other guidelines.
FOR_STUDENT: Final = Recipe(
    (
        Source("news-train", "news", 0.8),
        Source("news-train", "news", 0.8, organisations=0.7, people=0.3),
        Source("wikigold", "wikigold", 0.8),
        Source("wikigold", "wikigold", 0.5, organisations=0.6, people=0.3),
        Source("crossner", "crossner", 0.6),
        Source("crossner", "crossner", 0.3, organisations=0.6, people=0.3),
        Source("web-train", "web", 0.8),
        Source("tweets-train", "tweets", 0.2),
    ),
    made=1000,
)
# A large model learns from fewer examples, and each takes it longer.
FOR_TEACHER: Final = Recipe(
    (
        Source("news-train", "news", 0.8),
        Source("news-train", "news", 0.7, organisations=0.6, people=0.3),
        Source("wikigold", "wikigold", 0.9),
        Source("crossner", "crossner", 0.5),
        Source("web-train", "web", 0.9),
        Source("tweets-train", "tweets", 0.15),
    ),
    made=500,
)
_HELD_OUT = {"wikigold": 10}  # every tenth article is for judging


@dataclass(frozen=True, slots=True)
class Taught:
    """A text and what a teacher makes of it: for the word that begins at a place, a row of probabilities."""

    text: str
    rows: dict[int, int]


class Mixture:
    """Examples epoch after epoch. ``masks[n]`` are the labels that a token with target n may have,
    ``soft[n]`` the probabilities of all labels for one with target SOFT + n."""

    taught: Sequence[Taught] = ()
    soft: Tensor = torch.empty(0)

    def __init__(self, data: Path, wordpiece: WordPiece, recipe: Recipe = FOR_STUDENT, seed: int = 1) -> None:
        self._recipe = recipe
        self._wordpiece = wordpiece
        self._rnd = random.Random(seed)
        self._sets = {name: _learned(data, name) for name in sorted({s.file for s in recipe.sources})}
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
        examples = [example for source in self._recipe.sources for example in self._drawn(source)]
        for text, spans in made_articles(self._lists, self._rnd, self._recipe.made):
            examples += self._examples(text, spans, "made")
        examples += (example for taught in self.taught for example in self._taught(taught))
        self._rnd.shuffle(examples)
        return examples

    def renamed(self, name: str, organisations: float, people: float) -> Iterator[str]:
        """The texts of a labelled set with other names in them."""
        for text, spans in self._sets[name]:
            whole = whole_names(text, spans)
            yield swap_names(text, whole, self._lists, self._rnd, organisations, people)[0]

    def held_out(self, path: Path) -> list[Example]:
        """A set as it is, in whole names."""
        return [
            e
            for text, spans in _read(path)
            for e in self._examples(text, whole_names(text, spans), "news", False)
        ]

    def _drawn(self, source: Source) -> Iterator[Example]:
        articles = self._sets[source.file]
        for text, spans in self._rnd.sample(articles, round(source.share * len(articles))):
            marked = whole_names(text, spans)
            if source.organisations:
                text, marked = swap_names(
                    text, marked, self._lists, self._rnd, source.organisations, source.people
                )
            yield from self._examples(text, marked, source.guideline)

    def _examples(self, text: str, spans: list[Span], guideline: str, vary: bool = True) -> Iterator[Example]:
        if vary and self._rnd.random() < 0.4:
            text = curly_quotes(text)
        marked = _by_character(spans)
        for chunk in (passages if vary else chunks)(self._wordpiece, text):
            labels = (marked.get(word.start, (None, False)) for word in chunk)
            wanted = [self._target(allowed(guideline, label, begins)) for label, begins in labels]
            yield self._example(chunk, wanted, vary)

    def _taught(self, taught: Taught) -> Iterator[Example]:
        """The text as the teacher did not see it: with other quotation marks or letter case at times."""
        text = curly_quotes(taught.text) if self._rnd.random() < 0.4 else taught.text
        for chunk in passages(self._wordpiece, text):
            rows = (taught.rows.get(word.start) for word in chunk)
            yield self._example(chunk, [IGNORED if row is None else SOFT + row for row in rows], True)

    def _example(self, chunk: Chunk, wanted: Sequence[int], vary: bool) -> Example:
        cases = [word.case for word in chunk]
        if vary:
            cases = other_case(cases, self._rnd)
        ids, piece_cases, targets = [BEGIN], [0], [IGNORED]
        for word, case, target in zip(chunk, cases, wanted):
            ids += word.pieces
            piece_cases += [case] * len(word.pieces)
            targets += [target] + [IGNORED] * (len(word.pieces) - 1)
        return Example([*ids, END], [*piece_cases, 0], [*targets, IGNORED])

    def _target(self, labels: frozenset[int]) -> int:
        return self._targets.setdefault(labels, len(self._targets))


def read_taught(path: Path) -> tuple[list[Taught], Tensor]:
    """What `training.names.label` has written: the texts, and the rows that they point to."""
    taught, tables, first = list[Taught](), list[Tensor](), 0
    for text, starts, rows in torch.load(path, weights_only=True):
        taught.append(Taught(text, {start: first + number for number, start in enumerate(starts)}))
        tables.append(rows)
        first += len(rows)
    return taught, torch.cat(tables)


def _by_character(spans: list[Span]) -> dict[int, tuple[str, bool]]:
    return {place: (kind, place == start) for start, end, kind in spans for place in range(start, end)}


def _learned(data: Path, name: str) -> list[tuple[str, list[Span]]]:
    articles = _read(data / f"{name}.jsonl")
    every = _HELD_OUT.get(name)
    return [a for number, a in enumerate(articles) if not every or number % every]


def _read(path: Path) -> list[tuple[str, list[Span]]]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(r["text"], [(s, e, kind) for s, e, kind in r.get("all", r["spans"])]) for r in records]

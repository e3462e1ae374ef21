"""Choose the blocks of the article: their features, and the trained forests that judge them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import ascii_uppercase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.blocks import HINTS, OUTER_TAGS, Block, Layout
from searcher.readers.html.lines import is_clutter, split
from searcher.readers.html.outline import (
    Floats,
    Indices,
    Outline,
    bit_columns,
    container,
    group_of,
    structure,
)

_Values = NDArray[np.float64]
# The choice was trained with the numbers below. They were not varied.
#: Minimum and maximum weight of a block in a mean, in characters.
_MIN_COUNTED_CHARACTERS, _MAX_COUNTED_CHARACTERS = 20, 400
#: Offsets of neighbouring blocks, and sizes of windows around a block.
_OFFSETS, _WINDOWS = (-3, -2, -1, 1, 2, 3), (3, 8, 20)
#: Likely blocks longer than this mark the start and end of the article.
_MIN_SOLID_CHARACTERS = 40
#: Minimum probability of a nearby block, and the maximum distance considered.
_MIN_NEAR_PROBABILITY, _MAX_NEAR_BLOCKS = 0.6, 30
_LISTS = frozenset(("table", "ul", "ol", "dl"))


def context(page: Outline, worth: Indices, probabilities: Floats) -> Floats:
    """Return a row of features for each block in ``worth``, based on the first-stage ``probabilities``."""
    chances = np.zeros(len(page.lengths), np.float64)
    chances[worth] = probabilities
    weights = np.minimum(page.lengths, _MAX_COUNTED_CHARACTERS).astype(np.float64) + _MIN_COUNTED_CHARACTERS
    text = chances * page.lengths
    inner_sums = page.sums(text, page.lengths, np.ones_like(chances))
    parts: list[Iterable[_Values]] = [
        _neighbour_values(chances, weights),
        _group_means(page, chances, weights),
        _outer_values(page, text, inner_sums),
        _list_features(page, chances, weights, inner_sums),
        _page_features(page, worth, chances),
        _place_features(page, chances),
        _section_features(page, chances, weights),
        _core_features(page, inner_sums),
    ]
    return np.stack([column for part in parts for column in part], axis=1).astype(np.float32)[worth]


def _neighbour_values(chances: _Values, weights: _Values) -> Iterable[_Values]:
    yield chances
    count = len(chances)
    padded = np.concatenate([np.zeros(_MAX_NEAR_BLOCKS), chances, np.zeros(_MAX_NEAR_BLOCKS)])
    for step in _OFFSETS:
        yield padded[_MAX_NEAR_BLOCKS + step : _MAX_NEAR_BLOCKS + step + count]
    sums, masses = (np.concatenate([[0.0], np.cumsum(values)]) for values in (chances * weights, weights))
    index = np.arange(count)
    for reach in _WINDOWS:
        first, last = np.maximum(index - reach, 0), np.minimum(index + reach + 1, count)
        neighbours = sums[last] - sums[first] - chances * weights
        yield neighbours / np.maximum(masses[last] - masses[first] - weights, 1)


def _mean_of_others(groups: Indices, chances: _Values, weights: _Values) -> _Values:
    """Return the mean of the other blocks in each block's group, or -1."""
    own = chances * weights
    other_mass, mass = np.bincount(groups, own)[groups] - own, np.bincount(groups, weights)[groups] - weights
    return np.where(mass > 1e-6, other_mass / np.maximum(mass, 1e-6), -1)


def _group_means(page: Outline, chances: _Values, weights: _Values) -> Iterable[_Values]:
    """Blocks in the same and the enclosing elements, and blocks of the same make."""
    up = page.parents[page.own]
    for groups in (page.own, up, page.parents[up], page.look_groups):
        yield _mean_of_others(groups, chances, weights)
    nodes = page.layout.nodes
    siblings = group_of((around, nodes[own].tag) for around, own in zip(up.tolist(), page.own.tolist()))
    yield _mean_of_others(siblings, chances, np.ones_like(chances))


def _outer_values(page: Outline, text: _Values, inner_sums: _Values) -> Iterable[_Values]:
    """Likely text in the three enclosing elements: its share without the block, and its amount."""
    lengths = page.lengths
    around = page.own
    shares = []
    for step in range(3):
        around = page.parents[around]
        other = inner_sums[around, 1] - lengths
        yield np.where(other > 0, (inner_sums[around, 0] - text) / np.maximum(other, 1), -1)
        yield np.log1p(inner_sums[around, 0])
        if step < 2:
            shares.append(inner_sums[around, 0] / max(float(inner_sums[0, 0]), 1.0))
    yield from shares


def _list_features(
    page: Outline, chances: _Values, weights: _Values, inner_sums: _Values
) -> Iterable[_Values]:
    """The other blocks of the table or list that contains a block, and their number."""
    lists = np.array([node.tag in _LISTS for node in page.layout.nodes])
    box = page.nearest_marked(lists)[page.own]
    yield np.where(box > 0, _mean_of_others(box, chances, weights), -2)
    yield np.where(box > 0, inner_sums[box, 2], 0)


def _page_features(page: Outline, worth: Indices, chances: _Values) -> Iterable[_Values]:
    """How certain the judgement of the page is, and how much of it is likely. The same for all blocks."""
    best = np.sort(chances)[::-1]
    text = float((chances * page.lengths).sum())
    doubt = float(np.abs(chances[worth] - 0.5).mean()) if len(worth) else 0.0
    likely, share = float((chances > 0.5).mean()), text / max(float(page.lengths.sum()), 1.0)
    for value in (best[0], best[:5].mean(), likely, np.log1p(text), share, doubt):
        yield np.full(len(chances), value)


def _place_features(page: Outline, chances: _Values) -> Iterable[_Values]:
    """Position between the first and last likely block, and distance to the nearest ones."""
    count = len(chances)
    index = np.arange(count)
    solid = np.flatnonzero((chances > 0.5) & (page.lengths > _MIN_SOLID_CHARACTERS))
    first, last = (solid[0], solid[-1]) if len(solid) else (int(np.argmax(chances)),) * 2
    yield np.clip(first - index, -_MAX_NEAR_BLOCKS, _MAX_NEAR_BLOCKS).astype(np.float64)
    yield np.clip(index - last, -_MAX_NEAR_BLOCKS, _MAX_NEAR_BLOCKS).astype(np.float64)
    before = np.cumsum(chances * page.lengths)
    yield before / max(float(before[-1]), 1.0)
    sure = chances > _MIN_NEAR_PROBABILITY
    yield _distance_to_last(sure)
    yield _distance_to_last(sure[::-1])[::-1]


def _distance_to_last(marked: NDArray[np.bool_]) -> _Values:
    """Return the distance to the last marked position before each position, up to a maximum."""
    index = np.arange(len(marked))
    seen = np.maximum.accumulate(np.where(marked, index, -_MAX_NEAR_BLOCKS))
    last = np.concatenate([[-_MAX_NEAR_BLOCKS], seen[:-1]])
    return np.asarray(np.minimum(index - last, _MAX_NEAR_BLOCKS), np.float64)


def _section_features(page: Outline, chances: _Values, weights: _Values) -> Iterable[_Values]:
    """Other blocks under the same heading, the heading itself, neighbouring sections, other headings."""
    nodes = page.layout.nodes
    levels = np.array([nodes[own].level for own in page.own.tolist()], np.intp)
    heads = levels > 0
    section: Indices = np.cumsum(heads)
    yield _mean_of_others(section, chances, weights)
    heading = np.full(int(section[-1]) + 1, -1.0)
    heading[section[heads]] = chances[heads]
    yield heading[section]
    means = np.bincount(section, chances * weights) / np.maximum(np.bincount(section, weights), 1)
    yield means[np.maximum(section - 1, 0)]
    yield means[np.minimum(section + 1, len(means) - 1)]
    yield np.where(heads, _mean_of_others(levels, chances, np.ones_like(chances)), -1)


def _core_features(page: Outline, inner_sums: _Values) -> Iterable[Any]:
    """Distances in the tree to the deepest elements that contain most of the likely text."""
    for share in (0.8, 0.5):
        core = page.core(inner_sums[:, 0], share)
        shared = page.shared_depths(core)[page.own]
        yield page.inside(core)[page.own]
        yield page.depths[core] - shared
        yield page.depths[page.own] - shared


STAGES = ("first", "second")
#: Rows judged together, so that intermediate tables stay small.
_MAX_ROWS = 256

Tables = Mapping[str, NDArray[np.generic]]


class Forest:
    """Gradient-boosted trees stored as tables with one row per tree.

    If a node's ``feature`` exceeds its ``threshold``, the leaves on its left are excluded; ``mask`` has a bit
    for each of the others. A row ends at the first remaining leaf (QuickScorer, Lucchese et al., SIGIR 2015).
    The values of the leaves add up to a logit.
    """

    def __init__(self, tables: Tables) -> None:
        self._trees, self._nodes = tables["feature"].shape
        # The first nodes of all trees, then the second ones, so that the nodes of a tree can be combined at
        # once.
        feature, threshold, mask = (
            tables[name].T.reshape(-1, 1) for name in ("feature", "threshold", "mask")
        )
        self._feature = feature.astype(np.intp).ravel()
        self._threshold, self._mask = threshold.astype(np.float32), mask.astype(np.uint16)
        self._value = tables["value"].astype(np.float32).ravel()
        leaves = tables["value"].shape[1]
        self._all_leaves = np.uint16((1 << leaves) - 1)
        self._first = np.array([(bits & -bits).bit_length() - 1 for bits in range(1 << leaves)], np.intp)
        self._offset = (np.arange(self._trees) * leaves).reshape(-1, 1)

    def probabilities(self, rows: Floats) -> Floats:
        """Return for each row the probability that its block belongs to the article."""
        parts = [self._logits(rows[start : start + _MAX_ROWS]) for start in range(0, len(rows), _MAX_ROWS)]
        logits = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)

    def _logits(self, rows: Floats) -> Floats:
        values = np.ascontiguousarray(rows.T).take(self._feature, axis=0)
        masks = np.multiply(values <= self._threshold, self._all_leaves, dtype=np.uint16)
        masks |= self._mask
        left = np.bitwise_and.reduce(masks.reshape(self._nodes, self._trees, len(rows)), axis=0)
        leaf = self._first.take(left)
        return np.asarray(self._value.take(leaf + self._offset).sum(axis=0), np.float32)


class Chooser:
    """Both forests. The name of each table begins with its stage: “first_”."""

    def __init__(self, tables: Tables) -> None:
        self.first, self.second = (
            Forest(
                {name.partition("_")[2]: table for name, table in tables.items() if name.startswith(stage)}
            )
            for stage in STAGES
        )

    def probabilities(self, judged: Candidates) -> Floats:
        """Return for each candidate the probability that it belongs to the article."""
        return self.second.probabilities(with_context(judged, self.first.probabilities(judged.rows)))


def with_context(judged: Candidates, probabilities: Floats) -> Floats:
    """Extend the rows of features by the first-stage judgement of the surroundings."""
    return np.concatenate([judged.rows, context(judged.page, judged.worth, probabilities)], axis=1)


@cache
def choice() -> Chooser:
    """Load the trained choice that comes with the package."""
    with files("searcher.readers.html").joinpath("choice.npz").open("rb") as file:
        return Chooser(dict(np.load(file, allow_pickle=False)))


_TAGS = ("p", "li", "td", "div", "blockquote", "pre", "figcaption", "span", "section", "article", "dd")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔][\"'”’»)\]」』]*$")
_PUNCTUATION = re.compile(r"[.!?…,;:](?=\s|$|[\"”’»])|[。！？，、；：؟،؛।۔]")
_DIGITS = re.compile(r"\d")
_ASCII_CAPITALS = ascii_uppercase.encode()
_QUOTATION_MARKS = re.compile('["“„«]')
_GRAM_WORDS = 4  # words in a run, as in the body measure of benchmarks/quality/cleaning.py
#: Maximum share of links, and minimum length above which lines of links are judged nevertheless.
_MAX_LINK_SHARE, _LINE_WIDTH = 0.7, 120


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Facts that the page states about its article. ``stated`` is its ``articleBody``."""

    stated: str
    titles: Sequence[str]
    descriptions: Sequence[str]
    authors: Sequence[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The blocks of a page that are worth judging: their indices, and a row of features for each."""

    page: Outline
    worth: Indices
    rows: Floats


@dataclass(frozen=True, slots=True)
class _SharedValues:
    """Values shared by several features.

    Attributes:
        worth: Indices of the blocks to judge.
        words: The words of each block.
        inside_weights: 1 for blocks in the likeliest container.
        stated: Share of each block that the page states in its ``articleBody``.
    """

    page: Outline
    worth: Indices
    words: Sequence[Sequence[str]]
    inside_weights: Floats
    stated: Floats

    @property
    def blocks(self) -> list[Block]:
        """The blocks worth judging."""
        return [self.page.layout.blocks[number] for number in self.worth]


def features(page_layout: Layout, witnesses: Witnesses) -> Candidates:
    """Return the blocks worth judging with their features. Short lines of links rarely are."""
    page = Outline(page_layout)
    words = [split(block.text) for block in page_layout.blocks]
    likely = container(page)
    worth = np.flatnonzero((page.lengths >= _LINE_WIDTH) | (page.links <= _MAX_LINK_SHARE) | likely.is_inside)
    known = _SharedValues(page, worth, words, likely.inside_weights, _stated_values(witnesses, words))
    columns = [
        part(known)
        for part in (
            _text_features,
            _element_features,
            _stated_features,
            _neighbour_features,
            _window_features,
        )
    ]
    columns += [
        _repetition_features(known, witnesses),
        _description_features(known, witnesses),
        structure(page, likely)[worth],
    ]
    return Candidates(page, worth, np.concatenate(columns, axis=1, dtype=np.float32))


def _stated_values(witnesses: Witnesses, words: Sequence[Sequence[str]]) -> Floats:
    if len(witnesses.stated) > 200:
        return coverage(witnesses.stated, words)
    return np.zeros(len(words), np.float32)


def coverage(text: str, words: Sequence[Sequence[str]]) -> Floats:
    """Return for each list of words the share contained in ``text``, measured by runs of four words.

    Of identical blocks, as many are covered as ``text`` has lines with those words, preferably those among
    covered neighbours.
    """
    running = split(text)
    grams = {tuple(running[i : i + _GRAM_WORDS]) for i in range(len(running) - _GRAM_WORDS + 1)}
    lines = Counter(tuple(split(line)) for line in text.split("\n"))
    joined = f" {' '.join(running)} "
    shares = [_covered_share(tuple(part), grams, lines, joined) for part in words]
    out: Floats = np.array(shares, np.float32)
    equal: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, part in enumerate(words):
        if out[number] >= 0.5:
            equal[tuple(part)].append(number)
    lone = np.array(
        [len(part) if out[n] >= 0.5 and len(equal[tuple(part)]) == 1 else 0 for n, part in enumerate(words)]
    )
    for part, numbers in equal.items():
        extra = len(numbers) - max(1, lines[part])
        if extra > 0:
            numbers.sort(key=lambda n: lone[max(0, n - 6) : n + 7].sum())
            out[numbers[:extra]] = 0
    return out


def _covered_share(
    part: tuple[str, ...], grams: set[tuple[str, ...]], lines: Counter[tuple[str, ...]], joined: str
) -> float:
    if not part:
        return 0.0
    if part in lines:
        return 1.0
    if len(part) < _GRAM_WORDS:
        return 0.5 if len(part) > 1 and f" {' '.join(part)} " in joined else 0.0
    runs = len(part) - _GRAM_WORDS + 1
    return sum(part[i : i + _GRAM_WORDS] in grams for i in range(runs)) / runs


def _text_features(known: _SharedValues) -> Floats:
    rows = []
    for number, block in zip(known.worth, known.blocks):
        text, own = block.text, known.words[number]
        head = text[:300]
        stops = len(_PUNCTUATION.findall(text))
        rows.append(
            (
                stops / (len(own) + 1),
                stops > 0,
                _SENTENCE_END.search(text[-6:]) is not None,
                text.endswith((":", "：")),
                len(_DIGITS.findall(head)) / len(head),
                _capitals(head) / len(head),
                head[0].islower(),
                _QUOTATION_MARKS.search(text) is not None,
                is_clutter(text),
                "|" in text,
                "\n" in text,
                "@" in text,
                "©" in text,
                text.startswith(("http", "www")),
                min(block.anchors, 10),
                len(own),
            )
        )
    rest = np.stack([np.log1p(known.page.lengths), known.page.links], axis=1)[known.worth]
    return np.concatenate([_table(rows, 16), rest], axis=1)


def _capitals(text: str) -> int:
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _ASCII_CAPITALS))
    return sum(map(str.isupper, text))


def _table(rows: Sequence[Sequence[float]], width: int) -> Floats:
    return np.array(rows, np.float32).reshape(len(rows), width)


def _element_features(known: _SharedValues) -> Floats:
    page, own = known.page, known.page.own[known.worth]
    nodes = [page.layout.nodes[number] for number in own]
    places = {tag: number for number, tag in enumerate(_TAGS)}
    tags = np.zeros((len(nodes), len(_TAGS) + 1), np.float32)
    tags[np.arange(len(nodes)), [places.get(node.tag, len(_TAGS)) for node in nodes]] = 1
    plain = _table([(node.level, node.depth) for node in nodes], 2)
    bits = ((page.tags, OUTER_TAGS), (page.above, HINTS), (page.hints, HINTS))
    return np.concatenate(
        [plain, tags[:, :-1], *(bit_columns(values[own], len(names)) for values, names in bits)],
        axis=1,
        dtype=np.float32,
    )


def _stated_features(known: _SharedValues) -> Floats:
    any_stated = np.full_like(known.stated, float(known.stated.any()))
    return np.stack([known.inside_weights, known.stated, any_stated], axis=1)[known.worth]


def _repetition_features(known: _SharedValues, witnesses: Witnesses) -> Floats:
    """Repetitions of the headline, the description, an author or another block."""
    keys = [" ".join(words).casefold() for words in known.words]
    titles, descriptions, authors = (
        {" ".join(split(text)).casefold() for text in texts} - {""}
        for texts in (witnesses.titles, witnesses.descriptions, witnesses.authors)
    )
    counts = Counter(keys)
    headline = next((number for number, own in enumerate(keys) if own in titles), -1)
    rows = []
    for number in known.worth:
        own = keys[number]
        named = any(name in own for name in authors)
        rows.append(
            (
                own in titles,
                len(own) > 20
                and any(t.startswith(own) or (own.startswith(t) and len(own) < 1.3 * len(t)) for t in titles),
                own in descriptions
                or (
                    len(own) > 30
                    and any(own in d or (d in own and len(d) > 0.7 * len(own)) for d in descriptions)
                ),
                min(counts[own], 5),
                named and len(own) < 120,
                named,
                0 <= headline < number,
                (number - headline) / len(keys) if headline >= 0 else -0.5,
            )
        )
    return _table(rows, 8)


def _description_features(known: _SharedValues, witnesses: Witnesses) -> Floats:
    """Similarity to the descriptions of the page, and position relative to the headline."""
    page, blocks = known.page, known.page.layout.blocks
    described = [set(words) for text in witnesses.descriptions if len(words := _folded_words(text)) > 3]
    titles = {" ".join(_folded_words(text)) for text in witnesses.titles} - {""}
    heads = [n for n, words in enumerate(known.words) if " ".join(words).casefold() in titles]
    levels = [page.layout.nodes[blocks[n].node].level or 9 for n in heads]
    head = heads[levels.index(min(levels))] if heads else -1
    reads = np.cumsum(page.prose > 0)
    shared = page.shared_depths(blocks[head].node) if heads else np.zeros(len(page.parents), np.intp)
    rows = []
    for number in known.worth:
        own = set(" ".join(known.words[number]).casefold().split())
        overlaps = [
            (len(own & words) / (len(own) or 1), len(own & words) / len(words)) for words in described
        ]
        after = int(reads[number - 1] - reads[head]) if heads and number > head else -1
        rows.append(
            (
                max((first for first, _ in overlaps), default=-1),
                max((second for _, second in overlaps), default=-1),
                min(after, 8),
                min(number - head, 30) if heads and number > head else -1,
                int(shared[blocks[number].node]) - page.depths[blocks[head].node] if heads else -50,
                page.depths[blocks[number].node] - int(shared[blocks[number].node]) if heads else -50,
            )
        )
    return _table(rows, 6)


def _folded_words(text: str) -> list[str]:
    return [word.casefold() for word in split(text)]


def _neighbour_features(known: _SharedValues) -> Floats:
    page, own = known.page, known.page.own
    parents = page.parents[own]
    headings = np.array([page.layout.nodes[number].level > 0 for number in own], np.float32)
    table = np.stack([known.inside_weights, np.log1p(page.lengths), page.links, headings], axis=1)
    columns = []
    for step in (-3, -2, -1, 1, 2, 3):
        columns.append(_shift(table, step))
        shifted = _shift(np.stack([own, parents], axis=1).astype(np.float32) + 1, step) - 1
        columns.append(((shifted[:, 1] == parents) | (shifted[:, 0] == parents))[:, None].astype(np.float32))
    return np.concatenate(columns, axis=1)[known.worth]


def _shift(table: Floats, step: int) -> Floats:
    out = np.zeros_like(table)
    if abs(step) < len(table):
        if step > 0:
            out[:-step] = table[step:]
        else:
            out[-step:] = table[:step]
    return out


def _window_features(known: _SharedValues) -> Floats:
    lengths, links, prose = known.page.lengths, known.page.links, known.page.prose
    columns = []
    for reach in (3, 8):
        weight = _moving_sums(lengths, reach)
        columns += [
            _moving_sums(values, reach) / np.maximum(weight, 1)
            for values in (known.inside_weights * lengths, links * lengths, prose, known.stated * lengths)
        ]
    return np.stack(columns, axis=1)[known.worth].astype(np.float32)


def _moving_sums(values: Floats, reach: int) -> Floats:
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    index = np.arange(len(values))
    window_sums = sums[np.minimum(index + reach + 1, len(values))] - sums[np.maximum(index - reach, 0)]
    return np.asarray(window_sums, np.float32)

"""What is known of each block of a page, as numbers: what the choice of the article's blocks is made by."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.blocks import AROUND, HINTS, Block, Layout
from searcher.readers.html.lines import is_clutter, split, width

__all__ = ["Floats", "Witnesses", "Indices", "coverage", "features"]

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

_TAGS = ("p", "li", "td", "div", "blockquote", "pre", "figcaption", "span", "section", "article", "dd")
_ENDS = re.compile(r"[.!?…。！？؟।۔][\"'”’»)\]」』]*$")
_STOPS = re.compile(r"[.!?…,;:](?=\s|$|[\"”’»])|[。！？，、；：؟،؛।۔]")
_DIGITS = re.compile(r"\d")
_MARKS = re.compile('["“„«]')
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Others who say what the article is: ``extracted`` is trafilatura's text, ``stated`` the page's own
    ``articleBody``, then its titles, descriptions and authors."""

    extracted: str
    stated: str
    titles: Sequence[str]
    descriptions: Sequence[str]
    authors: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What several features are made of: a value for each block of the page; ``worth`` are those to judge."""

    found: Layout
    worth: Indices
    words: Sequence[Sequence[str]]
    lengths: Floats
    links: Floats
    extracted: Floats
    stated: Floats

    @property
    def prose(self) -> Floats:
        lengths, links = self.lengths, self.links
        return np.where((links < 0.5) & (lengths > 40), lengths * (1 - links), 0).astype(np.float32)

    @property
    def blocks(self) -> list[Block]:
        """Those worth judging."""
        return [self.found.blocks[number] for number in self.worth]


def features(found: Layout, witnesses: Witnesses) -> tuple[Indices, Floats]:
    """The blocks worth judging, and a row for each: short lines of links that no extractor took are two
    thirds of all."""
    blocks = found.blocks
    words = [split(block.text) for block in blocks]
    lengths = np.array([width(block.text) for block in blocks], np.float32)
    sizes = np.array([max(1, len(block.text)) for block in blocks], np.float32)
    links = np.array([block.linked for block in blocks], np.float32) / sizes
    extracted = coverage(witnesses.extracted, words)
    worth = np.flatnonzero((lengths >= 120) | (links <= 0.7) | (extracted > 0))
    known = _Known(found, worth, words, lengths, links, extracted, _stated(witnesses, words))
    columns = [part(known) for part in (_text, _elements, _opinions, _regions, _places)]
    columns.append(_repetitions(known, witnesses))
    columns += [part(known) for part in (_neighbours, _windows, _alike)]
    return worth, np.concatenate(columns, axis=1, dtype=np.float32)


def _stated(witnesses: Witnesses, words: Sequence[Sequence[str]]) -> Floats:
    if len(witnesses.stated) > 200:
        return coverage(witnesses.stated, words)
    return np.zeros(len(words), np.float32)


def coverage(text: str, words: Sequence[Sequence[str]]) -> Floats:
    """For each list of words the share of it that ``text`` holds, by runs of four words.

    Of several equal blocks as many are covered as the text has such lines, those among covered neighbours.
    """
    running = split(text)
    grams = {tuple(running[i : i + _GRAM]) for i in range(len(running) - _GRAM + 1)}
    lines = Counter(tuple(split(line)) for line in text.split("\n"))
    joined = f" {' '.join(running)} "
    shares = [_covered(tuple(part), grams, lines, joined) for part in words]
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


def _covered(
    part: tuple[str, ...], grams: set[tuple[str, ...]], lines: Counter[tuple[str, ...]], joined: str
) -> float:
    if not part:
        return 0.0
    if part in lines:
        return 1.0
    if len(part) < _GRAM:
        return 0.5 if len(part) > 1 and f" {' '.join(part)} " in joined else 0.0
    runs = len(part) - _GRAM + 1
    return sum(part[i : i + _GRAM] in grams for i in range(runs)) / runs


def _text(known: _Known) -> Floats:
    rows = []
    for number, block in zip(known.worth, known.blocks):
        text, own = block.text, known.words[number]
        head = text[:300]
        stops = len(_STOPS.findall(text))
        rows.append(
            (
                stops / (len(own) + 1),
                stops > 0,
                _ENDS.search(text[-6:]) is not None,
                text.endswith((":", "：")),
                len(_DIGITS.findall(head)) / len(head),
                sum(map(str.isupper, head)) / len(head),
                head[0].islower(),
                _MARKS.search(text) is not None,
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
    rest = np.stack([np.log1p(known.lengths), known.links], axis=1)[known.worth]
    return np.concatenate([_table(rows, 16), rest], axis=1)


def _table(rows: Sequence[Sequence[float]], width: int) -> Floats:
    return np.array(rows, np.float32).reshape(len(rows), width)


def _elements(known: _Known) -> Floats:
    nodes = [known.found.nodes[block.node] for block in known.blocks]
    places = {tag: number for number, tag in enumerate(_TAGS)}
    tags = np.zeros((len(nodes), len(_TAGS) + 1), np.float32)
    tags[np.arange(len(nodes)), [places.get(node.tag, len(_TAGS)) for node in nodes]] = 1
    plain: list[Sequence[float]] = [
        (int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else 0, node.depth)
        for node in nodes
        for tag in (node.tag,)
    ]
    bits = [
        np.array(values, np.int64)[:, None] >> np.arange(size) & 1
        for values, size in (
            ([node.tags for node in nodes], len(AROUND)),
            ([node.above for node in nodes], len(HINTS)),
            ([node.hints for node in nodes], len(HINTS)),
        )
    ]
    return np.concatenate([_table(plain, 2), tags[:, :-1], *bits], axis=1, dtype=np.float32)


def _opinions(known: _Known) -> Floats:
    any_stated = np.full_like(known.stated, float(known.stated.any()))
    return np.stack([known.extracted, known.stated, any_stated], axis=1)[known.worth]


def _regions(known: _Known) -> Floats:
    """How much text, extracted text and prose the elements around a block hold."""
    found, lengths, extracted, prose = known.found, known.lengths, known.extracted, known.prose
    parents = np.array([max(0, node.parent) for node in found.nodes])
    own = np.array([block.node for block in found.blocks])
    sums = np.zeros((len(parents), 4), np.float64)
    np.add.at(sums, own, np.stack([lengths, lengths * extracted, prose, np.ones_like(lengths)], axis=1))
    for index in range(len(parents) - 1, 0, -1):
        sums[parents[index]] += sums[index]
    total = np.maximum(sums[0], 1)
    own = own[known.worth]
    up, top = parents[own], parents[parents[own]]
    shares = sums / total
    dense = sums[:, 1:3] / np.maximum(sums[:, :1], 1)
    inside = [
        _within(parents, _core(found, sums[:, column], share))[own] for column, share in ((1, 0.8), (2, 0.6))
    ]
    page = np.array([total[1] / total[0], total[2] / total[0], np.log1p(total[0]), np.log1p(total[3])])
    columns = [dense[own], dense[up], dense[top], shares[own, 1:3], shares[up, 1:3], shares[top, 1:3]]
    return np.concatenate(
        [*columns, np.log1p(sums[up, 3:]), np.stack(inside, axis=1), np.tile(page, (len(own), 1))], axis=1
    ).astype(np.float32)


def _core(found: Layout, held: NDArray[np.float64], share: float) -> int:
    """The deepest element that holds ``share`` of something."""
    enough = np.flatnonzero(held >= share * max(held[0], 1))
    return int(max(enough, key=lambda index: found.nodes[index].depth, default=0))


def _within(parents: NDArray[np.int64], core: int) -> NDArray[np.bool_]:
    inside = np.zeros(len(parents), bool)
    inside[core] = True
    for index in range(core + 1, len(parents)):
        inside[index] = inside[parents[index]] or index == core
    return inside


def _places(known: _Known) -> Floats:
    """Where in the page a block stands, and where beside the extracted text."""
    lengths, extracted = known.lengths, known.extracted
    count = len(lengths)
    index = np.arange(count)
    solid = np.flatnonzero((extracted > 0.5) & (lengths > 40))
    first, last = (solid[0], solid[-1]) if len(solid) else (0, -1)
    before = np.cumsum(lengths) - lengths
    return np.stack(
        [
            index / count,
            before / max(1.0, float(lengths.sum())),
            (first <= index) & (index <= last),
            np.clip((first - index) / 20, 0, 1),
            np.clip((index - last) / 20, 0, 1),
        ],
        axis=1,
    )[known.worth].astype(np.float32)


def _repetitions(known: _Known, witnesses: Witnesses) -> Floats:
    """Whether a block repeats the headline, the description, an author or another block."""
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


def _neighbours(known: _Known) -> Floats:
    """The three blocks before and after."""
    found, lengths, links, extracted = known.found, known.lengths, known.links, known.extracted
    nodes = found.nodes
    own = np.array([block.node for block in found.blocks])
    parents = np.array([max(0, nodes[index].parent) for index in own])
    headings = np.array(
        [nodes[index].tag in ("h1", "h2", "h3", "h4", "h5", "h6") for index in own], np.float32
    )
    table = np.stack([extracted, np.log1p(lengths), links, headings], axis=1)
    columns = []
    for step in (-3, -2, -1, 1, 2, 3):
        columns.append(_shift(table, step))
        beside = _shift(np.stack([own, parents], axis=1).astype(np.float32) + 1, step) - 1
        columns.append(((beside[:, 1] == parents) | (beside[:, 0] == parents))[:, None].astype(np.float32))
    return np.concatenate(columns, axis=1)[known.worth]


def _alike(known: _Known) -> Floats:
    """The blocks made alike, wherever they stand: what a page repeats is all article or all not.

    How much of the others was extracted (-1 where there are none), their share of links, their usual length,
    how many they are and how much of the page.
    """
    found, lengths, links, extracted = known.found, known.lengths, known.links, known.extracted
    nodes, groups = found.nodes, dict[tuple[object, ...], int]()
    group = np.empty(len(found.blocks), np.intp)
    for number, block in enumerate(found.blocks):
        node = nodes[block.node]
        above = nodes[max(0, node.parent)]
        make = (node.tag, node.hints, node.depth, above.tag, above.hints)
        group[number] = groups.setdefault(make, len(groups))
    taken = (lengths * extracted).astype(np.float64)
    held, kept, linked, count = (
        np.bincount(group, weights)[group] for weights in (lengths, taken, lengths * links, None)
    )
    others = held - lengths
    share = np.where(others > 0, (kept - taken) / np.maximum(others, 1), -1)
    page = max(1.0, float(lengths.sum()))
    columns = (share, linked / np.maximum(held, 1), np.log1p(held / count), np.log1p(count), held / page)
    return np.stack(columns, axis=1)[known.worth].astype(np.float32)


def _shift(table: Floats, step: int) -> Floats:
    out = np.zeros_like(table)
    if abs(step) < len(table):
        if step > 0:
            out[:-step] = table[step:]
        else:
            out[-step:] = table[:step]
    return out


def _windows(known: _Known) -> Floats:
    """Averages over three and eight blocks on either side."""
    lengths, links, prose = known.lengths, known.links, known.prose
    columns = []
    for reach in (3, 8):
        weight = _moving(lengths, reach)
        columns += [
            _moving(values, reach) / np.maximum(weight, 1)
            for values in (known.extracted * lengths, links * lengths, prose, known.stated * lengths)
        ]
    return np.stack(columns, axis=1)[known.worth].astype(np.float32)


def _moving(values: Floats, reach: int) -> Floats:
    """Sums over ``reach`` places on either side."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    index = np.arange(len(values))
    within = sums[np.minimum(index + reach + 1, len(values))] - sums[np.maximum(index - reach, 0)]
    return np.asarray(within, np.float32)

"""What is known of each block of a page, as numbers: what the choice of the article's blocks is made by."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.blocks import AROUND, HINTS, Block, Layout
from searcher.readers.html.lines import is_clutter, key

__all__ = ["Floats", "Witnesses", "coverage", "features", "plausible"]

Floats = NDArray[np.float32]

_TAGS = ("p", "li", "td", "div", "blockquote", "pre", "figcaption", "span", "section", "article", "dd")
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]」]*$")
_STOPS = re.compile(r"[.!?…。！？,，、;:](?=\s|$|[\"”’»」])")
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


def features(found: Layout, witnesses: Witnesses) -> Floats:
    """One row for each block of ``found``."""
    blocks = found.blocks
    words = [re.findall(r"\w+", block.text) for block in blocks]
    lengths = np.array([len(block.text) for block in blocks], np.float32)
    links = (np.array([block.linked for block in blocks]) / np.maximum(lengths, 1)).astype(np.float32)
    extracted = coverage(witnesses.extracted, words)
    stated = (
        coverage(witnesses.stated, words)
        if len(witnesses.stated) > 200
        else np.zeros(len(blocks), np.float32)
    )
    prose = np.where((links < 0.5) & (lengths > 40), lengths * (1 - links), 0).astype(np.float32)
    columns = [
        _text(blocks, words, lengths, links),
        _elements(found),
        np.stack([extracted, stated, np.full_like(stated, float(stated.any()))], axis=1),
        _regions(found, lengths, extracted, prose),
        _places(lengths, extracted),
        _repetitions(blocks, witnesses),
        _neighbours(found, lengths, links, extracted),
        _windows(lengths, links, extracted, stated, prose),
        _alike(found, lengths, links, extracted),
    ]
    return np.concatenate(columns, axis=1, dtype=np.float32)


# Where some features stand in a row.
_LENGTH, _LINKS = 16, 17
_EXTRACTED = 18 + 2 + len(_TAGS) + len(AROUND) + 2 * len(HINTS)


def plausible(rows: Floats) -> NDArray[np.bool_]:
    """The blocks worth judging: short lines of links that no extractor took are two thirds of all."""
    short = rows[:, _LENGTH] < np.log(120)
    hopeless: NDArray[np.bool_] = short & (rows[:, _LINKS] > 0.7) & (rows[:, _EXTRACTED] == 0)
    return ~hopeless


def coverage(text: str, words: Sequence[Sequence[str]]) -> Floats:
    """For each list of words the share of it that ``text`` holds, by runs of four words.

    Of several equal blocks as many are covered as the text has such lines, those among covered neighbours.
    """
    running = re.findall(r"\w+", text)
    grams = {tuple(running[i : i + _GRAM]) for i in range(len(running) - _GRAM + 1)}
    lines = Counter(tuple(re.findall(r"\w+", line)) for line in text.split("\n"))
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


def _text(blocks: Sequence[Block], words: Sequence[Sequence[str]], lengths: Floats, links: Floats) -> Floats:
    rows = []
    for block, own in zip(blocks, words):
        text = block.text
        head = text[:300]
        stops = len(_STOPS.findall(text))
        rows.append(
            (
                stops / (len(own) + 1),
                stops > 0,
                bool(_ENDS.search(text[-6:])),
                text.endswith((":", "：")),
                sum(map(str.isdigit, head)) / len(head),
                sum(map(str.isupper, head)) / len(head),
                head[0].islower(),
                any(mark in text for mark in '“"„«'),
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
    return np.concatenate([np.array(rows, np.float32), np.log1p(lengths)[:, None], links[:, None]], axis=1)


def _elements(found: Layout) -> Floats:
    nodes = [found.nodes[block.node] for block in found.blocks]
    places = {tag: number for number, tag in enumerate(_TAGS)}
    tags = np.zeros((len(nodes), len(_TAGS) + 1), np.float32)
    tags[np.arange(len(nodes)), [places.get(node.tag, len(_TAGS)) for node in nodes]] = 1
    plain = [
        (int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else 0, node.depth)
        for node in nodes
        for tag in (node.tag,)
    ]
    bits = [
        np.array(values)[:, None] >> np.arange(size) & 1
        for values, size in (
            ([node.tags for node in nodes], len(AROUND)),
            ([node.above for node in nodes], len(HINTS)),
            ([node.hints for node in nodes], len(HINTS)),
        )
    ]
    return np.concatenate([np.array(plain), tags[:, :-1], *bits], axis=1, dtype=np.float32)


def _regions(found: Layout, lengths: Floats, extracted: Floats, prose: Floats) -> Floats:
    """How much text, extracted text and prose the elements around a block hold."""
    parents = np.array([max(0, node.parent) for node in found.nodes])
    own = np.array([block.node for block in found.blocks])
    sums = np.zeros((len(parents), 4), np.float64)
    np.add.at(sums, own, np.stack([lengths, lengths * extracted, prose, np.ones_like(lengths)], axis=1))
    for index in range(len(parents) - 1, 0, -1):
        sums[parents[index]] += sums[index]
    total = np.maximum(sums[0], 1)
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


def _places(lengths: Floats, extracted: Floats) -> Floats:
    """Where in the page a block stands, and where beside the extracted text."""
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
    ).astype(np.float32)


def _repetitions(blocks: Sequence[Block], witnesses: Witnesses) -> Floats:
    """Whether a block repeats the headline, the description, an author or another block."""
    keys = [key(block.text) for block in blocks]
    titles = {key(title) for title in witnesses.titles} - {""}
    descriptions = {key(text) for text in witnesses.descriptions} - {""}
    authors = {key(name) for name in witnesses.authors} - {""}
    counts = Counter(keys)
    headline = next((number for number, own in enumerate(keys) if own in titles), -1)
    rows = [
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
            len(own) < 120 and any(name in own for name in authors),
            any(name in own for name in authors),
            0 <= headline < number,
            (number - headline) / len(keys) if headline >= 0 else -0.5,
        )
        for number, own in enumerate(keys)
    ]
    return np.array(rows, np.float32)


def _neighbours(found: Layout, lengths: Floats, links: Floats, extracted: Floats) -> Floats:
    """The three blocks before and after."""
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
    return np.concatenate(columns, axis=1)


def _alike(found: Layout, lengths: Floats, links: Floats, extracted: Floats) -> Floats:
    """The blocks made alike, wherever they stand: what a page repeats is all article or all not.

    How much of the others was extracted (-1 where there are none), their share of links, their usual length,
    how many they are and how much of the page.
    """
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
    return np.stack(columns, axis=1).astype(np.float32)


def _shift(table: Floats, step: int) -> Floats:
    out = np.zeros_like(table)
    if abs(step) < len(table):
        if step > 0:
            out[:-step] = table[step:]
        else:
            out[-step:] = table[:step]
    return out


def _windows(lengths: Floats, links: Floats, extracted: Floats, stated: Floats, prose: Floats) -> Floats:
    """Averages over three and eight blocks on either side."""
    columns = []
    for reach in (3, 8):
        weight = _moving(lengths, reach)
        columns += [
            _moving(values, reach) / np.maximum(weight, 1)
            for values in (extracted * lengths, links * lengths, prose, stated * lengths)
        ]
    return np.stack(columns, axis=1).astype(np.float32)


def _moving(values: Floats, reach: int) -> Floats:
    """Sums over ``reach`` places on either side."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    index = np.arange(len(values))
    within = sums[np.minimum(index + reach + 1, len(values))] - sums[np.maximum(index - reach, 0)]
    return np.asarray(within, np.float32)

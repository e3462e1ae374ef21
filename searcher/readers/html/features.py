"""What is known of each block of a page, as numbers: what the choice of the article's blocks is made by."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np

from searcher.readers.html.blocks import AROUND, HINTS, Block, Layout
from searcher.readers.html.lines import is_clutter, split
from searcher.readers.html.outline import Floats, Indices, Outline, container, spread, structure

_TAGS = ("p", "li", "td", "div", "blockquote", "pre", "figcaption", "span", "section", "article", "dd")
_ENDS = re.compile(r"[.!?…。！？؟।۔][\"'”’»)\]」』]*$")
_STOPS = re.compile(r"[.!?…,;:](?=\s|$|[\"”’»])|[。！？，、；：؟،؛।۔]")
_DIGITS = re.compile(r"\d")
_ASCII_CAPITALS = ascii_uppercase.encode()
_MARKS = re.compile('["“„«]')
_GRAM = 4  # words of a run, as in the measure of bodies (benchmarks/quality/cleaning.py)
#: Lines of links are judged if they are long or in the likeliest container: half of those there are text.
_MOST_LINKED, _LONG = 0.7, 120


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What the page says of its article: ``stated`` is its ``articleBody``, then its titles, descriptions and
    authors."""

    stated: str
    titles: Sequence[str]
    descriptions: Sequence[str]
    authors: Sequence[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The blocks of a page that are worth judging: their numbers, and a row of features for each."""

    page: Outline
    worth: Indices
    rows: Floats


@dataclass(frozen=True, slots=True)
class _Known:
    """What several features are made of: a value for each block of the page; ``worth`` are those to judge,
    ``held`` says which are in the likeliest container, ``stated`` how much of each the page states."""

    page: Outline
    worth: Indices
    words: Sequence[Sequence[str]]
    held: Floats
    stated: Floats

    @property
    def blocks(self) -> list[Block]:
        """Those worth judging."""
        return [self.page.found.blocks[number] for number in self.worth]


def features(found: Layout, witnesses: Witnesses) -> Candidates:
    """The blocks worth judging, and a row for each: short lines of links are two thirds of all, and of the
    article only where its container is."""
    page = Outline(found)
    words = [split(block.text) for block in found.blocks]
    likely = container(page)
    worth = np.flatnonzero((page.lengths >= _LONG) | (page.links <= _MOST_LINKED) | likely.within)
    known = _Known(page, worth, words, likely.held, _stated(witnesses, words))
    columns = [part(known) for part in (_text, _elements, _opinions, _neighbours, _windows)]
    columns += [_repetitions(known, witnesses), _described(known, witnesses), structure(page, likely)[worth]]
    return Candidates(page, worth, np.concatenate(columns, axis=1, dtype=np.float32))


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
                _capitals(head) / len(head),
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
    rest = np.stack([np.log1p(known.page.lengths), known.page.links], axis=1)[known.worth]
    return np.concatenate([_table(rows, 16), rest], axis=1)


def _capitals(text: str) -> int:
    """How many letters are capital."""
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _ASCII_CAPITALS))
    return sum(map(str.isupper, text))


def _table(rows: Sequence[Sequence[float]], width: int) -> Floats:
    return np.array(rows, np.float32).reshape(len(rows), width)


def _elements(known: _Known) -> Floats:
    page, own = known.page, known.page.own[known.worth]
    nodes = [page.found.nodes[number] for number in own]
    places = {tag: number for number, tag in enumerate(_TAGS)}
    tags = np.zeros((len(nodes), len(_TAGS) + 1), np.float32)
    tags[np.arange(len(nodes)), [places.get(node.tag, len(_TAGS)) for node in nodes]] = 1
    plain = _table([(node.level, node.depth) for node in nodes], 2)
    bits = ((page.tags, AROUND), (page.above, HINTS), (page.hints, HINTS))
    return np.concatenate(
        [plain, tags[:, :-1], *(spread(values[own], len(names)) for values, names in bits)],
        axis=1,
        dtype=np.float32,
    )


def _opinions(known: _Known) -> Floats:
    any_stated = np.full_like(known.stated, float(known.stated.any()))
    return np.stack([known.held, known.stated, any_stated], axis=1)[known.worth]


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


def _described(known: _Known, witnesses: Witnesses) -> Floats:
    """How alike a block and a description of the page are, and how far below the headline it stands."""
    page, blocks = known.page, known.page.found.blocks
    described = [set(words) for text in witnesses.descriptions if len(words := _folded(text)) > 3]
    titles = {" ".join(_folded(text)) for text in witnesses.titles} - {""}
    heads = [n for n, words in enumerate(known.words) if " ".join(words).casefold() in titles]
    levels = [page.found.nodes[blocks[n].node].level or 9 for n in heads]
    head = heads[levels.index(min(levels))] if heads else -1
    reads = np.cumsum(page.prose > 0)
    shared = page.shared(blocks[head].node) if heads else np.zeros(len(page.parents), np.intp)
    rows = []
    for number in known.worth:
        own = {word.casefold() for word in known.words[number]}
        both = [(len(own & words) / (len(own) or 1), len(own & words) / len(words)) for words in described]
        after = int(reads[number - 1] - reads[head]) if heads and number > head else -1
        rows.append(
            (
                max((first for first, _ in both), default=-1),
                max((second for _, second in both), default=-1),
                min(after, 8),
                min(number - head, 30) if heads and number > head else -1,
                int(shared[blocks[number].node]) - page.depths[blocks[head].node] if heads else -50,
                page.depths[blocks[number].node] - int(shared[blocks[number].node]) if heads else -50,
            )
        )
    return _table(rows, 6)


def _folded(text: str) -> list[str]:
    return [word.casefold() for word in split(text)]


def _neighbours(known: _Known) -> Floats:
    """The three blocks before and after."""
    page, own = known.page, known.page.own
    parents = page.parents[own]
    headings = np.array([page.found.nodes[number].level > 0 for number in own], np.float32)
    table = np.stack([known.held, np.log1p(page.lengths), page.links, headings], axis=1)
    columns = []
    for step in (-3, -2, -1, 1, 2, 3):
        columns.append(_shift(table, step))
        beside = _shift(np.stack([own, parents], axis=1).astype(np.float32) + 1, step) - 1
        columns.append(((beside[:, 1] == parents) | (beside[:, 0] == parents))[:, None].astype(np.float32))
    return np.concatenate(columns, axis=1)[known.worth]


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
    lengths, links, prose = known.page.lengths, known.page.links, known.page.prose
    columns = []
    for reach in (3, 8):
        weight = _moving(lengths, reach)
        columns += [
            _moving(values, reach) / np.maximum(weight, 1)
            for values in (known.held * lengths, links * lengths, prose, known.stated * lengths)
        ]
    return np.stack(columns, axis=1)[known.worth].astype(np.float32)


def _moving(values: Floats, reach: int) -> Floats:
    """Sums over ``reach`` places on either side."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    index = np.arange(len(values))
    within = sums[np.minimum(index + reach + 1, len(values))] - sums[np.maximum(index - reach, 0)]
    return np.asarray(within, np.float32)

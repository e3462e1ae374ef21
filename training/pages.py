"""How ``choice.npz`` was made: ``python -m training.pages DATA --write searcher/readers/html/choice.npz``.

Learns from saved pages with their true text (``DATA/pages/aeb``, ``wcxb``, ``fundus``) which blocks of a
page are the article. A block is the article's where the true text holds more than half of its runs of words.
Of the pages of ``trafeval`` only snippets are known that are in the text or not: the blocks that hold one are
learned from, the others are not. (The bodies of ``mozilla`` are another program's: they teach nothing.)
Two forests are trained: one judges each block by itself, the other all again by what the first says of those
around each. For this the first is asked about pages of sites that it was not trained on, as it will be.
Prints the quality by cross-validation, with all pages of one site in one part; with ``--write`` it then
trains on everything and writes the forests. Needs LightGBM. No text of any page goes into the model: it
holds thresholds of the features and nothing else.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from benchmarks.quality.cleaning import Score, judge_body, judge_snippets
from searcher.errors import ReadError
from searcher.readers.encodings import decode
from searcher.readers.html import block_choice, body
from searcher.readers.html.block_choice import Candidates, coverage
from searcher.readers.html.blocks import Layout, assemble
from searcher.readers.html.lines import split, without_headline
from searcher.readers.html.metadata import metadata
from searcher.readers.html.outline import Floats
from searcher.readers.html.page import parse

SETS = ("aeb", "wcxb", "fundus", "trafeval")
#: What a page of a set weighs. By cross-validation: at 1 for the first two their F1 is .001 lower, at 1 for
#: snippets that of aeb is .003 lower, at .15 the snippets' own .007.
WEIGHTS = {"aeb": 1.5, "wcxb": 1.5, "fundus": 1.0, "trafeval": 0.3}
#: Blocks with a snippet from which on a page has the whole weight of its set.
MANY_SNIPPETS = 8
SITE_PARTS = 5  # of the sites, for cross-validation
#: Chosen by cross-validation: small trees, few features a split and strong regularisation, since there are
#: only some hundred pages.
PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 10,
    "learning_rate": 0.09,
    "min_data_in_leaf": 60,
    "lambda_l2": 10.0,
    "feature_fraction_bynode": 0.2,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "max_bin": 63,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
FOREST_TREES = 110  # of each forest and seed
#: Three forests with seeds of their own, averaged: one alone is right or wrong about a few pages by chance.
SEEDS = (1, 2, 3)


Truths = np.ndarray[Any, Any]
Weights = np.ndarray[Any, Any]
#: The shuffle that parts the sites once more, for what the second forest learns of the first.
_INNER_SHUFFLE = 7
#: Characters of a block that may be a part of a snippet: shorter ones stand in some by chance.
_MIN_SNIPPET = 40


@dataclass
class Example:
    """One page: a row of features, a truth and a weight for each block worth judging."""

    folder: str
    host: str
    truth: dict[str, Any]
    titles: tuple[str, ...]
    blocks: Candidates
    labels: Truths
    weights: Weights


def examples(data: Path) -> list[Example]:
    out = []
    for folder in SETS:
        for path in sorted((data / "pages" / folder).glob("*.json")):
            labelled = json.loads(path.read_text("utf-8"))
            try:
                page = parse(decode(gzip.decompress(path.with_suffix(".html.gz").read_bytes())))
            except ReadError:
                continue
            found, facts = body.running_layout(page), metadata(page)
            if found.blocks:
                blocks = body.candidates(found, page, facts)
                out.append(_example(folder, labelled, facts.titles, blocks))
    return out


def _example(folder: str, labelled: dict[str, Any], titles: tuple[str, ...], blocks: Candidates) -> Example:
    judge = _labels if labelled.get("body") else _snippets
    labels, weights = (values[blocks.worth] for values in judge(labelled, blocks.page.layout))
    return Example(folder, _site(labelled), labelled, titles, blocks, labels, weights * WEIGHTS[folder])


def _site(labelled: dict[str, Any]) -> str:
    """The site of a page: its domain, else what tells it from other pages."""
    url = labelled.get("url") or ""
    host = urlsplit(url).hostname
    return ".".join(host.split(".")[-2:]) if host else url or labelled["body"][:40]


def _labels(labelled: dict[str, Any], found: Layout) -> tuple[Truths, Weights]:
    """For each block whether the true text holds it, and what it weighs."""
    words = [split(block.text) for block in found.blocks]
    sizes = np.array([len(part) + 1 for part in words], float)
    # Half by words, because those are what is measured, half by blocks, so that short ones matter too; every
    # page weighs the same.
    return coverage(labelled["body"], words) > 0.5, 50 * sizes / sizes.sum() + 50 / len(sizes)


def _snippets(labelled: dict[str, Any], found: Layout) -> tuple[Truths, Weights]:
    """The same by snippets: blocks without one weigh nothing."""
    texts = [" ".join(block.text.split()) for block in found.blocks]
    with_, without = (
        [" ".join(text.split()) for text in labelled.get(name) or ()] for name in ("with", "without")
    )
    held = np.array(
        [any(one in text or (len(text) > _MIN_SNIPPET and text in one) for one in with_) for text in texts]
    )
    wrong = np.array([any(one in text for one in without) for text in texts])
    sizes = np.array([len(split(text)) + 1 for text in texts], float)
    known = (held | wrong) * (50 * sizes / sizes.sum() + 50 / len(sizes))
    share = min(1.0, (held | wrong).sum() / MANY_SNIPPETS)
    return held & ~wrong, known * (100 * share / max(known.sum(), 1e-9))


def fit(pages: list[Example]) -> dict[str, Any]:
    """Both forests as flat tables, as :class:`searcher.readers.html.block_choice.Choice` reads them."""
    rows = [page.blocks.rows for page in pages]
    first = _forest(pages, rows, SEEDS)
    second = _forest(
        pages, [block_choice.with_context(page.blocks, judged) for page, judged in _unseen(pages)], SEEDS
    )
    stages = zip(block_choice.STAGES, (first, second))
    return {f"{stage}_{name}": table for stage, forest in stages for name, table in forest.items()}


def _unseen(pages: list[Example]) -> Iterator[tuple[Example, Floats]]:
    """Each page in its order with what a first forest says of it that was trained without its site."""
    parts = [_part(page.host, _INNER_SHUFFLE) for page in pages]
    forests = {}
    for part in set(parts):
        others = [page for page, own in zip(pages, parts) if own != part]
        forests[part] = block_choice.Forest(_forest(others, [page.blocks.rows for page in others], SEEDS[:1]))
    for page, part in zip(pages, parts):
        yield page, forests[part].probabilities(page.blocks.rows)


def _forest(pages: list[Example], features: list[Floats], seeds: Sequence[int]) -> dict[str, Any]:
    """One forest, for each seed some trees."""
    import lightgbm

    rows = np.concatenate(features)
    labels, weights = (
        np.concatenate([getattr(page, name) for page in pages]) for name in ("labels", "weights")
    )
    known = weights > 0
    rows, labels, weights = rows[known], labels[known].astype(int), weights[known]
    trees: list[dict[str, Any]] = []
    for seed in seeds:
        data = lightgbm.Dataset(rows, labels, weight=weights)
        model = lightgbm.train({**PARAMETERS, "seed": seed}, data, FOREST_TREES).dump_model()
        trees += [tree["tree_structure"] for tree in model["tree_info"]]
    return _tables([_flat(tree) for tree in trees], len(seeds))


#: A node: feature, threshold, and a bit for each leaf that is left where the feature is more than it.
_Node = tuple[int, float, int]
_EVERY = (1 << PARAMETERS["num_leaves"]) - 1


def _flat(tree: dict[str, Any]) -> tuple[list[_Node], list[float]]:
    """The nodes of one tree, and the values of its leaves from left to right."""
    nodes: list[_Node] = []
    leaves: list[float] = []

    def add(node: dict[str, Any]) -> int:
        """Add all below a node, and return the bits of its leaves."""
        if "leaf_value" in node:
            leaves.append(node["leaf_value"])
            return 1 << (len(leaves) - 1)
        left = add(node["left_child"])
        nodes.append((node["split_feature"], node["threshold"], _EVERY & ~left))
        return left | add(node["right_child"])

    add(tree)
    return nodes, leaves


def _tables(trees: list[tuple[list[_Node], list[float]]], seeds: int) -> dict[str, Any]:
    """The trees with as many nodes and leaves each; a node that is none leaves everything."""
    leaves = PARAMETERS["num_leaves"]
    shape = (len(trees), leaves - 1)
    tables: dict[str, Any] = {
        "feature": np.zeros(shape, np.int16),
        "threshold": np.full(shape, np.inf, np.float32),
        "mask": np.full(shape, _EVERY, np.uint16),
        "value": np.zeros((len(trees), leaves), np.float32),
    }
    for number, (nodes, values) in enumerate(trees):
        for name, column in zip(("feature", "threshold", "mask"), zip(*nodes)):
            tables[name][number, : len(nodes)] = column
        tables["value"][number, : len(values)] = np.array(values) / seeds
    return tables


def cross_validate(pages: list[Example], shuffle: int = 0) -> dict[str, Score]:
    """The quality on pages of sites that were not trained on, by set, and of fundus by language too
    (“fundus de”); ``shuffle`` parts the sites otherwise."""
    scores = {folder: Score() for folder in SETS}
    for part in range(SITE_PARTS):
        inside = [_part(page.host, shuffle) == part for page in pages]
        trained = block_choice.Chooser(fit([page for page, here in zip(pages, inside) if not here]))
        for page in (page for page, here in zip(pages, inside) if here):
            chosen = page.blocks.worth[body.likely_blocks(trained.probabilities(page.blocks))]
            layout = page.blocks.page.layout
            text = assemble(layout, body.select(layout, chosen))
            found = "\n\n".join(without_headline(text, page.titles))
            _judge(scores[page.folder], page, found)
            if page.folder == "fundus":
                _judge(scores.setdefault(f"fundus {page.truth.get('lang')}", Score()), page, found)
    return scores


def _judge(score: Score, page: Example, found: str) -> None:
    score.pages += 1
    if page.truth.get("body"):
        judge_body(score, page.truth["body"], found)
    else:
        judge_snippets(score, page.truth, found)


def _part(host: str, shuffle: int) -> int:
    digest = hashlib.md5(f"{shuffle or ''}{host}".encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % SITE_PARTS


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.pages", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the labelled data")
    parser.add_argument("--rounds", type=int, default=1, help="how often to part the sites anew (default: 1)")
    parser.add_argument("--write", type=Path, help="train on everything, and write the forests to this file")
    arguments = parser.parse_args(given)
    pages = examples(arguments.data)
    for shuffle in range(arguments.rounds):
        for folder, score in cross_validate(pages, shuffle).items():
            if not score.pages:
                continue
            if score.exact:
                figures = f"F1 {score.f1:.4f}, exact {fmean(score.exact):.3f}"
            else:
                figures = f"snippets {score.snippet_f1:.4f}"
            print(f"{folder:10} {figures}, pages {score.pages}")
    if arguments.write:
        np.savez_compressed(arguments.write, **fit(pages))
        print(f"{arguments.write}: {arguments.write.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()

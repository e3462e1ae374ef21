"""How ``choice.npz`` was made: ``python -m training.pages DATA --write searcher/readers/html/choice.npz``.

Learns from saved pages with their true text (``DATA/pages/aeb``, ``DATA/pages/wcxb``) which blocks of a page
are the article. A block is the article's where the true text holds more than half of its runs of words.
Prints the quality by cross-validation, with all pages of one site in one part; with ``--write`` it then
trains on everything and writes the forest. Needs LightGBM. No text of any page goes into the model: it
holds thresholds of the features and nothing else.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from benchmarks.quality.cleaning import Score, judge_body
from searcher.errors import ReadError
from searcher.readers.decode import decode
from searcher.readers.html import body, choice
from searcher.readers.html.blocks import Layout
from searcher.readers.html.features import coverage
from searcher.readers.html.fragment import assemble
from searcher.readers.html.lines import split, without_headline
from searcher.readers.html.metadata import metadata
from searcher.readers.html.outline import Floats, Indices
from searcher.readers.html.page import parse

SETS = ("aeb", "wcxb")
PARTS = 5  # of the sites, for cross-validation
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
STAGES = 90  # trees of each forest
#: Three forests with seeds of their own, averaged: one alone is right or wrong about a few pages by chance.
SEEDS = (1, 2, 3)


@dataclass
class Example:
    """One page: a row of features, a truth and a weight for each block worth judging."""

    folder: str
    host: str
    truth: str
    titles: tuple[str, ...]
    found: Layout
    worth: Indices
    rows: Floats
    labels: np.ndarray[Any, Any]
    weights: np.ndarray[Any, Any]


def examples(data: Path) -> list[Example]:
    out = []
    for folder in SETS:
        for path in sorted((data / "pages" / folder).glob("*.json")):
            labelled = json.loads(path.read_text("utf-8"))
            try:
                page = parse(decode(gzip.decompress(path.with_suffix(".html.gz").read_bytes())))
            except ReadError:
                continue
            found, facts = body.running(page), metadata(page)
            if found.blocks:
                worth, rows = body.rows(found, page, facts)
                out.append(_example(folder, labelled, facts.titles, found, worth, rows))
    return out


def _example(
    folder: str,
    labelled: dict[str, Any],
    titles: tuple[str, ...],
    found: Layout,
    worth: Indices,
    rows: Floats,
) -> Example:
    words = [split(block.text) for block in found.blocks]
    sizes = np.array([len(part) + 1 for part in words], float)
    # Half by words, because those are what is measured, half by blocks, so that short ones matter too; every
    # page weighs the same.
    weights = 50 * sizes / sizes.sum() + 50 / len(sizes)
    host = ".".join((urlsplit(labelled.get("url") or "").hostname or labelled["body"][:40]).split(".")[-2:])
    labels = coverage(labelled["body"], words) > 0.5
    truth = labelled["body"]
    return Example(folder, host, truth, titles, found, worth, rows, labels[worth], weights[worth])


def fit(pages: list[Example]) -> dict[str, Any]:
    """The trees as flat tables, as :class:`searcher.readers.html.choice.Forest` reads them."""
    import lightgbm

    rows, labels, weights = (
        np.concatenate([getattr(page, name) for page in pages]) for name in ("rows", "labels", "weights")
    )
    trees: list[dict[str, Any]] = []
    for seed in SEEDS:
        known = lightgbm.Dataset(rows, labels.astype(int), weight=weights)
        model = lightgbm.train({**PARAMETERS, "seed": seed}, known, STAGES).dump_model()
        trees += [tree["tree_structure"] for tree in model["tree_info"]]
    return _tables([_flat(tree) for tree in trees])


#: A node: feature, threshold, the numbers of the next nodes, value. A leaf sends every row to itself.
_Row = tuple[int, float, int, int, float]


def _flat(tree: dict[str, Any]) -> tuple[list[_Row], int]:
    """The nodes of one tree and its depth."""
    out: list[_Row] = []

    def add(node: dict[str, Any]) -> int:
        number = len(out)
        if "leaf_value" in node:
            out.append((0, 0.0, number, number, node["leaf_value"] / len(SEEDS)))
            return 0
        out.append((0, 0.0, 0, 0, 0.0))
        left = len(out)
        depth = add(node["left_child"])
        right = len(out)
        depth = max(depth, add(node["right_child"]))
        out[number] = (node["split_feature"], node["threshold"], left, right, 0.0)
        return depth + 1

    return out, add(tree)


def _tables(trees: list[tuple[list[_Row], int]]) -> dict[str, Any]:
    shape = (len(trees), max(len(nodes) for nodes, _ in trees))
    kinds = (("feature", np.int16), ("threshold", np.float32), ("left", np.int16), ("right", np.int16))
    tables: dict[str, Any] = {name: np.zeros(shape, kind) for name, kind in (*kinds, ("value", np.float32))}
    for number, (nodes, _) in enumerate(trees):
        for name, values in zip(tables, zip(*nodes)):
            tables[name][number, : len(nodes)] = values
    return {**tables, "depth": max(depth for _, depth in trees), "base": 0.0}


def cross_validate(pages: list[Example], shuffle: int = 0) -> dict[str, Score]:
    """The quality on pages of sites that were not trained on, by set; ``shuffle`` parts them otherwise."""
    scores = {folder: Score() for folder in SETS}
    for part in range(PARTS):
        inside = [_part(page.host, shuffle) == part for page in pages]
        forest = choice.Forest(fit([page for page, here in zip(pages, inside) if not here]))
        for page in (page for page, here in zip(pages, inside) if here):
            chosen = page.worth[body.likely(forest.probabilities(page.rows))]
            text = assemble(page.found, body.select(page.found, chosen))
            judge_body(scores[page.folder], page.truth, "\n\n".join(without_headline(text, page.titles)))
    return scores


def _part(host: str, shuffle: int) -> int:
    digest = hashlib.md5(f"{shuffle or ''}{host}".encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % PARTS


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.pages", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the labelled data")
    parser.add_argument("--rounds", type=int, default=1, help="how often to part the sites anew (default: 1)")
    parser.add_argument("--write", type=Path, help="train on everything, and write the forest to this file")
    arguments = parser.parse_args(given)
    pages = examples(arguments.data)
    for shuffle in range(arguments.rounds):
        for folder, score in cross_validate(pages, shuffle).items():
            print(f"{folder:6} F1 {score.f1:.4f}, exact {fmean(score.exact):.3f}, pages {len(score.exact)}")
    if arguments.write:
        np.savez_compressed(arguments.write, **fit(pages))
        print(f"{arguments.write}: {arguments.write.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()

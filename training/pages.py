"""How ``searcher/readers/html/choice.npz`` was made: ``python -m training.pages DATA``.

Learns from saved pages with their true text (``DATA/pages/aeb``, ``DATA/pages/wcxb``) which blocks of a page
are the article. A block is the article's where the true text holds more than half of its runs of words.
Prints the quality by cross-validation, with all pages of one site in one part, then trains on everything.
Needs scikit-learn. No text of any page goes into the model: it holds thresholds of the features and nothing
else.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from searcher.errors import ReadError
from searcher.readers.decode import decode
from searcher.readers.html import body, choice
from searcher.readers.html.blocks import Layout, layout
from searcher.readers.html.features import Floats, Indices, coverage
from searcher.readers.html.fragment import assemble
from searcher.readers.html.lines import split, without_headline
from searcher.readers.html.metadata import metadata
from searcher.readers.html.page import parse

SETS = ("aeb", "wcxb")
PARTS = 5
FOREST = Path(choice.__file__).with_name("choice.npz")
#: Chosen by cross-validation: small trees, few features a split and strong regularisation, since there are
#: only some hundred pages.
PARAMETERS: dict[str, Any] = {
    "max_iter": 110,
    "max_leaf_nodes": 10,
    "learning_rate": 0.09,
    "min_samples_leaf": 60,
    "l2_regularization": 10.0,
    "max_features": 0.2,
    "max_bins": 64,
    "random_state": 1,
}


@dataclass
class Example:
    """One page: a row of features, a truth and a weight for each block worth judging."""

    folder: str
    part: int
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
            found, facts = layout(page.tree), metadata(page)
            if found.blocks:
                worth, rows = body.rows(found, body.extracted(page), page, facts)
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
    host = (urlsplit(labelled.get("url") or "").hostname or labelled["body"][:40]).split(".")[-2:]
    part = int(hashlib.md5(".".join(host).encode(), usedforsecurity=False).hexdigest(), 16) % PARTS
    labels = coverage(labelled["body"], words) > 0.5
    truth = labelled["body"]
    return Example(folder, part, truth, titles, found, worth, rows, labels[worth], weights[worth])


def fit(pages: list[Example]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

    return HistGradientBoostingClassifier(**PARAMETERS).fit(
        np.concatenate([page.rows for page in pages]),
        np.concatenate([page.labels for page in pages]),
        sample_weight=np.concatenate([page.weights for page in pages]),
    )


def export(model: Any) -> dict[str, Any]:
    """The trees as flat tables, as :class:`searcher.readers.html.choice.Forest` reads them."""
    trees = [stage[0].nodes for stage in model._predictors]
    width = max(map(len, trees))
    shape = (len(trees), width)
    tables: dict[str, Any] = {
        "feature": np.zeros(shape, np.int16),
        "threshold": np.zeros(shape, np.float32),
        "left": np.zeros(shape, np.int16),
        "right": np.zeros(shape, np.int16),
        "value": np.zeros(shape, np.float32),
        "depth": max(int(nodes["depth"].max()) for nodes in trees),
        "base": float(model._baseline_prediction.ravel()[0]),
    }
    for number, nodes in enumerate(trees):
        index = np.arange(len(nodes))
        leaf = nodes["is_leaf"].astype(bool)
        tables["feature"][number, index] = np.where(leaf, 0, nodes["feature_idx"])
        # A leaf sends every row to itself, whatever its threshold.
        tables["threshold"][number, index] = np.where(leaf, 0, nodes["num_threshold"])
        tables["left"][number, index] = np.where(leaf, index, nodes["left"])
        tables["right"][number, index] = np.where(leaf, index, nodes["right"])
        tables["value"][number, index] = np.where(leaf, nodes["value"], 0)
    return tables


def cross_validate(pages: list[Example]) -> None:
    from benchmarks.quality.pages import Score, judge_body

    scores = {(folder, least): Score() for folder in SETS for least in (0.5, body.LIKELY, 0.6)}
    for part in range(PARTS):
        forest = choice.Forest(export(fit([page for page in pages if page.part != part])))
        for page in (page for page in pages if page.part == part):
            likely = forest.probabilities(page.rows)
            for (folder, least), score in scores.items():
                if folder == page.folder:
                    blocks = body.select(page.found, page.worth[likely >= least])
                    text = "\n\n".join(without_headline(assemble(page.found, blocks), page.titles))
                    judge_body(score, page.truth, text)
    for (folder, least), score in scores.items():
        exact = sum(score.exact) / len(score.exact)
        print(f"{folder:6} from {least}: F1 {score.f1:.4f}, exact {exact:.3f}, pages {len(score.exact)}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.pages", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the labelled data")
    pages = examples(parser.parse_args().data)
    cross_validate(pages)
    np.savez_compressed(FOREST, **export(fit(pages)))
    print(f"{FOREST.name}: {FOREST.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()

"""Train every model of the quotes stage: ``python -m training.quotes.train DATA --out FILE``.

DATA is the folder that holds ``quotes/polnear-train.jsonl``; only that part is read. FILE becomes
``searcher/extract/quotes/model.json`` once it has been judged. ``--mentions`` gives the mentions that the
names stage finds in the same articles (see mentions.py): each article is then learned from twice, with its
mentions and without, so that the models serve both.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.quotes import scorer
from searcher.extract.quotes.lexicon import Weights, use_model
from training.quotes import attribution, corpus, indirect, lexicon


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("model.json"))
    parser.add_argument("--mentions", type=Path)
    options = parser.parse_args(arguments)
    score = scorer(options.data)
    rows = corpus.rows(options.data / "quotes" / "polnear-train.jsonl")
    model: dict[str, Any] = lexicon.learn(rows)
    store(model, options.out)
    scenes = attribution.prepare(rows, corpus.mentions(options.mentions))
    for part, weights in attribution.learn(scenes, score):
        model[part] = whole(weights)
        print(part, len(model[part]), "weights")
        store(model, options.out)
    model["indirect"] = whole(indirect.learn(scenes, score))
    store(model, options.out)


def whole(weights: dict[str, float]) -> dict[str, int]:
    """Weights in whole hundredths; those that round to nothing are left out."""
    return {f: value for f, w in sorted(weights.items()) if (value := round(w * 100))}


def store(model: dict[str, Any], target: Path) -> None:
    """Write the file and use it from now on: each part is learned with those before it."""
    empty: dict[str, Any] = {part: {} for part in Weights._fields}
    text = json.dumps(empty | model, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    target.write_text(text.replace("},", "},\n") + "\n", encoding="utf-8")
    use_model(target)


if __name__ == "__main__":
    main()

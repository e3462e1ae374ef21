"""Train every model of the quotes stage and write ``searcher/extract/quotes/model.json``.

usage: python -m training.quotes.train DATA [--mentions FILE]

DATA is the folder that holds ``quotes/polnear-train.jsonl``; only that part is read. FILE holds the names
stage's mentions of the same articles (see mentions.py); with it each article is learned from twice, with
its mentions and without, so that the models serve both.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.quality.quotes import scorer
from searcher.extract.quotes import weights as shipped
from training.quotes import attribution, corpus, indirect, lexicon

TARGET = Path(shipped.__file__).parent / "model.json"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--mentions", type=Path)
    options = parser.parse_args()
    score = scorer(options.data)
    rows = corpus.rows(options.data / "quotes" / "polnear-train.jsonl")
    model: dict[str, Any] = lexicon.learn(rows)
    store(model)
    scenes = attribution.prepare(rows, corpus.mentions(options.mentions))
    for part, weights in attribution.learn(scenes, score):
        model[part] = whole(weights)
        print(part, len(model[part]), "weights")
        store(model)
    model["indirect"] = whole(indirect.learn(scenes, score))
    store(model)


def whole(weights: dict[str, float]) -> dict[str, int]:
    """Weights in whole hundredths; those that round to nothing are left out."""
    return {f: value for f, w in sorted(weights.items()) if (value := round(w * 100))}


def store(model: dict[str, Any]) -> None:
    """Write the file and forget what was loaded, so that the next step sees it."""
    empty: dict[str, Any] = {part: {} for part in shipped.Weights._fields}
    text = json.dumps(empty | model, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    TARGET.write_text(text.replace("},", "},\n") + "\n", encoding="utf-8")
    for cached in (shipped._model, shipped.cues, shipped.speaker_nouns, shipped.load_weights):
        cached.cache_clear()


if __name__ == "__main__":
    main()

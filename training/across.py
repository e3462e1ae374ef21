"""``python -m training.across DATA/names/languages FILE``: fit what turns vectors of words, and their means.

From the words of the labelled articles that may be trained on (their words alone, none of which is kept): the
mean of each language, and a matrix. A word of English and one of another language that are each other's
nearest mostly mean the same: in which directions such pairs differ tells nothing and is shortened, and of
what is left the directions are kept in which words differ most. No dictionary is asked. The languages by
which ``benchmarks/quality/across.py`` measures are left out of the pairs.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.quality.across import LANGUAGES
from searcher import analysis
from searcher.analysis.terms import STOP_WORDS
from searcher.extensions.languages import across
from searcher.extensions.languages.across import Floats

#: Numbers that are kept of a vector: right at first .328 with all 384 and .330 with 64 over five languages,
#: .352 with 96.
WIDTH: Final = 96
#: The commonest words of a language that are read, the fewest, and those among which pairs are looked for.
MOST, FEWEST, PAIRED = 10_000, 1000, 5000
#: From this cosine on a pair is one word written alike.
MIN_ALIKE_COSINE: Final = 0.999


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.across", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    words: dict[str, Counter[str]] = {}
    english = options.folder.parent / "news-train.jsonl"
    for file in (english, *sorted(options.folder.glob("*-train.jsonl"))):
        code = "en" if file == english else file.name.partition("-")[0]
        if "-ocr-" not in file.name:
            words.setdefault(code, Counter()).update(_words(file))
    whole = across.Fitted(np.eye(384, dtype=np.float32), {"": np.zeros(384, np.float32)})
    across.fitted = lambda: whole  # type: ignore[assignment]
    found = {code: _vectors(counted) for code, counted in words.items() if len(counted) >= FEWEST}
    means = {code: vectors.mean(0) for code, vectors in found.items()}
    means[""] = np.mean(list(means.values()), axis=0)
    off = {code: _unit(vectors - means[code]) for code, vectors in found.items()}
    others = off.keys() - LANGUAGES.keys() - {"en"}
    pairs = np.concatenate([_differences(off["en"], off[code]) for code in sorted(others)])
    lengths, axes = np.linalg.eigh(pairs.T @ pairs / len(pairs))
    shortened = axes / np.sqrt(lengths + lengths.mean())
    spread = sum(part.T @ part / len(part) for vectors in off.values() for part in [vectors @ shortened])
    turn = shortened @ np.linalg.eigh(spread)[1][:, : -WIDTH - 1 : -1]
    np.savez_compressed(
        options.file,
        turn=turn.astype(np.float16),
        means=np.array([means[code] @ turn for code in means]).astype(np.float16),
        languages=np.array(",".join(means)),
    )


def _words(file: Path) -> Counter[str]:
    rows = (json.loads(line)["text"] for line in file.open(encoding="utf-8"))
    forms = (terms[0] for text in rows for terms in analysis.index_terms(text, ""))
    words = (word for word in forms if len(word) >= across.MIN_LETTERS and word.isalpha())
    return Counter(word for word in words if word not in STOP_WORDS)


def _vectors(counted: Counter[str]) -> Floats:
    common = [word for word, _ in counted.most_common(MOST)]
    return across.vectors(common, [""] * len(common))


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _differences(ours: Floats, theirs: Floats) -> Floats:
    """The differences of words that are each other's nearest, the commonest first."""
    ours, theirs = ours[:PAIRED], theirs[:PAIRED]
    cosines = ours @ theirs.T
    nearest, back = cosines.argmax(1), cosines.argmax(0)
    own = np.arange(len(ours))
    chosen = (back[nearest] == own) & (cosines[own, nearest] < MIN_ALIKE_COSINE)
    differences: Floats = ours[chosen] - theirs[nearest[chosen]]
    return differences


if __name__ == "__main__":
    main()

"""``python -m training.across DATA/names/languages FILE``: fit what turns vectors of words, and their means.

From the words of the labelled articles that may be trained on (their words alone, none of which is kept): the
mean of each language, and the directions in which words differ most beyond it (principal components).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np

from searcher import analysis
from searcher.analysis.stemming import STOP_WORDS
from searcher.search import across

#: Numbers that are kept of a vector, the commonest words of a language that are read, and the fewest.
WIDTH, MOST, FEWEST = 64, 10_000, 1000


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
    means, rest = {}, []
    for code, counted in words.items():
        common = [word for word, _ in counted.most_common(MOST)]
        if len(common) >= FEWEST:
            found = across.vectors(common, [""] * len(common))
            means[code] = found.mean(0)
            off = found - means[code]
            rest.append(off / np.linalg.norm(off, axis=1, keepdims=True))
    means[""] = np.mean(list(means.values()), axis=0)
    spread = sum(one.T @ one / len(one) for one in rest)
    turn = np.linalg.eigh(spread)[1][:, : -WIDTH - 1 : -1]
    turned = np.array([means[code] @ turn for code in means])
    np.savez_compressed(
        options.file,
        turn=turn.astype(np.float16),
        means=turned.astype(np.float16),
        languages=np.array(",".join(means)),
    )


def _words(file: Path) -> Counter[str]:
    rows = (json.loads(line)["text"] for line in file.open(encoding="utf-8"))
    forms = (terms[0] for text in rows for terms in analysis.index_terms(text, ""))
    return Counter(
        word
        for word in forms
        if len(word) >= across.MIN_LETTERS and word.isalpha() and word not in STOP_WORDS
    )


if __name__ == "__main__":
    main()

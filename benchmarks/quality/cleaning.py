"""Is the body of a page the article's body, and are its facts right: the measures of cleaning.

Bodies are judged as the article extraction benchmark of Scrapinghub (Zyte) does,
https://github.com/scrapinghub/article-extraction-benchmark: shared runs of four words, precision and recall
averaged over pages, F1 of the two means, and the share of pages that are exactly right. Facts count as right
when they are equal but for case, punctuation and order of authors.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

__all__ = ["FIELDS", "Score", "judge", "judge_body"]

FIELDS = ("title", "author", "date")


@dataclass
class Score:
    """What one extractor did on one set."""

    pages: int = 0
    seconds: float = 0.0
    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    right: dict[str, list[bool]] = field(default_factory=lambda: {name: [] for name in FIELDS})

    @property
    def f1(self) -> float:
        precision, recall = fmean(self.precision), fmean(self.recall)
        return 2 * precision * recall / (precision + recall)


def judge(score: Score, truth: dict[str, Any], found: dict[str, Any]) -> None:
    """Add what was found of one page to a score; only what its labels tell counts."""
    if truth.get("body") is not None:
        judge_body(score, truth["body"], found.get("body"))
    for name in FIELDS:
        if truth.get(name):
            score.right[name].append(_same(name, truth[name], found.get(name) or ""))


def judge_body(score: Score, truth: str, found: str | None) -> None:
    """Add one body to a score."""
    true, given = _words(truth), _words(found)
    precision, recall = _overlap(_runs(true), _runs(given))
    score.exact.append(true == given)
    if given:
        score.precision.append(precision)
    if true:
        score.recall.append(recall)


def _words(text: str | None) -> list[str]:
    return re.findall(r"\w+", text or "")


def _runs(words: list[str], length: int = 4) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[i : i + length]) for i in range(max(1, len(words) - length + 1)) if words)


def _overlap(true: Counter[tuple[str, ...]], given: Counter[tuple[str, ...]]) -> tuple[float, float]:
    shared = (true & given).total()
    return shared / (given.total() or 1), shared / (true.total() or 1)


def _same(name: str, truth: str, given: str) -> bool:
    if name == "date":
        return str(given)[:10] == truth
    if name == "author":
        return _people(truth) == _people(given)
    return _plain(truth) == _plain(given)


def _plain(text: str) -> str:
    return " ".join(_words(unicodedata.normalize("NFKC", text).casefold()))


def _people(text: str) -> set[str]:
    text = re.sub(r"^\s*(by|von|par|por|di|door)\b[:\s]+", "", text.strip(), flags=re.I)
    parts = re.split(r"\s*(?:;|,|\||/|&|\band\b|\bund\b|\bet\b)\s*", text)
    return {plain for part in parts if (plain := _plain(part))}

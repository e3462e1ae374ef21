"""Is the body of a page the article's body, and are its facts right: the measures of cleaning.

Bodies are judged as the article extraction benchmark of Scrapinghub (Zyte) does,
https://github.com/scrapinghub/article-extraction-benchmark: shared runs of four words, precision and recall
averaged over pages, F1 of the two means, and the share of pages that are exactly right. Where only snippets
are labelled that must and must not be in a body, all of them are counted together, as the evaluation of
trafilatura does (https://github.com/adbar/trafilatura/tree/master/tests). Facts count as right when they are
equal but for case, punctuation and order of authors; an author that is the outlet itself is no label. Text is
compared in Unicode NFC and without soft hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from searcher.readers.html.authors import Outlet

FIELDS = ("title", "author", "date")


@dataclass
class Score:
    """What one extractor did on one set."""

    pages: int = 0
    seconds: float = 0.0
    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    snippets: Counter[str] = field(default_factory=Counter)
    right: dict[str, list[bool]] = field(default_factory=lambda: {name: [] for name in FIELDS})

    @property
    def f1(self) -> float:
        precision, recall = fmean(self.precision), fmean(self.recall)
        return 2 * precision * recall / (precision + recall)

    @property
    def snippet_f1(self) -> float:
        held, wrong, missed = (self.snippets[name] for name in ("held", "wrong", "missed"))
        return 2 * held / (2 * held + wrong + missed)


def judge(score: Score, truth: dict[str, Any], found: dict[str, Any]) -> None:
    """Add what was found of one page to a score; only what its labels tell counts."""
    if truth.get("body") is not None:
        judge_body(score, truth["body"], found.get("body"))
    elif truth.get("with"):
        judge_snippets(score, truth, found.get("body"))
    for name in FIELDS:
        label = _signed(truth) if name == "author" else truth.get(name)
        if label:
            score.right[name].append(_same(name, label, found.get(name) or ""))


def judge_body(score: Score, truth: str, found: str | None) -> None:
    """Add one body to a score."""
    true, given = _words(truth), _words(found)
    precision, recall = _overlap(_runs(true), _runs(given))
    score.exact.append(true == given)
    if given:
        score.precision.append(precision)
    if true:
        score.recall.append(recall)


def judge_snippets(score: Score, truth: dict[str, Any], found: str | None) -> None:
    """Add which snippets of one page a body holds to a score."""
    body = _line(found)
    held, wrong = (sum(_line(text) in body for text in truth.get(name) or ()) for name in ("with", "without"))
    score.snippets.update(held=held, wrong=wrong, missed=len(truth.get("with") or ()) - held)


def _signed(truth: dict[str, Any]) -> str:
    """The authors of a label without the outlet, where its names are given."""
    label = truth.get("author") or ""
    outlets = [Outlet(name, truth.get("url"), ()) for name in truth.get("outlets", ())]
    parts = re.split(r"\s*;\s*|\s+et\s+", label) if outlets else [label]
    return "; ".join(part for part in parts if not any(outlet.is_in(part) for outlet in outlets))


def _line(text: str | None) -> str:
    return " ".join(_normal(text).split())


def _normal(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "").replace("\xad", "")


def _words(text: str | None) -> list[str]:
    return re.findall(r"\w+", _normal(text))


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

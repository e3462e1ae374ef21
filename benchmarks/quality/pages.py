"""Cleaning: is the body the article's body, are title, author and date right, beside other extractors.

The measure for bodies is that of the article extraction benchmark of Scrapinghub (Zyte): shared runs of four
words, precision and recall averaged over pages, F1 of the two means, and the share of pages that are exactly
right. Metadata count as right when they are equal but for case, punctuation and order of authors.
"""

from __future__ import annotations

import gzip
import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

__all__ = ["Score", "judge_body", "main", "measure"]

SETS = ("aeb", "wcxb", "mozilla")
SEEN = (
    "Searcher's choice of blocks was trained on the bodies of aeb and wcxb: its F1 and exact above are those "
    "of pages it knows."
)
FIELDS = ("title", "author", "date")
Extractor = Callable[[bytes], dict[str, Any]]


@dataclass
class Score:
    """What one extractor did on one set."""

    pages: int = 0
    seconds: float = 0.0
    failed: int = 0
    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    right: dict[str, list[bool]] = field(default_factory=lambda: {name: [] for name in FIELDS})

    @property
    def f1(self) -> float:
        precision, recall = fmean(self.precision), fmean(self.recall)
        return 2 * precision * recall / (precision + recall)


def searcher(page: bytes) -> dict[str, Any]:
    from searcher.readers.decode import decode
    from searcher.readers.html import article_from_html

    article = article_from_html(decode(page))
    return {
        "body": article.body,
        "title": article.title,
        "author": "; ".join(article.authors),
        "date": article.published.date().isoformat() if article.published else "",
    }


def trafilatura(page: bytes) -> dict[str, Any]:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(page, include_comments=False, with_metadata=True)
    if found is None:
        return {}
    return {"body": found.text, "title": found.title, "author": found.author, "date": found.date}


def readability(page: bytes) -> dict[str, Any]:
    from lxml import html
    from readability import Document

    document = Document(page.decode("utf-8", "replace"))
    tree: Any = html.fromstring(document.summary())
    parts = [
        " ".join(e.text_content().split()) for e in tree.iter("p", "li", "h2", "h3", "blockquote", "pre")
    ]
    return {"body": "\n\n".join(parts), "title": document.short_title()}


PEERS: dict[str, Extractor] = {
    "searcher": searcher,
    "trafilatura": trafilatura,
    "readability-lxml": readability,
}


def main(data: Path) -> None:
    """Print every extractor on every set."""
    print(
        f"{'':18}{'set':9}{'pages':>6}{'F1':>7}{'exact':>7}{'title':>7}{'author':>7}{'date':>7}{'pages/s':>9}"
    )
    for name, extractor in PEERS.items():
        for folder in SETS:
            try:
                score = evaluate(extractor, data / "pages" / folder)
            except ImportError:
                print(f"{name:18}is not installed")
                break
            print(f"{name:18}{folder:9}{score.pages:6}{_figures(score)}{score.pages / score.seconds:9.1f}")
    print(SEEN)
    _print_unseen(data)


def _print_unseen(data: Path) -> None:
    """The same two figures on pages of sites that were left out of the training."""
    from training.pages import cross_validate, examples

    try:
        scores = cross_validate(examples(data))
    except ImportError:
        print("On pages of sites that it was not trained on: needs LightGBM.")
        return
    print("On pages of sites that it was not trained on (trained anew without them, in five parts):")
    for folder, score in scores.items():
        print(f"{'searcher':18}{folder:9}{len(score.exact):6}{score.f1:7.3f}{fmean(score.exact):7.3f}")


def _figures(score: Score) -> str:
    body = (score.f1, fmean(score.exact)) if score.exact else ()
    figures = [f"{figure:7.3f}" for figure in body] or [" " * 14]
    figures += [f"{fmean(right):7.3f}" if right else " " * 7 for right in score.right.values()]
    return "".join(figures)


def measure(data: Path) -> dict[str, float]:
    """The figures of our own extractor."""
    out: dict[str, float] = {}
    for folder in SETS:
        score = evaluate(searcher, data / "pages" / folder)
        if score.exact:
            out |= {f"{folder} body F1": score.f1, f"{folder} body exact": fmean(score.exact)}
        out |= {f"{folder} {name}": fmean(right) for name, right in score.right.items() if right}
    return out


def evaluate(extractor: Extractor, folder: Path) -> Score:
    """Seconds are those of the processor; what raises counts as nothing found."""
    score = Score()
    extractor(b"<html><body><p>Imports are not to be counted.</p></body></html>" * 5)
    for page, truth in _pages(folder):
        start = time.process_time()
        try:
            found = extractor(page)
        except ImportError:
            raise
        except Exception:  # noqa: BLE001  # whatever an extractor raises, it has found nothing
            found = {}
            score.failed += 1
        score.seconds += time.process_time() - start
        score.pages += 1
        _judge(score, truth, found)
    return score


def _pages(folder: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for path in sorted(folder.glob("*.json")):
        yield gzip.decompress(path.with_suffix(".html.gz").read_bytes()), json.loads(path.read_text("utf-8"))


def _judge(score: Score, truth: dict[str, Any], found: dict[str, Any]) -> None:
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

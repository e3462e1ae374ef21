"""Cleaning: are body, title, author and date of saved pages right, beside other extractors?

How each is judged is in :mod:`benchmarks.quality.cleaning`.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.quality.cleaning import Score, judge
from searcher.readers.decode import decode
from searcher.readers.html import article_from_html
from training.pages import cross_validate, examples

__all__ = ["main", "measure"]

SETS = ("aeb", "wcxb", "mozilla")
SEEN = (
    "Searcher's choice of blocks was trained on the bodies of aeb and wcxb: its F1 and exact above are those "
    "of pages it knows."
)
Extractor = Callable[[bytes], dict[str, Any]]


def searcher(page: bytes) -> dict[str, Any]:
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
        score.seconds += time.process_time() - start
        score.pages += 1
        judge(score, truth, found)
    return score


def _pages(folder: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for path in sorted(folder.glob("*.json")):
        yield gzip.decompress(path.with_suffix(".html.gz").read_bytes()), json.loads(path.read_text("utf-8"))

"""Cleaning: are body, title, author and date of saved pages right, beside other extractors?

How each is judged is in :mod:`benchmarks.quality.cleaning`.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.quality.cleaning import Score, judge
from searcher.errors import ReadError
from searcher.readers.encodings import decode
from searcher.readers.html.reader import article_from_html
from training.pages import cross_validate, examples

SETS = ("aeb", "wcxb", "fundus", "trafeval", "mozilla")
SEEN = (
    "Searcher's choice of blocks was trained on the bodies of these sets: its F1, exact and snippets above "
    "are those of pages it knows."
)
#: A language has a row of its own from so many pages on.
MIN_PAGES = 2
_SITE_NAME = re.compile(
    r"""<meta[^>]*?(?:content=["']([^"'>]+)["'][^>]*?)?["']og:site_name["'](?:[^>]*?content=["']([^"'>]+)["'])?"""
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
        f"{'':18}{'set':9}{'pages':>6}{'F1':>7}{'exact':>7}{'snip.':>7}{'title':>7}{'author':>7}{'date':>7}"
        f"{'pages/s':>9}"
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
    print("fundus by language (bodies were trained on, titles, authors and dates were not):")
    for language, score in by_language(data / "pages" / "fundus").items():
        print(f"{'searcher':18}{language:9}{score.pages:6}{_figures(score)}")
    _print_unseen(data)


def _print_unseen(data: Path) -> None:
    """The same figures on pages of sites that were left out of the training; those of fundus by language."""
    try:
        scores = cross_validate(examples(data))
    except ImportError:
        print("On pages of sites that it was not trained on: needs LightGBM.")
        return
    print("On pages of sites that it was not trained on (trained anew without them, in five parts):")
    for name, score in scores.items():
        if score.pages >= MIN_PAGES:
            print(f"{'searcher':18}{name:9}{score.pages:6}{_figures(score)}")


def _figures(score: Score) -> str:
    """F1 and exact, of snippets, and of the facts; blank where nothing is labelled."""
    figures = [f"{figure:7.3f}" for figure in (score.f1, fmean(score.exact))] if score.exact else [" " * 14]
    figures.append(f"{score.snippet_f1:7.3f}" if score.snippets else " " * 7)
    figures += [f"{fmean(right):7.3f}" if right else " " * 7 for right in score.right.values()]
    return "".join(figures)


def measure(data: Path) -> dict[str, float]:
    """The figures of our own extractor."""
    out: dict[str, float] = {}
    for folder in SETS:
        score = evaluate(searcher, data / "pages" / folder)
        if score.exact:
            out |= {f"{folder} body F1": score.f1, f"{folder} body exact": fmean(score.exact)}
        if score.snippets:
            out[f"{folder} snippets"] = score.snippet_f1
        out |= {f"{folder} {name}": fmean(right) for name, right in score.right.items() if right}
    return out


def evaluate(extractor: Extractor, folder: Path) -> Score:
    """Seconds are those of the processor."""
    score = Score()
    extractor(b"<html><body><p>Imports are not to be counted.</p></body></html>" * 5)
    for page, truth in _pages(folder):
        start = time.process_time()
        found = _found(extractor, page)
        score.seconds += time.process_time() - start
        score.pages += 1
        judge(score, truth, found)
    return score


def by_language(folder: Path) -> dict[str, Score]:
    """What our own extractor does with the pages in each language."""
    scores: dict[str, Score] = defaultdict(Score)
    for page, truth in _pages(folder):
        score = scores[truth["lang"]]
        score.pages += 1
        judge(score, truth, _found(searcher, page))
    return dict(sorted(scores.items()))


def _found(extractor: Extractor, page: bytes) -> dict[str, Any]:
    """What an extractor finds: nothing where ours sees no article, or another one fails."""
    try:
        return extractor(page)
    except ReadError:
        return {}
    except Exception as error:  # what other extractors raise on broken pages nobody has listed
        if extractor is searcher or isinstance(error, ImportError):
            raise
        return {}


def _pages(folder: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for path in sorted(folder.glob("*.json")):
        page = gzip.decompress(path.with_suffix(".html.gz").read_bytes())
        truth = json.loads(path.read_text("utf-8"))
        if "publisher_class" in truth:
            named = _SITE_NAME.search(page.decode("utf-8", "replace"))
            truth["outlets"] = [truth["publisher_class"], *filter(None, named.groups() if named else ())]
        yield page, truth

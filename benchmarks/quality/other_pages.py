"""Pages that are no news: what of the words between marks is somebody's speech, and whose?

``other_pages.jsonl`` has 116 blogs, guides, interviews, reviews and press releases of 78 sites, a line each:
where the page is (a set of ``DATA/pages``, or a public repository and its commit), its site and half, a
digest of its body, and what is said there, by whom (``~`` before words that name nobody; other names behind
strokes). What else stands between marks is nobody's speech, but for what is ``unclear``. All was read before
any program was asked. Half “b” is other sites, and only its sums are looked at.

``python -m benchmarks.quality.other_pages DATA CLONES`` prints the sums; clones are ``CLONES/owner+name``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.quote_scores import Label, is_speaker
from searcher import readers
from searcher.article import Article, Quote
from searcher.extract.names import find_names
from searcher.extract.quotes import find_quotes
from searcher.extract.quotes.marks import find_spans

LABELS = Path(__file__).with_suffix(".jsonl")
SHOWN = 0.7  # what is shown without asking

Row = dict[str, Any]


def pages(data: Path, clones: Path) -> Iterator[tuple[Row, Article]]:
    """The labelled pages that are there and unchanged, annotated."""
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        row: Row = json.loads(line)
        read = _article(row, data, clones)
        if read and hashlib.sha256(read.body.encode()).hexdigest().startswith(row["digest"]):
            yield row, find_quotes(find_names(Article(id=row["site"], body=read.body)))
        else:
            print(f"not the page that was labelled: {row.get('id') or row['path']}")


def _article(row: Row, data: Path, clones: Path) -> Article | None:
    if "set" in row:
        path = data / "pages" / row["set"] / f"{row['id']}.html.gz"
        found = [(gzip.decompress(path.read_bytes()), "page.html")] if path.exists() else []
    else:
        clone = clones / row["repo"].replace("/", "+")
        folder = clone / "repo" if (clone / "repo").exists() else clone
        show = ["git", "-C", str(folder), "show", f"{row['commit']}:{row['path']}"]
        found = [(subprocess.run(show, check=True, capture_output=True).stdout, row["path"])]
    return next((one for data, name in found for one in readers.read_bytes(data, name)), None)


def verdicts(row: Row, article: Article) -> Iterator[tuple[Quote, str]]:
    """Each quotation between marks with what it is by the labels: right, other (somebody else's), none."""
    marked = [(span.start, span.end) for span in find_spans(article.body)]
    for quote in article.quotes:
        unclear = any(_covers(place, quote) for place in row["unclear"])
        if quote.kind == "indirect" or unclear or not any(_covers(place, quote) for place in marked):
            continue
        names = next((who for start, end, who in row["said"] if _covers((start, end), quote)), None)
        yield quote, "none" if names is None else "right" if _is_right(quote.speaker, names) else "other"


def _covers(place: Sequence[int], quote: Quote) -> bool:
    start, end = place
    shared: int = min(end, quote.end) - max(start, quote.start)
    return 2 * shared > quote.end - quote.start


def _is_right(speaker: str | None, names: str) -> bool:
    accepted = names.split("|")
    label = Label(tuple(name.removeprefix("~") for name in accepted), named="~" not in names, dash=False)
    return is_speaker(speaker, label)


def main(data: Path, clones: Path, verbose: bool = False) -> None:
    """Print the sums by half, language and kind, and what is shown and wrong in half “a” if asked to."""
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row, article in pages(data, clones):
        tally = Counter(pages=1, said=len(row["said"]), nobodys=row["marks"] - len(row["said"]))
        for quote, verdict in verdicts(row, article):
            tally[f"kept {verdict}"] += 1
            if quote.speaker and quote.confidence >= SHOWN:
                tally["shown"] += 1
                tally[f"shown {verdict}"] += 1
                if verbose and row["half"] == "a" and verdict != "right":
                    print(f"{row['site']} {verdict} {quote.confidence} {quote.speaker}: {quote.text[:70]!r}")
        for group in ("all", row["lang"], row["kind"]):
            sums[group, row["half"]] += tally
    print(f"{'':15} half pages  said right other | nobody's kept | shown wrong   %")
    for (group, half), one in sorted(sums.items(), key=lambda pair: (pair[0][0] != "all", pair[0])):
        wrong = one["shown none"] + one["shown other"]
        print(
            f"{group:15} {half:4} {one['pages']:5} {one['said']:5} {one['kept right']:5}"
            f" {one['kept other']:5} | {one['nobodys']:8} {one['kept none']:4} | {one['shown']:5} {wrong:5}"
            f" {100 * wrong / max(1, one['shown']):5.1f}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.other_pages", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    main(options.data, options.clones, options.verbose)

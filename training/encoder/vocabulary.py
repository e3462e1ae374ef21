"""Which pieces of E5's vocabulary are kept: ``python -m training.encoder.vocabulary WORK DATA``.

Text of every language that is served is cut and counted. A piece is ranked by its count in the language
that needs it most, divided by the root of that language's size, so that short texts of small languages
count for more than their share. Single characters stay whatever they count. Only counts leave this module.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from searcher.extract.encoder.pieces import SPACE, Unigram
from training.encoder.base import UNKNOWN, Base, fetch, read

__all__ = ["MAX_KEPT", "kept_rows"]

MAX_KEPT = 114_000
MIN_COUNT = 2  # a piece seen once is as likely a misprint
MIN_SIZE = 20_000  # pieces; a language with less text counts as if it had these
NOT_SERVED = frozenset({"am", "ha", "hy", "sw", "yo"})


def texts(data: Path) -> Iterator[tuple[str, str]]:
    """Language and text of everything that is counted. Old newspapers are left out: their words are
    misread."""
    for path in sorted((data / "names" / "languages").glob("*.jsonl")):
        if "-ocr-" not in path.name:
            yield from _lines(path, path.name.partition("-")[0])
    for name in ("news-train", "news-dev", "web-train", "web-dev"):
        yield from _lines(data / "names" / f"{name}.jsonl", "en")
    for path in sorted((data / "quotes").glob("*.jsonl")):
        yield from _lines(path, "en")
    for folder in ("fundus", "trafeval"):
        for path in sorted((data / "pages" / folder).glob("*.json")):
            page = json.loads(path.read_text(encoding="utf-8"))
            whole = [page.get("title"), page.get("body"), *(page.get("with") or [])]
            yield (page.get("lang") or "xx")[:2], "\n".join(part for part in whole if part)


def _lines(path: Path, language: str) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield article.get("lang", language), article["text"]


def counted(base: Base, data: Path) -> dict[str, Counter[int]]:
    """How often each piece occurs, by language."""
    cutter = Unigram(base.pieces, base.scores, UNKNOWN)
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for language, text in texts(data):
        if language not in NOT_SERVED:
            for unit in cutter.units(text):
                found[language].update(unit.pieces)
    return found


def kept_rows(base: Base, counts: dict[str, Counter[int]], limit: int = MAX_KEPT) -> list[int]:
    """The rows that are kept, in their order."""
    total: Counter[int] = Counter()
    need: dict[int, float] = {}
    for count in counts.values():
        total.update(count)
        root = math.sqrt(max(count.total(), MIN_SIZE))
        for row, times in count.items():
            need[row] = max(need.get(row, 0.0), times / root)
    kept = {row for row, piece in enumerate(base.pieces) if row <= UNKNOWN or len(piece.lstrip(SPACE)) <= 1}
    for row in sorted(need, key=lambda row: -need[row]):
        if len(kept) >= limit:
            break
        if total[row] >= MIN_COUNT:
            kept.add(row)
    return sorted(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path, help="folder of what is made on the way")
    parser.add_argument("data", type=Path, help="folder with the labelled sets")
    options = parser.parse_args()
    base = read(fetch(options.work))
    counts = counted(base, options.data)
    rows = kept_rows(base, counts)
    (options.work / "kept.json").write_text(json.dumps(rows))
    for language, count in sorted(counts.items()):
        share = sum(count[row] for row in rows) / count.total()
        print(f"{language}: {count.total():,} pieces, {share:.2%} of them kept")
    print(f"{len(rows):,} of {len(base.pieces):,} pieces kept")


if __name__ == "__main__":
    main()

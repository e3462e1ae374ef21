"""News that nobody has labelled: what the teacher labels for the tagger to learn from.

Old newswire, saved pages and politics. `Mixture.renamed` has more: the training news under other names.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["unlabelled"]

_BROKEN_LINE = re.compile(r"(?<!\n)\n(?=\S)")  # the wire breaks its lines; paragraphs begin with spaces
_LEAST = 300  # characters; shorter bodies are mostly tables of earnings, of which few are enough


def unlabelled(data: Path, rnd: random.Random) -> list[str]:
    """Texts of the data folder, shuffled, so that the first of them are of all kinds."""
    pages = [
        _read(path) for kind in ("aeb", "wcxb") for path in sorted((data / "pages" / kind).glob("*.json"))
    ]
    texts = [
        _titled(page.get("title"), page.get("body")) for page in pages if page.get("lang") in (None, "en")
    ]
    texts += [record["text"] for record in _lines(data / "quotes" / "polnear-train.jsonl")]
    wire = [
        _titled(record.get("title"), record.get("body"))
        for record in _lines(data / "corpus" / "reuters-21578.jsonl")
    ]
    long = [_BROKEN_LINE.sub(" ", text) for text in wire if len(text) >= _LEAST]
    texts += rnd.sample(long, min(len(long), 3 * len(texts)))
    rnd.shuffle(texts)
    return texts


def _titled(title: str | None, body: str | None) -> str:
    return "\n\n".join(part for part in (title, body) if part)


def _read(path: Path) -> dict[str, str | None]:
    page: dict[str, str | None] = json.loads(path.read_text(encoding="utf-8"))
    return page


def _lines(path: Path) -> Iterator[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())

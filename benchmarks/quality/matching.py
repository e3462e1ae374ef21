"""Should this query find this text? Asked of the index with one article at a time.

Each case is a line ``{"query", "text", "match", "tag"}``. The text is found if the query, in the query
language and with all its words required, has a hit without correcting or relaxing it.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import searcher

__all__ = ["main", "measure"]


def main(data: Path) -> None:
    cases = _cases(data)
    wrong = [case for case in cases if not _is_right(case)]
    missed = Counter(case["tag"] for case in wrong)
    for tag, count in sorted(Counter(case["tag"] for case in cases).items()):
        print(f"{tag:14} {count - missed[tag]:3} of {count}")
    print(f"{'all':14} {len(cases) - len(wrong):3} of {len(cases)}")
    for case in wrong:
        print(f"  wrong: {case['query']!r} {'finds not' if case['match'] else 'finds'} {case['text']!r}")


def measure(data: Path) -> dict[str, float]:
    """The share of cases that are right."""
    cases = _cases(data)
    return {"right": sum(map(_is_right, cases)) / len(cases)}


def _cases(data: Path) -> list[dict[str, Any]]:
    files = sorted((data / "matching").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def _is_right(case: dict[str, Any]) -> bool:
    with searcher.open_index(":memory:") as index:
        index.add([searcher.Article(id="1", body=case["text"])], annotate=False)
        found = index.search(case["query"], correct=False)
    return bool(case["match"]) == bool(found.total and not found.relaxed)

"""Should this query find this text? Asked of the index with one article at a time.

Each case is a line ``{"query", "text", "match", "tag"}``; those of other languages have ``lang``, as a page
would declare it, and ``optional`` where a reader could do without. The text is found if the query, in the
query language and with all its words required, has a hit without correcting or relaxing it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import searcher

Case = dict[str, Any]


def main(data: Path) -> None:
    for title, cases in _sets(data).items():
        wrong = [case for case in cases if not _is_right(case)]
        key = "lang" if title == "languages" else "tag"
        print(f"{title}, by {key}")
        missed = Counter(str(case[key]) for case in wrong)
        for value, count in sorted(Counter(str(case[key]) for case in cases).items()):
            print(f"{value:14} {count - missed[value]:3} of {count}")
        print(f"{'all':14} {len(cases) - len(wrong):3} of {len(cases)}")
        for case in wrong:
            print(f"  wrong: {case['query']!r} {'finds not' if case['match'] else 'finds'} {case['text']!r}")


def measure(data: Path) -> dict[str, float]:
    """The share of cases that are right; in other languages that of the required ones, and of those of them
    that must not be found."""
    sets = _sets(data)
    figures = {"right": _share(sets["cases"])}
    if languages := sets.get("languages"):
        figures["languages"] = _share(languages)
        figures["languages, not found"] = _share([case for case in languages if not case["match"]])
    return figures


def _share(cases: Sequence[Case]) -> float:
    return sum(map(_is_right, cases)) / len(cases)


def _sets(data: Path) -> dict[str, list[Case]]:
    """The cases in English, and the required ones of other languages."""
    sets: dict[str, list[Case]] = {}
    for file in sorted((data / "matching").glob("*.jsonl")):
        cases = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        name = "languages" if "lang" in cases[0] else "cases"
        sets.setdefault(name, []).extend(case for case in cases if not case.get("optional"))
    return sets


def _is_right(case: Case) -> bool:
    article = searcher.Article(id="1", body=case["text"], language=case.get("lang"))
    with searcher.open_index(":memory:") as index:
        index.add([article], annotate=False)
        found = index.search(case["query"])
    return bool(case["match"]) == bool(found.total and not found.relaxed)

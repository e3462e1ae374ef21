"""A program written from docs/python-api.md alone. The type checker reads it; nothing runs it."""

from __future__ import annotations

from pathlib import Path

import searcher
from searcher import Fields, Index, Report


def add_desks(index: Index) -> frozenset[str]:
    fields: Fields = index.fields.add("desk", "topic")
    index.fields = fields
    return index.fields.custom


def load_desk(index: Index, folder: Path, desk: str) -> Report:
    report = index.load(folder, fields={"desk": desk}, workers=1)
    for failure in report.failed:
        print(failure.origin, failure.reason)
    return report


def desk_counts(index: Index, query: str) -> dict[str, int]:
    results = index.search(query, facets=["desk"], exclude={"topic": "sport"}, limit=0)
    return {value.value: value.count for value in results.facets["desk"].values}


def main() -> None:
    with searcher.open_index("archive") as index:
        add_desks(index)
        report = load_desk(index, Path("wires"), "foreign")
        foreign = index.count("harbour", where={"desk": "foreign"})
        print(report.added, foreign, desk_counts(index, "harbour"), index.values("desk"))
        for day, number in index.timeline("harbour", "month", where={"desk": "foreign"}).items():
            print(day.isoformat(), number)

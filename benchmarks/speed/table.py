"""The measurements as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.speed.corpus import CLASSES

__all__ = ["render"]

Measured = Mapping[str, Mapping[str, Any]]
_MEGA = 1 << 20


def render(measured: Measured, articles: int) -> str:
    """Tables of milliseconds, with each engine's time as a multiple of ours."""
    parts = [
        f"{articles:,} articles; CPU milliseconds, p50 / p95; in brackets, as a multiple of Searcher's.",
        _times(measured, 1, "Asked for the first time"),
        _times(measured, 2, "Asked again"),
        _costs(measured),
    ]
    return "\n\n".join(parts)


def _times(measured: Measured, column: int, title: str) -> str:
    header = f"**{title}**\n\n| | {' | '.join(measured)} |\n|---|{'---|' * len(measured)}"
    rows = [_row(measured, None, "all but whole", column)]
    rows += [_row(measured, kind, says, column) for kind, says in CLASSES.items()]
    return "\n".join([header, *rows])


def _row(measured: Measured, kind: str | None, says: str, column: int) -> str:
    own = _percentiles(measured["searcher"]["rows"], kind, column) if "searcher" in measured else None
    cells = []
    for name, found in measured.items():
        here = _percentiles(found["rows"], kind, column)
        if here is None:
            cells.append("–")
        else:
            text = f"{here[0] * 1e3:.2f} / {here[1] * 1e3:.2f}"
            if own is not None and name != "searcher":
                text += f" ({here[0] / own[0]:.1f}× / {here[1] / own[1]:.1f}×)"
            cells.append(text)
    return f"| {says} | {' | '.join(cells)} |"


def _percentiles(rows: Sequence[Sequence[Any]], kind: str | None, column: int) -> tuple[float, float] | None:
    times = sorted(row[column] for row in rows if row[0] == kind or (kind is None and row[0] != "whole"))
    if not times:
        return None
    return times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]


def _costs(measured: Measured) -> str:
    lines = [f"**Costs**\n\n| | {' | '.join(measured)} |\n|---|{'---|' * len(measured)}"]
    for says, show in _COSTS.items():
        lines.append(f"| {says} | {' | '.join(show(found) for found in measured.values())} |")
    return "\n".join(lines)


def _megabytes(size: int) -> str:
    return f"{size / _MEGA:,.0f}"


_COSTS: Mapping[str, Callable[[Any], str]] = {
    "indexing, CPU s": lambda found: f"{found['index']['cpu']:.1f}",
    "indexing, peak MB": lambda found: _megabytes(found["index"]["memory"]),
    "index, MB": lambda found: _megabytes(found["index"]["size"]),
    "searching, peak MB": lambda found: _megabytes(found["memory"]),
    "one question in a new process, CPU ms": lambda found: f"{found['cold'] * 1e3:.0f}",
    "hits a question, mean": lambda found: _mean_total(found["rows"]),
}


def _mean_total(rows: Sequence[Sequence[Any]]) -> str:
    totals = [row[3] for row in rows if row[3] >= 0]
    return f"{sum(totals) / len(totals):,.0f}" if totals else "–"

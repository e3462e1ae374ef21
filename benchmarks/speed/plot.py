"""Times by number of articles, drawn as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.speed.results import Asked, Measured, percentiles

_PANELS: tuple[tuple[str, Callable[[Asked], float], bool], ...] = (
    ("for the first time", lambda row: row.first, False),
    ("again", lambda row: row.again, False),
    ("whole answers, first time", lambda row: row.first, True),
)
_COLOURS = {
    "searcher": "#c0392b",
    "whoosh": "#8e6bbf",
    "fts5": "#2471a3",
    "tantivy": "#d68910",
    "xapian": "#1e8449",
    "bm25s": "#707b7c",
}
#: Of one panel, in pixels, and what is left free around it.
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 250, 260, 50, 40, 60


@dataclass(frozen=True, slots=True)
class _Scale:
    """Logarithms of values, fitted to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.low) / ((self.high - self.low) or 1)
        return self.start + share * (self.end - self.start)


def draw(measured: Sequence[Measured]) -> str:
    """A panel for each kind of time: lines are medians, dotted ones 95 of a hundred."""
    width = len(_PANELS) * (_WIDTH + _LEFT) + 20
    height = _TOP + _HEIGHT + _BOTTOM
    sizes = sorted({one.articles for one in measured if one.rounds})
    times = [time for _, value, whole in _PANELS for one in measured for time in _times(one, value, whole)]
    if not times:
        return ""
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    box = f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for place, (title, value, whole) in enumerate(_PANELS):
        left = place * (_WIDTH + _LEFT) + _LEFT
        across = _Scale(math.log10(sizes[0]), math.log10(sizes[-1]), left + 15, left + _WIDTH - 15)
        up = _Scale(low, high, _TOP + _HEIGHT, _TOP)
        parts += _frame(title, left, sizes, across, range(low, high + 1), up)
        parts += _lines(measured, value, whole, across, up)
    parts += _legend([name for name in _COLOURS if any(one.engine == name for one in measured)], height)
    return "\n".join([*parts, "</svg>", ""])


def _times(one: Measured, value: Callable[[Asked], float], whole: bool) -> tuple[float, ...]:
    """Milliseconds, p50 and p95; nothing where there are none."""
    rows = [value(row) * 1e3 for row in one.asked().values() if (row.kind == "whole") == whole]
    return percentiles(rows) if rows else ()


def _frame(
    title: str, left: int, sizes: Sequence[int], across: _Scale, powers: Sequence[int], up: _Scale
) -> Iterator[str]:
    yield f'<text x="{left}" y="{_TOP - 12}" font-size="13">{title}</text>'
    for power in powers:
        y = up(10.0**power)
        yield f'<line x1="{left}" x2="{left + _WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
        yield f'<text x="{left - 5}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>'
    for size in sizes:
        x = across(size)
        yield f'<text x="{x:.1f}" y="{_TOP + _HEIGHT + 16}" text-anchor="middle">{size:,}</text>'


def _lines(
    measured: Sequence[Measured], value: Callable[[Asked], float], whole: bool, across: _Scale, up: _Scale
) -> Iterator[str]:
    for name, colour in _COLOURS.items():
        own = sorted((one for one in measured if one.engine == name), key=lambda one: one.articles)
        found = [(one.articles, times) for one in own if (times := _times(one, value, whole))]
        for which, dashes in enumerate(("", ' stroke-dasharray="2 3"')):
            points = [(across(size), up(times[which])) for size, times in found]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
            for x, y in points:
                yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>'


def _legend(names: Sequence[str], height: int) -> Iterator[str]:
    for place, name in enumerate(names):
        x = _LEFT + place * 90
        yield f'<rect x="{x}" y="{height - 22}" width="12" height="3" fill="{_COLOURS[name]}"/>'
        yield f'<text x="{x + 17}" y="{height - 17}">{name}</text>'
    yield (
        f'<text x="{_LEFT + len(names) * 90}" y="{height - 17}">articles across; lines p50, dotted p95, '
        "CPU time</text>"
    )

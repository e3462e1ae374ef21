"""Histograms of searches over time: bars in a terminal, JSON, CSV or SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from searcher.cli.exits import NOTHING, OK
from searcher.cli.output.answer import find_results, relaxed_note
from searcher.cli.output.terminal import Screen, cut, screen_of, width_of
from searcher.cli.streams import note, write
from searcher.query.request import Search
from searcher.query.time_units import each_unit, label
from searcher.query.tree import TimeUnit
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from searcher.index import Index

#: If more than this many consecutive units are empty, they are replaced by an ellipsis.
_MAX_EMPTY_UNITS: Final = 3
#: Maximum length of a bar, in terminal columns.
_MAX_BAR_WIDTH: Final = 60


@dataclass(frozen=True, slots=True)
class Line:
    """The results of one search, counted by the first day of each unit of time."""

    search: Search
    total: int
    counts: Mapping[dt.date, int]

    @property
    def name(self) -> str:
        return self.search.text or "*"

    @property
    def undated(self) -> int | None:
        """The number of undated results. None for stories and statements, which may have several dates."""
        return None if self.search.collapse else self.total - sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Lines:
    unit: TimeUnit
    lines: tuple[Line, ...]

    @property
    def most(self) -> int:
        return max((count for line in self.lines for count in line.counts.values()), default=0)

    def days(self) -> list[dt.date]:
        """Return the first days of all units between the first and the last result."""
        days = [day for line in self.lines for day in line.counts]
        return list(each_unit(self.unit, min(days), max(days))) if days else []

    def label(self, day: dt.date) -> str:
        return label(self.unit, day)


def show(index: Index, searches: Sequence[Search], unit: TimeUnit, form: str, colour: str) -> int:
    """Print the histogram and return the exit code."""
    lines = Lines(unit, tuple(_count_over_time(index, search, unit) for search in searches))
    for line in lines.lines:
        if line.undated and form != "json":
            note(f"{line.undated:,} without a date are not shown ({clean_line(line.name)}).")
    if not any(line.total for line in lines.lines):
        note("Nothing found.")
    screen = screen_of(colour)
    for part in FORMS[form](lines, screen):
        write(part)
    return OK if any(line.total for line in lines.lines) else NOTHING


def _count_over_time(index: Index, search: Search, unit: TimeUnit) -> Line:
    """Count the results of a search, and print notes on it."""
    from searcher.cli.output.text import suggested

    counts = index.timeline(search, unit)
    results = find_results(index, search.replace(limit=0, facets=()))
    for line in suggested(results.suggestions):
        note(line)
    if results.relaxed:
        note(f"{clean_line(search.text)}: {relaxed_note(search, results)}")
        return Line(search, 0, {})
    return Line(search, results.total, counts)


def _bars_of(lines: Lines, screen: Screen) -> Iterator[str]:
    days = lines.days()
    margin = max((len(lines.label(day)) for day in days), default=0) + 2
    number = len(f"{lines.most:,}")
    column = min((screen.text_width - margin) // len(lines.lines), _MAX_BAR_WIDTH + number + 3)
    room = max(min(column - number - 3, lines.most), 1)
    if len(lines.lines) > 1:
        names = [cut(clean_line(line.name), max(column - 2, 2)) for line in lines.lines]
        heading = "".join(screen.paint(name, "heading") + " " * (column - width_of(name)) for name in names)
        yield f"{' ' * margin}{heading.rstrip()}\n"
    for has_results, run in groupby(days, key=lambda day: any(day in line.counts for line in lines.lines)):
        run_days = list(run)
        if not has_results and len(run_days) > _MAX_EMPTY_UNITS:
            yield "…\n"
            continue
        for day in run_days:
            counts = (line.counts.get(day, 0) for line in lines.lines)
            bars = [_bar(count, lines.most, room, screen, column) for count in counts]
            yield f"{lines.label(day):<{margin}}{''.join(bars)}".rstrip() + "\n"


def _bar(count: int, most: int, room: int, screen: Screen, column: int) -> str:
    """Return a bar with its number, precise to an eighth of a column. Only zero has no bar."""
    eighths = max(round(count / most * room * 8), 1) if count else 0
    bar = "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()
    label = f"{bar} {count:,}" if bar else f"{count:,}"
    return screen.paint(bar, "person") + label[len(bar) :] + " " * (column - len(label))


def _document_of(lines: Lines, _: Screen) -> Iterator[str]:
    from searcher.cli.output.data import dumps

    document: dict[str, Any] = {
        "schema": "searcher.histogram/1",
        "unit": lines.unit,
        "lines": [
            {
                "query": line.search.text,
                "narrowed": line.search.narrowing_arguments(),
                "total": line.total,
                "undated": line.undated,
                "counts": {lines.label(day): count for day, count in line.counts.items()},
            }
            for line in lines.lines
        ],
    }
    yield dumps(document, indent=2) + "\n"


def _table_of(lines: Lines, _: Screen) -> Iterator[str]:
    """Yield CSV with a column per search and a row per unit of time."""
    from searcher.formats.export import table_line

    yield table_line([lines.unit, *(line.name for line in lines.lines)])
    for day in lines.days():
        yield table_line([lines.label(day), *(line.counts.get(day, 0) for line in lines.lines)])


FORMS: Final[Mapping[str, Callable[[Lines, Screen], Iterator[str]]]] = {
    "text": _bars_of,
    "json": _document_of,
    "csv": _table_of,
    "svg": lambda lines, _: iter([draw(lines)]),
}

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _ROW = 800, 300, 56, 32, 12, 20
#: Colours that people with colour blindness can distinguish (M. Okabe and K. Ito, 2008), and dash patterns
#: for black and white.
_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_DASHES: Final = ("none", "7 3", "2 3", "9 3 2 3", "5 5", "1 5")
#: Maximum number of labels on the time axis.
_MAX_LABELS: Final = 8
_FRAME: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
    'font-family="sans-serif" font-size="12" fill="#777">\n<title>{title}</title>\n{content}</svg>\n'
)


def draw(lines: Lines) -> str:
    """Return an SVG with a line per search and a legend."""
    days = lines.days()
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(days) - 1, 1)
    bottom = _TOP + _HEIGHT
    parts = [*_scale(lines.most, bottom), *_time_labels([lines.label(day) for day in days], step, bottom)]
    for number, line in enumerate(lines.lines):
        style = (
            f'stroke="{_COLOURS[number % len(_COLOURS)]}" stroke-dasharray="{_DASHES[number % len(_DASHES)]}"'
        )
        places = [
            (_LEFT + at * step, bottom - line.counts.get(day, 0) / max(lines.most, 1) * _HEIGHT)
            for at, day in enumerate(days)
        ]
        # The last point is repeated because a line with a single point would be invisible.
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*places, *places[-1:]])
        line_style = f'fill="none" stroke-width="2" stroke-linecap="round" {style}'
        parts.append(f'<polyline points="{points}" {line_style}/>')
        parts += _legend(line, number, style, bottom)
    height = bottom + 2 * _ROW + _ROW * len(lines.lines)
    title = escape(", ".join(clean_line(line.name) for line in lines.lines))
    return _FRAME.format(width=_WIDTH, height=height, title=title, content="\n".join([*parts, ""]))


def _scale(most: int, bottom: int) -> Iterator[str]:
    for part in (0, most / 2, most):
        y = bottom - part / max(most, 1) * _HEIGHT
        at = f'x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
        yield f'<line {at} stroke="#999" stroke-opacity=".4"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{part:,g}</text>'


def _time_labels(labels: list[str], step: float, bottom: int) -> Iterator[str]:
    for at in range(0, len(labels), -(-len(labels) // _MAX_LABELS) or 1):
        x = _LEFT + at * step
        yield f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{labels[at]}</text>'


def _legend(line: Line, number: int, style: str, bottom: int) -> Iterator[str]:
    y = bottom + 2 * _ROW + number * _ROW
    name = escape(f"{clean_line(line.name)}: {line.total:,}")
    yield f'<line x1="{_LEFT}" x2="{_LEFT + 36}" y1="{y}" y2="{y}" stroke-width="2" {style}/>'
    yield f'<text x="{_LEFT + 44}" y="{y + 4}">{name}</text>'

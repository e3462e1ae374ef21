"""Searches over time as a drawing: SVG that stands alone, in light and in dark surroundings."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.cli.output.over import Line, Lines

__all__ = ["draw"]

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _ROW = 800, 300, 56, 32, 12, 20
#: Colours that can be told apart with any sight of colours (M. Okabe and K. Ito, 2008), and dashes for those
#: who print without.
_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_DASHES: Final = ("none", "7 3", "2 3", "9 3 2 3", "5 5", "1 5")
#: Labels on the axis of time.
_MAX_LABELS: Final = 8
_FRAME: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
    'font-family="sans-serif" font-size="12" fill="#777">\n<title>{title}</title>\n{content}</svg>\n'
)


def draw(lines: Lines) -> str:
    """Return the drawing: a line a search, the numbers at its points, and a legend."""
    days = lines.days()
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(days) - 1, 1)
    bottom = _TOP + _HEIGHT
    parts = [*_scale(lines.most, bottom), *_times([lines.label(day) for day in days], step, bottom)]
    for number, line in enumerate(lines.lines):
        style = (
            f'stroke="{_COLOURS[number % len(_COLOURS)]}" stroke-dasharray="{_DASHES[number % len(_DASHES)]}"'
        )
        places = [
            (_LEFT + at * step, bottom - line.counts.get(day, 0) / max(lines.most, 1) * _HEIGHT)
            for at, day in enumerate(days)
        ]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*places, *places[-1:]])  # one alone is a dot
        line_style = f'fill="none" stroke-width="2" stroke-linecap="round" {style}'
        parts.append(f'<polyline points="{points}" {line_style}/>')
        parts += _legend(line, number, style, bottom)
    height = bottom + 2 * _ROW + _ROW * len(lines.lines)
    title = escape(", ".join(clean(line.name) for line in lines.lines))
    return _FRAME.format(width=_WIDTH, height=height, title=title, content="\n".join([*parts, ""]))


def _scale(most: int, bottom: int) -> Iterator[str]:
    for part in (0, most / 2, most):
        y = bottom - part / max(most, 1) * _HEIGHT
        at = f'x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
        yield f'<line {at} stroke="#999" stroke-opacity=".4"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{part:,g}</text>'


def _times(labels: list[str], step: float, bottom: int) -> Iterator[str]:
    for at in range(0, len(labels), -(-len(labels) // _MAX_LABELS) or 1):
        x = _LEFT + at * step
        yield f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{labels[at]}</text>'


def _legend(line: Line, number: int, style: str, bottom: int) -> Iterator[str]:
    y = bottom + 2 * _ROW + number * _ROW
    name = escape(f"{clean(line.name)}: {line.total:,}")
    yield f'<line x1="{_LEFT}" x2="{_LEFT + 36}" y1="{y}" y2="{y}" stroke-width="2" {style}/>'
    yield f'<text x="{_LEFT + 44}" y="{y + 4}">{name}</text>'

"""The layout of facets: side by side, as many as the screen is wide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from searcher.cli.output.terminal import Screen, cut, width_of
from searcher.fields import field
from searcher.results import Facet, FacetValue, FacetValues
from searcher.sanitize import clean

__all__ = ["columns"]

#: Values of one facet that are shown: enough to see who is there, few enough to see it at a glance.
MAX_SHOWN = 8
MAX_WIDTH = 34
GAP = 3


class _Block(NamedTuple):
    """One facet: its heading, and rows of ``(name, count, selected)`` set to one width."""

    heading: str
    rows: tuple[tuple[str, str, bool], ...]
    more: int

    @property
    def width(self) -> int:
        names = [width_of(name) + 1 + len(count) + 2 for name, count, _ in self.rows]
        return min(MAX_WIDTH, max([*names, width_of(self.heading), len(self._rest)]))

    @property
    def _rest(self) -> str:
        return f"  and {self.more:,} more" if self.more else ""

    def lines(self, screen: Screen) -> list[tuple[str, int]]:
        """Return painted lines, each with the number of columns that it takes."""
        width = min(self.width, screen.width)
        out = [(screen.paint(self.heading, "heading"), width_of(self.heading))]
        for name, count, selected in self.rows:
            shown = cut(name, max(width - len(count) - 3, 1))
            space = " " * max(width - width_of(shown) - len(count) - 2, 1)
            sign = "* " if selected else "  "
            out.append((sign + screen.paint(shown, "title" if selected else "") + space + count, width))
        if self.more:
            out.append((screen.paint(self._rest, "meta"), len(self._rest)))
        return out


def columns(facets: Mapping[str, Facet], screen: Screen, shown: int = MAX_SHOWN) -> list[str]:
    """Lay out the facets that have values to the width of the screen. A selected value has a star."""
    blocks = [_block(facet, shown) for facet in facets.values() if facet.values]
    lines: list[str] = []
    for row in _rows(blocks, screen.width):
        if lines:
            lines.append("")
        lines += _beside([(block.lines(screen), block.width) for block in row])
    return lines


def _block(facet: Facet, shown: int) -> _Block:
    values = _chosen(facet.values, shown)
    if field(facet.field).attribute == "published":
        values = sorted(values, key=lambda value: value.value, reverse=True)
    rows = tuple((clean(v.value), f"{v.count:,}", v.selected) for v in values)
    return _Block(field(facet.field).label or facet.field, rows, len(facet.values) - len(rows))


def _chosen(values: FacetValues, shown: int) -> list[FacetValue]:
    """Return the most frequent values, and every selected one."""
    first = values[:shown]
    return [*first, *(value for value in values.selected if value not in first)]


def _rows(blocks: Iterable[_Block], width: int) -> list[list[_Block]]:
    """Put as many blocks into a row as fit."""
    rows: list[list[_Block]] = []
    used = 0
    for block in blocks:
        if rows and used + GAP + block.width <= width:
            rows[-1].append(block)
            used += GAP + block.width
        else:
            rows.append([block])
            used = block.width
    return rows


def _beside(blocks: Sequence[tuple[list[tuple[str, int]], int]]) -> list[str]:
    lines = []
    for number in range(max(len(block) for block, _ in blocks)):
        line, owed = "", 0
        for block, width in blocks:
            text, taken = block[number] if number < len(block) else ("", 0)
            line += " " * owed + text if text else ""
            owed = width - taken + GAP if text else owed + width + GAP
        lines.append(line)
    return lines

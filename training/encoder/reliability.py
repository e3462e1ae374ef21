"""Draw what confidences mean: ``python -m training.encoder.reliability OUT.svg NAME=JUDGED…``.

JUDGED is what ``training.encoder.measure --judged`` wrote. A dot stands for the quotations of a tenth of
confidence: how many of them are right, and the larger the more there are. On the diagonal a confidence is
the share that is right; above it more is right than is claimed.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["draw", "tenths"]

_COLOURS = ("#c0392b", "#2471a3", "#1e8449", "#d68910")
#: The side of the plot, and what is left free around it, in pixels.
_SIZE, _LEFT, _TOP, _BOTTOM = 320, 50, 20, 90
#: Quotations below which a tenth says too little to be drawn.
_MIN_SHOWN = 5

#: Confidence of a quotation, and whether it is speech and given to the right one.
Judgement = tuple[float, bool]


def tenths(judged: Sequence[Judgement]) -> Iterator[tuple[float, float, int]]:
    """Yield mean confidence, share that is right, and number of the quotations of each tenth."""
    for number in range(10):
        within = [one for one in judged if min(9, int(10 * one[0])) == number]
        if len(within) >= _MIN_SHOWN:
            mean = sum(confidence for confidence, _ in within) / len(within)
            yield mean, sum(right for _, right in within) / len(within), len(within)


def draw(sets: Sequence[tuple[str, Sequence[Judgement]]]) -> str:
    """Return the plot of some sets as SVG."""
    width, height = _LEFT + _SIZE + 20, _TOP + _SIZE + _BOTTOM
    box = f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box}>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *_frame(),
    ]
    for number, ((name, judged), colour) in enumerate(zip(sets, _COLOURS)):
        dots = [(_across(x), _up(y), 3 + math.sqrt(count) / 2) for x, y, count in tenths(judged)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in dots)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{colour}" fill-opacity=".6"/>'
            for x, y, size in dots
        ]
        y = height - 34 + 16 * number
        parts.append(f'<text x="{_LEFT}" y="{y}" fill="{colour}">● {name}: {len(judged)} quotations</text>')
    return "\n".join([*parts, "</svg>", ""])


def _frame() -> Iterator[str]:
    for step in range(0, 11, 2):
        x, y = _across(step / 10), _up(step / 10)
        yield f'<line x1="{_LEFT}" x2="{_across(1)}" y1="{y}" y2="{y}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{step * 10} %</text>'
        yield f'<text x="{x}" y="{_up(0) + 16}" text-anchor="middle">{step / 10:g}</text>'
    yield f'<line x1="{_across(0)}" y1="{_up(0)}" x2="{_across(1)}" y2="{_up(1)}" stroke="#999"/>'
    y = _up(0) + 34
    yield f'<text x="{_across(0.5)}" y="{y}" text-anchor="middle">confidence (right: upwards)</text>'


def _across(share: float) -> float:
    return _LEFT + share * _SIZE


def _up(share: float) -> float:
    return _TOP + (1 - share) * _SIZE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("judged", nargs="+", metavar="NAME=JUDGED")
    options = parser.parse_args()
    named = [one.partition("=") for one in options.judged]
    sets = [(name, json.loads(Path(file).read_text(encoding="utf-8"))) for name, _, file in named]
    options.out.write_text(draw(sets), encoding="utf-8")


if __name__ == "__main__":
    main()

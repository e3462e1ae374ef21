"""The table of what each part gains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from types import ModuleType
from typing import Any, Final, Generic, TypeVar

from benchmarks.ablation.parts import Part, parts_of, watched, without

__all__ = ["Report"]

Item = TypeVar("Item")
Figures = Mapping[str, float]

_UNMOVED: Final = 0.05  # points; less is no change


class Report(Generic[Item]):
    """Labelled sets and how they are scored.

    ``run`` gives what is found in an item, ``score`` the figures of a set by what was found in all its items,
    from 0 to 1; the mean over the sets is of the last of them. ``text`` is what lists may have a word of.
    """

    def __init__(
        self,
        sets: Mapping[str, Sequence[Item]],
        run: Callable[[Item], Any],
        score: Callable[[Sequence[Item], Sequence[Any]], Figures],
        text: Callable[[Item], str],
    ) -> None:
        self._sets = sets
        self._run = run
        self._score = score
        self._text = text

    def print(self, title: str, modules: Sequence[ModuleType], only: str) -> None:
        """Print what each part of the modules gains, the most useful first, then the idle ones."""
        parts = [part for part in parts_of(modules) if only in part.name]
        found: dict[str, list[Any]] = {
            name: [self._run(item) for item in items] for name, items in self._sets.items()
        }
        whole = {name: self._score(items, found[name]) for name, items in self._sets.items()}
        concerned = self._concerned(parts, modules)
        print(f"# {title}: what each part gains, in points of F1\n")
        print(
            "| part | " + " | ".join(f"{name}: {', '.join(one)}" for name, one in whole.items()) + " | mean |"
        )
        print("|---" * (len(whole) + 2) + "|")
        print(_row("(all of them)", whole))
        rows: list[tuple[float, str]] = []
        idle = []
        for part in parts:
            with without(part, modules):
                rest = {name: self._without(name, part, found[name], concerned[name]) for name in self._sets}
            gains = {
                name: {what: f1 - rest[name][what] for what, f1 in one.items()} for name, one in whole.items()
            }
            if any(abs(100 * gain) >= _UNMOVED for one in gains.values() for gain in one.values()):
                rows.append((_mean(gains), _row(part.name, gains)))
            else:
                idle.append(part.name)
        for _, row in sorted(rows, reverse=True):
            print(row)
        print(f"\n{len(idle)} parts change nothing: {', '.join(idle)}")

    def _concerned(
        self, parts: Sequence[Part], modules: Sequence[ModuleType]
    ) -> Mapping[str, Sequence[Set[str]]]:
        """For each item the parts without which something else may be found."""
        lists = [part for part in parts if isinstance(part.value, Set | Mapping)]
        concerned: dict[str, list[Set[str]]] = {name: [] for name in self._sets}
        with watched(parts, modules) as fired:
            for name, items in self._sets.items():
                for item in items:
                    fired.clear()
                    self._run(item)
                    text = self._text(item).lower()
                    held = {
                        part.name for part in lists if any(str(word).lower() in text for word in part.value)
                    }
                    concerned[name].append(fired | held)
        return concerned

    def _without(self, name: str, part: Part, found: Sequence[Any], concerned: Sequence[Set[str]]) -> Figures:
        items = self._sets[name]
        results = [
            self._run(item) if part.name in parts else before
            for item, before, parts in zip(items, found, concerned)
        ]
        return self._score(items, results)


def _row(name: str, figures: Mapping[str, Figures]) -> str:
    cells = [" ".join(_points(figure) for figure in one.values()) for one in figures.values()]
    return f"| {name} | {' | '.join(cells)} | {100 * _mean(figures):.2f} |"


def _points(figure: float) -> str:
    return f"{100 * figure:.1f}" if abs(100 * figure) >= _UNMOVED else "0"


def _mean(figures: Mapping[str, Figures]) -> float:
    last = [list(one.values())[-1] for one in figures.values()]
    return sum(last) / len(last)

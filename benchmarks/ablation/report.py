"""The table of what each part gains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import ExitStack
from types import ModuleType
from typing import Any, Final, Generic, TypeVar

from benchmarks.ablation.parts import Part, parts_of, watched, without

Item = TypeVar("Item")
Figures = Mapping[str, float]

_MIN_CHANGE: Final = 0.05  # points; less is no change


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
        gains = {part: self._gains(part, whole, found, concerned, modules) for part in parts}
        moving = [part for part in parts if _moves(gains[part])]
        for part in sorted(moving, key=lambda part: -_mean(gains[part])):
            print(_row(part.name, gains[part]))
        idle = [part.name for part in parts if part not in moving]
        print(f"\n{len(idle)} parts change nothing: {', '.join(idle)}")
        for name, items in self._sets.items() if len(self._sets) > 1 else ():
            useless = [part for part in parts if _mean(gains[part], but=name) <= 0]
            with ExitStack() as off:
                for part in useless:
                    off.enter_context(without(part, modules))
                left = self._score(items, [self._run(item) for item in items])
            print(f"{name} with the parts that gain on the other sets: {_cell(left)}")

    def _gains(
        self,
        part: Part,
        whole: Mapping[str, Figures],
        found: Mapping[str, Sequence[Any]],
        concerned: Mapping[str, Sequence[Set[str]]],
        modules: Sequence[ModuleType],
    ) -> Mapping[str, Figures]:
        gains = {}
        with without(part, modules):
            for name, one in whole.items():
                rest = self._without(name, part, found[name], concerned[name])
                gains[name] = {what: f1 - rest[what] for what, f1 in one.items()}
        return gains

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


def _moves(gains: Mapping[str, Figures]) -> bool:
    return any(abs(100 * gain) >= _MIN_CHANGE for one in gains.values() for gain in one.values())


def _row(name: str, figures: Mapping[str, Figures]) -> str:
    return f"| {name} | {' | '.join(map(_cell, figures.values()))} | {100 * _mean(figures):.2f} |"


def _cell(figures: Figures) -> str:
    return " ".join(f"{100 * f1:.1f}" if abs(100 * f1) >= _MIN_CHANGE else "0" for f1 in figures.values())


def _mean(figures: Mapping[str, Figures], but: str = "") -> float:
    """Of the last figure of each set, but one."""
    last = [list(one.values())[-1] for name, one in figures.items() if name != but]
    return sum(last) / len(last)

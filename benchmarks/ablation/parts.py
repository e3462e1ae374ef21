"""The parts of a package's rules, and how one of them is switched off for a while."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, Final

__all__ = ["Part", "parts_of", "report", "without"]

#: Figures of one set, from 0 to 1; the mean over sets is of the last of each.
Figures = Mapping[str, Mapping[str, float]]

_NOTHING: Final = re.compile(r"(?!)")
_UNMOVED: Final = 0.05  # points; less is no change


@dataclass(frozen=True, slots=True)
class Part:
    """One function, pattern or list, and what stands in its place where it is off."""

    name: str
    value: Any
    off: Any


def parts_of(modules: Sequence[ModuleType]) -> list[Part]:
    """Every part that is defined at the top of one of the modules, in their order."""
    found: dict[int, Part] = {}
    for module in modules:
        where = module.__name__.rpartition(".")[2]
        for name, value in vars(module).items():
            off = None if name.startswith("__") else _off(value, module)
            if off is not None:
                found.setdefault(id(value), Part(f"{where}.{name}", value, off))
    return list(found.values())


@contextmanager
def without(part: Part, modules: Sequence[ModuleType]) -> Iterator[None]:
    """The part is off wherever one of the modules knows it, steps of a list of steps among it."""
    changed = []
    for module in modules:
        for name, value in list(vars(module).items()):
            other = _replaced(value, part)
            if other is not value:
                changed.append((module, name, value))
                setattr(module, name, other)
    _forget(modules)
    try:
        yield
    finally:
        for module, name, value in changed:
            setattr(module, name, value)
        _forget(modules)


def _replaced(value: Any, part: Part) -> Any:
    if value is part.value:
        return part.off
    if isinstance(value, tuple) and any(item is part.value for item in value):
        return tuple(part.off if item is part.value else item for item in value)
    return value


def _forget(modules: Sequence[ModuleType]) -> None:
    """Nothing that was computed with another set of parts is remembered."""
    for module in modules:
        for value in vars(module).values():
            if callable(value) and hasattr(value, "cache_clear"):
                value.cache_clear()


def _off(value: Any, module: ModuleType) -> Any:
    if isinstance(value, re.Pattern):
        return _NOTHING
    if isinstance(value, Set | Mapping) and not isinstance(value, type):
        return type(value)() if value else None
    if isinstance(value, FunctionType) and value.__module__ == module.__name__:
        return _unchanging(value)
    return None


def _unchanging(function: FunctionType) -> Callable[..., Any] | None:
    """A function that decides "no", or gives back the argument that the other changes."""
    parameters = list(inspect.signature(function).parameters)
    returned = str(function.__annotations__.get("return", ""))
    if returned == "bool":
        return lambda *_: False
    if returned.startswith("tuple[int, int]") and "end" in parameters:
        place = parameters.index("end")
        return lambda *arguments: arguments[place - 1 : place + 1]
    for ending, name in (("list[Span]", "spans"), ("Span", "span"), ("int", "start")):
        if returned.removesuffix(" | None") == ending and name in parameters:
            place = parameters.index(name)
            return lambda *arguments: _listed(arguments[place])
    if returned == "int" and "span" in parameters:
        place = parameters.index("span")
        return lambda *arguments: arguments[place].start
    return None


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) else value


def report(
    topic: str,
    modules: Sequence[ModuleType],
    figures: Callable[[], Figures],
    only: str,
) -> None:
    """Print what each part gains, the most useful first, then those that change nothing."""
    whole = figures()
    print(f"# {topic}: what each part gains, in points of F1\n")
    print("| part | " + " | ".join(f"{name}: {', '.join(one)}" for name, one in whole.items()) + " | mean |")
    print("|---" * (len(whole) + 2) + "|")
    print(_row("(all of them)", whole))
    rows: list[tuple[float, str]] = []
    idle = []
    for part in parts_of(modules):
        if only not in part.name:
            continue
        with without(part, modules):
            rest = figures()
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


def _row(name: str, figures: Figures) -> str:
    cells = [" ".join(_points(figure) for figure in one.values()) for one in figures.values()]
    return f"| {name} | {' | '.join(cells)} | {100 * _mean(figures):.2f} |"


def _points(figure: float) -> str:
    return f"{100 * figure:.1f}" if abs(100 * figure) >= _UNMOVED else "0"


def _mean(figures: Figures) -> float:
    last = [list(one.values())[-1] for one in figures.values()]
    return sum(last) / len(last)

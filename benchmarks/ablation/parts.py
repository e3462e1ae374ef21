"""The parts of a package's rules, and how one of them is switched off for a while."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from types import FunctionType, ModuleType
from typing import Any, Final

_NOTHING: Final = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, eq=False)
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
        numbers = isinstance(value, Mapping) and any(isinstance(item, float) for item in value.values())
        return type(value)() if value and not numbers else None
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
    for ending, name in (("list[NameSpan]", "spans"), ("NameSpan", "span")):
        if returned.removesuffix(" | None") == ending and name in parameters:
            place = parameters.index(name)
            return lambda *arguments: _listed(arguments[place])
    return None


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, Sequence) else value


@contextmanager
def watched(parts: Sequence[Part], modules: Sequence[ModuleType]) -> Iterator[set[str]]:
    """The names of the parts that have done something since: what the others do not touch is as it would be
    without them. Lists are left out, as whoever holds one does not say when he finds a word in it."""
    fired: set[str] = set()
    with ExitStack() as stack:
        for part in parts:
            if not isinstance(part.value, Set | Mapping):
                stack.enter_context(without(replace(part, off=_watching(part, fired)), modules))
        yield fired


def _watching(part: Part, fired: set[str]) -> Any:
    if isinstance(part.value, re.Pattern):
        return Watched(part.name, part.value, fired)

    def call(*arguments: Any) -> Any:
        result = part.value(*arguments)
        if result != part.off(*arguments):
            fired.add(part.name)
        return result

    return call


@dataclass(frozen=True, slots=True)
class Watched:
    """A pattern that notes that it has been found."""

    name: str
    pattern: re.Pattern[str]
    fired: set[str]

    def __getattr__(self, method: str) -> Any:
        def call(*arguments: Any) -> Any:
            result = getattr(self.pattern, method)(*arguments)
            result = list(result) if method == "finditer" else result
            if result != getattr(_NOTHING, method)(*arguments) and result != []:
                self.fired.add(self.name)
            return iter(result) if method == "finditer" else result

        return call

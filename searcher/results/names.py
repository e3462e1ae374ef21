"""Matches for a list of names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A possible match for a name of a list (``asked``), with what the index has of it. ``name`` is empty if
    there is no match; ``share`` is the probability. ``statements`` counts quotations, ``query`` finds the
    articles, and ``in_text`` counts other articles that contain the words."""

    asked: str
    found: Literal["sure", "near", "text", "no"] = "no"
    name: str = ""
    kind: str = ""
    share: float = 0.0
    why: str = ""
    articles: int = 0
    statements: int = 0
    first: str = ""
    last: str = ""
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    in_text: int = 0
    query: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def match_table(found: Iterable[NameMatch]) -> Iterator[list[Any]]:
    """Yield the heading and the rows of a table."""
    yield [*NameMatch("").to_dict()]
    for one in found:
        yield ["; ".join(v) if isinstance(v, tuple) else v for v in one.to_dict().values()]

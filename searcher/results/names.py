"""Who may be meant by the names of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class FoundName:
    """Who may be meant by a name of a list: how likely, what differs, and what there is of them; nobody where
    ``name`` is empty. ``statements`` are quotations, each counted. ``query`` finds the articles; in
    ``in_text`` others the words stand that were asked."""

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


def table(found: Iterable[FoundName]) -> Iterator[list[Any]]:
    """Yield the heading and the rows of a table."""
    yield [*FoundName("").to_dict()]
    for one in found:
        yield ["; ".join(v) if isinstance(v, tuple) else v for v in one.to_dict().values()]

"""Matches for a list of names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A possible match for a name of a list.

    Attributes:
        listed_name: The name as it is in the list.
        match: "sure", "near" (a possible match), "text" (only the words occur) or "no".
        name: The matching name of the index. Empty without a match.
        share: Probability that both names mean the same person or organisation, 0 to 1.
        why: The reasons for ``share``.
        statements: Number of quotations.
        first, last: Days of the first and the last article.
        people, organisations: Names most often mentioned in the same articles.
        in_text: Number of other articles that contain the words.
        query: Query that finds the articles.
    """

    listed_name: str
    match: Literal["sure", "near", "text", "no"] = "no"
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


def match_table(matches: Iterable[NameMatch]) -> Iterator[list[Any]]:
    """Yield the heading and the rows of a table."""
    yield [*NameMatch("").to_dict()]
    for one in matches:
        yield ["; ".join(v) if isinstance(v, tuple) else v for v in one.to_dict().values()]

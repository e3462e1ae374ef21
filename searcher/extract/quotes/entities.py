"""Somebody named in an article, and the places that name him."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Entity", "Name"]


@dataclass(slots=True, eq=False)  # two of one name are two until they are found to be one
class Entity:
    """Somebody or something named; ``kind`` is "person", "organisation" or "other" (a place, unknown).

    ``first`` is the token of its first mention, ``tagged`` whether the names stage found it, ``count`` the
    number of its mentions and ``talks`` that of those which govern a verb of speech.
    """

    name: str
    kind: str
    gender: str | None
    first: int
    tagged: bool
    count: int = 0
    talks: int = 0
    roles: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Name:
    """One mention of an entity: tokens ``i`` to ``j`` (exclusive)."""

    i: int
    j: int
    entity: Entity
    possessive: bool

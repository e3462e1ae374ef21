"""Somebody named in an article, and the places that name him."""

from __future__ import annotations

__all__ = ["Entity", "Name"]


class Entity:
    """Somebody or something named; ``kind`` is "person", "organisation" or "other" (a place, unknown)."""

    __slots__ = ("count", "first", "gender", "kind", "name", "roles", "tagged", "talks")

    def __init__(self, name: str, kind: str, gender: str | None, first: int, tagged: bool) -> None:
        self.name = name
        self.kind = kind
        self.gender = gender
        self.first = first  # token of its first mention
        self.tagged = tagged
        self.count = 0
        self.talks = 0  # mentions that govern a verb of speech
        self.roles: set[str] = set()


class Name:
    """One mention of an entity: tokens ``i`` to ``j`` (exclusive)."""

    __slots__ = ("entity", "i", "j", "possessive")

    def __init__(self, i: int, j: int, entity: Entity, possessive: bool) -> None:
        self.i = i
        self.j = j
        self.entity = entity
        self.possessive = possessive

"""Who may have said a quotation: shares of belief by speaker."""

from __future__ import annotations

from typing import NamedTuple

from searcher.extract.quotes.entities import Entity
from searcher.extract.quotes.scene import Ref, Scene

__all__ = ["Speaker", "Votes", "lies_in"]


class Speaker(NamedTuple):
    """``who`` speaks: a named entity or a noun phrase; ``ref`` is the place that says so; 0..1 how surely."""

    who: Entity | Ref | None
    ref: Ref | None
    confidence: float


class Votes:
    """Shares of belief by speaker."""

    def __init__(self) -> None:
        self._total: dict[int, float] = {}
        self._top: dict[int, tuple[float, Entity | Ref | None, Ref | None]] = {}

    def add(self, who: Entity | Ref | None, ref: Ref | None, share: float) -> None:
        key = id(who)
        self._total[key] = self._total.get(key, 0.0) + share
        if key not in self._top or share > self._top[key][0]:
            self._top[key] = (share, who, ref)

    def scaled(self, factor: float) -> Votes:
        """The same with every share multiplied."""
        other = Votes()
        other._total = {key: factor * share for key, share in self._total.items()}
        other._top = {key: (factor * share, who, ref) for key, (share, who, ref) in self._top.items()}
        return other

    def without(self, who: Entity | Ref) -> tuple[Votes, float]:
        """The shares of all others, and that of this one."""
        other = Votes()
        other._total = {key: share for key, share in self._total.items() if key != id(who)}
        other._top = {key: top for key, top in self._top.items() if key != id(who)}
        return other, self.share(who)

    def share(self, who: Entity | Ref | None) -> float:
        return self._total.get(id(who), 0.0)

    def named(self, name: str) -> tuple[Entity, Ref | None] | None:
        """Whoever of this name has a share, with the mention that gave most of it."""
        for _, who, ref in self._top.values():
            if isinstance(who, Entity) and who.name == name:
                return who, ref
        return None

    def noun_in(self, scene: Scene, place: tuple[int, int]) -> Ref | None:
        """The noun with a share that lies in a place of the body."""
        for _, who, _ in self._top.values():
            if isinstance(who, Ref) and lies_in(scene, who, place):
                return who
        return None

    def best(self) -> Speaker:
        if not self._total:
            return Speaker(None, None, 0.0)
        key = max(self._total, key=self._total.__getitem__)
        _, who, ref = self._top[key]
        return Speaker(who, ref, min(1.0, self._total[key]))


def lies_in(scene: Scene, ref: Ref, place: tuple[int, int] | None) -> bool:
    """Whether a mention shares letters with a place of the body."""
    if place is None:
        return False
    start, end = place[0] - scene.offset, place[1] - scene.offset
    return scene.tokens.starts[ref.i] < end and start < scene.tokens.ends[ref.j - 1]

"""Numbers for keys, in the order in which they come."""

from __future__ import annotations

__all__ = ["Ordinals"]


class Ordinals(dict):  # type: ignore[type-arg]  # of any one kind of key
    """A dictionary that numbers its keys from 0 in the order in which they are first looked up."""

    def __missing__(self, key: object) -> int:
        number = len(self)
        self[key] = number
        return number

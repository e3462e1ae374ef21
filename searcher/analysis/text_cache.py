"""What was found in the texts shown last: a search that is narrowed shows many of them again."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

__all__ = ["Texts"]

_T = TypeVar("_T")


class Texts(Generic[_T]):
    """Something of each text, kept until the texts have ``MOST`` characters together: then it begins anew.

    A text longer than ``LONGEST`` is not kept, so that none takes the room of all others. Threads share one.
    """

    MOST = 1 << 19
    LONGEST = 1 << 16

    def __init__(self) -> None:
        self._kept: dict[str, _T] = {}
        self._size = 0
        self._lock = threading.Lock()

    def get(self, text: str) -> _T | None:
        return self._kept.get(text)

    def keep(self, text: str, found: _T) -> _T:
        if len(text) <= self.LONGEST:
            with self._lock:
                if self._size > self.MOST:
                    self._kept, self._size = {}, 0
                self._size += len(text)
                self._kept[text] = found
        return found

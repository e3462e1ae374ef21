"""A bounded cache keyed by text. A search that is narrowed or paged back shows many texts again."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

_T = TypeVar("_T")


class TextCache(Generic[_T]):
    """A cache from a text to one value. It is emptied when its texts have ``MAX_CHARACTERS`` together.

    A text longer than ``MAX_TEXT_LENGTH`` is not kept, so that none takes the room of all others. Threads may
    share a cache.
    """

    MAX_CHARACTERS = 1 << 19
    MAX_TEXT_LENGTH = 1 << 16

    def __init__(self) -> None:
        self._kept: dict[str, _T] = {}
        self._size = 0
        self._lock = threading.Lock()

    def get(self, text: str) -> _T | None:
        return self._kept.get(text)

    def keep(self, text: str, found: _T) -> _T:
        if len(text) <= self.MAX_TEXT_LENGTH:
            with self._lock:
                if self._size > self.MAX_CHARACTERS:
                    self._kept, self._size = {}, 0
                self._size += len(text)
                self._kept[text] = found
        return found

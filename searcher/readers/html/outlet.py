"""The outlet of a page by its names: what signs an article with one of them is not its author."""

from __future__ import annotations

import re
from collections.abc import Iterable

from searcher.readers import urls

__all__ = ["Outlet"]

#: Letters of a host that may stand within the outlet's name: fewer stand in names of people by chance.
_LEAST = 4


class Outlet:
    """``name`` is the outlet's as the page gives it; the host and the publisher tell its others."""

    def __init__(self, name: str | None, url: str | None, publishers: Iterable[str]) -> None:
        self.name = name
        self._names = {_letters(one) for one in (name or "", *publishers)} - {""}
        host = (urls.site(url) or "").split(".")
        self._host = "".join(host)
        self._labels = {_letters(label) for label in host[:-1] if len(label) > 1} - {
            "co",
            "com",
            "org",
            "news",
        }

    def is_called(self, name: str) -> bool:
        """Whether ``name`` is one of the outlet's: “The Tallow Post”, “tallowpost.com”."""
        own = _letters(name)
        return own in self._names or own in self._labels or own == _letters(self._host)

    def is_in(self, name: str) -> bool:
        """Whether ``name`` is one of the outlet's, or holds one: “Tallow Post online”, “The Tallow
        team”, “TP”."""
        own = _letters(name)
        initials = "".join(word[0] for word in re.findall(r"\w+", name.casefold()))
        words = {_letters(word) for word in name.split()}
        part = name.isupper() and name.casefold() in re.findall(r"\w+", (self.name or "").casefold())
        return (
            self.is_called(name)
            or part
            or any(
                label in words
                or (len(label) > 1 and label == initials)
                or (len(label) >= _LEAST and label in own)
                for label in self._labels
            )
        )


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text.casefold().removeprefix("the ")))

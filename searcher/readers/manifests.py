"""Files that join others: a manifest is read with its pages, which are then not read by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from searcher import plugins


class Manifest(Protocol):
    """One kind of manifest: an entry point of ``searcher.manifests``."""

    @staticmethod
    def is_manifest(name: str, /) -> bool:
        """Return True if a file of this name is a manifest."""
        ...

    @staticmethod
    def pages_in(data: bytes, /) -> Iterator[str]:
        """Return the relative paths of the files that a manifest joins."""
        ...

    @staticmethod
    def is_page(head: bytes, /) -> bool:
        """Return True if a file that begins with these bytes is a page, and not an article of its own."""
        ...


def is_manifest(name: str) -> bool:
    return any(one.is_manifest(name) for one in _kinds())


def pages_in(name: str, data: bytes) -> Iterator[str]:
    return (page for one in _kinds() if one.is_manifest(name) for page in one.pages_in(data))


def is_page(head: bytes) -> bool:
    return any(one.is_page(head) for one in _kinds())


def _kinds() -> Iterable[Manifest]:
    return plugins.load("searcher.manifests").values()

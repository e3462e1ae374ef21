"""Manifests: files that are read together with the pages they list, which are then not read separately."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from searcher import plugins


class Manifest(Protocol):
    """One kind of manifest, registered in the entry-point group ``searcher.manifests``."""

    @staticmethod
    def is_manifest(name: str, /) -> bool:
        """Return True if a file of this name is a manifest."""

    @staticmethod
    def pages_in(data: bytes, /) -> Iterator[str]:
        """Return the relative paths of the files that a manifest lists."""

    @staticmethod
    def is_page(head: bytes, /) -> bool:
        """Return True if a file with this beginning is a page rather than an article."""


def is_manifest(name: str) -> bool:
    return any(one.is_manifest(name) for one in _kinds())


def pages_in(name: str, data: bytes) -> Iterator[str]:
    return (page for one in _kinds() if one.is_manifest(name) for page in one.pages_in(data))


def is_page(head: bytes) -> bool:
    return any(one.is_page(head) for one in _kinds())


def _kinds() -> Iterable[Manifest]:
    return plugins.load("searcher.manifests").values()

"""What an engine has to do to be measured."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.speed.corpus import Question


class NoMeans(Exception):
    """The engine has nothing to answer such a question with."""


class Peer:
    """One engine; those of STILL have no ``add``."""

    #: Whether threads ask one and the same object; otherwise each opens its own.
    shared = False

    def index(self, articles: Iterable[dict[str, Any]], folder: Path) -> None:
        raise NotImplementedError

    def open(self, folder: Path) -> None:
        raise NotImplementedError

    def ask(self, question: Question) -> tuple[list[str], int]:
        """The ids of ten hits, and the number of all."""
        raise NotImplementedError

    def add(self, articles: Iterable[dict[str, Any]]) -> None:
        """Add to the index that is open, in one commit."""
        raise NotImplementedError

    def refresh(self) -> None:
        """See the last commit from now on, where the engine does not by itself."""

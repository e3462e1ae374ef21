"""Quality by topic. Each topic is a module with two functions:

- ``main(data)`` prints a report for people;
- ``measure(data)`` returns the same figures as ``{name: value}``, higher is better, which the floors in
  ``tests/quality/floors.json`` hold on to.

``data`` is the folder with the labelled data (see CONTRIBUTING.md).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

__all__ = ["TOPICS", "Topic", "topic"]

#: Each topic, with the folder of the labelled data that it reads.
TOPICS = {
    "pages": "pages",
    "names": "names",
    "names_languages": "names/languages",
    "quotes": "quotes",
    "quotes_languages": "quotes",
    "statements": "quotes",
    "votes": "quotes",
    "ranking": "retrieval",
    "matching": "matching",
    "languages": "names/languages",
    "exports": "exports",
    "files": "files",
    "strangers": "strangers",
    "contacts": "pages",
    "speech": "speech",
}


class Topic(Protocol):
    """What a module of this package offers."""

    main: Callable[[Path], None]
    measure: Callable[[Path], dict[str, float]]


def topic(name: str) -> Topic:
    """The module of one of :data:`TOPICS`."""
    return cast(Topic, importlib.import_module(f"{__name__}.{name}"))

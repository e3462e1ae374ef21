"""How long one question may take. It is looked at between the parts of a question, none of which takes long:
the slowest found, a NEAR of two of the commonest words in a million articles, took ten seconds."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from searcher.errors import QueryTooBroad

__all__ = ["LONGEST", "check", "limited"]

#: Seconds that a question may take if nothing else is said.
LONGEST = 30.0
_until = ContextVar("_until", default=math.inf)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Within it, :func:`check` raises once so many seconds have passed."""
    before = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(before)


def check() -> None:
    """Raises QueryTooBroad when the question has taken too long."""
    if time.monotonic() >= _until.get():
        raise QueryTooBroad("This takes too long: ask for fewer or rarer words, or for NEAR of rarer ones.")

"""The time limit of a query, and its identity.

The limit is checked between steps. The slowest step measured, a NEAR of two very common words in a million
articles, took ten seconds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

from searcher.errors import QueryTooBroad

#: Default time limit of a query, in seconds.
DEFAULT_MAX_SECONDS = 30.0
_deadline = ContextVar("_deadline", default=math.inf)
_question: ContextVar[object] = ContextVar("_question", default=None)


def start(seconds: float) -> Token[float]:
    """Limit the time until :func:`end` is called with the result. Within another limit, the earlier end
    counts."""
    return _deadline.set(min(_deadline.get(), time.monotonic() + seconds))


def end(started: Token[float]) -> None:
    _deadline.reset(started)


@contextmanager
def unlimited() -> Iterator[None]:
    """Suspend the time limit."""
    started, limited = time.monotonic(), _deadline.set(math.inf)
    try:
        yield
    finally:
        _deadline.reset(limited)
        _deadline.set(_deadline.get() + time.monotonic() - started)


def begin_question() -> Token[object]:
    """Treat all requests to an index as one query, until :func:`end_question` is called with the result."""
    return _question.set(_question.get() or object())


def end_question(question: Token[object]) -> None:
    _question.reset(question)


def question() -> object:
    """Return the identity of the current query, or None."""
    return _question.get()


def seconds_left() -> float:
    """Return the remaining seconds, or infinity for a query without a limit."""
    return _deadline.get() - time.monotonic()


def check() -> None:
    """Raise QueryTooBroad if the time limit has passed."""
    if time.monotonic() >= _deadline.get():
        raise QueryTooBroad("The query takes too long. Use fewer or rarer words, also with NEAR.")

"""One question: what tells it from others, and its time limit.

The limit is checked between its parts, none of which takes long: the slowest one found, a NEAR of two of the
commonest words in a million articles, took ten seconds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

from searcher.errors import QueryTooBroad

#: Seconds that a question may take if nothing else is said.
DEFAULT_MAX_SECONDS = 30.0
_deadline = ContextVar("_deadline", default=math.inf)
_question: ContextVar[object] = ContextVar("_question", default=None)


def start(seconds: float) -> Token[float]:
    """Let :func:`check` raise once these seconds have passed, until :func:`end` takes what is returned.
    Within another limit the earlier end counts."""
    return _deadline.set(min(_deadline.get(), time.monotonic() + seconds))


def end(started: Token[float]) -> None:
    _deadline.reset(started)


@contextmanager
def unlimited() -> Iterator[None]:
    """Let what is done within take as long as it needs: the limit comes so much later."""
    started, limited = time.monotonic(), _deadline.set(math.inf)
    try:
        yield
    finally:
        _deadline.reset(limited)
        _deadline.set(_deadline.get() + time.monotonic() - started)


def begin_question() -> Token[object]:
    """Let all that is asked of an index be one question, until :func:`end_question` takes what is
    returned."""
    return _question.set(_question.get() or object())


def end_question(question: Token[object]) -> None:
    _question.reset(question)


def question() -> object:
    """Return what tells this question from all others; None where there is none."""
    return _question.get()


def left() -> float:
    """Return the seconds that are left; infinity where nothing limits them."""
    return _deadline.get() - time.monotonic()


def check() -> None:
    """Raise QueryTooBroad when the question has taken too long."""
    if time.monotonic() >= _deadline.get():
        raise QueryTooBroad("This takes too long: ask for fewer or rarer words, or for NEAR of rarer ones.")

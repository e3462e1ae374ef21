"""What a hostile case is, and the pages and texts that cases are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20

SENTENCE = (
    "The ferry company said on Tuesday that its boats would run again from June after a long winter in port. "
)
STORY = "".join(f"<p>{number}. {SENTENCE * 2}</p>" for number in range(6))
TEXT = "Ferry to sail again\n\n" + "\n\n".join(SENTENCE * 2 for _ in range(4))


@dataclass(frozen=True, slots=True)
class Case:
    """``make`` gives the bytes of a file called ``name``, or ``put`` puts there what is none; ``holds`` must
    be in the body if it is read."""

    title: str
    name: str
    make: Callable[[], bytes]
    expect: str = "read"
    holds: str = ""
    put: Callable[[Path], None] | None = None


def nothing() -> bytes:
    return b""


def page(inner: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Ferry</title>{head}</head><body>{inner}</body></html>".encode()


def around(before: str, after: str = "") -> bytes:
    return page(f"<article>{before}{STORY}{after}</article>")

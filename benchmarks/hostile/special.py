"""What lies among files and is none, or is more than it seems: pipes, devices, holes, files that grow."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

from benchmarks.hostile.case import MEGABYTE, SENTENCE, Case, nothing

#: Seconds for which a file grows, and bytes that it grows by at a time.
GROWS, BY = 2.0, MEGABYTE


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def sparse(path: Path) -> None:
    """A file of a terabyte that takes no room."""
    with path.open("wb") as file:
        file.truncate(1 << 40)


def growing(path: Path) -> None:
    """A file that somebody writes while it is read, faster than it is read."""
    path.write_bytes(b"word " * (BY // 5))

    def write() -> None:
        end = time.monotonic() + GROWS
        with path.open("ab") as file:
            while time.monotonic() < end:
                file.write(b"word " * (BY // 5))
                file.flush()

    threading.Thread(target=write, daemon=True).start()


def loop(path: Path) -> None:
    path.symlink_to(path)


SPECIAL = (
    Case("a named pipe", "a.txt", nothing, "refused", put=pipe),
    Case("an endless device", "a.html", nothing, "refused", put=device),
    Case("a socket", "a.json", nothing, "refused", put=bound_socket),
    Case("a link to itself", "a.eml", nothing, "refused", put=loop),
    Case("a text of a terabyte of nothing", "a.txt", nothing, "refused", put=sparse),
    Case("a page of a terabyte of nothing", "a.html", nothing, "refused", put=sparse),
    Case("a text that grows while it is read", "a.txt", nothing, "either", put=growing),
)


def capitals(tag: str, count: int) -> bytes:
    inner = "".join(f"<{tag}>{number}. {SENTENCE}" for number in range(count))
    return f"<HTML><HEAD><TITLE>Ferry</TITLE></HEAD><BODY><H1>Ferry</H1>{inner}</BODY></HTML>".encode()


def nexis_in_capitals() -> bytes:
    """Documents that no element closes, each deeper than the one before: ``<DIV/>`` closes nothing."""
    one = (
        '<!-- <DOC NUMBER=1>\n<DOCFULL> --><BR><DIV CLASS="c0"><P>1 of 900 DOCUMENTS</DIV><BR>'
        "<DIV><P>Tallow Post</DIV><BR><DIV><P>March 3, 2024</DIV><BR><DIV><P>Ferry</DIV><BR><DIV><P>"
        f'<SPAN CLASS="b">LENGTH: </SPAN>9 words</DIV><BR><DIV><P>{SENTENCE}<P>{SENTENCE}</DIV>'
        '<!-- </DOCFULL> --><DIV CLASS="c9"/>'
    )
    return f"<HTML><BODY>{one * 900}</BODY></HTML>".encode()


CAPITALS = (
    Case("2,000 <P> in capitals", "a.html", lambda: capitals("P", 2000), "read", "1999. The ferry"),
    Case("2,000 <BR> in capitals", "a.html", lambda: capitals("BR", 2000), "read", "1999. The ferry"),
    Case("2,000 <LI> in capitals", "a.html", lambda: capitals("LI", 2000), "either"),
    Case("50,000 <DIV> in capitals", "a.html", lambda: capitals("DIV", 50_000), "either"),
    Case("a download of 900 documents in capitals", "a.html", nexis_in_capitals),
)

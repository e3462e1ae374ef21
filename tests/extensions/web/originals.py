"""Files of many kinds to read and to show: each tells the same story of another thing."""

from __future__ import annotations

import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.readers import samples as untyped

samples: Any = untyped

HOSTILE = Path(__file__).with_name("hostile.html")
_TOLD = (
    "The harbour board of Port Aurel approved the new {} on Monday evening.",
    "Work on it begins in the spring, said the chair of the board, Ingrid Halvorsen.",
    "Fishermen had asked for a wider gate at the {}, which the board refused after two hours.",
    "It will cost forty million crowns and is to last for eighty years.",
)
PASSAGE = "Fishermen"


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """The address of another machine, and what reached it."""
    reached: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            reached.append("a connection to another machine")
            connection.close()

    threading.Thread(target=listen, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", reached
    listening.close()


def story(thing: str) -> list[str]:
    return [line.format(thing) for line in _TOLD]


def text(thing: str) -> str:
    return "\n\n".join([f"A new {thing}", *story(thing)])


def page(thing: str) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in story(thing))
    return (
        f'<html lang="en"><title>{thing}</title><article><h1>A new {thing}</h1>{paragraphs}</article></html>'
    )


def message(thing: str, attached: str = "") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"] = "Ann Lee <ann@example.org>", f"A new {thing}"
    made["Date"], made["Message-ID"] = "Mon, 03 Mar 2025 10:00:00 +0000", f"<{thing}@example.org>"
    made.set_content(text(thing), cte="base64")
    if attached:
        made.add_attachment(text(attached).encode(), "text", "plain", filename="attached.txt")
    return made


def write(folder: Path) -> None:
    """Write a file of each kind, which tells of a thing that is called as the file is."""
    (folder / "bridge.html").write_text(page("bridge"))
    (folder / "lamp.txt").write_text(text("lamp"))
    (folder / "quay.eml").write_bytes(message("quay", attached="pier").as_bytes())
    mailbox = b"".join(
        b"From x Mon Mar  3 10:00:00 2025\n%s\n" % message(one).as_bytes() for one in ("jetty", "mole")
    )
    (folder / "box.mbox").write_bytes(mailbox)
    with zipfile.ZipFile(folder / "pack.zip", "w") as archive:
        archive.writestr("inner/dock.html", page("dock"))
        archive.writestr("crane.txt", text("crane"))
    (folder / "ferry.docx").write_bytes(samples.docx(["A new ferry", *story("ferry")]))
    (folder / "report.pdf").write_bytes(pdf())


def pdf(action: str = "") -> bytes:
    """A report of five pages; a porcupine is on the fourth. ``action``: what it does when it is opened."""
    lines = [
        [f"The committee read line {line} of page {page} aloud." for line in range(20)] for page in range(5)
    ]
    lines[3].append("Only here the lighthouse keeper spoke of the porcupine in the archive.")
    made: bytes = samples.pdf(*map("\n".join, lines))
    return made.replace(b"/Type /Catalog", b"/Type /Catalog " + action.encode())

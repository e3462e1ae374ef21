#!/usr/bin/env python3
"""Write the output of commands and pages to tests/sessions. Review the difference afterwards."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.sessions import HERE, sessions


def main() -> None:
    text = ""
    for title, rows in sessions.commands().items():
        text += f"## {title}\n"
        with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as home:
            place = Path(name).resolve()
            os.environ.update(HOME=home, SEARCHER_INDEX=str(sessions.indexed(place)))
            os.chdir(place)
            text += "".join(f"$ {command}\n{sessions.printed(command, place)}" for command, _ in rows)
    (HERE / "commands.txt").write_text(text, "utf-8")
    with tempfile.TemporaryDirectory() as name, sessions.site(Path(name)) as client:
        told = [f"=> {address}\n{sessions.told(client, address)}" for address in sessions.addresses()]
    (HERE / "addresses.txt").write_text("".join(told), "utf-8")


if __name__ == "__main__":
    main()

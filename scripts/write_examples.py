#!/usr/bin/env python3
"""Run the console examples of README.md and docs/ on the sample articles and paste what they print.

What is shown stays as it is while it is true, so that outputs shortened with “…” by hand live on.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.test_docs import PAGES, examples, make_commands, pattern, run  # noqa: E402  (the path has to be set first)

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def pasted(block: str, folder: Path, commands: Path) -> str:
    parts = []
    for command, shown in examples(block):
        _, printed = run(command, folder, commands)
        whole = printed.rstrip() + "\n"
        kept = shown if pattern(shown).fullmatch(whole) else whole
        parts.append(f"$ {command}\n{kept}")
    return "```console\n" + "".join(parts) + "```"


def main() -> None:
    for page in PAGES:
        text = page.read_text("utf-8")
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            os.environ["HOME"] = name
            commands = make_commands(place / "bin")
            shutil.copytree(ROOT / "seeds", place / "seeds")
            run("searcher index seeds/", place, commands)
            new = CONSOLE.sub(lambda found: pasted(found[1], place, commands), text)  # noqa: B023
        if new != text:
            page.write_text(new, "utf-8")
            print(f"{page.relative_to(ROOT)} has changed")


if __name__ == "__main__":
    main()

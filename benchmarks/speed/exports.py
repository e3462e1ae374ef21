"""``python -m benchmarks.speed.exports INDEX [--form jsonl …]``

How long exports of a whole index take, and in how much memory: each form by a process of its own, which does
what ``searcher export`` does. Prints seconds by the clock and of the processor, the most memory that is no
file's, the most with mapped files, and the size of what was written, which is thrown away.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.speed.memory import peak, watched
from searcher.cli.searcher import main as searcher

__all__: list[str] = []

_PRINTED = ("jsonl", "csv", "ftm", "ris", "bibtex", "csl")
_PLACED = ("sqlite", "tables", "parquet")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.exports",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("index", type=Path)
    parser.add_argument("--form", action="append", choices=(*_PRINTED, *_PLACED), help="default: all")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        _export(options.index, options.form[0])
        return
    for form in options.form or (*_PRINTED, *_PLACED):
        command = [sys.executable, "-m", "benchmarks.speed.exports", options.index, "--form", form, "--here"]
        subprocess.run(command, check=True)


def _export(index: Path, form: str) -> None:
    """Export in this process, beside the index, and print a line about it."""
    with tempfile.TemporaryDirectory(dir=index.resolve().parent) as folder, watched() as own:
        place = Path(folder) / "export"
        placed = [f"--{form}", str(place)] if form in _PLACED else [f"--{form}", "-o", str(place)]
        began, spent = time.perf_counter(), time.process_time()
        sys.argv = ["searcher", "export", "--index", str(index), *placed]
        try:
            searcher()
        except SystemExit as end:
            if end.code:
                raise
        clock, processor = time.perf_counter() - began, time.process_time() - spent
        written = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    print(
        f"{form:8} clock {clock:.1f} s, processor {processor:.1f} s, memory {own.peak / 1e6:.0f} MB, "
        f"with files {peak() / 1e6:.0f} MB, written {written / 1e6:.1f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()

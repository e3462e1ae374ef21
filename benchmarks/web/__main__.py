"""``python -m benchmarks.web INDEX``: asks a server of its own over loopback, one question after another.

The questions are those of ``benchmarks.speed`` with two words, any of them: many articles are found, five
facets are counted, ten hits shown with their passages. Where ``wrk`` is installed, ``--readers`` ask at once.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote_plus

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that many readers ask at once.
_READING_SECONDS = 60
#: Words where no data is given: common and rare ones.
WORDS = (
    "oil price",
    "trade deficit",
    "interest rates",
    "bank loan",
    "cocoa",
    "dividend",
    "merger offer",
    "yen",
)

#: Where other people have accounts, a server asks for one.
TOKEN = "measured-by-a-benchmark"


@contextmanager
def served(index: Path) -> Iterator[tuple[int, int, float]]:
    """The port and process of a server, and the seconds from its start to its first answer."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "searcher.cli.searcher",
            "serve",
            "--port",
            "0",
            "--token",
            TOKEN,
            "-i",
            str(index),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    port = int(re.search(r":(\d+)/", process.stdout.readline())[1])  # type: ignore[index]
    ask(http.client.HTTPConnection("127.0.0.1", port), "/")
    try:
        yield port, process.pid, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[float, bytes]:
    """Milliseconds until the whole page was there, and the page."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
    answer = connection.getresponse()
    body = answer.read()
    taken = (time.perf_counter() - began) * 1000
    assert answer.status == 200, (path, answer.status)
    return taken, body


def questions(data: Path | None) -> list[str]:
    if data is None:
        return [f"/?q={quote_plus(words)}" for words in WORDS]
    asked = json.loads((data / "corpus" / "queries.json").read_text())
    return [f"/?q={quote_plus(' OR '.join(words))}" for kind, words in asked if kind in ("or2", "facet")]


def shown(label: str, times: list[float]) -> None:
    print(f"{label:<28} p50 {median(times):7.1f} ms   p95 {quantiles(times, n=20)[-1]:7.1f} ms")


def measure(index: Path, data: Path | None, readers: int) -> None:
    paths = questions(data)
    with served(index) as (port, pid, first_answer):
        print(f"{'to the first answer':<28} {first_answer:.2f} s")
        connection = http.client.HTTPConnection("127.0.0.1", port)
        first = [ask(connection, path) for path in paths]
        spent = processor(pid)
        again = [ask(connection, path)[0] for path in paths]
        spent = (processor(pid) - spent) / len(paths)
        shown("asked first", [taken for taken, _ in first])
        shown("asked again", again)
        print(f"{'processor time, again':<28} {spent:.1f} ms a page")  # on a busy machine the truer figure
        print(f"{'a page, largest':<28} {max(len(body) for _, body in first) / 1000:.1f} kB")
        assets = set(re.findall(rb'"(/static/[^"]+)"', first[0][1]))
        packed = sum(len(gzip.compress(ask(connection, path.decode())[1])) for path in assets)
        print(f"{'all assets, compressed':<28} {packed / 1000:.1f} kB")
        if readers:
            crowd(f"http://127.0.0.1:{port}{paths[0]}", pid, readers)


def crowd(url: str, pid: int, readers: int) -> None:
    """Many readers at once, for a while."""
    if shutil.which("wrk") is None:
        print("many at once: skipped, there is no wrk here")
        return
    before = memory(pid)
    done = subprocess.run(
        [
            "wrk",
            "-H",
            f"Authorization: Bearer {TOKEN}",
            "-t2",
            f"-c{readers}",
            f"-d{_READING_SECONDS}s",
            "--timeout",
            "10s",
            "--latency",
            url,
        ],
        capture_output=True,
        text=True,
    )
    print(f"{readers} at once; memory before {before} MB, after {memory(pid)} MB\n{done.stdout}")


def processor(pid: int) -> float:
    """The processor time of a process in ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """The resident memory of a process in MB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1000 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.web", description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--data", type=Path, help="the folder with the labelled data, for its questions")
    parser.add_argument("--readers", type=int, default=0, help="ask so many at once, for a minute")
    given = parser.parse_args()
    measure(given.index, given.data, given.readers)


if __name__ == "__main__":
    main()

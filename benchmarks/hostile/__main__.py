"""``python -m benchmarks.hostile``: every case, how long it took and how it ended."""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path

from benchmarks.hostile import CASES, MEGABYTE
from benchmarks.hostile.judging import judge
from searcher.ingest.worker_pool import Pool

SECONDS, MEMORY = 10.0, 1024 * MEGABYTE


def main() -> None:
    wrong, slowest = 0, 0.0
    with tempfile.TemporaryDirectory() as folder, Pool(1, SECONDS, MEMORY) as pool:
        for case in CASES:
            outcome = judge(pool, Path(folder), case)
            wrong += not outcome.right
            slowest = max(slowest, outcome.seconds)
            ended = f"{outcome.articles} articles" if outcome.articles else outcome.reason[:90]
            verdict = "ok" if outcome.right else "WRONG"
            print(f"{verdict:6}{outcome.seconds:6.2f} s  {case.title:45} {ended}", flush=True)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 // MEGABYTE
    print(f"{len(CASES)} cases, {wrong} wrong; slowest {slowest:.1f} s, most memory of a worker {most:,} MB")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

"""``python -m benchmarks.hostile``: every case, how long it took and how it ended."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.hostile import CASES, MEGABYTE
from benchmarks.hostile.judging import judge
from searcher.ingest.worker_pool import Pool

#: Maximum processor seconds and bytes of a case, and the processor seconds at which it is stopped.
SECONDS, MEMORY, PATIENCE = 20.0, 1024 * MEGABYTE, 60.0


def main() -> None:
    """Read the cases in whose titles the arguments stand, all without arguments."""
    wrong, slowest, most, count = 0, 0.0, 0, 0
    with tempfile.TemporaryDirectory() as folder, Pool(1, PATIENCE, MEMORY) as pool:
        for case in CASES:
            if sys.argv[1:] and not any(word in case.title for word in sys.argv[1:]):
                continue
            count += 1
            outcome = judge(pool, Path(folder), case)
            right = outcome.right and outcome.seconds <= SECONDS
            wrong += not right
            slowest, most = max(slowest, outcome.seconds), max(most, outcome.memory)
            ended = f"{outcome.articles} articles" if outcome.articles else outcome.reason[:90]
            verdict = "ok" if right else "WRONG"
            print(
                f"{verdict:6}{outcome.seconds:6.2f} s {outcome.memory:5} MB  {case.title:45} {ended}",
                flush=True,
            )
    print(f"{count} cases, {wrong} wrong; slowest {slowest:.1f} s, most memory of a worker {most:,} MB")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

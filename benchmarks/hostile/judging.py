"""Read each case in a worker under limits, and say whether it ended as it should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hostile.case import Case
from searcher import readers
from searcher.errors import Doubt, ReadError
from searcher.ingest.worker_pool import Pool, TaskFailure


def read_case(path: Path) -> Iterator[tuple[str, str]]:
    """In a worker: what the file holds, and how much of the processor and of memory reading it took."""
    start = time.process_time()
    with open("/proc/self/clear_refs", "w") as reset:
        reset.write("5")
    for event in readers.events(path):
        if not isinstance(event, Doubt):
            yield ("refused", str(event)) if isinstance(event, ReadError) else ("read", event.body)
    yield "seconds", str(time.process_time() - start)
    with open("/proc/self/status") as status:
        yield "memory", next(line.split()[1] for line in status if line.startswith("VmHWM"))


@dataclass(frozen=True, slots=True)
class Outcome:
    case: Case
    seconds: float
    memory: int
    articles: int
    reason: str
    right: bool


def judge(pool: Pool, folder: Path, case: Case) -> Outcome:
    """Read one case and say whether it ended as it should."""
    path = folder / case.name
    path.unlink(missing_ok=True)  # the one before may have been a pipe
    if case.put:
        case.put(path)
    else:
        path.write_bytes(case.make())
    start = time.perf_counter()
    found = [result for _, result in pool.stream(read_case, [path], ahead=1)]
    seconds = time.perf_counter() - start
    stopped = next((result.reason for result in found if isinstance(result, TaskFailure)), "")
    pairs = [result for result in found if not isinstance(result, TaskFailure)]
    told = dict(pairs)
    seconds = float(told.get("seconds", seconds))  # on a core of its own; the machine may have other work
    memory = int(told.get("memory", 0)) // 1024
    bodies = [text for kind, text in pairs if kind == "read"]
    reason = stopped or next((text for kind, text in pairs if kind == "refused"), "")
    ended = "read" if bodies else "refused"
    right = not stopped and bool(pairs) and case.expect in ("either", ended)
    if bodies and case.holds:
        right = right and case.holds in "".join(bodies)
    return Outcome(case, seconds, memory, len(bodies), reason, right)

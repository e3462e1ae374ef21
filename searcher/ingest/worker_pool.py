"""Work in processes that can be killed, so that no file hangs, crashes or eats the run.

A :class:`Pool` runs a generator function over items in worker processes and delivers what it yields, in
order. A worker that takes too much memory or time is killed; its item ends in a :class:`TaskFailure`.

The workers are fresh interpreters on pipes: forking would copy threads of numerical libraries, and the
spawning of ``multiprocessing`` would run the caller's main module again. They end with their parent.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar

from searcher.errors import is_passing

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Results of one item that wait in this process; beyond it its worker waits.
MAX_WAITING_RESULTS = 64
_CHECK_SECONDS = 0.05  # seconds between looks at time
_HAS_PROC = os.path.exists("/proc/self/statm")
#: Seconds between looks at memory: reading a file of Linux costs nothing, starting ``ps`` a process.
_MEMORY_SECONDS = _CHECK_SECONDS if _HAS_PROC else 1.0
_WAIT_SECONDS = 0.5  # seconds between looks whether everything is over
MAX_STARTUP_SECONDS = 120.0  # seconds for a new interpreter on a machine that is busy
_WORKER_MAIN = (
    "import pickle, sys; tasks = sys.stdin.buffer; sys.path[:] = pickle.load(tasks); "
    "from searcher.ingest.worker_pool import serve; serve(tasks)"
)
# Every core has a worker already: more threads would only wait for one another. And what a worker starts
# takes no module from the current folder either, which may be a stranger's.
_ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "PYTHONSAFEPATH": "1",
}


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """Why an item came to no end, in one sentence. ``passing``: it may at the next try."""

    reason: str
    passing: bool = False


class _Done:
    """The end of what an item yields."""


class _GettingOn:
    """The sign of an item that yields nothing for a while and is not stuck."""


#: Seconds between two such signs.
_SIGN_SECONDS = 1.0
#: The signals by which a process ends that its own code has crashed; by others somebody else ends it.
_CRASHES = frozenset(
    getattr(signal, name)
    for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")
    if hasattr(signal, name)
)


@dataclass(slots=True)
class _Task:
    """An item on its way, and what it has yielded so far."""

    item: Any
    call: bytes
    results: queue.Queue[Any]


class _Worker:
    """One worker process, seen from the parent."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter with our own code
            [sys.executable, "-P", "-c", _WORKER_MAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT},
        )
        self.failure: TaskFailure | None = None  # why it was killed
        self.waiting_since: float | None = None  # since when its next result is waited for
        self.limit = MAX_STARTUP_SECONDS
        # Not the current folder, of which an interactive session takes modules.
        ours = str(Path(__file__).resolve().parents[2])
        self._send(pickle.dumps(list(dict.fromkeys([*filter(os.path.isabs, sys.path), ours]))))
        self.receive()

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def run(self, call: bytes, seconds: float) -> Iterator[Any]:
        """What the call yields, ended by _Done. Raises OSError or EOFError when the process dies."""
        self.limit = seconds
        self._send(pickle.dumps(call))  # wrapped once more, so that a call that cannot be read ends cleanly
        while not isinstance(result := self.receive(), _Done):
            if not isinstance(result, _GettingOn):
                yield result

    def receive(self) -> Any:
        assert self._process.stdout is not None
        self.waiting_since = time.monotonic()
        try:
            return pickle.load(self._process.stdout)  # noqa: S301  # written by our own process
        except pickle.UnpicklingError:
            raise EOFError from None
        finally:
            self.waiting_since = None

    def overdue(self) -> bool:
        since = self.waiting_since
        return since is not None and time.monotonic() - since > self.limit

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self, reason: str, *, passing: bool = False) -> None:
        if self.failure is None:
            self.failure = TaskFailure(reason, passing)
        self._process.kill()

    def close(self) -> TaskFailure:
        """End it for good; says why it ended."""
        self._process.kill()
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        if self.failure:
            return self.failure
        if -code in _CRASHES:
            return TaskFailure(f"Reading it crashed the worker process ({signal.Signals(-code).name}).")
        return TaskFailure("The worker process died.", passing=True)


def _resident_bytes(pids: Sequence[int]) -> dict[int, int]:
    """The resident memory of processes, as far as the system tells."""
    if _HAS_PROC:
        return {pid: size for pid in pids if (size := _resident_by_proc(pid))}
    return _resident_by_ps(pids) if pids else {}


def _resident_by_proc(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as status:
            return int(status.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _resident_by_ps(pids: Sequence[int]) -> dict[int, int]:
    """As ``ps`` says it, of all processes in one call; it gives kilobytes."""
    command = ["/bin/ps", "-o", "pid=,rss=", "-p", ",".join(map(str, pids))]
    try:
        listed = subprocess.run(command, capture_output=True, check=False).stdout  # noqa: S603
        rows = [line.split() for line in listed.splitlines()]
        return {int(pid): int(size) * 1024 for pid, size in rows}
    except (OSError, ValueError):
        return {}


class Pool:
    """Worker processes for as long as the ``with`` block lasts.

    A worker that yields nothing for ``seconds``, or whose resident memory passes ``memory`` bytes, is
    killed and replaced. Workers start when there is work for them. One stream at a time.
    """

    def __init__(self, workers: int, seconds: float, memory: int) -> None:
        self._workers = max(1, workers)
        self._seconds = seconds
        self._memory = memory
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._alive: set[_Worker] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        targets = [self._watchdog, *[self._drive_worker] * self._workers]
        self._threads = [threading.Thread(target=target, daemon=True) for target in targets]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        for _ in range(self._workers):
            self._tasks.put(None)
        with self._lock:
            for worker in self._alive:
                worker.kill("The run was stopped.", passing=True)
        for thread in self._threads:
            thread.join()

    def stream(
        self, function: Callable[[Item], Iterable[Result]], items: Iterable[Item], *, ahead: int
    ) -> Iterator[tuple[Item, Result | TaskFailure]]:
        """Each item with each thing that ``function(item)`` yields, in the order of the items.

        At most ``ahead`` items are taken beyond what has been delivered. ``function`` must be importable
        (not of a main module); what it raises becomes a TaskFailure after what it had yielded.
        """
        source = iter(items)
        tasks: deque[_Task] = deque()
        exhausted = False
        while True:
            while not exhausted and len(tasks) < max(1, ahead):
                try:
                    item = next(source)
                except StopIteration:
                    exhausted = True
                    break
                tasks.append(_Task(item, pickle.dumps((function, item)), queue.Queue(MAX_WAITING_RESULTS)))
                self._tasks.put(tasks[-1])
            if not tasks:
                return
            result = self._next(tasks[0])
            if isinstance(result, _Done):
                tasks.popleft()
            else:
                yield tasks[0].item, result

    def _next(self, task: _Task) -> Any:
        while not self._closing.is_set():
            try:
                # With a timeout, so that Ctrl-C is heard everywhere.
                return task.results.get(timeout=_WAIT_SECONDS)
            except queue.Empty:
                continue
        raise RuntimeError("The pool is closed.")

    def _drive_worker(self) -> None:
        """A thread that sees to one worker process."""
        worker: _Worker | None = None
        while (task := self._tasks.get()) is not None and not self._closing.is_set():
            try:
                if worker is None:
                    worker = self._start()
                for result in worker.run(task.call, self._seconds):
                    self._deliver(task, result)
            except (OSError, EOFError):
                refused = TaskFailure("No worker process could be started.", passing=True)
                self._deliver(task, self._end(worker) if worker else refused)
                worker = None
            self._deliver(task, _Done())
        if worker:
            self._end(worker)

    def _start(self) -> _Worker:
        worker = _Worker()
        with self._lock:
            self._alive.add(worker)
        if self._closing.is_set():
            worker.kill("The run was stopped.", passing=True)
        return worker

    def _end(self, worker: _Worker) -> TaskFailure:
        with self._lock:
            self._alive.discard(worker)
        return worker.close()

    def _deliver(self, task: _Task, result: Any) -> None:
        while not self._closing.is_set():
            try:
                task.results.put(result, timeout=_WAIT_SECONDS)
            except queue.Full:
                continue
            return

    def _watchdog(self) -> None:
        """The thread that kills the workers that take too long or too much."""
        next_look = 0.0
        while not self._closing.wait(_CHECK_SECONDS):
            with self._lock:
                alive = list(self._alive)
            for worker in alive:
                if worker.overdue():
                    worker.kill(f"It took longer than {self._seconds:g} seconds and was stopped.")
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + _MEMORY_SECONDS
                self._limit_memory(alive)

    def _limit_memory(self, alive: Sequence[_Worker]) -> None:
        sizes = _resident_bytes([worker.pid for worker in alive])
        for worker in alive:
            if sizes.get(worker.pid, 0) > self._memory:
                worker.kill(f"It took more than {self._memory // 2**20:,} MB of memory and was stopped.")


def serve(tasks: BinaryIO) -> None:
    """The life of a worker process: calls come in through ``tasks``, results go out through stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the results
    calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, calls), daemon=True).start()
    global _signs  # a process serves one parent
    _signs = _Signs(results)
    _answer(results, "ready")
    while True:
        function, item = calls.get()
        for result in _results(function, item):
            _answer(results, result)
        _answer(results, _Done())


def _results(function: Callable[[Item], Iterable[Result]], item: Item) -> Iterator[Result | TaskFailure]:
    try:
        yield from function(item)
    except Exception as error:  # noqa: BLE001
        # Whatever it was, it concerns this one item, and the run has to know.
        yield TaskFailure(f"{type(error).__name__}: {error}", is_passing(error))


def get_on() -> None:
    """Say, in a worker, that its item yields nothing for now and is not stuck."""
    if _signs is not None:
        _signs()


class _Signs:
    """Signs of getting on, for a parent that need not hear more than one a second."""

    def __init__(self, results: BinaryIO) -> None:
        self._results = results
        self._next = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _SIGN_SECONDS
            _answer(self._results, _GettingOn())


_signs: _Signs | None = None


def _listen(tasks: BinaryIO, calls: queue.SimpleQueue[Any]) -> None:
    """Receive calls, and notice the end of the parent even while a call is at work."""
    while True:
        try:
            call = pickle.load(tasks)  # noqa: S301  # written by our own parent
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)
        try:
            calls.put(pickle.loads(call))  # noqa: S301
        except Exception as error:  # noqa: BLE001
            # What unpickling imports may raise anything; the one item fails, the worker lives.
            calls.put((_failure_stream, error))


def _failure_stream(error: Exception) -> Iterator[Any]:
    raise error


def _answer(results: BinaryIO, result: Any) -> None:
    try:
        results.write(pickle.dumps(result))
        results.flush()
    except BrokenPipeError:
        os._exit(0)

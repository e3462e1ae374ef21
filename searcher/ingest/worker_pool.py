"""Work in processes that can be killed, so that no file hangs, crashes or eats the run.

A :class:`Pool` runs a generator function over items in worker processes and delivers what it yields, in
the order of the items. A worker that yields nothing for too long or takes too much memory is killed; its item
ends in a :class:`Failure`, the others go on.

The workers are fresh interpreters on pipes rather than ``multiprocessing``: forking would copy a process with
threads of numerical libraries in it, and spawning would run the caller's main module again, which a script
without a guard does not survive. They import what they need once and end by themselves when their parent
does.
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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar

__all__ = ["Failure", "Pool", "serve"]

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Results of one item that wait in this process; beyond it its worker waits.
BUFFER = 64
_TICK = 0.05  # seconds between looks at time and memory
_PATIENCE = 0.5  # seconds between looks whether everything is over
_STARTUP = 120.0  # seconds for a new interpreter on a machine that is busy
_BOOT = (
    "import pickle, sys; tasks = sys.stdin.buffer; sys.path[:] = pickle.load(tasks); "
    "from searcher.ingest.worker_pool import serve; serve(tasks)"
)
# Every core has a worker already: more threads would only wait for one another.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item came to no end, in one sentence."""

    reason: str


class _Done:
    """The end of what an item yields."""


@dataclass(slots=True)
class _Slot:
    """An item on its way, and what it has yielded so far."""

    item: Any
    call: bytes
    results: queue.Queue[Any]


class _Worker:
    """One worker process, seen from the parent."""

    def __init__(self) -> None:
        environment = {**os.environ, **_ONE_THREAD}
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter with our own code
            [sys.executable, "-c", _BOOT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self.reason: str | None = None  # why it was killed
        self.waiting_since: float | None = None  # since when its next result is waited for
        self.limit = _STARTUP
        self._send(pickle.dumps(sys.path))
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

    def memory(self) -> int:
        """Its resident memory in bytes, 0 where that cannot be told."""
        return _resident(self._process.pid)

    def kill(self, reason: str) -> None:
        if self.reason is None:
            self.reason = reason
        self._process.kill()

    def close(self) -> str:
        """End it for good; says why it ended."""
        self._process.kill()
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        if self.reason:
            return self.reason
        if code and code < 0 and code != -signal.SIGKILL:
            return f"Reading it crashed the worker process ({signal.Signals(-code).name})."
        return "The worker process died."


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as status:
            return int(status.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        pass
    try:  # macOS
        command = ["/bin/ps", "-o", "rss=", "-p", str(pid)]
        return int(subprocess.run(command, capture_output=True, check=False).stdout) * 1024  # noqa: S603
    except (OSError, ValueError):
        return 0


class Pool:
    """Worker processes for as long as the ``with`` block lasts.

    A worker that yields nothing for ``seconds``, or whose resident memory passes ``memory`` bytes, is
    killed and replaced. Workers start when there is work for them. One stream at a time.
    """

    def __init__(self, workers: int, seconds: float, memory: int) -> None:
        self._workers = max(1, workers)
        self._seconds = seconds
        self._memory = memory
        self._tasks: queue.SimpleQueue[_Slot | None] = queue.SimpleQueue()
        self._alive: set[_Worker] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        targets = [self._guard, *[self._serve] * self._workers]
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
                worker.kill("The run was stopped.")
        for thread in self._threads:
            thread.join()

    def stream(
        self, function: Callable[[Item], Iterable[Result]], items: Iterable[Item], *, ahead: int
    ) -> Iterator[tuple[Item, Result | Failure]]:
        """Each item with each thing that ``function(item)`` yields, in the order of the items.

        At most ``ahead`` items are taken beyond what has been delivered. ``function`` must be importable
        (not of a main module); what it raises becomes a Failure after what it had yielded.
        """
        source = iter(items)
        slots: deque[_Slot] = deque()
        exhausted = False
        while True:
            while not exhausted and len(slots) < max(1, ahead):
                try:
                    item = next(source)
                except StopIteration:
                    exhausted = True
                    break
                slots.append(_Slot(item, pickle.dumps((function, item)), queue.Queue(BUFFER)))
                self._tasks.put(slots[-1])
            if not slots:
                return
            result = self._next(slots[0])
            if isinstance(result, _Done):
                slots.popleft()
            else:
                yield slots[0].item, result

    def _next(self, slot: _Slot) -> Any:
        while not self._closing.is_set():
            try:
                return slot.results.get(
                    timeout=_PATIENCE
                )  # with a timeout, so that Ctrl-C is heard everywhere
            except queue.Empty:
                continue
        raise RuntimeError("The pool is closed.")

    def _serve(self) -> None:
        """A thread that sees to one worker process."""
        worker: _Worker | None = None
        while (slot := self._tasks.get()) is not None and not self._closing.is_set():
            try:
                if worker is None:
                    worker = self._start()
                for result in worker.run(slot.call, self._seconds):
                    self._deliver(slot, result)
            except (OSError, EOFError):
                reason = self._end(worker) if worker else "No worker process could be started."
                worker = None
                self._deliver(slot, Failure(reason))
            self._deliver(slot, _Done())
        if worker:
            self._end(worker)

    def _start(self) -> _Worker:
        worker = _Worker()
        with self._lock:
            self._alive.add(worker)
        if self._closing.is_set():
            worker.kill("The run was stopped.")
        return worker

    def _end(self, worker: _Worker) -> str:
        with self._lock:
            self._alive.discard(worker)
        return worker.close()

    def _deliver(self, slot: _Slot, result: Any) -> None:
        while not self._closing.is_set():
            try:
                slot.results.put(result, timeout=_PATIENCE)
            except queue.Full:
                continue
            return

    def _guard(self) -> None:
        """The thread that kills what takes too long or too much."""
        while not self._closing.wait(_TICK):
            with self._lock:
                alive = list(self._alive)
            for worker in alive:
                if worker.overdue():
                    worker.kill(f"It took longer than {self._seconds:g} seconds and was stopped.")
                elif worker.memory() > self._memory:
                    megabytes = self._memory // 2**20
                    worker.kill(f"It took more than {megabytes:,} MB of memory and was stopped.")


def serve(tasks: BinaryIO) -> None:
    """The life of a worker process: calls come in through ``tasks``, results go out through stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the results
    calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, calls), daemon=True).start()
    _answer(results, "ready")
    while True:
        function, item = calls.get()
        try:
            for result in function(item):
                _answer(results, result)
        except Exception as error:  # noqa: BLE001
            # Whatever it was, it concerns this one item, and the parent has to know.
            _answer(results, Failure(f"{type(error).__name__}: {error}"))
        _answer(results, _Done())


def _listen(tasks: BinaryIO, calls: queue.SimpleQueue[Any]) -> None:
    """Hears calls, and the end of the parent even while a call is at work."""
    while True:
        try:
            call = pickle.load(tasks)  # noqa: S301  # written by our own parent
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)
        try:
            calls.put(pickle.loads(call))  # noqa: S301
        except Exception as error:  # noqa: BLE001
            # What unpickling imports may raise anything; the one item fails, the worker lives.
            calls.put((_failing, error))


def _failing(error: Exception) -> Iterator[Any]:
    raise error


def _answer(results: BinaryIO, result: Any) -> None:
    try:
        results.write(pickle.dumps(result))
        results.flush()
    except BrokenPipeError:
        os._exit(0)

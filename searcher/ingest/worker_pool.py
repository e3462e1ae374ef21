"""Worker processes that can be killed, so that no file blocks or crashes the run.

A :class:`Pool` runs a generator function over items in worker processes and delivers what it yields, in
order. A worker that exceeds its memory or processor time is killed, and its item ends in a
:class:`TaskFailure`. Time in which a worker cannot run (a busy or paused machine) does not count.

Workers are fresh interpreters connected by pipes. Forking would copy the threads of numerical libraries, and
``multiprocessing`` would import the caller's main module again. Workers exit with their parent.
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
from itertools import count, islice
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeVar

from searcher.errors import is_transient
from searcher.platform import TIME_SIGNAL, crash_name, memory_of_processes

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Maximum number of undelivered results per item. A worker that reaches it waits.
MAX_WAITING_RESULTS = 64
#: Maximum seconds without progress for a worker that uses almost no processor time, because of a deadlock or
#: a dead network drive. Even with 1/60 of a core, a worker gets 60 seconds of processor time in this period.
MAX_SILENCE = 3600.0
_CHECK_SECONDS = 0.05  # Interval of the watchdog in seconds.
_WAIT_SECONDS = 0.5  # Interval in seconds at which threads check whether the pool is closing.
_WORKER_MAIN = (
    "import pickle, sys; tasks = sys.stdin.buffer; sys.path[:], seconds = pickle.load(tasks); "
    "from searcher.ingest.worker_pool import serve; serve(tasks, seconds)"
)
# Every core has a worker, so more threads would only compete. PYTHONSAFEPATH keeps the current folder, which
# may belong to someone else, off the module path of child processes.
_ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "PYTHONSAFEPATH": "1",
}


@dataclass(frozen=True, slots=True)
class TaskFailure:
    """Why an item failed, in one sentence. ``passing``: a retry may succeed. ``timed_out``: it took too much
    processor time."""

    reason: str
    passing: bool = False
    timed_out: bool = False


class _Done:
    """Sent at the end of an item."""


class _ProgressSign:
    """Sent while an item makes progress without results."""


#: Minimum interval between progress signs, in seconds.
_SIGN_SECONDS = 1.0


@dataclass(slots=True)
class _Task:
    """An item in progress and its results."""

    item: Any
    call: bytes
    results: queue.Queue[Any]


class _Worker:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process = subprocess.Popen(  # noqa: S603  # Our own interpreter with our own code.
            [sys.executable, "-P", "-c", _WORKER_MAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT},
        )
        self.pid = self._process.pid
        self.failure: TaskFailure | None = None  # The reason if it was killed.
        self._rounds: Iterator[int] | None = None  # Counts watchdog rounds while waiting for a result.
        # Leave out the current folder, which an interactive session has on its path.
        ours = str(Path(__file__).resolve().parents[2])
        paths = list(dict.fromkeys([*filter(os.path.isabs, sys.path), ours]))
        self._send(pickle.dumps((paths, seconds)))
        self.receive()

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def run(self, call: bytes) -> Iterator[Any]:
        self._send(pickle.dumps(call))  # Pickled twice: if unpickling the call fails, only this item fails.
        while not isinstance(result := self.receive(), _Done):
            if not isinstance(result, _ProgressSign):
                yield result

    def receive(self) -> Any:
        assert self._process.stdout is not None
        self._rounds = count()
        try:
            return pickle.load(self._process.stdout)  # noqa: S301  # Written by our own process.
        except pickle.UnpicklingError:
            raise EOFError from None
        finally:
            self._rounds = None

    def is_silent(self, seconds: float) -> bool:
        """Count a watchdog round and return True if no result arrived for this many seconds of rounds. Unlike
        a clock, rounds stop while this process is suspended."""
        rounds = self._rounds
        return rounds is not None and next(rounds) * _CHECK_SECONDS > seconds

    def kill(self, reason: str, *, passing: bool = False) -> None:
        if self.failure is None:
            self.failure = TaskFailure(reason, passing)
        self._process.kill()

    def close(self) -> TaskFailure:
        """Kill the process and return the reason why it ended."""
        self._process.kill()
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        if self.failure:
            return self.failure
        if -code == TIME_SIGNAL:
            reason = f"It took more than {self._seconds:g} seconds of processor time and was stopped."
            return TaskFailure(reason, timed_out=True)
        if crash := crash_name(code):
            return TaskFailure(f"Reading it crashed the worker process ({crash}).")
        return TaskFailure("The worker process died.", passing=True)


class Pool:
    """A context manager for worker processes, which start when there is work.

    A worker is killed and replaced if it makes no progress for ``seconds`` of processor time or
    ``max_silence`` seconds otherwise, or if it uses more than ``memory`` bytes. Two streams may be read in
    turns if the items of the first yield at most MAX_WAITING_RESULTS results each.
    """

    def __init__(self, workers: int, seconds: float, memory: int, max_silence: float = MAX_SILENCE) -> None:
        self._workers = max(1, workers)
        self._seconds = seconds
        self._memory = memory
        self._max_silence = max_silence
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

    def __exit__(self, *_error: object) -> None:
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
        """Yield each item with each result of ``function(item)``, in the order of the items.

        At most ``ahead`` items are taken in advance. ``function`` must be importable, and not from a main
        module. An exception becomes a TaskFailure after the results so far.
        """
        source = iter(items)
        tasks: deque[_Task] = deque()
        while True:
            for item in islice(source, max(1, ahead) - len(tasks)):
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
                # The timeout lets Ctrl-C through on every system.
                return task.results.get(timeout=_WAIT_SECONDS)
            except queue.Empty:
                continue
        raise RuntimeError("The pool is closed.")

    def _drive_worker(self) -> None:
        worker: _Worker | None = None
        while (task := self._tasks.get()) is not None and not self._closing.is_set():
            try:
                if worker is None:
                    worker = self._start()
                for result in worker.run(task.call):
                    self._deliver(task, result)
            except (OSError, EOFError):
                refused = TaskFailure("No worker process could be started.", passing=True)
                self._deliver(task, self._end(worker) if worker else refused)
                worker = None
            self._deliver(task, _Done())
        if worker:
            self._end(worker)

    def _start(self) -> _Worker:
        worker = _Worker(self._seconds)
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
        while not self._closing.wait(_CHECK_SECONDS):
            with self._lock:
                alive = list(self._alive)
            for worker in alive:
                if worker.is_silent(self._max_silence):
                    reason = f"It made no progress for {self._max_silence:g} seconds and was stopped."
                    worker.kill(reason, passing=True)
            self._limit_memory(alive)

    def _limit_memory(self, alive: Sequence[_Worker]) -> None:
        pids = [worker.pid for worker in alive]
        sizes = memory_of_processes(pids)
        for worker in alive:
            if sizes.get(worker.pid, 0) > self._memory:
                worker.kill(f"It took more than {self._memory // 2**20:,} MB of memory and was stopped.")


def serve(tasks: BinaryIO, seconds: float) -> None:
    """Run a worker process: calls arrive through ``tasks``, results leave through stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The parent handles Ctrl-C.
    global _answers  # One process serves one parent.
    _answers = _Answers(os.fdopen(os.dup(1), "wb"), seconds)
    # Keep the output of libraries out of the results and off the terminal.
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, calls), daemon=True).start()
    _answers.send("ready")
    while True:
        function, item = calls.get()
        for result in _results(function, item):
            _answers.send(result)
        _answers.send(_Done())


def _results(function: Callable[[Item], Iterable[Result]], item: Item) -> Iterator[Result | TaskFailure]:
    try:
        yield from function(item)
    except Exception as error:  # noqa: BLE001
        # Any error concerns only this item and must reach the parent.
        yield TaskFailure(f"{type(error).__name__}: {error}", is_transient(error))


def report_progress() -> None:
    """In a worker, report progress without a result."""
    if _answers is not None:
        _answers.sign()


class _Answers:
    """Sends the results of a worker. Each renews its processor time limit."""

    def __init__(self, stream: BinaryIO, seconds: float) -> None:
        self._stream = stream
        self._seconds = seconds
        self._next_sign = 0.0

    def send(self, answer: Any) -> None:
        try:
            self._stream.write(pickle.dumps(answer))
            self._stream.flush()
        except BrokenPipeError:
            os._exit(0)
        if TIME_SIGNAL is not None:
            signal.setitimer(signal.ITIMER_PROF, self._seconds)
        self._next_sign = time.monotonic() + _SIGN_SECONDS

    def sign(self) -> None:
        """Send a sign of progress if the last message is old enough."""
        if time.monotonic() >= self._next_sign:
            self.send(_ProgressSign())


_answers: _Answers | None = None


def _listen(tasks: BinaryIO, calls: queue.SimpleQueue[Any]) -> None:
    """Receive calls, and exit with the parent even during a call."""
    while True:
        try:
            call = pickle.load(tasks)  # noqa: S301  # Written by our own parent.
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(0)
        try:
            calls.put(pickle.loads(call))  # noqa: S301
        except Exception as error:  # noqa: BLE001
            # Imports during unpickling may raise anything. Only this item fails.
            calls.put((_failure_stream, error))


def _failure_stream(error: Exception) -> Iterator[Any]:
    raise error

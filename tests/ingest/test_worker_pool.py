import os
import signal
import subprocess
import sys
import threading
import time
from itertools import count, islice

import pytest

from searcher.ingest import worker_pool
from searcher.ingest.worker_pool import Pool, TaskFailure

PLENTY = 2 << 30


def twice(number):
    yield number
    yield number * 10


def crash(number):
    yield number
    os.kill(os.getpid(), signal.SIGSEGV)


def noisy_crash(word):
    os.write(1, b"noise on standard output")
    os.write(2, b"a backtrace")
    os.kill(os.getpid(), signal.SIGABRT)
    yield word


def hang(seconds):
    yield "begun"
    time.sleep(seconds)
    yield "ended"


def compute(seconds):
    yield "begun"
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    yield "ended"


def compute_and_report(times):
    for _ in range(times):
        end = time.process_time() + 1.2
        while time.process_time() < end:
            pass
        worker_pool.report_progress()
    yield "done"


def report_slowly(times):
    for _ in range(times):
        time.sleep(0.5)
        worker_pool.report_progress()
    yield "done"


def devour(megabytes):
    yield "begun"
    hoard = bytearray(megabytes << 20)
    time.sleep(60)
    yield len(hoard)


def fail(word):
    yield word
    raise ValueError(word)


def many(number):
    yield from range(number)


def process(_):
    yield os.getpid()


def chatter(word):
    print("noise on standard output")
    yield word


def run(function, items, *, workers=2, seconds=60.0, memory=PLENTY, ahead=4, max_silence=600.0):
    with Pool(workers, seconds, memory, max_silence) as pool:
        return list(pool.stream(function, items, ahead=ahead))


def test_everything_that_is_yielded_comes_in_the_order_of_the_items():
    expected = [(n, result) for n in range(20) for result in (n, n * 10)]

    assert expected == run(twice, range(20))


def test_an_item_may_yield_more_than_the_buffers_hold():
    assert [*range(1000), *range(1000)] == [result for _, result in run(many, [1000, 1000])]


def test_a_crash_ends_its_item_and_nothing_else():
    found = run(crash, [1, 2], workers=1)

    assert [(1, 1), (2, 2)] == found[::2]
    assert all(isinstance(result, TaskFailure) and "SIGSEGV" in result.reason for _, result in found[1::2])


def test_an_item_that_takes_too_much_processor_time_is_stopped():
    reason = "It took more than 2 seconds of processor time and was stopped."

    assert [
        (600, "begun"),
        (600, TaskFailure(reason, timed_out=True)),
        (0, "begun"),
        (0, "ended"),
    ] == run(compute, [600, 0], seconds=2.0)


def test_time_in_which_an_item_does_not_run_does_not_count():
    assert [(3, "begun"), (3, "ended")] == run(hang, [3], seconds=2.0)


def test_an_item_that_hangs_without_processor_time_is_stopped_and_worth_another_try():
    found = run(hang, [600, 0], workers=1, max_silence=6.0)

    assert [
        (600, "begun"),
        (600, TaskFailure("It made no progress for 6 seconds and was stopped.", passing=True)),
        (0, "begun"),
        (0, "ended"),
    ] == found


def test_rounds_of_the_watchdog_count_only_while_a_result_is_awaited():
    worker = worker_pool._Worker(60.0)
    try:
        busy = [worker.is_silent(0.0) for _ in range(3)]
        worker._rounds = count()
        awaited = [worker.is_silent(0.06) for _ in range(3)]
    finally:
        worker.close()

    assert ([False] * 3, [False, False, True]) == (busy, awaited)


def test_an_item_that_reports_progress_has_its_processor_time_renewed():
    assert [(3, "done")] == run(compute_and_report, [3], seconds=2.0)


def test_an_item_that_reports_progress_does_not_hang():
    assert [(14, "done")] == run(report_slowly, [14], max_silence=6.0)


def test_another_stream_may_be_read_within_a_stream():
    with Pool(1, 60.0, PLENTY) as pool:
        found = [
            (first, second)
            for _, first in pool.stream(twice, [1, 2], ahead=2)
            for _, second in pool.stream(twice, [first], ahead=1)
        ]

    assert [(1, 1), (1, 10), (10, 10), (10, 100), (2, 2), (2, 20), (20, 20), (20, 200)] == found


def test_what_takes_too_much_memory_is_stopped():
    (_, begun), (_, failure) = run(devour, [900], memory=400 << 20)

    assert "begun" == begun
    assert TaskFailure("It took more than 400 MB of memory and was stopped.") == failure


def test_an_exception_is_a_failure_after_what_was_yielded():
    expected = [(item, result) for item in "ab" for result in (item, TaskFailure(f"ValueError: {item}"))]

    assert expected == run(fail, ["a", "b"])


def test_items_are_taken_only_as_far_ahead_as_allowed():
    taken = []

    def items():
        for number in count():
            taken.append(number)
            yield number

    with Pool(2, 60.0, PLENTY) as pool:
        list(islice(pool.stream(twice, items(), ahead=3), 1))

    assert 3 == len(taken)


def test_workers_live_on_from_item_to_item():
    assert 1 == len({pid for _, pid in run(process, range(5), workers=1)})


def test_one_pool_serves_several_streams_one_after_another():
    with Pool(1, 60.0, PLENTY) as pool:
        first = list(pool.stream(twice, [1], ahead=1))
        second = list(pool.stream(twice, [2], ahead=1))

    assert [(1, 1), (1, 10), (2, 2), (2, 20)] == first + second


class Unknown:
    """Something that pickles here and cannot be unpickled elsewhere."""

    def __reduce__(self):
        return (int, ("no number",))


def test_an_item_that_cannot_be_sent_over_fails_alone():
    (_, failure), *rest = run(twice, [Unknown(), 1], workers=1)

    assert isinstance(failure, TaskFailure)
    assert [1, 10] == [result for _, result in rest]


def test_printing_does_not_disturb_the_results():
    assert [("a", "a")] == run(chatter, ["a"])


def test_what_a_library_prints_before_it_crashes_is_not_on_the_terminal(capfd):
    run(noisy_crash, ["a"], workers=1)

    assert ("", "") == tuple(capfd.readouterr())


def test_leaving_early_leaves_no_process_behind():
    with Pool(1, 60.0, PLENTY) as pool:
        ((_, pid),) = islice(pool.stream(process, range(9), ahead=9), 1)

    assert not alive(pid)


def test_leaving_early_waits_for_nobody_to_take_what_is_left():
    pool = Pool(1, 60.0, PLENTY)
    pool.__enter__()
    next(pool.stream(many, [10_000], ahead=1))
    time.sleep(1)  # by then the results that nobody takes have no room, on most machines
    leaving = threading.Thread(target=pool.__exit__, args=(None, None, None), daemon=True)
    leaving.start()
    leaving.join(20)

    assert not leaving.is_alive()


SCRIPT = """
import sys
from searcher.ingest.worker_pool import Pool
from tests.ingest.test_worker_pool import hang, process
with Pool(1, 60.0, 2 << 30) as pool:
    print(next(pool.stream(process, [0], ahead=1))[1], flush=True)
    list(pool.stream(hang, [60], ahead=1))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_no_orphans_when_the_parent_is_interrupted_or_killed(sign, project):
    """Also: a script without a main guard may use a pool."""
    parent = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(sign)
        parent.wait()

    assert gone_soon(pid)


def alive(pid):
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat") as status:
            return status.read().rsplit(")", 1)[1].split()[0] != "Z"  # dead, but not yet buried
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return os.path.isdir("/proc/self") is False


def gone_soon(pid):
    for _ in range(1000):
        if not alive(pid):
            return True
        time.sleep(0.02)
    return False

"""``python -m benchmarks.faults``: try every kind of fault and print what happened, in counts."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from benchmarks.faults import damage, killing, memory, phases, pickles, rubbish, space, together
from benchmarks.faults.outcome import Outcome

#: The kinds, each with how it runs in the long and in the short form.
ITEMS: dict[int, tuple[Callable[[int], Outcome], Callable[[int], Outcome]]] = {
    1: (lambda seed: killing.run(200, seed), lambda seed: killing.run(8, seed)),
    2: (lambda seed: space.run(50, seed), lambda seed: space.run(6, seed)),
    3: (lambda seed: damage.run(1000, seed), lambda seed: damage.run(100, seed)),
    4: (lambda _: together.run(600.0, 4, 8), lambda _: together.run(4.0, 2, 2)),
    5: (lambda _: pickles.run(), lambda _: pickles.run()),
    6: (lambda seed: rubbish.run(10_000, seed), lambda seed: rubbish.run(200, seed)),
    7: (lambda _: memory.run(100_000), lambda _: memory.run(3_000)),
    8: (lambda seed: phases.run(100, seed), lambda seed: phases.run(4, seed)),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a minute instead of half an hour")
    parser.add_argument(
        "--only", type=int, action="append", choices=sorted(ITEMS), metavar="N", help="item N"
    )
    parser.add_argument("--seed", type=int, default=int(time.time()), help="repeats the random choices")
    options = parser.parse_args()
    print(f"seed {options.seed}")
    broken = False
    for number in options.only or sorted(ITEMS):
        began = time.monotonic()
        outcome = ITEMS[number][options.short](options.seed)
        print(f"\n{number}. {outcome.render()}\n  ({time.monotonic() - began:.0f} s)", flush=True)
        broken |= not outcome.good
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

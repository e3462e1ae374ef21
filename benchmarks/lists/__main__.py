"""``python -m benchmarks.lists DATA CASES.tsv``: how many names of a list are found, and how many wrongly.

The people of ``cases`` are in an index in memory, one an article. The bounds and shares were chosen on the
even half of the cases, by a hash of who is meant; the odd half is what counts. ``--size INDEX`` looks for a
list in an index instead, such as ``benchmarks.lists.made`` makes: half of its names are those of the index, a
quarter such with a letter less, and a quarter of people who are not there.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.lists.cases import DECOYS, Case, Maker, read
from searcher import Index, open_index
from searcher.article import Article, Mention
from searcher.results.names import NameMatch


def half(case: Case) -> int:
    return hashlib.md5((case.meant or case.name).encode(), usedforsecurity=False).digest()[0] % 2


def index_of(names: Iterable[str]) -> Index:
    index = open_index(":memory:")
    index.add(
        (
            Article(f"n{number}", body=f"{name}.", mentions=(Mention(name, "person", 0, len(name)),))
            for number, name in enumerate(names)
        ),
        annotate=False,
    )
    return index


def report(index: Index, cases: list[Case]) -> None:
    answers: dict[str, list[NameMatch]] = {}
    for one in index.names.match([case.name for case in cases]):
        answers.setdefault(one.listed_name, []).append(one)
    # Two spellings of one name in the data may be one name of the index by now.
    right = {case.meant: index.names.resolve("person", case.meant) for case in cases if case.meant}
    asked, sure, near, wrong = (Counter[str]() for _ in range(4))
    shown: Counter[tuple[str, bool]] = Counter()
    errors = []
    for case in cases:
        asked[case.kind] += 1
        found = {
            how: [one for one in answers[" ".join(case.name.split())] if one.match == how]
            for how in ("sure", "near")
        }
        for how, some in found.items():
            for one in some:
                shown[how, one.name in right.get(case.meant, ())] += 1
                if how == "sure" and one.name not in right.get(case.meant, ()):
                    wrong[case.kind] += 1
                    errors.append(f"{case.name} = {one.name} ({one.why})")
        hit = {how: any(one.name in right.get(case.meant, ()) for one in some) for how, some in found.items()}
        sure[case.kind] += hit["sure"]
        near[case.kind] += hit["near"] and not hit["sure"]
    print(f"{'':22}{'names':>7}{'sure':>7}{'near':>7}{'wrongly sure':>14}")
    for kind in asked:
        print(f"{kind:22}{asked[kind]:7}{sure[kind]:7}{near[kind]:7}{wrong[kind]:14}")
    there = sum(number for kind, number in asked.items() if kind not in DECOYS)
    print(f"found of {there}: {sure.total() + near.total()} ({sure.total()} of them sure)")
    for how in ("sure", "near"):
        total = shown[how, True] + shown[how, False]
        print(
            f"right of what is {how}: {shown[how, True]} of {total}, {shown[how, True] / max(1, total):.3f}"
        )
    print("wrongly sure:", *errors, sep="\n  ")


def at_size(folder: Path, count: int) -> None:
    rng = random.Random(2)
    with open_index(folder, create=False) as index:
        known = sorted(index.values("person"))
        given, last = ([name.split()[at] for name in known] for at in (0, -1))
        names = rng.sample(known, count // 2)
        names += [name[:3] + name[4:] for name in rng.sample(known, count // 4)]
        names += [f"{rng.choice(given)} {rng.choice(last)}" for _ in range(count - len(names))]
    with open_index(folder, create=False) as index:
        print(f"{index.count():,} articles, {len(known):,} people; {memory()} MB so far")
        began, spent = time.perf_counter(), time.process_time()
        found = index.names.match(names)
        taken, spent = time.perf_counter() - began, time.process_time() - spent
        print(f"{count:,} names: {taken:.1f} s, {spent:.1f} s of the processor, {memory()} MB at most")
        print(Counter(one.match for one in found))


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.lists", description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("cases", type=Path, nargs="?")
    parser.add_argument("--size", type=Path, metavar="INDEX")
    parser.add_argument("--names", type=int, default=10_000)
    given = parser.parse_args()
    if given.size:
        at_size(given.size, given.names)
        return
    index = index_of(Maker(given.data / "names").index_names())
    cases = read(given.cases)
    for number, told in enumerate(("on which bounds and shares were chosen", "left out")):
        print(f"The half {told}:")
        report(index, [case for case in cases if half(case) == number])


if __name__ == "__main__":
    main()

"""Build the table of first names with the sex of who bears them from US Social Security counts.

usage: python -m training.first_names first-names-us.tsv

The source (name, female, male: births since 1940) is in the public domain:
https://www.ssa.gov/oact/babynames/limits.html. A name is kept where at least 200 children bore it: as one
of a sex where nine in ten of them had it, else as one of both.
"""

from __future__ import annotations

import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "searcher/names/first-names-us.txt"
MIN_BEARERS = 200  # children that bore it
MIN_SHARE = 0.9  # of them that had one sex
HEAD = """\
# First names that are nearly always a woman's (f) or a man's (m), or neither (x), in lower case.
# From the US Social Security Administration's counts (public domain); made by training/first_names.py.
"""


def main(source: Path) -> None:
    names: dict[str, list[str]] = {"f": [], "m": [], "x": []}
    for line in source.read_text(encoding="utf-8").splitlines()[1:]:
        name, female, male = line.split("\t")
        total = int(female) + int(male)
        if total < MIN_BEARERS:
            continue
        if int(female) >= MIN_SHARE * total:
            names["f"].append(name.lower())
        elif int(male) >= MIN_SHARE * total:
            names["m"].append(name.lower())
        else:
            names["x"].append(name.lower())
    lines = []
    for sex, some in names.items():
        some.sort()
        lines += [f"{sex} {' '.join(some[k : k + 12])}" for k in range(0, len(some), 12)]
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print({sex: len(some) for sex, some in names.items()}, TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

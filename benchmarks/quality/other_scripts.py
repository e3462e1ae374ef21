"""``python -m benchmarks.quality.other_scripts FOLDER``: is a name told in another script by its sound?

FOLDER is ``data`` of steveash/NETransliteration-COLING2018 on GitHub (words of names of Wikidata): its parts
of 16 %, on which the rules were chosen, and 20 %. Latin words are asked among as many of another script at
once; of what is found, how much is right, and of those asked, how many find theirs. A pair that the set lacks
counts as wrong.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from pathlib import Path
from typing import Final

from searcher.names.similarity import can_share_first_letter, transliteration_probability

SCRIPTS: Final = ("russian", "arabic", "hebrew")
PARTS, NUMBERS = (16, 20), (1000, 3000)


def pairs(file: Path) -> list[tuple[str, str]]:
    """Return the words of a part, Latin ones first; the letters of the others are apart."""
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines())
    words = ((row[0], row[1].replace(" ", "")) for row in rows)
    return [(latin, other) for latin, other in words if min(len(latin), len(other)) > 2 and latin.isalpha()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for script in SCRIPTS:
        for part in PARTS:
            known = pairs(folder / f"wd_{script}_{part}")
            true = defaultdict(set)
            for latin, other in known:
                true[latin].add(other)
            for number in NUMBERS:
                chosen = random.Random(number).sample(known, number)
                by_letter = defaultdict(set)
                for _, other in chosen:
                    by_letter[other[0]].add(other)
                asked = {latin for latin, _ in chosen}
                found = [
                    (latin, other)
                    for latin in asked
                    for letter, others in by_letter.items()
                    if can_share_first_letter(latin[0], letter)
                    for other in others
                    if transliteration_probability(latin, other)
                ]
                right = [(latin, other) for latin, other in found if other in true[latin]]
                shares = len(right) / max(1, len(found)), len({latin for latin, _ in right}) / len(asked)
                print(f"{script} {part} % {number}: {len(found)} found, {shares[0]:.3f} right,", end=" ")
                print(f"{shares[1]:.2f} of those asked")


if __name__ == "__main__":
    main()

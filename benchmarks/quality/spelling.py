"""``python -m benchmarks.quality.spelling LISTS SLIPS INDEX…``: are only misspelled words corrected?

LISTS is a clone of github.com/hermitdave/FrequencyWords, whose words are drawn by rank; SLIPS is the file of
common misspellings of Wikipedia (``wikipedia.dat``), or Birkbeck's (``missp.dat``), in the format of Roger
Mitton's collection: “$meant”, and below it what was typed. Of each language the words count that an index
lacks, and of the slips those whose right word it has.

The rules were chosen on the languages of CHOSEN_ON. Of UNLISTED ones no word ships.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

from searcher import analysis
from searcher.index import Index, open_index
from searcher.query.request import Search
from searcher.query.tree import Term
from searcher.search.spelling import MIN_WORD_LENGTH, is_known

CHOSEN_ON: Final = frozenset(
    {"ar", "bg", "bs", "cs", "de", "en", "fa", "fr", "he", "hu", "is", "lv", "nl", "pl", "ro", "sk", "sv"}
    | {"uk"}
)
UNLISTED: Final = frozenset({"gl", "ka", "sq"})
#: Words of these are not separated, come from subtitles in two languages, or ship from the same lists.
LEFT_OUT: Final = frozenset({"ja", "ko", "th", "ze_en", "ze_zh", "zh_cn", "zh_tw", "et", "eu"})
_MAX_RANK, _WORDS = 20_000, 120


def words_of(lists: Path) -> Mapping[str, list[str]]:
    """Return the words of each language, in random order."""
    found = {}
    for file in sorted(lists.glob("content/2018/*/*_50k.txt")):
        lines = islice(file.open(encoding="utf-8"), _MAX_RANK)
        words = [word for line in lines if (word := line.split(" ")[0]).isalpha()]
        random.Random(file.name).shuffle(words)
        found[file.parent.name] = words
    return {code: words for code, words in found.items() if code not in LEFT_OUT}


def slips_of(file: Path) -> Mapping[str, set[str]]:
    """Return what was meant by each misspelling."""
    meant: dict[str, set[str]] = defaultdict(set)
    right = ""
    for line in file.read_text("utf-8", errors="replace").split():
        if line.startswith("$"):
            right = line[1:]
        elif line.isalpha() and right.isalpha():
            meant[line].add(analysis.variants(right)[0])
    return meant


def lacks(index: Index, word: str) -> bool:
    return len(analysis.query_terms(word)) == 1 and not index.count(Term(word))


def measure_words(index: Index, lists: Mapping[str, list[str]]) -> None:
    tried, replaced = Counter[str](), dict[str, list[str]]()
    answered = 0
    for code, words in lists.items():
        some = list(islice((word for word in words if lacks(index, word)), _WORDS))
        tried[code] = len(some)
        found = [(word, index.search(Search(word), limit=0)) for word in some]
        replaced[code] = [
            f"{word} → {better}" for word, one in found if (better := one.corrections.get(word))
        ]
        answered += sum(one.total > 0 for _, one in found)
    groups = {
        "languages the rules were chosen on": CHOSEN_ON,
        "other languages": frozenset(tried) - CHOSEN_ON - UNLISTED,
        "languages of which no word ships": UNLISTED,
    }
    for name, codes in groups.items():
        number, wrong = (
            sum(tried[code] for code in codes),
            [one for c in codes for one in replaced.get(c, ())],
        )
        print(f"  {name}: {len(wrong)} of {number:,} words replaced ({len(wrong) / max(1, number):.2%})")
        print(f"    {', '.join(sorted(wrong)[:30])}")
    print(f"  answered with another word where a program asks: {answered} of {sum(tried.values()):,}")


def measure_slips(index: Index, slips: Mapping[str, set[str]], most: int) -> None:
    known = [
        typed
        for typed, meant in sorted(slips.items())
        if len(typed) >= MIN_WORD_LENGTH and lacks(index, typed) and _has_any(index, meant)
    ]
    random.Random(0).shuffle(known)
    counts = Counter[str]()
    for typed in known[:most]:
        found = index.search(Search(typed), limit=0)
        better = found.corrections.get(typed)
        if is_known(typed):
            counts["words themselves"] += 1
        else:
            right = better in slips[typed]
            kind = "offered" if found.suggestions.get(typed) in slips[typed] else "left"
            counts["mended" if right else "turned into another word" if better else kind] += 1
    total = sum(counts.values()) - counts["words themselves"]
    print(f"  {total:,} slips: {counts['mended'] / max(1, total):.1%} mended; {dict(counts)}")


def _has_any(index: Index, words: Iterable[str]) -> bool:
    return any(index.count(Term(word, exact=True)) for word in words)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.spelling", description=__doc__)
    parser.add_argument("lists", type=Path)
    parser.add_argument("slips", type=Path)
    parser.add_argument("indexes", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=1500, help="slips at most")
    options = parser.parse_args()
    lists, slips = words_of(options.lists), slips_of(options.slips)
    for folder in options.indexes:
        with open_index(folder, create=False) as index:
            print(f"{folder.name}: {index.count():,} articles in {len(index.values('language'))} languages")
            measure_words(index, lists)
            measure_slips(index, slips, options.most)


if __name__ == "__main__":
    main()

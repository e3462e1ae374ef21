"""Learns which endings stemmers get wrong: ``python -m training.languages.respellings CODE… [--write]``.

Needs wordfreq (Apache-2.0; counts CC BY-SA 4.0) and simplemma (MIT; its dictionaries are of Wiktionary and
others, CC BY-SA): ``pip install wordfreq==3.1.1 simplemma==2.0.0``. The 12,000 commonest words of a
language are paired with their base forms. Of half of the pairs endings are learned that, written otherwise
(“uksen”: “us”), give a word the stem of its base form. An ending is taken if it joins ten pairs at least,
and four for each word that it joins with another base form. The other half, of other base forms, says what
that is worth.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32

from searcher.analysis.terms import stems, variants
from searcher.languages import Pack, pack

PACKS = Path(__file__).resolve().parents[2] / "searcher" / "languages"
MAX_WORDS, MIN_LETTERS = 12_000, 3
#: Pairs that an ending joins at least, and for each word that it joins with another base form.
MIN_GAIN, MIN_RATIO = 10, 4
#: Endings of a language at most, and those that are tried for each.
MAX_ENDINGS, MAX_TRIED = 10, 60
MAX_LETTERS = 5  # of an ending
NAMED_OTHERWISE = {"no": "nb", "sr": "sh"}

Forms = frozenset[str]


class Pair(NamedTuple):
    """A word and its base form, both in small letters."""

    word: str
    base: str

    @property
    def left_out(self) -> bool:
        return crc32(self.base.encode()) % 2 == 1


def pairs(code: str) -> list[Pair]:
    """The commonest words with their base forms, as far as the dictionary has them."""
    from simplemma.strategies.dictionaries import (
        DefaultDictionaryFactory,
    )
    from wordfreq import top_n_list

    name = NAMED_OTHERWISE.get(code, code)
    dictionary = DefaultDictionaryFactory().get_dictionary(name)
    words = [word for word in top_n_list(name, MAX_WORDS) if word.isalpha() and len(word) >= MIN_LETTERS]
    found = ((word, dictionary.get(word) or dictionary.get(word.capitalize())) for word in words)
    return [Pair(word, base.lower()) for word, base in found if base and base.isalpha()]


class Stemmed:
    """The forms of all words of some pairs, by one pack."""

    def __init__(self, known: Pack, found: list[Pair]) -> None:
        self.pack = known
        self.forms = {word: forms(word, known) for pair in found for word in pair}
        self._bases: dict[str, set[Pair]] = defaultdict(set)
        for pair in found:
            for form in self.forms[pair.word]:
                self._bases[form].add(pair)

    def joins(self, pair: Pair, changed: Mapping[str, Forms] = MappingProxyType({})) -> bool:
        word, base = (changed.get(one, self.forms[one]) for one in pair)
        return not word.isdisjoint(base)

    def others(self, pair: Pair, of: Forms) -> set[str]:
        """The words of other base forms that have one of these forms."""
        return {one.word for form in of for one in self._bases.get(form, ()) if one.base != pair.base}

    def shares(self, among: Iterable[Pair]) -> str:
        """What part of the words have a form of their base form, and what part one of another."""
        some = list(among)
        inflected = [pair for pair in some if pair.word != pair.base]
        joined = sum(map(self.joins, inflected)) / len(inflected)
        mixed = sum(bool(self.others(pair, self.forms[pair.word])) for pair in some) / len(some)
        return f"{joined:.3f} found, {mixed:.3f} with others"


def forms(word: str, known: Pack) -> Forms:
    return frozenset((*stems(word, known), *variants(word)))


def respelling(known: Pack, endings: Mapping[str, str]) -> Pack:
    """The pack with these endings, the longest first."""
    return known._replace(respelt=dict(sorted(endings.items(), key=lambda pair: (-len(pair[0]), pair[0]))))


def learn(known: Pack, found: list[Pair]) -> Pack:
    """The pack with the endings that are worth it, the best first."""
    learned = [pair for pair in found if not pair.left_out]
    endings = dict(known.respelt)
    now = Stemmed(respelling(known, endings), found)
    for _ in range(MAX_ENDINGS):
        worth = {
            change: net
            for change in _candidates(now, learned)
            if change[0] not in endings and (net := _worth(now, learned, change, endings))
        }
        if not worth:
            break
        ending, spelt = max(worth, key=lambda change: (worth[change], change))
        endings[ending] = spelt
        now = Stemmed(respelling(known, endings), found)
    return now.pack


def _candidates(now: Stemmed, learned: list[Pair]) -> list[tuple[str, str]]:
    """Endings of words that lack the stem of their base form, with those of that, the commonest first."""
    counts: Counter[tuple[str, str]] = Counter()
    for word, base in (pair for pair in learned if not now.joins(pair)):
        same = next((i for i, (a, b) in enumerate(zip(word, base)) if a != b), min(len(word), len(base)))
        for cut in range(max(MIN_LETTERS, same - 2), same + 1):
            if 2 <= len(word) - cut <= MAX_LETTERS and len(base) - cut <= MAX_LETTERS:
                counts[word[cut:], base[cut:]] += 1
    return [change for change, count in counts.most_common(MAX_TRIED) if count >= MIN_GAIN]


def _worth(now: Stemmed, learned: list[Pair], change: tuple[str, str], endings: Mapping[str, str]) -> int:
    """How many pairs more an ending joins than it mixes words with others; 0 where that is too few."""
    then = respelling(now.pack, {**endings, change[0]: change[1]})
    changed = {word: forms(word, then) for word in now.forms if word.endswith(change[0])}
    gain = cost = 0
    for pair in learned:
        if pair.word != pair.base and (pair.word in changed or pair.base in changed):
            gain += now.joins(pair, changed) - now.joins(pair)
        if pair.word in changed:
            before = now.others(pair, now.forms[pair.word])
            cost += bool(now.others(pair, changed[pair.word]) - before - changed.keys())
    return gain - cost if gain >= max(MIN_GAIN, MIN_RATIO * cost) else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("codes", nargs="+", metavar="CODE")
    parser.add_argument("--write", action="store_true", help="write the endings into the packs")
    options = parser.parse_args()
    for code in options.codes:
        known, found = pack(code), pairs(code)
        if known is None:
            parser.error(f"there is no pack {code}")
        learned = learn(known, found)
        left_out = [pair for pair in found if pair.left_out]
        print(
            f"{code}: {Stemmed(known, found).shares(left_out)}; {Stemmed(learned, found).shares(left_out)}",
            flush=True,
        )
        print(f"  {dict(learned.respelt)}", flush=True)
        if options.write:
            file = PACKS / f"{code}.json"
            written = {**json.loads(file.read_text("utf-8")), "respelt": dict(learned.respelt)}
            file.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

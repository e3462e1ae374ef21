"""Names to look for, with who is meant: known ones written otherwise, and others that look much like them.

``python -m benchmarks.lists.cases DATA CASES.tsv`` writes them once, before any is asked: KIND, NAME, who is
MEANT (empty: nobody of the index). People of labelled news are in the index; some of their names are misspelt
and so on, others are taken apart and put together to people who are not there. Names in other scripts are
made up.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

from searcher.analysis.terms import within_edits
from searcher.names.forms import PARTICLES, TITLES
from searcher.names.normalise import fold

#: Sets of names that the index has, and those of which only words are taken.
KNOWN, OTHERS = (
    ("news-train", "news-dev", "wikigold", "crossner"),
    ("de-train", "sv-train", "da-train", "hr-train"),
)
_EACH, _DECOYS = 25, 50
_TITLES = ("Dr. ", "Prof. Dr. ", "Mr. ", "Senator ", "President ", "Sir ", "Minister ", "Herr ")
_NAME = re.compile(r"[^\W\d_][\w’'.-]*(?: [^\W\d_][\w’'.-]*){1,3}")
DECOYS = ("another first name", "similar surname", "similar first name")


_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ö": "Oe", "ø": "oe", "Ü": "Ue"})


class Case(NamedTuple):
    kind: str
    name: str
    meant: str


def people(data: Path, sets: Iterable[str]) -> list[str]:
    """The full names of people in some sets, each once."""
    found: set[str] = set()
    for name in sets:
        for line in (data / f"{name}.jsonl").open(encoding="utf-8"):
            article = json.loads(line)
            for start, end, kind in article["spans"]:
                text = " ".join(article["text"][start:end].split())
                first = fold(text).partition(" ")[0]
                if kind == "PER" and _NAME.fullmatch(text) and not text.isupper() and first not in TITLES:
                    found.add(text)
    return sorted(found)


def made_up() -> Iterator[tuple[str, str, list[str]]]:
    """People in other scripts: the script, the name in it, and spellings of it in Latin letters."""
    words: dict[tuple[str, str], list[list[str]]] = {}
    for line in Path(__file__).with_name("spellings.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            script, part, *spelt = line.split()
            words.setdefault((script, part), []).append(spelt)
    for script in ("cyrillic", "arabic", "greek"):
        for given, surname in product(words[script, "given"], words[script, "surname"]):
            latin = [f"{one} {other}" for one, other in product(given[1:], surname[1:])]
            yield script, f"{given[0]} {surname[0]}", latin


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


class Maker:
    def __init__(self, data: Path, seed: int = 20) -> None:
        self.rng = random.Random(seed)
        self.known = people(data, KNOWN)
        self.folded = {fold(name) for name in self.known}
        self.words = people(data / "languages", OTHERS) + self.known
        self.made = list(made_up())
        self.rng.shuffle(self.made)
        self.made = self.made[:160]  # a few bearers of each word, as in an archive

    def index_names(self) -> list[str]:
        return self.known + [latin[0] for _, _, latin in self.made]

    def drawn(self, fits: re.Pattern[str], count: int = _EACH) -> list[str]:
        fitting = [name for name in self.known if fits.search(name)]
        return self.rng.sample(fitting, min(count, len(fitting)))

    def cases(self) -> Iterator[Case]:
        two = re.compile(r"^[^ .]{3,} [^ .]{4,}$")
        for name in self.drawn(two, 50):
            yield Case("typing error", self.mistyped(name), name)
        for name in self.drawn(two):
            first, last = name.split()
            yield Case(
                "order",
                self.rng.choice((f"{last} {first}", f"{last}, {first}", f"{last.upper()} {first}")),
                name,
            )
        for name in self.drawn(two):
            yield Case("initial", f"{name[0]}{self.rng.choice(('.', ''))} {name.split()[1]}", name)
        for name in self.drawn(two):
            yield Case("honorific", self.rng.choice(_TITLES) + name, name)
        for name in self.drawn(re.compile(r"[^\x00-\x7f’]")):
            german = name.translate(_GERMAN)
            yield Case("accents", plain(german if self.rng.random() < 0.3 else name), name)
        for name in self.drawn(re.compile(r"[a-z]-[^\W\d_]")):
            yield Case("hyphen", name.replace("-", self.rng.choice((" ", ""))), name)
        particle = re.compile(rf" (?:{'|'.join(sorted(PARTICLES))}) \w+$", re.I)
        for name in self.drawn(particle):
            start, word, last = name.rsplit(" ", 2)
            other = self.rng.choice((f"{start} {last}", f"{start} {word}{last}", f"{start} {word}-{last}"))
            yield Case("particle", other, name)
        for name in self.drawn(re.compile(r"^[^ .]{3,} \w\.? [^ .]{3,}$")):
            yield Case("middle initial", f"{name.split()[0]} {name.split()[-1]}", name)
        for script in ("cyrillic", "arabic", "greek"):
            for _, native, latin in [one for one in self.made if one[0] == script][:_EACH]:
                yield Case(script, native, latin[0])
            for _, _, latin in [one for one in self.made if one[0] == script and len(one[2]) > 1][
                _EACH : _EACH + 12
            ]:
                yield Case("other Latin spelling", latin[-1], latin[0])
        yield from self.decoys()

    def mistyped(self, name: str) -> str:
        rng, letters = self.rng, list(name)
        at = rng.choice([n for n in range(1, len(name) - 1) if name[n].isalpha() and name[n + 1].isalpha()])
        match rng.randrange(4):
            case 0:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            case 1:
                del letters[at]
            case 2:
                letters.insert(at, rng.choice("abcdefghiklmnoprstuvwyz"))
            case _:
                letters[at] = rng.choice("abcdefghiklmnoprstuvwyz")
        wrong = "".join(letters)
        return wrong if fold(wrong) not in self.folded else self.mistyped(name)

    def decoys(self) -> Iterator[Case]:
        firsts = sorted({name.split()[0] for name in self.words if len(name.split()) == 2})
        lasts = sorted({name.split()[-1] for name in self.words if len(name.split()) == 2})
        for kind in DECOYS:
            found = 0
            for name in self.rng.sample(self.known, len(self.known)):
                if found == _DECOYS or len(name.split()) != 2 or min(map(len, name.split())) < 3:
                    continue
                first, last = name.split()
                if kind == DECOYS[0]:
                    others = [
                        f"{one} {last}"
                        for one in self.rng.sample(firsts, 3)
                        if not within_edits(one.lower(), first.lower(), 2)
                    ]
                elif kind == DECOYS[1]:
                    others = [f"{first} {one}" for one in lasts if within_edits(fold(one), fold(last), 1)]
                else:
                    others = [f"{one} {last}" for one in firsts if within_edits(fold(one), fold(first), 1)]
                others = [
                    one
                    for one in others
                    if fold(one) not in self.folded and "." not in one and len(fold(one)) > 6
                ]
                if others:
                    found += 1
                    yield Case(kind, self.rng.choice(others), "")


def read(path: Path) -> list[Case]:
    return [Case(*line.split("\t")) for line in path.read_text(encoding="utf-8").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.lists.cases", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with the labelled data")
    parser.add_argument("cases", type=Path)
    given = parser.parse_args()
    maker = Maker(given.data / "names")
    lines = ["\t".join(case) for case in maker.cases()]
    given.cases.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} names")


if __name__ == "__main__":
    main()

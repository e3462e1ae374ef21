"""``python -m benchmarks.speed.across DATA [--articles 100000 --made FOLDER]``

What it costs that an index knows what its words mean in its other languages. Half of the articles are the
Reuters ones, the others are labelled ones of forty languages, and copies of both. Prints how many words the
file has and its bytes a word; the seconds of the processor that a commit takes, reading the words, and
reading them again when a fortieth more articles have come; the ms of questions of one English word across and
of the same with as many synonyms, in turns, each asked for the first time and again; and of a start without
``--translate``, before there is a file and after.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np

from benchmarks.speed.corpus import read_articles
from benchmarks.speed.starting import command, measure
from benchmarks.speed.statements import Copies
from searcher import open_index
from searcher.article import Article, Mention, MentionKind
from searcher.extensions.languages.across import WordTable
from searcher.index import Index
from searcher.ingest.run import optimize
from searcher.locations import TRANSLATIONS
from searcher.query.request import Search
from searcher.query.synonyms import Synonyms

_KINDS: dict[str, MentionKind] = {"PER": "person", "ORG": "organisation"}
#: Questions, those asked beforehand that do not count, and how much of the commonest words is passed over.
_ASKED, _BEFOREHAND, _COMMONEST, _STARTS = 120, 10, 100, 9
#: Of how many articles one comes later: more than the words bear without being read again.
_SHARE_LATER = 40


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--made", type=Path, help="where the index is made; it must not be there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        _measure(options.data, options.articles, options.made or Path(temporary))


def _measure(data: Path, number: int, folder: Path) -> None:
    copies, later = _made(data, number + number // _SHARE_LATER), number // _SHARE_LATER
    with open_index(folder) as index:
        _say("commit and merge", partial(_add, index, copies[:number]))
        before = _start(folder, number)
        _say("words read", index._session.words.current)
        table, size = cast(WordTable, index._session.words.current()), (folder / TRANSLATIONS).stat().st_size
        print(
            f"{len(table.keys):,} words of {len(table.ranges)} languages,",
            f"{size / len(table.keys):.0f} bytes each",
        )
        _say(f"commit of {later:,} more", partial(_add, index, copies[number:]))
        _say("words read again", index._session.words.current)
        asked: dict[str, list[str]] = {}
        commonest = sorted(range(*table.ranges["en"]), key=lambda row: -int(table.articles[row]))
        for row in commonest[_COMMONEST : _COMMONEST + _ASKED]:
            found = index.search(table.words[row], limit=0, translate=True).translations
            asked |= {word: [one.word for one in some] for word, some in found.items()}
    _ask(folder, asked)
    print(f"start without, {before}; with the file there, {_start(folder, number)}")


def _made(data: Path, number: int) -> list[Article]:
    """Return so many articles: labelled ones, each with its copies, whose words are of its language."""
    wires = [
        Article(one["id"], one["title"], one["body"], language="en")
        for one in read_articles(data / "corpus/reuters-21578.jsonl")
    ]
    by_language: dict[str, list[Article]] = defaultdict(list)
    for file in sorted((data / "names/languages").glob("*.jsonl")):
        for line in file.open(encoding="utf-8") if "-ocr-" not in file.name else ():
            one, code = json.loads(line), file.name[:2]
            text, spans = one["text"], [span for span in one.get("spans", ()) if span[2] in _KINDS]
            names = tuple(Mention(text[start:end], _KINDS[kind], start, end) for start, end, kind in spans)
            by_language[code].append(
                Article(f"{file.name} {one['id']}", "", text, language=code, mentions=names)
            )
    others = sum(map(len, by_language.values()))
    groups = [
        (wires, number - number // 2),
        *((some, len(some) * (number // 2) // others) for some in by_language.values()),
    ]
    return [copies[n] for some, size in groups for copies in (Copies(some, size, 0),) for n in range(size)]


def _add(index: Index, articles: Sequence[Article]) -> None:
    index.add(articles, annotate=False)
    optimize(index._session.engine, len(articles))


def _say(what: str, call: Callable[[], object]) -> None:
    spent = time.process_time()
    call()
    print(f"{what}: {time.process_time() - spent:.1f} s", flush=True)


def _start(folder: Path, number: int) -> str:
    found = measure({("searcher", number): command("searcher", sys.executable, folder)}, _STARTS)["searcher"]
    return ", ".join(f"{one.word} {1000 * one.cpu:.0f} ms" for one in found)


def _ask(folder: Path, asked: dict[str, list[str]]) -> None:
    """Print the ms of the processor of questions across, and of those with synonyms."""
    synonyms = Synonyms()
    for word, others in asked.items():
        synonyms = synonyms.add(f"{word} => {', '.join(dict.fromkeys(others))}")
    with open_index(folder) as one, open_index(folder) as other:
        _say("words opened", one._session.words.current)
        ways: dict[str, Callable[[str], object]] = {
            "across": lambda word: one.search(word, translate=True),
            "synonyms": partial(_with, synonyms, other),
        }
        for when in ("first", "again"):
            times: dict[str, list[float]] = defaultdict(list)
            for number, word in enumerate(asked):
                for way, ask in ways.items():
                    clock, spent = time.perf_counter(), time.process_time()
                    ask(word)
                    taken = min(time.process_time() - spent, time.perf_counter() - clock)
                    times[way] += [1000 * taken] if number >= _BEFOREHAND else []
            middle, late = (np.percentile([times[way] for way in ways], share, axis=1) for share in (50, 95))
            for n, way in enumerate(ways):
                print(f"{way}, {when}: p50 {middle[n]:.1f} p95 {late[n]:.1f} ms")
            print(f"{when}: {middle[0] / middle[1]:.2f} and {late[0] / late[1]:.2f} times as long")


def _with(synonyms: Synonyms, index: Index, word: str) -> object:
    return replace(index._session.answers(), synonyms=synonyms).search(Search(word))


if __name__ == "__main__":
    main()

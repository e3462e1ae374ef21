"""``python -m benchmarks.loaders opensearch+http://127.0.0.1:9200/loaded --articles 2000``

One loader over all files, and four over four parts at once, by the clock: is it the same index? Each is a
process of one worker that extracts and writes, with the articles of ``benchmarks.speed``. ``--sleep 0.4``
extracts nothing and sleeps so long for each article instead, as if each loader were a machine of its own:
does it scale? ``--dies`` lets one of several die, and another take over its part.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

import searcher
from benchmarks.speed.corpus import write_corpus
from benchmarks.speed.driving import ROOT
from searcher import Index

#: Articles of a file.
_FILE_ARTICLES = 5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loaders", description=__doc__)
    parser.add_argument("address", help="of an index that is not there; its loaders are added to the name")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--loaders", type=int, default=4)
    parser.add_argument("--sleep", type=float, help="seconds for each article, instead of extracting")
    parser.add_argument("--dies", type=float, help="seconds after which the first of several is killed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        _write_files(options.data, files, options.articles)
        if options.sleep is not None:
            os.environ["PYTHONPATH"] = str(_sleeper(Path(folder) / "sleeper", options.sleep))
        found = []
        for loaders in (1, options.loaders):
            location, began, used = renamed(options.address, f"-{loaders}"), time.perf_counter(), _used()
            codes = load_in_parts(location, files, loaders, Path(folder), dies=options.dies)
            seconds, used = time.perf_counter() - began, _used() - used
            with searcher.open_index(location, create=False) as index:
                found.append(contents(index))
                print(
                    f"{loaders} loaders: {index.count():,} articles in {seconds:.0f} s by the clock, "
                    f"{used:.0f} s of their processors; ended with {codes}; "
                    f"verified: {index.verify() or 'whole'}",
                    flush=True,
                )
    for name, one, many in zip(("articles", "stories", "facets", "scores"), *found):
        print(f"{name}: {'the same' if one == many else 'different'}")


def renamed(address: str, suffix: str) -> str:
    """Return an address with more at the end of the name of its index."""
    base, *options = address.split("?", 1)
    return "?".join([f"{base}{suffix}", *options])


def load_in_parts(
    location: str, files: Path, parts: int, home: Path, *options: str, dies: float | None = None
) -> list[int]:
    """Load files by so many loaders at once, each its part, and return how they ended. After ``dies`` seconds
    the first of several is killed, and another one begins its part anew."""

    def started(part: int) -> subprocess.Popen[bytes]:
        name = f"{parts}-{part}"
        command = [sys.executable, "-m", "searcher.cli.searcher", "index", "-i", location, "--workers", "1"]
        return subprocess.Popen(
            [*command, *options, "--shard", f"{part}/{parts}", str(files)],
            env={**os.environ, "SEARCHER_MACHINE": name, "XDG_DATA_HOME": str(home / name)},
            stdout=subprocess.DEVNULL,
        )

    loaders = [started(part) for part in range(1, parts + 1)]
    if dies is not None and parts > 1:
        time.sleep(dies)
        loaders[0].kill()
        loaders.append(started(1))
    return [loader.wait() for loader in loaders]


def contents(index: Index) -> tuple[object, ...]:
    """The articles, which of them are one story, and answers; in which order they came is no part of it."""
    articles = {article.id: article for article in index.articles}
    stories: dict[str | None, set[str]] = {}
    for article in articles.values():
        stories.setdefault(article.story, set()).add(article.id)
    found = index.search("ferry", facets=("person", "source"), sort="relevance", limit=100)
    return (
        {id: replace(article, story=None) for id, article in articles.items()},
        sorted(map(sorted, stories.values())),
        (found.total, {name: dict(facet.values.counts) for name, facet in found.facets.items()}),
        {hit.article.id: round(hit.score, 5) for hit in found},
    )


def _sleeper(folder: Path, seconds: float) -> Path:
    """Make what overrules the extractors where Python looks for it, and return where that is."""
    about = folder / "sleeper-1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: sleeper\nVersion: 1\n", "utf-8")
    names = {"names": "sleep", "quotes": "leave", "contacts": "leave"}
    points = "\n".join(f"{name} = sleeper:{function}" for name, function in names.items())
    (about / "entry_points.txt").write_text(f"[searcher.extractors]\n{points}\n", "utf-8")
    (folder / "sleeper.py").write_text(
        f"import time\n\ndef sleep(article):\n    time.sleep({seconds})\n    return article\n\n"
        "def leave(article):\n    return article\n",
        "utf-8",
    )
    return folder


def _used() -> float:
    """Return the seconds of processors that processes have used which this one started and that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _write_files(data: Path, folder: Path, count: int) -> None:
    folder.mkdir()
    corpus = folder.parent / "corpus.jsonl"
    write_corpus(data, corpus, count)
    with corpus.open(encoding="utf-8") as lines:
        number = 0
        while part := "".join(islice(lines, _FILE_ARTICLES)):
            (folder / f"{number:05}.jsonl").write_text(part, "utf-8")
            number += 1


if __name__ == "__main__":
    main()

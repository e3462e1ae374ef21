"""``python -m benchmarks.loaders opensearch+http://127.0.0.1:9200/loaded --articles 2000``

One loader over all files, and four over four parts at once, by the clock: is it the same index? Each is a
process of one worker that extracts and writes, with the articles of ``benchmarks.speed``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from itertools import islice
from pathlib import Path

import searcher
from benchmarks.speed.corpus import write_corpus
from benchmarks.speed.driving import ROOT
from tests.engines.opensearch.loaders import contents, load_in_parts

__all__: list[str] = []

#: Articles of a file.
_ARTICLES = 25


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loaders", description=__doc__)
    parser.add_argument("address", help="of an index that is not there; its loaders are added to the name")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--loaders", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        _write_files(options.data, files, options.articles)
        found = []
        for loaders in (1, options.loaders):
            location, began = f"{options.address}-{loaders}", time.perf_counter()
            codes = load_in_parts(location, files, loaders, Path(folder))
            seconds = time.perf_counter() - began
            with searcher.open_index(location, create=False) as index:
                found.append(contents(index))
                print(
                    f"{loaders} loaders: {index.count():,} articles in {seconds:.0f} s; ended with {codes}; "
                    f"verified: {index.verify() or 'whole'}",
                    flush=True,
                )
    for name, one, many in zip(("articles", "stories", "facets", "scores"), *found):
        print(f"{name}: {'the same' if one == many else 'different'}")


def _write_files(data: Path, folder: Path, count: int) -> None:
    folder.mkdir()
    corpus = folder.parent / "corpus.jsonl"
    write_corpus(data, corpus, count)
    with corpus.open(encoding="utf-8") as lines:
        number = 0
        while part := "".join(islice(lines, _ARTICLES)):
            (folder / f"{number:05}.jsonl").write_text(part, "utf-8")
            number += 1


if __name__ == "__main__":
    main()

"""Recoll, a desktop search on top of Xapian: it indexes files and is asked from the command line."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks.speed.corpus import read_articles

#: Beyond so many articles, each a file, indexing them takes long.
MAX_ARTICLES = 50_000

_CONFIGURATION = """\
topdirs = {files}
skippedNames =
skippedPaths =
indexstemminglanguages = english
"""
_FOLDER_FILES = 1000  # files of one folder


def installed() -> bool:
    return all(map(shutil.which, ("recollindex", "recollq")))


def index(corpus: Path, folder: Path) -> None:
    """Index the corpus with a text file for each article, unless the folder holds that index."""
    if (folder / "done").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    files = folder / "files"
    for number, article in enumerate(read_articles(corpus)):
        part = files / str(number // _FOLDER_FILES)
        part.mkdir(parents=True, exist_ok=True)
        (part / f"{number}.txt").write_text(f"{article['title']}\n\n{article['body']}\n", "utf-8")
    (folder / "recoll.conf").write_text(_CONFIGURATION.format(files=files), "utf-8")
    subprocess.run(["recollindex", "-c", str(folder), "-z"], check=True, capture_output=True)
    (folder / "done").touch()


def command(folder: Path) -> Callable[[str], list[str] | None]:
    """Counts the articles with a word; it has no facets."""
    return lambda word: None if " " in word else ["recollq", "-c", str(folder), "-Q", "-E", word]

"""Loaders, each a process as on a machine of its own, and what the index holds that they make."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from searcher import Index

__all__ = ["contents", "load_in_parts"]


def load_in_parts(location: str, files: Path, parts: int, home: Path, *options: str) -> list[int]:
    """Load files by so many loaders at once, each its part, and return how they ended."""
    loaders = []
    for part in range(1, parts + 1):
        name = f"{parts}-{part}"
        command = [sys.executable, "-m", "searcher.cli.searcher", "index", "-i", location, "--workers", "1"]
        loaders.append(
            subprocess.Popen(
                [*command, *options, "--part", f"{part}/{parts}", str(files)],
                env={**os.environ, "SEARCHER_MACHINE": name, "XDG_DATA_HOME": str(home / name)},
                stdout=subprocess.DEVNULL,
            )
        )
    return [loader.wait() for loader in loaders]


def contents(index: Index) -> tuple[object, ...]:
    """The articles, which of them are one story, and answers; in which order they came is no part of it."""
    articles = {article.id: article for article in index.articles()}
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

"""Copying: the articles of one index into another, as they are annotated, wherever the two lie."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from searcher import own_fields, textfiles
from searcher.article import Article
from searcher.engines.base import Engine
from searcher.ingest import replica, sources
from searcher.ingest.duplicates import stories
from searcher.ingest.duplicates.stories import Stories
from searcher.ingest.report import Report
from searcher.ingest.run import Records
from searcher.names import decisions
from searcher.textfiles import Place

__all__ = ["copy_articles", "copy_beside", "copy_records"]

#: Articles of a commit.
BATCH = 5_000
#: The texts beside an index, saved searches aside.
_TEXTS = (decisions.FILE, textfiles.SYNONYMS, own_fields.FILE)
_SAVED = "saved"
#: What is known of the files that were loaded.
_RECORDS = (sources.FILE, stories.FILE)


def copy_articles(
    articles: Iterable[Article],
    target: Engine,
    records: Records,
    relink: bool,
    progress: Callable[[int], None] | None,
) -> Report:
    """Add articles as they are, in commits; those of the same id are replaced. ``records`` are those of the
    target, whose tags the articles are given. ``relink``: its stories are not those of the articles."""
    added = updated = 0
    left = iter(articles)
    while batch := list(islice(left, BATCH)):
        known = sum(target.contains(article.id) for article in batch) if relink else 0
        with target.writer() as writer:
            records.write(writer, partial(_linked, batch, records.stories) if relink else lambda: batch)
        added, updated = added + len(batch) - known, updated + known
        if progress:
            progress(added + updated)
    if added or updated:
        target.optimize(added + updated)
    return Report(added=added, updated=updated)


def copy_beside(source: Place, target: Place) -> None:
    """Copy the texts beside an index: decisions, synonyms, fields of one's own and saved searches."""
    for name in _TEXTS:
        if (source / name).is_file():
            textfiles.replace(target / name, textfiles.read(source / name))
    for file in (source / _SAVED).glob("*.json"):
        textfiles.replace(target / _SAVED / f"{file.stem}.json", textfiles.read(file))


def copy_records(source: Path, target: Path) -> None:
    """Copy what is known of the files that were loaded, so that they need not be read again."""
    target.mkdir(parents=True, exist_ok=True)
    for name in _RECORDS:
        if (source / name).is_file():
            with (
                closing(sqlite3.connect(source / name)) as old,
                closing(sqlite3.connect(target / name)) as new,
            ):
                old.backup(new)
                replica.forget(new)


def _linked(articles: list[Article], known: Stories) -> list[Article]:
    """The articles, those that had a story linked to the stories known."""
    return known.link(articles, lambda article: article.story)

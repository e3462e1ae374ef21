"""The transfer of the articles of one index into another, as they are annotated, wherever the two lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice

from searcher.article import Article
from searcher.engines.base import Engine
from searcher.files import temporary_folder
from searcher.ingest.report import Report
from searcher.ingest.run import Records, optimize
from searcher.ingest.stories import Stories
from searcher.locations import TEXTS
from searcher.records.store import Store, has_table
from searcher.textfiles import Texts

#: Articles of a commit.
BATCH_ARTICLES = 5_000
#: What is known of the files that were loaded, the saved searches, and who has changed what.
_COPIED = ("files", "articles", "pages", "problems", "deleted", "stories", "bands", "searches", "log")


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
    while batch := list(islice(left, BATCH_ARTICLES)):
        known = len(target.frequencies("id", {article.id for article in batch})) if relink else 0
        with records.writer(target) as writer:
            records.write(writer, partial(_linked, batch, records.stories) if relink else lambda: batch)
        added, updated = added + len(batch) - known, updated + known
        if progress:
            progress(added + updated)
    if added or updated:
        optimize(target, added + updated)
    return Report(added=added, updated=updated)


def copy_texts(source: Texts, target: Texts) -> None:
    """Copy the texts beside an index: decisions, synonyms and fields of one's own."""
    for name in TEXTS:
        if text := source.read(name):
            target.change(name, lambda _, text=text: text)  # type: ignore[misc]


@contextmanager
def recorded(store: Store) -> Iterator[Store]:
    """Give a copy of a store as it is now."""
    with temporary_folder() as folder:
        yield store.copy_to(folder)


def copy_records(source: Store, target: Store) -> None:
    """Copy what is known of the files that were loaded, so that they need not be read again."""
    with source.reading() as old, target.transaction() as new:
        for table in _COPIED:
            new.execute(f"DELETE FROM {table}")  # noqa: S608
            if not has_table(old, table):
                continue
            rows = old.execute(f"SELECT * FROM {table}")  # noqa: S608
            places = ", ".join("?" * len(rows.description))
            new.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608


def _linked(articles: list[Article], known: Stories) -> list[Article]:
    """The articles, those that had a story linked to the stories known."""
    return known.link(articles, lambda article: article.story)

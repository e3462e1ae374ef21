"""Rebuild an index from its recorded files, and transfer annotated articles between indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from searcher.article import Article
from searcher.engines.base import Engine, Writer
from searcher.errors import IndexDamaged, IndexOutdated
from searcher.extract import ANNOTATOR, annotate
from searcher.files import temporary_folder
from searcher.ingest.changes import accept_files, current_source
from searcher.ingest.paths import Stamp
from searcher.ingest.report import Failure, Progress, Report
from searcher.ingest.run import Batch, FinishedFile, Records, Run, optimize
from searcher.ingest.sources import Source
from searcher.ingest.stories import Stories
from searcher.locations import TEXTS
from searcher.records.store import Store
from searcher.textfiles import Texts

#: Number of articles passed to the writer in one call.
GROUP_ARTICLES = 500


class Rebuild:
    """One rebuild: read all files, keep articles that no file contains, then record the files.

    The first two steps fill a fresh index that replaces the old one in one step, followed by the list of
    stories. An interrupted rebuild changes nothing.
    """

    def __init__(
        self,
        engine: Engine,
        records: Records,
        stories: Stories,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        """``stories`` must be empty."""
        self._engine = engine
        self._workers = workers
        self._recorded = records.sources.all()
        self._there = [source for source in self._recorded if Path(source.path).is_file()]
        self.run = Run(engine, records, len(self._there), progress, rebuilding=True, stories=stories)
        self.run.pages.begin(source.path for source in self._there)
        self._written: set[str] = set()
        self._finished: list[FinishedFile] = []
        self._unread: set[str] = {source.path for source in self._recorded} - {s.path for s in self._there}

    def __call__(self) -> Report:
        self.run.records.stories.assign(())  # Fail early if the list is damaged.
        with ExitStack() as after_commit, self.run.records.writer(self._engine, fresh=True) as writer:
            old = self._old_articles()
            self._read(writer)
            self._keep(writer, old)
            # Begin the transaction before other processes can write, and commit it after the writer.
            after_commit.enter_context(self.run.records.store.transaction())
            self.run.records.stories.replace_by(self.run.stories)
        self.run.record(self._finished)  # This also makes the stories visible to other processes.
        self.run.records.accept_loss()
        return self.run.tally.report()

    def _read(self, writer: Writer) -> None:
        for _ in accept_files(self.run, self._current_sources(), lambda _: False, self._workers):
            if len(self.run.batch.articles) >= GROUP_ARTICLES:
                self._write_batch(writer)
        self._write_batch(writer)

    def _current_sources(self) -> Iterator[tuple[Source, Stamp]]:
        for source in self._there:
            if (current := current_source(self.run, source)) is None:
                self._unread.add(source.path)
            else:
                yield current

    def _keep(self, writer: Writer, old: Iterable[Article]) -> None:
        """Carry over articles that no file contains now: added by hand, or from unreadable files."""
        sources = self.run.sources
        self._unread |= {file.source.path for file in self._finished if file.is_incomplete}
        unread_ids = frozenset().union(*(sources.ids(path) for path in self._unread))
        of_files = sources.all_ids()
        kept_articles = (
            a for a in old if a.id not in self._written and (a.id not in of_files or a.id in unread_ids)
        )
        while group := [_current(article) for article in islice(kept_articles, GROUP_ARTICLES)]:
            # As in a load, articles that should not be annotated are not linked to other stories.
            linked = partial(self.run.stories.link, group, lambda article: article.annotator)
            self.run.records.write(writer, linked)
            self.run.tally["carried_over"] += len(group)

    def _write_batch(self, writer: Writer) -> None:
        batch = self.run.batch
        self.run.write(writer, batch.articles.values())
        self.run.tally["added"] += len(batch.articles.keys() - self._written)
        self._written |= batch.articles.keys()
        self._finished += batch.files
        self.run.batch = Batch()

    def _old_articles(self) -> Iterator[Article]:
        """Yield the articles of the index. If it is damaged, yield the readable ones and report the rest."""
        try:
            if not self._engine.storage().verify():
                yield from self._engine.storage().articles()
                return
        except (IndexDamaged, IndexOutdated):
            pass
        for one in self._engine.storage().read_undamaged_articles():
            if isinstance(one, IndexDamaged):
                self.run.tally.failed.append(Failure("index", str(one)))
            else:
                yield one


def _current(article: Article) -> Article:
    """Annotate the article again if an earlier version annotated it."""
    if article.annotator in (None, ANNOTATOR):
        return article
    return annotate(article.without_annotations())


#: Number of articles per commit.
BATCH_ARTICLES = 5_000
#: Tables that describe files, saved searches and changes.
_COPIED = ("files", "articles", "pages", "problems", "deleted", "stories", "bands", "searches", "log")


def copy_articles(
    articles: Iterable[Article],
    target: Engine,
    records: Records,
    relink: bool,
    progress: Callable[[int], None] | None,
) -> Report:
    """Add articles unchanged, in several commits. ``relink``: assign their stories again."""
    added = updated = 0
    remaining = iter(articles)
    while batch := list(islice(remaining, BATCH_ARTICLES)):
        present = len(target.frequencies("id", {article.id for article in batch})) if relink else 0
        with records.writer(target) as writer:
            linked = partial(records.stories.link, batch, lambda article: article.story)
            records.write(writer, linked if relink else lambda: batch)
        added, updated = added + len(batch) - present, updated + present
        if progress:
            progress(added + updated)
    if added or updated:
        optimize(target, added + updated)
    return Report(added=added, updated=updated)


def copy_texts(source: Texts, target: Texts) -> None:
    for name in TEXTS:
        if text := source.read(name):
            target.change(name, lambda _, text=text: text)  # type: ignore[misc]


@contextmanager
def store_copy(store: Store) -> Iterator[Store]:
    with temporary_folder() as folder, closing(store.copy_to(folder)) as copied:
        yield copied


def copy_records(source: Store, target: Store) -> None:
    """Copy the records of indexed files, so that they need not be read again."""
    with source.reading() as old, target.transaction() as new:
        for table in _COPIED:
            new.execute(f"DELETE FROM {table}")  # noqa: S608
            rows = old.execute(f"SELECT * FROM {table}")  # noqa: S608
            places = ", ".join("?" * len(rows.description))
            new.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608

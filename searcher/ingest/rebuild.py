"""Rebuilding: every recorded file is read again into a fresh index, and the rest is carried over; and the
transfer of annotated articles from one index into another."""

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
from searcher.ingest.changes import read_task, source_as_is
from searcher.ingest.pipeline import ReadTask, process
from searcher.ingest.report import Failure, Progress, Report
from searcher.ingest.run import Batch, FinishedFile, Records, Run, optimize
from searcher.ingest.sources import Source
from searcher.ingest.stories import Stories
from searcher.locations import TEXTS
from searcher.records.store import Store
from searcher.textfiles import Texts

#: Articles that are given to the writer together.
GROUP_ARTICLES = 500


class Rebuild:
    """One rebuild, in three steps: what files give is read, what none gives is kept, and what every file gave
    is recorded. The first two fill the fresh index, which takes the place of the old one at once, then a list
    of its stories that of theirs: stopped before, it has changed nothing."""

    def __init__(
        self,
        engine: Engine,
        records: Records,
        stories: Stories,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        """``stories``: an empty list."""
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
        self.run.records.stories.assign(())  # a damaged list is told before all the work
        with ExitStack() as after_commit, self.run.records.writer(self._engine, fresh=True) as writer:
            old = self._old_articles()
            self._read(writer)
            self._keep(writer, old)
            # Begun while nobody else can write, and done once the writer has committed.
            after_commit.enter_context(self.run.records.store.transaction())
            self.run.records.stories.replace_by(self.run.stories)
        self.run.record(self._finished)  # and lets others see the stories
        self.run.records.accept_loss()
        return self.run.tally.report()

    def _read(self, writer: Writer) -> None:
        """Read every file that is there."""
        reading: dict[Path, Source] = {}
        tasks = self._tasks(reading)
        for chunk in process(tasks, lambda _: False, self._workers, repeats=self.run.repeats):
            self.run.accept(chunk, reading[chunk.path])
            if chunk.done or chunk.failed:
                del reading[chunk.path]
            if len(self.run.batch.articles) >= GROUP_ARTICLES:
                self._write_batch(writer)
        self._write_batch(writer)

    def _tasks(self, reading: dict[Path, Source]) -> Iterator[ReadTask]:
        for source in self._there:
            found = source_as_is(self.run, source)
            if found is None:
                self._unread.add(source.path)
            else:
                reading[Path(source.path)] = found[0]
                yield read_task(*found)

    def _keep(self, writer: Writer, old: Iterable[Article]) -> None:
        """Carry over what no file gives now: articles added by hand, and of files that are gone or unread."""
        sources = self.run.sources
        self._unread |= {file.source.path for file in self._finished if file.lacks}
        wanted = frozenset().union(*(sources.ids(path) for path in self._unread))
        of_files = sources.all_ids()
        kept = (a for a in old if a.id not in self._written and (a.id not in of_files or a.id in wanted))
        while group := [_current(article) for article in islice(kept, GROUP_ARTICLES)]:
            # As in adding, what was not to be annotated has no story but its own.
            linked = partial(self.run.stories.link, group, lambda article: article.annotator)
            self.run.records.write(writer, linked)
            self.run.tally.add("kept", len(group))

    def _write_batch(self, writer: Writer) -> None:
        batch = self.run.batch
        self.run.write(writer, batch.articles.values())
        self.run.tally.add("added", len(batch.articles.keys() - self._written))
        self._written |= batch.articles.keys()
        self._finished += batch.files
        self.run.batch = Batch()

    def _old_articles(self) -> Iterator[Article]:
        """What the index holds; of a damaged one what can be read, and the report says what cannot."""
        try:
            if not self._engine.storage().verify():
                yield from self._engine.storage().articles()
                return
        except (IndexDamaged, IndexOutdated):
            pass
        for one in self._engine.storage().salvage():
            if isinstance(one, IndexDamaged):
                self.run.tally.fail([Failure("index", str(one))])
            else:
                yield one


def _current(article: Article) -> Article:
    """The article with names and quotations as this version finds them, if it had any of an earlier one."""
    if article.annotator in (None, ANNOTATOR):
        return article
    return annotate(article.unannotated())


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
    """Add articles as they are, in commits. ``relink``: its stories are not those of the articles."""
    added = updated = 0
    left = iter(articles)
    while batch := list(islice(left, BATCH_ARTICLES)):
        known = len(target.frequencies("id", {article.id for article in batch})) if relink else 0
        with records.writer(target) as writer:
            linked = partial(records.stories.link, batch, lambda article: article.story)
            records.write(writer, linked if relink else lambda: batch)
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
def store_copy(store: Store) -> Iterator[Store]:
    """Give a copy of a store as it is now."""
    with temporary_folder() as folder, closing(store.copy_to(folder)) as copied:
        yield copied


def copy_records(source: Store, target: Store) -> None:
    """Copy what is known of the files that were loaded, so that they need not be read again."""
    with source.reading() as old, target.transaction() as new:
        for table in _COPIED:
            new.execute(f"DELETE FROM {table}")  # noqa: S608
            rows = old.execute(f"SELECT * FROM {table}")  # noqa: S608
            places = ", ".join("?" * len(rows.description))
            new.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608

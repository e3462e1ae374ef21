"""Load files into the index in batches, so that an interrupted run loses little."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypedDict

from searcher.article import PENDING, Article
from searcher.engines.base import Engine
from searcher.errors import IndexLocked, SourcesUnknown, UsageError
from searcher.extract import ANNOTATOR
from searcher.fields import add_custom_fields
from searcher.files import FileLock, temporary_folder
from searcher.ingest import pipeline
from searcher.ingest.changes import (
    accept_files,
    changed_sources,
    mark_survivors_changed,
    prune,
    split_mapping,
    write_mapping,
)
from searcher.ingest.paths import Listing, below_any, expand, remember_paths, require_remembered, shard_of
from searcher.ingest.publishers import join_sources
from searcher.ingest.rebuild import Rebuild
from searcher.ingest.report import Failure, Problem, ProblemKind, Progress, Report, Tally
from searcher.ingest.run import MAX_ARTICLES, Batch, Records, Run, optimize
from searcher.ingest.settings import DateFrom, Settings, canonical_mapping, own_field_names
from searcher.ingest.sources import LoadJob, Source
from searcher.ingest.stories import Stories
from searcher.locations import LOADING_LOCK
from searcher.query.arguments import Values
from searcher.query.tree import IS_PENDING, HasValue, Not, Query
from searcher.records.log import ARTICLE, Log, LogEntry
from searcher.records.store import Store, from_sql, to_sql
from searcher.records.tags import TagChange, TagDecisions

#: Number of articles per batch of tag changes.
GROUP_ARTICLES = 500
#: A load of at least this many files or bytes indexes all text before it looks for names. Such a load takes
#: ten minutes on two cores.
LARGE_FILES, LARGE_BYTES = 3000, 200 << 20


class LoadArguments(TypedDict, total=False):
    """Keyword arguments of :meth:`searcher.index.Index.load`."""

    mapping: Mapping[str, str] | None
    fields: Mapping[str, Values] | None
    date_from: DateFrom | None
    ocr: str | None
    annotated: bool
    keep_versions: bool
    prune: bool
    prune_all: bool
    removed: Iterable[str | Path]
    shard: tuple[int, int] | None
    text_first: bool | None
    workers: int | None
    progress: Callable[[Progress], None] | None


def load(
    engine: Engine,
    records: Records,
    paths: Sequence[Path],
    arguments: LoadArguments,
    on_read: Callable[[int], None] = lambda _: None,
) -> Report:
    """See :meth:`searcher.index.Index.load`. ``on_read`` gets the number of new articles before
    annotation."""
    with _under_way(records) as is_only_run:
        return _load(engine, records, paths, arguments, on_read, is_only_run=is_only_run)


@contextmanager
def _under_way(records: Records) -> Iterator[bool]:
    """Take the lock of a run if it is free. Yields False if another run is active; both may continue."""
    lock = FileLock(records.store.folder / LOADING_LOCK) if records.store.folder else None
    is_only_run = True
    with suppress(OSError):  # If the folder is read-only, the first write reports it.
        is_only_run = lock is None or lock.acquire(0)
    try:
        yield is_only_run
    finally:
        if lock:
            lock.release()


def _load(
    engine: Engine,
    records: Records,
    paths: Sequence[Path],
    arguments: LoadArguments,
    on_read: Callable[[int], None],
    *,
    is_only_run: bool,
) -> Report:
    for name in arguments.keys() - LoadArguments.__annotations__.keys():
        raise TypeError(f"load() got an unexpected keyword argument '{name}'")
    shard, pruning, workers = arguments.get("shard"), arguments.get("prune", False), arguments.get("workers")
    limited = not arguments.get("prune_all", False)
    if shard is not None and pruning:
        raise UsageError("You cannot prune with a shard: it does not show all files.")
    settings, mapping = _settings_of(arguments), canonical_mapping(arguments.get("mapping"))
    add_custom_fields(records.texts, (*settings.own_fields, *own_field_names(mapping or ())))
    job = LoadJob(tuple(map(os.path.abspath, paths)), write_mapping(mapping), pruning, settings.to_text())
    remember_paths(job.paths)
    stopped = records.sources.unfinished()
    if shard is None:
        records.sources.begin(job)
    _put_tags(engine, records)
    listing = expand(paths)
    if shard is not None:
        listing.files = dict.fromkeys(shard_of(listing.files, *shard))
    run = Run(engine, records, len(listing.files), arguments.get("progress"))
    remember_paths(listing.files)
    _note_listing(run, listing)
    removed = [Path(os.path.abspath(path)) for path in arguments.get("removed", ())]
    if pruning or removed:
        mark_survivors_changed(run, [*(paths if pruning else ()), *removed])
    try:
        source = Source("", "", job.mapping, job.settings)
        text_first = arguments.get("text_first")
        if text_first is None:
            text_first = _should_index_text_first(engine, records, listing, resumes=stopped is not None)
        _read(run, listing, source, workers, text_first=text_first)
    finally:
        run.commit()  # Also after Ctrl-C, to save the finished articles.
    join_sources(engine, records.texts, run.new_sources)
    if pruning:
        prune(run, paths, listing.files, limited=limited)
    if removed:
        prune(run, _recorded_below(records, removed), (), limited=limited)
    records.push()
    if shard is None:
        records.sources.end()
    report = run.tally.report()
    if report.added or report.updated:
        optimize(engine, report.added + report.updated)
        on_read(report.added)
    if not is_only_run:  # The other run annotates these articles.
        return report
    later = annotate_pending(engine, records, workers, arguments.get("progress"))
    return replace(report, annotated=later.annotated, failed=(*report.failed, *later.failed))


def _settings_of(arguments: LoadArguments) -> Settings:
    return Settings.of(
        arguments.get("fields"),
        arguments.get("date_from"),
        arguments.get("ocr"),
        annotated=arguments.get("annotated", False),
        keep_versions=arguments.get("keep_versions", False),
    )


def _should_index_text_first(engine: Engine, records: Records, listing: Listing, *, resumes: bool) -> bool:
    if records.shared is not None:  # On a cluster, other machines would annotate the articles of this one.
        return False
    # A resumed run uses the same mode, so that articles keep their order.
    return _is_large(listing.files) or (resumes and engine.count(IS_PENDING) > 0)


def annotate(
    engine: Engine,
    records: Records,
    workers: int | None,
    progress: Callable[[Progress], None] | None,
    *,
    refresh: bool = False,
) -> Report:
    with _under_way(records) as is_only_run:
        if not is_only_run:
            raise IndexLocked("Another run is active and will find these names. Wait for it, or stop it.")
        return annotate_pending(engine, records, workers, progress, refresh=refresh)


class Arrivals:
    """The order in which pending articles were added, to be restored once they are annotated."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def keep(self, ids: Iterable[str]) -> None:
        """Append ids that are not yet in the list."""
        with self._records.store.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO arrivals (id) VALUES (?)", ([to_sql(id)] for id in ids))

    def restore(self, engine: Engine) -> int:
        """Rewrite the articles in their original order and return their number."""
        with self._records.store.reading() as db:
            ids = [from_sql(id) for (id,) in db.execute("SELECT id FROM arrivals ORDER BY number")]
        remaining = iter(ids)
        while group := list(islice(remaining, MAX_ARTICLES)):
            self._move(engine, group)
        if ids:
            self.forget()
        return len(ids)

    def _move(self, engine: Engine, ids: Iterable[str]) -> None:
        """Rewrite articles, so that they are the last added."""
        with self._records.writer(engine) as writer:
            self._records.write(writer, lambda: filter(None, map(engine.get, ids)))

    def forget(self) -> None:
        """Accept the current order."""
        with self._records.store.transaction() as db:
            db.execute("DELETE FROM arrivals")


def annotate_pending(
    engine: Engine,
    records: Records,
    workers: int | None,
    progress: Callable[[Progress], None] | None,
    *,
    refresh: bool = False,
) -> Report:
    """Annotate pending articles, newest first, and then restore the order in which they were added. On a
    cluster the order stays as it is, because other machines may add articles meanwhile."""
    tally, arrivals, by_date = Tally(), Arrivals(records), records.shared is None
    condition = Not(HasValue("annotator", ANNOTATOR)) if refresh else IS_PENDING
    total = engine.count(condition)
    if total and by_date:
        arrivals.keep([hit.article.id for hit in engine.scan(Query(condition))])
    stored = (hit.article for hit in engine.scan(Query(condition, sort="newest" if by_date else "relevance")))
    waiting = (
        one if one.is_pending else one.without_annotations() for one in stored if one.annotator is not None
    )
    batch = Batch()
    try:
        for chunk in pipeline.annotated_chunks(waiting, total, workers):
            _note_unannotated(records, chunk, tally)
            for article in chunk.articles:
                batch.add(article, Path(article.origin or ""), copy=False)
            if batch.full:
                batch = _put_annotated(engine, records, batch, tally)
            if progress and chunk.articles:
                done = tally["annotated"] + len(batch.articles)
                progress(Progress(done, total, done, Path(chunk.articles[-1].origin or ""), "annotated"))
    finally:
        _put_annotated(engine, records, batch, tally)
    report = tally.report()
    if not refresh and engine.count(IS_PENDING) > total - report.annotated:  # Another run has added text.
        rest = annotate_pending(engine, records, workers, progress)
        failed = (*report.failed, *rest.failed)
        return replace(report, annotated=report.annotated + rest.annotated, failed=failed)
    if written := max(arrivals.restore(engine), report.annotated):
        optimize(engine, written)
    return report


def _note_unannotated(records: Records, chunk: pipeline.FileChunk, tally: Tally) -> None:
    """Record for their files why articles could not be annotated."""
    tally.failed.extend(Failure(problem.origin, problem.reason) for problem in chunk.problems)
    failed = [article for article in chunk.articles if article.annotator is None]
    reasons = [problem for problem in chunk.problems if problem.version != PENDING]
    with records.sources.store.transaction() if failed else nullcontext():
        for article, reason in zip(failed, reasons):
            for path in records.sources.paths(article.id):
                problems = [*records.sources.problems(path), replace(reason, path=path)]
                records.sources.record_problems(path, problems)


def _put_annotated(engine: Engine, records: Records, batch: Batch, tally: Tally) -> Batch:
    """Replace pending articles by their annotated versions and return an empty batch."""
    if batch.articles:
        with records.writer(engine) as writer:
            records.write(writer, lambda: _still_waiting(engine, batch))
        tally["annotated"] += sum(not article.is_pending for article in batch.articles.values())
    return Batch()


def _still_waiting(engine: Engine, batch: Batch) -> Iterator[Article]:
    """Yield annotated articles whose indexed text has not changed, with their current story."""
    for article in batch.articles.values():
        stored = engine.get(article.id)
        if (
            stored
            and stored.annotator not in (None, ANNOTATOR)
            and (stored.title, stored.body) == (article.title, article.body)
        ):
            yield replace(article, story=stored.story)


def resume(engine: Engine, records: Records, arguments: LoadArguments) -> Report | None:
    job = records.sources.unfinished()
    with _under_way(records) as is_only_run:
        if job is not None and not is_only_run:
            raise IndexLocked("Another run is active. Wait for it, or stop it and resume.")
    if job is None:
        later = annotate(engine, records, arguments.get("workers"), arguments.get("progress"))
        return later if later.annotated else None
    try:
        require_remembered(job.paths)
    except SourcesUnknown as error:
        raise UsageError(
            f"The interrupted run read files that you have never indexed: {error.paths[0]}. Name "
            "the files to read: searcher index PATH…"
        ) from error
    settings = Settings.from_text(job.settings)
    recorded: LoadArguments = {
        **arguments,
        "mapping": split_mapping(job.mapping),
        "fields": dict(settings.values),
        "date_from": settings.date_from,
        "ocr": settings.ocr,
        "annotated": settings.annotated,
        "keep_versions": settings.keep_versions,
        "prune": job.prune,
    }
    return load(engine, records, list(map(Path, job.paths)), recorded)


def rebuild(
    engine: Engine,
    records: Records,
    *,
    trust_sources: bool,
    workers: int | None,
    progress: Callable[[Progress], None] | None,
) -> Report:
    recorded = [source.path for source in records.sources.all()]
    if not trust_sources:
        require_remembered(recorded)
    remember_paths(recorded)
    with temporary_folder() as folder, closing(Store(folder, elsewhere=True)) as store:
        rebuilding = Rebuild(engine, records, Stories(store), workers, progress)
        report = rebuilding()
    join_sources(engine, records.texts, rebuilding.run.new_sources)
    _put_tags(engine, records)  # Applies tags that were changed during the rebuild.
    Arrivals(records).forget()  # The recorded arrivals describe the old index.
    later = annotate_pending(engine, records, workers, progress)
    return replace(report, annotated=later.annotated, failed=(*report.failed, *later.failed))


def add(engine: Engine, records: Records, articles: Iterable[Article], *, annotate: bool) -> Report:
    added = list({article.id: article for article in articles}.values())
    if annotate:
        added = [one for chunk in pipeline.annotated_chunks(added, len(added)) for one in chunk.articles]
    updated = len(engine.frequencies("id", [article.id for article in added]))
    with records.writer(engine) as writer:
        if restored := records.sources.deleted().intersection(article.id for article in added):
            records.sources.undelete(restored)
        records.write(writer, lambda: records.stories.assign(added) if annotate else added)
    records.push()
    return Report(added=len(added) - updated, updated=updated)


def delete(engine: Engine, records: Records, ids: Sequence[str]) -> int:
    requested = list(dict.fromkeys(ids))
    with records.writer(engine) as writer:
        present = list(engine.frequencies("id", requested))
        with records.store.reading():
            deleted = {*present, *(id for id in requested if records.sources.paths(id))}
        if deleted:
            records.sources.begin_deletion(deleted)
        for id in present:
            writer.delete(id)
    if deleted:
        with records.store.transaction():
            records.sources.delete(deleted)
            Log(records.store).record(LogEntry(ARTICLE, id, "deleted") for id in sorted(deleted))
        records.push()
    return len(present)


def tag(engine: Engine, records: Records, ids: Iterable[str], change: TagChange) -> int:
    add_custom_fields(records.texts, change.own_fields)
    records.tags.decide(list(engine.frequencies("id", dict.fromkeys(ids))), change)
    return _put_tags(engine, records)


def import_tags(engine: Engine, records: Records, decided: Iterable[TagDecisions]) -> int:
    """See :meth:`searcher.index.tags.Tags.merge`."""
    decisions = list(decided)
    add_custom_fields(records.texts, {field: None for one in decisions for field in one.change.own_fields})
    records.tags.import_decisions(decisions)
    return _put_tags(engine, records)


def _put_tags(engine: Engine, records: Records) -> int:
    """Rewrite the articles with pending tag changes. Returns the number of articles that changed."""
    records.push()  # From now on, other machines that write these articles apply the tags.
    pending, written = records.tags.pending_decisions(), 0
    if not pending:
        return 0
    waiting = iter(pending)
    try:
        with records.writer(engine) as writer:
            records.pull()  # Fetch decisions of other machines about these articles.
            while group := [one.id for one in islice(waiting, GROUP_ARTICLES)]:
                articles = list(filter(None, map(engine.get, group)))
                for article, tagged in zip(articles, records.tags.apply_to(articles)):
                    if tagged != article:
                        writer.add(tagged)
                        written += 1
    except IndexLocked as error:
        raise IndexLocked(f"{error} Your tags are saved: the next change applies them.") from error
    records.tags.mark_applied(pending)
    records.push()
    return written


def _recorded_below(records: Records, paths: Sequence[Path]) -> list[Path]:
    """Return the recorded files among these paths and below them."""
    is_under = below_any(paths)
    return [path for source in records.sources.all() if is_under(path := Path(source.path))]


def _note_listing(run: Run, listing: Listing) -> None:
    """Count and record files that are not read."""
    run.tally.failed += listing.failures
    run.tally.passed_over.update(problem.reason for problem in listing.passed_over)
    unlisted = [
        Problem(failure.origin, failure.origin, failure.reason, ProblemKind.PASSED_OVER)
        for failure in listing.failures
        if os.path.lexists(failure.origin)
    ]
    run.sources.record_passed_over(listing.folders, [*listing.passed_over, *unlisted])


def _is_large(files: Collection[Path]) -> bool:
    """Return True if the files are too many, or too large, to wait for their names."""
    size = 0
    for path in files if len(files) < LARGE_FILES else ():
        with suppress(OSError):  # Reported when the file is read.
            size += path.stat().st_size
        if size >= LARGE_BYTES:
            return True
    return len(files) >= LARGE_FILES


def _read(run: Run, listing: Listing, source: Source, workers: int | None, *, text_first: bool) -> None:
    """Read changed files and commit their articles in batches."""
    known = partial(_is_indexed, run) if run.engine.count() else lambda _: False
    changed = changed_sources(run, listing.files, source)
    for _ in accept_files(run, changed, known, workers, text_first=text_first):
        if run.batch.full:
            run.commit()


def _is_indexed(run: Run, article: Article) -> bool:
    """Return True if the index holds this article unchanged, with current annotations."""
    stored = run.engine.get(article.id)
    if stored is None:
        return False
    (tagged,) = run.records.tags.apply_to([article])
    if article.annotator is None:  # This run would annotate the article.
        if stored.annotator != ANNOTATOR and not stored.is_pending:
            return False
        stored = stored.without_annotations()
    return replace(stored, story=article.story) == tagged

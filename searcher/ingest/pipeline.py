"""Read and annotate files on all cores and yield the articles in order.

One pool of processes reads, another annotates. Every worker can be killed, so that no file blocks the run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path

from searcher import extract
from searcher.article import PENDING, PENDING_STATES, Article
from searcher.errors import Doubt, ReadError, ReadTimeout, is_transient
from searcher.extract import ANNOTATOR
from searcher.ingest.paths import Stamp, file_stamp
from searcher.ingest.report import Problem, ProblemKind
from searcher.ingest.settings import NO_SETTINGS, Settings
from searcher.ingest.worker_pool import Pool, TaskFailure, report_progress
from searcher.readers.base import CLEANER, Event, on_progress
from searcher.results.articles import headline

#: Number of articles per message to a worker: enough to make sending cheap, few enough to share out evenly.
CHUNK_ARTICLES = 8
#: Annotate up to this many articles in this process, because starting workers takes longer.
MAX_IN_PROCESS = 24
#: Number of problems per message from a worker.
CHUNK_PROBLEMS = 500
#: Maximum number of articles to remember (60 MB), so that repeated articles are not annotated twice.
MAX_REMEMBERED_ARTICLES = 500_000
#: Files or chunks queued per worker. They last for half a second, during which this process can commit.
MAX_ITEMS_AHEAD = 8
#: Maximum processor time of a worker without progress, in seconds. Real files take at most two.
MAX_READ_SECONDS, MAX_ANNOTATE_SECONDS = 60.0, 120.0
#: Maximum memory of a worker, in bytes. Real files need 205 MB.
MAX_MEMORY = 1 << 30
#: Maximum processor time per file in seconds, and additional seconds per MB. Exports need less than 2 per MB.
MAX_SECONDS, SECONDS_A_MB = 120.0, 10.0
#: Maximum number of characters per file, and additional characters per byte. Text compresses 20-fold.
MAX_CHARACTERS, CHARACTERS_A_BYTE = 32 << 20, 200
#: Maximum number of repeated articles per file, and the number of bytes that allow one more.
MAX_REPEATS, BYTES_A_REPEAT = 1_000, 100
_MAX_KNOWN_ARTICLES = 100_000  # Maximum number of articles per file to remember for repeats (10 MB).
#: Version of an annotation problem. It names the annotator, because another one may succeed.
WITHOUT_NAMES = f"{CLEANER}, annotator {ANNOTATOR}"
#: Versions of a timeout after one, two and three attempts. The last one is final.
TIMED_OUT = (f"{CLEANER}, 1 attempt", f"{CLEANER}, 2 attempts", f"{CLEANER}, 3 attempts")
FINAL_VERSIONS = frozenset((CLEANER, WITHOUT_NAMES, TIMED_OUT[-1]))


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A file to read. ``stamp`` was taken together with the digest."""

    path: Path
    mapping: Mapping[str, str] | None = None
    settings: Settings = NO_SETTINGS
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class FileChunk:
    """Some articles of one file.

    Attributes:
        unchanged: Articles that the index already holds unchanged.
        repeated: Ids of articles that came before in this run, each with a hash of its content.
        done: The file was read to its end.
        failed: The file could not be read, or not to its end.
        annotated: The articles are annotated.
    """

    path: Path
    articles: tuple[Article, ...] = ()
    unchanged: tuple[Article, ...] = ()
    repeated: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()
    done: bool = False
    failed: bool = False
    annotated: bool = False


def process(
    tasks: Iterable[ReadTask],
    known: Callable[[Article], bool],
    workers: int | None = None,
    *,
    repeats: bool = True,
    text_first: bool = False,
) -> Iterator[FileChunk]:
    """Read every file and yield annotated articles in the order of the tasks.

    Articles that ``known`` recognises are not annotated, nor, with ``repeats``, those that came before in
    this run. With ``text_first``, articles are left pending.
    """
    count = workers or os.cpu_count() or 1
    with (
        Pool(count, MAX_READ_SECONDS, MAX_MEMORY) as readers,
        Pool(count, MAX_ANNOTATE_SECONDS, MAX_MEMORY) as annotators,
    ):
        results = readers.stream(read_file, tasks, ahead=MAX_ITEMS_AHEAD * count)
        contents: dict[int, int] = {}
        chunks = (_skip_known(chunk, known, contents, repeats=repeats) for chunk in _as_chunks(results))
        yield from map(_pending_chunk, chunks) if text_first else _annotate(annotators, chunks, count)


def annotated_chunks(
    articles: Iterable[Article], number: int, workers: int | None = None
) -> Iterator[FileChunk]:
    """Annotate articles in order: few in this process, many or slow ones in workers."""
    if number <= MAX_IN_PROCESS:
        articles = list(articles)
        if all(article.annotator in (None, PENDING) for article in articles):
            yield from (FileChunk(Path(), (extract.annotate(article),)) for article in articles)
            return
    count = workers or os.cpu_count() or 1
    remaining = iter(articles)
    groups = iter(lambda: tuple(islice(remaining, CHUNK_ARTICLES)), ())
    with Pool(count, MAX_ANNOTATE_SECONDS, MAX_MEMORY) as annotators:
        yield from _annotate(annotators, (FileChunk(Path(), group) for group in groups), count)


def _pending_chunk(chunk: FileChunk) -> FileChunk:
    if chunk.annotated:
        return chunk
    return replace(chunk, articles=tuple(replace(one, annotator=PENDING) for one in chunk.articles))


class _OverBudget(BaseException):
    """A file has used its budget. Carries a TaskFailure. A BaseException, so that readers do not catch it."""


class _Budget:
    """The remaining budget of a file: processor time, characters and repeats."""

    def __init__(self, path: Path) -> None:
        try:
            size = path.stat().st_size
        except OSError:
            size = 0
        self._seconds = MAX_SECONDS + SECONDS_A_MB * size / 2**20
        self._began = time.process_time()
        self._characters = MAX_CHARACTERS + CHARACTERS_A_BYTE * size
        self._repeats = MAX_REPEATS + size // BYTES_A_REPEAT
        self._seen: set[int] = set()

    def report_progress(self) -> None:
        """Report progress to the parent. Raises _Spent after too much processor time."""
        if time.process_time() - self._began > self._seconds:
            reason = f"It took more than {self._seconds:,.0f} seconds of processor time and was stopped."
            raise _OverBudget(TaskFailure(reason, timed_out=True))
        report_progress()

    def take(self, article: Article) -> None:
        """Raise _Spent if an article exceeds the budget."""
        self.report_progress()
        self._characters -= len(article.body)
        if self._characters < 0:
            raise _OverBudget(
                TaskFailure("It contains far more text than its size allows: reading was stopped.")
            )
        content = hash((article.id, article.body))
        if content in self._seen:
            self._repeats -= 1
        elif len(self._seen) < _MAX_KNOWN_ARTICLES:
            self._seen.add(content)
        if self._repeats < 0:
            raise _OverBudget(TaskFailure("It repeats the same articles: reading was stopped."))


def read_file(task: ReadTask) -> Iterator[FileChunk | TaskFailure]:
    """Read a file in a worker. The last chunk is done, or failed if a retry may read more."""
    path, chunk = task.path, FileChunk(task.path, annotated=task.settings.annotated)
    articles: list[Article] = []
    problems: list[Problem] = []
    budget, spent, refused = _Budget(path), None, False
    try:
        for event in _events(task, budget):
            if isinstance(event, ReadError):
                budget.report_progress()
                problems.append(_problem(path, event))
                refused |= event.is_transient
            else:
                budget.take(event)
                articles.append(task.settings.apply(event, path))
            if len(articles) >= CHUNK_ARTICLES or len(problems) >= CHUNK_PROBLEMS:
                yield replace(chunk, articles=tuple(articles), problems=tuple(problems))
                articles, problems = [], []
    except (ReadError, OSError) as error:
        problems.append(_problem(path, error))
        refused = True
    except _OverBudget as error:
        (spent,) = error.args
    if task.stamp is not None and file_stamp(path) != task.stamp:
        written = ReadError("It changed while it was read: the next run reads it again.", passing=True)
        problems.append(_problem(path, written))
        refused = True
    chunk = replace(chunk, articles=tuple(articles), problems=tuple(problems))
    if spent and not refused:
        yield chunk
        yield spent
    else:
        yield replace(chunk, done=not refused, failed=refused)


def annotate_chunk(chunk: FileChunk) -> Iterator[Article | None]:
    """Annotate the articles of a chunk in a worker. Yields them one by one, then None."""
    if chunk.annotated:
        yield from chunk.articles
    else:
        from searcher.extract import annotate

        yield from map(annotate, chunk.articles)
    yield None


def _events(task: ReadTask, budget: _Budget) -> Iterator[Event]:
    from searcher import readers
    from searcher.readers.records import annotated_events

    with on_progress(budget.report_progress):
        if task.settings.annotated:
            yield from annotated_events(task.path)
        else:
            yield from readers.events(task.path, mapping=task.mapping, ocr=task.settings.ocr)


def _problem(path: Path, error: ReadError | OSError) -> Problem:
    """Return a problem with the version of the readers, or without one if a retry may help."""
    version = TIMED_OUT[0] if isinstance(error, ReadTimeout) else "" if is_transient(error) else CLEANER
    parts = error.parts if isinstance(error, ReadError) else 1
    kind = ProblemKind.DOUBTFUL if isinstance(error, Doubt) else ProblemKind.PART
    return Problem(str(path), str(path), str(error), kind, parts, version)


def _as_chunks(results: Iterable[tuple[ReadTask, FileChunk | TaskFailure]]) -> Iterator[FileChunk]:
    """Yield the chunks of files. If a worker failed, the last chunk says where reading stopped."""
    count, last_title = 0, ""
    for task, result in results:
        if isinstance(result, FileChunk):
            count += len(result.articles)
            last_title = headline(result.articles[-1])[:60] if result.articles else last_title
            yield result
        else:
            where = f"Nothing was read after article {count:,}, “{last_title}”: " if count else ""
            kind = ReadTimeout if result.timed_out else ReadError
            error = kind(f"{where}{result.reason}", passing=result.passing)
            yield FileChunk(task.path, problems=(_problem(task.path, error),), failed=True)
        if not isinstance(result, FileChunk) or result.done or result.failed:
            count, last_title = 0, ""


def content_hash(article: Article) -> int:
    """Return a hash of the content and metadata of an article, independent of its file."""
    names = "id title body url source authors published section language tags quotes"
    return hash(tuple(getattr(article, name) for name in names.split()))


def _skip_known(
    chunk: FileChunk, known: Callable[[Article], bool], before: dict[int, int], *, repeats: bool
) -> FileChunk:
    """Separate new articles from those that are in the index or were read earlier in this run."""
    new, unchanged, repeated = [], [], []
    for article in chunk.articles:
        content = content_hash(article) if repeats and not chunk.annotated else 0
        former = before.get(hash(article.id), 0) if content else 0
        if former in (0, content) and known(article):
            unchanged.append(article)
        elif content and former == content:
            repeated.append((article.id, content))
        else:
            new.append(article)
        if content:
            if len(before) >= MAX_REMEMBERED_ARTICLES:
                before.clear()
            before[hash(article.id)] = content
    return replace(chunk, articles=tuple(new), unchanged=tuple(unchanged), repeated=tuple(repeated))


def _annotate(pool: Pool, read: Iterable[FileChunk], count: int) -> Iterator[FileChunk]:
    """Annotate the articles of chunks. If one fails, continue with the rest of its chunk."""
    finished: list[Article] = []
    for chunk, result in pool.stream(annotate_chunk, read, ahead=MAX_ITEMS_AHEAD * count):
        if isinstance(result, Article):
            finished.append(result)
            continue
        rest = chunk.articles[len(finished) :]
        if isinstance(result, TaskFailure) and rest:
            failed = [_unannotated(one, result) for one in (rest if result.passing else rest[:1])]
            problems = (*chunk.problems, _unannotated_problem(chunk.path, failed[0], result))
            remaining = replace(chunk, articles=rest[len(failed) :], problems=problems)
            (rest_of_chunk,) = _annotate(pool, [remaining], 1) if remaining.articles else [remaining]
            yield replace(rest_of_chunk, articles=(*finished, *failed, *rest_of_chunk.articles))
        else:
            yield replace(chunk, articles=tuple(finished))
        finished = []


def _unannotated(article: Article, failure: TaskFailure) -> Article:
    """Return an article that could not be annotated. If it is pending, the next run tries again."""
    state = PENDING_STATES[1] if failure.passing else None
    if failure.timed_out:
        state = dict(pairwise(PENDING_STATES)).get(article.annotator or PENDING)
    return replace(article, annotator=state)


def _unannotated_problem(path: Path, article: Article, failure: TaskFailure) -> Problem:
    version, yet = (PENDING, " yet") if article.is_pending else (WITHOUT_NAMES, "")
    reason = f"“{headline(article)[:60]}” has no names and quotations{yet}: {failure.reason}"
    return Problem(str(path), article.origin or article.id, reason, ProblemKind.PART, version=version)

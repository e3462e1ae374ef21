"""Reading and annotating on all cores: files in, annotated articles out, in order.

Two pools of worker processes, one that reads files and one that annotates articles; each worker can be
killed, so that no file hangs or eats the run. This process only passes articles on, and never falls behind
by more than a few chunks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from searcher.article import Article
from searcher.errors import ReadError
from searcher.ingest.worker_pool import Failure, Pool

__all__ = ["Piece", "Problem", "annotated", "annotate_piece", "pieces", "read_file"]

#: Articles that travel together: enough that sending costs nothing, few enough to spread evenly.
CHUNK = 8
#: Files, and chunks, that are under way for each worker: of saved pages, work for half a second, in which
#: this process may commit what it has.
AHEAD = 8
#: Seconds that a worker may take between two results, and bytes of memory: of the files made to be slow
#: (``python -m benchmarks.hostile``) the slowest takes a second or two, the largest 260 MB.
READ_SECONDS, ANNOTATE_SECONDS = 60.0, 120.0
MEMORY = 2 << 30

#: An origin and one sentence on what is wrong there.
Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some articles of one file.

    ``unchanged`` are ids of articles that the index already holds just so; ``done``: the file has been
    read to its end; ``failed``: it could not be read, or not to its end.
    """

    path: Path
    articles: tuple[Article, ...] = ()
    unchanged: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    done: bool = False
    failed: bool = False


def pieces(
    files: Iterable[Path],
    mapping: Mapping[str, str] | None,
    known: Callable[[Article], bool],
    workers: int | None = None,
) -> Iterator[Piece]:
    """Read every file and annotate its articles, except those that ``known`` says the index holds.

    The order is that of ``files`` and of the articles in them, whatever the number of workers.
    """
    count = workers or os.cpu_count() or 1
    tasks = ((path, mapping) for path in files)
    with Pool(count, seconds=READ_SECONDS, memory=MEMORY) as readers, _annotators(count) as annotators:
        results = readers.stream(read_file, tasks, ahead=AHEAD * count)
        read = (_whole(task, result) for task, result in results)
        yield from _annotate(annotators, (_without_known(piece, known) for piece in read), count)


def annotated(articles: Iterable[Article], workers: int | None = None) -> Iterator[Article]:
    """Annotate articles in worker processes, in order."""
    count = workers or os.cpu_count() or 1
    with _annotators(count) as annotators:
        for piece in _annotate(annotators, (Piece(Path(), chunk) for chunk in _chunks(articles)), count):
            yield from piece.articles


def read_file(task: tuple[Path, Mapping[str, str] | None]) -> Iterator[Piece]:
    """In a worker: the file's articles in pieces of at most CHUNK, the last one done or failed."""
    from searcher import readers

    path, mapping = task
    articles: list[Article] = []
    problems: list[Problem] = []
    try:
        for event in readers.events(path, mapping=mapping):
            if isinstance(event, ReadError):
                problems.append((str(path), str(event)))
            else:
                articles.append(event)
            if len(articles) >= CHUNK:
                yield Piece(path, tuple(articles), problems=tuple(problems))
                articles, problems = [], []
    except (ReadError, OSError) as error:
        yield Piece(path, tuple(articles), problems=(*problems, (str(path), str(error))), failed=True)
    else:
        yield Piece(path, tuple(articles), problems=tuple(problems), done=True)


def annotate_piece(piece: Piece) -> Iterator[Article | None]:
    """In a worker: the articles annotated, one by one, then None."""
    from searcher.extract import annotate

    for article in piece.articles:
        yield annotate(article)
    yield None


def _annotators(count: int) -> Pool:
    return Pool(count, seconds=ANNOTATE_SECONDS, memory=MEMORY)


def _whole(task: tuple[Path, Mapping[str, str] | None], result: Piece | Failure) -> Piece:
    if isinstance(result, Failure):
        return Piece(task[0], problems=((str(task[0]), result.reason),), failed=True)
    return result


def _without_known(piece: Piece, known: Callable[[Article], bool]) -> Piece:
    new = tuple(article for article in piece.articles if not known(article))
    held = {article.id for article in piece.articles} - {article.id for article in new}
    return replace(piece, articles=new, unchanged=tuple(sorted(held)))


def _annotate(pool: Pool, read: Iterable[Piece], count: int) -> Iterator[Piece]:
    """The same pieces with their articles annotated."""
    finished: list[Article] = []
    for piece, result in pool.stream(annotate_piece, read, ahead=AHEAD * count):
        if isinstance(result, Article):
            finished.append(result)
            continue
        if isinstance(result, Failure):
            rest = piece.articles[len(finished) :]
            yield replace(
                piece, articles=(*finished, *rest), problems=(*piece.problems, _lost(rest[0], result))
            )
        else:
            yield replace(piece, articles=tuple(finished))
        finished = []


def _lost(article: Article, failure: Failure) -> Problem:
    """Nothing is lost but names and quotations: the articles go in without them."""
    where = article.origin or article.id
    return where, f"indexed without names and quotations, from “{article.title[:60]}” on: {failure.reason}"


def _chunks(articles: Iterable[Article]) -> Iterator[tuple[Article, ...]]:
    remaining = iter(articles)
    while chunk := tuple(islice(remaining, CHUNK)):
        yield chunk

"""Bringing articles in: files to the index and its ledger, in batches, so that nothing done is lost."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from searcher import pipeline
from searcher.engines.base import Engine, Writer
from searcher.errors import IndexDamaged, IndexOutdated
from searcher.extract import ANNOTATOR, annotate
from searcher.files import digest_of, expand, is_under
from searcher.ledger import Ledger, Plan, Source
from searcher.model import Article
from searcher.pipeline import Piece, Problem
from searcher.stories import link
from searcher.versions import Version

__all__ = ["Options", "Progress", "Report", "add", "delete", "load", "rebuild", "resume"]

#: A batch is committed at this many articles, or after so many seconds with anything in it: what a crash
#: may cost is at most that.
BATCH_ARTICLES, BATCH_SECONDS = 5000, 10.0
#: Up to so many articles are annotated in this process: starting workers takes longer.
FEW = 24
#: Articles that are linked to their stories in one transaction.
TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """``files`` of ``total`` files are done and have given ``articles`` articles; ``path`` is the last."""

    files: int
    total: int
    articles: int
    path: Path


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, in articles; ``failed`` lists ``(origin, reason)``.

    ``unchanged`` were in the index already, just so or in a fuller version from another file.
    ``removed`` are gone because their file, or their place in it, is. ``kept`` articles were carried over
    by a rebuild because no file gives them any more.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0
    files: int = 0
    failed: tuple[Problem, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "kept": self.kept,
            "files": self.files,
            "failed": [{"origin": origin, "error": error} for origin, error in self.failed],
        }


@dataclass(frozen=True, slots=True)
class Options:
    """How :func:`load` and :func:`rebuild` run; see :meth:`searcher.index.Index.load`."""

    mapping: Mapping[str, str] | None = None
    prune: bool = False
    workers: int | None = None
    progress: Callable[[Progress], None] | None = None


@dataclass(slots=True)
class _Run:
    """What has happened so far, and the batch that waits to be committed."""

    engine: Engine
    ledger: Ledger
    total: int
    progress: Callable[[Progress], None] | None
    anew: bool = False  # what the index holds is to be replaced
    report: Report = field(default_factory=Report)
    waiting: list[Article] = field(default_factory=list)
    finished: list[tuple[Source, tuple[str, ...]]] = field(default_factory=list)
    pending: dict[str, Version] = field(default_factory=dict)  # what the ledger does not know yet, by id
    given: dict[Path, list[str]] = field(default_factory=dict)  # ids of files not yet read to their end
    since: float = field(default_factory=time.monotonic)

    def take(self, piece: Piece, source: Source, deleted: frozenset[str]) -> None:
        """Note what a piece says; the caller commits when the batch is full."""
        ids = self.given.setdefault(piece.path, [])
        with self.ledger.together():
            ids += [
                self.settle(article, piece.path) for article in piece.articles if article.id not in deleted
            ]
        ids += piece.unchanged
        self.count(unchanged=len(piece.unchanged), failed=piece.problems)
        if piece.done:
            self.finished.append((source, tuple(self.given.pop(piece.path))))
        if piece.done or piece.failed:
            self.count(files=1)
        if self.progress:
            done = self.report
            articles_so_far = done.added + done.updated + done.unchanged + len(self.waiting)
            self.progress(Progress(done.files, self.total, articles_so_far, piece.path))

    def settle(self, article: Article, path: Path) -> str:
        """Have the article wait for the next commit, and return its id: one of its own where another file
        gives another article that id (both may number their records from 1). The same article in two
        files stays one, in its fuller version."""
        own, read = Version.of(article), self.pending.get(article.id)
        other = read or self.indexed(article.id, path)
        if other is not None and other.origin != own.origin:
            if not own.same_article(other):
                digest = hashlib.sha256(os.fsencode(path)).hexdigest()
                article = replace(article, id=f"{article.id}-{digest[:6]}")
            elif other.fuller_than(own) and (read or not self.anew):
                self.count(unchanged=1)
                return article.id
        self.pending[article.id] = own
        self.waiting.append(article)
        return article.id

    def indexed(self, id: str, path: Path) -> Version | None:
        """The article of that id as another file gave it to the index."""
        held = self.engine.get(id) if self.ledger.others(id, str(path)) else None
        return Version.of(held) if held else None

    def count(self, *, failed: tuple[Problem, ...] = (), **more: int) -> None:
        sums = {name: getattr(self.report, name) + number for name, number in more.items()}
        self.report = replace(self.report, failed=self.report.failed + failed, **sums)

    @property
    def full(self) -> bool:
        late = time.monotonic() - self.since > BATCH_SECONDS
        return len(self.waiting) >= BATCH_ARTICLES or (late and bool(self.waiting or self.finished))

    def commit(self) -> None:
        """Put the batch into the index, then into the ledger: a crash between the two costs only time."""
        with self.ledger.together():
            gone = frozenset().union(
                *(self.ledger.orphans(source.path, ids) for source, ids in self.finished)
            )
        self._write(gone)
        with self.ledger.together():
            for source, ids in self.finished:
                self.ledger.record(source, ids)
        self.waiting, self.finished, self.since = [], [], time.monotonic()
        self.pending = {
            id: self.pending[id] for ids in self.given.values() for id in ids if id in self.pending
        }

    def _write(self, gone: frozenset[str]) -> None:
        ids = {article.id for article in self.waiting}
        gone -= ids
        if not ids and not gone:
            return
        old = sum(self.engine.get(id) is not None for id in ids)
        with self.engine.writer() as writer:
            self.write(writer)
            for id in sorted(gone):
                writer.delete(id)
        self.count(added=len(ids) - old, updated=old, removed=len(gone))

    def write(self, writer: Writer, *, fresh: bool = False) -> frozenset[str]:
        """Hand what waits to the writer, each article linked to its story. Returns the ids."""
        for article in link(self.ledger.folder, self.waiting, fresh=fresh):
            writer.add(article)
        ids = frozenset(article.id for article in self.waiting)
        self.waiting.clear()
        return ids


def load(engine: Engine, ledger: Ledger, paths: Sequence[Path], options: Options) -> Report:
    """See :meth:`searcher.index.Index.load`."""
    plan = Plan(tuple(map(os.path.abspath, paths)), _written(options.mapping), options.prune)
    ledger.begin(plan)
    files, missing = expand(paths)
    run = _Run(engine, ledger, len(files), options.progress)
    run.count(failed=tuple((str(path), "There is no such file or folder.") for path in missing))
    changed: dict[Path, Source] = {}
    deleted = ledger.deleted()
    held = engine.count() > 0
    try:
        wanted = _noted(_changed(run, files, options.mapping), changed)
        for piece in _pieces(wanted, options, lambda article: held and _same(engine, article)):
            run.take(piece, changed[piece.path], deleted)
            if piece.done or piece.failed:
                del changed[piece.path]
            if run.full:
                run.commit()
    finally:
        run.commit()  # after Ctrl-C too: what is done is kept
    if options.prune:
        _prune(run, paths)
    ledger.end()
    engine.settle(run.report.added + run.report.updated)
    return run.report


def resume(engine: Engine, ledger: Ledger, options: Options) -> Report | None:
    """See :meth:`searcher.index.Index.resume`."""
    plan = ledger.unfinished()
    if plan is None:
        return None
    mapping = dict(_pairs(plan.mapping)) or None
    return load(
        engine, ledger, list(map(Path, plan.paths)), replace(options, mapping=mapping, prune=plan.prune)
    )


def rebuild(engine: Engine, ledger: Ledger, options: Options) -> Report:
    """See :meth:`searcher.index.Index.rebuild`."""
    recorded = {Path(source.path): source for source in ledger.sources()}
    files = [path for path in recorded if path.is_file()]
    read: dict[Path, Source] = {}
    run = _Run(engine, ledger, len(files), options.progress, anew=True)
    deleted = ledger.deleted()
    written: set[str] = set()
    with engine.writer(fresh=True) as writer:
        old = _old(engine, run)
        for mapping, group in _by_mapping(files, recorded).items():
            grouped = replace(options, mapping=dict(mapping) or None)
            hashed = ((path, replace(recorded[path], digest=digest_of(path))) for path in group)
            for piece in _pieces(_noted(hashed, read), grouped, lambda _: False):
                run.take(piece, read[piece.path], deleted)
                if len(run.waiting) >= TOGETHER:
                    written |= run.write(writer, fresh=not written)
        written |= run.write(writer, fresh=not written)
        for article in _kept(old, ledger, written, run):
            writer.add(article)
            run.count(kept=1)
    with ledger.together():
        for source, ids in run.finished:
            ledger.record(source, ids)
    run.count(added=len(written))
    return run.report


def add(engine: Engine, ledger: Ledger, articles: Iterable[Article], *, annotate: bool) -> Report:
    """See :meth:`searcher.index.Index.add`."""
    given = list({article.id: article for article in articles}.values())
    if annotate:
        given = link(ledger.folder, _annotated(given))
    old = sum(engine.get(article.id) is not None for article in given)
    with engine.writer() as writer:
        for article in given:
            writer.add(article)
    ledger.restore(article.id for article in given)
    return Report(added=len(given) - old, updated=old)


def delete(engine: Engine, ledger: Ledger, ids: Sequence[str]) -> int:
    """See :meth:`searcher.index.Index.delete`."""
    wanted = list(dict.fromkeys(ids))
    there = [id for id in wanted if engine.get(id) is not None]
    with engine.writer() as writer:
        for id in there:
            writer.delete(id)
    # Also those that are in the ledger alone: an earlier call may have been killed between the two.
    ledger.delete({*there, *ledger.owned_among(wanted)})
    return len(there)


def _changed(
    run: _Run, files: Sequence[Path], mapping: Mapping[str, str] | None
) -> Iterator[tuple[Path, Source]]:
    """The files whose bytes or mapping are not those of the last time."""
    for path, known in _recorded(run.ledger, files):
        try:
            source = Source(str(path), digest_of(path), _written(mapping))
        except OSError as error:
            run.count(failed=((str(path), error.strerror or str(error)),), files=1)
            continue
        if known and known[0] == source:
            run.count(unchanged=known[1], files=1)
        else:
            yield path, source


def _recorded(ledger: Ledger, files: Iterable[Path]) -> Iterator[tuple[Path, tuple[Source, int] | None]]:
    """Each file with what the ledger knows of it, and how many articles it gave."""
    remaining = iter(files)
    while group := list(islice(remaining, TOGETHER)):
        with ledger.together():
            known = [
                (source, ledger.count(source.path)) if (source := ledger.get(str(path))) else None
                for path in group
            ]
        yield from zip(group, known)


def _noted(changed: Iterable[tuple[Path, Source]], sources: dict[Path, Source]) -> Iterator[Path]:
    """The files, as they are asked for: the first ones are read while others are still to be looked at."""
    for path, source in changed:
        sources[path] = source
        yield path


def _pieces(files: Iterable[Path], options: Options, known: Callable[[Article], bool]) -> Iterator[Piece]:
    yield from pipeline.pieces(files, options.mapping, known, options.workers)


def _same(engine: Engine, article: Article) -> bool:
    """Whether the index holds this article just so, annotated by this version: no work is done twice,
    even where a run was stopped in the middle of a file."""
    stored = engine.get(article.id)
    if stored is None or stored.annotator != ANNOTATOR:
        return False
    return replace(stored, mentions=(), quotes=(), annotator=None, story=article.story) == article


def _prune(run: _Run, paths: Sequence[Path]) -> None:
    """Drop what files below ``paths`` gave that are gone. Files elsewhere may be on a disk that is away."""
    lost = [source.path for source in run.ledger.sources() if _is_gone(Path(source.path), paths)]
    gone: set[str] = set()
    with run.ledger.together():
        for path in lost:
            gone |= run.ledger.orphans(path)
            run.ledger.forget(path)
        if gone:
            with run.engine.writer() as writer:  # committed first: a crash between the two costs only time
                for id in sorted(gone):
                    writer.delete(id)
    run.count(removed=len(gone))


def _is_gone(path: Path, roots: Sequence[Path]) -> bool:
    return not path.exists() and is_under(path, roots)


def _old(engine: Engine, run: _Run) -> Iterator[Article]:
    """What the index holds; of a damaged one what can be read, and the report says what cannot."""
    try:
        if not engine.verify():
            return engine.articles()
    except (IndexDamaged, IndexOutdated):
        pass
    return _salvaged(engine.salvage(), run)


def _salvaged(found: Iterable[Article | IndexDamaged], run: _Run) -> Iterator[Article]:
    for one in found:
        if isinstance(one, IndexDamaged):
            run.count(failed=(("index", str(one)),))
        else:
            yield one


def _kept(held: Iterable[Article], ledger: Ledger, written: set[str], run: _Run) -> Iterator[Article]:
    """Old articles that no file gives now: added by hand, or of files that are gone or cannot be read."""
    unread = {origin for origin, _ in run.report.failed}
    lost = [s.path for s in ledger.sources() if s.path in unread or not Path(s.path).is_file()]
    wanted = frozenset().union(*(ledger.ids(path) for path in lost))
    owned = ledger.owned()
    old = (a for a in held if a.id not in written and (a.id not in owned or a.id in wanted))
    for article in old:
        stale = article.annotator not in (None, ANNOTATOR)
        yield _annotate_again(article) if stale else article


def _annotate_again(article: Article) -> Article:
    return annotate(replace(article, mentions=(), quotes=()))


def _annotated(articles: Sequence[Article]) -> Iterable[Article]:
    return pipeline.annotated(articles) if len(articles) > FEW else map(annotate, articles)


def _by_mapping(
    files: Sequence[Path], sources: Mapping[Path, Source]
) -> Mapping[tuple[tuple[str, str], ...], list[Path]]:
    groups: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    for path in files:
        groups.setdefault(_pairs(sources[path].mapping), []).append(path)
    return groups


def _pairs(written: str) -> tuple[tuple[str, str], ...]:
    """A mapping as :func:`_written` writes it."""
    split = (pair.split("=", 1) for pair in written.split(",") if pair)
    return tuple((name, column) for name, column in split)


def _written(mapping: Mapping[str, str] | None) -> str:
    return ",".join(f"{name}={column}" for name, column in sorted((mapping or {}).items()))

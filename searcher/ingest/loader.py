"""Bringing articles in: files to the index and its ledger, in batches, so that nothing done is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from searcher.article import Article
from searcher.engines.base import Engine
from searcher.errors import IndexDamaged, IndexOutdated
from searcher.extract import ANNOTATOR, annotate
from searcher.ingest import pipeline
from searcher.ingest.duplicates.stories import link
from searcher.ingest.paths import digest_of, expand, is_under
from searcher.ingest.run import Progress, Report, Run
from searcher.ingest.sources import Ledger, Plan, Source

__all__ = ["Options", "add", "delete", "load", "rebuild", "resume"]

#: Up to so many articles are annotated in this process: starting workers takes longer.
FEW = 24
#: Articles that are linked to their stories in one transaction.
TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Options:
    """How :func:`load` and :func:`rebuild` run; see :meth:`searcher.index.Index.load`."""

    mapping: Mapping[str, str] | None = None
    prune: bool = False
    workers: int | None = None
    progress: Callable[[Progress], None] | None = None


def load(engine: Engine, ledger: Ledger, paths: Sequence[Path], options: Options) -> Report:
    """See :meth:`searcher.index.Index.load`."""
    plan = Plan(tuple(map(os.path.abspath, paths)), _written(options.mapping), options.prune)
    ledger.begin(plan)
    files, problems = expand(paths)
    run = Run(engine, ledger, len(files), options.progress)
    run.count(failed=tuple(problems))
    changed: dict[Path, Source] = {}
    deleted = ledger.deleted()
    held = engine.count() > 0
    try:
        wanted = _noted(_changed(run, files, options.mapping), changed)
        for piece in pipeline.pieces(
            wanted, options.mapping, lambda article: held and _same(engine, article), options.workers
        ):
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
    if changed_articles := run.report.added + run.report.updated:
        engine.optimize(changed_articles)
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
    run = Run(engine, ledger, len(files), options.progress, anew=True)
    deleted = ledger.deleted()
    written: set[str] = set()
    with engine.writer(fresh=True) as writer:
        old = _old(engine, run)
        for mapping, group in _by_mapping(files, recorded).items():
            hashed = ((path, replace(recorded[path], digest=digest_of(path))) for path in group)
            for piece in pipeline.pieces(
                _noted(hashed, read), dict(mapping) or None, lambda _: False, options.workers
            ):
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
    old = sum(engine.contains(article.id) for article in given)
    with engine.writer() as writer:
        for article in given:
            writer.add(article)
    ledger.restore(article.id for article in given)
    return Report(added=len(given) - old, updated=old)


def delete(engine: Engine, ledger: Ledger, ids: Sequence[str]) -> int:
    """See :meth:`searcher.index.Index.delete`."""
    wanted = list(dict.fromkeys(ids))
    there = [id for id in wanted if engine.contains(id)]
    with engine.writer() as writer:
        for id in there:
            writer.delete(id)
    # Also those that are in the ledger alone: an earlier call may have been killed between the two.
    ledger.delete({*there, *ledger.owned_among(wanted)})
    return len(there)


def _changed(
    run: Run, files: Sequence[Path], mapping: Mapping[str, str] | None
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


def _same(engine: Engine, article: Article) -> bool:
    """Whether the index holds this article just so, annotated by this version: no work is done twice,
    even where a run was stopped in the middle of a file."""
    stored = engine.get(article.id)
    if stored is None or stored.annotator != ANNOTATOR:
        return False
    return replace(stored, mentions=(), quotes=(), annotator=None, story=article.story) == article


def _prune(run: Run, paths: Sequence[Path]) -> None:
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


def _old(engine: Engine, run: Run) -> Iterator[Article]:
    """What the index holds; of a damaged one what can be read, and the report says what cannot."""
    try:
        if not engine.verify():
            return engine.articles()
    except (IndexDamaged, IndexOutdated):
        pass
    return _salvaged(engine.salvage(), run)


def _salvaged(found: Iterable[Article | IndexDamaged], run: Run) -> Iterator[Article]:
    for one in found:
        if isinstance(one, IndexDamaged):
            run.count(failed=(("index", str(one)),))
        else:
            yield one


def _kept(held: Iterable[Article], ledger: Ledger, written: set[str], run: Run) -> Iterator[Article]:
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

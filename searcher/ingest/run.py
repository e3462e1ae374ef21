"""A run of loading or rebuilding: accepts chunks of files and commits batches of articles."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from searcher import readers
from searcher.article import PENDING, Article
from searcher.engines.base import Engine, SharedRecords, Writer
from searcher.errors import IndexDamaged, IndexFailure
from searcher.fields import DOUBTFUL, add_custom_fields, doubts_of
from searcher.ingest.duplicates import IdResolver, Pages, ResolvedArticle, Version, joined_article
from searcher.ingest.pipeline import FINAL_VERSIONS, TIMED_OUT, FileChunk, content_hash
from searcher.ingest.report import MAX_REMARKS, Failure, Problem, ProblemGroups, ProblemKind, Progress, Tally
from searcher.ingest.settings import Settings
from searcher.ingest.site_lines import doubt_site_lines
from searcher.ingest.sources import Source, Sources
from searcher.ingest.stories import Stories
from searcher.locations import RECORDS
from searcher.readers.base import CLEANER, ArticlePage
from searcher.records.store import Store
from searcher.records.tags import OwnTags
from searcher.results.articles import headline
from searcher.results.versions import overlap
from searcher.textfiles import MemoryTexts, Texts

#: Commit after this many articles or seconds. A crash loses at most one batch.
MAX_ARTICLES, MAX_SECONDS = 5000, 10.0


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A file that was read, with the ids of its articles and its problems."""

    source: Source
    ids: tuple[str, ...]
    problems: tuple[Problem, ...]
    pages: tuple[ArticlePage, ...] = ()
    whole: bool = True  # False if reading stopped before the end.

    @property
    def is_incomplete(self) -> bool:
        return any(problem.kind.is_incomplete for problem in self.problems)


@dataclass(slots=True)
class Batch:
    """Articles and files to commit. ``counted``: ids of articles that are not copies."""

    articles: dict[str, Article] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    files: list[FinishedFile] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def add(self, article: Article, path: Path, *, copy: bool) -> None:
        self.articles.pop(article.id, None)
        self.articles[article.id] = article
        self.paths[article.id] = path
        if not copy:
            self.counted.add(article.id)

    def drop(self, id: str) -> None:
        del self.articles[id]
        self.counted.discard(id)

    def rename(self, id: str, article: Article) -> None:
        self.articles = {
            one.id: one for one in (article if o.id == id else o for o in self.articles.values())
        }
        self.paths[article.id] = self.paths.pop(id)
        if id in self.counted:
            self.counted = {*self.counted - {id}, article.id}
        self.files = [
            replace(file, ids=tuple(article.id if one == id else one for one in file.ids))
            for file in self.files
        ]

    @property
    def full(self) -> bool:
        late = time.monotonic() - self.began > MAX_SECONDS
        return len(self.articles) >= MAX_ARTICLES or (late and bool(self.articles or self.files))


_TITLE_WIDTH = 60
_MORE_REMARKS = "More of its articles are copies, or share their address with another one."


class Records:
    """The records that accompany the articles of an index. ``shared``: records shared by several machines."""

    def __init__(self, store: Store, texts: Texts | None = None, shared: SharedRecords | None = None) -> None:
        self.store = store
        self.sources = Sources(store)
        self.stories = Stories(store)
        self.tags = OwnTags(store)
        self.texts = texts or MemoryTexts()
        self.shared = shared
        self.lost = ""
        self._known: Mapping[str, Any] = {}

    def pull(self) -> None:
        """Fetch the changes of other machines."""
        if self.shared:
            self.shared.pull()

    def push(self) -> None:
        """Publish the changes of this machine."""
        if self.shared:
            self.shared.push()

    @contextmanager
    def writer(self, engine: Engine, *, fresh: bool = False) -> Iterator[Writer]:
        """Open a writer whose commit stores the state of the records and the deleted ids."""
        with engine.writer(fresh=fresh) as writer:
            self.store.begin()
            if begun := self.sources.begun_deletions():  # A process was killed while deleting.
                present = set(engine.frequencies("id", begun))
                self.sources.undelete(present)
                self.sources.delete(begun - present)
            yield writer
            self.store.record_edited_texts()
            with self.store.reading():
                state = self.store.state()._asdict()
                if fresh or any(self._known.get(name) != value for name, value in state.items()):
                    writer.external_state = {**state, "deleted": sorted(self.sources.deleted())}

    def restore(self, engine: Engine) -> None:
        """If the store is not that of the last commit, note the loss and restore the deleted ids."""
        try:
            known = engine.storage().external_state()
        except IndexFailure:  # The index is damaged and will be rebuilt.
            return
        self._known = known
        if lost := self.store.state().losses_since(known):
            with self.store.transaction() as db:
                db.execute("UPDATE state SET change = ?, lost = ?", (known["change"], lost))
                self.sources.delete(known["deleted"])
            self.lost = lost

    def accept_loss(self) -> None:
        """Clear the warning about lost records after the index was rebuilt without them."""
        with self.store.transaction() as db:
            db.execute("UPDATE state SET lost = '' WHERE lost != ''")

    def write(self, writer: Writer, articles: Callable[[], Iterable[Article]]) -> None:
        """Write articles with their tags. ``articles`` is called after the records are up to date."""
        self.pull()
        for article in doubt_site_lines(self.tags.apply_to(articles())):
            writer.add(article)
        self.push()


@dataclass(slots=True)
class _OpenFile:
    """A file that is being read."""

    ids: dict[str, None] = field(default_factory=dict)
    pages: list[ArticlePage] = field(default_factory=list)
    problems: ProblemGroups = field(default_factory=ProblemGroups)
    doubts: ProblemGroups = field(default_factory=ProblemGroups)
    remarks: ProblemGroups = field(
        default_factory=lambda: ProblemGroups(most=MAX_REMARKS, each=True, beyond=_MORE_REMARKS)
    )

    def take(self, article: Article, path: Path, reason: str, kind: ProblemKind) -> None:
        """Note that an article was treated as a copy, version or page of another."""
        reason_with_title = f"“{headline(article)[:_TITLE_WIDTH]}”: {reason}"
        self.remarks.add(
            Problem(str(path), article.origin or str(path), reason_with_title, kind, version=CLEANER)
        )

    def rename(self, old: str, new: str) -> None:
        if old in self.ids:
            self.ids = {new if id == old else id: None for id in self.ids}


class Run:
    """The state of a run and the batch to commit next.

    ``total``: number of files. ``rebuilding``: the run replaces the index. ``stories``: assign articles to
    these stories instead of the recorded ones.
    """

    def __init__(
        self,
        engine: Engine,
        records: Records,
        total: int,
        progress: Callable[[Progress], None] | None = None,
        *,
        rebuilding: bool = False,
        stories: Stories | None = None,
    ) -> None:
        self.engine = engine
        self.records = records
        self.sources = records.sources
        self.stories = stories or records.stories
        self.tally = Tally()
        self.batch = Batch()
        self._total = total
        self._progress = progress
        self._deleted = self.sources.deleted()
        self._keeping: set[Path] = set()  # Files of which the index keeps all versions.
        self._resolver = IdResolver(
            engine,
            self.sources,
            rebuilding,
            is_only_machine=not records.shared,
            deleted=self._deleted,
            text=lambda known: indexed.body if (indexed := self._current_article(known)) else "",
            keeping=self._keeping,
        )
        self.pages = Pages(self.sources)
        self.new_sources: set[str] = set()  # Sources that the index did not have before.
        self._rebuilding = rebuilding
        self._renamed: dict[int, str] = {}  # Final ids of articles that were renamed, by content.
        self._open: dict[Path, _OpenFile] = {}
        if records.lost:
            self.tally.failed.append(Failure(RECORDS, records.lost))

    def accept(self, chunk: FileChunk, source: Source) -> None:
        """Process a chunk. The caller commits when the batch is full."""
        if chunk.path not in self._open:
            self.pages.begin([str(chunk.path)])
            if Settings.from_text(source.settings).keep_versions:
                self._keeping.add(chunk.path)
        file = self._open.setdefault(chunk.path, _OpenFile())
        for article in chunk.unchanged:
            self.tally["copies" if article.id in file.ids else "unchanged"] += 1
            if article.id in file.ids:
                self._note_repeated(article, Version.of(article), chunk.path, file)
            file.ids[article.id] = None
            self._resolver.keep(article)
        with self.sources.store.reading():
            lasting = chunk.articles if file.ids else self._with_lasting_ids(chunk, source)
            for read, article in zip(chunk.articles, lasting):
                id = self._accept_article(article, chunk.path, file)
                if id != read.id:
                    self._renamed[content_hash(read)] = id
        for id, content in chunk.repeated:
            id = self._renamed.get(content, id)
            left_out = id in self._deleted
            self.tally["left_out" if left_out else "copies"] += 1
            if not left_out:
                file.ids[id] = None
                if indexed := self._current_article(id):
                    repeated = replace(indexed, origin=str(chunk.path))
                    self._note_repeated(repeated, Version.of(indexed), chunk.path, file)
        for problem in chunk.problems:
            if problem.version != PENDING:  # Pending articles are annotated at the end of the run.
                (file.problems if problem.kind.is_incomplete else file.doubts).add(problem)
        if chunk.done or chunk.failed:
            del self._open[chunk.path]
            self._finish(file, source, whole=chunk.done)
        self._report_progress(chunk.path, 0 if chunk.done or chunk.failed else len(file.ids))

    def fail(self, path: Path, reason: str) -> None:
        """Count a file that cannot be opened. The next run tries again."""
        problem = Problem(str(path), str(path), reason, ProblemKind.FILE)
        self.tally["files"] += 1
        self.tally["files_failed"] += 1
        self.tally.failed.append(Failure(str(path), reason))
        self.sources.record_problems(str(path), [problem])

    def commit(self) -> None:
        """Commit the batch, then record its files: after a crash in between, these are read again."""
        batch = self.batch
        with self.sources.store.reading():
            orphans = [self.sources.orphans(f.source.path, f.ids) for f in batch.files if f.whole]
        self._write_batch(batch, frozenset().union(*orphans) - batch.articles.keys())
        self.record(batch.files)
        self.batch = Batch()
        self._resolver.forget_except([id for file in self._open.values() for id in file.ids])

    def write(self, writer: Writer, articles: Iterable[Article]) -> None:
        """Write articles with their stories and tags."""
        written = list(articles)
        sources = {article.source for article in written if article.source} - self.new_sources
        names = None if self._rebuilding else self.engine.names()  # The index to be replaced may be damaged.
        self.new_sources.update(one for one in sources if names is None or names.entry("source", one) is None)
        if any(map(doubts_of, (article.tags for article in written))):
            add_custom_fields(self.records.texts, (DOUBTFUL,))
        self.records.write(writer, lambda: self.stories.assign(written))

    def record(self, files: Collection[FinishedFile]) -> None:
        with self.sources.store.transaction():
            for file in files:
                if file.whole:
                    self.sources.record(file.source, file.ids, file.problems, file.pages)
                else:  # Articles beyond the point of failure may still be in the file.
                    ids = {*self.sources.ids(file.source.path), *file.ids}
                    passing = any(problem.version not in FINAL_VERSIONS for problem in file.problems)
                    source = replace(file.source, digest="") if passing else file.source
                    former = [page for _, page in self.sources.pages(path=source.path)]
                    pages = {(page.id, page.number): page for page in (*former, *file.pages)}
                    self.sources.record(source, ids, file.problems, pages.values())
        self.pages.settle({file.source.path for file in files})
        self.records.push()

    def _with_lasting_ids(self, chunk: FileChunk, source: Source) -> tuple[Article, ...]:
        """Return the articles of a file. A single article keeps its id when its text is corrected."""
        articles = chunk.articles
        if (
            not (chunk.done or chunk.failed)
            or chunk.unchanged
            or len(articles) != 1
            or not readers.has_id_from_text(articles[0])
        ):
            return articles
        id = self.sources.lasting_id(source)
        return articles if id is None else (replace(articles[0], id=id),)

    def _accept_article(self, article: Article, path: Path, file: _OpenFile) -> str:
        """Add an article to the batch and return its final id."""
        if isinstance(article, ArticlePage):
            if self._accept_page(article, path, file):
                return article.id
            article = article.plain()
        resolved = self._resolver.resolve_id(article, path)
        id = resolved.article.id
        if id in self._deleted:
            self.tally["left_out"] += 1
            return id
        file.ids[id] = None
        if resolved.copy:
            self.tally["copies"] += 1
            if resolved.indexed and resolved.version:
                self._note_version(article, resolved.indexed, path, file, fuller=resolved.write)
            elif resolved.indexed:
                self._note_repeated(article, resolved.indexed, path, file)
        if resolved.write:
            self.batch.add(resolved.article, path, copy=resolved.copy)
        if resolved.neighbour_id:
            self.tally["other_texts"] += 1
            self._note_clash(article, resolved, path, file)
        return id

    def _accept_page(self, page: ArticlePage, path: Path, file: _OpenFile) -> bool:
        """Add the article that a page belongs to. Returns False if the page belongs to no article."""
        known = self.pages.of(page.id)
        pages = () if page.id in self._deleted else self.pages.joined_pages(page.id, page)
        known_version = self._resolver.known_version(page.id) if pages else None
        if not pages or (
            known_version
            and known_version.origin not in {one.origin for one in (page, *(p for _, p in known))}
        ):
            return False
        other_pages = [one for _, one in known if one.origin != page.origin]
        same_number = next((one for one in other_pages if one.number == page.number), None)
        if same_number and path in self._keeping and same_number.body != page.body:
            return False
        self.pages.note(page, str(path))
        file.pages.append(page)
        file.ids[page.id] = None
        other_page = next((one for one in pages if one.number != page.number), None)
        if same_number:
            self.tally["copies"] += 1
            if same_number.body == page.body:
                self._note_repeated(page, Version.of(same_number), path, file)
            else:
                self._note_version(page, Version.of(same_number), path, file, fuller=page in pages)
        elif other_page:
            self.tally["joined"] += 1
            number = [one.number for one in pages].index(page.number) + 1
            reason = f"It is page {number} of an article and was joined with {other_page.origin}."
            file.take(page, path, reason, ProblemKind.JOINED)
        self._put_pages(pages, path, known_version)
        return True

    def _put_pages(self, pages: Sequence[ArticlePage], path: Path, known_version: Version | None) -> None:
        """Add the article of these pages to the batch, unless the index holds it already."""
        article = joined_article(pages)
        version = Version.of(article)
        if known_version != version:
            self.pages.written.add(article.id)
            self.batch.add(article, path, copy=False)
        self._resolver.pending[article.id] = version

    def _note_repeated(self, article: Article, known_version: Version, path: Path, file: _OpenFile) -> None:
        """Note that an article is a copy of an indexed one, and the differences."""
        if known_version.origin == article.origin:
            details = ", ".join(filter(None, (article.source, str(article.published or "")[:10])))
            reason = f"The file contains it more than once{f' ({details})' if details else ''}."
        elif differs := Version.of(article).differences(known_version):
            title = known_version.title[:_TITLE_WIDTH]
            reason = f"It has the text of “{title}” in {known_version.origin}, but another {differs}."
        else:
            reason = f"It is also in {known_version.origin or 'the index'}."
        file.take(article, path, reason, ProblemKind.REPEATED)

    def _note_version(
        self, article: Article, known_version: Version, path: Path, file: _OpenFile, *, fuller: bool
    ) -> None:
        where, which = known_version.origin or "the index", "this" if fuller else "that"
        held_as = f"It is another version of “{known_version.title[:_TITLE_WIDTH]}” in {where}"
        reason = f"{held_as}; the index holds {which} one, which is fuller."
        file.take(article, path, reason, ProblemKind.REPEATED)

    def _note_clash(self, article: Article, resolved: ResolvedArticle, path: Path, file: _OpenFile) -> None:
        """Note that another article has the same address, and how much text they share."""
        other = self._current_article(resolved.neighbour_id)
        shared = min(overlap(article.body, other.body if other else ""))
        where = resolved.indexed.origin if resolved.indexed and resolved.indexed.origin else "the index"
        same = f"{shared:.0%} of both is the same, and both are in the index."
        reason = f"Another text has the same address in {where}: {same}"
        file.take(article, path, reason, ProblemKind.OTHER_TEXT)

    def _current_article(self, id: str) -> Article | None:
        try:
            return self.batch.articles.get(id) or self.engine.get(id)
        except IndexFailure:  # The index is damaged and is being rebuilt.
            return None

    def _finish(self, file: _OpenFile, source: Source, *, whole: bool) -> None:
        for id in self.pages.removed_ids(source.path, file.pages) if whole else ():
            if remaining := self.pages.joined_pages(id):
                self._put_pages(remaining, Path(source.path), None)
        kind = ProblemKind.PART if file.ids else ProblemKind.FILE
        problems = self._count_attempts(source.path, file.problems.all(kind))
        self.tally.failed.extend(Failure(problem.origin, problem.reason) for problem in problems)
        self.tally["files"] += 1
        if problems and kind is ProblemKind.FILE:
            self.tally["files_failed"] += 1
        else:
            self.tally["files_read"] += 1
            self.tally["parts_failed"] += sum(problem.count for problem in problems)
        doubts = file.doubts.all()
        self.tally["doubtful"] += sum(doubt.count for doubt in doubts)
        problems += [*doubts, *file.remarks.all()]
        finished = FinishedFile(source, tuple(file.ids), tuple(problems), tuple(file.pages), whole)
        self.batch.files.append(finished)

    def _count_attempts(self, path: str, problems: list[Problem]) -> list[Problem]:
        """Return the problems of a file. Those with time get the number of attempts as their version."""
        former = {problem.version for problem in self.sources.problems(path)}
        version = next((later for one, later in pairwise(TIMED_OUT) if one in former), TIMED_OUT[0])
        advice = f"It is read again {'once it changes' if version in FINAL_VERSIONS else 'by the next run'}."
        return [
            replace(one, version=version, reason=f"{one.reason} {advice}")
            if one.version in TIMED_OUT
            else one
            for one in problems
        ]

    def _write_batch(self, batch: Batch, removed_ids: frozenset[str]) -> None:
        if not batch.articles and not removed_ids:
            return
        with self.records.writer(self.engine) as writer:
            if self.records.shared:
                self._resolve_again(batch)
            updated = len(self.engine.frequencies("id", batch.counted))
            self.write(writer, batch.articles.values())
            for id in sorted(removed_ids):
                writer.delete(id)
        self.tally["added"] += len(batch.counted) - updated
        self.tally["updated"] += updated
        self.tally["removed"] += len(removed_ids)

    def _resolve_again(self, batch: Batch) -> None:
        """Resolve the ids of a batch under the lock, because other machines may have used or deleted one."""
        self.records.pull()
        self._deleted = self.sources.deleted()
        for id in self._deleted & batch.articles.keys():
            batch.drop(id)
            self.tally["left_out"] += 1
        resolver = IdResolver(
            self.engine,
            self.sources,
            is_only_machine=False,
            reserved_ids=batch.articles.keys(),
            text=lambda known: indexed.body if (indexed := self.engine.get(known)) else "",
            keeping=self._keeping,
        )
        with self.sources.store.reading():
            for article in list(batch.articles.values()):
                if article.id in self.pages.written:
                    continue
                resolved = resolver.resolve_id(article, batch.paths[article.id])
                if not resolved.write:
                    batch.drop(article.id)
                elif resolved.article.id != article.id:
                    batch.rename(article.id, resolved.article)
                    for file in self._open.values():
                        file.rename(article.id, resolved.article.id)

    def _report_progress(self, path: Path, in_file: int) -> None:
        if self._progress:
            done = self.tally["added"] + self.tally["updated"] + self.tally["unchanged"]
            articles = done + len(self.batch.articles)
            self._progress(Progress(self.tally["files"], self._total, articles, path, in_file=in_file))


def optimize(engine: Engine, added: int) -> None:
    """Merge segments after adding articles, unless another writer is active. Raises IndexDamaged."""
    try:
        with engine.writer(timeout=0) as writer:
            writer.optimize(added)
    except IndexDamaged:
        raise
    except IndexFailure:
        pass  # The commits are complete. The next load merges.

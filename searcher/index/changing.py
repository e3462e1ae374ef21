"""What changes an index: its articles, and what is decided by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from searcher.article import Article
from searcher.errors import IndexDamaged
from searcher.fields import fields_of_tags
from searcher.index.opened import OpenedIndex
from searcher.names.decisions import Curation

if TYPE_CHECKING:
    # what only changes need is not loaded for a search
    from searcher.index.facade import Index
    from searcher.ingest.loader import LoadArguments
    from searcher.ingest.report import Problem, Progress, Report
    from searcher.query.synonyms import Synonyms
    from searcher.records.tags import Tagged

__all__ = ["Changing"]


class Changing(OpenedIndex):
    """The changes of an index; :class:`searcher.index.Index` has them."""

    def load(self, paths: str | Path | Iterable[str | Path], **arguments: Unpack[LoadArguments]) -> Report:
        """Read, annotate and add files, folders and globs; unchanged files are skipped by their hash.

        ``mapping`` names the fields of CSV and JSON records (``{"title": "headline"}``). ``fields`` sets
        fields of every article (``{"source": "BBC", "tag": ["2004"]}``), and ``date_from`` dates those
        without a date by the day in the name of their file or by its time. ``ocr`` has ocrmypdf recognise
        scanned PDFs, in languages as tesseract writes them (“eng+deu”). ``annotated``: the files are those of
        “searcher extract”, whose articles are added with the names and quotations that they have. These are
        kept for every file, and used when it is read again without them. What is no field of every article,
        in ``mapping`` or ``fields``, becomes a field of your own (``{"desk": "foreign"}``): searched,
        narrowed and counted.

        ``prune`` drops the articles of files that are gone, unless these are more than a tenth of the index
        or all that one of the folders gave: then nothing is dropped without ``prune_all``, and
        ``report.prune_refused`` is their number. ``gone`` are files and folders known to have been deleted,
        whose articles are dropped within the same bounds. ``part``, (3, 16), reads the third of 16 parts of
        the files alone: each is in one, on every machine that knows it by this path. ``workers`` is the
        number of processes (default: as cores). Files that cannot be read are in ``report.failed`` and, until
        they are read or gone, in :meth:`problems`; the others are committed in batches, so that whatever
        stops the run, the last commit serves. Raises IndexLocked, and UsageError for a field that cannot be.
        """
        from searcher.ingest import loader

        options = loader.Options(**arguments)
        given = [paths] if isinstance(paths, str | Path) else paths
        return loader.load(self._engine, self._kept_records(), [Path(path) for path in given], options)

    def resume(
        self,
        *,
        prune_all: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report | None:
        """Go on with the last :meth:`load` if it was stopped before its end, by whatever; None if it was
        not. Nothing that was committed is read or annotated again. Raises IndexLocked."""
        from searcher.ingest import loader

        options = loader.Options(prune_all=prune_all, workers=workers, progress=progress)
        return loader.resume(self._engine, self._kept_records(), options)

    def rebuild(
        self,
        *,
        trust_sources: bool = False,
        workers: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Read every recorded file again into a fresh index, and swap it in at the end.

        Searches go on in the old one meanwhile. Articles without a file, and those whose file is gone,
        are kept as they are. A damaged index, opened for repair, is made whole that way: what cannot be
        read of it and has no file is in ``report.failed``. Raises IndexLocked, IndexOutdated where a later
        version made the index, and SourcesUnknown where a recorded file was never read for this user: what
        is in it would come into the index. ``trust_sources``: it is read all the same.
        """
        from searcher.ingest import loader

        options = loader.Options(workers=workers, progress=progress, trust_sources=trust_sources)
        return loader.rebuild(self._engine, self._kept_records(), options)

    def copy_to(self, target: Index, *, progress: Callable[[int], None] | None = None) -> Report:
        """Add the articles to another index, as they are, in commits; those of the same id are replaced.

        An empty index also gets what stands beside this one: decisions about names, synonyms, fields of
        one's own, saved searches, and which files were loaded; any gets the tags of one's own, beside those
        that it has. ``progress`` is told how many were copied. Raises IndexLocked.
        """
        from searcher.ingest import copying
        from searcher.records.tags import OwnTags

        empty = not target.count()
        if empty:
            copying.copy_texts(self._texts, target._texts)
        engine = target._answering().engine  # by the decisions that were copied
        # Before the articles: what is loaded meanwhile is read again rather than taken for copied.
        with copying.recorded(self.store) as before:
            target.import_tags(OwnTags(before).all())
            records = target._kept_records()
            report = copying.copy_articles(self._engine.articles(), engine, records, not empty, progress)
            if empty:
                # Last: a copy that was stopped must not take files for loaded whose articles it lacks.
                copying.copy_records(before, target.store)
                target.share()
        return report

    def add(self, articles: Iterable[Article], *, annotate: bool = True) -> Report:
        """Add articles, replacing those of the same id, in one commit. ``annotate=False``: as they are.
        Raises IndexLocked."""
        from searcher.ingest import loader

        return loader.add(self._engine, self._kept_records(), articles, annotate=annotate)

    def delete(self, ids: str | Iterable[str]) -> int:
        """Delete articles: loading and rebuilding will leave them out, until they are added again with
        :meth:`add` or let in again with :meth:`undelete`. Returns how many there were. Raises IndexLocked."""
        from searcher.ingest import loader

        return loader.delete(self._engine, self._kept_records(), _listed(ids))

    def deleted(self) -> frozenset[str]:
        """The ids of the articles that were deleted."""
        return self._kept_records().sources.deleted()

    def undelete(self, ids: str | Iterable[str]) -> int:
        """Let articles that were deleted in again: :meth:`rebuild` brings back those whose file is still
        there. Returns how many of these ids had been deleted."""
        records = self._kept_records()
        back = records.sources.deleted().intersection(_listed(ids))
        records.sources.undelete(back)
        records.push()
        return len(back)

    def tag(
        self,
        ids: str | Iterable[str],
        add: str | Iterable[str] = (),
        remove: str | Iterable[str] = (),
        *,
        case: str | None = None,
        note: str | None = None,
    ) -> int:
        """Put tags of your own on articles, or take tags off them. Returns how many articles have changed.

        ``desk=foreign`` as a tag is a value of a field of your own. ``case`` puts the articles in a case, and
        ``note`` is a note on each, in the place of an earlier one ("": there is none); both are searched,
        narrowed and counted as fields. The next search sees it, in whatever process, and neither loading nor
        rebuilding undoes it. Raises IndexLocked, and UsageError for what can be no tag.
        """
        from searcher.ingest import loader
        from searcher.records.tags import TagChange

        change = TagChange.of(_listed(add), _listed(remove), case, note)
        return loader.tag(self._engine, self._kept_records(), _listed(ids), change)

    def own_tags(self) -> tuple[Tagged, ...]:
        """Every tag that was put on an article or taken off it by hand, cases and notes among them."""
        from searcher.records.tags import OwnTags

        return OwnTags(self.store).all()

    def own_tag_names(self) -> frozenset[str]:
        """Return every tag that was put on an article by hand, without values of fields of one's own."""
        from searcher.records.tags import OwnTags

        return frozenset(fields_of_tags(OwnTags(self.store).names())["tag"])

    def import_tags(self, decided: Iterable[Tagged]) -> int:
        """Take over tags that :meth:`own_tags` gave, of this index or another; articles that come later have
        them too. Returns how many articles have changed. Raises IndexLocked."""
        from searcher.ingest import loader

        return loader.take_tags(self._engine, self._kept_records(), decided)

    def problems(self) -> tuple[Problem, ...]:
        """What of the files that were loaded is not in the index, and why: files and parts of files that
        could not be read, and files of the folders that no reader takes. Those that are gone are left out."""
        kept = self._kept_records().sources.problems()
        return tuple(problem for problem in kept if os.path.lexists(problem.path))

    def verify(self) -> tuple[str, ...]:
        """The files of the index that are missing, cut short or altered; reads every byte of them.

        An empty answer means that what is searched is what was written. The way back is
        :meth:`rebuild`. Decisions about names are text to be edited by hand, and not among them.
        """
        return (*self._engine.verify(), *self.store.verify())

    # Names and synonyms

    @property
    def decisions(self) -> Curation:
        """The decisions by hand about names. Raises IndexDamaged where their file cannot be understood."""
        self._curated.require_open()
        decided = self._curated.decided()
        if decided.identities is None:
            raise IndexDamaged(decided.problem)
        return decided.identities.curation

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong beside the index and keeps no search from its answer: decisions about names that
        cannot be understood. Those that were understood last hold until then."""
        problem = self._curated.decided().problem
        return (problem,) if problem else ()

    def set_decisions(self, changed: Curation) -> None:
        """Replace the decisions about names. They apply at once and are written beside the index."""
        self._curated.decide(changed)

    @property
    def synonyms(self) -> Synonyms:
        """The words that find one another."""
        from searcher.query import synonyms

        used = self._answering().synonyms
        return synonyms.load(self._texts) if used is None else used

    def set_synonyms(self, changed: Synonyms) -> None:
        """Replace the synonyms. They apply at once and are written beside the index."""
        self._curated.set_synonyms(changed)


def _listed(given: str | Iterable[str]) -> list[str]:
    """Return one id or tag, or several, as a list: the letters of one are no ids."""
    return [given] if isinstance(given, str) else list(given)

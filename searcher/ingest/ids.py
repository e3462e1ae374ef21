"""The id under which an article goes into the index, where several files give articles of one id."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from searcher.article import Article
from searcher.engines.base import Engine
from searcher.ingest.batch import Origin
from searcher.ingest.duplicates.versions import Version
from searcher.ingest.sources import Sources

__all__ = ["IdResolver", "Resolved"]


#: Digits of a digest in an id; more are taken where a file gives several articles of one id.
_DIGITS = (6, 8, 10, 12, 16, 24, 32, 48, 64)


@dataclass(frozen=True, slots=True)
class Resolved:
    """An article under its final id; ``copy``: another file, or this one, gives it as well; ``write``:
    whether this version is the one for the index."""

    article: Article
    copy: bool = False
    write: bool = True


@dataclass(slots=True)
class IdResolver:
    """Tells copies of an article from strangers with the same id.

    ``rebuilding``: what the index holds is to be replaced by what is read now. ``pending`` are the versions
    that the list of sources does not know yet, by id; ``taken`` are ids that no other may get.
    """

    engine: Engine
    sources: Sources
    rebuilding: bool = False
    pending: dict[str, Version] = field(default_factory=dict)
    taken: Collection[str] = ()

    def resolve_id(self, article: Article, origin: Origin) -> Resolved:
        """Give the article of a file its final id: one of its own where another file gives another article
        that id (both may number their records from 1). The same article in two files stays one, in its
        fuller version. An article that comes annotated has the id that the file it was read from gives it.
        """
        path = origin.path
        version, read = Version.of(article), self.pending.get(article.id)
        other = read or self._indexed(article.id, path)
        copy = other is not None and (read is not None or not self.rebuilding)
        if other is not None and not (other.origin == version.origin and self._gave(path, article.id)):
            if not version.same_article(other):
                article = replace(article, id=self._own_id(article.id, version, origin))
                copy = False
            elif copy and other.fuller_than(version):
                return Resolved(article, copy=True, write=False)
            elif read is None and other.body != version.body:
                copy = False  # a later version of what the index holds
        self.pending[article.id] = version
        return Resolved(article, copy)

    def _gave(self, path: Path, id: str) -> bool:
        """Whether a file gave an article of that id, in this run or before: on another machine a file of the
        same path may give another one."""
        return id in self.pending or self.sources.gave(str(path), id)

    def _own_id(self, id: str, version: Version, origin: Origin) -> str:
        """An id with as much of the digest of the file as tells the article from others: from those that this
        file gave it, and from those that a file of the same path did on another machine."""
        digest = hashlib.sha256(os.fsencode(origin.first)).hexdigest()
        suffixes = [f"-{digest[:digits]}" for digits in _DIGITS]
        given = next((id.removesuffix(one) for one in suffixes if id.endswith(one)), id)
        for suffix in suffixes:
            own = f"{given}{suffix}"
            other = self.pending.get(own) or self._indexed(own, origin.path)
            if own not in self.taken and (other is None or version.same_article(other)):
                break
        return own

    def forget_all_but(self, ids: Collection[str]) -> None:
        """Forget the versions that the list of sources knows by now."""
        self.pending = {id: self.pending[id] for id in ids if id in self.pending}

    def _indexed(self, id: str, path: Path) -> Version | None:
        """The article of that id as another file gave it to the index."""
        shared = self.sources.shared_with_other_file(id, str(path))
        indexed = self.engine.get(id) if shared else None
        return Version.of(indexed) if indexed else None

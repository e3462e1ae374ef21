"""One generation, open: answered by :mod:`.light` as long as that will do, by :mod:`.answers` otherwise."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from searcher.article import Article
from searcher.engines.whoosh.format.manifest import Manifest, toc_path
from searcher.engines.whoosh.format.segment import Segment, deleted_articles
from searcher.engines.whoosh.light import MAX_ENTRIES, Light
from searcher.engines.whoosh.search.vocabulary import Vocabulary
from searcher.names.resolution import Identities
from searcher.query.tree import Query
from searcher.results import Hit, Results

if TYPE_CHECKING:
    from searcher.engines.whoosh.search.searcher import Answers

__all__ = ["State"]

#: Questions after which a process is no mere command and NumPy is worth its import.
_A_FEW = 20


class State:
    """The segments of a generation, and what answers from them."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        segments: Sequence[Segment],
        identities: Identities,
        answers: Answers | None = None,
    ) -> None:
        self.manifest = manifest
        self.segments = tuple(segments)
        self._folder = folder
        self._identities = identities
        self._deleted = [deleted_articles(folder, record) for record in manifest.segments]
        self._lock = threading.Lock()
        self._answers = answers
        self._asked = self._spent = 0
        self.toc = str(toc_path(folder, manifest.generation))
        self.following_toc = str(toc_path(folder, manifest.generation + 1))

    @property
    def generation(self) -> int:
        return self.manifest.generation

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words, for the few questions that look one up: opening an index need not read its deletions."""
        return Vocabulary(self.segments, self._deleted)

    @property
    def answers(self) -> Answers:
        """Answers to everything, on arrays."""
        with self._lock:
            if self._answers is None:
                from searcher.engines.whoosh.search.searcher import Answers
                from searcher.engines.whoosh.search.snapshot import Snapshot

                snapshot = Snapshot(self.segments, self._deleted)
                self._answers = Answers(snapshot, self._identities)
            return self._answers

    def search(self, query: Query) -> Results:
        if self._light_will_do():
            light = self._light()
            found = light.search(query)
            self._spent += light.spent
            if found is not None:
                return found
        return self.answers.search(query)

    def scan(self, query: Query) -> Iterator[Hit]:
        if self._light_will_do():
            light = self._light()
            hits = light.scan(query)
            self._spent += light.spent
            if hits is not None:
                return hits
        return self.answers.scan(query)

    def get(self, id: str) -> Article | None:
        return self._light().get(id) if self._light_will_do() else self.answers.get(id)

    def contains(self, id: str) -> bool:
        found = ((segment.find_article(id), n) for n, segment in enumerate(self.segments))
        return any(number >= 0 and number not in self._tombstones[n] for number, n in found)

    @cached_property
    def _tombstones(self) -> Sequence[frozenset[int]]:
        """For each segment the numbers of its deleted articles."""
        return [frozenset(deleted) for deleted in self._deleted]

    def count(self) -> int:
        return sum(segment.size for segment in self.segments) - sum(map(len, self._deleted))

    def resolved_by(self, identities: Identities) -> State:
        """The same generation with names resolved anew."""
        answers = self._answers.resolved_by(identities) if self._answers else None
        return State(self._folder, self.manifest, self.segments, identities, answers)

    def _light_will_do(self) -> bool:
        self._asked += 1
        few = self._asked <= _A_FEW and self._spent <= MAX_ENTRIES
        return few and self._answers is None and "numpy" not in sys.modules

    def _light(self) -> Light:
        """A new one each time: it keeps what it finds, and is not for several threads."""
        return Light(self.segments, self._deleted, self._identities)

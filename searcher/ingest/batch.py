"""The articles that wait for the next commit, and the files that are recorded with it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from searcher.article import Article
from searcher.ingest.report import Problem, ProblemKind
from searcher.ingest.sources import Source

__all__ = ["Batch", "FinishedFile"]

#: A batch is committed at this many articles, or after so many seconds with anything in it: what a crash
#: may cost is at most that.
MAX_ARTICLES, MAX_SECONDS = 5000, 10.0


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A file that was read, with the ids of its articles and what of it could not be read."""

    source: Source
    ids: tuple[str, ...]
    problems: tuple[Problem, ...]
    whole: bool = True  # it was read to its end

    @property
    def lacks(self) -> bool:
        """Whether something of it is not in the index."""
        return any(problem.kind is not ProblemKind.OTHER_TEXT for problem in self.problems)


@dataclass(slots=True)
class Batch:
    """What waits to be committed; ``paths`` are the files that gave it, ``counted`` the ids of articles that
    are no copies."""

    articles: dict[str, Article] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    files: list[FinishedFile] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def add(self, article: Article, path: Path, *, copy: bool) -> None:
        """Let an article wait; a later version of it takes its place, as the last one."""
        self.articles.pop(article.id, None)
        self.articles[article.id] = article
        self.paths[article.id] = path
        if not copy:
            self.counted.add(article.id)

    def drop(self, id: str) -> None:
        """Leave an article out: the index has it in a fuller version, or somebody has deleted it."""
        del self.articles[id]
        self.counted.discard(id)

    def rename(self, id: str, article: Article) -> None:
        """Let an article wait under another id, in its place."""
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

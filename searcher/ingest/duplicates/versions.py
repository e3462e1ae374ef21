"""Two files that give an article of one id: whether the text is the same, and which version is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from searcher.article import Article

__all__ = ["Version"]


@dataclass(frozen=True, slots=True)
class Version:
    """What must be remembered of an article to know another version of it; the text itself is not kept,
    since a rebuild remembers every article. ``body`` is a hash."""

    origin: str | None
    url: str | None
    body: int
    title: str
    authors: tuple[str, ...]
    published: dt.datetime | None

    @classmethod
    def of(cls, article: Article) -> Version:
        body = hash(article.body)
        return cls(article.origin, article.url, body, article.title, article.authors, article.published)

    def same_text(self, other: Version) -> bool:
        return self.body == other.body

    def same_address(self, other: Version) -> bool:
        return self.url is not None and self.url == other.url

    def may_replace(self, other: Version) -> bool:
        """Tell whether this version of a text may stand for the other one: nothing that is known beside the
        text is lost or told otherwise."""
        return all(
            theirs in (ours, "", (), None)
            for ours, theirs in (
                (self.title, other.title),
                (self.authors, other.authors),
                (self.published, other.published),
            )
        )

"""Two files that give the same article: which are versions of each other, and which version is kept."""

from __future__ import annotations

from dataclasses import dataclass

from searcher.article import Article

__all__ = ["Version"]


@dataclass(frozen=True, slots=True)
class Version:
    """What must be remembered of an article to know another version of it; the text itself is not kept,
    since a rebuild remembers every article.

    ``body`` is a hash; ``known`` counts what is known beside the text: title, authors and date.
    """

    origin: str | None
    title: str
    url: str | None
    body: int
    known: int

    @classmethod
    def of(cls, article: Article) -> Version:
        known = bool(article.title) + bool(article.authors) + (article.published is not None)
        return cls(article.origin, article.title, article.url, hash(article.body), known)

    def same_article(self, other: Version) -> bool:
        """Whether two articles of one id are versions of each other rather than strangers."""
        if self.body == other.body or (self.url is not None and self.url == other.url):
            return True
        return bool(self.title) and self.title == other.title

    def fuller_than(self, other: Version) -> bool:
        """Whether the other would lose what is known. Among equals the later one is kept, as a page that
        was saved again is."""
        return self.known > other.known

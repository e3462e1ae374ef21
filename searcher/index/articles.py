"""The articles of an index: each by its id, all of them, and those that resemble one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Unpack

from searcher.article import Article
from searcher.index.session import Session
from searcher.query.arguments import Arguments, check_count, check_kind, check_text
from searcher.query.request import Search
from searcher.query.tree import IS_PENDING, Expr
from searcher.results import Hit, Marks

if TYPE_CHECKING:
    # Searches do not need these.
    from searcher.results.versions import ArticleVersion, CopyCounts, Original


class Articles:
    """The articles of an index (:attr:`Index.articles`). Iterate over it to get all of them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __iter__(self) -> Iterator[Article]:
        """Yield every article, in the order in which they were added."""
        return self._session.engine.storage().articles()

    def __len__(self) -> int:
        return self._session.engine.count()

    def __bool__(self) -> bool:
        return True

    def get(self, id: str) -> Article | None:
        """Return the article with this id, or None."""
        return self._session.engine.get(check_text("id", id))

    def ids(self, prefix: str = "") -> Iterator[str]:
        """Yield the ids that start with ``prefix``, in no particular order."""
        return self._session.engine.terms("id", check_text("prefix", prefix))

    def count_pending(self) -> int:
        """Return the number of articles that have no names or quotations yet (see :meth:`Index.annotate`)."""
        return self._session.engine.count(IS_PENDING)

    def related(self, article: Article, limit: int = 10) -> list[Hit]:
        """Return the articles most similar to one, best first: those that share its words and names.

        ``article`` does not have to be in the index.
        """
        from searcher.search.related import related

        answers = self._session.answers()
        return related(answers, check_kind("article", article, Article), check_count("limit", limit))

    def matches(
        self, article: Article, query: str | Expr | Search = "", **arguments: Unpack[Arguments]
    ) -> tuple[Marks, Marks]:
        """Return all places where a query matches in the title of an article, and in its body.

        Arguments and errors are those of :meth:`Index.search`.
        """
        request = self._session.request(query, arguments)
        return self._session.answers().matches(request, check_kind("article", article, Article))

    def versions(self, id: str) -> tuple[ArticleVersion, ...]:
        """Return the stored versions of an article, oldest first, each with the version before it.

        An article that never changed has one; an unknown id has none.
        """
        from searcher.results.versions import ArticleVersion
        from searcher.search import related

        article = self.get(id)
        articles = related.versions(self._session.engine, article) if article else []
        return tuple(map(ArticleVersion, articles, (None, *articles)))

    def copies(self, id: str) -> tuple[ArticleVersion, ...]:
        """Return articles with nearly the same text as this one, oldest first and at most 100.

        Versions of the same page are left out. Each copy has the article to compare it with.
        """
        from searcher.results.versions import ArticleVersion
        from searcher.search import related

        article = self.get(id)
        copies = related.copies(self._session.engine, article) if article else []
        return tuple(ArticleVersion(copy, article) for copy in copies)

    def count_copies(self, articles: Iterable[Article]) -> Mapping[str, CopyCounts]:
        """Return the numbers of copies and versions of articles by id. Articles without any are left out."""
        from searcher.search import related

        return related.copy_counts(self._session.engine, tuple(articles))

    def original(self, article: Article, start: int = 0, end: int = 0, *, with_data: bool = True) -> Original:
        """Return the file, or the part of a file, that an article was read from.

        ``start`` and ``end`` are a passage of the body to find in the file. With ``with_data=False`` the file
        is only checked, whatever its size, and its data are left out. Raises ReadError if the file is gone or
        has changed.
        """
        from searcher.ingest.original import original

        paths = self._session.records().sources.paths(article.id)
        return original(article, paths, start, end, with_data=with_data)

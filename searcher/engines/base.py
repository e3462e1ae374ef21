"""The protocol of engines, which store and match articles.

Three engines implement it: :mod:`searcher.engines.memory` (small, slow, obviously right: the judge),
:mod:`searcher.engines.whoosh` (a folder) and, as an extension, one for an index on a cluster. One conformance
suite checks that all give the same answers.

An engine stores articles unchanged, matches :mod:`searcher.query.tree` trees, scores them as
:mod:`searcher.engines.scoring` defines, and counts facets exactly. It does not deal with query text, files,
snippets or extraction. It resolves names across articles at commit, by the
:class:`searcher.names.table.Identities` that it was opened with.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, Protocol, Self, TypeVar, overload

from searcher import analysis
from searcher.analysis.terms import Terms
from searcher.article import Article
from searcher.errors import IndexDamaged, UsageError
from searcher.languages import word_language
from searcher.names.table import Identities, NameTable
from searcher.query.tree import Expr, MatchAll, Query, QuoteQuery, SpanExpr
from searcher.results import Hit, Results
from searcher.textfiles import Texts

if TYPE_CHECKING:
    from searcher.records.store import Store
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Statement, Statements

#: Fields whose terms can be looked up: the words of articles (folded but not stemmed), the words of
#: quotations, and the ids of articles.
TermField = Literal["text", "said", "id"]

R = TypeVar("R")


class SharedRecords(Protocol):
    """The records of an index that several machines share. Each machine has its own store."""

    store: Store

    def pull(self) -> None:
        """Fetch the changes of other machines."""
        ...

    def push(self) -> None:
        """Publish the changes of this machine."""
        ...


class Writer(Protocol):
    """A transaction: leaving the ``with`` block commits, an exception inside it discards all changes.

    Adding an id again replaces the older article, within one batch too, and counts as added last.

    Attributes:
        external_state: The state of the files next to the index as of this commit, ready for JSON. None:
            unchanged. An engine whose records are shared may ignore it.
    """

    external_state: Mapping[str, Any] | None

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: object, *_: object) -> None: ...
    def add(self, article: Article) -> None: ...
    def delete(self, id: str) -> None: ...
    def optimize(self, added: int) -> None:
        """Merge segments after a bulk load of ``added`` articles, if this is cheap compared to the load."""
        ...


class Transaction:
    """A writer that commits or discards when its ``with`` block is left."""

    external_state: Mapping[str, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._end(commit=kind is None)

    def _end(self, *, commit: bool) -> None:
        raise NotImplementedError


class Engine(Protocol):
    """An index of articles. Thread-safe; every call sees the last commit made before it began."""

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> Writer:
        """Begin a transaction. ``fresh`` replaces everything at commit; until then, and if it fails, searches
        still see the old articles. Raises IndexLocked if another writer does not finish within ``timeout``
        seconds (default: the timeout of the engine)."""
        ...

    # Return one page of hits. Articles come without snippets and marks, and facets without selected values;
    # quotations come without context, and with the speaker's name across articles. Scores are 0.0 if the
    # results are sorted by date.
    @overload
    def search(self, query: Query) -> Results: ...
    @overload
    def search(self, query: QuoteQuery) -> Quotes: ...

    # Return all hits of one snapshot in the order of the query, ignoring its page and facets. Only one
    # article is in memory at a time, in addition to the numbers and scores of the hits.
    @overload
    def scan(self, query: Query) -> Iterator[Hit]: ...
    @overload
    def scan(self, query: QuoteQuery) -> Iterator[QuoteHit]: ...

    def statements(self, query: QuoteQuery) -> Statements:
        """Return one page of the statements that the matching quotations belong to, in the order of these. A
        statement includes all equivalent utterances in the index of the requested kinds;
        :mod:`searcher.statements` defines which are equivalent."""
        ...

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """Return the number of statements of each value of these fields. A statement has the values of the
        articles in which the query finds it, and its speakers there (“speaker”). Units of time are written as
        in facets. All filters apply. Raises QueryTooBroad if there are too many to count."""
        ...

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        """Return the statement that a quotation of one of these kinds belongs to, or None if the quotation is
        no longer in the index."""
        ...

    def get(self, id: str) -> Article | None: ...

    def count(self, where: Expr | None = None) -> int:
        """Return the number of articles that match, or of all articles without a query."""
        ...

    def terms(self, field: TermField, prefix: str | tuple[str, ...] = "") -> Iterator[str]:
        """Return the distinct terms with this prefix, or with any of several. Words are sorted, ids are
        not."""
        ...

    def frequencies(self, field: TermField, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of articles of each of these terms, without terms that do not occur. For “said”,
        an engine may count quotations or articles, by word or by stem, whichever is fast."""
        ...

    def names(self) -> NameTable:
        """Return the names across articles, as of the last commit."""
        ...

    def use_names(self, identities: Identities) -> None:
        """Resolve names by ``identities`` from now on."""
        ...

    def storage(self) -> Storage:
        """Return the stored articles, words and files."""
        ...

    def close(self) -> None:
        """Close the engine. All other calls raise UsageError afterwards; open iterators continue."""
        ...


class LooksAhead(ABC):
    """A remote engine, where every request costs a round trip."""

    @abstractmethod
    def look_ahead(self, where: Expr) -> None:
        """Fetch in one request what a search will need to know about each word of a query."""


class CommitFollower(Generic[R]):
    """The base of engines that answer from a reader of the last commit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reader: R | None = None
        self._closed = False

    def close(self) -> None:
        with self._lock:
            self._reader = None
            self._closed = True

    def _require_open(self) -> None:
        if self._closed:
            raise closed_error()


class BodyPart(NamedTuple):
    """A part of a body. ``leaves``: a bit for each leaf of a query that may occur in it. ``text``: returns
    the part and a few lines after it."""

    start: int
    end: int
    leaves: int
    text: Callable[[], str]


class Parted:
    """An article whose body can be decoded in parts. A long one is highlighted much faster so."""

    __slots__ = ()

    def parts_containing(self, leaves: Sequence[SpanExpr]) -> list[BodyPart] | None:
        """Return the parts of the body that may contain a leaf of a query, or None if they are not known."""
        raise NotImplementedError


class Deferred:
    """A frozen data class whose fields are computed when first read. Otherwise it behaves like its eager
    form, to which it compares equal."""

    __slots__ = ()

    def eager(self) -> Any:
        """Return the eager form."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return bool(self.eager() == (other.eager() if isinstance(other, Deferred) else other))

    def __hash__(self) -> int:
        return hash(self.eager())

    def __repr__(self) -> str:
        return repr(self.eager())

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        whole = self.eager()
        return type(whole), tuple(getattr(whole, name) for name in whole.__match_args__)


class StemGroup(NamedTuple):
    """The words of one stem, each with its number of occurrences, and the number of articles with any."""

    tokens: Mapping[Terms, int]
    articles: int


def _stem_of(terms: Terms) -> str:
    return terms[1] if len(terms) > 1 and not analysis.is_surface(terms[1]) else terms[0]


class Storage:
    """The stored content of an engine. This default is for engines whose files cannot be damaged."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def articles(self) -> Iterator[Article]:
        """Return all articles in the order of adding."""
        return (hit.article for hit in self._engine.scan(Query(MatchAll())))

    def version(self) -> str:
        """Return a string that changes with every commit, to detect outdated derived data."""
        return ""

    def stem_groups(self) -> Iterator[StemGroup]:
        """Return the words of the articles by stem. May include words of deleted articles."""
        tokens: dict[str, Counter[Terms]] = defaultdict(Counter)
        articles = Counter[str]()
        for article in self.articles():
            language = word_language(article.language)
            texts = (analysis.index_terms(text, language) for text in (article.title, article.body))
            counts = Counter(terms for text in texts for terms in text)
            for terms, count in counts.items():
                tokens[_stem_of(terms)][terms] += count
            articles.update({_stem_of(terms) for terms in counts})
        return (StemGroup(variants, articles[stem]) for stem, variants in tokens.items())

    def external_state(self) -> Mapping[str, Any]:
        """Return the state of the files next to the index as of the last commit, or an empty mapping."""
        return {}

    def verify(self) -> tuple[str, ...]:
        """Return the names of files that were altered since the last commit. Reads all their bytes."""
        return ()

    def read_undamaged_articles(self) -> Iterator[Article | IndexDamaged]:
        """Return the readable articles of a damaged index, and an error for each damaged file. If an id comes
        twice, the later article is the valid one."""
        return self.articles()


class OpenedIndex(NamedTuple):
    """An engine opened by an entry point of the group ``searcher.engines``.

    Attributes:
        texts: The editable text files of the index, if they are not in its folder.
        open_records: Opens the records in a folder of this machine, if several machines share them.
    """

    engine: Engine
    texts: Texts | None = None
    open_records: Callable[[Path], SharedRecords] | None = None


def closed_error() -> UsageError:
    """Return the error for using a closed engine."""
    return UsageError("This index is closed: open it again with open_index.")

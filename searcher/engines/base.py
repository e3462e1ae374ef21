"""The protocol between the index and whatever stores and matches articles.

Three engines implement it: :mod:`searcher.engines.memory` (small, slow, obviously right: the judge),
:mod:`searcher.engines.whoosh` (a folder) and, as an extension, one for an index on a cluster. One conformance
suite holds them to the same answers.

An engine stores articles as they are, matches :mod:`searcher.query.tree` trees, scores them as
:mod:`searcher.engines.scoring` says, and counts facets exactly. It knows nothing of query text, files,
snippets or extraction; names across articles are decided at commit, by the
:class:`searcher.names.table.Identities` given.
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

#: What has terms to be looked up: the words of articles as written (folded, not stemmed), those of
#: quotations, and the ids of articles.
TermField = Literal["text", "said", "id"]

R = TypeVar("R")


class SharedRecords(Protocol):
    """The records beside an index that several machines use: a store on each, which all bring up to date."""

    store: Store

    def pull(self) -> None:
        """Take over what others have changed."""
        ...

    def push(self) -> None:
        """Let others see what has changed here."""
        ...


class Writer(Protocol):
    """All or nothing: leaving the ``with`` block commits, an exception inside it discards.

    An id that is added again replaces the older article (within one batch too) and counts as added last.
    ``beside``: what the commit is to know of the files beside the index, ready for JSON; None for what the
    one before knew. An engine whose records others share need not keep it.
    """

    beside: Mapping[str, Any] | None

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: object, *_: object) -> None: ...
    def add(self, article: Article) -> None: ...
    def delete(self, id: str) -> None: ...
    def optimize(self, added: int) -> None:
        """Merge segments after a bulk load of ``added`` articles, if that is cheap compared with the load."""
        ...


class Transaction:
    """A writer that commits or discards when its ``with`` block is left."""

    beside: Mapping[str, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._end(commit=kind is None)

    def _end(self, *, commit: bool) -> None:
        raise NotImplementedError


class Engine(Protocol):
    """Safe to share between threads. Every call sees the last commit as of its beginning."""

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> Writer:
        """Begin a change. ``fresh`` replaces everything at commit; until then, and if it fails, the old
        articles go on answering. Raises IndexLocked when another writer does not finish within
        ``timeout`` seconds (those that the engine was opened with, where None)."""
        ...

    # One page of hits: articles, without passages and marks, with facets, without selections; or quotations,
    # without the text around them, whose speaker is resolved across articles. The score is 0.0 where the
    # order is by date.
    @overload
    def search(self, query: Query) -> Results: ...
    @overload
    def search(self, query: QuoteQuery) -> Quotes: ...

    # Every hit of one snapshot in the order of the query, whatever its page; facets are not counted. At most
    # one article is held at a time: memory grows by the numbers and scores of the hits alone.
    @overload
    def scan(self, query: Query) -> Iterator[Hit]: ...
    @overload
    def scan(self, query: QuoteQuery) -> Iterator[QuoteHit]: ...

    def statements(self, query: QuoteQuery) -> Statements:
        """Return one page of statements: those that quotations are part of which the query finds, in the
        order of these. A statement has every utterance of the index that is the same, of the kinds asked for;
        which ones are the same is for :mod:`searcher.statements` to say."""
        ...

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """Return for each of these fields the number of statements that each of its values has: a statement
        has what the articles have where the query finds it, and who said it there (“speaker”). Units of time
        are written as in facets. All filters count. Raises QueryTooBroad where an engine cannot count so
        many."""
        ...

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        """Return the statement that a quotation, which is of one of these kinds, is part of; None where the
        index has it no more."""
        ...

    def get(self, id: str) -> Article | None: ...

    def count(self, where: Expr | None = None) -> int:
        """Return the number of articles that match; of all articles where there is no query."""
        ...

    def terms(self, field: TermField, prefix: str | tuple[str, ...] = "") -> Iterator[str]:
        """Return the terms that begin with ``prefix``, or with any of several, each once: words sorted,
        ids in no order."""
        ...

    def frequencies(self, field: TermField, terms: Collection[str]) -> Mapping[str, int]:
        """Return those of these terms that the index holds, each with the number of its articles. Of what was
        said an engine may count quotations or articles, and by stem, whatever is fast."""
        ...

    def names(self) -> NameTable:
        """Return the names of all values across articles, as of the last commit."""
        ...

    def use_names(self, identities: Identities) -> None:
        """Resolve names by ``identities`` from now on."""
        ...

    def storage(self) -> Storage:
        """Return what is kept, as it lies there."""
        ...

    def close(self) -> None:
        """Close the engine: every other call raises UsageError from then on. Iterators begun before go on."""
        ...


class LooksAhead(ABC):
    """An engine that is far away, where each question takes its way there and back."""

    @abstractmethod
    def look_ahead(self, where: Expr) -> None:
        """Find out at once what is going to be asked of each word of a query."""


class CommitFollower(Generic[R]):
    """What an engine has that answers from a reader of the last commit, until it is closed."""

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
    """A part of a body: where it begins and ends, which leaves of a query may stand in it (a bit each), its
    text and a few lines after it."""

    start: int
    end: int
    leaves: int
    text: Callable[[], str]


class Parted:
    """An article whose body can be read in parts."""

    __slots__ = ()

    def parts_with(self, leaves: Sequence[SpanExpr]) -> list[BodyPart] | None:
        """Return the parts of the body in which leaves of a query may stand, None where that is not known."""
        raise NotImplementedError


class Deferred:
    """A frozen data type with fields that are made when they are first read; otherwise it is as one made at
    once."""

    __slots__ = ()

    def whole(self) -> Any:
        """Return the same, made at once."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return bool(self.whole() == (other.whole() if isinstance(other, Deferred) else other))

    def __hash__(self) -> int:
        return hash(self.whole())

    def __repr__(self) -> str:
        return repr(self.whole())

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        made = self.whole()
        return type(made), tuple(getattr(made, name) for name in made.__match_args__)


class StemGroup(NamedTuple):
    """The words that share a stem, by their terms, with how often each occurs; how many articles have any."""

    tokens: Mapping[Terms, int]
    articles: int


def _stem_of(terms: Terms) -> str:
    return terms[1] if len(terms) > 1 and not analysis.is_surface(terms[1]) else terms[0]


class Storage:
    """What an engine keeps, as it was put in; here of one that nothing can damage."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def articles(self) -> Iterator[Article]:
        """Return every article, in the order in which they were added."""
        return (hit.article for hit in self._engine.scan(Query(MatchAll())))

    def state(self) -> str:
        """Return what changes with what is kept, for what was made of it."""
        return ""

    def stem_groups(self) -> Iterator[StemGroup]:
        """Return the words of the articles by stem; deleted articles may count."""
        tokens: dict[str, Counter[Terms]] = defaultdict(Counter)
        articles = Counter[str]()
        for article in self.articles():
            language = word_language(article.language)
            texts = (analysis.index_terms(text, language) for text in (article.title, article.body))
            found = Counter(terms for text in texts for terms in text)
            for terms, times in found.items():
                tokens[_stem_of(terms)][terms] += times
            articles.update({_stem_of(terms) for terms in found})
        return (StemGroup(some, articles[stem]) for stem, some in tokens.items())

    def beside(self) -> Mapping[str, Any]:
        """Return what the last commit knows of the files beside the index; empty where it knows nothing."""
        return {}

    def verify(self) -> tuple[str, ...]:
        """Return the files that are not as the last commit left them; reads every byte of them."""
        return ()

    def salvage(self) -> Iterator[Article | IndexDamaged]:
        """Return what can be read of a damaged index: articles, and what is wrong with files that do not give
        all that they held. Where an id comes twice, the later article is the valid one."""
        return self.articles()


class Opened(NamedTuple):
    """What an entry point of the group ``searcher.engines`` opens: an engine, and the texts beside it.

    ``records`` opens the records in a folder of this machine, if several machines share them.
    """

    engine: Engine
    texts: Texts | None = None
    records: Callable[[Path], SharedRecords] | None = None


def closed_error() -> UsageError:
    """Return the error of any use of a closed engine."""
    return UsageError("This index is closed: open it again with open_index.")

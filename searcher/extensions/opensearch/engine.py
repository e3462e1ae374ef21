"""The engine: follows the last commit of an index on OpenSearch and answers searches with a reader."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeVar

from searcher.article import Article
from searcher.engines.base import CommitFollower, LooksAhead, Storage, TermField
from searcher.errors import IndexDamaged, IndexMissing, QueryTooBroad
from searcher.extensions.opensearch.client import Address, Client, Forbidden, NotFound
from searcher.extensions.opensearch.documents import checksum
from searcher.extensions.opensearch.ledger import SharedLedger, SharedTexts
from searcher.extensions.opensearch.reader import ClusterReader
from searcher.extensions.opensearch.result_pages import all_hits
from searcher.extensions.opensearch.state import read_state
from searcher.extensions.opensearch.value_counts import articles_of, totals
from searcher.names.table import Identities, NameTable
from searcher.query import deadline
from searcher.query.tree import Expr, Query, QuoteQuery

if TYPE_CHECKING:
    from searcher.extensions.opensearch.writer import ClusterWriter
    from searcher.results.quotations import QuoteHit
    from searcher.results.statements import Statement, Statements

T = TypeVar("T")

#: Maximum number of quotations for counting facets of statements. Each is fetched with its article. A
#: quotation of 25 words takes 11 kB, so the maximum takes 550 MB.
MAX_FACETED: Final = 50_000


class OpenSearchEngine(CommitFollower[ClusterReader], LooksAhead):
    """An engine for an index on a cluster. All machines share ``texts`` and ``ledger``."""

    def __init__(
        self,
        address: Address,
        *,
        identities: Identities,
        create: bool = False,
        timeout: float = 60.0,
        patience: float = 30.0,
    ) -> None:
        """Connect to an index.

        ``create``: create the index if it does not exist. ``timeout``: seconds a writer waits for another.
        ``patience``: maximum seconds per query. Raises IndexMissing, IndexDamaged, IndexOutdated, or
        IndexFailure if the cluster cannot be used.
        """
        super().__init__()
        self._client = Client(address)
        self._identities = identities
        self._timeout = timeout
        self._patience = patience
        self.texts = SharedTexts(self._client)
        self.ledger = SharedLedger(self._client)
        self._question: object = None
        if create:
            from searcher.extensions.opensearch import setup  # Not imported by searches.

            setup.require_version(self._client)
            setup.make_index(self._client)
        try:
            self._latest()
        except (IndexMissing, IndexDamaged):
            from searcher.extensions.opensearch import setup

            with suppress(Forbidden):  # Read-only users may not see the version.
                setup.require_version(self._client)  # Raises a clearer error if the server is not OpenSearch.
            raise

    def writer(self, *, fresh: bool = False, timeout: float | None = None) -> ClusterWriter:
        from searcher.extensions.opensearch.writer import ClusterWriter  # Not imported by searches.

        self._require_open()
        wait = self._timeout if timeout is None else timeout
        return ClusterWriter(self._client, lambda: self._identities, fresh=fresh, timeout=wait)

    def search(self, query: Query | QuoteQuery) -> Any:
        if isinstance(query, QuoteQuery):
            return self._ask(lambda reader: reader.quotes(query))
        return self._ask(lambda reader: reader.search(query))

    def scan(self, query: Query | QuoteQuery) -> Iterator[Any]:
        if isinstance(query, QuoteQuery):
            return self._ask(lambda reader: reader.scan_quotes(query))
        return self._ask(lambda reader: reader.scan(query))

    def statements(self, query: QuoteQuery) -> Statements:
        statements = self._ask(lambda reader: reader.statements(query))
        return replace(statements, below_confidence=self.search(replace(query, limit=0)).below_confidence)

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        from searcher.engines.statements import statement_value_counts  # Not imported by searches.

        total = self.search(replace(query, offset=0, limit=0)).total
        if total > MAX_FACETED:
            raise QueryTooBroad(
                f"On a cluster, facets of statements are counted over {MAX_FACETED:,} quotations at most, "
                f"and {total:,} match: add words or days, or ask for no facets."
            )
        return statement_value_counts(self._ask(lambda reader: reader.statement_hits(query)), fields)

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        return self._ask(lambda reader: reader.statement_of(hit, kinds))

    def get(self, id: str) -> Article | None:
        return self._ask(lambda reader: reader.get(id))

    def count(self, where: Expr | None = None) -> int:
        return self._ask(lambda reader: reader.count(where))

    def look_ahead(self, where: Expr) -> None:
        self._ask(lambda reader: reader.look_ahead(where))

    def terms(self, field: TermField, prefix: str | tuple[str, ...] = "") -> Iterator[str]:
        prefixes = (prefix,) if isinstance(prefix, str) else prefix
        if field == "id":
            return self._ask(lambda reader: reader.ids(prefixes))
        return self._ask(lambda reader: iter(sorted({*chain.from_iterable(map(reader.words, prefixes))})))

    def frequencies(self, field: TermField, terms: Collection[str]) -> Mapping[str, int]:
        return self._ask(lambda reader: reader.frequencies("id" if field == "id" else "words", terms))

    def names(self) -> NameTable:
        return self._ask(lambda reader: reader.names)

    def use_names(self, identities: Identities) -> None:
        with self._lock:
            self._require_open()
            self._identities = identities
            if self._reader:
                self._reader.use_names(identities)

    def storage(self) -> Storage:
        self._require_open()
        return _ClusterStorage(self)

    def _ask(self, query: Callable[[ClusterReader], T]) -> T:
        """Query the last commit. Repeat if its index was replaced and deleted meanwhile."""
        reader = self._latest()
        try:
            return query(reader)
        except NotFound:
            self._question = None
            if self._latest() is reader:
                raise
            return query(self._latest())

    def _latest(self) -> ClusterReader:
        """Return a reader of the last commit. Checks for a new commit once per question."""
        self._require_open()
        question = deadline.question()
        with self._lock:
            if self._reader and question is not None and question is self._question:
                return self._reader
        state = self.texts.state()
        with self._lock:
            self._require_open()
            self._question = question
            if self._reader is None or self._reader.state != state:
                self._reader = ClusterReader(self._client, state, self._identities, self._patience)
            return self._reader


class _ClusterStorage(Storage):
    """The articles of an index. Its records are in the ledger."""

    def __init__(self, engine: OpenSearchEngine) -> None:
        super().__init__(engine)
        self._ask, self._client = engine._ask, engine._client

    def articles(self) -> Iterator[Article]:
        """Yield every article, without looking up names."""
        return self._ask(lambda reader: reader.articles())

    def version(self) -> str:
        state = self._ask(lambda reader: reader.state)
        return f"{state.articles} {state.generation}"

    def verify(self) -> tuple[str, ...]:
        """Return what differs from the last commit: missing shards and damaged articles. Reads everything."""
        state, _ = read_state(self._client)
        health = self._client.get(f"/_cluster/health/{state.articles}?level=shards")
        shards = health["indices"][state.articles]["shards"]
        if red := [number for number, shard in shards.items() if shard["status"] == "red"]:
            return tuple(f"shard {number} of {state.articles}" for number in red)
        is_complete = totals(self._client, state) == state.totals
        problems = [] if is_complete else [f"the articles of {state.articles}"]
        query = {"bool": {"filter": articles_of(state)}}
        body = {"query": query, "sort": ["order"], "_source": ["id", "stored", "check"]}
        for hit in all_hits(self._client, state.articles, body):
            document = hit["_source"]
            if checksum(document["stored"]) != document["check"]:
                problems.append(f"article {document['id']}")
        return tuple(problems)

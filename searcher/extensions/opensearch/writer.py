"""The writer: adds documents of a new generation, invisible until the state names it."""

from __future__ import annotations

import math
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from searcher.article import Article
from searcher.engines.base import Transaction
from searcher.errors import IndexFailure
from searcher.extensions.opensearch.client import Action, Client, send
from searcher.extensions.opensearch.documents import document_key, documents_of, routing_key
from searcher.extensions.opensearch.index_settings import VALUE_FIELDS
from searcher.extensions.opensearch.lease import Lease
from searcher.extensions.opensearch.names import decide, open_names
from searcher.extensions.opensearch.setup import make_articles, wait_until_green
from searcher.extensions.opensearch.state import ClusterState, Versioned, read_state, write_state
from searcher.extensions.opensearch.statements import ClusterStatements, renamed_speakers
from searcher.extensions.opensearch.value_counts import languages, totals
from searcher.names.decisions import Curation
from searcher.names.rules import VERSION
from searcher.names.table import SAID_BY, Identities

#: Maximum number of articles per batch, and approximate maximum number of characters.
_MAX_BATCH_ARTICLES, _MAX_BATCH_CHARACTERS = 1_000, 3_000_000
#: Number of batches to send in parallel, enough to keep a cluster busy while the next batch is prepared.
_MAX_SENDING = 3
#: Maximum number of changed values for deciding names by group. After more changes, all names are decided.
MAX_TOUCHED = 50_000

Touched = dict[str, set[str]]


class ClusterWriter(Transaction):
    """Holds the lease from creation. See :class:`searcher.engines.base.Writer`."""

    def __init__(
        self, client: Client, identities: Callable[[], Identities], *, fresh: bool, timeout: float
    ) -> None:
        self._client = client
        self._identities = identities
        self._fresh = fresh
        self._lease = Lease(client, timeout)
        self._used = self._optimizes = False
        try:
            self._state, self._before = self._void_abandoned()
            self._target = self._state.articles
            if fresh:
                self._target = make_articles(client, self._lease.number, self._state.articles)
        except BaseException:
            self._lease.release(used=False)
            raise
        self._order = 0 if fresh else self._state.order
        self._pending: dict[str, Article | None] = {}
        self._characters = 0
        self._written: dict[str, tuple[str, int]] = {}
        self._touched: Touched = defaultdict(set)
        self._sender = ThreadPoolExecutor(_MAX_SENDING, "searcher-bulk")
        self._sending: deque[Future[None]] = deque()

    def _end(self, *, commit: bool) -> None:
        try:
            if commit:
                self._commit()
        finally:
            self._sender.shutdown()
            self._lease.release(used=self._used)
        if commit and self._optimizes:
            purge(self._client)
            merge(self._client)

    def add(self, article: Article) -> None:
        self._pending.pop(article.id, None)
        self._pending[article.id] = article
        self._characters += len(article.title) + len(article.body)
        if len(self._pending) >= _MAX_BATCH_ARTICLES or self._characters >= _MAX_BATCH_CHARACTERS:
            with _mark_uncommitted():
                self._flush()

    def delete(self, id: str) -> None:
        self._pending.pop(id, None)
        self._pending[id] = None

    def optimize(self, added: int) -> None:  # noqa: ARG002  # The cluster's segments decide.
        """Purge and merge after the commit, without the lease."""
        self._optimizes = True

    def _void_abandoned(self) -> tuple[ClusterState, Versioned]:
        """Return the state, after marking abandoned generations as void."""
        state, before = read_state(self._client)
        void = {number for number, _ in state.void}
        abandoned = set(range(state.generation + 1, self._lease.number)) - void
        if not abandoned:
            return state, before
        now = int(time.time())
        given_up = tuple((number, now) for number in sorted(abandoned))
        state = replace(state, void=(*state.void, *given_up), commit=secrets.token_hex(8))
        write_state(self._client, state, before)
        return read_state(self._client)

    def _flush(self) -> None:
        """Send the pending articles in the background, after earlier versions of them."""
        pending, self._pending, self._characters = self._pending, {}, 0
        if not pending:
            return
        self._lease.require()
        self._used = True
        sent_before = not self._written.keys().isdisjoint(pending)
        actions = [*self._end_committed(pending), *self._changes(pending)]
        self._wait(0 if sent_before else _MAX_SENDING - 1)
        self._sending.append(self._sender.submit(send, self._client, self._target, actions))

    def _wait(self, left: int = 0) -> None:
        while len(self._sending) > left:
            self._sending.popleft().result()

    def _end_committed(self, ids: Iterable[str]) -> Iterator[Action]:
        if self._fresh:
            return
        listed, ended = list(ids), {"doc": {"to": self._lease.number, "ended": int(time.time())}}
        query = {"bool": {"filter": [*self._state.live(), {"terms": {"id": listed}}]}}
        body = {"size": len(listed), "query": query, "_source": [*VALUE_FIELDS, "speaks", "quotations"]}
        answer = self._client.post(f"/{self._target}/_search?allow_partial_search_results=false", body)
        for hit in answer["hits"]["hits"]:
            self._touch(hit["_source"])
            key, options = hit["_id"], {"routing": hit["_routing"], "retry_on_conflict": 3}
            for document in (key, *(f"{key}#{n}" for n in range(hit["_source"]["quotations"]))):
                yield {"update": {"_id": document, **options}}, ended

    def _changes(self, pending: dict[str, Article | None]) -> Iterator[Action]:
        """Delete what this writer has sent of these articles, and add them."""
        for id, article in pending.items():
            if id in self._written:
                routing, documents = self._written.pop(id)
                key = document_key(id, self._lease.number)
                for one in (key, *(f"{key}#{n}" for n in range(documents - 1))):
                    yield {"delete": {"_id": one, "routing": routing}}, None
            if article is None:
                continue
            routing, count = routing_key(article), 0
            for key, document in documents_of(article, self._lease.number, self._order):
                if not count:
                    self._touch(document)
                count += 1
                yield {"index": {"_id": key, "routing": routing}}, document
            self._written[id] = routing, count
            self._order += 1

    def _touch(self, document: dict[str, Any]) -> None:
        for field in VALUE_FIELDS:
            self._touched[field].update(document.get(field, ()))
        self._touched[SAID_BY].update(document.get("speaks", ()))

    def _commit(self) -> None:
        with _mark_uncommitted():
            after = self._prepare()
        if after is not None:
            write_state(self._client, after, self._before)

    def _prepare(self) -> ClusterState | None:
        """Return the new state once all its documents exist, or None if nothing has changed."""
        self._flush()
        self._wait()
        if not self._used and not self._fresh:
            return None
        self._used = True
        self._refresh()
        identities = self._identities()
        after = replace(
            self._state,
            articles=self._target,
            generation=self._lease.number,
            order=self._order,
            rules=VERSION,
            decisions=identities.curation.decisions(),
            commit=secrets.token_hex(8),
        )
        if self._fresh:
            after = replace(after, void=(), replaced=(self._state.articles, int(time.time())))
        known = None if self._fresh else open_names(self._client, self._state, identities)
        # Decide all names again if too many values have changed, or if the rules have changed.
        few = self._state.rules == VERSION and sum(map(len, self._touched.values())) <= MAX_TOUCHED
        decided = list(decide(self._client, known, after, self._touched if few else None, identities))
        send(self._client, self._target, decided)
        self._refresh()
        values = (row["name_value"] for _, row in decided if row and "name_value" in row)
        self._decide_statements(after, identities, values)
        self._refresh()
        if self._fresh:
            wait_until_green(self._client, self._target)
        after = replace(after, totals=totals(self._client, after), languages=languages(self._client, after))
        if self._fresh and self._state.replaced:
            self._client.ask("DELETE", f"/{self._state.replaced[0]}?ignore_unavailable=true")
        self._lease.require()
        return after

    def _decide_statements(self, after: ClusterState, identities: Identities, values: Iterable[str]) -> None:
        """``values``: names that were decided."""
        names, moved = open_names(self._client, after, identities), set[str]()
        if not self._fresh:
            made_by = Identities(Curation.from_decisions(self._state.decisions))
            former_names = open_names(self._client, self._state, made_by)
            moved = renamed_speakers(former_names, names, {*values}.union(*self._touched.values()))
        ClusterStatements(self._client, after, names).decide(moved)

    def _refresh(self) -> None:
        self._client.post(f"/{self._target}/_refresh")


@contextmanager
def _mark_uncommitted() -> Iterator[None]:
    """Add to errors before the commit that the batch is not in the index. Locks say so themselves."""
    try:
        yield
    except IndexFailure as error:
        if type(error) is not IndexFailure:
            raise
        raise IndexFailure(f"{error} Nothing of this batch is in the index.") from error


#: Number of seconds for which readers may use an old commit.
KEPT_SECONDS: Final = 3600
#: Maximum duration of a purge in seconds.
_MAX_PURGE_SECONDS: Final = 3600.0
#: Maximum size of a merged segment in bytes, as in OpenSearch. Segments larger than half of it cannot be
#: merged. A shard is merged if it has at least _MIN_EXTRA_SEGMENTS more segments than necessary.
_MAX_SEGMENT_BYTES: Final = 5 << 30
_MIN_EXTRA_SEGMENTS: Final = 4


def purge(client: Client, keep_seconds: int = KEPT_SECONDS) -> None:
    """Delete documents replaced more than ``keep_seconds`` ago. Raises IndexLocked if a writer is active."""
    lease = Lease(client, timeout=0)
    try:
        state, before = read_state(client)
        limit = int(time.time()) - keep_seconds
        void = [number for number, second in state.void if second <= limit]
        ended = [{"range": {"to": {"lte": state.generation}}}, {"range": {"ended": {"lte": limit}}}]
        not_void = {"terms": {"to": [number for number, _ in state.void]}}
        replaced_documents = {"bool": {"filter": {"bool": {"filter": ended}}, "must_not": not_void}}
        obsolete = {
            "bool": {"should": [replaced_documents, {"terms": {"from": void}}], "minimum_should_match": 1}
        }
        deletion = f"/{state.articles}/_delete_by_query"
        _run_query(client, deletion, {"has_parent": {"parent_type": "article", "query": obsolete}})
        _run_query(client, deletion, obsolete)
        if void:
            _run_query(client, deletion, {"terms": {"from": void}})
            _run_query(client, f"/{state.articles}/_update_by_query", {"terms": {"to": void}}, _REOPEN)
        if state.replaced and state.replaced[1] <= limit:
            client.ask("DELETE", f"/{state.replaced[0]}?ignore_unavailable=true")
            state = replace(state, replaced=None)
        remaining = tuple(one for one in state.void if one[0] not in void)
        if (remaining, state.replaced) != (before.content["void"], before.content["replaced"]):
            write_state(client, replace(state, void=remaining, commit=secrets.token_hex(8)), before)
    finally:
        lease.release(used=False)


def merge(client: Client) -> None:
    """Merge the segments of each shard if worthwhile: if those newer than the largest amount to half its
    size. A search visits each segment."""
    articles = read_state(client)[0].articles
    sizes: dict[str, list[int]] = defaultdict(list)
    for row in client.get(f"/_cat/segments/{articles}?format=json&bytes=b&h=shard,prirep,size"):
        if row["prirep"] == "p":
            sizes[row["shard"]].append(int(row["size"]))
    if any(map(_is_worthwhile, sizes.values())):
        segments = max(map(_min_segments, sizes.values()))
        client.post(f"/{articles}/_forcemerge?max_num_segments={segments}", seconds=_MAX_PURGE_SECONDS)
        client.post(f"/{articles}/_refresh")


def _is_worthwhile(sizes: Sequence[int]) -> bool:
    """Return True if a shard has many segments and enough data outside the largest."""
    open_ones = _mergeable(sizes)
    largest = max(open_ones, default=0)
    return (
        len(sizes) >= _min_segments(sizes) + _MIN_EXTRA_SEGMENTS and 2 * (sum(open_ones) - largest) >= largest
    )


def _min_segments(sizes: Sequence[int]) -> int:
    open_ones = _mergeable(sizes)
    return len(sizes) - len(open_ones) + math.ceil(sum(open_ones) / _MAX_SEGMENT_BYTES)


def _mergeable(sizes: Sequence[int]) -> Sequence[int]:
    few = sum(sizes) <= _MAX_SEGMENT_BYTES
    return sizes if few else [size for size in sizes if 2 * size <= _MAX_SEGMENT_BYTES]


_REOPEN: Final = "ctx._source.remove('to'); ctx._source.remove('ended')"


def _run_query(client: Client, path: str, query: object, script: str | None = None) -> None:
    body = {"query": query, **({"script": {"source": script}} if script else {})}
    client.post(f"{path}?conflicts=proceed&refresh=true", body, seconds=_MAX_PURGE_SECONDS)

"""HTTP client for a cluster. It retries with other nodes and sends documents in bulk, in smaller pieces if
the cluster is busy."""

from __future__ import annotations

import base64
import gzip
import json
import os
import random
import re
import selectors
import socket
import ssl
import threading
import time
import urllib.parse
import weakref
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from itertools import chain
from typing import Any, Final, NamedTuple, Self

from searcher.errors import IndexFailure, QueryTooBroad, UsageError
from searcher.query import deadline

_PORT = 9200  # The default port.
_LOOPBACK = re.compile(r"localhost|127(\.\d+){3}|\[?::1\]?")
#: Index names that OpenSearch allows, except those it reserves.
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_EXAMPLE = "Write it as opensearch+https://host:9200/archive."


@dataclass(frozen=True, slots=True)
class Address:
    """The nodes of a cluster and the name of an index. ``shards`` and ``copies`` (replicas) apply to a new
    index; None: chosen for the cluster."""

    location: str
    nodes: tuple[str, ...]
    name: str
    shards: int | None = None
    copies: int | None = None

    @classmethod
    def parse(cls, location: str, environment: Mapping[str, str] = os.environ) -> Self:
        """Parse ``opensearch+https://host:9200,other:9200/archive?shards=3&copies=1``. Raises UsageError."""
        parts = urllib.parse.urlsplit(location)
        protocol = parts.scheme.partition("+")[2]
        if protocol not in ("http", "https"):
            raise UsageError(f"“{location}” is not the address of an index. {_EXAMPLE}")
        if "@" in parts.netloc:
            raise UsageError(
                "Do not put a password in an address, which ends up in shell histories and process "
                "lists. Set SEARCHER_OPENSEARCH_USER and SEARCHER_OPENSEARCH_PASSWORD."
            )
        hosts = [host for host in parts.netloc.split(",") if host]
        name = parts.path.strip("/")
        if not hosts or not _NAME.fullmatch(name):
            raise UsageError(
                f"“{location}” does not name an index: use small letters, digits, - and dots. {_EXAMPLE}"
            )
        if protocol == "http" and not environment.get("SEARCHER_OPENSEARCH_INSECURE"):
            _require_loopback(hosts)
        options = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        shards, copies = _number_in(options.pop("shards", None)), _number_in(options.pop("copies", None))
        if options or shards == 0:
            raise UsageError(f"“?{parts.query}” is unknown: an address may end in ?shards=3&copies=1.")
        hosts = [host if re.search(r":\d+$", host) else f"{host}:{_PORT}" for host in hosts]
        nodes = tuple(f"{protocol}://{host}" for host in hosts)
        return cls(location.partition("?")[0], nodes, name, shards, copies)

    def __str__(self) -> str:
        return self.location


def headers(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return authentication headers from the environment, if set. Raises UsageError."""
    key, token = (environment.get(f"SEARCHER_OPENSEARCH_{name}") for name in ("API_KEY", "TOKEN"))
    user, password = (environment.get(f"SEARCHER_OPENSEARCH_{name}") for name in ("USER", "PASSWORD"))
    if bool(user) != bool(password):
        raise UsageError("Set both, SEARCHER_OPENSEARCH_USER and SEARCHER_OPENSEARCH_PASSWORD.")
    if key:
        return {"authorization": f"ApiKey {key}"}
    if token:
        return {"authorization": f"Bearer {token}"}
    if user:
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        return {"authorization": f"Basic {pair}"}
    return {}


def _require_loopback(hosts: list[str]) -> None:
    for host in hosts:
        if not _LOOPBACK.fullmatch(host.rpartition(":")[0] if re.search(r":\d+$", host) else host):
            raise UsageError(
                f"{host} would be asked without encryption: anyone on the way could read or change all. "
                "Use opensearch+https://… (or set SEARCHER_OPENSEARCH_INSECURE=1 in a network you trust)."
            )


def _number_in(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,3}", text):
        raise UsageError(f"“{text}” is not a number of shards or copies.")
    return int(text)


#: Timeout for a connection and default timeout for an answer, in seconds.
_CONNECT, _READ = 5.0, 60.0
#: Maximum size of a decompressed answer in bytes. A page of a thousand long articles needs a tenth of it.
MAX_ANSWER: Final = 200 << 20
_CHUNK_BYTES = 1 << 16
_MAX_IDLE = 16  # Maximum number of idle connections per node, one per thread.
_MIN_PACKED = 1 << 14  # Minimum size in bytes of requests to compress, unless the node is on this machine.
#: Wait this many seconds longer than the time limit of a search, which the cluster enforces itself.
_GRACE_SECONDS = 5.0
#: Maximum number of rounds through all nodes if no node answers. If a node is busy or has lost another node,
#: there are more rounds: they take 20 s, in which replicas replace missing shards.
_MAX_ROUNDS, _MAX_BUSY_ROUNDS = 4, 9
#: Pause before the second round in seconds. It doubles with every round up to _MAX_PAUSE.
_MIN_PAUSE, _MAX_PAUSE = 0.25, 5.0
#: HTTP status of a node that is busy or cannot reach the other nodes.
_BUSY = (429, 502, 503, 504)
#: Error types (status 500) of a node that has lost another node. The next request reaches another copy.
NODE_LOST_ERRORS = (
    "node_disconnected_exception",
    "node_not_connected_exception",
    "node_closed_exception",
    "no_shard_available_action_exception",
    "connect_transport_exception",
)
#: Parts of error reasons. The first means that one disk is full (see “flood stage” at
#: https://docs.opensearch.org/latest), the second that all disks are.
_DISK_FULL = ("read-only-allow-delete block", "index_create_block_exception")
_TOO_BROAD = ("too_many_clauses", "too_many_nested_clauses", "too_many_buckets_exception", "maxClauseCount")


class NotFound(IndexFailure):
    """The index or document does not exist."""


class Forbidden(IndexFailure):
    """The user lacks permission."""


class Conflict(IndexFailure):
    """The document exists already or has changed."""


class OutcomeUnknown(IndexFailure):
    """The connection broke after the request was sent, so it may have been executed."""


class ForeignAnswer(IndexFailure):
    """The server is not OpenSearch."""

    def __init__(self, url: str, answer: str) -> None:
        advice = "Check the address, which may be that of a proxy."
        super().__init__(f"{url} does not answer like OpenSearch: {answer}. {advice}")


class _Answer(NamedTuple):
    """A complete response."""

    status: int
    headers: HTTPMessage
    data: bytes


class _NotSent(OSError):
    """The connection failed, so nothing was sent. The cause says why."""


class _Watch:
    """Closes a connection after some seconds, even if the server keeps sending single bytes."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.over = seconds, False
        self.connection: HTTPConnection | None = None
        self._timer = threading.Timer(max(seconds, 0), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.over = True
        used = self.connection.sock if self.connection else None
        if used is not None:
            with suppress(OSError):
                socket.socket.shutdown(used, socket.SHUT_RDWR)


class Client:
    """Sends and receives JSON. Thread-safe."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._nodes = list(address.nodes)
        # On this machine, compressing takes longer than sending.
        packing = {"accept-encoding": "gzip"} if address.nodes[0].startswith("https") else {}
        self._headers = {"content-type": "application/json", **packing, **headers()}
        self._idle: dict[str, list[HTTPConnection]] = defaultdict(list)
        weakref.finalize(self, _close, self._idle)

    def get(self, path: str, **more: Any) -> Any:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.ask("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.ask("PUT", path, body, **more)

    def bulk(self, path: str, lines: Iterable[Any], *, seconds: float = _READ) -> Any:
        body = "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in lines)
        return self.ask("POST", path, body, seconds=seconds)

    def ask(
        self, method: str, path: str, body: Any = None, *, repeatable: bool = True, seconds: float = _READ
    ) -> Any:
        """Send a request until a node answers.

        ``repeatable``: the request is idempotent. ``seconds``: maximum duration of an answer. Raises
        NotFound, Conflict, OutcomeUnknown (unless repeatable), QueryTooBroad and IndexFailure.
        """
        data = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
        packed = data is not None and len(data) >= _MIN_PACKED and self.address.nodes[0].startswith("https")
        if data is not None and packed:
            data = gzip.compress(data, 1)
        rounds, round_number = _MAX_ROUNDS, 0
        refusal: IndexFailure | None = None
        while True:
            for node in list(self._nodes):
                deadline.check()
                limit = min(seconds, deadline.seconds_left() + _GRACE_SECONDS)
                try:
                    with _Watch(limit) as watch:
                        answer = self._request(watch, method, node, path, data, packed=packed)
                except (HTTPException, OSError, zlib.error) as error:
                    cause = error.__cause__ or error
                    if isinstance(cause, ssl.SSLError) and not watch.over:
                        raise IndexFailure(_certificate_error(node, cause)) from error
                    trouble = f"not within {limit:g} s" if watch.over else _plain_reason(cause)
                    no_answer = IndexFailure(f"{node} is not responding: {trouble}.")
                    rounds = 1 if watch.over else rounds  # After a timeout, do not start another round.
                    # Try this node last from now on.
                    self._nodes = [*(other for other in self._nodes if other != node), node]
                    if not repeatable and not isinstance(error, _NotSent):
                        raise OutcomeUnknown(str(no_answer)) from error
                    continue
                if answer.status in _BUSY:
                    if full := disk_full_error(self.address, _reason(answer)):
                        raise full
                    refusal = IndexFailure(f"{node} cannot answer now: {answer.status} {_reason(answer)}.")
                    rounds = _MAX_BUSY_ROUNDS
                elif answer.status == 500 and any(kind in _reason(answer) for kind in NODE_LOST_ERRORS):
                    refusal = IndexFailure(f"{node} has lost another node: {_reason(answer)}.")
                    rounds = _MAX_BUSY_ROUNDS
                else:
                    return self._content(method, node + path, answer)
            round_number += 1
            if round_number >= rounds:
                last = refusal or no_answer
                advice = f"Tried {round_number} times: check that all nodes of the cluster are running."
                raise IndexFailure(f"{last} {advice}") from last
            pause = min(_MAX_PAUSE, _MIN_PAUSE * 2 ** (round_number - 1))
            time.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  # Not a secret.

    def _request(
        self, watch: _Watch, method: str, node: str, path: str, data: bytes | None, *, packed: bool
    ) -> _Answer:
        """Return a complete response. Raises HTTPException, OSError, and IndexFailure if it is too long."""
        connection = self._connection(node, watch)
        try:
            packing = {"content-encoding": "gzip"} if packed else {}
            connection.request(method, path, data, self._headers | packing)
            answer = connection.getresponse()
            content = _read_body(answer, watch, node + path)
        except BaseException:
            connection.close()
            raise
        if not answer.will_close and len(self._idle[node]) < _MAX_IDLE:
            self._idle[node].append(connection)
        return _Answer(answer.status, answer.headers, content)

    def _connection(self, node: str, watch: _Watch) -> HTTPConnection:
        while self._idle[node]:
            with suppress(IndexError):  # Another thread has taken the last idle connection.
                watch.connection = self._idle[node].pop()
                if not _is_dropped(watch.connection):
                    return watch.connection
                watch.connection.close()
        protocol, _, host = node.partition("://")
        seconds = min(_CONNECT, watch.seconds)
        if protocol == "https":
            made: HTTPConnection = HTTPSConnection(host, timeout=seconds, context=self._context)
        else:
            made = HTTPConnection(host, timeout=seconds)
        watch.connection = made
        try:
            made.connect()
        except OSError as error:
            made.close()
            raise _NotSent from error
        made.sock.settimeout(None)  # From here on, a _Watch limits the time.
        return made

    @cached_property
    def _context(self) -> ssl.SSLContext:
        authority = os.environ.get("SEARCHER_OPENSEARCH_CA")
        try:
            return ssl.create_default_context(cafile=authority)
        except OSError as error:  # Includes TLS errors.
            raise UsageError(f"SEARCHER_OPENSEARCH_CA, {authority}: {_plain_reason(error)}.") from error

    def _content(self, method: str, url: str, answer: _Answer) -> Any:
        status = answer.status
        if status < 300 or status == 408:  # 408 means that a wait timed out, which the answer describes.
            return _json(url, answer.data or b"{}")
        reason = _reason(answer)
        if status < 400:
            elsewhere = answer.headers.get("location", "elsewhere")
            raise IndexFailure(f"{url} sends on to {elsewhere}. Use that address.")
        if status == 401 and "authorization" in self._headers:
            raise IndexFailure(
                f"{url} rejects your credentials: check the password, the key or the token in "
                "SEARCHER_OPENSEARCH_…"
            )
        if status == 401:
            raise IndexFailure(
                f"{url} requires authentication. Set SEARCHER_OPENSEARCH_USER and "
                "SEARCHER_OPENSEARCH_PASSWORD, SEARCHER_OPENSEARCH_API_KEY, or SEARCHER_OPENSEARCH_TOKEN."
            )
        if status == 403:
            if full := disk_full_error(self.address, reason):
                raise full
            name = self.address.name
            raise Forbidden(
                f"{url} does not allow that ({method}): {reason}. To search, a role needs to read "
                f"the indexes {name} and {name}-*; to load and to decide, full access."
            )
        if status == 404:
            raise NotFound(f"{url}: {reason}")
        if status == 409 or "resource_already_exists_exception" in reason:
            raise Conflict(f"{url}: {reason}")
        if any(kind in reason for kind in _TOO_BROAD):
            raise QueryTooBroad(
                "The query expands to more words than the cluster allows: use longer patterns, "
                "or raise indices.query.bool.max_clause_count there to 8192."
            )
        raise IndexFailure(f"{url} answers {status}: {reason}")


def disk_full_error(address: Address, reason: str) -> IndexFailure | None:
    """Return an error if the reason says that a disk is full, which retrying does not solve."""
    if not any(block in reason for block in _DISK_FULL):
        return None
    return IndexFailure(
        f"A disk of {address} is too full. The cluster accepts no changes until there is room on "
        "that disk or another node; searches still work."
    )


class _Object(dict[str, Any]):
    """A JSON object. A missing key raises ForeignAnswer."""

    def __missing__(self, key: str) -> Any:
        raise ForeignAnswer("The cluster", f"“{key}” is missing")


def _json(url: str, data: bytes) -> Any:
    try:
        answer = json.loads(data, object_hook=_Object, parse_constant=int)  # Rejects NaN.
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, list if "/_cat/" in url else dict):
        excerpt = " ".join(data[:200].decode("utf-8", "replace").split())
        raise ForeignAnswer(url, f"“{excerpt:.80}”")
    return answer


def _reason(answer: _Answer) -> str:
    try:
        error = json.loads(answer.data)["error"]
        causes = [error, *error.get("root_cause", ()), error.get("caused_by", {})]
        causes += [failure["reason"] for failure in error.get("failed_shards", ())]
        causes += [cause["caused_by"] for cause in causes if "caused_by" in cause]
        reasons = (f"{cause.get('type')}: {cause.get('reason')}" for cause in causes if cause.get("type"))
        return "; ".join(dict.fromkeys(reasons))[:2000]
    except (ValueError, TypeError, KeyError, AttributeError):
        return answer.data[:200].decode("utf-8", "replace")


def _certificate_error(node: str, error: BaseException) -> str:
    if "WRONG_VERSION_NUMBER" in str(error):
        return f"{node} does not use TLS. Only for this machine, write opensearch+http://…"
    reason = getattr(error, "verify_message", "") or _plain_reason(error)
    if "mismatch" in reason:
        return f"{reason.rstrip('.')}: give the node {node} by a name in its certificate."
    return (
        f"The certificate of {node} is not trusted: {reason}. Set SEARCHER_OPENSEARCH_CA to the file of the "
        "authority that signed it."
    )


def _plain_reason(error: BaseException) -> str:
    reason = (isinstance(error, OSError) and error.strerror) or str(error)
    return reason.rpartition(": ")[2].strip("()' ") or type(error).__name__


def _read_body(answer: HTTPResponse, watch: _Watch, url: str) -> bytes:
    """Return the decompressed body. Raises IndexFailure if it is too long."""
    is_packed = answer.getheader("content-encoding") == "gzip"
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress if is_packed else bytes
    parts, size = [], 0
    while part := answer.read(_CHUNK_BYTES):
        parts.append(unpack(part))
        size += len(parts[-1])
        if size > MAX_ANSWER:
            raise IndexFailure(f"{url} sent too much: more than {MAX_ANSWER >> 20} MB.")
    if watch.over:  # Without a content length, a closed connection looks complete.
        raise TimeoutError
    return b"".join(parts)


def _close(idle: Mapping[str, Iterable[HTTPConnection]]) -> None:
    for connection in chain.from_iterable(idle.values()):
        connection.close()


def _is_dropped(connection: HTTPConnection) -> bool:
    """Return True if the server has closed an idle connection."""
    with selectors.DefaultSelector() as looking:
        looking.register(connection.sock, selectors.EVENT_READ)
        return bool(looking.select(0))


#: A bulk action, and its document if it has one.
Action = tuple[dict[str, Any], dict[str, Any] | None]

#: Maximum number of actions per request. Rejected actions are sent again in requests of half the size.
_MAX_ACTIONS: Final = 4_000
#: Maximum number of attempts per batch, and the first and the longest pause between them in seconds. This is
#: long enough to replace the replicas of a dead node.
_MAX_TRIES, _BULK_PAUSE, _MAX_BULK_PAUSE = 9, 0.2, 15.0
#: Maximum number of seconds that the cluster waits for replicas.
_MAX_SECONDS: Final = 20
_RETRY_STATUS = (429, 502, 503, 504)  # HTTP status of documents to send again.
#: Fields to return for each document.
_RETURNED_FIELDS = "items.*.status,items.*.result,items.*.error,items.*._shards.failed"
#: Status and result of deleting a document that an earlier request has already deleted.
_ALREADY_DELETED = (404, "not_found")


def send(client: Client, index: str, actions: Iterable[Action]) -> None:
    """Execute bulk actions and wait for enough replicas. Raises IndexFailure."""
    rows = list(actions)
    for first in range(0, len(rows), _MAX_ACTIONS):
        _send_piece(client, index, rows[first : first + _MAX_ACTIONS])


def _send_piece(client: Client, index: str, rows: Sequence[Action]) -> None:
    size = len(rows)
    for turn in range(_MAX_TRIES):
        left, reason = list[Action](), ""
        for first in range(0, len(rows), size):
            piece = rows[first : first + size]
            for action, item in zip(piece, _items(client, index, piece)):
                if item["status"] in _RETRY_STATUS or item.get("error", {}).get("type") in NODE_LOST_ERRORS:
                    reason = f"{item['status']} {item.get('error', {}).get('reason', '')}"
                    if full := disk_full_error(client.address, reason):
                        raise full
                    left.append(action)
                elif item["status"] >= 300 and (item["status"], item.get("result")) != _ALREADY_DELETED:
                    refused = f"{item['status']} {item.get('error')}"
                    raise IndexFailure(f"{client.address} refuses a document: {refused}.")
        if not left:
            return
        rows, size = left, max(1, size // 2)
        pause = min(_MAX_BULK_PAUSE, _BULK_PAUSE * 2**turn)
        time.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  # Not a secret.
    raise IndexFailure(
        f"{client.address} accepts no more documents: {reason}. Check that every shard has its copies "
        "and room on its disk."
    )


def _items(client: Client, index: str, rows: Sequence[Action]) -> list[dict[str, Any]]:
    lines = [line for action, document in rows for line in (action, document) if line is not None]
    path = f"/{index}/_bulk?timeout={_MAX_SECONDS}s&filter_path={_RETURNED_FIELDS}"
    answer = client.bulk(path, lines, seconds=_MAX_SECONDS * 3)
    return [_retry_failed_copies(item) for each in answer["items"] for item in each.values()]


def _retry_failed_copies(item: dict[str, Any]) -> dict[str, Any]:
    """Mark a document as busy if a replica failed, so that it is sent again."""
    if item["status"] < 300 and item.get("_shards", {}).get("failed"):
        return {**item, "status": 503, "error": {"reason": "a copy of the shard failed"}}
    return item

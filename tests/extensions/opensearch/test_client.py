"""What a cluster may answer, or not: one clear error each, and patience where it helps."""

from __future__ import annotations

import gzip
import itertools
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher.errors import (
    IndexDamaged,
    IndexFailure,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    QueryTooBroad,
    UsageError,
)
from searcher.extensions.opensearch import client
from searcher.extensions.opensearch.client import Address, Client, Conflict, NotFound, OutcomeUnknown, send
from searcher.extensions.opensearch.engine import OpenSearchEngine
from searcher.extensions.opensearch.result_pages import search
from searcher.extensions.opensearch.setup import wait_until_green
from searcher.extensions.opensearch.state import ClusterState, Versioned, write_state
from searcher.names.table import Identities
from searcher.query.tree import MatchAll, QuoteQuery
from tests.extensions.opensearch.scripted import CUT, Answer, Asked, sending, serving

NEW = {"version": {"number": "3.9.0", "distribution": "opensearch"}}
FINE: Answer = (200, {"fine": True}, {})
BUSY: Answer = (429, {"error": {"type": "rejected_execution_exception", "reason": "queue is full"}}, {})


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_MIN_PAUSE", 0.001)
    monkeypatch.setattr(client, "_BULK_PAUSE", 0.001)


def ask(*answers: Answer, **options: Any) -> Any:
    """What a client makes of answers one after another; the last one is given again and again."""
    left = list(answers)
    with serving(lambda _: left.pop(0) if len(left) > 1 else left[0]) as base:
        return Client(Address.parse(f"{base}/archive")).ask("PUT", "/archive/_doc/1", {}, **options)


def error(status: int, kind: str) -> Answer:
    return status, {"error": {"type": kind, "reason": "because"}, "status": status}, {}


@pytest.mark.parametrize(
    "trouble",
    [
        CUT,
        BUSY,
        error(503, "no_shard_available_action_exception"),
        error(500, "node_disconnected_exception"),
    ],
    ids=str,
)
def test_what_passes_is_asked_again(trouble: Answer) -> None:
    assert {"fine": True} == ask(trouble, trouble, FINE)


@pytest.mark.parametrize(("trouble", "times"), [(CUT, 4), (BUSY, 9)], ids=["away", "busy"])
def test_who_does_not_answer_is_asked_so_often(trouble: Answer, times: int) -> None:
    with pytest.raises(IndexFailure, match=f"Tried {times} times"):
        ask(*[trouble] * times, FINE)


def test_a_cluster_that_has_just_lost_a_node_is_given_time() -> None:
    assert {"fine": True} == ask(*[error(500, "node_not_connected_exception")] * 6, FINE)


def test_what_may_not_be_done_twice_is_not_sent_again_when_the_connection_is_cut() -> None:
    with pytest.raises(OutcomeUnknown, match="is not responding"):
        ask(CUT, FINE, repeatable=False)


def test_another_node_is_asked_where_one_does_not_answer() -> None:
    with serving(lambda _: CUT) as dead, serving(lambda _: FINE) as alive:
        nodes = f"{dead},{alive.rpartition('/')[2]}"

        assert {"fine": True} == Client(Address.parse(f"{nodes}/archive")).get("/")


def test_what_a_node_says_is_told_and_not_that_another_one_is_away() -> None:
    missing: Answer = (503, {"error": {"type": "rejected", "reason": "missing shards [[a-0][1]]"}}, {})
    with serving(lambda _: CUT) as dead, serving(lambda _: missing) as alive:
        address = Address.parse(f"{alive},{dead.rpartition('/')[2]}/archive")

        with pytest.raises(IndexFailure, match=r"cannot answer now: 503 .*missing shards \[\[a-0\]\[1\]\]"):
            Client(address).get("/")


@pytest.mark.parametrize(
    ("answer", "expected", "problem"),
    [
        (CUT, IndexFailure, "is not responding"),
        (BUSY, IndexFailure, "cannot answer now: 429 rejected_execution_exception: queue is full"),
        (
            error(401, "security_exception"),
            IndexFailure,
            "requires authentication. Set SEARCHER_OPENSEARCH_USER",
        ),
        (error(403, "security_exception"), IndexFailure, "does not allow that"),
        (error(403, "index_create_block_exception"), IndexFailure, "is too full"),
        (error(404, "index_not_found_exception"), NotFound, "because"),
        (error(409, "version_conflict_engine_exception"), Conflict, "because"),
        (error(400, "resource_already_exists_exception"), Conflict, "because"),
        (error(400, "too_many_nested_clauses"), QueryTooBroad, "max_clause_count"),
        (error(500, "illegal_state_exception"), IndexFailure, "answers 500: illegal_state_exception"),
        ((302, {}, {"location": "https://evil.example/"}), IndexFailure, "sends on to https://evil.example/"),
    ],
    ids=str,
)
def test_what_does_not_pass_is_one_error(answer: Answer, expected: type, problem: str) -> None:
    with pytest.raises(expected, match=problem):
        ask(answer)


def index_that_answers(answers: dict[str, Answer], *, create: bool = False) -> int:
    """Open an index whose cluster answers these requests, and to all others that there is nothing; return the
    number of its articles."""

    def answer(asked: Asked) -> Answer:
        return answers.get(asked[0], error(404, "index_not_found_exception"))

    with serving(answer) as base, searcher.open_index(f"{base}/archive", create=create) as index:
        return index.count()


STATE = "GET /archive/_doc/state"


def state_of(more: Mapping[str, Any]) -> Answer:
    """A commit that holds something more, or other."""
    stored = {**asdict(ClusterState("archive-0")), **more}
    return 200, {"_source": {"stored": stored}, "_seq_no": 1, "_primary_term": 1}, {}


@pytest.mark.parametrize(
    ("answers", "expected", "problem"),
    [
        ({}, NotFound, "because"),
        ({"GET /": (200, {"version": {"number": "8.11.0"}}, {})}, IndexFailure, "is not OpenSearch"),
        (
            {"GET /": (200, {"version": {"number": "2.9.0", "distribution": "opensearch"}}, {})},
            IndexFailure,
            "runs OpenSearch 2.9.0; update it to 2.19",
        ),
        ({"GET /": (200, NEW, {})}, IndexMissing, "searcher index -i opensearch"),
        (
            {"GET /": (200, NEW, {}), STATE: (404, {"found": False}, {})},
            IndexDamaged,
            "not an index of Searcher",
        ),
        (
            {
                "GET /": (200, NEW, {}),
                STATE: (200, {"_source": {"stored": {"format": 99}}, "_seq_no": 1, "_primary_term": 1}, {}),
            },
            IndexOutdated,
            "format 99",
        ),
        *(
            (
                {"GET /": (200, NEW, {}), STATE: state_of(content)},
                IndexOutdated,
                "newer .* know what colour is",
            )
            for content in ({"colour": 1}, {"totals": {"articles": 1, "colour": 1}})
        ),
    ],
    ids=[
        "nothing",
        "other",
        "old",
        "no index",
        "foreign index",
        "later format",
        "later state",
        "later totals",
    ],
)
def test_what_is_no_index_is_said_when_it_is_opened(
    answers: dict[str, Answer], expected: type, problem: str
) -> None:
    with pytest.raises(expected, match=problem):
        index_that_answers(answers)


def test_an_index_that_is_there_is_opened_though_copies_of_it_are_not() -> None:
    there: dict[str, Answer] = {
        "GET /": (200, NEW, {}),
        STATE: state_of({}),
        "POST /archive/_search": (200, {"hits": {"hits": []}}, {}),
    }

    assert 0 == index_that_answers(there, create=True)


def test_facets_of_too_many_statements_are_refused() -> None:
    found = {"hits": {"total": {"value": 60_000}, "hits": []}, "aggregations": {"any": {"doc_count": 60_000}}}
    there: dict[str, Answer] = {
        "GET /": (200, NEW, {}),
        STATE: state_of({}),
        "POST /archive-0/_search": (200, {**found, "timed_out": False, "_shards": {"failed": 0}}, {}),
    }

    with serving(lambda asked: there.get(asked[0].partition("?")[0], FINE)) as base:
        engine = OpenSearchEngine(Address.parse(f"{base}/archive"), identities=Identities())
        with pytest.raises(QueryTooBroad, match="50,000 quotations at most, and 60,000 match"):
            engine.statement_counts(QuoteQuery(MatchAll()), ["source"])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine that nobody has signed, with its key."""
    if not shutil.which("openssl"):
        pytest.skip("There is no openssl to make a certificate with.")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=node -addext subjectAltName=IP:127.0.0.1"
    )
    made = subprocess.run([*command.split(), "-keyout", "-", "-out", "-"], check=True, capture_output=True)
    file.write_bytes(made.stdout)
    return file


def test_a_certificate_is_trusted_by_the_file_of_its_authority(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda _: FINE, certificate) as base:
        address = Address.parse(f"{base}/archive")
        with pytest.raises(IndexFailure, match=r"is not trusted.*SEARCHER_OPENSEARCH_CA"):
            Client(address).get("/")
        monkeypatch.setenv("SEARCHER_OPENSEARCH_CA", str(certificate))

        assert {"fine": True} == Client(address).get("/")


def test_a_certificate_of_another_name_is_told_as_such(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCHER_OPENSEARCH_CA", str(certificate))
    with (
        serving(lambda _: FINE, certificate) as base,
        pytest.raises(IndexFailure, match=r"not valid for 'localhost': give the node .* by a name in"),
    ):
        Client(Address.parse(f"{base.replace('127.0.0.1', 'localhost')}/archive")).get("/")


def test_what_is_long_is_compressed_on_its_way(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_OPENSEARCH_CA", str(certificate))
    asked: list[bytes] = []
    documents = [{"title": "The ferry sails"}] * 1_000

    def answer(one: Asked) -> Answer:
        asked.append(one[1])
        return FINE

    with serving(answer, certificate) as base:
        Client(Address.parse(f"{base}/archive")).bulk("/_bulk", documents)

    assert documents == [json.loads(line) for line in gzip.decompress(asked[0]).splitlines()]


def test_a_file_of_an_authority_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHER_OPENSEARCH_CA", "/nowhere.pem")

    with pytest.raises(UsageError, match=r"SEARCHER_OPENSEARCH_CA, /nowhere\.pem: No such file"):
        Client(Address.parse("opensearch+https://127.0.0.1:9/archive")).get("/")


def test_a_connection_that_the_node_closed_is_not_used_again() -> None:
    with serving(lambda _: (*FINE[:2], {"x": "y"})) as base:
        asking = Client(Address.parse(f"{base}/archive"))
        asking.get("/")
        (kept,) = asking._idle[asking.address.nodes[0]]
        kept.sock.shutdown(socket.SHUT_RDWR)

        assert {"fine": True} == asking.ask("PUT", "/archive/_doc/1", {}, repeatable=False)
        assert [kept] != asking._idle[asking.address.nodes[0]]


def test_a_node_that_speaks_no_tls_is_said_so() -> None:
    with serving(lambda _: FINE) as base:
        address = Address.parse(f"{base.replace('http:', 'https:')}/archive")

        with pytest.raises(IndexFailure, match="does not use TLS"):
            Client(address).get("/")


def items(*statuses: int) -> Answer:
    return 200, {"items": [{"index": {"status": status}} for status in statuses]}, {}


def sent(*answers: Answer) -> list[int]:
    """The numbers of documents of each request that sends three of them."""
    left, sizes = list(answers), []

    def answer(asked: Asked) -> Answer:
        sizes.append(asked[1].count(b'{"index"'))
        return left.pop(0)

    with serving(answer) as base:
        documents: list[client.Action] = [({"index": {"_id": str(n)}}, {}) for n in range(3)]
        send(Client(Address.parse(f"{base}/archive")), "archive-1", documents)
    return sizes


def test_rejected_documents_are_sent_again_in_smaller_pieces() -> None:
    assert [3, 1, 1, 1] == sent(items(200, 429, 429), items(429), items(201), items(201))


def test_a_document_that_a_copy_has_not_taken_is_sent_again() -> None:
    half: Answer = (
        200,
        {"items": [{"index": {"status": 201, "_shards": {"failed": int(n == 1)}}} for n in range(3)]},
        {},
    )

    assert [3, 1] == sent(half, items(201))


def test_a_document_whose_node_is_away_is_sent_again() -> None:
    away: Answer = (
        200,
        {"items": [{"index": {"status": 500, "error": {"type": "node_not_connected_exception"}}}] * 3},
        {},
    )

    assert [3, 1, 1, 1] == sent(away, items(201), items(201), items(201))


def test_a_document_that_is_refused_fails_the_batch() -> None:
    with pytest.raises(IndexFailure, match="refuses a document: 400"):
        sent(items(201, 400, 201))


def committed(*answers: Answer) -> list[str]:
    """The conditions under which a commit is written, one after another."""
    left, asked = list(answers), []

    def answer(one: Asked) -> Answer:
        asked.append(one[0])
        return left.pop(0)

    with serving(answer) as base:
        address = Address.parse(f"{base}/archive")
        write_state(Client(address), ClusterState("archive-1", commit="mine"), Versioned({}, 4, 1))
    return [one.partition("?")[2] or one for one in asked]


def put(number: int, failed: int = 0) -> Answer:
    return 200, {"_seq_no": number, "_primary_term": 1, "_shards": {"failed": failed}}, {}


def kept(commit: str) -> Answer:
    return 200, {"_source": {"stored": {"commit": commit}}, "_seq_no": 5, "_primary_term": 1}, {}


def test_a_commit_that_one_copy_alone_has_is_written_once_more() -> None:
    assert ["if_seq_no=4&if_primary_term=1", "if_seq_no=5&if_primary_term=1"] == committed(put(5, 1), put(6))


def test_a_commit_whose_answer_was_lost_is_looked_for() -> None:
    assert ["if_seq_no=4&if_primary_term=1", STATE] == committed(CUT, kept("mine"))


def test_a_commit_that_came_second_is_none() -> None:
    with pytest.raises(IndexLocked, match="nothing of this batch is in it"):
        committed(error(409, "version_conflict_engine_exception"), kept("another"))


def test_a_commit_on_which_others_have_built_is_one() -> None:
    state = {"commit": "another", "articles": "archive-1", "generation": 3, "void": []}
    there: Answer = (200, {"_source": {"stored": state}, "_seq_no": 7, "_primary_term": 1}, {})

    assert 3 == len(committed(put(5, 1), error(409, "version_conflict_engine_exception"), there))


def test_a_full_disk_after_the_first_copy_has_a_commit_does_not_say_that_it_is_lost() -> None:
    full: Answer = (429, {"error": {"type": "block", "reason": "read-only-allow-delete block"}}, {})
    with pytest.raises(IndexFailure, match=r"is too full.*may be in it: begin it again"):
        committed(put(5, 1), full, kept("another"))


def test_whether_there_was_a_commit_is_not_claimed_where_nobody_answers() -> None:
    with pytest.raises(IndexFailure, match="is not known: begin it again"):
        committed(*[CUT] * 5)


def answered(answer: Answer, ask: Callable[[Client], object]) -> None:
    with serving(lambda _: answer) as base:
        ask(Client(Address.parse(f"{base}/archive")))


def test_a_query_that_takes_too_long_is_given_up() -> None:
    partial: Answer = (200, {"timed_out": True, "hits": {"hits": []}}, {})

    with pytest.raises(QueryTooBroad, match="takes more than 2 s"):
        answered(partial, lambda client: search(client, "archive-1", {}, patience=2))


def test_copies_that_no_node_takes_are_said_with_what_to_do() -> None:
    yellow: Answer = (408, {"status": "yellow", "unassigned_shards": 3, "timed_out": True}, {})

    with pytest.raises(IndexFailure, match=r"3 copies of shards of archive-1 have no node.*copies=0"):
        answered(yellow, lambda client: wait_until_green(client, "archive-1"))


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def silent(_: socket.socket) -> None:
    time.sleep(5)


def dripping_head(connection: socket.socket) -> None:
    for byte in itertools.cycle(b"HTTP/1.1 200 OK\r\nx-long: "):
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def dripping(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"content-length: 1000000\r\n\r\n")
    for byte in itertools.cycle(b" "):
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


@pytest.mark.parametrize("send", [silent, dripping_head, dripping])
def test_patience_is_for_a_whole_answer(send: Callable[[socket.socket], None]) -> None:
    began = time.monotonic()

    with sending(send) as base, pytest.raises(IndexFailure, match=r"is not responding: not within 0.3 s"):
        Client(Address.parse(f"{base}/archive")).get("/", seconds=0.3)

    assert time.monotonic() - began < 3


def endless(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n{")
    for _ in range(1_000):
        connection.sendall(b" " * (1 << 20))


def bomb(connection: socket.socket) -> None:
    packed = gzip.compress(b" " * (1 << 26))
    connection.sendall(HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed) + packed)


@pytest.mark.parametrize("send", [endless, bomb])
def test_an_answer_has_an_end(send: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_ANSWER", 10 << 20)

    with sending(send) as base, pytest.raises(IndexFailure, match="more than 10 MB"):
        Client(Address.parse(f"{base}/archive")).get("/")


@pytest.mark.parametrize("page", [b"<html><h1>It works!</h1>", b"\xff\xfe", b"[" * 100_000, b"{"])
def test_what_is_no_json_is_of_somebody_else(page: bytes) -> None:
    def send(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"content-length: %d\r\n\r\n" % len(page) + page)

    with sending(send) as base, pytest.raises(IndexFailure, match="that of a proxy"):
        Client(Address.parse(f"{base}/archive")).get("/")


@pytest.mark.parametrize(
    "answer",
    [None, [], "text", 3, {}, {"hits": {"total": float("nan")}}, {"docs": [{"found": True}] * 9}],
    ids=str,
)
def test_what_does_not_answer_as_opensearch_does(answer: Any) -> None:
    def answered(asked: Asked) -> Answer:
        return 200, NEW if asked[0] == "GET /" else answer, {}

    with (
        serving(answered) as base,
        pytest.raises(IndexFailure, match="like OpenSearch"),
        searcher.open_index(f"{base}/archive", create=False) as index,
    ):
        index.search("ferry")


@pytest.mark.parametrize("answer", [None, [], {}, {"hits": {}}, {"hits": {"hits": [{}]}}], ids=str)
def test_a_search_that_is_not_answered_as_opensearch_does(answer: Any) -> None:
    with (
        serving(lambda _: (200, answer, {})) as base,
        pytest.raises(IndexFailure, match="like OpenSearch"),
    ):
        search(Client(Address.parse(f"{base}/archive")), "archive", {})["hits"]["hits"][0]["_source"]

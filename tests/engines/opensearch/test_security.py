"""A cluster that asks who asks: here a proxy before the nodes of the tests, which have no security plug-in.

It speaks TLS, wants a password, and lets a reader do what a role that may only read can.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from searcher import Article, Quote
from searcher.article import Mention
from searcher.errors import IndexFailure
from tests.engines.opensearch.scripted import Answer, Asked, serving
from tests.engines.opensearch.test_client import certificate

__all__ = ["certificate"]

PASSWORDS = {"writer": "ink", "reader": "eyes"}
#: What a role that may only read can do: indices:data/read/*.
READING = re.compile(r"GET /[\w.-]+/_doc/|POST /[\w.-]+/_(search|mget|msearch)\b")
BODY = "The ferry sails at noon. “The winter was long,” said Ada Moss."
SAID = Quote("The winter was long,", "Ada Moss", "direct", 26, 46, confidence=0.9)
ARTICLE = Article("1", "Ferry sails", BODY, mentions=(Mention("Ada Moss", "person", 53, 61),), quotes=(SAID,))


@pytest.fixture
def guarded(location: str, certificate: Path) -> Iterator[str]:
    """The address of an index with an article, behind the proxy."""
    node = re.sub(r"^opensearch\+|,.*$|(?<=\d)/.*$", "", location)
    name = location.rpartition("/")[2]

    def answer(asked: Asked) -> Answer:
        what, body, headers = asked
        user = next((u for u, p in PASSWORDS.items() if headers.get("authorization") == basic(u, p)), None)
        if user is None:
            return 401, {"error": {"type": "security_exception", "reason": "Unauthorized"}}, {}
        if user == "reader" and not READING.match(what):
            reason = "no permissions for [indices:data/write/index] and User [name=reader]"
            return 403, {"error": {"type": "security_exception", "reason": reason}}, {}
        method, _, path = what.partition(" ")
        passed = {name: headers[name] for name in ("content-type", "content-encoding") if name in headers}
        request = urllib.request.Request(node + path, body or None, passed, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as found:
                return found.status, json.load(found), {}
        except urllib.error.HTTPError as error:
            return error.code, json.load(error), {}

    with searcher.open_index(location) as index:
        index.add([ARTICLE], annotate=False)
    with serving(answer, certificate) as base:
        yield f"{base}/{name}"


def basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


@pytest.fixture
def as_user(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("SEARCHER_OPENSEARCH_CA", str(certificate))
    monkeypatch.setenv("SEARCHER_OPENSEARCH_USER", "reader")
    monkeypatch.setenv("SEARCHER_OPENSEARCH_PASSWORD", "eyes")
    return monkeypatch


def test_who_may_only_read_can_search(guarded: str, as_user: pytest.MonkeyPatch) -> None:
    with searcher.open_index(guarded, create=False) as index:
        found = index.search("ferry", facets=("person",))

        assert ["1"] == [hit.article.id for hit in found.hits]
        assert {"Ada Moss": 1} == found.facets["person"].values.counts
        assert 1 == index.statements("winter").total
        assert ARTICLE == index.get("1")


def test_who_may_only_read_is_told_so_when_it_writes(guarded: str, as_user: pytest.MonkeyPatch) -> None:
    with (
        searcher.open_index(guarded, create=False) as index,
        pytest.raises(IndexFailure, match=r"does not allow that.*no permissions.*To search, a role must"),
    ):
        index.delete("1")


def test_who_may_write_does(guarded: str, as_user: pytest.MonkeyPatch) -> None:
    as_user.setenv("SEARCHER_OPENSEARCH_USER", "writer")
    as_user.setenv("SEARCHER_OPENSEARCH_PASSWORD", "ink")
    with searcher.open_index(guarded) as index:
        index.delete("1")

        assert 0 == index.count()


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"PASSWORD": "wrong"}, "does not accept who you say you are"),
        ({"PASSWORD": "", "USER": ""}, "asks who you are. Set SEARCHER_OPENSEARCH_USER"),
        ({"CA": ""}, r"The certificate of .* is not trusted: .*SEARCHER_OPENSEARCH_CA"),
    ],
    ids=["wrong password", "no password", "unknown certificate"],
)
def test_who_is_not_trusted_is_told_why_once(
    changed: dict[str, str], problem: str, guarded: str, as_user: pytest.MonkeyPatch
) -> None:
    for name, value in changed.items():
        as_user.setenv(f"SEARCHER_OPENSEARCH_{name}", value)

    with pytest.raises(IndexFailure, match=problem):
        searcher.open_index(guarded, create=False)

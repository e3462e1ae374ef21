"""A cluster that asks who asks: a node of the tests that speaks TLS, wants a password, and lets a reader do
what a role that may only read can (``node/Guard.java``): the security plug-in is in no registry of Java.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import searcher
from searcher import Article, Quote
from searcher.article import Mention
from searcher.errors import IndexFailure, IndexMissing
from tests.engines.conftest import BUILD, GIVEN
from tests.extensions.opensearch.node import READER, WRITER, Unavailable, local_cluster
from tests.extensions.opensearch.test_client import certificate

__all__ = ["certificate"]

BODY = "The ferry sails at noon. “The winter was long,” said Ada Moss."
SAID = Quote("The winter was long,", "Ada Moss", "direct", 26, 46, confidence=0.9)
ARTICLE = Article("1", "Ferry sails", BODY, mentions=(Mention("Ada Moss", "person", 53, 61),), quotes=(SAID,))


@pytest.fixture(scope="module")
def node(certificate: Path) -> Iterator[str]:
    """The address of a guarded node, before the name of an index."""
    if not (GIVEN or BUILD):
        pytest.skip("A guarded node is started where a cluster is: SEARCHER_OPENSEARCH_URL, or CI=true.")
    with ExitStack() as stack:
        try:
            started = stack.enter_context(local_cluster(certificate=certificate))
        except Unavailable as reason:
            pytest.skip(str(reason))
        yield started.address


@pytest.fixture
def guarded(node: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an index with an article, which the environment lets a reader ask."""
    monkeypatch.setenv("SEARCHER_OPENSEARCH_CA", str(certificate))
    become(monkeypatch, WRITER)
    with searcher.open_index(f"{node}/guarded") as index:
        index.add([ARTICLE], annotate=False)
    become(monkeypatch, READER)
    return f"{node}/guarded"


def become(environment: pytest.MonkeyPatch, user: tuple[str, str]) -> None:
    for name, value in zip(("USER", "PASSWORD"), user):
        environment.setenv(f"SEARCHER_OPENSEARCH_{name}", value)


def test_who_may_only_read_can_search(guarded: str) -> None:
    with searcher.open_index(guarded, create=False) as index:
        found = index.search("ferry", facets=("person",))

        assert ["1"] == [hit.article.id for hit in found.hits]
        assert {"Ada Moss": 1} == found.facets["person"].values.counts
        assert 1 == index.statements("winter").total
        assert ARTICLE == index.articles.get("1")


def test_readers_can_verify(guarded: str) -> None:
    with searcher.open_index(guarded, create=False) as index:
        assert () == index.verify()


def test_who_may_only_read_is_told_so_when_it_writes(guarded: str) -> None:
    with (
        searcher.open_index(guarded, create=False) as index,
        pytest.raises(IndexFailure, match=r"does not allow that.*no permissions.*To search, a role needs"),
    ):
        index.delete("1")


def test_who_may_only_read_is_told_that_there_is_no_index(guarded: str) -> None:
    with pytest.raises(IndexMissing, match="There is no index"):
        searcher.open_index(f"{guarded}-2", create=False)


def test_who_may_write_does(guarded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, WRITER)
    with searcher.open_index(guarded) as index:
        index.delete("1")

        assert 0 == index.count()


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"PASSWORD": "wrong"}, "rejects your credentials"),
        ({"PASSWORD": "", "USER": ""}, "requires authentication. Set SEARCHER_OPENSEARCH_USER"),
        (
            {"CA": ""},
            r"The certificate of .* is not trusted: self-signed certificate. Set SEARCHER_OPENSEARCH_CA",
        ),
    ],
    ids=["wrong password", "no password", "unknown certificate"],
)
def test_who_is_not_trusted_is_told_why_once(
    changed: dict[str, str], problem: str, guarded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(f"SEARCHER_OPENSEARCH_{name}", value)

    with pytest.raises(IndexFailure, match=problem):
        searcher.open_index(guarded, create=False)

"""A cluster of OpenSearch for the tests of this folder, if one can be had."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest

from searcher.extensions.opensearch.client import Address, Client
from searcher.extensions.opensearch.engine import OpenSearchEngine
from searcher.names.table import Identities
from tests.extensions.opensearch.node import Unavailable, local_cluster

Make = Callable[..., OpenSearchEngine]
#: As it is before tests begin, which see nothing of the user.
GIVEN, BUILD = os.environ.get("SEARCHER_OPENSEARCH_URL"), os.environ.get("CI")


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a cluster, before the name of an index: that of SEARCHER_OPENSEARCH_URL, else one that
    is started here, for which a build waits and nobody else."""
    if GIVEN:
        yield GIVEN
        return
    if not BUILD:
        pytest.skip("No cluster: set SEARCHER_OPENSEARCH_URL, or CI=true for one of the tests' own.")
    with ExitStack() as stack:
        try:
            started = stack.enter_context(local_cluster())
        except Unavailable as reason:
            pytest.skip(str(reason))
        yield started.address


@contextmanager
def unused_location(cluster: str) -> Iterator[str]:
    """The address of an index that is not there yet; it is dropped at the end."""
    name = f"searcher-{uuid.uuid4().hex[:12]}"
    base, *options = cluster.split("?")
    yield "?".join([f"{base}/{name}", *options])
    client = Client(Address.parse(f"{base}/{name}"))
    for index in client.get(f"/_cat/indices/{name}*?format=json"):
        client.ask("DELETE", f"/{index['index']}")


@pytest.fixture
def location(cluster: str) -> Iterator[str]:
    """The address of an index of the test's own, which is not there yet."""
    with unused_location(cluster) as location:
        yield location


@pytest.fixture(scope="session")
def shared_location(cluster: str) -> Iterator[str]:
    """The address of one index for many tests: to make one takes most of a second."""
    with unused_location(cluster) as location:
        yield location


@pytest.fixture
def make_opensearch(location: str) -> Make:
    """Opens the index of the test."""
    return partial(opened, location)


@pytest.fixture
def emptied_opensearch(shared_location: str) -> Make:
    """Opens the index of many tests, once what is in it is deleted."""
    engine = opened(shared_location)
    with engine.writer() as writer:
        for article in engine.storage().articles():
            writer.delete(article.id)
    return partial(opened, shared_location)


def opened(location: str, identities: Identities | None = None) -> OpenSearchEngine:
    return OpenSearchEngine(Address.parse(location), identities=identities or Identities(), create=True)

from __future__ import annotations

import pytest

from searcher.errors import UsageError
from searcher.extensions.opensearch.client import Address, headers


def test_an_address_names_nodes_and_an_index() -> None:
    location = "opensearch+https://one.example,two.example:443/archive?shards=6&copies=2"
    expected = Address(
        "opensearch+https://one.example,two.example:443/archive",
        ("https://one.example:9200", "https://two.example:443"),
        "archive",
        shards=6,
        copies=2,
    )

    assert expected == Address.parse(location, {})


@pytest.mark.parametrize(
    ("location", "problem"),
    [
        ("opensearch://host/archive", "is not the address"),
        ("opensearch+https://host/", "does not name an index"),
        ("opensearch+https:///archive", "does not name an index"),
        ("opensearch+https://host/Archive", "small letters"),
        ("opensearch+https://host/_all", "does not name an index"),
        ("opensearch+https://me:secret@host/archive", "SEARCHER_OPENSEARCH_PASSWORD"),
        ("opensearch+https://host/archive?shards=0", "shards=3&copies=1"),
        ("opensearch+https://host/archive?shards=many", "not a number"),
        ("opensearch+https://host/archive?replicas=1", "shards=3&copies=1"),
        ("opensearch+http://search.example/archive", "without encryption"),
        ("opensearch+http://127.0.0.1,10.0.0.1/archive", "without encryption"),
        ("opensearch+http://localhost.example/archive", "without encryption"),
    ],
)
def test_what_is_no_address_is_said_with_what_to_write(location: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        Address.parse(location, {})


@pytest.mark.parametrize("host", ["127.0.0.1:9201", "localhost", "[::1]:9200", "127.0.1.1"])
def test_this_machine_is_asked_in_clear(host: str) -> None:
    assert Address.parse(f"opensearch+http://{host}/archive", {}).nodes[0].startswith("http://")


def test_others_are_asked_in_clear_where_that_is_wanted() -> None:
    found = Address.parse("opensearch+http://node/archive", {"SEARCHER_OPENSEARCH_INSECURE": "1"})

    assert ("http://node:9200",) == found.nodes


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"USER": "ada", "PASSWORD": "pässword"}, "Basic YWRhOnDDpHNzd29yZA=="),
        ({"TOKEN": "abc"}, "Bearer abc"),
        ({"API_KEY": "id:key"}, "ApiKey id:key"),
    ],
)
def test_who_asks_is_proved_by_the_environment(environment: dict[str, str], expected: str | None) -> None:
    given = {f"SEARCHER_OPENSEARCH_{name}": value for name, value in environment.items()}

    assert expected == headers(given).get("authorization")


def test_a_user_without_a_password_is_an_error() -> None:
    with pytest.raises(UsageError, match="Set both"):
        headers({"SEARCHER_OPENSEARCH_USER": "ada"})

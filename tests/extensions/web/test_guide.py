"""The help page and the suggestions of the search box."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

import searcher
from searcher import Index
from searcher.extensions.web.app import create_app
from tests.extensions.web.conftest import HERE, page_of, parsed


def test_every_page_links_to_the_help(client: TestClient) -> None:
    for path in ("/", "/quotes", "/names", "/batch", "/help", "/person/Tomas%20Reyl"):
        assert page_of(client, path).select('nav a[href="/help"]'), path


def test_the_examples_find_something(client: TestClient, index: Index) -> None:
    links = [str(one["href"]) for one in page_of(client, "/help").select("#results th a")]
    queries = [parse_qs(urlsplit(link).query)["q"][0] for link in links]
    found = [query for query in queries if "has:" not in query]

    assert len(found) > 10
    readings = {query: index.hints.read_question(query) for query in found}
    assert [] == [one for one, read in readings.items() if not index.count(read.search if read else one)]
    assert any(readings.values())


def test_the_help_in_german(client: TestClient) -> None:
    page = parsed(client.get("/help", headers={"Accept-Language": "de"}).text)

    assert "Hilfe" == page.select("h1")[0].text
    assert "95 % oder mehr" in page.text


def test_an_empty_archive_has_help() -> None:
    with searcher.open_index(":memory:") as index:
        assert 200 == TestClient(create_app(index), base_url=HERE).get("/help").status_code


@pytest.mark.parametrize(("language", "label"), [("en", "Person"), ("de", "Person")])
def test_suggestions(client: TestClient, language: str, label: str) -> None:
    answer = client.get("/suggest?_find=tomas", headers={"Accept-Language": language}).json()

    assert {
        "value": "Tomas Reyl",
        "kind": "person",
        "label": label,
        "articles": 2,
        "query": 'person:"Tomas Reyl"',
        "typed": "tomas",
    } == answer["suggestions"][0]


def test_nothing_is_suggested_for_nothing(client: TestClient) -> None:
    assert {"suggestions": []} == client.get("/suggest").json()

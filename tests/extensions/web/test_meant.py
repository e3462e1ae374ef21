"""What was probably meant by a query that finds nothing as it was written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from searcher import Index
from tests.extensions.web.conftest import ARTICLES, attributes, page_of


@pytest.fixture(autouse=True)
def tagged(index: Index) -> None:
    [deep] = [one for one in ARTICLES if one.id == "deep"]
    index.add([replace(deep, tags=("Old harbour", "old harbour walls"))], annotate=False)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("q=tag:old+harbour", ["/?q=tag%3A%22Old+harbour%22"]),
        ("q=tag:OLD+harbour+walls", ["/?q=tag%3A%22old+harbour+walls%22"]),
        ("q=tag:old+harbour+drilling&sort=newest", ["/?q=tag%3A%22Old+harbour%22+drilling&sort=newest"]),
        ("q=drilling+tag:old+harbour", ["/?q=drilling+tag%3A%22Old+harbour%22"]),
        ("q=tag:old+zzyzx", []),
        ("q=zzyzx+qqqq", []),
        ("q=tag:zzyzx", []),
        ("q=person:Lindqvist+drilling", []),
    ],
)
def test_a_value_of_several_words(client: TestClient, asked: str, meant: list[str]) -> None:
    assert meant == attributes(page_of(client, f"/?{asked}"), ".notice a:not([href*=quotes])", "href")


def test_the_same_among_statements(client: TestClient) -> None:
    page = page_of(client, "/quotes?q=tag:old+harbour")

    assert ["/quotes?q=tag%3A%22Old+harbour%22"] == attributes(page, ".notice a", "href")

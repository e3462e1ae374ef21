"""The names by which a search finds an address."""

from __future__ import annotations

import pytest

from searcher import urls


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://www.news.coast.example/pier/?utm_source=mail",
            ["news.coast.example/pier", "news.coast.example", "coast.example"],
        ),
        ("http://coast.example", ["coast.example"]),
        ("https://coast.example/?id=7", ["coast.example?id=7", "coast.example"]),
        ("http://localhost:8000/pier", ["localhost/pier", "localhost"]),
    ],
)
def test_an_address_is_found_by_itself_its_host_and_the_domains_of_it(url: str, expected: list[str]) -> None:
    assert expected == list(dict.fromkeys(urls.search_keys(url)))


@pytest.mark.parametrize(
    "written", ["https://www.coast.example/pier/", "coast.example/pier", "//Coast.example/pier"]
)
def test_an_address_is_the_same_however_it_is_written(written: str) -> None:
    assert "coast.example/pier" == urls.search_key(written)


def test_what_is_not_an_address_stands_for_itself() -> None:
    assert "[" == urls.search_key("[")

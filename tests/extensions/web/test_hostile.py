"""Articles and requests of somebody who means harm."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from starlette.testclient import TestClient

from searcher.extensions.web.guard import MAX_FIELDS, MAX_QUERY
from tests.extensions.web.conftest import MARKED_UP, MARKUP, parsed

ID = quote(MARKED_UP.id, safe="")
NAME, SOURCE = (quote(f"{kind} {MARKUP}", safe="") for kind in ("Person", "Source"))
PAGES = [
    "/",
    "/?q=porcupines&collapse=1",
    f"/?person={NAME}&not_source={SOURCE}",
    f"/?q={quote(MARKUP)}",
    "/quotes",
    f"/quotes?said_by={NAME}",
    f"/article/{ID}?q=porcupines&_at=1",
    f"/person/{NAME}",
    f"/source/{SOURCE}",
    f"/quotes?said_by={NAME}&about={quote(MARKUP)}",
    "/values/person",
    "/values/tag?_find=script",
    f"/names?_name={NAME}",
    f"/names?_find={quote(MARKUP)}",
    f"/nothing/{quote(MARKUP)}",
    f"/?{quote(MARKUP)}=1",
]


def commands(page: BeautifulSoup) -> list[str]:
    """Scripts that are not ours, handlers, and addresses that run something."""
    scripts = [str(one) for one in page.select("script") if not str(one.get("src")).startswith("/static/")]
    attributes = [(name, str(value)) for one in page.select("*") for name, value in one.attrs.items()]
    handlers = [name for name, _ in attributes if name.startswith("on")]
    addresses = [
        v for name, v in attributes if name in ("href", "src", "action") and "script:" in v.lower()[:12]
    ]
    return [*scripts, *handlers, *addresses]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_an_article_or_an_address_runs(client: TestClient, path: str) -> None:
    answer = client.get(path, follow_redirects=True)

    assert [] == commands(parsed(answer.text))
    assert "text/html" in answer.headers["content-type"]


@pytest.mark.parametrize(
    "path", ["/api/search?q=porcupines", f"/api/article/{ID}", "/export/jsonl", "/export/csl"]
)
def test_data_is_never_taken_for_a_page(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert "html" not in headers["content-type"]
    assert "nosniff" == headers["x-content-type-options"]


@pytest.mark.parametrize(
    "path",
    [
        "/?q=" + "x" * (MAX_QUERY + 1),
        "/?" + "&".join(["tag=x"] * (MAX_FIELDS + 1)),
        "/?q=" + "(" * 1500,
        "/?limit=101",
        "/quotes?limit=999999999999999999999",
        "/quotes?about=" + "x" * (MAX_QUERY + 1),
        "/quotes?about=person:",
        "/?offset=-1",
    ],
)
def test_too_much_is_refused_and_told(client: TestClient, path: str) -> None:
    assert 400 == client.get(path).status_code


def test_far_beyond_the_last_page_is_nothing(client: TestClient) -> None:
    assert 200 == client.get("/?offset=999999999").status_code


@pytest.mark.parametrize(
    "path", ["/%ff", "/article/%00", "/?q=%00", "/?q=%ff%fe", "/person/%F0%9F", "/article/" + "x" * 9000]
)
def test_strange_bytes_are_no_failure(client: TestClient, path: str) -> None:
    assert client.get(path, follow_redirects=True).status_code in (200, 400, 404)


def test_a_form_that_is_too_large(client: TestClient) -> None:
    fields = {f"f{number}": "x" for number in range(1001)}

    assert 400 == client.post("/names", data=fields).status_code


def test_a_body_whose_length_was_not_declared(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.extensions.web.guard.MAX_BODY_BYTES", 1000)
    chunks = (b"list=" + b"x" * 400 for _ in range(4))

    answer = client.post(
        "/batch", content=chunks, headers={"content-type": "application/x-www-form-urlencoded"}
    )

    assert 413 == answer.status_code

"""Who may ask, from where, and how much."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from searcher.errors import UsageError
from searcher.extensions.web.guard import COOKIE, MAX_BODY_BYTES, MAX_URL_BYTES
from tests.extensions.web.conftest import HERE, Serve, attributes, parsed, texts

TOKEN = "a-token-that-nobody-guesses"


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8642", "localhost:8642", "[::1]:8642", "my.localhost", "192.168.0.7"]
)
def test_addresses_and_this_machine_are_served(client: TestClient, host: str) -> None:
    assert 200 == client.get("/", headers={"host": host}).status_code


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "",
        "[::1",
        "[::1]evil",
        "::1",
        "a@127.0.0.1",
    ],
)
def test_a_name_that_was_not_declared_is_refused(client: TestClient, host: str) -> None:
    # DNS rebinding: the name of another site leads here, and its pages could read this one.
    assert 421 == client.get("/", headers={"host": host}).status_code


def test_a_declared_name_is_served(serve: Serve) -> None:
    client = serve(hosts=frozenset({"archive.example"}))

    assert 200 == client.get("/", headers={"host": "archive.example"}).status_code


def test_two_hosts_are_refused(client: TestClient) -> None:
    assert 421 == client.get("/", headers=[("host", "127.0.0.1"), ("host", "evil.example")]).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
def test_another_page_cannot_change_anything(client: TestClient, headers: dict[str, str]) -> None:
    assert 403 == client.post("/", headers=headers).status_code


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://127.0.0.1:8642"}, {}]
)
def test_the_page_itself_and_programs_can(client: TestClient, headers: dict[str, str]) -> None:
    assert 405 == client.post("/", headers=headers).status_code  # past the guard; nothing is changed at "/"


@pytest.mark.parametrize(("mode", "status"), [("navigate", 200), ("no-cors", 403), ("cors", 403)])
def test_another_page_may_link_here_but_not_load(client: TestClient, mode: str, status: int) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": mode}

    assert status == client.get("/", headers=headers).status_code


@pytest.mark.parametrize("dest", ["iframe", "frame", "object", "embed"])
def test_another_page_can_put_nothing_in_a_frame(client: TestClient, dest: str) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": dest}

    assert 403 == client.get("/", headers=headers).status_code


def test_without_the_token_nothing_is_shown(serve: Serve) -> None:
    client = serve(token=TOKEN)
    answers = [
        client.get("/"),
        client.get("/?token=wrong"),
        client.get("/static/x"),
        client.get("/api/search"),
    ]

    assert [401] * 4 == [answer.status_code for answer in answers]


@pytest.mark.parametrize("token", ["", "a b", "ü", 'x"y', "a;b"])
def test_a_token_that_nobody_can_send_is_refused(serve: Serve, token: str) -> None:
    with pytest.raises(UsageError, match="The token "):
        serve(token=token)


@pytest.mark.parametrize("given", ["", "%C3%BC", "%ED%A0%80"])
def test_no_token_is_not_any_token(serve: Serve, given: str) -> None:
    client = serve(token=TOKEN)

    assert 401 == client.get(f"/?token={given}").status_code


def test_the_token_in_the_address_becomes_a_cookie(serve: Serve) -> None:
    client = serve(token=TOKEN)
    answer = client.get(f"/?q=strike&token={TOKEN}")
    cookie = answer.headers["set-cookie"]

    assert (303, "/?q=strike") == (answer.status_code, answer.headers["location"])
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN == client.cookies[COOKIE]
    assert 200 == client.get("/?q=strike").status_code


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/"])
def test_the_way_on_leads_to_no_other_site(serve: Serve, path: str) -> None:
    answer = serve(token=TOKEN).get(f"{HERE}{path}?token={TOKEN}")

    assert "/evil.example/" == answer.headers["location"]


def test_programs_send_the_token_along(serve: Serve) -> None:
    client = serve(token=TOKEN)
    right, wrong = ({"authorization": f"Bearer {one}"} for one in (TOKEN, "wrong"))

    assert [200, 401] == [client.get("/", headers=headers).status_code for headers in (right, wrong)]


def test_reading_only(serve: Serve) -> None:
    client = serve(read_only=True)

    assert [200, 403] == [client.get("/").status_code, client.post("/names/merge").status_code]


def test_an_address_that_is_too_long(client: TestClient) -> None:
    assert 414 == client.get("/?q=" + "x" * MAX_URL_BYTES).status_code


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "-1", "many"])
def test_a_body_that_is_too_large(client: TestClient, length: str) -> None:
    assert 413 == client.post("/", headers={"content-length": length}).status_code


@pytest.mark.parametrize("path", ["/", "/?q=%22", "/nowhere", "/static/nothing"])
def test_every_answer_says_what_the_browser_may_do(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in headers["content-security-policy"]
    assert ("no-referrer", "nosniff") == (headers["referrer-policy"], headers["x-content-type-options"])


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/..%2fsettings.py",
        "/static/%2e%2e/%2e%2e/setup.cfg",
        "/static//etc/passwd",
    ],
)
def test_no_other_file_can_be_asked_for(client: TestClient, path: str) -> None:
    assert 404 == client.get(path).status_code


def test_a_header_cannot_be_smuggled_in(client: TestClient) -> None:
    answer = client.get("/?q=strike%0d%0aset-cookie:%20a=b&sort=relevance")

    assert 303 == answer.status_code
    assert "set-cookie" not in answer.headers
    assert "\n" not in answer.headers["location"]


BROWSER = {"accept": "text/html", "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("path", ["/?q=strike", "/?q=strike&token=wrong", "/nothing"])
def test_a_browser_without_the_token_gets_a_form_for_it(serve: Serve, path: str) -> None:
    answer = serve(token=TOKEN).get(path, headers=BROWSER, follow_redirects=True)

    assert 401 == answer.status_code
    assert ["token"] == attributes(parsed(answer.text), "form[method=post]:not([action]) input", "name")
    assert "token" not in answer.url.params


def test_the_form_shows_and_loads_nothing_of_the_archive(serve: Serve) -> None:
    page = parsed(serve(token=TOKEN).get("/?q=strike", headers=BROWSER).text)

    assert (["Searcher"], []) == (texts(page, "h1"), page.select("[src], [href]"))


@pytest.mark.parametrize("read_only", [False, True])
def test_the_token_of_the_form_becomes_a_cookie(serve: Serve, read_only: bool) -> None:
    client = serve(token=TOKEN, read_only=read_only)
    answer = client.post("/?q=strike", data={"token": TOKEN}, headers=BROWSER)

    assert (303, "/?q=strike") == (answer.status_code, answer.headers["location"])
    assert TOKEN == client.cookies[COOKIE]


@pytest.mark.parametrize("sent", ["wrong", "ü", "x" * 100_000])
def test_a_wrong_token_is_asked_for_again(serve: Serve, sent: str) -> None:
    answer = serve(token=TOKEN).post("/", data={"token": sent}, headers=BROWSER)

    assert (401, False) == (answer.status_code, "set-cookie" in answer.headers)


def test_another_page_cannot_send_the_form(serve: Serve) -> None:
    headers = {**BROWSER, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    assert 403 == serve(token=TOKEN).post("/", data={"token": TOKEN}, headers=headers).status_code

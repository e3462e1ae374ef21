"""A team: a proxy says who asks, changes carry the name, and some only read."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher import Index
from searcher.errors import UsageError
from tests.extensions.web.conftest import ARTICLES, HERE, page_of, parsed, texts

pytest.importorskip("starlette", reason="the page is an extra: pip install 'article-searcher[web]'")

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from searcher.extensions.web.app import create_app
from searcher.extensions.web.guard import Access

FIELD = "X-Remote-User"
TOKEN = "a-token-that-nobody-guesses"
Ask = Callable[..., TestClient]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with searcher.open_index(tmp_path / "index") as opened:
        opened.add(ARTICLES, annotate=False)
        yield opened


@pytest.fixture
def ask(index: Index, tmp_path: Path) -> Ask:
    """A client behind a proxy that says that somebody asks; ``place`` is where its requests come from."""

    def opened(user: Any = "ida", place: str = "127.0.0.1", **settings: object) -> TestClient:
        app = create_app(index, Access(user_header=FIELD, **settings), tmp_path / "index")  # type: ignore[arg-type]
        headers = {FIELD: user} if user is not None else {}
        return TestClient(app, HERE, headers=headers, follow_redirects=False, client=(place, 1))

    return opened


def tag(client: TestClient, **headers: str) -> int:
    form = {"id": "deep", "action": "add", "value": "lead"}
    status: int = client.post("/tags", data=form, headers=headers).status_code
    return status


# Who asks


def test_changes_carry_the_name(ask: Ask, index: Index) -> None:
    client = ask("Jürgen Ö.".encode())  # as proxies send it
    tag(client)
    client.post("/tags", data={"id": "deep", "action": "note", "value": "Ask her."})
    client.post("/names", data={"kind": "person", "action": "ignore", "name": "Tomas Reyl"})
    client.post("/saved", data={"action": "save", "name": "drills", "search": "q=drills"})

    assert 4 * ["Jürgen Ö."] == [step.who for step in index.log.steps()]


def test_each_page_says_who_did_it(ask: Ask) -> None:
    client = ask()
    tag(client)
    client.post("/tags", data={"id": "deep", "action": "note", "value": "Ask her."})
    client.post("/names", data={"kind": "person", "action": "ignore", "name": "Tomas Reyl"})
    client.post("/saved", data={"action": "save", "name": "drills", "search": "q=drills"})

    assert ["ida"] == texts(page_of(client, "/article/deep"), "ul.tags .quiet bdi")
    assert ["Note: ida"] == [text[:9] for text in texts(page_of(client, "/article/deep"), "#tags p")]
    assert ["ida"] == texts(page_of(client, "/names"), "#decided + table bdi")
    assert ["ida"] == texts(page_of(client, "/saved"), ".saved .row bdi")
    assert ["ida"] == texts(page_of(client, "/"), "nav bdi")
    assert 4 * ["ida"] == texts(page_of(client, "/log"), "table.log td:nth-child(2)")


def test_two_who_ask_at_once_are_told_apart(ask: Ask, index: Index) -> None:
    for user in ("ida", "kim", "ida"):
        ask(user).post("/tags", data={"id": "deep", "action": "add", "value": f"of {user}"})

    assert ["kim", "ida"] == [step.who for step in index.log.steps()]


def test_without_a_proxy_it_is_who_started_the_server(index: Index, tmp_path: Path) -> None:
    import getpass

    tag(TestClient(create_app(index, Access(), tmp_path / "index"), HERE))

    assert [getpass.getuser()] == [step.who for step in index.log.steps()]


def test_of_those_who_share_a_token_nobody_is_known(index: Index, tmp_path: Path) -> None:
    client = TestClient(create_app(index, Access(token=TOKEN), tmp_path / "index"), HERE)
    tag(client, authorization=f"Bearer {TOKEN}", **{FIELD: "kim"})

    assert [""] == [step.who for step in index.log.steps()]


@pytest.mark.parametrize(
    "user",
    [
        "",
        " ",
        "a\tb",
        "a\x01b",
        "a\x7fb",
        "\x85",
        "x" * 101,
        "x" * 10_000,
        "\u202eadi",
        "a\u2028b",
    ],
)
def test_a_name_that_is_none_is_refused(ask: Ask, index: Index, user: str) -> None:
    client, headers = ask(None), {FIELD.encode(): user.encode()}
    answers = (client.get("/", headers=headers), client.post("/tags", headers=headers))

    assert ([403, 403], []) == ([one.status_code for one in answers], index.log.steps())


def test_no_name_or_two_are_refused(ask: Ask) -> None:
    twice = [(FIELD, "ida"), (FIELD.lower(), "kim")]

    assert 403 == ask(None).get("/").status_code
    assert 403 == ask(None).get("/", headers=twice).status_code


@pytest.mark.parametrize("place", ["192.168.0.9", "::ffff:192.168.0.9", "10.0.1.1", "fe80::1", "nowhere", ""])
def test_a_name_from_elsewhere_than_the_proxy_is_refused(ask: Ask, index: Index, place: str) -> None:
    proxies = (ipaddress.ip_network("10.0.0.0/24"),)
    forged = {"x-forwarded-for": "10.0.0.1", "forwarded": "for=10.0.0.1", "x-real-ip": "10.0.0.1"}
    client = ask(place=place, proxies=proxies)

    assert (403, 403) == (client.get("/", headers=forged).status_code, tag(client, **forged))
    assert [] == index.log.steps()


@pytest.mark.parametrize("place", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_the_proxy_is_on_this_machine(ask: Ask, place: str) -> None:
    assert 200 == ask(place=place).get("/").status_code


def test_the_proxy_says_whether_the_way_to_it_is_encrypted(ask: Ask) -> None:
    page = ask().get("/saved", headers={"x-forwarded-proto": "https"})
    plain = ask().get("/?q=drills").text

    assert 200 == page.status_code
    assert "http://127.0.0.1:8642/feed.atom" in plain
    assert (
        "https://127.0.0.1:8642/feed.atom"
        in ask().get("/?q=drills", headers={"x-forwarded-proto": "https"}).text
    )


def test_a_token_is_sent_by_the_proxy_and_shown_to_nobody(ask: Ask) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    client = ask(token=TOKEN)

    assert [401, 401, 200] == [
        client.get(path, headers=headers).status_code
        for path, headers in (("/", {}), (f"/?token={TOKEN}", {}), ("/?q=drills", bearer))
    ]
    assert TOKEN not in client.get("/?q=drills", headers=bearer).text


@pytest.mark.parametrize("authorization", ["", "Basic aWRhOng=", f"Bearer {TOKEN}"])
def test_another_page_changes_nothing_whatever_the_proxy_adds(
    ask: Ask, index: Index, authorization: str
) -> None:
    headers = {"sec-fetch-site": "cross-site", "authorization": authorization}

    assert (403, []) == (tag(ask(), **headers), index.log.steps())


def test_a_password_that_a_browser_adds_is_no_token(index: Index, tmp_path: Path) -> None:
    client = TestClient(create_app(index, Access(), tmp_path / "index"), HERE)

    assert 403 == tag(client, authorization="Basic aWRhOng=", **{"sec-fetch-site": "cross-site"})


@pytest.mark.parametrize("field", ["", "a b", "x:y", "X_User", "é", "x\n"])
def test_what_can_be_no_field(field: str) -> None:
    with pytest.raises(UsageError, match="not a header"):
        Access(user_header=field)


@pytest.mark.parametrize(
    "field", ["Host", "COOKIE", "authorization", "Content-Length", "Origin", "User-Agent", "Sec-Fetch-Site"]
)
def test_a_header_that_browsers_set_names_no_user(field: str) -> None:
    with pytest.raises(UsageError, match="not a header that only a proxy sets"):
        Access(user_header=field)


@pytest.mark.parametrize("field", ["X-Remote-User", "Remote-User", "X-Forwarded-User", "User"])
def test_a_header_of_a_proxy_names_a_user(field: str) -> None:
    assert field == Access(user_header=field).user_header


@pytest.mark.parametrize("name", ["ada\u00a0", "\u3000ada", "ada\u2003", "ada\u200b", "\u0085ada"])
def test_no_other_name_becomes_that_of_a_writer(ask: Ask, index: Index, name: str) -> None:
    assert (403, []) == (tag(ask(name.encode(), writers=frozenset({"ada"}))), index.log.steps())


# Who only reads


def routes(client: TestClient) -> list[tuple[str, str]]:
    """Each address that is served with each method."""
    app = client.app
    assert isinstance(app, Starlette)
    found = [route for route in app.routes if isinstance(route, Route)]
    assert len(found) == len(app.routes)  # a mount has routes of its own
    filled = {"{id:path}": "deep", "{field}": "person", "{format}": "ris", "{name:path}": "Tomas Reyl"}
    filled |= {"{kind}": "person", "{name}": "searcher.css"}
    pairs = []
    for route in found:
        path = route.path
        for part, value in filled.items():
            path = path.replace(part, value)
        pairs += [(method, path) for method in sorted(route.methods or ())]
    return pairs


FORM = {
    "id": "deep", "action": "merge", "value": "lead", "kind": "person", "name": "Tomas Reyl", "label": "A",
    "other": "Mara Lindqvist", "list": "Tomas Reyl", "search": "q=drills",
}  # fmt: skip


def test_whoever_only_reads_can_change_nothing_by_any_address(ask: Ask, index: Index) -> None:
    client = ask("kim", writers=frozenset({"ida"}))
    before = index.log.store.state()
    changing = [(method, path) for method, path in routes(client) if method not in ("GET", "HEAD", "OPTIONS")]
    answers = {
        client.request(method, path, data=FORM).status_code
        for path in dict.fromkeys(path for _, path in [*changing, *routes(client)])
        if path != "/batch"  # a question, which is posted
        for method in ("POST", "PUT", "PATCH", "DELETE")
    }

    assert {("POST", "/names"), ("POST", "/tags"), ("POST", "/api/inbox")} <= {*changing}
    assert ({403}, before) == (answers, index.log.store.state())
    assert () == index.names.decisions.decisions()


def test_a_page_that_is_only_asked_for_changes_nothing(ask: Ask, index: Index) -> None:
    client = ask()
    before = index.log.store.state()
    for method, path in routes(client):
        if method in ("GET", "HEAD"):
            client.request(method, path, params=FORM)

    assert (before, ()) == (index.log.store.state(), index.names.decisions.decisions())


def test_whoever_may_write_changes_what_others_only_read(ask: Ask) -> None:
    writers = frozenset({"ida"})

    assert [303, 403, 403] == [tag(ask(user, writers=writers)) for user in ("ida", "kim", "Ida")]


def test_for_reading_only_is_for_all(ask: Ask) -> None:
    assert 403 == tag(ask(read_only=True, writers=frozenset({"ida"})))


@pytest.mark.parametrize(
    "path", ["/", "/quotes", "/article/deep", "/person/Tomas%20Reyl", "/names?_name=Tomas+Reyl", "/saved",
             "/log", "/inbox", "/names?_doubtful=1"],
)  # fmt: skip
def test_whoever_only_reads_is_offered_no_change(ask: Ask, path: str) -> None:
    writing = ask()
    tag(writing)
    writing.post("/names", data={"kind": "person", "action": "split", "name": "Tomas Reyl"})
    writing.post("/saved", data={"action": "save", "name": "drills", "search": "q=drills"})
    page = page_of(ask("kim", writers=frozenset({"ida"})), path)

    assert ([], []) == (page.select("form[method=post]"), page.select("a.correct, [formaction='/names']"))


def test_a_list_can_be_asked_by_whoever_only_reads(ask: Ask) -> None:
    client = ask("kim", writers=frozenset({"ida"}))

    answer = client.post("/batch", data={"as": "names", "list": "Tomas Reyl"})

    assert (200, ["Tomas Reyl"]) == (answer.status_code, texts(parsed(answer.text), "tbody th"))


def test_but_not_kept(ask: Ask) -> None:
    client = ask("kim", writers=frozenset({"ida"}))
    answer = client.post("/batch", data={"as": "names", "list": "Tomas Reyl", "form": "keep", "name": "mine"})

    assert (403, []) == (answer.status_code, texts(page_of(client, "/saved"), ".saved h2"))


# The log


def test_it_is_shown_by_person_and_page(ask: Ask, index: Index) -> None:
    for n in range(60):
        for user in ("ida", "kim"):
            ask(user).post("/tags", data={"id": "deep", "action": "add", "value": f"{user} {n}"})
    all_, of_kim = page_of(ask(), "/log"), page_of(ask(), "/log?_who=kim")
    older = str(all_.select("a[rel=next]")[0]["href"])

    assert (100, 60, 20) == tuple(
        len(page.select("table.log tbody tr")) for page in (all_, of_kim, page_of(ask(), older))
    )


def undo(client: TestClient, form: Any) -> None:
    client.post("/names/undo", data={str(one["name"]): str(one["value"]) for one in form.select("input")})


def test_each_change_is_told_in_words_and_undone_there(ask: Ask, index: Index) -> None:
    client = ask()
    tag(client)
    client.post("/names", data={"kind": "person", "action": "ignore", "name": "Tomas Reyl"})
    told = texts(page_of(client, "/log"), "table.log li")
    for form in page_of(client, "/log").select("form[action='/names/undo']"):
        undo(client, form)
    found = index.articles.get("deep")

    assert ["“Tomas Reyl” is hidden.", "added: + lead · A deep place"] == [
        text if "·" not in text else f"{text.split('·')[0]}· A deep place" for text in told
    ]
    assert ((), False) == (index.names.decisions.decisions(), bool(found and "lead" in found.tags))


def test_what_was_undone_says_so_and_can_be_done_again(ask: Ask, index: Index) -> None:
    client = ask()
    client.post("/names", data={"kind": "person", "action": "ignore", "name": "Tomas Reyl"})

    def press(row: int) -> list[str]:
        """Press the button of a row; what the rows say then, the newest first."""
        undo(client, page_of(client, "/log").select("table.log tbody tr")[row].select("form")[0])
        return texts(page_of(client, "/log"), "table.log tbody td:last-child")

    undone, again = press(0), press(1)

    assert ["Undo", "undone Redo"] == undone
    assert ["Undo", "undone Redo", "undone"] == again
    assert ("person", "Tomas Reyl") in index.names.decisions.ignored


def test_markup_in_names_and_tags_stays_text(ask: Ask) -> None:
    client = ask("<b>ida</b>")
    client.post("/tags", data={"id": "deep", "action": "add", "value": "<i>lead</i>"})

    assert [] == page_of(client, "/log").select("table b, table i")


def test_an_empty_log(ask: Ask) -> None:
    assert ["There are no changes yet."] == texts(page_of(ask(), "/log"), ".message")


def test_a_browser_is_not_asked_for_the_token_of_the_proxy(ask: Ask) -> None:
    answer = ask(token=TOKEN).get("/", headers={"accept": "text/html"})

    assert (401, "text/plain") == (answer.status_code, answer.headers["content-type"].split(";")[0])

"""Whatever is asked, no page fails: of every address, with parameters and fields of every kind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

import searcher
from searcher import Article, Mention, Quote
from tests.extensions.web.conftest import HERE, MARKED_UP

pytest.importorskip("starlette", reason="the page is an extra: pip install 'article-searcher[web]'")

from starlette.testclient import TestClient

from searcher.extensions.web.app import create_app
from searcher.extensions.web.guard import Access

#: What a file's name that is no UTF-8 leaves in a text.
NO_UNICODE = "caf\udce9 \ud800"
BODY = f"Kim {NO_UNICODE} said porcupines {NO_UNICODE} strike."
BROKEN = Article(
    "broken",
    f"Title {NO_UNICODE}",
    BODY,
    url=f"http://example.org/{NO_UNICODE}",
    source=f"Source {NO_UNICODE}",
    authors=(f"Author {NO_UNICODE}",),
    published="2024-05-06",  # type: ignore[arg-type]  # converted
    language="en",
    section=f"Section {NO_UNICODE}",
    tags=(f"tag {NO_UNICODE}",),
    origin=f"/archive/{NO_UNICODE}.txt",
    story=f"Story {NO_UNICODE}",
    mentions=(Mention(f"Kim {NO_UNICODE}", "person", 0, 10),),
    quotes=(Quote(f"porcupines {NO_UNICODE}", f"Kim {NO_UNICODE}", "direct", 16, 33, 0.9, "person"),),
)
PATHS = [
    "/", "/quotes", "/names", "/saved", "/log", "/batch", "/inbox", "/feed.atom", "/nowhere", "/person/Kim",
    "/tag/x", "/api/search", "/api/quotes", "/api/statements", "/api/facets/person", "/api/facets/tag",
    "/api/inbox", "/api/facets/nothing", "/api/article/x", "/api/openapi.json", "/values/person",
    "/values/x", "/static/x",
    *(f"/export/{form}" for form in ("csv", "jsonl", "ris", "bibtex", "csl", "x")),
    *(f"{before}/broken" for before in ("/article", "/api/article", "/cite/ris", "/person", "/source")),
    f"/article/{quote(MARKED_UP.id, safe='')}",
]  # fmt: skip
FORMS = ["/names", "/names/undo", "/tags", "/saved", "/batch", "/inbox", "/api/inbox"]
PARAMETERS = [
    "q", "about", "said_by", "person", "not_person", "source", "tag", "not_tag", "language", "after",
    "before", "year", "month", "sort", "limit", "offset", "facet", "match_all", "collapse",
    "match", "min_confidence", "kind", "snippets", "explain", "translate", "unreported", "print_only",
    "highlight", "story", "where_tag", "desk",
    "quotes", "quote", "x", "\udce9", "_at", "_page", "_find", "_match", "_order", "_saved", "_name",
    "_kind", "_go", "_noted", "_who", "_before", "_step", "_article", "_doubtful", "_x", "token",
]  # fmt: skip
FIELDS = [
    "id", "action", "value", "name", "other", "kind", "list", "as", "form", "search", "file", "step",
    "article", "\udce9",
]  # fmt: skip
VALUES = [
    "", " ", "1", "0", "-1", "2", "1" * 5_000, "9" * 400, "1e999", "nan", "-inf", "0.5", "٣", "²", "1_0",
    "0x1", "strike", "porcupines", "Kim", "=Kim", '"', "(", ")", "a OR", "NOT", "person:", "person:Kim",
    "*", "a*", "~", "a NEAR/99999 b", "date:2024..", "date:9999999", "0000-00-00", "2024-02-30",
    "9999-12-31", "0001-01-01", "person", "organisation", "year", "tag", "speaker", "newest", "oldest",
    "relevance", "any", "all", "direct", "add", "remove", "case", "note", "star", "merge", "rename",
    "ignore", "apart", "within", "save", "seen", "forget", "csv", "names", "\x00", "\ud800", NO_UNICODE,
    "\U000e0041", "\u202e", "x" * 3_000, "é" * 300, "\U0001f40d" * 79, "../../etc/passwd", "%", "a=b", "=",
    "desk=foreign", "+a", "-a", "[", "\n", "a\nb", BROKEN.id, MARKED_UP.id,
]  # fmt: skip


@pytest.fixture
def everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A page where all can be changed, over an index with names that are no Unicode, as files bring them."""
    monkeypatch.setattr("searcher.index.index.check_article", lambda article: article)
    with searcher.open_index(tmp_path / "index") as index:
        index.add([BROKEN, MARKED_UP], annotate=False)
        app = create_app(index, Access(token="t"), tmp_path / "index")
        yield TestClient(
            app,
            base_url=HERE,
            raise_server_exceptions=False,
            headers={"authorization": "Bearer t"},
        )


def written(pairs: list[tuple[str, str]]) -> str:
    def one(text: str) -> str:
        return quote(text, safe="", errors="surrogatepass")

    return "&".join(f"{one(name)}={one(value)}" for name, value in pairs)


def drawn(dice: random.Random, names: list[str]) -> str:
    return written([(dice.choice(names), dice.choice(VALUES)) for _ in range(dice.randrange(1, 5))])


def failures(client: TestClient, number: int, seed: int) -> list[tuple[str, str, int]]:
    """Requests of so many drawn at random that were answered with a failure of the server."""
    dice = random.Random(seed)
    failed = []
    for _ in range(number):
        if dice.random() < 0.3:
            path, body = dice.choice(FORMS), drawn(dice, FIELDS)
            kind = {"content-type": "application/x-www-form-urlencoded"}
            address = f"{path}?{drawn(dice, PARAMETERS)}" if dice.random() < 0.3 else path
            status = client.post(address, content=body, headers=kind).status_code
        else:
            address, body = f"{dice.choice(PATHS)}?{drawn(dice, PARAMETERS)}", ""
            status = client.get(address).status_code
        if status >= 500:
            failed.append((address, body, status))
    return failed


@pytest.mark.parametrize("seed", range(2))
def test_no_request_is_a_failure_of_the_server(everything: TestClient, seed: int) -> None:
    assert [] == failures(everything, 250, seed)

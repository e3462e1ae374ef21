"""The file that an article was read from, shown beside its text, and nobody else's file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

import searcher
from searcher import Article, Index
from searcher.ingest.original import inert
from searcher.readers.passage import Passage
from tests.extensions.web import originals
from tests.extensions.web.conftest import HERE, attributes, page_of, texts

from starlette.testclient import TestClient  # isort: skip
from searcher.extensions.web.app import create_app  # isort: skip

AddressOf = Callable[..., str]
ELSEWHERE = "http://elsewhere.example"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    originals.write(folder)
    (folder / "wall.html").write_text(originals.HOSTILE.read_text().replace("ELSEWHERE", ELSEWHERE))
    return folder


@pytest.fixture(scope="module")
def kept(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with searcher.open_index(tmp_path_factory.mktemp("index") / "index") as opened:
        opened.load([files], workers=1)
        yield opened


@pytest.fixture
def client(kept: Index) -> TestClient:
    return TestClient(create_app(kept), base_url=HERE, follow_redirects=False)


@pytest.fixture
def address_of(kept: Index) -> AddressOf:
    """The address of a page of the only article that has a word, as found by it."""

    def address(word: str, page: str = "original") -> str:
        [hit] = kept.search(word).hits
        return f"/{page}/{quote(hit.article.id, safe='')}"

    return address


#: What lets a style sheet fetch something, hides that, or ends the sheet.
FETCHING_STYLE = {"@import", "url(", "image-set(", "\\", "<"}


def styles_of(page: BeautifulSoup) -> str:
    attributes = " ".join(str(one["style"]) for one in page.select("[style]"))
    return " ".join([attributes, *(one.get_text() for one in page.select("style"))]).lower()


@pytest.mark.parametrize(
    ("style", "kept"),
    [
        ("h1 { color: red }", "h1 { color: red }"),
        ("<!-- h1 { color: red } -->", " h1 { color: red } -->"),
        (
            "p { background: url(data:image/gif;base64,R0) }",
            "p { background: url(data:image/gif;base64,R0) }",
        ),
        (
            "a{}<<//style><iframe src=//e.example/x>",
            "a{}//style>iframe src=//e.example/x>",
        ),
        ("p { background: urlurl(x)(//e.example) }", ""),
        ('@im@import x;port "//e.example";', ""),
        (
            "p { background: u\\\\72 l(//e.example) }",
            "p { background: ul(//e.example) }",
        ),
        ("p { background: i\\00006dage-set(x) }", "p { background: iage-set(x) }"),
        ("p { background: u\\rl(//e.example) }", "p { background:  }"),
    ],
)
def test_a_style_sheet_fetches_nothing_and_does_not_end_early(style: str, kept: str) -> None:
    shown, _ = inert(f"<html><style>{style}</style><p>Text.</p></html>", Passage("", 0, 0))

    assert f"<style>{kept}</style>" in shown


THINGS = ["bridge", "lamp", "quay", "pier", "jetty", "mole", "dock", "crane"]


@pytest.mark.parametrize("thing", THINGS)
def test_the_passage_is_marked_in_the_text_and_in_the_file(
    client: TestClient, address_of: AddressOf, thing: str
) -> None:
    page = page_of(client, f"{address_of(thing)}?q={originals.PASSAGE}")
    [frame] = attributes(page, "iframe", "src")
    shown = page_of(client, frame.partition("#")[0])

    assert "passage" == frame.partition("#")[2]
    assert [originals.PASSAGE] == texts(page, "mark.here") == texts(shown, "mark#passage")
    assert f"gate at the {thing}, which" in " ".join(shown.get_text(" ").split())


def test_a_pdf_is_opened_at_the_page_of_the_passage(
    client: TestClient, address_of: AddressOf, files: Path
) -> None:
    page = page_of(client, f"{address_of('porcupine')}?q=porcupine")
    [frame] = attributes(page, "iframe", "src")
    answer = client.get(frame.partition("#")[0])

    assert "page=4" == frame.partition("#")[2]
    assert ("application/pdf", (files / "report.pdf").read_bytes()) == (
        answer.headers["content-type"],
        answer.content,
    )


def test_a_file_that_no_browser_shows_is_to_be_saved(
    client: TestClient, address_of: AddressOf, files: Path
) -> None:
    page = page_of(client, address_of("ferry"))
    [saved] = attributes(page, "a[download]", "href")
    answer = client.get(saved)

    assert ["Browsers cannot show this kind of file. Save a copy to open it."] == texts(page, ".notice")
    assert (files / "ferry.docx").read_bytes() == answer.content
    assert 'attachment; filename="ferry.docx"' == answer.headers["content-disposition"]
    assert "application/octet-stream" == answer.headers["content-type"]


@pytest.mark.parametrize("saving", ["", "?_save=1"])
def test_whatever_a_file_is_its_policy_lets_it_do_nothing(
    client: TestClient, address_of: AddressOf, saving: str
) -> None:
    headers = client.get(address_of("anglers", "file") + saving).headers
    policy = headers["content-security-policy"].split("; ")

    assert {"default-src 'none'", "sandbox", "form-action 'none'", "frame-ancestors 'self'"} <= set(policy)
    assert ("nosniff", "no-referrer") == (headers["x-content-type-options"], headers["referrer-policy"])


def test_nothing_of_a_hostile_page_acts(client: TestClient, address_of: AddressOf) -> None:
    shown = page_of(client, f"{address_of('anglers', 'file')}?q=wider+gate&_match=1")
    fetching = {
        "src",
        "srcset",
        "href",
        "action",
        "formaction",
        "ping",
        "poster",
        "background",
        "data",
        "manifest",
    }
    kept = {name: value for one in shown.select("*") for name, value in one.attrs.items()}

    assert [] == shown.select("script, link, base, iframe, object, embed, form, svg, math, meta[http-equiv]")
    assert set() == {name for name in kept if name.startswith("on") or name in fetching}
    assert set() == FETCHING_STYLE & set(re.findall(r"@\w+|[\w-]+\(|[\\\\<]", styles_of(shown)))
    assert ["wider", "gate"] == texts(shown, "mark")
    assert {"The tide was high.", "The tide was low."} <= set(shown.stripped_strings)


def test_a_saved_page_is_framed_without_any_right(client: TestClient, address_of: AddressOf) -> None:
    answer = client.get(address_of("anglers"))
    framed = [line for line in answer.text.split("\n") if "iframe" in line]

    assert [True] == ["<iframe" in line and line.endswith(" sandbox></iframe>") for line in framed]
    assert answer.headers["content-security-policy"].endswith("frame-src 'self'")


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[tuple[TestClient, Path, Index]]:
    """A site of one file that may change."""
    file = tmp_path / "lamp.txt"
    file.write_text(originals.text("lamp"))
    with searcher.open_index(tmp_path / "index") as opened:
        opened.load([file], workers=1)
        yield TestClient(create_app(opened), base_url=HERE), file, opened


Changing = tuple[TestClient, Path, Index]


def notices(changing: Changing) -> tuple[list[str], int]:
    """What is told of the only article's file, and how the file itself is answered."""
    client, _, index = changing
    [article] = index.articles
    return texts(page_of(client, f"/original/{article.id}"), ".notice"), client.get(
        f"/file/{article.id}"
    ).status_code


def test_a_file_that_has_changed_is_not_shown(changing: Changing) -> None:
    changing[1].write_text(originals.text("lantern"))

    assert (["The file has changed since it was read."], 404) == notices(changing)


def test_a_file_that_is_gone(changing: Changing) -> None:
    changing[1].unlink()

    assert (["The file no longer exists."], 404) == notices(changing)


def test_a_link_in_the_place_of_the_file_leads_nowhere(changing: Changing, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    changing[1].unlink()
    changing[1].symlink_to(tmp_path / "secret")

    assert (["The file has changed since it was read."], 404) == notices(changing)


def test_only_what_was_loaded_is_shown_whatever_an_article_says(tmp_path: Path) -> None:
    from hashlib import sha256

    (tmp_path / "secret.txt").write_text("secret")
    digest = sha256(b"secret").hexdigest()
    with searcher.open_index(":memory:") as index:
        index.add(
            [Article("a", body="Text.", origin=f"{tmp_path}/secret.txt", digest=digest)], annotate=False
        )
        client = TestClient(create_app(index), base_url=HERE)
        page: BeautifulSoup = page_of(client, "/original/a")

        assert (["Its file is not known."], 404) == (
            texts(page, ".notice"),
            client.get("/file/a").status_code,
        )


@pytest.mark.parametrize(
    "path", ["/file/none", "/original/none", "/file//etc/passwd", "/file/..%2F..%2Fetc%2Fpasswd"]
)
def test_a_path_is_no_article(client: TestClient, path: str) -> None:
    assert 404 == client.get(path).status_code

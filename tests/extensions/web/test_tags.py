"""Tags, cases and notes on the page of an article."""

from __future__ import annotations

import pytest
from bs4 import Tag
from starlette.testclient import TestClient

from searcher import Article, Index
from tests.extensions.web.conftest import MARKED_UP, MARKUP, Serve, parsed

HERE = {"Sec-Fetch-Site": "same-origin"}
PUBLISHED = [Article(f"p{n}", "Ship", "A ship.", tags=("Sea", f"Port {n}")) for n in (1, 2)]


def shown(client: TestClient) -> Tag:
    found = parsed(client.get("/article/deep").text).select_one("#tags")
    assert found is not None
    return found


def change(client: TestClient, action: str, value: str, id: str = "deep") -> int:
    answer = client.post("/tags", data={"id": id, "action": action, "value": value}, headers=HERE)
    return answer.status_code


def test_a_tag_is_put_on_and_found(client: TestClient, index: Index) -> None:
    assert 303 == change(client, "add", "lead")

    (link,) = shown(client).select("a")
    assert ("lead", "/?tag=lead") == (link.text, link["href"])
    assert 1 == index.count("tag:lead")


@pytest.mark.parametrize(
    ("asked", "controls"), [("/?tag=lead", []), ("/?tag=lead&tag=fire", [("tag", False)])]
)
def test_whether_all_tags_are_meant_is_asked_from_two_on(
    client: TestClient, index: Index, asked: str, controls: list[tuple[str, bool]]
) -> None:
    index.tags.update(["deep", "strike"], add=["lead"])
    index.tags.update(["deep"], add=["fire"])
    found = parsed(client.get(asked).text).select("[name=match_all]")

    assert controls == [(one["value"], one.has_attr("checked")) for one in found]


def test_tags_of_a_publisher_narrow_where_all_have_one_of_ones_own(client: TestClient, index: Index) -> None:
    """Whether all are meant is asked with the tags that are shown."""
    index.add(PUBLISHED, annotate=False)
    index.tags.update(["p1", "p2"], add=["lead"])
    page = parsed(client.get("/?q=ship&tag=Sea&tag=Port+1").text)

    assert {"Port 1", "Port 2", "Sea"} == {one["value"] for one in page.select("input[name=tag]")}
    assert ["tag"] == [one["value"] for one in page.select("[name=match_all][value=tag]")]


def test_the_search_that_found_the_article_is_kept(client: TestClient) -> None:
    page = parsed(client.get("/article/deep?q=drilling&_at=1").text)
    form = page.select_one("#tags form")
    assert form is not None

    data = {"id": "deep", "action": "add", "value": "lead"}
    answer = client.post(str(form["action"]), data=data, headers=HERE)
    assert "/article/deep?q=drilling&_at=1#tags" == answer.headers["location"]


def test_a_tag_is_taken_off(client: TestClient, index: Index) -> None:
    change(client, "add", "lead")
    button = shown(client).select_one("li form")
    assert button is not None
    given = {str(one["name"]): str(one["value"]) for one in button.select("[name]")}
    client.post("/tags", data=given, headers=HERE)

    assert 0 == index.count("tag:lead")


def test_a_case_and_a_note(client: TestClient, index: Index) -> None:
    change(client, "case", "Port fire")
    change(client, "note", "Ask her about the pallets")
    section = shown(client)

    assert "Case: Port fire" in " ".join(section.text.split())
    assert "Ask her about the pallets" == section.select_one("textarea").text  # type: ignore[union-attr]
    assert 1 == index.count("note:pallets", where={"case": "Port fire"})

    change(client, "note", "")
    assert 0 == index.count("note:pallets")


def test_a_saved_note_is_told_once(client: TestClient) -> None:
    data = {"id": "deep", "action": "note", "value": "Ask her"}
    answer = client.post("/tags?q=drilling&_at=1", data=data, headers=HERE)
    page = parsed(client.get(answer.headers["location"]).text)

    assert ["Note saved."] == [one.text for one in page.select("#tags [role=status]")]
    assert [] == page.select("[href*=noted], [action*=noted]")


def test_a_star_is_set_where_one_reads_and_found_as_a_tag(client: TestClient, index: Index) -> None:
    def press() -> str:
        """Press the star; the answer is where that leads."""
        form = parsed(client.get("/article/deep?q=drilling&_at=1").text).select_one("form:has(.star)")
        assert form is not None
        data = {str(one["name"]): str(one["value"]) for one in form.select("[name]")}
        return client.post(str(form["action"]), data=data, headers=HERE).headers["location"]

    assert ("/article/deep?q=drilling&_at=1", 1) == (press(), index.count(where={"tag": "★"}))
    assert "★" in parsed(client.get("/").text).select_one("fieldset:has([name=tag])").text  # type: ignore[union-attr]
    assert ("/article/deep?q=drilling&_at=1", 0) == (press(), index.count(where={"tag": "★"}))


def test_whoever_only_reads_sees_them_and_changes_nothing(serve: Serve, index: Index) -> None:
    index.tags.update(["deep"], ["lead"], note="Ask her")
    client = serve(read_only=True)
    section = shown(client)

    assert ([], True, 403) == (section.select("form"), "Ask her" in section.text, change(client, "add", "x"))


def test_another_page_cannot_tag(client: TestClient, index: Index) -> None:
    given = {"id": "deep", "action": "add", "value": "lead"}
    answer = client.post("/tags", data=given, headers={"Sec-Fetch-Site": "cross-site"})

    assert (403, 0) == (answer.status_code, index.count("tag:lead"))


def test_markup_in_a_tag_stays_text(client: TestClient) -> None:
    change(client, "add", MARKUP, MARKED_UP.id)
    change(client, "note", MARKUP)
    page = parsed(client.get("/article/deep").text)

    assert [] == [one for one in page.select("script") if "alert" in one.text]


def test_what_cannot_be_done_is_told(client: TestClient) -> None:
    assert (400, 400) == (change(client, "add", "  "), change(client, "burn", "x"))


def test_whatever_tag_a_file_brings_is_taken_off(client: TestClient, index: Index) -> None:
    index.add([Article("odd", "Odd", tags=("-30-", "Topic=news", "a  b"))], annotate=False)

    assert [303, 303, 303] == [change(client, "remove", tag, "odd") for tag in ("-30-", "Topic=news", "a  b")]
    odd = index.articles.get("odd")
    assert odd is not None
    assert () == odd.tags


def test_tags_of_ones_own_stand_apart(client: TestClient, index: Index) -> None:
    index.add(PUBLISHED, annotate=False)
    index.tags.update(["p1", "deep"], ["lead"], case="Fire")

    def tags(path: str) -> dict[str, list[str]]:
        groups = parsed(client.get(path).text).select("fieldset:has([name=tag])")
        return {
            str(one.legend and one.legend.text): [str(box["value"]) for box in one.select("[name=tag]")]
            for one in groups
        }

    apart = {"Your tags": ["lead"], "Tags": ["Sea", "Port 1", "Port 2"]}
    assert apart == {**tags("/"), "Tags": [one for one in tags("/")["Tags"] if "<" not in one]}
    assert {"Your tags": ["lead"], "Tags": ["Sea", "Port 1"]} == tags("/?tag=lead&tag=Sea&match_all=tag")


@pytest.mark.parametrize(
    ("asked", "group"), [("/?tag=Sea&tag=Port+1", "Tags"), ("/?tag=lead&tag=Sea", "Your tags")]
)
def test_whether_all_tags_are_meant_is_asked_once(
    client: TestClient, index: Index, asked: str, group: str
) -> None:
    index.add(PUBLISHED, annotate=False)
    index.tags.update(["p1", "deep"], ["lead"])
    (control,) = parsed(client.get(asked).text).select("fieldset:has([name=tag]) [name=match_all]")
    fieldset = control.find_parent("fieldset")

    assert fieldset is not None
    assert fieldset.legend is not None
    assert group == fieldset.legend.text

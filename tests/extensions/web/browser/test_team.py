"""A desk at work: names put right from where they are shown, who did it, and who only reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.extensions.web.browser.conftest import PATIENCE_MILLISECONDS, Visit
from tests.extensions.web.browser.test_journeys import search, total

expect.set_options(timeout=PATIENCE_MILLISECONDS)

As = Callable[..., Page]


@pytest.fixture
def as_(visit: Visit, team: str, script: bool) -> As:
    """Open a page as somebody whom the proxy names."""

    def opened(user: str, path: str = "/", **settings: object) -> Page:
        headers = {"X-Remote-User": user}
        settings = {"java_script_enabled": script, **settings}
        return visit(path, base_url=team, extra_http_headers=headers, **settings)

    return opened


def undo_last(page: Page) -> None:
    page.goto("/log")
    page.get_by_role("button", name="Undo change 1", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("The change was undone.")


def test_two_names_are_merged_from_where_they_are_ticked(as_: As) -> None:
    page = as_("ida")
    search(page, "strike")
    total(page, "2 articles")
    people = page.locator("fieldset", has=page.locator("legend", has_text="People"))
    for box in people.locator("li > label:first-child input").all()[:2]:
        box.check()
    names = [
        one.get_attribute("value") for one in people.locator("li > label:first-child input:checked").all()
    ]
    people.get_by_role("button", name="Fix selected names: People").click()

    expect(page.get_by_role("heading", name="Selected names")).to_be_visible()
    assert {*names} <= {
        *page.locator("[name=_name][checked]").evaluate_all("all => all.map(one => one.value)")
    }


def test_a_name_in_an_article_is_split_there_and_that_is_undone(as_: As) -> None:
    page = as_("ida")
    search(page, "strike")
    page.get_by_role("link", name="Ferry union ends strike").click()
    page.locator(".about").get_by_role("link", name="Merge or correct Philippa Strand").click()
    page.locator(".within input[type=text]").first.fill("Another Strand")
    page.locator(".within").get_by_role("button", name="Split in this article").first.click()
    expect(page.locator(".about").get_by_role("link", name="Another Strand", exact=True)).to_be_visible()
    undo_last(page)
    page.goto("/person/Philippa%20Strand")

    expect(page.get_by_role("heading", level=1)).to_have_text("Philippa Strand")


def test_a_speaker_is_put_right_from_the_statement(as_: As) -> None:
    page = as_("ida", "/quotes?q=water")
    page.locator(".speaker .correct").first.click()

    expect(page.get_by_role("heading", name="Selected name")).to_be_visible()


def test_a_source_is_put_right_from_a_hit(as_: As) -> None:
    page = as_("ida", "/?q=strike")
    page.locator(".hits .correct").first.click()

    expect(page.get_by_role("radio", name="Sources")).to_be_checked()
    expect(page.get_by_role("heading", name="Selected name")).to_be_visible()


def test_who_has_decided_is_seen_by_who_only_reads(as_: As) -> None:
    writing = as_("ida", "/names?_name=Owen+Whitlock")
    writing.get_by_role("button", name="Keep separate").first.click()
    expect(writing.locator(".notice")).to_contain_text("is kept separate")
    reading = as_("kim", "/names")

    expect(reading.locator("#decided + table")).to_contain_text("ida")
    expect(reading.get_by_role("button", name="Undo the decision about Owen Whitlock")).to_have_count(0)
    expect(reading.locator("form[method=post]")).to_have_count(0)
    writing.get_by_role("button", name="Undo the decision about Owen Whitlock").click()
    expect(writing.get_by_role("status")).to_have_text("The change was undone.")


def test_by_keyboard_from_a_name_to_its_decision(as_: As) -> None:
    page = as_("ida", "/person/Owen%20Whitlock")
    page.get_by_role("link", name="Merge or correct this name").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep separate").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("is kept separate")
    page.get_by_role("button", name="Undo", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("The change was undone.")


def test_the_log_fits_a_phone_and_is_read_from_right_to_left(as_: As) -> None:
    page = as_("ida", "/article/arabic")
    page.get_by_label("Tag", exact=True).fill("ميناء")
    page.get_by_role("button", name="Add: Tag").click()
    narrow = as_("kim", "/log", viewport={"width": 320, "height": 700})

    expect(narrow.locator("table.log bdi", has_text="ميناء").first).to_be_visible()
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    undo_last(page)


def test_who_only_reads_looks_a_list_up_and_keeps_none(as_: As) -> None:
    page = as_("kim", "/batch")
    page.get_by_label("Names or queries, one a line").fill("Ingrid Halvorsen\nNobody Atall")
    page.get_by_role("button", name="Search", exact=True).last.click()

    expect(page.locator("tbody tr.sure th")).to_have_text("Ingrid Halvorsen")
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)

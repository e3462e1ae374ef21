"""What JavaScript adds, and the way by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.extensions.web.browser.conftest import Visit


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit("/")


def test_by_keyboard_alone(page: Page) -> None:
    def focused(name: str) -> bool:
        return bool(page.evaluate("name => document.activeElement.name === name", name))

    page.keyboard.press("/")
    page.keyboard.type("Norvane")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=Norvane"))
    for _ in range(40):
        if focused("person"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("person="))
    # The box that was ticked still has the focus, whatever was redrawn.
    assert focused("person")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("article.reader")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("mark.here")).to_have_count(1)
    page.keyboard.press("p")

    expect(page.locator("mark.here")).to_have_count(1)


def test_what_was_ticked_applies_at_once_and_is_spoken(page: Page) -> None:
    status = page.get_by_role("status").element_handle()
    page.get_by_role("group", name="Sources").get_by_role("checkbox", name="Northline").first.check()
    expect(page).to_have_url(re.compile("source=Northline"))

    # A live region speaks only if it stays: it is the same element with other words.
    assert page.evaluate("element => element === document.querySelector('[role=status]')", status)
    expect(page.get_by_role("status")).to_contain_text("article")


def test_a_value_is_chosen_or_excluded(page: Page) -> None:
    page.get_by_role("group", name="Sources").get_by_role("checkbox", name="Northline").first.check()
    expect(page).to_have_url(re.compile(r"\?source=Northline"))
    page.get_by_label("Exclude Northline").check()

    expect(page).to_have_url(re.compile(r"\?not_source=Northline"))


def test_dragging_over_the_timeline(page: Page) -> None:
    bars = page.locator(".timeline .reach")
    first, last = bars.nth(1).bounding_box(), bars.nth(3).bounding_box()
    assert first
    assert last
    page.mouse.move(first["x"] + 2, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(last["x"] + 2, last["y"] + 20, steps=5)
    page.mouse.up()

    expect(page).to_have_url(re.compile(r"after=.*&before="))


def test_copying_a_citation(visit: Visit) -> None:
    page = visit("/quotes?said_by=Priya+Raman", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy citation").first.click()
    expect(page.locator(".copy.done")).to_have_count(1)

    assert "(Priya Raman, " in page.evaluate("navigator.clipboard.readText()")


def test_names_are_offered_while_typing(visit: Visit) -> None:
    page = visit("/quotes")
    page.get_by_role("combobox", name="Said by").press_sequentially("rama")

    expect(page.locator("#speakers option").first).to_have_attribute("value", "Priya Raman")


@pytest.fixture
def suggested(page: Page) -> Page:
    """The page with suggestions for a name that is half typed after another word."""
    page.locator("#q").press_sequentially("water rama")
    expect(page.get_by_role("option").first).to_have_text(re.compile("^Priya Raman Person"))
    return page


def test_a_suggestion_is_taken_by_keyboard(suggested: Page) -> None:
    suggested.keyboard.press("ArrowDown")
    box = suggested.get_by_role("combobox", name="Search the archive")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion0")
    suggested.keyboard.press("Enter")

    expect(box).to_have_value('water person:"Priya Raman" ')
    expect(box).to_have_attribute("aria-expanded", "false")


def test_a_suggestion_is_taken_by_a_click(suggested: Page) -> None:
    suggested.get_by_role("option").first.click()

    expect(suggested.locator("#q")).to_have_value('water person:"Priya Raman" ')
    expect(suggested.locator("#q")).to_be_focused()


def test_suggestions_are_closed_by_escape(suggested: Page) -> None:
    suggested.keyboard.press("Escape")

    expect(suggested.locator("#suggestions li")).to_have_count(0)
    expect(suggested.locator("#q")).to_have_value("water rama")


def test_who_takes_no_suggestion_searches_for_what_was_typed(suggested: Page) -> None:
    suggested.keyboard.press("Enter")

    expect(suggested).to_have_url(re.compile(r"q=water\+rama"))
    expect(suggested.locator("#suggestions li")).to_have_count(0)


def test_without_a_script_the_box_is_a_plain_one(visit: Visit) -> None:
    box = visit("/", java_script_enabled=False).get_by_role("searchbox", name="Search the archive")

    expect(box).to_be_visible()


def test_marks_are_switched_off_and_stay_off(page: Page) -> None:
    page.locator(".hits h2 a").first.click()
    page.get_by_label("Who says what").uncheck()
    page.reload()

    expect(page.get_by_label("Who says what")).not_to_be_checked()


def test_print_has_the_article_alone(visit: Visit) -> None:
    page = visit("/?q=strike")
    page.locator(".hits h2 a").first.click()
    page.emulate_media(media="print")

    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".reader .body")).to_be_visible()


def test_print_has_speakers_beside_the_text_and_the_citation(visit: Visit) -> None:
    page = visit("/quotes?q=fire", viewport={"width": 700, "height": 1000})
    page.locator(".permalink").first.click()
    page.emulate_media(media="print")
    box = "getBoundingClientRect()"
    overlaps = page.locator(".who").evaluate_all(
        f"all => all.map((one) => one.{box}.right > one.closest('p').{box}.left)"
    )

    assert {False} == set(overlaps)
    expect(page.locator("#citation")).to_be_visible()


def test_the_way_to_the_statements_is_that_of_what_was_asked_last(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("Norvane")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Statements")).to_have_attribute("href", "/quotes?q=Norvane")


def test_a_menu_closes_by_escape_and_by_a_click_elsewhere(page: Page) -> None:
    export = page.locator("summary", has_text="Export")
    export.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="RIS")).to_be_hidden()
    expect(export).to_be_focused()
    export.click()
    page.get_by_role("status").click()

    expect(page.get_by_role("link", name="RIS")).to_be_hidden()


@pytest.mark.parametrize("menu", ["Export", "Save"])
def test_a_menu_stays_on_a_narrow_screen(visit: Visit, menu: str) -> None:
    page = visit("/", viewport={"width": 320, "height": 640})
    page.locator("summary", has_text=menu).click()
    box = page.locator("details[open].menu > div").bounding_box()

    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


def test_who_ticks_far_down_sees_what_is_found(visit: Visit) -> None:
    page = visit("/", viewport={"width": 1200, "height": 500})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("group", name="Languages").get_by_role("checkbox").first.check()
    expect(page).to_have_url(re.compile("language="))

    expect(page.get_by_role("status")).to_be_in_viewport()
    expect(page.get_by_role("group", name="Languages").get_by_role("checkbox").first).to_be_in_viewport()


def test_the_way_to_the_next_passage_stays_where_it_is(visit: Visit) -> None:
    page = visit("/?q=Norvane")
    page.locator(".hits h2 a").first.click()
    following = page.get_by_role("link", name="Next passage")
    before = following.bounding_box()
    following.click()
    expect(page.get_by_role("navigation", name="Matches")).to_contain_text("Passage 1 of ")

    assert before
    after = following.bounding_box()
    assert after
    assert before["y"] == after["y"]
    assert abs(before["x"] - after["x"]) < before["width"]


def test_whoever_pastes_a_list_is_offered_to_ask_for_each_line(page: Page) -> None:
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text", "Priya Raman\\n\\nOwen Whitlock\\n");
            document.getElementById("q").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
        }"""
    )
    page.get_by_role("button", name="Search each of the 2 lines separately").click()

    expect(page.get_by_role("row")).to_have_count(3)


def test_what_is_typed_while_an_answer_is_under_way_is_kept(visit: Visit) -> None:
    page = visit("/")
    held: list[Route] = []
    page.route(re.compile(r"\?person="), lambda route: held.append(route))
    page.locator("input[name=person]").first.check()
    page.locator("input[name=after]").press_sequentially("20")
    page.wait_for_function("document.getElementById('main').ariaBusy === 'true'")
    held.pop().continue_()
    expect(page).to_have_url(re.compile("person="))
    page.keyboard.type("25")

    expect(page.locator("input[name=after]")).to_have_value("2025")

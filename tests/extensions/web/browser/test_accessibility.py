"""Every page is held to WCAG 2.2 AA by axe: light and dark, from right to left, and 320 pixels wide."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extensions.web.browser.conftest import Visit

playwright = pytest.importorskip("playwright.sync_api", reason="a development tool: pip install -e '.[dev]'")
from playwright.sync_api import Page, expect  # noqa: E402

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="a development tool: '.[dev]'")

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: Whatever can be opened is looked at open; of the menus, which lie over one another, one.
OPEN = "document.querySelectorAll('details:not(.menu + .menu)').forEach(one => { one.open = true })"
PAGES = [
    "/?q=norvane&person=Priya+Raman&not_source=Northline", "/?q=person:", "/?q=xyzzy",
    "/?person=Priya+Raman&person=Ingrid+Halvorsen&match_all=person", "/quotes?q=it",
    "/quotes?q=water&person=Priya+Raman", "/quotes?said_by=Priya+Raman&about=water", "/article/arabic",
    "/article/northline-20251218-0417?q=water&_at=1", "/person/Priya%20Raman", "/source/Northline",
    "/values/person?_find=a", "/names?_name=Priya+Raman&_name=Owen+Whitlock",
    "/names?_name=Priya+Raman&_article=northline-20251218-0417", "/log", "/saved", "/batch", "/help",
    "/nothing/here",
]  # fmt: skip
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "right-to-left": {},
    "narrow": {"viewport": {"width": 320, "height": 800}},
}


def violations(page: Page, look: str) -> list[tuple[str, list[str]]]:
    """The rules that a page breaks, once all of it is open, each with the elements."""
    if look == "right-to-left":
        page.evaluate("document.documentElement.dir = 'rtl'")
    page.evaluate(OPEN)
    found = axe.Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_stands_in_anybodys_way(visit: Visit, path: str, look: str) -> None:
    # Axe is put into the page, which the policy of the page forbids to everybody else.
    page = visit(path, bypass_csp=True, **LOOKS[look])

    assert [] == violations(page, look)


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_of_a_list_stands_in_anybodys_way(visit: Visit, look: str) -> None:
    page = visit("/batch", bypass_csp=True, **LOOKS[look])
    page.get_by_label("Names or queries, one a line").fill(
        "Raman, Priya\nOven Whitlock\nIngrid Halvorsen\nBo Carr"
    )
    page.get_by_role("button", name="Search").last.click()
    expect(page.locator("tbody tr").first).to_contain_text("Priya Raman")

    assert [] == violations(page, look)


@pytest.mark.parametrize("look", LOOKS)
def test_no_suggestion_stands_in_anybodys_way(visit: Visit, look: str) -> None:
    page = visit("/help", bypass_csp=True, **LOOKS[look])
    page.locator("#q").press_sequentially("raman")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")

    assert [] == violations(page, look)


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize("path", ["/", "/quotes"])
def test_placeholders_fit_their_boxes(visit: Visit, path: str, locale: str) -> None:
    page = visit(path, locale=locale, viewport={"width": 1280, "height": 800})
    cut = page.evaluate(
        """() => [...document.querySelectorAll("input[placeholder]")].filter((one) => {
            const style = getComputedStyle(one), pen = document.createElement("canvas").getContext("2d");
            pen.font = style.font;
            const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
            return pen.measureText(one.placeholder).width > room;
        }).map((one) => one.placeholder)"""
    )

    assert [] == cut


@pytest.mark.parametrize("width", [700, 900, 1280])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("path", ["/article/arabic", "/article/northline-20251218-0417"])
def test_who_speaks_stands_beside_the_text(visit: Visit, path: str, direction: str, width: int) -> None:
    """Whatever the directions of the page and of the article."""
    page = visit(path, viewport={"width": width, "height": 800})
    page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    name, about = page.locator(".who").first.bounding_box(), page.locator(".about").bounding_box()

    assert name
    assert about
    assert name["x"] >= 0
    assert name["x"] + name["width"] <= width
    beside = name["x"] + name["width"] <= about["x"] or about["x"] + about["width"] <= name["x"]
    assert beside or name["y"] + name["height"] <= about["y"]


def test_a_value_stands_at_its_box_in_either_script(visit: Visit) -> None:
    page = visit("/?source=الساحل")
    row = page.get_by_role("group", name="Sources").locator("li", has_text="الساحل")
    apart = row.evaluate(
        """row => {
            const range = document.createRange(), box = row.querySelector("input");
            range.selectNodeContents(row.querySelector("bdi"));
            return range.getBoundingClientRect().left - box.getBoundingClientRect().right;
        }"""
    )

    assert apart < 12


def test_a_day_is_not_turned_around_by_arabic_letters(visit: Visit) -> None:
    page = visit("/article/arabic")
    lefts = page.locator("#citation").evaluate(
        """cited => {
            const text = cited.querySelector("bdi").firstChild;
            return [...text.data].map((_, at) => {
                const range = document.createRange();
                range.setStart(text, at);
                range.setEnd(text, at + 1);
                return range.getBoundingClientRect().left;
            });
        }"""
    )

    assert "2025-01-15" == page.locator("#citation bdi").text_content()
    assert sorted(lefts) == lefts


@pytest.mark.parametrize("path", PAGES)
def test_nothing_has_to_be_scrolled_sideways(visit: Visit, path: str) -> None:
    page = visit(path, viewport={"width": 320, "height": 800})

    assert 320 >= page.evaluate("document.documentElement.scrollWidth")

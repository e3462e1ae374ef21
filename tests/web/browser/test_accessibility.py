"""Every page is held to WCAG 2.2 AA by axe: light and dark, from right to left, and 320 pixels wide."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.browser.conftest import Visit

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="a development tool: '.[dev]'")

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: Whatever can be opened is looked at open; of the menus, which lie over one another, one.
OPEN = "document.querySelectorAll('details:not(.menu + .menu)').forEach(one => { one.open = true })"
PAGES = [
    "/?q=norvane&person=Priya+Raman&not_source=Northline",
    "/?q=person:",
    "/?q=xyzzy&correct=0",
    "/?person=Priya+Raman&person=Ingrid+Halvorsen&every=person",
    "/quotes?q=it",
    "/quotes?q=water&person=Priya+Raman",
    "/quotes?said_by=Priya+Raman&about=water",
    "/article/arabic",
    "/article/northline-20251218-0417?q=water&_at=1",
    "/person/Priya%20Raman",
    "/source/Northline",
    "/values/person?_find=a",
    "/names?_name=Priya+Raman&_name=Owen+Whitlock",
    "/saved",
    "/batch",
    "/nothing/here",
]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "right-to-left": {},
    "narrow": {"viewport": {"width": 320, "height": 800}},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_stands_in_anybodys_way(visit: Visit, path: str, look: str) -> None:
    # Axe is put into the page, which the policy of the page forbids to everybody else.
    page = visit(path, bypass_csp=True, **LOOKS[look])
    if look == "right-to-left":
        page.evaluate("document.documentElement.dir = 'rtl'")
    page.evaluate(OPEN)
    found = axe.Axe().run(page, options=RULES).response["violations"]

    assert [] == [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_has_to_be_scrolled_sideways(visit: Visit, path: str) -> None:
    page = visit(path, viewport={"width": 320, "height": 800})

    assert 320 >= page.evaluate("document.documentElement.scrollWidth")

"""The desk in a browser: copies and versions, and the text beside the file that it was read from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import searcher
from tests.extensions.web import originals
from tests.extensions.web.browser.conftest import PATIENCE_MILLISECONDS, Visit, serving
from tests.extensions.web.browser.test_accessibility import LOOKS, violations

expect.set_options(timeout=PATIENCE_MILLISECONDS)
_LATEST = (
    "The ferry to Tallow Island sails again from {}, the harbour board said in the evening, after a winter "
    "in which the lantern at the end of the mole had been out for weeks and no boat of any size left port."
)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    with originals.elsewhere() as machine:
        yield machine


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, elsewhere: tuple[str, list[str]]) -> Iterator[str]:
    files, folder = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("desk") / "index"
    originals.write(files)
    (files / "hostile.html").write_text(originals.HOSTILE.read_text().replace("ELSEWHERE", elsewhere[0]))
    action = f"/OpenAction << /S /URI /URI ({elsewhere[0]}/pdf) >>"
    script = f"/AA << /WC << /S /JavaScript /JS (app.launchURL('{elsewhere[0]}/js')) >> >>"
    (files / "hostile.pdf").write_bytes(originals.pdf(action + script).replace(b"porcupine", b"armadillo"))
    for number, (source, site, day) in enumerate(
        [("Meridian", "m", "Monday"), ("Meridian", "m", "Tuesday"), ("Northline", "n", "Sunday")]
    ):
        record = {
            "url": f"https://{site}.example/ferry",
            "title": f"Ferry to sail on {day}",
            "source": source,
            "date": f"2026-03-0{number + 1}",
            "body": _LATEST.format(day),
        }
        (files / f"{number}.jsonl").write_text(json.dumps(record))
    with searcher.open_index(folder) as index:
        index.load([files], workers=1, keep_versions=True)
        with serving(index, folder) as found:
            yield found


def reading(visit: Visit, words: str, *, script: bool = True) -> Page:
    """The article that words find, beside its file."""
    page = visit(f"/?q={words}", java_script_enabled=script)
    page.locator(".hits h2 a").first.click()
    page.get_by_role("link", name="Saved file").click()
    expect(page.get_by_role("heading", name="Saved file")).to_be_visible()
    return page


def test_a_hit_leads_to_its_copies_and_what_differs(visit: Visit, script: bool) -> None:
    page = visit("/?q=lantern+source:Northline", java_script_enabled=script)
    page.get_by_role("link", name="2 copies elsewhere").click()

    expect(page.locator("#copies + p + ol > li")).to_have_count(2)
    expect(page.locator("#copies + p + ol .facts")).to_contain_text(["Meridian", "Meridian"])
    expect(page.locator("del")).to_contain_text(["Sunday"] * 4)
    expect(page.locator("ins")).to_contain_text(["Monday", "Monday", "Tuesday", "Tuesday"])


def test_a_hit_leads_to_its_versions(visit: Visit, script: bool) -> None:
    page = visit("/?q=lantern+source:Meridian", java_script_enabled=script)
    page.get_by_role("link", name="2 versions").first.click()

    expect(page.locator("#versions + p + ol del")).to_have_text(["removed: Monday", "removed: Monday,"])
    expect(page.locator("#versions + p + ol ins")).to_have_text(["added: Tuesday", "added: Tuesday,"])


def test_the_passage_in_the_text_and_in_the_saved_page(visit: Visit, script: bool) -> None:
    page = reading(visit, "Fishermen+title:bridge", script=script)
    page.get_by_role("link", name="Next passage").click()
    frame = page.frame_locator("iframe")

    expect(page.locator("mark.here")).to_have_text(["Fishermen"])
    expect(frame.locator("mark")).to_have_text("Fishermen")
    expect(frame.locator("mark")).to_be_in_viewport()


def test_a_message_as_text(visit: Visit, script: bool) -> None:
    page = reading(visit, "Fishermen+quay", script=script)

    expect(page.frame_locator("iframe").locator("pre")).to_contain_text("From: Ann Lee <ann@example.org>")


def test_a_pdf_at_the_page_of_the_passage(visit: Visit, script: bool) -> None:
    page = reading(visit, "porcupine", script=script)

    expect(page.locator("iframe")).to_have_attribute("src", re.compile("#page=4$"))


def test_a_file_that_is_to_be_saved(visit: Visit, script: bool) -> None:
    page = visit("/?q=ferry+crowns", java_script_enabled=script)
    page.locator(".hits h2 a").first.click()
    page.get_by_role("link", name="Saved file").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save a copy").click()

    assert "ferry.docx" == download.value.suggested_filename


def test_passages_and_the_file_by_keyboard(visit: Visit) -> None:
    page = reading(visit, "harbour+title:bridge")
    page.get_by_role("link", name="Next passage").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark.here")).to_have_count(1)
    # The keyboard passes over a frame that is still empty.
    expect(page.frame_locator("iframe").locator("body")).to_be_visible()
    page.locator(".pair .body a").last.focus()
    page.keyboard.press("Tab")

    assert "IFRAME" == page.evaluate("document.activeElement.tagName")


@pytest.mark.parametrize("words", ["anglers", "armadillo"])
def test_nothing_of_a_hostile_file_runs_or_reaches_anybody(
    visit: Visit, elsewhere: tuple[str, list[str]], words: str
) -> None:
    page = reading(visit, words)
    title, here = page.title(), page.url
    page.wait_for_timeout(1_000)
    by_itself = visit(page.locator("a[target=_blank]").get_attribute("href") or "")
    by_itself.wait_for_timeout(1_000)

    assert ([], title, here) == (elsewhere[1], page.title(), page.url)


def test_a_link_of_a_hostile_page_leads_nowhere(visit: Visit, elsewhere: tuple[str, list[str]]) -> None:
    page = reading(visit, "anglers")
    frame, here = page.frame_locator("iframe"), page.url
    for text in ("Click here", "and here", "or here", "Go on"):
        frame.get_by_text(text, exact=True).click()

    expect(frame.get_by_text("The tide was low.")).to_be_visible()
    assert ([], here) == (elsewhere[1], page.url)


def test_the_policy_alone_keeps_a_hostile_page_from_whatever_is_no_bare_connection(
    browser: Browser, address: str, elsewhere: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page as it is, as if only that were left out of it which Chromium opens connections for."""
    from searcher.index.articles import Articles
    from searcher.results.versions import Original

    text = re.sub(r'rel="?preconnect"?|<iframe src=\S+', "<i", originals.HOSTILE.read_text())
    shown = Original("page", "x.html", b"", text.replace("ELSEWHERE", elsewhere[0]))
    monkeypatch.setattr(Articles, "original", lambda *_: shown)
    page = browser.new_context(base_url=address).new_page()
    page.goto("/?q=lamp")
    page.locator(".hits h2 a").first.click()
    page.get_by_role("link", name="Saved file").click()
    expect(page.frame_locator("iframe").get_by_text("The tide was low.")).to_be_attached()
    page.wait_for_timeout(1_000)
    title = page.title()
    page.context.close()

    assert ([], True) == (elsewhere[1], title.startswith("Saved file"))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("kind", ["original", "versions"])
def test_nothing_of_the_desk_stands_in_anybodys_way(visit: Visit, kind: str, look: str) -> None:
    page = visit("/?q=lantern+source:Northline", bypass_csp=True, **LOOKS[look])
    page.locator(".hits h2 a").first.click()
    page.get_by_role("link", name="Saved file" if kind == "original" else "2 copies elsewhere").click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()

    assert [] == violations(page, look)

"""What somebody does who has only the page, with JavaScript and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import searcher
from searcher import Article, Mention
from searcher.article import PENDING
from tests.extensions.web.browser.conftest import PATIENCE_MILLISECONDS, Visit, serving

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@pytest.fixture
def page(visit: Visit, script: bool) -> Page:
    return visit("/", java_script_enabled=script)


def search(page: Page, words: str) -> None:
    page.get_by_label("Search the archive").fill(words)
    page.get_by_role("button", name="Search", exact=True).click()


def apply(page: Page) -> None:
    """Without a script, what was ticked has to be sent."""
    button = page.get_by_role("button", name="Apply")
    if button.is_visible():
        button.click()


def total(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_have_text(text)


def count_shown(page: Page) -> int:
    """How many articles the page says that it found; it says so a moment after it shows them."""
    status = page.get_by_role("status")
    expect(status).to_have_text(re.compile(r"^\d+ "))
    return int(status.inner_text().split()[0])


def titles(page: Page) -> list[str]:
    return page.locator(".hits h2").all_inner_texts()


def test_finding_by_words(page: Page) -> None:
    search(page, "strike")

    total(page, "2 articles")
    assert "Ferry union ends strike after 23 days" == titles(page)[0]


def test_reading_what_was_found(page: Page) -> None:
    search(page, "strike")
    page.get_by_role("link", name="Ferry union ends strike").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ferry union ends strike after 23 days")
    expect(page.locator(".body mark")).to_have_text("strike")


def test_reading_the_next_one_and_going_back_to_all(page: Page) -> None:
    search(page, "strike")
    page.get_by_role("link", name="Ferry union ends strike").click()
    page.get_by_role("link", name="Next result").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Ministry hands Skerry"))
    page.get_by_role("link", name="All results").click()

    total(page, "2 articles")


def test_narrowing_to_a_person(page: Page) -> None:
    search(page, "Norvane")
    page.get_by_role("group", name="People").get_by_label("Priya Raman", exact=False).first.check()
    apply(page)

    expect(page).to_have_url(re.compile(r"person=Priya\+Raman"))
    expect(page.locator(".chips")).to_contain_text("Priya Raman")


def test_two_people_at_once_or_either(page: Page) -> None:
    """A second person widens; both of them at once is a choice."""
    people = page.get_by_role("group", name="People")
    for name in ("Ingrid Halvorsen", "Priya Raman"):
        people.get_by_label(name, exact=False).first.check()
        apply(page)
        expect(page.locator(".chips")).to_contain_text(name)
    expect(page.locator(".chips")).to_contain_text("or Priya Raman")
    either = count_shown(page)
    people.get_by_label("match all selected").check()
    apply(page)
    expect(page.locator(".chips")).to_contain_text("and Priya Raman")

    assert either > count_shown(page)


def test_either_of_two_sources(page: Page) -> None:
    sources = page.get_by_role("group", name="Sources")
    sources.get_by_role("checkbox", name="Northline").first.check()
    apply(page)
    expect(page).to_have_url(re.compile("source=Northline"))
    sources.get_by_role("checkbox", name="Meridian Daily").first.check()
    apply(page)

    expect(page).to_have_url(re.compile("source=Northline&source=Meridian"))
    assert 2 == page.locator("input[name=source]:checked").count()


def test_leaving_a_source_out(page: Page) -> None:
    page.get_by_label("Exclude Northline").check()
    apply(page)

    expect(page).to_have_url(re.compile("not_source=Northline"))
    expect(page.locator(".chips")).to_contain_text("not Northline")


def test_taking_back_what_narrows(page: Page) -> None:
    search(page, "strike source:Northline")
    page.get_by_role("group", name="People").get_by_role("checkbox").first.check()
    apply(page)
    page.get_by_role("link", name=re.compile("^Remove: ")).click()

    expect(page.locator(".chips")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
@pytest.mark.parametrize(
    ("typed", "shown", "asked"),
    [
        (("2024", "2024"), ("2024", "2024"), "after=2024-01-01&before=2024-12-31"),
        (("2024-03", "2024-03"), ("2024-03", "2024-03"), "after=2024-03-01&before=2024-03-31"),
        (("2024-03-28", "2024"), ("2024-03-28", "2024-12-31"), "after=2024-03-28&before=2024-12-31"),
    ],
)
def test_narrowing_to_days_as_they_are_typed(
    visit: Visit, script: bool, locale: str, typed: tuple[str, str], shown: tuple[str, str], asked: str
) -> None:
    page = visit("/", java_script_enabled=script, locale=locale)
    days = page.locator(".dates input")
    days.first.press_sequentially(typed[0])
    days.first.press("Tab")
    page.keyboard.type(typed[1])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/?{asked}")

    expect(days.first).to_have_value(shown[0])
    expect(days.last).to_have_value(shown[1])


def test_days_apply_when_they_are_left(visit: Visit) -> None:
    page = visit("/")
    page.get_by_label("From", exact=True).fill("2024-03")
    page.get_by_label("To", exact=True).fill("2024-03")
    page.keyboard.press("Tab")

    expect(page).to_have_url(re.compile("after=2024-03-01&before=2024-03-31"))


def test_choosing_a_month_and_its_year(page: Page) -> None:
    page.get_by_text("As a table").click()
    page.get_by_role("table").get_by_role("link", name="2024-03", exact=True).click()
    expect(page).to_have_url(re.compile("after=2024-03-01&before=2024-03-31"))
    page.get_by_role("navigation", name="Time").get_by_role("link", name="2024", exact=True).click()

    expect(page.locator(".chips")).to_contain_text("2024")
    expect(page).to_have_url(re.compile("after=2024-01-01&before=2024-12-31"))


def test_a_bar_of_the_timeline(page: Page) -> None:
    page.locator(".timeline a", has=page.locator(".column:not([height='0.0'])")).first.locator(
        ".reach"
    ).click(force=True)

    expect(page).to_have_url(re.compile(r"after=\d{4}-\d\d-\d\d&before="))


def test_the_timeline_as_a_table(page: Page) -> None:
    page.get_by_text("As a table").click()
    page.get_by_role("table").get_by_role("link").first.click()

    expect(page).to_have_url(re.compile("after="))


def test_the_oldest_first(page: Page) -> None:
    page.get_by_label("Sort").select_option("oldest")
    apply(page)

    expect(page).to_have_url(re.compile("sort=oldest"))


def test_the_next_page(page: Page) -> None:
    page.get_by_role("link", name="Next").click()

    expect(page.locator(".hits")).to_have_attribute("start", "11")
    expect(page).to_have_url(re.compile("offset=10"))


def test_back_is_where_one_was(page: Page) -> None:
    search(page, "strike")
    total(page, "2 articles")
    search(page, "Norvane")
    expect(page).to_have_url(re.compile("q=Norvane"))
    page.go_back()

    total(page, "2 articles")
    expect(page.get_by_label("Search the archive")).to_have_value("strike")


def test_a_misspelt_word(page: Page) -> None:
    search(page, "recyling")
    page.get_by_role("link", name="Search for what I typed").click()

    total(page, "0 articles")


def test_a_query_that_cannot_be_understood(page: Page) -> None:
    search(page, "person:")
    expect(page.get_by_role("heading", name="Invalid query")).to_be_visible()
    search(page, "strike")

    total(page, "2 articles")


def test_what_somebody_said(page: Page) -> None:
    page.get_by_role("link", name="Statements").click()
    page.get_by_role("combobox", name="Said by").fill("Priya Raman")
    page.get_by_role("combobox", name="Said by").press("Enter")

    expect(page).to_have_url(re.compile(r"said_by=Priya\+Raman"))
    expect(page.locator(".speaker").first).to_contain_text("Priya Raman")


def test_what_somebody_said_about_something(page: Page) -> None:
    """What is asked about stands beside the quotation and not in it."""
    page.goto("/quotes")
    search(page, "What did Priya Raman say about water?")
    expect(page.locator(".chips")).to_contain_text("In articles about water")
    expect(page.locator(".speaker").first).to_contain_text("Priya Raman")
    page.get_by_label("In articles about", exact=True).fill("harbour")
    page.get_by_label("In articles about", exact=True).press("Enter")

    expect(page).to_have_url(re.compile(r"/quotes\?said_by=Priya\+Raman&about=harbour"))


def test_who_is_quoted_goes_along_to_the_statements_and_back(page: Page) -> None:
    search(page, "Norvane")
    page.get_by_role("group", name="Speakers").get_by_label("Priya Raman", exact=False).first.check()
    apply(page)
    expect(page.locator(".chips")).to_contain_text("Priya Raman")
    page.get_by_role("link", name="Statements", exact=True).click()
    expect(page.locator(".chips")).to_contain_text("Said by Priya Raman")
    page.get_by_role("link", name="Articles", exact=True).click()

    expect(page.locator(".chips")).to_contain_text("Speakers Priya Raman")


def test_narrowing_what_was_said(page: Page) -> None:
    page.goto("/quotes")
    page.get_by_role("group", name="Said by").get_by_role("checkbox", name="Priya Raman").check()
    apply(page)
    expect(page).to_have_url(re.compile(r"said_by=Priya\+Raman"))
    source = page.get_by_role("group", name="Sources").get_by_role("checkbox").first
    chosen = source.get_attribute("value")
    source.check()
    apply(page)

    expect(page.locator(".chips")).to_contain_text("Priya Raman")
    expect(page.locator(".chips")).to_contain_text(chosen or "")


def test_from_match_to_match(page: Page) -> None:
    search(page, "Norvane")
    expect(page).to_have_url(re.compile("q=Norvane"))
    page.locator(".hits h2 a").first.click()
    matches = page.get_by_role("navigation", name="Matches")
    matches.get_by_role("link", name="Next passage").click()
    expect(matches).to_contain_text("Passage 1 of ")
    matches.get_by_role("link", name="Next passage").click()
    expect(matches).to_contain_text("Passage 2 of ")
    matches.get_by_role("link", name="Previous passage").click()
    expect(matches).to_contain_text("Passage 1 of ")

    expect(page.locator("mark.here")).to_have_attribute("id", "m1")


def test_a_tag_finds_what_has_it(page: Page) -> None:
    search(page, "strike")
    page.get_by_role("link", name="Ferry union ends strike").click()
    page.get_by_label("Tag", exact=True).fill("read")
    page.get_by_role("button", name="Add: Tag").click()
    page.get_by_role("link", name="read", exact=True).click()
    total(page, "1 article")
    page.get_by_role("link", name="Ferry union ends strike").click()
    page.get_by_role("button", name="Remove: read").click()

    expect(page.get_by_role("link", name="read", exact=True)).to_have_count(0)


def test_where_it_was_said(page: Page) -> None:
    page.goto("/quotes?said_by=Priya+Raman")
    page.locator(".permalink").first.click()

    expect(page.locator(".quote:target")).to_have_count(1)


def test_somebody_and_who_stands_beside(page: Page) -> None:
    search(page, "strike")
    page.get_by_role("link", name="Ferry union ends strike").click()
    page.locator(".about").get_by_role("link", name="Philippa Strand", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Philippa Strand")
    page.locator(".columns .count").first.click()

    expect(page).to_have_url(re.compile(r"person=Philippa\+Strand"))


def test_two_names_become_one_and_two_again(page: Page) -> None:
    page.goto("/names")
    for name in ("Nerys Colclough", "Owen Whitlock"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Continue with selected names").click()
    expect(page.locator(".decide")).to_contain_text("This changes the names in")
    page.get_by_role("button", name="Merge").click()
    expect(page.locator(".notice")).to_contain_text("is shown as")
    page.get_by_role("button", name="Undo", exact=True).click()

    expect(page.get_by_role("checkbox", name="Owen Whitlock")).to_be_visible()


def test_saving_a_search_and_forgetting_it(page: Page) -> None:
    search(page, "strike")
    total(page, "2 articles")
    page.locator("summary", has_text="Save").click()
    page.get_by_label("Name of the search").fill("Strikes")
    page.get_by_role("button", name="Save this search").click()
    expect(page.locator(".notice")).to_contain_text("Saved as “Strikes”.")
    total(page, "2 articles")
    page.get_by_role("link", name="Saved searches").click()
    page.get_by_role("button", name="Delete the search Strikes").click()

    expect(page.get_by_role("link", name="Strikes")).to_have_count(0)


def test_everything_found_for_a_bibliography(page: Page) -> None:
    search(page, "strike")
    total(page, "2 articles")
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="RIS").click()

    assert 2 == download.value.path().read_text("utf-8").count("TY  - NEWS")


def test_choosing_from_all_people(page: Page) -> None:
    page.get_by_role("group", name="People").get_by_role("link", name=re.compile("^Search all ")).click()
    page.get_by_role("searchbox", name="Search these values").fill("whit")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Owen Whitlock").click()

    expect(page.locator(".chips")).to_contain_text("Owen Whitlock")


def test_a_list_of_names(page: Page) -> None:
    page.get_by_role("link", name="Check a list").click()
    page.get_by_label("Names or queries").fill("Priya Raman\nNobody at all")
    page.locator("main").get_by_role("button", name="Search").click()

    expect(page.get_by_role("row")).to_have_count(3)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_whom_a_list_does_not_mean_is_not_offered_again(visit: Visit, tmp_path: Path, script: bool) -> None:
    reyl = Mention("Tomas Reyl", "person", 0, 10)
    with searcher.open_index(tmp_path / "index") as index:
        index.add([Article("reyl", "", "Tomas Reyl left.", mentions=(reyl,))], annotate=False)
        with serving(index, tmp_path / "index") as archive:
            page = visit("/batch", base_url=archive, java_script_enabled=script)
            page.get_by_label("Names or queries, one a line").fill("Tomas Reil")
            page.locator("main").get_by_role("button", name="Search").click()
            page.get_by_role("button", name="Is “Tomas Reil” Tomas Reyl? No").click()

            expect(page.get_by_role("status").first).to_contain_text("“Tomas Reil” is not Tomas Reyl.")
            expect(page.locator("tbody tr")).to_contain_text("no match")


@pytest.fixture
def loading(tmp_path: Path) -> Iterator[str]:
    """The address of an archive whose articles wait for their names."""
    with searcher.open_index(tmp_path / "index") as index:
        index.add(
            [Article("waits", "Dockers", "The dockers wait.", annotator=PENDING, tags=("port",))],
            annotate=False,
        )
        with serving(index, tmp_path / "index") as found:
            yield found


@pytest.mark.parametrize(
    ("path", "column"),
    [("/?q=dockers", ".found"), ("/quotes?q=dockers", ".found"), ("/article/waits", ".reader")],
)
def test_what_is_read_keeps_its_column_while_articles_wait_for_names(
    visit: Visit, loading: str, path: str, column: str
) -> None:
    page = visit(path, base_url=loading, viewport={"width": 1280, "height": 800})
    notice, text = (page.locator(one).first.bounding_box() for one in ("main > .notice", column))

    assert notice
    assert text
    assert notice["y"] + notice["height"] <= text["y"]
    assert text["width"] > 600

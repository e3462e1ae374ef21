"""The search page: what an address asks, and what is shown."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from searcher import Article, Index, Mention
from searcher.article import PENDING
from tests.extensions.languages.test_across import articles as of_three_languages
from tests.extensions.web.conftest import MARKUP, attributes, page_of, parsed, texts
from tests.search.test_statements import carried


def test_what_is_found(client: TestClient) -> None:
    page = page_of(client, "/?q=dockers")

    assert ["=2+2 dockers on strike"] == texts(page, ".hits h2")
    assert ["dockers", "Dockers"] == texts(page, ".hits mark")
    assert ["1 article"] == texts(page, "output")


def test_the_total_is_spoken(client: TestClient) -> None:
    [output] = page_of(client, "/").select("output")

    assert ("status", "polite") == (output.get("role"), output.get("aria-live"))


def test_facets_have_exact_counts(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvane")

    assert ["Tomas Reyl 2", "Mara Lindqvist 1"] == [
        text.removesuffix(" −") for text in texts(page, "li:has([name=person])")
    ]


def test_what_has_no_date_is_told_below_the_years(client: TestClient, index: Index) -> None:
    told = "Without a date: "
    before = texts(page_of(client, "/?q=dockers"), ".timeline > p.quiet")
    index.add([Article("undated", "Dockers", "Dockers")], annotate=False)
    after = texts(page_of(client, "/?q=dockers"), ".timeline > p.quiet")

    assert [*before, f"{told}1"] == after
    assert told not in page_of(client, "/?q=dockers&after=2024-01-01").text


def test_how_many_statements_have_no_date_is_not_guessed(client: TestClient, index: Index) -> None:
    """One counts in the years of all its copies: their sum does not tell how many have none."""
    said = {
        f"{words} {n}": carried(f"{words} {n}", day, words)
        for words, days in (
            ("The wall will not hold another winter", ("2020-05-01", "2021-05-01")),
            ("Nobody likes winter as much as she does", (None,)),
            ("When winter comes we go to town", (None,)),
        )
        for n, day in enumerate(days)
    }
    index.add(said.values(), annotate=False)
    page = page_of(client, "/quotes?q=winter")

    assert ["3 statements"] == texts(page, ".found output")
    assert "Without a date" not in page.text


BOTH = "/?person=Tomas+Reyl&person=Mara+Lindqvist"


@pytest.mark.parametrize(
    ("asked", "total", "chips"),
    [
        (BOTH, "2 articles", ["People Tomas Reyl", "or Mara Lindqvist", "Remove all"]),
        (f"{BOTH}&match_all=person", "1 article", ["People Tomas Reyl", "and Mara Lindqvist", "Remove all"]),
    ],
)
def test_any_of_two_people_or_both(client: TestClient, asked: str, total: str, chips: list[str]) -> None:
    page = page_of(client, asked)

    assert [total] == texts(page, "output")
    assert chips == texts(page, ".chips a")
    assert ["match all selected"] == texts(page, "label.match-all")
    assert ("match_all" in asked) == bool(page.select("label.match-all [checked]"))


def test_those_who_are_never_named_together_can_be_asked_for_one_by_one(client: TestClient) -> None:
    page = page_of(client, "/?person=Tomas+Reyl&person=Nobody&match_all=person")

    assert ["Any of the selected values instead of all"] == texts(page, ".message a")
    assert ["/?person=Tomas+Reyl&person=Nobody"] == attributes(page, ".message a", "href")
    assert [] == page_of(client, "/?person=Nobody&person=Nobody+Else").select(".message a")


@pytest.mark.parametrize(
    ("asked", "box"),
    [
        ("/", []),
        ("/?person=Tomas+Reyl", []),
        (BOTH, [False]),
        (f"{BOTH}&match_all=person", [True]),
        ("/?source=Harbour+Post&source=Coast+Daily", []),
    ],
)
def test_that_all_are_meant_can_be_said_of_two_or_more(
    client: TestClient, asked: str, box: list[bool]
) -> None:
    shown = page_of(client, asked).select("[name=match_all]")

    assert box == [one.has_attr("checked") for one in shown]


def test_other_people_stay_to_be_chosen(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvane&person=Mara+Lindqvist")

    assert ["Mara Lindqvist", "Tomas Reyl"] == attributes(page, "input[name=person]", "value")


BEARERS = [
    Article(
        f"bearer/{number}",
        "A name",
        f"{name} came.",
        mentions=(Mention(name, "person", 0, len(name)),),
    )
    for number, name in enumerate(("Quillon", "Quillon", "Quillon", "Ada Quillon", "Bo Quillon"))
]


def test_a_box_chooses_the_name_that_stands_there_and_no_other(client: TestClient, index: Index) -> None:
    """“Quillon” asks for everybody of that name; the box of Quillon for as many articles as it says."""
    index.add(BEARERS, annotate=False)
    [box] = page_of(client, "/?q=came").select("input[name=person][value='=Quillon']")
    page = page_of(client, f"/?q=came&person={quote(str(box['value']))}")

    assert "Quillon 3" == " ".join(box.parent.get_text(" ").split()) if box.parent else None
    assert ["3 articles"] == texts(page, "output")
    assert ["=Quillon"] == attributes(page, "input[name=person][checked]", "value")
    assert ["People Quillon"] == texts(page, ".chips a")


def test_unticking_one_bearer_of_a_name_leaves_the_others(client: TestClient, index: Index) -> None:
    index.add(BEARERS, annotate=False)
    page = page_of(client, "/?q=came&person=Quillon")
    ticked = attributes(page, "input[name=person][checked]", "value")
    rest = "&".join(f"person={quote(name)}" for name in ticked if name != "Ada Quillon")

    assert ["5 articles"] == texts(page, "output")
    assert {"=Quillon", "Ada Quillon", "Bo Quillon"} == set(ticked)
    assert ["4 articles"] == texts(page_of(client, f"/?q=came&{rest}"), "output")


def test_what_is_chosen_and_not_found_stays_beside_what_is(client: TestClient) -> None:
    page = page_of(client, "/?q=porcupines+OR+strike&source=Harbour+Post&source=Coast+Daily&after=2025-01-01")

    assert {"Harbour Post", "Coast Daily"} == set(attributes(page, "input[name=source][checked]", "value"))


def test_people_who_are_not_there_stay_beside_one_who_is(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvane&person=Tomas+Reyl&person=oak&person=%3Doak")

    assert ["Tomas Reyl", "oak", "=oak"] == attributes(page, "input[name=person][checked]", "value")


@pytest.mark.parametrize("asked", ["/?q=strike&match_all=person", "/quotes?match_all=person"])
def test_nothing_is_said_of_values_that_are_not_chosen(client: TestClient, asked: str) -> None:
    answer = client.get(asked)

    assert (303, asked.replace("&match_all=person", "").replace("?match_all=person", "")) == (
        answer.status_code,
        answer.headers["location"],
    )


def test_what_is_excluded(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvane&not_person=Mara+Lindqvist")

    assert ["=2+2 dockers on strike"] == texts(page, ".hits h2")
    assert ["Mara Lindqvist"] == attributes(page, "[name=not_person][checked]", "value")


def test_chips_take_back_what_narrows(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvane&person=Tomas+Reyl&not_source=Coast+Daily&after=2024-01-01")

    assert [
        "People Tomas Reyl",
        "Sources not Coast Daily",
        "Time from 1 January 2024",
        "Remove all",
    ] == texts(page, ".chips a")
    assert [
        "/?q=Norvane&not_source=Coast+Daily&after=2024-01-01",
        "/?q=Norvane&person=Tomas+Reyl&after=2024-01-01",
        "/?q=Norvane&person=Tomas+Reyl&not_source=Coast+Daily",
        "/?q=Norvane",
    ] == attributes(page, ".chips a", "href")


def test_what_matches_nothing_any_more_can_be_taken_back(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvane&person=Nobody")

    assert ["Nobody"] == attributes(page, "input[name=person][checked]", "value")


@pytest.mark.parametrize("asked", ["what+did+the+porcupines+say+about+dockers", "%22on+strike%22+porcupines"])
def test_years_and_export_with_any_of_the_words(client: TestClient, asked: str) -> None:
    same = page_of(client, "/?q=porcupines+OR+dockers")
    page = page_of(client, f"/?q={asked}")
    exported = client.get(f"/export/jsonl?q={asked}").text.splitlines()

    assert texts(same, ".timeline tbody tr") == texts(page, ".timeline tbody tr")
    assert texts(same, "output") == [f"{len(exported)} articles"]


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("/?q=&after=&before=&sort=relevance", "/"),
        ("/?sort=newest&q=strike", "/?q=strike&sort=newest"),
        ("/?q=strike&after=2024", "/?q=strike&after=2024-01-01"),
        ("/?people=Tomas+Reyl", "/?person=Tomas+Reyl"),
        ("/?q=strike&quotes=1", "/quotes?q=strike"),
    ],
)
def test_equal_searches_have_equal_addresses(client: TestClient, given: str, canonical: str) -> None:
    answer = client.get(given)

    assert (303, canonical) == (answer.status_code, answer.headers["location"])


def test_the_form_sends_along_what_it_does_not_show(client: TestClient) -> None:
    page = page_of(client, "/?q=strike&section=News&limit=5")

    assert {"section": "News", "limit": "5"} == {
        one.get("name"): one.get("value") for one in page.select("#search input[type=hidden]")
    }


def test_pages_have_true_numbers(client: TestClient) -> None:
    page = page_of(client, "/?limit=1&offset=1")

    assert ["Previous", "1", "2", "3", "4", "Next"] == texts(page, ".pages a")
    assert "2" == page.select(".hits")[0].get("start")
    assert ["2"] == texts(page, ".pages [aria-current]")


def test_the_years_as_a_table(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvane+OR+porcupines")

    # Without the years: two years and a bit are shown by months.
    assert ["2023-01 1", "2024-05 1", "2025-02 1"] == texts(page, ".timeline tbody tr")


@pytest.mark.parametrize(
    ("asked", "steps"),
    [
        ("", []),
        ("after=2024-01-01&before=2024-12-31", ["All times", "2024"]),
        ("after=2024-05-01&before=2024-05-31", ["All times", "2024", "May"]),
        ("after=2024-05-06&before=2024-05-06", ["All times", "2024", "May", "6 May"]),
        ("after=2024-03-01&before=2024-06-30", ["All times", "2024"]),
        ("after=2024-05-01", ["All times"]),
    ],
)
def test_the_times_around_the_one_that_is_shown(client: TestClient, asked: str, steps: list[str]) -> None:
    page = page_of(client, f"/?q=Norvane+OR+porcupines&{asked}")

    assert steps == texts(page, ".when a")


def test_time_stands_beside_what_was_found(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvane+OR+porcupines")

    assert 1 == len(page.select(".facets .timeline"))
    assert [] == page.select(".found .timeline")


def test_the_way_to_a_month(client: TestClient) -> None:
    page = page_of(client, "/?after=2024-01-01&before=2024-12-31")

    assert ["/?after=2024-01-01&before=2024-12-31"] == attributes(page, ".when [aria-current]", "href")


def test_languages_have_names(client: TestClient) -> None:
    page = page_of(client, "/?language=en")

    assert ["Languages English"] == texts(page, ".chips a")


def test_tags_are_a_facet(client: TestClient, index: Index) -> None:
    index.tags.update(["deep"], add=["lead"])
    page = page_of(client, "/")

    assert "lead" in attributes(page, "[name=tag]", "value")


def test_a_misspelt_word(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvnae")

    assert ["No article contains “Norvnae”. Showing results for “norvane”. Search for what I typed"] == texts(
        page, ".notice"
    )
    assert ["2 articles"] == texts(page, "output")


def test_another_word_is_only_offered_for_a_word_that_exists(client: TestClient, index: Index) -> None:
    index.add([Article(id="gala", title="The harbour orchestra", body="They played.")], annotate=False)
    page = page_of(client, "/?q=orchestre")

    assert ["No article contains “orchestre”. Did you mean: orchestra"] == texts(page, ".notice")
    assert ["/?q=orchestra"] == attributes(page, ".notice a", "href")


def test_the_original_of_a_misspelt_word_can_be_searched_for(client: TestClient) -> None:
    [original] = page_of(client, "/?q=Norvnae").select(".notice a")
    page = page_of(client, str(original.get("href")))

    assert ("/?q=%22Norvnae%22", []) == (original.get("href"), texts(page, ".notice"))


def test_any_of_the_words(client: TestClient) -> None:
    page = page_of(client, "/?q=dockers+drilling")

    notice = "No article has all these words. These have at least one of them. Search statements instead"
    assert [notice] == texts(page, ".notice")
    assert ["/quotes?q=dockers+drilling"] == attributes(page, ".notice a", "href")


def test_a_query_that_cannot_be_understood(client: TestClient) -> None:
    answer = client.get("/", params={"q": "person:"})
    page = parsed(answer.text)

    assert 400 == answer.status_code
    assert "true" == page.select("#q")[0].get("aria-invalid")
    assert "trouble" == page.select("#q")[0].get("aria-describedby")


@pytest.mark.parametrize("query", ["nofield=1", "sort=best", "limit=1000", "limit=0", "offset=-1"])
def test_what_makes_no_sense_is_told(client: TestClient, query: str) -> None:
    answer = client.get(f"/?{query}")

    assert (400, True) == (answer.status_code, "Invalid request" in answer.text)


@pytest.mark.parametrize("path", ["/", "/quotes"])
@pytest.mark.parametrize(
    ("dates", "field", "message"),
    [
        ("after=soon", "after", "“soon” is not a date, and was ignored."),
        ("after=2020&before=someday", "before", "“someday” is not a date, and was ignored."),
        ("after=2024&before=2023", "before", "“2023” is before the first day, and was ignored."),
    ],
)
def test_a_wrong_date_is_reported_at_its_field(
    client: TestClient, path: str, dates: str, field: str, message: str
) -> None:
    answer = client.get(f"{path}?q=dockers&{dates}")
    page = parsed(answer.text)

    assert (400, [field], [message]) == (
        answer.status_code,
        attributes(page, ".dates [aria-invalid]", "name"),
        texts(page, ".dates [role=alert]"),
    )
    assert {f"wrong-{field}", "as-written"} == set(
        page.select(f"[name={field}]")[0]["aria-describedby"].split()  # type: ignore[union-attr]
    )


def test_a_wrong_date_keeps_the_results(client: TestClient) -> None:
    page = parsed(client.get("/?q=dockers&after=soon").text)

    assert (["1 article"], "soon") == (texts(page, "output"), page.select("[name=after]")[0].get("value"))


@pytest.mark.parametrize("path", ["/", "/quotes"])
def test_an_open_quotation_mark_is_closed(client: TestClient, path: str) -> None:
    open_mark = client.get(path, params={"q": 'dockers OR "on strike'})
    closed = client.get(path, params={"q": 'dockers OR "on strike"'})

    assert texts(parsed(closed.text), "output") == texts(parsed(open_mark.text), "output")
    assert ['A quotation mark in dockers OR "on strike is never closed.'] == [
        notice.partition(" Showing")[0] for notice in texts(parsed(open_mark.text), ".notice")[:1]
    ]
    assert "never closed" not in closed.text


def test_too_much_is_refused(client: TestClient) -> None:
    long, many = client.get("/?q=" + "x" * 3000), client.get("/?" + "person=x&" * 400)

    assert [400, 400] == [long.status_code, many.status_code]


def test_nothing_of_an_article_is_markup(client: TestClient) -> None:
    text = client.get("/?q=porcupines").text

    assert "<script>alert" not in text
    assert "javascript:" not in text
    assert html.escape(MARKUP) in text
    # The language of an article becomes an attribute: nothing gets out of it.
    assert 'onload="alert' not in text


def test_in_german(client: TestClient) -> None:
    page = parsed(client.get("/", headers={"accept-language": "de-AT,en;q=0.5"}).text)

    assert "de" == page.select("html")[0].get("lang")
    assert ["5 Artikel"] != texts(page, "output")
    assert ["4 Artikel"] == texts(page, "output")


def test_articles_say_their_language(client: TestClient) -> None:
    page = page_of(client, "/?q=dockers")

    assert {("en", "auto")} == {
        (one.get("lang"), one.get("dir")) for one in page.select(".hits h2, .snippet")
    }


def test_an_empty_archive(client: TestClient, index: Index) -> None:
    index.delete([article.id for article in index.articles])

    assert "searcher index FOLDER" in client.get("/").text


def test_assets_never_change(client: TestClient) -> None:
    [sheet] = re.findall(r'href="(/static/searcher\.[0-9a-f]{12}\.css)"', client.get("/").text)
    answer = client.get(sheet)

    assert "public, max-age=31536000, immutable" == answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")


def test_copies_of_a_story_are_one_hit(client: TestClient, index: Index) -> None:
    twins = [Article(id, "Twin", "Twins were born.", story="twins") for id in ("a", "b")]
    index.add([*twins, Article("c", "Twin", "A twin was born.", story="c")], annotate=False)
    page = page_of(client, "/?q=twin&collapse=1")

    assert ["3 articles in 2 stories"] == texts(page, "output")
    assert (["1 copy elsewhere"], ["/versions/a#copies"]) == (
        texts(page, ".hits .facts a"),
        attributes(page, ".hits .facts a", "href"),
    )


def test_what_a_copy_has_otherwise_is_shown_word_by_word(client: TestClient, index: Index) -> None:
    bodies = {
        "a": "Twins were born on Monday, the nurse said.",
        "b": "Twins were born on Tuesday, the nurse said.",
    }
    index.add([Article(id, "Twin", body, story="twins") for id, body in bodies.items()], annotate=False)
    page = page_of(client, "/versions/a")

    assert ["1 copy elsewhere"] == texts(page, "h2")
    assert (["removed: Monday,"], ["added: Tuesday,"]) == (texts(page, "del"), texts(page, "ins"))
    assert ["/?story=twins"] == attributes(page, "p.quiet a", "href")


@pytest.mark.parametrize(
    ("asked", "articles", "statements"),
    [
        ("/", "/", "/quotes"),
        ("/?q=dock&person=Tomas+Reyl&sort=newest&offset=10", *["{}?q=dock&person=Tomas+Reyl"] * 2),
        (
            "/quotes?q=dock&after=2024-01-01&said_by=Tomas+Reyl&kind=direct",
            "{}?q=dock&speaker=Tomas+Reyl&after=2024-01-01&match_all=speaker",
            "{}?q=dock&after=2024-01-01&said_by=Tomas+Reyl",
        ),
        (
            "/?q=dock&person=Ada&person=Bo&speaker=Tomas+Reyl&match_all=person",
            "{}?q=dock&person=Ada&person=Bo&speaker=Tomas+Reyl&match_all=person",
            "{}?q=dock&person=Ada&person=Bo&match_all=person&said_by=Tomas+Reyl",
        ),
        (
            "/quotes?said_by=Tomas+Reyl&about=dock",
            "{}?q=dock&speaker=Tomas+Reyl&match_all=speaker",
            "{}?said_by=Tomas+Reyl&about=dock",
        ),
        (
            "/quotes?q=fish+OR+eel&said_by=Tomas+Reyl&about=cold+dock",
            "{}?q=%28fish+OR+eel%29+cold+dock&speaker=Tomas+Reyl&match_all=speaker",
            "{}?q=fish+OR+eel&said_by=Tomas+Reyl&about=cold+dock",
        ),
        (
            "/quotes?q=fish+eel&match=any&about=dock",
            "{}?q=%28fish+OR+eel%29+dock",
            "{}?q=fish+eel&match=any&about=dock",
        ),
        (
            "/quotes?q=person:&about=dock",
            "{}?q=person%3A",
            "{}?q=person%3A&about=dock",
        ),
        (
            "/quotes?said_by=Tomas+Reyl&said_by=Mara+Lindqvist",
            "{}?speaker=Tomas+Reyl&speaker=Mara+Lindqvist",
            "{}?said_by=Tomas+Reyl&said_by=Mara+Lindqvist",
        ),
    ],
)
def test_the_same_words_are_looked_for_among_articles_and_statements(
    client: TestClient, asked: str, articles: str, statements: str
) -> None:
    links = attributes(page_of(client, asked), "header nav a", "href")

    assert [articles.format("/"), statements.format("/quotes")] == links[:2]


@pytest.mark.parametrize("marks", ['""', "“”", "„“", "«»", "»«"])
def test_a_phrase_that_nothing_holds_is_offered_as_words(client: TestClient, marks: str) -> None:
    page = page_of(client, f"/?q={marks[0]}harbour strike dockers{marks[1]}")

    assert ["/?q=harbour+strike+dockers"] == attributes(page, ".message a", "href")


@pytest.mark.parametrize("asked", ['"zzyzx qqqq"', "zzyzx", "“zzyzx”&source=Coast+Daily"])
def test_no_way_on_leads_to_nothing(client: TestClient, asked: str) -> None:
    assert [] == page_of(client, f"/?q={asked}").select(".message a")


def test_whoever_said_nothing_of_the_sort_said_something_else(client: TestClient) -> None:
    page = page_of(client, "/quotes?q=zeppelin&said_by=Mara+Lindqvist")

    assert "/quotes?said_by=Mara+Lindqvist" in attributes(page, ".message a", "href")


def test_doubtful_statements_are_counted(client: TestClient) -> None:
    page = page_of(client, "/quotes?min_confidence=0.95")

    assert any("uncertain" in text for text in texts(page, ".notice, .message a"))


def test_the_page_says_while_articles_wait_for_names(client: TestClient, index: Index) -> None:
    index.add([Article("waits", "Dockers", "Dockers", annotator=PENDING)], annotate=False)

    assert ["1 article without names and quotations yet: only the text is searched."] == texts(
        page_of(client, "/?q=dockers"), ".notice"
    )


def test_an_article_whose_names_are_to_come_says_so(client: TestClient, index: Index) -> None:
    index.add([Article("waits", "Dockers", "Dockers", annotator=PENDING)], annotate=False)

    assert "This article has no names or quotations yet." in texts(
        page_of(client, "/article/waits"), ".notice"
    )


def test_words_of_other_languages_are_told_and_can_be_taken_back(client: TestClient, index: Index) -> None:
    index.add(of_three_languages(), annotate=False)
    page = page_of(client, "/?q=climate&translate=1")
    [klima] = [link for link in page.select(".across a") if "klima" in link.text]
    without = page_of(client, str(klima["href"]))

    assert ["German klima 2", "Russian климат 2"] == texts(page, ".across a")
    assert (["6 articles"], ["4 articles"]) == (texts(page, "output"), texts(without, "output"))
    assert ["Russian климат 2"] == texts(without, ".across a")


@pytest.mark.parametrize(
    ("word", "more"),
    [
        ("mild", ""),
        (
            "Mild",
            " Capitalised words may be names and are not translated. To translate them, use lower case.",
        ),
    ],
)
def test_that_no_other_language_has_a_word_is_told(
    client: TestClient, index: Index, word: str, more: str
) -> None:
    index.add(of_three_languages(), annotate=False)
    told = texts(page_of(client, f"/?q={word}&translate=1"), ".notice")

    assert [f"No translations were found for these words.{more}"] == told


def test_what_other_languages_would_find_is_offered_once_it_is_known(
    client: TestClient, index: Index
) -> None:
    index.add(of_three_languages(), annotate=False)
    offer = "Also in other languages : klima 2 , климат 2"
    before, _, after = (page_of(client, f"/?q=climate{more}") for more in ("", "&translate=1", ""))

    assert (False, True) == (offer in texts(before, ".notice"), offer in texts(after, ".notice"))


def test_the_page_of_problems_leads_to_all_doubtful_articles(
    client: TestClient, index: Index, tmp_path: Path
) -> None:
    (tmp_path / "parked.html").write_text("<title>Ferry</title><p>This domain is for sale. Call us.</p>")
    index.load([tmp_path / "parked.html"], workers=1)

    assert ["/?q=is:doubtful"] == attributes(page_of(client, "/problems"), "#doubtful + p a", "href")


@pytest.mark.parametrize("path", ["/?offset=99990", "/quotes?offset=99990"])
def test_beyond_the_last_page_there_is_a_link_to_it(client: TestClient, path: str) -> None:
    page = page_of(client, path)

    assert ["The results end with page 1. Last page"] == texts(page, "#results > .notice")
    assert [path.split("?")[0]] == attributes(page, "#results > .notice a", "href")


@pytest.mark.parametrize("path", ["search", "quotes", "statements"])
def test_beyond_the_last_result_programs_get_a_note(client: TestClient, path: str) -> None:
    assert client.get(f"/api/{path}?offset=99990").json()["note"].startswith("The offset is beyond the last")
    assert "note" not in client.get(f"/api/{path}").json()


def test_the_label_of_a_chip_contains_its_visible_words(client: TestClient) -> None:
    page = page_of(client, "/?person=Tomas+Reyl")

    assert [f"Remove: {' '.join(texts(page, '.chips a'))}"] == attributes(page, ".chips a", "aria-label")

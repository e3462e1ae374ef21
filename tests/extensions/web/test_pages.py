"""The other pages: statements, articles, people, values, names, saved searches, batches, exports, the API."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml import etree
from starlette.testclient import TestClient

import searcher
from searcher import Article, Index, Mention, QueryTooBroad, Quote
from searcher.engines.memory import MemoryEngine
from searcher.extensions.web.app import create_app
from searcher.extensions.web.guard import Access
from searcher.search import spelling
from tests.extensions.web.conftest import ARTICLES, HERE, Serve, attributes, page_of, parsed, texts

# Statements


def test_a_statement_with_its_speaker_and_how_sure_that_is(client: TestClient) -> None:
    page = page_of(client, "/quotes?said_by=Mara+Lindqvist")

    assert ["1 statement"] == texts(page, "output")
    assert ["Deep drilling is a dead end,"] == texts(page, "blockquote")
    assert ["Mara Lindqvist very likely (90%)"] == texts(page, ".speaker")
    assert ["/article/deep?quotes=1&said_by=Mara+Lindqvist&_at=1#q40"] == attributes(
        page, ".permalink", "href"
    )


def test_a_statement_is_shown_once_with_everyone_who_carried_it(client: TestClient, index: Index) -> None:
    [deep] = [one for one in ARTICLES if one.id == "deep"]
    index.add([replace(deep, id="copy", source="Coast Daily")], annotate=False)
    page = page_of(client, "/quotes?said_by=Mara+Lindqvist")

    assert ["1 statement"] == texts(page, "output")
    assert "In 2 articles" in texts(page, ".around summary")


def test_doubtful_statements_are_offered(client: TestClient) -> None:
    page = page_of(client, "/quotes?said_by=Tomas+Reyl")

    assert "/quotes?said_by=Tomas+Reyl&min_confidence=0.0" == page.select(".message a")[0]["href"]


def test_reported_speech_that_is_left_out_is_counted(client: TestClient, index: Index) -> None:
    said = "Mara Lindqvist said that the wells were dry."
    quote = Quote("the wells were dry", "Mara Lindqvist", "indirect", 25, 43, 0.9, "person")
    index.add([Article("dry", "Dry wells", said, quotes=(quote,))], annotate=False)
    page = page_of(client, "/quotes?said_by=Mara+Lindqvist")
    [more] = [one for one in page.select(".notice a") if "reported" in one.get_text()]
    wider = page_of(client, str(more["href"]))

    assert "Include reported speech (in 1 place)" == more.get_text()
    assert (["1 statement"], ["2 statements"]) == (texts(page, "output"), texts(wider, "output"))
    assert "reported speech" not in wider.get_text()


def test_a_statement_as_a_citation(client: TestClient) -> None:
    page = page_of(client, "/quotes?said_by=Mara+Lindqvist")

    assert (
        "“Deep drilling is a dead end,” (Mara Lindqvist, in: Brandt, Ida. Drilling chief leaves Norvane. "
        "Harbour Post, 2024-05-06. https://example.org/deep)"
    ) == page.select(".citation")[0].text


def test_statements_have_facets(client: TestClient) -> None:
    page = page_of(client, "/quotes")

    assert {"Mara Lindqvist 1"} <= set(texts(page, "label:has([name=said_by]):has([type=checkbox])"))
    assert {"Harbour Post"} <= set(attributes(page, "[name=source]", "value"))


def test_statements_are_shown_without_facets_where_they_are_too_many(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise QueryTooBroad("Facets of so many are not counted.")

    monkeypatch.setattr(MemoryEngine, "statement_counts", refuse)
    page = page_of(client, "/quotes?said_by=Mara+Lindqvist")

    assert ["Deep drilling is a dead end,"] == texts(page, "blockquote")
    assert ["Mara Lindqvist"] == attributes(page, "[name=said_by][checked]", "value")
    assert [] == attributes(page, "[name=source]", "value")


def test_a_speaker_and_a_source_of_statements_are_chosen(client: TestClient) -> None:
    page = page_of(client, "/quotes?source=Harbour+Post&said_by=Mara+Lindqvist")

    assert ["Harbour Post"] == attributes(page, "[name=source][checked]", "value")
    assert ["Mara Lindqvist"] == attributes(page, "[name=said_by][checked]", "value")
    assert ["Sources Harbour Post", "Said by Mara Lindqvist", "Remove all"] == texts(page, ".chips a")


def test_speakers_who_are_not_there_stay_beside_one_who_is(client: TestClient) -> None:
    asked = ["Mara Lindqvist", "oak", "Nobody Here", "=oak"]
    page = parsed(client.get("/quotes", params={"q": "drilling", "said_by": asked}).text)

    assert asked == attributes(page, "input[name=said_by][checked]", "value")


def test_nobody_of_that_name_said_anything(client: TestClient) -> None:
    page = page_of(client, "/quotes?said_by=Nobody")

    assert ["Nobody"] == attributes(page, "[name=said_by][checked]", "value")


def test_statements_over_time(client: TestClient) -> None:
    page = page_of(client, "/quotes?said_by=Mara+Lindqvist")

    assert ["2024-05-06 1"] == texts(page, ".timeline tbody tr")


@pytest.mark.parametrize("page", ["/", "/quotes"])
def test_a_question_leads_to_the_statements_that_it_asks_for(client: TestClient, page: str) -> None:
    question = "What did Lindqvist say about drilling?"
    answer = client.get(page, params={"q": question}, follow_redirects=True)
    shown = parsed(answer.text)

    assert "/quotes" == answer.url.path
    assert [("said_by", "Mara Lindqvist"), ("about", "drilling")] == answer.url.params.multi_items()[:2]
    assert [
        f"“{question}” was read as: Statements (Mara Lindqvist, drilling). Search for the words instead"
    ] == [" ".join(one.split()) for one in texts(shown, ".notice") if "read as" in one]


def test_the_words_of_a_question_can_be_searched_for(client: TestClient) -> None:
    answer = client.get("/", params={"q": "(What did Lindqvist say about drilling?)"})

    assert 200 == answer.status_code


def test_an_answer_to_a_question_is_not_read_as_one_again(client: TestClient) -> None:
    answer = client.get("/", params={"q": "articles about drilling", "_question": "news on articles"})

    assert 200 == answer.status_code


def test_a_question_for_articles_stays_among_them(client: TestClient) -> None:
    answer = client.get("/", params={"q": "articles about drilling in 2024"}, follow_redirects=True)

    assert "/" == answer.url.path
    assert "after=2024-01-01" in str(answer.url)


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        # Nothing that she said has the word, and the article does.
        (
            "/quotes?q=founder&said_by=Mara+Lindqvist",
            {
                "/quotes?said_by=Mara+Lindqvist&about=founder": "Everything Mara Lindqvist said in "
                "articles about “founder” (in 1 place)"
            },
        ),
        (
            "/quotes?q=founder&source=Harbour+Post",
            {
                "/quotes?source=Harbour+Post&about=founder": "Everything said in articles about “founder” "
                "(in 1 place)"
            },
        ),
        # The only quotation of the article is found already; no article has the word.
        ("/quotes?q=drilling&said_by=Mara+Lindqvist", {}),
        ("/quotes?q=zeppelin", {}),
        (
            "/quotes?person=Mara+Lindqvist",
            {"/quotes?said_by=Mara+Lindqvist": "Only what Mara Lindqvist said"},
        ),
        # What he said is doubtful.
        ("/quotes?person=Tomas+Reyl", {}),
    ],
)
def test_ways_to_more_or_less_that_was_said(client: TestClient, asked: str, offered: dict[str, str]) -> None:
    links = page_of(client, asked).select(".notice a")

    assert offered == {str(link["href"]): link.get_text() for link in links}


def test_what_was_said_in_articles_about_something(client: TestClient) -> None:
    page = page_of(client, "/quotes?said_by=Mara+Lindqvist&about=founder")

    assert ["1 statement"] == texts(page, "output")
    assert ["Said by Mara Lindqvist", "In articles about founder", "Remove all"] == texts(page, ".chips a")
    assert ["founder"] == attributes(page, "[name=about]", "value")
    assert ["Norvane declined to comment. Tomas Reyl, its founder , thinks otherwise."] == texts(
        page, ".statement .snippet"
    )


def test_how_sure_a_speaker_has_to_be(client: TestClient) -> None:
    page = page_of(client, "/quotes?said_by=Mara+Lindqvist&min_confidence=0.9")

    assert ["at least 90%"] == texts(page, "[name=min_confidence] [selected]")
    assert "default: at least likely" == texts(page, "[name=min_confidence] option")[0]


def test_a_speaker_who_is_not_sure_is_doubted_in_citations_too(client: TestClient) -> None:
    page = page_of(client, "/quotes?said_by=Tomas+Reyl&min_confidence=0.0")

    assert ["Tomas Reyl?"] == texts(page, ".speaker bdi")
    assert [True] == ["(Tomas Reyl?, in: " in text for text in texts(page, ".citation")]


def test_a_citation_doubts_whom_the_cited_article_does_not_name(client: TestClient, index: Index) -> None:
    [deep] = [replace(one, story="deep") for one in ARTICLES if one.id == "deep"]
    quotes = tuple(replace(one, speaker="Bo Quill", confidence=0.99) for one in deep.quotes)
    index.add([deep, replace(deep, id="later", body=f"{deep.body} More.", quotes=quotes)], annotate=False)
    page = page_of(client, "/quotes?q=%22dead+end%22")

    assert ["Bo Quill"] == texts(page, ".speaker bdi")
    assert ["Other sources name Mara Lindqvist."] == texts(page, ".speaker + .quiet")
    assert [True] == ["(Bo Quill?, in: " in text for text in texts(page, ".citation")]


def test_all_speakers_of_statements(client: TestClient) -> None:
    page = page_of(client, "/values/speaker?q=drilling&quotes=1&_find=lind")

    assert ["/quotes?q=drilling&said_by=Mara+Lindqvist"] == attributes(page, ".values a", "href")
    assert ["/quotes?q=drilling"] == attributes(page, "#results > p:first-child a", "href")


# An article


def test_an_article_as_it_was_found(client: TestClient) -> None:
    page = page_of(client, "/article/strike?q=dockers&_at=1")

    assert ["=2+2 dockers on strike"] == texts(page, "h1")
    assert ["Dockers"] == texts(page, ".body mark")
    assert "/?q=dockers" == page.select(".place a")[0]["href"]
    assert "en" == page.select("article")[0]["lang"]


def test_the_next_and_the_previous_of_what_was_found(client: TestClient) -> None:
    middle = page_of(client, "/article/deep?sort=oldest&_at=2")
    previous, following = attributes(middle, ".place a[rel]", "href")

    assert previous.startswith("/article/id%2F")
    assert "/article/strike?sort=oldest&_at=3" == following


def test_its_place_among_what_was_found(client: TestClient) -> None:
    page = page_of(client, "/article/deep?sort=oldest&_at=2")

    assert "2 of 4" in texts(page, ".place")[0]


def test_the_way_from_passage_to_passage(client: TestClient) -> None:
    path = "/article/deep?q=Norvane+OR+drilling"
    first, last = page_of(client, path), page_of(client, f"{path}&_match=2")

    assert ["2 passages"] == texts(first, ".matches [role=status]")
    assert [f"{path}&_match=2#m2", f"{path}&_match=1#m1"] == attributes(first, ".matches a", "href")
    assert ["Passage 2 of 2"] == texts(last, ".matches [role=status]")
    assert ["m2"] == attributes(last, "mark.here", "id")
    assert f"{path}&_match=1#m1" == attributes(last, ".matches a", "href")[1]


def test_matches_that_stand_together_are_looked_at_together(client: TestClient) -> None:
    page = page_of(client, "/article/deep?q=Norvane+OR+drilling&_match=1")

    assert ["Norvane", "drilling"] == [
        mark.lower() if mark[0] == "d" else mark for mark in texts(page, "mark.here")
    ]


@pytest.mark.parametrize("passage", ["0", "-1", "x", "9" * 30])
def test_a_passage_that_is_not_there(client: TestClient, passage: str) -> None:
    page = page_of(client, f"/article/deep?q=Norvane&_match={passage}")

    assert ["2 passages"] == texts(page, ".matches [role=status]")


def test_the_passage_that_is_named_is_marked(client: TestClient) -> None:
    page = page_of(client, "/article/deep?q=Norvane&_match=9")

    assert ["Passage 2 of 2"] == texts(page, ".matches [role=status]")
    assert ["m2"] == attributes(page, "mark.here", "id")


def test_an_article_without_matches_has_no_way_between_them(client: TestClient) -> None:
    assert [] == page_of(client, "/article/deep").select(".matches")


def test_where_an_article_is_from(client: TestClient) -> None:
    page = page_of(client, "/article/deep")

    assert "/archive/deep.html" in texts(page, ".provenance code")
    assert ["https://example.org/deep"] == attributes(page, "a[rel~=external]", "href")


def test_no_other_link_than_to_the_web(client: TestClient) -> None:
    found = attributes(page_of(client, "/?q=porcupines"), ".hits h2 a", "href")
    text = client.get(found[-1]).text

    assert "porcupines" in text
    assert 'href="javascript:' not in text
    assert "<script>alert" not in text


def test_bibliographies_know_the_article(client: TestClient) -> None:
    page = page_of(client, "/article/deep")

    assert "Drilling chief leaves Norvane" == page.select("meta[name=citation_title]")[0]["content"]
    assert "rft.atitle=Drilling+chief" in page.select(".Z3988")[0]["title"]


def test_who_speaks_leads_to_where_and_to_all_that_they_said(client: TestClient) -> None:
    page = page_of(client, "/article/deep")
    [here, everywhere] = page.select(".speakers li:has(bdi:-soup-contains('Mara Lindqvist')) a")

    assert 1 == len(page.select(str(here["href"])))
    assert "/quotes?said_by=Mara+Lindqvist" == everywhere["href"]


@pytest.mark.parametrize("read_only", [True, False])
def test_what_stands_far_below_a_long_article_can_be_jumped_to(serve: Serve, read_only: bool) -> None:
    page = page_of(serve(read_only=read_only), "/article/deep?q=drilling&_at=1")
    links = attributes(page, ".switches nav a", "href")

    assert links == (["#cite"] if read_only else ["#cite", "#tags"])
    assert [1] * len(links) == [len(page.select(link)) for link in links]


def test_an_article_that_is_not_there(client: TestClient) -> None:
    assert [404, 404] == [client.get(f"/article/{one}").status_code for one in ("none", "../../etc/passwd")]


# People, organisations, sources


def test_somebody(client: TestClient) -> None:
    page = page_of(client, "/person/Tomas%20Reyl")

    assert ["Tomas Reyl"] == texts(page, "h1")
    assert ["2 articles", "0 statements"] == texts(page, "h1 + p a")
    assert ["Tomas Reyl 2"] == texts(page, ".forms .form")
    assert {"Mara Lindqvist", "Norvane"} <= set(texts(page, ".columns li a:first-child"))


def test_a_part_of_a_name_leads_to_the_whole(client: TestClient) -> None:
    answer = client.get("/person/Reyl")

    assert (303, "/person/Tomas%20Reyl") == (answer.status_code, answer.headers["location"])


@pytest.mark.parametrize("path", ["/person/Nobody", "/animal/Porcupine", "/nothing"])
def test_who_is_not_there(client: TestClient, path: str) -> None:
    assert 404 == client.get(path).status_code


def test_a_source(client: TestClient) -> None:
    assert ["Harbour Post"] == texts(page_of(client, "/source/Harbour%20Post"), "h1")


# All values of a facet


def test_all_values(client: TestClient) -> None:
    page = page_of(client, "/values/person?q=Norvane&_find=LIND")

    assert ["Mara Lindqvist 1"] == texts(page, ".values li")
    assert "/?q=Norvane&person=Mara+Lindqvist" == page.select(".values a")[0]["href"]


def test_values_by_name(client: TestClient) -> None:
    page = page_of(client, "/values/person?q=Norvane&_order=name")

    assert ["Mara Lindqvist 1", "Tomas Reyl 2"] == texts(page, ".values li")


def test_what_is_no_facet(client: TestClient) -> None:
    assert 400 == client.get("/values/body").status_code


# Names


def decide(client: TestClient, **form: Any) -> int:
    status: int = client.post("/names", data=form).status_code
    return status


def undo(client: TestClient, where: str = "") -> str:
    """Undo what a page offers first, else what was decided last; returns where that leads."""
    step = page_of(client, where or "/log").select_one("[name=step]")
    answer = client.post("/names/undo", data={"step": str(step["value"]) if step else ""})
    return answer.headers.get("location", str(answer.status_code))


def test_what_a_decision_will_change(client: TestClient) -> None:
    page = page_of(client, "/names?_name=Tomas+Reyl&_name=Mara+Lindqvist")

    assert ["Tomas Reyl 2 articles", "Mara Lindqvist 1 article"] == texts(page, ".decide .form")
    assert "This changes the names in 2 articles." in texts(page, ".decide .strong")[0]
    assert ["Tomas Reyl", "Mara Lindqvist"] == attributes(page, "[name=_name][checked]", "value")


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"action": "merge", "name": "Tomas Reyl", "other": "Mara Lindqvist"}, "shown as “Tomas Reyl”."),
        ({"action": "split", "name": "Tomas Reyl"}, "“Tomas Reyl” is kept separate."),
        ({"action": "ignore", "name": "Tomas Reyl"}, "“Tomas Reyl” is hidden."),
    ],
)
def test_what_was_decided_is_said_in_words(client: TestClient, form: dict[str, str], told: str) -> None:
    left = client.post("/names", data={"kind": "person", **form}).headers["location"]
    page = page_of(client, left)

    assert told in texts(page, ".notice span")[0]
    assert told in texts(page, "table td")[0]


def test_merging_and_taking_it_back(client: TestClient, index: Index) -> None:
    merged = decide(client, action="merge", kind="person", name="Tomas Reyl", other=["Mara Lindqvist"])
    names = dict(index.values("person"))
    undone = undo(client)

    assert (303, "/names?_undone=1") == (merged, undone)
    assert "Mara Lindqvist" not in names
    assert "Mara Lindqvist" in index.values("person")


@pytest.mark.parametrize(
    ("form", "gone"),
    [
        ({"action": "rename", "name": "Tomas Reyl", "other": "T. Reyl"}, True),
        ({"action": "ignore", "name": "Tomas Reyl"}, True),
        ({"action": "split", "name": "Tomas Reyl"}, False),
    ],
)
def test_other_decisions(client: TestClient, index: Index, form: dict[str, str], gone: bool) -> None:
    decide(client, kind="person", **form)

    assert gone == ("Tomas Reyl" not in index.values("person"))
    assert 1 == len(index.names.decisions.decisions())


def test_a_decision_is_forgotten(client: TestClient, index: Index) -> None:
    decide(client, action="ignore", kind="person", name="Tomas Reyl")
    decide(client, action="forget", kind="person", name="Tomas Reyl")

    assert () == index.names.decisions.decisions()


def test_every_step_can_be_undone_from_the_page(client: TestClient) -> None:
    decide(client, action="split", kind="person", name="Mara Lindqvist")
    decide(client, action="ignore", kind="person", name="Tomas Reyl")
    decide(client, action="ignore", kind="person", name="Tomas Reyl")
    decide(client, action="forget", kind="person", name="Tomas Reyl")
    told = []
    while steps := page_of(client, "/names").select("td form[action='/names/undo'] [name=step]"):
        told += texts(page_of(client, "/names"), "#decided + table tr:first-child td:first-child")
        client.post("/names/undo", data={"step": str(steps[0]["value"])})

    assert ["“Mara Lindqvist” is kept separate."] == told


@pytest.mark.parametrize(
    "form",
    [{}, {"action": "merge", "kind": "person", "name": "Tomas Reyl"}, {"action": "x", "name": "y"}],
)
def test_decisions_that_make_no_sense(client: TestClient, form: dict[str, str]) -> None:
    assert 400 == decide(client, **form)


@pytest.fixture
def doubtful(client: TestClient, index: Index) -> TestClient:
    """The page of an index in which “Lindqvist” may be Mara Lindqvist, and nothing tells."""
    body = "Lindqvist spoke."
    index.add(
        [Article("alone", "A speech", body, mentions=(Mention("Lindqvist", "person", 0, 9),))], annotate=False
    )
    return client


def test_who_is_not_sure_is_asked_with_what_tells(doubtful: TestClient) -> None:
    assert "/names?_kind=person&_doubtful=1" in attributes(page_of(doubtful, "/names"), "a", "href")
    asked = texts(page_of(doubtful, "/names?_doubtful=1"), "section[aria-labelledby=doubtful] td")[0]

    assert "Is “Lindqvist” Mara Lindqvist? 1 article Mara Lindqvist in 1 article , near 0 of these" == asked


def test_who_is_not_sure_leads_to_the_articles_that_tell(doubtful: TestClient) -> None:
    question = page_of(doubtful, "/names?_doubtful=1").select("section[aria-labelledby=doubtful] td")[0]
    short, whole = (str(link["href"]) for link in question.select("a"))

    assert (["A speech"], "/person/Mara%20Lindqvist") == (texts(page_of(doubtful, short), ".hits h2"), whole)


@pytest.mark.parametrize(
    ("answer", "names"), [("merge", ["Mara Lindqvist"]), ("split", ["Lindqvist", "Mara Lindqvist"])]
)
def test_a_question_is_answered_and_that_is_undone(
    doubtful: TestClient, index: Index, answer: str, names: list[str]
) -> None:
    def given() -> list[str]:
        return sorted(name for name in index.values("person") if "Lindqvist" in name)

    before = given()
    (form,) = page_of(doubtful, "/names?_doubtful=1").select(f"form:has([value={answer}])")
    data = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    left = doubtful.post("/names", data={**data, "action": answer}).headers["location"]

    assert (names, []) == (given(), texts(page_of(doubtful, left), "section[aria-labelledby=doubtful] td"))
    undo(doubtful, left)
    assert before == given()


def test_an_undo_is_told(client: TestClient) -> None:
    decide(client, action="ignore", kind="person", name="Tomas Reyl")
    after = undo(client)

    assert ["The change was undone."] == texts(page_of(client, after), ".notice")


def test_the_fullest_of_names_that_are_the_same_comes_first(client: TestClient) -> None:
    page = page_of(client, "/names?_name=Reyl&_name=Tomas+Reyl")

    assert ["Tomas Reyl", "Reyl"] == texts(page, ".decide select option")


@pytest.mark.parametrize(
    ("names", "first"),
    [
        ({"Mona Reyle": 1, "Mona Reyl": 2}, "Mona Reyl"),
        ({"M. Reyle": 2, "Mona Reyl": 1}, "Mona Reyl"),
        ({"Mona Ann Reyl": 1, "Mona Reyl": 2}, "Mona Ann Reyl"),
    ],
)
def test_of_names_as_full_as_each_other_the_one_of_most_articles_comes_first(
    client: TestClient, index: Index, names: dict[str, int], first: str
) -> None:
    index.add(
        Article(f"{name}{n}", "", name, mentions=(Mention(name, "person", 0, len(name)),))
        for name, count in names.items()
        for n in range(count)
    )
    page = page_of(client, "/names?" + urlencode([("_name", name) for name in names]))

    assert first == texts(page, ".decide select option")[0]


@pytest.mark.parametrize("kind", ["source", "author"])
def test_sources_and_authors_are_put_right_too(client: TestClient, index: Index, kind: str) -> None:
    index.add(
        Article(f"{place}", "", place, source=place, authors=(place,)) for place in ("Quay Post", "QP Online")
    )
    page = page_of(client, f"/names?_kind={kind}&_name=QP+Online&_name=Quay+Post")
    decide(client, action="merge", kind=kind, name="Quay Post", other="QP Online")

    assert ["QP Online 1 article", "Quay Post 1 article"] == texts(page, ".decide .form")
    assert 2 == index.values(kind)["Quay Post"]


def test_a_short_form_has_the_full_one_beside_it(client: TestClient, index: Index) -> None:
    names = ["WHO", "WHO", "World Health Organization"]
    index.add(
        Article(f"body {n}", "", f"The {name} said on Monday that the tide fell in Dover.")
        for n, name in enumerate(names)
    )
    listed = page_of(client, "/names?_kind=organisation&_find=WHO")
    own = page_of(client, "/organisation/WHO")

    assert ["WHO World Health Organization 3"] == texts(listed, ".values li")
    assert ["WHO World Health Organization"] == texts(own, "h1")


def test_what_can_be_done_with_each_of_several_names_is_folded(client: TestClient) -> None:
    """So that what is found next stays in sight below them."""
    several = page_of(client, "/names?_name=Tomas+Reyl&_name=Mara+Lindqvist")
    alone = page_of(client, "/names?_name=Tomas+Reyl")

    assert (2, 0) == (len(several.select("details.one")), len(several.select("details.one[open]")))
    assert 1 == len(alone.select("details.one[open]"))


def test_no_names_are_counted_where_all_that_were_found_are_ticked(client: TestClient) -> None:
    ticked = page_of(client, "/names?_find=Lindqvist&_name=Mara+Lindqvist")
    nobody = page_of(client, "/names?_find=Nobody&_name=Mara+Lindqvist")

    assert [] == [text for text in texts(ticked, "h2") if "With" in text]
    assert "Names containing “Nobody” 0" in texts(nobody, "h2")


def test_ticked_names_are_not_counted_among_the_others(client: TestClient) -> None:
    total = len(texts(page_of(client, "/names"), "ul.values li"))
    page = page_of(client, "/names?_name=Tomas+Reyl")

    assert f"People {total - 1}" in texts(page, "h2")


def test_nothing_to_take_back(client: TestClient) -> None:
    assert 400 == client.post("/names/undo").status_code


# Saved searches


@pytest.fixture
def saving(tmp_path: Path) -> TestClient:
    index = searcher.open_index(tmp_path / "index")
    index.add(ARTICLES, annotate=False)
    return TestClient(create_app(index, Access(), tmp_path / "index"), base_url=HERE, follow_redirects=False)


def test_a_search_is_saved_and_forgotten(saving: TestClient) -> None:
    saving.post("/saved", data={"action": "save", "name": "Docks", "search": "q=dockers&source=Coast+Daily"})
    shown = texts(page_of(saving, "/saved"), "h2")
    saving.post("/saved", data={"action": "forget", "name": "Docks"})

    assert ["Docks dockers · Coast Daily"] == shown
    assert [] == texts(page_of(saving, "/saved"), "h2")


@pytest.mark.parametrize(
    ("language", "asked", "about"),
    [
        ("en", "q=dockers&not_source=Harbour+Post", "dockers · not Harbour Post"),
        ("en", "said_by=Mara&not_source=Harbour+Post", "not Harbour Post · Mara"),
        ("de", "said_by=Mara&not_source=Harbour+Post", "nicht Harbour Post · Mara"),
        ("en", "q=One", ""),
    ],
)
def test_what_a_saved_search_asks_for(saving: TestClient, language: str, asked: str, about: str) -> None:
    saving.post("/saved", data={"action": "save", "name": "One", "search": asked})
    page = parsed(saving.get("/saved", headers={"accept-language": language}).text)

    assert about == "".join(texts(page, "h2 .quiet"))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("/?q=dockers&source=Coast+Daily", "dockers - Coast Daily"),
        ("/quotes?q=%22dead+end%22&said_by=Mara+Lindqvist", "dead end - Mara Lindqvist"),
        ("/?q=%28a%2Fb%29+or+c%3F", "a b or c"),
        ("/", ""),
    ],
)
def test_a_name_is_proposed_for_a_search(saving: TestClient, asked: str, name: str) -> None:
    assert [name] == attributes(page_of(saving, asked), "[name=name]", "value")


@pytest.mark.parametrize("name", ["", "../evil", "a/b", "x" * 100])
def test_names_that_no_file_can_have(saving: TestClient, name: str) -> None:
    assert 400 == saving.post("/saved", data={"action": "save", "name": name, "search": "q=x"}).status_code


def test_whoever_saves_a_search_stays_with_it(saving: TestClient) -> None:
    asked = {"action": "save", "name": "Docks", "search": "q=dockers"}
    there = saving.post("/saved", data=asked).headers["location"]
    page = page_of(saving, there)

    assert "/?q=dockers&_saved=Docks" == there
    assert "Saved as “Docks”. Saved searches" in texts(page, ".notice")
    assert [] == page_of(saving, "/?q=strike&_saved=Docks").select(".notice")
    assert [] == page_of(saving, "/?q=dockers&_saved=../Docks").select(".notice")
    assert [] == page_of(saving, "/?q=dockers&_saved=Others").select(".notice")
    assert "Docks" == etree.fromstring(saving.get("/feed.atom?q=dockers").content).findtext("{*}title")


@pytest.mark.parametrize(("search", "name"), [("q=dockers", "zzz"), ("quotes=1&q=drilling", "Öl + Gas")])
def test_a_search_is_saved_under_another_name_too(saving: TestClient, search: str, name: str) -> None:
    for one in ("aaa", name):
        there = saving.post("/saved", data={"action": "save", "name": one, "search": search})

    assert f"Saved as “{name}”. Saved searches" in texts(
        page_of(saving, there.headers["location"]), ".notice"
    )


def test_going_on_with_no_name_is_told(client: TestClient) -> None:
    assert ["No name is selected."] == texts(page_of(client, "/names?_go=1&_kind=person"), ".notice")
    assert [] == page_of(client, "/names").select(".notice")


def test_half_a_name_offers_those_that_begin_so(client: TestClient) -> None:
    page = page_of(client, "/quotes?said_by=Lindq")

    assert ["/quotes?said_by=Mara+Lindqvist"] == attributes(page, ".message a", "href")
    assert [] == page_of(client, "/quotes?said_by=zzyzx").select(".message a")


@pytest.mark.parametrize(
    "path", ["/?q=zzyzx", "/?q=zzyzx+drilling", "/quotes?q=zzyzx", "/quotes?q=zzyzx+drilling"]
)
def test_a_page_corrects_a_word_once(client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    asked: list[str] = []
    monkeypatch.setattr(spelling, "suggest", lambda word, _: asked.append(word))
    client.get(path)

    assert ["zzyzx"] == asked


def test_in_memory_nothing_is_saved(client: TestClient) -> None:
    assert 404 == client.get("/saved").status_code


# A feed


def test_a_feed_of_what_is_found(client: TestClient) -> None:
    answer = client.get("/feed.atom?q=Norvane")
    root = etree.fromstring(answer.content)
    titles = root.findall("{*}entry/{*}title")

    assert "application/atom+xml; charset=utf-8" == answer.headers["content-type"]
    assert ["=2+2 dockers on strike", "Drilling chief leaves Norvane"] == [one.text for one in titles]


def test_a_feed_holds_whatever_articles_hold(client: TestClient) -> None:
    root = etree.fromstring(client.get("/feed.atom").content)

    assert len(ARTICLES) == len(root.findall("{*}entry"))


@pytest.mark.parametrize(
    ("asked", "links"),
    [
        ("person=Mara+Lindqvist", [(None, f"{HERE}/article/deep"), ("via", "https://example.org/deep")]),
        ("said_by=Mara", [(None, f"{HERE}/article/deep#q40"), ("via", "https://example.org/deep")]),
    ],
)
def test_an_entry_leads_to_the_article(
    client: TestClient, asked: str, links: list[tuple[str | None, str]]
) -> None:
    root = etree.fromstring(client.get(f"/feed.atom?{asked}").content)

    assert links == [(one.get("rel"), one.get("href")) for one in root.findall("{*}entry/{*}link")]


def test_a_feed_says_in_its_title_what_narrows_it(client: TestClient) -> None:
    root = etree.fromstring(client.get("/feed.atom?q=Norvane&not_source=Coast+Daily").content)

    assert "Norvane · not Coast Daily" == root.findtext("{*}title")


def test_the_address_of_a_feed_can_be_copied(client: TestClient) -> None:
    page = page_of(client, "/?q=Norvane")

    assert [f"{HERE}/feed.atom?q=Norvane"] == texts(page, "code.address")
    assert ["feed"] == attributes(page, "[data-copy]", "data-copy")


def test_feed_readers_send_the_token_in_the_address(serve: Serve) -> None:
    client = serve(token="secret")

    assert [200, 401] == [client.get(f"/feed.atom{query}").status_code for query in ("?token=secret", "")]


# Many at once


def test_a_list_of_names(client: TestClient) -> None:
    answer = client.post("/batch", data={"list": "Tomas Reyl\nNobody\n\nTomas Reyl", "as": "names"})

    page = parsed(answer.text)

    assert [
        "Tomas Reyl Tomas Reyl Person, sure, 100%: same 2 0 6 May 2024 1 February 2025",
        "Nobody no match 0 0 0",
    ] == [row.partition(" Mara Lindqvist")[0] for row in texts(page, "tbody tr")]
    assert "/?person=Tomas+Reyl" in attributes(page, "tbody a", "href")
    assert ["2024-05-06", "2025-02-01"] == attributes(page, "tbody time", "datetime")


def test_a_column_of_a_table_of_names(client: TestClient) -> None:
    file = ("board.csv", b"No.,Who\n1,Tomas Reil\n", "text/csv")
    unsaid = parsed(client.post("/batch", data={"as": "names"}, files={"file": file}).text)
    told = client.post("/batch", data={"as": "names", "column": "Who", "form": "csv"}, files={"file": file})

    assert ["Which column has the names? Columns: No., Who."] == texts(unsaid, "[role=alert]")
    assert ["No.,Who 1,Tomas Reil"] == texts(unsaid, "textarea")
    assert [("near", "Tomas Reyl")] == [
        (row["match"], row["name"]) for row in csv.DictReader(io.StringIO(told.text.removeprefix("\ufeff")))
    ]


def test_who_may_be_meant_is_offered_as_a_question(client: TestClient) -> None:
    page = parsed(client.post("/batch", data={"list": "Tomas Reil", "as": "names"}).text)

    assert ["Is “Tomas Reil” Tomas Reyl? Yes", "Is “Tomas Reil” Tomas Reyl? No"] == attributes(
        page, "tbody button", "aria-label"
    )


@pytest.mark.parametrize(
    ("answer", "told", "row"),
    [
        (0, "“Tomas Reil” is shown as “Tomas Reyl”.", "Tomas Reil Tomas Reyl Person, sure, 100%: form 2"),
        (1, "“Tomas Reil” is not Tomas Reyl.", "Tomas Reil no match 0"),
    ],
    ids=["yes", "no"],
)
def test_an_answer_about_a_list_is_kept_and_the_list_stays(
    saving: TestClient, answer: int, told: str, row: str
) -> None:
    data = {"list": "Tomas Reil", "as": "names"}
    button = parsed(saving.post("/batch", data=data).text).select("tbody button")[answer]
    page = parsed(saving.post("/batch", data={**data, "decide": str(button["value"])}).text)

    assert [f"{told} Change log"] == texts(page, ".notice")
    assert texts(page, "tbody tr")[0].startswith(row)
    assert ["Tomas Reil"] == texts(page, "textarea")


def test_nobody_answers_who_only_reads(serve: Serve) -> None:
    data = {"list": "Tomas Reil", "as": "names", "decide": "deny\tperson\tTomas Reyl\tTomas Reil"}

    assert 403 == serve(read_only=True).post("/batch", data=data).status_code


def test_a_list_is_kept_and_tells_what_is_new(saving: TestClient) -> None:
    data = {"list": "Tomas Reyl\nBo Carr", "as": "names", "form": "keep", "name": "board"}
    saving.post("/batch", data=data)
    page = page_of(saving, "/saved")

    assert ["board 2 names"] == texts(page, ".saved h2")
    assert ["Tomas Reyl Bo Carr"] == texts(page_of(saving, "/batch?_saved=board"), "textarea")


def test_a_list_has_a_feed_of_whom_it_names(saving: TestClient) -> None:
    saving.post("/batch", data={"list": "Tomas Reyl", "as": "names", "form": "keep", "name": "board"})
    (url,) = texts(page_of(saving, "/saved"), "code.address")
    root = etree.fromstring(saving.get(url).content)

    assert "board" == root.findtext("{*}title")
    assert ["2025-02-01", "2024-05-06"] == [
        str(one.text)[:10] for one in root.iterfind("{*}entry/{*}updated")
    ]


def test_what_is_new_about_a_list_shows_whom_it_names(saving: TestClient, tmp_path: Path) -> None:
    data = {"list": "Bo Carr\nAda Quill", "as": "names", "form": "keep", "name": "board"}
    saving.post("/batch", data=data)
    with searcher.open_index(tmp_path / "index") as index:
        index.add([Article("later", "A letter", "It came late. It was signed Bo Carr.")], annotate=False)

    assert ["Bo Carr"] == texts(page_of(saving, "/saved"), ".saved .snippet mark")


def test_a_list_of_queries_as_a_table(client: TestClient) -> None:
    data = {"list": "dockers strike\nperson:\n=1+1", "as": "queries", "form": "csv"}
    rows = list(csv.DictReader(io.StringIO(client.post("/batch", data=data).text.removeprefix("\ufeff"))))

    assert ["1", "0", "0"] == [row["articles"] for row in rows]
    assert rows[1]["problem"]
    assert "'=1+1" == rows[2]["query"]


@pytest.mark.parametrize("path", ["/", "/quotes", "/names", "/saved"])
def test_a_list_can_be_pasted_from_everywhere(saving: TestClient, path: str) -> None:
    assert "/batch" in attributes(page_of(saving, path), "nav a", "href")


def test_what_of_a_list_finds_nothing_is_no_link(client: TestClient) -> None:
    page = parsed(client.post("/batch", data={"list": "Nobody", "as": "names"}).text)

    assert ["Nobody no match 0 0 0"] == texts(page, "tbody tr")
    assert [] == page.select("tbody a")


def test_a_list_that_is_too_long(client: TestClient) -> None:
    assert 400 == client.post("/batch", data={"list": "\n".join(map(str, range(501)))}).status_code


# Export


def test_everything_that_was_found(client: TestClient) -> None:
    lines = client.get("/export/jsonl?q=Norvane&limit=1").text.splitlines()

    assert {"deep", "strike"} == {json.loads(line)["id"] for line in lines}


@pytest.mark.parametrize("asked", ["/export/csv?q=dockers", "/export/csv?quotes=1"])
def test_a_spreadsheet_is_told_the_encoding_of_a_table(client: TestClient, asked: str) -> None:
    assert client.get(asked).content.startswith(b"\xef\xbb\xbf")
    assert not client.get(asked.replace("csv", "jsonl")).content.startswith(b"\xef\xbb\xbf")


def test_a_table_of_statements(client: TestClient) -> None:
    answer = client.get("/export/csv?quotes=1&said_by=Mara+Lindqvist")
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))

    assert "Deep drilling is a dead end," == row["text"]


def test_a_table_of_articles(client: TestClient, index: Index) -> None:
    [deep] = [one for one in ARTICLES if one.id == "deep"]
    index.add([replace(deep, tags=("energy", "norvane"))], annotate=False)
    [row] = csv.DictReader(
        io.StringIO(client.get("/export/csv?q=drilling+chief").text.removeprefix("\ufeff"))
    )

    assert ("Mara Lindqvist; Tomas Reyl", "energy; norvane") == (row["people"], row["tags"])
    assert "drilling" in row["snippet"]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("quotes=1&said_by=Mara+Lindqvist", 'filename="mara-lindqvist.csv"'),
        ("q=%22dockers%22+strike&source=Coast+Daily", 'filename="dockers-strike-coast-daily.csv"'),
        ("q=%D0%9D%D0%B5%D1%84%D1%82%D1%8C", "filename*=UTF-8''%D0%BD%D0%B5%D1%84%D1%82%D1%8C.csv"),
        ("", 'filename="searcher.csv"'),
    ],
)
def test_a_file_is_named_by_what_was_asked(client: TestClient, asked: str, name: str) -> None:
    assert f"attachment; {name}" == client.get(f"/export/csv?{asked}").headers["content-disposition"]


def test_what_has_any_of_the_words(client: TestClient) -> None:
    assert 3 == len(client.get("/export/csv?q=dockers+drilling").text.splitlines())


def test_one_article_for_a_bibliography(client: TestClient) -> None:
    assert client.get("/cite/ris/deep").text.startswith(
        "TY  - NEWS\r\nTI  - Drilling chief leaves Norvane\r\n"
    )
    assert [404, 404] == [client.get(path).status_code for path in ("/cite/csv/deep", "/export/docx")]


# For programs


def test_the_interface(client: TestClient) -> None:
    found, said, once, one, facet = (
        client.get(f"/api/{path}").json()
        for path in (
            "search?q=dockers",
            "quotes?said_by=Mara+Lindqvist",
            "statements?said_by=Mara+Lindqvist",
            "article/deep",
            "facets/person?_find=mara",
        )
    )

    assert ("searcher.search/1", 1) == (found["schema"], found["total"])
    assert ("searcher.quotes/1", 1) == (said["schema"], said["total"])
    assert ("searcher.statements/1", 1) == (once["schema"], once["total"])
    assert ("searcher.article/1", "deep") == (one["schema"], one["id"])
    assert [{"value": "Mara Lindqvist", "count": 1, "selected": False}] == facet["values"]


def test_statements_are_counted_by_facet(client: TestClient) -> None:
    found = client.get("/api/statements?facet=source&said_by=Mara+Lindqvist").json()["facets"]

    assert [{"value": "Harbour Post", "count": 1, "selected": False}] == found["source"]
    assert 400 == client.get("/api/quotes?facet=source").status_code


@pytest.mark.parametrize("asked", ["facet=speaker&facet=year", "facet=speaker,year", "facets=speaker,+year"])
def test_facets_are_named_one_by_one_or_with_commas(client: TestClient, asked: str) -> None:
    assert ["speaker", "year"] == list(client.get(f"/api/statements?{asked}").json()["facets"])


@pytest.mark.parametrize(
    ("path", "status"), [("search?q=person:", 400), ("search?x=1", 400), ("article/none", 404)]
)
def test_its_errors_are_data_too(client: TestClient, path: str, status: int) -> None:
    answer = client.get(f"/api/{path}")

    assert status == answer.status_code
    assert list(answer.json()) == ["error"]


def test_its_description_names_every_path(client: TestClient) -> None:
    from starlette.routing import Route

    described = client.get("/api/openapi.json").json()["paths"]
    routes = client.app.routes  # type: ignore[attr-defined]
    served = {one.path.replace(":path", "") for one in routes if isinstance(one, Route)}

    assert set(described) == {path for path in served if path.startswith("/api/")}


def test_what_nobody_foresaw_is_a_page(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Index, "search", lambda *_, **__: 1 / 0)
    client = TestClient(create_app(index, Access()), base_url=HERE, raise_server_exceptions=False)

    answer = client.get("/?q=harbour")
    assert (500, True) == (answer.status_code, "Something is wrong" in answer.text)


# Versions


def test_versions_of_a_page_are_linked_and_compared(serve: Serve, index: Index, tmp_path: Path) -> None:
    for name, day in (("a", "Monday"), ("b", "Tuesday")):
        body = f"The ferry to Tallow Island sails again from {day}, the harbour board said in the evening."
        record = {"url": "https://meridian.example/ferry", "title": "Ferry", "body": body}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(record))
    index.load([tmp_path], workers=1, keep_versions=True)
    [id, _] = [article.id for article in index.articles if article.title == "Ferry"]
    client = serve()
    [to] = attributes(page_of(client, f"/article/{id}"), ".facts a[href^='/versions']", "href")
    page = page_of(client, to)

    assert (["2 versions"], ["removed: Monday,"], ["added: Tuesday,"]) == tuple(
        texts(page, one) for one in ("h2", "del", "ins")
    )

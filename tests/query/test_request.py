"""The request: what it takes, what it refuses, and that it survives being written down."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import UsageError
from searcher.query.language import plain
from searcher.query.request import DEFAULT_MIN_CONFIDENCE, Search
from searcher.query.tree import Filter, Not, Or, Term


@pytest.mark.parametrize(
    ("chained", "keywords"),
    [
        (Search("fire").where(person="Ada Quill"), Search("fire", person="Ada Quill")),
        (Search("fire").where({"person": ["Ada Quill"]}), Search("fire", where={"person": "Ada Quill"})),
        (Search("fire").without(source=["A", "B"]), Search("fire", exclude={"source": ["A", "B"]})),
        (Search("fire").in_period("2024-09", None), Search("fire", after=dt.date(2024, 9, 1))),
        (Search("fire").in_period(None, "2024"), Search("fire", before="2024-12-31")),
        (Search("fire").any_word(), Search("fire", match="any")),
        (Search("fire").collapsed(), Search("fire", collapse=True)),
        (Search("fire").sorted_by("oldest"), Search("fire", sort="oldest")),
        (Search("fire").page(5, 10), Search("fire", limit=5, offset=10)),
        (Search("fire").with_facets("people"), Search("fire", facets=["person"])),
        (Search("fire").in_quotes(), Search("fire", quotes=True)),
        (Search("fire").in_quotes("indirect"), Search("fire", quotes=True, kinds=["indirect"])),
        (
            Search("fire").said_by("Quill", min_confidence=0.5),
            Search("fire", said_by="Quill", min_confidence=0.5),
        ),
        (Search("fire", limit=5).replace("ice"), Search("ice", limit=5)),
    ],
)
def test_chaining_and_keywords_make_the_same_search(chained: Search, keywords: Search) -> None:
    assert keywords == chained


def test_more_values_of_a_field_are_more_alternatives() -> None:
    search = Search("fire", person="Quill").where({"org": "Norvane"}, person=["Moss", "Quill"])

    assert (Filter("person", ("Quill", "Moss")), Filter("organisation", ("Norvane",))) == search.filters


def test_replacing_a_field_leaves_the_others() -> None:
    search = Search(person="Quill", source="Gazette", exclude={"tag": "sport"}).replace(person=["Moss"])

    assert Search(person="Moss", source="Gazette", exclude={"tag": "sport"}) == search


def test_a_field_without_values_does_not_narrow() -> None:
    assert Search() == Search(person=[], exclude={"source": ()}).where(tag=[])


def test_numbers_of_numpy_are_numbers() -> None:
    search = Search(limit=np.int64(5), said_by="Quill", min_confidence=np.float32(0.5))  # type: ignore[arg-type]

    assert Search(limit=5, said_by="Quill", min_confidence=0.5) == search
    assert '{"quotes": true, "said_by": ["Quill"], "min_confidence": 0.5, "limit": 5}' == json.dumps(
        search.to_dict()
    )


def test_a_text_is_read_by_its_match() -> None:
    assert Or((Term("fire"), Term("ice"))) == Search("fire -ice", match="any").tree()


def test_speakers_need_confidence_unless_it_is_given() -> None:
    asked = Search(), Search(said_by="Quill"), Search(said_by="Quill", min_confidence=0)

    assert [0.0, DEFAULT_MIN_CONFIDENCE, 0.0] == [search.effective_min_confidence for search in asked]


def test_fields_of_which_all_values_are_meant_stand_in_one_order() -> None:
    search = Search(source=["Gazette"], person=["Quill", "Moss"], match_all=["source", "people", "person"])

    assert ("person", "source") == search.match_all
    assert "person=Quill&person=Moss&source=Gazette&match_all=person&match_all=source" == search.to_url()


@pytest.mark.parametrize(
    "search",
    [
        Search("ice", match_all=["person"]).where(person=["Quill", "Moss"]),
        Search("ice", match_all=["person"]).replace(person=["Quill", "Moss"]),
        Search("ice").replace(match_all=["person"]).where(person="Quill").where(person="Moss"),
        Search("ice", person="Bo", match_all=["person"]).replace(person=[]).where(person=["Quill", "Moss"]),
        Search.from_dict(Search("ice", match_all=["person"]).to_dict()).where(person=["Quill", "Moss"]),
    ],
)
def test_all_values_are_meant_that_come_later(search: Search) -> None:
    assert Search("ice", person=["Quill", "Moss"], match_all=["person"]) == search


def test_a_field_without_values_does_not_narrow_by_all_of_them() -> None:
    search = Search(person=["Quill", "Moss"], match_all=["person", "tag"])

    assert {"person": ["Quill", "Moss"], "match_all": ["person"]} == search.narrowing_arguments()
    assert {} == Search(match_all=["tag"]).narrowing_arguments()


def test_the_core_decides_what_is_found() -> None:
    core = Search("fire", person="Quill", sort="newest")

    assert core == core.page(5, 5).with_facets("person").collapsed().replace(explain=True).core()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"sort": "best"}, "sort must be “relevance”, “newest” or “oldest”, not “best”"),
        ({"match": "some"}, "match must be “all” or “any”, not “some”"),
        ({"quotes": True, "kinds": "direct"}, r"kinds must be a list of names: write \['direct'\]"),
        (
            {"quotes": True, "kinds": ["nonsense"]},
            "kinds must be “direct”, .*“indirect” or “speech”",
        ),
        ({"quotes": True, "kinds": []}, "kinds must be"),
        ({"quotes": True, "min_confidence": 7}, "min_confidence must be a number from 0 to 1, not 7"),
        ({"quotes": True, "min_confidence": float("nan")}, "min_confidence must be a number from 0 to 1"),
        (
            {"quotes": True, "min_confidence": "high"},
            "min_confidence must be a number from 0 to 1, not “high”",
        ),
        ({"min_confidence": 0.5}, "require a search for quotations"),
        ({"about": "ice"}, "require a search for quotations"),
        ({"quotes": True, "about": None}, "about must be text, not None"),
        ({"match_all": "person"}, r"match_all must be a list of names: write \['person'\]"),
        ({"match_all": ["persn"]}, "There is no field “persn”"),
        ({"match_all": ["title"]}, "is not a field to filter by"),
        ({"said_by": "Quill", "explain": True}, "works only for articles"),
        ({"facets": "person"}, r"facets must be a list of names: write \['person'\]"),
        ({"facets": ["story"]}, "“story” is not a facet. Facets: person, organisation, speaker, place, "),
        ({"facets": ["persn"]}, "There is no field “persn”. Did you mean “person”?"),
        ({"facets": None}, "facets must be a list of names, not None"),
        ({"year": 2024}, "year must be text or a list of texts, not 2024"),
        ({"year": [2024]}, "year must contain only text, not 2024"),
        ({"person": 5}, "person must be text or a list of texts, not 5"),
        ({"person": None}, "person must be text or a list of texts, not None"),
        ({"person": {"Quill": 1}}, "person must be text or a list of texts"),
        ({"persn": "Quill"}, "There is no field “persn”"),
        ({"title": "fire"}, "is not a field to filter by"),
        ({"where": ["person"]}, "where must map names"),
        ({"exclude": "person"}, "exclude must map names"),
        ({"limit": "x"}, "limit must be a whole number, 0 or more, not “x”"),
        ({"limit": -1}, "limit must be a whole number, 0 or more, not -1"),
        ({"limit": 2.5}, "limit must be a whole number, 0 or more, not 2.5"),
        ({"offset": None}, "offset must be a whole number, 0 or more, not None"),
        ({"offset": True}, "offset must be a whole number, 0 or more, not True"),
        ({"after": 2024}, "after must be a date"),
        ({"after": "soon"}, "after: “soon” is not a date"),
        ({"after": "2024-01..2024-02"}, "is not a date"),
        ({"after": "2024-02", "before": "2024-01"}, "must not be later than"),
        ({"snippets": "no"}, "snippets must be True or False, not “no”"),
        ({"collapse": None}, "collapse must be True or False, not None"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        Search("fire", **arguments)


@pytest.mark.parametrize("query", [None, 5, b"fire", ["fire"]])
def test_a_query_is_text_or_a_tree(query: Any) -> None:
    with pytest.raises(UsageError, match="The query must be text or a tree"):
        Search(query)


VALUES = st.lists(st.text(max_size=5), max_size=3)
FIELDS = st.dictionaries(st.sampled_from(["person", "source", "year", "org"]), VALUES)
DAYS = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2009, 12, 31))
COMMON: dict[str, Any] = {
    "where": FIELDS,
    "exclude": FIELDS,
    "after": DAYS,
    "before": DAYS.map(lambda day: day and day + dt.timedelta(days=3653)),
    "match_all": st.lists(st.sampled_from(["person", "source", "year", "org"]), unique=True),
    "match": st.sampled_from(["all", "any"]),
    "sort": st.sampled_from(["relevance", "newest", "oldest"]),
    "limit": st.none() | st.integers(0, 50),
    "offset": st.integers(0, 50),
    "snippets": st.booleans(),
}
ARTICLES = st.fixed_dictionaries(
    {},
    optional={
        **COMMON,
        "facets": st.lists(st.sampled_from(["person", "year"])),
        "collapse": st.booleans(),
        "explain": st.booleans(),
        "translate": st.booleans(),
    },
)
QUOTES = st.fixed_dictionaries(
    {"quotes": st.just(True)},
    optional={
        **COMMON,
        "said_by": VALUES,
        "about": st.text(max_size=5),
        "kinds": st.lists(st.sampled_from(["direct", "partial", "indirect"]), min_size=1),
        "min_confidence": st.none() | st.floats(0, 1),
    },
)
SEARCHES = st.builds(lambda text, arguments: Search(text, **arguments), st.text(), ARTICLES | QUOTES)


@given(SEARCHES)
def test_a_search_is_read_back_from_json(search: Search) -> None:
    assert search == Search.from_dict(json.loads(json.dumps(search.to_dict())))


@given(SEARCHES)
def test_a_search_is_read_back_from_a_url(search: Search) -> None:
    assert search == Search.from_url(search.to_url())


@given(SEARCHES)
def test_equal_searches_have_the_same_url(search: Search) -> None:
    assert search.to_url() == Search.from_dict(search.to_dict()).to_url()


def test_a_url_is_written_in_one_order() -> None:
    search = Search(
        "fire & ice", limit=5, source="Gazette", person=["Ada Quill", "Moss"], exclude={"tag": "x"}
    )

    assert "q=fire+%26+ice&person=Ada+Quill&person=Moss&source=Gazette&not_tag=x&limit=5" == search.to_url()


def test_a_tree_is_written_as_text() -> None:
    search = Search(Not(Term("fire")))

    assert search.tree() == Search.from_url(search.to_url()).tree()


def test_a_tree_of_any_words_cannot_be_written() -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        Search(Term("fire"), match="any").to_dict()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("q=fire&sort=best", "sort must be"),
        ("q=fire&limit=many", "limit must be a whole number, 0 or more, not “many”"),
        ("q=fire&collapse=perhaps", "collapse must be True or False"),
        ("q=fire&q=ice", "q occurs twice"),
        ("persn=red", "There is no field “persn”"),
        ("q=%FF", "UTF-8"),
    ],
)
def test_a_url_that_makes_no_sense_is_refused(url: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        Search.from_url(url)


@pytest.mark.parametrize(
    ("url", "match_all"),
    [
        ("match_all=", ()),
        ("match_all=people, source", ("person", "source")),
        ("match_all=tag&match_all=tag,", ("tag",)),
    ],
)
def test_fields_may_stand_in_one_pair_of_a_url(url: str, match_all: tuple[str, ...]) -> None:
    assert match_all == Search.from_url(url).match_all


def test_a_url_is_read_from_pairs_too() -> None:
    pairs = [("q", "fire"), ("person", "Moss"), ("facet", "year, month"), ("collapse", "true")]

    assert Search("fire", person="Moss", facets=["year", "month"], collapse=True) == Search.from_url(pairs)


@pytest.mark.parametrize("data", [None, [], "fire", {"limit": "x"}, {"query": 5}, {"sort": []}])
def test_data_that_is_no_search_is_refused(data: Any) -> None:
    with pytest.raises(UsageError):
        Search.from_dict(data)


def test_a_search_shows_what_it_asks_for() -> None:
    search = Search("fire", person="Quill", after="2024-09", limit=5)

    assert "Search('fire', person=['Quill'], after='2024-09-01', limit=5)" == repr(search)


def test_words_of_operators_survive_a_correction_of_plain_words() -> None:
    search = Search("hands AND fete", match="any").corrected({"fete": "feet"})

    assert plain("hands AND feet") == search.tree()

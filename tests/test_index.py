from __future__ import annotations

import datetime as dt
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import searcher
from searcher import Article, Curation, Index, IndexMissing, Mention, Quote, UsageError, locations, plugins
from searcher.engines.base import OpenedIndex
from searcher.engines.memory import MemoryEngine
from searcher.ingest.stories import Stories
from searcher.names import decisions
from searcher.names.table import Identities
from searcher.query.time_units import label
from searcher.query.tree import Term, TimeUnit
from searcher.records.store import Store
from searcher.textfiles import MemoryTexts
from tests.ingest.test_minhash import WIRE

BODY = "“It is a dead end,” Ada Quill of Norvane said. The harbour board voted on the plan."
QUOTE = Quote("It is a dead end,", "Ada Quill", "direct", 1, 18, 0.9, "person")
ARTICLES = (
    Article(
        "1",
        "Harbour plan",
        BODY,
        source="The Daily",
        published=dt.datetime(2024, 5, 1),
        mentions=(Mention("Ada Quill", "person", 20, 29), Mention("Norvane", "organisation", 33, 40)),
        quotes=(QUOTE,),
    ),
    Article("2", "Bridges", "The bridge will open in spring, Bo Quill wrote.", source="The Weekly"),
    Article(
        "3",
        "Rates",
        "Banks raised their rates on Monday.",
        source="The Daily",
        published=dt.datetime(2025, 2, 1),
    ),
)


@pytest.fixture
def index(empty_index: Index) -> Index:
    empty_index.add(ARTICLES, annotate=False)
    return empty_index


def ids(results: searcher.Results) -> list[str]:
    return [hit.article.id for hit in results]


def test_all_words_are_required(index: Index) -> None:
    assert (["1"], False) == (ids(found := index.search("harbour plan")), found.relaxed)


def test_a_question_is_searched_for_its_words_and_read_only_if_asked(index: Index) -> None:
    question = "Was sagt Quill über den harbour?"

    reading = index.hints.read_question(question)

    assert index.search(question).relaxed
    assert reading
    assert (True, ("Ada Quill",)) == (reading.search.quotes, reading.search.speakers)


def test_if_nothing_has_all_words_any_will_do_and_it_is_said(index: Index) -> None:
    found = index.search("bridge rates")

    assert ({"2", "3"}, True) == (set(ids(found)), found.relaxed)


def test_a_misspelled_word_finds_nothing_and_has_a_suggestion(index: Index) -> None:
    found = index.search("harbuor")

    assert (0, {"harbuor": "harbour"}) == (found.total, found.suggestions)


def test_a_suggestion_is_searched_for(index: Index) -> None:
    search = searcher.Search("harbuor")

    assert ["1"] == ids(index.search(search.corrected(index.search(search).suggestions)))


def test_nothing_is_suggested_for_exact_words(index: Index) -> None:
    assert {} == index.search('"harbuor"').suggestions


def test_any_of_the_words_may_be_misspelled(index: Index) -> None:
    search = searcher.Search("harbuor zyx", match="any")

    assert ["1"] == ids(index.search(search.corrected({"harbuor": "harbour"})))


@pytest.mark.parametrize("method", ["count", "scan", "timeline"])
def test_nothing_counts_or_lists_another_word(index: Index, method: str) -> None:
    found = getattr(index, method)("harbuor")

    assert not (found if method != "scan" else list(found))


SYNONYMS = searcher.Synonyms.parse("quay => harbour\nharbuor, Norvane\nshort-sighted idea, dead end")


def test_synonyms_are_found_and_marked(index: Index) -> None:
    index.synonyms = SYNONYMS
    (hit,) = index.search("quay plan")

    assert (((0, 7), (8, 12)), ["harbour", "plan"]) == (
        hit.title_marks,
        [hit.snippets[0].text[a:b] for a, b in hit.snippets[0].marks],
    )


def test_nothing_is_suggested_for_a_word_with_synonyms(index: Index) -> None:
    index.synonyms = SYNONYMS
    found = index.search("harbuor")

    assert (1, {}) == (found.total, found.suggestions)


def test_quotations_have_synonyms(index: Index) -> None:
    index.synonyms = SYNONYMS

    assert 1 == index.quotes("short-sighted idea").total


def test_exact_words_have_no_synonyms(index: Index) -> None:
    index.synonyms = SYNONYMS

    assert 0 == index.search('"quay"').total


@pytest.mark.parametrize("match", ["all", "any"])
def test_several_words_are_one_entry(index: Index, match: Any) -> None:
    index.synonyms = SYNONYMS

    assert ["1"] == ids(index.search("short-sighted idea", match=match))


def test_any_of_the_words_counts_several_as_one_entry_too(index: Index) -> None:
    index.synonyms = SYNONYMS
    found = index.search("rates short-sighted idea")

    assert ({"1", "3"}, True) == (set(ids(found)), found.relaxed)


def test_synonyms_stay_with_the_index_when_it_is_rebuilt(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "index") as made:
        made.add(ARTICLES, annotate=False)
        made.synonyms = SYNONYMS
        made.rebuild(workers=1)
    with searcher.open_index(tmp_path / "index") as again:
        assert (SYNONYMS.rules, ["1"]) == (again.synonyms.rules, ids(again.search("quay")))


def test_any_takes_the_text_as_plain_words(index: Index) -> None:
    assert ["2"] == ids(index.search("(bridge AND", match="any"))


def test_narrowing_and_leaving_out(index: Index) -> None:
    assert ["3"] == ids(index.search("", source="The Daily", exclude={"person": "Quill"}))


def test_days_are_included_at_both_ends(index: Index) -> None:
    assert ["1"] == ids(index.search(after="2024-05-01", before=dt.date(2024, 5, 1)))


def test_facets_keep_the_other_values_of_their_own_selection(index: Index) -> None:
    facet = index.search("", source="The Weekly", facets=["source"]).facets["source"]

    assert [("The Daily", 2, False), ("The Weekly", 1, True)] == [
        (v.value, v.count, v.selected) for v in facet.values
    ]


BESIDE = Article(
    "4",
    "Bridge and harbour",
    "Ada Quill met Bo Quill and Cy Moss.",
    mentions=(
        Mention("Ada Quill", "person", 0, 9),
        Mention("Bo Quill", "person", 14, 22),
        Mention("Cy Moss", "person", 27, 34),
    ),
)


@pytest.mark.parametrize(
    ("match_all", "found", "beside"),
    [
        ([], ["1", "4"], {"Ada Quill": 2, "Bo Quill": 1, "Cy Moss": 1}),
        (["person"], ["4"], {"Ada Quill": 1, "Bo Quill": 1, "Cy Moss": 1}),
    ],
)
def test_any_of_the_values_or_every_one(
    index: Index, match_all: list[str], found: list[str], beside: dict[str, int]
) -> None:
    index.add([BESIDE], annotate=False)
    asked = searcher.Search(person=["Ada Quill", "Bo Quill"], match_all=match_all, facets=["person"])
    results = index.search(asked)

    assert found == ids(results)
    assert beside == results.facets["person"].values.counts
    assert ["Ada Quill", "Bo Quill"] == [one.value for one in results.facets["person"].values.selected]
    assert len(found) == index.count(asked) == len(list(index.scan(asked)))


RUN_BY_MANY = (
    Article("w1", "Ferries", WIRE, source="Heron Wire"),
    Article(
        "w2", "Ferries to sail in June", f"TALLOW BAY (Heron) – {WIRE} More follows.", source="The Daily"
    ),
    Article("w3", "Boats", WIRE.replace("much trade", "much of their trade"), source="The Weekly"),
    Article("w4", "Boats", WIRE.replace("on Tuesday", "yesterday"), source="The Weekly"),
    Article("o1", "Ice", "Ice closed the harbour in November.", source="The Daily"),
)


@pytest.mark.parametrize(
    ("query", "total", "articles", "sources"),
    [
        ("ferry", 1, 4, {"Heron Wire": 1, "The Daily": 1, "The Weekly": 1}),
        ("ice harbour november", 2, 5, {"Heron Wire": 1, "The Daily": 2, "The Weekly": 1}),
        ("yesterday", 1, 1, {"The Weekly": 1}),
        ("dollars", 0, 0, {}),
    ],
)
def test_copies_of_a_story_count_once(
    index: Index, query: str, total: int, articles: int, sources: dict[str, int]
) -> None:
    index.add(Stories(Store(None)).assign(RUN_BY_MANY), annotate=False)
    found = index.search(query, collapse=True, facets=["source"])

    assert (total, total, articles) == (found.total, len(found), found.articles)
    assert sources == {value.value: value.count for value in found.facets["source"].values}


def test_a_story_is_shown_by_its_best_copy(index: Index) -> None:
    index.add(Stories(Store(None)).assign(RUN_BY_MANY), annotate=False)

    assert ["w2"] == ids(index.search("sail june", collapse=True))


def test_hits_bring_snippets_with_marks(index: Index) -> None:
    (hit,) = index.search("harbour voted")
    (snippet,) = hit.snippets

    assert ["harbour", "voted"] == [snippet.text[a:b] for a, b in snippet.marks]
    assert ((0, 7),) == hit.title_marks


def test_a_page_of_the_newest(index: Index) -> None:
    assert ["1", "2"] == ids(index.search(sort="newest", limit=2, offset=1))


def test_a_tree_is_a_query_too(index: Index) -> None:
    assert ["3"] == ids(index.search(Term("bank")))


def test_the_score_is_the_sum_of_its_explanation(index: Index) -> None:
    (hit,) = index.search("harbour plan", explain=True)

    assert hit.score == pytest.approx(sum(points for _, points in hit.explanation))
    assert hit.score > 0


def test_quotations_by_words_and_speaker(index: Index) -> None:
    (said,) = index.quotes("dead end", speaker="quill")

    assert (QUOTE, "Ada Quill", "1", ((8, 12), (13, 16))) == (
        said.quote,
        said.speaker,
        said.article.id,
        said.marks,
    )
    assert ("“", "”") == (said.before, said.after[0])


def test_the_text_around_a_quotation_is_cut_at_words(index: Index) -> None:
    around = "harbour " * 30
    start = len(around) + 1
    quote = Quote("Sail", None, "direct", start, start + 4)
    index.add([Article("9", "Ferries", f"{around}“Sail” {around}", quotes=(quote,))], annotate=False)

    (said,) = index.quotes("sail")

    assert (("harbour " * 19) + "“", "” " + "harbour " * 18 + "harbour") == (said.before, said.after)


@pytest.mark.parametrize(
    ("about", "found"), [("board", 1), ("bridge", 0), ("title:plan -banks", 1), ('"harbour voted"', 0)]
)
def test_what_the_article_of_a_quotation_is_about(index: Index, about: str, found: int) -> None:
    search = searcher.Search(said_by="Quill", about=about)

    assert found == index.quotes(search).total == index.count(search) == len(list(index.scan_quotes(search)))
    assert found == index.statements(search.with_facets("source")).facets["source"].values.counts.get(
        "The Daily", 0
    )


def test_a_suggestion_for_what_it_is_about_is_searched_for_and_marked(index: Index) -> None:
    search = searcher.Search("dead", quotes=True, about="harbuor")
    suggestions = index.quotes(search).suggestions
    search = search.corrected(suggestions)

    assert {"harbuor": "harbour"} == suggestions
    assert ["dead", "harbour"] == [
        BODY[start:end] for start, end in index.articles.matches(ARTICLES[0], search)[1]
    ]


@pytest.mark.parametrize("match", ["all", "any"])
def test_what_it_is_about_is_read_the_same_however_the_words_match(index: Index, match: Any) -> None:
    index.synonyms = SYNONYMS
    found = index.quotes("dead", about="short-sighted OR idea", match=match)

    assert 0 == found.total  # the words are alternatives there, and none is an entry by itself


def test_quotations_of_somebody_else_are_none(index: Index) -> None:
    assert 0 == index.quotes("dead end", speaker="Bo Quill").total


def test_quotations_under_a_confidence_are_left_out(index: Index) -> None:
    assert 0 == index.quotes("dead", min_confidence=0.95).total


def test_a_speaker_who_is_hardly_known_is_not_said_to_have_said_it(index: Index) -> None:
    unsure = replace(QUOTE, confidence=0.3)
    index.add([replace(ARTICLES[0], quotes=(unsure,))], annotate=False)

    assert (0, 1, 1) == (
        index.quotes("dead", speaker="Quill").total,
        index.quotes("dead", speaker="Quill", min_confidence=0).total,
        index.quotes("dead").total,
    )


def test_deleting(index: Index) -> None:
    assert (2, 1, None) == (index.delete(["1", "3", "nothing"]), index.count(), index.articles.get("1"))


def test_one_id_alone_is_one_article(index: Index) -> None:
    index.add([Article("11", "Ferries")], annotate=False)

    assert (1, frozenset({"11"})) == (index.delete("11"), index.files.deleted_ids())
    assert (1, frozenset()) == (index.files.restore("11"), index.files.deleted_ids())
    assert (1, 1) == (index.tags.update("1", "read"), index.count(tag="read"))


@pytest.mark.parametrize("given", [str, Path], ids=["text", "Path"])
def test_one_path_alone_is_loaded(index: Index, tmp_path: Path, given: type) -> None:
    (tmp_path / "ferries.txt").write_text("Ferries sail\n\nThe ferries of Port Aurel sail again.\n", "utf-8")

    assert 1 == index.load(given(tmp_path / "ferries.txt"), workers=1).added


def test_adding_again_updates(index: Index) -> None:
    report = index.add([Article("1", "New"), Article("4", "Newer")], annotate=False)

    assert (1, 1, "New") == (report.added, report.updated, index.articles.get("1").title)  # type: ignore[union-attr]


def test_values_of_a_field(index: Index) -> None:
    assert {"The Daily": 2, "The Weekly": 1} == dict(index.values("source"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda ix: ix.search("x", nothing="y"),
        lambda ix: ix.search("x", facets=["nothing"]),
        lambda ix: ix.search("x", after="spring"),
        lambda ix: ix.search("x", limit=-1),
        lambda ix: ix.search("x", match="some"),
        lambda ix: ix.values("date"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(index: Index, ask: object) -> None:
    with pytest.raises(UsageError):
        ask(index)  # type: ignore[operator]


def test_results_are_json_ready_and_detached(index: Index) -> None:
    results = index.search("plan", facets=["person"])
    index.close()

    assert "Harbour plan" == json.loads(json.dumps(results.to_dict()))["hits"][0]["title"]


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="searcher index"):
        searcher.open_index(tmp_path / "none", create=False)


def test_threads_share_an_index(index: Index) -> None:
    totals: list[int] = []

    def work(number: int) -> None:
        index.add([Article(f"t{number}", f"Thread {number}", "harbour")], annotate=False)
        totals.append(index.search("harbour").total)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (8, 11, 9) == (len(totals), index.count(), max(totals))


def test_another_process_sees_the_last_commit(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as mine, searcher.open_index(tmp_path) as other:
        mine.add(ARTICLES, annotate=False)
        before = other.count()
        mine.delete(["1"])

        assert (3, 2) == (before, other.count())


def test_curation_is_applied_at_once_and_kept(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as ix:
        ix.add(ARTICLES, annotate=False)
        ix.names.decide(ix.names.decisions.merge("person", "A. Quill", ["Ada Quill"]))
        at_once = dict(ix.values("person"))
    with searcher.open_index(tmp_path) as again:
        assert ({"A. Quill": 1}, {"A. Quill": 1}) == (at_once, dict(again.values("person")))


def test_hits_come_without_passages_where_none_are_wanted(index: Index) -> None:
    (hit,) = index.search("harbour", snippets=False)

    assert ("1", (), ()) == (hit.article.id, hit.snippets, hit.title_marks)


def test_without_words_the_newest_come_first(index: Index) -> None:
    assert [["3", "1", "2"], ["3", "1"]] == [
        [hit.article.id for hit in index.search(query, source=["The Daily", "The Weekly"])]
        for query in ("", "after:2024")
    ]


def test_quotations_without_words_come_newest_first(index: Index) -> None:
    index.add([replace(ARTICLES[0], id="4", published=dt.datetime(2025, 5, 1))], annotate=False)

    assert ["4", "1"] == [hit.article.id for hit in index.quotes(speaker="Quill")]


# Requests


def test_a_request_is_asked_as_its_keywords_are(index: Index) -> None:
    search = searcher.Search("harbour", source="The Daily", facets=["source"])

    assert index.search("harbour", source="The Daily", facets=["source"]) == index.search(search)


def test_keywords_beside_a_request_replace_its_own(index: Index) -> None:
    search = searcher.Search(source="The Daily", limit=1)

    assert ["2"] == ids(index.search(search, source="The Weekly"))
    assert 2 == len(index.search(search, limit=5))


def test_quotations_are_asked_for_by_a_request(index: Index) -> None:
    (hit,) = index.quotes(searcher.Search("dead end").said_by("Quill"))

    assert "Ada Quill" == hit.speaker


def test_any_word_of_a_quotation_will_do(index: Index) -> None:
    assert 1 == index.quotes("dead -end zebra", match="any").total


def test_a_request_for_quotations_is_not_answered_by_articles(index: Index) -> None:
    with pytest.raises(UsageError, match=r"Index\.quotes"):
        index.search(searcher.Search("dead").in_quotes())


@pytest.mark.parametrize(
    "arguments",
    [{"sort": "best"}, {"year": 2024}, {"person": None}, {"facets": "person"}, {"limit": "x"}],
)
def test_an_argument_that_makes_no_sense_is_a_usage_error(index: Index, arguments: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        index.search("harbour", **arguments)


@pytest.mark.parametrize("arguments", [{"kinds": "direct"}, {"kinds": ["nonsense"]}, {"min_confidence": 7}])
def test_quotations_that_cannot_be_are_a_usage_error(index: Index, arguments: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        index.quotes("dead", **arguments)


def test_articles_stories_and_quotations_are_counted(index: Index) -> None:
    said = searcher.Search("dead end").in_quotes()

    assert (3, 1, 2, 1) == (
        index.count(),
        index.count("harbour"),
        index.count(source="The Daily"),
        index.count(said),
    )


def test_a_count_requires_all_words(index: Index) -> None:
    assert (2, 0) == (index.search("bridge rates").total, index.count("bridge rates"))


def test_a_scan_gives_every_hit_in_order(index: Index) -> None:
    assert ["3", "1", "2"] == [hit.article.id for hit in index.scan(sort="newest")]
    assert ["1"] == [hit.article.id for hit in index.scan(sort="newest", limit=1, offset=1)]


def test_a_scan_has_passages_unless_told_otherwise(index: Index) -> None:
    marked, bare = (next(index.scan("harbour", snippets=shown)) for shown in (True, False))

    assert marked.snippets
    assert not bare.snippets


def test_a_scan_does_not_see_what_comes_later(index: Index) -> None:
    hits = index.scan()
    index.delete(["1", "2", "3"])

    assert 3 == len(list(hits))


def test_quotations_are_scanned(index: Index) -> None:
    assert ["Ada Quill"] == [hit.speaker for hit in index.scan_quotes("dead", speaker="Quill")]


def test_quotations_of_less_certain_speakers_are_counted(index: Index) -> None:
    found = index.quotes("dead", min_confidence=0.95)

    assert (0, 1) == (found.total, found.below_confidence)


def test_nodes_of_the_query_tree_are_public(index: Index) -> None:
    assert ["1"] == ids(index.search(searcher.query.Phrase("harbour board")))


# Life


def test_a_closed_index_says_so(index: Index) -> None:
    index.close()
    uses = (
        index.search,
        index.quotes,
        index.count,
        lambda: list(index.articles),
        lambda: index.add([]),
        index.files.deleted_ids,
    )
    for use in uses:
        with pytest.raises(UsageError, match="closed"):
            use()


def test_closing_twice_is_no_mistake(index: Index) -> None:
    index.close()
    index.close()


def test_an_open_index_sees_synonyms_that_another_one_adds(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as one, searcher.open_index(tmp_path) as other:
        one.add(ARTICLES, annotate=False)
        before = one.search("quay").total
        other.synonyms = SYNONYMS

        assert (0, 1) == (before, one.search("quay").total)


def test_an_open_index_sees_decisions_that_another_one_makes(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as one, searcher.open_index(tmp_path) as other:
        one.add(ARTICLES, annotate=False)
        before = one.search(person="Countess Quill").total
        other.names.decide(other.names.decisions.merge("person", "Countess Quill", ["Ada Quill"]))

        assert (0, 1) == (before, one.search(person="Countess Quill").total)
        assert ["Countess Quill"] == list(one.values("person"))


def test_what_is_edited_by_hand_is_read_again(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as made:
        made.add(ARTICLES, annotate=False)
        made.names.decide(made.names.decisions.ignore("person", "Ada Quill"))
        (tmp_path / "names.txt").write_text("# Nobody is left out.\n", "utf-8")

        assert ["Ada Quill"] == list(made.values("person"))


def test_decisions_that_cannot_be_understood_leave_those_before_in_force(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as made:
        made.names.decide(made.names.decisions.merge("person", "Countess Quill", ["Ada Quill"]))
        made.add(ARTICLES, annotate=False)
        (tmp_path / "names.txt").write_text("who knows", "utf-8")

        assert ["Countess Quill"] == list(made.values("person"))
    with searcher.open_index(tmp_path) as again:
        assert ["Countess Quill"] == list(again.values("person"))
        assert [True] == ["Line 1" in warning for warning in again.names.warnings]
        with pytest.raises(searcher.IndexDamaged, match="Line 1"):
            _ = again.names.decisions


def test_hits_have_the_names_that_facets_count(index: Index) -> None:
    index.names.decide(index.names.decisions.merge("person", "Countess Quill", ["Ada Quill"]))
    found = index.search(person="Ada Quill", facets=("person",))

    assert [("Countess Quill",)] == [hit.people for hit in found]
    assert {"Countess Quill": 1} == dict(found.facets["person"].values.counts)
    assert ["Countess Quill"] == found.to_dict()["hits"][0]["people"]
    assert ("Countess Quill",) == index.names.resolve_article(found.hits[0].article).people


@pytest.mark.parametrize("location", ["foo://x", "solr+http://localhost:8983/news", "foo+bar://"])
def test_a_location_that_nothing_opens_is_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, location: str
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match="Nothing installed provides"):
        searcher.open_index(location)
    assert [] == list(tmp_path.iterdir())


def test_a_year_of_three_digits_has_its_place_in_time(index: Index) -> None:
    index.add([Article("1", "Annals", published=dt.datetime(987, 5, 1))], annotate=False)

    assert {dt.date(987, 1, 1): 1} == index.timeline("annals", "year")


def test_a_plugin_opens_locations_of_its_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def opened(location: str, *, identities: Identities, **options: Any) -> OpenedIndex:
        made.append((location, sorted(options)))
        return OpenedIndex(MemoryEngine(identities=identities))

    monkeypatch.setattr(
        plugins, "find", lambda group, name: {("searcher.engines", "foo"): opened}[group, name]
    )
    with searcher.open_index("foo+http://host/news") as index:
        index.add(ARTICLES, annotate=False)

        assert 3 == index.count()
    assert [("foo+http://host/news", ["create", "patience", "repair", "timeout"])] == made


def test_texts_that_a_plugin_opens_stand_beside_its_index(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = MemoryTexts()
    decisions.save(texts, Curation().merge("person", "Ada Quill", ["Countess"]))
    opened = OpenedIndex(MemoryEngine(identities=Identities()), texts)
    monkeypatch.setattr(plugins, "find", lambda *_: lambda *_, **__: opened)
    with searcher.open_index("foo://host/news") as index:
        index.synonyms = SYNONYMS
        index.add(
            [Article("1", body="Countess", mentions=(Mention("Countess", "person", 0, 8),))], annotate=False
        )

        assert {"Ada Quill": 1} == dict(index.values("person"))
    assert "quay => harbour" in texts.read(locations.SYNONYMS)


def test_all_matches_in_an_article() -> None:
    article = Article("a", "Fire at sea", "A fire broke out. Fires are rare. Ann Lee put the fire out.")
    with searcher.open_index(":memory:") as index:
        index.add([article], annotate=False)
        title, body = index.articles.matches(article, "fire", source="nowhere")

    assert ["Fire"] == [article.title[start:end] for start, end in title]
    assert ["fire", "Fires", "fire"] == [article.body[start:end] for start, end in body]


def test_how_many_match_over_time() -> None:
    days = {"a": "2024-05-06", "b": "2024-05-31", "c": "2025-01-01", "d": None}
    articles = [Article(id, "fire", "x", published=day, story="s") for id, day in days.items()]  # type: ignore[arg-type]
    with searcher.open_index(":memory:") as index:
        index.add(articles, annotate=False)
        years, months = index.timeline("fire"), index.timeline("fire", "month")
        weeks = index.timeline("fire", "week")
        stories = index.timeline("fire", "year", collapse=True)

    assert {dt.date(2024, 1, 1): 2, dt.date(2025, 1, 1): 1} == years
    assert {dt.date(2024, 5, 1): 2, dt.date(2025, 1, 1): 1} == months
    assert {dt.date(2024, 5, 6): 1, dt.date(2024, 5, 27): 1, dt.date(2024, 12, 30): 1} == weeks
    assert {dt.date(2024, 1, 1): 1, dt.date(2025, 1, 1): 1} == stories


def test_how_many_quotations_over_time() -> None:
    body = "“It burns,” said Ann Lee. “It burns well.”"
    quotes = [
        Quote(text, "Ann Lee", "direct", body.index(text), body.index(text) + len(text))
        for text in ("It burns,", "It burns well.")
    ]
    with searcher.open_index(":memory:") as index:
        index.add([Article("a", "Fire", body, published="2024-05-06", quotes=tuple(quotes))], annotate=False)  # type: ignore[arg-type]

        assert {dt.date(2024, 5, 1): 2} == index.timeline("burns", "month", quotes=True)
        assert {dt.date(2024, 5, 1): 1} == index.timeline("well", "month", said_by="Lee")


def test_how_many_statements_over_time() -> None:
    said = "Nothing of the quay will burn again."
    quote = Quote(said, "Ann Lee", "direct", 1, 1 + len(said))
    articles = [
        Article(str(n), "Fire", f"“{said}” Ann Lee said.", published=day, quotes=(quote,))  # type: ignore[arg-type]
        for n, day in enumerate(("2024-05-06", "2024-05-31", "2025-01-01", None))
    ]
    units: tuple[TimeUnit, ...] = ("year", "month", "week", "day")
    with searcher.open_index(":memory:") as index:
        index.add(articles, annotate=False)
        found = {unit: index.timeline("burn", unit, quotes=True, collapse=True) for unit in units}
        facets = index.statements("burn", facets=units).facets

    assert {dt.date(2024, 5, 1): 1, dt.date(2025, 1, 1): 1} == found["month"]
    for unit in units:
        assert {label(unit, day): n for day, n in found[unit].items()} == dict(facets[unit].values.counts)


@pytest.mark.parametrize(
    ("unit", "counts"),
    [
        ("month", {"2024-05": 2, "2025-01": 1}),
        ("week", {"2024-W19": 1, "2024-W22": 1, "2025-W01": 1}),
        ("day", {"2024-05-06": 1, "2024-05-31": 1, "2025-01-01": 1}),
    ],
)
def test_facets_of_units_of_time(unit: str, counts: dict[str, int]) -> None:
    days = ("2024-05-06", "2024-05-31", "2025-01-01", None)
    articles = [Article(str(n), "fire", published=day) for n, day in enumerate(days)]  # type: ignore[arg-type]
    with searcher.open_index(":memory:") as index:
        index.add(articles, annotate=False)
        found = index.search("fire", facets=["source", unit])

        assert ["source", unit] == list(found.facets)
        assert counts == {value.value: value.count for value in found.facets[unit].values}
        assert counts == {value: index.count(f"{unit}:{value}") for value in counts}


def test_facets_of_time_count_what_was_found_instead() -> None:
    article = Article("a", "fire", published="2024-05-06")  # type: ignore[arg-type]
    with searcher.open_index(":memory:") as index:
        index.add([article], annotate=False)
        found = index.search("fire flood", facets=["month"])

    assert (True, {"2024-05": 1}) == (found.relaxed, dict(found.facets["month"].values.counts))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("url:tarnby.example/news", {"list", "story"}),
        ("https://www.tarnby.example/news/pier?utm_source=mail", {"story"}),
        ("url:tarnby.example/ne", set()),
        ("-url:tarnby.example/news", {"other"}),
    ],
)
def test_an_address_finds_its_page_and_those_below_it(query: str, expected: set[str]) -> None:
    urls = {"list": "news", "story": "news/pier", "other": "newsroom"}
    articles = [Article(id, "", "Text.", url=f"https://tarnby.example/{path}") for id, path in urls.items()]
    with searcher.open_index(":memory:") as index:
        index.add(articles, annotate=False)

        assert expected == {hit.article.id for hit in index.search(query)}

"""An index on a cluster behind the facade and the commands: many people share what stands beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import searcher
from searcher import Article
from searcher.article import Mention
from searcher.cli.search import search
from searcher.cli.searcher import searcher as commands
from searcher.extensions.opensearch import ledger
from searcher.query.request import Search
from searcher.query.synonyms import Synonyms
from searcher.saved_searches import SavedSearches

ARTICLES = (
    Article("1", "Ferry sails", "The ferry sails.", mentions=(Mention("Ada Quill", "person", 0, 1),)),
    Article("2", "Harbour closed", "No boat sails.", mentions=(Mention("Countess", "person", 0, 1),)),
)


def test_what_one_decides_the_other_sees(location: str) -> None:
    with searcher.open_index(location) as one, searcher.open_index(location) as other:
        one.add(ARTICLES, annotate=False)
        before = dict(other.values("person"))
        one.names.decide(one.names.decisions.merge("person", "Ada Quill", ["Countess"]))
        one.synonyms = Synonyms.parse("ferry, boat\n")
    with searcher.open_index(location, create=False) as later:
        found = later.search("ferry", facets=("person",))

        assert {"Ada Quill": 1, "Countess": 1} == before
        assert (2, {"Ada Quill": 2}) == (found.total, dict(found.facets["person"].values.counts))


def test_decisions_hold_for_what_is_added_after_them(location: str) -> None:
    with searcher.open_index(location) as index:
        index.names.decide(index.names.decisions.merge("person", "Ada Quill", ["Countess"]))
    with searcher.open_index(location) as index:
        index.add(ARTICLES, annotate=False)
    with searcher.open_index(location) as index:
        assert {"Ada Quill": 2} == dict(index.values("person"))


def test_saved_searches_are_shared(location: str) -> None:
    with searcher.open_index(location) as one:
        one.add(ARTICLES[:1], annotate=False)
        SavedSearches.of(one).save("boats", Search("sails"), one)
        one.add(ARTICLES[1:], annotate=False)
    with searcher.open_index(location) as other:
        store = SavedSearches.of(other)
        (saved,) = store

        assert ["2"] == [hit.article.id for hit in store.new_hits(saved, other)]
        store.delete("boats")
        assert [] == list(SavedSearches.of(other))


def test_files_are_loaded_once_and_found_by_the_commands(location: str, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text("Ferry sails\n\nThe ferry sails at noon, people say.\n", "utf-8")
    run = CliRunner().invoke
    loading = ["index", "-i", location, "--set", "desk=foreign", "--json", str(tmp_path)]
    first, again = (json.loads(run(commands, loading).stdout) for _ in range(2))
    found = run(search, ["-i", location, "desk:foreign", "ferry", "--json"])

    assert [(1, 0), (0, 1)] == [(report["added"], report["files_unchanged"]) for report in (first, again)]
    assert 1 == json.loads(found.stdout)["total"]


def test_a_rebuilt_index_takes_the_place_of_the_old_one(location: str) -> None:
    with searcher.open_index(location) as index, searcher.open_index(location) as other:
        index.add(ARTICLES, annotate=False)
        hits = other.scan("sails")
        first = next(hits)
        index.rebuild()
        index.delete(["1"])

        assert ["1", "2"] == [hit.article.id for hit in (first, *hits)]
        assert ["2"] == [article.id for article in other.articles]
        assert () == index.verify()


@pytest.mark.parametrize("location", ["opensearch+http://127.0.0.1:9/x", "opensearch+https://127.0.0.1:9/x"])
def test_a_cluster_that_is_not_there_is_said_so(location: str) -> None:
    with pytest.raises(searcher.errors.IndexFailure, match="is not responding"):
        searcher.open_index(location)


def test_an_index_goes_to_a_cluster_and_back(location: str, tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "one") as one, searcher.open_index(tmp_path / "back") as back:
        one.add(ARTICLES, annotate=False)
        one.names.decide(one.names.decisions.merge("person", "Ada Quill", ["Countess"]))
        with searcher.open_index(location) as there:
            one.copy_to(there)
            answers = [dict(index.values("person")) for index in (one, there)]
            there.copy_to(back)

        assert [{"Ada Quill": 2}] * 3 == [*answers, dict(back.values("person"))]
        assert list(one.articles) == list(back.articles)


def test_tags_cases_and_notes_are_seen_by_all_and_come_back(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "_REMEMBERED_SECONDS", 0)  # others look again within a second
    with searcher.open_index(location) as one, searcher.open_index(location) as other:
        one.add(ARTICLES, annotate=False)
        one.tags.update(["1"], ["lead"], case="Port fire", note="Ask her about the pallets")
        found = other.search("tag:lead note:pallets", where={"case": "port fire"}, facets=("tag", "case"))
        one.add(ARTICLES, annotate=False)
        with searcher.open_index(tmp_path / "back") as back:
            one.copy_to(back)

            assert (1, {"lead": 1}, {"Port fire": 1}) == (
                found.total,
                dict(found.facets["tag"].values.counts),
                dict(found.facets["case"].values.counts),
            )
            assert [1, 1] == [index.count("tag:lead note:pallets") for index in (other, back)]
            assert one.tags.all() == back.tags.all()

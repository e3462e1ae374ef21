"""Tags of one's own: seen by the next search, kept through everything, in every engine."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index, IndexLocked, Mention, Quote, UsageError
from searcher.records.store import Store
from searcher.records.tags import OwnTags, TagChange, TagDecisions

TEXT = "The ferry to Holm sails again on Monday, said the harbour master."
ARTICLES = (
    Article("1", "Ferry sails", TEXT, tags=("ships", "read")),
    Article("2", "Ferry waits", "The ferry waits."),
    Article("3", "Bridge opens", "The bridge opens."),
)


@pytest.fixture
def index(empty_index: Index) -> Index:
    empty_index.add(ARTICLES, annotate=False)
    return empty_index


def ids(index: Index, query: str = "", **narrowed: object) -> list[str]:
    return sorted(hit.article.id for hit in index.search(query, **narrowed))  # type: ignore[arg-type]


def counts(index: Index, field: str) -> dict[str, int]:
    return {value.value: value.count for value in index.search(facets=[field]).facets[field].values}


def test_a_tag_is_found_and_counted_at_once(index: Index) -> None:
    changed = index.tags.update(["1", "3"], ["lead"])

    assert (2, ["1", "3"], ["1"]) == (changed, ids(index, "tag:lead"), ids(index, "ferry", tag="lead"))
    assert {"lead": 2, "ships": 1, "read": 1} == counts(index, "tag")


def test_what_was_decided_anew_meanwhile_waits_for_the_index() -> None:
    tags = OwnTags(Store(None))
    tags.decide(["1"], TagChange(("lead",)))
    written = tags.pending_decisions()
    tags.decide(["1"], TagChange(remove=("lead",)))
    tags.mark_applied(written)

    assert (TagDecisions("1", remove=("lead",)),) == tags.pending_decisions()


def test_a_tag_is_taken_off_that_the_file_gave(index: Index) -> None:
    index.tags.update(["1"], ["lead"], ["read"])

    assert ("ships", "lead") == index.search("tag:lead").hits[0].article.tags


def test_what_changes_nothing_is_not_written(index: Index) -> None:
    index.tags.update(["1"], ["lead"])

    assert 0 == index.tags.update(["1", "unknown"], ["lead", "ships"])


def test_the_last_decision_counts(index: Index) -> None:
    index.tags.update(["1"], ["lead"])
    index.tags.update(["1"], remove=["lead"])
    index.tags.update(["2"], remove=["lead"])
    index.tags.update(["2"], ["lead"])

    assert ["2"] == ids(index, "tag:lead")


def test_decisions_stand_in_their_order_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.records.tags.time.time_ns", lambda: 1_000)
    tags = OwnTags(Store(None))
    for tag in ("tide", "boat"):
        tags.decide(["1"], TagChange((tag,)))

    assert (TagDecisions("1", ("tide", "boat")),) == tags.all()


def test_a_case_is_a_field(index: Index) -> None:
    index.tags.update(["1", "2"], case="Port fire")
    index.tags.update(["2"], case="Bridges")

    assert ["1", "2"] == ids(index, case="Port fire")
    assert ["2"] == ids(index, 'case:"port fire" case:bridges')
    assert ({"Port fire": 2, "Bridges": 1}, {"ships": 1, "read": 1}) == (
        counts(index, "case"),
        counts(index, "tag"),
    )


def test_a_note_is_found_by_its_words(index: Index) -> None:
    index.tags.update(["1"], note="Ask  Mara about\nthe pallets")
    index.tags.update(["2"], note="Call the harbour")

    assert ["1"] == ids(index, "note:pallets")
    assert ["1"] == ids(index, note="mara pallets")
    assert [] == ids(index, "note:bridge")
    assert ["2", "3"] == ids(index, exclude={"note": "pallets"})
    assert {"Ask Mara about\nthe pallets": 1, "Call the harbour": 1} == counts(index, "note")


def test_a_note_takes_the_place_of_the_one_before(index: Index) -> None:
    index.tags.update(["1"], note="Ask Mara")
    index.tags.update(["1"], note="Asked")

    assert {"Asked": 1} == counts(index, "note")

    index.tags.update(["1"], note="")

    assert {} == counts(index, "note")


def test_tags_survive_adding_deleting_and_rebuilding(index: Index) -> None:
    index.tags.update(["1"], ["lead"], ["read"], note="Ask Mara")
    kept = ("ships", "lead", "note=Ask Mara")

    index.add(ARTICLES[:1], annotate=False)
    assert kept == index.search("sails").hits[0].article.tags

    index.delete(["1"])
    index.add(ARTICLES[:1], annotate=False)
    assert kept == index.search("sails").hits[0].article.tags

    index.rebuild()
    assert kept == index.search("sails").hits[0].article.tags


def test_tags_survive_reading_files_again(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"Ferry sails\n\n{TEXT}", "utf-8")
    with searcher.open_index(tmp_path / "index") as index:
        index.load([file])
        (id,) = ids(index)
        index.tags.update([id], ["lead"])

        file.write_text(f"Ferry sails\n\n{TEXT} Nobody waited.", "utf-8")
        assert 1 == index.load([file]).updated
        assert [id] == ids(index, "nobody tag:lead")

        index.rebuild()
        assert [id] == ids(index, "tag:lead")


def test_a_file_that_is_read_again_unchanged_is_not_written_for_its_tags(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"Ferry sails\n\n{TEXT}", "utf-8")
    with searcher.open_index(tmp_path / "index") as index:
        index.load([file])
        index.tags.update(ids(index), ["lead"])
        index._session.records().sources.forget(str(file))
        report = index.load([file])

    assert (1, 0) == (report.unchanged, report.updated)


def test_an_index_that_is_open_sees_tags_and_cases_of_another(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "index") as one, searcher.open_index(tmp_path / "index") as other:
        one.add(ARTICLES, annotate=False)
        assert [] == ids(other, "tag:lead")

        one.tags.update(["1"], ["lead"], case="Port fire")

        assert ["1"] == ids(other, 'tag:lead case:"port fire"')


def test_an_index_that_is_moved_keeps_them(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "index") as index:
        index.add(ARTICLES, annotate=False)
        index.tags.update(["1"], ["lead"])
    shutil.move(tmp_path / "index", tmp_path / "moved")

    with searcher.open_index(tmp_path / "moved") as index:
        index.rebuild()
        assert ["1"] == ids(index, "tag:lead")


def test_they_are_exported_and_taken_over_by_another_engine(index: Index) -> None:
    index.tags.update(["1"], ["lead"], ["read"], case="Port fire", note="Ask Mara")
    decided = index.tags.all()
    with searcher.open_index(":memory:") as other:
        other.add(ARTICLES, annotate=False)
        other.tags.merge(map(TagDecisions.from_dict, [one.to_dict() for one in decided]))

        assert list(index.articles)[-1] == list(other.articles)[-1]
        assert decided == other.tags.all()


def test_copying_brings_them_and_keeps_those_that_are_there(index: Index, tmp_path: Path) -> None:
    index.tags.update(["1"], ["lead"], ["read"])
    with searcher.open_index(tmp_path / "other") as other:
        other.add(ARTICLES, annotate=False)
        other.tags.update(["1", "2"], ["later"])
        index.copy_to(other)
        for _ in range(2):
            assert {"1": {"ships", "later", "lead"}, "2": {"later"}, "3": set()} == {
                article.id: set(article.tags) for article in other.articles
            }
            other.rebuild()


def test_a_note_taken_over_takes_the_place_of_the_one_before(index: Index) -> None:
    index.tags.update(["1"], note="Ask Mara")
    index.tags.merge([TagDecisions("1", ("note=Asked",))])

    assert {"Asked": 1} == counts(index, "note")


def test_tags_taken_over_are_those_of_articles_that_come_later() -> None:
    with searcher.open_index(":memory:") as index:
        index.tags.merge([TagDecisions("1", ("lead",))])
        index.add(ARTICLES, annotate=False)

        assert ["1"] == ids(index, "tag:lead")


def test_what_was_stopped_before_the_commit_is_made_good(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "index") as index:
        index.add(ARTICLES, annotate=False)
        index._session.records().tags.decide(["1"], TagChange(("lead",)))
        assert [] == ids(index, "tag:lead")

        index.load([])

        assert ["1"] == ids(index, "tag:lead")


def test_tags_that_come_during_a_rebuild_are_there_after_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"Ferry {name}\n\n{TEXT} It is {name}.", "utf-8")
    with (
        searcher.open_index(tmp_path / "index") as index,
        searcher.open_index(tmp_path / "index", timeout=0) as other,
    ):
        index.load([tmp_path / "a.txt", tmp_path / "b.txt"])
        tagged: list[str] = []

        def meanwhile(_: object) -> None:
            with pytest.raises(IndexLocked, match="Your tags are saved"):
                other.tags.update(ids(other), ["lead"])
            tagged.append("once")

        index.rebuild(progress=meanwhile)

        assert (2, 2) == (len(tagged), index.count("tag:lead"))


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    def tag(name: str) -> None:
        with searcher.open_index(tmp_path / "index") as own:
            for id in ("1", "2", "3"):
                own.tags.update([id], [name])

    with searcher.open_index(tmp_path / "index") as index:
        index.add(ARTICLES, annotate=False)
        threads = [threading.Thread(target=tag, args=(name,)) for name in ("lead", "later", "checked")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [3, 3, 3] == [index.count(tag=name) for name in ("lead", "later", "checked")]


def test_a_damaged_list_is_named(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "index") as index:
        index.add(ARTICLES, annotate=False)
        assert () == index.verify()
        index.tags.update(["1"], ["lead"])
        assert () == index.verify()

        (tmp_path / "index" / "records.sqlite").write_bytes(b"no database" * 100)

        assert ("records.sqlite",) == index.verify()


def test_ids_that_are_no_unicode_are_kept() -> None:
    tags = OwnTags(Store(None))
    tags.decide(["\udcff"], TagChange(("lead",)))

    assert (TagDecisions("\udcff", ("lead",)),) == tags.all()


@pytest.mark.parametrize(
    ("add", "remove", "said"),
    [
        ([], [], "Nothing to change"),
        (["+lead"], [], "cannot be a tag"),
        (["  "], [], "cannot be a tag"),
        (["lead"], ["lead"], "at the same time"),
        (["desk="], [], "no value"),
        (["person=Mara"], [], "not a field of your own"),
        (["x" * 2001], [], "at most"),
    ],
)
def test_what_can_be_no_tag_is_refused(add: list[str], remove: list[str], said: str, index: Index) -> None:
    with pytest.raises(UsageError, match=said):
        index.tags.update(["1"], add, remove)


def test_a_line_of_tags_has_a_shape() -> None:
    with pytest.raises(UsageError, match="A line of tags is"):
        TagDecisions.from_dict({"id": "1", "add": "lead"})


# Whom one article means by a name

FAMILY = "Stephen Jones was buried on Monday. “He sang,” said John Stephen Jones. Stephen Jones was 90."


def _jones(id: str, body: str = FAMILY) -> Article:
    def at(form: str, start: int) -> Mention:
        place = body.index(form, start)
        return Mention("John Stephen Jones", "person", place, place + len(form))

    said = Quote("He sang,", "John Stephen Jones", "direct", body.index("He"), body.index("”"), 0.9, "person")
    spoken = at("John Stephen Jones", 20) if "said John" in body else at("Stephen Jones", 40)
    return Article(
        id,
        "A burial",
        body,
        mentions=(at("Stephen Jones", 0), spoken, at("Stephen Jones", body.rindex("Stephen"))),
        quotes=(said,),
    )


@pytest.fixture
def burial(index: Index) -> Index:
    """An article that takes a father for his son, whom it names in full, and one that names the son alone."""
    index.add([_jones("both"), _jones("short", FAMILY.replace("said John", "said"))], annotate=False)
    return index


def people(index: Index, id: str) -> list[str]:
    found = index.articles.get(id)
    assert found
    return [one.name for one in found.mentions]


def test_a_form_is_somebody_else_in_one_article(burial: Index) -> None:
    changed = burial.names.rename_in_article("both", "person", "Stephen  Jones")

    assert (1, ["Stephen Jones", "John Stephen Jones", "Stephen Jones"]) == (changed, people(burial, "both"))
    assert 3 * ["John Stephen Jones"] == people(burial, "short")
    assert ["both"] == ids(burial, person="Stephen Jones")


def test_who_is_quoted_goes_along_where_nobody_else_is_meant(burial: Index) -> None:
    for id in ("both", "short"):
        burial.names.rename_in_article(id, "person", "Stephen Jones", "Stephen Jones the elder")
    speakers = {hit.article.id: hit.article.quotes[0].speaker for hit in burial.search(person="elder")}

    assert {"both": "John Stephen Jones", "short": "Stephen Jones the elder"} == speakers


def test_it_survives_loading_again_and_is_taken_back(burial: Index) -> None:
    burial.names.rename_in_article("both", "person", "Stephen Jones", "Elder Jones")
    burial.add([_jones("both")], annotate=False)
    again = people(burial, "both")
    burial.log.undo(burial.log.steps(1)[0].id)

    assert ["Elder Jones", "John Stephen Jones", "Elder Jones"] == again
    assert 3 * ["John Stephen Jones"] == people(burial, "both")


def test_it_is_no_tag(burial: Index) -> None:
    burial.names.rename_in_article("both", "person", "Stephen Jones")
    found = burial.articles.get("both")

    assert found
    assert ((), frozenset()) == (found.tags, burial.tags.names())


def test_it_is_copied_with_the_tags(burial: Index) -> None:
    burial.names.rename_in_article("both", "person", "Stephen Jones")
    with searcher.open_index(":memory:") as other:
        other.add([_jones("both")], annotate=False)
        other.tags.merge([TagDecisions.from_dict(one.to_dict()) for one in burial.tags.all()])

        assert people(burial, "both") == people(other, "both")


def test_a_split_in_an_article_that_is_not_there_says_so(burial: Index) -> None:
    with pytest.raises(UsageError, match="no article with the id “nothing”"):
        burial.names.rename_in_article("nothing", "person", "Stephen Jones")


@pytest.mark.parametrize(
    ("id", "kind", "form", "name"),
    [
        ("both", "person", "Nobody", ""),
        ("both", "source", "Stephen Jones", ""),
        ("nothing", "person", "Stephen Jones", ""),
        ("both", "person", "John Stephen Jones", ""),
        ("both", "person", "Stephen Jones", "x" * 600),
    ],
)
def test_what_cannot_be_split_in_an_article(burial: Index, id: str, kind: str, form: str, name: str) -> None:
    with pytest.raises(UsageError):
        burial.names.rename_in_article(id, kind, form, name)

"""The log: who has changed what, and when, written with what it tells of."""

from __future__ import annotations

import datetime as dt
import getpass
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index, Mention, Search
from searcher.errors import UsageError
from searcher.locations import RECORDS
from searcher.records.log import Log, LogEntry, acting_as
from searcher.records.store import Store
from searcher.records.tags import OwnTags, TagChange
from searcher.saved_searches import SavedSearches


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an index in which Ada and Bea Quill are named."""
    with searcher.open_index(tmp_path / "index") as index:
        index.add(
            [Article(name, "", name, mentions=(Mention(name, "person", 0, len(name)),)) for name in NAMES],
            annotate=False,
        )
    return tmp_path / "index"


NAMES = ("Ada Quill", "Bea Quill")


@pytest.fixture
def index(folder: Path) -> Index:
    return searcher.open_index(folder)


def told(index: Index) -> list[tuple[str, list[LogEntry]]]:
    return [(step.who, [*step.changes]) for step in index.log.steps()]


def test_whoever_acts_is_named_with_each_change(index: Index) -> None:
    with acting_as("ida"):
        index.tags.update(["Ada Quill"], "lead", note="Ask her.")
    with acting_as("kim"):
        index.names.decide(index.names.decisions.merge("person", "Ada Quill", ["Bea Quill"]))
        SavedSearches.of(index).save("quills", Search("quill"), index)

    assert [
        ("kim", [LogEntry("search", "quills", "q=quill")]),
        ("kim", [LogEntry("person", "Bea Quill", "-> Ada Quill")]),
        ("ida", [LogEntry("tag", "Ada Quill", "lead"), LogEntry("tag", "Ada Quill", "note=Ask her.")]),
    ] == told(index)


def test_else_it_is_the_account_of_the_system(index: Index) -> None:
    index.tags.update(["Ada Quill"], "lead")

    assert [getpass.getuser()] == [step.who for step in index.log.steps()]


def test_nobody_known_is_nobody(index: Index) -> None:
    with acting_as(""):
        index.tags.update(["Ada Quill"], "lead")

    assert [""] == [step.who for step in index.log.steps()]


def test_a_step_has_its_time(index: Index) -> None:
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    index.tags.update(["Ada Quill"], "lead")

    assert before <= index.log.steps()[0].at <= dt.datetime.now(dt.UTC)


def test_steps_stand_in_their_order_whatever_the_clock_says(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.tags.update(["Ada Quill"], "early")
    monkeypatch.setattr("searcher.records.log.time.time_ns", lambda: 1_000)
    index.tags.update(["Ada Quill"], "late")

    assert ["late", "early"] == [step.changes[0].value for step in index.log.steps()]


def test_what_changes_nothing_is_no_step(index: Index) -> None:
    index.tags.update(["Ada Quill"], "lead")
    index.tags.update(["Ada Quill"], "lead")
    index.names.decide(index.names.decisions)

    assert 1 == len(index.log.steps())


def test_deletions_stand_in_it(index: Index) -> None:
    index.delete("Ada Quill")
    index.files.restore("Ada Quill")

    assert [
        [LogEntry("article", "Ada Quill", "deleted", added=False)],
        [LogEntry("article", "Ada Quill", "deleted")],
    ] == [changes for _, changes in told(index)]


def test_a_tag_of_many_articles_is_told_once(index: Index) -> None:
    index.tags.update(NAMES, "lead")

    assert {LogEntry("tag", "Ada Quill", "lead"): 2} == index.log.steps()[0].summary


def test_it_is_asked_by_who_what_and_before(index: Index) -> None:
    for who, name in zip(("ida", "kim"), NAMES):
        with acting_as(who):
            index.tags.update([name], "lead")
    newest = index.log.steps(1)[0]

    assert "kim" == newest.who
    assert ["ida"] == [step.who for step in index.log.steps(before=newest.id)]
    assert ["ida"] == [step.who for step in index.log.steps(about="Ada Quill")]
    assert ["kim"] == [step.who for step in index.log.steps(who="kim")]
    assert [] == index.log.steps(kinds=["person"])


def test_a_change_that_fails_is_in_neither(folder: Path) -> None:
    store = Store(folder)
    with suppress(KeyboardInterrupt), store.transaction():
        OwnTags(store).decide(["1"], TagChange(("lead",)))
        raise KeyboardInterrupt

    assert ((), []) == (OwnTags(store).all(), Log(store).steps())


def test_a_long_step_is_several(folder: Path) -> None:
    store = Store(folder)
    OwnTags(store).decide(map(str, range(2_500)), TagChange(("lead",)))

    assert [500, 1000, 1000] == [len(step.changes) for step in Log(store).steps()]


def test_the_oldest_steps_are_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.records.log._MAX_KEPT_CHANGES", 3)
    store = Store(folder)
    for tag, ids in [("one", "ab"), ("two", "ab"), ("three", "ab"), ("four", "abcdef")]:
        OwnTags(store).decide(ids, TagChange((tag,)))

    assert ["four", "three"] == [step.changes[0].value for step in Log(store).steps()]
    assert () == store.verify({})


def test_it_is_sound_and_its_damage_is_seen(folder: Path) -> None:
    store = Store(folder)
    with acting_as("ida"):
        OwnTags(store).decide(["1"], TagChange(("lead",)))
    sound = store.verify({})
    with closing(sqlite3.connect(folder / RECORDS)) as db:
        db.execute("UPDATE log SET who = 'kim'")
        db.commit()

    assert ((), (RECORDS,)) == (sound, store.verify({}))


def test_a_copy_of_an_index_has_it(index: Index, tmp_path: Path) -> None:
    with acting_as("ida"):
        index.tags.update(["Ada Quill"], "lead")
    with searcher.open_index(tmp_path / "copy") as copy:
        index.copy_to(copy)

        assert index.log.steps() == copy.log.steps()


# Taking back


def test_a_decision_is_taken_back_and_the_one_before_holds(index: Index) -> None:
    index.names.decide(index.names.decisions.rename("person", "Bea Quill", "Beatrix"))
    step = index.names.decide(index.names.decisions.merge("person", "Ada Quill", ["Bea Quill"]))
    merged = dict(index.values("person"))
    index.log.undo(step)

    assert ({"Ada Quill": 2}, {"Ada Quill": 1, "Beatrix": 1}) == (merged, index.values("person"))


def test_what_was_taken_back_is_a_step_that_can_be_taken_back(index: Index) -> None:
    step = index.names.decide(index.names.decisions.ignore("person", "Bea Quill"))
    index.log.undo(index.log.undo(step))

    assert (("person", "Bea Quill", "ignored"),) == index.names.decisions.decisions()


def test_what_others_have_decided_since_stays(index: Index) -> None:
    step = index.names.decide(index.names.decisions.merge("person", "Ada Quill", ["Bea Quill", "B. Quill"]))
    index.names.decide(index.names.decisions.split("person", "Bea Quill"))
    index.log.undo(step)

    assert (("person", "Bea Quill", "apart"),) == index.names.decisions.decisions()
    with pytest.raises(UsageError, match="have changed since"):
        index.log.undo(step)


def test_tags_are_taken_back(index: Index) -> None:
    index.tags.update(["Ada Quill"], note="Ask her.")
    index.tags.update(["Ada Quill"], "lead", note="Asked.")
    index.log.undo(index.log.steps(1)[0].id)
    found = index.articles.get("Ada Quill")

    assert found
    assert ("note=Ask her.",) == found.tags


@pytest.mark.parametrize("step", ["", "0", "x" * 10_000, "' OR 1=1 --"])
def test_what_is_no_step(index: Index, step: str) -> None:
    with pytest.raises(UsageError):
        index.log.undo(step)


def test_the_file_can_be_edited_meanwhile(index: Index, folder: Path) -> None:
    step = index.names.decide(index.names.decisions.ignore("person", "Bea Quill"))
    with (folder / "names.txt").open("a", encoding="utf-8") as file:
        file.write("person\tAda Quill\tapart\n")
    index.log.undo(step)

    assert (("person", "Ada Quill", "apart"),) == index.names.decisions.decisions()


def test_a_step_is_undone_by_the_last_that_takes_a_part_of_it_back(index: Index) -> None:
    index.tags.update(NAMES, "lead")
    for name in reversed(NAMES):
        index.tags.update([name], remove="lead")
    last, _, first = index.log.steps()

    assert {first.id: last.id} == index.log.reverted_steps([first])


def test_a_step_that_is_taken_back_in_part_is_not_undone(index: Index) -> None:
    index.tags.update(NAMES, "lead")
    index.tags.update(NAMES[:1], remove="lead")

    assert {} == index.log.reverted_steps(index.log.steps())

"""Decisions about names: made, undone, kept and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import IndexDamaged, UsageError
from searcher.names import decisions
from searcher.names.decisions import Curation
from searcher.textfiles import FolderTexts, MemoryTexts

KINDS = st.sampled_from(["person", "organisation"])
NAMES = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=12).map(
    lambda text: f"N{text}"  # a name needs a letter
)


@st.composite
def curations(draw: st.DrawFn) -> Curation:
    made = Curation()
    for verb in draw(st.lists(st.sampled_from(["merge", "rename", "split", "ignore", "deny"]), max_size=6)):
        kind, one, other = draw(KINDS), draw(NAMES), draw(NAMES)
        try:
            match verb:
                case "merge":
                    made = made.merge(kind, one, [other])
                case "rename":
                    made = made.rename(kind, one, other)
                case "split":
                    made = made.split(kind, one)
                case "deny":
                    made = made.add_difference(kind, one, other)
                case _:
                    made = made.ignore(kind, one)
        except UsageError:
            pass  # the same name twice
    return made


@given(curations())
def test_what_is_rendered_is_read_back(made: Curation) -> None:
    assert made == Curation.parse(made.render())


@given(curations(), KINDS, NAMES)
def test_ignoring_is_undone_by_restoring(made: Curation, kind: str, name: str) -> None:
    without = made
    try:
        without = made.forget(kind, name)
    except UsageError:
        pass  # nothing was decided about it

    assert without == without.ignore(kind, name).forget(kind, name)


def test_whom_a_name_is_not_holds_beside_what_it_goes_by() -> None:
    made = Curation().rename("person", "Quill", "Ada Quill").add_difference("person", "Quill", "Ben Quill")

    assert made == Curation.parse(made.render())


def test_the_file_is_for_people() -> None:
    made = (
        Curation()
        .merge("person", "Ada Quill", ["A. Quill"])
        .split("person", "Moss")
        .add_difference("person", "T. Quill", "Tom Quill")
        .ignore("organisation", "Llama")
    )
    lines = [line for line in made.render().splitlines() if line and not line.startswith("#")]

    assert [
        "organisation  Llama  ignored",
        "person  A. Quill  ->  Ada Quill",
        "person  Moss  apart",
        "person  T. Quill  !=  Tom Quill",
    ] == lines


def test_a_file_may_be_edited_with_tabs_and_comments() -> None:
    made = Curation.parse("# mine\n\nperson\tA. Quill\t->\tAda Quill\n")

    assert Curation().merge("person", "Ada Quill", ["A. Quill"]) == made


@pytest.mark.parametrize(
    "line",
    ["person  Ada", "body  Ada  ignored", "person  Ada  ->", "person Ada ignored", "person  Ada  is  Ben"],
)
def test_a_line_that_makes_no_sense_is_named(line: str) -> None:
    with pytest.raises(UsageError, match="Line 2"):
        Curation.parse(f"# names\n{line}\n")


def test_merging_moves_along_what_went_by_the_name() -> None:
    made = Curation().merge("person", "A. Quill", ["Quill"]).merge("person", "Ada Quill", ["A. Quill"])

    assert {("person", "Quill"): "Ada Quill", ("person", "A. Quill"): "Ada Quill"} == made.renamed


def test_renaming_back_leaves_nothing() -> None:
    made = Curation().rename("person", "Ada Quill", "A. Quill").rename("person", "A. Quill", "Ada Quill")

    assert {("person", "A. Quill"): "Ada Quill"} == made.renamed


def test_a_later_decision_about_a_name_takes_the_place_of_an_earlier_one() -> None:
    assert Curation().split("person", "Quill") == Curation().ignore("person", "quill").split(
        "person", "Quill"
    )


def test_restoring_undoes_a_merge_by_either_name() -> None:
    made = Curation().merge("person", "Ada Quill", ["A. Quill"])

    assert (Curation(), Curation()) == (
        made.forget("person", "ada quill"),
        made.forget("person", "A. Quill"),
    )


def test_there_must_be_something_to_restore() -> None:
    with pytest.raises(UsageError, match="Nothing was decided"):
        Curation().forget("person", "Ada Quill")


@pytest.mark.parametrize(("kind", "name"), [("place", "Ada"), ("person", " "), ("person", "?!")])
def test_a_decision_needs_a_kind_and_a_name(kind: str, name: str) -> None:
    with pytest.raises(UsageError):
        Curation().ignore(kind, name)


@pytest.mark.parametrize("others", [[], ["Ada Quill"]])
def test_a_merge_needs_another_name(others: list[str]) -> None:
    with pytest.raises(UsageError):
        Curation().merge("person", "Ada Quill", others)


def test_no_decisions_are_nothing() -> None:
    assert not Curation()


def test_a_folder_without_decisions_has_none(tmp_path: Path) -> None:
    assert Curation() == decisions.load(FolderTexts(tmp_path))


def test_what_is_saved_is_loaded() -> None:
    made = Curation().ignore("organisation", "Llama")
    texts = MemoryTexts()
    decisions.save(texts, made)

    assert made == decisions.load(texts)


def test_a_file_that_makes_no_sense_is_damage(tmp_path: Path) -> None:
    (tmp_path / decisions.FILE).write_text("who knows", encoding="utf-8")

    with pytest.raises(IndexDamaged, match=r"names\.txt"):
        decisions.load(FolderTexts(tmp_path))


def test_a_file_may_begin_with_the_mark_of_its_encoding(tmp_path: Path) -> None:
    (tmp_path / decisions.FILE).write_text("person  Ada  ignored\n", encoding="utf-8-sig")

    assert Curation().ignore("person", "Ada") == decisions.load(FolderTexts(tmp_path))


def test_what_others_have_decided_since_stays() -> None:
    texts = MemoryTexts()
    decisions.save(texts, Curation().rename("person", "Y. Le", "Yan Le").ignore("organisation", "Llama"))
    mine, others = decisions.load(texts), decisions.load(texts)
    decisions.save(texts, others.rename("person", "A. Ho", "Ann Ho").forget("organisation", "Llama"))
    decisions.save(texts, mine.split("person", "Wang"))

    assert [("A. Ho", "-> Ann Ho"), ("Wang", "apart"), ("Y. Le", "-> Yan Le")] == [
        (name, what) for _, name, what in decisions.load(texts).decisions()
    ]


def test_of_two_decisions_about_a_name_the_later_one_holds() -> None:
    texts = MemoryTexts()
    decisions.save(texts, Curation())
    mine, others = decisions.load(texts), decisions.load(texts)
    decisions.save(texts, others.rename("person", "Y. LE", "Yves Le"))
    decisions.save(texts, mine.ignore("person", "Y. Le"))

    assert (("person", "Y. Le", "ignored"),) == decisions.load(texts).decisions()


def test_those_that_were_read_can_be_put_back_whole() -> None:
    texts = MemoryTexts()
    decisions.save(texts, Curation().ignore("person", "Ada"))
    before = decisions.load(texts)
    decisions.save(texts, before.rename("person", "Y. Le", "Yan Le"))
    decisions.save(texts, before)

    assert before == decisions.load(texts)


def test_a_line_that_makes_no_sense_is_shown_by_its_beginning() -> None:
    with pytest.raises(UsageError, match=r"^Line 1 .*====") as told:
        Curation.parse("=" * 100_000)

    assert 200 > len(str(told.value))


def test_what_the_program_has_joined_is_told_apart_in_the_file() -> None:
    made = Curation().join("source", "The Gull", "gull.example").merge("person", "Ada Quill", ["Quill"])
    text = made.render()

    assert "source  gull.example  ~>  The Gull\n" in text
    assert made == Curation.parse(text)


def test_a_join_goes_along_where_its_name_is_renamed_and_ends_where_it_is_decided() -> None:
    joined = Curation().join("source", "The Gull", "gull.example")

    assert (("source", "The Gull", "-> Gull Times"), ("source", "gull.example", "~> Gull Times")) == (
        joined.rename("source", "The Gull", "Gull Times").decisions()
    )
    assert (("source", "gull.example", "apart"),) == joined.split("source", "gull.example").decisions()

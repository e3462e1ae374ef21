"""An article that may be read wrongly is found, marked and counted as such, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from searcher import Index, QueryError, Search, UsageError

NOTICE = "This domain is for sale. Buy ferry.example today."
STORY = "The ferry to Tallow Island sails again from Monday, the harbour board said in the evening."
FOR_SALE = "It reads like the notice of a domain that is for sale."


@pytest.fixture
def loaded(index: Index, tmp_path: Path) -> Index:
    """An index of a notice and an article."""
    for name, text in (("notice", NOTICE), ("story", STORY)):
        (tmp_path / f"{name}.html").write_text(f"<html><body><h1>Ferry</h1><p>{text}</p></body></html>")
    index.load([tmp_path], workers=1)
    return index


@pytest.mark.parametrize(
    "search",
    [Search("is:doubtful"), Search(where={"doubtful": "doubtful"}), Search(where={"doubtful": FOR_SALE})],
)
def test_doubtful_articles_are_narrowed_to(search: Search, loaded: Index) -> None:
    assert [NOTICE] == [hit.article.body for hit in loaded.search(search)]


def test_what_is_not_doubtful_is_what_is_left(loaded: Index) -> None:
    assert [STORY] == [hit.article.body for hit in loaded.search("ferry -is:doubtful")]


def test_causes_are_counted(loaded: Index) -> None:
    counts = loaded.search("ferry", facets=["doubtful"]).facets["doubtful"].values

    assert [(FOR_SALE, 1)] == [(one.value, one.count) for one in counts]


def test_a_hit_says_why_it_is_doubtful(loaded: Index) -> None:
    said = {hit.article.body: hit.to_dict().get("doubtful") for hit in loaded.search("ferry")}

    assert {NOTICE: [FOR_SALE], STORY: None} == said


def test_the_mark_stays_and_can_be_taken_off(loaded: Index) -> None:
    [hit] = loaded.search("is:doubtful")
    loaded.rebuild(workers=1)
    before = loaded.count("is:doubtful")
    loaded.tags.update([hit.article.id], remove=[f"doubtful={FOR_SALE}"])
    loaded.rebuild(workers=1)

    assert (1, 0) == (before, loaded.count("is:doubtful"))


def test_where_no_article_is_doubtful_it_is_said_so(index: Index) -> None:
    with pytest.raises(QueryError, match=r"^No article is doubtful\."):
        index.search("is:doubtful")
    with pytest.raises(UsageError, match=r"^No article is doubtful\."):
        index.search(where={"doubtful": "doubtful"})


def test_letters_of_a_code_are_no_words(index: Index, tmp_path: Path) -> None:
    coded = "\n".join("aGFyYm91ciBib2FyZA" * 4 for _ in range(20))
    (tmp_path / "part.txt").write_text(f"Part one of three\n\n{coded}\n")
    index.load([tmp_path], workers=1)
    [hit] = index.search("is:doubtful")

    assert ["More than half of its text is code, and no words."] == hit.to_dict()["doubtful"]


def test_addresses_are_no_code(index: Index, tmp_path: Path) -> None:
    links = "\n".join(f"https://harbour.example/{'timetable/' * 6}{number}" for number in range(20))
    (tmp_path / "links.txt").write_text(f"Where to read on\n\n{STORY}\n\n{links}\n")
    index.load([tmp_path], workers=1)

    assert [None] == [hit.to_dict().get("doubtful") for hit in index.search("ferry")]

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from searcher.errors import IndexMissing, UsageError
from searcher.locations import (
    MARKER,
    default_index,
    find_index,
    ignored_index_warnings,
    index_folder,
    local_folder,
)


def make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / MARKER).touch()
    return folder


def test_the_nearest_index_above_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(tmp_path / "index")
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")

    assert made == find_index()


@pytest.mark.parametrize("strange", ["index", "above", "owner"])
def test_an_index_that_others_could_have_put_there_has_to_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strange: str
) -> None:
    make(tmp_path / "index")
    planted = make(tmp_path / "a" / "index")
    monkeypatch.chdir(tmp_path / "a")
    if strange == "owner":
        if os.geteuid():
            pytest.skip("only root can give files away")
        os.chown(planted / MARKER, 54321, -1)
    else:
        (planted if strange == "index" else planted.parent).chmod(0o777)

    assert tmp_path / "index" == find_index() == default_index()
    assert [str(planted)] == [sentence.split()[3] for sentence in ignored_index_warnings()]
    assert (planted, []) == (find_index(planted), ignored_index_warnings(planted))


def test_an_index_of_ones_own_is_found_in_a_folder_like_tmp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(tmp_path / "index")
    tmp_path.chmod(0o1777)
    monkeypatch.chdir(tmp_path)

    assert (made, []) == (find_index(), ignored_index_warnings())


def test_what_is_given_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, other = make(tmp_path / "given"), make(tmp_path / "other")
    monkeypatch.setenv("SEARCHER_INDEX", str(other))

    assert (given, other) == (find_index(given), find_index())


def test_the_data_folder_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    made = make(tmp_path / "data" / "searcher" / "index")

    assert made == find_index()


def test_without_an_index_the_error_says_what_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(IndexMissing, match="searcher index PATH"):
        find_index()


def test_a_given_place_without_an_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="nowhere"):
        find_index(tmp_path / "nowhere")


def test_a_new_index_goes_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert Path("index") == default_index()


@pytest.mark.parametrize("find", [find_index, default_index])
def test_an_address_is_taken_as_it_is(
    find: Callable[[str | None], Path | str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCHER_INDEX", "foo+https://host/news")

    assert ("foo://host/more", "foo+https://host/news") == (find("foo://host/more"), find(None))


def test_an_address_is_no_folder() -> None:
    with pytest.raises(UsageError, match="not a folder"):
        index_folder("foo://host/news")


def test_what_is_kept_here_of_an_address_has_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    places = ("foo+https://host/news", "foo+https://host/news?shards=3", "foo+https://other/news")
    folders = [local_folder(place) for place in places]

    assert [True, True, False] == [folder == folders[0] for folder in folders]
    assert {tmp_path / "searcher" / "elsewhere"} == {folder.parent for folder in folders}

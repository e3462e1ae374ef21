"""What an index names of files that this user never had read is read when that is wanted only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import searcher
from searcher import UsageError
from searcher.errors import SourcesUnknown
from searcher.ingest.sources import LoadJob, Source, Sources

SECRET = "The marker TOPSECRET stands in a text of somebody's own."


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "private" / "secret.txt"
    file.parent.mkdir()
    file.write_text(SECRET)
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("A ferry sails again.\n\nIt sails in June.")
    with searcher.open_index(tmp_path / "index") as index:
        index.load([tmp_path / "articles"], workers=1)
    return tmp_path / "index"


def name_source(folder: Path, path: str) -> None:
    """Let the index name a file that nobody loaded."""
    with searcher.open_index(folder) as index:
        Sources(index.log.store).record(Source(path, ""), ["x"])


def through_a_link(secret: Path, articles: Path) -> str:
    (articles / "link.txt").symlink_to(secret)
    return str(articles / "link.txt")


def below_a_link(secret: Path, articles: Path) -> str:
    (articles / "more").symlink_to(secret.parent)
    return str(articles / "more" / secret.name)


@pytest.mark.parametrize(
    "named",
    [
        lambda secret, _: str(secret),
        lambda secret, articles: f"{articles}/../private/{secret.name}",
        lambda secret, articles: f"{articles}/./../private//{secret.name}",
        through_a_link,
        below_a_link,
    ],
    ids=["by its path", "by a way round", "by an odd way round", "through a link", "below a link"],
)
def test_a_file_that_was_never_read_is_not_read_unasked(
    folder: Path, secret: Path, named: Callable[[Path, Path], str]
) -> None:
    name_source(folder, named(secret, folder.parent / "articles"))

    with searcher.open_index(folder) as index, pytest.raises(SourcesUnknown, match=r"secret|link"):
        index.rebuild(workers=1)
    with searcher.open_index(folder) as index:
        assert (1, 0) == (index.count(), index.count("TOPSECRET"))


def test_it_is_read_where_that_is_wanted_and_from_then_on(folder: Path, secret: Path) -> None:
    name_source(folder, str(secret))

    with searcher.open_index(folder) as index:
        index.rebuild(trust_sources=True, workers=1)
        index.rebuild(workers=1)

        assert (2, 1) == (index.count(), index.count("TOPSECRET"))


def test_what_was_loaded_here_is_read_again_unasked(folder: Path) -> None:
    with searcher.open_index(folder) as index:
        assert 1 == index.rebuild(workers=1).files_read


def test_a_file_that_is_gone_is_nothing_to_be_asked_about(folder: Path) -> None:
    name_source(folder, "/nowhere/a.txt")

    with searcher.open_index(folder) as index:
        assert 1 == index.rebuild(workers=1).files_read


def test_a_run_that_was_begun_elsewhere_is_not_gone_on_with(folder: Path, secret: Path) -> None:
    with searcher.open_index(folder) as index:
        Sources(index.log.store).begin(LoadJob((str(secret.parent),)))

        with pytest.raises(UsageError, match="searcher index PATH"):
            index.files.resume_load(workers=1)
        assert 0 == index.count("TOPSECRET")

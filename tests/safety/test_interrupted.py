"""What a process leaves behind that dies between two steps, and that doing it again completes it."""

from __future__ import annotations

from pathlib import Path

import pytest

import searcher
from searcher.engines.whoosh import WhooshEngine
from searcher.ingest.sources import Sources
from searcher.names.table import Identities
from searcher.records.store import Store


def test_a_deletion_that_died_before_the_ledger_knew_is_completed_by_doing_it_again(
    tmp_path: Path, records: Path
) -> None:
    with searcher.open_index(tmp_path / "index") as index:
        index.load([records])
        with WhooshEngine(tmp_path / "index", identities=Identities()).writer() as writer:
            writer.delete("r1")  # what Index.delete does first

        index.delete(["r1"])
        index.rebuild()

        assert ["r0", "r2"] == [article.id for article in index.articles]


def test_an_id_that_nothing_ever_had_is_not_remembered_as_deleted(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "index") as index:
        index.delete(["unknown"])

    assert frozenset() == Sources(Store(tmp_path / "index")).deleted()


@pytest.mark.processes
def test_a_file_whose_name_is_no_text_is_loaded_skipped_and_rebuilt(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    try:
        (folder / "bridge-\udcff.txt").write_text("Bridge opens\n\nThe bridge opened on Monday.\n")
    except OSError:  # macOS
        pytest.skip("this file system takes names in UTF-8 only")
    with searcher.open_index(tmp_path / "index") as index:
        added = index.load([folder]).added
        unchanged = index.load([folder]).unchanged
        rebuilt = index.rebuild().added

        assert (1, 1, 1) == (added, unchanged, rebuilt)

"""The store: transactions that are whole, states that are told apart, and damage that is named."""

from __future__ import annotations

import random
import sqlite3
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

import searcher
from searcher import open_index
from searcher.article import Article
from searcher.errors import IndexDamaged, IndexFailure, IndexMissing
from searcher.ingest.sources import Source, Sources
from searcher.ingest.stories import Stories
from searcher.locations import RECORDS
from searcher.records.store import Store
from searcher.records.tags import OwnTags, TagChange, TagDecisions
from tests.ingest.test_minhash import WIRE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an empty index."""
    open_index(tmp_path / "index").close()
    return tmp_path / "index"


def test_reading_makes_no_file(folder: Path) -> None:
    with Store(folder).reading() as db:
        found = db.execute("SELECT * FROM tags").fetchall()

    assert ([], False) == (found, (folder / RECORDS).exists())


def test_the_first_change_of_an_index_makes_it(folder: Path) -> None:
    with searcher.open_index(folder) as index:
        before = (folder / RECORDS).exists()
        index.add([searcher.Article("1", "Ferry")], annotate=False)

    assert (False, True) == (before, (folder / RECORDS).exists())


def test_what_fails_leaves_all_as_it_was(folder: Path) -> None:
    store = Store(folder)
    OwnTags(store).decide(["1"], TagChange(("lead",)))
    before = store.state()
    with suppress(KeyboardInterrupt), store.transaction():
        OwnTags(store).decide(["1"], TagChange(("port",)))
        Sources(store).record(Source("/a", "d"), ["1"])
        raise KeyboardInterrupt

    assert (before, (TagDecisions("1", ("lead",)),), []) == (
        store.state(),
        OwnTags(store).all(),
        Sources(store).all(),
    )


def test_each_change_has_a_number_and_asking_has_none(folder: Path) -> None:
    store = Store(folder)
    numbers = [store.state().change]
    for tag in ("lead", "port"):
        OwnTags(store).decide(["1"], TagChange((tag,)))
        OwnTags(store).all()
        numbers.append(store.state().change)

    assert [0, 1, 2] == numbers


def test_a_reader_sees_one_state_while_others_write(folder: Path) -> None:
    store = Store(folder)
    OwnTags(store).decide(["1"], TagChange(("lead",)))
    with ThreadPoolExecutor() as threads:
        with store.reading():
            before = OwnTags(store).all()
            later = threads.submit(OwnTags(store).decide, ["2"], TagChange(("port",)))
            during = OwnTags(store).all()
        later.result()

    assert (before, 2) == (during, len(OwnTags(store).all()))


def test_those_who_write_at_once_lose_nothing(folder: Path) -> None:
    def tag(number: int) -> None:
        OwnTags(Store(folder)).decide([str(number)], TagChange(("lead",)))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(tag, range(60)))

    assert {str(number) for number in range(60)} == {one.id for one in OwnTags(Store(folder)).all()}
    assert () == Store(folder).verify({})


def test_nothing_is_written_where_there_is_no_index_any_more(folder: Path) -> None:
    store = Store(folder)
    (folder / "searcher.json").unlink()

    with pytest.raises(IndexMissing, match="nothing was written"):
        OwnTags(store).decide(["1"], TagChange(("lead",)))
    assert not (folder / RECORDS).exists()


def test_no_folder_is_made_beneath_a_disk_that_is_gone(folder: Path) -> None:
    store = Store(folder)
    folder.rename(folder.with_name("away"))

    with pytest.raises(IndexFailure):
        OwnTags(store).decide(["1"], TagChange(("lead",)))
    assert not folder.exists()


@pytest.mark.parametrize("there", [True, False])
def test_a_link_in_its_place_is_not_followed(folder: Path, tmp_path: Path, there: bool) -> None:
    mine = tmp_path / "thesis.txt"
    if there:
        mine.write_text("Mine.")
    (folder / RECORDS).symlink_to(mine)

    for use in (
        OwnTags(Store(folder)).all,
        lambda: OwnTags(Store(folder)).import_decisions([TagDecisions("1", ("lead",))]),
    ):
        with suppress(IndexDamaged):
            use()
    assert ["Mine."] * there == [path.read_text() for path in [mine] if path.exists()]
    assert (RECORDS,) == Store(folder).verify({})


def journal_that_names(victim: Path, of: Path) -> None:
    """The journal of a database whose transaction over several files was stopped: SQLite deletes the file
    that it names, once it has played it back."""
    magic, name = bytes.fromhex("d9d505f920a163d7"), str(victim).encode()
    head = magic + struct.pack(">IIIII", 0, 1234, of.stat().st_size // 4096, 512, 4096)
    named = (
        struct.pack(">I", 0x40000000 // 4096 + 1) + name + struct.pack(">II", len(name), sum(name)) + magic
    )
    of.with_name(f"{of.name}-journal").write_bytes(head.ljust(512, b"\0") + named)


def test_a_strangers_journal_deletes_no_file(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("Mine.")
    with closing(sqlite3.connect(folder / RECORDS)) as db, db:
        db.execute("CREATE TABLE deleted (id TEXT)")
    journal_that_names(mine, folder / RECORDS)

    for use in (
        OwnTags(Store(folder)).all,
        lambda: OwnTags(Store(folder)).import_decisions([TagDecisions("1", ("lead",))]),
    ):
        with pytest.raises(IndexDamaged, match="journal"):
            use()
    assert "Mine." == mine.read_text()


def test_what_a_killed_process_left_is_rolled_back(folder: Path) -> None:
    OwnTags(Store(folder)).import_decisions([TagDecisions("1", ("lead",))])
    killed = (
        "import os, sys\nfrom pathlib import Path\nfrom searcher.records.store import Store\n"
        "with Store(Path(sys.argv[1])).transaction() as db:\n"
        "    db.execute('PRAGMA cache_size = 1')\n"
        "    db.executemany('INSERT INTO deleted VALUES (?, 0)', ((str(n),) for n in range(5000)))\n"
        "    os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-P", "-c", killed, str(folder)], check=False)
    left = (folder / f"{RECORDS}-journal").exists()

    assert (True, ()) == (left, Store(folder).verify({}))
    assert (TagDecisions("1", ("lead",)),) == OwnTags(Store(folder)).all()
    assert frozenset() == Sources(Store(folder)).deleted()


def test_a_page_that_asks_for_own_tags_loads_nothing_of_the_loader(folder: Path) -> None:
    OwnTags(Store(folder)).import_decisions([TagDecisions("1", ("lead",))])
    asked = (
        "import sys\nimport searcher\nwith searcher.open_index(sys.argv[1]) as index:\n"
        "    print(*index.tags.names(), *(name for name in sys.modules if 'searcher.ingest' in name))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", asked, str(folder)], check=True, capture_output=True, text=True
    )

    assert "lead\n" == done.stdout


def test_a_store_of_another_version_is_refused_with_a_reason(folder: Path) -> None:
    OwnTags(Store(folder)).decide(["1"], TagChange(("lead",)))
    with Store(folder).transaction() as db:
        db.execute("PRAGMA user_version = 9")

    with pytest.raises(IndexFailure, match="another version"):
        OwnTags(Store(folder)).all()


@pytest.mark.parametrize("seed", range(20))
def test_a_flipped_bit_is_without_effect_or_named(folder: Path, seed: int) -> None:
    store = Store(folder)
    OwnTags(store).import_decisions(
        TagDecisions(str(number), ("lead", f"port{number}")) for number in range(20)
    )
    Sources(store).record(Source("/a", "d" * 64), map(str, range(20)))
    Sources(store).delete(["19"])
    Stories(store).assign([Article("1", body=WIRE)])
    right = everything(store)
    data, at = bytearray((folder / RECORDS).read_bytes()), random.Random(seed)
    place = at.randrange(len(data))
    data[place] ^= 1 << at.randrange(8)
    (folder / RECORDS).write_bytes(data)

    store = Store(folder)
    try:
        found = everything(store)
    except IndexFailure:
        found = None
    assert found == right or store.verify({})


def everything(store: Store) -> tuple[object, ...]:
    sources = Sources(store)
    with store.reading() as db:
        stories = [*db.execute("SELECT * FROM stories"), *db.execute("SELECT * FROM bands")]
    return (
        stories,
        OwnTags(store).all(),
        sources.all(),
        sources.all_ids(),
        sources.deleted(),
        sources.problems(),
    )

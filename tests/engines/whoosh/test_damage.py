"""Damaged, foreign and crafted files: named in one clear error, never a wrong answer or somebody's code."""

from __future__ import annotations

import errno
import gc
import json
import os
import pickle
import random
import resource
import stat
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import searcher
from searcher.article import Article
from searcher.engines.whoosh import WhooshEngine
from searcher.engines.whoosh.format.manifest import FORMAT
from searcher.errors import IndexDamaged, IndexFailure, IndexOutdated
from searcher.names.table import Identities
from searcher.query.tree import MatchAll, Query, QuoteQuery
from tests.engines import worlds


@pytest.fixture
def index(tmp_path: Path) -> Path:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    rng = random.Random(1)
    for batch in range(2):
        with engine.writer() as writer:
            for n in range(8):
                writer.add(worlds.article(rng, f"{batch}-{n}"))
    with engine.writer() as writer:
        writer.delete("0-3")
    return tmp_path


def open_index(folder: Path, *, repair: bool = False) -> WhooshEngine:
    return WhooshEngine(folder, identities=Identities(), repair=repair)


def one(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


def answers(engine: WhooshEngine) -> object:
    rng = random.Random(2)
    return (
        list(engine.storage().articles()),
        list(engine.terms("text")),
        [engine.search(worlds.query(rng)) for _ in range(5)],
        engine.search(QuoteQuery(MatchAll())),
    )


@pytest.mark.parametrize("pattern", ["*.arr", "*.art", "*.del", "*.toc", "MAIN.*.json"])
@pytest.mark.parametrize("left", [0, 0.5, 0.99])
def test_a_file_cut_short_is_named_on_opening(index: Path, pattern: str, left: float) -> None:
    path = one(index, pattern)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * left)])

    with pytest.raises(IndexDamaged, match=path.name.replace(".", r"\.")):
        open_index(index)


@pytest.mark.parametrize("pattern", ["*.arr", "*.art", "*.del", "MAIN.*.json"])
def test_a_missing_file_is_named_on_opening(index: Path, pattern: str) -> None:
    path = one(index, pattern)
    path.unlink()

    with pytest.raises(IndexDamaged, match=path.name.replace(".", r"\.")):
        open_index(index)


def test_what_another_program_wrote_is_not_taken_for_ours(index: Path) -> None:
    path = one(index, "*.toc")
    path.rename(index / "_MAIN_77.toc")

    with pytest.raises(IndexDamaged, match="another program"):
        open_index(index)


@pytest.fixture
def no_more_files() -> Iterator[Callable[[int], None]]:
    """Leaves this process so many descriptors that it may open."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)

    def leave(number: int) -> None:
        gc.collect()  # what others left open would be closed meanwhile, and its number free again
        gc.disable()
        highest = os.open(os.devnull, os.O_RDONLY)
        os.close(highest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + number, before[1]))

    yield leave
    gc.enable()
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("left", range(4))
def test_a_passing_trouble_of_the_system_is_not_called_damage(
    index: Path, no_more_files: Callable[[int], None], left: int
) -> None:
    no_more_files(left)

    with pytest.raises(IndexFailure, match="Too many open files") as raised:
        open_index(index)
    assert IndexFailure is type(raised.value)


def test_a_writer_too_says_what_the_system_refuses(index: Path, no_more_files: Callable[[int], None]) -> None:
    engine = open_index(index)
    no_more_files(1)

    with pytest.raises(IndexFailure, match="Too many open files"):
        engine.writer()


def test_nothing_is_given_up_for_lost_that_may_be_read_another_time(
    index: Path, no_more_files: Callable[[int], None]
) -> None:
    engine = open_index(index, repair=True)
    list(engine.storage().read_undamaged_articles())  # what it needs of the program is loaded
    no_more_files(0)

    with pytest.raises(IndexFailure, match="Too many open files"):
        list(engine.storage().read_undamaged_articles())


def test_a_disk_that_fails_is_not_called_damage(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(path: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr("searcher.engines.whoosh.format.manifest.open_file", failing)

    with pytest.raises(IndexFailure, match="Input/output error") as raised:
        open_index(index)
    assert IndexFailure is type(raised.value)


@pytest.mark.parametrize("pattern", ["*.arr", "*.art", "*.del", "MAIN.*.json", "*.names"])
@pytest.mark.parametrize(
    "put",
    [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to(path)],
    ids=["a folder", "a pipe", "a link without end", "a link to itself"],
)
def test_what_is_no_file_is_damage(index: Path, pattern: str, put: Callable[[Path], None]) -> None:
    path = one(index, pattern)
    path.unlink()
    put(path)

    with pytest.raises(IndexDamaged, match=path.name):
        open_index(index)


@pytest.mark.parametrize(
    "name", [f"_MAIN_{10**30}.toc", f"_MAIN_{10**9}.toc", "MAIN.5x.json", f"MAIN.{10**30}.json"]
)
def test_a_file_of_a_strange_number_is_in_nobodys_way(index: Path, name: str) -> None:
    (index / name).touch()
    engine = open_index(index, repair=True)
    with engine.writer(fresh=True) as writer:
        writer.add(Article("a", "title"))

    assert ["a"] == [article.id for article in open_index(index).storage().articles()]


@pytest.mark.parametrize("pattern", ["MAIN_2x1.arr", "MAIN_2x1.art", "MAIN.4.json", "_MAIN_4.toc.new"])
def test_no_link_in_an_index_is_written_through(index: Path, pattern: str) -> None:
    precious = index.parent / "thesis.txt"
    precious.write_text("years of work")
    for name in (pattern, pattern.replace("2x1", "4x1"), pattern.replace("4", "5")):
        if not (index / name).exists():
            (index / name).symlink_to(precious)
    engine = open_index(index)
    for number in range(2):
        with engine.writer() as writer:
            writer.add(Article(str(number), "title"))

    assert ("years of work", ()) == (precious.read_text(), engine.storage().verify())


def test_a_new_index_is_its_owners(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "index") as opened:
        opened.add([Article("a", "title")], annotate=False)
        opened.tags.update("a", "lead")
        opened.names.decide(opened.names.decisions.ignore("person", "Nobody"))

    assert 0o700 == stat.S_IMODE((tmp_path / "index").stat().st_mode)
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "index").iterdir()}


@pytest.mark.parametrize(
    ("number", "advice"), [(FORMAT - 1, "rebuild -i "), (0, "another folder"), (FORMAT + 1, "another folder")]
)
def test_of_another_format_it_is_said_what_to_do(index: Path, number: int, advice: str) -> None:
    declare(index, number)

    with pytest.raises(IndexOutdated, match=advice):
        open_index(index)


def test_the_articles_of_an_earlier_format_can_be_had(index: Path) -> None:
    expected = list(open_index(index).storage().articles())
    declare(index, FORMAT - 1)

    assert expected == list(open_index(index, repair=True).storage().read_undamaged_articles())


def declare(index: Path, number: int) -> None:
    """Say that the index is of another format."""
    rewrite(
        one(index, "MAIN.*.json"), lambda body: json.dumps({**json.loads(body), "format": number}).encode()
    )


def test_a_manifest_cannot_lead_out_of_the_folder(index: Path) -> None:
    def leading_out(body: bytes) -> bytes:
        data = json.loads(body)
        data["segments"][0]["id"] = "../../elsewhere"
        return json.dumps(data).encode()

    rewrite(one(index, "MAIN.*.json"), leading_out)

    with pytest.raises(IndexDamaged):
        open_index(index)


def rewrite(manifest: Path, change: Callable[[bytes], bytes]) -> None:
    body = change(manifest.read_bytes().partition(b"\n")[2])
    manifest.write_bytes(b"%08x\n%s" % (zlib.crc32(body), body))


@pytest.mark.parametrize("seed", worlds.seeds(60, 20))
def test_a_flipped_bit_changes_no_answer_or_is_named(index: Path, seed: int) -> None:
    rng = random.Random(seed)
    expected = answers(open_index(index))
    path = rng.choice(
        sorted(p for p in index.iterdir() if p.suffix in (".arr", ".art", ".del", ".toc", ".json"))
    )
    raw = bytearray(path.read_bytes())
    place = rng.randrange(len(raw))
    raw[place] ^= 1 << rng.randrange(8)
    path.write_bytes(bytes(raw))

    try:
        engine = open_index(index)
        got = answers(engine)
    except IndexFailure:
        return
    assert got == expected or path.name in engine.storage().verify()


class Crafted:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return (exec, ("raise SystemExit('code from the index ran')",))


@pytest.mark.parametrize("pattern", ["*.arr", "*.art", "*.del", "*.toc", "MAIN.*.json", "searcher.json"])
def test_no_code_from_a_file_is_run(index: Path, pattern: str) -> None:
    path = one(index, pattern)
    path.write_bytes(pickle.dumps(Crafted()))

    try:
        open_index(index).search(Query(MatchAll()))
    except IndexFailure:
        pass


def test_a_table_of_contents_of_the_right_size_is_not_unpickled(index: Path) -> None:
    path = one(index, "*.toc")
    crafted = pickle.dumps(Crafted())
    path.write_bytes(crafted + bytes(path.stat().st_size - len(crafted)))
    engine = open_index(index)

    assert 15 == engine.count()
    assert (path.name,) == engine.storage().verify()


@pytest.mark.parametrize("left", [b"", b"junk", b'{"engine": "whoo', b"[]", b"{}"])
def test_the_mark_of_an_index_is_named_and_written_again(index: Path, left: bytes) -> None:
    path = one(index, "searcher.json")
    path.write_bytes(left)
    engine = open_index(index)

    assert ("searcher.json",) == engine.storage().verify()
    with engine.writer() as writer:
        writer.delete("0-4")
    assert () == engine.storage().verify()

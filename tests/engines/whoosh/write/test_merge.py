"""Merging writes what one segment of all would have been, in bounded memory."""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from pathlib import Path

import pytest

from searcher.article import Article
from searcher.engines.whoosh import WhooshEngine
from searcher.engines.whoosh.arrays import Mask
from searcher.engines.whoosh.format.array_file import ArrayFile, ArrayWriter, TermList
from searcher.engines.whoosh.format.manifest import SegmentRecord
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.write import merge, segment_writer
from searcher.engines.whoosh.write.buffer import Buffer
from searcher.engines.whoosh.write.merge import merge_segments
from searcher.engines.whoosh.write.segment_writer import TermUnion, write_segment, write_terms
from searcher.names.table import Identities
from tests.engines import worlds


@pytest.fixture(params=["as it is", "little at a time"], autouse=True)
def bounds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How much is in memory together."""
    if request.param == "little at a time":
        for module in (merge, segment_writer):
            monkeypatch.setattr(module, "MAX_BLOCK_ENTRIES", 7)
        monkeypatch.setattr(segment_writer, "_MAX_WINDOW_TERMS", 5)
        monkeypatch.setattr(segment_writer, "_MAX_SUMMED_NUMBERS", 4)
        monkeypatch.setattr(segment_writer, "_MAX_BUCKETS", 8)
        monkeypatch.setattr(merge, "_MAX_COPIED_BYTES", 300)


def segment(folder: Path, name: str, articles: Sequence[Article]) -> Segment:
    buffer = Buffer()
    for article in articles:
        buffer.add(article)
    return Segment(folder, write_segment(folder, name, buffer))


def contents(record: SegmentRecord) -> list[tuple[int, str]]:
    return [(file.size, file.sha256) for file in record.files]


@pytest.mark.parametrize("seed", range(6))
def test_merged_segments_are_the_segment_of_all_that_stays(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    articles = [worlds.article(rng, f"a{number}") for number in range(40)]
    groups = [articles[start : start + 8] for start in range(0, 40, 8)]
    deleted = [sorted(rng.sample(range(8), rng.choice((0, 0, 3)))) for _ in groups]
    parts = [
        (segment(tmp_path, f"part{n}", group), gone) for n, (group, gone) in enumerate(zip(groups, deleted))
    ]
    left = [one for group, gone in zip(groups, deleted) for n, one in enumerate(group) if n not in gone]

    expected = contents(segment(tmp_path, "all", left).record)

    assert expected == contents(merge_segments(tmp_path, "merged", parts))


def test_titles_too_long_for_the_body_offset_move_all_bodies(tmp_path: Path) -> None:
    articles = [Article(f"{n}", "long " * size, "a body") for n, size in enumerate((3, 300, 5, 600))]
    parts = [(segment(tmp_path, f"part{n}", [article]), ()) for n, article in enumerate(articles)]

    expected = contents(segment(tmp_path, "all", articles).record)

    assert expected == contents(merge_segments(tmp_path, "merged", parts))


@pytest.mark.parametrize("seed", range(20))
def test_a_union_has_each_used_term_once_and_numbers_never_fall(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    lists = [sorted({f"{rng.randrange(60):02}".encode() for _ in range(rng.randrange(40))}) for _ in range(4)]
    used = [[rng.random() < 0.7 for _ in some] for some in lists]
    expected = sorted({term for some, flags in zip(lists, used) for term, flag in zip(some, flags) if flag})

    both = TermUnion(
        [written(tmp_path / f"{n}", some) for n, some in enumerate(lists)], list(map(mask, used))
    )
    found = [term for window in both.windows() for term in window]

    assert expected == found
    for some, flags, numbers in zip(lists, used, both.numbers):
        assert sorted(numbers) == list(numbers)
        assert [t for t, flag in zip(some, flags) if flag] == [
            found[n] for n, flag in zip(numbers, flags) if flag
        ]


def mask(flags: Sequence[bool]) -> Mask:
    import numpy as np

    return np.array(flags, np.bool_)


def written(path: Path, some: Sequence[bytes]) -> TermList:
    writer = ArrayWriter(path)
    write_terms(writer, "some", [some])
    writer.close({})
    return TermList(ArrayFile(path), "some")


def test_what_was_released_is_read_again(tmp_path: Path) -> None:
    writer = ArrayWriter(tmp_path / "file")
    writer.add("numbers", "I", array("I", range(10_000)))
    writer.close({})
    file = ArrayFile(tmp_path / "file")
    numbers = file.array("numbers")
    before = sum(numbers)

    file.release()

    assert before == sum(numbers)


@pytest.mark.parametrize("together", [1, 30])
def test_articles_added_again_take_the_place_of_those_of_earlier_segments(
    together: int, tmp_path: Path
) -> None:
    engine = WhooshEngine(tmp_path, identities=Identities(), create=True)
    with engine.writer() as writer:
        for number in range(200):
            writer.add(Article(f"{number}", "old"))
    with engine.writer() as writer:
        for number in range(together):
            writer.add(Article(f"{number}", "new"))

    assert 200 == engine.count()
    assert ["new"] * together == [engine.get(f"{number}").title for number in range(together)]  # type: ignore[union-attr]

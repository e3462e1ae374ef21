"""An article is one by what tells it: its address if that names an article, else its guid or its text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index, readers, urls
from tests.growth import grows

ROOT = "https://tavern.example/"
FIRST, SECOND = "Vegemite is tasted by four people.", "The tide comes in at noon, and nobody is there."


def feed(*entries: str) -> bytes:
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    return f"<rss version='2.0'><channel><title>Tavern</title>{items}</channel></rss>".encode()


def entry(link: str, body: str, guid: str = "", title: str = "Episode") -> str:
    told = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return f"<title>{title}</title><link>{link}</link>{told}<description>{body}</description>"


def read(data: bytes) -> list[Article]:
    return list(readers.read_bytes(data, "a.rss"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://tavern.example", False),
        ("https://www.tavern.example/index.html", False),
        ("https://tavern.example/?utm_source=rss", False),
        ("https://tavern.example/#top", False),
        ("https://tavern.example/ferry", True),
        ("https://tavern.example/?p=12", True),
        ("https://tavern.example/#!/ferry", True),
    ],
)
def test_an_address_names_an_article_if_it_leads_further_than_to_a_site(url: str, expected: bool) -> None:
    assert expected is urls.has_path(url)


def test_pages_that_give_the_address_of_their_site_are_told_apart_by_their_texts(tmp_path: Path) -> None:
    with searcher.open_index(":memory:") as index:
        index.load([page(tmp_path, "1", FIRST), page(tmp_path, "2", SECOND)])
        ids = {article.id for article in index.articles}

        assert (2, (), ()) == (len(ids), index.files.problems(), index.files.problems(repeated=True))
        assert all("-" not in id for id in ids)


def page(folder: Path, name: str, body: str) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text(json.dumps({"title": name, "body": body, "url": ROOT}))
    return path


def test_entries_that_link_to_one_page_are_told_apart_by_their_guids() -> None:
    first, second = read(feed(entry(ROOT, FIRST, "tavern-1"), entry(ROOT, SECOND, "tavern-2")))
    again = read(feed(entry(ROOT, f"{FIRST} Again.", "tavern-1")))[0]

    assert first.id != second.id
    assert first.id == again.id


def test_a_guid_that_is_an_address_is_that_of_an_entry_whose_link_is_none() -> None:
    told = f"<title>E</title><link>{ROOT}</link><guid>{ROOT}e/1</guid><description>{FIRST}</description>"

    assert [f"{ROOT}e/1"] == [article.url for article in read(feed(told))]


def test_guids_of_two_feeds_are_not_the_same() -> None:
    other = feed(entry(ROOT, SECOND, "1")).replace(b"<title>Tavern<", b"<title>Pier<")

    assert read(feed(entry(ROOT, FIRST, "1")))[0].id != read(other)[0].id


def test_entries_of_one_day_are_told_apart_by_the_fragments_of_their_addresses() -> None:
    day = "https://tavern.example/2026/05/26.html"
    both = read(feed(entry(f"{day}#a080605", FIRST), entry(f"{day}#a101112", SECOND)))
    again = read(feed(entry(f"{day}#a101112", SECOND), entry(f"{day}#a9", "Later.")))

    assert 2 == len({article.id for article in both})
    assert both[1].id == again[0].id


def test_a_fragment_that_tells_nothing_apart_is_no_part_of_an_address() -> None:
    link = "https://tavern.example/ferry"

    assert [read(feed(entry(link, FIRST)))[0].id] == [a.id for a in read(feed(entry(f"{link}#rss", FIRST)))]


def loaded(index: Index, folder: Path, *records: dict[str, str]) -> None:
    for number, record in enumerate(records):
        path = folder / f"{number}.jsonl"
        path.write_text(json.dumps({"url": f"{ROOT}ferry", "title": "Ferry sails", "body": FIRST, **record}))
        index.load([path])


def test_what_was_taken_for_another_is_listed_with_both_files_and_what_differs(tmp_path: Path) -> None:
    with searcher.open_index(":memory:") as index:
        first = {"date": "2024-03-01", "author": "Ada Quill"}
        loaded(index, tmp_path, first, {"title": "Boat sails", "date": "2024-03-02", "author": "Bo Moss"}, {})
        told, there = index.files.problems(repeated=True), tmp_path / "0.jsonl"

        assert [
            f"“Boat sails”: It has the text of “Ferry sails” in {there}, but another title, author and day.",
            f"“Ferry sails”: It is also in {there}.",
        ] == [problem.reason for problem in told]
        assert [("1.jsonl", "repeated"), ("2.jsonl", "repeated")] == [
            (Path(problem.path).name, problem.kind.value) for problem in told
        ]
        assert () == index.files.problems()


def test_another_text_of_an_address_is_listed_with_what_both_share(tmp_path: Path) -> None:
    with searcher.open_index(":memory:") as index:
        loaded(index, tmp_path, {}, {"body": f"{FIRST[:20]} by nobody, whoever came to the tavern."})
        (told,) = index.files.problems(repeated=True)

        assert (
            f"“Ferry sails”: Another text has the same address in {tmp_path}/0.jsonl: "
            "25% of both is the same, and both are in the index."
        ) == told.reason


@pytest.mark.parametrize("times", [2, 40])
def test_every_article_that_comes_again_in_one_file_is_listed(times: int, tmp_path: Path) -> None:
    record = json.dumps({"url": f"{ROOT}ferry", "title": "Ferry sails", "body": FIRST})
    (tmp_path / "a.jsonl").write_text(f"{record}\n" * times)
    with searcher.open_index(":memory:") as index:
        report = index.load([tmp_path / "a.jsonl"])
        told = index.files.problems(repeated=True)
        index.rebuild()

        assert times - 1 == report.copies == sum(problem.count for problem in told)
        assert told == index.files.problems(repeated=True)


def test_what_is_read_and_doubtful_is_in_the_index_and_listed(tmp_path: Path) -> None:
    (tmp_path / "donors.csv").write_text("name,amount\n" + "".join(f"Ann Lee,{n}\n" for n in range(9)))
    with searcher.open_index(":memory:") as index:
        report = index.load([tmp_path / "donors.csv"])
        (told,) = index.files.problems()

        assert (1, 1, 1, ()) == (index.count(), report.files_read, report.doubtful, report.failed)
        assert ("doubtful", False) == (told.kind.value, told.kind.is_incomplete)


def test_a_copy_in_the_internet_archive_is_known_by_the_address_of_its_original() -> None:
    address = "https://tavern.example/ferry"
    kept = f"https://web.archive.org/web/20160102030405id_/{address}"
    first, second = (read(feed(entry(url, FIRST)))[0] for url in (address, kept))

    assert (address, "Tavern", first.id) == (second.url, second.source, second.id)


def test_a_feed_whose_entries_share_an_address_takes_time_as_its_length_does() -> None:
    def entries(letters: int) -> str:
        return feed(*(entry(f"{ROOT}x", "B.", f"g{n}", f"T{n}") for n in range(letters // 100))).decode()

    assert not grows(lambda text: read(text.encode()), entries, 40_000)

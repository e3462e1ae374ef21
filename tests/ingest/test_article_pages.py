"""Pages of one article, each saved in a file of its own, are one article in their order."""

from __future__ import annotations

from pathlib import Path

import pytest

import searcher
from searcher import Article, Index, readers, urls

BASE = "https://meridian.example/harbour/ferry-returns"
TEXTS = {
    1: "The ferry to Tallow Island sails again from Monday, the harbour board said. It had been laid up "
    "since the storm of last winter, when its bow door was torn off and two piers were lost to the sea.",
    2: "Ada Quill, who runs the only bakery on the island, said that she had lost half of her customers. “We "
    "baked for ourselves,” she said. Others had gone to the mainland for work and had not come back since.",
    3: "The crossing will cost four crowns and take forty minutes. Bicycles go free until the end of summer, "
    "and dogs at any time. A second ferry has been ordered in Gullhaven and is to be delivered in two years.",
}
WHOLE = "\n\n".join(TEXTS.values())


def address(number: int, form: str = "?page={}") -> str:
    if number == 1:
        return BASE + (".html" if form.endswith(".html") else "")
    return BASE + form.format(number)


def markup(
    number: int, *, text: str = "", title: str = "Ferry returns", day: str = "2026-03-02",
    form: str = "?page={}", canonical: str = "", links: bool = True, last: int = 3,
) -> str:  # fmt: skip
    ways = [("prev", number - 1)] * (number > 1) + [("next", number + 1)] * (number < last)
    linked = "".join(f'<link rel="{way}" href="{address(to, form)}">' for way, to in ways if links)
    return f"""<html lang="en"><head><title>{title}</title><meta property="og:title" content="{title}">
    <meta property="article:published_time" content="{day}"><link rel="canonical"
    href="{canonical or address(number, form)}">{linked}</head><body><article><h1>{title}</h1>
    <p>{text or TEXTS[number]}</p></article></body></html>"""


def write(folder: Path, number: int, name: str = "", **more: str) -> Path:
    path = folder / f"{name or number}.html"
    path.write_text(markup(number, **more))  # type: ignore[arg-type]
    return path


def bodies(index: Index) -> list[str]:
    return sorted(article.body for article in index.articles)


@pytest.mark.parametrize("form", ["?page={}", "/{}/"])
def test_pages_that_lead_to_one_another_are_one_article(form: str, index: Index, folder: Path) -> None:
    report = index.load([write(folder, number, form=form) for number in (3, 1, 2)])
    (article,) = index.articles

    assert (WHOLE, address(1, form), "Ferry returns") == (article.body, article.url, article.title)
    assert (1, 2) == (report.added, report.joined)


def test_a_title_that_ends_with_a_number_keeps_it(index: Index, folder: Path) -> None:
    index.load([write(folder, number, title="The crew of Apollo 13") for number in (1, 2)])

    assert ["The crew of Apollo 13"] == [article.title for article in index.articles]


def test_a_number_of_the_page_is_no_part_of_the_title(index: Index, folder: Path) -> None:
    index.load([write(folder, number, title=f"Ferry returns – Page {number} of 2") for number in (1, 2)])

    assert ["Ferry returns"] == [article.title for article in index.articles]


def test_pages_of_one_canonical_address_are_one_article(index: Index, folder: Path) -> None:
    index.load([write(folder, number, canonical=BASE) for number in TEXTS])

    assert [WHOLE] == bodies(index)


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 3, 1), (3, 1, 2)])
def test_pages_that_come_one_by_one_are_the_article_that_all_are_at_once(
    order: tuple[int, ...], index: Index, folder: Path
) -> None:
    for number in order:
        index.load([write(folder, number)])
    one_by_one = list(index.articles)
    index.rebuild()
    rebuilt = list(index.articles)
    with searcher.open_index(":memory:") as other:
        other.load([folder])

        assert list(other.articles) == one_by_one == rebuilt
    assert [WHOLE] == bodies(index)


def test_who_speaks_on_a_page_is_known_from_another(index: Index, folder: Path) -> None:
    later = {
        3: "“I shall bake again,” Quill said, and looked out over the sea to where the ferry would come from."
    }
    index.load([write(folder, number, text=later.get(number, "")) for number in TEXTS])
    (article,) = index.articles

    assert "Ada Quill" == next(quote.speaker for quote in article.quotes if "bake again" in quote.text)


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("another title", {"title": "Bakers rejoice"}),
        ("another day", {"day": "2026-03-09"}),
        ("no link", {"links": False, "last": 1}),
        ("the text of the first", {"text": f"{TEXTS[1]} Three remarks."}),
    ],
)
def test_an_address_alone_joins_nothing(
    what: str, change: dict[str, str], index: Index, folder: Path
) -> None:
    first = write(folder, 1, **({"links": False} if what == "no link" else {}))  # type: ignore[arg-type]
    report = index.load([first, write(folder, 2, **change)])

    assert (0, True) == (report.joined, TEXTS[1] in bodies(index))


def test_what_was_joined_is_listed_with_the_file_that_it_was_joined_with(index: Index, folder: Path) -> None:
    files = [write(folder, number) for number in TEXTS]
    index.load(files)

    assert [
        (str(files[1]), f"“Ferry returns”: It is page 2 of an article and was joined with {files[0]}."),
        (str(files[2]), f"“Ferry returns”: It is page 3 of an article and was joined with {files[0]}."),
    ] == [(one.origin, one.reason) for one in index.files.problems(repeated=True)]


def test_a_page_that_is_corrected_is_corrected_in_its_place(index: Index, folder: Path) -> None:
    index.load([write(folder, number) for number in TEXTS])
    index.load([write(folder, 2, text=f"{TEXTS[2]} Again.")])

    assert [WHOLE.replace(TEXTS[2], f"{TEXTS[2]} Again.")] == bodies(index)


def test_a_page_that_has_become_another_article_is_no_page_any_more(index: Index, folder: Path) -> None:
    index.load([write(folder, number) for number in TEXTS])
    index.load([write(folder, 2, title="Bakers rejoice")])

    assert sorted([TEXTS[2], f"{TEXTS[1]}\n\n{TEXTS[3]}"]) == bodies(index)


def test_a_page_whose_file_is_gone_goes_with_it(index: Index, folder: Path) -> None:
    index.load([write(folder, number) for number in TEXTS])
    (folder / "2.html").unlink()
    kept = index.rebuild()
    rebuilt = bodies(index)
    index.load([folder], prune=True)

    assert (WHOLE, f"{TEXTS[1]}\n\n{TEXTS[3]}") == (*rebuilt, *bodies(index))
    assert kept.failed == ()


def test_a_page_that_was_saved_twice_is_in_its_article_once(index: Index, folder: Path) -> None:
    index.load([write(folder, number) for number in TEXTS])
    report = index.load([write(folder, 2, "again")])

    assert ([WHOLE], 1) == (bodies(index), report.copies)


def test_a_page_alone_is_an_article_as_any_other() -> None:
    (read,) = readers.read_bytes(markup(1).encode(), "1.html")

    assert {**read.to_dict(), "id": ""} == {**Article.from_dict(read.to_dict()).to_dict(), "id": ""}
    assert TEXTS[1] == read.body


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://meridian.example/ferry?page=0%2C%2C1", ("//meridian.example/ferry", 1)),
        ("https://meridian.example/ferry/page/2/", ("//meridian.example/ferry", 2)),
        ("https://meridian.example/ferry-2.html", ("//meridian.example/ferry.html", 2)),
        ("https://meridian.example/ferry_p3.html", ("//meridian.example/ferry.html", 3)),
        ("https://meridian.example/ferry?p=12", ("//meridian.example/ferry?p=12", None)),
        ("https://meridian.example/news/146774/", ("//meridian.example/news/146774", None)),
        ("https://meridian.example/ferry-part-2", ("//meridian.example/ferry-part-2", None)),
    ],
)
def test_an_address_says_which_page_it_is_in_the_ways_of_many_sites(
    url: str, expected: tuple[str, int | None]
) -> None:
    assert expected == urls.split_page_number(url)

"""PDF: printed pages of the web, damaged pages, coded letters, and what a file says of who made it."""

import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import Doubt, MissingExtra
from searcher.extensions.documents import pdf as reader
from tests.readers.samples import FIRST, PARAGRAPHS, SECOND, THIRD, pdf

ADDRESS = "https://tallow.example/2024/harbour/ferry"


def plain(text):
    return text.replace("“", '"').replace("”", '"')


TEXT = "\n\n".join(map(plain, PARAGRAPHS)).encode().decode("unicode_escape")


def events(tmp_path, data):
    (tmp_path / "a.pdf").write_bytes(data)
    return list(readers.events(tmp_path / "a.pdf"))


def printed(first, *pages, title="Ferry to sail again | Tallow Post"):
    stamped = (
        f"29/11/2026, 10:15 {title}\n{text}\n{ADDRESS} {n}/2" for n, text in enumerate((first, *pages), 1)
    )
    made = {"Producer": "Skia/PDF m120", "CreationDate": "D:20261129101500Z", "Title": title}
    return pdf(*stamped, **made)


MENU = "Skip to main content\nHome\nHarbour\nSubscribe"


def test_a_printed_page_has_the_day_and_the_address_that_it_shows_and_no_menu():
    page = printed(f"{MENU}\nFerry to sail again\nBy Ann Lee\n3 March 2024\n{plain(FIRST)}", plain(THIRD))
    (article,) = readers.read_bytes(page, "a.pdf")

    assert ("Ferry to sail again", ADDRESS, ("Ann Lee",)) == (article.title, article.url, article.authors)
    assert "2024-03-03 00:00:00" == str(article.published)
    assert article.body.startswith(FIRST[:40])
    assert article.body.endswith(THIRD[-40:])


def test_a_printed_page_that_shows_no_day_has_none(tmp_path):
    (article,) = events(tmp_path, printed(f"{MENU}\nFerry to sail again\n{plain(FIRST)}"))

    assert article.published is None


def test_the_day_of_a_file_is_the_last_resort_and_doubtful(tmp_path):
    article, doubt = events(tmp_path, pdf(plain(FIRST), CreationDate="D:20240303140500Z"))

    assert "2024-03-03" == str(article.published)[:10]
    assert isinstance(doubt, Doubt)


HEADED = f"Harbour news\n# Ferry to sail\n# again in June\n{plain(FIRST)}"


@pytest.mark.parametrize(
    "declared", ["", "Company profits rise", "88300 162..177", "\\\\(anonymous\\\\)", "sail again"]
)
def test_the_largest_letters_are_the_title_unless_the_file_names_what_it_shows(declared):
    (article, *_) = readers.read_bytes(pdf(HEADED, Title=declared), "a.pdf")

    assert "Ferry to sail again in June" == article.title


def test_a_title_that_the_file_names_and_shows_elsewhere_is_its_title():
    (article, *_) = readers.read_bytes(
        pdf(f"# Tallow Post\nFerry to sail again\n{plain(FIRST)}", Title="Ferry to sail again"), "a.pdf"
    )

    assert "Ferry to sail again" == article.title


@pytest.mark.parametrize(
    ("name", "line"),
    [("a.pdf", "Date: 3 March 2024"), ("a.pdf", "March 3, 2024"), ("2024-03-03-ferry.pdf", "no day")],
)
def test_a_day_that_it_shows_or_its_name_tells_counts_for_more_than_that_of_the_file(name, line):
    data = pdf(f"Ferry to sail again\n{line}\n{plain(FIRST)}", CreationDate="D:20261129101500Z")
    (article,) = readers.read_bytes(data, name)

    assert "2024-03-03" == str(article.published)[:10]


@pytest.mark.parametrize("name", ["lindner", "w2k-Mosis-User", "Administrator", "Trial Version", "A642546"])
def test_an_account_is_no_author(name):
    (article,) = readers.read_bytes(pdf(plain(FIRST), Author=name), "a.pdf")

    assert () == article.authors


def test_a_person_who_made_a_file_is_its_author():
    (article,) = readers.read_bytes(pdf(plain(FIRST), Author="Ann Lee"), "a.pdf")

    assert ("Ann Lee",) == article.authors


def test_a_page_that_is_broken_costs_the_others_nothing(tmp_path):
    article, doubt = events(tmp_path, pdf(plain(FIRST), None, plain(THIRD)))

    assert isinstance(article, Article)
    assert (True, True) == (FIRST[:40] in article.body, THIRD[:40] in article.body)
    assert "1 of its 3 pages are damaged or hold too much to be read." == str(doubt)


def test_letters_that_stand_by_themselves_are_put_together():
    spaced = "  ".join(" ".join(word) for word in plain(FIRST).split())
    (article,) = readers.read_bytes(pdf(spaced[:80], spaced[82:]), "a.pdf")

    assert "company said on Tuesday" in f"{article.title}{article.body}"


def test_codes_of_glyphs_are_no_text(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "installed_program", lambda name: None)
    (problem,) = events(tmp_path, pdf("/G70/G73/G76 " * 40))

    assert isinstance(problem, MissingExtra)
    assert "pdftotext" in str(problem)
    assert SECOND not in str(problem)

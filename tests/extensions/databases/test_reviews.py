"""Press reviews: many articles in one text, each with a line that cites it."""

import datetime as dt

import pytest

from searcher import readers
from searcher.article import Article
from searcher.extensions.databases import may_be_download
from tests.readers.samples import PARAGRAPHS, docx, rtf

PROSE = "\n\n".join(PARAGRAPHS)
ABOVE = f""""Tallow Post" vom 02.04.2013                     Seite: 1
Ressort: Politik

Abend

Ferry to sail again

von Ann Lee

{PROSE}

__________________

"Heron Daily" Nr. 65 vom 03.04.2013 Seite 3
Ressort: Wirtschaft

Company profits rise in spring

{PROSE}
"""
BELOW = f"""1. Ferry to sail again

Tallow Post, woensdag 3 april 2013, p. 23, 853w.

{PROSE}


2. Company profits rise in spring

Heron Daily, dinsdag 2 april 2013, p. 1, 27w.

{PROSE}
"""
FOUND = f""""tallow.example" gefunden am 28.12.2017 10:36 Uhr

Ferry to sail again

{PROSE}

"heron.example" gefunden am 28.12.2017 10:36 Uhr

Company profits rise in spring

{PROSE}
"""
PAGE = f"""<title>Ausdruck</title><body><div class="eintrag"><pre>"Tallow Post" vom 02.04.2013      Seite: 1
Ressort: Politik</pre> Before the headline. <h3>Ferry to sail again</h3><p>{PARAGRAPHS[0]}</p></div>
<div class="eintrag"><pre>"Heron Daily" Nr. 065 vom 03.04.2013   Seite: 3</pre>
<h3>Company profits rise in spring</h3><p>{PARAGRAPHS[0]}</p></div>"""


def told(article: Article) -> tuple[str, str | None, dt.date | None]:
    return article.title, article.source, article.published.date() if article.published else None


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (ABOVE.encode(), "a.txt", [("Tallow Post", "2013-04-02"), ("Heron Daily", "2013-04-03")]),
        (BELOW.encode(), "a.txt", [("Tallow Post", "2013-04-03"), ("Heron Daily", "2013-04-02")]),
        (FOUND.encode(), "a.txt", [("tallow.example", "2017-12-28"), ("heron.example", "2017-12-28")]),
        (rtf(ABOVE.split("\n")), "a.rtf", [("Tallow Post", "2013-04-02"), ("Heron Daily", "2013-04-03")]),
        (docx(ABOVE.split("\n")), "a.docx", [("Tallow Post", "2013-04-02"), ("Heron Daily", "2013-04-03")]),
        (PAGE.encode(), "a.html", [("Tallow Post", "2013-04-02"), ("Heron Daily", "2013-04-03")]),
    ],
    ids=["above", "below", "found", "RTF", "Word", "page"],
)
def test_a_line_that_cites_begins_an_article(data: bytes, name: str, expected: list[tuple[str, str]]) -> None:
    titles = ("Ferry to sail again", "Company profits rise in spring")
    articles = [
        (title, source, dt.date.fromisoformat(day))
        for title, (source, day) in zip(titles, expected, strict=True)
    ]

    assert articles == [told(article) for article in readers.read_bytes(data, name)]


def test_section_and_byline_are_no_part_of_the_text() -> None:
    (article, _) = readers.read_bytes(ABOVE.encode(), "a.txt")

    assert (PROSE, ("Ann Lee",), "Politik") == (article.body, article.authors, article.section)


@pytest.mark.parametrize(
    "text",
    [
        PROSE
        + "\n\nTallow Post, 3 April 2013, p. 3\nTallow Post, 2 April 2013, p. 4\nHeron, 1 April 2013, p. 5",
        f'Ferry to sail again\n\n{PROSE}\n\n"Tallow Post" of 3 April 2013, p. 3\n\n{PROSE}',
        f"Ann Lee, 3 April 2013, 10:36\n\n{PROSE}\n\nBo Ek, 3 April 2013, 10:40\n\n{PROSE}",
    ],
    ids=["notes", "one citation", "remarks"],
)
def test_what_cites_by_the_way_is_one_article(text: str) -> None:
    assert 1 == len([*readers.read_bytes(text.encode(), "a.txt")])


def test_rtf_in_utf_8_is_read_as_such() -> None:
    data = rtf(["Die Fähre fährt wieder", PARAGRAPHS[0]]).replace(rb"\u228?", "ä".encode())

    assert "Die Fähre fährt wieder" == next(readers.read_bytes(data, "a.rtf")).title


def test_a_page_of_a_site_is_not_worth_a_closer_look() -> None:
    assert not may_be_download(PAGE)

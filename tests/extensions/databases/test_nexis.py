import datetime as dt

import pytest

from searcher import readers
from searcher.article import Article
from searcher.errors import ReadError
from searcher.extensions.databases.fields import authors
from tests.readers.samples import BODY, PARAGRAPHS, SAMPLE_FOLDER, docx, rtf

NEW = [
    "Ferry to sail again",
    "The Tallow Post (Tallow Bay)",
    "March 3, 2024 Sunday",
    "First Edition",
    "Copyright 2024 Tallow Media Ltd All Rights Reserved",
    "Section: NEWS; Pg. 3",
    "Length: 43 words",
    "Byline: By Ann Lee and Bo Ek",
    "Body",
    *PARAGRAPHS,
    "Classification",
    "Language: ENGLISH",
    "Subject: FERRIES (91%); HARBOURS (78%)",
    "Load-Date: March 4, 2024",
    "End of Document",
    "Company profits rise in spring",
    "Heron Daily",
    "4 March 2024",
    "Copyright 2024 Heron",
    "Length: 12 words",
    "Body",
    "Profits rose.",
    "Load-Date: March 4, 2024",
    "End of Document",
]
OLD = (SAMPLE_FOLDER / "nexis.txt").read_text("utf-8")


def everything(data, name, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    return list(readers.events(path))


@pytest.mark.parametrize(
    ("data", "name"),
    [(docx(NEW), "a.docx"), (rtf(NEW), "a.rtf"), ("\n\n".join(NEW).encode(), "a.txt")],
    ids=["docx", "rtf", "txt"],
)
def test_documents_are_told_apart_dated_and_credited(data, name, tmp_path):
    first, second = everything(data, name, tmp_path)

    assert (
        "Ferry to sail again",
        "The Tallow Post (Tallow Bay)",
        dt.datetime(2024, 3, 3),
        ("Ann Lee", "Bo Ek"),
        "NEWS",
        "en",
        ("Ferries", "Harbours"),
        BODY,
    ) == (
        first.title,
        first.source,
        first.published,
        first.authors,
        first.section,
        first.language,
        first.tags,
        first.body,
    )
    assert ("Company profits rise in spring", "Heron Daily", "Profits rose.") == (
        second.title,
        second.source,
        second.body,
    )


def test_the_older_text_format(tmp_path):
    first, second = everything(OLD.encode(), "a.txt", tmp_path)

    assert ("Ferry to sail again", "The Tallow Post", dt.datetime(2004, 3, 3), ("Ann Lee",)) == (
        first.title,
        first.source,
        first.published,
        first.authors,
    )
    assert (
        "The ferry company said on Tuesday that its boats would run again from June after a long winter in "
        'port.\n\n"We are ready," said Ida Brandt.'
    ) == first.body
    assert ("Profits rise", "Heron Daily", "Profits rose.") == (second.title, second.source, second.body)


def test_what_cannot_be_told_apart_is_counted(tmp_path):
    found = everything(docx([*NEW, "Something without a date", "End of Document"]), "a.docx", tmp_path)

    assert [Article, Article, ReadError] == [type(event) for event in found]
    assert "1 of 3 documents of the download from Nexis have no text or no date." == str(found[-1])


@pytest.mark.parametrize(
    ("headline", "expected"), [("Ferry to sail again\n\n", "Ferry to sail again"), ("", "")]
)
def test_what_stands_in_the_middle_below_the_day_is_no_headline(headline: str, expected: str) -> None:
    edition = "                             FIRST Edition\n\n"
    text = OLD.replace("Ferry to sail again\n\n", edition + headline).encode()
    (article, *_) = readers.read_bytes(text, "a.txt")

    assert (expected, "The Tallow Post") == (article.title, article.source)


def test_labels_may_be_dutch() -> None:
    text = OLD.replace("Ferry to sail again\n\n", "").replace("BYLINE", "KOP: Veerboot vaart weer\n\nAUTEUR")
    (article, *_) = readers.read_bytes(text.encode(), "a.txt")

    assert ("Veerboot vaart weer", ("Ann Lee",)) == (article.title, article.authors)


@pytest.mark.parametrize("above", [True, False])
def test_an_older_document_may_label_neither_headline_nor_text(above: bool) -> None:
    headline, day = "Ferry to sail again\n\n", "                             March 3, 2004\n\n"
    head = headline + day if above else day + headline
    text = f"   {PARAGRAPHS[0]}\n\n   {PARAGRAPHS[1]}\n\nSECTION: NEWS\n\nLOAD-DATE: March 4, 2004\n\n"
    one = f"               1 of 2 DOCUMENTS\n\n               The Tallow Post\n\n{head}{text}"
    (article, _) = readers.read_bytes((one + one.replace("1 of 2", "2 of 2")).encode(), "a.txt")

    assert ("Ferry to sail again", "The Tallow Post") == (article.title, article.source)
    assert "\n\n".join(PARAGRAPHS[:2]) == article.body


def test_a_text_is_no_export_for_the_line_that_ends_a_document_alone():
    text = "\n\n".join(["Ferry to sail again", *PARAGRAPHS, "End of Document", *PARAGRAPHS])

    (article,) = readers.read_bytes(text.encode(), "a.txt")

    assert ("Ferry to sail again", 2) == (article.title, article.body.count(PARAGRAPHS[0]))


BYLINES = {
    "Ann Lee, The Heron Daily, Heron, N.C.": ("Ann Lee",),
    "By Ann Lee Tallow Post Bo Ek and Cora Orr": ("Ann Lee", "Bo Ek", "Cora Orr"),
    "BY ANN LEE HERON BAY TALLOW POST": ("Ann Lee",),
    "Ann Lee and Bo Ek, The Tallow Post": ("Ann Lee", "Bo Ek"),
    "Tallow Post, Ohio": (),
    "By Harbour staff": (),
    "NO BYLINE AVAILABLE": (),
}


@pytest.mark.parametrize("byline", BYLINES)
def test_the_employer_in_a_byline_is_no_author(byline: str) -> None:
    assert BYLINES[byline] == authors(byline, "The Tallow Post (Heron Bay)")


def test_a_headline_goes_on_after_a_semicolon() -> None:
    text = OLD.replace("HEADLINE: Profits rise", "HEADLINE: Profits rise;\nHeron sells more boats")
    _, second = readers.read_bytes(text.encode(), "a.txt")

    assert "Profits rise; Heron sells more boats" == second.title

"""Word files of Nexis: bookmarks divide them, and the cover page is no article."""

import datetime as dt

from searcher import readers
from tests.readers.samples import BODY, PARAGRAPHS, TITLE, docx, word

COVER = ["User Name: ANN LEE", "Job Number: 17", "Documents (2)", f"1. {TITLE}", "Client/Matter: -None-"]
HEAD = ["The Tallow Post", "March 3, 2024 Sunday", "Correction Appended", "Copyright 2024 Tallow Media Ltd"]


def document(number, *, body="Body", closing="Classification"):
    return [
        ("", f"Bookmark_{number}", False),
        (TITLE, "", True),
        *((line, "", False) for line in HEAD),
        ("Length: 43 words", "", False),
        ("Byline: ANN LEE and ADA QUILL; Ann Lee reported from Tallow Bay.", "", False),
        (body, f"Body_{number}", False),
        *((part, "", False) for part in PARAGRAPHS),
        (closing, f"Classification_{number}", False),
        ("Load-Date: March 4, 2024", "", False),
        ("End of Document", "", False),
    ]


def read(data):
    return list(readers.read_bytes(data, "a.docx"))


def test_each_document_has_its_own_facts_and_the_cover_page_is_none():
    cover = [(line, "", False) for line in COVER]
    first, second = read(word([*cover, *document(1), *document(2)]))

    assert (TITLE, BODY, "The Tallow Post") == (first.title, first.body, first.source)
    assert (("Ann Lee", "Ada Quill"), dt.datetime(2024, 3, 3)) == (first.authors, first.published)
    assert (TITLE, BODY) == (second.title, second.body)


def test_bookmarks_tell_the_body_whatever_it_is_called():
    (article,) = read(word(document(1, body="Volltext", closing="Klassifizierung")))

    assert BODY == article.body


def test_bookmarks_may_stand_below_the_headline():
    below = [[part[1], part[2], part[3], part[4], part[0], *part[5:]] for part in (document(1), document(2))]
    first, second = read(word([*below[0], *below[1]]))

    assert [(TITLE, BODY, dt.datetime(2024, 3, 3))] * 2 == [
        (a.title, a.body, a.published) for a in (first, second)
    ]


def test_a_cover_page_is_left_out_where_there_are_no_bookmarks():
    lines = [line for line, _, _ in document(1) if line]
    first, second = read(docx([*COVER, *lines, *lines]))

    assert [(TITLE, "The Tallow Post")] * 2 == [(a.title, a.source) for a in (first, second)]

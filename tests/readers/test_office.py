"""Office files, spreadsheets and messages of Outlook."""

import datetime as dt
import os
import struct

import pytest

from searcher import readers
from searcher.errors import MissingExtra, ReadError
from tests.readers.samples import BODY, PARAGRAPHS, TITLE, compound, odt, xlsx, zipped


def one(data, name):
    (article,) = readers.read_bytes(data, name)
    return article


def test_a_row_of_a_spreadsheet_is_an_article():
    article = one(xlsx([["Headline", "Text", "Date"], [TITLE, BODY, "03.03.24"]]), "a.xlsx")

    assert (TITLE, BODY, dt.datetime(2024, 3, 3)) == (article.title, article.body, article.published)


def test_a_headline_and_a_date_that_stand_above_the_text_again_are_no_part_of_it():
    text = f"{TITLE}\n\n03.03.2024\n\n{BODY}"
    columns = ["Источник", "Дата", "Время", "Заголовок", "Анонс"]
    article = one(xlsx([columns, ["Маяк", "03.03.24", "14:30", TITLE, text]]), "a.xlsx")

    assert (TITLE, BODY, "Маяк") == (article.title, article.body, article.source)
    assert dt.datetime(2024, 3, 3, 14, 30) == article.published


def test_a_damaged_spreadsheet_is_an_error():
    with pytest.raises(ReadError, match="The table is damaged"):
        one(xlsx([["title"]])[:-40], "a.xlsx")


def test_an_opendocument_text():
    meta = "<dc:creator>Ann Lee</dc:creator><meta:creation-date>2024-03-03T10:00:00</meta:creation-date>"
    article = one(odt([TITLE, *PARAGRAPHS], meta), "a.odt")

    assert (TITLE, BODY, ("Ann Lee",)) == (article.title, article.body, article.authors)
    assert dt.datetime(2024, 3, 3, 10) == article.published


def test_an_encrypted_opendocument_text_says_so():
    with pytest.raises(ReadError, match="It is encrypted"):
        one(zipped({"content.xml": b"\x17", "META-INF/manifest.xml": "<m><encryption-data/></m>"}), "a.odt")


def test_the_slides_of_a_presentation_in_their_order():
    def slide(text):
        return f'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'

    slides = {
        f"ppt/slides/slide{n}.xml": slide(text) for n, text in [(10, "Last."), (2, "Second."), (1, TITLE)]
    }

    assert "Second.\n\nLast." == one(zipped(slides), "a.pptx").body


def outlook(attachment=b""):
    sent = (dt.datetime(2024, 3, 3, tzinfo=dt.UTC) - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(
        microseconds=1
    )
    times = bytes(32) + struct.pack("<HHIq", 0x0040, 0x0039, 6, sent * 10)
    texts = {0x0037: TITLE, 0x1000: BODY, 0x0C1A: "Ann Lee", 0x5D01: "ann@tallow.example"}
    streams = {f"__substg1.0_{number:04X}001F": text.encode("utf-16-le") for number, text in texts.items()}
    return compound({**streams, "__properties_version1.0": times})


def test_a_message_of_outlook():
    article = one(outlook(), "a.msg")

    assert (TITLE, BODY, ("Ann Lee",)) == (article.title, article.body, article.authors)
    assert dt.datetime(2024, 3, 3) == article.published


def program(folder, name, lines):
    path = folder / name
    path.write_text("#!/bin/sh\n" + lines)
    path.chmod(0o755)


OLD = compound({"WordDocument": b"\0"})


@pytest.mark.parametrize("name", ["a.doc", "a.ppt"])
def test_an_old_office_file_says_what_to_install(name, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingExtra, match="LibreOffice can read: install it"):
        one(OLD, name)


def test_an_old_word_file_is_read_by_antiword(monkeypatch, tmp_path):
    program(tmp_path, "antiword", f"cat <<'E'\n{TITLE}\n\n{BODY}\nE\n")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")

    assert (TITLE, BODY) == (one(OLD, "a.doc").title, one(OLD, "a.doc").body)


def test_a_program_that_fails_is_an_error(monkeypatch, tmp_path):
    program(tmp_path, "antiword", "echo 'a.doc is not a Word Document.' >&2\nexit 1\n")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")

    with pytest.raises(ReadError, match=r"antiword could not read it \(a.doc is not a Word Document.\)"):
        one(OLD, "a.doc")

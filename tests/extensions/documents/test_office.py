"""Office files, spreadsheets and messages of Outlook."""

import datetime as dt
import gzip
import os
import struct

import pytest

from searcher import readers
from searcher.errors import MissingExtra, ReadError
from searcher.extensions.documents.office import _decompress_snappy
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


PAGES_IN_XML = """
<document><publication-info>
<SLCreationDateProperty><date val="2009-03-03T10:00:00+0100"/></SLCreationDateProperty></publication-info>
<metadata><title><string string="Ferry report"/></title>
<authors><string string="Ann Lee"/></authors></metadata>
<section-prototypes><p>Lorem ipsum</p></section-prototypes><headers><p>Running head</p></headers>
<drawables><text-storage><text-body><p>In a box.</p></text-body></text-storage></drawables>
<text-storage kind="body"><footnotes><p>A note.</p></footnotes><text-body>
<p>The ferry sails again.<br/></p><p><ghost-text>Type here</ghost-text>It sails<lnbr/>at noon.<br/></p>
</text-body></text-storage></document>"""


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_document_of_pages_in_xml(packed):
    data = PAGES_IN_XML.encode()
    article = one(zipped({"index.xml.gz": gzip.compress(data)} if packed else {"index.xml": data}), "a.pages")

    assert "The ferry sails again.\n\nIt sails\n\nat noon.\n\nIn a box.\n\nA note." == article.body
    assert ("Ferry report", ("Ann Lee",)) == (article.title, article.authors)
    assert dt.date(2009, 3, 3) == article.published.date()


def number(value):
    return bytes([value & 0x7F | 0x80]) + number(value >> 7) if value > 0x7F else bytes([value])


def message(*fields):
    """Fields of protocol buffers, each a pair of its key and a number or bytes."""
    return b"".join(
        number(key << 3) + number(value)
        if isinstance(value, int)
        else number(key << 3 | 2) + number(len(value)) + value
        for key, value in fields
    )


def part(*messages):
    """A part of a document of Pages, of numbers and messages, in a block of Snappy."""
    data = b""
    for kind, payload in messages:
        head = message((1, 7), (2, message((1, kind), (3, len(payload)))))
        data += number(len(head)) + head + payload
    return block(data, b"\xf4" + (len(data) - 1).to_bytes(2, "little") + data)


def block(data, packed):
    packed = number(len(data)) + packed
    return b"\0" + len(packed).to_bytes(3, "little") + packed


def storage(kind, text):
    return 2001, message((1, kind), (3, text.encode()))


PARTS = {
    "Index/Document.iwa": part(
        (10000, b""),
        storage(1, "Running head"),
        storage(3, "In a box."),
        storage(0, f"{TITLE}\nThe ferry sails.\u2028\ufffcAt noon.\n"),
    ),
    "Index/Tables/DataList.iwa": part((6005, message((1, 1), (3, message((1, 1), (3, b"12 boats")))))),
}


@pytest.mark.parametrize("folder", [False, True], ids=["one file", "a folder"])
def test_a_document_of_pages(folder):
    data = zipped(PARTS)
    article = one(zipped({"Index.zip": data}) if folder else data, "a.pages")

    assert TITLE == article.title
    assert "The ferry sails.\n\nAt noon.\n\nIn a box.\n\n12 boats" == article.body


def test_the_repeats_in_a_block_decompress_snappy_are_set_in():
    text = b"The ferry sails on. The ferry sails on. aaaaaaa"
    packed = b"\x4c" + text[:20][:20] + b"\x4e\x14\x00" + b"\x00a" + b"\x09\x01"

    assert text[:47] == _decompress_snappy(block(text, packed), 100)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\0\x03\0\0\x05\x00", "It is damaged"),
        (b"\0\x04\0\0\x05\x0a\x09\x00", "It is damaged"),
        (b"\x17" * 50, "It is damaged"),
        (part(storage(0, "A sheet of Numbers.")), "It is not a Pages document"),
        (block(b"", b"\x00a" + b"\xfe\x01\x00" * 600_000), "Its text takes more than 32 MB"),
    ],
    ids=["cut short", "repeats nothing", "noise", "of another program", "a bomb"],
)
def test_a_damaged_document_of_pages_says_so(data, said):
    with pytest.raises(ReadError, match=said):
        one(zipped({"Index/Document.iwa": data}), "a.pages")


def test_the_parts_of_a_document_of_pages_have_one_limit(monkeypatch):
    monkeypatch.setattr("searcher.extensions.documents.office._MAX_IWA_BYTES", 100)
    parts = {f"Index/Tables/Tile-{number}.iwa": part(storage(0, "x" * 40)) for number in (1, 2)}

    with pytest.raises(ReadError, match="Its text takes more than"):
        one(zipped({"Index/Document.iwa": part((10000, b""))} | parts), "a.pages")


def test_a_document_of_pages_with_a_password_says_so():
    with pytest.raises(ReadError, match="It is encrypted: take its password off in Pages"):
        one(zipped({**PARTS, ".iwpv2": b"\x02"}), "a.pages")


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

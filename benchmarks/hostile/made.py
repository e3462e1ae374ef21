"""Files made by hand, where a library would not make them wrong."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from benchmarks.hostile.case import MEGABYTE, TEXT

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
#: Entities that unfold to a thousand million of “ha”.
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def zipped(*members: tuple[str, bytes], level: int = 9) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def nested_zip(depth: int) -> bytes:
    data = zipped(("a.txt", TEXT.encode()))
    for _ in range(depth):
        data = zipped(("a.zip", data))
    return data


def encrypted_zip() -> bytes:
    data = bytearray(zipped(("a.txt", TEXT.encode())))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying_zip() -> bytes:
    """Its directory says that a member of 200 MB has ten bytes."""
    data = bytearray(zipped(("a.txt", b"a " * (100 * MEGABYTE))))
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(data)


def seven_zipped(*members: tuple[str, bytes], plain: bool = False) -> bytes:
    """A 7z archive, its header packed too or ``plain``."""
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 1}]) as archive:
        archive.encoded_header_mode = not plain
        for name, data in members:
            archive.writestr(data, name)
    return out.getvalue()


def greedy_7z() -> bytes:
    """Its header asks for the largest dictionary that LZMA2 may have."""
    data = seven_zipped(("a.txt", TEXT.encode()), plain=True)
    offset, size, _ = struct.unpack("<QQI", data[12:32])
    header = bytearray(data[32 + offset :][:size])
    header[header.index(b"\x21\x21\x01") + 3] = 40
    start = struct.pack("<QQI", offset, size, zlib.crc32(header))
    return data[:8] + struct.pack("<I", zlib.crc32(start)) + start + data[32 : 32 + offset] + header


def issue(articles: int, areas: int) -> bytes:
    """A digitised issue of one page whose articles point at the whole page, each so many times."""
    words = "".join(f'<String ID="w{number}" CONTENT="ferry{number}"/>' for number in range(5_000))
    page = f"<alto><TextBlock>{words}</TextBlock></alto>"
    area = '<fptr><area FILEID="f" BEGIN="w0" END="w4999"/></fptr>' * areas
    parts = "".join(f'<div TYPE="ARTICLE" ID="a{number}">{area}</div>' for number in range(articles))
    file = '<file ID="f"><FLocat href="1.xml"/></file>'
    return zipped(("mets.xml", f"<mets>{file}<div>{parts}</div></mets>".encode()), ("1.xml", page.encode()))


def pdf(stream: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(stream, 9)
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R"
        b"/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        + extra
        + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF"
    )


def docx(document: str) -> bytes:
    return zipped(("word/document.xml", document.encode()))


def epub(container: str) -> bytes:
    return zipped(("META-INF/container.xml", container.encode()))


def pdf_of(coding: bytes, stream: bytes) -> bytes:
    """A document whose page is ``stream`` in a coding of PDF, and in LZW besides where it is one."""
    kinds = (
        b"/Filter[" + coding + b"/LZWDecode]" if b"85" in coding else b"/Filter" + coding if coding else b""
    )
    made = pdf(b"")
    start, end = made.index(b"4 0 obj"), made.index(b"5 0 obj")
    length = str(len(stream)).encode()
    inner = b"4 0 obj<<" + kinds + b"/Length " + length + b">>stream\n" + stream + b"\nendstream endobj\n"
    return made[:start] + inner + made[end:]


def sheet(rows: str, strings: str = "") -> bytes:
    """A spreadsheet of one sheet (ECMA-376)."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = ("officeDocument", "sharedStrings", "worksheet")
    book, strings_kind, sheet_kind = (f"{links}/{name}" for name in names)
    related = f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Override '
        f'PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{related}{book}" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="a" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{related}{sheet_kind}" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{strings_kind}" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
    }
    return zipped(*((name, text.encode()) for name, text in parts.items()))


def tables(text: str, count: int, quote: str = '"') -> bytes:
    """Return a spreadsheet that shows one text ``count`` times, with this quotation mark in its markup."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, count + 1))
    return sheet(cells.replace('"', quote), f"<si><t>{text}</t></si>")

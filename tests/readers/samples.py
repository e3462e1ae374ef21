"""Made-up articles in the formats that people have, built here so that every byte is known."""

import io
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

#: Samples as files, whose articles are kept in cleaned.jsonl as well.
SAMPLE_FOLDER = Path(__file__).parent / "kept"
FIRST = (
    "The ferry company said on Tuesday that its boats would run again from June after a long winter in port."
)
SECOND = "“We are ready,” said Ida Brandt, who has run the company for nine years and knows every pier."
THIRD = "Passengers had waited since November, when ice closed the harbour to all but the smallest craft."
PARAGRAPHS = [FIRST, SECOND, THIRD]
BODY = "\n\n".join(PARAGRAPHS)
TITLE = "Ferry to sail again"
MARKUP = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)


def _shown(line):
    """A line of a PDF, in large letters where it begins with “# ”."""
    large = f"/F1 22 Tf ({line[2:]}) Tj /F1 11 Tf T* "
    return large if line.startswith("# ") else f"({line}) Tj T* "


def pdf(*pages, **info):
    """A PDF of some pages of lines; one that is None is broken. ``info``: Author, Title, …"""
    kids = " ".join(f"{10 + 2 * n} 0 R" for n in range(len(pages)))
    told = "".join(f"/{name} ({value}) " for name, value in info.items())
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: f"<< {told}>>".encode(),
    }
    for n, page in enumerate(pages):
        lines = "".join(map(_shown, (page or "").split("\n")))
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td {lines}ET".encode("latin-1")
        kind = b"/Filter /Nothing" if page is None else b""
        objects[10 + 2 * n] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (11 + 2 * n)
        )
        objects[11 + 2 * n] = b"<< %s /Length %d >>\nstream\n%s\nendstream" % (kind, len(stream), stream)
    out = b"%PDF-1.4\n"
    places = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    size = max(objects) + 1
    table = (
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(size)
    )
    out += b"xref\n0 %d\n%s" % (size, b"".join(table))
    return out + b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


def docx(lines, core=""):
    """A Word file of lines, some of them ``(line, style)``."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    styled = ((line, "") if isinstance(line, str) else line for line in lines)
    text = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{escape(line)}</w:t></w:r></w:p>'
        for line, style in styled
    )
    members = {"word/document.xml": f'<w:document xmlns:w="{w}"><w:body>{text}</w:body></w:document>'}
    if core:
        members["docProps/core.xml"] = core
    return zipped(members)


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def rtf(lines):
    def character(c):
        return c if ord(c) < 128 else f"\\u{ord(c)}?"

    text = "\\par\n".join("".join(map(character, line)) for line in lines)
    return (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times New Roman;}}{\*\generator Riched20;}\f0\fs24 "
        + text
        + "}"
    ).encode()


def word(paragraphs):
    """A Word file of paragraphs ``(text, bookmark, heading)``."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = ""
    for line, bookmark, heading in paragraphs:
        mark = f'<w:bookmarkStart w:id="1" w:name="{bookmark}"/>' if bookmark else ""
        level = '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>' if heading else ""
        text += f"<w:p>{level}{mark}<w:r><w:t>{escape(line)}</w:t></w:r></w:p>"
    return zipped({"word/document.xml": f'<w:document xmlns:w="{w}"><w:body>{text}</w:body></w:document>'})


def xlsx(rows):
    """A spreadsheet with one sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    sheet = '<sheets><sheet name="News" sheetId="1" r:id="rId1"/></sheets>'
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="xml" '
            f'ContentType="{kinds}.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">{sheet}</workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships">'
            f'<Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData>'
            "</worksheet>",
        }
    )


def odt(lines, meta=""):
    names = 'xmlns:text="t" xmlns:office="o" xmlns:dc="d" xmlns:meta="m"'
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {names}>{text}</office:document-content>",
            "meta.xml": f"<office:document-meta {names}>{meta}</office:document-meta>",
        }
    )


SECTOR = 512


def compound(streams):
    """A compound file (MS-CFB) of streams, each padded so that it needs no small sectors."""
    data = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    entries = [_entry("Root Entry", 5, child=1 if data else -1)]
    chains, place = [], 2 + (len(data) // 4 + 1)
    for number, (name, content) in enumerate(data.items(), 1):
        following = number + 1 if number < len(data) else -1
        entries.append(_entry(name, 2, right=following, start=place, size=len(content)))
        count = -(-len(content) // SECTOR)
        chains.append((place, count))
        place += count
    directory = b"".join(entries).ljust((len(data) // 4 + 1) * SECTOR, b"\0")
    fat = [-1] * 256
    fat[0] = fat[1] = -3
    first, length = 2, len(directory) // SECTOR
    for start, count in [(first, length), *chains]:
        for sector in range(start, start + count):
            fat[sector] = sector + 1 if sector + 1 < start + count else -2
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 62, 3, 0xFFFE, 9, 6,
        0, 2, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0,
    )  # fmt: skip
    header += struct.pack("<I", 1) + b"\xff" * 4 * 107
    whole = header[:SECTOR] + struct.pack("<256i", *fat) + directory
    return whole + b"".join(
        content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\0") for content in data.values()
    )


def _entry(name, kind, *, right=-1, child=-1, start=0, size=0):
    wide = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBiii16xI8x8xIQ", wide, len(wide) + 2, kind, 1, -1, right, child, 0, start, size
    )  # fmt: skip

"""Made-up articles in the formats that people have, built here so that every byte is known."""

import io
import zipfile
from xml.sax.saxutils import escape

FIRST = (
    "The ferry company said on Tuesday that its boats would run again from June after a long winter in port."
)
SECOND = "“We are ready,” said Ida Brandt, who has run the company for nine years and knows every pier."
THIRD = "Passengers had waited since November, when ice closed the harbour to all but the smallest craft."
PARAGRAPHS = [FIRST, SECOND, THIRD]
BODY = "\n\n".join(PARAGRAPHS)
TITLE = "Ferry to sail again"
MARKUP = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)


def docx(lines, core=""):
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
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

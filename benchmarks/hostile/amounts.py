"""Small files that ask for much: one thing a hundred thousand times, or one that stands for a gigabyte."""

from __future__ import annotations

import base64
import gzip
import io
import json
import tarfile
from collections.abc import Callable
from typing import Any

from benchmarks.hostile.case import MEGABYTE, SENTENCE, STORY, TEXT, Case, page
from benchmarks.hostile.made import WORD, docx, pdf_of, sheet, tables, zipped

GOOD = json.dumps({"title": "Ferry", "body": TEXT}).encode() + b"\n"


def row(fields: dict[str, Any]) -> Callable[[], bytes]:
    """JSON Lines of one bad record between two good ones, which it must not cost."""
    return lambda: GOOD + json.dumps({"title": "B", "body": TEXT + " B."} | fields).encode() + b"\n" + GOOD


def rss(items: str) -> Callable[[], bytes]:
    return lambda: f"<rss><channel><title>Post</title>{items}</channel></rss>".encode()


def mail(head: str, body: str = TEXT) -> Callable[[], bytes]:
    return lambda: f"From: Ann Lee <ann@post.example>\nSubject: Ferry\n{head}\n\n{body}".encode()


def parts(count: int, depth: int, head: str = "") -> bytes:
    """A message of parts that stand within one another, with text in the innermost."""
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    inner = f"--b{depth - 1}\nContent-Type: text/plain{head}\n\n{SENTENCE}\n".join([""] * count)
    return f"Subject: Ferry\nMIME-Version: 1.0\n{opened}Content-Type: text/plain\n\nFerry\n{inner}".encode()


def book(spine: str, *chapters: tuple[str, bytes], items: str = "") -> bytes:
    items = items or '<item id="a" href="a.html"/>'
    package = f"<package><metadata/><manifest>{items}</manifest><spine>{spine}</spine></package>"
    container = b'<container><rootfile full-path="p.opf"/></container>'
    return zipped(
        ("META-INF/container.xml", container),
        ("p.opf", package.encode()),
        ("a.html", page(STORY * 4)),
        *chapters,
    )


def odt(content: str) -> bytes:
    return zipped(("content.xml", f"<office><body>{content}</body></office>".encode()))


def tar_of(head: int) -> bytes:
    """An archive whose header for long names says that the name has so many bytes."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        long = tarfile.TarInfo("././@LongLink")
        long.type, long.size = tarfile.GNUTYPE_LONGNAME, head
        archive.addfile(long, io.BytesIO(b"a" * head))
        archive.addfile(tarfile.TarInfo("a.txt"), io.BytesIO(b""))
    return out.getvalue()


BAD: dict[str, dict[str, Any]] = {
    "an author of 400 kB of words": {"author": "Ann Lee " * 50_000},
    "an author of 400 kB of commas": {"author": ", " * 200_000},
    "an author of 4 MB of blanks": {"author": "by" + " " * 4_000_000 + "x"},
    "an author of 400 kB of signs": {"author": "a@" * 200_000},
    "an author of 400 kB of brackets": {"author": "(" * 400_000},
    "an author of 400 kB in Chinese": {"author": "記者" * 130_000},
    "200,000 authors": {"authors": [f"Ann Lee{n}" for n in range(200_000)]},
    "authors 900 deep": {"authors": json.loads("[" * 900 + '"Ann Lee"' + "]" * 900)},
    "a title of 500 kB": {"title": "Ferry " * 90_000},
    "a title of 2 MB of tags": {"title": "<b>a</b>" * 250_000},
    "a source of 5 MB": {"source": "<i>Post</i>" * 450_000},
    "tags of 10 MB": {"tags": "a," * 5_000_000},
    "300,000 tags": {"tags": [f"t{n}" for n in range(300_000)]},
    "an address of 5 MB": {"url": "http://post.example/" + "a/../" * 1_000_000},
    "an address with escape sequences": {"url": "http://post.example/\x1b]0;x\x07"},
    "an address that is no Unicode": {"url": "http://post.example/\ud800"},
    "a date of 5 MB": {"published": "1 May " * 800_000},
    "a language of 5,000 letters": {"language": "a" * 5000},
    "an id of 5 MB": {"id": "a" * 5_000_000},
    "a section of 5 MB": {"section": "a; " * 1_500_000},
    "2 MB of accents": {"body": TEXT + "e" + "\u0301\u0323" * 500_000},
    "2 MB of accents of two classes": {"body": TEXT + "a" + "\u0323" * 500_000 + "\u0301" * 500_000},
    "half characters everywhere": {"title": "\ud800", "tags": ["\udfff"], "source": "a\udc80"},
    "200,000 fields": {f"f{n}": n for n in range(200_000)},
}
FIELDS = tuple(
    Case(f"a record with {what}", "a.jsonl", row(fields), holds="Ferry") for what, fields in BAD.items()
)

ROWS = (
    Case("a million {}", "a.jsonl", lambda: b"{}\n" * 1_000_000, "refused"),
    Case("a million {} after an article", "a.jsonl", lambda: GOOD + b"{}\n" * 1_000_000, "either"),
    Case("300,000 records without text", "a.jsonl", lambda: b'{"a":1,"url":"x"}\n' * 300_000, "refused"),
    Case("a JSON array of 10 million arrays", "a.json", lambda: b"[" + b"[]," * 10**7 + b"1]", "refused"),
    Case(
        "a JSON line of 8 million objects",
        "a.jsonl",
        lambda: GOOD + b'{"a":[' + b"{}," * 8_000_000 + b"1]}\n" + GOOD,
    ),
    Case("a CSV row of 60 million cells", "a.csv", lambda: b"title,body\n" + b"ab," * 20_000_000, "either"),
    Case("a CSV row that never ends", "a.csv", lambda: b'title,body\n"a' + b'\n","a' * 12_000_000, "either"),
    Case("a CSV of a million empty rows", "a.csv", lambda: b"title,body\n" + b"a,\n" * 1_000_000, "refused"),
    Case("XLSX that repeats a text of 1 MB", "a.xlsx", lambda: tables("a" * MEGABYTE, 4_000), "refused"),
    Case(
        "XLSX with cells at both ends",
        "a.xlsx",
        lambda: sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>'),
        "refused",
    ),
    Case(
        "XLSX of 2,000 columns by 100,000 rows",
        "a.xlsx",
        lambda: sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="100000"><c r="BXX100000"><v>1</v></c></row>'
        ),
        "refused",
    ),
    Case(
        "XLSX with cells at both ends in single quotes",
        "a.xlsx",
        lambda: sheet("<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'/></row>"),
        "refused",
    ),
    Case(
        "XLSX with cells at both ends and line breaks",
        "a.xlsx",
        lambda: sheet('<row><c r\n=\n"A1"><v>1</v></c><c r\n=\n"XFD1048576"><v>1</v></c></row>'),
        "refused",
    ),
    Case(
        "XLSX with a last row whose cells have no place",
        "a.xlsx",
        lambda: sheet(
            f'<row><c r="A1"><v>1</v></c></row><row r="1048576">{"<c/>" * 2000}<c><v>1</v></c></row>'
        ),
        "refused",
    ),
    Case(
        "XLSX with cells at both ends after 300 letters",
        "a.xlsx",
        lambda: sheet(
            f'<row><c x="{"a" * 300}" r="A1"><v>1</v></c><c x="{"a" * 300}" r="XFD1048576"><v>1</v></c></row>'
        ),
        "refused",
    ),
    Case(
        "XLSX in single quotes that repeats a text of 1 MB",
        "a.xlsx",
        lambda: tables("a" * MEGABYTE, 4_000, quote="'"),
        "refused",
    ),
    Case(
        "ODS that repeats a row a million times",
        "a.ods",
        lambda: zipped(
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", b"<manifest/>"),
            (
                "content.xml",
                b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
                b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
                b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
                b'<office:spreadsheet><table:table table:name="a"><table:table-row '
                b'table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" '
                b'table:number-columns-repeated="16384"><text:p>' + b"a" * 1000 + b"</text:p>"
                b"</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
                b"</office:document-content>",
            ),
        ),
        "refused",
    ),
)

FEEDS = (
    Case("RSS of 200,000 empty items", "a.rss", rss("<item/>" * 200_000), "refused"),
    Case(
        "RSS of 2 million categories",
        "a.rss",
        rss("<item>" + "<category/>" * 2_000_000 + "</item>"),
        "either",
    ),
    Case(
        "RSS of 20,000 items of markup",
        "a.rss",
        rss(f"<item><title>T</title><description>&lt;p&gt;{SENTENCE}</description></item>" * 20_000),
        "either",
    ),
    Case(
        "RSS with an entry of 20 MB of tags",
        "a.rss",
        rss("<item><description><![CDATA[" + "<b><i>" * 3_300_000 + "]]></description></item>"),
        "either",
    ),
)

MAILS = (
    Case(
        "mail with 50,000 pieces of a name",
        "a.eml",
        mail("Content-Type: text/plain" + "".join(f"; name*{n}*=a" for n in range(50_000))),
    ),
    Case(
        "mail with 40 kB of quotation marks",
        "a.eml",
        lambda: b"Subject: " + b'"' * 40_000 + b"\nFrom: " + b'"' * 40_000 + b"\n\n" + TEXT.encode(),
    ),
    Case(
        "mail with 40 kB of brackets",
        "a.eml",
        lambda: b"From: " + b"(" * 40_000 + b"\nDate: " + b"(" * 40_000 + b"\n\n" + TEXT.encode(),
    ),
    Case("mail with 50,000 senders", "a.eml", mail("From: " + "a@b.example, " * 50_000)),
    Case("mail 400 parts deep, 4 MB", "a.eml", lambda: parts(40_000, 400), "either"),
    Case("mail of 100,000 parts", "a.eml", lambda: parts(100_000, 1), "either"),
    Case(
        "mail of 2,000 parts with odd headers",
        "a.eml",
        lambda: parts(2_000, 1, '; a="' + '"\\' * 900),
        "either",
    ),
    Case(
        "mailbox with one mail of 60 MB",
        "a.mbox",
        lambda: b"From a\nSubject: Ferry\n\n" + b"a line of it\n" * 4_700_000,
        "either",
    ),
    Case(
        "mail of 30 million empty lines",
        "a.eml",
        lambda: b"Subject: Ferry\n\n" + b"\n" * 30_000_000,
        "refused",
    ),
    Case("mail with 30 MB of tags", "a.eml", mail("Content-Type: text/html", "<b>a" * 7_500_000), "either"),
    Case(
        "mail with 3,000 attached pages",
        "a.eml",
        lambda: (
            b"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
            + b"".join(
                b"--b\nContent-Type: text/html\nContent-Disposition: attachment; filename=a.html\n\n"
                + page(STORY)
                + b"\n"
                for _ in range(3_000)
            )
        ),
        "either",
    ),
)

CODECS = tuple(
    Case(f"4 MB that says it is {codec}", "a.html", lambda codec=codec: (  # type: ignore[misc]
        f'<meta charset="{codec}"><article>{STORY}'.encode() + b"\xe9a-" * 1_300_000
    ), "either")
    for codec in ("punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "rot13")
)  # fmt: skip

DOCUMENTS = (
    Case(
        "Word with 240 paragraphs in one another",
        "a.docx",
        lambda: docx(
            f"<w:document {WORD}><w:p><w:r><w:t>" + (SENTENCE * 300 + "</w:t></w:r><w:p><w:r><w:t>") * 240
        ),
        "either",
    ),
    Case(
        "Word of 2 million paragraphs",
        "a.docx",
        lambda: docx(f"<w:document {WORD}>" + "<w:p><w:t>ab</w:t></w:p>" * 2_000_000 + "</w:document>"),
        "either",
    ),
    Case(
        "Word of 12 million elements",
        "a.docx",
        lambda: docx(f"<w:document {WORD}>" + "<w/>" * 12_000_000),
        "refused",
    ),
    Case(
        "Word of 10 million attributes",
        "a.docx",
        lambda: docx(
            f"<w:document {WORD}>" + ("<w " + "".join(f'a{n}="b" ' for n in range(1000)) + "/>") * 7_000
        ),
        "refused",
    ),
    Case(
        "slides of 240 paragraphs in one another",
        "a.pptx",
        lambda: zipped(
            ("ppt/slides/slide1.xml", ("<p:sld>" + ("<a:p><a:t>" + SENTENCE * 300 + "</a:t>") * 240).encode())
        ),
        "either",
    ),
    Case(
        "20,000 slides that are one",
        "a.pptx",
        lambda: zipped(
            *((f"ppt/slides/slide{n}.xml", b"<p><t>" + b"a" * 40_000 + b"</t></p>") for n in range(20_000))
        ),
        "either",
    ),
    Case(
        "OpenDocument with 100,000 paragraphs 240 deep",
        "a.odt",
        lambda: odt("<s>" * 240 + f"<p>{SENTENCE}</p>" * 100_000),
        "either",
    ),
    Case(
        "OpenDocument with a space a billion times",
        "a.odt",
        lambda: odt('<p>a<s c="1000000000"/>b</p>'),
        "either",
    ),
    Case(
        "NITF with 240 paragraphs in one another",
        "a.xml",
        lambda: f"<nitf><body.content>{f'<p>{SENTENCE * 300}' * 240}".encode(),
        "either",
    ),
    Case(
        "NewsML with 200 items in one another",
        "a.xml",
        lambda: (
            b"<newsMessage>"
            + f"<newsItem><inlineXML><body><p>{SENTENCE * 300}</p></body></inlineXML>".encode() * 80
        ),
        "either",
    ),
    Case(
        "NewsML of 100,000 empty items",
        "a.xml",
        lambda: b"<newsMessage>" + b"<newsItem/>" * 100_000 + b"</newsMessage>",
        "refused",
    ),
    Case(
        "RTF of 10 million paragraphs",
        "a.rtf",
        lambda: b"{\\rtf1 " + b"\\par a" * 10_000_000 + b"}",
        "either",
    ),
    Case(
        "RTF of 300,000 fonts",
        "a.rtf",
        lambda: b"{\\rtf1 " + b"{\\f1\\fcharset204 A}" * 1_000_000 + b"}",
        "either",
    ),
    Case("EPUB that lists one chapter 20,000 times", "a.epub", lambda: book('<itemref idref="a"/>' * 20_000)),
    Case(
        "EPUB that lists one chapter by 20,000 names",
        "a.epub",
        lambda: book(
            "".join(f'<itemref idref="i{n}"/>' for n in range(20_000)),
            items="".join(f'<item id="i{n}" href="{"./" * (n % 99)}x{n}/../a.html"/>' for n in range(20_000)),
        ),
    ),
    Case(
        "EPUB of 200 chapters of 10 MB of blanks",
        "a.epub",
        lambda: book(
            "".join(f'<itemref idref="i{n}"/>' for n in range(200)),
            *((f"c{n}.html", b"<p>" + b" " * (10 * MEGABYTE)) for n in range(200)),
            items="".join(f'<item id="i{n}" href="c{n}.html"/>' for n in range(200)),
        ),
        "either",
    ),
    Case(
        "EPUB whose package nests 200 titles",
        "a.epub",
        lambda: zipped(
            ("META-INF/container.xml", b'<container><rootfile full-path="p.opf"/></container>'),
            (
                "p.opf",
                b'<package xmlns:dc="http://purl.org/dc/elements/1.1/">'
                + b"<dc:title>" * 200
                + b"a" * (20 * MEGABYTE),
            ),
        ),
        "either",
    ),
    Case(
        "PDF of ASCII85 and LZW",
        "a.pdf",
        lambda: pdf_of(b"/ASCII85Decode", base64.a85encode(bytes(15 * MEGABYTE)) + b"~>"),
        "refused",
    ),
    Case(
        "PDF of 20 MB of hexadecimal",
        "a.pdf",
        lambda: pdf_of(b"/ASCIIHexDecode", b"41" * (10 * MEGABYTE) + b">"),
        "either",
    ),
    Case(
        "PDF of a million short texts", "a.pdf", lambda: pdf_of(b"", b"BT (ab) Tj ET " * 1_000_000), "either"
    ),
)

UNPACKED = (
    Case(
        "zip of 400 members of 15 MB of blanks",
        "a.zip",
        lambda: zipped(*((f"{n}.txt", b" " * (15 * MEGABYTE)) for n in range(400))),
        "refused",
    ),
    Case(
        "zip of 400 zips of 15 MB of blanks",
        "a.zip",
        lambda: zipped(
            *((f"{n}.zip", zipped(("a.txt", b" " * (15 * MEGABYTE) + b"%d" % n))) for n in range(400))
        ),
        "refused",
    ),
    Case(
        "zip of 20,000 times one page",
        "a.zip",
        lambda: zipped(*((f"{n}.html", page(STORY)) for n in range(20_000))),
    ),
    Case(
        "zip of 100,000 empty texts",
        "a.zip",
        lambda: zipped(*((f"{n}.txt", b"") for n in range(100_000))),
        "refused",
    ),
    Case("tar with a name of 500 MB", "a.tgz", lambda: gzip.compress(tar_of(500 * MEGABYTE)), "refused"),
    Case("tar of 400 members of 15 MB of blanks", "a.tgz", lambda: _tar_of_blanks(400), "refused"),
    Case(
        "gzip of a WARC header of 300 MB",
        "a.warc.gz",
        lambda: gzip.compress(b"WARC/1.0\r\nA: " + b"a" * (300 * MEGABYTE)),
        "refused",
    ),
    Case(
        "gzip of a WARC that is one answer of 300 MB",
        "a.warc.gz",
        lambda: gzip.compress(
            b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 314572900\r\n\r\nHTTP/1.1 200 OK\r\n"
            b"Content-Type: text/html\r\n\r\n" + b"<b>" * (100 * MEGABYTE)
        ),
        "refused",
    ),
)


def _tar_of_blanks(count: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive:
        for number in range(count):
            member = tarfile.TarInfo(f"{number}.txt")
            member.size = 15 * MEGABYTE
            archive.addfile(member, io.BytesIO(b" " * member.size))
    return out.getvalue()


def _page(pieces: str) -> bytes:
    return page(STORY + pieces)


def _nested(tag: str, inner: str) -> bytes:
    return page(f"<{tag} class=article>{inner}activa" * 70_000)


LINES = (
    Case("a text of one paragraph", "a.txt", lambda: f"{SENTENCE[:75]}\n".encode() * 110_000, "either"),
    Case("a text of capitals and years", "a.txt", lambda: b"Ferry 1999 " * 700_000, "either"),
    Case("a text of bylines", "a.txt", lambda: b"By Ann Lee\n" * 700_000, "either"),
    Case("a text of dates", "a.txt", lambda: b"3 May 2024\n\n" * 700_000, "either"),
    Case("a text of labels", "a.txt", lambda: b"Title: a\nAuthor: b\n" * 400_000, "either"),
    Case("Markdown of stars", "a.md", lambda: b"**a " * 2_000_000, "either"),
    Case("Markdown of underscores", "a.md", lambda: b"_a __a " * 1_000_000, "either"),
    Case("Markdown of brackets", "a.md", lambda: b"[a](b " * 1_400_000, "either"),
    Case("Markdown of open brackets", "a.md", lambda: b"[" * 8_000_000, "either"),
    Case("Markdown of pictures", "a.md", lambda: b"![" * 4_000_000, "either"),
    Case("Markdown of ticks and waves", "a.md", lambda: b"`a ~~b " * 1_000_000, "either"),
    Case("a text of the ends of documents", "a.txt", lambda: b"End of Document\n" * 500_000, "either"),
    Case("a text of counted documents", "a.txt", lambda: b"1 of 9 DOCUMENTS\n" * 450_000, "either"),
    Case("a page of time elements", "a.html", lambda: _page("<time>1 May 2024</time>" * 90_000), "either"),
    Case("a page of bylines", "a.html", lambda: _page('<p class="byline">By Ann Lee</p>' * 60_000), "either"),
    Case("a page of open scripts", "a.html", lambda: _page('<script>"' * 600_000), "either"),
    Case("a page of nested bylines", "a.html", lambda: _page("<div class=author>By Ann" * 60_000), "either"),
    Case("a page of nested spans", "a.html", lambda: _page("<span class=date>1 May" * 90_000), "either"),
    Case("a page of data addresses", "a.html", lambda: _page('"data:a/b;base64,' * 250_000), "either"),
    Case("a page of attributes without end", "a.html", lambda: _page("<p a='" * 800_000), "either"),
    Case("an export of Nexis", "a.html", lambda: page("<!-- <DOCFULL> --><DIV><P>a" * 150_000), "either"),
    Case("an export of Factiva", "a.html", lambda: _nested("div", "<p class=articleParagraph>"), "either"),
    Case("one of Europresse", "a.html", lambda: _nested("article", "<b class=DocPublicationName>"), "either"),
    Case("an export of Integrum", "a.html", lambda: page("^ИС: a ^ЗГ: " * 200_000), "either"),
)  # fmt: skip

AMOUNTS = (*FIELDS, *ROWS, *FEEDS, *MAILS, *CODECS, *DOCUMENTS, *UNPACKED, *LINES)

"""Hostile inputs: files made to hang, crash or bloat whoever reads them. ``python -m benchmarks.hostile``.

Every case is read in a worker process under a limit of 10 seconds and 1 GB, and must end in articles or in a
reason. ``expect`` says which: "read", "refused" or "either" where both are right.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from searcher import readers
from searcher.errors import ReadError
from searcher.work import Failure, Pool

__all__ = ["CASES", "Case", "Outcome", "judge", "main", "read_case"]

SECONDS, MEMORY = 10.0, 1 << 30
MEGABYTE = 1 << 20

SENTENCE = (
    "The ferry company said on Tuesday that its boats would run again from June after a long winter in port. "
)
STORY = "".join(f"<p>{number}. {SENTENCE * 2}</p>" for number in range(6))
TEXT = "Ferry to sail again\n\n" + "\n\n".join(SENTENCE * 2 for _ in range(4))


@dataclass(frozen=True, slots=True)
class Case:
    """``make`` gives the bytes of a file called ``name``; ``holds`` must be in the body if it is read."""

    title: str
    name: str
    make: Callable[[], bytes]
    expect: str = "read"
    holds: str = ""


def page(inner: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Ferry</title>{head}</head><body>{inner}</body></html>".encode()


def around(before: str, after: str = "") -> bytes:
    return page(f"<article>{before}{STORY}{after}</article>")


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


def linked(body: str) -> str:
    return '<script type="application/ld+json">' + body + "</script>"


def docx(document: str) -> bytes:
    return zipped(("word/document.xml", document.encode()))


def epub(container: str) -> bytes:
    return zipped(("META-INF/container.xml", container.encode()))


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
JAPANESE = "<p>" + "港のフェリー会社は火曜日、長い冬のあと六月から再び運航すると発表した。" * 12 + "</p>"
CHINESE = "<p>" + "渡轮公司星期二表示，经过漫长的冬天，船只将从六月起重新航行。" * 12 + "</p>"
FRENCH = (
    "<p>"
    + "La compagnie de ferries a déclaré mardi que ses bateaux navigueraient à nouveau dès l’été. " * 6
    + "</p>"
)


def _html() -> Iterator[Case]:
    yield Case("50,000 nested div", "a.html", lambda: around("<div>" * 50_000))
    yield Case("50,000 nested and closed div", "a.html", lambda: around("<div>" * 50_000, "</div>" * 50_000))
    yield Case("100,000 nested span", "a.html", lambda: around("<span>" * 100_000))
    yield Case("20,000 nested tables", "a.html", lambda: around("<table><tr><td>" * 20_000))
    yield Case("30,000 nested lists", "a.html", lambda: around("<ul><li>" * 30_000))
    yield Case("100,000 nested b and i", "a.html", lambda: around("<b><i>" * 50_000))
    yield Case("30,000 nested quotations", "a.html", lambda: around("<blockquote>" * 30_000))
    yield Case(
        "100,000 attributes",
        "a.html",
        lambda: around("<div " + " ".join(f"a{n}=b" for n in range(100_000)) + ">"),
    )
    yield Case("an attribute of 10 MB", "a.html", lambda: around(f'<div title="{"x" * 10 * MEGABYTE}">'))
    yield Case(
        "10,000 elements with 100 classes",
        "a.html",
        lambda: around(f'<i class="{" ".join(f"c{n}" for n in range(100))}">x</i>' * 10_000),
    )
    yield Case("20 MB of paragraphs", "a.html", lambda: page(f"<p>{SENTENCE * 3}</p>" * 65_000), "either")
    yield Case("20 MB of links", "a.html", lambda: page('<a href="/x">More of this</a> ' * 600_000), "either")
    yield Case("20 MB of text without a tag", "a.html", lambda: page("word " * 4_000_000), "either")
    yield Case("a million empty elements", "a.html", lambda: around("<i></i>" * 1_000_000), "either")
    yield Case("a million <", "a.html", lambda: around("<" * 1_000_000), "either")
    yield Case("a million < with letters", "a.html", lambda: around("<a" * 1_000_000), "either")
    yield Case("300,000 unclosed comments", "a.html", lambda: around("", "<!--" * 300_000), "either")
    yield Case("300,000 unclosed scripts", "a.html", lambda: around("", "<script>" * 300_000), "either")
    yield Case("100,000 unclosed CDATA", "a.html", lambda: around("", "<![CDATA[" * 100_000), "either")
    yield Case(
        "unclosed everything",
        "a.html",
        lambda: f"<html><head><title>Ferry<body><article>{STORY.replace('</p>', '')}".encode(),
        "either",
    )
    yield Case(
        "a script of 10 MB", "a.html", lambda: around(f"<script>var x = '{'y' * 10 * MEGABYTE}'</script>")
    )
    yield Case("a style of 10 MB", "a.html", lambda: around(f"<style>{'a{b:c}' * 1_700_000}</style>"))
    yield Case(
        "pictures of 20 MB inside",
        "a.html",
        lambda: around(f'<img src="data:image/png;base64,{"A" * 20 * MEGABYTE}">'),
    )
    yield Case("a comment of 10 MB", "a.html", lambda: around(f"<!--{'x' * 10 * MEGABYTE}-->"))
    yield Case(
        "10 MB of JSON-LD",
        "a.html",
        lambda: page(STORY, linked(json.dumps({"@type": "NewsArticle", "x": "y" * 10 * MEGABYTE}))),
    )
    yield Case("JSON-LD nested 100,000 deep", "a.html", lambda: page(STORY, linked("[" * 100_000)))
    yield Case(
        "100,000 objects of JSON-LD",
        "a.html",
        lambda: page(STORY, linked(json.dumps([{"@type": "Article"}] * 50_000))),
    )
    yield Case(
        "JSON-LD of the wrong types",
        "a.html",
        lambda: page(
            STORY,
            linked(
                '{"@type":["NewsArticle",1],"headline":[{}],"author":[[1,null,{"name":[2]}]],"datePublished":{},"publisher":7,"keywords":{"a":1},"articleBody":[1,[2]]}'
            ),
        ),
    )
    yield Case(
        "10,000 scripts of JSON-LD", "a.html", lambda: page(STORY, linked('{"@type":"Article"}') * 10_000)
    )
    yield Case("entities, a million", "a.html", lambda: around("&amp;&lt;&#x41;" * 300_000), "either")
    yield Case(
        "entities of impossible characters",
        "a.html",
        lambda: around("<p>&#0;&#xFFFFFF;&#xD800;&#55555555555;</p>"),
    )
    yield Case(
        "an entity bomb", "a.xhtml", lambda: b'<?xml version="1.0"?>' + BOMB.encode() + around("<p>&j;</p>")
    )
    yield Case("NUL between all characters", "a.html", lambda: around("").replace(b"e", b"\0e"))
    yield Case(
        "control characters", "a.html", lambda: around("<p>" + "".join(map(chr, range(1, 32))) + "</p>")
    )
    yield Case("text turned right to left", "a.html", lambda: around("<p>\u202e\u202d\u2066" * 1000 + "</p>"))
    yield Case("100,000 combining accents", "a.html", lambda: around("<p>e" + "\u0301" * 100_000 + "</p>"))
    yield Case("a title of 3 MB", "a.html", lambda: page(STORY, f"<title>{'t' * 3 * MEGABYTE}</title>"))
    yield Case(
        "100,000 meta elements",
        "a.html",
        lambda: page(STORY, '<meta name="author" content="Ann Lee">' * 100_000),
    )
    yield Case(
        "100,000 headlines", "a.html", lambda: page("<h1>Ferry to sail</h1>" * 100_000 + STORY), "either"
    )
    yield Case(
        "a redirect and nothing else", "a.html", lambda: b'<meta http-equiv="refresh" content="0">', "refused"
    )
    yield Case("frames", "a.html", lambda: b"<frameset><frame src=x></frameset>", "refused")
    yield Case("an unclosed button around it all", "a.html", lambda: around("<button>"))


def _encodings() -> Iterator[Case]:
    latin = FRENCH.encode("cp1252")
    yield Case(
        "cp1252 that says UTF-8", "a.html", lambda: b'<meta charset="utf-8">' + latin, "read", "déclaré"
    )
    yield Case("cp1252 that says nothing", "a.html", lambda: b"<html><body>" + latin, "read", "déclaré")
    yield Case(
        "UTF-8 that says Latin-1",
        "a.html",
        lambda: b'<meta charset="iso-8859-1">' + FRENCH.encode(),
        "read",
        "déclaré",
    )
    yield Case(
        "UTF-8 with a bad byte",
        "a.html",
        lambda: FRENCH.encode().replace(b"mardi", b"mar\xffdi", 1),
        "read",
        "déclaré",
    )
    yield Case("GBK", "a.html", lambda: b'<meta charset="gbk">' + CHINESE.encode("gbk"), "read", "渡轮公司")
    yield Case(
        "GBK that says nothing", "a.html", lambda: b"<html><body>" + CHINESE.encode("gbk"), "read", "渡轮公司"
    )
    yield Case(
        "Shift-JIS",
        "a.html",
        lambda: b'<meta charset="shift_jis">' + JAPANESE.encode("cp932"),
        "read",
        "フェリー",
    )
    yield Case(
        "EUC-JP", "a.html", lambda: b'<meta charset="euc-jp">' + JAPANESE.encode("euc_jp"), "read", "フェリー"
    )
    yield Case(
        "ISO-2022-JP",
        "a.html",
        lambda: b'<meta charset="iso-2022-jp">' + JAPANESE.encode("iso2022_jp"),
        "read",
        "フェリー",
    )
    yield Case("UTF-16 with a mark", "a.html", lambda: around("").decode().encode("utf-16"))
    yield Case("UTF-16 without a mark", "a.html", lambda: around("").decode().encode("utf-16-le"))
    yield Case("UTF-32 with a mark", "a.html", lambda: around("").decode().encode("utf-32"))
    yield Case(
        "an encoding that there is not",
        "a.html",
        lambda: b'<meta charset="x-nothing">' + latin,
        "read",
        "déclaré",
    )


def _others() -> Iterator[Case]:
    noise = bytes((n * 7919 + n // 251) % 256 for n in range(200_000))
    for ending in (
        "html",
        "txt",
        "jsonl",
        "csv",
        "zip",
        "gz",
        "pdf",
        "docx",
        "epub",
        "eml",
        "rtf",
        "warc",
        "xml",
        "mhtml",
    ):
        yield Case(
            f"noise as .{ending}",
            f"a.{ending}",
            lambda: noise,
            "refused",
        )
        yield Case(f"an empty .{ending}", f"a.{ending}", lambda: b"", "refused")
    yield Case("gzip cut short", "a.html.gz", lambda: gzip.compress(around(""))[:-50], "refused")
    yield Case("zip cut short", "a.zip", lambda: zipped(("a.txt", TEXT.encode() * 50))[:-60], "refused")
    yield Case(
        "PDF cut short", "a.pdf", lambda: pdf(b"BT /F1 12 Tf 20 700 Td (Ferry) Tj ET" * 20)[:200], "refused"
    )
    yield Case("gzip bomb", "a.txt.gz", lambda: gzip.compress(b" a" * (150 * MEGABYTE)), "refused")
    yield Case("zip bomb", "a.zip", lambda: zipped(("a.txt", b"a " * (150 * MEGABYTE))), "refused")
    yield Case("zip that lies of sizes", "a.zip", lying_zip, "refused")
    yield Case("zip in zip, 30 deep", "a.zip", lambda: nested_zip(30), "refused")
    yield Case("zip, encrypted", "a.zip", encrypted_zip, "refused")
    yield Case(
        "zip with 50,000 files",
        "a.zip",
        lambda: zipped(*((f"{n}.jpg", b"") for n in range(50_000))),
        "refused",
    )
    yield Case(
        "zip with paths upwards",
        "a.zip",
        lambda: zipped(
            ("../../etc/x.txt", TEXT.encode()),
            ("/abs/y.txt", TEXT.encode() + b" Y."),
            ("C:\\z.txt", TEXT.encode() + b" Z."),
        ),
    )
    yield Case("PDF whose page unpacks to 200 MB", "a.pdf", lambda: pdf(b"q Q " * (50 * MEGABYTE)), "refused")
    yield Case(
        "PDF that refers to itself",
        "a.pdf",
        lambda: pdf(b"", b"6 0 obj 6 0 R endobj\n").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
        "refused",
    )
    yield Case(
        "entity bomb in RSS",
        "a.rss",
        lambda: f"{BOMB}<rss><channel><item><title>&j;</title></item></channel></rss>".encode(),
        "refused",
    )
    yield Case(
        "entity bomb in NITF", "a.xml", lambda: f"{BOMB}<nitf><body>&j;</body></nitf>".encode(), "refused"
    )
    yield Case(
        "entity bomb in Word", "a.docx", lambda: docx(f"{BOMB}<w:document {W}>&j;</w:document>"), "refused"
    )
    yield Case(
        "file entity in XML",
        "a.xml",
        lambda: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf>&a;</nitf>',
        "refused",
    )
    yield Case("XML 100,000 deep", "a.xml", lambda: b"<nitf>" + b"<a>" * 100_000, "either")
    yield Case("Word 50,000 deep", "a.docx", lambda: docx(f"<w:document {W}>" + "<w:p>" * 50_000), "either")
    yield Case("EPUB without a package", "a.epub", lambda: epub("<container/>"), "refused")
    yield Case(
        "EPUB with a path upwards",
        "a.epub",
        lambda: epub('<container><rootfile full-path="../../../etc/passwd"/></container>'),
        "refused",
    )
    yield Case("JSON 200,000 deep", "a.json", lambda: b'{"a":' * 200_000, "refused")
    yield Case(
        "a JSON line of 40 MB",
        "a.jsonl",
        lambda: (
            b'{"body": "' + b"word " * (8 * MEGABYTE) + b'"}\n' + json.dumps({"body": TEXT}).encode() + b"\n"
        ),
    )
    yield Case(
        "a number of a million digits",
        "a.jsonl",
        lambda: b'{"body": ' + b"9" * 1_000_000 + b"}\n" + json.dumps({"body": TEXT}).encode(),
        "either",
    )
    yield Case(
        "CSV with an unclosed quotation mark",
        "a.csv",
        lambda: b'title,body\n"a,b\n' + b"x,y\n" * 500_000,
        "either",
    )
    yield Case(
        "CSV of 100,000 columns",
        "a.csv",
        lambda: (",".join(f"c{n}" for n in range(100_000)) + "\n").encode() * 3,
        "refused",
    )
    yield Case(
        "mail 2,000 parts deep",
        "a.eml",
        lambda: (
            b"Subject: x\nMIME-Version: 1.0\n"
            + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2_000))
        ),
        "either",
    )
    yield Case(
        "mail with a header of 5 MB",
        "a.eml",
        lambda: b"Subject: " + b"=?utf-8?q?a?= " * 350_000 + b"\n\n" + TEXT.encode(),
        "either",
    )
    yield Case(
        "mail with a bad charset",
        "a.eml",
        lambda: b"Subject: x\nContent-Type: text/plain; charset=x-none\n\n" + TEXT.encode(),
    )
    yield Case("RTF 200,000 deep", "a.rtf", lambda: b"{\\rtf1 " + b"{" * 200_000 + TEXT.encode(), "either")
    yield Case(
        "WARC with a wrong length",
        "a.warc",
        lambda: b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "refused",
    )
    yield Case(
        "MHTML of base64 that is none",
        "a.mhtml",
        lambda: (
            b"MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
            + b"!!!" * 1000
        ),
        "refused",
    )
    yield Case(
        "MHTML of 20 MB of base64",
        "a.mhtml",
        lambda: (
            b"MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(page(f"<p>{SENTENCE}</p>" * 150_000))
        ),
        "either",
    )
    yield Case("a text of one line of 30 MB", "a.txt", lambda: b"word " * (6 * MEGABYTE), "either")
    yield Case("a text of 10 million lines", "a.txt", lambda: b"x\n" * 10_000_000, "either")
    yield Case("a program", "a.txt", lambda: b"\x7fELF" + noise, "refused")


CASES = (*_html(), *_encodings(), *_others())


def read_case(path: Path) -> Iterator[tuple[str, str]]:
    """In a worker: what the file holds."""
    for event in readers.events(path):
        yield ("refused", str(event)) if isinstance(event, ReadError) else ("read", event.body)


@dataclass(frozen=True, slots=True)
class Outcome:
    case: Case
    seconds: float
    articles: int
    reason: str
    right: bool


def judge(pool: Pool, folder: Path, case: Case) -> Outcome:
    """Read one case and say whether it ended as it should."""
    path = folder / case.name
    path.write_bytes(case.make())
    start = time.perf_counter()
    found = [result for _, result in pool.stream(read_case, [path], ahead=1)]
    seconds = time.perf_counter() - start
    stopped = next((result.reason for result in found if isinstance(result, Failure)), "")
    pairs = [result for result in found if not isinstance(result, Failure)]
    bodies = [text for kind, text in pairs if kind == "read"]
    reason = stopped or next((text for kind, text in pairs if kind == "refused"), "")
    ended = "read" if bodies else "refused"
    right = not stopped and bool(pairs) and case.expect in ("either", ended)
    if bodies and case.holds:
        right = right and case.holds in "".join(bodies)
    return Outcome(case, seconds, len(bodies), reason, right)


def main() -> None:
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, Pool(1, SECONDS, MEMORY) as pool:
        for case in CASES:
            outcome = judge(pool, Path(folder), case)
            wrong += not outcome.right
            ended = f"{outcome.articles} articles" if outcome.articles else outcome.reason[:90]
            print(
                f"{'ok' if outcome.right else 'WRONG':6}{outcome.seconds:6.2f} s  {case.title:45} {ended}",
                flush=True,
            )
    print(f"{len(CASES)} cases, {wrong} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    from benchmarks import hostile  # under its own name, so that worker processes can import it

    hostile.main()

"""Bad input, made at random from the pieces that have broken parsers before."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable

_PIECES = (
    "bridge", "harbour", "Lindqvist", "opened", "o'keefe", "AT&T", "C++", "café", "ﬁnance", "naïve", "東京",
    "مرحبا",
    "🙂", "\u202e", "\x1b[31m", "\x00", "\ud800", "\ufeff", "\u2028", "%s", "{}", "../..", "<b>", "&amp;",
    "\\",
    '"', "“", "”", "'", "(", ")", "((", "))", "[", "]", "*", "?", "~", "~2", "^2", "^1e309", "-", "--",
    "+", "!",
    "AND", "OR", "NOT", "&&", "||", "NEAR/5", "NEAR/", "w/3", "w/99999999999", "pre/2", "atleast3",
    "atleast/0",
    "title:", "person:", "person:*", "said:", "said:(", "speaker:", "date:", "date:2015..", "date:..",
    "date:9999",
    "date:2024-02-31", "date:0000..99999", "after:", "before:yesterday", "year:", "id:", "nosuch:", ":",
    "::", "..",
    "a*", "*a", "b?i*", "?", "***", "number*",
)  # fmt: skip
_VALUES = (
    "", "0", "-1", "1", "99999999999999999999", "1e5", "nan", "inf", "x", "bridge", "*", "nosuch/x",
    "\x00", "\x1b[2J",
    "2024-13-45", "2024", "yesterday", "...", "relevance", "newest", "person", "person,person", "nosuch",
    "=1+1",
    "-", "--", "--help", "always", "quotes", "title=", "=", "a=b,c", "é" * 300, "🙂", "\udcff", "rss",
)  # fmt: skip
_FORMULAS = ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1")
_HTML = (
    "<html>", "</html>", "<body>", "<p>", "</p>", "<script>alert(1)</script>", "<!--", "-->", "<![CDATA[",
    "<table>",
    "<article>", "<h1>", "<title>", "<meta charset='utf-16'>", "<meta property='og:title' content='", "'>",
    "<svg>",
    '<script type="application/ld+json">', '{"@type":"NewsArticle","headline":', "null", "[[[[", "&#0;",
    "&#xD800;",
    "&#x110000;", "&nbsp;", "<time datetime='99999-99-99'>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&a;",
    "<a href='//[::'>",
    "<link rel=canonical href='http://[/'>", "<template>", "<frameset>", "<plaintext>", "\x00", "�",
    "The bridge. " * 30,
)  # fmt: skip
_JSON = (
    "{}", "[]", "null", "1e999", "NaN", '"\\ud800"', '{"title":', '{"body":"The bridge opens."}',
    '{"body":[1,{"a":2}]}',
    '{"id":{}}', '{"id":"x","title":null,"body":7}', '{"published":"31/31/2024","body":"x"}',
    '{"published":1e20}',
    '{"body":"x","authors":{"a":1},"tags":3}', '{"body":"\\u0000"}', "[" * 2000, '{"a":' * 2000, "\n",
    "\r", ",", "}",
)  # fmt: skip
_SUFFIXES = (
    ".html", ".txt", ".json", ".jsonl", ".csv", ".tsv", ".gz", ".zip", ".md", ".xml", ".eml", ".mhtml",
    ".warc",
    ".pdf", ".docx", ".bz2", ".xz", ".rss", "", ".exe",
)  # fmt: skip
_MAGIC = (
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"%PDF-1.7\n",
    b"WARC/1.0\r\n",
    b"BZh9",
    b"\xfd7zXZ\x00",
    b"\xff\xfe",
    b"<?xml ",
)
#: What an article may hold: things that command terminals and spreadsheets.
_ESCAPES = (
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\x08" * 9,
    "\r",
    "\x07",
    "\U000e0041",
)


def query(random_: random.Random) -> str:
    """A query, mostly nonsense."""
    if random_.random() < 0.03:
        piece = random_.choice(_PIECES)
        return (piece + " " * random_.randrange(2)) * random_.randrange(500, 30_000)
    pieces = [random_.choice(_PIECES) for _ in range(random_.randrange(1, 14))]
    return random_.choice(("", " ", " ")).join(pieces)


def hostile_text(random_: random.Random) -> str:
    """A title that would command a terminal or a spreadsheet."""
    words = ["bridge", random_.choice(_ESCAPES), "harbour", random_.choice(_ESCAPES)]
    return random_.choice(_FORMULAS) + " ".join(words)


def arguments(random_: random.Random, options: list[str]) -> list[str]:
    """Arguments of a command: its options and values, in any order and number."""
    given: list[str] = []
    for _ in range(random_.randrange(6)):
        given.append(random_.choice(options) if random_.random() < 0.6 else random_.choice(_VALUES))
        if random_.random() < 0.5:
            given.append(random_.choice(_VALUES))
    return given


def data(random_: random.Random) -> tuple[str, bytes]:
    """A file that is no good: ``(ending of its name, bytes)``."""
    makers: tuple[Callable[[random.Random], bytes], ...] = (_noise, _markup, _records, _table, _archive)
    made = random_.choice(makers)(random_)
    if random_.random() < 0.2:
        made = random_.choice(_MAGIC) + made
    if random_.random() < 0.2:
        made = made[: random_.randrange(len(made) + 1)]
    return random_.choice(_SUFFIXES), made


def _noise(random_: random.Random) -> bytes:
    return random_.randbytes(random_.randrange(3000))


def _joined(random_: random.Random, pieces: tuple[str, ...], most: int) -> bytes:
    text = "".join(random_.choice(pieces) for _ in range(random_.randrange(most)))
    return text.encode(random_.choice(("utf-8", "utf-16", "cp1252")), random_.choice(("replace", "ignore")))


def _markup(random_: random.Random) -> bytes:
    deep = random_.choice(("<div>", "<b>", "<table><tr><td>", "<ul><li>")).encode() * random_.choice(
        (0, 0, 0, 3000)
    )
    return deep + _joined(random_, _HTML, 60)


def _records(random_: random.Random) -> bytes:
    return _joined(random_, _JSON, 12)


def _table(random_: random.Random) -> bytes:
    return _joined(
        random_, ("title,body\n", '"', ",", "\n", "a", ";", "\t", "=1+1", "\x00", "x" * 200_000), 40
    )


def _archive(random_: random.Random) -> bytes:
    """A ZIP file with names that try to leave their place, itself sometimes damaged."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(random_.randrange(4)):
            name = random_.choice(("../../escaped", "/escaped", "a/../../escaped", "C:\\escaped", "ok"))
            archive.writestr(f"{name}{number}{random_.choice(_SUFFIXES)}", _markup(random_))
        archive.writestr("bomb.txt", b"\0" * random_.choice((10, 10, 20_000_000)))
        archive.writestr("good.jsonl", json.dumps({"id": "inside", "body": "The bridge opens."}))
    made = bytearray(out.getvalue())
    for _ in range(random_.choice((0, 0, 5))):
        made[random_.randrange(len(made))] = random_.randrange(256)
    return bytes(made)

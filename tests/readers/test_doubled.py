"""What reads text takes four times the time for four times the text, whatever stands in it: the signs, words
and pieces of markup that patterns and parsers stumble over, many times over and between other words."""

import json

import pytest

from searcher import urls
from searcher.article import Article
from searcher.extensions.databases import articles_in_lines, may_be_download
from searcher.readers import bylines, dates, paragraphs, read_bytes, rtf
from searcher.readers.encodings import decode
from searcher.readers.finish import finish, line
from searcher.readers.html.blocks import is_markup, line_without_markup, paragraphs_of_markup
from searcher.readers.html.lines import without_clutter
from searcher.readers.html.reader import article_from_html
from searcher.readers.mapper import Mapper
from searcher.readers.text import article_from_text, strip_markdown
from tests.growth import grows

PIECES = (
    " ", "\n", " \n", "\t", "\r", "\x0c", "\xad", "\xa0", "a", "a ", "A ", "a\n", "Ann Lee ", "Lee, ",
    "by ", "By Ann Lee\n", "Ann and ", "and ", "& ", "(", ")", "()", "[", "]", "](", "[a](b ", "![", "<",
    ">", "<a", "<a ", "<b>", "<p>x", "</p>", "<br>", "<!--", "-->", "<![CDATA[", "<script>", '"', "'",
    "“", "@", "a@", "a.", ". ", "- ", "-", "—", "/", "http://a.b/", "www.", "記者", "記者 ", "文：", "、",
    "1",
    "1 ", "1999 ", "3 May ", "3 May 2024 ", "May 2024\n", "1/2/", "12:", "*", "**a ", "**a** ", "_a ",
    "__", "`", "~~a", "# a\n", "> ", "| ", "|a", ";", ",", ":", ": ", "Title: a\n", "End of Document\n",
    "1 of 9 DOCUMENTS\n", "document ", "ProQuest document ID: 1\n", "____________________\n",
    "Document AAAA000020200101ec1100001\n", "HD a\nPD b\n", "\\", "\\'e9", "{", "{\\b ", "}", "\\par ",
    "\\u1?", "&amp;", "&#1;", "&", "=?utf-8?q?a?= ", "a=", "\u0301", "é", "\u0301\u0323", "\ud800", "]]>",
    '{"a":', "[{", "},", "<div class=author>", "<time>", "<td>", "<li>", "<h1>a", '<a href="/author/">a',
    "Post, 3 May 2024, p. 3\n", '"Post" of 3 May 2024, p. 3\n',
    "data:a/b;base64,", "updated ", "editor ", "Ltd ", "M.D. ", ", MD", "jr, ", "y ", "\u3000",
)  # fmt: skip
OUTER_TAGS = (("", ""), ("by ", ""), ("", "x"), ("Title\n\nBy Ann Lee\n\n", "."), ("<p>", "</p>"))


def body(text):
    return finish(Article(id="", title="", body="a" + text), "a", "b")


def record(field):
    return lambda text: Mapper().article({"body": "Ferry", field: text})


def file(name, *, before=""):
    return lambda text: list(read_bytes((before + text).encode("utf-8", "replace"), name))


def recorded(text):
    words = [{"word": f"a{text}b", "start": 0}]
    parts = [{"start": n, "end": n + 1, "speaker": "AB"[n % 2], "words": words} for n in range(6)]
    return list(read_bytes(json.dumps({"segments": parts}).encode(), "a.json"))


FUNCTIONS = {
    "names": bylines.names,
    "byline": bylines.byline,
    "labelled": bylines.label_names,
    "signed": bylines.signed_names,
    "office": bylines.office,
    "date": dates.parse,
    "date in text": dates.in_text,
    "month in text": dates.month_in_text,
    "order of dates": dates.month_first_in,
    "address": urls.absolute,
    "line": line,
    "body": body,
    "Markdown": strip_markdown,
    "paragraphs": paragraphs.split_paragraphs,
    "text": article_from_text,
    "markup or none": is_markup,
    "a line of markup": line_without_markup,
    "markup": paragraphs_of_markup,
    "page": article_from_html,
    "lines of a page": lambda text: without_clutter(text.split("\n"), [text]),
    "export or none": may_be_download,
    "export": lambda text: list(articles_in_lines(text.split("\n")) or ()),
    "RTF": rtf._lines,
    "bytes": lambda text: decode(text.encode("utf-8", "replace") + b"\xe9"),
    "author of a record": record("author"),
    "title of a record": record("title"),
    "body of a record": record("body"),
    "date of a record": record("date"),
    "tags of a record": record("tags"),
    "language of a record": record("language"),
    "message": file("a.eml", before="Subject: a\n\n"),
    "headers": file("a.eml", before="Subject: a\nContent-Type: text/plain; "),
    "sender": file("a.eml", before="From: "),
    "table": file("a.csv", before="title,body\n"),
    "JSON": file("a.jsonl"),
    "captions": file("a.vtt", before="WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n"),
    "recording": recorded,
    "news": file("a.xml", before="<nitf><body.content>"),
}
#: Characters of the shortest text.
LENGTH = 4_000


def repeated(before, piece, after):
    return lambda length: before + piece * (length // len(piece)) + after


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_time_grows_as_the_text_does(name):
    grown = [
        (before, piece, after)
        for piece in PIECES
        for before, after in OUTER_TAGS
        if grows(FUNCTIONS[name], repeated(before, piece, after), LENGTH)
    ]

    assert [] == grown

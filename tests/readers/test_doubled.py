"""What reads text takes twice the time for twice the text, whatever stands in it: the signs, words and pieces
of markup that patterns and parsers stumble over, each many times over, alone and between other words."""

import time

import pytest

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates, paragraphs, read_bytes, rtf, urls
from searcher.readers.decode import decode
from searcher.readers.exports import articles_of, may_be_export
from searcher.readers.finish import finish, line
from searcher.readers.html import article_from_html
from searcher.readers.html.fragment import is_markup, line_without_markup, paragraphs_of_markup
from searcher.readers.html.lines import without_clutter
from searcher.readers.mapper import Mapper
from searcher.readers.text import article_from_text, without_marks

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
    "data:a/b;base64,", "updated ", "editor ", "Ltd ", "M.D. ", ", MD", "jr, ", "y ", "\u3000",
)  # fmt: skip
AROUND = (("", ""), ("by ", ""), ("", "x"), ("Title\n\nBy Ann Lee\n\n", "."), ("<p>", "</p>"))


def body(text):
    return finish(Article(id="", title="", body="a" + text), "a", "b")


def record(field):
    return lambda text: Mapper().article({"body": "Ferry", field: text})


def file(name, *, before=""):
    return lambda text: list(read_bytes((before + text).encode("utf-8", "replace"), name))


FUNCTIONS = {
    "names": bylines.names,
    "byline": bylines.byline,
    "labelled": bylines.labelled,
    "signed": bylines.signed,
    "office": bylines.office,
    "date": dates.parse,
    "date in text": dates.in_text,
    "month in text": dates.month_in_text,
    "order of dates": dates.month_first_in,
    "address": urls.absolute,
    "line": line,
    "body": body,
    "Markdown": without_marks,
    "paragraphs": paragraphs.paragraphs,
    "text": article_from_text,
    "markup or none": is_markup,
    "a line of markup": line_without_markup,
    "markup": paragraphs_of_markup,
    "page": article_from_html,
    "lines of a page": lambda text: without_clutter(text.split("\n"), [text]),
    "export or none": may_be_export,
    "export": lambda text: list(articles_of(text.split("\n")) or ()),
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
    "news": file("a.xml", before="<nitf><body.content>"),
}
#: Characters of the longest text, and seconds that reading it takes at most on a quiet core for each 100 kB.
LENGTH, SECONDS = 100_000, 0.25


def seconds(function, text):
    start = time.process_time()
    try:
        function(text)
    except ReadError:
        pass
    return time.process_time() - start


def excess(function, piece, before, after):
    """How many times as long twice the text takes, where it takes long at all; else nothing."""
    half, whole = (before + piece * (size // len(piece)) + after for size in (LENGTH // 2, LENGTH))
    took = seconds(function, whole)
    if took < SECONDS:
        return None
    took = min(took, seconds(function, whole))
    return took / max(1e-9, min(seconds(function, half) for _ in range(2)))


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_twice_the_text_takes_twice_the_time(name):
    slow = {
        (before, piece, after): round(ratio, 1)
        for piece in PIECES
        for before, after in AROUND
        if (ratio := excess(FUNCTIONS[name], piece, before, after)) and ratio > 3
    }

    assert {} == slow

"""Pages: nested, large, unclosed, full of data or of odd characters."""

from __future__ import annotations

import json

from benchmarks.hostile.case import MEGABYTE, SENTENCE, STORY, Case, around, page
from benchmarks.hostile.made import BOMB


def linked(body: str) -> str:
    return '<script type="application/ld+json">' + body + "</script>"


NESTED = (
    Case("50,000 nested div", "a.html", lambda: around("<div>" * 50_000)),
    Case("50,000 nested and closed div", "a.html", lambda: around("<div>" * 50_000, "</div>" * 50_000)),
    Case("100,000 nested span", "a.html", lambda: around("<span>" * 100_000)),
    Case("20,000 nested tables", "a.html", lambda: around("<table><tr><td>" * 20_000)),
    Case("30,000 nested lists", "a.html", lambda: around("<ul><li>" * 30_000)),
    Case("100,000 nested b and i", "a.html", lambda: around("<b><i>" * 50_000)),
    Case("30,000 nested quotations", "a.html", lambda: around("<blockquote>" * 30_000)),
)

MEGABYTES_OF_MARKUP = (
    Case(
        "100,000 attributes",
        "a.html",
        lambda: around("<div " + " ".join(f"a{n}=b" for n in range(100_000)) + ">"),
    ),
    Case("an attribute of 10 MB", "a.html", lambda: around(f'<div title="{"x" * 10 * MEGABYTE}">')),
    Case(
        "10,000 elements with 100 classes",
        "a.html",
        lambda: around(f'<i class="{" ".join(f"c{n}" for n in range(100))}">x</i>' * 10_000),
    ),
    Case("20 MB of paragraphs", "a.html", lambda: page(f"<p>{SENTENCE * 3}</p>" * 65_000), "either"),
    Case("20 MB of links", "a.html", lambda: page('<a href="/x">More of this</a> ' * 600_000), "either"),
    Case("20 MB of text without a tag", "a.html", lambda: page("word " * 4_000_000), "either"),
    Case("a million empty elements", "a.html", lambda: around("<i></i>" * 1_000_000), "either"),
    Case("a script of 10 MB", "a.html", lambda: around(f"<script>var x = '{'y' * 10 * MEGABYTE}'</script>")),
    Case("a style of 10 MB", "a.html", lambda: around(f"<style>{'a{b:c}' * 1_700_000}</style>")),
    Case(
        "pictures of 20 MB inside",
        "a.html",
        lambda: around(f'<img src="data:image/png;base64,{"A" * 20 * MEGABYTE}">'),
    ),
    Case("a comment of 10 MB", "a.html", lambda: around(f"<!--{'x' * 10 * MEGABYTE}-->")),
    Case("a title of 3 MB", "a.html", lambda: page(STORY, f"<title>{'t' * 3 * MEGABYTE}</title>")),
    Case(
        "100,000 meta elements",
        "a.html",
        lambda: page(STORY, '<meta name="author" content="Ann Lee">' * 100_000),
    ),
    Case("100,000 headlines", "a.html", lambda: page("<h1>Ferry to sail</h1>" * 100_000 + STORY), "either"),
)

BROKEN = (
    Case("a million <", "a.html", lambda: around("<" * 1_000_000), "either"),
    Case("a million < with letters", "a.html", lambda: around("<a" * 1_000_000), "either"),
    Case("300,000 unclosed comments", "a.html", lambda: around("", "<!--" * 300_000), "either"),
    Case("300,000 unclosed scripts", "a.html", lambda: around("", "<script>" * 300_000), "either"),
    Case("100,000 unclosed CDATA", "a.html", lambda: around("", "<![CDATA[" * 100_000), "either"),
    Case(
        "unclosed everything",
        "a.html",
        lambda: f"<html><head><title>Ferry<body><article>{STORY.replace('</p>', '')}".encode(),
        "either",
    ),
    Case(
        "a redirect and nothing else", "a.html", lambda: b'<meta http-equiv="refresh" content="0">', "refused"
    ),
    Case("frames", "a.html", lambda: b"<frameset><frame src=x></frameset>", "refused"),
    Case("an unclosed button around it all", "a.html", lambda: around("<button>")),
)

LINKED = (
    Case(
        "10 MB of JSON-LD",
        "a.html",
        lambda: page(STORY, linked(json.dumps({"@type": "NewsArticle", "x": "y" * 10 * MEGABYTE}))),
    ),
    Case("JSON-LD nested 100,000 deep", "a.html", lambda: page(STORY, linked("[" * 100_000))),
    Case(
        "100,000 objects of JSON-LD",
        "a.html",
        lambda: page(STORY, linked(json.dumps([{"@type": "Article"}] * 50_000))),
    ),
    Case(
        "JSON-LD of the wrong types",
        "a.html",
        lambda: page(
            STORY,
            linked(
                '{"@type":["NewsArticle",1],"headline":[{}],"author":[[1,null,{"name":[2]}]],"datePublished":{},"publisher":7,"keywords":{"a":1},"articleBody":[1,[2]]}'
            ),
        ),
    ),
    Case("10,000 scripts of JSON-LD", "a.html", lambda: page(STORY, linked('{"@type":"Article"}') * 10_000)),
)

CHARACTERS = (
    Case("entities, a million", "a.html", lambda: around("&amp;&lt;&#x41;" * 300_000), "either"),
    Case(
        "entities of impossible characters",
        "a.html",
        lambda: around("<p>&#0;&#xFFFFFF;&#xD800;&#55555555555;</p>"),
    ),
    Case(
        "an entity bomb", "a.xhtml", lambda: b'<?xml version="1.0"?>' + BOMB.encode() + around("<p>&j;</p>")
    ),
    Case("NUL between all characters", "a.html", lambda: around("").replace(b"e", b"\0e")),
    Case("control characters", "a.html", lambda: around("<p>" + "".join(map(chr, range(1, 32))) + "</p>")),
    Case("text turned right to left", "a.html", lambda: around("<p>\u202e\u202d\u2066" * 1000 + "</p>")),
    Case("100,000 combining accents", "a.html", lambda: around("<p>e" + "\u0301" * 100_000 + "</p>")),
)

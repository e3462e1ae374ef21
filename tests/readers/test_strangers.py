"""What strangers' files say of an article in ways of their own."""

import datetime as dt
import json

import pytest

from searcher import readers
from searcher.errors import ReadError
from tests.readers.samples import BODY, FIRST, MARKUP, PARAGRAPHS, SECOND, TITLE

DAY = dt.datetime(2024, 3, 3)
JATS = f"""<article xml:lang="en"><front><article-meta><article-id pub-id-type="doi">10.1/t</article-id>
<title-group><article-title>{TITLE}</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Lee</surname>
<given-names>Ann</given-names></name></contrib></contrib-group><pub-date><year>2024</year></pub-date><pub-date><day>3</day><month>3</month>
<year>2024</year></pub-date></article-meta></front><body><sec>{MARKUP}</sec></body><sub-article><body><p>Reply.</p>
</body></sub-article></article>"""
TEI = f"""<TEI xmlns="http://www.tei-c.org/ns/1.0">
<teiHeader><fileDesc><titleStmt><title>{TITLE}</title>
<author>Ann Lee</author></titleStmt><sourceDesc><bibl><date when="2024-03-03"/></bibl></sourceDesc></fileDesc>
</teiHeader><text><body>{MARKUP}</body></text></TEI>"""
OWN = f"""<export><stamp>7</stamp>
<doc id="7"><titre>{TITLE}</titre><auteur>Ann Lee</auteur><date>3 mars 2024</date>
<texte>{MARKUP}</texte></doc></export>"""
# What agencies declare of a DTD that lies elsewhere.
DECLARED = f"""<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY % parts SYSTEM "../dtd/parts.dtd"> %parts; ]>
<nitf><body><body.head><hedline><hl1>{TITLE}</hl1></hedline>
<byline>By ANN LEE<byttl>TP Harbour Writer</byttl></byline><dateline><story.date norm="20240303"/></dateline>
</body.head><body.content>{MARKUP}</body.content></body></nitf>"""
ESCAPED = f"""<RelNews><PublishDate>2024-03-03T00:00:00</PublishDate><headline>{TITLE}</headline>
<byline>Ann Lee</byline><content>{MARKUP.replace("<", "&lt;")}</content></RelNews>"""
STRUCTURED = f"""{TITLE}
{"=" * 30}

:date: 2024-03-03
:author: Ann Lee

{FIRST}

.. image:: pier.png
   :alt: The pier

{SECOND}

`{PARAGRAPHS[2]} <https://tallow.example/>`_
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (JATS, "a.xml"),
        (TEI, "a.xml"),
        (OWN, "a.xml"),
        (ESCAPED, "a.xml"),
        (DECLARED, "a.xml"),
        (STRUCTURED, "a.rst"),
    ],
    ids=["JATS", "TEI", "elements of one's own", "markup in elements", "a DTD elsewhere", "reStructuredText"],
)
def test_the_facts_are_those_that_the_format_states(text, name):
    (article,) = readers.read_bytes(text.encode(), name)

    assert (TITLE, BODY, DAY, ("Ann Lee",)) == (
        article.title,
        article.body,
        article.published,
        article.authors,
    )


def test_settings_in_xml_are_no_articles():
    text = "<project><name>ferry</name><target><description>Builds it.</description></target></project>"

    with pytest.raises(ReadError, match="of an unknown kind"):
        list(readers.read_bytes(text.encode(), "a.xml"))


@pytest.mark.parametrize(
    "head",
    [
        "Titel: {title}\nAutor: Ann Lee\nDatum: 3. März 2024\nFoto: Bo Ek\n\n",
        "标题：{title}\n作者：Ann Lee\n日期：2024年3月3日\n\n",
        "- Judul: {title}\n- Penulis: Ann Lee\n- Tanggal: 3 Maret 2024\n\n",
        "* 原文地址：{title}\n* 原文作者：Ann Lee\n* 日期：2024年3月3日\n* 译者：Bo Ek\n\n",
    ],
)
def test_labels_above_a_text_are_read_in_any_language(head):
    (article,) = readers.read_bytes((head.format(title=TITLE) + BODY).encode(), "a.txt")

    assert (TITLE, BODY, DAY, ("Ann Lee",)) == (
        article.title,
        article.body,
        article.published,
        article.authors,
    )


def test_the_line_above_an_address_is_the_headline_and_the_address_has_the_day():
    address = "https://tallow.example/2024/03/03/ferry"
    (article,) = readers.read_bytes(f"{TITLE}\r\n{address}\r\n{BODY}".encode(), "a.txt")

    assert (TITLE, BODY, DAY, address) == (article.title, article.body, article.published, article.url)


@pytest.mark.parametrize(
    "header", ['+++\npath = "2024/03/03/ferry"\n+++\n', "---\npermalink: /2024/03/03/ferry/\n---\n"]
)
def test_the_path_of_a_post_has_its_day(header):
    (article,) = readers.read_bytes(f"{header}{BODY}".encode(), "a.md")

    assert DAY == article.published


@pytest.mark.parametrize(
    "record",
    [
        {"publishDate": {"$date": 1709424000000}},
        {"date": {"$date": {"$numberLong": "1709424000000"}}},
        {"url": "https://tallow.example/2024/03/03/ferry"},
        {"tanggal": "3 Maret 2024"},
    ],
)
def test_the_day_of_a_record(record):
    (article,) = readers.read_bytes(json.dumps({"title": TITLE, "text": BODY, **record}).encode(), "a.json")

    assert DAY == article.published


def test_the_authors_of_a_feed_are_those_of_its_items():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Tallow Post",
        "authors": [{"name": "Ann Lee"}],
    }
    item = {"id": "1", "title": TITLE, "content_text": BODY}
    signed = {**feed, "items": [{**item, "author": {"name": "Bo Ek"}}]}
    feed = {**feed, "items": [item]}
    found = [next(readers.read_bytes(json.dumps(one).encode(), "a.json")) for one in (feed, signed)]

    assert [("Ann Lee",), ("Bo Ek",)] == [article.authors for article in found]


@pytest.mark.parametrize(
    ("sender", "author"),
    [
        (b"From: Ingo L\xfctke <il@tallow.example>", "Ingo Lütke"),
        (b"From: al@tallow.example (Ann Lee)", "Ann Lee"),
        (b"From: Christina Harlow <chris@christinaharlow.example>", "Christina Harlow"),
    ],
)
def test_who_sent_a_message_that_is_not_as_it_should_be(sender, author):
    (article,) = readers.read_bytes(sender + f"\nSubject: {TITLE}\n\n{BODY}".encode(), "a.eml")

    assert (author,) == article.authors


def test_the_text_of_a_message_whose_parts_are_not_told():
    text = f"Content-Type: multipart/mixed; boundary=x\n\n--y\nContent-type: text/plain\n\n{BODY}"
    message = f"From: Ann Lee <al@tallow.example>\nSubject: {TITLE}\n{text}"
    (article,) = readers.read_bytes(message.encode(), "mail.1")

    assert BODY == article.body


def test_an_agency_writes_keywords_and_marks_above_a_headline():
    heading = f"eca0175 3 i 510  tpa 1003\n\nTallow/harbour/\n2ND LEAD\n{TITLE}\nBy Ann Lee, tpa =\n\n"
    (article,) = readers.read_bytes(f"{heading}{FIRST}\n\n{SECOND}\n".encode(), "a.txt")

    assert (TITLE, ("Ann Lee",), f"{FIRST}\n\n{SECOND}") == (article.title, article.authors, article.body)


def test_the_day_of_an_entry_with_two_figures_for_the_year():
    day = "<pubDate>Sun, 03 Mar 24 10:00:29 -0800</pubDate>"
    item = f"<item><title>{TITLE}</title><description>{FIRST}</description>{day}</item>"
    (article,) = readers.read_bytes(f'<rss version="2.0"><channel>{item}</channel></rss>'.encode(), "a.xml")

    assert dt.datetime(2024, 3, 3, 10) == article.published


HEADS = {
    "a writer": '<meta name="writer" content="Ann Lee"><meta name="date" content="2024-03-03">',
    "values": '<meta name="author" value="Ann Lee"><meta name="date" value="2024-03-03">',
    "an address": '<meta name="author" content="https://tp.example/"><meta name="byl" content="By Ann Lee">'
    '<meta name="publish_date" content="2024-03-03">',
    "a holder": '<meta name="author" content="Tallow Press"><meta name="copyright" content="© Tallow Press">'
    '<script type="application/ld+json">{"pubDate": "2024-03-03T00:00:00"}</script>',
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_the_author_and_the_day_of_a_page(head):
    byline = '<p class="byline">Written by <a href="/lee">Ann Lee</a> in <a href="/h">Harbour Life</a></p>'
    page = f"<html><head>{head}</head><body><article><h1>{TITLE}</h1>{byline}{MARKUP}</article></body></html>"
    (article,) = readers.read_bytes(page.encode(), "a.html")

    assert (("Ann Lee",), DAY) == (article.authors, article.published)


JOURNAL = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en"><teiHeader><fileDesc>
<titleStmt><title>The Tallow Review</title><author>Mary Quill</author></titleStmt>
<sourceDesc><bibl><date when="1904-01-17"/></bibl></sourceDesc></fileDesc></teiHeader><text><body>
<p>The editors thank their readers.</p>
<div type="section"><head>Harbour</head>
<div type="item" subtype="article"><head>The ferry</head>
<byline>Quay, <persName>Ann Lee</persName></byline><p>It sails.</p></div>
<div type="jArticle"><head>The bridge</head><p>It stands.</p></div>
</div></body></text></TEI>"""


def test_an_issue_of_a_journal_in_tei_is_its_articles_and_what_stands_around_them():
    articles = list(readers.read_bytes(JOURNAL.encode(), "a.xml"))

    assert [
        ("The ferry", "It sails.", ("Ann Lee",)),
        ("The bridge", "It stands.", ()),
        ("The Tallow Review", "The editors thank their readers.\n\nHarbour", ("Mary Quill",)),
    ] == [(one.title, one.body, one.authors) for one in articles]
    assert {("1904-01-17", "The Tallow Review")} == {
        (str(one.published)[:10], one.source) for one in articles[:2]
    }

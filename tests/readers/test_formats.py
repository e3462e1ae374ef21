import datetime as dt
import gzip

import pytest

from searcher import readers
from searcher.errors import ReadError
from tests.readers.samples import BODY, FIRST, MARKUP, PARAGRAPHS, SECOND, TITLE, docx, rtf, zipped

RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Tallow Post</title><language>en-gb</language>
<item><title>{TITLE}</title><link>https://tallow.example/ferry</link><dc:creator>Ann Lee</dc:creator>
<pubDate>Sun, 03 Mar 2024 14:05:00 +0200</pubDate><category>Harbour</category>
<content:encoded><![CDATA[{MARKUP}]]></content:encoded></item>
<item><title>Second</title><link>https://tallow.example/2</link><description>Short.</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Tallow Post</title>
<entry><title>{TITLE}</title><link href="https://tallow.example/ferry"/><author><name>Ann Lee</name></author>
<published>2024-03-03T14:05:00+02:00</published>
<content type="html"><![CDATA[{MARKUP}]]></content></entry></feed>"""
NITF = f"""<?xml version="1.0"?><nitf><head><docdata><doc-id id-string="T-1"/>
<date.issue norm="20240303T140500+0200"/></docdata>
<pubdata name="The Tallow Post" position.section="Harbour"/>
</head><body><body.head><hedline><hl1>{TITLE}</hl1></hedline><byline>By <person>Ann Lee</person></byline>
</body.head><body.content>{MARKUP}</body.content></body></nitf>"""
NEWSML = f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1" xml:lang="en">
<itemMeta><provider literal="Wirepost"/><versionCreated>2024-03-03T14:05:00+02:00</versionCreated></itemMeta>
<contentMeta><headline>{TITLE}</headline><by>By Ann Lee</by><language tag="en"/></contentMeta>
<contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body>{MARKUP}</body></html></inlineXML>
</contentSet></newsItem>"""
PAGE = f"""<html><head><title>{TITLE}</title><meta name="author" content="Ann Lee">
<meta property="og:site_name" content="The Tallow Post"><meta name="date" content="2024-03-03 14:05"></head>
<body><h1>{TITLE}</h1>{MARKUP}</body></html>"""
EML = f"""From: The Tallow Post <news@tallow.example>
Subject: {TITLE}
Date: Sun, 03 Mar 2024 14:05:00 +0200
Message-ID: <1@tallow.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain; charset=utf-8

Plain.
--x
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<table><tr><td>{MARKUP}<p><a href="/u">Unsubscribe</a></p></td></tr></table>
--x--
"""
MHTML = f"""From: <Saved by Blink>
Snapshot-Content-Location: https://tallow.example/ferry
Subject: x
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="x"

--x
Content-Type: text/html
Content-Transfer-Encoding: 8bit
Content-Location: https://tallow.example/ferry

{PAGE}
--x--
"""
OPF = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>
<dc:title>The Tallow Post</dc:title><dc:creator>Ann Lee</dc:creator><dc:date>2024-03-03T14:05:00</dc:date>
<dc:language>en</dc:language></metadata><manifest><item id="a" href="a%20b.xhtml"/></manifest>
<spine><itemref idref="a"/></spine></package>"""
EPUB = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container><rootfiles><rootfile full-path="O/c.opf"/></rootfiles></container>',
    "O/c.opf": OPF,
    "O/a b.xhtml": f"<html><head><title>t</title></head><body><h1>{TITLE}</h1>{MARKUP}</body></html>",
}
CORE = f"""<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{TITLE}</dc:title><dc:creator>Ann Lee</dc:creator>
<dcterms:created>2024-03-03T14:05:00Z</dcterms:created></cp:coreProperties>"""


def warc(*pages):
    """A web archive, each record compressed by itself."""
    out = b""
    for url, kind, data in pages:
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + data
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
            f"WARC-Date: 2024-03-03T12:05:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        out += gzip.compress(head.encode() + answer + b"\r\n\r\n")
    return out


def pdf(text):
    """A PDF of one page, written by hand."""
    lines = "".join(f"({line}) Tj T* " for line in text.split("\n"))
    stream = f"BT /F1 11 Tf 14 TL 50 780 Td {lines}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 7 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Author (Ann Lee) /CreationDate (D:20240303140500Z) >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return out + (
        b"xref\n0 8\n0000000000 65535 f \n" + table + b"trailer\n<< /Size 8 /Root 1 0 R /Info 6 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % start
    )


URL = "https://tallow.example/ferry"
MOMENT = dt.datetime(2024, 3, 3, 14, 5)
SAMPLE_OF_EACH_FORMAT = {
    "a.rss": RSS.encode(),
    "a.atom": ATOM.encode(),
    "rss.xml": RSS.encode(),
    "a.nitf": NITF.encode(),
    "nitf.xml": NITF.encode(),
    "newsml.xml": NEWSML.encode(),
    "a.html": PAGE.encode(),
    "a.xhtml": PAGE.encode("utf-16"),
    "a.mhtml": MHTML.encode(),
    "a.eml": EML.encode(),
    "a.mbox": f"From x Sun Mar  3 14:05:00 2024\n{EML}\n".encode(),
    "a.epub": zipped(EPUB),
    "a.docx": docx([TITLE, *PARAGRAPHS], CORE),
    "a.warc.gz": warc(
        (URL, "text/html; charset=utf-8", PAGE.encode()), (f"{URL}.jpg", "image/jpeg", b"\xff\xd8")
    ),
    "a.wacz": zipped({"archive/data.warc.gz": warc((URL, "text/html", PAGE.encode()))}),
    "a.html.gz": gzip.compress(PAGE.encode()),
}


def first(name):
    article, *_ = readers.read_bytes(SAMPLE_OF_EACH_FORMAT[name], name)
    return article


@pytest.mark.parametrize("name", sorted(SAMPLE_OF_EACH_FORMAT))
def test_every_format_gives_title_body_and_date(name):
    article = first(name)

    assert (TITLE, BODY, MOMENT) == (article.title, article.body, article.published)


@pytest.mark.parametrize("name", sorted(set(SAMPLE_OF_EACH_FORMAT) - {"a.eml", "a.mbox"}))
def test_every_format_but_mail_gives_the_author(name):
    assert ("Ann Lee",) == first(name).authors


@pytest.mark.parametrize("name", sorted(set(SAMPLE_OF_EACH_FORMAT) - {"newsml.xml", "a.docx"}))
def test_every_format_gives_the_source(name):
    assert "The Tallow Post" == first(name).source


@pytest.mark.parametrize("name", ["a.rss", "a.atom", "a.mhtml", "a.warc.gz", "a.wacz"])
def test_the_address_makes_the_same_id_in_every_format(name):
    assert first("a.rss").id == first(name).id


def test_the_title_of_an_entry_ends_before_the_name_of_its_outlet():
    source = "<source url='https://tallow.example'>The Tallow Post</source>"
    feed = RSS.replace("</title><link>", f" - The Tallow Post</title>{source}<link>")

    assert TITLE == next(readers.read_bytes(feed.encode(), "a.rss")).title


def test_every_entry_of_a_feed_is_an_article():
    assert [TITLE, "Second"] == [
        article.title for article in readers.read_bytes(SAMPLE_OF_EACH_FORMAT["a.rss"], "a.rss")
    ]


def test_a_pdf_is_unwrapped():
    wrapped = f"{TITLE}\n\n{FIRST.replace('again from', f'again{chr(10)}from')}"
    (article,) = readers.read_bytes(pdf(wrapped), "a.pdf")

    assert (TITLE, FIRST, ("Ann Lee",), MOMENT) == (
        article.title,
        article.body,
        article.authors,
        article.published,
    )


def test_rich_text():
    (article,) = readers.read_bytes(rtf([TITLE, *PARAGRAPHS]), "a.rtf")

    assert (TITLE, BODY) == (article.title, article.body)


def test_rich_text_in_an_old_code_page():
    data = (
        rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8\'e2\'e5\'f2, \'ec\'e8\'f0. \u8220?yes\u8221?\par more here.}"
    )
    (article,) = readers.read_bytes(data, "a.rtf")

    assert ("Привет, мир. “yes”", "more here.") == (article.title, article.body)


def test_the_code_page_of_rtf_is_that_of_its_font():
    fonts = rb"{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset204 Arial;}}"
    data = (
        rb"{\rtf1\ansi\ansicpg1252"
        + fonts
        + rb"\f0 Caf\'e9 {\f1 \'cf\'f0\'e8\'e2\'e5\'f2} \'e9t\'e9 \u-10179?\u-8704?}"
    )
    (article,) = readers.read_bytes(data, "a.rtf")

    assert "Café Привет été 😀" == article.body


def test_an_attachment_is_read_too():
    text = f"""Subject: look
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

See below.
--x
Content-Type: text/plain; name="a.txt"
Content-Disposition: attachment; filename="a.txt"

{TITLE}

{FIRST}
--x--
"""
    found = list(readers.read_bytes(text.encode(), "a.eml"))

    assert ["look", TITLE] == [article.title for article in found]


def test_messages_of_a_mailbox_are_told_apart():
    box = "".join(
        f"From x Sun Mar  3 14:05:00 2024\nSubject: {n}\n\nText {n}.\n>From here on.\n\n" for n in "ab"
    )
    found = list(readers.read_bytes(box.encode(), "a.mbox"))

    assert [("a", "Text a.\n\nFrom here on."), ("b", "Text b.\n\nFrom here on.")] == [
        (a.title, a.body) for a in found
    ]


def test_a_picture_item_of_an_agency_is_reported():
    with pytest.raises(ReadError, match="holds no text"):
        list(
            readers.read_bytes(
                b'<newsItem guid="p"><contentSet><remoteContent/></contentSet></newsItem>', "a.xml"
            )
        )


def test_xml_of_unknown_kind_is_reported():
    with pytest.raises(ReadError, match="<recipes>"):
        list(readers.read_bytes(b"<recipes/>", "a.xml"))


def test_entities_are_refused():
    bomb = b'<!DOCTYPE nitf [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><nitf>&b;</nitf>'

    with pytest.raises(ReadError, match="entities"):
        list(readers.read_bytes(bomb, "a.xml"))


def test_the_quotation_is_intact_in_every_format():
    assert all(SECOND in first(name).body for name in SAMPLE_OF_EACH_FORMAT)


ENCRYPTION = "<encryption><EncryptedData><CipherReference URI='O/a b.xhtml'/></EncryptedData></encryption>"


def test_a_book_with_a_licence_is_encrypted():
    locked = {**EPUB, "META-INF/encryption.xml": ENCRYPTION, "META-INF/rights.xml": "<rights/>"}

    with pytest.raises(ReadError, match="DRM"):
        list(readers.read_bytes(zipped(locked), "a.epub"))


def test_a_book_of_which_only_the_fonts_are_encrypted_is_read():
    (article,) = readers.read_bytes(zipped({**EPUB, "META-INF/encryption.xml": ENCRYPTION}), "a.epub")

    assert BODY == article.body


def test_a_message_in_utf_7_is_read():
    head = "From: Ann Lee <ann@tallow.example>\nSubject: Ferry\nContent-Type: text/plain; charset=utf-7\n\n"
    (article,) = readers.read_bytes(head.encode() + "Die Fähre fährt.".encode("utf-7"), "a.eml")

    assert "Die Fähre fährt." == article.body


def test_a_digitised_page_is_its_blocks_with_words_made_whole():
    whole = 'SUBS_CONTENT="ferry"'
    first = (
        f'<String CONTENT="The"/><SP/><String CONTENT="fer" SUBS_TYPE="HypPart1" {whole}/><HYP CONTENT="-"/>'
    )
    second = f'<String CONTENT="ry" SUBS_TYPE="HypPart2" {whole}/><SP/><String CONTENT="sails."/>'
    block = f"<TextBlock><TextLine>{first}</TextLine><TextLine>{second}</TextLine></TextBlock>"
    page = f'<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#">{block}{block}</alto>'
    (article,) = readers.read_bytes(page.encode(), "a.xml")

    assert "The ferry sails.\n\nThe ferry sails." == article.body

"""Who wrote letters and books, and where they appeared."""

import pytest

from searcher import readers
from searcher.readers import bylines
from tests.readers.samples import docx, zipped

TEXT = "The ferry company said on Tuesday that its boats would run again from June. " * 4


def letter(sender, text=TEXT):
    (article,) = readers.read_bytes(f"From: {sender}\nSubject: Ferries\n\n{text}".encode(), "a.eml")
    return article


@pytest.mark.parametrize(
    ("sender", "authors", "source"),
    [
        ("Ann Lee from The Tallow Letter <letters@post.example>", ("Ann Lee",), "The Tallow Letter"),
        ("Ann Lee <ann@tallow.example>", ("Ann Lee",), "Ann Lee"),
        ("Tallow Works <hello@tallowworks.example>", (), "Tallow Works"),
        ("The Tallow Letter <letters@tallow.example>", (), "The Tallow Letter"),
        ("letters@tallow.example", (), "letters@tallow.example"),
    ],
)
def test_a_letter_is_by_whoever_sent_it_if_that_is_a_person(sender, authors, source):
    article = letter(sender)

    assert (authors, source) == (article.authors, article.source)


def test_a_byline_in_a_letter_counts_for_more():
    article = letter("Ann Lee <ann@tallow.example>", f"By Bo Ek\n\n{TEXT}")

    assert (("Bo Ek",), TEXT.strip()) == (article.authors, article.body)


def book(meta, chapter):
    files = {
        "META-INF/container.xml": b'<container><rootfile full-path="a.opf"/></container>',
        "a.opf": (
            f'<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{meta}</metadata><manifest>'
            '<item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>'
        ).encode(),
        "a.xhtml": f"<html><body>{chapter}</body></html>".encode(),
    }
    (article,) = readers.read_bytes(zipped(files), "a.epub")
    return article


CHAPTER = f"<h1>Ferries</h1><p>By Ann Lee</p><p>{TEXT}</p>"


@pytest.mark.parametrize(
    ("meta", "source"),
    [
        ("<dc:title>Harbours</dc:title><dc:publisher>Tallow Press</dc:publisher>", "Tallow Press"),
        ("<dc:title>Harbours</dc:title>", "Harbours"),
        ("<dc:title>Ferries</dc:title>", None),
    ],
)
def test_the_source_of_a_chapter_is_the_publisher_or_else_the_book(meta, source):
    assert source == book(meta, CHAPTER).source


def test_the_byline_of_a_chapter_is_no_part_of_its_text():
    article = book("<dc:creator>Ann Lee</dc:creator>", CHAPTER)

    assert (("Ann Lee",), TEXT.strip()) == (article.authors, article.body)


def test_a_short_chapter_of_sentences_is_one_and_the_contents_are_none():
    meta = '</metadata><manifest><item id="n" href="n.xhtml" properties="nav"/></manifest><metadata>'

    assert "We wait." == book(meta, "<h1>Ferries</h1><p>We wait.</p>").body


ENTRY = "<entry><title>Ferry to sail again</title>{}<content>It sails.</content></entry>"


@pytest.mark.parametrize(
    ("own", "expected"), [("", "Ann Lee"), ("<author><name>Bo Ek</name></author>", "Bo Ek")]
)
def test_the_author_of_an_atom_feed_wrote_what_names_no_other(own, expected):
    entries = f"<author><name>Ann Lee</name></author>{ENTRY.format(own)}"
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    (article,) = readers.read_bytes(feed.encode(), "a.atom")

    assert (expected,) == article.authors


def test_an_author_of_rss_stands_behind_an_address():
    author = "<author>ann@tallow.industries (Ann Lee)</author>"
    item = f"<item><title>Ferry</title>{author}<description>It sails.</description></item>"
    (article,) = readers.read_bytes(f'<rss version="2.0"><channel>{item}</channel></rss>'.encode(), "a.rss")

    assert ("Ann Lee",) == article.authors


def test_a_paragraph_of_word_may_be_styled_as_an_author():
    (article,) = readers.read_bytes(docx(["Ferry to sail again", ("Ann Lee", "Author"), TEXT]), "a.docx")

    assert (("Ann Lee",), TEXT.strip()) == (article.authors, article.body)


def test_an_office_behind_a_comma_is_no_author():
    assert ("Ann Lee",) == bylines.names("Ann Lee, Harbour Executive Director")

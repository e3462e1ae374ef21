import datetime as dt

import pytest

from searcher import readers
from searcher.errors import ReadError
from tests.readers.samples import BODY, PARAGRAPHS, docx


def document(title, author, text, number):
    return [
        title,
        f"Author: {author}",
        "Publication info: The Tallow Post ; Tallow Bay [Tallow Bay]. 03 Mar 2024: A.1.",
        "ProQuest document link",
        f"Full text: {text[0]}",
        *text[1:],
        "Subject: Ferries; Harbours",
        f"Title: {title}",
        "Publication title: The Tallow Post; Tallow Bay",
        "Publication date: Mar 3, 2024",
        "Section: News",
        "Language of publication: English",
        f"ProQuest document ID: {number}",
        f"Document URL: https://www.proquest.com/docview/{number}",
        "Copyright: Copyright Tallow Media 2024",
        "Database: Newsstand",
    ]


BOTH = [
    document("Ferry to sail again", "Lee, Ann; Ek, Bo", PARAGRAPHS, 2930001),
    document("Profits rise", "", ["Profits rose."], 2930002),
]
RULE = "_" * 60


@pytest.mark.parametrize("name", ["a.txt", "a.docx"])
def test_documents_are_told_apart_dated_and_credited(name):
    data = {
        "a.txt": f"\n\n{RULE}\n\n".join("\n\n".join(part) for part in BOTH).encode(),
        "a.docx": docx([line for part in BOTH for line in part]),
    }[name]
    first, second = readers.read_bytes(data, name)

    assert (
        "2930001",
        "Ferry to sail again",
        ("Ann Lee", "Bo Ek"),
        dt.datetime(2024, 3, 3),
        ("Ferries", "Harbours"),
        BODY,
    ) == (first.id, first.title, first.authors, first.published, first.tags, first.body)
    assert ("2930002", "Profits rise", "Profits rose.") == (second.id, second.title, second.body)


def test_a_document_without_its_number_is_none_the_less_one():
    unnumbered = [line for line in BOTH[0] if "document ID" not in line]
    text = f"\n\n{RULE}\n\n".join("\n\n".join(part) for part in (unnumbered, BOTH[1]))
    articles = list(readers.read_bytes(text.encode(), "a.txt"))

    assert ["Ferry to sail again", "Profits rise"] == [article.title for article in articles]


def mailed(number, title, text, broken=False):
    labels = {
        "Author": "Reckard, E Scott; Lee, Ann",
        "Publication info": "The Tallow Post ; Tallow Bay [Tallow Bay]. 03 Mar 2024: A.1.",
    }
    after = {
        "Subject": "Ferries",
        "Publication title": "The Tallow Post, Late Edition (East Coast); Tallow Bay",
        "Publication date": "Mar 3, 2024",
        "ProQuest document ID": str(number),
    }

    def rows(values):
        return "".join(f"<p><strong>{label}: </strong>{value}</p>" for label, value in values.items())

    shell = "html&gt;<head></head><body>" if broken else "<html><head></head><body>"
    return (
        f'<div><a name="DocID_MSTAR_{number}"></a><p></p><p>{title}: [South Edition]</p>{rows(labels)}'
        '<p><a href="https://search.proquest.com">ProQuest document link</a></p>'
        f"<p><strong>Full text: </strong><Text>{shell}{''.join(f'<p>{p}</p>' for p in text)}"
        f"</body></html></Text></p>{rows(after)}</div>"
    )


def mail(*documents, before=""):
    return (
        "From: alerts@proquest.example\nSubject: Your ProQuest Research\nMIME-Version: 1.0\n"
        "Content-Type: text/html; charset=utf-8\n\n"
        f"{before}<title>ProQuest Export</title><p>Ann sent you the following:</p><p>Email 1 of 2</p>"
        f"{''.join(documents)}<p>Contact ProQuest</p>"
    ).encode()


def test_documents_that_are_counted_are_of_proquest():
    lines = [line for n in (1, 2) for line in ("_" * 60, f"Document {n} of 2", *BOTH[n - 1])]
    found = list(readers.read_bytes("\n\n".join(lines).encode(), "a.txt"))

    assert ["Ferry to sail again", "Profits rise"] == [article.title for article in found]


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("before", ["", "<p>For you.</p><blockquote>"])
def test_every_document_of_a_mail_is_an_article(before, broken):
    count = 12
    sent = mail(*(mailed(n, f"Ferry {n}", PARAGRAPHS, broken) for n in range(count)), before=before)
    found = list(readers.read_bytes(sent, "a.eml"))

    assert [(str(n), f"Ferry {n}", BODY) for n in range(count)] == [(a.id, a.title, a.body) for a in found]
    assert {("E Scott Reckard", "Ann Lee")} == {article.authors for article in found}
    assert {("The Tallow Post", dt.datetime(2024, 3, 3))} == {(a.source, a.published) for a in found}


@pytest.mark.parametrize("name", ["a.txt", "a.eml"])
def test_documents_that_a_mail_quotes_are_told_apart(name):
    quoted = "\n".join(f"> {line}" for part in BOTH for line in ["<>", *part])
    head = "From: a@tallow.example\nSubject: For you\n\n" if name == "a.eml" else ""
    found = list(readers.read_bytes(f"{head}For you.\n\n{quoted}".encode(), name))

    assert ["Ferry to sail again", "Profits rise"] == [article.title for article in found]


def test_a_download_that_cannot_be_parted_is_reported_and_no_article():
    text = "\n\n".join(f"* ProQuest document ID: 29300{n} *\n\n{BODY}" for n in range(10, 14))
    with pytest.raises(ReadError) as error:
        list(readers.read_bytes(text.encode(), "a.txt"))

    assert "It is a download of about 4 articles, but they could not be separated." in str(error.value)
    assert 4 == error.value.parts


@pytest.mark.parametrize(
    "mark",
    [
        '<p class="articleParagraph"><a class="mg2-activate">Activate</a></p>',
        '<p class="DocPublicationName">Tallow</p>',
        '<table class="topic-detail"></table><p class="detail001">',
        '<a name="DocID_1"></a>ProQuest',
    ],
)
def test_a_page_that_has_marks_of_a_download_by_chance_is_a_page(mark):
    page = f"<html><title>Ferry</title><body><h1>Ferry</h1>{mark}{''.join(f'<p>{p}</p>' for p in PARAGRAPHS)}"
    (article,) = readers.read_bytes(page.encode(), "a.html")

    assert BODY in article.body

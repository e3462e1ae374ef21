import datetime as dt

import pytest

from searcher import readers
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

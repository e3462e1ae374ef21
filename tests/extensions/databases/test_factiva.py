import datetime as dt

import pytest

from searcher import readers
from tests.readers.samples import BODY, PARAGRAPHS, rtf

BARE = [
    "News",
    "Ferry to sail again after a winter in port",
    "By Ann Lee",
    "43 words",
    "3 March 2024",
    "09:30",
    "The Tallow Post",
    "TALPST",
    "3",
    "English",
    "Copyright 2024. Tallow Media.",
    *PARAGRAPHS,
    "Document TALPST0020240303ek3300001",
    "Profits rise",
    "12 words",
    "4 March 2024",
    "Heron Daily",
    "HERDLY",
    "English",
    "© 2024 Heron",
    "Profits rose.",
    "Document HERDLY0020240304ek3400002",
]
CODED = f"""HD Ferry to sail again
BY By Ann Lee
WC 43 words
PD 3 March 2024
ET 09:30
SN The Tallow Post
SC TALPST
LA English
CY Copyright 2024. Tallow Media.
LP
{PARAGRAPHS[0]}
TD
{PARAGRAPHS[1]}

{PARAGRAPHS[2]}
RF 1234
AN Document TALPST0020240303ek3300001
"""


def test_fields_with_codes():
    (article,) = readers.read_bytes(CODED.encode(), "a.txt")

    assert (
        "TALPST0020240303ek3300001",
        "Ferry to sail again",
        ("Ann Lee",),
        dt.datetime(2024, 3, 3, 9, 30),
        "The Tallow Post",
        "en",
        BODY,
    ) == (
        article.id,
        article.title,
        article.authors,
        article.published,
        article.source,
        article.language,
        article.body,
    )


def test_subjects_and_heading_of_fields_with_codes():
    text = CODED.replace("RF 1234", "NS gcat : Political News | gtrans : Transport\nSE Harbours; Page 3")
    (article,) = readers.read_bytes(text.encode(), "a.txt")

    assert (("Political News", "Transport"), "Harbours") == (article.tags, article.section)


@pytest.mark.parametrize("name", ["a.rtf", "a.txt", "a.html"])
def test_bare_lines(name):
    data = {
        "a.rtf": rtf(BARE),
        "a.txt": "\n\n".join(BARE).encode(),
        "a.html": "".join(f"<p>{line}</p>" for line in BARE).encode(),
    }[name]
    first, second = readers.read_bytes(data, name)

    assert (
        "Ferry to sail again after a winter in port",
        "News",
        ("Ann Lee",),
        dt.datetime(2024, 3, 3, 9, 30),
        "The Tallow Post",
        BODY,
    ) == (first.title, first.section, first.authors, first.published, first.source, first.body)
    assert ("Profits rise", "Heron Daily", dt.datetime(2024, 3, 4), "Profits rose.") == (
        second.title,
        second.source,
        second.published,
        second.body,
    )

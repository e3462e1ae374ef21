import pytest

from searcher import readers
from searcher.readers.text import without_marks

MARKED = {
    "a **bold** word": "a bold word",
    "a __bold__ and an *italic* word": "a bold and an italic word",
    "snake_case_names and 2 * 3 * 4 stay": "snake_case_names and 2 * 3 * 4 stay",
    'see [the paper](https://tallow.example/a_(b) "T") and <https://tallow.example>': (
        "see the paper and https://tallow.example"
    ),
    "see [the paper][1]\n\n[1]: https://tallow.example": "see the paper\n\n",
    "![a pier](pier.jpg)Text": "Text",
    "# Headline\n\n## Later ##\n\n> “We are ready,” she said.": (
        "# Headline\n\nLater\n\n“We are ready,” she said."
    ),
    "run `searcher index`": "run searcher index",
    "before\n\n* * *\n\nafter": "before\n\n\n\nafter",
    "- one\n- two": "- one\n- two",
    "1\\. A \\*star\\* and snake\\_case\\_names": "1. A *star* and snake_case_names",
    "[![a pier](pier.jpg)](https://tallow.example) Text": " Text",
    "Headline\n========\n\nText": "# Headline\n\nText",
    "> One.\n>\n> > Two.": "One.\n\nTwo.",
    "```sh\nsearcher index\n```": "\nsearcher index\n",
    "Lee &amp; Ek, AT&T; &#8220;We are.&#8221;": "Lee & Ek, AT&T; “We are.”",
    "a ~~broken~~ mended pier, ~20 boats": "a broken mended pier, ~20 boats",
}


@pytest.mark.parametrize(("text", "expected"), MARKED.items())
def test_marks_are_taken_off(text, expected):
    assert expected == without_marks(text)


def test_a_byline_in_italics_is_one():
    text = "# Ferry to sail again\n\n*By Bo Ek, 3 March 2024*\n\nIt is **ready**, she said.\n\nThey wait.\n"
    (article,) = readers.read_bytes(text.encode(), "a.md")

    assert ("Ferry to sail again", ("Bo Ek",), "It is ready, she said.\n\nThey wait.") == (
        article.title,
        article.authors,
        article.body,
    )


def test_plain_text_keeps_its_signs():
    (article,) = readers.read_bytes(b"Ferry to sail again\n\nThe *ferry* sails.\n\nThey wait.", "a.txt")

    assert "The *ferry* sails.\n\nThey wait." == article.body

"""What pages declare of themselves in JSON, as carelessly as they write it."""

from __future__ import annotations

import json

import pytest

from searcher import readers

TEXT = (
    "The ferry company said on Tuesday that its boats would run again from June after a long winter in port. "
)
DECLARED = '{"@type": "NewsArticle", "headline": "Ferries", "author": [{"name": "Ann Lee"}]}'


def authors(script: str) -> tuple[str, ...]:
    body = f"<h1>Ferries</h1><p>{TEXT * 4}</p>"
    page = f"<html><head><title>Ferries</title>{script}</head><body>{body}</body></html>"
    (article,) = readers.read_bytes(page.encode(), "a.html")
    return article.authors


@pytest.mark.parametrize(
    "block",
    [
        DECLARED,
        DECLARED.replace("}]}", "},]}"),
        DECLARED.replace("}]}", "} , \n]}"),
        DECLARED.replace("]}", "],}"),
        f"{DECLARED};",
        f"<!-- {DECLARED} -->",
        f"//<![CDATA[\n{DECLARED}\n//]]>",
        DECLARED.replace('"', "&quot;"),
        DECLARED.replace("Ann Lee", "Ann\tLee"),
        f'[{{"@type": "WebSite"}}, {DECLARED}]',
        json.dumps({"@graph": [json.loads(DECLARED)]}),
    ],
    ids=[
        "rightly", "comma in a list", "comma and space", "comma in an object", "semicolon", "comment",
        "CDATA", "escaped", "tab in a text", "list", "graph",
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_hides_nothing(block: str) -> None:
    assert ("Ann Lee",) == authors(f'<script type="application/ld+json">{block}</script>')


@pytest.mark.parametrize("block", ["", "{", "null", "7", '"text"', DECLARED[:-3], "[" * 100_000])
def test_what_is_broken_is_left_out(block: str) -> None:
    assert () == authors(f'<script type="application/ld+json">{block}</script>')

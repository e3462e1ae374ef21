"""Articles whose names and quotations are given, and what people are told who ask an index of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from searcher import Article, Mention, Quote

HERE = Path(__file__).parent
_MARKED = re.compile(r"\[(?P<org>org )?(?P<name>[^]]+)\]|\{(?P<who>[^|}]*)\|(?P<said>[^}]*)\}")
_WHO = re.compile(
    r"(?P<unnamed>unnamed )?(?P<who>.*?)(?: (?P<sure>[\d.]+))?(?: (?P<kind>partial|indirect|speech))?"
)
#: Whom the short forms of the text mean.
_FULL = {"Lindqvist": "Marguerite Lindqvist", "LeCun": "Yann LeCun", "HWU": "Harbour Workers’ Union"}


def articles() -> list[Article]:
    """The articles of ``articles.txt``: a line of fields and a text, in which “[org NAME]” is a mention and
    “{SPEAKER CONFIDENCE KIND|WORDS}” a quotation."""
    return [
        _article(*each.split("\n", 1))
        for each in (HERE / "articles.txt").read_text("utf-8").split("=== ")[1:]
    ]


def _article(head: str, text: str) -> Article:
    fields: dict[str, Any] = dict(each.split(": ", 1) for each in re.split(r", (?=[a-z]+: )", head))
    for name in {"authors", "tags"} & fields.keys():
        fields[name] = fields[name].split("; ")
    body, at = "", 0
    mentions: list[Mention] = []
    quotes: list[Quote] = []
    for mark in _MARKED.finditer(text := text.strip()):
        body += text[at : mark.start()]
        written, at = mark["name"] or mark["said"], mark.end()
        start, end = len(body), len(body) + len(written)
        if mark["name"]:
            name = _FULL.get(written, written)
            mentions.append(Mention(name, "organisation" if mark["org"] else "person", start, end, 0.9))
        elif who := _WHO.fullmatch(mark["who"]):
            kind: Any = who["kind"] or "direct"
            known: Any = "unnamed" if who["unnamed"] else "person"
            sure = float(who["sure"] or 0.9)
            quotes.append(Quote(written, who["who"], kind, start, end, sure, known, utterance=len(quotes)))
        body += written
    return Article(**fields, body=body + text[at:], mentions=tuple(mentions), quotes=tuple(quotes))

"""Hansard: parlparse's XML, the digitised volumes in XML, and the pages of the Commons and the Lords."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from searcher.article import Article
from searcher.readers import dates, urls
from searcher.readers.parliament.session import Heading, Item, Session, articles, joined, turn_of
from searcher.readers.turns import Turn
from searcher.readers.xml import local, text_of

#: The bodies whose records have ids that begin so, “uk.org.publicwhip/debate/2009-10-28c.267.7”.
_BODIES = {
    "debate": "House of Commons", "lords": "House of Lords", "westminhall": "Westminster Hall",
    "wrans": "House of Commons, Written Answers", "wms": "House of Commons, Written Statements",
    "lordswrans": "House of Lords, Written Answers", "lordswms": "House of Lords, Written Statements",
    "standing": "House of Commons, Public Bill Committee", "spor": "Scottish Parliament",
    "spwa": "Scottish Parliament, Written Answers", "ni": "Northern Ireland Assembly",
    "senedd": "Senedd", "london-mayors-questions": "London Assembly",
}  # fmt: skip
_AUSTRALIAN = {"debate": "House of Representatives (Australia)", "lords": "Senate (Australia)"}
_ID = re.compile(r"uk\.org\.publicwhip/([\w-]+)/.*?(\d{4}-\d\d-\d\d)")
_LEVELS = {"oral-heading": 1, "major-heading": 2, "minor-heading": 3}


def read(root: Any) -> Iterator[Article]:
    """The debates of a day, in the form of parlparse."""
    ids = (found for e in root.iter() if (found := _ID.search(e.get("id", ""))))
    kind, days = next(((one[1], one[2]) for one in ids), ("", ""))
    source = next((e.get("url", "") for e in root.iter() if e.get("url")), "")
    body = (_AUSTRALIAN if "aph.gov.au" in source else _BODIES).get(kind, kind)
    session = Session(body, dates.parse(days), f"{body}, {days}", None)
    yield from articles(session, _items(root))


def _items(root: Any) -> Iterator[Item]:
    for element in root:
        if element.tag in _LEVELS:
            url = urls.absolute(element.get("url"))
            yield Heading(text_of(element), _LEVELS[element.tag], element.get("id", ""), url)
        elif element.tag == "speech" and element.get("speakername"):
            yield _turn(element)
        elif text := text_of(element):
            yield text


def _turn(element: Any) -> Turn:
    column, time = element.get("colnum"), re.match(r"0?(\d\d:\d\d)", element.get("time", ""))
    moment = f"col. {column}" if column else time[1] if time else ""
    said = "\n\n".join(filter(None, map(text_of, element))) or text_of(element)
    turn = turn_of(element.get("speakername"), said, moment, element.get("speakeroffice"))
    return replace(turn, label=f"{element.get('speakername')}:")


_HOUSES = {"housecommons": "House of Commons", "houselords": "House of Lords"}
_ASIDE = frozenset({"table", "division", "quote", "ul", "ol"})


def read_volume(root: Any) -> Iterator[Article]:
    """The debates of the days in a digitised volume."""
    for house in [root] if local(root) in _HOUSES else list(root.iter(*_HOUSES)):
        date = house.find(".//date")
        day = dates.parse(None if date is None else date.get("format"))
        body = _HOUSES[local(house)]
        yield from articles(Session(body, day, f"{body}, {text_of(date)}", "en"), _Volume().items(house, 0))


class _Volume:
    """The items of a day, with the column that stands before them."""

    def __init__(self) -> None:
        self._column = ""

    def items(self, around: Any, level: int) -> Iterator[Item]:
        for element in around:
            member = element.find("member") if element.tag == "p" else None
            if element.tag == "title":
                yield Heading(text_of(element), level)
            elif element.tag == "col":
                self._column = f"col. {text_of(element)}"
            elif member is not None:
                said = " ".join(text_of(one) for one in element.iterfind("membercontribution"))
                label = " ".join(" ".join(member.itertext()).split())
                yield turn_of(label, said.lstrip(": "), self._column)
            elif element.tag in ("p", "date", *_ASIDE):
                yield text_of(element)
            elif element.tag != "image":
                yield from self.items(element, level + 1)
            for column in element.iter("col") if element.tag == "p" else ():
                self._column = f"col. {text_of(column)}"


def read_page(page: Any) -> Iterator[Article]:
    """The debates on a page of the Commons or the Lords."""
    text = page.text_content()
    body = "House of Lords" if re.search(r"\bHouse of Lords\b", text[:5_000]) else "House of Commons"
    found = re.search(r"(\d{1,2} \w{3,9} \d{4}) ?: Column", text)
    day = dates.parse(found[1]) if found else None
    name = f"{body}, {found[1]}" if found else body
    yield from articles(Session(body, day, name, "en"), joined(_page_items(page)))


def _page_items(page: Any) -> Iterator[tuple[Item, bool]]:
    column, speaking = "", False
    for element in page.iter("p", "h1", "h2", "h3", "h4", "h5"):
        said = text_of(element)
        bold = text_of(element.find("b"))
        if printed := re.search(r": Column (\w+)$", bold):
            column = f"col. {printed[1]}"
        elif element.tag != "p" and said:
            yield Heading(said, int(element.tag[1])), False
            speaking = False
        elif bold.endswith(":") and 0 <= (at := said.find(bold)) <= _MAX_NUMBER_LETTERS:
            yield turn_of(bold, said[at + len(bold) :], column), False
            speaking = True
        elif said:
            yield said, speaking


#: Letters before a name: the number of a question, “Q1. [12345]”.
_MAX_NUMBER_LETTERS = 16

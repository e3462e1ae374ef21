"""The US Congressional Record and hearings of govinfo, and github.com/unitedstates/congressional-record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import dates
from searcher.readers.parliament.session import Heading, Item, Session, articles, turn_of
from searcher.readers.turns import Turn

_RECORD = re.compile(
    r"\[Congressional Record Volume (?P<volume>\d+), Number (?P<number>\w+) \(\w+, (?P<day>[^)]*)\)\]\s*"
    r"\[(?P<chamber>[^\]]*)\]"
)
_HEARING = re.compile(r"\[(?P<kind>(?:House|Senate|Joint) Hearing)[^\]]*\]")
_BODIES = {"House": "US House of Representatives", "Senate": "US Senate"}
#: Where the text begins, behind the lines on the source.
_SOURCE = re.compile(r"From the [^\n]*(?:Printing|Publishing) Office[^\n]*\n")
_NAMES = r"(?:[A-Z][\w'’.-]{0,30})(?: [A-Z][\w'’.-]{0,30}){0,3}(?: of [A-Z]\w+(?: [A-Z]\w+)?)?"
#: How a turn begins: in the Record with a name in capitals, in a hearing with a title and a name.
_IN_RECORD = re.compile(
    r" {2}((?:Mr|Mrs|Ms|Miss|Dr)\.? (?:[A-Z][A-Za-z'.’-]{0,30}[A-Z]{2}[A-Z' .’-]{0,40})"
    r"(?: of [A-Z][A-Za-z ]+)?|The [A-Z]{4}[A-Z ]*(?: pro tempore)?(?: \([^)]*\))?)\. "
)
_IN_HEARING = re.compile(
    rf" {{4}}((?:Mr|Mrs|Ms|Miss|Dr|Hon|Gen|Adm)\. {_NAMES}|(?:Chair(?:man|woman)?|Senator|Representative"
    rf"|Secretary|General|Admiral|Judge|Governor|Ambassador|Director|Mayor|Chief) {_NAMES}"
    r"|The (?:Chair(?:man|woman)?|Clerk|Reporter|Witness))\. (?=[A-Z`“\"\[])"
)
_TITLED = re.compile(
    r"(Chair(?:man|woman)?|Senator|Representative|Secretary|General|Admiral|Judge|Governor|Ambassador|Director"
    r"|Mayor|Chief) (.+)"
)
_PAGE = re.compile(r"\s*\[\[Page (\w+)\]\]")
_RULE = re.compile(r"\s+_{10,}\s*$|\s*[-=]{10,}\s*$")
#: A title in the middle of the page, and what ends a turn in a hearing: a text that is put in.
_TITLE = re.compile(r"\s{8,}([A-Z][A-Z ,'-]{9,})$")
_PUT_IN = re.compile(r"\s{2,}\[(?:The .*follow|Whereupon|Recess|Questions? for the record)", re.I)
#: Who is listed with the full name: members of a committee, whose remarks are printed, who gives a statement.
_LISTED = re.compile(
    r"^[ \t]*(?:(?:PREPARED |OPENING )?STATEMENT OF )?(?:HON\. |MR\. |MS\. |MRS\. |DR\. )?"
    r"([A-Z][A-Z'’.-]+(?: [A-Z][A-Z'’.-]*)* [A-Z][A-Z'’-]{2,})(?=,|[ \t]*$|  )",
    re.M,
)


def read(text: str) -> Iterator[Article]:
    """The speeches of a part of the Record, or a hearing by its statements."""
    if found := _RECORD.search(text):
        body = _BODIES.get(found["chamber"], f"US {found['chamber']}")
        name = f"Congressional Record {found['volume']}, No. {found['number']}"
        session = Session(body, dates.parse(found["day"]), name, "en")
        begins, indent = _IN_RECORD, 2
    elif found := _HEARING.search(text):
        title = re.search(r"<title>\s*-?\s*([^<]*)|\n {10,}(\S[^\n]{9,})", text)
        body = _BODIES.get(found["kind"].split()[0], "US Congress")
        name = " ".join(((title and (title[1] or title[2])) or found["kind"]).split())
        session = Session(body, dates.in_text(text[found.end() : found.end() + 5_000]), name, "en")
        begins, indent = _IN_HEARING, 4
    else:
        raise ReadError("It is neither a part of the Congressional Record nor a hearing.")
    source = _SOURCE.search(text, found.end())
    page = re.search(r"\[Pages? (\w+)", text[found.end() : found.end() + 200])
    lines = text[source.end() if source else found.end() :].split("\n")
    listed = [one.title() for one in _LISTED.findall(text)]
    items = _items(lines, f"p. {page[1]}" if page else "", begins, indent)
    yield from articles(session, items, listed)


def _items(lines: Sequence[str], page: str, begins: re.Pattern[str], indent: int) -> Iterator[Item]:
    """The items of lines: how turns begin, and by how much the first line of a paragraph is set in."""
    turn: Turn | None = None
    held: list[str] = []
    for line in lines:
        if turned := _PAGE.match(line):
            page = f"p. {turned[1]}"
            continue
        called = begins.match(line)
        title = _TITLE.match(line)
        if called or title or _RULE.match(line) or (indent > 2 and _PUT_IN.match(line)):
            yield from _ended_turn(turn, held, indent)
            turn, held = None, []
        if called:
            titled = _TITLED.match(called[1])
            turn = turn_of(titled[2], "", page, titled[1]) if titled else turn_of(called[1], "", page)
            turn = replace(turn, label=f"{called[1]}.")
            held = [line[called.end() :]]
        elif title:
            yield Heading(" ".join(title[1].split()))
        elif not _RULE.match(line):
            held.append(line)
    yield from _ended_turn(turn, held, indent)


def _ended_turn(turn: Turn | None, lines: Sequence[str], indent: int) -> Iterator[Item]:
    paragraphs = _paragraphs(lines, indent)
    if turn is not None:
        yield replace(turn, text="\n\n".join(paragraphs))
    else:
        yield from paragraphs


def _paragraphs(lines: Sequence[str], indent: int) -> list[str]:
    """Lines as paragraphs: one begins where a line is set in, or behind an empty one."""
    out: list[list[str]] = []
    new = True
    for line in lines:
        words = line.split()
        if words and (new or line.startswith(" " * indent) or not out):
            out.append([])
        if words:
            out[-1] += words
        new = not words
    return [" ".join(words) for words in out]


def read_json(data: bytes) -> Iterator[Article]:
    """The speeches of a part of the Record, taken apart already."""
    made = json.loads(data)
    header = made["header"]
    body = _BODIES.get(header["chamber"], f"US {header['chamber']}")
    day = dates.parse(f"{header['month']} {header['day']}, {header['year']}")
    name = f"Congressional Record {header['vol']}, No. {header['num']}"
    yield from articles(Session(body, day, name, "en"), _json_items(made))


def _json_items(made: dict[str, Any]) -> Iterator[Item]:
    header, content = made["header"], made["content"]
    page = "p. " + str(header.get("pages", "")).partition("-")[0]
    yield Heading(str(made.get("title") or made.get("doc_title") or ""), 1, str(made.get("id", "")))
    for part in content:
        text, label = str(part["text"]), str(part.get("speaker") or "")
        said = "\n\n".join(_paragraphs(re.sub(r"\[\[Page \w+\]\]", "", text).split("\n"), 2))
        if part["kind"] == "speech":
            turn = turn_of(label, said.removeprefix(label).lstrip(". "), page)
            yield replace(turn, label=f"{label}.")
        elif part["kind"] not in ("linebreak", "title"):
            yield said
        page = ["", page, *(f"p. {one}" for one in re.findall(r"\[\[Page (\w+)\]\]", text))][-1]

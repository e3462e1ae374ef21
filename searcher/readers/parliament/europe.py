"""The verbatim reports of the European Parliament (CRE): the XML and the pages of doceo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from searcher.article import Article
from searcher.readers import dates
from searcher.readers.parliament.session import Heading, Item, Session, articles, full_name, joined, turn_of
from searcher.readers.turns import Turn
from searcher.readers.xml import text_of

_BODY = "European Parliament"


def read(root: Any) -> Iterator[Article]:
    """The items of a session, in the XML of the report."""
    started = next((e.get("VOD-START", "") for e in root.iter() if e.get("VOD-START")), "")
    day = dates.parse(started[:10]) or dates.in_text(" ".join(root.itertext())[:2_000])
    yield from articles(Session(_BODY, day, f"{_BODY}, {started[:10]}".rstrip(", ")), _chapters(root))


def _chapters(root: Any) -> Iterator[Item]:
    for chapter in root.iter("CHAPTER"):
        titles = chapter.findall("TL-CHAP")
        title = next((e for e in titles if e.get("VL") == "EN"), titles[0] if titles else None)
        yield Heading(text_of(title), 1, chapter.get("NUMBER", ""))
        for element in chapter:
            if element.tag == "INTERVENTION":
                yield _intervention(element)
            elif element.tag not in ("TL-CHAP", "NUMERO") and (text := text_of(element)):
                yield text


def _intervention(element: Any) -> Turn:
    speaker = element.find("ORATEUR")
    told = {} if speaker is None else speaker.attrib
    name = full_name(" ".join(told.get("LIB", "").replace("|", " ").split()))
    party = told.get("PP", "")
    text = "\n\n".join(filter(None, (text_of(p).lstrip("– .") for p in element.iter("PARA"))))
    moment = element.get("VOD-START", "")[11:16]
    printed = text_of(speaker).rstrip("–— ") or f"{name}:"
    role = told.get("SPEAKER_TYPE") or None
    return Turn(text, name or None, moment, role, party if party not in ("", "NULL") else None, printed)


def read_page(page: Any) -> Iterator[Article]:
    """The items of a session, on a page of the report."""
    title = text_of(page.find(".//title"))
    language = page.get("lang") or next((e.get("lang") for e in page.iter("html") if e.get("lang")), None)
    session = Session(_BODY, dates.in_text(title), title or _BODY, language)
    yield from articles(session, joined(_page_items(page)))


def _page_items(page: Any) -> Iterator[tuple[Item, bool]]:
    speaking = False
    for element in page.iter("td", "p", "div"):
        kinds = element.get("class", "").split()
        if "doc_title" in kinds and (title := text_of(element)):
            yield Heading(title), False
            speaking = False
        elif "contents" in kinds and (said := text_of(element)):
            named = element.find(".//span[@class='doc_subtitle_level1_bis']")
            if named is not None:
                yield _labelled_turn(text_of(named), said), False
                speaking = True
            else:
                yield said, speaking


def _labelled_turn(label: str, said: str) -> Turn:
    """The turn of whom a label names; an office may stand before the dash behind it."""
    rest = said[len(label) :] if said.startswith(label) else said
    office = re.match(r"[\s,.]{0,5}([^–—]{0,80}?)[\s.]{0,5}[–—]\s+", rest)
    text = rest[office.end() :] if office else rest.lstrip(" .")
    return turn_of(label, text, "", (office[1].strip(" ,.") or None) if office else None)

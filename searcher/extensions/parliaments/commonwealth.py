"""Official records of the parliaments of Australia and Canada, in their own XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from searcher.article import Article
from searcher.extensions.parliaments.session import (
    Heading,
    Item,
    Session,
    debate_articles,
    full_name,
    merge_continued,
    parse_turn,
)
from searcher.readers import dates
from searcher.readers.turns import Turn
from searcher.readers.xml import attribute, local, text_of

# Australia since 1901, https://www.aph.gov.au/Parliamentary_Business/Hansard. In schema 2.2 the words of a
# talk and of all interruptions are its paragraphs, and the elements of interruptions are empty.

_TALKS = frozenset({"speech", "question", "answer", "interjection", "continue"})
#: Classes of the name before words, and of a note of an interjection ("MemberIInterjecting").
_NAMED = re.compile(r"HPS-[A-Z][a-z]+(?:Speech|Question|Answer|Continuation|(?P<note>I?)Interjecting)$")
#: Details in brackets after a name: the electorate, an office, a time.
_AFTER_NAME = re.compile(r"(?:\s*\([^()]*\)+)*\s*:")


def read_australia(root: Any) -> Iterator[Article]:
    """Yield the debates of a day."""
    chamber, day = (text_of(root.find(f"session.header/{name}")) for name in ("chamber", "date"))
    body = f"{'Senate' if chamber.casefold().startswith('sen') else 'House of Representatives'} (Australia)"
    talkers = {text_of(one.find("name.id")).casefold(): one for one in root.iter("talker")}
    items = merge_continued(_australian_items(root, talkers, 0))
    yield from debate_articles(Session(body, dates.parse(day), f"{body}, {day}", "en"), items)


def _australian_items(around: Any, talkers: dict[str, Any], level: int) -> Iterator[tuple[Item, bool]]:
    for element in around.iterchildren("*"):
        name = local(element)
        if name.endswith("info") and (title := text_of(element.find("title"))):
            yield Heading(title, level), False
        elif name in _TALKS:
            yield from _talk(element, talkers)
        elif element.find(".//title") is not None:
            yield from _australian_items(element, talkers, level + 1)
        elif name != "session.header" and (text := text_of(element)):
            yield text, False


def _talk(talk: Any, talkers: dict[str, Any]) -> Iterator[tuple[Item, bool]]:
    """Yield the turns of a talk and of the interruptions in it."""
    talker, begun = talk.find("talk.start/talker"), False
    for element in (*talk.iterfind("talk.start/para"), *talk.iterchildren("*")):
        if element.tag == "talk.text":
            for paragraph in element.iter("{*}p"):
                yield from _paragraph(paragraph, talkers)
        elif element.tag in _TALKS:
            yield from _talk(element, talkers)
            begun = False
        elif element.tag != "talk.start" and (text := text_of(element).lstrip("—–- ")):
            printed = "" if talker is None else text_of(talker.find("name[@role='display']"))
            yield (text, True) if begun else (_australian_turn(printed, text, talker), False)
            begun = True


def _paragraph(paragraph: Any, talkers: dict[str, Any]) -> Iterator[tuple[Item, bool]]:
    said = text_of(paragraph)
    named = ((one, _NAMED.match(one.get("class", ""))) for one in paragraph.iter("{*}span") if text_of(one))
    element, kind = next(((one, kind) for one, kind in named if kind), (paragraph, None))
    printed = text_of(element)
    if kind and not kind["note"] and said.startswith(printed):
        after = _AFTER_NAME.match(said, len(printed.rstrip(":")))
        label = said[: after.end()] if after else printed
        link = next((one.get("href", "") for one in element.iterancestors("{*}a")), "").casefold()
        turn = _australian_turn(printed, said[len(label) :].lstrip("—–- "), talkers.get(link))
        yield replace(turn, label=label), False
    elif said:
        yield said, kind is None


def _australian_turn(printed: str, text: str, talker: Any) -> Turn:
    """Return the turn of a talker, whose full name is given as "Keane, Orla, MP"."""
    turn = parse_turn(printed, text)
    if talker is None:
        return turn
    name, page, time, role, party = (
        text_of(talker.find(part))
        for part in ("name[@role='metadata']", "page.no", "time.stamp", "role", "party")
    )
    moment = time[:5] or (f"p. {page}" if page else "")
    last, _, first = re.sub(r" MP\b|, MP$", "", name).partition(", ")
    if turn.speaker_kind != "person" or not first or "(" in first:
        return replace(turn, moment=moment)
    speaker = full_name(f"{first.removeprefix('Sen ')} {last}")
    return replace(turn, speaker=speaker, role=role or None, party=party or None, moment=moment)


# The House of Commons of Canada and its committees, https://www.ourcommons.ca/en/open-data.

#: How parties are abbreviated ("Lib.", "CPC"), and words that distinguish an office from an electorate.
_PARTY = re.compile(r"[A-Z][\w.]{1,5}")
_OFFICE = re.compile(r"minist|secr[eé]t|pr[eé]sid|leader|whip|chair|speaker|critic", re.I)


def read_canada(root: Any) -> Iterator[Article]:
    """Yield the subjects of a sitting, or the evidence before a committee."""
    extracted = {one.get("Name"): text_of(one) for one in root.iter("ExtractedItem")}
    body = re.sub(r"^Débats de la | Debates$", "", extracted.get("InstitutionDebate", ""))
    day = extracted.get("Date", "")
    published = dates.parse(
        "-".join(extracted.get(f"MetaDateNum{part}", "") for part in ("Year", "Month", "Day"))
    )
    language = attribute(root, "lang").lower() or None
    session = Session(f"{body} (Canada)", published, f"{body}, {day}", language)
    yield from debate_articles(
        session, (one for part in root.iter("HansardBody") for one in _canadian_items(part, [""]))
    )


def _canadian_items(around: Any, time: list[str]) -> Iterator[Item]:
    """Yield the items of a part of a sitting; ``time`` holds the last time before them."""
    for element in around.iterchildren("*"):
        name = local(element)
        if name in ("OrderOfBusinessTitle", "SubjectOfBusinessTitle"):
            yield Heading(text_of(element), 1 if name.startswith("Order") else 2, around.get("id", ""))
        elif name == "Intervention":
            yield _canadian_turn(element, time)
        elif name == "Timestamp":
            time[0] = f"{element.get('Hr', ''):0>2}:{element.get('Mn', ''):0>2}"
        elif element.find(".//Intervention") is not None:
            yield from _canadian_items(element, time)
        elif name not in ("FloorLanguage", "CatchLine") and (text := text_of(element)):
            yield text


def _canadian_turn(element: Any, time: list[str]) -> Turn:
    moment = time[0]
    said = [part for part in _canadian_items(element.find("Content"), time) if isinstance(part, str)]
    turn = parse_turn(text_of(element.find("PersonSpeaking")), "\n\n".join(said), moment or time[0])
    affiliation = turn.party or ""
    office, _, party = affiliation.rpartition(", ")
    if not _PARTY.fullmatch(party):
        return replace(turn, party=None, role=turn.role or affiliation or None)
    return replace(turn, party=party, role=office if _OFFICE.search(office) else turn.role)

"""Debates in Akoma Ntoso (LegalDocML), in all its versions: http://docs.oasis-open.org/legaldocml/."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import dates
from searcher.readers.parliament.session import Heading, Item, Session, articles, turn_of
from searcher.readers.turns import Turn
from searcher.readers.xml import attribute, local, text_of

_SPOKEN = frozenset({"speech", "question", "answer"})
#: What stands in a speech and is not said.
_UNSAID = frozenset({"from", "scene", "narrative", "recordedTime", "note", "summary"})


def read(root: Any) -> Iterator[Article]:
    """The debates of a session."""
    body = root.find(".//{*}debateBody")
    if body is None:
        raise ReadError("It is Akoma Ntoso, but no debate.")
    named = {
        _id(e): e.get("showAs", "") for e in root.iter("{*}TLCPerson", "{*}TLCRole", "{*}TLCOrganization")
    }
    yield from articles(_session(root), _items(body, named, 0))


def _id(element: Any) -> str:
    return element.get("eId") or attribute(element, "id")


def _session(root: Any) -> Session:
    debate = root.find("{*}debate")
    told = {local(e): text_of(e) for e in root.iterfind(".//{*}preface//*") if text_of(e)}
    body = told.get("docCommittee") or told.get("docProponent") or told.get("docTitle") or ""
    days = [e.get("date") for e in root.iter("{*}docDate", "{*}publication", "{*}FRBRdate")]
    day = next((found for one in days if (found := dates.parse(one)) and found.year < 3000), None)
    language = next((e.get("language") for e in root.iter("{*}FRBRlanguage")), None)
    name = told.get("docTitle") or (debate.get("name") if debate is not None else "") or body
    return Session(body, day, name, language)


def _items(around: Any, named: dict[str, str], level: int) -> Iterator[Item]:
    for element in around:
        name = local(element)
        if name in _SPOKEN:
            yield _turn(element, named)
            yield from (text_of(e) for e in element.iter("{*}scene", "{*}narrative", "{*}summary"))
        elif name == "heading":
            yield Heading(text_of(element), level, _id(around))
        elif element.find(".//{*}heading") is not None or any(local(e) in _SPOKEN for e in element.iter()):
            yield from _items(element, named, level + 1)
        elif text := text_of(element):
            yield text


def _turn(element: Any, named: dict[str, str]) -> Turn:
    printed = element.find("{*}from")
    label = text_of(printed)
    time = None if printed is None else printed.find("{*}recordedTime")
    paragraphs = [_said_text(child) for child in element if local(child) not in _UNSAID]
    moment = "" if time is None else time.get("time", "")[11:16]
    turn = turn_of(label, "\n\n".join(filter(None, paragraphs)), moment)
    speaker = named.get(element.get("by", "").lstrip("#"))
    role = named.get(element.get("as", "").lstrip("#")) or turn.role
    return replace(
        turn,
        speaker=speaker or turn.speaker,
        role=role,
        speaker_kind="person" if speaker else turn.speaker_kind,
    )


def _said_text(element: Any) -> str:
    """The text of a part of a speech, without what is noted in it."""
    out = [element.text or ""]
    for child in element:
        if local(child) not in _UNSAID:
            out.append(_said_text(child) + (" " if local(child) in ("p", "li") else ""))
        out.append(child.tail or "")
    return " ".join("".join(out).split())

"""Debates in two XML standards, TEI and Akoma Ntoso, and their dialects."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from searcher.article import Article
from searcher.errors import ReadError
from searcher.extensions.parliaments.session import (
    Heading,
    Item,
    Session,
    debate_articles,
    merge_continued,
    parse_turn,
)
from searcher.readers import bylines, dates
from searcher.readers.base import SiblingReader
from searcher.readers.turns import Turn
from searcher.readers.xml import attribute, local, parse_xml, text_of

# Records in TEI (https://clarin-eric.github.io/ParlaMint/): ``u`` is an utterance, ``note`` is not speech.

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: Elements of an utterance that are not speech.
_TEI_UNSAID = frozenset({"note", "vocal", "kinesic", "incident", "gap", "desc", "linkGrp", "writing"})
_ARTICLES = frozenset({"article", "jarticle"})
_MIN_PARTS = 2  # minimum number of articles in an issue of a journal
_ROLES = {"chair": "Chair", "guest": "Guest"}


def read_tei(root: Any, siblings: SiblingReader) -> Iterator[Article]:
    """Yield the debates of each session in a file."""
    texts = [root] if local(root) == "TEI" else list(root.iter("{*}TEI"))
    people = _people(root, siblings)
    for text in texts:
        body = text.find(".//{*}body")
        if body is not None and next(body.iter("{*}u", "{*}sp"), None) is None:
            yield from _written_articles(text, body)
        elif body is not None:
            yield from debate_articles(
                _tei_session(text), merge_continued(_Record(people, _day(text)).walk(body, 0))
            )
    if not texts:
        raise ReadError("This file only lists the sittings of a corpus. Index the files of the sittings.")


def _written_articles(text: Any, body: Any) -> Iterator[Article]:
    """Yield the articles of a text without speech: an article, a letter, or an issue of a journal."""
    said = _tei_session(text)
    people = map(text_of, text.iterfind("{*}teiHeader//{*}titleStmt/{*}author"))
    whole = Article(
        id="",
        title=said.name,
        url=said.url,
        authors=tuple(name for person in people for name in bylines.names(person)),
        published=said.day,
        language=said.language,
    )
    parts: dict[Any, list[str]] = {one: [] for one in body.iter("{*}div") if _is_part(one)}
    if len(parts) < _MIN_PARTS:
        parts = {}
    parts[body] = []
    for element in body.iter("{*}head", "{*}p", "{*}lg", "{*}ab"):
        parts[next(one for one in element.iterancestors() if one in parts)].append(text_of(element))
    for part, texts in parts.items():
        made = replace(whole, body="\n\n".join(filter(None, texts)))
        if part is body:
            yield from [made] if made.body or len(parts) == 1 else []
            continue
        title = text_of(part.find("{*}head"))
        byline = [*part.iterfind("{*}byline//{*}persName")] or part.findall("{*}byline")
        written = tuple(name for one in byline for name in bylines.names(text_of(one)))
        below = "\n\n".join(filter(None, texts[1:])) if texts and texts[0] == title else ""
        yield replace(made, title=title, body=below or made.body, url=None, source=said.name, authors=written)


def _is_part(division: Any) -> bool:
    """Return True for an article of a journal: of type "article" (OpenArabicPE) or "jArticle" (DTA)."""
    return not _ARTICLES.isdisjoint(division.get(name, "").casefold() for name in ("type", "subtype"))


def _day(text: Any) -> dt.datetime | None:
    for path in ("teiHeader//{*}setting/{*}date", "teiHeader//{*}sourceDesc//{*}date", "text//{*}docDate"):
        for date in text.iterfind("{*}" + path):
            if moment := dates.parse(date.get("when") or date.get("from") or date.text):
                return moment
    return dates.parse((re.search(r"\d{4}-\d\d-\d\d", text.get(_ID, "")) or [""])[0]) or next(
        (
            moment
            for date in text.iterfind("{*}teiHeader//{*}date")
            if (moment := dates.in_text(text_of(date)))
        ),
        None,
    )


def _tei_session(text: Any) -> Session:
    language = text.get(_LANGUAGE)
    header = text.find("{*}teiHeader")
    title_elements = header.findall(".//{*}titleStmt/{*}title")
    own = [e for e in title_elements if e.get(_LANGUAGE, language) == language] or title_elements[:1]
    titles = {e.get("type", "main"): text_of(e) for e in own}
    body = text_of(header.find(".//{*}sourceDesc//{*}publisher")) or titles.get("main", "")
    name = titles.get("sub") or titles.get("main") or text.get(_ID, "")
    url = text_of(header.find(".//{*}sourceDesc//{*}idno[@type='URI']")) or None
    return Session(re.sub(r" ?\[ParlaMint[^\[\]]*\]", "", body), _day(text), name, language, url)


class _People:
    """A list of persons: their names, and their parties and offices by date."""

    def __init__(self) -> None:
        self._persons: dict[str, Any] = {}
        self._parties: dict[str, str] = {}

    def take(self, root: Any) -> None:
        """Add the persons and parties of a document."""
        for element in root.iter("{*}person", "{*}org"):
            if local(element) == "person":
                self._persons.setdefault(element.get(_ID), element)
            elif element.get("role") in ("politicalParty", "parliamentaryGroup", "political_party"):
                names = element.findall("{*}orgName")
                short = next(
                    (e for e in names if e.get("full") in ("abb", "no")), names[0] if names else None
                )
                self._parties.setdefault(element.get(_ID), text_of(short))

    def name(self, id: str) -> str:
        """Return the latest full name of a person, or "" if the person is not listed."""
        named = self._persons[id].findall("{*}persName") if id in self._persons else []
        parts = [text_of(e) for e in named[-1] if local(e) in ("forename", "nameLink")] if named else []
        return " ".join([*parts, *(text_of(e) for e in named[-1].iterfind("{*}surname"))]) if named else ""

    def party(self, id: str, day: str) -> str | None:
        """The party of a person on a day."""
        for affiliation in self._affiliations(id, day):
            ref = affiliation.get("ref", "").lstrip("#")
            if ref in self._parties or re.match(r"(?:party|parliamentaryGroup|group)\.", ref):
                return self._parties.get(ref) or ref.partition(".")[2]
        return None

    def office(self, id: str, day: str) -> str | None:
        """The government office of a person on a day, as named in the list."""
        for affiliation in self._affiliations(id, day):
            role = text_of(affiliation.find("{*}roleName"))
            if role and affiliation.get("role") in ("minister", "primeMinister", "secretaryOfState", "head"):
                return role
        return None

    def _affiliations(self, id: str, day: str) -> Iterator[Any]:
        for one in self._persons[id].iterfind("{*}affiliation") if id in self._persons else ():
            if one.get("from", "") <= day <= (one.get("to") or "9"):
                yield one


def _people(root: Any, siblings: SiblingReader) -> _People:
    people = _People()
    people.take(root)
    corpus = re.match(r"[A-Za-z]+-[A-Z]{2}(?:-[A-Z]{2})?(?=_)", root.get(_ID, ""))
    for name in (
        (f"{corpus[0]}-listPerson.xml", f"{corpus[0]}-listOrg.xml", f"{corpus[0]}.xml") if corpus else ()
    ):
        if data := siblings(name) or siblings(f"../{name}"):
            people.take(_corpus_list(data))
    return people


@lru_cache(maxsize=3)
def _corpus_list(data: bytes) -> Any:
    """Parse the list of a corpus once for all its sessions."""
    return parse_xml(data)


class _Record:
    """The items of a session. Remembers the last page, time and label before an utterance."""

    def __init__(self, people: _People, day: dt.datetime | None) -> None:
        self._people = people
        self._day = day.date().isoformat() if day else ""
        self._page = self._time = self._label = ""
        self._speakers = dict[str, tuple[str, str | None, str | None]]()

    def walk(self, around: Any, level: int) -> Iterator[tuple[Item, bool]]:
        for element in around:
            name = local(element)
            if name == "div":
                yield from self.walk(element, level + 1)
            elif name == "u":
                yield self._utterance(element), bool(element.get("prev"))
                yield from ((text, False) for text in self._unsaid(element))
            elif name == "sp":
                text = "\n\n".join(_text_of_segment(p) for p in element.iter("{*}p"))
                yield parse_turn(text_of(element.find("{*}speaker")), text, self._page or self._time), False
            elif name == "note" and element.get("type") == "speaker":
                self._label = text_of(element)
            elif name == "head" or (name == "note" and element.get("type") in ("title", "heading", "agenda")):
                yield Heading(text_of(element), level, around.get(_ID, "")), False
            elif name in ("pb", "note", "p", "vocal", "kinesic", "incident", "list"):
                self._place(element)
                if element.get("type") not in ("time", "page") and (text := text_of(element)):
                    yield text, False

    def _place(self, element: Any) -> None:
        if local(element) == "pb" and element.get("n"):
            self._page = f"p. {element.get('n')}"
        for time in element.iterfind("{*}time") if element.get("type") == "time" else ():
            self._time = time.get("when", "")[11:16] or self._time

    def _utterance(self, element: Any) -> Turn:
        id = element.get("who", "").lstrip("#")
        if id not in self._speakers:
            people, day = self._people, self._day
            self._speakers[id] = (people.name(id), people.party(id, day), people.office(id, day))
        speaker, party, office = self._speakers[id]
        printed, moment = element.find("{*}note[@type='speaker']"), self._page or self._time
        label = self._label if printed is None else text_of(printed)
        segments = [e for e in element if local(e) in ("seg", "p", "ab")]
        text = "\n\n".join(map(_text_of_segment, segments)) if segments else _text_of_segment(element)
        role = _ROLES.get(element.get("ana", "").lstrip("#").partition(" ")[0]) or office
        if not speaker:
            return parse_turn(label, text, moment, role)
        if speaker.split()[-1].casefold() not in label.casefold():
            label = f"{speaker} ({label.rstrip(' :')}):" if label else f"{speaker}:"
        return Turn(text, speaker, moment, role, party, label)

    def _unsaid(self, element: Any) -> Iterator[str]:
        """Yield the notes in an utterance, and remember a page that begins in it."""
        for inner in element.iter("{*}note", "{*}vocal", "{*}kinesic", "{*}incident", "{*}pb"):
            self._place(inner)
            if inner.get("type") not in ("time", "page", "speaker") and (text := text_of(inner)):
                yield text


def _text_of_segment(element: Any) -> str:
    """Return the speech in a segment: its text, or its words, which may be annotated one by one."""
    out: list[str] = [element.text or ""]
    for child in element:
        name = local(child)
        if name not in _TEI_UNSAID:
            out.append(_text_of_segment(child))
        tail = child.tail or ""
        if name in ("w", "pc") and not tail.strip():
            tail = "" if child.get("join") in ("right", "both") else " "
        out.append(tail)
    return " ".join("".join(out).split()) + (" " if local(element) in ("s", "name") else "")


# Debates in Akoma Ntoso (LegalDocML), in all its versions: http://docs.oasis-open.org/legaldocml/.

_AKOMA_SPOKEN = frozenset({"speech", "question", "answer"})
#: Elements of a speech that are not spoken.
_AKOMA_UNSAID = frozenset({"from", "scene", "narrative", "recordedTime", "note", "summary"})


def read_akoma(root: Any) -> Iterator[Article]:
    """Yield the debates of a session."""
    body = root.find(".//{*}debateBody")
    if body is None:
        raise ReadError("This Akoma Ntoso document is not a debate.")
    named = {
        _id(e): e.get("showAs", "") for e in root.iter("{*}TLCPerson", "{*}TLCRole", "{*}TLCOrganization")
    }
    yield from debate_articles(_akoma_session(root), _items(body, named, 0))


def _id(element: Any) -> str:
    return element.get("eId") or attribute(element, "id")


def _akoma_session(root: Any) -> Session:
    debate = root.find("{*}debate")
    values = {local(e): text_of(e) for e in root.iterfind(".//{*}preface//*") if text_of(e)}
    body = values.get("docCommittee") or values.get("docProponent") or values.get("docTitle") or ""
    days = [e.get("date") for e in root.iter("{*}docDate", "{*}publication", "{*}FRBRdate")]
    day = next((moment for one in days if (moment := dates.parse(one)) and moment.year < 3000), None)
    language = next((e.get("language") for e in root.iter("{*}FRBRlanguage")), None)
    name = values.get("docTitle") or (debate.get("name") if debate is not None else "") or body
    return Session(body, day, name, language)


def _items(around: Any, named: dict[str, str], level: int) -> Iterator[Item]:
    for element in around:
        name = local(element)
        if name in _AKOMA_SPOKEN:
            yield _turn(element, named)
            yield from (text_of(e) for e in element.iter("{*}scene", "{*}narrative", "{*}summary"))
        elif name == "heading":
            yield Heading(text_of(element), level, _id(around))
        elif element.find(".//{*}heading") is not None or any(
            local(e) in _AKOMA_SPOKEN for e in element.iter()
        ):
            yield from _items(element, named, level + 1)
        elif text := text_of(element):
            yield text


def _turn(element: Any, named: dict[str, str]) -> Turn:
    printed = element.find("{*}from")
    label = text_of(printed)
    time = None if printed is None else printed.find("{*}recordedTime")
    paragraphs = [_text_of_speech(child) for child in element if local(child) not in _AKOMA_UNSAID]
    moment = "" if time is None else time.get("time", "")[11:16]
    turn = parse_turn(label, "\n\n".join(filter(None, paragraphs)), moment)
    speaker = named.get(element.get("by", "").lstrip("#"))
    role = named.get(element.get("as", "").lstrip("#")) or turn.role
    return replace(
        turn,
        speaker=speaker or turn.speaker,
        role=role,
        speaker_kind="person" if speaker else turn.speaker_kind,
    )


def _text_of_speech(element: Any) -> str:
    """Return the text of a part of a speech, without notes."""
    out = [element.text or ""]
    for child in element:
        if local(child) not in _AKOMA_UNSAID:
            out.append(_text_of_speech(child) + (" " if local(child) in ("p", "li") else ""))
        out.append(child.tail or "")
    return " ".join("".join(out).split())

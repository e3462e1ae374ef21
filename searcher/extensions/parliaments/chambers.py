"""Formats of single parliaments: Westminster, the US Congress, the Bundestag, the Assemblée nationale,
the Sénat and the European Parliament."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from searcher import urls
from searcher.article import Article
from searcher.errors import ReadError
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
from searcher.readers.base import inner_path
from searcher.readers.turns import Turn
from searcher.readers.xml import local, text_of

# Hansard: parlparse's XML, the digitised volumes in XML, and the pages of the Commons and the Lords.

#: Chambers by the prefix of their ids: "uk.org.publicwhip/debate/2009-10-28c.267.7".
_HANSARD_BODIES = {
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


def read_hansard(root: Any) -> Iterator[Article]:
    """Yield the debates of a day in the XML of parlparse."""
    ids = (match for e in root.iter() if (match := _ID.search(e.get("id", ""))))
    kind, days = next(((one[1], one[2]) for one in ids), ("", ""))
    source = next((e.get("url", "") for e in root.iter() if e.get("url")), "")
    body = (_AUSTRALIAN if "aph.gov.au" in source else _HANSARD_BODIES).get(kind, kind)
    session = Session(body, dates.parse(days), f"{body}, {days}", None)
    yield from debate_articles(session, _hansard_items(root))


def _hansard_items(root: Any) -> Iterator[Item]:
    for element in root:
        if element.tag in _LEVELS:
            url = urls.absolute(element.get("url"))
            yield Heading(text_of(element), _LEVELS[element.tag], element.get("id", ""), url)
        elif element.tag == "speech" and element.get("speakername"):
            yield _hansard_turn(element)
        elif text := text_of(element):
            yield text


def _hansard_turn(element: Any) -> Turn:
    column, time = element.get("colnum"), re.match(r"0?(\d\d:\d\d)", element.get("time", ""))
    moment = f"col. {column}" if column else time[1] if time else ""
    said = "\n\n".join(filter(None, map(text_of, element))) or text_of(element)
    turn = parse_turn(element.get("speakername"), said, moment, element.get("speakeroffice"))
    return replace(turn, label=f"{element.get('speakername')}:")


_HOUSES = {"housecommons": "House of Commons", "houselords": "House of Lords"}
_ASIDE = frozenset({"table", "division", "quote", "ul", "ol"})


def read_volume(root: Any) -> Iterator[Article]:
    """Yield the debates of a digitised volume, day by day."""
    for house in [root] if local(root) in _HOUSES else list(root.iter(*_HOUSES)):
        date = house.find(".//date")
        day = dates.parse(None if date is None else date.get("format"))
        body = _HOUSES[local(house)]
        yield from debate_articles(
            Session(body, day, f"{body}, {text_of(date)}", "en"), _Volume().items(house, 0)
        )


class _Volume:
    """The items of a day. Remembers the last column number."""

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
                yield parse_turn(label, said.lstrip(": "), self._column)
            elif element.tag in ("p", "date", *_ASIDE):
                yield text_of(element)
            elif element.tag != "image":
                yield from self.items(element, level + 1)
            for column in element.iter("col") if element.tag == "p" else ():
                self._column = f"col. {text_of(column)}"


def read_hansard_page(page: Any) -> Iterator[Article]:
    """Yield the debates on a page of the Commons or the Lords."""
    text = page.text_content()
    body = "House of Lords" if re.search(r"\bHouse of Lords\b", text[:5_000]) else "House of Commons"
    match = re.search(r"(\d{1,2} \w{3,9} \d{4}) ?: Column", text)
    day = dates.parse(match[1]) if match else None
    name = f"{body}, {match[1]}" if match else body
    yield from debate_articles(Session(body, day, name, "en"), merge_continued(_hansard_page_items(page)))


def _hansard_page_items(page: Any) -> Iterator[tuple[Item, bool]]:
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
            yield parse_turn(bold, said[at + len(bold) :], column), False
            speaking = True
        elif said:
            yield said, speaking


#: Maximum length of a question number before a name: "Q1. [12345]".
_MAX_NUMBER_LETTERS = 16


# The US Congressional Record and hearings of govinfo, and github.com/unitedstates/congressional-record.

_RECORD = re.compile(
    r"\[Congressional Record Volume (?P<volume>\d+), Number (?P<number>\w+) \(\w+, (?P<day>[^)]*)\)\]\s*"
    r"\[(?P<chamber>[^\]]*)\]"
)
_HEARING = re.compile(r"\[(?P<kind>(?:House|Senate|Joint) Hearing)[^\]]*\]")
_CONGRESS_BODIES = {"House": "US House of Representatives", "Senate": "US Senate"}
#: The text begins after this line.
_SOURCE = re.compile(r"From the [^\n]*(?:Printing|Publishing) Office[^\n]*\n")
_NAMES = r"(?:[A-Z][\w'’.-]{0,30})(?: [A-Z][\w'’.-]{0,30}){0,3}(?: of [A-Z]\w+(?: [A-Z]\w+)?)?"
#: Beginnings of turns: a name in capitals in the Record, a title and a name in a hearing.
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
#: A centred title; and an inserted text, which ends a turn of a hearing.
_TITLE = re.compile(r"\s{8,}([A-Z][A-Z ,'-]{9,})$")
_PUT_IN = re.compile(r"\s{2,}\[(?:The .*follow|Whereupon|Recess|Questions? for the record)", re.I)
#: Full names in lists of committee members, printed remarks and statements.
_LISTED = re.compile(
    r"^[ \t]*(?:(?:PREPARED |OPENING )?STATEMENT OF )?(?:HON\. |MR\. |MS\. |MRS\. |DR\. )?"
    r"([A-Z][A-Z'’.-]+(?: [A-Z][A-Z'’.-]*)* [A-Z][A-Z'’-]{2,})(?=,|[ \t]*$|  )",
    re.M,
)


def read_congress(text: str) -> Iterator[Article]:
    """Yield the speeches of a part of the Record, or the statements of a hearing."""
    if match := _RECORD.search(text):
        body = _CONGRESS_BODIES.get(match["chamber"], f"US {match['chamber']}")
        name = f"Congressional Record {match['volume']}, No. {match['number']}"
        session = Session(body, dates.parse(match["day"]), name, "en")
        begins, indent = _IN_RECORD, 2
    elif match := _HEARING.search(text):
        title = re.search(r"<title>\s*-?\s*([^<]*)|\n {10,}(\S[^\n]{9,})", text)
        body = _CONGRESS_BODIES.get(match["kind"].split()[0], "US Congress")
        name = " ".join(((title and (title[1] or title[2])) or match["kind"]).split())
        session = Session(body, dates.in_text(text[match.end() : match.end() + 5_000]), name, "en")
        begins, indent = _IN_HEARING, 4
    else:
        raise ReadError("It is neither a part of the Congressional Record nor a hearing.")
    source = _SOURCE.search(text, match.end())
    page = re.search(r"\[Pages? (\w+)", text[match.end() : match.end() + 200])
    lines = text[source.end() if source else match.end() :].split("\n")
    listed = [one.title() for one in _LISTED.findall(text)]
    items = _congress_items(lines, f"p. {page[1]}" if page else "", begins, indent)
    yield from debate_articles(session, items, listed)


def _congress_items(lines: Sequence[str], page: str, begins: re.Pattern[str], indent: int) -> Iterator[Item]:
    """Yield the items of a text. ``indent`` is the indentation of the first line of a paragraph."""
    turn: Turn | None = None
    pending: list[str] = []
    for line in lines:
        if turned := _PAGE.match(line):
            page = f"p. {turned[1]}"
            continue
        called = begins.match(line)
        title = _TITLE.match(line)
        if called or title or _RULE.match(line) or (indent > 2 and _PUT_IN.match(line)):
            yield from _ended_turn(turn, pending, indent)
            turn, pending = None, []
        if called:
            titled = _TITLED.match(called[1])
            turn = parse_turn(titled[2], "", page, titled[1]) if titled else parse_turn(called[1], "", page)
            turn = replace(turn, label=f"{called[1]}.")
            pending = [line[called.end() :]]
        elif title:
            yield Heading(" ".join(title[1].split()))
        elif not _RULE.match(line):
            pending.append(line)
    yield from _ended_turn(turn, pending, indent)


def _ended_turn(turn: Turn | None, lines: Sequence[str], indent: int) -> Iterator[Item]:
    paragraphs = _paragraphs(lines, indent)
    if turn is not None:
        yield replace(turn, text="\n\n".join(paragraphs))
    else:
        yield from paragraphs


def _paragraphs(lines: Sequence[str], indent: int) -> list[str]:
    """Join lines into paragraphs, which begin with an indented line or after a blank one."""
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


def read_congress_json(data: bytes) -> Iterator[Article]:
    """Yield the speeches of a part of the Record in the JSON of congressional-record."""
    made = json.loads(data)
    header = made["header"]
    body = _CONGRESS_BODIES.get(header["chamber"], f"US {header['chamber']}")
    day = dates.parse(f"{header['month']} {header['day']}, {header['year']}")
    name = f"Congressional Record {header['vol']}, No. {header['num']}"
    yield from debate_articles(Session(body, day, name, "en"), _json_items(made))


def _json_items(made: dict[str, Any]) -> Iterator[Item]:
    header, content = made["header"], made["content"]
    page = "p. " + str(header.get("pages", "")).partition("-")[0]
    yield Heading(str(made.get("title") or made.get("doc_title") or ""), 1, str(made.get("id", "")))
    for part in content:
        text, label = str(part["text"]), str(part.get("speaker") or "")
        said = "\n\n".join(_paragraphs(re.sub(r"\[\[Page \w+\]\]", "", text).split("\n"), 2))
        if part["kind"] == "speech":
            turn = parse_turn(label, said.removeprefix(label).lstrip(". "), page)
            yield replace(turn, label=f"{label}.")
        elif part["kind"] not in ("linebreak", "title"):
            yield said
        page = ["", page, *(f"p. {one}" for one in re.findall(r"\[\[Page (\w+)\]\]", text))][-1]


# Plenarprotokolle of the Bundestag in its XML since 2017 (dbtplenarprotokoll.dtd).

#: Classes of spoken paragraphs. Other classes are titles, motions and lists.
_BUNDESTAG_SPOKEN = frozenset({"J", "J_1", "O", "Z", "J_Abstand", "p"})
_GERMAN_CHAIR = re.compile(r"(?P<role>\S*[Pp]räsident(?:\s?in)?)\s+(?P<name>.*?)\s*:?$")
_DEGREES = re.compile(r"^(?:(?:Dr|Prof|h\. ?c|Dipl\.-\w+)\.\s*)+")


def read_bundestag(root: Any) -> Iterator[Article]:
    """Yield the agenda items and annexes of a session."""
    term, number = text_of(root.find(".//wahlperiode")), text_of(root.find(".//sitzungsnr"))
    day = dates.parse(root.get("sitzung-datum") or text_of(root.find(".//datum")))
    session = Session("Deutscher Bundestag", day, f"Plenarprotokoll {term}/{number}", "de")
    yield from debate_articles(session, _Protocol().items(root))


class _Protocol:
    """The items of a session. Comments and motions do not end a turn."""

    def __init__(self) -> None:
        self._page = self._at = ""
        self._turn = Turn("")
        self._said: list[str] = []
        self._asides: list[str] = []

    def items(self, root: Any) -> Iterator[Item]:
        course = root.find("sitzungsverlauf")
        for part in () if course is None else course:
            if part.tag == "tagesordnungspunkt":
                yield from self._ended_turn()
                subject = next((text_of(p) for p in part.iter("p") if p.get("klasse") == "T_fett"), "")
                top = part.get("top-id", "")
                yield Heading(f"{top}: {subject}" if top and subject else top or subject)
            yield from self._part(part)
        yield from self._ended_turn()
        for attached in root.iterfind("anlagen/anlage"):
            yield Heading(text_of(attached.find("anlagen-titel")) or "Anlage")
            yield from (text_of(p) for p in attached.iter("p", "td"))

    def _part(self, part: Any) -> Iterator[Item]:
        for element in part:
            if element.tag == "rede":
                yield from self._part(element)
                continue
            kind = element.get("klasse", "")
            if kind == "redner":
                yield from self._ended_turn()
                self._turn = _speaker(element)
            elif element.tag == "name" or kind == "N":
                yield from self._ended_turn()
                self._turn = _chair(text_of(element))
            elif kind in _BUNDESTAG_SPOKEN:
                self._at = self._at or self._page
                self._said.append(text_of(element))
            elif element.tag in ("p", "kommentar", "table") and (text := text_of(element)):
                self._asides.append(text)
            for printed in element.iter("a"):
                if match := re.match(r"S(\d+)", printed.get("id", "")):
                    self._page = f"p. {match[1]}"

    def _ended_turn(self) -> Iterator[Item]:
        if self._said:
            yield replace(self._turn, text="\n\n".join(self._said), moment=self._at)
        yield from self._asides
        self._said, self._asides, self._at = [], [], ""


def _speaker(element: Any) -> Turn:
    name = element.find("redner/name")
    if name is None:
        return Turn("", label=text_of(element))
    parts = (text_of(name.find(part)) for part in ("vorname", "namenszusatz", "nachname"))
    printed = " ".join("".join(child.tail or "" for child in element).split())  # “Dr. Götz Frömming (AfD):”
    return Turn(
        "",
        " ".join(filter(None, parts)),
        None,
        text_of(name.find("rolle/rolle_lang")) or None,
        text_of(name.find("fraktion")) or None,
        printed,
    )


def _chair(printed: str) -> Turn:
    match = _GERMAN_CHAIR.match(printed)
    if not match:
        return Turn("", _DEGREES.sub("", printed.strip(" :")), label=printed)
    return Turn("", _DEGREES.sub("", match["name"]), None, match["role"].replace(" ", ""), None, printed)


# The comptes rendus of the Assemblée nationale, pages and open data (Syceron), and of the Sénat.

_FRENCH_CHAIR = re.compile(r"(?:M\.|Mme)\s(?:le|la)\s(?P<role>présidente?)\b[\s.,]*$", re.I)
_PRESIDING = re.compile(r"présidence de (.+)", re.I)


def read_assembly_page(page: Any) -> Iterator[Article]:
    """Yield the debates of a session on a page of the Assemblée."""
    named = page.find(".//meta[@name='QUANTIEME_SEANCE']")
    name = (named.get("content") if named is not None else "") or text_of(page.find(".//title"))
    session = Session("Assemblée nationale", dates.in_text(name), name, "fr")
    yield from debate_articles(session, merge_continued(_assembly_page_items(page)))


def _assembly_page_items(page: Any) -> Iterator[tuple[Item, bool]]:
    chair, speaking = "", False
    for element in page.iter("p", "h1", "h2", "h3", "h4", "h5"):
        said = text_of(element)
        if not said or element.getparent().get("id") == "somjo" or element.get("class", "").startswith("som"):
            continue
        bold = element.find("b") if element.tag == "p" else None
        if bold is not None and text_of(bold) and said.startswith(text_of(bold)):
            yield _begun(bold, said, chair), False
            speaking = True
        elif element.tag == "p":
            yield said, speaking
        else:
            speaking = False
            if presiding := _PRESIDING.match(said):
                chair = presiding[1]
            elif not said.isdigit():
                yield Heading(said, _level(element)), False


def _level(element: Any) -> int:
    match = re.match(r"titre(\d)", element.get("class", ""))
    return int(match[1]) + 1 if match else 1 if element.tag == "h1" else 6


def _begun(bold: Any, said: str, chair: str) -> Turn:
    """The turn that begins with a name in bold, behind which an office may stand in italics."""
    label = text_of(bold)
    after = bold.getnext()
    follows = after is not None and after.tag == "i" and not (bold.tail or "").strip()
    office = text_of(after) if follows else ""
    text = said[len(label) :].lstrip(" .,")
    if office and label.endswith(","):
        text = text.removeprefix(office).lstrip(" .")
    else:
        office = ""
    turn = parse_turn(label, text, "", office.strip(" .,") or None)
    turn = replace(turn, label=f"{label} {office}".strip())
    return _of_chair(turn, label, chair)


def _of_chair(turn: Turn, label: str, chair: str) -> Turn:
    """Replace the office of the chair by the name given at the start of the session."""
    match = _FRENCH_CHAIR.match(label)
    if not match or not chair:
        return turn
    return replace(turn, speaker=parse_turn(chair, "").speaker, role=match["role"], speaker_kind="person")


def read_assembly(root: Any) -> Iterator[Article]:
    """Yield the debates of a session in the open data of the Assemblée."""
    day = text_of(root.find(".//{*}dateSeance"))
    printed_day = text_of(root.find(".//{*}dateSeanceJour"))
    when = dates.parse(f"{day[:4]}-{day[4:6]}-{day[6:8]}" if day[:8].isdigit() else day)
    session = Session("Assemblée nationale", when, f"Séance du {printed_day or day[:8]}", "fr")
    yield from debate_articles(session, merge_continued(_merged_items(_points(root.find("{*}contenu"), 0))))


def _points(around: Any, level: int) -> Iterator[Item]:
    for element in () if around is None else around:
        name = local(element)
        text = text_of(element.find("{*}texte"))
        if name == "paragraphe":
            speaker = text_of(element.find("{*}orateurs/{*}orateur/{*}nom"))
            office = text_of(element.find("{*}orateurs/{*}orateur/{*}qualite"))
            if speaker and element.get("code_style") != "Info Italiques":
                yield replace(parse_turn(speaker, text, "", office or None), label=f"{speaker}.")
            elif text:
                yield text
            yield from _points(element, level)
        elif name in ("point", "section", "ouvertureSeance", "finSeance", "quantiemes", "contenu"):
            if name == "point" and text:
                yield Heading(text, int(element.get("nivpoint") or level), element.get("id_syceron", ""))
            yield from _points(element, level + 1)


def _merged_items(items: Iterator[Item]) -> Iterator[tuple[Item, bool]]:
    """Mark each turn that continues one by the same speaker."""
    speaker: str | None = None
    for item in items:
        if isinstance(item, Turn):
            yield item, speaker == item.speaker
            speaker = item.speaker
        else:
            yield item, False
            speaker = None


def read_senate(root: Any) -> Iterator[Article]:
    """Yield the debates of a session of the Sénat."""
    title = text_of(root.find(".//{*}title")) or next(
        (text for e in root.iter() if (text := text_of(e)) and dates.in_text(text[:200])), ""
    )
    session = Session("Sénat", dates.in_text(title[:200]), title[:200], "fr")
    yield from debate_articles(session, _senate_items(root))


def _senate_items(around: Any) -> Iterator[Item]:
    for element in around:
        name = local(element)
        if name == "intervenant":
            named = full_name(" ".join(element.get("nom", "").split()))
            paragraphs = [_without_name(p) for p in element.iter("{*}p")]
            printed = next((e for e in element.iter("{*}span") if e.get("class") == "orateur_nom"), None)
            label = text_of(printed) or named
            yield Turn("\n\n".join(filter(None, paragraphs)), named or None, label=label)
        elif re.match(r"titre|h[1-6]$", name):
            yield Heading(text_of(element), int(name[-1]) if name[-1].isdigit() else 1)
        elif len(element) and element.find(".//{*}intervenant") is not None:
            yield from _senate_items(element)
        elif name in ("p", "div") and (text := text_of(element)):
            yield text


def _without_name(paragraph: Any) -> str:
    """Return a paragraph without the name of the speaker and without notes."""
    out = [paragraph.text or ""]
    for child in paragraph:
        if child.get("class") not in ("orateur_nom", "orateur_qualite", "info_entre_parentheses"):
            out.append("".join(child.itertext()))
        out.append(child.tail or "")
    return " ".join("".join(out).split()).lstrip(".– ")


# The verbatim reports of the European Parliament (CRE): the XML and the pages of doceo.

_EUROPE_BODY = "European Parliament"


def read_europe(root: Any) -> Iterator[Article]:
    """Yield the items of a session in XML."""
    started = next((e.get("VOD-START", "") for e in root.iter() if e.get("VOD-START")), "")
    day = dates.parse(started[:10]) or dates.in_text(" ".join(root.itertext())[:2_000])
    yield from debate_articles(
        Session(_EUROPE_BODY, day, f"{_EUROPE_BODY}, {started[:10]}".rstrip(", ")), _chapters(root)
    )


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
    facts = {} if speaker is None else speaker.attrib
    name = full_name(" ".join(facts.get("LIB", "").replace("|", " ").split()))
    party = facts.get("PP", "")
    text = "\n\n".join(filter(None, (text_of(p).lstrip("– .") for p in element.iter("PARA"))))
    moment = element.get("VOD-START", "")[11:16]
    printed = text_of(speaker).rstrip("–— ") or f"{name}:"
    role = facts.get("SPEAKER_TYPE") or None
    return Turn(text, name or None, moment, role, party if party not in ("", "NULL") else None, printed)


#: Unclosed tags of the Europarl corpus, https://www.statmt.org/europarl/.
_CORPUS_TAG = re.compile(r"<(?P<tag>CHAPTER|SPEAKER|P)\b(?P<attributes>[^<>]*)>")
_CORPUS_VALUE = re.compile(r'(\w+)="([^"]*)"')


def read_europarl(text: str, origin: str) -> Iterator[Article]:
    """Yield the chapters of a file of the Europarl corpus. The file name contains the day."""
    match = re.search(r"\d{4}-\d\d-\d\d", inner_path(origin).name)
    day = match[0] if match else ""
    session = Session(_EUROPE_BODY, dates.parse(day), f"{_EUROPE_BODY}, {day}".rstrip(", "))
    yield from debate_articles(session, merge_continued(_europarl_items(text)))


def _europarl_items(text: str) -> Iterator[tuple[Item, bool]]:
    speaking = False
    tags = [*_CORPUS_TAG.finditer(text)]
    for tag, after in zip_longest(tags, tags[1:]):
        words = text[tag.end() : after.start() if after else None].strip()
        values = dict(_CORPUS_VALUE.findall(tag["attributes"]))
        if tag["tag"] == "CHAPTER":
            yield Heading(words), False
            speaking = False
        elif tag["tag"] == "SPEAKER" and (name := values.get("NAME")):
            turn = parse_turn(name, words)
            yield replace(turn, label=f"{name}:", party=values.get("AFFILIATION") or turn.party), False
            speaking = True
        elif words:
            yield words, speaking


def read_europe_page(page: Any) -> Iterator[Article]:
    """Yield the items of a session on a page."""
    title = text_of(page.find(".//title"))
    language = page.get("lang") or next((e.get("lang") for e in page.iter("html") if e.get("lang")), None)
    session = Session(_EUROPE_BODY, dates.in_text(title), title or _EUROPE_BODY, language)
    yield from debate_articles(session, merge_continued(_europe_page_items(page)))


def _europe_page_items(page: Any) -> Iterator[tuple[Item, bool]]:
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
    """Return a turn with this label. An office may follow the label, before a dash."""
    rest = said[len(label) :] if said.startswith(label) else said
    office = re.match(r"[\s,.]{0,5}([^–—]{0,80}?)[\s.]{0,5}[–—]\s+", rest)
    text = rest[office.end() :] if office else rest.lstrip(" .")
    return parse_turn(label, text, "", (office[1].strip(" ,.") or None) if office else None)

"""What is spoken in a file, counted by the format's own schema: a few lines of XPath or a pattern a format.

Nothing of Searcher is asked here. ``counted`` gives each turn as ``(speaker, moment, text)``; what a format
does not say is "". A turn ends where its debate does. A speaker that begins with “~” is a label as it is
printed, in which the name stands.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

Counted = tuple[str, str, str]
#: What begins a turn, a text that goes on with it, or None, which ends it.
Part = Counted | str | None
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_SPOKEN = {"seg", "p"}
_UNSAID = {"note", "vocal", "kinesic", "incident", "gap", "desc", "linkGrp", "from", "scene", "recordedTime"}


def counted(path: Path, kind: str) -> list[Counted]:
    """The turns of a file, in their order."""
    return [
        (_line(who), _line(moment), _line(text)) for who, moment, text in _KINDS[kind](path) if _line(text)
    ]


def _turns(parts_of: Callable[[Path], Iterator[Part]]) -> Callable[[Path], Iterator[Counted]]:
    """Make a function that gives the turns of a file of one that gives their parts."""

    def turns(path: Path) -> Iterator[Counted]:
        turn: Counted | None = None
        for part in (*parts_of(path), None):
            if isinstance(part, str):
                turn = turn and (*turn[:2], f"{turn[2]} {part}")
                continue
            if turn:
                yield turn
            turn = part

    return turns


def _line(text: str) -> str:
    return " ".join(text.replace("\xad", "").split())


def _page(path: Path, coding: str = "") -> Any:
    from lxml import html as pages

    data = path.read_bytes()
    return pages.fromstring(data.decode(coding, "replace") if coding else data)


def _xml(path: Path) -> Any:
    """The root, with entities that stand for one character set in and all others left out."""
    data = path.read_bytes().lstrip(b"\xef\xbb\xbf \r\n")
    coded = re.match(rb"<\?xml[^>]*encoding=.([\w-]+)", data)
    text = data.decode(coded[1].decode() if coded else "utf-8", "replace")
    text = re.sub(r"^<\?xml[^>]*\?>", "", text)
    for name, code in re.findall(r'<!ENTITY\s+(\w+)\s+"(&#\d+;)"', text):
        text = text.replace(f"&{name};", html.unescape(code))
    text = re.sub(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", "", text, count=1, flags=re.S)
    return etree.fromstring(
        text.encode(), etree.XMLParser(recover=True, remove_comments=True, remove_pis=True)
    )


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _said(element: Any, unsaid: set[str] = _UNSAID) -> str:
    """The text of an element without what nobody says; annotated words are parted as they tell."""
    if _name(element) in unsaid:
        return element.tail or ""
    own = element.text or ""
    inner = "".join(_said(child, unsaid) for child in element)
    glued = _name(element) in ("w", "pc") and element.get("join") != "right"
    apart = " " if glued or _name(element) in _SPOKEN else ""
    return own + inner + apart + ("" if _name(element) in ("w", "pc") else element.tail or "")


def _tei(path: Path) -> Iterator[Counted]:
    root = _xml(path)
    people: dict[str, str] = {}
    beside = [file for folder in (path.parent, path.parent.parent) for file in folder.glob("*.xml")]
    lists = [file for file in beside if re.search(r"listPerson\.xml$|-[A-Z]{2}(-[A-Z]{2})?\.xml$", file.name)]
    for tree in (root, *map(_xml, lists)):
        for person in tree.iterfind(".//{*}person"):
            named = person.findall("{*}persName")[-1]
            parts = [e for kind in ("forename", "nameLink", "surname") for e in named.findall("{*}" + kind)]
            people.setdefault(person.get(_XML_ID), " ".join("".join(e.itertext()) for e in parts))
    turns: list[list[str]] = []
    page = label = time = ""
    for element in root.find(".//{*}body").iter():
        name = _name(element)
        if name == "pb" and element.get("n"):
            page = f"p. {element.get('n')}"
        elif name == "time" and element.get("when") and element.getparent().get("type") == "time":
            time = element.get("when")[11:16]
        elif name == "note" and element.get("type") == "speaker":
            label = "".join(element.itertext())
        elif name == "u":
            who = people.get(element.get("who", "").lstrip("#"), "") or "~" + label
            said = "".join(_said(child) for child in element)
            if element.get("prev") and turns:
                turns[-1][2] += " " + said
            else:
                turns.append([who, page or time, said])
        elif name == "sp":
            who = "~" + "".join(element.find("{*}speaker").itertext())
            said = " ".join("".join(p.itertext()) for p in element.iterfind(".//{*}p"))
            turns.append([who, page or time, said])
    yield from map(tuple, turns)


def _akn(path: Path) -> Iterator[Counted]:
    root = _xml(path)
    people = {
        e.get("eId") or e.get("id") or e.get(_XML_ID): e.get("showAs", "") for e in root.iter("{*}TLCPerson")
    }
    for element in root.iter("{*}speech", "{*}question", "{*}answer"):
        who = people.get(element.get("by", "").lstrip("#")) or "~" + "".join(
            element.find("{*}from").itertext()
        )
        time = element.find("{*}from/{*}recordedTime")
        yield who, "" if time is None else time.get("time", "")[11:16], "".join(map(_said, element))


def _publicwhip(path: Path) -> Iterator[Counted]:
    for element in _xml(path).iter("speech"):
        if who := element.get("speakername"):
            column = element.get("colnum")
            time = re.sub(r"^0?(\d\d:\d\d).*|^unknown$", r"\1", element.get("time", ""))
            who = "~" + who if re.search(r"\(|^(?:Dr|Mr|Mrs|Ms|Miss) ", who) else who
            yield who, f"col. {column}" if column else time, " ".join("".join(e.itertext()) for e in element)


@_turns
def _historic(path: Path) -> Iterator[Part]:
    column = ""
    for element in _xml(path).iter():
        if element.tag in ("section", "division", "title"):
            yield None
        elif element.tag == "col":
            column = f"col. {element.text}"
        elif element.tag == "p" and element.find("member") is not None:
            said = " ".join("".join(e.itertext()) for e in element.findall("membercontribution"))
            yield "~" + "".join(element.find("member").itertext()), column, said.lstrip(": ")


def _bundestag(path: Path) -> Iterator[Counted]:
    root = _xml(path)
    page = who = at = ""
    said: list[str] = []
    for element in root.find("sitzungsverlauf").iter():
        kind = element.get("klasse", "")
        printed = re.match(r"S(\d+)", element.get("id", "")) if element.tag == "a" else None
        chair = (element.tag == "name" and element.getparent().tag != "redner") or kind == "N"
        if chair or kind == "redner" or element.tag in ("tagesordnungspunkt", "sitzungsende"):
            yield who, at, " ".join(said)
            said, at = [], ""
            if chair:
                who = re.sub(r"^\S*[Pp]räsident(\s?in)?\s+", "", _line("".join(element.itertext()))).strip(
                    " :"
                )
                who = re.sub(r"^(Dr\. |h\. ?c\. |Prof\. )+", "", who)
            elif kind == "redner":
                name = element.find("redner/name")
                parts = [name.findtext(part) for part in ("vorname", "namenszusatz", "nachname")]
                who = " ".join(filter(None, parts))
        elif kind in ("J", "J_1", "O", "Z", "J_Abstand", "p"):
            said.append("".join(element.itertext()))
            at = at or page
        if printed:
            page = f"p. {printed[1]}"
    yield who, at, " ".join(said)


_CALLED = re.compile(
    r"^ {2}((?:Mr|Mrs|Ms|Miss|Dr)\.? (?:[A-Z][A-Za-z'.\u2019-]*[A-Z]{2}[A-Z' .\u2019-]*)"
    r"(?: of [A-Z][A-Za-z ]+)?|"
    r"The (?:[A-Z]{4}[A-Z ]*(?: pro tempore)?)(?: \([^)]*\))?)\. "
)


@_turns
def _crec(path: Path) -> Iterator[Part]:
    """The Congressional Record as text in a page: a turn begins with a name in capitals, two spaces in."""
    text = "".join(_page(path).itertext())
    first = re.search(r"\[Pages? (\w+)", text)
    page = f"p. {first[1]}" if first else ""
    for line in re.split(r"\n", text):
        if turned := re.match(r"\s*\[\[Page (\w+)\]\]", line):
            page = f"p. {turned[1]}"
        elif named := _CALLED.match(line):
            yield "~" + named[1], page, line[named.end() :]
        else:
            yield None if re.match(r"\s+_{10,}\s*$|\s{8,}[A-Z][A-Z ,'-]{9,}$", line) else line


def _crec_json(path: Path) -> Iterator[Counted]:
    made = json.loads(path.read_text("utf-8"))
    page = "p. " + made["header"]["pages"].partition("-")[0]
    for part in made["content"]:
        if part["kind"] == "speech":
            text = part["text"].strip().removeprefix(part["speaker"]).lstrip(". ")
            yield "~" + part["speaker"], page, re.sub(r"\[\[Page \w+\]\]", " ", text)
        page = ["", page, *(f"p. {n}" for n in re.findall(r"\[\[Page (\w+)\]\]", part["text"]))][-1]


@_turns
def _assembly(path: Path) -> Iterator[Part]:
    """The Assemblée's page of a sitting: a paragraph that begins in bold begins a turn."""
    root = _page(path, "cp1252")
    chair = ""
    for element in root.iter("p", "h1", "h2", "h3", "h4", "h5"):
        bold = element.find("b")
        if "Présidence de" in element.text_content() and element.tag == "h5":
            chair = element.text_content()
        if element.tag != "p" or element.getparent().get("id") == "somjo":
            yield None
        elif bold is not None and not _line("".join(element.xpath("text()[not(preceding-sibling::b)]"))):
            role = bold.getnext()
            label = bold.text_content() + (
                role.text_content()
                if role is not None and role.tag == "i" and not _line(bold.tail or "")
                else ""
            )
            said = element.text_content()
            presides = chair if re.match(r"(?:M\.|Mme)\s(?:le|la) président", bold.text_content()) else ""
            words = said[said.find(label) + len(label) :].lstrip(". ")
            yield f"~{bold.text_content()} {presides}", "", words
        else:
            yield str(element.text_content())


@_turns
def _hansard(path: Path) -> Iterator[Part]:
    """A page of the Commons: a paragraph in which a name in bold, with a colon, comes first begins a turn."""
    column = ""
    for element in _page(path).iter("p", "h2", "h3", "h4", "h5"):
        said = _line(element.text_content())
        bold = _line("".join(b.text_content() for b in element.findall("b")[:1]))
        if printed := re.search(r": Column (\w+)$", bold):
            column = f"col. {printed[1]}"
            continue
        named = bold.endswith(":") and re.match(r"(?:Q?\d+\. )?(?:\[\d+\] )?" + re.escape(bold), said)
        if named:
            yield "~" + bold, column, said[named.end() :]
        else:
            yield said if element.tag == "p" else None


_TIME = re.compile(r"((?:\d+:)?\d+:\d+)[.,]\d+ *(?:-->|,)")


@_turns
def _captions(path: Path) -> Iterator[Part]:
    """Captions whose cues begin with a name, or are in a voice."""
    speaking = ""
    text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    for cue in re.split(r"\n\s*\n", text):
        time = _TIME.search(cue)
        if not time:
            continue
        words = cue[cue.find("\n", time.start()) + 1 :]
        named = re.match(r"<v(?:\.\S+)? ([^>]+)>|((?:[A-Z][\w.'’-]*)(?: [\w.'’()-]+){0,3}): ", words)
        if named:
            who = named[1] or named[2]
            words = re.sub(r"</?v[^>]*>", "", words[named.end() :])
            if speaking != who or named[2]:
                yield who, time[1], ""
                speaking = who
        yield words


@_turns
def _labels(path: Path) -> Iterator[Part]:
    """Text in which a line of its own names who speaks: “Name (00:00:00):”, or a heading “### Name:”."""
    for line in path.read_text("utf-8").splitlines():
        named = re.match(r"(?:### )?([^\Wa-z][^:：()<>]{1,50}?)(?: \(([\d:]+)\))?[:：]\s*$", line)
        yield (named[1], named[2] or "", "") if named else line


_KINDS = {
    "tei": _tei, "akn": _akn, "publicwhip": _publicwhip, "historic": _historic, "bundestag": _bundestag,
    "crec": _crec, "crec json": _crec_json, "assembly": _assembly, "hansard": _hansard,
    "captions": _captions, "labels": _labels,
}  # fmt: skip

"""The comptes rendus of the Assemblée nationale, pages and open data (Syceron), and of the Sénat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from searcher.article import Article
from searcher.readers import dates
from searcher.readers.parliament.session import Heading, Item, Session, articles, full_name, joined, turn_of
from searcher.readers.turns import Turn
from searcher.readers.xml import local, text_of

_CHAIR = re.compile(r"(?:M\.|Mme)\s(?:le|la)\s(?P<role>présidente?)\b[\s.,]*$", re.I)
_PRESIDING = re.compile(r"présidence de (.+)", re.I)


def read_page(page: Any) -> Iterator[Article]:
    """The debates of a session on a page of the Assemblée."""
    named = page.find(".//meta[@name='QUANTIEME_SEANCE']")
    name = (named.get("content") if named is not None else "") or text_of(page.find(".//title"))
    session = Session("Assemblée nationale", dates.in_text(name), name, "fr")
    yield from articles(session, joined(_page_items(page)))


def _page_items(page: Any) -> Iterator[tuple[Item, bool]]:
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
    found = re.match(r"titre(\d)", element.get("class", ""))
    return int(found[1]) + 1 if found else 1 if element.tag == "h1" else 6


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
    turn = turn_of(label, text, "", office.strip(" .,") or None)
    turn = replace(turn, label=f"{label} {office}".strip())
    return _of_chair(turn, label, chair)


def _of_chair(turn: Turn, label: str, chair: str) -> Turn:
    """The same turn; whoever presides is called by name at the head of the session."""
    found = _CHAIR.match(label)
    if not found or not chair:
        return turn
    return replace(turn, speaker=turn_of(chair, "").speaker, role=found["role"], speaker_kind="person")


def read_assembly(root: Any) -> Iterator[Article]:
    """The debates of a session in the open data of the Assemblée."""
    day = text_of(root.find(".//{*}dateSeance"))
    told = text_of(root.find(".//{*}dateSeanceJour"))
    when = dates.parse(f"{day[:4]}-{day[4:6]}-{day[6:8]}" if day[:8].isdigit() else day)
    session = Session("Assemblée nationale", when, f"Séance du {told or day[:8]}", "fr")
    yield from articles(session, joined(_merged_items(_points(root.find("{*}contenu"), 0))))


def _points(around: Any, level: int) -> Iterator[Item]:
    for element in () if around is None else around:
        name = local(element)
        text = text_of(element.find("{*}texte"))
        if name == "paragraphe":
            speaker = text_of(element.find("{*}orateurs/{*}orateur/{*}nom"))
            office = text_of(element.find("{*}orateurs/{*}orateur/{*}qualite"))
            if speaker and element.get("code_style") != "Info Italiques":
                yield replace(turn_of(speaker, text, "", office or None), label=f"{speaker}.")
            elif text:
                yield text
            yield from _points(element, level)
        elif name in ("point", "section", "ouvertureSeance", "finSeance", "quantiemes", "contenu"):
            if name == "point" and text:
                yield Heading(text, int(element.get("nivpoint") or level), element.get("id_syceron", ""))
            yield from _points(element, level + 1)


def _merged_items(items: Iterator[Item]) -> Iterator[tuple[Item, bool]]:
    """The same items; what one says in several paragraphs goes on."""
    speaker: str | None = None
    for item in items:
        if isinstance(item, Turn):
            yield item, speaker == item.speaker
            speaker = item.speaker
        else:
            yield item, False
            speaker = None


def read_senate(root: Any) -> Iterator[Article]:
    """The debates of a session of the Sénat."""
    title = text_of(root.find(".//{*}title")) or next(
        (text for e in root.iter() if (text := text_of(e)) and dates.in_text(text[:200])), ""
    )
    session = Session("Sénat", dates.in_text(title[:200]), title[:200], "fr")
    yield from articles(session, _senate_items(root))


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
    """A paragraph without the name of who speaks, and without what is noted in it."""
    out = [paragraph.text or ""]
    for child in paragraph:
        if child.get("class") not in ("orateur_nom", "orateur_qualite", "info_entre_parentheses"):
            out.append("".join(child.itertext()))
        out.append(child.tail or "")
    return " ".join("".join(out).split()).lstrip(".– ")

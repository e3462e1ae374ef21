"""Plenarprotokolle of the Bundestag, in the XML that it has given since 2017 (dbtplenarprotokoll.dtd)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from searcher.article import Article
from searcher.readers import dates
from searcher.readers.parliament.session import Heading, Item, Session, articles
from searcher.readers.turns import Turn
from searcher.readers.xml import text_of

#: Paragraphs that are spoken; those of other classes are titles, motions, lists.
_SPOKEN = frozenset({"J", "J_1", "O", "Z", "J_Abstand", "p"})
_CHAIR = re.compile(r"(?P<role>\S*[Pp]räsident(?:\s?in)?)\s+(?P<name>.*?)\s*:?$")
_DEGREES = re.compile(r"^(?:(?:Dr|Prof|h\. ?c|Dipl\.-\w+)\.\s*)+")


def read(root: Any) -> Iterator[Article]:
    """The items of the agenda of a session, and what is attached to it."""
    term, number = text_of(root.find(".//wahlperiode")), text_of(root.find(".//sitzungsnr"))
    day = dates.parse(root.get("sitzung-datum") or text_of(root.find(".//datum")))
    session = Session("Deutscher Bundestag", day, f"Plenarprotokoll {term}/{number}", "de")
    yield from articles(session, _Protocol().items(root))


class _Protocol:
    """The items of a session: a turn goes on until another one speaks, over comments and motions."""

    def __init__(self) -> None:
        self._page = self._at = ""
        self._turn = Turn("")
        self._said: list[str] = []
        self._between: list[str] = []

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
            elif kind in _SPOKEN:
                self._at = self._at or self._page
                self._said.append(text_of(element))
            elif element.tag in ("p", "kommentar", "table") and (text := text_of(element)):
                self._between.append(text)
            for printed in element.iter("a"):
                if found := re.match(r"S(\d+)", printed.get("id", "")):
                    self._page = f"p. {found[1]}"

    def _ended_turn(self) -> Iterator[Item]:
        if self._said:
            yield replace(self._turn, text="\n\n".join(self._said), moment=self._at)
        yield from self._between
        self._said, self._between, self._at = [], [], ""


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
    found = _CHAIR.match(printed)
    if not found:
        return Turn("", _DEGREES.sub("", printed.strip(" :")), label=printed)
    return Turn("", _DEGREES.sub("", found["name"]), None, found["role"].replace(" ", ""), None, printed)

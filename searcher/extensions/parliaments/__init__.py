"""Records of parliaments and hearings. Each debate is an article, and each turn a quotation.

``standards`` reads formats that many parliaments use, ``chambers`` and ``commonwealth`` those of single ones.
All use ``session``. ``marks`` recognises records by their first bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.extensions.parliaments.marks import PAGES
from searcher.readers.base import Event, FormatReader, read_whole
from searcher.readers.encodings import decode
from searcher.readers.xml import local, parse_xml, with_characters

#: Bytes at the start of a file that identify a page or a text.
_HEAD_BYTES = 4096


class RecordReader(FormatReader):
    """``.tei`` and ``.akn``, and other XML, pages and texts recognised by their first bytes."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        data = read_whole(stream)
        kind = next((kind for kind, mark in PAGES.items() if mark.search(data[:_HEAD_BYTES])), "")
        if kind:
            yield from _page(kind, data, origin)
        else:
            yield from self._xml(data)

    def _xml(self, data: bytes) -> Iterator[Event]:
        from searcher.extensions.parliaments import chambers, commonwealth, standards

        root = parse_xml(with_characters(data))
        readers: dict[str, Callable[[Any], Iterator[Event]]] = {
            "TEI teiCorpus": partial(standards.read_tei, siblings=self.options.read_sibling),
            "akomaNtoso": standards.read_akoma,
            "publicwhip debates": chambers.read_hansard,
            "hansard": chambers.read_volume
            if root.find("session.header") is None
            else commonwealth.read_australia,
            "housecommons houselords": chambers.read_volume,
            "Hansard": commonwealth.read_canada,
            "dbtplenarprotokoll": chambers.read_bundestag,
            "compteRendu": chambers.read_assembly,
            "cri": chambers.read_senate,
            "DEBATS PV.Debate": chambers.read_europe,
        }
        read = next((read for roots, read in readers.items() if local(root) in roots.split()), None)
        if read is None:
            raise ReadError(f"It is XML of a kind that no reader knows (<{local(root)}>).")
        yield from read(root)


def _page(kind: str, data: bytes, origin: str) -> Iterator[Event]:
    from searcher.extensions.parliaments import chambers

    if kind == "json":
        yield from chambers.read_congress_json(data)
        return
    text = decode(data)
    if kind == "congress":
        page = _tree(text) if "<pre" in text[:_HEAD_BYTES] else None
        yield from chambers.read_congress(text if page is None else page.text_content())
        return
    if kind == "corpus":
        yield from chambers.read_europarl(text, origin)
        return
    readers = {
        "hansard": chambers.read_hansard_page,
        "assembly": chambers.read_assembly_page,
        "europe": chambers.read_europe_page,
    }
    yield from readers[kind](_tree(text))


def _tree(text: str) -> Any:
    from searcher.readers.html.page import parse

    return parse(text).tree

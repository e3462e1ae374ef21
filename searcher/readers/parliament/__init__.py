"""Records of parliaments and hearings: every turn belongs to its speaker, every debate is an article.

Each dialect has a module; what they share is in ``session``. The dispatcher tells them by their first bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import RECORD_MARKS, Event, FormatReader, whole
from searcher.readers.encodings import decode
from searcher.readers.xml import local, parse_xml, with_characters

#: The bytes at the beginning of a file by which a page or a text is told.
_HEAD_BYTES = 4096


class RecordReader(FormatReader):
    """``.tei``, ``.akn``, and by their first bytes the XML, the pages and the texts of parliaments."""

    whole = True

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        data = whole(stream)
        kind = next((kind for kind, mark in RECORD_MARKS.items() if mark.search(data[:_HEAD_BYTES])), "")
        if kind:
            yield from _page(kind, data)
        else:
            yield from self._xml(data)

    def _xml(self, data: bytes) -> Iterator[Event]:
        from searcher.readers.parliament import akoma, bundestag, europe, france, hansard, tei

        root = parse_xml(with_characters(data))
        readers: dict[str, Callable[[Any], Iterator[Event]]] = {
            "TEI teiCorpus": partial(tei.read, beside=self.options.beside),
            "akomaNtoso": akoma.read,
            "publicwhip debates": hansard.read,
            "hansard housecommons houselords": hansard.read_volume,
            "dbtplenarprotokoll": bundestag.read,
            "compteRendu": france.read_assembly,
            "cri": france.read_senate,
            "DEBATS PV.Debate": europe.read,
        }
        read = next((read for roots, read in readers.items() if local(root) in roots.split()), None)
        if read is None:
            raise ReadError(f"It is XML of a kind that no reader knows (<{local(root)}>).")
        yield from read(root)


def _page(kind: str, data: bytes) -> Iterator[Event]:
    from searcher.readers.parliament import congress, europe, france, hansard

    if kind == "json":
        yield from congress.read_json(data)
        return
    text = decode(data)
    if kind == "congress":
        page = _tree(text) if "<pre" in text[:_HEAD_BYTES] else None
        yield from congress.read(text if page is None else page.text_content())
        return
    readers = {"hansard": hansard.read_page, "assembly": france.read_page, "europe": europe.read_page}
    yield from readers[kind](_tree(text))


def _tree(text: str) -> Any:
    """The elements of a page."""
    from searcher.readers.html.page import parse

    return parse(text).tree

"""Records of parliaments and hearings: every turn belongs to its speaker, every debate is an article.

Each dialect has a module; what they share is in ``sitting``. The front door tells them by their first bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import Event, Options, whole
from searcher.readers.xml import local, parse_xml, with_characters


class RecordReader:
    """``.tei``, ``.akn``, and the XML of parliaments by its root."""

    suffixes: tuple[str, ...] = (".tei", ".akn")
    whole = True

    def __init__(self, options: Options) -> None:
        self._beside = options.beside

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        from searcher.readers.parliament import akoma, bundestag, hansard, tei

        root = parse_xml(with_characters(whole(stream)))
        readers: dict[str, Callable[[Any], Iterator[Event]]] = {
            "TEI": lambda root: tei.read(root, self._beside),
            "teiCorpus": lambda root: tei.read(root, self._beside),
            "akomaNtoso": akoma.read,
            "publicwhip": hansard.read,
            "debates": hansard.read,
            "hansard": hansard.read_volume,
            "housecommons": hansard.read_volume,
            "houselords": hansard.read_volume,
            "dbtplenarprotokoll": bundestag.read,
        }
        if local(root) not in readers:
            raise ReadError(f"It is XML of a kind that no reader knows (<{local(root)}>).")
        yield from readers[local(root)](root)

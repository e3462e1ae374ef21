"""PowerPoint files (ECMA-376): the text of the slides, in their order, as one article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import Event, Options
from searcher.readers.containers import member_bytes, open_zip
from searcher.readers.finish import MAX_BODY
from searcher.readers.text import article_from_text
from searcher.readers.xml import local, own_elements, parse_xml

__all__ = ["PptxReader"]

_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml$")


class PptxReader:
    """``.pptx``."""

    suffixes: tuple[str, ...] = (".pptx", ".ppsx")

    def __init__(self, _options: Options) -> None: ...

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        with open_zip(stream) as archive:
            slides = [found for name in archive.namelist() if (found := _SLIDE.match(name))]
            if not slides:
                raise ReadError("It holds no slides.")
            slides.sort(key=lambda found: int(found[1]))
            lines: list[str] = []
            size = 0
            for slide in slides:
                own = list(_lines(parse_xml(member_bytes(archive, slide[0]))))
                lines += own
                size += sum(map(len, own))
                if size > MAX_BODY:
                    raise ReadError(f"Its text is longer than {MAX_BODY:,} characters.")
        if not lines:
            raise ReadError("It holds pictures, but no text.")
        yield article_from_text("\n\n".join(lines))


def _lines(root: Any) -> Iterator[str]:
    for own in own_elements(root, "p"):
        text = "".join(inner.text or "" for inner in own if local(inner) == "t")
        if text.strip():
            yield " ".join(text.split())

"""Which of the articles with a word have it in their titles: told by their places among these articles, so
that what titles count more is added without looking articles up."""

from __future__ import annotations

import numpy as np

from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.search.arrays import DTYPES, Array, pieces, typecode, view
from searcher.engines.whoosh.write.merge.sources import AT_ONCE

__all__ = ["write_places"]


def write_places(writer: ArrayWriter, families: int, articles: int) -> None:
    """Write ``title.places``, once the postings of text and title are written."""
    text, title = (_Written(writer, field, families, articles) for field in ("text", "title"))
    sizes = np.diff(text.starts)
    code = typecode(int(np.max(sizes, initial=0)), "H")
    writer.begin("title.places", code)
    for low, high in pieces(sizes, AT_ONCE):
        _, held = text.read(low, high)
        owners, wanted = title.read(low, high)
        places = held.searchsorted(wanted) - (text.starts[owners] - text.starts[low])
        writer.write(places.astype(DTYPES[code]))


class _Written:
    """The documents of each family in a field."""

    def __init__(self, writer: ArrayWriter, field: str, families: int, articles: int) -> None:
        self.starts: Array = view(writer.reader(f"{field}.starts")(0, families + 1)).astype(np.int64)
        self._read = writer.reader(f"{field}.docs")
        self._articles = articles

    def read(self, low: int, high: int) -> tuple[Array, Array]:
        """The families from ``low`` to before ``high``: of each posting the family, and a number that is the
        greater, the later its family and then its document."""
        docs = view(self._read(int(self.starts[low]), int(self.starts[high])))
        owners = np.repeat(np.arange(low, high), np.diff(self.starts[low : high + 1]))
        return owners, owners * self._articles + docs

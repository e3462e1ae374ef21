"""The index of titles: which postings of the text belong to articles that have the word in the title too.

The extra weight of titles is added by these indices, without looking articles up.
"""

from __future__ import annotations

import numpy as np

from searcher.engines.whoosh.arrays import DTYPES, Array, as_array, blocks, typecode
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.write.merge.sources import MAX_BLOCK_ENTRIES

__all__ = ["write_title_index"]


def write_title_index(writer: ArrayWriter, groups: int, articles: int) -> None:
    """Write ``title.places`` after the postings of text and title. ``groups``: the number of stem groups."""
    text, title = (_WrittenDocs(writer, field, groups, articles) for field in ("text", "title"))
    sizes = np.diff(text.starts)
    code = typecode(int(np.max(sizes, initial=0)), "H")
    writer.begin("title.places", code)
    for low, high in blocks(sizes, MAX_BLOCK_ENTRIES):
        _, in_text = text.read(low, high)
        owners, in_title = title.read(low, high)
        indices = in_text.searchsorted(in_title) - (text.starts[owners] - text.starts[low])
        writer.write(indices.astype(DTYPES[code]))


class _WrittenDocs:
    """The documents of each stem group in a field that was just written."""

    def __init__(self, writer: ArrayWriter, field: str, groups: int, articles: int) -> None:
        self.starts: Array = as_array(writer.reader(f"{field}.starts")(0, groups + 1)).astype(np.int64)
        self._read = writer.reader(f"{field}.docs")
        self._articles = articles

    def read(self, low: int, high: int) -> tuple[Array, Array]:
        """Return for each posting of the groups ``low`` to before ``high`` its group, and a number that sorts
        postings by group and document."""
        docs = as_array(self._read(int(self.starts[low]), int(self.starts[high])))
        owners = np.repeat(np.arange(low, high), np.diff(self.starts[low : high + 1]))
        return owners, owners * self._articles + docs

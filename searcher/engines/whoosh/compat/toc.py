"""Whoosh's table of contents of a generation, which its ``open_dir`` reads.

Searcher writes it for Whoosh, and because its appearance is the commit, and never reads it: it holds a
pickle.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from searcher.engines.whoosh.format.manifest import INDEX_NAME, SegmentRecord
from searcher.engines.whoosh.format.segment import Segment, deleted_articles

__all__ = ["make_toc"]


def make_toc(folder: Path, generation: int, records: Sequence[SegmentRecord]) -> bytes:
    """Return the bytes of the table of contents."""
    from whoosh.index import TOC

    from searcher.engines.whoosh.compat.schema import make_schema

    storage = _CapturedFile()
    segments = [_whoosh_segment(folder, record) for record in records]
    TOC(make_schema(), segments, generation).write(storage, INDEX_NAME)  # type: ignore[no-untyped-call]
    return storage.contents


def _whoosh_segment(folder: Path, record: SegmentRecord) -> Any:
    import numpy as np

    from searcher.engines.whoosh.arrays import as_array
    from searcher.engines.whoosh.compat.codec import ArraySegment

    segment = Segment(folder, record)
    lengths, bodies, quotes = (
        int(as_array(segment.column(name)).sum(dtype=np.int64))  # of a million articles, by every commit
        for name in ("length", "body_length", "quote_length")
    )
    total = {"text": lengths, "title": lengths - bodies, "quotes": quotes}
    deleted: list[int] = []
    for article in deleted_articles(folder, record):
        first, last = segment.quote_starts[article], segment.quote_starts[article + 1]
        deleted += range(article + first, article + last + 1)
    return ArraySegment(record, deleted, total)


class _CapturedFile:
    """A stand-in for Whoosh's storage that keeps the one file written to it."""

    contents = b""

    def create_file(self, _name: str) -> Any:
        from whoosh.filedb.structfile import StructFile

        return StructFile(_Capturing(self))

    def rename_file(self, *_: Any, **__: Any) -> None:
        pass


class _Capturing(io.BytesIO):
    def __init__(self, owner: _CapturedFile) -> None:
        super().__init__()
        self._owner = owner

    def close(self) -> None:
        if not self.closed:
            self._owner.contents = self.getvalue()
        super().close()

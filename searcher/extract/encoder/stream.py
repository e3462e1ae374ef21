"""A text as one stream of pieces, and the windows in which the encoder reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from searcher.extract.encoder.pieces import Unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MAX_PIECES", "SIZE", "Stream", "stream_of", "window_starts"]

#: Pieces of a window, without the mark of its beginning and that of its end.
SIZE: Final = 382
#: Pieces that neighbouring windows share at least, so that every word is read with some of what surrounds it.
OVERLAP: Final = 64
#: Pieces of an article that are read, some 65,000 words: ten seconds and 80 MB of what is found, and up to
#: twice that where English asks about spans one by one all over it.
MAX_PIECES: Final = 100_000
#: Pieces of one unit that are read: less than what windows share.
MAX_UNIT: Final = 48


@dataclass(frozen=True, slots=True)
class Stream:
    """The pieces of a text in order, with one for each line break between.

    ``ids`` are rows of the embedding; ``unit`` the number of the unit that a piece belongs to (-1: a line
    break); ``first`` says whether it begins its unit, ``inside`` whether it stands between quotation marks;
    ``begins`` is the place of each unit's first piece.
    """

    units: Sequence[Unit]
    ids: NDArray[np.int32]
    unit: NDArray[np.int32]
    first: NDArray[np.bool_]
    inside: NDArray[np.int8]
    begins: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)


def stream_of(units: Iterable[Unit], line_break: int, marked: Sequence[tuple[int, int]]) -> Stream:
    """The stream of a text; ``marked`` are the places between quotation marks, in order."""
    import numpy as np

    kept: list[Unit] = []
    ids: list[int] = []
    unit: list[int] = []
    begins: list[int] = []
    inside: list[int] = []
    place = 0
    for one in units:
        if len(ids) >= MAX_PIECES:
            break
        pieces = one.pieces[:MAX_UNIT]
        if one.breaks and ids:
            ids.append(line_break)
            unit.append(-1)
            inside.append(0)
        while place < len(marked) and marked[place][1] <= one.start:
            place += 1
        quoted = int(place < len(marked) and marked[place][0] <= one.start)
        begins.append(len(ids))
        ids += pieces
        unit += [len(kept)] * len(pieces)
        inside += [quoted] * len(pieces)
        kept.append(one)
    first = np.zeros(len(ids), np.bool_)
    first[begins] = True
    whole = np.array(begins, np.int32)
    return Stream(
        kept, np.array(ids, np.int32), np.array(unit, np.int32), first, np.array(inside, np.int8), whole
    )


def window_starts(length: int) -> list[int]:
    """Where windows of :data:`SIZE` pieces begin that cover a stream of this length, evenly spread."""
    if length <= SIZE:
        return [0]
    count = -(-(length - OVERLAP) // (SIZE - OVERLAP))
    last = length - SIZE
    return [round(number * last / (count - 1)) for number in range(count)]

"""The word embedding: a row of 384 numbers for each piece, kept in 4 bits a number and decoded when asked
for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FourBitRows"]

_MIDDLE = 8  # what a nibble of no value holds


class FourBitRows:
    """A matrix in blocks of 32 numbers: a scale (float16), and 16 bytes that hold two of the numbers each.

    Byte ``k`` of a block holds number ``k`` in its lower half and number ``k + 16`` in its upper one; a
    number is (half - 8) times the scale.
    """

    def __init__(self, scales: NDArray[np.float16], halves: NDArray[np.uint8]) -> None:
        """``scales`` has a row of blocks for each row of the matrix, ``halves`` 16 bytes for each block."""
        rows, blocks = scales.shape
        self._scales = scales
        self._halves = halves.reshape(rows, blocks, 16)

    def __getitem__(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """The rows with these numbers, as floats: shape (len(rows), width)."""
        import numpy as np

        halves = self._halves[rows]
        numbers = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - _MIDDLE
        scaled = numbers * self._scales[rows].astype(np.float32)[:, :, None]
        return scaled.reshape(len(rows), -1)

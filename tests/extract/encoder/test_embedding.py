"""Rows kept in four bits a number."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from searcher.extract.encoder.model import FourBitRows

NUMBERS = arrays(np.int8, (3, 64), elements=st.integers(-8, 7))
SCALES = arrays(np.float16, (3, 2), elements=st.floats(0.0, 8.0, width=16))


def packed(numbers: np.ndarray) -> np.ndarray:
    """Two numbers a byte: the first and the second half of each block of 32."""
    blocks = (numbers + 8).astype(np.uint8).reshape(3, 2, 32)
    return (blocks[:, :, :16] | blocks[:, :, 16:] << 4).reshape(3, -1)


@given(numbers=NUMBERS, scales=SCALES)
def test_every_number_comes_back_exactly(numbers: np.ndarray, scales: np.ndarray) -> None:
    expected = numbers.astype(np.float32) * scales.astype(np.float32).repeat(32, axis=1)

    rows = FourBitRows(scales, packed(numbers))[np.array([2, 0, 1])]

    assert np.array_equal(expected[[2, 0, 1]], rows)

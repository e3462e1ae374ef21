"""What a word is called elsewhere in its article counts for it here."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from searcher.extensions.languages.name_labels import averaged_labels
from searcher.extract.encoder.model import Unit

BODY, NOTHING = [0.1, 0.0, 0.0, 0.9, 0.0], [0.9, 0.0, 0.0, 0.1, 0.0]


def evened(words: list[str], labels: list[list[float]]) -> np.ndarray:
    ends = list(itertools.accumulate(map(len, words)))
    units = [Unit(end - len(word), end, (), False) for word, end in zip(words, ends)]
    names = np.log(np.maximum(labels, 1e-9)).astype(np.float32)
    found = averaged_labels(SimpleNamespace(text="".join(words), units=units, names=names))  # type: ignore[arg-type]
    return np.exp(found)


def test_a_word_takes_part_of_what_it_is_elsewhere() -> None:
    found = evened(["Quay", "Moss", "Quay"], [BODY, NOTHING, NOTHING])

    assert [0.66, 0.1, 0.34] == pytest.approx(found[:, 3].tolist(), abs=1e-6)


def test_words_in_lower_case_stay() -> None:
    found = evened(["quay", "quay"], [BODY, NOTHING])

    assert [0.9, 0.1] == pytest.approx(found[:, 3].tolist(), abs=1e-6)


def test_the_beginning_and_the_rest_of_a_name_keep_their_parts() -> None:
    found = evened(["Roe", "Roe"], [[0.1, 0.8, 0.1, 0.0, 0.0], [0.1, 0.0, 0.9, 0.0, 0.0]])

    assert [[0.8, 0.1], [0.0, 0.9]] == [pytest.approx(row, abs=1e-6) for row in found[:, 1:3].tolist()]

"""Log probabilities of labels to the likeliest sequence that makes sense."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from searcher.extract.encoder.pieces import Unit
from searcher.extract.names.labels import LABELS, decoded, likeliest

SCORES = arrays(
    np.float32, st.tuples(st.integers(1, 4), st.just(len(LABELS))), elements=st.floats(-20, 0, width=32)
)


def follows(before: str, label: str) -> bool:
    return label[0] != "I" or before[2:] == label[2:]


@given(scores=SCORES)
def test_it_is_the_best_of_all_sequences_that_make_sense(scores: np.ndarray) -> None:
    sequences = [
        labels
        for labels in itertools.product(range(len(LABELS)), repeat=len(scores))
        if all(follows(LABELS[a], LABELS[b]) for a, b in zip((0, *labels), labels))
    ]

    found = likeliest(scores)

    assert tuple(found) in sequences
    assert max(scores[range(len(scores)), labels].sum() for labels in sequences) == pytest.approx(
        float(scores[range(len(scores)), found].sum()), abs=1e-4
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["ロドリ", "ッチ", "大臣"], "ロドリッチ"),
        (["Vera Adler", "-Quill", " schwieg"], "Vera Adler-Quill"),
    ],
)
def test_a_person_goes_on_to_the_end_of_a_foreign_or_double_name(words: list[str], name: str) -> None:
    ends = list(itertools.accumulate(map(len, words)))
    units = [Unit(end - len(word), end, (), False) for word, end in zip(words, ends)]
    names = np.log([[0.01, 0.96, 0.01, 0.01, 0.01], *[[0.96, 0.01, 0.01, 0.01, 0.01]] * (len(words) - 1)])

    (span,) = decoded(SimpleNamespace(text="".join(words), units=units, names=names))  # type: ignore[arg-type]

    assert name == "".join(words)[span.start : span.end]

"""Log probabilities of labels to the likeliest sequence that makes sense."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from searcher.extensions.languages.name_labels import LABELS, most_likely_labels, name_spans
from searcher.extract.encoder.model import Unit

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

    found = most_likely_labels(scores)

    assert tuple(found) in sequences
    assert max(scores[range(len(scores)), labels].sum() for labels in sequences) == pytest.approx(
        float(scores[range(len(scores)), found].sum()), abs=1e-4
    )


def names_in(words: list[str], labels: np.ndarray) -> list[str]:
    """The names in a text of these words, by the log probabilities of their labels."""
    ends, text = list(itertools.accumulate(map(len, words))), "".join(words)
    units = [Unit(end - len(word), end, (), False) for word, end in zip(words, ends)]
    spans = name_spans(SimpleNamespace(text=text, units=units, names=labels))  # type: ignore[arg-type]
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["ロドリ", "ッチ", "大臣"], "ロドリッチ"),
        (["Vera Adler", "-Quill", " schwieg"], "Vera Adler-Quill"),
    ],
)
def test_a_person_goes_on_to_the_end_of_a_foreign_or_double_name(words: list[str], name: str) -> None:
    names = np.log([[0.01, 0.96, 0.01, 0.01, 0.01], *[[0.96, 0.01, 0.01, 0.01, 0.01]] * (len(words) - 1)])

    assert [name] == names_in(words, names)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["ТОВ", " «", "Великі ключі", "»"], ["ТОВ «Великі ключі»"]),
        (["ТОВ", ", ", "Великі ключі", "."], ["ТОВ", "Великі ключі"]),
    ],
)
def test_a_body_and_its_name_between_marks_are_one(words: list[str], names: list[str]) -> None:
    body, nothing = [0.01, 0.01, 0.01, 0.96, 0.01], [0.96, 0.01, 0.01, 0.01, 0.01]
    labels = np.log([body if word[0].isalpha() else nothing for word in words])

    assert names == names_in(words, labels)


@pytest.mark.parametrize(("share", "kind", "found"), [(0.5, 1, 0), (0.7, 1, 1), (0.4, 3, 0), (0.5, 3, 1)])
def test_a_name_has_to_be_likely_enough(share: float, kind: int, found: int) -> None:
    labels = np.full((1, 5), 0.001)
    labels[0, kind], labels[0, 0] = share, 0.2

    spans = name_spans(SimpleNamespace(text="Quill", units=[Unit(0, 5, (), False)], names=np.log(labels)))  # type: ignore[arg-type]

    assert found == len(spans)

"""Who is named in a question, and what it asks about."""

from __future__ import annotations

import pytest

from searcher import Index
from searcher.search.advice import speaker_within


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("What did Mara Lindqvist say about Che?", "Che"),
        ("What did Mara Lindqvist say about Ha Long", "Ha Long"),
        ("What was Mara Lindqvist saying on dice", "dice"),
        ("¿Qué dijo Mara Lindqvist?", None),
        ("Que dit Mara Lindqvist sur les retraites", "retraites"),
        ("was sagte Mara Lindqvist über Che", "Che"),
        ("Mara Lindqvist dice", "dice"),
    ],
)
def test_a_question_is_cut_to_what_it_is_about(index: Index, question: str, about: str | None) -> None:
    found = speaker_within(index._answers(), question)

    assert about == (found[1] if found else None)

"""Who is named in a question, and what it asks about."""

from __future__ import annotations

import pytest

from searcher import Article, Index, Quote, open_index
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
        ("Lindqvist OR dice", None),
    ],
)
def test_a_question_is_cut_to_what_it_is_about(index: Index, question: str, about: str | None) -> None:
    found = speaker_within(index._answers(), question)

    assert about == (found[1] if found else None)


def test_who_speaks_on_record_need_not_be_named_in_a_text() -> None:
    with open_index(":memory:") as index:
        speech = Quote("We open in June.", "Anna Roe", "speech", 0, 16)
        index.add([Article("talk", "", "We open in June.", quotes=(speech,))], annotate=False)
        found = speaker_within(index._answers(), "Roe June")

    assert ("Roe", "June") == found

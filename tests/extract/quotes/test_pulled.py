"""A pull quote is by whoever says the same words in the article."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from searcher.article import Quote
from searcher.extract.quotes import with_speakers_of_lone
from searcher.extract.quotes.reasons import ExplainedQuote, Reason

WORDS = "The harbour was never this quiet"


def quotes(body: str, *speakers: str | None, confidence: float = 0.9) -> list[tuple[str | None, float]]:
    found: list[Quote] = []
    at = 0
    for speaker in speakers:
        start = body.index("“", at) + 1
        end = at = body.index("”", start)
        found.append(Quote(body[start:end], speaker, "direct", start, end, confidence, utterance=len(found)))
    return [(quote.speaker, quote.confidence) for quote in with_speakers(body, found)]


def with_speakers(body: str, found: Iterable[Quote]) -> list[Quote]:
    return [one.quote for one in with_speakers_of_lone(body, [ExplainedQuote(q, Reason(())) for q in found])]


def test_words_alone_in_their_paragraph_are_whose_they_are_further_on() -> None:
    body = f"Ada Quill writes.\n\n“{WORDS}”\n\nMore. “In May {WORDS.lower()}, and cold,” Ben Moss said."

    assert [("Ben Moss", 0.9), ("Ben Moss", 0.9)] == quotes(body, "Ada Quill", "Ben Moss")


def test_nobody_is_taken_from_a_doubtful_place() -> None:
    body = f"“{WORDS}”\n\n“{WORDS},” he said."

    assert [("Ada Quill", 0.4), ("Ben Moss", 0.4)] == quotes(body, "Ada Quill", "Ben Moss", confidence=0.4)


def test_few_words_may_be_an_accident() -> None:
    body = "“Not this quiet.”\n\n“Not this quiet,” Ben Moss said."

    assert "Ada Quill" == quotes(body, "Ada Quill", "Ben Moss")[0][0]


def test_words_with_an_attribution_are_left_alone() -> None:
    body = f"“{WORDS},” Ada Quill said.\n\n“{WORDS},” Ben Moss said."

    assert "Ada Quill" == quotes(body, "Ada Quill", "Ben Moss")[0][0]


def test_parts_of_words_are_no_words() -> None:
    body = "“able to do so much.”\n\n“Unable to do so much,” Ben Moss said."

    assert "Ada Quill" == quotes(body, "Ada Quill", "Ben Moss")[0][0]


def test_a_further_paragraph_of_what_somebody_says_is_no_pull_quote() -> None:
    said = ["Nobody came for days", WORDS, f"{WORDS}, he says"]
    body = f"“{said[0]},” Ada Quill said.\n\n“{said[1]}.”\n\n“{said[2]},” Ben Moss wrote."
    ends, found = 0, []
    for words, speaker, utterance in zip(said, ["Ada Quill", "Ada Quill", "Ben Moss"], [0, 0, 1]):
        start = body.index(words, ends)
        ends = start + len(words)
        found.append(Quote(words, speaker, "direct", start, ends, utterance=utterance))

    assert found == with_speakers(body, found)


def test_a_sub_heading_is_by_whoever_speaks_next_less_surely() -> None:
    body = f"“We wait,” Ada Quill said.\n\n“{WORDS}”\n\n“In May it was loud,” Ben Moss said."

    assert ("Ben Moss", 0.6) == quotes(body, "Ada Quill", "Ada Quill", "Ben Moss", confidence=0.8)[1]


@pytest.mark.parametrize(
    "paragraph",
    [
        f"“{WORDS}.”",
        f"“{WORDS}”, and cold",
        f"“{WORDS}, {WORDS}, {WORDS}”",
    ],
)
def test_a_sentence_and_a_long_quotation_are_no_sub_heading(paragraph: str) -> None:
    body = f"“We wait,” Ada Quill said.\n\n{paragraph}\n\n“In May it was loud,” Ben Moss said."

    assert "Ada Quill" == quotes(body, "Ada Quill", "Ada Quill", "Ben Moss")[1][0]


def test_a_quotation_beyond_the_next_paragraph_says_nothing_of_a_sub_heading() -> None:
    body = f"“We wait,” Ada Quill said.\n\n“{WORDS}”\n\nIt rains.\n\n“In May it was loud,” Ben Moss said."

    assert "Ada Quill" == quotes(body, "Ada Quill", "Ada Quill", "Ben Moss")[1][0]


def test_what_stands_in_a_long_line_is_told_by_what_is_next_to_it() -> None:
    class Line(str):
        looked_at = 0

        def __getitem__(self, at: object) -> str:
            part = super().__getitem__(at)  # type: ignore[index]
            Line.looked_at += len(part)
            return part

    words = "“One of many,” Ada Quill said. "
    body = Line(words * 1000)
    found = [
        Quote("One of many", "Ada Quill", "direct", at + 1, at + 12, utterance=at)
        for at in range(0, len(body), len(words))
    ]
    with_speakers(body, found)

    assert Line.looked_at < 10 * len(found)

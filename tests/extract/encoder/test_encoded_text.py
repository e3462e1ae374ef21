"""What the encoder that ships makes of a text."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from searcher.extract.encoder.encoded_text import EncodedText, read_article
from searcher.extract.encoder.model import WINDOW_PIECES
from tests.extract.articles import ARTICLES


@pytest.mark.parametrize("language", ARTICLES)
def test_labels_of_every_unit_are_probabilities(language: str) -> None:
    reading = read_article(ARTICLES[language])

    assert np.allclose(1, np.exp(reading.names).sum(axis=1), atol=1e-4)
    assert np.allclose(1, np.exp(reading.speech).sum(axis=1), atol=1e-4)


def test_a_long_text_is_read_in_windows_that_agree() -> None:
    paragraph = ARTICLES["de"].body
    reading = EncodedText("\n\n".join([paragraph] * 10), [])
    size = len(EncodedText(paragraph, []).units)

    assert len(reading.stream) > 2 * WINDOW_PIECES
    assert len(reading.windows) > 2
    first = reading.names[:size].argmax(axis=1)
    assert all(np.mean(first == reading.names[n * size :][:size].argmax(axis=1)) > 0.95 for n in range(10))


def test_an_answer_is_shares_of_the_words_of_a_window() -> None:
    reading = read_article(ARTICLES["de"])
    quoted = ARTICLES["de"].body.index("Das Geld")
    (question,) = reading.ask([(quoted, quoted + 39)])
    answer = question.answer

    assert 1 == pytest.approx(float(answer.starts.sum()), abs=1e-4)
    assert 1 == pytest.approx(float(answer.names.sum()), abs=1e-4)
    assert len(question.unit) == len(answer.ends)
    unit = reading.units[question.unit[answer.starts.argmax()]]
    assert "Velten" == reading.text[unit.start : unit.end]


def test_a_span_is_answered_by_what_stands_near_it() -> None:
    paragraph = ARTICLES["de"].body
    text = "\n\n".join([paragraph] * 10)
    quoted = text.index("Das Geld", len(text) // 2)
    reading = EncodedText(text, [(quoted, quoted + 39)])
    question = reading.ask_near((quoted, quoted + 39))

    unit = reading.units[question.unit[question.answer.starts.argmax()]]
    assert "Velten" == reading.text[unit.start : unit.end]
    assert len(question.unit) < WINDOW_PIECES


def test_expected_spans_that_stand_close_together_are_read_at_once() -> None:
    text = "\n\n".join([ARTICLES["de"].body] * 10)
    quoted = text.index("Das Geld", len(text) // 2)
    reading = EncodedText(text, [])
    spans = [(quoted, quoted + 8), (quoted + 9, quoted + 39)]
    reading.expect(spans)
    one, other = map(reading.ask_near, spans)

    assert one.unit.tolist() == other.unit.tolist()


@pytest.mark.parametrize("place", [0, 1, 2000, 5000, 9990])
def test_spans_of_any_length_and_place_may_be_asked(place: int) -> None:
    reading = EncodedText("The port is open. " * 600, [])
    answers = [reading.ask_near((place, place + size)).answer for size in (1, 30, 700, 4000)]

    assert [1.0] * 4 == pytest.approx([float(answer.names.sum()) for answer in answers], abs=1e-4)


def test_of_what_words_are_asked_with_little_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.extract.encoder.encoded_text.MAX_SPAN_WINDOWS", 2)
    reading = EncodedText("The port is open. " * 600, [])
    first = reading.ask_near((0, 3))
    for place in range(3000, 10_000, 1000):
        reading.ask_near((place, place + 3))

    assert reading._window.cache_info().currsize <= len(reading.windows) + 2
    assert np.array_equal(reading.ask_near((0, 3)).answer.names, first.answer.names)


def test_an_article_is_read_once() -> None:
    assert read_article(ARTICLES["fr"]) is read_article(ARTICLES["fr"])


@pytest.mark.parametrize("text", ["", "\n\n", "…", "a" * 5000, "「" * 500, "\u200d\u0301", "港" * 3000])
def test_odd_texts_are_read(text: str) -> None:
    reading = EncodedText(text, [])

    assert not np.isnan(reading.names).any()
    assert len(reading.units) == len(reading.names)


def test_english_articles_do_without_it() -> None:
    code = (
        "import sys, searcher;"
        "said = '“We will sail on Monday morning if the weather is good,” said Quill.';"
        "body = f'Ada Quill runs the port of Marlowe. {said}';"
        "found = searcher.annotate(searcher.Article(id='1', body=body));"
        "late = ('searcher.extract.encoder.model', 'py3langid');"
        "print(found.people, [name for name in late if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "('Ada Quill',) []" == done.stdout.strip()

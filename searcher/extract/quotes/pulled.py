"""Pull quotes and headings: words that stand alone in their paragraph and again where the article says whose
they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from searcher.article import Quote
from searcher.statements.words import words_of

__all__ = ["with_speakers_of_repeated"]

#: Words that are no accident, and what the speaker of the other place must be worth. (In 2,150 articles,
#: pages of twenty languages and US politics, 15 pull quotes go to another so: by eye 13 are mended, two stay
#: wrong. Both numbers were chosen on these.)
_MIN_WORDS: Final = 4
_MIN_CONFIDENCE: Final = 0.5
#: Quotations with one run of words that are looked at; all that share one are mostly the same.
_MAX_COMPARED: Final = 50


def with_speakers_of_repeated(body: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return the quotations of an article; one that stands alone has the speaker of the one around the same
    words. The names that stand next to it are of what the page shows there. Nor does one stand alone that
    somebody goes on with in another paragraph, behind words that have an attribution."""
    attributed = {quote.utterance for quote in quotes if not _stands_alone(body, quote)}
    alone = [quote.utterance not in attributed for quote in quotes]
    if not any(alone):
        return tuple(quotes)
    said = _Said(
        quote
        for quote, apart in zip(quotes, alone)
        if not apart and quote.speaker and quote.kind != "indirect" and quote.confidence >= _MIN_CONFIDENCE
    )
    return tuple(_with_speaker(quote, said) if apart else quote for quote, apart in zip(quotes, alone))


class _Said:
    """The words of quotations with a speaker, by their runs of :data:`_MIN_WORDS`."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        self._with: dict[tuple[str, ...], list[tuple[str, Quote]]] = defaultdict(list)
        for quote in quotes:
            words = words_of(quote.text)
            written = f" {' '.join(words)} "
            for run in {words[start : start + _MIN_WORDS] for start in range(len(words) - _MIN_WORDS + 1)}:
                if len(self._with[run]) < _MAX_COMPARED:
                    self._with[run].append((written, quote))

    def first_with(self, words: tuple[str, ...]) -> Quote | None:
        """Return the first quotation that these words are a part of."""
        written = f" {' '.join(words)} "
        return next(
            (quote for text, quote in self._with.get(words[:_MIN_WORDS], ()) if written in text), None
        )


def _stands_alone(body: str, quote: Quote) -> bool:
    """Whether a paragraph holds nothing but a quotation and its marks."""
    before = (body[at] for at in range(quote.start - 1, -1, -1))
    after = (body[at] for at in range(quote.end, len(body)))
    return _line_ends(before) and _line_ends(after)


def _line_ends(characters: Iterable[str]) -> bool:
    """Whether a line ends before there is a letter or a digit: nothing behind these is looked at."""
    return next((char == "\n" for char in characters if char == "\n" or char.isalnum()), True)


def _with_speaker(quote: Quote, others: _Said) -> Quote:
    words = words_of(quote.text)
    said = others.first_with(words) if len(words) >= _MIN_WORDS else None
    if said is None:
        return quote
    return replace(
        quote,
        speaker=said.speaker,
        speaker_kind=said.speaker_kind,
        speaker_start=said.speaker_start,
        speaker_end=said.speaker_end,
        confidence=said.confidence,
    )

"""Quotations of an article: what was said, and by whom.

The stages: ``marks`` finds the spans between quotation marks and the lines of transcripts, ``scene``
everything that may be a speaker, ``attribution`` scores candidates with small linear models,
``second_opinion`` has the encoder's view of those that are doubtful, ``assembly`` adds reported speech
without marks. Words that stand alone in their paragraph, as pull quotes and headings do, have the speaker
of the place where the article says whose they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from searcher.article import Article, Quote
from searcher.extract.article_text import ENGLISH, language_of
from searcher.extract.quotes.assembly import quotes_of
from searcher.extract.quotes.second_opinion import SecondOpinion
from searcher.statements.words import words_of

__all__ = ["find_quotes", "with_speakers_of_repeated"]

#: Words that are no accident, and what the speaker of the other place must be worth: chosen on 2,150
#: articles.
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
    said = _SaidWords(
        quote
        for quote, apart in zip(quotes, alone)
        if not apart and quote.speaker and quote.kind != "indirect" and quote.confidence >= _MIN_CONFIDENCE
    )
    return tuple(_with_speaker(quote, said) if apart else quote for quote, apart in zip(quotes, alone))


class _SaidWords:
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
        near = self._with.get(words[:_MIN_WORDS], ())
        return next((quote for text, quote in near if written in text), None)


def _stands_alone(body: str, quote: Quote) -> bool:
    """Whether a paragraph holds nothing but a quotation and its marks."""
    before = (body[at] for at in range(quote.start - 1, -1, -1))
    after = (body[at] for at in range(quote.end, len(body)))
    return _line_ends(before) and _line_ends(after)


def _line_ends(characters: Iterable[str]) -> bool:
    """Whether a line ends before there is a letter or a digit: nothing behind these is looked at."""
    return next((char == "\n" for char in characters if char == "\n" or char.isalnum()), True)


def _with_speaker(quote: Quote, others: _SaidWords) -> Quote:
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


#: Characters handled at once; longer texts are cut between paragraphs, longer paragraphs in the middle.
_MAX_STRETCH = 200_000
#: Characters beyond which a body is not read for quotations: longer than almost any book, and what keeps
#: hostile input to about a minute.
_MAX_CHARACTERS = 1_000_000


def find_quotes(article: Article) -> Article:
    """The article with ``quotes`` found anew in its body; mentions, where it has them, name the speakers.

    English is read as this package's other modules say; the other languages that are served by
    ``multilingual``. A transcript or a record stays as its reader made it: all that is said there is a turn.
    """
    if speech := article.speech:
        return replace(article, quotes=speech)
    return replace(article, quotes=with_speakers_of_repeated(article.body, _found(article)))


def _found(article: Article) -> tuple[Quote, ...]:
    language = language_of(article)
    if language == ENGLISH:
        return _english(article)
    if language is None:
        return ()
    # Not before it is needed: English articles do without the encoder.
    from searcher.extract.quotes import multilingual

    return multilingual.quotes_of(article)


def _english(article: Article) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    second = SecondOpinion(article)
    for offset, text in _stretches(article.body[:_MAX_CHARACTERS]):
        first = quotes[-1].utterance + 1 if quotes else 0
        quotes += quotes_of(text, article.mentions, offset, first, second)
    return tuple(quotes)


def _stretches(body: str) -> Iterator[tuple[int, str]]:
    if len(body) <= _MAX_STRETCH:
        yield 0, body
        return
    start = 0
    while start < len(body):
        end = start + _MAX_STRETCH
        if end < len(body):
            cut = body.rfind("\n", start, end)
            end = cut + 1 if cut > start else end
        yield start, body[start:end]
        start = end

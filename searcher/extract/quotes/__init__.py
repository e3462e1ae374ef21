"""Quotations of an article: what was said, and by whom.

The stages: ``marks`` finds the spans between quotation marks (``singles`` and ``transcripts`` help),
``scene`` finds everything that may be a speaker, ``attribution`` scores candidates with small linear
models, ``second_opinion`` has the encoder's view of those that are doubtful, ``indirect`` finds reported
speech without marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from searcher.article import Article, Quote
from searcher.extract.quotes.assemble import quotes_of
from searcher.extract.quotes.pulled import with_speakers_of_repeated
from searcher.extract.quotes.second_opinion import SecondOpinion
from searcher.extract.served import ENGLISH, language_of

__all__ = ["find_quotes"]

#: Characters handled at once; longer texts are cut between paragraphs, longer paragraphs in the middle.
_STRETCH = 200_000
#: Characters beyond which a body is not read for quotations: longer than almost any book, and what keeps
#: hostile input to about a minute.
_LIMIT = 1_000_000


def find_quotes(article: Article) -> Article:
    """The article with ``quotes`` found anew in its body; mentions, where it has them, name the speakers.

    English is read as this package's other modules say; the other languages that are served by
    ``multilingual``.
    """
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
    for offset, text in _stretches(article.body[:_LIMIT]):
        first = quotes[-1].utterance + 1 if quotes else 0
        quotes += quotes_of(text, article.mentions, offset, first, second)
    return tuple(quotes)


def _stretches(body: str) -> Iterator[tuple[int, str]]:
    if len(body) <= _STRETCH:
        yield 0, body
        return
    start = 0
    while start < len(body):
        end = start + _STRETCH
        if end < len(body):
            cut = body.rfind("\n", start, end)
            end = cut + 1 if cut > start else end
        yield start, body[start:end]
        start = end

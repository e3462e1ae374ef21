"""Quotations in the languages that the encoder reads: ``stretches`` finds what may be speech, ``speakers``
reads the answers about each and decides over the article, ``reports`` finds what a named source says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Final

from searcher.article import Article, Quote, QuoteKind
from searcher.extensions.languages.reported_speech import reports_of
from searcher.extensions.languages.speakers import ShownSpeaker, speakers_of
from searcher.extensions.languages.stretches import Stretch, stretches_of
from searcher.extract.article_text import body_offset
from searcher.extract.encoder.encoded_text import read_article
from searcher.extract.quotes.named_units import NamedUnits, PointedAnswer, pointed_answer
from searcher.extract.quotes.reasons import ExplainedQuote
from searcher.languages import is_unspaced

#: Probability from which a stretch between marks counts as speech, and one without them.
MIN_SPEECH: Final = 0.8
MIN_SPEECH_UNMARKED: Final = 0.5
#: Probability of speech, and of its speaker, where the line of a transcript begins with his name: of 21 in
#: articles that no weights read all were right.
LABEL_CONFIDENCE: Final = 0.99
_MAX_CHARACTERS_BETWEEN: Final = 150  # characters of attribution between two parts of one utterance
_FINAL: Final = frozenset(".!?…。！？؟।")
_LEADS_IN: Final = frozenset(":,：，、،")
#: Words of a clause that neither begins nor ends as one; where words run together, two letters each.
_CLAUSE_WORDS: Final = 8


def quotes_of(article: Article, language: str) -> Sequence[ExplainedQuote]:
    """The quotations in an article's body, in order; its mentions say who may speak."""
    reading = read_article(article)
    if not reading.units:
        return []
    offset = body_offset(article)
    stretches = [
        one for one in stretches_of(article.body, reading, offset) if one.end + offset <= reading.end
    ]
    table = NamedUnits(article.mentions, reading, offset)
    questions = reading.ask([(one.start + offset, one.end + offset) for one in stretches])
    labels = [one.label for one in stretches if one.label]
    # Where no label names anybody they are those of sections or links ("Review: …").
    transcript = any(table.units_within(start + offset, end + offset) for start, end in labels)
    found = [
        _sure_answer(one, pointed_answer(question, reading, table), table, offset, transcript)
        for one, question in zip(stretches, questions)
    ]
    kept = [
        (stretch, one)
        for stretch, one in zip(stretches, found)
        if one.speech >= (MIN_SPEECH if stretch.marked else MIN_SPEECH_UNMARKED)
    ]
    stretches = [stretch for stretch, _ in kept]
    speakers = speakers_of(reading.text, stretches, [one for _, one in kept], table, offset)
    said = list(zip(stretches, speakers))
    # Parts close together in one paragraph, or over paragraphs, are one utterance.
    begun = accumulate((not _continues(*two) for two in pairwise(said)), initial=0)
    quotes = [_quote_of(article.body, *one, number, offset) for one, number in zip(said, begun)]
    utterance = quotes[-1].quote.utterance + 1 if quotes else 0
    quotes += reports_of(article, language, [one.quote for one in quotes], utterance)
    return sorted(quotes, key=lambda one: (one.quote.start, one.quote.end))


def _sure_answer(
    stretch: Stretch, one: PointedAnswer, table: NamedUnits, offset: int, transcript: bool
) -> PointedAnswer:
    """The answer of a stretch; labels of transcripts, and those of words without marks, are surer."""
    if not stretch.label or not transcript:
        return one if stretch.marked else replace(one, speech=stretch.spoken)
    label = stretch.label[0] + offset, stretch.label[1] + offset
    if table.units_within(*label):  # it is the speaker, whoever else stands near
        one = replace(one, names={}, nobody=0.0)
    return replace(one, speech=LABEL_CONFIDENCE, mention=label, mention_share=LABEL_CONFIDENCE, nothing=0.0)


def _continues(before: tuple[Stretch, ShownSpeaker], one: tuple[Stretch, ShownSpeaker]) -> bool:
    (earlier, spoke), (stretch, speaks) = before, one
    if spoke.name is None or spoke.name != speaks.name:
        return False
    if earlier.paragraph != stretch.paragraph:
        return not earlier.closed
    return stretch.start - earlier.end <= _MAX_CHARACTERS_BETWEEN


def _quote_of(
    body: str, stretch: Stretch, speaker: ShownSpeaker, utterance: int, offset: int
) -> ExplainedQuote:
    first, last = speaker.mention or (-1, -1)
    words = (first - offset, last - offset) if first >= offset else None
    quote = Quote(
        text=body[stretch.start : stretch.end], speaker=speaker.name, kind=_kind_of_stretch(body, stretch),
        start=stretch.start, end=stretch.end, confidence=round(speaker.confidence, 3),
        speaker_kind=speaker.kind, speaker_start=words and words[0], speaker_end=words and words[1],
        utterance=utterance,
    )  # fmt: skip
    reason = replace(speaker.reason, words=words)
    labelled = words is not None and stretch.label == words
    return ExplainedQuote(quote, replace(reason, judges=("label",)) if labelled else reason)


def _kind_of_stretch(body: str, stretch: Stretch) -> QuoteKind:
    """A clause of its own, or a fragment built into the reporter's sentence."""
    if not stretch.marked:
        return "direct"
    inside = body[stretch.start : stretch.end]
    place = stretch.outer_start
    while place > stretch.paragraph and body[place - 1].isspace():
        place -= 1
    before = body[place - 1 : place] if place > stretch.paragraph else ""
    begins = not before or before in _LEADS_IN or before in _FINAL
    ends = inside[-1] in _FINAL or inside[-1] == ","
    words = len(inside) / 2 if is_unspaced(inside[0]) else len(inside.split())
    return "direct" if ends or words >= _CLAUSE_WORDS or (begins and not inside[0].islower()) else "partial"

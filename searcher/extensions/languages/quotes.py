"""Find quotations in languages other than English.

``stretches`` finds possible speech, ``speakers`` decides who said it from the encoder's answers, and
``reported_speech`` finds reports of named sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Final

from searcher.article import Article, Quote, QuoteKind
from searcher.extensions.languages.reported_speech import named_source_reports
from searcher.extensions.languages.speakers import DisplayedSpeaker, speakers_of
from searcher.extensions.languages.stretches import Stretch, possible_speech
from searcher.extract.article_text import body_offset
from searcher.extract.encoder.encoded_text import read_article
from searcher.extract.quotes.named_units import ArticleNames, PointedAnswer, pointed_answer
from searcher.extract.quotes.reasons import ExplainedQuote
from searcher.languages import is_unspaced

#: Minimum probability of speech between quotation marks.
MIN_SPEECH: Final = 0.8
#: Minimum probability of speech without quotation marks.
MIN_SPEECH_UNMARKED: Final = 0.5
#: Probability that a labelled line of a transcript is speech, and that the label names its speaker.
LABEL_CONFIDENCE: Final = 0.99
_MAX_CHARACTERS_BETWEEN: Final = 150  # maximum characters between two parts of one utterance
_FINAL: Final = frozenset(".!?…。！？؟।")
_LEADS_IN: Final = frozenset(":,：，、،")
#: Text that neither starts nor ends like a clause is a clause if it has at least this many words. In scripts
#: without spaces, two letters count as a word.
_CLAUSE_WORDS: Final = 8


def foreign_quotes(article: Article, language: str) -> Sequence[ExplainedQuote]:
    """Return the quotations in an article's body, in order. Its mentions are the possible speakers."""
    reading = read_article(article)
    if not reading.units:
        return []
    offset = body_offset(article)
    stretches = [
        one for one in possible_speech(article.body, reading, offset) if one.end + offset <= reading.end
    ]
    table = ArticleNames(article.mentions, reading, offset)
    questions = reading.ask([(one.start + offset, one.end + offset) for one in stretches])
    labels = [one.label for one in stretches if one.label]
    # If no label contains a name, they label sections or links ("Review: …").
    transcript = any(table.names_within(start + offset, end + offset) for start, end in labels)
    answers = [
        _adjusted_answer(one, pointed_answer(question, reading, table), table, offset, transcript)
        for one, question in zip(stretches, questions)
    ]
    speech = [
        (stretch, answer)
        for stretch, answer in zip(stretches, answers)
        if answer.speech >= (MIN_SPEECH if stretch.marked else MIN_SPEECH_UNMARKED)
    ]
    stretches = [stretch for stretch, _ in speech]
    speakers = speakers_of(reading.text, stretches, [answer for _, answer in speech], table, offset)
    attributed = list(zip(stretches, speakers))
    utterances = accumulate((not _continues(*pair) for pair in pairwise(attributed)), initial=0)
    quotes = [_quote_of(article.body, *one, number, offset) for one, number in zip(attributed, utterances)]
    utterance = quotes[-1].quote.utterance + 1 if quotes else 0
    quotes += named_source_reports(article, language, [one.quote for one in quotes], utterance)
    return sorted(quotes, key=lambda one: (one.quote.start, one.quote.end))


def _adjusted_answer(
    stretch: Stretch, answer: PointedAnswer, table: ArticleNames, offset: int, transcript: bool
) -> PointedAnswer:
    """Prefer better evidence: a transcript's label, or the labels of words without marks."""
    if not stretch.label or not transcript:
        return answer if stretch.marked else replace(answer, speech=stretch.speech_probability)
    label = stretch.label[0] + offset, stretch.label[1] + offset
    if table.names_within(*label):
        answer = replace(answer, names={}, nobody=0.0)
    return replace(
        answer, speech=LABEL_CONFIDENCE, mention=label, mention_share=LABEL_CONFIDENCE, unattributed=0.0
    )


def _continues(before: tuple[Stretch, DisplayedSpeaker], after: tuple[Stretch, DisplayedSpeaker]) -> bool:
    """Return True if two stretches are parts of one utterance."""
    (earlier, first_speaker), (stretch, speaker) = before, after
    if speaker.name is None or first_speaker.name != speaker.name:
        return False
    if earlier.paragraph != stretch.paragraph:
        return not earlier.closed
    return stretch.start - earlier.end <= _MAX_CHARACTERS_BETWEEN


def _quote_of(
    body: str, stretch: Stretch, speaker: DisplayedSpeaker, utterance: int, offset: int
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
    """Return "direct" for a whole clause, "partial" for a fragment within the reporter's sentence."""
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

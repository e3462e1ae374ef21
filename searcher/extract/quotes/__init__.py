"""Find the quotations in an article and their speakers.

``marks`` finds text between quotation marks and the lines of transcripts, ``scene`` finds possible speakers,
``attribution`` scores them with linear models, and ``second_opinion`` asks the encoder about doubtful
quotations. This module adds reported speech without quotation marks and combines the results.

Invariants:
    The models in ``model.json`` were trained on the feature names that ``features``, ``attribution``,
    ``second_opinion`` and this module produce, within the limits marked "part of the model". To change any of
    these, retrain the models (``training/quotes``).
    A change to the results requires a new ``ANNOTATOR`` in ``searcher/extract/__init__.py``.
    A new ``Judge`` or ``Doubt`` in ``reasons`` requires a text in ``cli/output/text.py``.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from searcher import plugins
from searcher.article import Article, Mention, Quote, QuoteKind, SpeakerKind
from searcher.extract.article_text import language_of
from searcher.extract.quotes import lexicon
from searcher.extract.quotes.attribution import AttributedSpan, attribute, likely_antecedents
from searcher.extract.quotes.features import BUCKETS, reporting_pattern
from searcher.extract.quotes.lexicon import Weights, load_weights
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.reasons import ExplainedQuote, Reason
from searcher.extract.quotes.scene import MIN_CUE, Ref, Scene, Speaker, display_name, total_weights
from searcher.extract.quotes.second_opinion import SecondOpinion
from searcher.extract.quotes.tokens import Entity
from searcher.languages import ENGLISH
from searcher.names.normalise import word_set

#: Order of preference if a verb has several reporting patterns. Lower is better.
_PATTERN_RANK = {"mc": 0, "acc": 1, "cm": 2, "c.m": 3, "m,c": 4, "m..c": 5, "m:": 6, "to": 7, "m's": 8}
# The model was trained with these values. Changing one requires retraining.
_MAX_REACH_TOKENS = 120  # maximum tokens searched on either side of the reporting word
_MAX_CUES = 12  # maximum reporting words per sentence
_MIN_REPORTED_WORDS = 3  # minimum tokens of a report
#: Coefficients of the log odds that a report was said: a constant, and the weights of the report's score and
#: of its reporting word. Fitted to 150 articles of PolNeAR's training part.
_SAID_ODDS: Final = (-0.54, 1.08, 1.2)
_MAX_SCORE: Final = 4.0  # scores are capped here, because higher ones are too rare to fit
#: Factor for the probability of a report that does not plainly state what somebody said.
_UNCLEAR_SHARE: Final = 0.6
_SPEECH_VERBS: Final = lexicon.STRONG_CUES | lexicon.SPEECH_VERBS
#: Verbs that usually introduce a clause, even without "that".
_CLAUSE_VERBS: Final = word_set("said say says according")
#: Words that start a clause after other verbs.
_CLAUSE_STARTS: Final = word_set("that he she it they there we")
#: Words after a verb of speech that do not start a clause.
_OTHER_STARTS: Final = word_set("as while for about over of down or and but which who whose to after than")
#: A clause is not a report if one of these words precedes the verb or its subject: "until Roe said", "I say".
_NOT_REPORTING: Final = word_set(
    "to i we you let's i've we've was were been is are be would could might may can will should not never if "
    "until whether what which when"
)
_NAMES_LIKE_MODALS: Final = word_set("May Will")
_AFTER_PREPOSITION: Final = lexicon.PREPOSITIONS | {"across"}
# The model was trained with these words. Changing them requires retraining.
_CLAUSE_ENDS = word_set(
    "but while although though adding noting saying whereas after when as because and which who before if"
)
_FOLLOWING = frozenset((",", ".", "that", "to", "he", "she", "they", "it", "the", "of", "in", "on"))
_STARTING = word_set("that to of in for on about with how what")
_TRAILING = frozenset((".", ",", "!", "?", ";", ":", "—", "–", "-", ")", "…"))


class ReportCandidate(NamedTuple):
    """A candidate for reported speech: tokens ``i`` to ``j``, its reporting word and its speaker."""

    i: int
    j: int
    cue: int
    ref: Ref | None
    features: list[str]


def reported_stretches(scene: Scene, weights: Weights) -> Iterator[tuple[int, int, Speaker, float]]:
    """Yield the start, end, speaker and probability of each stretch of reported speech, without overlaps."""
    candidates: list[tuple[float, ReportCandidate]] = []
    for group in candidate_reports(scene):
        points = total_weights(weights.indirect, [report.features for report in group])
        if max(points) > 0:
            candidates.append((max(points), group[points.index(max(points))]))
    tokens = scene.tokens
    used = bytearray(len(tokens.words))
    accepted: list[tuple[float, ReportCandidate]] = []
    for points_of_report, report in sorted(candidates, key=lambda pair: -pair[0]):
        if not any(used[report.i : report.j]):
            used[report.i : report.j] = b"\1" * (report.j - report.i)
            accepted.append((points_of_report, report))
    for points_of_report, report in sorted(accepted, key=lambda pair: pair[1].i):
        probability = _said_probability(scene, report, points_of_report)
        speaker = _speaker_of_report(scene, report.ref, weights)
        speaker = speaker._replace(confidence=speaker.confidence * probability)
        yield tokens.starts[report.i], tokens.ends[report.j - 1], speaker, probability


def _said_probability(scene: Scene, report: ReportCandidate, points: float) -> float:
    constant, of_points, of_word = _SAID_ODDS
    odds = constant + of_points * min(points, _MAX_SCORE) + of_word * scene.tokens.cue_weight[report.cue]
    return (1.0 if _is_plain_report(scene, report) else _UNCLEAR_SHARE) / (1 + math.exp(-odds))


def _is_plain_report(scene: Scene, report: ReportCandidate) -> bool:
    """Return True for "Roe said that …", but not for "Roe hopes", "to say" or "asked for"."""
    words, low, (i, _, cue, ref, _) = scene.tokens.words, scene.tokens.low, report
    verb, first = low[cue], low[i].partition("'")[0]
    before = [k for k in (cue - 1, ref.i - 1 if ref else -1) if k >= 0 and words[k] not in _NAMES_LIKE_MODALS]
    is_clause = first not in _OTHER_STARTS and (verb in _CLAUSE_VERBS or first in _CLAUSE_STARTS)
    return (
        verb in _SPEECH_VERBS
        and (verb == "according" or _NOT_REPORTING.isdisjoint(low[k] for k in before))
        and (is_clause or i < cue)
        and not (ref and _is_addressed_or_aside(scene, ref))
    )


def _is_addressed_or_aside(scene: Scene, ref: Ref) -> bool:
    """Return True for a listener ("told Roe"), and after a preposition ("an aide to the mayor said")."""
    if ref.pattern and ref.pattern.name == "to":
        return True
    low = scene.tokens.low
    before = ref.i - 1 - (ref.i > 0 and low[ref.i - 1] in lexicon.DETERMINERS)
    return before >= 0 and low[before] in _AFTER_PREPOSITION and low[max(0, before - 1)] != "according"


def _speaker_of_report(scene: Scene, ref: Ref | None, weights: Weights) -> Speaker:
    if ref is None:
        return Speaker(None, None, 0.0)
    if ref.kind != "pron":
        return Speaker(ref.entity or ref, ref, 0.9)
    who, share = max(likely_antecedents(scene, ref, None, weights), key=lambda pair: pair[1])
    return Speaker(who, ref, share)


def candidate_reports(scene: Scene) -> Iterator[list[ReportCandidate]]:
    """Yield the candidates for reported speech, grouped by reporting word."""
    tokens, span = scene.tokens, scene.tokens.span
    subjects = _subjects_by_cue(scene)
    sentence, count = -1, 0
    for cue in [k for k, weight in enumerate(tokens.cue_weight) if weight >= MIN_CUE and span[k] < 0]:
        sentence, count = tokens.sent[cue], count + 1 if tokens.sent[cue] == sentence else 1
        if count > _MAX_CUES:
            continue
        ref = subjects.get(cue)
        first, last = _sentence_around(scene, cue)
        quoted = [k for k in range(first, last) if span[k] >= 0]
        group = []
        for shape, i, j in _reported_stretches(scene, cue, ref, first, last):
            i, j = _trimmed_stretch(scene, i, j)
            if j - i >= _MIN_REPORTED_WORDS and not any(i <= k < j for k in quoted):
                features = _report_features(scene, shape, i, j, cue, ref, last)
                group.append(ReportCandidate(i, j, cue, ref, features))
        if group:
            yield group


def _subjects_by_cue(scene: Scene) -> dict[int, Ref]:
    """Return the best subject of each reporting word."""
    best: dict[int, Ref] = {}
    for ref in scene.refs:
        pattern = None if ref.quoted else ref.pattern
        if pattern is None:
            continue
        other = best.get(pattern.cue)
        rival = other.pattern if other else None
        if rival is None or _PATTERN_RANK[pattern.name] <= _PATTERN_RANK[rival.name]:
            best[pattern.cue] = ref
    return best


def _sentence_around(scene: Scene, cue: int) -> tuple[int, int]:
    sent = scene.tokens.sent
    number = sent[cue]
    first = bisect_left(sent, number, max(0, cue - _MAX_REACH_TOKENS), cue)
    return first, bisect_right(sent, number, cue, min(len(sent), cue + _MAX_REACH_TOKENS))


def _reported_stretches(
    scene: Scene, cue: int, ref: Ref | None, first: int, last: int
) -> Iterator[tuple[str, int, int]]:
    """Yield shape, start and end: A after the verb (a: to a conjunction), B before it, C on both sides."""
    low = scene.tokens.low
    begin, end = cue, cue + 1
    if ref is not None and abs(ref.i - cue) < 25:
        begin, end = min(cue, ref.i), max(cue + 1, ref.j)
    if low[cue] == "according":
        end = max(end, cue + 2)
        while end < last and low[end] not in (",", ".", ";"):
            end += 1
    that = next((k for k in range(end, min(last, end + 10)) if low[k] == "that"), None)
    yield "A", end, last
    if that is not None and that > end:
        yield "At", that, last
    commas = [k for k in range(end + 3, last - 1) if low[k] in (",", ";", "—")]
    for number, k in enumerate(commas[:4]):
        if low[k + 1] in _CLAUSE_ENDS or number == 0:
            yield ("a" + (low[k + 1] if low[k + 1] in _CLAUSE_ENDS else "-")), (that or end), k
    if begin > first + 2:
        yield "B", first, begin
        semicolons = [k for k in range(first, begin - 3) if low[k] in (",", ";", "—")]
        if semicolons:
            yield "b", semicolons[0] + 1, begin
        if last - end > 3:
            yield "C", first, last


def _trimmed_stretch(scene: Scene, i: int, j: int) -> tuple[int, int]:
    low = scene.tokens.low
    while i < j and not low[i][0].isalnum() and low[i] not in ("$", "£", "€", "#", "@"):
        i += 1
    while j > i and (low[j - 1] in _TRAILING or low[j - 1][0] == "\n"):
        j -= 1
    if j - i > 2 and low[j - 1] in lexicon.DETERMINERS and low[j - 2] == ",":  # “…, the publication said”
        j -= 2
    return i, j


def _report_features(
    scene: Scene, shape: str, i: int, j: int, cue: int, ref: Ref | None, last: int
) -> list[str]:
    tokens, low = scene.tokens, scene.tokens.low
    start = low[i]
    if start not in _STARTING:
        start = "det" if start in lexicon.DETERMINERS else "pro" if start in lexicon.PRONOUNS else "w"
    before = low[i - 1] if i else ""
    before = before if before in (",", ":", "—", "that") else "w"
    follow = low[cue + 1] if cue + 1 < len(low) else ""
    follow = follow if follow in _FOLLOWING else "w"
    side, word, weight = shape[0], low[cue], int(tokens.cue_weight[cue] * 5)
    name = ref.pattern.name if ref and ref.pattern else "none"
    kind = ref.kind_code.lower() if ref else "none"
    return [
        "bias", f"s={shape}", f"s={shape}|{name}", f"s={shape}|{name}|{follow}", f"w={word}",
        f"w={word}|{side}", f"cw{weight}|{side}|{name}", f"n{BUCKETS[min(j - i, 41)]}|{side}",
        f"st={start}|{side}", f"st={start}|{weight}", f"bf={before}|{side}",
        f"k={kind}|{side}|{int(j - i > 8)}", f"k={kind}|{name}", f"e{int(j >= last - 2)}|{side}|{follow}",
        f"f{int(tokens.first[i])}|{side}", f"cm{min(3, low[i:j].count(','))}|{side}",
    ]  # fmt: skip


_MAX_WORDS_BETWEEN = 25  # maximum words of attribution between two parts of one utterance
_MAX_TOKENS_TO_VERB = 12  # maximum tokens between a mention and its verb in the explanation


def quotes_in_part(
    text: str, mentions: Iterable[Mention], offset: int, utterance: int, second: SecondOpinion
) -> list[ExplainedQuote]:
    """Return the quotations in a part of the body that starts at ``offset``, in reading order.

    Args:
        utterance: Number of the first utterance.
        second: The encoder's opinion on doubtful quotations.
    """
    weights = load_weights()
    mentions = [m for m in mentions if m.part == "body"]
    scene = Scene(text, find_spans(text), mentions, offset)

    quotes: list[ExplainedQuote] = []
    utterance -= 1
    previous: AttributedSpan | None = None
    for span in attribute(scene, weights, second):
        if previous is None or not _continues(scene, previous, span):
            utterance += 1
        kind: QuoteKind = "direct" if span.clause else "partial"
        quote = _quote_of(scene, scene.place_of(span.quoted), kind, span.speaker, utterance)
        quotes.append(ExplainedQuote(quote, replace(span.reason, words=_attribution_place(scene, span))))
        previous = span
    for start, end, speaker, probability in reported_stretches(scene, weights):
        utterance += 1
        quote = _quote_of(scene, (start + offset, end + offset), "indirect", speaker, utterance)
        quotes.append(ExplainedQuote(quote, Reason(("rules",), speech=probability)))
    return sorted(quotes, key=lambda one: (one.quote.start, one.quote.end))


def _attribution_place(scene: Scene, span: AttributedSpan) -> tuple[int, int] | None:
    """Return the place in the body of the speaker's mention and its verb of speech ("she said")."""
    ref, tokens = span.speaker.ref, scene.tokens
    if ref is None:
        return None
    verb = reporting_pattern(scene, span.quoted, ref)
    near = verb is not None and verb.cue in range(ref.i - _MAX_TOKENS_TO_VERB, ref.j + _MAX_TOKENS_TO_VERB)
    first, last = (min(ref.i, verb.cue), max(ref.j - 1, verb.cue)) if verb and near else (ref.i, ref.j - 1)
    return tokens.starts[first] + scene.offset, tokens.ends[last] + scene.offset


def _continues(scene: Scene, before: AttributedSpan, span: AttributedSpan) -> bool:
    """Return True for parts of one utterance, split by their attribution or by a paragraph break."""
    who, other = before.speaker.who, span.speaker.who
    if who is not other and not (
        isinstance(who, Entity) and isinstance(other, Entity) and who.name == other.name
    ):
        return False
    paragraphs = span.quoted.para - before.quoted.para
    if paragraphs:
        return paragraphs == 1 and not before.quoted.span.closed and before.quoted.span.label is None
    if not (before.clause and span.clause):
        return False
    words = scene.words_outside[span.quoted.i] - scene.words_outside[before.quoted.j]
    sentences = scene.sentence_marks[span.quoted.i] - scene.sentence_marks[before.quoted.j]
    return words <= _MAX_WORDS_BETWEEN and sentences <= 1


def _quote_of(
    scene: Scene, place: tuple[int, int], kind: QuoteKind, speaker: Speaker, utterance: int
) -> Quote:
    (start, end), offset, ref = place, scene.offset, speaker.ref
    name = display_name(scene, speaker.who)
    return Quote(
        text=scene.text[start - offset : end - offset], speaker=name, kind=kind, start=start, end=end,
        confidence=round(speaker.confidence, 3) if name else 0.0, speaker_kind=_kind_of(scene, speaker.who),
        speaker_start=scene.tokens.starts[ref.i] + offset if ref else None,
        speaker_end=_end_of(scene, ref) + offset if ref else None, utterance=utterance,
    )  # fmt: skip


def _end_of(scene: Scene, ref: Ref) -> int:
    """Return where a mention ends, without the ’s of its last token."""
    tokens = scene.tokens
    end = tokens.ends[ref.j - 1]
    if ref.kind == "name" and tokens.words[ref.j - 1][-2:] in ("’s", "'s"):
        return end - 2
    return end


def _kind_of(scene: Scene, who: Entity | Ref | None) -> SpeakerKind | None:
    """Return the kind of a speaker. A name that the tagger missed counts only if it found no names at all."""
    if who is None:
        return None
    if not isinstance(who, Entity) or (who.kind == "other" and scene.has_tagged_names):
        return "unnamed"
    before = scene.tokens.low[who.first - 1] if who.first else ""
    is_organisation = who.kind == "organisation" or (
        who.kind == "other" and (before == "the" or who.name.isupper())
    )
    return "organisation" if is_organisation else "person"


#: Maximum characters analysed in one step. Longer texts are split between paragraphs if possible.
_MAX_PART_CHARACTERS = 200_000
#: Maximum characters of a body that are searched for quotations. Few books are longer.
_MAX_CHARACTERS = 1_000_000


def find_quotes(article: Article) -> Article:
    """Return the article with its quotations. Mentions, if present, identify the speakers.

    The turns of a transcript or record remain as the reader returned them.
    """
    return replace(article, quotes=article.speech or tuple(one.quote for one in explained_quotes(article)))


def explained_quotes(article: Article) -> Sequence[ExplainedQuote]:
    """Return the quotations of an article, as :func:`find_quotes` finds them, each with its reason."""
    if speech := article.speech:
        return [ExplainedQuote(quote, Reason(("record",))) for quote in speech]
    language = language_of(article)
    if language == ENGLISH:
        return _english_quotes(article)
    find = plugins.find_optional("searcher.annotators", "quotes")
    return find(article, language) if find and language else []


def _english_quotes(article: Article) -> list[ExplainedQuote]:
    quotes: list[ExplainedQuote] = []
    second = SecondOpinion(article)
    for offset, text in _parts(article.body[:_MAX_CHARACTERS]):
        utterance = quotes[-1].quote.utterance + 1 if quotes else 0
        quotes += quotes_in_part(text, article.mentions, offset, utterance, second)
    return quotes


def _parts(body: str) -> Iterator[tuple[int, str]]:
    """Split a body into parts of at most :data:`_MAX_PART_CHARACTERS`. Yield the offset and text of each."""
    start = 0
    while start == 0 or start < len(body):
        end = start + _MAX_PART_CHARACTERS
        if end < len(body):
            cut = body.rfind("\n", start, end)
            end = cut + 1 if cut > start else end
        yield start, body[start:end]
        start = end

"""Quotations of an article: what was said, and by whom.

``marks`` finds the spans between quotation marks and the lines of transcripts, ``scene`` everything that may
be a speaker, ``attribution`` scores candidates with small linear models, ``second_opinion`` has the encoder's
view of those that are doubtful. What is reported without marks joins them: around every reporting word the
best stretch of its sentence that the model believes in. Words that stand alone in their paragraph have the
speaker of the place where the article says whose they are.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from searcher import plugins
from searcher.article import Article, Mention, Quote, QuoteKind, SpeakerKind
from searcher.extract.article_text import language_of
from searcher.extract.quotes import lexicon
from searcher.extract.quotes.attribution import (
    SHARE_LEFT,
    AttributedSpan,
    attribute,
    follows_newcomer,
    likely_antecedents,
)
from searcher.extract.quotes.features import BUCKETS, reporting_pattern
from searcher.extract.quotes.lexicon import Weights, load_weights
from searcher.extract.quotes.marks import find_spans
from searcher.extract.quotes.reasons import Doubt, ExplainedQuote, Judge, Reason
from searcher.extract.quotes.scene import MIN_CUE, Ref, Scene, Speaker, SpokenSpan, scores, shown_name
from searcher.extract.quotes.second_opinion import Opinion, SecondOpinion
from searcher.extract.quotes.tokens import Entity
from searcher.languages import ENGLISH
from searcher.names.normalise import word_set
from searcher.statements import words_of

_RANK = {"mc": 0, "acc": 1, "cm": 2, "c.m": 3, "m,c": 4, "m..c": 5, "m:": 6, "to": 7, "m's": 8}
# The models were trained with these numbers: whoever changes one has to train anew (training/quotes).
_MAX_REACH_TOKENS = 120  # tokens of a sentence on either side of its reporting word
_MAX_CUES = 12  # reporting words weighed in one sentence; more is no sentence
_MIN_REPORTED_WORDS = 3  # words of a reported stretch
#: The log odds that what is found was said: a constant, a point, its word's share (150 articles of PolNeAR).
_SAID_ODDS: Final = (-0.54, 1.08, 1.2)
_MAX_POINTS: Final = 4.0  # more are rare
#: Verbs of saying, and the fewest tokens of a clause. What others do ("hopes", "decided to return") or what
#: rises ("added .9 percent") was hardly said so: such have at most this share of the confidence.
_SAYING: Final = lexicon.STRONG_CUES | lexicon.SPEECH_VERBS
_TELLING: Final = word_set("told tell tells")
#: What turns a sentence otherwise: of 16 reports of 56 pages that were wrong from .7 on half were for these.
_OPENING: Final = word_set("when while after before if once although though")
_WRITERS: Final = word_set("i we you let's let’s we've we’ve i've i’ve")
#: Verbs that mostly have a clause behind them without "that", what begins one behind others, and what none:
#: chosen on 150 reports of saved pages, which the next draw did not confirm (benchmarks/quality/README.md).
_PLAIN: Final = word_set("said say says according")
_CLAUSE: Final = word_set("that he she it they there we")
_NO_CLAUSE: Final = word_set("as while for about over of down or and but which who whose to after than")
_PASSIVE: Final = word_set("was were been is are be")
_ASIDE: Final = lexicon.PREPOSITIONS | {"across"}
#: What is not said; nobody and what figures do; what may follow "according to Roe": chosen on 325 reports.
_UNSAID: Final = word_set("would could might may can will should not never if until whether what which")
_NOUNS_OF_NOBODY: Final = word_set("one other others some many most percent")
_VERBS_OF_FIGURES: Final = word_set("confirms reveals revealed suggests suggested reads")
_COMPLETING: Final = _ASIDE | lexicon.TEXT_NOUNS | lexicon.TIME_NOUNS | {"who", "familiar", "and", "analysis"}
#: Words of a report that says plainly what was said, and how much any other one keeps of its probability.
_MIN_PLAIN_WORDS, _UNPLAIN_SHARE = 6, 0.6
_STOPS = word_set(
    "but while although though adding noting saying whereas after when as because and which who before if"
)
_FOLLOWING = frozenset((",", ".", "that", "to", "he", "she", "they", "it", "the", "of", "in", "on"))
_STARTING = word_set("that to of in for on about with how what")
_TRAILING = frozenset((".", ",", "!", "?", ";", ":", "—", "–", "-", ")", "…"))


class _Cue(NamedTuple):
    """A reporting word, how surely it is one (0..5), its pattern, who governs it, the word after it."""

    word: str
    weight: int
    name: str
    kind: str
    follow: str


class SpeechReport(NamedTuple):
    """A stretch that may be reported speech, tokens ``i`` to ``j``; its reporting word and its speaker."""

    i: int
    j: int
    cue: int
    ref: Ref | None
    features: list[str]


def reported_stretches(scene: Scene, weights: Weights) -> Iterator[tuple[int, int, Speaker, float]]:
    """Start and end in the text, the speaker, and how likely somebody said it in so many words, of every
    stretch of reported speech; none overlap."""
    chosen: list[tuple[float, SpeechReport]] = []
    for group in reports_of(scene):
        points = scores(weights.indirect, [report.features for report in group])
        if max(points) > 0:
            chosen.append((max(points), group[points.index(max(points))]))
    tokens = scene.tokens
    taken = bytearray(len(tokens.words))
    kept: list[tuple[float, SpeechReport]] = []
    for most, report in sorted(chosen, key=lambda pair: -pair[0]):
        if not any(taken[report.i : report.j]):
            taken[report.i : report.j] = b"\1" * (report.j - report.i)
            kept.append((most, report))
    for most, report in sorted(kept, key=lambda pair: pair[1].i):
        speaker = _speaker_of_report(scene, report.ref, weights)
        said = _share_said(scene, report, speaker, most)
        speaker = speaker._replace(confidence=speaker.confidence * said)
        yield tokens.starts[report.i], tokens.ends[report.j - 1], speaker, said


def _share_said(scene: Scene, report: SpeechReport, speaker: Speaker, points: float) -> float:
    """How likely somebody said it in so many words, by the model's points and how surely its word reports."""
    constant, of_points, of_word = _SAID_ODDS
    odds = constant + of_points * min(points, _MAX_POINTS) + of_word * scene.tokens.cue[report.cue]
    word, first = scene.tokens.low[report.cue], scene.tokens.low[report.i]
    said = word in _SAYING and report.j - report.i >= _MIN_PLAIN_WORDS and not first.endswith("ing")
    told = word in _TELLING and first != "that"  # begins with whom it is told
    aside = report.ref is not None and _is_addressed_or_aside(scene, report.ref)
    turned = _is_no_clause(scene, report) or _is_turned(scene, report) or _is_apart(scene, report)
    clear = said and not (told or aside or turned or _is_nobody(scene, report, speaker))
    return (1.0 if clear else _UNPLAIN_SHARE) / (1 + math.exp(-odds))


def _is_nobody(scene: Scene, report: SpeechReport, speaker: Speaker) -> bool:
    """Whether the speaker is neither named nor a noun that speaks ("20 bucks", "some", "results reveal")."""
    if _kind_of(scene, speaker.who) != "unnamed":
        return False
    noun = (shown_name(scene, speaker.who) or "").split(" ")[-1].lower()
    shown = not lexicon.speaker_nouns_in_either_number().isdisjoint((noun, noun.removesuffix("es")))
    pronoun = report.ref is not None and report.ref.kind == "pron"
    cue = scene.tokens.low[report.cue]
    return not shown or pronoun or noun in _NOUNS_OF_NOBODY or cue in _VERBS_OF_FIGURES


def _is_apart(scene: Scene, report: SpeechReport) -> bool:
    """Whether other words part the verb from what was said ("suggested changes that …", "… as Roe wrote")."""
    low, (i, j, cue, ref, _) = scene.tokens.low, report
    if low[cue] == "according":
        after = "".join(low[ref.j : ref.j + 1]) if ref is not None and cue < ref.i else "nobody"
        return (after.isalpha() and after not in _COMPLETING) or low[i - 1 if cue < i else j] != ","
    if j <= cue:
        return "," not in low[j : j + 2]
    gap = low[max(cue + 1, ref.j) if ref is not None and ref.j <= i else cue + 1 : i]
    joined = len(gap) < 2 or gap[-1] in lexicon.TIME_NOUNS or gap[-1].endswith("ing")
    apart = "," in gap[:-1] or gap[:1] in (["to"], ["of"]) or _ASIDE.isdisjoint(gap[:1])
    return apart and not joined and low[cue] not in _TELLING


def _is_no_clause(scene: Scene, report: SpeechReport) -> bool:
    """Whether what follows the verb is no clause that was said ("asked for a boat", "predicts rain")."""
    low, cue = scene.tokens.low, report.cue
    first = low[report.i].replace("’", "'").partition("'")[0]
    plain = low[cue] in _PLAIN or first in _CLAUSE
    return report.i > cue and (first in _NO_CLAUSE or not plain)


def _is_turned(scene: Scene, report: SpeechReport) -> bool:
    """Whether nobody or the writer says it ("it was announced", "you say"), it is asked, or the sentence says
    more ("When aides suggested that …, he was not satisfied")."""
    low, cue = scene.tokens.low, report.cue
    (first, last), before = _sentence_around(scene, cue), low[cue - 1] if cue else ""
    first = next(k for k in range(first, cue + 1) if low[k][0].isalnum())
    opens = low[first] in _OPENING and "," not in low[first:cue] and "," in low[cue : report.j]
    words, lead = scene.tokens.words, report.ref.i - 1 if report.ref else -1
    near = [low[k] for k in (cue - 2, cue - 1, lead) if k >= 0 and words[k] not in ("May", "Will")]
    unsaid = any(word.partition("'")[0] in _UNSAID or word.endswith("n't") for word in near)
    asked = unsaid or "?" in low[report.j : last]
    return (
        opens
        or asked
        or before == "to"
        or before in _WRITERS
        or (before in _PASSIVE and not low[cue].endswith("ing"))
    )


def _is_addressed_or_aside(scene: Scene, ref: Ref) -> bool:
    """Whether somebody is told, or a preposition stands before the name: "an aide to the mayor said"."""
    if ref.pattern and ref.pattern.name == "to":
        return True
    low = scene.tokens.low
    before = ref.i - 1 - (ref.i > 0 and low[ref.i - 1] in lexicon.DETERMINERS)
    return before >= 0 and low[before] in _ASIDE and low[max(0, before - 1)] != "according"


def _speaker_of_report(scene: Scene, ref: Ref | None, weights: Weights) -> Speaker:
    if ref is None:
        return Speaker(None, None, 0.0)
    if ref.kind != "pron":
        return Speaker(ref.entity or ref, ref, 0.9)
    who, share = max(likely_antecedents(scene, ref, None, weights), key=lambda pair: pair[1])
    return Speaker(who, ref, share)


def reports_of(scene: Scene) -> Iterator[list[SpeechReport]]:
    """By reporting word: the stretches that may be what was said."""
    tokens, span = scene.tokens, scene.tokens.span
    subjects = _governors(scene)
    sentence, seen = -1, 0
    for cue in [k for k, weight in enumerate(tokens.cue) if weight >= MIN_CUE and span[k] < 0]:
        sentence, seen = tokens.sent[cue], seen + 1 if tokens.sent[cue] == sentence else 1
        if seen > _MAX_CUES:
            continue
        ref = subjects.get(cue)
        first, last = _sentence_around(scene, cue)
        quoted = [k for k in range(first, last) if span[k] >= 0]
        group, about = [], _about_cue(scene, cue, ref)
        for shape, i, j in _reported_stretches(scene, cue, ref, first, last):
            i, j = _trimmed_stretch(scene, i, j)
            if j - i >= _MIN_REPORTED_WORDS and not any(i <= k < j for k in quoted):
                group.append(SpeechReport(i, j, cue, ref, _report_features(scene, shape, i, j, about, last)))
        if group:
            yield group


def _governors(scene: Scene) -> dict[int, Ref]:
    """By reporting word: the mention that governs it best."""
    best: dict[int, Ref] = {}
    for ref in scene.refs:
        pattern = None if ref.quoted else ref.pattern
        if pattern is None:
            continue
        other = best.get(pattern.cue)
        rival = other.pattern if other else None
        if rival is None or _RANK[pattern.name] <= _RANK[rival.name]:
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
    """Shapes: A after the word (a: cut at a conjunction), B before the clause, C around it."""
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
        if low[k + 1] in _STOPS or number == 0:
            yield ("a" + (low[k + 1] if low[k + 1] in _STOPS else "-")), (that or end), k
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


def _about_cue(scene: Scene, cue: int, ref: Ref | None) -> _Cue:
    tokens, low = scene.tokens, scene.tokens.low
    pattern = ref.pattern if ref else None
    follow = low[cue + 1] if cue + 1 < len(low) else ""
    return _Cue(
        low[cue],
        int(tokens.cue[cue] * 5),
        pattern.name if pattern else "none",
        ref.sort.lower() if ref else "none",
        follow if follow in _FOLLOWING else "w",
    )


def _report_features(scene: Scene, shape: str, i: int, j: int, cue: _Cue, last: int) -> list[str]:
    low = scene.tokens.low
    start = low[i]
    if start not in _STARTING:
        start = "det" if start in lexicon.DETERMINERS else "pro" if start in lexicon.PRONOUNS else "w"
    before = low[i - 1] if i else ""
    before = before if before in (",", ":", "—", "that") else "w"
    side = shape[0]
    return [
        *_of_cue(cue, shape), f"n{BUCKETS[min(j - i, 41)]}|{side}", f"st={start}|{side}",
        f"st={start}|{cue.weight}", f"bf={before}|{side}", f"k={cue.kind}|{side}|{int(j - i > 8)}",
        f"k={cue.kind}|{cue.name}", f"e{int(j >= last - 2)}|{side}|{cue.follow}",
        f"f{int(scene.tokens.first[i])}|{side}", f"cm{min(3, low[i:j].count(','))}|{side}",
    ]  # fmt: skip


@lru_cache(4096)
def _of_cue(cue: _Cue, shape: str) -> tuple[str, ...]:
    word, weight, name, _, follow = cue
    return (
        "bias",
        f"s={shape}",
        f"s={shape}|{name}",
        f"s={shape}|{name}|{follow}",
        f"w={word}",
        f"w={word}|{shape[0]}",
        f"cw{weight}|{shape[0]}|{name}",
    )


_MAX_WORDS_BETWEEN = 25  # words of attribution between two parts of one utterance
_MAX_TOKENS_TO_VERB = 12  # tokens from a mention to the verb that is shown with it


def quotes_of(
    text: str, mentions: Iterable[Mention], offset: int, utterance: int, second: SecondOpinion
) -> list[ExplainedQuote]:
    """The quotes of one stretch of text that begins at ``offset`` of the body, in reading order."""
    weights = load_weights()
    mentions = [m for m in mentions if m.part == "body"]
    scene = Scene(text, find_spans(text), mentions, offset)

    def place(quoted: SpokenSpan) -> tuple[int, int]:
        return quoted.span.start + offset, quoted.span.end + offset

    def ask(quoted: SpokenSpan, whose: bool) -> Opinion | None:
        return second.ask(*place(quoted), whose=whose)

    def expect(doubted: Iterable[SpokenSpan]) -> None:
        second.expect(list(map(place, doubted)))

    said: list[ExplainedQuote] = []
    utterance -= 1
    previous: AttributedSpan | None = None
    for found in attribute(scene, weights, ask, expect):
        if previous is None or not _continues(scene, previous, found):
            utterance += 1
        kind: QuoteKind = "direct" if found.clause else "partial"  # by whether whole clauses are quoted
        quote = _quote_of(scene, place(found.quoted), kind, found.speaker, utterance)
        said.append(ExplainedQuote(quote, replace(found.reason, words=_words_of(scene, found, offset))))
        previous = found
    for start, end, speaker, share in reported_stretches(scene, weights):
        utterance += 1
        doubts: tuple[Doubt, ...] = ("newcomer",) if follows_newcomer(scene, speaker) else ()
        for doubt in doubts:
            speaker = speaker._replace(confidence=speaker.confidence * SHARE_LEFT[doubt])
        quote = _quote_of(scene, (start + offset, end + offset), "indirect", speaker, utterance)
        said.append(ExplainedQuote(quote, Reason(("rules",), speech=share, doubts=doubts)))
    return sorted(said, key=lambda one: (one.quote.start, one.quote.end))


def _words_of(scene: Scene, found: AttributedSpan, offset: int) -> tuple[int, int] | None:
    """The place in the body of the speaker's mention, with the verb of speech that goes with it."""
    ref, tokens = found.speaker.ref, scene.tokens
    if ref is None:
        return None
    verb = reporting_pattern(scene, found.quoted, ref)
    near = verb is not None and verb.cue in range(ref.i - _MAX_TOKENS_TO_VERB, ref.j + _MAX_TOKENS_TO_VERB)
    first, last = (min(ref.i, verb.cue), max(ref.j - 1, verb.cue)) if verb and near else (ref.i, ref.j - 1)
    return tokens.starts[first] + offset, tokens.ends[last] + offset


def _continues(scene: Scene, before: AttributedSpan, found: AttributedSpan) -> bool:
    """Whether two spans are parts of one utterance: split by its attribution, or running over paragraphs."""
    if before.speaker.who is not found.speaker.who and not _same_person(before.speaker, found.speaker):
        return False
    apart = found.quoted.para - before.quoted.para
    if apart:
        return apart == 1 and not before.quoted.span.closed and before.quoted.span.label is None
    if not (before.clause and found.clause):
        return False
    words = scene.words_outside[found.quoted.i] - scene.words_outside[before.quoted.j]
    sentences = scene.sentence_marks[found.quoted.i] - scene.sentence_marks[before.quoted.j]
    return words <= _MAX_WORDS_BETWEEN and sentences <= 1


def _same_person(one: Speaker, other: Speaker) -> bool:
    return isinstance(one.who, Entity) and isinstance(other.who, Entity) and one.who.name == other.who.name


def _quote_of(
    scene: Scene, place: tuple[int, int], kind: QuoteKind, speaker: Speaker, utterance: int
) -> Quote:
    """The quotation at a place of the body."""
    (start, end), offset, ref = place, scene.offset, speaker.ref
    name = shown_name(scene, speaker.who)
    return Quote(
        text=scene.text[start - offset : end - offset], speaker=name, kind=kind, start=start, end=end,
        confidence=round(speaker.confidence, 3) if name else 0.0, speaker_kind=_kind_of(scene, speaker.who),
        speaker_start=scene.tokens.starts[ref.i] + offset if ref else None,
        speaker_end=_end_of(scene, ref) + offset if ref else None, utterance=utterance,
    )  # fmt: skip


def _end_of(scene: Scene, ref: Ref) -> int:
    """Where the mention ends, without the ’s that its last token may carry."""
    tokens = scene.tokens
    end = tokens.ends[ref.j - 1]
    if ref.kind == "name" and tokens.words[ref.j - 1][-2:] in ("’s", "'s"):
        return end - 2
    return end


def _kind_of(scene: Scene, who: Entity | Ref | None) -> SpeakerKind | None:
    """What no tagger took for a name is left open; else one without an article before it is a person."""
    if who is None:
        return None
    if not isinstance(who, Entity) or (who.kind == "other" and scene.annotated):
        return "unnamed"
    before = scene.tokens.low[who.first - 1] if who.first else ""
    as_body = who.kind == "other" and (before == "the" or who.name.isupper())
    return "organisation" if as_body or who.kind == "organisation" else "person"


#: Words that are no accident, and what the other speaker must be worth: chosen on 2,150 articles.
_MIN_WORDS: Final = 4
_MIN_CONFIDENCE: Final = 0.5
#: Quotations with one run of words that are looked at; all that share one are mostly the same.
_MAX_COMPARED_QUOTATIONS: Final = 50


#: Maximum words of a sub-heading, how it does not end, and the share of the confidence that is left: of 12
#: labelled ones between two speakers, the second quoted in the next paragraph, 11 are of the second.
_MAX_SUBHEADING_WORDS: Final = 12
_SENTENCE_ENDS: Final = frozenset(".…,!?;:")
_SUBHEADING_SHARE: Final = 0.75


def with_speakers_of_lone(body: str, found: Sequence[ExplainedQuote]) -> Sequence[ExplainedQuote]:
    """Return the quotations; one that is a paragraph has the speaker of the same words elsewhere, and a
    sub-heading that of the quotation after it."""
    attributed = {one.quote.utterance for one in found if not _stands_alone(body, one.quote)}
    alone = [one.quote.utterance not in attributed for one in found]
    if not any(alone):
        return found
    said = _SaidWords(
        quote
        for (quote, _), apart in zip(found, alone)
        if not apart and quote.speaker and quote.kind != "indirect" and quote.confidence >= _MIN_CONFIDENCE
    )
    following = [*(one.quote for one in found[1:]), None]
    return [
        (_with_speaker(one.quote, said) or _as_subheading(body, one.quote, after) or one) if apart else one
        for one, after, apart in zip(found, following, alone)
    ]


def _as_subheading(body: str, quote: Quote, after: Quote | None) -> ExplainedQuote | None:
    """Return a sub-heading in quotation marks with the speaker of the quotation after it, if it is one."""
    if after is None or after.speaker in (None, quote.speaker) or after.confidence < _MIN_CONFIDENCE:
        return None
    marked = quote.start > 0 and not body[quote.start - 1].isspace()
    short = len(quote.text.split()) <= _MAX_SUBHEADING_WORDS
    last = quote.text[-1] + body[quote.end : quote.end + 4].partition("\n")[0].strip()[-1:]
    attributed = quote.speaker_start is not None and quote.speaker_start > quote.start
    in_next_paragraph = "\n" not in body[quote.end : after.start].partition("\n")[2].strip()
    belongs = in_next_paragraph and after.kind != "indirect" and not _stands_alone(body, after)
    if attributed or not (belongs and marked and short and _SENTENCE_ENDS.isdisjoint(last)):
        return None
    return _spoken_by(quote, after, "subheading", _SUBHEADING_SHARE)


class _SaidWords:
    """The words of quotations with a speaker, by their runs of :data:`_MIN_WORDS`."""

    def __init__(self, quotes: Iterable[Quote]) -> None:
        self._with: dict[tuple[str, ...], list[tuple[str, Quote]]] = defaultdict(list)
        for quote in quotes:
            words = words_of(quote.text)
            written = f" {' '.join(words)} "
            for run in {words[start : start + _MIN_WORDS] for start in range(len(words) - _MIN_WORDS + 1)}:
                if len(self._with[run]) < _MAX_COMPARED_QUOTATIONS:
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


def _with_speaker(quote: Quote, others: _SaidWords) -> ExplainedQuote | None:
    words = words_of(quote.text)
    said = others.first_with(words) if len(words) >= _MIN_WORDS else None
    return None if said is None else _spoken_by(quote, said, "repeated")


def _spoken_by(quote: Quote, other: Quote, judge: Judge, share: float = 1.0) -> ExplainedQuote:
    """Return a quotation with the speaker of another, and a share of its confidence."""
    attributed = replace(
        quote,
        speaker=other.speaker,
        speaker_kind=other.speaker_kind,
        speaker_start=other.speaker_start,
        speaker_end=other.speaker_end,
        confidence=round(share * other.confidence, 3),
    )
    return ExplainedQuote(attributed, Reason((judge,)))


#: Characters handled at once; longer texts are cut between paragraphs, longer paragraphs in the middle.
_MAX_STRETCH_CHARACTERS = 200_000
#: Characters beyond which a body is not read for quotations: longer than almost any book.
_MAX_CHARACTERS = 1_000_000


def find_quotes(article: Article) -> Article:
    """The article with ``quotes`` found anew in its body; mentions, where it has them, name the speakers.

    The turns of a transcript or a record stay as its reader made them.
    """
    return replace(article, quotes=article.speech or tuple(one.quote for one in explained_quotes(article)))


def explained_quotes(article: Article) -> Sequence[ExplainedQuote]:
    """The quotations of an article, found anew as :func:`find_quotes` does, each with its reason."""
    if speech := article.speech:
        return [ExplainedQuote(quote, Reason(("record",))) for quote in speech]
    return with_speakers_of_lone(article.body, _found_quotes(article))


def _found_quotes(article: Article) -> Sequence[ExplainedQuote]:
    language = language_of(article)
    if language == ENGLISH:
        return _english(article)
    find = plugins.find_optional("searcher.annotators", "quotes")
    return find(article, language) if find and language else []


def _english(article: Article) -> Sequence[ExplainedQuote]:
    found: list[ExplainedQuote] = []
    second = SecondOpinion(article)
    for offset, text in _stretches(article.body[:_MAX_CHARACTERS]):
        first = found[-1].quote.utterance + 1 if found else 0
        found += quotes_of(text, article.mentions, offset, first, second)
    return found


def _stretches(body: str) -> Iterator[tuple[int, str]]:
    if len(body) <= _MAX_STRETCH_CHARACTERS:
        yield 0, body
        return
    start = 0
    while start < len(body):
        end = start + _MAX_STRETCH_CHARACTERS
        if end < len(body):
            cut = body.rfind("\n", start, end)
            end = cut + 1 if cut > start else end
        yield start, body[start:end]
        start = end

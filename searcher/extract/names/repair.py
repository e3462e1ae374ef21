"""What the whole article knows and one passage does not: mend the tagger's spans.

Cut what is no part of a name, let every place where a name stands vote on what it names, and mark the
repeats that the tagger overlooked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from searcher.extract.names.ballot import Ballot
from searcher.extract.names.borders import pieces, trimmed, without_legal_form
from searcher.extract.names.candidates import can_be
from searcher.extract.names.joining import join_parts
from searcher.extract.names.lexicon import ALSO_WORDS, GIVEN, TITLES, fold, without_possessive
from searcher.extract.names.people import name_words
from searcher.extract.names.tagger import Kind, Span
from searcher.names.normalise import word_set

__all__ = ["STEPS", "repair"]

# A name is kept whose surest place (any shared word counts for people) reaches this. Swept on news: what
# falls away up to here is wrong more often than right.
_LEAST: Final[dict[Kind, float]] = {"PER": 0.75, "ORG": 0.7}
_LEAST_PLAIN: Final = 0.5
# The word that ends the name of a body and of little else.
_HEADS: Final = word_set(
    """
    department ministry bureau agency commission committee council reserve treasury senate congress parliament
    court university college association federation institute foundation union party inc corp ltd co plc llc
    """
)
# "in Dover", but not "stake in Marlowe", where the tagger may take a company for a town.
_IN = re.compile(
    r"\b(?<!share )(?<!shares )(?<!stake )(?<!stakes )(?<!stock )(?<!interest )(?<!invest )(?<!invested )"
    r"(?<!investment )(?<!investing )(?<!holding )(?<!trading )(?:[Ii]n|near|outside)\s$"
)
_LONGEST_IN: Final = 20  # characters that such words can take
_SHORT = re.compile(r"\s\(\s*(?:the )?[\"“‘]?([A-Z]{3,8})[\"”’]?\s*\)")
_TOKEN = re.compile(r"(?<![\w-])(?:\w+|[^\w\s])")
_GOES_ON = re.compile(r"[\w-]")
_REPEAT_CONFIDENCE: Final = 0.8  # of a mention marked only because the name stands elsewhere in the article


def repair(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans of people and organisations, in order, none overlapping another."""
    mended = sorted(spans)
    for step in STEPS:
        mended = step(text, mended)
    return _apart([span for span in mended if span.kind in _LEAST])


def split_at_breaks(text: str, spans: Sequence[Span]) -> list[Span]:
    """Two names that the tagger saw as one are parted: "Ada Quill / Ben Moss"."""
    return [part for span in spans for part in pieces(text, span)]


def trim_edges(text: str, spans: Sequence[Span]) -> list[Span]:
    """A name is left without its title, its possessive and marks around it: "President Ada Quill’s"."""
    return [span for span in (trimmed(text, span) for span in spans) if span]


def drop_impossible(text: str, spans: Sequence[Span]) -> list[Span]:
    """Nobody is called like a ticker, a dateline, an address: "Marlowe Corp <MRL.L>"."""
    return [span for span in spans if can_be(text, span)]


def _is_town(text: str, span: Span) -> bool:
    """Whether the tagger and the word before agree that it is a place here, whatever it is elsewhere."""
    before = _IN.search(text, max(0, span.start - _LONGEST_IN), span.start)
    return span.kind == "LOC" and bool(before) and "," not in text[span.start : span.end]


def elect_kinds(text: str, spans: Sequence[Span]) -> list[Span]:
    """Every name is of one kind throughout: after "Ada Quill" the organisation "Quill" is she."""
    ballot = Ballot(text, spans)
    return [_surer(replace(span, kind=ballot.elected(span)), ballot) for span in spans]


def _surer(span: Span, ballot: Ballot) -> Span:
    """The span, sure enough to be kept if words beside the name show that it is a body's."""
    doubtful = _LEAST_PLAIN <= span.confidence < _LEAST["ORG"]
    if span.kind == "ORG" and doubtful and ballot.witnessed(span):
        return replace(span, confidence=_LEAST["ORG"])
    return span


def keep_sure(text: str, spans: Sequence[Span]) -> list[Span]:
    """A name stays whose surest place reaches the least confidence of its kind."""
    best: dict[tuple[Kind, str], float] = defaultdict(float)
    keys = [_marks_of(text, span) for span in spans]
    for span, mine in zip(spans, keys):
        for key in mine:
            best[key] = max(best[key], span.confidence)
    return [
        span
        for span, mine in zip(spans, keys)
        if span.kind not in _LEAST or max(best[key] for key in mine) >= _least(text, span)
    ]


def _least(text: str, span: Span) -> float:
    """Less where the words themselves say what it is: "Mark …", "… Department", "… Inc"."""
    words = fold(text[span.start : span.end]).split()
    plain = words[0] in GIVEN if span.kind == "PER" else words[-1] in _HEADS
    return _LEAST_PLAIN if plain else _LEAST[span.kind]


def _marks_of(text: str, span: Span) -> list[tuple[Kind, str]]:
    """What two mentions of one name share: for people any word, for organisations all of them."""
    written = text[span.start : span.end]
    if span.kind == "PER":
        return [(span.kind, word) for word in name_words(written)] or [(span.kind, written)]
    return [(span.kind, fold(without_possessive(written)))]


def mark_repeats(text: str, spans: Sequence[Span]) -> list[Span]:
    """A name is marked wherever it stands; not where the tagger saw a town of the same name."""
    named = [span for span in spans if span.kind in _LEAST]
    return [*spans, *_repeats(text, named, [span for span in spans if _is_town(text, span)])]


def _repeats(text: str, spans: Sequence[Span], places: Sequence[Span]) -> list[Span]:
    known = _worth_finding(text, spans)
    if not known:
        return []
    taken = bytearray(len(text) + 1)
    for span in [*places, *spans]:
        mark = b"\1" if span.kind == "ORG" else b"\2"
        taken[span.start : span.end] = mark * (span.end - span.start)
    found = []
    for name, start in _places_of(text, known):
        kind, end = known[name], start + len(name)
        if not any(taken[start:end]):
            if not _part_of_longer(text, start, end, kind):
                found.append(Span(start, end, kind, _REPEAT_CONFIDENCE))
        elif kind == "ORG" and name.count(" ") > 1 and 2 not in taken[start:end]:
            # the tagger saw a part of what it takes for the name elsewhere: "Times" of "Times of Dover"
            found.append(Span(start, end, kind, _REPEAT_CONFIDENCE))
    return found


def _places_of(text: str, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Where names stand, each place for the longest that fits, none over another."""
    by_start: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=len, reverse=True):
        token = _TOKEN.match(name)
        if token:
            by_start[token[0]].append(name)
    free = 0
    for token in _TOKEN.finditer(text):
        start = token.start()
        for name in by_start.get(token[0], ()) if start >= free else ():
            end = start + len(name)
            if text.startswith(name, start) and not _GOES_ON.match(text, end):
                yield name, start
                free = end
                break


def _worth_finding(text: str, spans: Sequence[Span]) -> dict[str, Kind]:
    counts = Counter((text[span.start : span.end], span.kind) for span in spans)
    known: dict[str, Kind] = {}
    for (name, kind), count in counts.items():
        words = name.split()
        if kind == "PER" and len(words) > 1 and not name.isupper():
            known[name] = "PER"
            surname = words[-1]
            if len(surname) > 3 and surname[0].isupper() and fold(surname) not in ALSO_WORDS:
                known.setdefault(surname, "PER")
        elif kind == "ORG" and len(name) > 3 and (len(words) > 1 or count > 1) and not name.isupper():
            known.setdefault(name, "ORG")
            short = without_legal_form(name)
            if " " in short:
                known.setdefault(short, "ORG")
    for short in _bracketed(text, spans):
        known.setdefault(short, "ORG")
    return known


def _bracketed(text: str, spans: Sequence[Span]) -> Iterator[str]:
    """The letters that an article gives a body once and for all: "Marlowe Harbour Board (MHB)"."""
    for span in spans:
        short = _SHORT.match(text, span.end) if span.kind == "ORG" else None
        if short:
            letters = iter(text[span.start : span.end].lower())
            if short[1][0].lower() == next(letters) and all(c in letters for c in short[1][1:].lower()):
                yield short[1]


def _part_of_longer(text: str, start: int, end: int, kind: Kind) -> bool:
    """Whether a single word stands beside another capitalised one: "Kim Wexler" is not the Wexler known."""
    if " " in text[start:end]:
        return False
    if re.match(r"\s[A-Z]", text[end : end + 2]):
        return True
    if kind == "ORG":
        return False
    before = re.search(r"(^|[.!?\n“\"]\s*)?([A-Z][\w’'-]*)\.?\s$", text[max(0, start - 25) : start])
    return bool(before and before[1] is None and fold(before[2]) not in TITLES)


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Of two that overlap the first, and of two that begin together the longer."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


#: What mends the tagger's spans, in this order; `python -m benchmarks.ablation names` says what each gains.
STEPS: Final[tuple[Callable[[str, Sequence[Span]], list[Span]], ...]] = (
    split_at_breaks,
    join_parts,
    trim_edges,
    drop_impossible,
    elect_kinds,
    keep_sure,
    mark_repeats,
)

"""The labels that the encoder gives to words of an article, each evened out over it, and the spans of names
that they make."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from searcher.extract.names.tagger import Kind, NameSpan

if TYPE_CHECKING:
    from searcher.extract.encoder.encoded_text import EncodedText

#: The share of the mean over all places of a word in its probability at each of them: swept on 29 languages.
SHARE_OF_OTHER_PLACES: Final = 0.6
_MIN_LETTERS: Final = 2  # of a word that its equals even out
_MIN_PROBABILITY: Final = 1e-9  # probability whose logarithm is taken


def evened_labels(reading: EncodedText) -> NDArray[np.float32]:
    """The log probabilities of the labels of names, shape (units, 5), evened out over equal words.

    Words that begin in lower case stay as they are. How the probability of a kind is divided among its first
    and its further words stays too: "Roe" ends "Jane Roe" and begins "Roe".
    """
    labels = np.exp(reading.names)
    kinds = np.stack([labels[:, 0], labels[:, 1:3].sum(axis=1), labels[:, 3:5].sum(axis=1)], axis=1)
    evened = labels.copy()
    for places in _places_of_words(reading):
        own = kinds[places]
        new = (1 - SHARE_OF_OTHER_PLACES) * own + SHARE_OF_OTHER_PLACES * own.mean(axis=0)
        evened[places, 0] = new[:, 0]
        grown = new[:, 1:] / np.maximum(own[:, 1:], _MIN_PROBABILITY)
        evened[places, 1:] *= grown.repeat(2, axis=1)
    found: NDArray[np.float32] = np.log(np.maximum(evened, _MIN_PROBABILITY))
    return found


def _places_of_words(reading: EncodedText) -> list[list[int]]:
    """The units of each word that stands in several places."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(reading.units):
        first = reading.text[unit.start]
        if unit.end - unit.start >= _MIN_LETTERS and first.isalpha() and not first.islower():
            found[reading.text[unit.start : unit.end]].append(number)
    return [places for places in found.values() if len(places) > 1]


LABELS: Final = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG")
_KINDS: Final[tuple[Kind, ...]] = ("PER", "ORG")
#: For each label those that may stand before it: a name goes on only with its own kind.
_BEFORE: Final = ((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (1, 2), (0, 1, 2, 3, 4), (3, 4))
_INSIDE: Final = (2, 4)  # the labels of further words of a name
#: Added to the log odds of organisations, as the sets of labels differ: swept on 26 languages.
LOG_ODDS_OF_ORGANISATION: Final = 0.5
#: Mean probability below which nobody is named, of people and of organisations: swept on fourteen languages.
MIN_NAME_SHARES: Final = (0.6, 0.45)
_EDGES: Final = " \t\n\u00a0\"'“”„‟«»‹›‘’‚`´()[]{}<>「」『』《》〈〉（）［］＝－,;:!?…。、،؛–—-"
_BEFORE_QUOTED: Final = re.compile(' [«„“"]')
_CLOSES_QUOTED: Final = frozenset('»”“"')
_MAX_SMALL_WORD_LETTERS: Final = 3  # letters of a word that joins the parts of a name: "de", "der", "och"
_MAX_ADDED_WORDS: Final = 3  # words behind it
#: The second half of a double name: "Meinl" + "-Reisinger".
_HYPHENED: Final = re.compile(r"(?:-[A-Z\u00c0-\u00de\u0100-\u024f\u0400-\u042f]\w+)+")
#: A foreign name goes on to the end of its syllables: "スモトリ" + "ッチ" (Japanese people gain .5 to .9 F1).
_KATAKANA: Final = re.compile("[\u30a1-\u30fa\u30fc]+")
#: What only Japanese is written with. What stands between two people in it, if not within a foreign name:
#: "中曽根・レーガン"; in Chinese such a dot stands within names ("唐納・川普").
_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_BETWEEN_PEOPLE: Final = re.compile("(?<=[\u4e00-\u9fff])[・－]|[・－](?=[\u4e00-\u9fff])")
#: A name without the mark before it, "Mr", a particle behind it, the country of its bearer's title:
#: "Ａ 安倍晋三", "習氏", "ケネスの", "トランプ米" + "大統領" (300 articles of ja-train that were
#: not looked at: F1 of people 74.8 → 77.4).
_JAPANESE_NAME: Final = re.compile(
    "(?:[Ａ-Ｚ\u30a1-\u30fa]\\s+)?(.+?)"
    "(?:(?<=[\u30a1-\u30fa\u30fc])[\u4e00-\u9fff]|(?<=[\u30a1-\u30fa\u30fc\u4e00-\u9fff])[氏のら])?"
)
#: Stops that end a sentence, and not an abbreviation of one letter or of a legal form ("S.A.", "a. s.").
_STOPPED: Final = re.compile(r"[^\W\d_]{3,}\.$")


def name_spans(reading: EncodedText) -> list[NameSpan]:
    """The spans of a text in order, none overlapping another, each with the mean probability of its kind."""
    spans: list[NameSpan] = []
    names = evened_labels(reading)
    japanese = _KANA.search(reading.text) is not None
    for run in _runs_of_names(reading, names):
        scores = names[run].copy()
        scores[:, 3:] += LOG_ODDS_OF_ORGANISATION
        for first, last, kind in _names_in_labels(likeliest(scores), run.start):
            span = _span_of_units(reading, names, first, last, kind)
            if span and spans and _names_quoted(reading.text, spans[-1], span):
                spans[-1] = replace(spans[-1], end=span.end + 1)
            elif span:
                spans += each_person(reading.text, span) if kind == 0 and japanese else [span]
    return spans


def each_person(text: str, span: NameSpan) -> Iterator[NameSpan]:
    """The people of a span in a Japanese text; one of another script has one."""
    between = [match.span() for match in _BETWEEN_PEOPLE.finditer(text, span.start, span.end)]
    places = [span.start, *(place for pair in between for place in pair), span.end]
    for start, end in zip(places[::2], places[1::2]):
        if name := _JAPANESE_NAME.fullmatch(text, start, end):
            yield replace(span, start=name.start(1), end=name.end(1))


def _names_quoted(text: str, form: NameSpan, name: NameSpan) -> bool:
    """Whether a body's name stands between marks behind what it is: "ТОВ «Великі ключі»"."""
    opens = _BEFORE_QUOTED.fullmatch(text, form.end, name.start) is not None
    return opens and text[name.end : name.end + 1] in _CLOSES_QUOTED and form.kind == name.kind == "ORG"


def _runs_of_names(reading: EncodedText, names: NDArray[np.float32]) -> Iterator[slice]:
    """Neighbouring units of one line of which each may belong to a name; no other can."""
    maybe = names[:, 0] < np.log(np.float32(0.99))
    begin: int | None = None
    for number, unit in enumerate(reading.units):
        if begin is not None and (unit.breaks or not maybe[number]):
            yield slice(begin, number)
            begin = None
        if begin is None and maybe[number]:
            begin = number
    if begin is not None:
        yield slice(begin, len(reading.units))


def likeliest(scores: NDArray[np.float32]) -> list[int]:
    """The sequence of labels with the greatest sum of log probabilities in which no name begins with I-."""
    first = enumerate(scores[0].tolist())
    best = [score if label not in _INSIDE else float("-inf") for label, score in first]
    back: list[list[int]] = []
    for row in scores[1:].tolist():
        sources = [max(before, key=best.__getitem__) for before in _BEFORE]
        best = [best[source] + row[label] for label, source in enumerate(sources)]
        back.append(sources)
    label = max(range(len(LABELS)), key=best.__getitem__)
    path = [label]
    for sources in reversed(back):
        label = sources[label]
        path.append(label)
    return path[::-1]


def _names_in_labels(labels: Sequence[int], offset: int) -> Iterator[tuple[int, int, int]]:
    """First and last unit of each name, and its kind."""
    begin: int | None = None
    for number, label in enumerate([*labels, 0]):
        if begin is not None and label not in _INSIDE:
            yield begin + offset, number - 1 + offset, (labels[begin] - 1) // 2
            begin = None
        if label and label not in _INSIDE:
            begin = number


def _span_of_units(
    reading: EncodedText, names: NDArray[np.float32], first: int, last: int, kind: int
) -> NameSpan | None:
    last = _completed_end(reading, first, last)
    start, end = _without_marks(reading.text, reading.units[first].start, reading.units[last].end)
    if kind == 0:
        longer = _HYPHENED.match(reading.text, end) or _KATAKANA.match(reading.text, end - 1)
        end = longer.end() if longer else end
    written = reading.text[start:end]
    if not any(map(str.isalpha, written)) or written.islower():
        return None
    shares = np.exp(names[first : last + 1, 1 + 2 * kind : 3 + 2 * kind]).sum(axis=1)
    share = round(float(shares.mean()), 3)
    return NameSpan(start, end, _KINDS[kind], share) if share >= MIN_NAME_SHARES[kind] else None


def _completed_end(reading: EncodedText, first: int, last: int) -> int:
    """The last unit of a name that ends in a small word: "Junta de" goes on with capitals, or ends before."""
    if last == first or not _is_small(reading, last):
        return last
    end = last + 1
    while end < len(reading.units) and end <= last + _MAX_ADDED_WORDS and _is_capital(reading, end):
        end += 1
    if end > last + 1:
        return end - 1
    while last > first and _is_small(reading, last):
        last -= 1
    return last


def _is_small(reading: EncodedText, number: int) -> bool:
    unit = reading.units[number]
    return unit.end - unit.start <= _MAX_SMALL_WORD_LETTERS and reading.text[unit.start : unit.end].islower()


def _is_capital(reading: EncodedText, number: int) -> bool:
    unit = reading.units[number]
    return not unit.breaks and reading.text[unit.start].isupper()


def _without_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Without marks at the edges, but for a bracket that belongs to one inside the name."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        if text[end - 1] in ")»”" and any(mark in text[start : end - 1] for mark in "(«“„"):
            break
        end -= 1
    if _STOPPED.search(text[start:end]):
        end -= 1
    return start, end

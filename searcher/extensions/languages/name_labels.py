"""Find names from the encoder's labels, averaged over all occurrences of a word."""

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

#: Weight of the mean over all occurrences of a word. Chosen on 29 languages.
SHARE_OF_OTHER_PLACES: Final = 0.6
_MIN_LETTERS: Final = 2  # minimum letters of a word that is averaged
_MIN_PROBABILITY: Final = 1e-9  # avoids log(0)


def averaged_labels(reading: EncodedText) -> NDArray[np.float32]:
    """Return log probabilities of the labels, shape (units, 5), averaged over equal words.

    Words in lower case are not averaged. The ratio of B- to I- labels is unchanged: "Roe" ends "Jane Roe" and
    begins "Roe".
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
    logs: NDArray[np.float32] = np.log(np.maximum(evened, _MIN_PROBABILITY))
    return logs


def _places_of_words(reading: EncodedText) -> list[list[int]]:
    """Return the units of each word that occurs more than once."""
    places_by_word: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(reading.units):
        first = reading.text[unit.start]
        if unit.end - unit.start >= _MIN_LETTERS and first.isalpha() and not first.islower():
            places_by_word[reading.text[unit.start : unit.end]].append(number)
    return [places for places in places_by_word.values() if len(places) > 1]


LABELS: Final = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG")
_KINDS: Final[tuple[Kind, ...]] = ("PER", "ORG")
#: Labels allowed before each label. A name continues only with its own kind.
_BEFORE: Final = ((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (1, 2), (0, 1, 2, 3, 4), (3, 4))
_INSIDE: Final = (2, 4)  # I-PER and I-ORG
#: Added to the log odds of organisations. Chosen on 26 languages.
LOG_ODDS_OF_ORGANISATION: Final = 0.5
#: Minimum mean probability of a person and of an organisation. Chosen on 14 languages.
MIN_NAME_SHARES: Final = (0.6, 0.45)
_EDGES: Final = " \t\n\u00a0\"'“”„‟«»‹›‘’‚`´()[]{}<>「」『』《》〈〉（）［］＝－,;:!?…。、،؛–—-"
_BEFORE_QUOTED: Final = re.compile(' [«„“"]')
_CLOSES_QUOTED: Final = frozenset('»”“"')
_MAX_SMALL_WORD_LETTERS: Final = 3  # maximum letters of a connecting word: "de", "der", "och"
_MAX_ADDED_WORDS: Final = 3  # maximum words after a connecting word
#: The second half of a double name: "Meinl" + "-Reisinger".
_HYPHENED: Final = re.compile(r"(?:-[A-Z\u00c0-\u00de\u0100-\u024f\u0400-\u042f]\w+)+")
#: The rest of a foreign name in Japanese: "スモトリ" + "ッチ".
_KATAKANA: Final = re.compile("[\u30a1-\u30fa\u30fc]+")
#: Characters that only Japanese uses.
_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
#: Separator between two people in Japanese: "中曽根・レーガン". Within a foreign name, and in Chinese
#: ("唐納・川普"), the same dot is part of the name.
_BETWEEN_PEOPLE: Final = re.compile("(?<=[\u4e00-\u9fff])[・－]|[・－](?=[\u4e00-\u9fff])")
#: A Japanese name without the marker before it and the title, particle or country after it:
#: "Ａ 安倍晋三", "習氏", "ケネスの", "トランプ米" + "大統領". Raises F1 for Japanese people by 2.6 points.
_JAPANESE_NAME: Final = re.compile(
    "(?:[Ａ-Ｚ\u30a1-\u30fa]\\s+)?(.+?)"
    "(?:(?<=[\u30a1-\u30fa\u30fc])[\u4e00-\u9fff]|(?<=[\u30a1-\u30fa\u30fc\u4e00-\u9fff])[氏のら])?"
)
#: A full stop at the end of a sentence, not of an abbreviation ("S.A.", "a. s.").
_STOPPED: Final = re.compile(r"[^\W\d_]{3,}\.$")


def name_spans(reading: EncodedText) -> list[NameSpan]:
    """Return the names of a text in order, without overlaps, with their mean probabilities."""
    spans: list[NameSpan] = []
    names = averaged_labels(reading)
    japanese = _KANA.search(reading.text) is not None
    for run in _runs_of_names(reading, names):
        scores = names[run].copy()
        scores[:, 3:] += LOG_ODDS_OF_ORGANISATION
        for first, last, kind in _names_in_labels(most_likely_labels(scores), run.start):
            span = _span_of_units(reading, names, first, last, kind)
            if span and spans and _is_quoted_name(reading.text, spans[-1], span):
                spans[-1] = replace(spans[-1], end=span.end + 1)
            elif span:
                spans += split_people(reading.text, span) if kind == 0 and japanese else [span]
    return spans


def split_people(text: str, span: NameSpan) -> Iterator[NameSpan]:
    """Yield the people of a span in a Japanese text."""
    separators = [match.span() for match in _BETWEEN_PEOPLE.finditer(text, span.start, span.end)]
    places = [span.start, *(place for pair in separators for place in pair), span.end]
    for start, end in zip(places[::2], places[1::2]):
        if name := _JAPANESE_NAME.fullmatch(text, start, end):
            yield replace(span, start=name.start(1), end=name.end(1))


def _is_quoted_name(text: str, form: NameSpan, name: NameSpan) -> bool:
    """Return True for an organisation in quotation marks after its legal form: "ТОВ «Великі ключі»"."""
    opens = _BEFORE_QUOTED.fullmatch(text, form.end, name.start) is not None
    return opens and text[name.end : name.end + 1] in _CLOSES_QUOTED and form.kind == name.kind == "ORG"


def _runs_of_names(reading: EncodedText, names: NDArray[np.float32]) -> Iterator[slice]:
    """Yield runs of units of one line that may belong to names."""
    may_be_name = names[:, 0] < np.log(np.float32(0.99))
    begin: int | None = None
    for number, unit in enumerate(reading.units):
        if begin is not None and (unit.breaks or not may_be_name[number]):
            yield slice(begin, number)
            begin = None
        if begin is None and may_be_name[number]:
            begin = number
    if begin is not None:
        yield slice(begin, len(reading.units))


def most_likely_labels(scores: NDArray[np.float32]) -> list[int]:
    """Return the most likely sequence of labels in which no name starts with I-."""
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
    """Yield first unit, last unit and kind of each name."""
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
    """Extend a name that ends in a connecting word ("Junta de") by capitalised words, or remove that word."""
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
    """Remove marks at the edges, except a closing one whose opening one is inside the name."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        if text[end - 1] in ")»”" and any(mark in text[start : end - 1] for mark in "(«“„"):
            break
        end -= 1
    if _STOPPED.search(text[start:end]):
        end -= 1
    return start, end

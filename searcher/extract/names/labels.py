"""The labels that the encoder gives to units, decoded to spans of people and organisations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from searcher.extract.names.agreement import agreed
from searcher.extract.names.tagger import Kind, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from searcher.extract.encoder import Reading

__all__ = ["LABELS", "decoded", "likeliest"]

LABELS: Final = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG")
_KINDS: Final[tuple[Kind, ...]] = ("PER", "ORG")
#: For each label those that may stand before it: a name goes on only with its own kind.
_BEFORE: Final = ((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (1, 2), (0, 1, 2, 3, 4), (3, 4))
_INSIDE: Final = (2, 4)
#: What is added to the log odds of organisations, on which the sets that taught the labels differ: what one
#: names another leaves out. Swept on 26 languages; people need nothing.
ORGANISATIONS: Final = 0.5
#: Mean probability below which nobody is named, of people and of organisations: mostly places are, and
#: products. As the mean of fourteen languages .4, .5, .6, .65 and .7 gave 88.7, 89.0, 89.2, 89.1 and 89.1
#: (people), and none, .35, .45 and .55 gave 66.5, 66.7, 67.3 and 66.5 (organisations). By fifteen other
#: languages alone .65 and .45 would have been chosen.
MIN_NAME_SHARES: Final = (0.6, 0.45)
_EDGES: Final = " \t\n\u00a0\"'“”„‟«»‹›‘’‚`´()[]{}<>「」『』《》〈〉,;:!?…。、،؛–—-"
_BEFORE_QUOTED: Final = re.compile(' [«„“"]')
_QUOTED: Final = frozenset('»”“"')
_MAX_SMALL_WORD: Final = 3  # letters of a word that joins the parts of a name: "de", "der", "och"
_MAX_COMPLETED: Final = 3  # words behind it
#: The second half of a double name: "Meinl" + "-Reisinger".
_HYPHENED: Final = re.compile(r"(?:-[A-Z\u00c0-\u00de\u0100-\u024f\u0400-\u042f]\w+)+")
#: A foreign name goes on to the end of its syllables: "スモトリ" + "ッチ" (Japanese people gain .5 to .9 F1).
_KATAKANA: Final = re.compile("[\u30a1-\u30fa\u30fc]+")
#: Stops that end a sentence, and not an abbreviation of one letter or of a legal form ("S.A.", "a. s.").
_STOPPED: Final = re.compile(r"[^\W\d_]{3,}\.$")


def decoded(reading: Reading) -> list[Span]:
    """The spans of a text in order, none overlapping another, each with the mean probability of its kind."""
    spans: list[Span] = []
    names = agreed(reading)
    for run in _runs(reading, names):
        scores = names[run].copy()
        scores[:, 3:] += ORGANISATIONS
        for first, last, kind in _names(likeliest(scores), run.start):
            span = _span(reading, names, first, last, kind)
            if span and spans and _names_quoted(reading.text, spans[-1], span):
                spans[-1] = replace(spans[-1], end=span.end + 1)
            elif span:
                spans.append(span)
    return spans


def _names_quoted(text: str, form: Span, name: Span) -> bool:
    """Whether a body's name stands between marks behind what it is: "ТОВ «Великі ключі»"."""
    quoted = _BEFORE_QUOTED.fullmatch(text, form.end, name.start) and text[name.end : name.end + 1] in _QUOTED
    return bool(quoted) and form.kind == name.kind == "ORG"


def _runs(reading: Reading, names: NDArray[np.float32]) -> Iterator[slice]:
    """Neighbouring units of one line of which each may belong to a name; no other can."""
    import numpy as np

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
    best = [
        score if label not in _INSIDE else float("-inf") for label, score in enumerate(scores[0].tolist())
    ]
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


def _names(labels: Sequence[int], offset: int) -> Iterator[tuple[int, int, int]]:
    """First and last unit of each name, and its kind."""
    begin: int | None = None
    for number, label in enumerate([*labels, 0]):
        if begin is not None and label not in _INSIDE:
            yield begin + offset, number - 1 + offset, (labels[begin] - 1) // 2
            begin = None
        if label and label not in _INSIDE:
            begin = number


def _span(reading: Reading, names: NDArray[np.float32], first: int, last: int, kind: int) -> Span | None:
    import numpy as np

    last = _completed(reading, first, last)
    start, end = _trimmed(reading.text, reading.units[first].start, reading.units[last].end)
    if kind == 0:
        longer = _HYPHENED.match(reading.text, end) or _KATAKANA.match(reading.text, end - 1)
        end = longer.end() if longer else end
    written = reading.text[start:end]
    if not any(map(str.isalpha, written)) or written.islower():
        return None
    shares = np.exp(names[first : last + 1, 1 + 2 * kind : 3 + 2 * kind]).sum(axis=1)
    share = round(float(shares.mean()), 3)
    return Span(start, end, _KINDS[kind], share) if share >= MIN_NAME_SHARES[kind] else None


def _completed(reading: Reading, first: int, last: int) -> int:
    """The last unit of a name that does not end in a small word: "Junta de" goes on with the capitals that
    follow, or ends before it."""
    if last == first or not _is_small(reading, last):
        return last
    end = last + 1
    while end < len(reading.units) and end <= last + _MAX_COMPLETED and _is_capital(reading, end):
        end += 1
    if end > last + 1:
        return end - 1
    while last > first and _is_small(reading, last):
        last -= 1
    return last


def _is_small(reading: Reading, number: int) -> bool:
    unit = reading.units[number]
    return unit.end - unit.start <= _MAX_SMALL_WORD and reading.text[unit.start : unit.end].islower()


def _is_capital(reading: Reading, number: int) -> bool:
    unit = reading.units[number]
    return not unit.breaks and reading.text[unit.start].isupper()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
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

"""One reading of a name throughout an article: what is a person in one sentence is one in the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from searcher.extract.names.tagger import Kind, Span
from searcher.languages.scripts import is_unspaced

if TYPE_CHECKING:
    from searcher.extract.encoder import Reading

__all__ = ["agreed"]

#: Mean probability over all its places from which a name is one at each of them.
MIN_SHARE: Final = 0.3
#: Mean probability below which nobody is named: mostly places are (1 F1 in the mean of 26 languages).
MIN_PERSON: Final = 0.4
_MIN_LETTERS: Final = 2
_LABELS: Final[dict[Kind, slice]] = {"PER": slice(1, 3), "ORG": slice(3, 5)}


def agreed(reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """The spans with one kind for each name, and with the places where it was not seen; no doubtful person.

    A name is looked for with its first letter as it is written there; a place inside a longer name is that
    name's.
    """
    kinds: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        kinds[reading.text[span.start : span.end]].append(span)
    taken = _Taken(spans)
    found = list(spans)
    for name, written in kinds.items():
        if len(name) < _MIN_LETTERS or not (name[0].isupper() or is_unspaced(name[0])):
            continue
        places = [place for place in _places(reading, name) if taken.is_free(*place) or place in taken.own]
        if len(places) < 2:
            continue
        shares = {kind: _share(reading, places, kind) for kind in _LABELS}
        kind = max(shares, key=shares.__getitem__)
        if shares[kind] < MIN_SHARE:
            continue
        found = [span for span in found if span not in written]
        found += [Span(start, end, kind, round(shares[kind], 3)) for start, end in places]
        for place in places:
            taken.add(*place)
    return sorted(span for span in found if span.kind != "PER" or span.confidence >= MIN_PERSON)


class _Taken:
    """The places of an article that belong to names."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.own = {(span.start, span.end) for span in spans}
        self._letters = {place for span in spans for place in range(span.start, span.end)}

    def is_free(self, start: int, end: int) -> bool:
        return self._letters.isdisjoint(range(start, end))

    def add(self, start: int, end: int) -> None:
        self.own.add((start, end))
        self._letters.update(range(start, end))


def _places(reading: Reading, name: str) -> Iterator[tuple[int, int]]:
    """Where whole units of the text read as a name."""
    start = reading.text.find(name)
    while start >= 0:
        end = start + len(name)
        first = reading.units[reading.unit_at(start)]
        last = reading.units[reading.unit_at(end - 1)]
        if first.start == start and last.end == end:
            yield start, end
        start = reading.text.find(name, end)


def _share(reading: Reading, places: Sequence[tuple[int, int]], kind: Kind) -> float:
    """The mean probability of a kind over the units of a name, at all its places."""
    import numpy as np

    total = 0.0
    for start, end in places:
        rows = reading.names[reading.unit_at(start) : reading.unit_at(end - 1) + 1, _LABELS[kind]]
        total += float(np.exp(rows).sum(axis=1).mean())
    return total / len(places)

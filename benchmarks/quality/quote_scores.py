"""The score of quotations in any language: which are found, and which of them go to the right speaker.

Both sides are compared as units: a quotation cut at line ends, without marks at its edges, and without what
lies inside another. A unit is found where one of the other side overlaps it by four fifths. A speaker is
right where it is one of the names that the labels accept; of an unnamed one the last word of the nominal is
enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from searcher.names.normalise import word_set

#: The share of what either covers that both must cover, for a quotation to count as found.
MIN_OVERLAP: Final = 0.8
_EDGES: Final = frozenset(" \t\r\n\u00a0\"“”„«»‘’'`,.;:!?…—–-()[]*「」『』‹›‚《》〈〉。、")
_LINE_ENDS: Final = re.compile(r"(\n+)")
_WORDS: Final = re.compile(r"[\w’'-]+")
_POSSESSIVE: Final = re.compile(r"[’']s\b")
_CJK: Final = re.compile("[\uf900-\ufaff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_HONORIFIC: Final = re.compile(
    r"(さん|氏|容疑者|首相|大統領|財務相|理事長|警部補|会長|社長|教授"
    r"|씨|전 대표|대표|의원|후보|장관|대통령|최고위원|총리)+$"
)
_AFTER_CJK: Final = re.compile(r"[\s（(].*$")
_TITLES: Final = word_set(
    "mr mrs ms miss dr sen rep gov president vice senator secretary judge gen sir lord prof professor former "
    "lt col justice representative governor mayor chief state the a an prime minister ceo"
)
_SUFFIXES: Final = word_set("jr sr ii iii iv")
_ARTICLES: Final = word_set(
    "the a an mr ms mrs jr der die das dem den ein eine einer el la le un una en ett et ce il"
)
_HEAD_ENDS: Final = re.compile(
    r",| who | that | which | of | for | from | in | at | on | by | with | to | de | del | des | du | di "
    r"| von | vom | der | mit | till | från | för | i |\("
)

Place = tuple[int, int]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A quotation that a program found."""

    start: int
    end: int
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Label:
    """What the labels know of the speaker of a quotation, and how it is marked."""

    speakers: tuple[str, ...]
    named: bool
    dash: bool


@dataclass(slots=True)
class Score:
    """Counts over articles."""

    labelled: int = 0
    kept: int = 0
    found: int = 0
    judged: int = 0  # labelled quotations with a known speaker
    kept_judged: int = 0  # kept ones without those whose speaker the labels do not know
    right: int = 0
    dashes: int = 0
    dashes_found: int = 0
    no_speech: int = 0
    no_speech_kept: int = 0

    def add(self, other: Score) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @property
    def f1(self) -> float:
        """Found and given to the right speaker."""
        total = self.judged + self.kept_judged
        return 2 * self.right / total if total else 0.0

    @property
    def precision(self) -> float:
        return self.right / self.kept_judged if self.kept_judged else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.judged if self.judged else 0.0

    @property
    def share_found(self) -> float:
        return self.found / self.labelled if self.labelled else 0.0


def score(row: Row, said: Iterable[Said]) -> Score:
    """One labelled article beside what a program found in it."""
    text = row["text"]
    labelled = _units(text, labels_of(row))
    kept = _units(text, [(one.start, one.end, one) for one in said])
    pairs = _matched(labelled, kept)
    result = Score(labelled=len(labelled), kept=len(kept), found=len(pairs), kept_judged=len(kept))
    for number, (_, _, label) in enumerate(labelled):
        result.dashes += label.dash
        result.dashes_found += label.dash and number in pairs
        if not label.speakers:
            result.kept_judged -= number in pairs
            continue
        result.judged += 1
        if number in pairs:
            result.right += is_speaker(kept[pairs[number]][2].speaker, label)
    matched = set(pairs.values())
    others = [_trimmed(text, start, end) for start, end in row.get("not_quotes", ())]
    result.no_speech = len(others)
    for number, (start, end, _) in enumerate(kept):
        if number not in matched:
            result.no_speech_kept += any(_overlap((start, end), other) >= 0.5 for other in others)
    return result


def labels_of(row: Row) -> list[tuple[int, int, Label]]:
    """The labelled quotations between marks or dashes, fragment by fragment."""
    found = []
    for quote in row["quotes"]:
        if quote["type"] == "indirect":
            continue
        canonical = quote.get("speaker_canonical")
        names = [*(quote.get("aliases") or ()), *([canonical] if canonical else ())]
        label = Label(tuple(names), bool(quote.get("named")), quote.get("marks") == "dash")
        places = quote.get("fragments") if quote["type"] == "mixed" else None
        found += [(start, end, label) for start, end in places or [(quote["start"], quote["end"])]]
    return found


def _units(text: str, items: Iterable[tuple[int, int, Any]]) -> list[tuple[int, int, Any]]:
    cut = []
    for start, end, what in items:
        for part in _LINE_ENDS.split(text[start:end]):
            if part and part[0] != "\n":
                first, last = _trimmed(text, start, start + len(part))
                if last > first:
                    cut.append((first, last, what))
            start += len(part)
    units: list[tuple[int, int, Any]] = []
    for first, last, what in sorted(cut, key=lambda unit: (unit[0], -unit[1])):
        if units and first < units[-1][1]:
            units[-1] = (units[-1][0], max(last, units[-1][1]), units[-1][2])
        else:
            units.append((first, last, what))
    return units


def _trimmed(text: str, start: int, end: int) -> Place:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _overlap(one: Place, other: Place) -> float:
    """The share of what both cover in what either covers."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))


def _matched(labelled: Sequence[Any], kept: Sequence[Any]) -> dict[int, int]:
    """By number of a label the number of what was found there; those that overlap most first."""
    pairs = [
        (share, i, j)
        for i, one in enumerate(labelled)
        for j, other in enumerate(kept)
        if (share := _overlap(one[:2], other[:2])) >= MIN_OVERLAP
    ]
    found: dict[int, int] = {}
    for _, i, j in sorted(pairs, reverse=True):
        if i not in found and j not in found.values():
            found[i] = j
    return found


# Speakers


def is_speaker(name: str | None, label: Label) -> bool:
    """Whether a name or nominal is one that the label accepts."""
    if not name:
        return False
    for accepted in label.speakers:
        if _same_name(name.strip(), accepted):
            return True
        if not label.named and _head(accepted) and _head(accepted) == _head(name):
            return True
    return False


def _same_name(one: str, other: str) -> bool:
    if _CJK.search(one + other):
        one, other = (
            _AFTER_CJK.sub("", _HONORIFIC.sub("", x.strip())) if _CJK.search(x) else x for x in (one, other)
        )
        if not one:
            return False
        return one == other or (len(one) >= 2 and len(other) >= 2 and (one in other or other in one))
    return _same_words(_name_words(one), _name_words(other))


def _same_words(found: tuple[list[str], list[str]], accepted: tuple[list[str], list[str]]) -> bool:
    """Words and suffixes of both: surnames and, where both have them, given names that agree."""
    (one, _), (other, _) = found, accepted
    if not one or not other:
        return False
    if one == other:
        return _same_generation(found, accepted)
    if one[-1] != other[-1]:
        given_only = len(other) >= 2 and len(one) == 1 and one[0] == other[0]
        return given_only or set(other) <= set(one) or (len(one) >= 2 and set(one) <= set(other))
    if len(one) > 1 and len(other) > 1:
        a, b = one[0], other[0]
        if a[0] != b[0]:
            return a in other or b in one
        if len(a) > 2 and len(b) > 2 and a != b:
            return a in other or b in one or a.startswith(b) or b.startswith(a)
    return not ("jr" in accepted[1] and len(one) > 1 and "jr" not in found[1])


def _same_generation(found: tuple[list[str], list[str]], accepted: tuple[list[str], list[str]]) -> bool:
    (one, mine), (other, theirs) = found, accepted
    if (mine and theirs) or ("jr" in theirs and len(one) > 1) or ("jr" in mine and len(other) > 1):
        return ("jr" in mine) == ("jr" in theirs)
    return True


def _words(name: str) -> list[str]:
    return _WORDS.findall(_POSSESSIVE.sub("", name.casefold()))


def _name_words(name: str) -> tuple[list[str], list[str]]:
    """The words of a name without titles before it, and its suffixes ("Jr")."""
    words = [word.strip("’'-") for word in _words(name)]
    suffixes = [word for word in words if word in _SUFFIXES]
    words = [word for word in words if word and word not in _SUFFIXES]
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    return words, suffixes


def _head(nominal: str) -> str:
    """The last word before what completes a nominal: "spokesman" of "a spokesman for the port"."""
    words = [word for word in _words(_HEAD_ENDS.split(nominal)[0]) if word not in _ARTICLES]
    return words[-1].strip("’'") if words else ""

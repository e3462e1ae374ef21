"""What the labels of each training set mean in terms of ours.

A set may know fewer types than we do: its "nothing" then covers several of ours. Training sums the
probabilities of all labels that a token may have (see `allowed`), so that no set teaches another's guideline
to be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from searcher.extract.names.tagger import LABELS, TYPES

__all__ = ["Span", "allowed", "whole_names"]

Span = tuple[int, int, str]

_SAME = {kind: (kind,) for kind in TYPES} | {"Location": ("LOC",)}
_COARSE = {
    "PER": ("PER",),
    "ORG": ("ORG",),
    "LOC": ("LOC", "Facility"),
    "Product": ("Product",),
    "Miscellaneous": ("NORP", "Product", "Misc"),
}
# set -> (its types in ours, types of ours that it leaves unmarked)
_SETS: Final[Mapping[str, tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]]] = {
    "news": (_SAME, ()),
    "made": (_SAME, ()),
    "wikigold": (_COARSE, ()),
    "crossner": (_COARSE, ("LOC", "Misc", "Product", "NORP")),
    "web": (_COARSE, ("NORP", "Product", "Misc", "Facility")),
    "tweets": (_COARSE, ("LOC", "NORP", "Product", "Misc", "Facility")),
}


def allowed(source: str, label: str | None, begins: bool) -> frozenset[int]:
    """The labels (row numbers of LABELS) that a token may have which ``source`` marks as ``label``."""
    kinds, unmarked = _SETS[source]
    if label is None or label not in kinds:
        return frozenset([0, *(LABELS.index(f"{prefix}-{kind}") for kind in unmarked for prefix in "BI")])
    prefix = "B" if begins else "I"
    return frozenset(LABELS.index(f"{prefix}-{kind}") for kind in kinds[label])


_OPEN_END = re.compile(r"\b(?:of|for|in|de|of the|for the|in the)$")
# Bodies of state: "the Chinese Foreign Ministry" names the Foreign Ministry; "Kuwait University" is one.
_STATE = re.compile(
    r"^(?:(?:Foreign|Prime|Health|Interior|Defen[cs]e|Finance|Justice) Minist\w+|Government|Cabinet|Army|"
    r"Navy|Air Force|Armed Forces|Police|Embassy|Consulate|Parliament|Senate|Supreme Court|High Court|"
    r"Ministry\b.*|"
    r"Department\b.*|Court\b.*|State\b.*|House of\b.*|Government of\b.*|Empire)$",
    re.IGNORECASE,
)
# Named after somebody, whom the set marks on his own: "Ada Quill" + "University of Technology".
_NAMED_AFTER = re.compile(
    r"\b(?:University|College|School|Institute|Foundation|Hospital|Cent(?:re|er)|Academy|Library|Museum)\b",
    re.IGNORECASE,
)
_LOCAL_COURT = re.compile(r"(?:High|Magistrates?['’]?|District|County|Sessions|City|Regional) Court$")


def whole_names(text: str, spans: Iterable[Span]) -> list[Span]:
    """Join what the news set splits at every place name: "University of" + "Auckland", "European" + "Union".

    The set marks a place or nationality inside an organisation's name on its own and leaves the rest as the
    organisation; a reader takes the whole for the name.
    """
    joined: list[Span] = []
    for start, end, kind in sorted(spans):
        if joined and text[joined[-1][1] : start] == " " and _one_name(text, joined[-1], (start, end, kind)):
            joined[-1] = (joined[-1][0], end, "ORG")
        else:
            joined.append((start, end, kind))
    return joined


def _one_name(text: str, left: Span, right: Span) -> bool:
    if left[2] == "ORG" and _OPEN_END.search(text[left[0] : left[1]]):
        return right[2] in ("Location", "NORP", "Misc", "ORG")
    if right[2] != "ORG":
        return False
    name = text[right[0] : right[1]]
    if left[2] == "PER":
        return bool(_NAMED_AFTER.search(name))
    if left[2] == "Location" and _LOCAL_COURT.match(name):
        return True
    return left[2] in ("Location", "NORP") and not _STATE.match(name)

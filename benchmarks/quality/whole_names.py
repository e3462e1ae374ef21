"""Names whole where the news set marks a place within them by itself: "University of" + "Auckland"."""

from __future__ import annotations

import re
from collections.abc import Iterable

Span = tuple[int, int, str]

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

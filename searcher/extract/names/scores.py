"""Towns that are teams: in a list of results or a league table every name is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from searcher.extract.names.tagger import Span

__all__ = ["with_teams"]

_NUMBERS = re.compile(r"[ \t]*\(?\d[\d\s.,:;/()*½–-]*")
_LEAST_TEAMS: Final = 2  # in a list that the tagger saw as such, and a third of all its names


def with_teams(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, with the places of such lists as organisations: "Dover United 2 Deal 1 Ayr Rovers 0 …"."""
    teams = set[Span]()
    for names in _lists(text, spans):
        known = sum(span.kind == "ORG" for span in names)
        if known >= _LEAST_TEAMS and 3 * known >= len(names):
            teams.update(span for span in names if span.kind == "LOC")
    return [replace(span, kind="ORG") if span in teams else span for span in spans]


def _lists(text: str, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Runs of places and organisations with nothing but numbers between."""
    names: list[Span] = []
    for span in spans:
        if names and _NUMBERS.fullmatch(text, names[-1].end, span.start) and span.kind in ("ORG", "LOC"):
            names.append(span)
        else:
            yield names
            names = [span] if span.kind in ("ORG", "LOC") else []
    yield names

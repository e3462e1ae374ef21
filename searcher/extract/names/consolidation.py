"""Mentions of one article to the people and organisations that it names, each once, under a full name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from searcher.extract.names.organisations import Body, body_words, group_organisations
from searcher.extract.names.people import group_people, name_words, without_title
from searcher.extract.names.tagger import NameSpan
from searcher.extract.names.word_lists import plain, without_possessive


@dataclass(frozen=True, slots=True)
class Cluster:
    """One person or body: the name to show and every span that means it."""

    name: str
    spans: tuple[NameSpan, ...]


def consolidate(text: str, spans: Sequence[NameSpan]) -> list[Cluster]:
    """Who the PER and ORG spans of ``text`` mean, people first; other kinds are left out."""
    people = [span for span in sorted(spans) if span.kind == "PER"]
    bodies = [span for span in sorted(spans) if span.kind == "ORG"]
    return [*_people(text, people), *_organisations(text, bodies)]


def _people(text: str, spans: Sequence[NameSpan]) -> list[Cluster]:
    names = [name_words(text[span.start : span.end]) for span in spans]
    clusters = []
    for members in group_people(names).all():
        written = [without_title(text[spans[m].start : spans[m].end]) for m in members]
        if any(written):
            clusters.append(Cluster(_fullest_person(written), tuple(spans[m] for m in members)))
    return clusters


def _organisations(text: str, spans: Sequence[NameSpan]) -> list[Cluster]:
    placed = [(span.start, span.end, text[span.start : span.end]) for span in spans]
    bodies = [Body(*place, body_words(place[-1])) for place in placed]
    clusters = []
    for members in group_organisations(text, bodies).all():
        written = [_without_the(without_possessive(bodies[m].written)) for m in members]
        if any(written):
            clusters.append(Cluster(_fullest_body(written), tuple(spans[m] for m in members)))
    return clusters


def _fullest_person(written: Sequence[str]) -> str:
    """The most words (initials aside), then the commonest, then the first; capitals only without a choice."""
    counts = Counter(written)
    first = {name: -place for place, name in enumerate(counts)}  # names in the order of their first places

    def rank(name: str) -> tuple[bool, bool, bool, int, int, int]:
        words = name.split()
        spelt = [word for word in words if len(word.strip(".")) > 1]
        in_full = len(words[0].replace(".", "")) > 1 if words else False
        # "T. Ada Quill" and "T B Quill" rather than "Quill"; "T. Quill" tells too little
        whole = len(spelt) > 1 or (len(words) > 2 and words[0][0].isupper() and words[-1] in spelt)
        return not _shouted(name), whole, in_full, min(len(spelt), 3), counts[name], first[name]

    best = max(counts, key=rank)
    return _calmed(best) if _shouted(best) else best


def _fullest_body(written: Sequence[str]) -> str:
    counts = Counter(written)
    first = {name: -place for place, name in enumerate(counts)}

    def rank(name: str) -> tuple[bool, int, bool, int, int]:
        words = min(sum(len(word.strip(".")) > 1 for word in name.split()), 6)
        capitals = name.isupper()
        return not (capitals and len(name) > 6), words, not capitals, counts[name], first[name]

    return max(counts, key=rank)


def _shouted(name: str) -> bool:
    return name.isupper() and len(name) > 4


def _calmed(name: str) -> str:
    """A facet does not shout: "YANN LECUN" as "Yann Lecun"."""
    words = name.split()
    return " ".join(word if len(word.strip(".")) < 3 and "." in word else word.title() for word in words)


def _without_the(name: str) -> str:
    return name[4:].lstrip() if plain(name[:4]) == "the " and len(name) > 4 else name

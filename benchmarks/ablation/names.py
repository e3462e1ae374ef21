"""What each rule of the names stage gains for English.

Four labelled sets of articles are scored by exact spans, organisations whole, and ``linking-dev``, whose
names carry Wikidata ids, by spans and by who is who within an article (B³). The tagger runs once; what
comes after it runs anew for each part.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from benchmarks.ablation.report import Report
from benchmarks.quality.names import KINDS, Found, Tally, articles_of, b_cubed, linked_articles, trimmed
from searcher.extract.article_text import unwrapped_text
from searcher.extract.names.tagger import NameSpan, shared_tagger

SETS: Final = ("wire-dev", "pages-dev", "web-dev", "news-dev")
ENTITIES: Final = ("wire-dev", "pages-dev")  # of these sets the labels tell who is who too
LINKED: Final = "linking-dev"
#: The modules with rules for English, those that others build on first: what mends spans, and who is who.
_STAGE: Final = "searcher.extract.names"
REPAIR, CONSOLIDATE = f"{_STAGE}.repair", f"{_STAGE}.consolidation"
MENDING: Final = (CONSOLIDATE, REPAIR)
LINKING: Final = ("searcher.names.forms", CONSOLIDATE)

#: A text, and what its mentions mean.
Meant = tuple[str, Mapping[NameSpan, str]]


@dataclass(frozen=True, slots=True)
class TagDecisions:
    """A labelled text with what the tagger sees in it; what is found over ``unknown`` is not judged."""

    text: str
    seen: Sequence[NameSpan]
    labelled: frozenset[Found]
    unknown: Sequence[tuple[int, int]] = ()


def main(data: Path, only: str) -> None:
    """Print a table of the rules that mend spans, and one of those that tell who is who."""
    folder = data / "names"
    sets = {name: [_tagged(*article) for article in _articles(folder, name)] for name in SETS}
    sets[LINKED] = [_tagged(*article) for article in _linked(folder)]
    Report(sets, _found, _spans_f1, lambda article: article.text).print("spans", _modules(MENDING), only)
    articles = {name: list(_with_entities(folder / f"{name}.jsonl")) for name in ENTITIES}
    articles[LINKED] = list(linked_articles(folder / f"{LINKED}.jsonl"))
    Report(articles, _who, _who_f1, lambda article: article[0]).print("who is who", _modules(LINKING), only)


def _modules(names: Sequence[str]) -> list[ModuleType]:
    """By name: the package has a function of the name of one of them."""
    return [importlib.import_module(name) for name in names]


def _found(article: TagDecisions) -> Set[Found]:
    (module,) = _modules([REPAIR])
    spans = module.repair(article.text, article.seen)
    found = {trimmed(article.text, (span.start, span.end, span.kind)) for span in spans}
    return {span for span in found if span in article.labelled or not _over(span, article.unknown)}


def _spans_f1(articles: Sequence[TagDecisions], found: Sequence[Set[Found]]) -> Mapping[str, float]:
    """F1 of people, of organisations and of both."""
    tallies = {kind: Tally() for kind in KINDS}
    for article, spans in zip(articles, found):
        for kind, tally in tallies.items():
            tally.add({s for s in spans if s[2] == kind}, {s for s in article.labelled if s[2] == kind})
    people, bodies = tallies.values()
    both = Tally(people.right + bodies.right, people.found + bodies.found, people.labelled + bodies.labelled)
    return {"people": people.f1, "organisations": bodies.f1, "both": both.f1}


def _who(article: Meant) -> Mapping[NameSpan, NameSpan]:
    """For each labelled mention the first one of the same."""
    (module,) = _modules([CONSOLIDATE])
    return {
        span: one.spans[0] for one in module.consolidate(article[0], list(article[1])) for span in one.spans
    }


def _who_f1(articles: Sequence[Meant], found: Sequence[Mapping[NameSpan, NameSpan]]) -> Mapping[str, float]:
    """B³ F1 of people, of organisations and the mean of both."""
    figures = {}
    for kind, what in KINDS.items():
        gold: dict[Hashable, Hashable] = {}
        ours: dict[Hashable, Hashable] = {}
        for number, ((_, meant), who) in enumerate(zip(articles, found)):
            spans = [span for span in meant if span.kind == kind]
            gold |= {(number, span): (number, meant[span]) for span in spans}
            ours |= {(number, span): (number, who.get(span, span)) for span in spans}
        figures[what] = b_cubed(gold, ours)
    return figures | {"both": sum(figures.values()) / len(figures)}


def _over(span: Found, places: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in places)


def _tagged(text: str, spans: Sequence[Found], unknown: Sequence[tuple[int, int]] = ()) -> TagDecisions:
    text = unwrapped_text(text)
    labelled = frozenset(trimmed(text, span) for span in spans if span[2] in KINDS)
    return TagDecisions(text, shared_tagger().tag(text), labelled, unknown)


def _articles(folder: Path, name: str) -> Iterator[tuple[str, Sequence[Found]]]:
    """Only the news set cuts names at places, so that they have to be joined."""
    for article in articles_of(folder / f"{name}.jsonl"):
        yield article.text, article.whole if name == "news-dev" else article.spans


def _linked(folder: Path) -> Iterator[tuple[str, Sequence[Found], Sequence[tuple[int, int]]]]:
    for line in (folder / f"{LINKED}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        kinds = [(*label["span"], _kind(label)) for label in record["labels"]]
        labelled = [span for span in kinds if span[2] in KINDS]
        yield record["text"], labelled, [(start, end) for start, end, kind in kinds if kind is None]


def _with_entities(file: Path) -> Iterator[Meant]:
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield (
            unwrapped_text(record["text"]),
            {
                NameSpan(start, end, entity["kind"]): f"{entity['kind']} {entity['name']}"
                for entity in record["entities"]
                for start, end in entity["mentions"]
            },
        )


def _kind(label: Mapping[str, Any]) -> str | None:
    """By the Wikidata types: a person, an organisation, a thing, or unknown, as is a place that is a body."""
    types = set(label["type"].split("|"))
    if label.get("coref") or not label["entity_id"].startswith("Q"):
        return None
    if "Q215627" in types:
        return "PER"
    if "Q43229" in types:
        return None if "Q27096213" in types else "ORG"
    return "thing"

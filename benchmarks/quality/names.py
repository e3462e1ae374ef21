"""Names: exact spans and distinct names against labelled articles, and who is who within and across articles.

Spans are compared as `names/score.py` of the labelled data does: without a leading "the", a trailing "’s" and
punctuation around, on which guidelines differ and which no facet shows. "Whole" figures judge organisations
against labels in which the pieces that the news set makes of a name are joined: "University of" + "Auckland".
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.quality.whole_names import whole_names
from searcher.article import Article, Mention, MentionKind
from searcher.engines.field_values import values_of
from searcher.extract.article_text import unwrapped_text
from searcher.extract.names import mentions_of
from searcher.extract.names.consolidation import Cluster, consolidate
from searcher.extract.names.repair import repair
from searcher.extract.names.tagger import Kind, NameSpan, shared_tagger
from searcher.names.nearness import NameContext, name_context
from searcher.names.table import Identities, PlainTable

Found = tuple[int, int, str]
Extract = Callable[[str], Iterable[Found]]

SETS = ("news-dev", "web-dev", "wire-dev", "pages-dev")
KINDS: Mapping[Kind, str] = {"PER": "people", "ORG": "organisations"}
_FIELDS: Mapping[Kind, MentionKind] = {"PER": "person", "ORG": "organisation"}
_POSSESSIVE = re.compile(r"['’]s$")
_THE = re.compile(r"the\s+", re.IGNORECASE)
_ARTICLE_WORDS = 600  # of an article, for the speed


def ours(text: str) -> Iterator[Found]:
    """Spans of people and organisations as the index gets them."""
    text = unwrapped_text(text)
    for span in repair(text, shared_tagger().tag(text)):
        yield span.start, span.end, span.kind


def measure(data: Path) -> dict[str, float]:
    """Every figure of quality, from 0 to 1."""
    figures: dict[str, float] = {}
    for name in SETS:
        articles = articles_of(data / "names" / f"{name}.jsonl")
        figures |= {f"{name} {what}": tally.f1 for what, tally in scored(ours, articles).items()}
    return figures | linked(data / "names" / "linking-dev.jsonl")


def main(data: Path) -> None:
    """Print the figures, those of spaCy where it is installed, and the speed."""
    begun = time.perf_counter()
    list(ours("Ada Quill works at the Harbour Weekly."))
    loaded = time.perf_counter() - begun
    for name in SETS:
        articles = articles_of(data / "names" / f"{name}.jsonl")
        for who, extract in _extractors():
            print(f"{name}, {who}")
            for what, tally in scored(extract, articles).items():
                print(f"  {what:28} P {tally.precision:.3f}  R {tally.recall:.3f}  F1 {tally.f1:.3f}")
    print("linking-dev, B³ F1")
    for what, value in linked(data / "names" / "linking-dev.jsonl").items():
        print(f"  {what.removeprefix('linking-dev '):28} {value:.4f}")
    print(f"load {loaded:.2f} s; {_speed(data):.1f} articles of {_ARTICLE_WORDS} words a second on one core")
    if sys.platform != "win32":
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            1 << 20 if sys.platform == "darwin" else 1 << 10
        )
        print(f"peak memory {peak:.0f} MB (with spaCy, if it is installed)")


# Spans


@dataclass(slots=True)
class Tally:
    """Right, found and labelled items."""

    right: int = 0
    found: int = 0
    labelled: int = 0

    def add(self, found: set[Any], labelled: set[Any]) -> None:
        self.right += len(found & labelled)
        self.found += len(found)
        self.labelled += len(labelled)

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.labelled) if self.found + self.labelled else 0.0


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its labels, and with those in which split names are joined."""

    text: str
    spans: list[Found]
    whole: list[Found] = field(default_factory=list)


def scored(extract: Extract, articles: Iterable[Labelled]) -> dict[str, Tally]:
    """People, organisations and distinct names of both; the last two against whole names too."""
    tallies = {what: Tally() for what in (*KINDS.values(), "names", "whole organisations", "whole names")}
    for article in articles:
        found = {trimmed(article.text, span) for span in extract(article.text)}
        labelled = {trimmed(article.text, span) for span in article.spans}
        for kind, what in KINDS.items():
            tallies[what].add({s for s in found if s[2] == kind}, {s for s in labelled if s[2] == kind})
        whole = {trimmed(article.text, span) for span in article.whole if span[2] in KINDS}
        tallies["whole organisations"].add(
            {s for s in found if s[2] == "ORG"}, {s for s in whole if s[2] == "ORG"}
        )
        tallies["whole names"].add(_distinct(article.text, found), _distinct(article.text, whole))
        tallies["names"].add(_distinct(article.text, found), _distinct(article.text, labelled))
    return tallies


def trimmed(text: str, span: Found) -> Found:
    start, end, kind = span
    while start < end and (text[start].isspace() or text[start] in '"“”‘([{,;:'):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in '"“”)]},;:'):
        end -= 1
    the = _THE.match(text, start, end)
    start = the.end() if the and the.end() < end else start
    owner = _POSSESSIVE.search(text[start:end])
    if owner and owner.start():
        end = start + owner.start()
    elif text[start:end].endswith(("'", "’")):
        end -= 1
    return start, end, kind


def _distinct(text: str, spans: set[Found]) -> set[tuple[str, str]]:
    return {(kind, " ".join(text[start:end].split()).casefold()) for start, end, kind in spans}


def articles_of(file: Path) -> list[Labelled]:
    articles = []
    for record in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        every = [(start, end, kind) for start, end, kind in record["all"]]
        spans = [(start, end, kind) for start, end, kind in record["spans"]]
        articles.append(Labelled(record["text"], spans, whole_names(record["text"], every)))
    return articles


# Who is who


def linked(file: Path) -> dict[str, float]:
    """B³ F1 of mentions labelled with what they mean, within each article and across all."""
    figures = {}
    articles = list(linked_articles(file))
    found = [consolidate(text, sorted(meant)) for text, meant in articles]
    about: dict[str, Any] = {"day": None, "language": ["en"], "source": []}
    table = table_of({**about, **_values(text, clusters)} for (text, _), clusters in zip(articles, found))
    for kind, what in KINDS.items():
        gold: dict[Hashable, str] = {}
        within: dict[Hashable, Hashable] = {}
        named: dict[Hashable, str] = {}
        for number, (_, meant) in enumerate(articles):
            gold |= {(number, span): meant[span] for span in meant if span.kind == kind}
            for cluster in (one for one in found[number] if one.spans[0].kind == kind):
                within |= {(number, span): cluster.spans[0] for span in cluster.spans}
                named |= {(number, span): cluster.name for span in cluster.spans}
        inside = b_cubed({k: (k[0], v) for k, v in gold.items()}, {k: (k[0], v) for k, v in within.items()})  # type: ignore[index]
        figures[f"linking-dev {what} within"] = inside
        figures[f"linking-dev {what} across"] = b_cubed(
            gold, {k: table.name_of(_FIELDS[kind], name) for k, name in named.items()}
        )
    return figures


def table_of(articles: Iterable[Mapping[str, Any]]) -> PlainTable:
    """Return the names of a collection as an index decides them. Of each article its ``day`` and the values
    of its fields: ``language``, ``source``, ``person``, ``organisation``."""
    counts: dict[str, Counter[str]] = {"person": Counter(), "organisation": Counter()}
    seen: dict[str, dict[str, list[NameContext]]] = {kind: defaultdict(list) for kind in counts}
    for article in articles:
        glimpsed = name_context(article["day"], article.__getitem__)
        for kind, counted in counts.items():
            counted.update(article[kind])
            for value in article[kind]:
                seen[kind][value].append(glimpsed)
    return PlainTable(Identities().rules, counts, lambda kind, _: seen[kind])


def _values(text: str, clusters: Iterable[Cluster]) -> dict[str, tuple[str, ...]]:
    """Return the values that an index gets of the names of an article, by field."""
    mentions = [Mention(c.name, _FIELDS[s.kind], s.start, s.end) for c in clusters for s in c.spans]
    article = Article("", "", text, mentions=tuple(mentions))
    return {field: values_of(article, field) for field in _FIELDS.values()}


def linked_articles(file: Path) -> Iterator[tuple[str, dict[NameSpan, str]]]:
    """Texts with the Wikidata id of every person (Q215627) and organisation (Q43229, no place too)."""
    for record in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        meant: dict[NameSpan, str] = {}
        for label in record["labels"]:
            start, end = label["span"]
            types = set(label["type"].split("|"))
            kind: Kind | None = None
            if "Q215627" in types:
                kind = "PER"
            elif "Q43229" in types and "Q27096213" not in types:
                kind = "ORG"
            named = any(c.isupper() for c in record["text"][start:end])
            if kind and named and not label.get("coref") and label["entity_id"].startswith("Q"):
                meant[NameSpan(start, end, kind)] = label["entity_id"]
        yield record["text"], meant


def b_cubed(gold: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> float:
    """The harmonic mean of the mean purity of each mention's found group and of its labelled group."""
    of_gold, of_found = _groups(gold), _groups(found)
    shared = {key: len(of_gold[gold[key]] & of_found[found[key]]) for key in gold}
    precision = sum(shared[key] / len(of_found[found[key]]) for key in gold) / len(gold)
    recall = sum(shared[key] / len(of_gold[gold[key]]) for key in gold) / len(gold)
    return 2 * precision * recall / (precision + recall)


def _groups(of: Mapping[Hashable, Hashable]) -> Mapping[Hashable, set[Hashable]]:
    groups: dict[Hashable, set[Hashable]] = defaultdict(set)
    for key, group in of.items():
        groups[group].add(key)
    return groups


# Beside others, and how fast


def _extractors() -> Iterator[tuple[str, Extract]]:
    yield "Searcher", ours
    try:
        import spacy  # type: ignore[import-not-found, unused-ignore]

        pipeline = spacy.load("en_core_web_md", disable=["parser", "lemmatizer", "attribute_ruler", "tagger"])
    except (ImportError, OSError):
        return

    def theirs(text: str) -> Iterator[Found]:
        for entity in pipeline(text).ents:
            if entity.label_ in ("PERSON", "ORG"):
                yield entity.start_char, entity.end_char, "PER" if entity.label_ == "PERSON" else "ORG"

    yield "spaCy en_core_web_md", theirs


def _speed(data: Path) -> float:
    """Articles of 600 words a second, from text to mentions: the best of three rounds."""
    texts = [article.text for article in articles_of(data / "names" / "news-dev.jsonl")]
    words = sum(len(text.split()) for text in texts)
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        for text in texts:
            mentions_of(Article("", "", text), shared_tagger().tag(text))
        best = min(best, time.process_time() - begun)
    return words / _ARTICLE_WORDS / best

"""Quotations and their speakers in languages other than English.

``python -m benchmarks.quality quotes --languages``: 74 articles in 15 languages and German Wikinews, by the
score of :mod:`.quote_scores`. Of ``german-dev`` only the recall means something: of partial quotations its
labels have few.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.quality.quote_scores import Said, Score, is_speaker, labels_of, score
from searcher.article import Article, Quote
from searcher.extract.names import find_names
from searcher.extract.quotes import find_quotes

THRESHOLDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95)
#: Languages with fewer labelled quotations have no figure of their own.
MIN_QUOTES = 15

Row = dict[str, Any]


def measure(data: Path) -> dict[str, float]:
    """F1 end to end by language, and shares of what is found."""
    scores = _scores(_annotated(_rows(data / "quotes" / "languages-dev.jsonl")))
    whole = scores["all"]
    figures = {
        f"{language} end to end": one.f1
        for language, one in scores.items()
        if one.labelled >= MIN_QUOTES and one.kept
    }
    figures["all found"] = whole.share_found
    figures["dashes found"] = whole.dashes_found / whole.dashes
    figures["no speech left out"] = 1 - whole.no_speech_kept / whole.no_speech
    german = _scores(_annotated(_rows(data / "quotes" / "german-dev.jsonl", "de")))["all"]
    return figures | {"Wikinews found": german.share_found, "Wikinews recall": german.recall}


def main(data: Path) -> None:
    """Print a table by language, and what a confidence means."""
    report(_rows(data / "quotes" / "languages-dev.jsonl"))
    print("German Wikinews, of which only the recall means something:")
    report(_rows(data / "quotes" / "german-dev.jsonl", "de"))


def report(labelled: Iterable[Row]) -> None:
    """Print what is found in labelled articles by language, and what a confidence means."""
    rows = _annotated(labelled)
    scores = _scores(rows)
    print(
        "| language | quotations | found % | end to end: F1 | precision | recall | dashes | no speech kept |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for language, one in scores.items():
        print(
            f"| {language} | {one.labelled} | {100 * one.share_found:.1f} | {100 * one.f1:.1f} | "
            f"{100 * one.precision:.1f} | {100 * one.recall:.1f} | {one.dashes_found} of {one.dashes} | "
            f"{one.no_speech_kept} of {one.no_speech} |"
        )
    for least, count, wrong, stray in _calibration(rows):
        print(
            f"confidence from {least:.2f}: {count} quotations of people, {100 * wrong / max(1, count):.1f} % "
            f"given to the wrong one, {100 * stray / max(1, count):.1f} % no speech by the labels"
        )


Annotated = list[tuple[Row, tuple[Quote, ...]]]


def _rows(file: Path, language: str | None = None) -> list[Row]:
    return [{"lang": language} | json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _annotated(labelled: Iterable[Row]) -> Annotated:
    """The labelled articles with the quotations that are found in them, as in the index: without a declared
    language."""
    rows = []
    for row in labelled:
        article = find_quotes(find_names(Article(id=row["id"], body=row["text"])))
        rows.append((row, tuple(quote for quote in article.quotes if quote.kind != "indirect")))
    return rows


def _scores(rows: Annotated) -> dict[str, Score]:
    """By language, and of all."""
    scores: dict[str, Score] = defaultdict(Score)
    for row, quotes in rows:
        one = score(row, _said(quotes))
        scores[str(row["lang"])].add(one)
        scores["all"].add(one)
    return dict(sorted(scores.items(), key=lambda item: -item[1].labelled))


def _said(quotes: Iterable[Quote]) -> list[Said]:
    return [Said(quote.start, quote.end, quote.speaker) for quote in quotes]


def _calibration(rows: Annotated) -> list[tuple[float, int, int, int]]:
    """By threshold: quotations given to a person from there on, those given to the wrong one, and no
    speech."""
    judged: list[tuple[float, bool, bool]] = []
    for row, quotes in rows:
        labels = labels_of(row)
        for quote in quotes:
            if quote.speaker_kind != "person":
                continue
            label = next((one for start, end, one in labels if _covers(start, end, quote)), None)
            if label is None or label.speakers:
                judged.append(
                    (quote.confidence, label is None or is_speaker(quote.speaker, label), label is None)
                )
    return [
        (
            least,
            sum(c >= least for c, _, _ in judged),
            sum(not right for c, right, _ in judged if c >= least),
            sum(stray for c, _, stray in judged if c >= least),
        )
        for least in THRESHOLDS
    ]


def _covers(start: int, end: int, quote: Quote) -> bool:
    return 2 * (min(end, quote.end) - max(start, quote.start)) > len(quote.text)

"""Measure exported weights: ``python -m training.encoder.measure DATA FOLDER…``, FOLDER alone or FOLDER=N.

With ``=N`` only the languages (of ``news-dev``: the publishers) of fold N are asked about, by weights that
never read their quotations; the figures of all folds together are then those of the whole set. What is
measured is what ships: the exported files in the package's own pipeline, eight bits and all. Names, which are
no fold's, are found by the package's own weights.

``--file polnear-dev`` asks about PolNeAR's development part with the speakers that were read again
(:mod:`training.antecedents`).

``--file unread`` asks about the articles of ``unread.jsonl``, which no weights have read:
``python -m training.encoder.measure DATA searcher/extract/encoder --file unread``, and ``--file left_out``
about Hungarian, Estonian and Arabic, of which they have read no quotation.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.quote_scores import Said, Score, is_speaker, labels_of, score
from searcher.article import Article, Quote
from searcher.extract.encoder import model
from searcher.extract.encoder.reading import forget_readings
from searcher.extract.names import find_names
from searcher.extract.quotes import find_quotes
from training.antecedents import with_antecedents
from training.encoder.labelled import LEFT_OUT, UNREAD, read_rows
from training.encoder.tune import FOLDS, fold_of

__all__ = ["Judged", "best_calibration", "use_weights"]

SHIPPED = model.FOLDER
UNNAMED = frozenset({"nominal", "none", "unknown", "pron"})  # how PolNeAR resolves who is not named
SHOWN = 0.7  # confidence from which a speaker is claimed


@dataclass(frozen=True, slots=True)
class Judged:
    """A quotation that was given to somebody: how surely, whether rightly, whether to a person."""

    confidence: float
    right: bool
    person: bool


def measured(
    rows: Iterable[dict[str, Any]], weights: Path, fold: int | None
) -> tuple[dict[str, Score], list[Judged]]:
    """Scores by language, and every speaker that was claimed."""
    rows = [row for row in rows if fold is None or _is_left_out(row, fold)]
    use_weights(SHIPPED)
    named = [find_names(Article(row["id"], "", row["text"], language=_language(row))) for row in rows]
    use_weights(weights)
    scores: dict[str, Score] = defaultdict(Score)
    judged: list[Judged] = []
    for row, article in zip(rows, named):
        quotes = [quote for quote in find_quotes(article).quotes if quote.kind != "indirect"]
        scores[_language(row)].add(score(row, [Said(q.start, q.end, q.speaker) for q in quotes]))
        judged += _judged(row, quotes)
    return dict(scores), judged


def _rows(data: Path, file: str) -> list[dict[str, Any]]:
    own = {"unread": UNREAD, "left_out": LEFT_OUT}.get(file)
    if own:
        return read_rows(data, own)
    lines = (data / "quotes" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_in_our_form(row) for row in with_antecedents(json.loads(line) for line in lines)]


def _in_our_form(row: dict[str, Any]) -> dict[str, Any]:
    """A labelled article in the form of ``languages-dev.jsonl``: PolNeAR has reported speech too, and does
    not say who is named."""
    quotes = [
        {"named": quote["resolved_by"] not in UNNAMED, "aliases": [], **quote}
        for quote in row["quotes"]
        if quote["type"] != "indirect"
    ]
    return {"not_quotes": [], **row, "quotes": quotes}


def use_weights(weights: Path) -> None:
    """Let the package read with other weights from now on."""
    model.FOLDER = weights  # type: ignore[misc]
    model.shared_encoder.cache_clear()
    forget_readings()


def _language(row: dict[str, Any]) -> str:
    language: str = row.get("lang", "en")
    return language


def _is_left_out(row: dict[str, Any], fold: int) -> bool:
    if _language(row) == "en":
        return fold_of(row.get("publisher") or "") == fold
    return row["lang"] in FOLDS[fold]


def _judged(row: dict[str, object], quotes: Iterable[Quote]) -> list[Judged]:
    labels = labels_of(row)
    found = []
    for quote in quotes:
        label = next((one for start, end, one in labels if _covers(start, end, quote)), None)
        if quote.speaker and (label is None or label.speakers):
            right = label is not None and is_speaker(quote.speaker, label)
            found.append(Judged(quote.confidence, right, quote.speaker_kind == "person"))
    return found


def _covers(start: int, end: int, quote: Quote) -> bool:
    return 2 * (min(end, quote.end) - max(start, quote.start)) > len(quote.text)


def best_calibration(judged: Sequence[Judged]) -> tuple[float, float]:
    """Slope and shift of log odds by which a confidence says how often it is right: Platt scaling, by the
    likeliest of a grid, on top of ``SLOPE`` and ``SHIFT`` of the package."""
    odds = _odds(judged)
    sign = np.where([one.right for one in judged], 1.0, -1.0)

    def loss(fitted: tuple[float, float]) -> float:
        return float(np.logaddexp(0, -sign * (fitted[0] * odds + fitted[1])).sum())

    return min(((slope / 20, shift / 10) for slope in range(2, 31) for shift in range(-20, 21)), key=loss)


def calibrated(judged: Sequence[Judged], slope: float, shift: float) -> list[Judged]:
    """The same with the confidences that these numbers make of them."""
    made = 1 / (1 + np.exp(-(slope * _odds(judged) + shift)))
    return [replace(one, confidence=float(sure)) for one, sure in zip(judged, made)]


def _odds(judged: Sequence[Judged]) -> NDArray[np.float64]:
    sure = np.clip([one.confidence for one in judged], 1e-3, 1 - 1e-3)
    odds: NDArray[np.float64] = np.log(sure / (1 - sure))
    return odds


def _line(name: str, one: Score) -> str:
    return (
        f"| {name} | {one.labelled} | {100 * one.share_found:.1f} | {100 * one.f1:.1f} | "
        f"{100 * one.precision:.1f} | {100 * one.recall:.1f} | {one.dashes_found} of {one.dashes} | "
        f"{one.no_speech_kept} of {one.no_speech} |"
    )


def _claims(name: str, judged: Sequence[Judged]) -> str:
    """How many of the surely claimed people are wrong."""
    sure = [one for one in judged if one.person and one.confidence >= SHOWN]
    wrong = sum(not one.right for one in sure)
    return f"{name}: {len(sure)} people claimed from {SHOWN}, {100 * wrong / max(1, len(sure)):.1f} % wrong"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", nargs="+", help="a folder, or FOLDER=N: only the languages of fold N")
    parser.add_argument("--file", default="languages-dev", help="of the labelled quotations")
    parser.add_argument("--judged", type=Path, help="file to write confidences to, for .reliability")
    options = parser.parse_args()
    total = Score()
    folds: dict[str, list[Judged]] = {}
    print("| language | labelled | found % | F1 | precision | recall | dashes | no speech kept |")
    print("|---|---|---|---|---|---|---|---|")
    for weights in options.weights:
        folder, _, fold = weights.partition("=")
        scores, folds[weights] = measured(
            _rows(options.data, options.file), Path(folder), int(fold) if fold else None
        )
        for language, one in sorted(scores.items(), key=lambda item: -item[1].labelled):
            print(_line(language, one), flush=True)
            total.add(one)
    print(_line("all", total))
    _show_confidence(folds)
    if options.judged:
        judged = [(one.confidence, one.right) for of_fold in folds.values() for one in of_fold]
        options.judged.write_text(json.dumps(judged), encoding="utf-8")


def _show_confidence(folds: dict[str, list[Judged]]) -> None:
    """What confidences mean: as they are, and calibrated on all other folds."""
    everything = [one for judged in folds.values() for one in judged]
    print(_claims("all, as they are", everything))
    held: list[Judged] = []
    for name, judged in folds.items():
        others = [one for other, rest in folds.items() if other != name or len(folds) == 1 for one in rest]
        made = calibrated(judged, *best_calibration(others))
        print(_claims(f"{name}, calibrated on the others", made))
        held += made
    print(_claims("all, calibrated on the others", held))
    for number in range(10):
        within = [one for one in held if min(9, int(10 * one.confidence)) == number]
        if within:
            right = sum(one.right for one in within) / len(within)
            print(
                f"confidence {number / 10:.1f} to {number / 10 + 0.1:.1f}: {len(within)}, {right:.0%} right"
            )
    slope, shift = best_calibration(everything)
    print(f"likeliest calibration of these confidences: slope {slope:.3f}, shift {shift:.3f}")


if __name__ == "__main__":
    main()

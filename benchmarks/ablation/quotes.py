"""What each rule of the quotations stage gains for English: F1 of quotations given to the right speaker.

PolNeAR's development part, pages of other publishers, and 32 articles of news sites labelled with care.
Names are found once; quotations anew for each part.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.ablation.report import Report
from benchmarks.quality.quote_scores import Said, Score, score
from benchmarks.quality.quotes import articles, held_out, polnear, predictions, scorer
from searcher.article import Article, Quote
from searcher.extract import quotes as stage

#: The modules with rules for English, those that others build on first.
_RULES: Final = ("lexicon", "marks", "tokens", "scene", "features", "attribution")

Row = dict[str, Any]
Labelled = tuple[Row, Article]


def main(data: Path, only: str) -> None:
    """Print the tables."""
    modules = [importlib.import_module(f"{stage.__name__}.{name}") for name in _RULES] + [stage]
    polnear_score = scorer(data)

    def end_to_end(labelled: Sequence[Labelled], found: Sequence[Sequence[Quote]]) -> Mapping[str, float]:
        said = {row["id"]: predictions(quotes) for (row, _), quotes in zip(labelled, found)}
        return {"F1": polnear_score.score([row for row, _ in labelled], said).prf("quotedE")[2]}

    sets = {"PolNeAR": _named(polnear(data)), "other publishers": _named(held_out(data))}
    Report(sets, _quotes, end_to_end, _text).print("quotations", modules, only)
    lines = (data / "quotes" / "news-dev.jsonl").read_text(encoding="utf-8").splitlines()
    sets = {"news-dev": _named([json.loads(line) for line in lines])}
    Report(sets, _quotes, _units_f1, _text).print("quotations, by units", modules, only)


def _named(rows: Sequence[Row]) -> Sequence[Labelled]:
    return list(zip(rows, articles(rows, {})))


def _text(labelled: Labelled) -> str:
    return labelled[1].body


def _quotes(labelled: Labelled) -> Sequence[Quote]:
    return stage.find_quotes(labelled[1]).quotes


def _units_f1(labelled: Sequence[Labelled], found: Sequence[Sequence[Quote]]) -> Mapping[str, float]:
    whole = Score()
    for (row, _), quotes in zip(labelled, found):
        said = [Said(quote.start, quote.end, quote.speaker) for quote in quotes if quote.kind != "indirect"]
        whole.add(score(row, said))
    return {"F1": whole.f1}

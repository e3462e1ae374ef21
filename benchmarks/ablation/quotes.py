"""What each rule of the quotations stage gains for English: F1 of quotations given to the right speaker.

PolNeAR's development part, pages of other publishers, and 32 articles of news sites labelled with care.
Names are found once; quotations anew for each part.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.ablation.parts import report
from benchmarks.quality.quote_scores import Said, Score, score
from benchmarks.quality.quotes import articles, held_out, polnear, predictions, scorer
from searcher.article import Article
from searcher.extract.quotes import find_quotes

__all__ = ["main"]

#: The modules with rules for English, those that others build on first.
_RULES: Final = (
    *("lexicon", "tokens", "singles", "transcripts", "marks", "candidates", "surnames", "cues", "scene"),
    *("pronouns", "features", "spoken", "attribution", "indirect", "assemble"),
)

Row = dict[str, Any]
Measure = Callable[[], Mapping[str, float]]


def main(data: Path, only: str) -> None:
    """Print the table."""
    sets = _by_polnear_score(data) | {"news-dev": _news(data)}
    modules = [importlib.import_module(f"searcher.extract.quotes.{name}") for name in _RULES]
    report("quotes", modules, lambda: {name: measure() for name, measure in sets.items()}, only)


def _by_polnear_score(data: Path) -> dict[str, Measure]:
    polnear_score = scorer(data)
    found: dict[str, Measure] = {}
    for name, rows in {"PolNeAR": polnear(data), "other publishers": held_out(data)}.items():
        named = list(articles(rows, {}))

        def measure(rows: list[Row] = rows, named: list[Article] = named) -> Mapping[str, float]:
            quotes = {article.id: predictions(find_quotes(article).quotes) for article in named}
            return {"end to end": polnear_score.score(rows, quotes).prf("quotedE")[2]}

        found[name] = measure
    return found


def _news(data: Path) -> Measure:
    lines = (data / "quotes" / "news-dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    named = list(articles(rows, {}))

    def measure() -> Mapping[str, float]:
        whole = Score()
        for row, article in zip(rows, named):
            quotes = [quote for quote in find_quotes(article).quotes if quote.kind != "indirect"]
            whole.add(score(row, [Said(quote.start, quote.end, quote.speaker) for quote in quotes]))
        return {"end to end": whole.f1}

    return measure

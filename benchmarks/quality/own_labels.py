"""Quotations against labels of our own: ``python -m benchmarks.quality.own_labels DATA unread``.

``unread`` and ``left_out`` are articles of ``training/labels`` from which no weights learned, ``labels``
those from which they did; ``polnear-dev`` is PolNeAR's development part, its speakers read again.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.quality.quotes_languages import report
from training.labels import FOLDER, read_rows, with_antecedents

__all__: list[str] = []

#: How PolNeAR resolves who is not named.
UNNAMED = frozenset({"nominal", "none", "unknown", "pron"})


def rows(data: Path, file: str) -> list[dict[str, Any]]:
    """The labelled articles of a file, in the form of ``quotes/languages-dev.jsonl``."""
    if file != "polnear-dev":
        return [{"lang": "en"} | row for row in read_rows(data, FOLDER / f"{file}.jsonl")]
    lines = (data / "quotes" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_in_our_form(row) for row in with_antecedents(json.loads(line) for line in lines)]


def _in_our_form(row: dict[str, Any]) -> dict[str, Any]:
    """PolNeAR has reported speech too, and does not say who is named."""
    quotes = [
        {"named": quote["resolved_by"] not in UNNAMED, "aliases": [], **quote}
        for quote in row["quotes"]
        if quote["type"] != "indirect"
    ]
    return {"lang": "en", "not_quotes": [], **row, "quotes": quotes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("file", choices=["unread", "left_out", "labels", "polnear-dev"])
    options = parser.parse_args()
    report(rows(options.data, options.file))


if __name__ == "__main__":
    main()

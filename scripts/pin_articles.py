#!/usr/bin/env python3
"""Keep what is read, found and joined, after CLEANER, ANNOTATOR or VERSION was raised for a change.

The differences of the data beside the tests of readers, extract and names show what the change does."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from searcher.extract import ANNOTATOR, annotate
from searcher.names import VERSION
from searcher.readers import CLEANER
from tests.extract import annotated
from tests.names import resolved
from tests.readers import cleaned


def write(path: Path, version: object, rows: Iterable[dict[str, Any]], **beside: str) -> None:
    """Write the version in a line of its own, so that a difference shows no more than what changes."""
    lines = [json.dumps(row, ensure_ascii=False) for row in ({"version": version, **beside}, *rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    write(resolved.ROWS_FILE, VERSION, resolved.rows())
    write(cleaned.ROWS_FILE, CLEANER, cleaned.rows())
    texts = annotated.texts().items()
    rows = [{"text": name, **annotated.found_in(annotate(text))} for name, text in texts]
    write(annotated.ROWS_FILE, ANNOTATOR, rows, rounding=annotated.rounding())


if __name__ == "__main__":
    main()

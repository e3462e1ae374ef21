#!/usr/bin/env python3
"""Keep what is read, found and joined, after CLEANER, ANNOTATOR or VERSION was raised for a change.

The differences of the data beside the tests of readers, extract and names show what the change does."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from searcher.extract import annotate
from tests.extract import annotated
from tests.names import resolved
from tests.readers import cleaned


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def main() -> None:
    write(resolved.KEPT, list(resolved.rows()))
    write(cleaned.KEPT, list(cleaned.rows()))
    texts = annotated.texts().items()
    write(annotated.KEPT, [{"text": name, **annotated.found_in(annotate(text))} for name, text in texts])


if __name__ == "__main__":
    main()

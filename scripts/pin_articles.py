#!/usr/bin/env python3
"""Keep what files are read to and what is found in texts, after CLEANER or ANNOTATOR was raised for a change.

The difference of tests/readers/cleaned.jsonl and tests/extract/annotated.jsonl shows what the change does."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from searcher.extract import annotate
from tests.extract import annotated
from tests.readers import cleaned


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def main() -> None:
    write(cleaned.KEPT, list(cleaned.rows()))
    texts = annotated.texts().items()
    write(annotated.KEPT, [{"text": name, **annotated.found_in(annotate(text))} for name, text in texts])


if __name__ == "__main__":
    main()

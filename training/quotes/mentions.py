"""Write the names stage's mentions of labelled articles, for train.py to learn with.

usage: python -m training.quotes.mentions ARTICLES.jsonl OUT.jsonl

ARTICLES has one object a line with "id" and "text"; OUT gets {"id", "mentions"}.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from searcher.article import Article
from searcher.extract.names import find_names


def main(source: Path, target: Path) -> None:
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        for line in lines:
            row = json.loads(line)
            mentions = find_names(Article(id=row["id"], body=row["text"])).mentions
            out.write(json.dumps({"id": row["id"], "mentions": [asdict(m) for m in mentions]}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""The files whose articles are kept, and how these are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from searcher import readers
from searcher.article import Article
from searcher.errors import Doubt
from searcher.readers import Event

HERE = Path(__file__).parent
#: What was told of them by the version that the first row names (scripts/pin_articles.py).
ROWS_FILE = HERE / "cleaned.jsonl"
#: Fields that say of which file and version an article is.
_OF_THE_FILE = {"origin", "digest", "cleaner", "body"}
#: How much of a paragraph tells which one it is; the rest is told by its length.
_BEGINNING = 24


def files() -> dict[str, Path]:
    """The samples, pages in many languages, and one file or more for each kind of format."""
    places = ((HERE.parents[1] / "seeds", "*"), (HERE / "html/languages", "*.html"), (HERE / "kept", "*"))
    found = [path for folder, names in places for path in folder.glob(names)]
    return {path.name: path for path in sorted(found)}


def told(event: Event) -> dict[str, Any]:
    if not isinstance(event, Article):
        cause = {"cause": event.cause} if isinstance(event, Doubt) else {}
        return {"kind": type(event).__name__, "reason": str(event).rpartition("/")[2]} | cause
    given = {name: value for name, value in asdict(event).items() if value and name not in _OF_THE_FILE}
    body = [f"{len(each)} {each[:_BEGINNING]}" for each in event.body.split("\n\n")]
    return {**given, "published": event.published and event.published.isoformat(), "body": body}


def rows() -> Iterator[dict[str, Any]]:
    for name, path in files().items():
        yield {"file": name, "events": [told(event) for event in readers.events(path)]}

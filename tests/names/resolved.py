"""The articles whose names are kept as they are joined, and how that is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from searcher.article import Article, Mention, MentionKind
from searcher.engines.memory import MemoryEngine
from searcher.names.doubts import doubts, forms, full_names
from searcher.names.table import Identities

HERE = Path(__file__).parent
#: What was told of them by the version that the first row names (scripts/pin_articles.py).
ROWS_FILE = HERE / "resolved.jsonl"
_KINDS: tuple[MentionKind, ...] = ("person", "organisation")
_FIRST_DAY = dt.datetime(2024, 3, 1)


def articles() -> Iterator[Article]:
    """An article for each line of ``company.txt``: the people that it names | the bodies."""
    for number, line in enumerate((HERE / "company.txt").read_text("utf-8").splitlines()):
        named = zip(_KINDS, (part.strip().split("; ") for part in line.split("|")))
        mentions = tuple(Mention(name, kind, 0, 1) for kind, names in named for name in names)
        day = _FIRST_DAY + dt.timedelta(days=number)
        source = ("Skerry Post", "Harbour Weekly", None)[number % 3]
        yield Article(
            f"{number:03}", "", "A body.", published=day, source=source, language="en", mentions=mentions
        )


def rows() -> Iterator[dict[str, Any]]:
    """By whom each name goes and why, what each is shown as in full, and what is doubtful."""
    engine = MemoryEngine(identities=Identities())
    with engine.writer() as writer:
        for article in articles():
            writer.add(article)
    table = engine.names()
    for kind in _KINDS:
        written = sorted(
            {mention.name for each in articles() for mention in each.mentions if mention.kind == kind}
        )
        for name in written:
            found = forms(table, kind, name)
            shown = table.name_of(kind, name) or ""
            yield {
                "kind": kind,
                "name": name,
                "shown": shown,
                "why": [one.why for those in found.values() for one in those if one.form == name],
                "asked": {meant: [one.form for one in those] for meant, those in found.items()},
                "full": full_names(table, kind, [shown]).get(shown, ""),
            }
        for doubt in doubts(table, kind):
            yield {"kind": kind, "name": f"doubt of {doubt.form}", **doubt.to_dict()}

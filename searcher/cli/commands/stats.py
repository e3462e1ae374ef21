"""``searcher stats``: says what the index holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.exits import OK
from searcher.cli.indexes import open_existing
from searcher.cli.options import document_option, index_option
from searcher.cli.streams import write

if TYPE_CHECKING:
    from searcher.index import Index

__all__ = ["stats"]


@click.command()
@document_option
@index_option
def stats(folder: str | None, as_json: bool) -> int:
    """Say what the index holds.

    A line a language says how many articles are in it, and whether words are found in all their forms there,
    names and quotations.
    """
    from searcher.cli.output import served
    from searcher.cli.output.records import write_document
    from searcher.cli.output.text import joined
    from searcher.locations import find_index

    place = find_index(folder)
    with open_existing(folder) as index:
        figures = _figures(index, place)
        languages = served.languages(index)
    if as_json:
        write_document("stats", {**figures, "by_language": [one._asdict() for one in languages]})
        return OK
    for name, value in figures.items():
        if value is not None:
            write(f"{name:<14} {value if isinstance(value, str) else format(value, ',')}\n")
    write(joined(["", *served.table(languages)]) if languages else "")
    return OK


def _figures(index: Index, place: Path | str) -> dict[str, Any]:
    counts = {
        plural: len(index.values(field))
        for plural, field in (
            ("sources", "source"),
            ("authors", "author"),
            ("languages", "language"),
            ("people", "person"),
            ("organisations", "organisation"),
            ("speakers", "speaker"),
        )
    }
    return {
        "index": str(place),
        "articles": index.count(),
        "from": _published(index, "oldest"),
        "to": _published(index, "newest"),
        **counts,
        "quotations": index.quotes(limit=0).total,
        "deleted": len(index.deleted()) or None,
        "bytes": _size(place) if isinstance(place, Path) else None,
    }


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _published(index: Index, sort: Any) -> str | None:
    """The day of the first or last article; those without a date come last in both orders."""
    from searcher.cli.output.text import day_of

    hits = index.search(sort=sort, limit=1).hits
    return day_of(hits[0].article) if hits else None

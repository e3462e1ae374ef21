"""``searcher export``: writes articles for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.options import (
    QueryCommand,
    article_meant,
    exclusive_option,
    index_option,
    note_pending,
    open_existing,
)
from searcher.cli.output.terminal import amount
from searcher.cli.streams import note, write
from searcher.files import whole_file
from searcher.results import Hit

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.index import Index

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
_DATABASE = click.Path(dir_okay=False, path_type=Path)
_STDOUT = (Path("-"), Path("/dev/stdout"))
_FOLDER = click.Path(file_okay=False, path_type=Path)
#: Forms that are printed, and those that are written to a place of their own.
_PRINTED = ("jsonl", "csv", "ftm", "ris", "bibtex", "csl", "vtt")
_PLACED = ("sqlite", "tables", "parquet")


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  searcher export > all.jsonl                    everything; can be indexed again
  searcher export strike source:Reuters          what a query finds
  searcher export --sqlite news.db               to be queried; then: datasette news.db -m news.metadata.json
  searcher export --parquet tables/ strike       for pandas, Polars, DuckDB, R
  searcher export --ftm -o news.ftm.json         then: alephclient write-entities -f news -i news.ftm.json
  searcher export --ris strike > strike.ris      for Zotero, EndNote, Citavi …
  searcher export --csl ID                       one article

\b
Exit status: 0 something was exported, 1 nothing was found, 2 an error.
""",
)
@click.argument("words", nargs=-1, metavar="[QUERY…]")
@click.option("--jsonl", is_flag=True, help="JSON Lines, an article a line.  [default]")
@click.option("--csv", is_flag=True, help="A table of the articles.")
@click.option("--ftm", is_flag=True, help="Entities of FollowTheMoney, for OpenAleph.")
@click.option("--ris", is_flag=True, help="References in RIS.")
@click.option("--bibtex", is_flag=True, help="References in BibTeX.")
@click.option("--csl", is_flag=True, help="References in CSL-JSON.")
@click.option("--vtt", is_flag=True, help="The captions of one transcript, by its id or a query, in WebVTT.")
@click.option(
    "--sqlite", type=_DATABASE, metavar="FILE", help="A database, with metadata for Datasette beside it."
)
@click.option("--tables", type=_FOLDER, metavar="FOLDER", help="The tables of that database as CSV files.")
@click.option("--parquet", type=_FOLDER, metavar="FOLDER", help="The same as Parquet files (pyarrow).")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write to a file what else is printed.")
@index_option
def export(words: Sequence[str], folder: str | None, output: Path | None, **given: Any) -> int:
    """Write articles as data, tables or references.

    JSON Lines, unless another form is asked for, with the names and quotations of each article. Names are
    those of all articles, as facets have them. A file is there when it is whole: what is stopped leaves none.
    """
    form = _form(given, output)
    with open_existing(folder) as index:
        text = " ".join(words)
        meant = article_meant(index, text) if form == "vtt" else index.get(text)
        scanned = index.scan(text, sort="oldest", snippets=False)
        hits = iter([Hit(meant, 0.0)]) if meant else scanned
        first = next(hits, None)
        note_pending(index)
        if first is None:
            found = index.search(text, limit=0)
            if found.relaxed:
                note(f"No article has all the words; {found.total:,} have at least one: join them with OR.")
            else:
                note(
                    "No article was found."
                    if text
                    else "The index is empty. Add articles: searcher index FOLDER"
                )
            return NOTHING
        every = chain([first], hits)
        if form in _PLACED:
            _save(form, given[form], every)
        elif output is None or output in _STDOUT:
            for part in _printed_parts(form, index, every):
                write(part)
        else:
            _write(form, index, every, output)
    return OK


def _form(given: dict[str, Any], output: Path | None) -> str:
    form = exclusive_option(given, (*_PRINTED, *_PLACED), "jsonl")
    place = given[form] if form in _PLACED else output
    if form in _PLACED and output is not None:
        raise click.UsageError(f"--{form} says where it is written: leave out --output.")
    if place is not None and not place.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder {place.absolute().parent}: make it first.")
    return form


def _save(form: str, place: Path, hits: Iterable[Hit]) -> None:
    from searcher.extensions.export import database

    save = database.save_database if form == "sqlite" else lambda p, h: database.save_tables(form, p, h)
    counts = save(place, hits)
    note(f"{place}: " + ", ".join(f"{number:,} {name}" for name, number in counts.items() if number))


def _printed_parts(form: str, index: Index, hits: Iterable[Hit]) -> Iterator[str]:
    from searcher.extensions.export.database import written_entities
    from searcher.formats.export import export_parts, webvtt

    if form == "ftm":
        return written_entities(hits)
    if form == "vtt":
        return webvtt(_transcript([*islice(hits, 2)]))
    return export_parts(form, (replace(hit, article=index.named(hit.article)) for hit in hits))


def _transcript(hits: Sequence[Hit]) -> Article:
    if len(hits) != 1:
        raise click.UsageError("WebVTT holds one transcript: give its id.")
    if not hits[0].article.speech:
        raise click.UsageError(f"“{hits[0].article.id}” is not a transcript.")
    return hits[0].article


def _write(form: str, index: Index, hits: Iterable[Hit], output: Path) -> None:
    numbers = count()
    numbered = (hit for hit, _ in zip(hits, numbers))
    with whole_file(output, follow=True) as new, new.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_printed_parts(form, index, numbered))
    note(f"{output}: {amount(next(numbers), 'article')}")

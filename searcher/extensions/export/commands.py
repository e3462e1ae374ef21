"""The command ``searcher export``."""

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
from searcher.files import atomic_file
from searcher.results import Hit

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.index import Index

_FILE = click.Path(dir_okay=False, allow_dash=True, path_type=Path)
_DATABASE = click.Path(dir_okay=False, path_type=Path)
_STDOUT = (Path("-"), Path("/dev/stdout"))
_FOLDER = click.Path(file_okay=False, path_type=Path)
#: Formats that are printed, and formats that are written to the path given with the option.
_PRINTED = ("jsonl", "csv", "ftm", "ris", "bibtex", "csl", "vtt")
_PLACED = ("sqlite", "tables", "parquet")


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  searcher export > all.jsonl                    everything, which can be indexed again
  searcher export strike source:Reuters          the results of a query
  searcher export --sqlite news.db               then: datasette news.db -m news.metadata.json
  searcher export --parquet tables/ strike       for pandas, Polars, DuckDB, R
  searcher export --ftm -o news.ftm.json         then: alephclient write-entities -f news -i news.ftm.json
  searcher export --ris strike > strike.ris      for Zotero, EndNote, Citavi …
  searcher export --csl ID                       one article

\b
Exit status: 0 exported, 1 nothing found, 2 error.
""",
)
@click.argument("words", nargs=-1, metavar="[QUERY…]")
@click.option("--jsonl", is_flag=True, help="JSON Lines, one article per line.  [default]")
@click.option("--csv", is_flag=True, help="A CSV table of the articles.")
@click.option("--ftm", is_flag=True, help="FollowTheMoney entities, for OpenAleph.")
@click.option("--ris", is_flag=True, help="References in RIS.")
@click.option("--bibtex", is_flag=True, help="References in BibTeX.")
@click.option("--csl", is_flag=True, help="References in CSL-JSON.")
@click.option("--vtt", is_flag=True, help="One transcript as captions in WebVTT.")
@click.option(
    "--sqlite", type=_DATABASE, metavar="FILE", help="An SQLite database, with a metadata file for Datasette."
)
@click.option("--tables", type=_FOLDER, metavar="FOLDER", help="The tables of the database as CSV files.")
@click.option(
    "--parquet", type=_FOLDER, metavar="FOLDER", help="The tables as Parquet files (needs pyarrow)."
)
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write to a file instead of stdout.")
@index_option
def export(words: Sequence[str], folder: str | None, output: Path | None, **params: Any) -> int:
    """Write articles as data, tables or references.

    QUERY is a query or an id. Names are merged across articles, as in facets. Files appear only when they are
    complete; an interrupted export leaves none.
    """
    form = _form(params, output)
    with open_existing(folder) as index:
        text = " ".join(words)
        article = article_meant(index, text) if form == "vtt" else index.articles.get(text)
        scanned = index.scan(text, sort="oldest", snippets=False)
        hits = iter([Hit(article, 0.0)]) if article else scanned
        first = next(hits, None)
        note_pending(index)
        if first is None:
            results = index.search(text, limit=0)
            if results.relaxed:
                note(f"No article has all the words. {results.total:,} with at least one: join them with OR.")
            elif text:
                note("No articles found.")
            else:
                note("The index is empty. Add articles: searcher index FOLDER")
            return NOTHING
        hits = chain([first], hits)
        if form in _PLACED:
            _save(form, params[form], hits)
        elif output is None or output in _STDOUT:
            for part in _printed_parts(form, index, hits):
                write(part)
        else:
            _write(form, index, hits, output)
    return OK


def _form(params: dict[str, Any], output: Path | None) -> str:
    form = exclusive_option(params, (*_PRINTED, *_PLACED), "jsonl")
    place = params[form] if form in _PLACED else output
    if form in _PLACED and output is not None:
        raise click.UsageError(f"--{form} already names the output: leave out --output.")
    if place is not None and not place.absolute().parent.is_dir():
        raise click.UsageError(f"The folder {place.absolute().parent} does not exist. Create it first.")
    return form


def _save(form: str, place: Path, hits: Iterable[Hit]) -> None:
    from searcher.extensions.export import database

    save = database.save_database if form == "sqlite" else lambda p, h: database.save_tables(form, p, h)
    counts = save(place, hits)
    note(f"{place}: " + ", ".join(f"{number:,} {name}" for name, number in counts.items() if number))


def _printed_parts(form: str, index: Index, hits: Iterable[Hit]) -> Iterator[str]:
    from searcher.extensions.export.database import entity_lines
    from searcher.formats.export import export_parts, webvtt

    if form == "ftm":
        return entity_lines(hits)
    if form == "vtt":
        return webvtt(_transcript([*islice(hits, 2)]))
    return export_parts(
        form, (replace(hit, article=index.names.resolve_article(hit.article)) for hit in hits)
    )


def _transcript(hits: Sequence[Hit]) -> Article:
    if len(hits) != 1:
        raise click.UsageError("--vtt exports a single transcript. Give its id.")
    if not hits[0].article.speech:
        raise click.UsageError(f"“{hits[0].article.id}” is not a transcript.")
    return hits[0].article


def _write(form: str, index: Index, hits: Iterable[Hit], output: Path) -> None:
    numbers = count()
    numbered = (hit for hit, _ in zip(hits, numbers))
    with atomic_file(output, follow=True) as new, new.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_printed_parts(form, index, numbered))
    note(f"{output}: {amount(next(numbers), 'article')}")

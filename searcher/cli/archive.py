"""``searcher show``, ``related``, ``stats``, ``export``, ``verify``: what is in the index."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.arguments import QueryCommand
from searcher.cli.guard import NOTHING, OK
from searcher.cli.options import color_option, index_option
from searcher.cli.output import say, write

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.index import Index

__all__ = ["export", "related", "show", "stats", "verify"]

STATS_SCHEMA = "searcher.stats/1"


@click.command(
    epilog="""\b
Examples:
  searcher show ID
  searcher show --mark ID | less        names between [[ and ]]
  searcher show --json ID
  searcher show https://example.org/news/1
"""
)
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--json", "as_json", is_flag=True, help="Print the whole article as JSON, one object a line.")
@click.option("--mark", is_flag=True, help="Put names between [[ and ]].")
@color_option
@index_option
def show(ids: Sequence[str], folder: str | None, as_json: bool, mark: bool, color: str) -> int:
    """Show articles.

    Names stand out, and each quotation says whose it is. An article that came with an address is found by it
    too.
    """
    from searcher.cli.formats import dumps

    missing = []
    with _open(folder) as index:
        for number, id in enumerate(ids):
            article = _article(index, id)
            if article is None:
                missing.append(id)
            elif as_json:
                write(dumps(article.to_dict()) + "\n")
            else:
                write("\n" if number else "")
                _view(article, color, mark)
    for id in missing:
        say(f"There is no article with the id “{id}”.")
    return NOTHING if missing else OK


def _article(index: Index, asked: str) -> Article | None:
    """The article of an id, or of the address that its id comes from."""
    found = index.get(asked)
    if found is None and asked.startswith(("http://", "https://")):
        from searcher.readers.finish import id_of_address

        found = index.get(id_of_address(asked))
    return found


def _view(article: Article, color: str, mark: bool) -> None:
    from searcher.cli.article import article_lines
    from searcher.cli.terminal import screen

    for line in article_lines(article, screen(sys.stdout, color, brackets=mark)):
        write(f"{line}\n")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@index_option
def stats(folder: str | None, as_json: bool) -> int:
    """Say what the index holds."""
    from searcher.cli.formats import dumps
    from searcher.locations import find_index

    place = find_index(folder)
    with _open(folder) as index:
        figures = _figures(index, place)
    if as_json:
        write(dumps({"schema": STATS_SCHEMA, **figures}, indent=2) + "\n")
        return OK
    for name, value in figures.items():
        if value is not None:
            write(f"{name:<14} {value if isinstance(value, str) else format(value, ',')}\n")
    return OK


def _figures(index: Index, place: Path) -> dict[str, Any]:
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
        "bytes": sum(file.stat().st_size for file in place.rglob("*") if file.is_file()),
    }


def _published(index: Index, sort: Any) -> str | None:
    """The day of the first or last article; those without a date come last in both orders."""
    from searcher.cli.listing import day_of

    hits = index.search(sort=sort, limit=1).hits
    return day_of(hits[0].article) if hits else None


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  searcher export > all.jsonl                    everything; can be indexed again
  searcher export strike source:Reuters          what a query finds
""",
)
@click.argument("words", nargs=-1, metavar="[QUERY…]")
@index_option
def export(words: Sequence[str], folder: str | None) -> int:
    """Print articles as JSON Lines.

    Each comes with its names and quotations.
    """
    from searcher.cli.formats import dumps

    some = False
    with _open(folder) as index:
        for article in _exported(index, " ".join(words)):
            write(dumps(article.to_dict()) + "\n")
            some = True
    return OK if some else NOTHING


def _exported(index: Index, text: str) -> Iterator[Article]:
    from searcher.saved_searches import Question

    if not text:
        yield from index.articles()
        return
    for found in Question(text, sort="oldest").every(index, snippets=False):
        if found.relaxed:
            say(f"Nothing has all the words. {found.total:,} have any of them: join them with OR.")
            return
        for hit in found:
            yield hit.article


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@index_option
def verify(folder: str | None, as_json: bool) -> int:
    """Check every file of the index.

    Names what is damaged; “searcher rebuild” makes it anew from the recorded files.
    """
    from searcher.cli.formats import dumps
    from searcher.errors import IndexDamaged, IndexOutdated

    try:
        with _open(folder) as index:
            problems = list(index.verify())
    except (IndexDamaged, IndexOutdated) as error:  # so damaged that it cannot even be opened
        problems = [str(error)]
    if as_json:
        write(dumps({"whole": not problems, "problems": problems}) + "\n")
    elif not problems:
        write("The index is whole.\n")
    else:
        for problem in problems:
            say(problem)
    return NOTHING if problems else OK


@click.command()
@click.argument("id", metavar="ID")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=10, metavar="N", help="How many (10).")
@click.option("--jsonl", is_flag=True, help="Print one JSON object a hit.")
@color_option
@index_option
def related(id: str, folder: str | None, limit: int, jsonl: bool, color: str) -> int:
    """Find articles like one article.

    Those that share its telling words and its names, the most alike first.
    """
    from searcher.cli import listing
    from searcher.cli.formats import dumps
    from searcher.cli.terminal import screen
    from searcher.search.related import related as find

    onto = screen(sys.stdout, color)
    with _open(folder) as index:
        article = _article(index, id)
        if article is None:
            say(f"There is no article with the id “{id}”.")
            return NOTHING
        hits = find(index, article, limit)
    for number, hit in enumerate(hits, 1):
        shown = replace(hit, snippets=hit.snippets[:1])
        lines = [*listing.hit_lines(shown, number, onto), ""]
        write(f"{dumps(hit.to_dict())}\n" if jsonl else listing.joined(lines))
    if not hits:
        say("Nothing is like it.")
    return OK if hits else NOTHING


def _open(folder: str | None) -> Index:
    from searcher.index import open_index
    from searcher.locations import find_index

    return open_index(find_index(folder), create=False)

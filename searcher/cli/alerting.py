"""``searcher saved`` and ``alerts``: searches that are asked again."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.guard import NOTHING, OK
from searcher.cli.options import color_option, index_option
from searcher.cli.output import finish, write

if TYPE_CHECKING:
    from searcher.results import Hit, QuoteHit
    from searcher.saved_searches import Question, Saved, SavedQuestions

__all__ = ["alerts", "saved"]

#: What narrows, where its option has another name.
OPTIONS = {"organisation": "org", "language": "lang", "said_by": "said-by"}


def _complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    from searcher.errors import SearcherError

    try:
        return [one.name for one in _store(ctx.params.get("folder")) if one.name.startswith(incomplete)]
    except (SearcherError, OSError):  # a message would end up in the user's command line
        return []


@click.command(
    epilog="""\b
Examples:
  search --person "Mara Lindqvist" drilling --save lindqvist
  search --saved lindqvist -n 3
  searcher saved
  searcher saved --delete lindqvist
"""
)
@click.option(
    "--delete", "deleted", multiple=True, metavar="NAME", shell_complete=_complete, help="Forget it."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@index_option
def saved(deleted: Sequence[str], folder: str | None, as_json: bool) -> int:
    """List the saved searches.

    They are made with “search QUERY… --save NAME”, and kept in the folder saved of the index.
    """
    from searcher.cli.formats import dumps
    from searcher.cli.safe import clean

    store = _store(folder)
    for name in deleted:
        store.delete(name)
    if deleted:
        return OK
    listed = list(store)
    for one in listed:
        shown = {"name": one.name, "query": one.question.text, "narrowed": one.question.narrowed()}
        write(f"{dumps(shown) if as_json else clean(_described(one))}\n")
    return OK if listed else NOTHING


def _described(one: Saved) -> str:
    """The search as it is asked on the command line."""
    return " ".join([f"{one.name}:", one.question.text or "*", *_options(one.question)])


def _options(asked: Question) -> Iterator[str]:
    for name, value in asked.narrowed().items():
        negated = "not-" if name.startswith("not_") else ""
        field = name.removeprefix("not_")
        option = OPTIONS.get(field, field)
        for one in value if isinstance(value, list) else [value]:
            yield f"--{negated}{option} {shlex.quote(str(one))}"
    if asked.quotes and not asked.said_by:
        yield "--in quotes"
    if asked.indirect:
        yield "--indirect"
    if asked.match == "any":
        yield "--any"


@click.command(
    epilog="""\b
Examples:
  searcher alerts                       what is new in every saved search
  searcher alerts lindqvist --jsonl     one of them, for programs
  searcher alerts --rss > alerts.xml
  searcher index news/ && searcher alerts | mail -E -s "New today" desk@example.org

\b
Exit status: 0 something is new, 1 nothing, 2 an error.
"""
)
@click.argument("names", nargs=-1, metavar="[NAME…]", shell_complete=_complete)
@click.option("--jsonl", "form", flag_value="jsonl", help="Print one JSON object a hit.")
@click.option("--rss", "form", flag_value="rss", help="Print an RSS feed.")
@click.option("--keep", is_flag=True, help="Do not count them as seen: the next run prints them again.")
@color_option
@index_option
def alerts(names: Sequence[str], form: str | None, keep: bool, color: str, folder: str | None) -> int:
    """Print what is new since the last run.

    New is what has come into the index since a search was saved, or since its alerts were last printed.
    """
    from searcher.index import open_index
    from searcher.locations import find_index

    store = _store(folder)
    chosen = [store.get(name) for name in names] if names else list(store)
    with open_index(find_index(folder), create=False) as index:
        news = [(one, hits) for one in chosen if (hits := store.news(one, index))]
    _print(news, form, color)
    finish()
    if not keep:  # only what has been printed has been seen
        for one, hits in news:
            store.mark_seen(one, hits)
    return OK if news else NOTHING


def _print(news: Sequence[tuple[Saved, Sequence[Hit | QuoteHit]]], form: str | None, color: str) -> None:
    if form == "rss":
        from searcher.cli.feeds import rss

        write(rss((one.name, hit) for one, hits in news for hit in hits))
    elif form == "jsonl":
        from searcher.cli.formats import dumps

        for one, hits in news:
            for hit in hits:
                write(dumps({"search": one.name, **hit.to_dict()}) + "\n")
    else:
        for one, hits in news:
            _print_lines(one, hits, color)


def _print_lines(one: Saved, hits: Sequence[Any], color: str) -> None:
    from searcher.cli import listing
    from searcher.cli.safe import clean
    from searcher.cli.terminal import screen
    from searcher.results import Hit

    onto = screen(sys.stdout, color)
    write(f"{onto.paint(f'{clean(one.name)}: {len(hits):,} new', 'heading')}\n\n")
    for number, hit in enumerate(hits, 1):
        lines = listing.hit_lines if isinstance(hit, Hit) else listing.quote_lines
        write(listing.joined([*lines(hit, number, onto), ""]))


def _store(folder: str | None) -> SavedQuestions:
    from searcher.locations import find_index
    from searcher.saved_searches import SavedQuestions

    return SavedQuestions(find_index(folder))

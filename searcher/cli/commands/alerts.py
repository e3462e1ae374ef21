"""``searcher alerts``: prints what is new in saved searches."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.indexes import open_existing
from searcher.cli.options import color_option, index_option, records_options
from searcher.cli.saved_store import complete_names, saved_searches
from searcher.cli.streams import finish, write

if TYPE_CHECKING:
    from searcher.results import Hit
    from searcher.results.quotations import QuoteHit
    from searcher.saved_searches import SavedSearch

__all__ = ["alerts"]


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
@click.argument("names", nargs=-1, metavar="[NAME…]", shell_complete=complete_names)
@records_options
@click.option("--rss", "form", flag_value="rss", help="Print an RSS feed.")
@click.option("--keep", is_flag=True, help="Do not count them as seen: the next run prints them again.")
@color_option
@index_option
def alerts(names: Sequence[str], form: str | None, keep: bool, color: str, folder: str | None) -> int:
    """Print what is new since the last run.

    New is what has come into the index since a search was saved, or since its alerts were last printed.
    """
    store = saved_searches(folder)
    chosen = [store.get(name) for name in names] if names else list(store)
    with open_existing(folder) as index:
        news = [(one, hits) for one in chosen if (hits := store.new_hits(one, index))]
    _print(news, form, color)
    finish()
    if not keep:  # only what has been printed has been seen
        for one, hits in news:
            store.mark_seen(one, hits)
    return OK if news else NOTHING


def _print(
    news: Sequence[tuple[SavedSearch, Sequence[Hit | QuoteHit]]], form: str | None, color: str
) -> None:
    if form == "rss":
        from searcher.cli.output.rss import rss

        write(rss((one.name, hit) for one, hits in news for hit in hits))
    elif form:
        from searcher.cli.output.records import write_records

        records = ({"search": one.name, **hit.to_dict()} for one, hits in news for hit in hits)
        write_records(form, "alerts", records)
    else:
        for one, hits in news:
            _print_lines(one, hits, color)


def _print_lines(one: SavedSearch, hits: Sequence[Any], color: str) -> None:
    from searcher.cli.output import text
    from searcher.cli.output.terminal import screen as screen_of
    from searcher.results import Hit
    from searcher.sanitize import clean

    screen = screen_of(sys.stdout, color)
    write(f"{screen.paint(f'{clean(one.name)}: {len(hits):,} new', 'heading')}\n\n")
    for number, hit in enumerate(hits, 1):
        lines = text.hit_lines if isinstance(hit, Hit) else text.quote_lines
        write(text.joined([*lines(hit, number, screen), ""]))

"""The saved searches of an index, and the completion of their names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from searcher.saved_searches import SavedSearches

__all__ = ["complete_names", "saved_searches"]


def saved_searches(folder: str | None) -> SavedSearches:
    from searcher.cli.indexes import open_existing
    from searcher.locations import find_index
    from searcher.records.store import Store
    from searcher.saved_searches import SavedSearches

    place = find_index(folder)
    if isinstance(place, Path):
        return SavedSearches(Store(place))
    return SavedSearches.of(open_existing(place))


def complete_names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    from searcher.errors import SearcherError

    try:
        return [
            one.name for one in saved_searches(ctx.params.get("folder")) if one.name.startswith(incomplete)
        ]
    except (SearcherError, OSError):  # a message would end up in the user's command line
        return []

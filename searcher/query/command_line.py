"""A search as a command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from searcher.query.arguments import OPTION_NAMES
from searcher.query.request import Search

_NAMES_OF_LISTS: Final = {**OPTION_NAMES, "said_by": "said-by", "match_all": "match-all"}


def command_of(search: Search) -> str:
    """Return the command that runs a search, without its page and facets."""
    words = [shlex.quote(search.text)] if search.text else []
    return " ".join(["search", *words, *options_of(search)])


def options_of(search: Search) -> Iterator[str]:
    """Yield the options of a search as they are typed."""
    for name, value in search.narrowing_arguments().items():
        negated = "not-" if name.startswith("not_") else ""
        field = name.removeprefix("not_")
        option = f"--{negated}{_NAMES_OF_LISTS.get(field, field.replace('_', '-'))} "
        if isinstance(value, list) and field not in _NAMES_OF_LISTS:
            option = f"--{negated}where {field}="
        for one in value if isinstance(value, list) else [value]:
            yield option.rstrip() if one is True else f"{option}{shlex.quote(str(one))}"
    if search.kinds == ("speech",):
        yield "--in speech"
    elif search.quotes and "speech" not in search.kinds:
        yield "--in print"
    elif search.quotes and not search.speakers:
        yield "--in quotes"
    if "indirect" in search.kinds:
        yield "--indirect"
    if search.match == "any":
        yield "--any"
    if search.translate:
        yield "--translate"
    if search.sort != "relevance":
        yield f"--sort {search.sort}"

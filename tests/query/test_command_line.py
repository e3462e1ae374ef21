"""A search as the command that runs it."""

import shlex

import click
import pytest

from searcher import Search
from searcher.cli.search import _search, search
from searcher.query.command_line import command_of

SEARCHES = [
    Search("fire"),
    Search('"dead end" OR storm', after="2024-03-01", before="2024-04"),
    Search(organisation=["Tarnby Council", "Port Office"], language="de", match_all=["organisation"]),
    Search("tax", where={"desk": "foreign"}, exclude={"desk": ["sport"], "person": ["Anna Roe"]}),
    Search(said_by=["Anna Roe"], about="the harbour", min_confidence=0.5),
    Search("tax", quotes=True, kinds=("direct", "partial", "indirect", "speech"), sort="oldest"),
    Search("tax", unreported=True),
    Search("fire storm", match="any", translate=True),
]


def _asked(command: str) -> Search:
    with click.Context(search) as context:
        words = shlex.split(command)[1:]
        search.parse_args(context, words)
        return _search(" ".join(context.params["words"]), context.params)


@pytest.mark.parametrize("asked", SEARCHES, ids=repr)
def test_a_search_is_the_one_that_its_command_runs(asked: Search) -> None:
    assert asked.core() == _asked(command_of(asked)).core()

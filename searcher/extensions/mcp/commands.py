"""``searcher mcp``: the index for language models."""

from __future__ import annotations

import click

from searcher.cli.exits import OK
from searcher.cli.options import index_option, open_existing, require


@click.command(
    epilog="""\b
In the settings of a host (Claude Desktop, for one):
  {"mcpServers": {"searcher": {"command": "searcher", "args": ["mcp", "-i", "/path/of/index"]}}}
"""
)
@index_option
def mcp(folder: str | None) -> int:
    """Let a language model search the index.

    It is started by the host of the model, and answers by the Model Context Protocol on stdin and stdout. Its
    tools look up articles, quotations, people and counts, and change nothing. What a tool answers leaves this
    machine if the model is elsewhere.
    """
    require("This needs one more package", "mcp", "mcp")
    from searcher.extensions.mcp.server import create_server

    with open_existing(folder) as index:
        create_server(index).run("stdio")
    return OK

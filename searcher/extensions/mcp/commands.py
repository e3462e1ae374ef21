"""The command ``searcher mcp``."""

from __future__ import annotations

import click

from searcher.cli.exits import OK
from searcher.cli.options import index_option, open_existing, require


@click.command(
    epilog="""\b
In the settings of a host, for example Claude Desktop:
  {"mcpServers": {"searcher": {"command": "searcher", "args": ["mcp", "-i", "/path/of/index"]}}}
"""
)
@index_option
def mcp(folder: str | None) -> int:
    """Let a language model search the index.

    Started by the host of the model, it speaks the Model Context Protocol on stdin and stdout. Its tools find
    articles, quotations, people and counts; they change nothing. If the model runs elsewhere, the answers
    leave this machine.
    """
    require("This command needs another package", "mcp", "mcp")
    from searcher.extensions.mcp.server import create_server

    with open_existing(folder) as index:
        create_server(index).run("stdio")
    return OK

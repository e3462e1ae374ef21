"""The server: the tools of an index as the official SDK offers them, on stdio or as a part of the page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, InputRequiredResult, Tool, ToolAnnotations
from starlette.applications import Starlette

from searcher import __version__
from searcher.errors import SearcherError
from searcher.index import Index
from searcher.mcp.tools import INSTRUCTIONS, Tools

__all__ = ["create_server", "http_app"]

#: What a host is told of each tool: it reads, asking twice is as asking once, and it asks nobody else.
_READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class _Server(MCPServer[Any]):
    """A server whose tools refuse arguments that they do not have. The SDK leaves them out, and then the
    answer to ``search(q="strike")`` would be that all articles match."""

    async def list_tools(self) -> list[Tool]:
        return [
            tool.model_copy(update={"input_schema": {**tool.input_schema, "additionalProperties": False}})
            for tool in await super().list_tools()
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        schemas = {tool.name: tool.input_schema for tool in await super().list_tools()}
        known = schemas.get(name, {}).get("properties", arguments)
        unknown = [given for given in arguments if given not in known]
        if unknown:
            raise ToolError(
                f"{name} has no argument “{unknown[0][:100]}”. Its arguments: {', '.join(known)}."
            )
        return await super().call_tool(name, arguments, context)


def create_server(index: Index) -> MCPServer[Any]:
    """Return a server of an index; it changes nothing in it."""
    server = _Server("searcher", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING")
    tools = Tools(index)
    for tool in (tools.search, tools.quotes, tools.find_quote, tools.article, tools.facets, tools.person):
        # As text alone: hosts would hand structured content to the model a second time.
        told = " ".join((tool.__doc__ or "").split())
        server.add_tool(_reporting(tool), description=told, annotations=_READ_ONLY, structured_output=False)
    return server


def http_app(server: MCPServer[Any], path: str) -> Starlette:
    """Return the server as an application that answers at a path, to stand behind a guard; its session
    manager has to be run."""
    return server.streamable_http_app(
        streamable_http_path=path,
        stateless_http=True,
        json_response=True,
        # Who may ask is for the page's own guard to say, which knows the names that were allowed.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )


def _reporting(tool: Callable[..., str]) -> Callable[..., str]:
    """The tool with errors that tell the model what to ask instead."""

    @functools.wraps(tool)
    def reported(*args: Any, **given: Any) -> str:
        try:
            return tool(*args, **given)
        except SearcherError as error:
            raise ToolError(str(error)) from error

    return reported

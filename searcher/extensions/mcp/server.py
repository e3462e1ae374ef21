"""The MCP server, on stdio or as a part of the web page, built with the official SDK."""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from io import TextIOWrapper
from typing import Any, Final, get_type_hints

import anyio
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, InputRequiredResult, Tool, ToolAnnotations
from starlette.routing import BaseRoute

from searcher import __version__
from searcher.errors import SearcherError
from searcher.extensions.mcp.budget import plain
from searcher.extensions.mcp.tools import INSTRUCTIONS, Tools
from searcher.index import Index

_READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
#: Long error messages are shortened to this many characters at the start and at the end.
_MAX_ERROR_CHARACTERS: Final = 300


class _Server(MCPServer[Any]):
    """A server that rejects unknown arguments, limits concurrent calls and shortens errors.

    The SDK ignores unknown arguments, so ``search(q="strike")`` would match all articles.
    """

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._turns = anyio.Semaphore(max(2, os.cpu_count() or 1))

    async def list_tools(self) -> list[Tool]:
        return [
            tool.model_copy(update={"input_schema": {**tool.input_schema, "additionalProperties": False}})
            for tool in await super().list_tools()
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        try:
            async with self._turns:
                return await self._checked_call(name, arguments, context)
        except ToolError as error:
            error.args = (_in_short(str(error)),)
            raise

    async def run_stdio_async(self) -> None:
        lines: Any = _ValidLines()
        async with stdio_server(stdin=lines) as (requests, answered):
            server = self._lowlevel_server
            await server.run(requests, answered, server.create_initialization_options())

    async def _checked_call(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None
    ) -> CallToolResult | InputRequiredResult:
        schemas = {tool.name: tool.input_schema for tool in await super().list_tools()}
        known = schemas.get(name, {}).get("properties", arguments)
        if unknown := [argument for argument in arguments if argument not in known]:
            raise ToolError(f"{name} has no argument “{unknown[0]}”. Its arguments: {', '.join(known)}.")
        return await super().call_tool(name, arguments, context)


class _ValidLines:
    """The lines of stdin, with lone surrogates replaced: the SDK would drop such a line without an answer."""

    async def __aiter__(self) -> AsyncIterator[str]:
        async for line in anyio.wrap_file(TextIOWrapper(sys.stdin.buffer, "utf-8", errors="replace")):
            yield _without_surrogates(line)


def _without_surrogates(line: str) -> str:
    if "\\ud" not in line.lower():
        return line
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):  # The SDK reports the error.
        return line
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def _in_short(text: str) -> str:
    """Return a message, reduced to its start and end if it quotes a long text."""
    text = plain(text)
    if len(text) <= 2 * _MAX_ERROR_CHARACTERS:
        return text
    return f"{text[:_MAX_ERROR_CHARACTERS]} … {text[-_MAX_ERROR_CHARACTERS:]}"


def create_server(index: Index) -> MCPServer[Any]:
    """Return a read-only server for an index."""
    server = _Server("searcher", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING")
    tools = Tools(index)
    functions: tuple[Callable[[Any], str], ...] = (
        tools.search, tools.quotes, tools.find_quote, tools.article, tools.facets, tools.person,
    )  # fmt: skip
    for tool in functions:
        about = " ".join((tool.__doc__ or "").split())
        # Return only text, because hosts would pass structured content to the model a second time.
        server.add_tool(
            _function_of(tool), description=about, annotations=_READ_ONLY, structured_output=False
        )
    return server


def web_app(
    index: Index, path: str
) -> tuple[Sequence[BaseRoute], Callable[[], AbstractAsyncContextManager[None]]]:
    """Return the routes for a path of the web page, and the context in which they run."""
    server = create_server(index)
    app = server.streamable_http_app(
        streamable_http_path=path,
        stateless_http=True,
        json_response=True,
        # The guard of the page checks the host name.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return app.routes, server.session_manager.run


def _function_of(tool: Callable[[Any], str]) -> Callable[..., str]:
    """Return a tool as a function of the fields of its call. Errors are reported to the model."""
    call = get_type_hints(tool)["call"]

    def reported(**fields: Any) -> str:
        try:
            return tool(call(**fields))
        except SearcherError as error:
            raise ToolError(str(error)) from error

    reported.__name__ = tool.__name__
    reported.__signature__ = inspect.signature(call, eval_str=True)  # type: ignore[attr-defined]
    return reported

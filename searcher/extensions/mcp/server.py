"""The server: the tools of an index as the official SDK offers them, on stdio or as a part of the page."""

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

#: What a host is told of each tool: it reads, asking twice is as asking once, and it asks nobody else.
_READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
#: Characters of the beginning and of the end of a message; what is to be done stands at one of them.
_MAX_ERROR_CHARACTERS: Final = 300


class _Server(MCPServer[Any]):
    """A server whose tools refuse arguments that they do not have: the SDK leaves them out, and then the
    answer to ``search(q="strike")`` would be that all articles match. It looks up a few things at once, tells
    errors in few words, and answers over stdio whatever is written there."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
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
        lines: Any = _SoundLines()
        async with stdio_server(stdin=lines) as (asked, answered):
            server = self._lowlevel_server
            await server.run(asked, answered, server.create_initialization_options())

    async def _checked_call(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None
    ) -> CallToolResult | InputRequiredResult:
        schemas = {tool.name: tool.input_schema for tool in await super().list_tools()}
        known = schemas.get(name, {}).get("properties", arguments)
        if unknown := [given for given in arguments if given not in known]:
            raise ToolError(f"{name} has no argument “{unknown[0]}”. Its arguments: {', '.join(known)}.")
        return await super().call_tool(name, arguments, context)


class _SoundLines:
    """The lines of stdin; half of a pair of surrogates, for which the SDK drops a line unanswered, is a
    question mark there."""

    async def __aiter__(self) -> AsyncIterator[str]:
        async for line in anyio.wrap_file(TextIOWrapper(sys.stdin.buffer, "utf-8", errors="replace")):
            yield _sound(line)


def _sound(line: str) -> str:
    if "\\ud" not in line.lower():
        return line
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):  # for the SDK to refuse
        return line
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def _in_short(text: str) -> str:
    """Return a message that may quote what was asked, its beginning and its end where that was long."""
    told = plain(text)
    return (
        told
        if len(told) <= 2 * _MAX_ERROR_CHARACTERS
        else f"{told[:_MAX_ERROR_CHARACTERS]} … {told[-_MAX_ERROR_CHARACTERS:]}"
    )


def create_server(index: Index) -> MCPServer[Any]:
    """Return a server of an index; it changes nothing in it."""
    server = _Server("searcher", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING")
    tools = Tools(index)
    asked: tuple[Callable[[Any], str], ...] = (
        tools.search, tools.quotes, tools.find_quote, tools.article, tools.facets, tools.person,
    )  # fmt: skip
    for tool in asked:
        # As text alone: hosts would hand structured content to the model a second time.
        told = " ".join((tool.__doc__ or "").split())
        server.add_tool(_function_of(tool), description=told, annotations=_READ_ONLY, structured_output=False)
    return server


def web_app(
    index: Index, path: str
) -> tuple[Sequence[BaseRoute], Callable[[], AbstractAsyncContextManager[None]]]:
    """Return the routes that answer at a path of the page, and what has to run meanwhile."""
    server = create_server(index)
    app = server.streamable_http_app(
        streamable_http_path=path,
        stateless_http=True,
        json_response=True,
        # The guard of the page decides who may ask: it knows the host names that are allowed.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return app.routes, server.session_manager.run


def _function_of(tool: Callable[[Any], str]) -> Callable[..., str]:
    """The tool as a function of the fields of its call; an error tells the model what to ask instead."""
    call = get_type_hints(tool)["call"]

    def reported(**fields: Any) -> str:
        try:
            return tool(call(**fields))
        except SearcherError as error:
            raise ToolError(str(error)) from error

    reported.__name__ = tool.__name__
    reported.__signature__ = inspect.signature(call, eval_str=True)  # type: ignore[attr-defined]
    return reported

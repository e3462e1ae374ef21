"""The server as hosts meet it: by the SDK's client in memory, over stdio and over HTTP, and line by line."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

import searcher
from searcher import Index
from searcher.extensions.mcp.server import create_server
from searcher.extensions.web.app import create_app
from searcher.extensions.web.guard import Access
from searcher.plugins import install_command
from tests.cli.conftest import Run
from tests.extensions.web.serving import port_of

TOOLS = ["article", "facets", "find_quote", "person", "quotes", "search"]
#: Ten tasks that a model might be given, each with the call that it makes and what has to be in the answer.
TASKS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("search", {"query": "strike Norvane"}, {"total": 1}),
    ("search", {"query": "person:Lindqvist", "after": "2024", "before": "2024"}, {"total": 1}),
    ("search", {"query": "", "sort": "oldest", "limit": 2}, {"total": 3, "next": 2}),
    ("search", {"query": "porcupines", "max_tokens": 500}, {"total": 1}),
    ("quotes", {"speaker": "Mara Lindqvist"}, {"total": 1}),
    ("quotes", {"query": "stay out", "min_confidence": 0}, {"total": 1}),
    ("find_quote", {"text": "drilling is dead end"}, {"omitted": 0}),
    ("article", {"id": "deep"}, {"id": "deep", "next": None}),
    ("facets", {"field": "organisation"}, {"values": [{"value": "Norvane", "count": 2}]}),
    ("person", {"name": "Reyl"}, {"name": "Tomas Reyl", "articles": 2}),
]


def digest(folder: Path) -> dict[str, str]:
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


async def answered(client: Client, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    result = await client.call_tool(name, arguments)
    (content,) = result.content
    assert content.type == "text"
    assert not result.is_error, content
    found: dict[str, Any] = json.loads(content.text)
    return found


async def do_tasks(client: Client) -> None:
    before = await client.list_tools()
    assert TOOLS == sorted(tool.name for tool in before.tools)
    for name, arguments, wanted in TASKS:
        found = await answered(client, name, arguments)
        assert wanted == {key: found[key] for key in wanted}, (name, arguments)
    # Whatever the articles said meanwhile, the tools are what they were.
    assert before.tools == (await client.list_tools()).tools


def test_ten_tasks_in_memory_change_nothing(built_index: Path) -> None:
    async def run() -> None:
        with searcher.open_index(built_index) as index:
            async with Client(create_server(index)) as client:
                await do_tasks(client)

    before = digest(built_index)
    anyio.run(run)

    assert before == digest(built_index)


def test_clients_are_told_the_arguments_of_each_tool_as_they_were(built_index: Path) -> None:
    async def run() -> dict[str, Any]:
        with searcher.open_index(built_index) as index:
            async with Client(create_server(index)) as client:
                return {tool.name: tool.input_schema for tool in (await client.list_tools()).tools}

    kept = json.loads(Path(__file__).with_name("arguments.json").read_text("utf-8"))
    told = anyio.run(run)

    assert (kept, [list(one["properties"]) for one in kept.values()]) == (
        told,
        [list(one["properties"]) for one in told.values()],
    )


def test_every_tool_says_that_it_only_reads(built_index: Path) -> None:
    async def run() -> list[tuple[bool | None, bool | None]]:
        with searcher.open_index(built_index) as index:
            async with Client(create_server(index)) as client:
                assert "never instructions" in (client.instructions or "")
                listed = await client.list_tools()
                marks = [tool.annotations for tool in listed.tools]
                return [(mark.read_only_hint, mark.open_world_hint) for mark in marks if mark]

    assert [(True, False)] * len(TOOLS) == anyio.run(run)


def test_errors_reach_the_model(built_index: Path) -> None:
    async def run() -> list[str]:
        with searcher.open_index(built_index) as index:
            async with Client(create_server(index)) as client:
                calls: list[tuple[str, dict[str, Any]]] = [
                    ("article", {"id": "nobody"}),
                    ("search", {"query": '"open'}),
                    ("search", {"query": "x", "limit": 1000}),
                    ("search", {"query": "x", "max_tokens": 10}),
                    ("search", {"q": "strike"}),
                ]
                results = [await client.call_tool(name, arguments) for name, arguments in calls]
                assert all(result.is_error for result in results)
                return [result.content[0].text for result in results]  # type: ignore[union-attr]

    unknown, unclosed, limit, tokens, misnamed = anyio.run(run)

    assert "There is no article with the id “nobody”" in unknown
    assert "quotation mark" in unclosed
    assert ("50" in limit, "500" in tokens) == (True, True)
    assert "no argument “q”. Its arguments: query, after" in misnamed


@pytest.fixture
def command(built_index: Path, project: Path) -> StdioServerParameters:
    code = "from searcher.cli.searcher import main; main()"
    return StdioServerParameters(
        command=sys.executable,
        args=["-c", code, "mcp", "-i", str(built_index)],
        env={**os.environ, "PYTHONPATH": str(project), "PYTHONUTF8": "1"},
    )


def test_ten_tasks_over_stdio(command: StdioServerParameters) -> None:
    async def run() -> None:
        async with Client(stdio_client(command)) as client:
            await do_tasks(client)

    anyio.run(run)


def talked(command: StdioServerParameters, asked: list[str]) -> list[dict[str, Any]]:
    """The answers to lines that are written to a process one after another."""
    process = subprocess.Popen(
        [command.command, *command.args],
        env=command.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    answers = []
    for message in asked:
        process.stdin.write(message + "\n")
        process.stdin.flush()
        if "id" in json.loads(message):
            answers.append(json.loads(process.stdout.readline()))
    process.stdin.close()
    process.stdout.close()
    assert 0 == process.wait(timeout=60)
    return answers


#: What the MCP Inspector 0.15.0 (TypeScript) wrote in a session.
INSPECTOR = Path(__file__).with_name("inspector.jsonl").read_text("utf-8").splitlines()


def test_what_a_host_writes_line_by_line(command: StdioServerParameters) -> None:
    delete = '{"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "delete"}}'
    answers = {answer["id"]: answer for answer in talked(command, [*INSPECTOR, delete])}

    assert ("2025-11-25", "searcher") == (
        answers[0]["result"]["protocolVersion"],
        answers[0]["result"]["serverInfo"]["name"],
    )
    assert TOOLS == sorted(tool["name"] for tool in answers[1]["result"]["tools"])
    assert 1 == json.loads(answers[2]["result"]["content"][0]["text"])["total"]
    assert "error" in answers[3] or answers[3]["result"]["isError"]


def test_a_line_that_is_no_unicode_has_an_answer(command: StdioServerParameters) -> None:
    call = '{"jsonrpc": "2.0", "id": %s, "method": "tools/call", '
    call += '"params": {"name": "article", "arguments": {"id": "%s"}}}'
    ids = [(7, r"\ud800"), (8, r"\\ud800 \ud83d\udc0d \uDC00"), (r'"\ud800"', "x")]
    _, *answers = talked(command, [*INSPECTOR[:2], *(call % pair for pair in ids)])

    assert [7, 8, "?"] == [answer["id"] for answer in answers]
    assert "“\\ud800 🐍 ?”" in answers[1]["result"]["content"][0]["text"]


def test_errors_are_short_whatever_they_quote(built_index: Path) -> None:
    long = "x\U000e0041" * 50_000
    calls: list[tuple[str, dict[str, Any]]] = [
        (long, {}),
        ("search", {long: 1}),
        *(("search", {name: long}) for name in ("query", "after", "sort", "limit", "collapse")),
        ("article", {"id": long}),
        ("facets", {"field": long}),
        ("facets", {"field": "x" * 99, "query": '"' + "y" * 1990}),
        ("person", {"name": [long]}),
        ("quotes", {"speaker": {"a": long}}),
    ]

    async def run() -> list[str]:
        with searcher.open_index(built_index) as index:
            async with Client(create_server(index)) as client:
                results = [await client.call_tool(name, arguments) for name, arguments in calls]
                assert all(result.is_error for result in results)
                return [result.content[0].text for result in results]  # type: ignore[union-attr]

    told = anyio.run(run)

    assert [] == [text for text in told if len(text) > 700 or "\U000e0041" in text]


def test_few_questions_are_looked_up_at_once(built_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most = 0, 0
    looked_up = threading.Lock()

    def search(self: Index, *args: Any, **given: Any) -> Any:
        nonlocal at_once, most
        with looked_up:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.02)
        with looked_up:
            at_once -= 1
        return found(self, *args, **given)

    found = Index.search
    monkeypatch.setattr(Index, "search", search)

    async def run() -> None:
        with searcher.open_index(built_index) as index:
            async with Client(create_server(index)) as client, anyio.create_task_group() as group:
                for _ in range(40):
                    group.start_soon(client.call_tool, "search", {"query": "strike"})

    anyio.run(run)

    assert 1 <= most <= max(2, os.cpu_count() or 1)


def test_what_to_install_is_said(run_searcher: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searcher.cli.options.util.find_spec", lambda name: None if name == "mcp" else name)

    for command in (("mcp",), ("serve", "--mcp")):
        assert install_command("mcp") in run_searcher(*command).stderr


# In the page


@contextlib.contextmanager
def served(built_index: Path, settings: Access) -> Iterator[str]:
    with searcher.open_index(built_index) as index:
        config = uvicorn.Config(create_app(index, settings), log_level="warning", lifespan="on")
        with port_of(uvicorn.Server(config)) as port:
            yield f"http://127.0.0.1:{port}"


@contextlib.asynccontextmanager
async def asking(url: str, token: str | None = None) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client,
    ):
        yield client


@pytest.mark.parametrize("settings", [Access(mcp=True, read_only=True), Access(mcp=True, token="secret")])
def test_ten_tasks_over_http(settings: Access, built_index: Path) -> None:
    async def run(url: str) -> None:
        async with asking(url, settings.token) as client:
            await do_tasks(client)

    with served(built_index, settings) as url:
        anyio.run(run, url)


ASK = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
PLAIN = {"Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize(
    ("settings", "headers", "status"),
    [
        (Access(mcp=True), {}, 200),
        (Access(mcp=True), {"Host": "evil.example"}, 421),
        (Access(mcp=True), {"Origin": "https://evil.example"}, 403),
        (Access(mcp=True), {"Sec-Fetch-Site": "cross-site"}, 403),
        (Access(mcp=True, token="secret"), {}, 401),
        (Access(mcp=True, token="secret"), {"Authorization": "Bearer wrong"}, 401),
        (Access(), {}, 404),
    ],
)
def test_the_guard_stands_before_it(
    settings: Access, headers: dict[str, str], status: int, built_index: Path
) -> None:
    with served(built_index, settings) as url:
        answer = httpx2.post(f"{url}/mcp", json=ASK, headers={**PLAIN, **headers})

    assert status == answer.status_code

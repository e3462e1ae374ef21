"""The commands and addresses whose answers are kept, and how each is asked."""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from click import Command
from click.testing import CliRunner

import searcher
from searcher.cli import search as search_command
from searcher.cli import searcher as searcher_command
from tests.sessions import HERE, articles

_COMMANDS: dict[str, Command] = {"search": search_command.search, "searcher": searcher_command.searcher}
#: What another day or another machine would print: times of now, versions, sizes of files.
_PASSING = (
    (re.compile(rf"{dt.date.today()}([ T]\d\d:\d\d[\d.+:Z]*)?"), "TODAY"),
    (re.compile(re.escape(searcher.__version__)), "VERSION"),
    (re.compile(r"[\d.]+ ?[kM]?B\b"), "SIZE"),
    (re.compile(r"\(\d+\.\d s\)"), "(SECONDS)"),
    (re.compile(r"(?<=bytes)(\W+)[\d,]+"), r"\1SIZE"),
    (re.compile(r"(?<=^  Try ')(.*) -h(?=' for help)", re.M), r"\1 --help"),  # click before 8.2
)

#: What an answer says beside its text: where else to go, and under which name it is saved.
_HEADERS = ("location", "content-disposition")
#: What a page says of its words: of what language and day they are, and what of them is chosen.
_ATTRIBUTES = ("lang", "datetime", "title", "aria-current", "checked", "selected")


def commands() -> dict[str, list[tuple[str, str]]]:
    """The sessions: by its title what is typed, each with what is printed."""
    text = (HERE / "commands.txt").read_text("utf-8")
    found: dict[str, list[tuple[str, str]]] = {}
    for session in text.split("## ")[1:]:
        title, _, rest = session.partition("\n")
        rows = (each.partition("\n") for each in re.split(r"^\$ ", rest, flags=re.M)[1:])
        found[title] = [(command, printed) for command, _, printed in rows]
    return found


def addresses() -> dict[str, str]:
    """What is told at each address."""
    rows = (each.partition("\n") for each in (HERE / "addresses.txt").read_text("utf-8").split("=> ")[1:])
    return {address: told for address, _, told in rows}


def indexed(folder: Path) -> Path:
    """An index of the articles in a folder."""
    with searcher.open_index(folder / "index") as index:
        index.add(articles(), annotate=False)
    return folder / "index"


def printed(command: str, folder: Path) -> str:
    """What a command prints, its lines set off, and its exit status where it is not 0.

    Besides the two commands there are “write FILE PARAGRAPH …”, “remove FILE” and “print FILE”, even of a
    folder or a database."""
    name, *args = shlex.split(command)
    if name == "write":
        (folder / args[0]).write_text("\n\n".join(args[1:]), "utf-8")
        return ""
    if name == "remove":
        (folder / args[0]).unlink()
        return ""
    if name == "print":
        path = folder / args[0]
        text = _content(path)
        return _lasting("".join(f"  {line}\n" for line in text.splitlines()), folder)
    result = CliRunner().invoke(_COMMANDS[name], args, prog_name=name)
    status = f"exit {result.exit_code}\n" if result.exit_code else ""
    return _lasting("".join(f"  {line}\n" for line in result.output.splitlines()) + status, folder)


def _content(path: Path) -> str:
    """The text of a file, what makes the tables of a database, or the names of what is in a folder."""
    if path.is_dir():
        return " ".join(sorted(one.name for one in path.iterdir()))
    if path.suffix != ".db":
        return path.read_text("utf-8")
    with closing(sqlite3.connect(path)) as database:
        made = database.execute("SELECT sql FROM sqlite_master WHERE name NOT LIKE '%!_fts!_%' ESCAPE '!'")
        return "\n".join(sql for (sql,) in made if sql)


def _lasting(text: str, folder: Path) -> str:
    for passing, word in _PASSING:
        text = passing.sub(word, text)
    text = re.sub(r"\d+\.\d{4,}", lambda found: f"{float(found[0]):.3f}", text)
    return re.sub(r"[ \t]+$", "", text.replace(str(folder), "FOLDER"), flags=re.M)


@contextmanager
def site(folder: Path) -> Iterator[Any]:
    """A browser at the page of such an index."""
    from starlette.testclient import TestClient

    from searcher.extensions.web.app import create_app
    from searcher.extensions.web.guard import Access

    with searcher.open_index(indexed(folder)) as index:
        client = TestClient(
            create_app(index, Access()), base_url="http://127.0.0.1:8642", follow_redirects=False
        )
        client.headers["X-Folder"] = str(folder)
        yield client


def told(client: Any, address: str) -> str:
    """The status, the kind and the words of an answer, with what a page says in attributes."""
    answer = client.get(address)
    kind = answer.headers.get("content-type", "").partition(";")[0]
    text = answer.text
    if kind == "text/html":
        text = _words_of(BeautifulSoup(text, "lxml"))
    elif kind == "application/json":
        text = json.dumps(answer.json(), ensure_ascii=False, indent=1)
    beside = "".join(f"{name}: {answer.headers[name]}\n" for name in _HEADERS if name in answer.headers)
    lines = "".join(f"  {line}\n" for line in text.splitlines())
    return _lasting(f"{answer.status_code} {kind}\n{beside}{lines}", Path(client.headers["X-Folder"]))


def _words_of(page: BeautifulSoup) -> str:
    """The words of a page, with where its links and forms lead, what its fields hold and what is marked."""
    for gone in page(["script", "style"]):
        gone.decompose()
    for mark in page.select("main mark, main span.quote"):
        mark.insert(0, "[here:" if "here" in str(mark.get("class")) else "[")
        mark.append("]")
    for one in page.select("main *"):
        where = [f"<{one[name]}>" for name in ("href", "action") if name in one.attrs]
        field = one.get("name") if one.name in ("input", "select", "textarea") else None
        holds = [f"{field}={one.get('value', '')}"] if field else []
        holds += [f"{name}={one[name]}".removesuffix("=") for name in _ATTRIBUTES if name in one.attrs]
        one.append("".join(f" {each}" for each in where) + f" [{', '.join(holds)}]" * bool(holds))
    shown = "\n".join(part.get_text("\n") for part in page.select("main") or [page])
    return "\n".join(filter(None, (" ".join(line.split()) for line in shown.split("\n"))))

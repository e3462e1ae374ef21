"""The documentation is true: what it shows is run here, and its output compared.

In README.md and docs/, in the order of a page and in one folder with the sample articles in it:

- ``console`` blocks are run line by line (``$ command``), and what they print must be what the page shows
  (``…`` alone on a line stands for any lines, within a line for any text);
- ``python`` blocks are run one after the other; ``>>>`` examples are compared as in a doctest;
- blocks in other languages are only shown.
"""

from __future__ import annotations

import doctest
import inspect
import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import cast

import click
import pytest

import searcher
from searcher.cli import searcher as command_line
from searcher.index.log import IndexLog
from searcher.ingest.loader import LoadArguments
from searcher.query.arguments import Arguments, ValueFields

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.M | re.S)
#: What was tried on the way, for those who work on it: its links are checked, its examples are not.
NOTES = [*ROOT.glob("[A-Z]*.md"), *ROOT.glob("benchmarks/*/README.md"), *ROOT.glob("training/README.md")]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def make_commands(folder: Path) -> Path:
    """A folder with ``search`` and ``searcher``, whether the package is installed or not."""
    folder.mkdir(exist_ok=True)
    for name, module in (("search", "search"), ("searcher", "searcher")):
        script = folder / name
        script.write_text(
            f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
            f"from searcher.cli.{module} import main\nsys.exit(main())\n",
            "utf-8",
        )
        script.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_commands(tmp_path_factory.mktemp("bin"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, commands: Path) -> Path:
    """A folder with the sample articles, their index and all else that a home then holds."""
    made = tmp_path_factory.mktemp("made")
    shutil.copytree(ROOT / "seeds", made / "here" / "seeds")
    assert 0 == run("searcher index seeds/", made / "here", commands)[0]
    return made


@pytest.fixture
def place(made: Path) -> Iterator[Path]:
    """The same as it was at first: an index knows the files it was made from by their paths."""
    kept = made.with_name(f"{made.name}-kept")
    shutil.copytree(made, kept)
    yield made / "here"
    shutil.rmtree(made)
    kept.rename(made)


def run(command: str, folder: Path, commands: Path) -> tuple[int, str]:
    environment = {name: os.environ[name] for name in ("LANG", "LD_LIBRARY_PATH") if name in os.environ}
    environment |= {
        "HOME": str(folder.parent / "home"),
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "80",
        "PYTHONUTF8": "1",
        "SHELL": "/bin/sh",
    }
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def examples(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, with what it shows."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def pattern(shown: str) -> re.Pattern[str]:
    lines = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*?") + r"\s*?\n"
        for line in shown.splitlines()
    ]
    return re.compile("".join(lines) + r"\s*")


@pytest.mark.parametrize("page", [page for page in PAGES if BLOCK.search(page.read_text("utf-8"))], ids=named)
def test_examples_are_true(page: Path, place: Path, commands: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    names: dict[str, object] = {"__name__": "__main__"}
    for kind, block in BLOCK.findall(page.read_text("utf-8")):
        if kind == "python":
            run_python(block, names)
            continue
        for command, shown in examples(block):
            _, printed = run(command, place, commands)
            assert pattern(shown).fullmatch(printed.rstrip() + "\n"), f"$ {command}\n{printed}"


def tasks() -> list[str]:
    """The commands in a terminal of README's table of everyday tasks; a server would not end."""
    page = (ROOT / "README.md").read_text("utf-8")
    table = page[page.index("## Everyday tasks") : page.index("## What it reads")]
    cells = re.findall(r"^\| [^|]+ \| ([^|]+) \|", table, re.M)
    found = [command for cell in cells for command in re.findall(r"`(search(?:er)? [^`]+)`", cell)]
    return [command for command in found if not command.startswith("searcher serve")]


def test_everyday_tasks_print_something(place: Path, commands: Path) -> None:
    (place / "board.csv").write_text("Name\nIngrid Halvorsen\nH. Pemberton\nZebulon Crake\n", "utf-8")

    silent = [command for command in tasks() if not _answers(command, place, commands)]

    assert len(tasks()) > 12
    assert [] == silent


def _answers(command: str, place: Path, commands: Path) -> bool:
    code, printed = run(command, place, commands)
    return code in (0, 1) and bool(printed.strip())


def run_python(block: str, names: dict[str, object]) -> None:
    if ">>>" not in block:
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(block, "<example>", "exec"), names)
        assert printed.getvalue() or "print(" not in block, f"This prints nothing:\n{block}"
        return
    test = doctest.DocTestParser().get_doctest(block, names, "example", None, 0)
    runner = doctest.DebugRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, clear_globs=False)
    names.update(test.globs)


@pytest.mark.parametrize("page", [*PAGES, *sorted(NOTES)], ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]

    assert [] == [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_commands_that_it_names_are_there(page: Path) -> None:
    called = set(re.findall(r"`searcher ([a-z]+)", page.read_text("utf-8")))

    example = tomllib.loads((ROOT / "tests/example_plugin/pyproject.toml").read_text("utf-8"))
    of_plug_ins = example["project"]["entry-points"]["searcher.commands"]
    listed = command_line.searcher.list_commands(click.Context(command_line.searcher))

    assert set() == called - {*listed, *of_plug_ins}


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/inside-the-index.md"])
def test_the_modules_that_it_names_are_there(page: str, project: Path) -> None:
    named = re.findall(r"`([\w./-]+/\w+\.(?:py|json))", (project / page).read_text("utf-8"))
    files = subprocess.run(
        ["git", "ls-files"], cwd=project, check=True, capture_output=True, text=True
    ).stdout

    assert [] == [name for name in named if not re.search(rf"^(?:.+/)?{re.escape(name)}$", files, re.M)]


def test_the_page_of_commands_is_current() -> None:
    checked = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "write_cli_docs.py"), "--check"],
        capture_output=True,
        text=True,
    )

    assert (0, "") == (checked.returncode, checked.stderr)


@pytest.mark.parametrize("name", ["search", "searcher"])
def test_manual_pages_are_well_formed(name: str) -> None:
    if not shutil.which("groff"):
        pytest.skip("groff is not here")
    done = subprocess.run(
        ["groff", "-man", "-Kutf8", "-Tutf8", "-ww", str(ROOT / "man" / f"{name}.1")],
        capture_output=True,
        text=True,
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert "Show this message and exit." in done.stdout


def test_every_public_name_is_documented() -> None:
    page = (ROOT / "docs" / "python-api.md").read_text("utf-8")
    table = re.findall(r"^\| (`.+?) \| ", page[page.index("## All public names") :], re.M)
    documented = {name for row in table for name in re.findall(r"`(\w+)[`(]", row)}

    assert set(searcher.__all__) == documented


def test_the_map_of_the_architecture_shows_every_part(project: Path) -> None:
    page = (project / "ARCHITECTURE.md").read_text("utf-8")
    modules = {path.name for path in (project / "searcher").glob("[a-z]*.py")}
    folders = {f"{path.parent.name}/" for path in (project / "searcher").glob("*/__init__.py")}

    shown = re.findall(r"^  (\w+(?:\.py|/))", page[page.index("```text\nsearcher/") :].split("```")[1], re.M)

    assert sorted(modules | folders) == sorted(shown)


def test_the_words_of_the_glossary_are_where_it_says(project: Path) -> None:
    page = (project / "ARCHITECTURE.md").read_text("utf-8")
    rows = re.findall(r"^\| \*\*(.+?)\*\* \|.*\| (.+?) \|$", page[page.index("## Glossary") :], re.M)
    code = "".join(path.read_text("utf-8") for path in (project / "searcher").rglob("*.py"))
    types = set(re.findall(r"^class (\w+)", code, re.M))
    places = [place for _, where in rows for place in re.findall(r"`(.+?)`", where)]

    assert len(rows) > 40
    assert [] == [one for one in places if one not in types and not (project / one).is_file()]


def public_members() -> dict[str, object]:
    """The methods and properties of an index and of its parts, by the name that a user writes."""
    with searcher.open_index(":memory:") as index:
        parts = [("", index), *((f"{name}.", getattr(index, name)) for name in vars(index) if name[0] != "_")]
        members = {
            f"{prefix}{name}": member
            for prefix, part in parts
            for name, member in vars(type(part)).items()
            if name[0] != "_"
        }
    del members["log"]
    log = {"log.steps": IndexLog.steps, "log.undo": IndexLog.undo}
    return members | log | {"open_index": searcher.open_index}


def signature_of(name: str, member: object) -> str:
    """The signature of a method or property as the page writes it: without types, with the result."""
    if isinstance(member, property):
        return f"{name} -> {inspect.signature(member.fget or len).return_annotation}"
    function = member.__func__ if isinstance(member, staticmethod) else member
    signature = inspect.signature(cast(Callable[..., object], function))
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
        if parameter.name != "self"
    ]
    arguments = str(inspect.Signature(parameters)).replace("'", '"')
    return f"{name}{arguments} -> {signature.return_annotation}"


@pytest.mark.parametrize(("name", "member"), public_members().items(), ids=public_members())
def test_a_method_has_an_anchor_a_signature_and_an_example(name: str, member: object) -> None:
    page = (ROOT / "docs" / "python-api.md").read_text("utf-8")
    sections = dict(re.findall(r"^### (\S+)\n+(.+?)(?=^##)", page, re.M | re.S))

    assert name in sections
    assert signature_of(name, member) in sections[name]
    assert re.search(rf"^(?:>>>|\.\.\.) .*\b{re.escape(name)}\b", sections[name], re.M)


@pytest.mark.parametrize(("method", "arguments"), [("search", Arguments), ("load", LoadArguments)])
def test_a_table_explains_every_argument(method: str, arguments: type) -> None:
    page = (ROOT / "docs" / "python-api.md").read_text("utf-8")
    section = page[page.index(f"### {method}\n") :].split("\n##")[0]
    rows = re.findall(r"^\| (`.+?) \|", section, re.M)
    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert arguments.__annotations__.keys() - ValueFields.__annotations__.keys() == documented - {"query"}


def test_a_page_begins_with_a_short_answer() -> None:
    """A heading and one paragraph, before any list, example or further heading."""
    for page in PAGES:
        _, first, *_ = page.read_text("utf-8").split("\n\n")
        assert re.match(r"[A-Z`]", first), page.name
        assert len(first) < 600, page.name

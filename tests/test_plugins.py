"""The example of docs/plug-ins.md: an installed package whose parts are used like the built-in ones."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

USE = """
import json, sys
import searcher

[scroll, *others] = searcher.read(sys.argv[1])
with searcher.open_index("parchment://somewhere") as index:
    report = index.load([sys.argv[1]], workers=1)
    found = index.search("storm", facets=["organisation"])
    print(json.dumps({
        "title": scroll.title,
        "others": len(others),
        "failed": [failure.reason for failure in report.failed],
        "ships": [value.value for value in found.facets["organisation"].values],
    }))
"""


@pytest.fixture(scope="module")
def installed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example package installed in it, without a network."""
    pytest.importorskip("setuptools", minversion="77")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    example = project / "tests" / "example_plugin"
    for path in (example / "pyproject.toml", example / "searcher_parchment" / "__init__.py"):
        copy = source / path.relative_to(example)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*command, "--target", str(target), str(source)], check=True, capture_output=True)
    return target


@pytest.mark.slow
def test_an_installed_package_adds_a_reader_an_extractor_and_an_engine(
    installed: Path, project: Path, tmp_path: Path
) -> None:
    file = tmp_path / "log.parchment"
    file.write_text(
        "THE STORM\nIn the storm the ship “Resolute” was lost, and nobody saw it again.\n~\nno title\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-c", USE, str(file)],
        env={**os.environ, "PYTHONPATH": f"{installed}{os.pathsep}{project}"},
        capture_output=True,
        text=True,
    )

    assert "" == done.stderr
    assert {
        "title": "The storm",
        "others": 0,
        "failed": ["The scroll has no title in capitals, or nothing below it."],
        "ships": ["Resolute"],
    } == json.loads(done.stdout)


@pytest.mark.slow
def test_an_installed_package_adds_a_command(installed: Path, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.parchment"
    file.write_text("THE STORM\nIn the storm the ship “Resolute” was lost.\n", "utf-8")
    env = {**os.environ, "PYTHONPATH": f"{installed}{os.pathsep}{project}"}
    searcher = [sys.executable, "-m", "searcher.cli.searcher"]
    location = ["-i", str(tmp_path / "index")]
    subprocess.run([*searcher, "index", *location, str(file)], env=env, check=True, capture_output=True)

    done = subprocess.run([*searcher, "ships", *location], env=env, capture_output=True, text=True)

    assert ("Resolute\n", "") == (done.stdout, done.stderr)


def test_a_module_exports_every_name_that_the_page_lists(project: Path) -> None:
    page = (project / "docs" / "plug-ins.md").read_text("utf-8")
    rows = re.findall(r"^\| `(searcher\.[\w.]+)` \| (`\w+`(?:, `\w+`)*) \|$", page, re.M)
    listed = [(import_module(module), name) for module, names in rows for name in re.findall(r"\w+", names)]

    assert len(listed) > 15
    assert [] == [f"{module.__name__}.{name}" for module, name in listed if not is_exported(module, name)]


def is_exported(module: ModuleType, name: str) -> bool:
    """Whether a module defines a name or has it in __all__, so that type checkers accept an import of it."""
    exported = getattr(module, "__all__", None)
    definition = rf"^(?:class |def )?{name}\b(?: = |\(|:)"
    return name in exported if exported else bool(re.search(definition, inspect.getsource(module), re.M))


def test_the_page_shows_the_example(project: Path) -> None:
    page = (project / "docs" / "plug-ins.md").read_text("utf-8")
    code = (project / "tests" / "example_plugin" / "searcher_parchment" / "__init__.py").read_text("utf-8")
    declared = (project / "tests" / "example_plugin" / "pyproject.toml").read_text("utf-8")

    assert code.rstrip() in page
    assert declared.rstrip() in page

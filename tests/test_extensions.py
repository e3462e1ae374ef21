"""Extensions can be left out: what they bring is gone, named where one looks for it, and the rest works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXTENSIONS = sorted(
    path.parent.name for path in Path(__file__).parents[1].glob("searcher/extensions/*/__init__.py")
)
COMMANDS = {"export": ["export"], "mcp": ["mcp"], "watching": ["watch"], "web": ["serve"]}


@pytest.fixture(params=EXTENSIONS)
def left_out(request: pytest.FixtureRequest, project: Path, tmp_path: Path) -> tuple[str, Path]:
    """The name of an extension, and a folder with the package without it."""
    name: str = request.param
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(project / "searcher", tmp_path / "searcher", ignore=ignored, copy_function=os.link)
    shutil.rmtree(tmp_path / "searcher" / "extensions" / name)
    return name, tmp_path


def run(folder: Path, module: str, *args: str) -> str:
    command = [sys.executable, "-P", "-m", module, *args]
    env = {**os.environ, "PYTHONPATH": str(folder), "SEARCHER_INDEX": str(folder / "index")}
    return subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_help_names_the_extra_that_brings_a_command(left_out: tuple[str, Path]) -> None:
    name, folder = left_out
    printed = run(folder, "searcher.cli.searcher", "--help")

    listed, missing = printed.split("Examples:")
    for command in COMMANDS.get(name, ()):
        assert f"\n  {command} " not in listed
        assert f"Not installed: {command} (pip install 'article-searcher[" in missing
    assert "\n  index " in listed


@pytest.mark.slow
def test_the_core_indexes_and_searches(left_out: tuple[str, Path]) -> None:
    _, folder = left_out
    (folder / "fire.txt").write_text(
        "Fire at the quay\n\n“The roof fell in,” said Mara Lindqvist.\n" * 2, "utf-8"
    )
    run(folder, "searcher.cli.searcher", "index", "fire.txt")

    assert "Fire at the quay" in run(folder, "searcher.cli.search", "roof")


@pytest.mark.slow
def test_a_file_that_needs_a_missing_extension_is_reported_with_its_package(
    project: Path, tmp_path: Path
) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "documents")
    shutil.copytree(project / "searcher", tmp_path / "searcher", ignore=ignored, copy_function=os.link)
    code = "import searcher\nfor one in searcher.read('a.docx'): print(one)"
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)

    assert "pip install 'article-searcher[all]'" in done.stdout + done.stderr

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from searcher.cli.options import completions
from tests.cli.conftest import Run

COUNTS = {"Mara Lindqvist": 4, "Marek Lund": 9, "Tomas Reyl": 2, "Élise Maron": 1}


def test_values_that_begin_so_come_first_and_the_frequent_before_the_rare() -> None:
    assert ["Marek Lund", "Mara Lindqvist"] == completions(COUNTS, "mar")


def test_else_values_with_a_word_that_begins_so() -> None:
    assert ["Tomas Reyl"] == completions(COUNTS, "Rey")


def test_accents_need_not_be_typed() -> None:
    assert ["Élise Maron"] == completions(COUNTS, "elise")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_for_both_commands(run_searcher: Run, shell: str) -> None:
    script = run_searcher("completion", shell).stdout

    assert "_SEARCH_COMPLETE" in script
    assert "_SEARCHER_COMPLETE" in script


def complete(index: Path, words: list[str], project: Path, module: str = "search") -> list[str]:
    """What the command answers to bash; the last word is the one being completed."""
    name = "search" if module == "search" else "searcher"
    program = f"from searcher.cli.{module} import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "PYTHONPATH": str(project),
            "SEARCHER_INDEX": str(index),
            f"_{name.upper()}_COMPLETE": "bash_complete",
            "COMP_WORDS": "\n".join([name, *words]),
            "COMP_CWORD": str(len(words)),
        },
        capture_output=True,
        text=True,
    )
    assert "" == done.stderr
    return [line for line in done.stdout.splitlines() if line]


def test_a_value_that_commands_the_terminal_is_not_offered(built_index: Path, project: Path) -> None:
    assert [] == complete(built_index, ["drilling", "--source", "Evil"], project)


def test_people_are_completed_and_quoted_for_bash(built_index: Path, project: Path) -> None:
    assert ["plain,Mara\\ Lindqvist"] == complete(built_index, ["drilling", "--person", "Mara"], project)


def test_within_quotes_nothing_is_quoted_again(built_index: Path, project: Path) -> None:
    assert ["plain,Mara Lindqvist"] == complete(built_index, ["--person", '"Mara L'], project)


def test_values_after_an_equals_sign_are_completed(built_index: Path, project: Path) -> None:
    assert ["plain,Norvane"] == complete(built_index, ["--org", "=", "Nor"], project)


def test_options_are_completed(built_index: Path, project: Path) -> None:
    assert {"plain,--said-by", "plain,--sort", "plain,--source"} <= set(
        complete(built_index, ["--s"], project)
    )


def test_commands_are_completed(built_index: Path, project: Path) -> None:
    assert ["plain,rebuild"] == complete(built_index, ["reb"], project, "searcher")


def test_without_an_index_there_is_nothing_to_complete(tmp_path: Path, project: Path) -> None:
    assert [] == complete(tmp_path, ["--person", "Ma"], project)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("ZDOTDIR", raising=False)
    return tmp_path


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_installing_adds_one_line(
    run_searcher: Run, home: Path, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    file = home / f".{shell}rc"
    file.write_text("alias ll='ls -l'", "utf-8")
    results = [run_searcher("completion", "--install") for _ in range(2)]
    before, line = file.read_text("utf-8").splitlines()

    assert [0, 0] == [result.exit_code for result in results]
    assert str(file) in results[0].stderr
    assert "alias ll='ls -l'" == before
    assert f"searcher completion {shell}" in line


def test_fish_has_a_file_for_each_command(run_searcher: Run, home: Path) -> None:
    run_searcher("completion", "fish", "--install")
    folder = home / ".config" / "fish" / "completions"

    assert ["search.fish", "searcher.fish"] == sorted(file.name for file in folder.iterdir())


def test_an_unknown_shell_has_to_be_named(run_searcher: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    result = run_searcher("completion", "--install")

    assert 2 == result.exit_code
    assert "Use: searcher completion bash|zsh|fish" in result.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_new_shell_completes(
    run_searcher: Run, home: Path, shell: str, built_index: Path, project: Path
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not here")
    from tests.test_docs import make_commands

    run_searcher("completion", shell, "--install")
    ask = {"bash": "complete -p searcher", "zsh": "echo $_comps[searcher]"}[shell]
    done = subprocess.run(
        [shell, "-i", "-c", ask],
        env={"HOME": str(home), "PATH": f"{make_commands(home / 'bin')}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )

    assert "_searcher_completion" in done.stdout, done.stderr

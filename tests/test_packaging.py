"""What is installed: everything that runs, nothing that does not."""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import searcher
from searcher import plugins


@pytest.fixture(scope="module")
def metadata(project: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(project / "setup.cfg", "utf-8")
    return parser


@pytest.fixture(scope="module")
def wheel(project: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in the wheel, built from the files that git knows, without a network."""
    pytest.importorskip("setuptools", minversion="77")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in subprocess.run(
        ["git", "ls-files", "-z"], cwd=project, check=True, capture_output=True, text=True
    ).stdout.split("\0"):
        if path and (project / path).is_file():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_bytes((project / path).read_bytes())
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*command, "--wheel-dir", str(out), str(source)], check=True, capture_output=True)
    with zipfile.ZipFile(next(out.glob("article_searcher-*.whl"))) as archive:
        return archive.namelist()


def listed(value: str) -> set[str]:
    return {line.strip() for line in value.splitlines() if line.strip() and not line.strip().startswith("#")}


def test_the_wheel_holds_the_package_and_nothing_else(wheel: list[str]) -> None:
    folders = {name.split("/")[0] for name in wheel}

    assert {"searcher"} == {folder for folder in folders if not folder.endswith((".dist-info", ".data"))}


def test_the_wheel_holds_the_manual_pages(wheel: list[str]) -> None:
    shared = {name.split(".data/")[1] for name in wheel if ".data/" in name}

    assert {"data/share/man/man1/search.1", "data/share/man/man1/searcher.1"} == shared


def test_the_wheel_holds_every_file_of_the_package(wheel: list[str], project: Path) -> None:
    known = subprocess.run(
        ["git", "ls-files", "searcher"], cwd=project, check=True, capture_output=True, text=True
    ).stdout.split()

    assert [] == sorted(path for path in set(known) - set(wheel) if (project / path).is_file())


def test_the_wheel_has_the_version_of_the_module(wheel: list[str]) -> None:
    assert f"article_searcher-{searcher.__version__}.dist-info/METADATA" in wheel


def test_the_wheel_says_that_it_is_typed_and_under_which_licence(wheel: list[str]) -> None:
    assert "searcher/py.typed" in wheel
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


@pytest.mark.parametrize("group", sorted(plugins.BUILT_IN))
def test_built_in_parts_can_be_loaded(group: str) -> None:
    assert set(plugins.BUILT_IN[group]) <= set(plugins.load(group))


def test_only_whoosh_and_the_models_are_pinned(metadata: configparser.ConfigParser) -> None:
    requirements = listed(metadata["options"]["install_requires"])

    assert ["Whoosh==2.7.4", "article-searcher-models==1.0.*"] == sorted(r for r in requirements if "==" in r)
    assert [] == sorted(r for r in requirements if "==" not in r and ">=" not in r)


def test_every_extra_for_reading_is_in_all(metadata: configparser.ConfigParser) -> None:
    extras = metadata["options.extras_require"]
    (whole,) = listed(extras["all"])

    assert set(extras) - {"all", "bench", "dev", "pandas", "parquet", "slavic", "spacy", "train"} == set(
        whole.split("[")[1].rstrip("]").split(",")
    )


def imported(package: Path) -> set[str]:
    """The top-level names of everything that the package imports, wherever in the code."""
    found: set[str] = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - {package.name} - sys.stdlib_module_names


#: Forks of Whoosh with which the tests pass, too.
STAND_INS = dict.fromkeys(("whoosh3", "whoosh-reloaded"), "whoosh")


def canonical(requirement: str) -> str:
    """The name of a distribution as package indexes compare it."""
    name = re.sub(r"[-_.]+", "-", re.split(r"[<>=\[;\s]", requirement)[0]).lower()
    return STAND_INS.get(name, name)


def test_everything_that_is_imported_is_declared(project: Path, metadata: configparser.ConfigParser) -> None:
    extras = metadata["options.extras_require"]
    declared = listed(metadata["options"]["install_requires"]).union(
        *(listed(extras[name]) for name in extras if name not in {"all", "bench", "dev", "train"})
    )
    known = packages_distributions()
    providers = {
        name: {canonical(d) for d in known.get(name, [name])} for name in imported(project / "searcher")
    }

    assert {} == {
        name: found for name, found in providers.items() if not found & {canonical(one) for one in declared}
    }


def test_everything_that_is_declared_is_imported(project: Path, metadata: configparser.ConfigParser) -> None:
    names = imported(project / "searcher")
    provided = {
        canonical(d) for name, found in packages_distributions().items() if name in names for d in found
    }

    declared = {canonical(one) for one in listed(metadata["options"]["install_requires"])}

    assert set() == declared - provided

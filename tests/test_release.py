"""What a release needs besides the code: addresses, compose files, the workflow, the citation."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import searcher
from searcher.collision import ADVICE

URL = "https://forge.example/press/searcher"
SCRIPT = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "set_project_url.py"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("![page](docs/a.webp)", f"![page]({URL}/raw/v1/docs/a.webp)"),
        ("[page](docs/page.md#team)", f"[page]({URL}/blob/v1/docs/page.md#team)"),
        ("[web](https://example.org)", "[web](https://example.org)"),
        ("[above](#install)", "[above](#install)"),
    ],
)
def test_relative_links_of_the_readme_become_absolute(written: str, expected: str) -> None:
    assert expected == SCRIPT["with_absolute_links"](written, URL, "v1")


def test_the_metadata_get_the_urls_of_the_project(project: Path) -> None:
    metadata = SCRIPT["with_project_urls"]((project / "setup.cfg").read_text("utf-8"), URL)

    assert f"project_urls =\n    Source = {URL}\n    Issues = {URL}/issues\n" in metadata


def test_the_citation_has_the_version_of_the_module(project: Path) -> None:
    citation = yaml.safe_load((project / "CITATION.cff").read_text("utf-8"))

    assert searcher.__version__ == citation["version"]


def test_compose_files_name_services_and_volumes_that_exist(project: Path) -> None:
    for file in ("compose.yaml", "compose.opensearch.yaml"):
        composed = yaml.safe_load((project / file).read_text("utf-8"))
        services, volumes = composed["services"], composed["volumes"]
        named = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}

        assert named - set(volumes) <= {"./articles"}
        assert {name for service in services.values() for name in service.get("depends_on", ())} <= set(
            services
        )


def test_ports_of_the_compose_files_are_open_to_this_machine_only(project: Path) -> None:
    for file in ("compose.yaml", "compose.opensearch.yaml"):
        services = yaml.safe_load((project / file).read_text("utf-8"))["services"].values()

        assert [] == [
            port for one in services for port in one.get("ports", ()) if not port.startswith("127.0.0.1:")
        ]


def test_the_workflow_tests_every_supported_python_on_three_systems(project: Path) -> None:
    jobs = yaml.safe_load((project / ".github/workflows/tests.yml").read_text("utf-8"))["jobs"]
    matrix = jobs["test"]["strategy"]["matrix"]

    assert ["ubuntu-latest", "macos-latest", "windows-latest"] == matrix["system"]
    assert ["3.11", "3.12", "3.13", "3.14"] == matrix["python"]


#: What the abandoned distribution puts into the package (its __init__.py, shortened).
FOREIGN = {
    "__init__.py": "from .search import SolrEngine\n",
    "converters.py": "",
    "search.py": "class SolrEngine: ...\n",
}


def run_with_foreign_files(project: Path, folder: Path, names: tuple[str, ...], code: str) -> str:
    """Return what Python prints if these files of the abandoned distribution have replaced ours."""
    shutil.copytree(project / "searcher", folder / "searcher", ignore=shutil.ignore_patterns("__pycache__"))
    for name in names:
        (folder / "searcher" / name).write_text(FOREIGN[name])
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def test_a_package_replaced_by_the_abandoned_one_says_what_to_do(project: Path, tmp_path: Path) -> None:
    printed = run_with_foreign_files(
        project, tmp_path, ("__init__.py", "converters.py", "search.py"), "import searcher"
    )

    assert f"ImportError: {ADVICE}" in printed


def test_leftover_files_of_the_abandoned_one_are_warned_of(project: Path, tmp_path: Path) -> None:
    printed = run_with_foreign_files(
        project, tmp_path, ("converters.py", "search.py"), "import searcher; print(searcher.Index.__name__)"
    )

    assert f"RuntimeWarning: {ADVICE}" in printed
    assert printed.splitlines()[0] == "Index"

"""What every test may rely on: no setting, index or data of this machine's user reaches it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import HealthCheck, settings

import searcher
from searcher.errors import is_transient
from searcher.index import Index
from searcher.ingest import pipeline
from searcher.ingest.worker_pool import Pool, TaskFailure

# No timing decides a test; a slow machine is no failure. A build takes the same examples each time.
# scripts/check --all takes the profile "whole", scripts/fuzz "fuzz": a seed alone repeats its examples.
_PATIENT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.register_profile("quick", _PATIENT, max_examples=25)
settings.register_profile("whole", _PATIENT, max_examples=100)
settings.register_profile("fuzz", _PATIENT, max_examples=1000, derandomize=False, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

#: Fixtures that take seconds: tests with one run in ``scripts/check --all`` only, and there in one process.
_COSTLY = ("browser", "cluster", "wheel")
_OF_THE_USER = ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS", "PAGER")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name in set(_COSTLY).intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group(name))


def _forget_the_user(patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setenv("HOME", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        patch.setenv(name, str(home / name.lower()))
    for name in list(os.environ):
        if name in _OF_THE_USER or (name.startswith("SEARCHER_") and name != "SEARCHER_DATA"):
            patch.delenv(name)


@pytest.fixture(autouse=True)
def _nothing_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    _forget_the_user(monkeypatch, tmp_path_factory.mktemp("home"))


@pytest.fixture(params=["memory", "folder"])
def empty_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    """An index in memory, and one in a folder, to be filled."""
    with searcher.open_index(":memory:" if request.param == "memory" else tmp_path / "index") as made:
        yield made


class _PoolHere:
    """A pool without processes: what it is given is done in this one, which has everything loaded already."""

    def __init__(self, workers: int, seconds: float, memory: int) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None: ...

    def stream(
        self, function: Callable[[Any], Iterable[Any]], items: Iterable[Any], *, ahead: int
    ) -> Iterator[tuple[Any, Any]]:
        for item in items:
            try:
                for result in function(item):
                    yield item, result
            except Exception as error:  # noqa: BLE001  # as a worker does
                yield item, TaskFailure(f"{type(error).__name__}: {error}", is_transient(error))


@pytest.fixture(scope="session", autouse=True)
def _one_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fresh interpreters, one for each core, would take two seconds for a text of one line.

    What several tests share is made before any of them: nothing of the user may reach that either."""
    with pytest.MonkeyPatch.context() as patch:
        _forget_the_user(patch, tmp_path_factory.mktemp("home"))
        patch.setattr(pipeline, "Pool", _PoolHere)
        patch.setattr(os, "cpu_count", lambda: 1)
        yield


@pytest.fixture(autouse=True)
def _processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("processes"):
        monkeypatch.setattr(pipeline, "Pool", Pool)


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the source tree."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def seeds(project: Path) -> Path:
    """The folder of sample articles."""
    return project / "seeds"


@pytest.fixture(scope="session")
def labelled_data(project: Path) -> Path:
    """The folder with the labelled data; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("SEARCHER_DATA") or project.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("the labelled data is not here: set SEARCHER_DATA to its folder")
    return folder

"""What every test may rely on: no setting, index or data of this machine's user reaches it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from searcher import fields

# No timing decides a test; a slow machine is no failure.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A build gives the same answer each time: its examples follow from the tests alone.
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
# Many new examples; a seed alone repeats them: scripts/fuzz.
settings.register_profile("fuzz", settings.get_profile("local"), max_examples=1000, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "local"))

_OF_THE_USER = ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS", "PAGER")


@pytest.fixture(autouse=True)
def _nothing_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in list(os.environ):
        if name in _OF_THE_USER or (name.startswith("SEARCHER_") and name != "SEARCHER_DATA"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process for each core takes longer than what most tests have for them to do."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)


@pytest.fixture(autouse=True)
def _no_fields_of_ones_own() -> Iterator[None]:
    yield
    for name in fields.OWN:
        del fields._BY_NAME[name]
    fields.OWN.clear()


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

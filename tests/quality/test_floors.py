"""Quality may rise, not fall."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.quality import TOPICS
from tests.quality.floors import SLACK, Floors, digest, load, raised, save


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(load()))
def test_quality_holds(name: str, labelled_data: Path, project: Path) -> None:
    floors = load()[name]
    folder = labelled_data / TOPICS[name]
    if not folder.is_dir():
        pytest.skip(f"the labelled data for {name} is not here")
    if digest(folder) != floors.data:
        pytest.fail(f"{name} was pinned on other data: run scripts/pin_floors.py {name}")
    measured = figures(name, labelled_data, project)

    assert {} == {n: measured.get(n) for n, least in floors.least.items() if measured.get(n, -1.0) < least}


def figures(name: str, data: Path, project: Path) -> dict[str, float]:
    """Measured in a process of its own: to note which lines are run takes longer than to run them."""
    command = [sys.executable, "-m", "benchmarks.quality", name, "--data", str(data), "--figures"]
    printed = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stdout
    measured: dict[str, float] = json.loads(printed)
    return measured


def test_every_pinned_topic_is_a_topic() -> None:
    assert set() == set(load()) - set(TOPICS)


def test_the_digest_depends_on_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    first = digest(tmp_path)
    (tmp_path / "a").write_text("two")
    second = digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")

    assert 3 == len({first, second, digest(tmp_path)})


def test_floors_survive_saving(tmp_path: Path) -> None:
    floors = {"names": Floors("abc", {"f1": 0.9})}
    save(floors, tmp_path / "floors.json")

    assert floors == load(tmp_path / "floors.json")
    assert "least" in json.loads((tmp_path / "floors.json").read_text())["names"]


def test_floors_rise_with_a_better_figure() -> None:
    assert Floors("d", {"f1": 0.95 - SLACK}) == raised(Floors("d", {"f1": 0.9}), {"f1": 0.95}, "d")


def test_a_fallen_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="f1"):
        raised(Floors("d", {"f1": 0.9}), {"f1": 0.8}, "d")


def test_a_vanished_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="f1"):
        raised(Floors("d", {"f1": 0.9}), {}, "d")


def test_a_fallen_figure_is_taken_when_told_so() -> None:
    assert Floors("d", {"f1": 0.8 - SLACK}) == raised(
        Floors("d", {"f1": 0.9}), {"f1": 0.8}, "d", allow_lower=True
    )


def test_other_data_starts_anew() -> None:
    assert Floors("e", {"f1": 0.5 - SLACK}) == raised(Floors("d", {"f1": 0.9}), {"f1": 0.5}, "e")

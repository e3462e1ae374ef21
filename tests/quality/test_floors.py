"""Quality may rise, not fall."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.quality import TOPICS
from tests.quality.floors import SLACK, Floors, digest, load, pinned, save


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
    assert Floors("d", {"f1": 0.95 - SLACK}) == pinned(Floors("d", {"f1": 0.9}), {"f1": 0.95}, "d")


@pytest.mark.parametrize("measured", [{"f1": 0.8}, {}], ids=["fallen", "vanished"])
def test_a_figure_does_not_fall_without_a_decision(measured: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="f1"):
        pinned(Floors("d", {"f1": 0.9}), measured, "d")


def test_what_falls_by_a_decision_stays_beside_it() -> None:
    before = Floors("d", {"f1": 0.9, "recall": 0.7, "speed": 0.5}, {"earlier": {"f1": [0.95, 0.9]}})
    after = pinned(before, {"f1": 0.8, "recall": 0.7}, "d", "fewer lines")

    assert {"f1": 0.8 - SLACK, "recall": 0.7} == after.least
    assert ["earlier", "fewer lines"] == list(after.lowered)
    assert {"f1": [0.9, 0.8 - SLACK], "speed": [0.5, None]} == after.lowered["fewer lines"]


def test_other_data_starts_anew() -> None:
    assert Floors("e", {"f1": 0.5 - SLACK}) == pinned(Floors("d", {"f1": 0.9}), {"f1": 0.5}, "e")

"""The models: their digests, and what is said if they are not installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import searcher_models

from searcher import models
from searcher.errors import ModelsMissing


@pytest.fixture(autouse=True)
def _cache() -> Iterator[None]:
    models.models_folder.cache_clear()
    yield
    models.models_folder.cache_clear()


@pytest.mark.parametrize("place", ["clone", "installed"])
def test_every_model_has_its_digest(place: str, project: Path) -> None:
    folder = project / "models" / "searcher_models" if place == "clone" else models.models_folder()

    assert [] == searcher_models.altered_files(folder)


def test_the_digests_cover_every_model(project: Path) -> None:
    folder = project / "models" / "searcher_models"
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()

    assert {line.split("  ")[1] for line in lines} == {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in {".npz", ".onnx", ".tsv", ".txt", ".bin"}
    }


def test_altered_and_missing_models_are_named(tmp_path: Path) -> None:
    digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    (tmp_path / "SHA256SUMS").write_text("".join(f"{digest}  {name}.bin\n" for name in "abc"))
    (tmp_path / "a.bin").write_text("foo")
    (tmp_path / "b.bin").write_text("bar")

    assert ["b.bin", "c.bin"] == searcher_models.altered_files(tmp_path)


def test_a_clone_without_installed_models_names_the_command(
    monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    monkeypatch.setitem(sys.modules, "searcher_models", None)

    with pytest.raises(ModelsMissing) as raised:
        models.models_folder()

    assert f"The models are not installed. Install them: pip install '{project / 'models'}'" == str(
        raised.value
    )


def test_outside_a_clone_the_command_names_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "searcher_models", None)
    monkeypatch.setattr(models, "_CLONE", tmp_path)

    with pytest.raises(ModelsMissing, match=r"pip install 'article-searcher-models==1\.0\.\*'$"):
        models.models_folder()


def test_models_of_another_series_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "searcher_models", SimpleNamespace(__version__="2.0.1", FOLDER=tmp_path))

    with pytest.raises(ModelsMissing, match=r"This version needs models 1\.0\.x; 2\.0\.1 is installed\."):
        models.models_folder()


def test_the_models_in_the_clone_are_of_the_series_that_the_code_needs(project: Path) -> None:
    text = (project / "models" / "searcher_models" / "__init__.py").read_text("utf-8")

    assert f'__version__ = "{models.SERIES}.' in text
    assert f"article-searcher-models=={models.SERIES}.*" in (project / "setup.cfg").read_text("utf-8")

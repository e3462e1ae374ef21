"""The folder of the models. They are a distribution of their own: ``article-searcher-models``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from searcher.errors import ModelsMissing

#: The series of weights that this version was tested with: names in an index depend on them.
SERIES: Final = "1.0"
_CLONE = Path(__file__).resolve().parents[1] / "models"


@cache
def models_folder() -> Path:
    """Return the folder of the installed models. Raises ModelsMissing."""
    # A clone has its sources. Elsewhere, the package index has the wheel.
    requirement = (
        str(_CLONE) if (_CLONE / "pyproject.toml").exists() else f"article-searcher-models=={SERIES}.*"
    )
    command = f"pip install '{requirement}'"
    try:
        import searcher_models
    except ImportError:
        raise ModelsMissing(f"The models are not installed. Install them: {command}") from None
    version = searcher_models.__version__
    if version.rpartition(".")[0] != SERIES:
        raise ModelsMissing(
            f"This version needs models {SERIES}.x; {version} is installed. Change it: {command}"
        )
    return searcher_models.FOLDER

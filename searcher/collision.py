"""Detects the abandoned distribution ``searcher`` (2018), which has a package with the name of this one."""

from __future__ import annotations

import os
import warnings
from typing import Final

ADVICE: Final = (
    "The abandoned distribution “searcher” has replaced files of article-searcher. To repair this: "
    "pip uninstall searcher, then pip install --force-reinstall --no-deps article-searcher"
)


def warn_of_collision(folder: str) -> None:
    """Warn if the other distribution has put its files into this package."""
    if os.path.exists(os.path.join(folder, "converters.py")):
        warnings.warn(ADVICE, RuntimeWarning, stacklevel=3)


def explain_missing_engine(name: str) -> None:
    """Raise ImportError if the package of the other distribution looks for its class in ours."""
    if name == "SolrEngine":
        raise ImportError(ADVICE)

"""First names of people, with the sex of nearly all who bear them, where they have one.

``first-names-us.txt`` are US Social Security counts (public domain; ``training/first_names.py``),
``first-names-more.txt`` about a thousand from other countries, written down by hand.
"""

from __future__ import annotations

from functools import cache
from typing import Final

__all__ = ["first_name_gender", "is_first_name"]

#: What the tables say of a name that women and men have.
_BOTH: Final = "x"


def first_name_gender(name: str) -> str | None:
    """Return the sex ("f" or "m") that nearly all bearers of a first name (in lower case) have, else None."""
    gender = _first_names().get(name)
    return None if gender == _BOTH else gender


def is_first_name(name: str) -> bool:
    """Tell whether people have a name (in lower case) as a first name."""
    return name in _first_names()


@cache
def _first_names() -> dict[str, str]:
    # A search whose names are decided starts without it.
    from importlib import resources

    genders: dict[str, str] = {}
    package = resources.files(__package__)
    for file in ("first-names-us.txt", "first-names-more.txt"):
        for line in package.joinpath(file).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                gender, _, names = line.partition(" ")
                genders.update(dict.fromkeys(names.split(), gender))
    return genders

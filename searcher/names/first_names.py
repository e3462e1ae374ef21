"""First names of people, with the sex of nearly all who bear them.

``first-names-us.txt`` are US Social Security counts (public domain; ``training/quotes/first_names.py``),
``first-names-more.txt`` about a thousand from other countries, written down by hand.
"""

from __future__ import annotations

from functools import cache

__all__ = ["first_name_gender"]


def first_name_gender(name: str) -> str | None:
    """Return the sex ("f" or "m") that nearly all bearers of a first name (in lower case) have, else None."""
    return _first_names().get(name)


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

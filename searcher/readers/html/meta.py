"""The meta elements of a page."""

from __future__ import annotations

import re
from typing import Any

from searcher.readers.html import jsonld
from searcher.readers.html.page import Page

__all__ = ["Meta", "first", "words"]


class Meta:
    """The meta elements of a page by their lower-case names."""

    def __init__(self, page: Page) -> None:
        self._values: dict[str, list[str]] = {}
        for element in page.tree.iter("meta"):
            kind = next((a for a in ("property", "name", "itemprop", "http-equiv") if element.get(a)), "")
            content = (element.get("content") or "").strip()
            if kind and content:
                for name in self._named(kind, element.get(kind).strip().lower()):
                    self._values.setdefault(name, []).append(content)

    @staticmethod
    def _named(kind: str, value: str) -> list[str]:
        """The names in an attribute: the two of RDFa and microdata hold lists
        (https://www.w3.org/TR/rdfa-core/#A-property)."""
        names = value.split() if kind in ("property", "itemprop") else [value]
        return [re.sub(r"^dc:", "dc.", name) for name in names]

    def first(self, names: str) -> str:
        return next((self._values[name][0] for name in names.split() if name in self._values), "")

    def all(self, names: str) -> list[str]:
        return next((self._values[name] for name in names.split() if name in self._values), [])

    def like(self, pattern: re.Pattern[str]) -> list[str]:
        """The values of the first name in which ``pattern`` is found."""
        return next((values for name, values in self._values.items() if pattern.search(name)), [])


def first(linked: list[dict[str, Any]], name: str) -> str:
    """The first text that objects of JSON-LD hold under ``name``."""
    return next((text for item in linked if (text := jsonld.text_of(item.get(name)))), "")


def words(element: Any) -> str:
    """The text of an element, its parts apart: what stands in two boxes is not one word."""
    return " ".join(" ".join(element.itertext()).split())

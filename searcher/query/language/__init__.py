"""The query language: text to tree and back.

``parse(render(tree)) == tree`` for every tree that :func:`parse` makes. The language is described in
``docs/query-language.md``.
"""

from __future__ import annotations

from searcher.query.language.parser import parse, plain
from searcher.query.language.printer import render

__all__ = ["parse", "plain", "render"]

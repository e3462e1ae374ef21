"""The metadata that Datasette shows beside a database of an export."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from searcher.export.schema import FACETS, SORTED, TABLES, VIEWS

__all__ = ["metadata"]


def metadata(database: str, counts: Mapping[str, int]) -> str:
    """Return the metadata for a database of that name (that of its file without the ending), as JSON."""
    tables: dict[str, dict[str, Any]] = {
        table.name: {
            "description": table.about,
            "columns": {column.name: column.about for column in table.columns},
        }
        for table in TABLES
    }
    tables |= {name: {"description": about} for name, (about, _) in VIEWS.items()}
    for name, facets in FACETS.items():
        tables[name]["facets"] = list(facets)
    for name, column in SORTED.items():
        tables[name]["sort_desc"] = column
    for name in ("fields", "tags", "authors"):
        tables[name]["hidden"] = not counts.get(name)
    title = f"{counts['articles']:,} articles"
    described = {database: {"description": f"{title}, exported by searcher", "tables": tables}}
    return json.dumps({"title": title, "databases": described}, ensure_ascii=False, indent=2) + "\n"

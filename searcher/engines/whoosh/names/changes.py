"""The file of the changes of names since the base: the values that later commits brought or decided
otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from searcher.engines.whoosh.format.manifest import read_json, write_json
from searcher.names.layered import Change, Changes

__all__ = ["read_changes", "write_changes"]


def write_changes(changes: Changes, path: Path) -> None:
    """Write the file."""
    content: dict[str, Any] = {
        "decisions": changes.decisions,
        "values": {
            kind: [[v, *change] for v, change in values.items()] for kind, values in changes.values.items()
        },
    }
    write_json(path, content)


def read_changes(path: Path) -> Changes:
    """Read the file. Raises IndexDamaged, and FileNotFoundError."""
    content = read_json(path)
    values = {
        kind: {value: Change(group, weight, name) for value, group, weight, name in rows}
        for kind, rows in content["values"].items()
    }
    return Changes(values, tuple((kind, name, what) for kind, name, what in content["decisions"]))

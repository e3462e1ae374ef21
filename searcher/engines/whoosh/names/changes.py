"""The file of the changes of names since the base: the values that later commits brought or decided
otherwise."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

from searcher.errors import IndexDamaged
from searcher.locations import rebuild_hint
from searcher.names.layered import Change, Changes

__all__ = ["read_changes", "write_changes"]


def write_changes(changes: Changes, path: Path) -> None:
    """Write a file of JSON behind its checksum, as the manifest has it."""
    from searcher.files import create_file  # not to be loaded by a search

    content: dict[str, Any] = {
        "decisions": changes.decisions,
        "values": {
            kind: [[v, *change] for v, change in values.items()] for kind, values in changes.values.items()
        },
    }
    body = json.dumps(content, separators=(",", ":")).encode()
    with create_file(path) as file:
        file.write(b"%08x\n%s" % (zlib.crc32(body), body))


def read_changes(path: Path) -> Changes:
    """Read the file. Raises IndexDamaged, and FileNotFoundError."""
    checksum, _, body = path.read_bytes().partition(b"\n")
    if checksum != b"%08x" % zlib.crc32(body):
        raise IndexDamaged(f"The index is damaged: {path} is altered. {rebuild_hint(path.parent)}")
    content = json.loads(body)
    values = {
        kind: {value: Change(group, weight, name) for value, group, weight, name in rows}
        for kind, rows in content["values"].items()
    }
    return Changes(values, tuple((kind, name, what) for kind, name, what in content["decisions"]))

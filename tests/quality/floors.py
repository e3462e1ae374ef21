"""Floors of quality, and the data they were measured on.

``floors.json`` holds for each topic a digest of the data and the least value of each figure. Figures on
other data mean nothing, so a digest that differs is a failure of its own. Pin a topic with
``scripts/pin_floors.py TOPIC``. A floor falls by a decision that has a name: what it was taken for, and which
floors fell from what to what, stay in the same file (CONTRIBUTING.md, “What a line costs”).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = ["Floors", "digest", "load", "pinned", "save"]

FILE = Path(__file__).with_name("floors.json")
#: Floors stand this much below what was measured: other processors round differently.
SLACK = 0.002


@dataclass(frozen=True, slots=True)
class Floors:
    """Of a topic: ``data`` is the digest of the folder that it reads, ``least`` the floor of each figure, and
    ``lowered`` what fell by each decision: floors before and after, None for a figure measured no more."""

    data: str
    least: dict[str, float] = field(default_factory=dict)
    lowered: dict[str, dict[str, list[float | None]]] = field(default_factory=dict)


def digest(folder: Path) -> str:
    """SHA-256 over the names and the bytes of all files below ``folder``."""
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def load(file: Path = FILE) -> dict[str, Floors]:
    return {topic: Floors(**floors) for topic, floors in json.loads(file.read_text("utf-8")).items()}


def save(floors: dict[str, Floors], file: Path = FILE) -> None:
    plain = {topic: asdict(floors[topic]) for topic in sorted(floors)}
    file.write_text(json.dumps(plain, indent=2, sort_keys=True) + "\n", "utf-8")


def pinned(old: Floors | None, measured: dict[str, float], data: str, decision: str = "") -> Floors:
    """The floors after a measurement. Raises ValueError where one would fall or vanish without a decision."""
    least = {name: round(value - SLACK, 4) for name, value in measured.items()}
    if old is None or old.data != data:
        return Floors(data, least)
    fallen = {
        name: [floor, least.get(name)]
        for name, floor in sorted(old.least.items())
        if least.get(name, -1.0) < floor - SLACK
    }
    if fallen and not decision:
        raise ValueError(f"these figures would fall: {', '.join(fallen)}")
    kept = {name: floor for name, floor in old.least.items() if name not in fallen}
    return Floors(
        data,
        {name: max(value, kept.get(name, value)) for name, value in least.items()},
        {**old.lowered, decision: fallen} if fallen else old.lowered,
    )

"""The file that names fields of one's own."""

from __future__ import annotations

import threading
from pathlib import Path

from searcher import own_fields


def test_fields_are_kept_in_the_order_of_their_declaration(tmp_path: Path) -> None:
    own_fields.add(tmp_path, ["desk"])
    own_fields.add(tmp_path, ["topic", "Desk", "topic"])

    assert ("desk", "topic") == own_fields.load(tmp_path)


def test_those_who_declare_at_once_lose_nothing_of_one_another(tmp_path: Path) -> None:
    names = ["desk", "topic", "beat", "region", "mood", "colour", "plot", "camera"]
    own_fields.add(None, names)
    at_once = threading.Barrier(len(names))

    def add(name: str) -> None:
        at_once.wait()
        own_fields.add(tmp_path, [name])

    threads = [threading.Thread(target=add, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(names) == set(own_fields.load(tmp_path))

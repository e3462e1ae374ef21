"""Which files this user has had read: what an index names of others is read when that is wanted only.

An index that came from somebody else may name any file as one of its sources, and reading it again would put
what stands there into the index. So the files and folders that are loaded are listed in the user's data
folder, which nobody else writes to, a JSON string a line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from searcher.errors import SourcesUnknown
from searcher.files import append_file, make_folder
from searcher.locations import data_folder

_FILE = "read.jsonl"


def had_read(paths: Iterable[str | Path]) -> None:
    """Note files and folders, with all that is below them. Where no note can be kept there is none."""
    new = dict.fromkeys(map(os.path.realpath, _unknown(paths)))
    if new:
        with suppress(OSError):
            make_folder(data_folder())
            append_file(data_folder() / _FILE, "".join(f"{json.dumps(path)}\n" for path in new).encode())


def require_known(paths: Iterable[str | Path]) -> None:
    """Raise SourcesUnknown where any of these is there and was never read for this user."""
    unknown = [path for path in _unknown(paths) if os.path.lexists(path)]
    if unknown:
        raise SourcesUnknown(tuple(unknown))


def _unknown(paths: Iterable[str | Path]) -> list[str]:
    """Return those paths that are neither noted nor below one that is, wherever links lead."""
    noted, folders = _noted(), dict[str, tuple[str, bool]]()

    def is_known(path: str) -> bool:
        above, name = os.path.split(path)
        if above not in folders:
            real = Path(os.path.realpath(above))
            folders[above] = str(real), any(str(one) in noted for one in (real, *real.parents))
        real_above, below_noted = folders[above]
        if os.path.islink(path) or name in ("", ".", ".."):
            target = Path(os.path.realpath(path))
            return any(str(one) in noted for one in (target, *target.parents))
        return below_noted or os.path.join(real_above, name) in noted

    return [path for path in map(str, paths) if not is_known(path)]


def _noted() -> frozenset[str]:
    try:
        lines = (data_folder() / _FILE).read_text("utf-8").splitlines()
        return frozenset(map(json.loads, filter(None, lines)))
    except (OSError, ValueError, TypeError):
        return frozenset()

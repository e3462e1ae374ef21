"""A stranger's index must run no code of its author's: pickles that would, in every file there is.

Bombs are put into each file of an index of ours, with a manifest that vouches for them, and of one that
Whoosh itself made: alone, in front, and wherever a pickle begins. A bomb is a pickle that makes a folder when
it is loaded. That the bombs go off at all is checked with Whoosh, which unpickles what it opens.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from whoosh.fields import ID, NUMERIC, TEXT, Schema
from whoosh.index import create_in

from benchmarks.faults.asking import answers
from benchmarks.faults.damage import build
from benchmarks.faults.outcome import Outcome, scratch
from searcher import Article, open_index
from searcher.errors import SearcherError


class _Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self._place = str(place)

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self._place,)


def run() -> Outcome:
    outcome = Outcome("crafted pickles in every file")
    with scratch() as folder:
        crater = folder / "it-went-off"
        bomb = pickle.dumps(_Bomb(crater))
        for name, index in _hostile(folder, bomb):
            outcome.counts["files opened, searched, verified and written to"] += 1
            reason = _use(index)
            if reason:
                outcome.bad.append(f"{name}: {reason}")
            if crater.exists():
                outcome.bad.append(f"{name}: code of the index's author ran")
                crater.rmdir()
        _check_bombs(folder, bomb, crater, outcome)
    return outcome


def _hostile(folder: Path, bomb: bytes) -> Iterator[tuple[str, Path]]:
    whole, stock = folder / "whole", folder / "stock"
    build(whole, folder / "articles.jsonl")
    _stock_index(stock)
    (whole / "names.txt").write_text("")
    for origin in (whole, stock):
        for path in sorted(origin.iterdir()):
            for how, data in _charges(path.read_bytes(), bomb):
                copy = _copied(origin, folder / "copy")
                (copy / path.name).write_bytes(data)
                _vouch(copy, path.name, data)
                yield f"{origin.name}/{path.name}, {how}", copy
    copy = _copied(whole, folder / "copy")
    for path in copy.iterdir():
        path.write_bytes(bomb)
    yield "every file", copy


def _charges(data: bytes, bomb: bytes) -> Iterator[tuple[str, bytes]]:
    """The bomb alone, in full length, in front of the rest, and wherever a pickle begins now."""
    yield "alone", bomb
    yield "in the same length", (bomb + data[len(bomb) :])[: len(data)]
    yield "in front", bomb + data
    place = data.find(b"\x80\x02")
    while place >= 0:
        yield f"at {place}", data[:place] + bomb + data[place + len(bomb) :]
        place = data.find(b"\x80\x02", place + max(len(bomb), len(data) // 8))


def _copied(origin: Path, copy: Path) -> Path:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(origin, copy)
    return copy


def _vouch(folder: Path, name: str, data: bytes) -> None:
    """Let the manifest say that this is how the file is to be."""
    for path in folder.glob("MAIN.*.json"):
        if path.name == name:
            continue
        manifest = json.loads(path.read_bytes().partition(b"\n")[2])
        records = [manifest["toc"]]
        for segment in manifest["segments"]:
            records += [*segment["files"], *filter(None, [segment["deletions"]])]
        for record in records:
            if record["name"] == name:
                record.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())
        body = json.dumps(manifest, separators=(",", ":")).encode()
        path.write_bytes(b"%08x\n%s" % (zlib.crc32(body), body))


def _use(folder: Path) -> str | None:
    """Do everything that may be done with a stranger's index; says what went outside the error tree.

    A file that the manifest vouches for may hold anything: what fails then is not held against it.
    """
    for create in (False, True):
        try:
            with open_index(folder, create=create) as index:
                answers(index)
                index.verify()
                index.add([Article("new", body="The bridge opens.")], annotate=False)
                index.delete(["new"])
        except (SearcherError, OSError):
            continue
        except Exception as error:  # noqa: BLE001  # counted, as a crash of the reader rather than a breach
            return f"{type(error).__name__}: {error}"
    return None


def _stock_index(folder: Path) -> None:
    """What Whoosh makes of a few documents, with columns and stored fields."""
    folder.mkdir()
    schema = Schema(
        id=ID(stored=True, unique=True),
        body=TEXT(stored=True),
        day=NUMERIC(sortable=True),
    )
    made = create_in(str(folder), schema)
    for start in (0, 5):
        writer: Any = made.writer()
        for number in range(start, start + 5):
            writer.add_document(id=str(number), body=f"bridge {number}", day=number)
        writer.commit(merge=False)
    made.close()
    (folder / "searcher.json").write_text(json.dumps({"engine": "whoosh", "format": 1}))


def _check_bombs(folder: Path, bomb: bytes, crater: Path, outcome: Outcome) -> None:
    """Whoosh must set one off, or the bombs are duds and the counts above mean nothing."""
    copy = _copied(folder / "stock", folder / "copy")
    (toc,) = copy.glob("*.toc")
    data = toc.read_bytes()
    place = data.rfind(b"\x80\x02", 0, len(data) // 2) if b"\x80\x02" in data else data.find(b"\x80")
    for start in sorted({data.find(b"\x80"), place}):
        toc.write_bytes(data[:start] + bomb + data[start + len(bomb) :])
        opening = f"from whoosh.index import open_dir; open_dir({str(copy)!r}).searcher()"
        subprocess.run([sys.executable, "-c", opening], capture_output=True, check=False)
        if crater.exists():
            outcome.notes.append("Whoosh's own open_dir sets such a bomb off")
            return
    outcome.bad.append("the bombs are duds: Whoosh does not set them off either")

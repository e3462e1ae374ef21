"""Records and plain text: lines too long, too deep, too many."""

from __future__ import annotations

import json

from benchmarks.hostile.case import MEGABYTE, TEXT, Case
from benchmarks.hostile.noise import NOISE

RECORDS = (
    Case("JSON 200,000 deep", "a.json", lambda: b'{"a":' * 200_000, "refused"),
    Case(
        "a JSON line of 40 MB",
        "a.jsonl",
        lambda: (
            b'{"body": "' + b"word " * (8 * MEGABYTE) + b'"}\n' + json.dumps({"body": TEXT}).encode() + b"\n"
        ),
    ),
    Case(
        "a number of a million digits",
        "a.jsonl",
        lambda: b'{"body": ' + b"9" * 1_000_000 + b"}\n" + json.dumps({"body": TEXT}).encode(),
        "either",
    ),
    Case(
        "CSV with an unclosed quotation mark",
        "a.csv",
        lambda: b'title,body\n"a,b\n' + b"x,y\n" * 500_000,
        "either",
    ),
    Case(
        "CSV of 100,000 columns",
        "a.csv",
        lambda: (",".join(f"c{n}" for n in range(100_000)) + "\n").encode() * 3,
        "refused",
    ),
)

TEXTS = (
    Case("a text of one line of 30 MB", "a.txt", lambda: b"word " * (6 * MEGABYTE), "either"),
    Case("a text of 10 million lines", "a.txt", lambda: b"x\n" * 10_000_000, "either"),
    Case("a program", "a.txt", lambda: b"\x7fELF" + NOISE, "refused"),
)

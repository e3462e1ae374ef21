"""Archives: cut short, bombs, encrypted, with tricks in their paths."""

from __future__ import annotations

import gzip

from benchmarks.hostile.case import MEGABYTE, TEXT, Case, around
from benchmarks.hostile.made import (
    encrypted_zip,
    greedy_7z,
    issue,
    lying_zip,
    nested_zip,
    seven_zipped,
    zipped,
)

ARCHIVES = (
    Case("gzip cut short", "a.html.gz", lambda: gzip.compress(around(""))[:-50], "refused"),
    Case("zip cut short", "a.zip", lambda: zipped(("a.txt", TEXT.encode() * 50))[:-60], "refused"),
    Case("gzip bomb", "a.txt.gz", lambda: gzip.compress(b" a" * (150 * MEGABYTE)), "refused"),
    Case("zip bomb", "a.zip", lambda: zipped(("a.txt", b"a " * (150 * MEGABYTE))), "refused"),
    Case("zip that lies of sizes", "a.zip", lying_zip, "refused"),
    Case("7z cut short", "a.7z", lambda: seven_zipped(("a.txt", TEXT.encode() * 50))[:-60], "refused"),
    Case("7z bomb", "a.7z", lambda: seven_zipped(("a.txt", b"a " * (150 * MEGABYTE))), "refused"),
    Case("7z with a dictionary of 4 GB", "a.7z", greedy_7z, "either"),
    Case("issue of 5,000 articles that are its whole page", "a.zip", lambda: issue(5_000, 1), "either"),
    Case("issue with an article of 200,000 parts", "a.zip", lambda: issue(1, 200_000), "either"),
    Case("zip in zip, 30 deep", "a.zip", lambda: nested_zip(30), "refused"),
    Case("zip, encrypted", "a.zip", encrypted_zip, "refused"),
    Case(
        "zip with 50,000 files",
        "a.zip",
        lambda: zipped(*((f"{n}.jpg", b"") for n in range(50_000))),
        "refused",
    ),
    Case(
        "zip with paths upwards",
        "a.zip",
        lambda: zipped(
            ("../../etc/x.txt", TEXT.encode()),
            ("/abs/y.txt", TEXT.encode() + b" Y."),
            ("C:\\z.txt", TEXT.encode() + b" Z."),
        ),
    ),
)

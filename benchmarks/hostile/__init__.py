"""Hostile inputs: files made to hang, crash or bloat whoever reads them. ``python -m benchmarks.hostile``.

Every case is read in a worker process under a limit of 20 seconds and 1 GB, and must end in articles or in a
reason. ``expect`` says which: "read", "refused" or "either" where both are right.
"""

from __future__ import annotations

from benchmarks.hostile.amounts import AMOUNTS
from benchmarks.hostile.archives import ARCHIVES
from benchmarks.hostile.case import MEGABYTE
from benchmarks.hostile.documents import DAMAGED, ENTITIES
from benchmarks.hostile.encodings import ENCODINGS
from benchmarks.hostile.mail import MESSAGES
from benchmarks.hostile.markup import BROKEN, CHARACTERS, LINKED, MEGABYTES_OF_MARKUP, NESTED
from benchmarks.hostile.noise import EMPTY, NOISES
from benchmarks.hostile.records import RECORDS, TEXTS
from benchmarks.hostile.special import CAPITALS, SPECIAL

__all__ = ["CASES", "MEGABYTE"]

CASES = (
    *NESTED,
    *MEGABYTES_OF_MARKUP,
    *BROKEN,
    *LINKED,
    *CHARACTERS,
    *ENCODINGS,
    *NOISES,
    *EMPTY,
    *ARCHIVES,
    *DAMAGED,
    *ENTITIES,
    *RECORDS,
    *TEXTS,
    *MESSAGES,
    *CAPITALS,
    *SPECIAL,
    *AMOUNTS,
)

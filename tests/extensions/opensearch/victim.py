"""A process that commits one batch after another, to be killed: ``victim LOCATION FIRST``.

Every batch writes the same articles anew with its number as their title, in several requests, and prints the
number once it is committed.
"""

from __future__ import annotations

import itertools
import sys

from searcher.article import Article
from searcher.extensions.opensearch import writer
from tests.engines.conftest import opened

__all__ = ["ARTICLES"]

ARTICLES = 40

if __name__ == "__main__":
    writer._MAX_BATCH_ARTICLES = 10  # several requests a batch
    engine = opened(sys.argv[1])
    for number in itertools.count(int(sys.argv[2])):
        with engine.writer() as changes:
            for n in range(ARTICLES):
                changes.add(Article(str(n), str(number), "The ferry sails at noon."))
        print(number, flush=True)

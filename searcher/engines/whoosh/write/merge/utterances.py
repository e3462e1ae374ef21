"""Merging of utterances: the wordings of several segments, each once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from searcher.engines.whoosh.arrays import offsets
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import QUOTES
from searcher.engines.whoosh.statements.wordings import Wordings, utterances_of
from searcher.engines.whoosh.write.merge.sources import MergeSource, merged_column
from searcher.engines.whoosh.write.utterances import COLUMNS, write_utterances

__all__ = ["write_merged_utterances"]


def write_merged_utterances(writer: ArrayWriter, sources: Sequence[MergeSource]) -> None:
    """Write the wordings that live quotations have, with the links among them, and the columns of these."""
    opened = [utterances_of(source.segment) for source in sources]
    of_quotes = [one.wording_of[source.live_quotes] for source, one in zip(sources, opened)]
    used = [np.unique(numbers) for numbers in of_quotes]
    texts = [one.wordings.checksums(numbers) for one, numbers in zip(opened, used)]
    merged, numbers = Wordings.made(*(np.concatenate(parts) for parts in zip(*texts)))
    bases = offsets(np.array(list(map(len, used))))
    wording_of = [
        numbers[base + np.searchsorted(some, own)] for base, some, own in zip(bases, used, of_quotes)
    ]
    columns = {name: merged_column(sources, name, QUOTES) for name in COLUMNS}
    write_utterances(writer, merged, np.concatenate(wording_of), columns)

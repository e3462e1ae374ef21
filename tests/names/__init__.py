"""Names as an index resolves them."""

from __future__ import annotations

from collections.abc import Mapping

from searcher.names.table import Identities, PlainTable, kinds_of


def resolve(field: str, counts: Mapping[str, int], identities: Identities | None = None) -> dict[str, str]:
    """Map every value of a field, given with its number of articles, to its name; without hidden values."""
    kinds = kinds_of(field)
    if not kinds:
        return {value: value for value in counts}
    known = PlainTable((identities or Identities()).rules, {kinds[0]: counts}).changes.of(kinds[0])
    return {value: name for value in counts if (name := known[value].name) is not None}

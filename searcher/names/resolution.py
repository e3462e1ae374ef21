"""Who is who across articles: the rules of names together with the decisions by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from searcher.names.decisions import Curation
from searcher.names.normalise import fold
from searcher.names.table import kinds_of

if TYPE_CHECKING:
    from searcher.names.rules import Rules

__all__ = ["Identities", "fold"]


class Identities:
    """The rules by which engines resolve names; a curation (see :mod:`searcher.names.decisions`) overrules
    them.

    >>> Identities().resolve("person", {"Yann LeCun": 3, "LeCun": 1, "Lecun": 1})
    {'Yann LeCun': 'Yann LeCun', 'LeCun': 'Yann LeCun', 'Lecun': 'Yann LeCun'}
    """

    def __init__(self, curation: Curation | None = None) -> None:
        self.curation = Curation() if curation is None else curation

    @cached_property
    def rules(self) -> Rules:
        """The rules, loaded when they are first asked: a search that asks for no names needs none."""
        from searcher.names.rules import Rules

        return Rules(self.curation)

    def resolve(self, field: str, counts: Mapping[str, int]) -> dict[str, str]:
        """Map every value of a field to its name; ``counts`` are the articles of each value.

        Values that a curation ignores are left out. Among speakers only people are resolved: bodies need the
        counts of their own field.
        """
        kinds = kinds_of(field)
        if not kinds:
            return {value: value for value in counts}
        groups: dict[str, dict[str, int]] = defaultdict(dict)
        for value, count in counts.items():
            groups[self.rules.group(kinds[0], value)][value] = count
        names: dict[str, str | None] = {}
        for group in groups.values():
            names |= self.rules.names(kinds[0], group)
        return {value: name for value in counts if (name := names[value]) is not None}

"""Who is who across articles: which names in the index are one person or body.

Extraction names everybody within one article. Across articles this is decided when searching, because it
changes as articles arrive: a lone surname joins a full name only while one bearer exists. A curation
(see :mod:`searcher.curation`) overrules everything here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from searcher.fields import field

__all__ = ["Identities", "fold"]


def fold(name: str) -> str:
    """A name without case, accents, punctuation and extra space: what two spellings must share."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"[^\W_]+", plain.replace("’", "'").replace("'", "")))


class Identities:
    """Resolves the values of named fields (person, organisation, speaker).

    >>> Identities().canonical("person", {"Yann LeCun": 3, "LeCun": 1, "Lecun": 1})
    {'Yann LeCun': 'Yann LeCun', 'LeCun': 'Yann LeCun', 'Lecun': 'Yann LeCun'}
    """

    def canonical(self, field_name: str, counts: Mapping[str, int]) -> dict[str, str]:
        """For every value its name across articles; ``counts`` maps each value to its articles.

        Values that a curation ignores are left out.
        """
        if not field(field_name).named:
            return {value: value for value in counts}
        spellings: dict[str, list[str]] = defaultdict(list)
        for value in counts:
            spellings[fold(value)].append(value)
        best = {key: max(same, key=lambda v: (counts[v], v)) for key, same in spellings.items()}
        if field_name != "organisation":
            best |= _lone_surnames(best)
        return {value: best[fold(value)] for value in counts}

    def answering(self, field_name: str, asked: str, names: Iterable[str]) -> frozenset[str]:
        """Those of the canonical ``names`` that ``asked`` asks for.

        An exact name (folded) wins; otherwise, in named fields, every name that holds all its words.
        """
        wanted = fold(asked)
        folded = {name: fold(name) for name in names}
        exact = frozenset(name for name, key in folded.items() if key == wanted)
        if exact or not field(field_name).named or not wanted:
            return exact
        words = set(wanted.split())
        return frozenset(name for name, key in folded.items() if words <= set(key.split()))


def _lone_surnames(best: Mapping[str, str]) -> dict[str, str]:
    """Single words that are the last word of exactly one longer name."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for key in best:
        words = key.split()
        if len(words) > 1:
            bearers[words[-1]].add(key)
    return {
        key: best[next(iter(bearers[key]))]
        for key in best
        if " " not in key and len(bearers.get(key, ())) == 1
    }

"""``python -m benchmarks.agreement INDEX``: do all counts of a name agree, by whatever form one asks?

The people and bodies of most articles are asked for by each of their forms, and articles counted by facet, by
filter, in what is exported and in JSON; as speakers by facet, by filter and by their quotations.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from searcher import Index, open_index

#: The fields of names, with the attributes of articles and of hits in JSON that hold them.
_FIELDS: Final = {"person": "people", "organisation": "organisations", "speaker": "speakers"}


class Disagreement(NamedTuple):
    """A ``form`` by which a ``name`` is asked for, and what was counted where that is not the same."""

    name: str
    form: str
    counts: Mapping[str, int]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__)
    parser.add_argument("index", help="the folder or the address of an index")
    parser.add_argument("--top", type=int, default=20, help="people and bodies, of each (20)")
    options = parser.parse_args()
    with open_index(options.index) as index:
        asked = len(list(_forms(index, options.top)))
        found = list(compare(index, options.top))
    for one in found:
        counts = ", ".join(f"{number} {where}" for where, number in one.counts.items())
        print(f"{one.name}, asked for as {one.form}: {counts}")
    print(f"{options.top} people and {options.top} bodies by {asked} forms: {len(found)} disagree")
    return 1 if found else 0


def compare(index: Index, top: int) -> Iterator[Disagreement]:
    """Yield the forms of the most frequent people and bodies for which counts disagree."""
    facets = index.search(facets=tuple(_FIELDS), limit=0).facets
    exported: Counter[tuple[str, str]] = Counter()
    as_json: Counter[tuple[str, str]] = Counter()
    for hit in index.scan(snippets=False):
        article, data = index.named(hit.article), hit.to_dict()
        for kind, plural in _FIELDS.items():
            exported.update((kind, name) for name in getattr(article, plural))
            as_json.update((kind, name) for name in data[plural])
    for kind, name, form in _forms(index, top):
        quoted = {hit.article.id for hit in index.scan_quotes(speaker=form, confidence=0)}
        for field in (kind, "speaker"):
            counts = {
                f"in the facet {field}": facets[field].values.counts.get(name, 0),
                "by filter": index.count(only={field: form}),
                "in the export": exported[field, name],
                "in JSON": as_json[field, name],
                **({"quoted": len(quoted)} if field == "speaker" else {}),
            }
            if len(set(counts.values())) > 1:
                yield Disagreement(name, form, counts)


def _forms(index: Index, top: int) -> Iterator[tuple[str, str, str]]:
    """Yield each form of the names of most articles, with its kind and the name; a surname that several share
    asks for all of them, and is left out."""
    for kind in ("person", "organisation"):
        for value in index.search(facets=(kind,), limit=0).facets[kind].values[:top]:
            for form in index.name_forms(kind, value.value)[value.value]:
                if index.names_meant(kind, form.form) == {value.value}:
                    yield kind, value.value, form.form


if __name__ == "__main__":
    sys.exit(main())

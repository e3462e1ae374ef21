"""``python -m benchmarks.agreement INDEX``: do all counts of a name agree, by whatever form one asks?

The people and bodies of most articles are asked for by each of their forms, and articles counted by facet, by
filter, in what is exported and in JSON; as speakers by facet, by filter and by their quotations. Where a
form means several names, articles with any of them are counted.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from searcher import Index, open_index
from searcher.names.table import exact_query

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
    exported: dict[tuple[str, str], set[str]] = defaultdict(set)
    as_json: dict[tuple[str, str], set[str]] = defaultdict(set)
    for hit in index.scan(snippets=False):
        article, data = index.names.resolve_article(hit.article), hit.to_dict()
        for field, plural in _FIELDS.items():
            for found, names in ((exported, getattr(article, plural)), (as_json, data[plural])):
                for name in names:
                    found[field, name].add(article.id)
    for kind, name, form in _forms(index, top):
        for field in (kind, "speaker"):
            meant = index.names.resolve(field, form)
            counts = {
                "by filter": index.count(where={field: form}),
                "in the export": len(set[str]().union(*(exported[field, one] for one in meant))),
                "in JSON": len(set[str]().union(*(as_json[field, one] for one in meant))),
            }
            if len(meant) == 1:  # a facet does not say in how many articles one of several is
                counts[f"in the facet {field}"] = facets[field].values.counts.get(min(meant), 0)
            if field == "speaker":
                said = index.scan_quotes(speaker=form, min_confidence=0)
                counts["quoted"] = len({hit.article.id for hit in said})
            if len(set(counts.values())) > 1:
                yield Disagreement(name, form, counts)


def _forms(index: Index, top: int) -> Iterator[tuple[str, str, str]]:
    """Yield each form of the names of most articles, and how a page asks for each alone, with the kind and
    the name. A form may mean several: a surname that they share, a body and a person as speakers."""
    for kind in ("person", "organisation"):
        for value in index.search(facets=(kind,), limit=0).facets[kind].values[:top]:
            forms = (one.form for one in index.names.forms(kind, value.value)[value.value])
            for form in dict.fromkeys((*forms, exact_query(kind, value.value))):
                yield kind, value.value, form


if __name__ == "__main__":
    sys.exit(main())

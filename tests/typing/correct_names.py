"""A program written from docs/python-api.md alone. The type checker reads it; nothing runs it."""

from __future__ import annotations

import searcher
from searcher import AmbiguousName, Curation, Index, Network, Record, Synonyms


def record_of(index: Index, name: str) -> Record | None:
    try:
        return index.names.record(name)
    except AmbiguousName as error:
        print(error.query, error.names)
        return None


def print_network(network: Network) -> None:
    if network.center is not None:
        print(network.center.name, network.center.kind)
    for link in network.links:
        print(link.one.name, link.other.name, link.articles)


def merge(index: Index, name: str, other: str) -> str:
    decisions: Curation = index.names.decisions
    return index.names.decide(decisions.merge("person", name, [other]))


def main() -> None:
    with searcher.open_index("archive") as index:
        if record := record_of(index, "Lindqvist"):
            print(record.name, record.articles, [topic.value for topic in record.topics])
        print_network(index.names.network("Lindqvist", limit=5))
        step = merge(index, "Lindqvist", "M. Lindquist")
        for match in index.names.match(["I. Halvorsen"]):
            print(match.listed_name, match.match, match.name, match.share)
        index.log.undo(step)
        synonyms: Synonyms = index.synonyms.add("ferry, boat")
        index.synonyms = synonyms

"""Networks of the people and organisations that articles mention together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Literal

from searcher.query.request import Search
from searcher.query.tree import Expr, HasValue, all_of, any_of
from searcher.results import Facet
from searcher.search.answers import Answers

Kind = Literal["person", "organisation"]
_KINDS: Final[tuple[Kind, ...]] = ("person", "organisation")


@dataclass(frozen=True, slots=True)
class NetworkName:
    """A person or organisation in a network, with the number of its articles."""

    name: str
    kind: Kind
    articles: int

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind, "articles": self.articles}


@dataclass(frozen=True, slots=True)
class Link:
    """A pair of names, with the number of articles that mention both."""

    one: NetworkName
    other: NetworkName
    articles: int

    def to_dict(self) -> dict[str, Any]:
        return {"one": self.one.name, "other": self.other.name, "articles": self.articles}


@dataclass(frozen=True, slots=True)
class Network:
    """The names most often mentioned with ``center``, or the most frequent ones without it. ``links`` are the
    pairs that articles mention together, most frequent first."""

    center: NetworkName | None
    names: tuple[NetworkName, ...]
    links: tuple[Link, ...]

    def __repr__(self) -> str:
        about = f" of {self.center.name}" if self.center else ""
        return f"<Network{about}: {len(self.names):,} names, {len(self.links):,} links>"

    @property
    def center_links(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.one is self.center)

    def to_dict(self) -> dict[str, Any]:
        return {
            "center": self.center.to_dict() if self.center else None,
            "names": [one.to_dict() for one in self.names],
            "links": [link.to_dict() for link in self.links],
        }


def network(answers: Answers, name: str, among: Search, limit: int) -> Network:
    """Return the network of a name ("": of everyone), of at most ``limit`` other names, in the matches of a
    search."""
    names = answers.engine.names()
    values = {kind: names.names_meant(kind, name) for kind in _KINDS if name}
    kinds = [kind for kind in _KINDS if values.get(kind)]
    if name and not kinds:
        return Network(None, (), ())
    about = any_of(*(HasValue(kind, name) for kind in kinds)) if kinds else None
    facets, total = _name_facets(answers, among, about)
    ranked = _most_frequent(facets, values, limit)
    everywhere = _name_facets(answers, among, None)[0] if about else facets
    who = [NetworkName(value, kind, everywhere[kind].values.counts[value]) for value, kind in ranked]
    links = list(_links(answers, among, who))
    if not name:
        return Network(None, tuple(who), _ordered_links(links))
    kind = max(kinds, key=lambda kind: sum(facets[kind].values.counts.get(one, 0) for one in values[kind]))
    known = sorted(values[kind])
    center = NetworkName(known[0] if len(known) == 1 else name, kind, total)
    counts = (facets[one.kind].values.counts[one.name] for one in who)
    links += (Link(center, one, count) for one, count in zip(who, counts))
    return Network(center, tuple(who), _ordered_links(links))


def _name_facets(answers: Answers, among: Search, who: Expr | None) -> tuple[Mapping[str, Facet], int]:
    """Count the names in the articles that mention someone. Return the counts and the number of articles."""
    where = all_of(among.tree(answers.fields), who) if who else among.tree(answers.fields)
    search = among.replace(where, match="all", facets=_KINDS, limit=0, offset=0)
    results = answers.search(search)
    return results.facets, results.total


def _most_frequent(
    facets: Mapping[str, Facet], excluded: Mapping[Kind, frozenset[str]], limit: int
) -> list[tuple[str, Kind]]:
    counts = [
        (value.count, value.value, kind)
        for kind in _KINDS
        for value in facets[kind].values[: limit + len(excluded.get(kind, ()))]
        if value.value not in excluded.get(kind, ())
    ]
    ordered = sorted(counts, key=lambda one: (-one[0], one[1]))
    return [(value, kind) for _, value, kind in ordered[:limit]]


def _links(answers: Answers, among: Search, who: Sequence[NetworkName]) -> Iterator[Link]:
    facets = {one: _name_facets(answers, among, HasValue(one.kind, one.name))[0] for one in who[:-1]}
    for one, other in combinations(who, 2):
        if count := facets[one][other.kind].values.counts.get(other.name):
            yield Link(one, other, count)


def _ordered_links(links: Sequence[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (-link.articles, link.one.name, link.other.name)))

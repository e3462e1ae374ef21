"""A network in GEXF, which Gephi and NetworkX read (https://gexf.net/schema.html, version 1.2: NetworkX
before 3.6 reads no later one)."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.search.together import Network

__all__ = ["gexf"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">
<graph defaultedgetype="undirected" mode="static">
<attributes class="node">
<attribute id="kind" title="kind" type="string"/>
<attribute id="articles" title="articles" type="integer"/>
</attributes>
"""


def gexf(network: Network) -> Iterator[str]:
    """Yield the parts of a file: a node for each name, an edge for each pair weighted by its articles."""
    everybody = (*((network.asked,) if network.asked else ()), *network.who)
    numbers = {one: number for number, one in enumerate(everybody)}
    yield f"{_HEAD}<nodes>\n"
    for one, number in numbers.items():
        yield (
            f'<node id="{number}" label="{escape(clean(one.name))}"><attvalues>'
            f'<attvalue for="kind" value="{one.kind}"/><attvalue for="articles" value="{one.articles}"/>'
            "</attvalues></node>\n"
        )
    yield "</nodes>\n<edges>\n"
    for number, link in enumerate(network.links):
        ends = f'source="{numbers[link.one]}" target="{numbers[link.other]}"'
        yield f'<edge id="{number}" {ends} weight="{link.articles}"/>\n'
    yield "</edges>\n</graph>\n</gexf>\n"

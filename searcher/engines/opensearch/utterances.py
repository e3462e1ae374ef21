"""Utterances on a cluster: what was said in each, without its article, and with it where it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from searcher.article import Article
from searcher.engines.opensearch.reader import ClusterReader, score_of
from searcher.engines.statements import Carried, Heard
from searcher.fields import SAID_BY
from searcher.query.tree import QuoteQuery
from searcher.results.statements import Place
from searcher.statements import Saying, parts_of


class ClusterUtterances:
    """What :func:`searcher.engines.statements.looked_up` asks for."""

    def __init__(self, reader: ClusterReader) -> None:
        self._reader = reader

    def heard(self, query: QuoteQuery) -> Iterator[Heard | Carried]:
        names, seen = self._reader.names, set()
        for page in self._reader.quotation_pages(query, ("stored",)):
            names.learn({SAID_BY: {hit["_source"]["stored"]["speaker"] for hit in page} - {None}})
            for hit in page:
                said, document = hit["_source"]["stored"], hit["_source"]
                key = said["article"], said["start"], said["end"]
                if key in seen:
                    continue
                seen.add(key)
                speaker = said["speaker"] and (names.name_of(SAID_BY, said["speaker"]) or said["speaker"])
                saying = Saying(
                    tuple(said["words"].split()), speaker, said["indirect"], said.get("alone", False)
                )
                where = document["kind"]["parent"], hit["_routing"], document["number"]
                yield Heard(key, saying, score_of(hit, query.sort), where)

    def carried(self, heard: Iterable[Heard | Carried]) -> list[Carried]:
        every = list(heard)
        articles = self._reader.by_key(
            {one.where[0]: one.where[1] for one in every if isinstance(one, Heard)}
        )
        return [one if isinstance(one, Carried) else self._carried(one, articles) for one in every]

    def _carried(self, one: Heard, articles: Mapping[str, Article]) -> Carried:
        key, _, number = one.where
        parts = parts_of(articles[key], articles[key].quotes[number])
        return Carried(
            Place(articles[key], parts, one.saying.speaker, self._reader.names), one.saying, one.score
        )

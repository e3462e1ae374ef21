"""Statements on a cluster, assigned at commit: each quotation's document holds the id of its statement.

A writer assigns the quotations of its generation, and again those of statements that may split or merge: they
lost an utterance, or a speaker's name changed. Documents are shared with older generations. The field
``decided`` names the generation that assigned the id, so that the next writer can repair the changes of an
abandoned one.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from searcher.article import Article, Quote
from searcher.engines.statements import LocatedUtterance, StoredUtterance, longer_utterances, make_statement
from searcher.extensions.opensearch.client import Action, Client, send
from searcher.extensions.opensearch.documents import ArticleLater
from searcher.extensions.opensearch.names import ClusterNames
from searcher.extensions.opensearch.result_pages import all_hits, buckets, in_parts
from searcher.extensions.opensearch.state import ClusterState
from searcher.fields import QUOTE_FIELDS, SAID_BY
from searcher.results.statements import Place, Statement
from searcher.statements import (
    MAX_COMPARED,
    MAX_LENGTH_RATIO,
    ComparedUtterance,
    merged_statement_ids,
    traces,
    word_numbers,
)

Json = dict[str, Any]
#: Number of utterances per page, about 1 kB each. Maximum number of utterances per lookup of traces.
_PAGE_UTTERANCES: Final = 5_000
_MAX_LOOKED_UP: Final = 500
#: Maximum number of utterances per generation. Ids start at the generation times this number.
_IDS_OF_GENERATION: Final = 1 << 32

_Key = tuple[str, int, int]


class ClusterStatements:
    """The utterances and statements of one state."""

    def __init__(self, client: Client, state: ClusterState, names: ClusterNames) -> None:
        self._client = client
        self._state = state
        self._names = names

    def statements_with_ids(
        self, ids: Mapping[int, float], kinds: tuple[str, ...], read: Callable[[str], Article | None],
        min_confidence: float = 0.0,
    ) -> tuple[Statement, ...]:  # fmt: skip
        """Return the statements with these ids and scores, with their places of these kinds. ``read``:
        returns an article by id."""
        of_kinds = {"terms": {"said_as": list(kinds)}}
        members = _unique(self._utterances([of_kinds, {"terms": {"statement": list(ids)}}]))
        longer: list[StoredUtterance] = []
        if all_traces := set[int]().union(*(_traces(one.saying) for one in members)):
            min_words = MAX_LENGTH_RATIO * min(len(one.saying.words) for one in members)
            is_longer = {"range": {"utterance_words": {"gt": min_words}}}
            longer = _unique(self._with_traces(all_traces, [of_kinds, is_longer]))
        parts = []
        for id in ids:
            own = [one for one in members if one.statement == id]
            parts.append((own, longer_utterances(own, [one for one in longer if one.statement != id])))
        carried = iter(self._with_articles([one for pair in parts for of in pair for one in of], read))
        statements = []
        for score, pair in zip(ids.values(), parts):
            places, held_by = (list(itertools.islice(carried, len(of))) for of in pair)
            statements.append(make_statement(places, score, held_by, min_confidence))
        return tuple(statements)

    def decide(self, moved: Iterable[str]) -> None:
        """Assign the statements of a state before its commit. ``moved``: speakers whose names changed."""
        undecided: list[Json] = [{"bool": {"must_not": {"exists": {"field": "statement"}}}}]
        undecided += [{"terms": {"statement": part}} for part in in_parts(sorted(self._affected_ids(moved)))]
        first = self._state.generation * _IDS_OF_GENERATION
        ids: dict[_Key, int] = {}
        for one in self._each(undecided):
            ids.setdefault(one.key, first + len(ids))
        compared: dict[_Key, StoredUtterance] = {}
        merged = merged_statement_ids(
            self._pairs(undecided, compared),
            lambda key: ids[key] if key in ids else compared[key].statement,
            lambda key: compared[key].saying,
        )
        id_of = {key: merged.get(id, id) for key, id in ids.items()}
        send(self._client, self._state.articles, self._updates(undecided, lambda one: id_of[one.key]))
        older = [{"terms": {"statement": part}} for part in in_parts([id for id in merged if id < first])]
        send(self._client, self._state.articles, self._updates(older, lambda one: merged[one.statement]))

    def _affected_ids(self, moved: Iterable[str]) -> set[int]:
        """Return the statements to assign again: see the module."""
        lost: list[Json] = [{"term": {"to": self._state.generation}}]
        lost.append({"range": {"from": {"lt": self._state.generation}}})
        clauses: list[Json] = [{"terms": {QUOTE_FIELDS["speaker"]: part}} for part in in_parts(sorted(moved))]
        clauses.append({"terms": {"decided": [number for number, _ in self._state.void]}})
        queries: list[list[Json]] = [lost, *([*self._state.live(), one] for one in clauses)]
        source = [{"statement": {"terms": {"field": "statement"}}}]
        return {
            key["statement"]
            for filters in queries
            for key, _ in buckets(self._client, self._state.articles, _quotations(filters), source)
        }

    def _pairs(
        self, undecided: Sequence[Json], known: dict[_Key, StoredUtterance]
    ) -> Iterator[tuple[_Key, _Key]]:
        """Yield pairs of an unassigned utterance and one with common traces, most similar first. ``known`` is
        filled with the utterances of the next pairs."""
        utterances = self._each(undecided)
        while page := list(itertools.islice(utterances, _MAX_LOOKED_UP)):
            traces_by_key = {one.key: _traces(one.saying) for one in page}
            with_trace: defaultdict[int, list[_Key]] = defaultdict(list)
            known.clear()
            for other in (*page, *self._with_traces(set().union(*traces_by_key.values()))):
                if known.setdefault(other.key, other) is other:
                    for trace in _traces(other.saying):
                        with_trace[trace].append(other.key)
            for key, own_traces in traces_by_key.items():
                shared = Counter(other for trace in own_traces for other in with_trace[trace] if other != key)
                yield from ((key, other) for other, _ in shared.most_common(MAX_COMPARED))

    def _updates(self, queries: Iterable[Json], id_of: Callable[[StoredUtterance], int]) -> Iterator[Action]:
        for one in self._each(queries):
            document = {"statement": id_of(one), "decided": self._state.generation}
            target = {"_id": one.document[0], "routing": one.document[1], "retry_on_conflict": 3}
            yield {"update": target}, {"doc": document}

    def _with_traces(
        self, trace_ids: Iterable[int], filters: Sequence[Json] = ()
    ) -> Iterator[StoredUtterance]:
        for part in in_parts(sorted(map(str, trace_ids))):
            yield from self._utterances([*filters, {"terms": {"traces": part}}])

    def _each(self, queries: Iterable[Json]) -> Iterator[StoredUtterance]:
        return (one for query in queries for one in self._utterances([query]))

    def _utterances(self, filters: Sequence[Json]) -> Iterator[StoredUtterance]:
        """Yield the utterance of each live quotation that passes the filters."""
        body = {
            "query": _quotations([*self._state.live(), *filters]),
            "sort": ["order", "position"],
            "_source": False,
            "docvalue_fields": ["utterance", "statement"],
        }
        hits = all_hits(self._client, self._state.articles, body, _PAGE_UTTERANCES)
        sayings = dict[tuple[str, str | None, bool, bool], ComparedUtterance]()
        while page := list(itertools.islice(hits, _PAGE_UTTERANCES)):
            rows = [base64.b64decode(hit["fields"]["utterance"][0] + "==").partition(b"\n") for hit in page]
            heads = _parse_all(head for head, _, _ in rows)
            self._names.learn({SAID_BY: {saying[1] for _, saying in heads} - {None}})
            for (key, saying), hit, (_, _, place) in zip(heads, page, rows):
                words, speaker, reported, is_alone = saying = tuple(saying)
                if saying not in sayings:
                    speaker = speaker and (self._names.name_of(SAID_BY, speaker) or speaker)
                    sayings[saying] = ComparedUtterance(
                        word_numbers(words.split()), speaker, reported, is_alone
                    )
                statement = hit["fields"].get("statement", [0])[0]
                yield StoredUtterance(
                    tuple(key), sayings[saying], statement, place, (hit["_id"], hit["_routing"])
                )

    def _with_articles(
        self, utterances: Sequence[StoredUtterance], read: Callable[[str], Article | None]
    ) -> list[LocatedUtterance]:
        """Return utterances with their articles, which are only read if more fields are needed."""
        articles = dict[str, Article]()
        placed = _parse_all(one.place for one in utterances)
        self._names.learn({"source": {known["source"] for known, *_ in placed if "source" in known}})

        def locate(
            one: StoredUtterance, known: Mapping[str, Any], parts: Iterable[Any], words: int
        ) -> LocatedUtterance:
            article = articles.setdefault(one.key[0], ArticleLater.begun(known, partial(read, one.key[0])))
            speaker = one.saying.speaker
            place = Place(article, tuple(Quote(*part) for part in parts), speaker, self._names)
            return LocatedUtterance(place, one.saying, words=words)

        return [locate(one, *own) for one, own in zip(utterances, placed)]


def renamed_speakers(before: ClusterNames, now: ClusterNames, values: Collection[str]) -> set[str]:
    then, names = (table.names_for(SAID_BY, values) for table in (before, now))
    return {value for value in values if then[value] != names[value]}


def _unique(utterances: Iterable[StoredUtterance]) -> list[StoredUtterance]:
    return list({one.key: one for one in utterances}.values())


def _traces(saying: ComparedUtterance) -> set[int]:
    return set() if saying.is_unique else traces(saying.words)


def _quotations(filters: Sequence[Json]) -> Json:
    return {"bool": {"filter": [{"term": {"kind": "quotation"}}, *filters]}}


def _parse_all(texts: Iterable[bytes]) -> list[Any]:
    """Parse several JSON texts as one, in a third of the time."""
    return list(json.loads(b"[%s]" % b",".join(texts)))

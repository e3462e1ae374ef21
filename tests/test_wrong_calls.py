"""Whatever an index is given that makes no sense is a UsageError, at once and with the index as it was."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import pytest

from searcher import Article, Index, Mention, Quote, Search, annotate, open_index, parse, read, render
from searcher.errors import QueryTooBroad, UsageError
from searcher.query.tree import (
    And,
    AtLeast,
    Fuzzy,
    HasValue,
    InQuote,
    Near,
    Not,
    Or,
    Phrase,
    Range,
    Term,
    Wildcard,
)

ARTICLE = Article(
    "1", "The ferry", "“It sails in June,” said Mara Lindqvist.", published=dt.datetime(2026, 5, 1)
)
#: What is no text, no number, no list and no tree.
NOTHING: list[Any] = [
    None,
    1,
    1.5,
    math.nan,
    True,
    b"x",
    {"x": 1},
    object(),
    dt.date(2026, 5, 1),
    float,
    print,
]
NO_LIST: list[Any] = [None, 1, 1.5, b"x", {"x": 1}, object(), [1], [None], [b"x"]]
NO_NUMBER: list[Any] = [-1, 1.5, math.nan, True, "1", [1], object()]
NO_TREES: list[Any] = [
    Term(1),  # type: ignore[arg-type]
    Term("a", "nofield"),
    Term("a", "person"),
    Phrase(None),  # type: ignore[arg-type]
    Wildcard(["a*"]),  # type: ignore[arg-type]
    Fuzzy("ferry", 3),
    Near(Term("a"), Not(Term("b")), 1),  # type: ignore[arg-type]
    Near(Term("a"), Term("b"), 0),
    AtLeast(Term("a"), -1),
    AtLeast(InQuote(Term("a")), 2),  # type: ignore[arg-type]
    Range("date", 1, None),
    Range("person", None, None),
    HasValue("title", "a"),
    HasValue("person", None),  # type: ignore[arg-type]
    And(()),
    Or([Term("a")]),  # type: ignore[arg-type]
    And((Term("a"), None)),  # type: ignore[arg-type]
    Not("a"),  # type: ignore[arg-type]
    InQuote({"a": 1}),  # type: ignore[arg-type]
]
MENTION = {"name": "Mara Lindqvist", "kind": "person", "start": 25, "end": 39}
QUOTE = {"text": "It sails in June,", "speaker": "Mara Lindqvist", "kind": "direct", "start": 1, "end": 18}

ASKED: dict[str, Callable[[Index, Any], Any]] = {
    method.__name__: method
    for method in (
        *(Index.search, Index.quotes, Index.statements, Index.count),
        *(Index.scan, Index.scan_quotes, Index.timeline),
    )
}
GIVEN_TEXT: dict[str, Callable[[Index, Any], Any]] = {
    "find_quote": lambda index, text: index.find_quote(text),
    "record": lambda index, text: index.names.record(text),
    "together": lambda index, text: index.names.network(text),
    "get": lambda index, text: index.articles.get(text),
    "ids": lambda index, text: list(index.articles.ids(text)),
    "words": lambda index, text: list(index.hints.words(text)),
    "values": lambda index, text: index.values(text),
    "names_meant": lambda index, text: index.names.resolve("person", text),
    "name_forms": lambda index, text: index.names.forms("person", text),
    "full_names": lambda index, text: index.names.full_names(text, [text]),
    "doubtful_names": lambda index, text: index.names.doubts(text),
    "about": lambda _, text: Search("a", quotes=True, about=text),
    "match": lambda _, text: Search("a", match=text),
    "sort": lambda _, text: Search("a", sort=text),
    "unit": lambda index, text: index.timeline("a", text),
    "parse": lambda _, text: parse(text),
    "open_index": lambda _, text: open_index(text),
}
GIVEN_LISTS: dict[str, Callable[[Index, Any], Any]] = {
    "facets": lambda _, names: Search("a", facets=names),
    "match_all": lambda _, names: Search("a", match_all=names),
    "kinds": lambda _, names: Search("a", quotes=True, kinds=names),
    "person": lambda _, names: Search("a", person=names),
    "where": lambda _, names: Search("a", where={"person": names}),
    "add": lambda index, articles: index.add(articles),
    "delete": lambda index, ids: index.delete(ids),
    "undelete": lambda index, ids: index.files.restore(ids),
    "tag": lambda index, ids: index.tags.update(ids, "x"),
    "add=": lambda index, tags: index.tags.update("1", tags),
    "import_tags": lambda index, tags: index.tags.merge(tags),
}
GIVEN_PATHS: dict[str, Callable[[Index, Any], Any]] = {
    "load": lambda index, paths: index.load(paths),
    "load several": lambda index, path: index.load([path]),
    "read": lambda _, path: read(path),
    "from_url": lambda _, parameters: Search.from_url(parameters),
}
GIVEN_NUMBERS: dict[str, Callable[[Index, Any], Any]] = {
    "limit": lambda _, number: Search("a", limit=number),
    "offset": lambda _, number: Search("a", offset=number),
    "find_quote": lambda index, number: index.find_quote("ferry", number),
    "related": lambda index, number: index.articles.related(ARTICLE, number),
    "together": lambda index, number: index.names.network("", "", number),
}
GIVEN_THINGS: dict[str, Callable[[Index, Any], Any]] = {
    "related": lambda index, article: index.articles.related(article),
    "matches": lambda index, article: index.articles.matches(article),
    "named": lambda index, article: index.names.resolve_article(article),
    "set_decisions": lambda index, changed: index.names.decide(changed),
    "set_synonyms": lambda index, changed: setattr(index, "synonyms", changed),
    "copy_to": lambda index, target: index.copy_to(target),
    "render": lambda _, tree: render(tree),
    "annotate": lambda _, article: annotate(article),
}


@pytest.fixture(scope="module")
def index() -> Index:
    index = open_index(":memory:")
    index.add([ARTICLE], annotate=False)
    return index


CASES = [
    pytest.param(call, value, id=f"{name}-{value!r:.20}")
    for calls, values in (
        (ASKED, [*NOTHING[1:], *NO_TREES]),
        (GIVEN_TEXT, NOTHING),
        (GIVEN_LISTS, NO_LIST),
        (GIVEN_PATHS, NOTHING),
        (GIVEN_NUMBERS, NO_NUMBER),
        (GIVEN_THINGS, [*NOTHING, "x"]),
    )
    for name, call in calls.items()
    for value in values
]


@pytest.mark.parametrize(("call", "value"), CASES)
def test_what_makes_no_sense_is_refused(index: Index, call: Callable[[Index, Any], Any], value: Any) -> None:
    with pytest.raises(UsageError):
        call(index, value)


@pytest.mark.parametrize("call", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize(
    "nest", [Not, InQuote, lambda tree: And((tree, Term("b"))), lambda tree: Near(tree, Term("b"), 1)]
)
def test_a_tree_without_measure_is_refused(
    index: Index, call: Callable[[Index, Any], Any], nest: Callable[[Any], Any]
) -> None:
    tree: Any = Term("a")
    for _ in range(20_000):
        tree = nest(tree)

    with pytest.raises(QueryTooBroad):
        call(index, tree)


@pytest.mark.parametrize(
    "change",
    [
        *(
            {"start": -1},
            {"end": 400},
            {"start": None},
            {"end": 10},
            {"confidence": math.nan},
            {"confidence": 2.0},
        ),
        *({"kind": "place"}, {"part": "url"}, {"name": None}, {"name": 1}),
    ],
    ids=str,
)
def test_a_mention_that_cannot_be_is_refused(index: Index, change: dict[str, Any]) -> None:
    mention = Mention(**{**MENTION, **change})

    with pytest.raises(UsageError):
        index.add([Article("2", ARTICLE.title, ARTICLE.body, mentions=(mention,))], annotate=False)


@pytest.mark.parametrize(
    "change",
    [
        *(
            {"start": -1},
            {"end": 400},
            {"text": 1},
            {"kind": "spoken"},
            {"speaker_kind": "place"},
            {"speaker": 1},
        ),
        *(
            {"confidence": math.inf},
            {"speaker_start": 5},
            {"speaker_start": 5, "speaker_end": 400},
            {"utterance": -1},
        ),
    ],
    ids=str,
)
def test_a_quotation_that_cannot_be_is_refused(index: Index, change: dict[str, Any]) -> None:
    quote = Quote(**{**QUOTE, **change})

    with pytest.raises(UsageError):
        index.add([Article("2", ARTICLE.title, ARTICLE.body, quotes=(quote,))], annotate=False)


@pytest.mark.parametrize(
    "change",
    [
        *(
            {"id": ""},
            {"id": "\ud800"},
            {"id": 1},
            {"title": None},
            {"body": b"x"},
            {"url": 1},
            {"source": 2},
        ),
        *({"tags": (1,)}, {"authors": (None,)}, {"mentions": (None,)}, {"quotes": ("x",)}, {"language": 1}),
    ],
    ids=str,
)
def test_an_article_that_cannot_be_is_refused(index: Index, change: dict[str, Any]) -> None:
    article = Article(**{"id": "2", **change})

    with pytest.raises(UsageError):
        index.add([article], annotate=False)


@pytest.mark.parametrize("workers", [-5, 0, 1.5, "2", True])
@pytest.mark.parametrize("change", ["load", "files.resume_load", "rebuild"])
def test_workers_are_at_least_one(index: Index, change: str, workers: Any) -> None:
    run: Callable[..., object] = attrgetter(change)(index)

    with pytest.raises(UsageError, match="workers must be a whole number"):
        run(*[[]] * (change == "load"), workers=workers)


def test_one_tag_is_not_its_letters() -> None:
    assert ("abc",) == Article("1", tags="abc").tags  # type: ignore[arg-type]


@pytest.mark.parametrize("moment", [1, 1.5, {"year": 1}, [2026], b"2026"])
def test_a_moment_of_another_kind_is_a_type_error(moment: Any) -> None:
    with pytest.raises(TypeError, match="published"):
        Article("1", published=moment)


def test_what_was_refused_has_changed_nothing(index: Index) -> None:
    assert (1, 1) == (index.count(), index.search("ferry").total)


def test_reading_a_query_counts_for_the_patience() -> None:
    impatient = open_index(":memory:", patience=0)

    with pytest.raises(QueryTooBroad, match="too long"):
        impatient.search("ferry")

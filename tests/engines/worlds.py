"""Random small worlds: articles, changes to them and questions about them, all from one seed.

The vocabulary is small so that random questions find something, and it holds what is hard: acronyms,
plurals, compounds, accents, names that share a surname, a company and its unit.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, get_args

import pytest

from searcher.article import Article, Mention, Quote, QuoteKind
from searcher.engines.base import Engine
from searcher.query.tree import (
    And,
    AtLeast,
    Expr,
    Filter,
    Fuzzy,
    HasAny,
    HasValue,
    InQuote,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    QuoteQuery,
    Range,
    SpanExpr,
    SpanOr,
    Term,
    Wildcard,
)


def seeds(number: int, daily: int, first: int = 0) -> list[Any]:
    """The seeds of so many worlds, of which so many are looked at daily."""
    rest = range(first + daily, first + number)
    return [
        *range(first, first + min(daily, number)),
        *(pytest.param(n, marks=pytest.mark.slow) for n in rest),
    ]


WORDS = (  # noqa: SIM905 - thirty words read better without quotes around each
    "bank banks banking loan loans rate rates Paris the of said U.S. us LLM LLMs LLM-pilled Müller e-mail "
    "$14bn 2024 who WHO dead end vote votes voter minister it AI o'keefe "
    "De'Aaron Sana'a 90's 6'2"
).split()
QUERY_WORDS = (
    *WORDS,
    "email",
    "Mueller",
    "billion",
    "nothing",
    "pilled",
    "O’Keefe",
    "voting",
    "sana",
    "90",
    "6",
    "10'da",
)
PEOPLE = ("Ada Quill", "Bo Quill", "Quill", "Ada Moss", "Moss", "Jean Müller", "Muller", "Norvane", "a nurse")
BODIES = (
    "Norvane",
    "Norvane Labs",
    "Meta",
    "Financial Times",
    "OpenAI, Inc.",
    "AI",
    "Audit Isle",
    "Arts Inn",
)
ROLES, PARTIES = ("Minister", "minister", "Chair"), ("Greens", "The Greens", "Harbour List")
SOURCES = ("The Daily", "The Weekly", None)
PATTERNS = ("bank*", "*ing", "v?te", "vot*", "*ll*", "o*e", "l*m", "2*")
DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=40 * n) for n in range(20)]
FACETS = ("person", "organisation", "speaker", "role", "party", "source", "author", "language", "year")


def values(engine: Engine, field: str) -> dict[str, int]:
    """Every value of a field with the number of its articles."""
    found = engine.search(Query(MatchAll(), facets=(field,), limit=0))
    return dict(found.facets[field].values.counts)


URLS = ("https://www.example.org/a/1?utm_source=x", "http://news.example.org/", "https://example.net/b?id=2")


@dataclass(frozen=True)
class World:
    """Batches of changes, each committed at once: articles to add, and ids to delete."""

    batches: tuple[tuple[Article | str, ...], ...]


def world(seed: int) -> World:
    rng = random.Random(seed)
    ids = [f"a{n}" for n in range(rng.choice((3, 12, 30)))]
    batches = []
    for _ in range(rng.choice((1, 2, 5))):
        changes: list[Article | str] = [
            article(rng, rng.choice(ids)) for _ in range(rng.randint(1, len(ids)))
        ]
        changes += [rng.choice(ids) for _ in range(rng.randint(0, 2))]
        rng.shuffle(changes)
        batches.append(tuple(changes))
    return World(tuple(batches))


def crowd(seed: int) -> World:
    """Many short articles of few words, so that most questions have many hits, and many scores are equal."""
    rng = random.Random(seed)
    articles = tuple(
        replace(article(rng, f"c{n}"), body=" ".join(rng.choices(WORDS[:12], k=rng.randint(1, 8))), quotes=())
        for n in range(400)
    )
    return World((articles[:250], (*articles[250:], *(f"c{n}" for n in range(0, 400, 9)))))


def article(rng: random.Random, id: str) -> Article:
    title, body = _text(rng, 6), _text(rng, 40)
    return Article(
        id=id,
        title=title,
        body=body,
        source=rng.choice(SOURCES),
        authors=tuple(rng.sample(("Ann Poe", "Cy Dale"), rng.randint(0, 2))),
        published=rng.choice([None, *DAYS]),  # type: ignore[arg-type]  # days are converted
        language=rng.choice(("en", "de", "tr", None)),
        mentions=tuple(_mention(rng, body) for _ in range(rng.randint(0, 6))),
        quotes=_quotes(rng, body),
        story=rng.choice((None, None, "a1", "a2", "a3")),
        url=rng.choice((None, *URLS)),
    )


def _text(rng: random.Random, most: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(0, most)))


def _mention(rng: random.Random, body: str) -> Mention:
    if rng.random() < 0.5:
        return Mention(rng.choice(PEOPLE[:-1]), "person", 0, 1)
    start = max(body.find("AI"), 0)  # by which the article may call the body
    return Mention(rng.choice(BODIES), "organisation", start, start + 2)


def _quotes(rng: random.Random, body: str) -> tuple[Quote, ...]:
    found = []
    start = 0
    while len(body) - start > 20 and rng.random() < 0.7:
        start += rng.randint(0, 10)
        end = min(len(body), start + rng.randint(3, 60))
        found.append(_quote(rng, body, start, end))
        start = end
    return tuple(found)


def _quote(rng: random.Random, body: str, start: int, end: int) -> Quote:
    speaker = rng.choice([None, *PEOPLE, "Meta"])
    kind = "organisation" if speaker == "Meta" else "person"
    kind = "unnamed" if speaker == "a nurse" or rng.random() < 0.1 else kind
    return Quote(
        text=body[start:end],
        speaker=speaker,
        kind=rng.choice(("direct", "direct", "partial", "indirect", "speech")),
        start=start,
        end=end,
        confidence=rng.choice((0.3, 0.6, 0.95)),
        speaker_kind=kind if speaker else None,  # type: ignore[arg-type]
        moment=rng.choice((None, "0:12:34")),
        role=rng.choice((None, None, *ROLES)),
        party=rng.choice((None, None, *PARTIES)),
    )


def query(rng: random.Random) -> Query:
    return Query(
        where=tree(rng, 3),
        filters=tuple(_filter(rng) for _ in range(rng.choice((0, 0, 1, 2)))),
        facets=FACETS,
        sort=rng.choice(("relevance", "relevance", "newest", "oldest")),
        offset=rng.choice((0, 0, 2)),
        limit=rng.choice((0, 1, 5, 50)),
        collapse=rng.random() < 0.3,
    )


def simple_query(rng: random.Random) -> Query:
    """A question that is answered without NumPy: words, phrases, values, dates, And, Or and Not. A third
    of the answers has hits with scores."""
    whole = query(rng)
    return replace(
        whole,
        where=_simple_tree(rng, 2),
        filters=whole.filters[1:],
        sort=rng.choice(("relevance", "relevance", "relevance", "relevance", "newest", "oldest")),
        limit=rng.choice((1, 5, 50)),
        collapse=False,
    )


def _simple_tree(rng: random.Random, depth: int) -> Expr:
    if depth == 0 or rng.random() < 0.3:
        return _simple_leaf(rng)
    branches: tuple[Callable[[], Expr], ...] = (
        lambda: And(tuple(_simple_tree(rng, depth - 1) for _ in range(rng.randint(1, 2)))),
        lambda: Or(tuple(_simple_tree(rng, depth - 1) for _ in range(rng.randint(1, 3)))),
        lambda: And((_simple_tree(rng, depth - 1), Not(_simple_leaf(rng)))),
    )
    return rng.choice(branches)()


def _simple_leaf(rng: random.Random) -> Expr:
    """Mostly words, so that most questions have scores."""
    field = rng.choice(("text", "text", "text", "title"))
    word = partial(rng.choice, QUERY_WORDS)
    choices: tuple[Callable[[], Expr], ...] = (
        *[lambda: Term(word(), field, exact=rng.random() < 0.2)] * 4,
        lambda: Phrase(f"{word()} {word()}", field),
        lambda: rng.choice(_conditions(rng))(),
    )
    return rng.choice(choices)()


def quote_query(rng: random.Random) -> QuoteQuery:
    return QuoteQuery(
        where=tree(rng, 2),
        articles=rng.choice((MatchAll(), tree(rng, 1))),
        filters=tuple(_filter(rng) for _ in range(rng.choice((0, 0, 1)))),
        kinds=rng.choice((("direct", "partial", "speech"), ("indirect",), ("speech",), get_args(QuoteKind))),
        min_confidence=rng.choice((0.0, 0.5, 0.6)),
        sort=rng.choice(("relevance", "newest", "oldest")),
        offset=rng.choice((0, 1)),
        limit=rng.choice((1, 5, 50)),
    )


def tree(rng: random.Random, depth: int) -> Expr:
    """A random question; every node of the query tree turns up."""
    if depth == 0 or rng.random() < 0.25:
        return _leaf(rng)
    branches: tuple[Callable[[], Expr], ...] = (
        lambda: And(tuple(tree(rng, depth - 1) for _ in range(rng.randint(1, 3)))),
        lambda: Or(tuple(tree(rng, depth - 1) for _ in range(rng.randint(1, 3)))),
        lambda: Not(tree(rng, depth - 1)),
        lambda: InQuote(tree(rng, depth - 1), rng.choice((None, None, "speech"))),
    )
    return rng.choice(branches)()


def _leaf(rng: random.Random) -> Expr:
    field = rng.choice(("text", "text", "text", "title"))
    choices: tuple[Callable[[], Expr], ...] = (
        partial(_positional_leaf, rng, field),
        partial(_positional_leaf, rng, field),
        lambda: AtLeast(positional(rng, field, 1), rng.randint(1, 3)),
        *_conditions(rng),
        lambda: HasAny(rng.choice(("person", "organisation", "author", "story", "title", "url"))),
        lambda: HasAny(rng.choice(("speaker", "role", "party"))),
        lambda: HasAny("author", *rng.choice((("Ann",), ("A", ("Ann",)), ("", ("Ann", "Moe"))))),
    )
    return rng.choice(choices)()


def _conditions(rng: random.Random) -> tuple[Callable[[], Expr], ...]:
    """Questions about something else than words."""
    return (
        lambda: HasValue("person", rng.choice((*PEOPLE, "ada", "nobody"))),
        lambda: HasValue("organisation", rng.choice((*BODIES, "labs"))),
        lambda: HasValue("speaker", rng.choice((*PEOPLE, "Meta", "nurse"))),
        lambda: HasValue(*rng.choice((("role", rng.choice(ROLES)), ("party", rng.choice(PARTIES))))),
        lambda: HasValue(
            rng.choice(("source", "author", "year", "language")), rng.choice(("The Daily", "2024", "de"))
        ),
        lambda: HasValue("url", rng.choice((*URLS, "example.org", "News.Example.org", "nowhere.example"))),
        lambda: Range("date", rng.choice([None, *DAYS]), rng.choice([None, *DAYS])),
        lambda: Range("length", rng.choice((None, 5, 20)), rng.choice((None, 10, 30))),
        MatchAll,
    )


def _positional_leaf(rng: random.Random, field: str) -> Expr:
    return _as_tree(positional(rng, field, 2))


def _as_tree(part: SpanExpr) -> Expr:
    return Or(tuple(map(_as_tree, part.parts))) if isinstance(part, SpanOr) else part


def positional(rng: random.Random, field: str, depth: int) -> SpanExpr:
    word = partial(rng.choice, QUERY_WORDS)
    choices: list[Callable[[], SpanExpr]] = [
        lambda: Term(word(), field, exact=rng.random() < 0.2),
        lambda: Term(word(), field),
        lambda: Phrase(f"{word()} {word()}", field),
        lambda: Wildcard(rng.choice(PATTERNS), field),
        lambda: Fuzzy(word(), rng.choice((1, 2)), field),
    ]
    if depth:
        inner = partial(positional, rng, field, depth - 1)
        choices += [
            lambda: Near(inner(), inner(), rng.randint(1, 6), ordered=rng.random() < 0.5),
            lambda: SpanOr((inner(), inner())),
        ]
    return rng.choice(choices)()


def _filter(rng: random.Random) -> Filter:
    field, values = rng.choice(
        (
            ("person", PEOPLE),
            ("organisation", BODIES),
            ("speaker", PEOPLE),
            ("party", PARTIES),
            ("source", SOURCES[:2]),
            ("year", ("2024",)),
        )
    )
    chosen = tuple(rng.choice(values) for _ in range(rng.randint(1, 2)))
    return Filter(field, chosen, negated=rng.random() < 0.3)


def hearsay(seed: int) -> World:
    """Articles that carry the same few things said: cut, corrected, split, given to others."""
    rng = random.Random(seed)
    pool = [" ".join(rng.choices(WORDS, k=rng.choice((2, 3, 4, 5, 6, 8, 14, 25)))) for _ in range(8)]
    pool += [" ".join(rng.sample(pool, 2)) for _ in range(3)]
    pool += [" ".join(rng.choices(pool, k=8)) for _ in range(2)]  # turns on record, which hold some of these
    ids = [f"s{n}" for n in range(rng.choice((8, 40)))]
    batches = []
    for _ in range(rng.choice((1, 3, 6))):
        changes: list[Article | str] = [_carrier(rng, id, pool) for id in rng.choices(ids, k=len(ids) // 2)]
        changes += rng.sample(ids, rng.randint(0, 2))
        batches.append(tuple(changes))
    return World(tuple(batches))


def _carrier(rng: random.Random, id: str, pool: list[str]) -> Article:
    """An article whose body is what is said in it, in one part or two."""
    body, quotes = "", []
    for utterance in range(rng.randint(0, 4)):
        speaker = rng.choice((None, "Ada Quill", "Quill", "Bo Quill", "a nurse"))
        kind = rng.choice(("direct", "direct", "partial", "indirect", "speech"))
        known = "unnamed" if speaker == "a nurse" else rng.choice(("person", "person", "unnamed"))
        for part in _parts(rng, _retold(rng, rng.choice(pool).split())):
            quotes.append(
                replace(
                    _quote(rng, f"{body}{part}", len(body), len(body) + len(part)),
                    speaker=speaker if rng.random() < 0.9 else None,
                    speaker_kind=known if speaker else None,  # type: ignore[arg-type]
                    kind=kind,  # type: ignore[arg-type]
                    utterance=utterance,
                )
            )
            body += f"{part}. "
    return Article(
        id,
        body=body,
        source=rng.choice(SOURCES),
        published=rng.choice([None, *DAYS[:3]]),  # type: ignore[arg-type]
        quotes=tuple(quotes),
        story=rng.choice((None, None, "s1")),
    )


def _retold(rng: random.Random, words: list[str]) -> list[str]:
    """The same words, some of them cut off, and one of them another."""
    if rng.random() < 0.4:
        first = rng.randrange(len(words))
        words = words[first : rng.randint(first + 1, len(words))]
    if rng.random() < 0.4:
        at = rng.randrange(len(words))
        words = [*words[:at], rng.choice(WORDS), *words[at + 1 :]]
    return words


def _parts(rng: random.Random, words: list[str]) -> list[str]:
    at = rng.randrange(len(words)) if rng.random() < 0.3 else 0
    return [" ".join(part) for part in (words[:at], words[at:]) if part]

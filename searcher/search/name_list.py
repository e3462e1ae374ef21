"""Match a list of names with the names of an index.

A match is sure if the name is a known form of a name in the index, or if nobody else is likely to be meant;
otherwise it is near. Articles with the words of a name that was not recognised are counted separately.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from searcher.errors import UsageError
from searcher.names.normalise import fold, word_set
from searcher.names.similarity import SHARES, Similarity
from searcher.names.table import NameTable, exact_query
from searcher.query.language import render
from searcher.query.request import DEFAULT_MIN_CONFIDENCE, Search
from searcher.query.tree import Expr, HasValue, Not, Or, Phrase, Query, QuoteQuery, all_of
from searcher.results import Hit
from searcher.results.names import NameMatch
from searcher.search.answers import Answers

#: Maximum number of names in a list. Checking this many takes about a minute with 100,000 articles.
_MAX_NAMES: Final = 20_000
#: Maximum length of a name, in characters.
_MAX_NAME_LETTERS: Final = 200
#: Appended to a table as its own row. If a quotation mark is never closed, it ends up inside another row.
_LAST_LINE: Final = "\ufffe"
#: Column headings that identify the column with the names.
_COLUMNS: Final = word_set("name names person people organisation organization entity company nom nombre")
_KINDS: Final = ("person", "organisation")
#: Matches with at least this share are reported as sure (measured by ``benchmarks/lists``).
_MIN_SURE_SHARE: Final = 0.9
#: Two matches are tied if their shares differ by at most this much.
_MAX_TIED_SHARE: Final = 0.05
#: Maximum number of matches per name. Maximum number of people, and of organisations, listed as mentioned
#: with it. Maximum number of conditions in one query.
_MAX_MATCHES, _MAX_MENTIONED_WITH, _BATCH_CONDITIONS = 5, 3, 200


def parse_names(data: bytes, origin: str = "", column: str = "") -> list[str]:
    """Return the distinct names in a file: its lines, or a column of a CSV table. Without ``column``, that is
    the column with a usual heading, or the only one. Raises UsageError."""
    from searcher.readers.encodings import decode
    from searcher.readers.tables import dialect

    text = decode(data)
    cells = text.splitlines()
    if column or origin.lower().endswith((".csv", ".tsv")):
        delimiter, quote = dialect(text, origin)
        rows: list[list[str]] = []
        with suppress(csv.Error):  # a cell is too long
            rows += csv.reader([*cells, _LAST_LINE], delimiter=delimiter, quotechar=quote)
        if rows[-1:] != [[_LAST_LINE]]:
            whole = sum(_LAST_LINE not in "".join(row) for row in rows)
            raise UsageError(f"A quotation mark ({quote}) after row {whole:,} is never closed.")
        rows = rows[:-1] or [[]]
        headings_of_names = {fold(column)} if column else _COLUMNS
        numbers = [number for number, cell in enumerate(rows[0]) if fold(cell) in headings_of_names]
        if not numbers and (column or len(rows[0]) != 1):
            headings = ", ".join(rows[0][:12]) or "none"
            raise UsageError(f"Which column has the names? Columns: {headings}.")
        at = numbers[0] if numbers else 0
        cells = [row[at] for row in rows[len(numbers[:1]) :] if len(row) > at]
    names = dict.fromkeys(" ".join(name.split())[:_MAX_NAME_LETTERS] for name in cells if fold(name))
    if len(names) > _MAX_NAMES:
        raise UsageError(f"The list has {len(names):,} names (maximum {_MAX_NAMES:,}). Split it.")
    return [*names]


def match_names(answers: Answers, names: Sequence[str], among: Expr) -> list[NameMatch]:
    """Return the matches of each name in articles that match ``among``, most likely first. A name without a
    match gets one entry without a name."""
    matches: list[NameMatch] = []
    for name, candidates in zip(names, _matches(answers.engine.names(), names)):
        sure = [Not(_condition(one)) for one in candidates if one.match == "sure"]
        in_text = sum(answers.engine.count(all_of(phrase, *sure, among)) for phrase in _phrase_of(name))
        nobody = NameMatch(name, "text" if in_text else "no")
        in_articles = [made for one in candidates if (made := _with_counts(answers, one, among)).articles]
        matches += [replace(one, in_text=in_text) for one in in_articles or [nobody]]
    return matches


def _with_counts(answers: Answers, one: NameMatch, among: Expr) -> NameMatch:
    where = all_of(_condition(one), among)
    named = answers.engine.search(Query(where, facets=(*_KINDS, "day"), limit=0))
    speaker = HasValue("speaker", exact_query("speaker", one.name))
    quotes = QuoteQuery(speaker, among, min_confidence=DEFAULT_MIN_CONFIDENCE, limit=0)
    days = named.facets["day"].values.counts
    people, organisations = (
        [v.value for v in named.facets[kind].values[: _MAX_MENTIONED_WITH + 1]] for kind in _KINDS
    )
    return replace(
        one,
        query=render(where),
        articles=named.total,
        statements=answers.engine.search(quotes).total,
        first=min(days, default=""),
        last=max(days, default=""),
        people=tuple(other for other in people if other != one.name)[:_MAX_MENTIONED_WITH],
        organisations=tuple(other for other in organisations if other != one.name)[:_MAX_MENTIONED_WITH],
    )


def _condition(one: NameMatch) -> HasValue:
    return HasValue(one.kind, exact_query(one.kind, one.name))


def _phrase_of(name: str) -> list[Phrase]:
    """Return a phrase for the words of a name, but not for a single word, which may mean anything."""
    words = fold(name)
    return [Phrase(name)] if " " in words or not words.isascii() else []


def scan_articles(answers: Answers, names: Sequence[str], *, snippets: bool) -> Iterator[Hit]:
    """Yield each article with a sure match, or with the words of a name, once."""
    conditions: list[Expr] = [phrase for name in names for phrase in _phrase_of(name)]
    for matches in _matches(answers.engine.names(), names):
        conditions += [_condition(one) for one in matches if one.match == "sure"]
    seen: set[str] = set()
    for start in range(0, len(conditions), _BATCH_CONDITIONS):
        any_of_them = Search(Or(tuple(conditions[start : start + _BATCH_CONDITIONS])), snippets=snippets)
        for hit in answers.scan(any_of_them.sorted_by("newest")):
            if hit.article.id not in seen:
                seen.add(hit.article.id)
                yield hit


def _matches(names: NameTable, queried: Sequence[str]) -> Iterator[list[NameMatch]]:
    near = {kind: Similarity(kind, queried).find(names.values(kind)) for kind in _KINDS}
    for number, name in enumerate(queried):
        matches: list[NameMatch] = []
        for kind in _KINDS:
            best: dict[str, NameMatch] = {}
            for one in _candidates(names, kind, name, near[kind].get(number, ())):
                if one.name not in best or best[one.name].share < one.share:
                    best[one.name] = one
            matches += _weighted_matches(best.values())
        yield sorted(matches, key=lambda one: (-one.share, one.name))[:_MAX_MATCHES]


def _candidates(
    names: NameTable, kind: str, query: str, near: Iterable[tuple[str, float, str]]
) -> Iterator[NameMatch]:
    by_hand = names.rules.is_decided(kind, query)
    forms = [
        (name, 1.0 if by_hand else SHARES["title"], "form") for name in names.names_of_query(kind, query)
    ]
    for known, share, why in (*forms, *((names.name_of(kind, one), share, why) for one, share, why in near)):
        if known is not None and not names.rules.is_denied(kind, query, known):
            # The surname alone usually means this person in the index, but may mean another in the list.
            if not by_hand and kind == "person" and len(fold(query).split()) == 1 < len(fold(known).split()):
                share, why = SHARES["surname alone"], "surname alone"
            yield NameMatch(query, "near", known, kind, share, why)


def _weighted_matches(matches: Collection[NameMatch]) -> Iterator[NameMatch]:
    """Divide the share among tied matches. Next to a sure match, others are half as likely."""
    best = max((one.share for one in matches), default=0.0)
    tied = sum(one.share >= best - _MAX_TIED_SHARE for one in matches)
    for one in matches:
        share = one.share
        if share >= best - _MAX_TIED_SHARE and best < 1.0:
            share /= tied
        elif share < best and best >= _MIN_SURE_SHARE:
            share /= 2
        yield replace(one, share=round(share, 2), match="sure" if share >= _MIN_SURE_SHARE else "near")

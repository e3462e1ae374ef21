"""Suggestions for searches that find nothing or little, for every interface to print."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from searcher.analysis import terms
from searcher.errors import QueryError
from searcher.names.normalise import fold, word_set
from searcher.names.table import PARTIAL_MATCH_FIELDS, exact_query, without_exact_mark
from searcher.query.language import render
from searcher.query.request import Search
from searcher.query.tree import And, Expr, HasValue, Term, all_of, leaves, rewrite
from searcher.search.answers import Answers
from searcher.search.own_fields import matching_values

if TYPE_CHECKING:
    from searcher.results import Results
    from searcher.results.articles import Equivalent
    from searcher.results.quotations import Quotes
    from searcher.results.statements import Statements

#: Maximum number of similar names to suggest for an unknown name, and of longer words for an incomplete word.
_MAX_SIMILAR, _MAX_LONGER = 8, 3
#: Maximum number of language codes to list: no code is similar to another.
MAX_LISTED_CODES = 12
#: Translations are suggested for searches with fewer hits than this.
MAX_FEW_HITS = 10
#: Minimum similarity of two words (difflib's ratio): "Halverson" and "Halvorsen", but not "Atall" and "All".
_MIN_SIMILARITY = 0.77
#: Minimum length of a word to suggest longer words for. Many words start with shorter ones by chance.
MIN_BEGINNING_LETTERS = 4
#: Words that are ignored when two names are compared.
_FILLER_WORDS = word_set("the of and for de la")
_MARKS: Final = re.compile('["“”„«»‟]')
#: Labels of the suggested searches, with ``{name}``, ``{words}`` and ``{places}`` to fill in.
OFFER_LABELS: Final = {
    "name": "{name}",
    "named": "Articles that name {name}",
    "any": "Any of the selected values instead of all",
    "unmarked": "Search for the words without quotation marks",
    "everywhere": "Search the whole archive for “{words}”",
    "speaker": "Everything said by {name}",
    "whole": "Put values of several words in quotation marks: {words}",
    "reported": "Include reported speech ({places})",
    "said wider": "Everything {name} said in articles about “{words}” ({places})",
    "wider": "Everything said in articles about “{words}” ({places})",
    "themselves": "Only what {name} said",
}


class UnknownValue(NamedTuple):
    """A value that no article has exactly, with similar values, or those that contain it."""

    field: str
    value: str
    similar_names: Sequence[str]


class Offer(NamedTuple):
    """A suggested search. ``why``: a key of OFFER_LABELS; ``number``: how many hits it has."""

    why: str
    search: Search
    name: str = ""
    words: str = ""
    number: int = 0

    @property
    def label(self) -> str:
        return OFFER_LABELS[self.why]


@dataclass(frozen=True)
class Advice:
    """Suggestions for a search, given its results. Each is looked up when it is requested."""

    answers: Answers
    search: Search
    results: Results | Quotes | Statements

    @property
    def answered_search(self) -> Search:
        """The search that was answered: relaxed to any of the words if no article has all of them."""
        return self.search.relaxed(self.answers.fields) if self.results.relaxed else self.search

    def translations(self) -> Mapping[str, tuple[Equivalent, ...]]:
        """Return translations of the words, if the search has few hits."""
        return self.answers.suggested_translations(self.search) if self.results.total < MAX_FEW_HITS else {}

    # Reasons for an empty result

    def partial_values(self) -> Iterator[UnknownValue]:
        """Yield the partial values that match several values of the index."""
        for name, value in self.search.queried_values(self.answers.fields):
            if name in PARTIAL_MATCH_FIELDS:
                matching = matching_values(self.answers.engine.names(), self.answers.fields, name, value)
                if len(matching) > 1:
                    yield UnknownValue(name, value, sorted(matching))

    @cached_property
    def unknown_values(self) -> Sequence[UnknownValue]:
        """The values that no article has."""
        unknown_values = []
        for name, value in self.search.queried_values(self.answers.fields):
            counts = self.answers.tags.values(name)
            names = self.answers.engine.names()
            if matching_values(names, self.answers.fields, name, value).isdisjoint(counts):
                people = {*self.answers.tags.values("person")}
                if name == "speaker":  # speakers in transcripts may not be mentioned in any text
                    people |= counts.keys() - self.answers.tags.values("organisation").keys()
                similar = _most_common(counts) if name == "language" else similar_names(counts, value, people)
                unknown_values.append(UnknownValue(name, value, similar))
        return unknown_values

    def incomplete_words(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield each word that occurs only as the beginning of longer words (“Klima” in “Klimaschutz”), with
        some of these."""
        query_leaves = leaves(self.search.tree(self.answers.fields))
        words = dict.fromkeys(
            leaf for leaf in query_leaves if isinstance(leaf, Term) and leaf.field == "text"
        )
        for word in words:
            if len(word.text) >= MIN_BEGINNING_LETTERS and word.text not in self.results.suggestions:
                longer = list(
                    islice(self.answers.engine.terms("text", terms.fold(word.text)), _MAX_LONGER + 1)
                )
                if longer and not self.answers.count(Search(word)):
                    yield word.text, longer

    # Other searches

    def name_offers(self) -> list[Offer]:
        """Suggest searches for names similar to an unknown one, if they have hits."""
        offers = (
            Offer("name", self._with_name(one, name), name)
            for one in self.unknown_values
            for name in one.similar_names
        )
        return [offer for offer in offers if self._has_hits(offer.search)]

    def mention_offer(self) -> Offer | None:
        """Suggest a search for articles that mention a person nobody quotes. Return None if the person is
        quoted, or is never mentioned."""
        for one in self.unknown_values:
            for field in ("person", "organisation") if one.field == "speaker" else ():
                search = Search("", where={field: one.value})
                if number := self.answers.count(search):
                    return Offer("named", search, one.value, number=number)
        return None

    def offers(self) -> list[Offer]:
        """Suggest wider searches that have hits, for a search without any."""
        return [
            Offer(why, search, _speakers_of(self.search), self.search.text)
            for why, search in self._wider_searches()
            if search != self.search and self._has_hits(search)
        ]

    def whole_value_offer(self) -> Offer | None:
        """Suggest tag:"old harbour" for tag:old harbour, where only “old” belongs to the field. Return None
        if the index has no such value."""
        tree = self.search.tree(self.answers.fields) if self.search.match == "all" else None
        for at, part in enumerate(tree.parts if isinstance(tree, And) else ()):
            if isinstance(tree, And) and isinstance(part, HasValue):
                value, size = self._longest_value(part, _leading_words(tree.parts[at + 1 :]))
                if size:
                    whole = (*tree.parts[:at], HasValue(part.field, value), *tree.parts[at + 1 + size :])
                    search = self.search.replace(render(all_of(*whole)), offset=0)
                    return Offer("whole", search, words=search.text)
        return None

    def reported_offer(self) -> Offer | None:
        """Suggest the search with reported speech. Counts quotations, which is faster than statements."""
        if "indirect" in self.search.kinds or self.search.is_single_medium or self.results.relaxed:
            return None
        times = self._count(self.search.replace(kinds=("indirect",)))
        search = self.search.replace(kinds=(*self.search.kinds, "indirect"), offset=0)
        return Offer("reported", search, number=times) if times else None

    def wider_offer(self) -> Offer | None:
        """Suggest the quotations of articles that contain the words. Return None if there are not more:
        statements about Japan need not name it."""
        search = self.search
        if not search.text or search.about:
            return None
        if self.results.total and not search.speakers:
            return None
        wide = search.replace("", about=search.text, offset=0)
        number = self._count(wide)
        if number <= (self._count(search) if self.results.total and not self.results.relaxed else 0):
            return None
        why = "said wider" if search.speakers else "wider"
        return Offer(why, wide, _speakers_of(search), search.text, number)

    def own_statements_offer(self) -> Offer | None:
        """Suggest the statements of the person that the search is filtered by. Return None if it has none."""
        people = self.search.included.get("person", ())
        if self.search.speakers or len(people) != 1:
            return None
        other_filters = {name: values for name, values in self.search.included.items() if name != "person"}
        own_search = self.search.replace(where=other_filters, said_by=people[0], offset=0)
        return (
            Offer("themselves", own_search, without_exact_mark("person", people[0]))
            if self._count(own_search)
            else None
        )

    def _wider_searches(self) -> Iterator[tuple[str, Search]]:
        search = self.search
        if search.match_all_in_use:
            yield "any", search.replace(match_all=(), offset=0)
        plain = " ".join(_MARKS.sub(" ", search.text).split())
        if plain != search.text:
            yield "unmarked", search.replace(plain, offset=0)
        if not search.text:
            return
        unfiltered = Search(search.query, quotes=search.quotes)
        if unfiltered.core() != search.core():
            yield "everywhere", unfiltered
        if search.speakers:
            yield "speaker", search.replace("", offset=0)

    def _count(self, search: Search) -> int:
        return self.answers.count(search.core())

    def _has_hits(self, search: Search) -> bool:
        """Return True if a search has hits, with all or with any of its words."""
        run_search = self.answers.quotes if search.quotes else self.answers.search
        try:
            return bool(run_search(search.replace(limit=0, facets=(), collapse=False)).total)
        except QueryError:
            return False

    def _with_name(self, unknown: UnknownValue, name: str) -> Search:
        search, new = self.search, exact_query(unknown.field, name)
        if unknown.field == "speaker" and unknown.value in search.speakers:
            speakers = [new if value == unknown.value else value for value in search.speakers]
            return search.replace(said_by=speakers, offset=0)
        if unknown.value in (values := search.included.get(unknown.field, ())):
            values_left = [new if value == unknown.value else value for value in values]
            return search.replace(where={**search.included, unknown.field: values_left}, offset=0)
        old = HasValue(unknown.field, unknown.value)
        tree = rewrite(
            search.tree(self.answers.fields),
            lambda leaf: HasValue(unknown.field, name) if leaf == old else leaf,
        )
        return search.replace(render(tree), offset=0)

    def _longest_value(self, first: HasValue, words: Sequence[str]) -> tuple[str, int]:
        """Return the longest value that continues with these words, and how many of them it has."""
        values = {fold(value): value for value in self.answers.tags.values(first.field)} if words else {}
        for size in range(len(words), 0, -1):
            if value := values.get(fold(" ".join([first.value, *words[:size]]))):
                return value, size
        return "", 0


def _speakers_of(search: Search) -> str:
    return ", ".join(without_exact_mark("speaker", one) for one in search.speakers)


def _leading_words(parts: Sequence[Expr]) -> list[str]:
    first = takewhile(lambda part: isinstance(part, Term) and part.field == "text", parts)
    return [part.text for part in first if isinstance(part, Term)]


def _most_common(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda value: (-counts[value], value))[:MAX_LISTED_CODES]


def similar_names(counts: Mapping[str, int], value: str, people: Collection[str] = ()) -> list[str]:
    """Return the names most similar to one: those with most of its words, or similar words, and then those
    with a word that begins like it. Of people, only the last word may be similar rather than equal: “Osama
    bin Laden” is not similar to “Obama”."""
    from difflib import get_close_matches  # slow to load

    by_word: dict[str, set[str]] = defaultdict(set)
    for name in counts:
        for word in fold(name).split():
            by_word[word].add(name)
    scores: dict[str, float] = defaultdict(float)
    plausible: set[str] = set()
    for word in frozenset(fold(value).split()) - _FILLER_WORDS:
        close = [word] if word in by_word else get_close_matches(word, by_word, _MAX_LONGER, _MIN_SIMILARITY)
        for like in close:
            for name in by_word[like]:
                scores[name] += 1.0 if like == word else _MIN_SIMILARITY
                if like == word or name not in people or fold(name).split()[-1] == like:
                    plausible.add(name)
    ranked = sorted(plausible, key=lambda name: (-scores[name], -counts[name], name))[:_MAX_SIMILAR]
    start = fold(value)
    begun = [name for name in counts if start and f" {start}" in f" {fold(name)}"]
    spelt: dict[str, str] = {}  # the most frequent spelling of each name
    for name in (*ranked, *sorted(begun, key=lambda name: (-counts[name], name))):
        spelt.setdefault(fold(name), name)
    return list(spelt.values())[:_MAX_SIMILAR]

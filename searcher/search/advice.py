"""What was probably meant by a search that finds nothing, or less than it could: for every skin to print."""

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
from searcher.names.table import IN_PART, bare, one_alone
from searcher.query.language import render
from searcher.query.request import Search
from searcher.query.tree import And, Expr, HasValue, Term, all_of, leaves, rewrite
from searcher.search.answers import Answers
from searcher.search.own_fields import meant

if TYPE_CHECKING:
    from searcher.results import Results
    from searcher.results.articles import Equivalent
    from searcher.results.quotations import Quotes
    from searcher.results.statements import Statements

#: Names that are suggested for one that nobody has; and words for one that only begins others.
MAX_ALIKE, MAX_LONGER = 8, 3
#: Codes of languages ("en", "de") are like nothing that is asked for: so many of an index are listed.
MAX_LISTED_CODES = 12
#: Hits up to which it is said what other languages would find.
MAX_FEW_HITS = 10
#: Of 2 × the letters in common, by the letters of both: "Halverson" is like "Halvorsen", "Atall" not
#: like "All".
MIN_ALIKE_SHARE = 0.77
#: Letters of a word that begins others because they are made of it, and not by chance.
MIN_BEGINNING_LETTERS = 4
#: Words that make no two names alike.
FILLING = word_set("the of and for de la")
#: Quotation marks around a phrase, as the query language knows them.
_MARKS: Final = re.compile('["“”„«»‟]')
#: What each search is that is offered, as a page says it of ``{name}``, ``{words}`` and ``{places}``.
TOLD: Final = {
    "name": "{name}",
    "named": "Articles that name {name}",
    "any": "Any of those chosen, not all at once",
    "unmarked": "Search for the words without quotation marks",
    "everywhere": "Search all of the archive for “{words}”",
    "speaker": "Everything said by {name}",
    "whole": "Several words behind a field need quotation marks: {words}",
    "reported": "Show reported speech too ({places})",
    "said wider": "Everything that {name} said in articles about “{words}” ({places})",
    "wider": "Everything said in articles about “{words}” ({places})",
    "themselves": "Only what {name} said",
}


class Unknown(NamedTuple):
    """A value of a field that was asked for and that no article has just so, and those like it or with it."""

    field: str
    value: str
    alike: Sequence[str]


class Offer(NamedTuple):
    """Another search, and why it is offered, by its key in TOLD; ``number`` of places are found."""

    why: str
    search: Search
    name: str = ""
    words: str = ""
    number: int = 0

    @property
    def told(self) -> str:
        return TOLD[self.why]


@dataclass(frozen=True)
class Advice:
    """What can be told of a search and of what it found. Nothing is looked up before it is asked for."""

    answers: Answers
    search: Search
    found: Results | Quotes | Statements

    @property
    def answered(self) -> Search:
        """The same, with any of the words where none has all of them."""
        return self.search.relaxed(self.answers.fields) if self.found.relaxed else self.search

    def elsewhere(self) -> Mapping[str, tuple[Equivalent, ...]]:
        """Return what the words mean in other languages, for a search that finds little in its own."""
        return self.answers.elsewhere(self.search) if self.found.total < MAX_FEW_HITS else {}

    # Why nothing was found

    def in_part(self) -> Iterator[Unknown]:
        """Yield the values that were asked for by some of their words, where several have them."""
        for name, value in self.search.values_asked(self.answers.fields):
            if name in IN_PART:
                found = meant(self.answers.engine.names(), self.answers.fields, name, value)
                if len(found) > 1:
                    yield Unknown(name, value, sorted(found))

    @cached_property
    def unknown(self) -> Sequence[Unknown]:
        """The values that narrow to nothing by themselves."""
        found = []
        for name, value in self.search.values_asked(self.answers.fields):
            counts = self.answers.tags.values(name)
            names = self.answers.engine.names()
            if meant(names, self.answers.fields, name, value).isdisjoint(counts):
                people = {*self.answers.tags.values("person")}
                if name == "speaker":  # who speaks on record need not be named in a text
                    people |= counts.keys() - self.answers.tags.values("organisation").keys()
                like = _commonest(counts) if name == "language" else alike(counts, value, people)
                found.append(Unknown(name, value, like))
        return found

    def beginnings(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield each word that no article has but as the beginning of others (“Klima” in “Klimaschutz”), with
        some of these."""
        found = leaves(self.search.tree(self.answers.fields))
        words = dict.fromkeys(leaf for leaf in found if isinstance(leaf, Term) and leaf.field == "text")
        for word in words:
            if len(word.text) >= MIN_BEGINNING_LETTERS and word.text not in self.found.suggestions:
                longer = list(
                    islice(self.answers.engine.terms("text", terms.fold(word.text)), MAX_LONGER + 1)
                )
                if longer and not self.answers.count(Search(word)):
                    yield word.text, longer

    # What to ask instead

    def names_alike(self) -> list[Offer]:
        """Return the names like one that nobody has, each with the search for it, where that finds any."""
        offers = (
            Offer("name", self._with_name(one, name), name) for one in self.unknown for name in one.alike
        )
        return [offer for offer in offers if self._finds(offer.search)]

    def named(self) -> Offer | None:
        """Return the search for the articles that name whom nobody quotes; None where somebody does, or where
        none names them either."""
        for one in self.unknown:
            for field in ("person", "organisation") if one.field == "speaker" else ():
                asked = Search("", where={field: one.value})
                if number := self.answers.count(asked):
                    return Offer("named", asked, one.value, number=number)
        return None

    def ways(self) -> list[Offer]:
        """Return what finds something where the search finds nothing."""
        return [
            Offer(why, asked, _speakers_of(self.search), self.search.text)
            for why, asked in self._ways()
            if asked != self.search and self._finds(asked)
        ]

    def whole_value(self) -> Offer | None:
        """Return a search for a value of several words where only the first of them belongs to the field:
        tag:"old harbour" instead of tag:old harbour. None where the index has no such value."""
        tree = self.search.tree(self.answers.fields) if self.search.match == "all" else None
        for at, part in enumerate(tree.parts if isinstance(tree, And) else ()):
            if isinstance(tree, And) and isinstance(part, HasValue):
                value, size = self._longest(part, _words_at(tree.parts[at + 1 :]))
                if size:
                    whole = (*tree.parts[:at], HasValue(part.field, value), *tree.parts[at + 1 + size :])
                    asked = self.search.replace(render(all_of(*whole)), offset=0)
                    return Offer("whole", asked, words=asked.text)
        return None

    def reported(self) -> Offer | None:
        """Return the search with the reported speech that it leaves out. Quotations are counted, which every
        engine does at once; statements would have to be put together."""
        if "indirect" in self.search.kinds or self.search.is_single_medium or self.found.relaxed:
            return None
        times = self._count(self.search.replace(kinds=("indirect",)))
        asked = self.search.replace(kinds=(*self.search.kinds, "indirect"), offset=0)
        return Offer("reported", asked, number=times) if times else None

    def wider(self) -> Offer | None:
        """Return the search for what was said in articles that have the words; None where that is no more.
        Somebody who asks what was said about Japan is not told by the quotations alone that name it."""
        search = self.search
        if not search.text or search.about:
            return None
        if self.found.total and not search.speakers:
            return None
        wide = search.replace("", about=search.text, offset=0)
        number = self._count(wide)
        if number <= (self._count(search) if self.found.total and not self.found.relaxed else 0):
            return None
        why = "said wider" if search.speakers else "wider"
        return Offer(why, wide, _speakers_of(search), search.text, number)

    def themselves(self) -> Offer | None:
        """Return the search for what somebody said whom the articles name; None for nothing."""
        people = self.search.included.get("person", ())
        if self.search.speakers or len(people) != 1:
            return None
        others = {name: values for name, values in self.search.included.items() if name != "person"}
        asked = self.search.replace(where=others, said_by=people[0], offset=0)
        return Offer("themselves", asked, bare("person", people[0])) if self._count(asked) else None

    def _ways(self) -> Iterator[tuple[str, Search]]:
        search = self.search
        if search.match_all_in_use:
            yield "any", search.replace(match_all=(), offset=0)
        plain = " ".join(_MARKS.sub(" ", search.text).split())
        if plain != search.text:
            yield "unmarked", search.replace(plain, offset=0)
        if not search.text:
            return
        alone = Search(search.query, quotes=search.quotes)
        if alone.core() != search.core():
            yield "everywhere", alone
        if search.speakers:
            yield "speaker", search.replace("", offset=0)

    def _count(self, asked: Search) -> int:
        """Return how many articles, or quotations, have all the words of a search for words of this one."""
        return self.answers.count(asked.core())

    def _finds(self, asked: Search) -> bool:
        """Tell whether a search finds anything, with any of its words where none has all."""
        ask = self.answers.quotes if asked.quotes else self.answers.search
        try:
            return bool(ask(asked.replace(limit=0, facets=(), collapse=False)).total)
        except QueryError:
            return False

    def _with_name(self, asked: Unknown, name: str) -> Search:
        """Return the search for a name in the place of one that nobody has."""
        search, new = self.search, one_alone(asked.field, name)
        if asked.field == "speaker" and asked.value in search.speakers:
            speakers = [new if value == asked.value else value for value in search.speakers]
            return search.replace(said_by=speakers, offset=0)
        if asked.value in (values := search.included.get(asked.field, ())):
            kept = [new if value == asked.value else value for value in values]
            return search.replace(where={**search.included, asked.field: kept}, offset=0)
        old = HasValue(asked.field, asked.value)
        tree = rewrite(
            search.tree(self.answers.fields),
            lambda leaf: HasValue(asked.field, name) if leaf == old else leaf,
        )
        return search.replace(render(tree), offset=0)

    def _longest(self, first: HasValue, words: Sequence[str]) -> tuple[str, int]:
        """Return the value that has most of these words behind its first, and how many of them."""
        values = {fold(value): value for value in self.answers.tags.values(first.field)} if words else {}
        for size in range(len(words), 0, -1):
            if found := values.get(fold(" ".join([first.value, *words[:size]]))):
                return found, size
        return "", 0


def _speakers_of(search: Search) -> str:
    return ", ".join(bare("speaker", one) for one in search.speakers)


def _words_at(parts: Sequence[Expr]) -> list[str]:
    """Return the bare words that parts of a query begin with."""
    first = takewhile(lambda part: isinstance(part, Term) and part.field == "text", parts)
    return [part.text for part in first if isinstance(part, Term)]


def _commonest(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda value: (-counts[value], value))[:MAX_LISTED_CODES]


def alike(counts: Mapping[str, int], value: str, people: Collection[str] = ()) -> list[str]:
    """Return the names like one: those that share most of its words, or have words like them, and then those
    in which a word begins so; among equals the most frequent first. Of people it is the last word that is
    like one, if none is the same: “Osama bin Laden” is not like “Obama”."""
    from difflib import get_close_matches  # which most answers do without

    by_word: dict[str, set[str]] = defaultdict(set)
    for name in counts:
        for word in fold(name).split():
            by_word[word].add(name)
    scores: dict[str, float] = defaultdict(float)
    plausible: set[str] = set()
    for word in frozenset(fold(value).split()) - FILLING:
        # The names with that word, or else with one like it.
        close = [word] if word in by_word else get_close_matches(word, by_word, MAX_LONGER, MIN_ALIKE_SHARE)
        for like in close:
            for name in by_word[like]:
                scores[name] += 1.0 if like == word else MIN_ALIKE_SHARE
                if like == word or name not in people or fold(name).split()[-1] == like:
                    plausible.add(name)
    ranked = sorted(plausible, key=lambda name: (-scores[name], -counts[name], name))[:MAX_ALIKE]
    start = fold(value)
    begun = [name for name in counts if start and f" {start}" in f" {fold(name)}"]
    spelt: dict[str, str] = {}  # of several spellings the most frequent
    for name in (*ranked, *sorted(begun, key=lambda name: (-counts[name], name))):
        spelt.setdefault(fold(name), name)
    return list(spelt.values())[:MAX_ALIKE]

"""Why nothing was found, where that can be told: a name that nobody has, a word that only begins others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

from searcher.fields import shown_field
from searcher.names.normalise import fold, word_set
from searcher.query.request import Search
from searcher.query.tree import Expr, HasValue, InQuote, Term, leaves
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.index import Index


MAX_SUGGESTED = 3
#: Codes ("en", "de") are like nothing that is asked for: they are listed.
MAX_LISTED = 12
#: Of 2 × the letters in common, by the letters of both: "Clnton" is like "Clinton", "Atall" not like "All".
MIN_ALIKE = 0.8
#: Letters of a word that begins others because they are made of it, and not by chance.
MIN_BEGINNING = 4
#: Words that make no two names alike.
FILLING = word_set("the of and for de la")


def advice(index: Index, search: Search, left_out: int = 0) -> Iterator[str]:
    """A line for each value that narrows to nothing by itself and for each word that only begins others, one
    for articles in whose language no names are found, and one for what is left out as not sure."""
    asked = [(name, value) for name, values in search.included.items() for value in values]
    asked += [("speaker", value) for value in search.speakers]
    if search.match == "all":
        asked += _values(search.tree(index.fields))
    asked += _values(search.about_tree(index.fields))
    for name, value in dict.fromkeys(asked):
        counts = index.values(name)
        if not index.names_meant(name, value).isdisjoint(counts):
            continue
        line = f"No article has the {name} “{clean(value)}”."
        yield line + there_is(_commonest(counts) if name == "language" else near(counts, value))
    yield from _beginnings(index, search)
    if search.quotes or any(shown_field(name).named for name, _ in asked):
        yield from _unserved(index)
    if left_out:
        yield f"With less confidence in the speaker there would be {left_out:,}: add --confidence 0."


def _beginnings(index: Index, search: Search) -> Iterator[str]:
    """A line for each word that no article has but as the beginning of others: “Klima” in “Klimaschutz”."""
    words = [
        leaf for leaf in leaves(search.tree(index.fields)) if isinstance(leaf, Term) and leaf.field == "text"
    ]
    for word in dict.fromkeys(leaf for leaf in words if len(leaf.text) >= MIN_BEGINNING):
        longer = [clean(one) for one in islice(index.words(word.text), MAX_SUGGESTED + 1)]
        if longer and not index.count(word):
            held = ", ".join([*longer[:MAX_SUGGESTED], *("…" for _ in longer[MAX_SUGGESTED:])])
            text = clean(word.text)
            yield f"No article has the word “{text}”, but there is {held}: {text.lower()}*"


def there_is(names: Collection[str]) -> str:
    """The sentence that suggests names, to be put behind another; nothing where there are none."""
    return f" There is: {', '.join(map(clean, names))}." if names else ""


def _unserved(index: Index) -> Iterator[str]:
    from searcher.cli.output.report import counted
    from searcher.cli.output.served import languages

    without = [one for one in languages(index) if not one.names]
    if without:
        count = counted(sum(one.articles for one in without), "article")
        names = ", ".join(clean(one.language or "") for one in without)
        yield f"Names and quotations are not found in {count} because of the language ({names})."


def _commonest(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda value: (-counts[value], value))[:MAX_LISTED]


def _values(where: Expr) -> Iterator[tuple[str, str]]:
    """The values that a query asks for in its own words: person:Quill."""
    for leaf in leaves(where):
        match leaf:
            case HasValue(name, value):
                yield name, value
            case InQuote(said):
                yield from _values(said)
            case _:
                pass


def near(counts: Mapping[str, int], value: str) -> list[str]:
    """Names like the one asked for: those that share most of its words, or have words like them; among equals
    the most frequent first."""
    by_word: dict[str, set[str]] = defaultdict(set)
    for name in counts:
        for word in fold(name).split():
            by_word[word].add(name)
    alike: dict[str, float] = defaultdict(float)
    for word in frozenset(fold(value).split()) - FILLING:
        for name, share in _sharing(word, by_word).items():
            alike[name] += share
    ranked = sorted(alike, key=lambda name: (-alike[name], -counts[name], name))
    spelt: dict[str, str] = {}  # of several spellings the most frequent
    for name in ranked:
        spelt.setdefault(fold(name), name)
    return list(spelt.values())[:MAX_SUGGESTED]


def _sharing(word: str, by_word: Mapping[str, Collection[str]]) -> dict[str, float]:
    """The names with that word, or else with one like it; with how much alike they are."""
    if word in by_word:
        return dict.fromkeys(by_word[word], 1.0)
    close = get_close_matches(word, by_word, MAX_SUGGESTED, MIN_ALIKE)
    return {name: MIN_ALIKE for like in close for name in by_word[like]}

"""Articles found, the types that all results share, and facets."""

from __future__ import annotations

import heapq
import re
from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Protocol, Self, TypeVar, overload

from searcher import plugins
from searcher.article import Article, Displayed, MentionKind, Quote, format_iso
from searcher.fields import NOTE, custom_tag, doubts_of

if TYPE_CHECKING:
    import pandas as pd

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet with the number of its articles; ``selected`` if the query filters by it."""

    value: str
    count: int
    selected: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "count": self.count, "selected": self.selected}


def top_counts(counts: Mapping[K, int], number: int) -> dict[K, int]:
    """Return the ``number`` keys with the highest counts, and all others with the same count as the last."""
    least = heapq.nlargest(number, counts.values())[-1]
    return {key: count for key, count in counts.items() if count >= least}


class RankedCounts(Mapping[str, int]):
    """Counts that find their highest values without reading each."""

    @abstractmethod
    def top_counts(self, number: int) -> Mapping[str, int]:
        """See :func:`top_counts`."""


#: Names with their counts, sorted.
Ranking = list[tuple[str, int]]


class FacetValues(Sequence[FacetValue]):
    """The values of a facet, most frequent first, then by name. They are sorted only as far as they are read,
    and ``least`` is the known minimum of their number. If it is set, ``len`` has to count all of them first,
    which may take seconds."""

    #: Reading one of the first 16 (or 100) values sorts only that many. Sorting them all would be slow,
    #: because thousands of values have equally few articles, and all their names would have to be decoded.
    FIRST: ClassVar = (16, 100)
    __slots__ = ("_beginning", "_counts", "_least", "_ranked", "_selected")
    _beginning: Ranking | None
    _ranked: Ranking | None

    def __init__(
        self, counts: Mapping[str, int], selected: Collection[str] = (), least: int | None = None
    ) -> None:
        """``least``: the known minimum number of values, if the rest is counted on demand."""
        self._counts = counts
        self._selected = selected
        self._least = least
        self._beginning = None
        self._ranked = None

    def __len__(self) -> int:
        return len(self._counts)

    def __bool__(self) -> bool:
        return self.min_count > 0

    def __iter__(self) -> Iterator[FacetValue]:
        return map(self._value, self._full_ranking())

    @overload
    def __getitem__(self, index: int) -> FacetValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FacetValue]: ...
    def __getitem__(self, index: int | slice) -> FacetValue | Sequence[FacetValue]:
        last = (index.stop if index.stop is not None else -1) - 1 if isinstance(index, slice) else index
        start = (index.start or 0) if isinstance(index, slice) else index
        needed = next((number for number in self.FIRST if last < number), self.min_count)
        early = self._ranked is None and 0 <= start and 0 <= last and needed < self.min_count
        ranking = self._first(needed) if early else self._full_ranking()
        if isinstance(index, slice):
            return tuple(map(self._value, ranking[index]))
        return self._value(ranking[index])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<FacetValues: {self.min_count:,}{'' if self.is_complete else ' or more'}>"

    def __reduce__(self) -> tuple[type[FacetValues], tuple[dict[str, int], Collection[str]]]:
        """Pickle with a plain dictionary of all counts."""
        return FacetValues, (dict(self._counts), self._selected)

    @property
    def is_complete(self) -> bool:
        """Return True if all values are known."""
        return self._least is None

    @property
    def min_count(self) -> int:
        """The minimum number of values."""
        return len(self._counts) if self._least is None else self._least

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of articles by value, unsorted."""
        return self._counts

    def with_selection(self, selected: Collection[str]) -> FacetValues:
        """Return the same values with these selected."""
        return FacetValues(self._counts, selected, self._least)

    def first(self, number: int) -> FacetValues:
        """Return the first ``number`` values, and the selected ones."""
        counts = {one.value: one.count for one in (*self[:number], *self.selected)}
        return FacetValues(counts, self._selected)

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """The values that the query filters by."""
        counts = {name: self._counts[name] for name in self._selected if name in self._counts}
        return tuple(map(self._value, _ranking(counts)))

    @property
    def unmatched(self) -> frozenset[str]:
        """The selected values that no matching article has."""
        return frozenset(self._selected) - self._counts.keys()

    def _value(self, counted: tuple[str, int]) -> FacetValue:
        return FacetValue(*counted, counted[0] in self._selected)

    def _first(self, number: int) -> Ranking:
        beginning = self._beginning
        if beginning is None or len(beginning) < number:
            known = self._counts
            counts = (
                known.top_counts(number) if isinstance(known, RankedCounts) else top_counts(known, number)
            )
            least = min(counts.values())
            above = [name for name, count in counts.items() if count > least]
            level = (name for name, count in counts.items() if count == least)
            tied = heapq.nsmallest(number - len(above), level, key=lambda name: (name.casefold(), name))
            beginning = self._beginning = _ranking({name: counts[name] for name in (*above, *tied)})
        return beginning  # not the attribute, which another thread may have set to a shorter ranking

    def _full_ranking(self) -> Ranking:
        if self._ranked is None:
            self._ranked = _ranking(self._counts)
        return self._ranked


def _ranking(counts: Mapping[str, int]) -> Ranking:
    """Return names with their counts in the order of a facet."""
    ranked = sorted(sorted(counts.items()), key=lambda counted: counted[0].casefold())
    ranked.sort(key=itemgetter(1), reverse=True)
    return ranked


@dataclass(frozen=True, slots=True)
class Facet(Displayed):
    """The values of a field, counted over all matches; most frequent first, then by name."""

    field: str
    values: FacetValues

    def __repr__(self) -> str:
        more = "" if self.values.is_complete else " or more"
        return f"<Facet {self.field}: {self.values.min_count:,}{more} values>"

    def to_dict(self) -> dict[str, Any]:
        return {"field": self.field, "values": [value.to_dict() for value in self.values]}


Marks = tuple[tuple[int, int], ...]
#: Maximum number of characters of a text in a ``repr``.
MAX_SHOWN_CHARACTERS = 60


def short_repr(text: str) -> str:
    """Return the beginning of a text for a ``repr``."""
    return repr(text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[:MAX_SHOWN_CHARACTERS]}…")


#: Maximum length of the text that replaces a missing title, in characters.
_HEADLINE_WIDTH = 80


def headline(article: Article) -> str:
    """Return the title of an article, or its first words."""
    from textwrap import shorten  # rarely needed

    return article.title or shorten(article.body[: 2 * _HEADLINE_WIDTH], _HEADLINE_WIDTH, placeholder="…")


def file_name(article: Article) -> str:
    """Return the name of the file that an article was read from."""
    return re.split(r"[/\\!]", article.origin or "")[-1]


#: Turns of up to this many characters are shown in full. Longer turns show at most _MAX_PASSAGES matches,
#: with _CONTEXT_CHARACTERS characters on each side.
_WHOLE_TURN_CHARACTERS, _CONTEXT_CHARACTERS, _MAX_PASSAGES = 900, 220, 3


def shortened_turn(text: str, marks: Marks, kind: str) -> tuple[str, Marks]:
    """Return the text of a quotation as results list it, with its matches. A long turn on record is reduced
    to the passages around its first matches, or to its beginning, with “[…]” for each omission."""
    if kind != "speech" or len(text) <= _WHOLE_TURN_CHARACTERS:
        return text, marks
    ranges: list[list[int]] = []
    for start, end in marks[:_MAX_PASSAGES] or [(0, 2 * _CONTEXT_CHARACTERS)]:
        first = text.rfind(" ", 0, max(0, start - _CONTEXT_CHARACTERS)) + 1
        last = text.find(" ", min(len(text), end + _CONTEXT_CHARACTERS))
        last = len(text) if last < 0 else last
        if ranges and first <= ranges[-1][1]:
            ranges[-1][1] = last
        else:
            ranges.append([first, last])
    out, moved = "", list[tuple[int, int]]()
    for first, last in ranges:
        out += "" if not first else "[…] " if not out else " […] "
        moved += [(a - first + len(out), b - first + len(out)) for a, b in marks if first <= a and b <= last]
        out += text[first:last]
    return out if ranges[-1][1] == len(text) else f"{out} […]", tuple(moved)


class Names(Protocol):
    """The names of values across articles (:class:`searcher.names.table.NameTable`)."""

    def name_of(self, field: str, value: str) -> str | None: ...
    def names_of(self, field: str, values: Iterable[str]) -> tuple[str, ...]: ...
    def searchable_speaker(self, quote: Quote) -> str | None: ...
    def kind_and_name(self, kind: MentionKind, value: str) -> tuple[MentionKind, str | None]: ...


class HasSource:
    """A part of an article. ``source`` is the name of its source across articles."""

    __slots__ = ()
    article: Article
    names: Names | None

    @property
    def source(self) -> str | None:
        source = self.article.source
        return self.names.name_of("source", source) if self.names and source else source


def reference(article: Article, source: str | None) -> dict[str, Any]:
    """Return the data that identifies an article, with its source across articles."""
    return {
        "id": article.id,
        "title": article.title,
        "source": source,
        "published": format_iso(article.published),
        "url": article.url,
        "origin": article.origin,
    }


@dataclass(frozen=True, slots=True)
class Snippet(Displayed):
    """A passage of the body: ``text == body[start:start + len(text)]``. ``marks`` are the matches: offsets
    into ``text``, sorted and disjoint."""

    text: str
    marks: Marks
    start: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "marks": [list(mark) for mark in self.marks], "start": self.start}

    def __repr__(self) -> str:
        return f"<Snippet {short_repr(self.text)}>"


class Equivalent(NamedTuple):
    """A translation of a query word: its probability of meaning the same (``belief``, 0 to 1) and the number
    of its articles. ``language`` is "" if words of the language have no stems."""

    word: str
    language: str
    belief: float
    articles: int

    def to_dict(self) -> dict[str, Any]:
        return {**self._asdict(), "belief": round(self.belief, 3)}


@dataclass(frozen=True)
class Hit(Displayed, HasSource):
    """An article found.

    Its names (``people``, ``source``, ``tags``, …) are names across articles, as facets count them;
    ``article`` has the original ones.

    Attributes:
        title_marks: Matches in the title.
        explanation: Parts of the score, as (leaf as text, contribution), if requested.
        matched_translations: Translations of query words that the article contains.
    """

    article: Article
    score: float
    snippets: tuple[Snippet, ...] = ()
    title_marks: Marks = ()
    explanation: tuple[tuple[str, float], ...] = ()
    names: Names | None = field(default=None, compare=False)
    matched_translations: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        return self._mentioned_names("person")

    @property
    def organisations(self) -> tuple[str, ...]:
        return self._mentioned_names("organisation")

    @property
    def speakers(self) -> tuple[str, ...]:
        return self._names_of("speaker", self.article.speakers)

    @property
    def authors(self) -> tuple[str, ...]:
        return self._names_of("author", self.article.authors)

    @property
    def section(self) -> str | None:
        return self._name_of("section", self.article.section)

    @property
    def language(self) -> str | None:
        return self._name_of("language", self.article.language)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags, including the values of custom fields. Notes are texts, not names, and stay unchanged."""
        note = custom_tag(NOTE, "")
        named = (tag if tag.startswith(note) else self._name_of("tag", tag) for tag in self.article.tags)
        return tuple(dict.fromkeys(tag for tag in named if tag is not None))

    def _name_of(self, name: str, value: str | None) -> str | None:
        return self.names.name_of(name, value) if self.names and value else value

    def _names_of(self, name: str, values: tuple[str, ...]) -> tuple[str, ...]:
        return self.names.names_of(name, values) if self.names else values

    def _mentioned_names(self, kind: MentionKind) -> tuple[str, ...]:
        mentions = dict.fromkeys((one.kind, one.name) for one in self.article.mentions)
        named = (self.names.kind_and_name(*one) if self.names else one for one in mentions)
        return tuple(dict.fromkeys(name for of, name in named if of == kind and name))

    def __repr__(self) -> str:
        return f"<Hit {self.article.id}: {short_repr(self.article.title)}>"

    def to_dict(self) -> dict[str, Any]:
        article = self.article
        out: dict[str, Any] = {
            "id": article.id, "title": article.title,
            "title_marks": [list(mark) for mark in self.title_marks], "source": self.source,
            "authors": list(self.authors), "people": list(self.people),
            "organisations": list(self.organisations), "speakers": list(self.speakers),
            "places": list(article.places), "contacts": list(article.contacts),
            "published": format_iso(article.published), "url": article.url, "language": article.language,
            "origin": article.origin, "score": round(self.score, 6),
            "snippets": [snippet.to_dict() for snippet in self.snippets],
        }  # fmt: skip
        if self.matched_translations:
            out["matched_translations"] = list(self.matched_translations)
        if doubts := doubts_of(article.tags):
            out["doubtful"] = list(doubts)
        if self.explanation:
            out["explanation"] = [{"part": part, "score": round(s, 6)} for part, s in self.explanation]
        return out


H = TypeVar("H")


@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)  # subclasses define these
class HitPage(Displayed, Generic[H]):
    """A page of ``hits`` out of ``total``. It iterates over the hits, and is false without hits.

    Attributes:
        relaxed: No article has all the words, so these have any of them.
        any_word: How many have any of the words, after :meth:`with_all_words`.
        suggestions: Likely spellings of words that no article contains.
        corrections: The suggestions that are likely enough to be applied for a person.
        translations: Translations that were searched in addition to a word.
    """

    hits: tuple[H, ...]
    total: int
    relaxed: bool = field(default=False, kw_only=True)
    any_word: int = field(default=0, kw_only=True)
    suggestions: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    corrections: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    translations: Mapping[str, tuple[Equivalent, ...]] = field(default_factory=dict, kw_only=True)

    def __iter__(self) -> Iterator[H]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def with_all_words(self) -> Self:
        """Return the page without hits if the search was relaxed."""
        empty: dict[str, Any] = {"articles": 0, "places": 0, "below_confidence": 0, "more": False}
        empty["facets"] = {name: Facet(name, FacetValues({})) for name in getattr(self, "facets", ())}
        changes = {name: value for name, value in empty.items() if hasattr(self, name)}
        page = {"hits": (), "total": 0, "relaxed": False, "any_word": self.total, **changes}
        return replace(self, **page) if self.relaxed else self

    def notes(self) -> dict[str, Any]:
        """Return JSON-ready notes on words that were not searched as typed."""
        notes: dict[str, Any] = {"relaxed": self.relaxed}
        if self.any_word:
            notes["any_word"] = self.any_word
        notes["suggestions"] = dict(self.suggestions)
        if self.translations:
            notes["translations"] = {
                word: [one.to_dict() for one in words] for word, words in self.translations.items()
            }
        return notes

    def to_frame(self) -> pd.DataFrame:
        """Return the hits of the page as a data frame. Raises MissingExtra without pandas."""
        return plugins.find("searcher.displays", "frame")(self.hits)


@dataclass(frozen=True, slots=True, repr=False)
class Results(HitPage[Hit]):
    """A page of articles. If ``collapsed``, the hits are stories, ``total`` and the facets count stories, and
    ``articles`` is the number of articles."""

    facets: Mapping[str, Facet] = field(default_factory=dict)
    collapsed: bool = False
    articles: int = 0

    def __repr__(self) -> str:
        return (
            f"<Results: {len(self.hits):,} of {self.total:,} {'stories' if self.collapsed else 'articles'}>"
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "collapsed": self.collapsed,
            "articles": self.articles,
            **self.notes(),
            "facets": {name: [v.to_dict() for v in facet.values] for name, facet in self.facets.items()},
            "hits": [hit.to_dict() for hit in self.hits],
        }

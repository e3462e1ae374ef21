"""Articles found, what every result is made of, and the values of fields over all matches, with their
counts.
"""

from __future__ import annotations

import heapq
import re
from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Protocol, Self, TypeVar, overload

from searcher import plugins
from searcher.article import Article, Displayed, MentionKind, Quote, iso
from searcher.fields import NOTE, doubts_of, tag_of

if TYPE_CHECKING:
    import pandas as pd

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """``count`` articles have ``value``; ``selected`` if the query narrows to it."""

    value: str
    count: int
    selected: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "count": self.count, "selected": self.selected}


def highest(counts: Mapping[K, int], number: int) -> dict[K, int]:
    """Return so many keys with the highest counts, and all others that have as many as the last."""
    least = heapq.nlargest(number, counts.values())[-1]
    return {key: count for key, count in counts.items() if count >= least}


class RankedCounts(Mapping[str, int]):
    """Counts whose highest are found without a look at each."""

    @abstractmethod
    def most(self, number: int) -> Mapping[str, int]:
        """See :func:`highest`."""


#: Names with their counts, in order.
Ranking = list[tuple[str, int]]


class FacetValues(Sequence[FacetValue]):
    """Values, most frequent first, then by name. They are put in order as far as they are looked at.
    ``least``: so many there are at least; ``whole``: there are no more. Where it is not, the number of all
    (``len``) has to be counted first, which may take seconds."""

    #: So many are put in order when one of these is looked at: of the values with few articles there are
    #: thousands alike, which all would have to be made text.
    FIRST: ClassVar = (16, 100)
    __slots__ = ("_beginning", "_counts", "_least", "_ranked", "_selected")
    _beginning: Ranking | None
    _ranked: Ranking | None

    def __init__(
        self, counts: Mapping[str, int], selected: Collection[str] = (), least: int | None = None
    ) -> None:
        """``least``: where counts are not all known, and the others are counted once they are looked at."""
        self._counts = counts
        self._selected = selected
        self._least = least
        self._beginning = None
        self._ranked = None

    def __len__(self) -> int:
        return len(self._counts)

    def __bool__(self) -> bool:
        return self.least > 0

    def __iter__(self) -> Iterator[FacetValue]:
        return map(self._value, self._all())

    @overload
    def __getitem__(self, index: int) -> FacetValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FacetValue]: ...
    def __getitem__(self, index: int | slice) -> FacetValue | Sequence[FacetValue]:
        last = (index.stop if index.stop is not None else -1) - 1 if isinstance(index, slice) else index
        start = (index.start or 0) if isinstance(index, slice) else index
        many = next((number for number in self.FIRST if last < number), self.least)
        early = self._ranked is None and 0 <= start and 0 <= last and many < self.least
        ranking = self._first(many) if early else self._all()
        if isinstance(index, slice):
            return tuple(map(self._value, ranking[index]))
        return self._value(ranking[index])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<FacetValues: {self.least:,}{'' if self.whole else ' or more'}>"

    def __reduce__(self) -> tuple[type[FacetValues], tuple[dict[str, int], Collection[str]]]:
        """Results that are pickled take a plain dictionary along."""
        return FacetValues, (dict(self._counts), self._selected)

    @property
    def whole(self) -> bool:
        """Whether all values are known."""
        return self._least is None

    @property
    def least(self) -> int:
        """The number of values that there are at least."""
        return len(self._counts) if self._least is None else self._least

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of articles of each value, in no order."""
        return self._counts

    def narrowed_to(self, selected: Collection[str]) -> FacetValues:
        """The same values, of which these are selected."""
        return FacetValues(self._counts, selected, self._least)

    def first(self, number: int) -> FacetValues:
        """The first so many values, and those that the query narrows to."""
        counts = {one.value: one.count for one in (*self[:number], *self.selected)}
        return FacetValues(counts, self._selected)

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """Those that the query narrows to."""
        counts = {name: self._counts[name] for name in self._selected if name in self._counts}
        return tuple(map(self._value, _ranking(counts)))

    @property
    def missing(self) -> frozenset[str]:
        """Those that the query narrows to and that nothing found has."""
        return frozenset(self._selected) - self._counts.keys()

    def _value(self, counted: tuple[str, int]) -> FacetValue:
        return FacetValue(*counted, counted[0] in self._selected)

    def _first(self, number: int) -> Ranking:
        beginning = self._beginning
        if beginning is None or len(beginning) < number:
            known = self._counts
            counts = known.most(number) if isinstance(known, RankedCounts) else highest(known, number)
            least = min(counts.values())
            above = [name for name, count in counts.items() if count > least]
            level = (name for name, count in counts.items() if count == least)
            alike = heapq.nsmallest(number - len(above), level, key=lambda name: (name.casefold(), name))
            beginning = self._beginning = _ranking({name: counts[name] for name in (*above, *alike)})
        return beginning  # that of another thread may be shorter

    def _all(self) -> Ranking:
        if self._ranked is None:
            self._ranked = _ranking(self._counts)
        return self._ranked


def _ranking(counts: Mapping[str, int]) -> Ranking:
    """Return names with their counts in the order of a facet. Equal ones stay as they are sorted before."""
    ranked = sorted(sorted(counts.items()), key=lambda counted: counted[0].casefold())
    ranked.sort(key=itemgetter(1), reverse=True)
    return ranked


@dataclass(frozen=True, slots=True)
class Facet(Displayed):
    """The values of one field over all matches, most frequent first, then by name."""

    field: str
    values: FacetValues

    def __repr__(self) -> str:
        return f"<Facet {self.field}: {self.values.least:,}{'' if self.values.whole else ' or more'} values>"

    def to_dict(self) -> dict[str, Any]:
        return {"field": self.field, "values": [value.to_dict() for value in self.values]}


Marks = tuple[tuple[int, int], ...]
#: Characters of a text that a ``repr`` shows.
MAX_SHOWN_CHARACTERS = 60


def short_repr(text: str) -> str:
    """Return the beginning of a text as a ``repr`` shows it."""
    return repr(text if len(text) <= MAX_SHOWN_CHARACTERS else f"{text[:MAX_SHOWN_CHARACTERS]}…")


#: Characters of the words that stand for a title where there is none.
_HEADLINE_WIDTH = 80


def headline(article: Article) -> str:
    """Return the title of an article, or its first words where it has none."""
    from textwrap import shorten  # which a search that finds titles does without

    return article.title or shorten(article.body[: 2 * _HEADLINE_WIDTH], _HEADLINE_WIDTH, placeholder="…")


def file_name(article: Article) -> str:
    """Return the name of the file that an article is from, which tells most where it has no source."""
    return re.split(r"[/\\!]", article.origin or "")[-1]


#: Characters of a turn that are shown whole; of a longer one so many on each side of its first matches.
_WHOLE_TURN_CHARACTERS, _CHARACTERS_BESIDE, _MAX_PASSAGES = 900, 220, 3


def passages(text: str, marks: Marks, kind: str) -> tuple[str, Marks]:
    """Return what was said as it is listed: of a long turn on record what stands around its first matches, or
    its beginning, with “[…]” for what is left out, and the matches in that."""
    if kind != "speech" or len(text) <= _WHOLE_TURN_CHARACTERS:
        return text, marks
    kept: list[list[int]] = []
    for start, end in marks[:_MAX_PASSAGES] or [(0, 2 * _CHARACTERS_BESIDE)]:
        first = text.rfind(" ", 0, max(0, start - _CHARACTERS_BESIDE)) + 1
        last = text.find(" ", min(len(text), end + _CHARACTERS_BESIDE))
        last = len(text) if last < 0 else last
        if kept and first <= kept[-1][1]:
            kept[-1][1] = last
        else:
            kept.append([first, last])
    out, moved = "", list[tuple[int, int]]()
    for first, last in kept:
        out += "" if not first else "[…] " if not out else " […] "
        moved += [(a - first + len(out), b - first + len(out)) for a, b in marks if first <= a and b <= last]
        out += text[first:last]
    return out if kept[-1][1] == len(text) else f"{out} […]", tuple(moved)


class Names(Protocol):
    """The names of values across articles: :class:`searcher.names.table.NameTable`."""

    def name_of(self, field: str, value: str) -> str | None: ...
    def names_of(self, field: str, values: Iterable[str]) -> tuple[str, ...]: ...
    def asked_for(self, quote: Quote) -> str | None: ...
    def kind_and_name(self, kind: MentionKind, value: str) -> tuple[MentionKind, str | None]: ...


class Sourced:
    """What stands in an article, whose ``source`` is called by its name across articles."""

    __slots__ = ()
    article: Article
    names: Names | None

    @property
    def source(self) -> str | None:
        source = self.article.source
        return self.names.name_of("source", source) if self.names and source else source


def reference(article: Article, source: str | None) -> dict[str, Any]:
    """What tells which article words stand in; ``source`` is its source across articles."""
    return {
        "id": article.id,
        "title": article.title,
        "source": source,
        "published": iso(article.published),
        "url": article.url,
        "origin": article.origin,
    }


@dataclass(frozen=True, slots=True)
class Snippet(Displayed):
    """A passage of the body: ``text == body[start:start + len(text)]``. ``marks`` are the matches, as offsets
    into ``text``, ascending and disjoint."""

    text: str
    marks: Marks
    start: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "marks": [list(mark) for mark in self.marks], "start": self.start}

    def __repr__(self) -> str:
        return f"<Snippet {short_repr(self.text)}>"


class Equivalent(NamedTuple):
    """A word of another language that is searched beside one that was asked for: how much it is believed to
    mean the same (0..1), and how many articles have it. ``language`` is "" where its words have no stems."""

    word: str
    language: str
    belief: float
    articles: int

    def to_dict(self) -> dict[str, Any]:
        return {**self._asdict(), "belief": round(self.belief, 3)}


@dataclass(frozen=True)
class Hit(Displayed, Sourced):
    """One article found. ``title_marks`` are the matches in its title; ``explanation`` holds one
    ``(leaf as text, contribution to the score)`` a scoring part, only when it was asked for.
    ``matched_translations`` are the translations of query words that it has. ``people``, ``organisations``,
    ``speakers``, ``source``, ``authors``, ``section``, ``language`` and ``tags`` are names across articles,
    those that facets count; ``article`` has them as it gives them itself."""

    article: Article
    score: float
    snippets: tuple[Snippet, ...] = ()
    title_marks: Marks = ()
    explanation: tuple[tuple[str, float], ...] = ()
    names: Names | None = field(default=None, compare=False)
    matched_translations: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        return self._mentioned("person")

    @property
    def organisations(self) -> tuple[str, ...]:
        return self._mentioned("organisation")

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
        """The tags, the values of fields of one's own among them; notes are texts, and stay as written."""
        note = tag_of(NOTE, "")
        named = (tag if tag.startswith(note) else self._name_of("tag", tag) for tag in self.article.tags)
        return tuple(dict.fromkeys(tag for tag in named if tag is not None))

    def _name_of(self, name: str, value: str | None) -> str | None:
        return self.names.name_of(name, value) if self.names and value else value

    def _names_of(self, name: str, values: tuple[str, ...]) -> tuple[str, ...]:
        return self.names.names_of(name, values) if self.names else values

    def _mentioned(self, kind: MentionKind) -> tuple[str, ...]:
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
            "published": iso(article.published), "url": article.url, "language": article.language,
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


@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)  # its subclasses have these
class HitPage(Displayed, Generic[H]):
    """A page of ``hits``, of which there are ``total``.

    Iterating gives the hits, ``len`` is their number, and without hits it is false: ask ``total`` whether
    anything matches. ``relaxed``: nothing held all the words, so these hold any of them; ``any_word``: how
    many do, after :meth:`with_all_words`. ``suggestions`` maps words that no article contains to their likely
    spelling; ``corrections`` are those likely enough to be applied where a person reads the answer.
    ``translations`` maps words to those of other languages that were searched beside them.
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
        """Return only hits that have all the words: none, if the search was relaxed."""
        empty: dict[str, Any] = {"articles": 0, "places": 0, "below_confidence": 0, "more": False}
        empty["facets"] = {name: Facet(name, FacetValues({})) for name in getattr(self, "facets", ())}
        changes = {name: value for name, value in empty.items() if hasattr(self, name)}
        found = {"hits": (), "total": 0, "relaxed": False, "any_word": self.total, **changes}
        return replace(self, **found) if self.relaxed else self

    def told(self) -> dict[str, Any]:
        """What JSON says of words that were searched otherwise than as typed."""
        found = {word: [one.to_dict() for one in some] for word, some in self.translations.items()}
        across = {"translations": found} if found else {}
        some = {"any_word": self.any_word} if self.any_word else {}
        return {"relaxed": self.relaxed, **some, "suggestions": dict(self.suggestions), **across}

    def to_frame(self) -> pd.DataFrame:
        """Return the hits of the page as a data frame, a row each. Raises MissingExtra without pandas."""
        return plugins.find("searcher.displays", "frame")(self.hits)


@dataclass(frozen=True, slots=True, repr=False)
class Results(HitPage[Hit]):
    """``total`` articles match; ``hits`` are those of the page asked for. ``collapsed``: the hits are
    stories, and ``total`` and the facets count these; ``articles`` match."""

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
            **self.told(),
            "facets": {name: [v.to_dict() for v in facet.values] for name, facet in self.facets.items()},
            "hits": [hit.to_dict() for hit in self.hits],
        }

"""Results of searches: frozen, detached from the index, with ``to_dict()`` for JSON."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, ItemsView, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Literal, Protocol, overload

from searcher.article import Article, Quote, iso

__all__ = [
    "Change",
    "Facet",
    "FacetValue",
    "FacetValues",
    "FoundQuote",
    "Hit",
    "NamedCounts",
    "Names",
    "Place",
    "QuoteHit",
    "Quotes",
    "Results",
    "Snippet",
    "Statement",
    "Statements",
    "Vote",
]

Marks = tuple[tuple[int, int], ...]
#: Characters of a text that a ``repr`` shows.
MAX_SHOWN = 60
#: What stands for the attribution between two parts of an utterance.
GAP = " […] "


def _short(text: str) -> str:
    return repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")


class Names(Protocol):
    """The names of values across articles: :class:`searcher.names.table.NameTable`."""

    def name_of(self, field: str, value: str) -> str | None: ...
    def names_of(self, field: str, values: Iterable[str]) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of the body: ``text == body[start:start + len(text)]``.

    ``marks`` are the matches, as offsets into ``text``, ascending and disjoint.
    """

    text: str
    marks: Marks
    start: int = 0

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "marks": [list(mark) for mark in self.marks], "start": self.start}

    def __repr__(self) -> str:
        return f"<Snippet {_short(self.text)}>"

    def _repr_html_(self) -> str:
        from searcher import notebook

        return notebook.marked(self.text, self.marks)


@dataclass(frozen=True)
class Hit:
    """One article found. ``title_marks`` are the matches in its title; ``explanation`` holds one
    ``(leaf as text, contribution to the score)`` a scoring part, only when it was asked for. ``people``,
    ``organisations``, ``speakers``, ``source`` and ``authors`` are names across articles, those that
    facets count; ``article`` has them as it gives them itself."""

    article: Article
    score: float
    snippets: tuple[Snippet, ...] = ()
    title_marks: Marks = ()
    explanation: tuple[tuple[str, float], ...] = ()
    names: Names | None = field(default=None, compare=False)

    def __init__(
        self,
        article: Article,
        score: float,
        snippets: tuple[Snippet, ...] = (),
        title_marks: Marks = (),
        explanation: tuple[tuple[str, float], ...] = (),
        names: Names | None = None,
    ) -> None:
        # The method that a frozen dataclass writes sets each field by a call: a tenth of a short query.
        values = self.__dict__
        values["article"] = article
        values["score"] = score
        values["snippets"] = snippets
        values["title_marks"] = title_marks
        values["explanation"] = explanation
        values["names"] = names

    @property
    def people(self) -> tuple[str, ...]:
        return self._names_of("person", self.article.people)

    @property
    def organisations(self) -> tuple[str, ...]:
        return self._names_of("organisation", self.article.organisations)

    @property
    def speakers(self) -> tuple[str, ...]:
        return self._names_of("speaker", self.article.speakers)

    @property
    def authors(self) -> tuple[str, ...]:
        return self._names_of("author", self.article.authors)

    @property
    def source(self) -> str | None:
        source = self.article.source
        return self.names.name_of("source", source) if self.names and source else source

    def _names_of(self, name: str, values: tuple[str, ...]) -> tuple[str, ...]:
        return self.names.names_of(name, values) if self.names else values

    def __repr__(self) -> str:
        return f"<Hit {self.article.id}: {_short(self.article.title)}>"

    def _repr_html_(self) -> str:
        from searcher import notebook

        return notebook.hit(self)

    def to_dict(self) -> dict[str, Any]:
        article = self.article
        out: dict[str, Any] = {
            "id": article.id,
            "title": article.title,
            "title_marks": [list(mark) for mark in self.title_marks],
            "source": self.source,
            "authors": list(self.authors),
            "people": list(self.people),
            "organisations": list(self.organisations),
            "speakers": list(self.speakers),
            "published": iso(article.published),
            "url": article.url,
            "language": article.language,
            "origin": article.origin,
            "score": round(self.score, 6),
            "snippets": [snippet.to_dict() for snippet in self.snippets],
        }
        if self.explanation:
            out["explanation"] = [{"part": part, "score": round(s, 6)} for part, s in self.explanation]
        return out


@dataclass(frozen=True, slots=True)
class FacetValue:
    """``count`` articles have ``value``; ``selected`` if the query narrows to it."""

    value: str
    count: int
    selected: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "count": self.count, "selected": self.selected}


class NamedCounts(Mapping[str, int]):
    """Counts articles by the numbers of values, which are made text when they are looked at: a question in a
    large collection finds tens of thousands of people, of whom ten are shown."""

    def __init__(
        self, by_number: Mapping[int, int], name: Callable[[int], str], number: Callable[[str], int]
    ) -> None:
        self._by_number = by_number
        self._name = name
        self._number = number

    def __len__(self) -> int:
        return len(self._by_number)

    def __iter__(self) -> Iterator[str]:
        return map(self._name, self._by_number)

    def __getitem__(self, name: str) -> int:
        count = self._by_number.get(self._number(name))
        if count is None:
            raise KeyError(name)
        return count

    def __repr__(self) -> str:
        return f"<NamedCounts: {len(self):,}>"

    def __reduce__(self) -> tuple[type[dict[str, int]], tuple[dict[str, int]]]:
        """Results that are pickled take a plain dictionary along."""
        return dict, (dict(self.items()),)

    def items(self) -> ItemsView[str, int]:
        return {self._name(n): count for n, count in self._by_number.items()}.items()

    def most(self, number: int) -> dict[str, int]:
        """Return so many values with the highest counts, and all others that have as many as the last."""
        least = heapq.nlargest(number, self._by_number.values())[-1]
        return {self._name(n): count for n, count in self._by_number.items() if count >= least}


#: Names with their counts, in order.
Ranking = list[tuple[str, int]]


class FacetValues(Sequence[FacetValue]):
    """Values, most frequent first, then by name. They are put in order as far as they are looked at."""

    #: So many are put in order when one of the first is looked at.
    FIRST = 100
    __slots__ = ("_beginning", "_counts", "_ranked", "_selected")
    _beginning: Ranking | None
    _ranked: Ranking | None

    def __init__(self, counts: Mapping[str, int], selected: Collection[str] = ()) -> None:
        self._counts = counts
        self._selected = selected
        self._beginning = None
        self._ranked = None

    def __len__(self) -> int:
        return len(self._counts)

    def __iter__(self) -> Iterator[FacetValue]:
        return map(self._value, self._all())

    @overload
    def __getitem__(self, index: int) -> FacetValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FacetValue]: ...
    def __getitem__(self, index: int | slice) -> FacetValue | Sequence[FacetValue]:
        last = (index.stop if index.stop is not None else -1) - 1 if isinstance(index, slice) else index
        start = (index.start or 0) if isinstance(index, slice) else index
        early = self._ranked is None and 0 <= start and 0 <= last < self.FIRST < len(self)
        ranking = self._first() if early else self._all()
        if isinstance(index, slice):
            return tuple(map(self._value, ranking[index]))
        return self._value(ranking[index])

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<FacetValues: {len(self):,}>"

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of articles of each value, in no order."""
        return self._counts

    def narrowed_to(self, selected: Collection[str]) -> FacetValues:
        """The same values, of which these are selected."""
        return FacetValues(self._counts, selected)

    @property
    def selected(self) -> tuple[FacetValue, ...]:
        """Those that the query narrows to."""
        counts = {name: self._counts[name] for name in self._selected if name in self._counts}
        return tuple(map(self._value, _ranking(counts)))

    def _value(self, counted: tuple[str, int]) -> FacetValue:
        return FacetValue(*counted, counted[0] in self._selected)

    def _first(self) -> Ranking:
        if self._beginning is None:
            counts = self._counts.most(self.FIRST) if isinstance(self._counts, NamedCounts) else self._counts
            least = heapq.nlargest(self.FIRST, counts.values())[-1]
            above = [name for name, count in counts.items() if count > least]
            level = (name for name, count in counts.items() if count == least)
            alike = heapq.nsmallest(self.FIRST - len(above), level, key=lambda name: (name.casefold(), name))
            self._beginning = _ranking({name: counts[name] for name in (*above, *alike)})
        return self._beginning

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
class Facet:
    """The values of one field over all matches, most frequent first, then by name."""

    field: str
    values: FacetValues

    def __repr__(self) -> str:
        return f"<Facet {self.field}: {len(self.values):,} values>"

    def _repr_html_(self) -> str:
        from searcher import notebook

        return notebook.facet(self)

    def to_dict(self) -> dict[str, Any]:
        return {"field": self.field, "values": [value.to_dict() for value in self.values]}


@dataclass(frozen=True, slots=True)
class Results:
    """``total`` articles match; ``hits`` are those of the page asked for.

    Iterating gives the hits, ``len`` is their number, and without hits it is false: ask ``total`` whether
    anything matches.

    ``relaxed``: nothing held all the words, so these hold any of them. ``corrections`` maps words that
    the index does not hold to the words searched instead. ``collapsed``: the hits are stories, and
    ``total`` and the facets count these; ``articles`` match.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Facet] = field(default_factory=dict)
    relaxed: bool = False
    corrections: Mapping[str, str] = field(default_factory=dict)
    collapsed: bool = False
    articles: int = 0

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __repr__(self) -> str:
        return (
            f"<Results: {len(self.hits):,} of {self.total:,} {'stories' if self.collapsed else 'articles'}>"
        )

    def _repr_html_(self) -> str:
        from searcher import notebook

        return notebook.results(self)

    def to_dict(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "collapsed": self.collapsed,
            "articles": self.articles,
            "relaxed": self.relaxed,
            "corrections": dict(self.corrections),
            "facets": {name: [v.to_dict() for v in facet.values] for name, facet in self.facets.items()},
            "hits": [hit.to_dict() for hit in self.hits],
        }


@dataclass(frozen=True, slots=True)
class QuoteHit:
    """One quotation found, with its article and the words around it.

    ``before`` and ``after`` are slices of the body that end where the quotation starts and begin where
    it ends; ``marks`` are the matches, as offsets into ``quote.text``. ``speaker`` and ``source`` are names
    across articles, where ``quote.speaker`` and ``article.source`` are those of the article itself.
    """

    quote: Quote
    article: Article
    score: float
    speaker: str | None = None
    before: str = ""
    after: str = ""
    marks: Marks = ()
    names: Names | None = field(default=None, compare=False)

    @property
    def source(self) -> str | None:
        source = self.article.source
        return self.names.name_of("source", source) if self.names and source else source

    def __repr__(self) -> str:
        return f"<QuoteHit {_short(self.quote.text)}, said by {self.speaker or 'nobody known'}>"

    def _repr_html_(self) -> str:
        from searcher import notebook

        return notebook.quote_hit(self)

    def to_dict(self) -> dict[str, Any]:
        quote, article = self.quote, self.article
        return {
            "text": quote.text,
            "marks": [list(mark) for mark in self.marks],
            "speaker": self.speaker,
            "speaker_kind": quote.speaker_kind,
            "kind": quote.kind,
            "confidence": round(quote.confidence, 4),
            "start": quote.start,
            "end": quote.end,
            "before": self.before,
            "after": self.after,
            "score": round(self.score, 6),
            "article": _reference(article, self.source),
        }


def _reference(article: Article, source: str | None) -> dict[str, Any]:
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
class Quotes:
    """``total`` quotations match; ``hits`` are those of the page asked for.

    ``relaxed`` and ``corrections`` as in :class:`Results`. ``below_confidence`` more would match if the
    request asked for no confidence in the speaker.
    """

    hits: tuple[QuoteHit, ...]
    total: int
    relaxed: bool = False
    corrections: Mapping[str, str] = field(default_factory=dict)
    below_confidence: int = 0

    def __iter__(self) -> Iterator[QuoteHit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __repr__(self) -> str:
        return f"<Quotes: {len(self.hits):,} of {self.total:,} quotations>"

    def _repr_html_(self) -> str:
        from searcher import notebook

        return notebook.quotes(self)

    def to_dict(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "relaxed": self.relaxed,
            "corrections": dict(self.corrections),
            "quotes": [hit.to_dict() for hit in self.hits],
        }


@dataclass(frozen=True, slots=True)
class Place:
    """An article that carries a statement.

    ``parts`` are its quotations there, more than one where an attribution stands between them; each is a
    slice of the body. ``speaker`` is whom this article names, and ``source`` its source, by their names
    across articles.
    """

    article: Article
    parts: tuple[Quote, ...]
    speaker: str | None = None
    names: Names | None = field(default=None, compare=False)

    @property
    def source(self) -> str | None:
        """The source of the article, by its name across articles."""
        source = self.article.source
        return self.names.name_of("source", source) if self.names and source else source

    @property
    def text(self) -> str:
        """What was said: the parts as printed, with “[…]” for what stands between them."""
        return GAP.join(part.text for part in self.parts)

    @property
    def said(self) -> Quote:
        """The part whose speaker is surest."""
        return max(self.parts, key=lambda part: part.confidence)

    @property
    def confidence(self) -> float:
        """How sure the speaker is, 0 to 1."""
        return self.said.confidence if self.speaker else 0.0

    def __repr__(self) -> str:
        return f"<Place {self.article.id}: {_short(self.text)}, said by {self.speaker or 'nobody known'}>"

    def to_dict(self) -> dict[str, Any]:
        article = self.article
        return {
            "text": self.text,
            "speaker": self.speaker,
            "speaker_kind": self.said.speaker_kind,
            "confidence": round(self.confidence, 4),
            "parts": [{"start": part.start, "end": part.end, "kind": part.kind} for part in self.parts],
            "article": {**_reference(article, self.source), "story": article.story},
        }


@dataclass(frozen=True, slots=True)
class Vote:
    """A speaker, with the sum of the confidences and the number of the stories that name it."""

    speaker: str
    weight: float
    stories: int

    def to_dict(self) -> dict[str, Any]:
        return {"speaker": self.speaker, "weight": self.weight, "stories": self.stories}


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said, once, with everyone who carried it.

    ``places`` are the articles, oldest first, those without a date last; ``whole`` is the place that has most
    of it. ``votes`` are the speakers that the places name, most votes first: more than one where they differ.
    ``marks`` are the matches, as offsets into ``text``.
    """

    places: tuple[Place, ...]
    whole: Place
    votes: tuple[Vote, ...] = ()
    score: float = 0.0
    marks: Marks = ()

    @property
    def text(self) -> str:
        """The words, as printed where most of them are."""
        return self.whole.text

    @property
    def first(self) -> Place:
        """Who had it first."""
        return self.places[0]

    @property
    def speaker(self) -> str | None:
        """Who said it, by most votes; None where no place names anybody."""
        return self.votes[0].speaker if self.votes else None

    @property
    def confidence(self) -> float:
        """How sure the speaker is, 0 to 1: that of the surest place, by the speaker's share of the votes."""
        if not self.votes:
            return 0.0
        surest = max(place.confidence for place in self.places if place.speaker == self.speaker)
        return surest * self.votes[0].weight / (sum(vote.weight for vote in self.votes) or 1.0)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that carried it, each once, in the order of time."""
        return tuple(dict.fromkeys(place.source for place in self.places if place.source))

    def __repr__(self) -> str:
        said_by = self.speaker or "nobody known"
        return f"<Statement {_short(self.text)}, said by {said_by}: {len(self.places):,} places>"

    def _repr_html_(self) -> str:
        from searcher import notebook

        return notebook.statement(self)

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "marks": [list(mark) for mark in self.marks],
            "speaker": self.speaker,
            "confidence": round(self.confidence, 4),
            "votes": [vote.to_dict() for vote in self.votes],
            "sources": list(self.sources),
            "score": round(self.score, 6),
            "places": [place.to_dict() for place in self.places],
        }


@dataclass(frozen=True, slots=True)
class Statements:
    """``total`` statements match, in ``places`` articles; ``hits`` are those of the page asked for.

    ``relaxed``, ``corrections`` and ``below_confidence`` as in :class:`Quotes`.
    """

    hits: tuple[Statement, ...]
    total: int
    places: int = 0
    relaxed: bool = False
    corrections: Mapping[str, str] = field(default_factory=dict)
    below_confidence: int = 0

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __repr__(self) -> str:
        return f"<Statements: {len(self.hits):,} of {self.total:,} statements>"

    def _repr_html_(self) -> str:
        from searcher import notebook

        return notebook.statements(self)

    def to_dict(self) -> dict[str, Any]:
        return {
            "total": self.total,
            "places": self.places,
            "relaxed": self.relaxed,
            "corrections": dict(self.corrections),
            "statements": [hit.to_dict() for hit in self.hits],
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between what is remembered and what was printed: the words of each, empty where there are
    none."""

    asked: str
    printed: str

    def to_dict(self) -> dict[str, Any]:
        return {"asked": self.asked, "printed": self.printed}


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A statement that has the words of a quotation that somebody remembers, or most of them.

    ``place`` is the article whose words are nearest to these, ``share`` (0 to 1) how many of the remembered
    words are there, ``whole`` whether nothing else is, ``changes`` what differs between the first and the
    last of them.
    """

    statement: Statement
    place: Place
    share: float
    whole: bool
    changes: tuple[Change, ...] = ()

    @property
    def match(self) -> Literal["exact", "part", "near"]:
        """How the words were found: alone, within a longer statement, or with differences."""
        return "near" if self.changes else "exact" if self.whole else "part"

    def __repr__(self) -> str:
        return f"<FoundQuote {self.match}: {_short(self.place.text)}>"

    def to_dict(self) -> dict[str, Any]:
        return {
            "match": self.match,
            "share": round(self.share, 4),
            "changes": [change.to_dict() for change in self.changes],
            "printed": self.place.text,
            "in": self.place.article.id,
            "statement": self.statement.to_dict(),
        }

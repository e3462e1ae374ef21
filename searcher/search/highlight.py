"""Highlighting: find the matches of a query in a text, and choose the passages of an article to show."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, assert_never

from searcher import analysis
from searcher.analysis.analyzer import CHUNK, Position, chunk_positions
from searcher.analysis.highlight_prefilter import TextCache, beginnings, chunks_with
from searcher.article import MAX_PASSAGE, PART, Article, part_ends
from searcher.engines.base import BodyPart, Parted
from searcher.languages import ENGLISH, word_language
from searcher.names.table import NameTable
from searcher.query import tree
from searcher.query.spans import field_of, spans
from searcher.query.stop_words import is_stop_word
from searcher.query.tree import Expr, Filter, Query, QuoteQuery, SpanExpr, leaves
from searcher.results import Facet, Hit, Marks, Results, Snippet
from searcher.search.own_fields import TagQueries, matching_values

if TYPE_CHECKING:
    from searcher.results.quotations import QuoteHit
    from searcher.results.statements import Statement

#: Start, negative end, and number of the leaf. If two marks have the same start, the longer one sorts first.
Mark = tuple[int, int, int]
#: The latest matches in each text, with their leaves. Narrowing or paging shows the same texts again.
_cached_marks: TextCache[tuple[tuple[str | SpanExpr, ...], Sequence[Mark]]] = TextCache()

#: Maximum number of characters of a text to search (7.6 million took 26 s). The limit for Near is lower
#: because common words form very many pairs.
_MAX_TEXT, _MAX_TEXT_NEAR = 1_000_000, 200_000
_WILD = re.compile("[*?]")


class _Sequence(NamedTuple):
    """Consecutive positions, each with its accepted forms. A word is a sequence of one."""

    leaf: int
    slots: tuple[frozenset[str], ...]


class _Pattern(NamedTuple):
    """A leaf that tests surface forms."""

    leaf: int
    accepts: Callable[[str], bool]

    def matches_any(self, forms: Iterable[str]) -> bool:
        return any(analysis.is_surface(form) and self.accepts(form) for form in forms)


#: The matches in a chunk (start, end and leaf), and the positions where longer sequences may begin.
_ChunkMatches = tuple[list[tuple[int, int, int]], list[tuple[int, _Sequence]]]


class MatchFinder:
    """Finds the leaves of a query in texts of one language. Not thread-safe."""

    def __init__(self, leaves: Sequence[SpanExpr], language: str = ENGLISH) -> None:
        self._language = language
        self._languages = (ENGLISH,) if language in ("", ENGLISH) else (ENGLISH, language)
        self._key = (language, *leaves)
        self._sequences: list[_Sequence] = []
        self._patterns: list[_Pattern] = []
        self._prefixes: list[str] = []  # of the patterns
        self._nears: list[tuple[int, tree.Near]] = []
        for number, leaf in enumerate(leaves):
            self._add_leaf(number, leaf)
        forms = [form for sequence in self._sequences for form in sequence.slots[0]]
        self._beginnings = beginnings([*forms, *filter(None, self._prefixes)])
        self._anywhere = "" in self._prefixes
        self._chunk_matches: dict[str, _ChunkMatches] = {}

    def _add_leaf(self, number: int, leaf: SpanExpr) -> None:
        match leaf:
            case tree.Term(text=word, exact=exact):
                self._add_sequence(number, analysis.query_terms(word, exact, self._languages))
            case tree.Phrase(text=phrase):
                self._add_sequence(number, analysis.query_terms(phrase, languages=self._languages))
            case tree.Wildcard(pattern=pattern):
                folded = analysis.fold_pattern(pattern)
                self._prefixes.append(_WILD.split(folded)[0])
                self._patterns.append(_Pattern(number, partial(analysis.pattern_matches, folded)))
            case tree.Fuzzy(text=word, edits=edits):
                is_similar = partial(analysis.within_edits, analysis.fold_pattern(word), edits=edits)
                self._prefixes.append("")
                self._patterns.append(_Pattern(number, is_similar))
            case tree.SpanOr(parts):
                for part in parts:
                    self._add_leaf(number, part)
            case tree.Near():
                self._nears.append((number, leaf))
            case _:
                assert_never(leaf)

    def _add_sequence(self, number: int, slots: Sequence[Collection[str]]) -> None:
        if slots:
            self._sequences.append(_Sequence(number, tuple(map(frozenset, slots))))

    def marks(self, text: str) -> Sequence[Mark]:
        """Return all distinct matches, in order. Very long texts are searched only at their beginning."""
        cached = _cached_marks.get(text)
        if cached is None or cached[0] != self._key:
            cached = _cached_marks.keep(text, (self._key, self._find(text[:_MAX_TEXT])))
        return cached[1]

    def _find(self, text: str) -> Sequence[Mark]:
        marks: list[Mark] = []
        for begin, end in self._chunks(text):
            chunk = text[begin:end]
            if (matches := self._chunk_matches.get(chunk)) is None:
                positions = chunk_positions(chunk, self._language)
                matches = self._chunk_matches[chunk] = self._matches_in(positions)
            whole, beginnings = matches
            for first, last, leaf in whole:
                marks.append((begin + first, -begin - last, leaf))
            for first, sequence in beginnings:
                following = _positions_from(text, begin, chunk, first, self._language)
                if end_of_match := _end_of_sequence(sequence.slots, following):
                    start = chunk_positions(chunk, self._language)[first][0]
                    marks.append((begin + start, -end_of_match, sequence.leaf))
        if self._nears:
            marks += self._near_marks(text[:_MAX_TEXT_NEAR])
        return sorted(set(marks)) if len(marks) > 1 else marks

    def _chunks(self, text: str) -> Iterable[tuple[int, int]]:
        """Return start and end of each chunk that may contain a match."""
        if self._anywhere:
            return (match.span() for match in CHUNK.finditer(text))
        return chunks_with(text, self._beginnings) if self._beginnings else ()

    def _matches_in(self, positions: Sequence[Position]) -> _ChunkMatches:
        whole, beginnings = [], []
        for number, (start, end, forms) in enumerate(positions):
            for sequence in self._sequences:
                leaf, slots = sequence
                if slots[0].isdisjoint(forms):
                    continue
                if len(slots) == 1:
                    whole.append((start, end, leaf))
                else:
                    beginnings.append((number, sequence))
            if self._patterns:
                whole += [(start, end, p.leaf) for p in self._patterns if p.matches_any(forms)]
        return whole, beginnings

    def _near_marks(self, text: str) -> list[Mark]:
        positions = list(_positions(text, 0, self._language))
        forms = [position[2] for position in positions]
        return [
            (positions[first][0], -positions[last][1], number)
            for number, leaf in self._nears
            for first, last in spans(leaf, forms)
        ]


def _positions(text: str, start: int, language: str) -> Iterator[Position]:
    """Yield the positions of a text from the start of a chunk."""
    for match in CHUNK.finditer(text, start):
        at = match.start()
        for begin, end, forms in chunk_positions(match[0], language):
            yield at + begin, at + end, forms


def _positions_from(
    text: str, at: int, chunk: str, first: int, language: str
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the end and the forms of each position from one of the chunk at ``at`` on."""
    for _, end, forms in chunk_positions(chunk, language)[first:]:
        yield at + end, forms
    for _, end, forms in _positions(text, at + len(chunk), language):
        yield end, forms


def _end_of_sequence(
    slots: Sequence[frozenset[str]], positions: Iterable[tuple[int, tuple[str, ...]]]
) -> int:
    """Return the end of the sequence if the first positions match its slots, otherwise 0."""
    for number, (end, forms) in enumerate(positions, 1):
        if slots[number - 1].isdisjoint(forms):
            return 0
        if number == len(slots):
            return end
    return 0


#: Usual maximum length of a passage, in characters: three lines of a terminal. A passage of one sentence may
#: be longer, up to :data:`MAX_PASSAGE`.
USUAL_LENGTH = 280

#: Punctuation that ends a sentence, before a character that can begin one.
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?=\s+[\"'“‘«(\[]?[^\Wa-z_])")
#: Titles, initials and dotted letters, whose full stop does not end a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"'])(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|No|vs|Gen|Sen|Rep|Gov|Col|Capt|Lt|Prof|Rev|Hon|[A-Z](?:\.[A-Z])*)\.$"
)

#: The start of a sentence is searched backwards in steps of this many characters.
_CHARACTERS_BEFORE = 200


class _Passage(NamedTuple):
    """A passage of an article. The better of two is the greater: more leaves, closer together, earlier."""

    kinds: int  # number of leaves
    spread: int  # negative distance from the first match to the last, in characters; 0 for one leaf
    place: int  # negative start
    end: int
    leaves: int  # one bit per leaf
    snippet: Callable[[], Snippet]

    @property
    def start(self) -> int:
        return -self.place


class Highlighter:
    """Marks the matches of a query in articles and chooses passages. Not thread-safe."""

    def __init__(
        self, where: Expr, filters: Sequence[Filter] = (), names: Callable[[], NameTable] | None = None
    ) -> None:
        self._leaves_to_mark = _leaves_to_mark(where), _leaves_to_mark(where, title=True)
        self._finders: dict[str | None, tuple[MatchFinder, MatchFinder]] = {}
        self._names = _queried_names(where, filters)
        self._first_name = len(self._leaves_to_mark[0])
        self._all_leaves = (1 << self._first_name) - 1  # one bit per leaf
        # The words of a name or a Near may be split between two parts of the body.
        self._needs_whole_body = bool(self._names) or any(
            isinstance(one, tree.Near) for one in self._leaves_to_mark[0]
        )
        self._table = names
        self._name_values: list[frozenset[str]] | None = None

    def passages(self, article: Article, limit: int = 3) -> tuple[Snippet, ...]:
        """Return at most ``limit`` passages, best first: by the number of query words that no better passage
        has, then by their distance. Queried names (``person:``, filters) are marked wherever the article
        mentions them. Without matches, return the beginning of the article."""
        candidates: list[_Passage] = []
        passage_counts: dict[int, int] = {}  # number of passages that match a single leaf, by leaf
        reach = 0  # end of the last passage, which may lie in the next part
        parts = self._parts(article)
        for part in parts:
            has_one_leaf = len(parts) > 1 and part.leaves.bit_count() == 1
            if has_one_leaf and passage_counts.get(part.leaves, 0) >= limit:
                continue
            text = part.text()
            marks = self._marks(article) if self._names else self._finders_in(article.language)[0].marks(text)
            candidates += (passages := _candidates(text, marks, part))
            if has_one_leaf:
                new = len(_choose_passages([p for p in passages if p.start >= reach], limit))
                passage_counts[part.leaves] = passage_counts.get(part.leaves, 0) + new
            if len(parts) > 1:
                reach = max([reach, *(p.end for p in passages)])
        best = _choose_passages(candidates, limit)
        if not best and limit:
            body = article.body
            start, end = _beginning(body)
            return (Snippet(body[start:end], (), start),) if end > start else ()
        return tuple([passage.snippet() for passage in best])

    def body_marks(self, article: Article) -> Marks:
        """Return the matches in the body, including mentions of the queried names."""
        return _merge_marks(self._marks(article))

    def title_marks(self, article: Article) -> Marks:
        return _merge_marks(self._finders_in(article.language)[1].marks(article.title))

    def quote_marks(self, text: str, language: str | None = None) -> Marks:
        return _merge_marks(self._finders_in(language)[0].marks(text))

    def _finders_in(self, declared: str | None) -> tuple[MatchFinder, MatchFinder]:
        """Return the finders for texts and for titles in a language."""
        if (finders := self._finders.get(declared)) is None:
            (text, title), language = self._leaves_to_mark, word_language(declared)
            finder = MatchFinder(text, language)
            finders = (finder, MatchFinder(title, language) if title != text else finder)
            self._finders[declared] = finders
        return finders

    def _parts(self, article: Article) -> Sequence[BodyPart]:
        """Return the parts of the body that may contain matches."""
        if (
            isinstance(article, Parted)
            and not self._needs_whole_body
            and (parts := article.parts_containing(self._leaves_to_mark[0])) is not None
        ):
            return [part for part in parts if part.start < _MAX_TEXT]
        body = article.body
        if self._needs_whole_body or len(body) <= PART:  # a single part
            return [BodyPart(0, len(body), self._all_leaves, lambda: body)]
        ends = part_ends(body := body[:_MAX_TEXT])
        return [
            BodyPart(start, end, self._all_leaves, partial(body.__getitem__, slice(start, end + MAX_PASSAGE)))
            for start, end in zip((0, *ends), ends)
        ]

    def _marks(self, article: Article) -> Sequence[Mark]:
        marks = self._finders_in(article.language)[0].marks(article.body)
        return sorted([*marks, *self._name_marks(article)]) if self._names else marks

    def _name_marks(self, article: Article) -> list[Mark]:
        """Return the mentions of the people, organisations, places and contacts in the query."""
        if self._name_values is None:
            table = self._table() if self._table else None
            self._name_values = [
                table.values_meant(name, [value]) if table else frozenset() for name, value in self._names
            ]
        return [
            (start, -end, number)
            for number, ((field, _), values) in enumerate(
                zip(self._names, self._name_values), self._first_name
            )
            for start, end in _offsets_of(article, field, values)
        ]


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences, without the space between them."""
    offsets: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = _line_end(text, start)
        offsets += _sentences_of(text, start, end)
        start = end + 1
    return offsets


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    while end > 0 and text[end - 1] == "." and _sentence_continues(text, end):
        end = text.find("\n", end + 1)
    return end if end >= 0 else len(text)


def _line_start(text: str, at: int) -> int:
    end = text.rfind("\n", 0, at)
    while end > 0 and text[end - 1] == "." and _sentence_continues(text, end):
        end = text.rfind("\n", 0, end)
    return end + 1


def _sentence_continues(text: str, end: int) -> bool:
    """Return True if a line ends with an abbreviation and no empty line follows."""
    return not text.startswith("\n", end + 1) and _is_abbreviation(text, end)


def _is_abbreviation(text: str, end: int) -> bool:
    return _ABBREVIATION.search(text, max(0, end - 12), end) is not None


def _sentences_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a line from the start of one of them."""
    for stop in _sentence_ends(text, start, end):
        yield _after_space(text, start, stop), stop
        start = stop
    start = _after_space(text, start, end)
    if start < end:
        yield start, start + len(text[start:end].rstrip())


def _sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(text, start, end):
        stop = match.end()
        if text[stop - 1] != "." or not _is_abbreviation(text, stop):
            yield stop


def _sentence_start(text: str, at: int) -> int:
    """Return the start of the sentence of a match, or of the space before it."""
    line, near = _line_start(text, at), at
    while near > line:
        near = max(line, near - _CHARACTERS_BEFORE)
        if stops := [*_sentence_ends(text, near, at + 1)]:
            return stops[-1]
    return line


def _after_space(text: str, start: int, end: int) -> int:
    return start if start < end and not text[start].isspace() else end - len(text[start:end].lstrip())


def _leaves_to_mark(where: Expr, *, title: bool = False) -> list[SpanExpr]:
    """Return the leaves to mark. Stop words are marked only in queries without other words."""
    found_leaves: list[SpanExpr] = []
    for leaf in leaves(where):
        match leaf:
            case tree.InQuote(inner):
                found_leaves += [] if title else _leaves_to_mark(inner)
            case tree.AtLeast(part=part):
                found_leaves.append(part)
            case tree.Term() | tree.Phrase() | tree.Wildcard() | tree.Fuzzy() | tree.Near():
                found_leaves.append(leaf)
            case _:
                pass
    found_leaves = [leaf for leaf in found_leaves if title or field_of(leaf) == "text"]
    content_leaves = [
        leaf for leaf in found_leaves if not (isinstance(leaf, tree.Term) and is_stop_word(leaf.text))
    ]
    return content_leaves or found_leaves


def _queried_names(where: Expr, filters: Sequence[Filter]) -> list[tuple[str, str]]:
    names = [(leaf.field, leaf.value) for leaf in leaves(where) if isinstance(leaf, tree.HasValue)]
    names += [(f.field, value) for f in filters if not f.negated for value in f.values]
    return [pair for pair in names if pair[0] in ("person", "organisation", "speaker", *_WRITTEN)]


#: Fields whose values occur in the body, at positions that the article does not record.
_WRITTEN = ("place", "contact")


def _offsets_of(article: Article, field: str, values: Collection[str]) -> list[tuple[int, int]]:
    """Return the offsets of these values in the body."""
    if field not in _WRITTEN:
        return [(one.start, one.end) for one in article.mentions if one.name in values and one.part == "body"]
    printed = [one for one in (article.places if field == "place" else article.contacts) if one in values]
    cases = [re.NOFLAG if one.isupper() else re.I for one in printed]  # “US” is not “us”
    patterns = map(re.compile, [_written_pattern(field, one) for one in printed], cases)
    return [match.span() for pattern in patterns for match in pattern.finditer(article.body)]


def _written_pattern(field: str, value: str) -> str:
    """Return a pattern for a place or a contact. Numbers may be grouped in any way, with or without their
    country code, and accounts written without their label (“IBAN DE…”)."""
    _, _, number = value.partition(" ")
    if field == "contact" and number:
        country = r"(?<!\w)(?:\+?\d{1,3}\W{0,3})?(?:0\W{0,2})?" if value.startswith("+") else r"(?<!\w)"
        return country + r"\W{0,3}".join(re.findall(r"\w", number)) + r"(?!\w)"
    return rf"(?<!\w){re.escape(value)}(?!\w)".replace(r"\ ", r"\s+")


#: The latest passages of each text, with their matches and their part of the body.
_cached_passages: TextCache[tuple[Sequence[Mark], int, int, list[_Passage]]] = TextCache()


def _candidates(body: str, marks: Sequence[Mark], part: BodyPart) -> list[_Passage]:
    """Return a passage for each sentence of a part with a match, within its line. ``body`` is the text of the
    part and the text that follows it."""
    key = marks, part.start, part.end
    last = _cached_passages.get(body) if marks else (*key, [])
    if last is not None and last[:3] == key:
        return last[3]
    passages: list[_Passage] = []
    seen_to = -1
    for first, (at, _, _) in enumerate(marks):
        if at < seen_to:
            continue
        if at >= part.end - part.start:
            break
        following = _sentences_of(body, _sentence_start(body, at), _line_end(body, at))
        start, seen_to = next(following)
        end = _last_fitting_end(start, seen_to, following)
        passages.append(_passage(body, start, end, islice(marks, first, None), part.start))
    return _cached_passages.keep(body, (*key, passages))[3]


def _last_fitting_end(start: int, end: int, following: Iterable[tuple[int, int]]) -> int:
    """Return the end of the last sentence that matches_any into a passage with this start."""
    for _, further in following:
        if further - start > USUAL_LENGTH:
            break
        end = further
    return end


def _passage(body: str, start: int, end: int, marks: Iterable[Mark], base: int) -> _Passage:
    """Return a passage with the marks that lie within it."""
    inside = []
    for mark in marks:
        if mark[0] >= end:
            break
        if -mark[1] <= end:
            inside.append(mark)
    if inside and end - start > MAX_PASSAGE:
        start, end = _shorten(body, start, end, inside[0][0])
        inside = [mark for mark in inside if start <= mark[0] and -mark[1] <= end]
    matched_leaves = 0
    for _, _, leaf in inside:
        matched_leaves |= 1 << leaf
    kinds = matched_leaves.bit_count()
    spread = inside[0][0] + inside[-1][1] if kinds > 1 else 0
    snippet = partial(_snippet, body[start:end], start, inside, base)
    return _Passage(kinds, spread, -start - base, end + base, matched_leaves, snippet)


def _shorten(body: str, start: int, end: int, match: int) -> tuple[int, int]:
    """Return the part of a too long sentence around its first match."""
    if match - start > USUAL_LENGTH // 2:
        start = _word_start(body, match - USUAL_LENGTH // 3, start)
    if end - start > MAX_PASSAGE:
        end = _word_end(body, start + USUAL_LENGTH, end)
    return start, end


def _choose_passages(candidates: Sequence[_Passage], limit: int) -> list[_Passage]:
    """Choose passages greedily: each time the one with most leaves that no chosen one has."""
    choice: list[_Passage] = []
    covered_leaves = 0
    candidates_left = sorted([passage for passage in candidates if passage.kinds], reverse=True)
    while candidates_left and len(choice) < limit:
        best = (
            max(candidates_left, key=lambda passage: (passage.leaves & ~covered_leaves).bit_count())
            if covered_leaves
            else candidates_left[0]
        )
        choice.append(best)
        covered_leaves |= best.leaves
        candidates_left = [p for p in candidates_left if p.end <= best.start or p.start >= best.end]
    return choice


def _snippet(text: str, start: int, inside: Sequence[Mark], base: int) -> Snippet:
    marks = tuple([(first - start, end - start) for first, end in _merge_marks(inside)])
    return Snippet(text, marks, base + start)


def _merge_marks(marks: Sequence[Mark]) -> Marks:
    joined: list[tuple[int, int]] = []
    last = -1
    for start, minus_end, _ in marks:
        if start >= last:
            joined.append((start, -minus_end))
        elif -minus_end > last:
            joined[-1] = (joined[-1][0], -minus_end)
        else:
            continue
        last = -minus_end
    return tuple(joined)


def _beginning(body: str) -> tuple[int, int]:
    start = len(body) - len(body.lstrip())
    end = start
    for first, last in sentences(body[: start + 3 * USUAL_LENGTH]):
        if end > start and (last - start > USUAL_LENGTH or "\n" in body[end:first]):
            break
        end = last
    return (start, end) if end - start <= MAX_PASSAGE else (start, _word_end(body, start + USUAL_LENGTH, end))


def _word_start(body: str, near: int, least: int) -> int:
    space = body.find(" ", max(near, least))
    return space + 1 if space >= 0 else least


def _word_end(body: str, near: int, most: int) -> int:
    space = body.rfind(" ", 0, min(near, most))
    return space if space > 0 else min(near, most)


#: Maximum number of characters of the article to show on each side of a quotation.
MAX_CONTEXT_CHARACTERS = 160


def highlighted_hits(hits: Iterable[Hit], query: Query, tags: TagQueries) -> Iterator[Hit]:
    highlighter = Highlighter(query.where, query.filters, tags.engine.names)
    for hit in hits:
        yield Hit(
            hit.article,
            hit.score,
            highlighter.passages(hit.article),
            highlighter.title_marks(hit.article),
            hit.explanation,
            hit.names,
        )


def facets_with_selection(
    results: Results, filters: Sequence[Filter], tags: TagQueries
) -> Mapping[str, Facet]:
    """Return the facets with the values that these filters select."""
    return {name: _with_selection(facet, filters, tags) for name, facet in results.facets.items()}


def _with_selection(facet: Facet, filters: Sequence[Filter], tags: TagQueries) -> Facet:
    values = [value for f in filters if f.field == facet.field and not f.negated for value in f.values]
    if not values:
        return facet
    names = tags.engine.names()
    selected = frozenset().union(
        *(matching_values(names, tags.fields, facet.field, value) for value in values)
    )
    return Facet(facet.field, facet.values.with_selection(selected))


def highlight_quotes(hits: Iterable[QuoteHit], query: QuoteQuery) -> Iterator[QuoteHit]:
    highlighter = Highlighter(query.where)
    return (_quote_hit(hit, highlighter) for hit in hits)


def highlight_statements(hits: Iterable[Statement], query: QuoteQuery) -> Iterator[Statement]:
    if not _leaves_to_mark(query.where):  # Leave the text unloaded until it is shown.
        return iter(hits)
    highlighter = Highlighter(query.where)
    return (replace(hit, marks=highlighter.quote_marks(hit.text, hit.whole.article.language)) for hit in hits)


def _quote_hit(hit: QuoteHit, highlighter: Highlighter) -> QuoteHit:
    """Return a quotation with marks and the text around it, cut at words."""
    from searcher.results.quotations import QuoteHit  # not needed by a search for articles

    quote, article, body = hit.quote, hit.article, hit.article.body
    before = body[max(0, quote.start - MAX_CONTEXT_CHARACTERS) : quote.start]
    after = body[quote.end : quote.end + MAX_CONTEXT_CHARACTERS]
    if quote.start > MAX_CONTEXT_CHARACTERS:
        before = before[before.find(" ") + 1 :]
    if quote.end + MAX_CONTEXT_CHARACTERS < len(body):
        after = after[: after.rfind(" ")]
    marks = highlighter.quote_marks(quote.text, article.language)
    return QuoteHit(quote, article, hit.score, hit.speaker, before, after, marks, hit.names)

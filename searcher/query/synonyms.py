"""Synonyms, in an editable text file next to the index. Its head describes the format (``TEXTS`` in
:mod:`searcher.locations`).

Lines are independent: ``a, b`` and ``b, c`` do not let a find c. Words are compared by their analysis, so
that case and endings do not matter, but “US” is not “us”.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Self

from searcher import analysis
from searcher.errors import IndexDamaged, UsageError
from searcher.locations import SYNONYMS, TEXTS
from searcher.query import tree
from searcher.query.spans import span_expr
from searcher.query.tree import Expr, SpanExpr, all_of, any_of
from searcher.textfiles import Texts

#: Maximum number of words and phrases in a line. Hundreds would make every search for one of them slow.
MAX_ENTRIES: Final = 100

_ARROW = "=>"
#: A comma, except between digits.
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_NO_LETTERS = re.compile(r"[*?\"“”„~]|^[-#]|(?<!\S)#(?!\S)")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑](?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Rule:
    """A line. ``words`` find ``synonyms``, or without these one another."""

    words: tuple[str, ...]
    synonyms: tuple[str, ...] = ()

    def __str__(self) -> str:
        left = ", ".join(self.words)
        return f"{left} {_ARROW} {', '.join(self.synonyms)}" if self.synonyms else left

    @classmethod
    def parse(cls, line: str) -> Self:
        """Parse a line. Raises UsageError."""
        if len(line.splitlines()) > 1:
            raise UsageError("write one line at a time")
        left, *right = (_entries(side) for side in line.split(_ARROW))
        if len(right) > 1:
            raise UsageError(f"write {_ARROW} once in a line")
        if not right and len(left) < 2:
            raise UsageError(f"a line needs two words: write a, b or a {_ARROW} b")
        if len(left) + sum(map(len, right)) > MAX_ENTRIES:
            raise UsageError(f"a line can have at most {MAX_ENTRIES} words")
        return cls(left, *right)


@dataclass(frozen=True)  # no slots, because of cached properties
class Synonyms:
    """All synonyms of an index, immutable.

    Attributes:
        lines: Lines of the file: rules, and comments as text.
        origin: The lines as they were read from the file, or None.
    """

    lines: tuple[Rule | str, ...] = ()
    origin: tuple[Rule | str, ...] | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.rules)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(line for line in self.lines if isinstance(line, Rule))

    def add(self, line: str) -> Self:
        """Add a line, "a, b" or "a => b, c". Raises UsageError."""
        rule = _rule_of(line)
        if rule in self.rules:
            raise UsageError(f"“{rule}” already exists.")
        return replace(self, lines=(*self.lines, rule))

    def remove(self, line: str) -> Self:
        """Remove a line. Raises UsageError if it does not exist."""
        rule = str(_rule_of(line)).casefold()
        lines = tuple(
            other for other in self.lines if isinstance(other, str) or str(other).casefold() != rule
        )
        if len(lines) == len(self.lines):
            raise UsageError(f"The synonyms have no line “{rule}”.")
        return replace(self, lines=lines)

    def since(self, text: str) -> Synonyms:
        """Merge these lines with those added to the file since it was read. Raises IndexDamaged if the file
        has become invalid."""
        if self.origin is None or self.lines == self.origin:
            return self
        try:
            now = Synonyms.parse(text).lines
        except UsageError as error:
            raise IndexDamaged(f"{SYNONYMS}, {error}") from error
        removed = {line for line in self.origin if line not in self.lines}
        added = tuple(line for line in self.lines if line not in self.origin and line not in now)
        return Synonyms((*(line for line in now if line not in removed), *added))

    def render(self) -> str:
        """Return the text of the file."""
        return "".join(f"{line}\n" for line in self.lines)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the text of a file. Raises UsageError with the number of an invalid line."""
        return cls(tuple(_rule_in_line(number, line) for number, line in enumerate(text.splitlines(), 1)))

    def expand(self, expr: Expr, *, any_order: bool = False) -> Expr:
        """Return the tree with synonyms as alternatives, also under Not. Exact words and phrases stay.
        Entries of several words match neighbours in an And; with ``any_order``, in an Or, too."""
        return _Expander(self._finder).expand(expr, any_order) if self else expr

    def covered_terms(self, expr: Expr, *, any_order: bool = False) -> frozenset[tree.Term]:
        """Return the words of a tree that have synonyms, alone or with their neighbours."""
        if not self:
            return frozenset()
        expander = _Expander(self._finder)
        expander.expand(expr, any_order)
        return frozenset(expander.expanded)

    @cached_property
    def _finder(self) -> _Finder:
        return _Finder.from_rules(self.rules)


def load(texts: Texts) -> Synonyms:
    """Load the synonyms of an index. Raises IndexDamaged, with file and line, for an invalid file."""
    try:
        read = Synonyms.parse(texts.read(SYNONYMS))
    except UsageError as error:
        raise IndexDamaged(f"{texts.path(SYNONYMS)}, {error}") from error
    return replace(read, origin=read.lines)


def save(texts: Texts, changed: Synonyms) -> None:
    """Save the synonyms of an index, merged with lines that others have added. Raises IndexFailure."""
    texts.change(SYNONYMS, lambda text: ("" if text else TEXTS[SYNONYMS]) + changed.since(text).render())


# Lines


def _rule_in_line(number: int, line: str) -> Rule | str:
    if not line.strip() or line.lstrip().startswith("#"):
        return line
    try:
        return Rule.parse(line)
    except UsageError as error:
        raise UsageError(f"line {number}: {error}: {line.strip():.80}") from None


def _rule_of(line: str) -> Rule:
    try:
        return Rule.parse(line)
    except UsageError as error:
        raise UsageError(f"“{line}”: {error}.") from None


def _entries(side: str) -> tuple[str, ...]:
    entries = [" ".join(part.split()) for part in _COMMA.split(side)]
    for entry in entries:
        if not entry:
            raise UsageError("a word is missing next to a comma or arrow")
        if wrong := _NO_LETTERS.search(entry):
            raise UsageError(f"leave out the {wrong[0]}")
        if not analysis.query_terms(entry):
            raise UsageError(f"“{entry}” contains no word")
    return tuple(dict.fromkeys(entries))


# Expanding


@dataclass(frozen=True, slots=True)
class _Finder:
    """Looks up entries. ``entries`` maps the terms of first words to entries; ``longest`` is the maximum
    number of words."""

    entries: Mapping[str, Sequence[tuple[str, Rule]]]
    longest: int

    @classmethod
    def from_rules(cls, rules: Iterable[Rule]) -> Self:
        entries: dict[str, list[tuple[str, Rule]]] = defaultdict(list)
        longest = 1
        for rule in rules:
            for entry in rule.words:
                longest = max(longest, len(analysis.query_terms(entry)))
                for form in _first_forms(entry):
                    entries[form].append((entry, rule))
        return cls(entries, longest)

    def synonyms(self, written: str) -> tuple[str, ...]:
        pairs = dict.fromkeys(pair for form in _first_forms(written) for pair in self.entries.get(form, ()))
        synonyms = [
            other
            for entry, rule in pairs
            if _is_same(entry, written)
            for other in (rule.synonyms or rule.words)
            if not _is_same(other, written)
        ]
        return tuple(dict.fromkeys(synonyms))


def _is_same(one: str, other: str) -> bool:
    """Return True if two entries match the same text, with or without hyphens."""
    return _have_same_terms(one, other) or _have_same_terms(_without_hyphens(one), _without_hyphens(other))


def _have_same_terms(one: str, other: str) -> bool:
    mine, theirs = analysis.query_terms(one), analysis.query_terms(other)
    return len(mine) == len(theirs) and not any(set(a).isdisjoint(b) for a, b in zip(mine, theirs))


def _first_forms(entry: str) -> set[str]:
    firsts = (terms for text in (entry, _without_hyphens(entry)) for terms in analysis.query_terms(text)[:1])
    return {term for terms in firsts for term in terms}


def _without_hyphens(entry: str) -> str:
    return _HYPHEN.sub("", entry)


class _Expander:
    """Expands a tree; ``expanded`` collects its words with synonyms."""

    def __init__(self, finder: _Finder) -> None:
        self.finder = finder
        self.expanded: set[tree.Term] = set()

    def expand(self, expr: Expr, any_order: bool) -> Expr:
        match expr:
            case tree.Term():
                return self.expand_run([expr]) or expr
            case tree.And(parts):
                return all_of(*self.parts(parts, any_order, rows=True))
            case tree.Or(parts):
                return any_of(*self.parts(parts, any_order, rows=any_order))
            case tree.Not(part):
                return tree.Not(self.expand(part, any_order))
            case tree.InQuote(where, kind):
                return tree.InQuote(self.expand(where, any_order), kind)
            case tree.AtLeast(part, count):
                return tree.AtLeast(self.expand_span(part), count)
            case tree.Near(_, _, 1, True):  # a phrase
                return expr
            case tree.Near(left, right, distance, ordered):
                return tree.Near(self.expand_span(left), self.expand_span(right), distance, ordered)
            case _:
                return expr

    def expand_span(self, part: SpanExpr) -> SpanExpr:
        """Expand a part with positions to words and phrases of the same field."""
        if isinstance(part, tree.SpanOr):
            return tree.SpanOr(tuple(map(self.expand_span, part.parts)))
        return span_expr(self.expand(part, False)) or part

    def parts(self, parts: Sequence[Expr], any_order: bool, *, rows: bool) -> Iterator[Expr]:
        """Expand each part. The longest run of neighbours that is an entry is expanded as one."""
        at = 0
        while at < len(parts):
            longest = min(self.finder.longest if rows else 1, len(parts) - at)
            tried = ((size, self.expand_run(parts[at : at + size])) for size in range(longest, 0, -1))
            size, wide = next((attempt for attempt in tried if attempt[1]), (1, None))
            yield wide or self.expand(parts[at], any_order)
            at += size

    def expand_run(self, run: Sequence[Expr]) -> Expr | None:
        """Return an Or of the neighbours and their synonyms, or None if they have no entries."""
        terms = [part for part in run if isinstance(part, tree.Term) and not part.exact]
        if len(terms) < len(run) or len({term.field for term in terms}) > 1:
            return None
        field = terms[0].field
        if not (synonyms := self.finder.synonyms(" ".join(term.text for term in terms))):
            return None
        self.expanded.update(terms)
        return any_of(all_of(*terms), *(_synonym_leaf(other, field) for other in synonyms))


def _synonym_leaf(entry: str, field: str) -> tree.Term | tree.Phrase:
    return tree.Phrase(entry, field) if " " in entry else tree.Term(entry, field)

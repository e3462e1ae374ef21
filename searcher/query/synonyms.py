"""Words that are to find one another, kept in a plain text file beside the index: write it, edit it.

::

    # searcher synonyms …
    ECB, European Central Bank
    vehicle => car, lorry

A line is about what is written in it and leads to no other line: ``a, b`` and ``b, c`` do not let a find c.
Words are compared as everywhere, by their analysis: case and endings do not matter, but “US” is not “us”.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from searcher import analysis, textfiles
from searcher.errors import IndexDamaged, UsageError
from searcher.query.spans import span_expr
from searcher.query.tree import (
    And,
    AtLeast,
    Expr,
    InQuote,
    Near,
    Not,
    Or,
    Phrase,
    SpanExpr,
    SpanOr,
    Term,
    all_of,
    any_of,
)

__all__ = ["FILE", "Rule", "Synonyms", "load", "save"]

#: The file's name within the folder of an index.
FILE: Final = "synonyms.txt"
#: Entries of one line: a word that stands for hundreds makes every search for it slow.
MOST: Final = 100

_HEADER = """\
# Words that are to find one another. Edit freely, or use `searcher synonyms`.
#
#   ECB, European Central Bank     each finds all
#   vehicle => car, lorry          vehicle finds cars and lorries, but “car” finds no other vehicle
#
# Lines that begin with # say nothing.
"""
_ARROW = "=>"
#: A comma between figures is part of a number.
_COMMA = re.compile(r"(?<!\d),|,(?!\d)")
_NO_LETTERS = re.compile(r"[*?\"“”„~]|^[-#]|(?<!\S)#(?!\S)")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑](?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line. ``words`` find ``others``; without ``others`` they find one another."""

    words: tuple[str, ...]
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        left = ", ".join(self.words)
        return f"{left} {_ARROW} {', '.join(self.others)}" if self.others else left

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line. Raises UsageError."""
        if len(line.splitlines()) > 1:
            raise UsageError("write one line at a time")
        left, *right = (_entries(side) for side in line.split(_ARROW))
        if len(right) > 1:
            raise UsageError(f"write {_ARROW} once in a line")
        if not right and len(left) < 2:
            raise UsageError(f"one word alone has no synonym: write a, b or a {_ARROW} b")
        if len(left) + sum(map(len, right)) > MOST:
            raise UsageError(f"a line can hold {MOST} words")
        return cls(left, *right)


@dataclass(frozen=True)  # without slots, to keep what is found once for all searches
class Synonyms:
    """All synonyms. Immutable: what changes them returns new ones. ``lines`` are those of the file, remarks
    as text."""

    lines: tuple[Rule | str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(line for line in self.lines if isinstance(line, Rule))

    def add(self, line: str) -> Self:
        """With one more line, "a, b" or "a => b, c". Raises UsageError."""
        rule = _read(line)
        if rule in self.rules:
            raise UsageError(f"“{rule}” is there already.")
        return replace(self, lines=(*self.lines, rule))

    def remove(self, line: str) -> Self:
        """Without that line. Raises UsageError if there is none like it."""
        rule = str(_read(line)).casefold()
        kept = tuple(other for other in self.lines if isinstance(other, str) or str(other).casefold() != rule)
        if len(kept) == len(self.lines):
            raise UsageError(f"There is no line “{rule}” among the synonyms.")
        return replace(self, lines=kept)

    def render(self) -> str:
        """The text of the file; ``Synonyms.parse`` reads it back."""
        return "".join(f"{line}\n" for line in self.lines)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a file. Raises UsageError, which names the line that makes no sense."""
        return cls(tuple(_line(number, line) for number, line in enumerate(text.splitlines(), 1)))

    def widen(self, expr: Expr, *, loose: bool = False) -> Expr:
        """The tree with each word that has synonyms also as these, under Not too; not the exact words, nor
        phrases. Several words of a row are taken for one entry where they stand side by side in an And;
        ``loose``: in an Or too, for trees that were a text without operators."""
        return _Widening(self._finder).of(expr, loose) if self else expr

    def known(self, expr: Expr, *, loose: bool = False) -> frozenset[Term]:
        """The words of a tree that have synonyms, alone or as part of a row: no slips of the pen."""
        if not self:
            return frozenset()
        widening = _Widening(self._finder)
        widening.of(expr, loose)
        return frozenset(widening.widened)

    @cached_property
    def _finder(self) -> _Finder:
        return _Finder.of(self.rules)


def load(folder: Path) -> Synonyms:
    """The synonyms kept in the folder of an index; none if there is no file. Raises IndexDamaged, with the
    file and the line, when it cannot be understood."""
    file = folder / FILE
    try:
        return Synonyms.parse(textfiles.read(file))
    except UsageError as error:
        raise IndexDamaged(f"{file}, {error}") from error


def save(folder: Path, synonyms: Synonyms) -> None:
    """Keep the synonyms in the folder of an index, all or nothing. Raises IndexFailure."""
    heading = "" if (folder / FILE).exists() else f"{_HEADER}\n"
    textfiles.replace(folder / FILE, heading + synonyms.render())


# Lines


def _line(number: int, line: str) -> Rule | str:
    if not line.strip() or line.lstrip().startswith("#"):
        return line
    try:
        return Rule.parse(line)
    except UsageError as error:
        raise UsageError(f"line {number}: {error}: {line.strip()}") from None


def _read(line: str) -> Rule:
    try:
        return Rule.parse(line)
    except UsageError as error:
        raise UsageError(f"“{line}”: {error}.") from None


def _entries(side: str) -> tuple[str, ...]:
    """The words of one side of a line, each once."""
    found = [" ".join(part.split()) for part in _COMMA.split(side)]
    for entry in found:
        if not entry:
            raise UsageError("there is no word between the signs")
        wrong = _NO_LETTERS.search(entry)
        if wrong:
            raise UsageError(f"leave out the {wrong[0]}")
        if not analysis.query_terms(entry):
            raise UsageError(f"“{entry}” holds no word")
    return tuple(dict.fromkeys(found))


# Widening


@dataclass(frozen=True, slots=True)
class _Finder:
    """``entries`` leads from a form of an entry's first word to the entries that may be meant;
    ``longest`` is the number of words of the longest one."""

    entries: Mapping[str, Sequence[tuple[str, Rule]]]
    longest: int

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Self:
        entries: dict[str, list[tuple[str, Rule]]] = defaultdict(list)
        longest = 1
        for rule in rules:
            for entry in rule.words:
                longest = max(longest, len(analysis.query_terms(entry)))
                for form in _first(entry):
                    entries[form].append((entry, rule))
        return cls(entries, longest)

    def others(self, written: str) -> tuple[str, ...]:
        """What else is looked for where ``written`` is."""
        meant = dict.fromkeys(pair for form in _first(written) for pair in self.entries.get(form, ()))
        found = [
            other
            for entry, rule in meant
            if _same(entry, written)
            for other in (rule.others or rule.words)
            if not _same(other, written)
        ]
        return tuple(dict.fromkeys(found))


def _same(one: str, other: str) -> bool:
    """Whether they find the same; start-up is startup too."""
    return _alike(one, other) or _alike(_solid(one), _solid(other))


def _alike(one: str, other: str) -> bool:
    mine, theirs = analysis.query_terms(one), analysis.query_terms(other)
    return len(mine) == len(theirs) and not any(set(a).isdisjoint(b) for a, b in zip(mine, theirs))


def _first(entry: str) -> set[str]:
    """The forms of its first word."""
    firsts = (terms for text in (entry, _solid(entry)) for terms in analysis.query_terms(text)[:1])
    return {term for terms in firsts for term in terms}


def _solid(entry: str) -> str:
    return _HYPHEN.sub("", entry)


class _Widening:
    """One tree being widened; ``widened`` are the words that were."""

    def __init__(self, finder: _Finder) -> None:
        self.finder = finder
        self.widened: set[Term] = set()

    def of(self, expr: Expr, loose: bool) -> Expr:
        match expr:
            case Term():
                return self.row([expr]) or expr
            case And(parts):
                return all_of(*self.parts(parts, loose, rows=True))
            case Or(parts):
                return any_of(*self.parts(parts, loose, rows=loose)) or expr
            case Not(part):
                return Not(self.of(part, loose))
            case InQuote(where):
                return InQuote(self.of(where, loose))
            case AtLeast(part, count):
                return AtLeast(self.positional(part), count)
            case Near(left, right, distance, ordered) if not (ordered and distance == 1):  # that is a phrase
                return Near(self.positional(left), self.positional(right), distance, ordered)
            case _:
                return expr

    def positional(self, part: SpanExpr) -> SpanExpr:
        """What has positions keeps them: without rows, words become words or phrases in the same field."""
        if isinstance(part, SpanOr):
            return SpanOr(tuple(map(self.positional, part.parts)))
        return span_expr(self.of(part, False)) or part

    def parts(self, parts: Sequence[Expr], loose: bool, *, rows: bool) -> Iterator[Expr]:
        """Each part widened; the longest row of words that is an entry as one."""
        at = 0
        while at < len(parts):
            longest = min(self.finder.longest if rows else 1, len(parts) - at)
            tried = ((size, self.row(parts[at : at + size])) for size in range(longest, 0, -1))
            size, wide = next((found for found in tried if found[1]), (1, None))
            yield wide or self.of(parts[at], loose)
            at += size

    def row(self, row: Sequence[Expr]) -> Expr | None:
        """The row or what else is looked for in its place; None if that is nothing else."""
        terms = [part for part in row if isinstance(part, Term) and not part.exact]
        if len(terms) < len(row) or len({term.field for term in terms}) > 1:
            return None
        field = terms[0].field
        others = self.finder.others(" ".join(term.text for term in terms))
        if not others:
            return None
        self.widened.update(terms)
        return any_of(all_of(*terms), *(_leaf(other, field) for other in others))


def _leaf(entry: str, field: str) -> Term | Phrase:
    return Phrase(entry, field) if " " in entry else Term(entry, field)

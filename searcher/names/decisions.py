"""Decisions by hand about names, in a text file next to the index that people may edit.

A decision is about the name of a person, an organisation, a source or an author, as written or as shown; case
and accents do not matter. Articles are never changed, so the file is all there is to back up. Its head
explains the format (``TEXTS`` in :mod:`searcher.locations`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, Self, TypeVar, cast

from searcher.errors import IndexDamaged, UsageError
from searcher.locations import TEXTS
from searcher.names.normalise import fold
from searcher.textfiles import Texts

if TYPE_CHECKING:
    from searcher.records.store import Store

Kind = Literal["person", "organisation", "source", "author"]
#: Kind, name, and the text of the decision.
Decision = tuple[str, str, str]
_Key = TypeVar("_Key", tuple[Kind, str], tuple[Kind, str, str])

#: The file's name within the folder of an index.
FILE: Final = "names.txt"

#: Kinds of names that users can merge, separate or hide.
CURATED_KINDS: Final = ("person", "organisation", "source", "author")
#: Kinds of people and organisations. “speaker” is for unnamed ones (“a nurse”).
NAME_KINDS: Final = ("person", "organisation", "speaker")
_GAP = re.compile(r"\t+| {2,}")
_APART = "apart"
_IGNORED = "ignored"
_ARROW = "->"
#: The arrow of a join that the program found.
_FOUND_ARROW = "~>"
_OTHER = "!="


@dataclass(frozen=True, slots=True)
class Curation:
    """All decisions about names. Methods return a new object, and raise UsageError for invalid names.

    ``renamed`` is the name that each (kind, name) gets; ``joined`` are its keys that the program found. Names
    ``apart`` are joined to no other, ``ignored`` ones are hidden, ``unlike`` are pairs of different names.
    ``origin`` are the decisions in the file when it was read.
    """

    renamed: Mapping[tuple[Kind, str], str] = field(default_factory=dict)
    joined: frozenset[tuple[Kind, str]] = frozenset()
    apart: frozenset[tuple[Kind, str]] = frozenset()
    ignored: frozenset[tuple[Kind, str]] = frozenset()
    unlike: frozenset[tuple[Kind, str, str]] = frozenset()
    origin: tuple[Decision, ...] | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.renamed or self.apart or self.ignored or self.unlike)

    def merge(self, kind: str, name: str, merged: Iterable[str]) -> Self:
        """Give ``merged``, and all values with their names, this name."""
        sort, name = _checked_name(kind, name)
        same = [_checked_name(kind, other)[1] for other in merged]
        if not same:
            raise UsageError("Name at least one other name to merge.")
        changed = self._without(sort, name)  # drop an earlier decision that renames this name
        for other in same:
            if other == name:
                raise UsageError(f"“{name}” cannot be merged with itself.")
            changed = changed._give_name(sort, other, name)
        return changed

    def join(self, kind: str, name: str, other: str) -> Self:
        """Give ``other`` this name, as a finding of the program."""
        made = self.merge(kind, name, [other])
        return replace(made, joined=made.joined | {_checked_name(kind, other)})

    def rename(self, kind: str, old: str, new: str) -> Self:
        sort, old = _checked_name(kind, old)
        _, new = _checked_name(kind, new)
        if old == new:
            raise UsageError(f"“{old}” already has this name.")
        return self._without(sort, new)._give_name(sort, old, new)

    def split(self, kind: str, name: str) -> Self:
        """Keep a name apart: it is joined to no other name."""
        sort, name = _checked_name(kind, name)
        changed = self._without(sort, name)
        return replace(changed, apart=changed.apart | {(sort, name)})

    def add_difference(self, kind: str, name: str, other: str) -> Self:
        """Record that ``name`` is not ``other``."""
        (sort, name), (_, other) = _checked_name(kind, name), _checked_name(kind, other)
        if fold(name) == fold(other):
            raise UsageError(f"“{name}” is “{other}”.")
        return replace(self, unlike=self.unlike | {(sort, name, other)})

    def ignore(self, kind: str, name: str) -> Self:
        sort, name = _checked_name(kind, name)
        changed = self._without(sort, name)
        return replace(changed, ignored=changed.ignored | {(sort, name)})

    def forget(self, kind: str, name: str) -> Self:
        sort, name = _checked_name(kind, name)
        changed = self._without(sort, name)
        remaining = {
            key: to for key, to in changed.renamed.items() if key[0] != sort or fold(to) != fold(name)
        }
        changed = replace(changed, renamed=remaining)
        if changed == self:
            raise UsageError(f"Nothing was decided about the {kind} “{name}”.")
        return changed

    def undo(self, added: Collection[Decision], removed: Iterable[Decision]) -> Self:
        """Undo a step that added and removed decisions."""
        now = self.decisions()
        remaining = [decision for decision in now if decision not in added]
        names = {(kind, fold(name)) for kind, name, _ in remaining}
        restored = [(kind, name, what) for kind, name, what in removed if (kind, fold(name)) not in names]
        if not restored and len(remaining) == len(now):
            raise UsageError("This step cannot be undone: the decisions have changed since.")
        return replace(self.from_decisions([*remaining, *restored]), origin=self.origin)

    def decisions(self) -> tuple[Decision, ...]:
        """Return every decision as (kind, name, text of the decision), sorted."""
        arrows = ((key, _FOUND_ARROW if key in self.joined else _ARROW) for key in self.renamed)
        lines = [(*key, f"{arrow} {self.renamed[key]}") for key, arrow in arrows]
        lines += [(kind, name, _APART) for kind, name in self.apart]
        lines += [(kind, name, _IGNORED) for kind, name in self.ignored]
        lines += [(kind, name, f"{_OTHER} {other}") for kind, name, other in self.unlike]
        return tuple(sorted(lines))

    def merged_with(self, text: str) -> Curation:
        """Return these decisions, merged with changes to the file since. Raises IndexDamaged."""
        mine, before = self.decisions(), self.origin
        if before is None or mine == before:
            return self
        changed = {(kind, fold(name)) for kind, name, _ in {*mine}.symmetric_difference(before)}
        try:
            now = Curation.parse(text).decisions()
        except UsageError as error:
            raise IndexDamaged(f"{FILE}: {error}") from error
        remaining = [one for one in now if (one[0], fold(one[1])) not in changed]
        return Curation.from_decisions(
            [*remaining, *(one for one in mine if (one[0], fold(one[1])) in changed)]
        )

    def render(self) -> str:
        """Return the text of the file, the reverse of :meth:`parse`."""
        return TEXTS[FILE] + _lines(self.decisions())

    @classmethod
    def from_decisions(cls, decisions: Iterable[Decision]) -> Self:
        """Return the decisions of :meth:`decisions`."""
        return cls.parse(_lines(decisions))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the text of a file. Raises UsageError naming the line with an error."""
        made = cls()
        lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
        # Read differences (“!=”) last, because renaming a name discards earlier decisions about it.
        for number, line in sorted(lines, key=lambda one: _OTHER in _GAP.split(one[1])[2:3]):
            if line and not line.startswith("#"):
                made = made._read(line, number)
        return made

    def _read(self, line: str, number: int) -> Self:
        written, *rest = _GAP.split(line)
        kind = cast(Kind, written)
        match rest if kind in CURATED_KINDS else []:
            case [name, "->" | "~>" as arrow, to]:
                made = self._give_name(kind, name, to)
                return replace(made, joined=made.joined | {(kind, name)}) if arrow == _FOUND_ARROW else made
            case [name, "!=", other]:
                return replace(self, unlike=self.unlike | {(kind, name, other)})
            case [name, "apart"]:
                return replace(self, apart=self.apart | {(kind, name)})
            case [name, "ignored"]:
                return replace(self, ignored=self.ignored | {(kind, name)})
        raise UsageError(f"Line {number} is not a decision about a name: {line:.80}")

    def _give_name(self, kind: Kind, name: str, to: str) -> Self:
        """Give a value, and all values with its name, the name ``to``."""
        changed = self._without(kind, name) if name != to else self
        moved = {
            key: to if key[0] == kind and fold(old) == fold(name) else old
            for key, old in changed.renamed.items()
        }
        moved[kind, name] = to
        return replace(changed, renamed={key: value for key, value in moved.items() if key[1] != value})

    def _without(self, kind: Kind, name: str) -> Self:

        def without_name(keys: Iterable[_Key]) -> frozenset[_Key]:
            return frozenset(key for key in keys if (key[0], fold(key[1])) != (kind, fold(name)))

        return replace(
            self,
            renamed={key: self.renamed[key] for key in without_name(self.renamed)},
            joined=without_name(self.joined),
            apart=without_name(self.apart),
            ignored=without_name(self.ignored),
            unlike=without_name(self.unlike),
        )


def _lines(decisions: Iterable[Decision]) -> str:
    return "".join(f"{kind}  {name}  {what.replace(' ', '  ', 1)}\n" for kind, name, what in decisions)


def load(texts: Texts) -> Curation:
    """Read the decisions next to an index. Return empty decisions without a file. Raises IndexDamaged."""
    try:
        read = Curation.parse(texts.read(FILE))
    except UsageError as error:
        raise IndexDamaged(f"{texts.path(FILE)}: {error}") from error
    return replace(read, origin=read.decisions())


def save(texts: Texts, changed: Curation, store: Store | None = None) -> tuple[set[Decision], set[Decision]]:
    """Write the decisions next to an index, merged with decisions made there since. Raises IndexFailure.

    Returns the new and the removed decisions. ``store``: write in its transaction.
    """
    now, before = set[Decision](), set[Decision]()

    def change(text: str) -> str:
        nonlocal now, before
        made = changed.merged_with(text)
        with suppress(UsageError):  # ignore an invalid file, which will be replaced
            before = {*Curation.parse(text).decisions()}
        now = {*made.decisions()}
        return made.render()

    texts.change(FILE, change, store)
    return now - before, before - now


def _checked_name(kind: str, name: str) -> tuple[Kind, str]:
    if kind not in CURATED_KINDS:
        raise UsageError(f"“{kind}” is not a kind of name. Use person, organisation, source or author.")
    plain = " ".join(name.split())
    if not fold(plain):
        raise UsageError("A name needs a letter or a digit.")
    if plain.startswith("#") or plain in (_ARROW, _FOUND_ARROW, _OTHER, _APART, _IGNORED):
        raise UsageError(f"“{plain}” has a meaning of its own in {FILE}, and cannot be a name.")
    return cast(Kind, kind), plain

"""Why values have one name, and which of these decisions are least certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from searcher.names.nearness import MIN_SHARE, ShortName, read_nearness
from searcher.names.normalise import fold, without_mark
from searcher.names.organisations import comparable_name, initials, short_forms
from searcher.names.rules import Rules
from searcher.names.table import NameTable, kinds_of

#: A short form is doubtful if its most likely name has at least _MIN_SHARE of the articles. It is no longer
#: doubtful if it is joined and the share reaches _MAX_SHARE.
_MIN_SHARE, _MAX_SHARE = 0.6, 0.97
#: A join is sure only if at least this share of the articles with the short form alone are near.
_MIN_SURE_SHARE: Final = 0.8
#: Maximum number of spaces in a short form. One space may precede a legal form.
_MAX_SPACES = 1


@dataclass(frozen=True, slots=True)
class NameForm:
    """A form of a name, the number of ``articles`` with it, and the rule by which it has the name."""

    form: str
    articles: int
    why: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A longer name that a form may stand for.

    ``articles`` is the number that say so, ``near`` the number with the form alone that are near (None:
    unknown).
    """

    name: str
    articles: int
    near: int | None


@dataclass(frozen=True, slots=True)
class NameDoubt:
    """A ``form`` that was joined to a ``name``, or was not.

    Attributes:
        articles: Number of articles with the form alone.
        share: Share of this name in the articles with a longer name.
        among: The longer names, the most likely first.
    """

    form: str
    name: str
    joined: bool
    articles: int
    share: float
    among: tuple[Candidate, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def forms(table: NameTable, field: str, query: str) -> Mapping[str, tuple[NameForm, ...]]:
    by_name: dict[str, list[NameForm]] = {}
    for kind in kinds_of(field):
        for name in table.names_meant(kind, query):
            for value in table.values_of(kind, name):
                entry = table.entry(kind, value)
                group = table.members(kind, table.rules.group(kind, value))
                why = table.rules.reason(kind, value, name, group)
                form = NameForm(without_mark(value), entry.weight if entry else 0, why)
                by_name.setdefault(name, []).append(form)
    return {
        name: tuple(sorted(by_name[name], key=lambda form: (-form.articles, form.form)))
        for name in sorted(by_name)
    }


def full_names(table: NameTable, field: str, names: Iterable[str]) -> dict[str, str]:
    """Return the most frequent full name of organisations that are shown by a short form (“BBC”)."""
    candidates = names if "organisation" in kinds_of(field) else ()
    full = {name: _full_name(table, name) for name in candidates if name.count(" ") <= _MAX_SPACES}
    return {name: value for name, value in full.items() if value}


def _full_name(table: NameTable, name: str) -> str:
    short = comparable_name(fold(name))
    if " " in short and short not in short_forms():
        return ""
    counts = {
        value: entry.weight
        for value in table.values_of("organisation", name)
        if (short == initials(full := comparable_name(fold(value))) or short_forms().get(short) == full)
        and (entry := table.entry("organisation", value))
    }
    return max(counts, key=lambda value: (counts[value], value), default="")


def doubts(table: NameTable, field: str) -> list[NameDoubt]:
    """Return the least certain decisions about short forms, the most frequent first."""
    doubts = [
        doubt
        for kind in kinds_of(field)
        for group in table.groups(kind)
        for doubt in _in_group(table.rules, kind, group)
    ]
    return sorted(doubts, key=lambda doubt: (-doubt.articles, abs(doubt.share - MIN_SHARE), doubt.form))


def _in_group(rules: Rules, kind: str, group: Mapping[str, int]) -> Iterator[NameDoubt]:
    # Skip groups without one-word values. This check halves the run time.
    if len(group) < 2 or (all(" " in value for value in group) and not read_nearness(group)):
        return
    doubtful = [short for short in rules.short_names(kind, group) if _is_doubtful(short)]
    names = rules.names(kind, group) if doubtful else {}
    plain = comparable_name if kind == "organisation" else str
    forms = {plain(fold(v)): v for v in sorted(group, key=lambda v: (group[v], v)) if names.get(v)}
    for short in doubtful:
        form, first = forms.get(short.name), short.candidates[0].name
        joined = first in forms and form is not None and names[form] == names[forms[first]]
        # Skip known short forms: only they are joined without evidence.
        if form is None or rules.is_decided(kind, form) or (joined and not short.certain_name):
            continue
        candidates = tuple(
            Candidate(
                _shown_name(longer.name, forms, names, form),
                longer.articles,
                round(longer.near * short.articles) if longer.is_compared else None,
            )
            for longer in short.candidates
        )
        share = round(short.share, 3)
        yield NameDoubt(form, candidates[0].name, joined, short.articles, share, candidates)


def _shown_name(name: str, forms: Mapping[str, str], names: Mapping[str, str | None], short: str) -> str:
    value = forms.get(name)
    if value is None:
        return name
    return value if names[value] == names[short] == short else names[value] or value


def _is_doubtful(short: ShortName) -> bool:
    """Return True if there is evidence for a longer name, but not enough to be sure."""
    is_likely = short.share >= _MIN_SHARE and short.candidates[0].articles >= short.least
    is_sure = short.certain_name and short.candidates[0].near >= _MIN_SURE_SHARE and short.share >= _MAX_SHARE
    return (is_likely or any(longer.near for longer in short.candidates)) and not is_sure

"""Why names are one, and where that is least sure: what somebody who decides by hand wants to see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from searcher.names.nearness import MIN_SHARE, ShortName, read_nearness
from searcher.names.normalise import fold, without_mark
from searcher.names.organisations import initials, short_forms, without_form
from searcher.names.rules import Rules
from searcher.names.table import NameTable, kinds_of

#: Share of the likeliest name of a short form from which on it is doubtful, and up to which where joined.
_MIN_SHARE, _MAX_SHARE = 0.6, 0.97
#: Of the articles with a short form alone, the share near its name from which on a join is not doubtful.
_MIN_SURE_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class NameForm:
    """A form of a name: in how many ``articles``, and ``why`` it goes by the name."""

    form: str
    articles: int
    why: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A longer name that a form may stand for: how many ``articles`` say so, and how many with the form alone
    are ``near`` (None: nobody looked)."""

    name: str
    articles: int
    near: int | None


@dataclass(frozen=True, slots=True)
class NameDoubt:
    """A ``form`` that goes by a ``name`` (``joined``) or does not, with its ``share`` of the articles that
    give a longer name; ``articles`` give the form alone. ``among``: the longer names, the likeliest first."""

    form: str
    name: str
    joined: bool
    articles: int
    share: float
    among: tuple[Candidate, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def forms(table: NameTable, field: str, asked: str) -> Mapping[str, tuple[NameForm, ...]]:
    """Return the forms of each name that an asked one means, the most frequent first."""
    found: dict[str, list[NameForm]] = {}
    for kind in kinds_of(field):
        for name in table.meant(kind, asked):
            for value in table.values_of(kind, name):
                entry = table.entry(kind, value)
                group = table.members(kind, table.rules.group(kind, value))
                why = table.rules.why(kind, value, name, group)
                form = NameForm(without_mark(value), entry.weight if entry else 0, why)
                found.setdefault(name, []).append(form)
    return {
        name: tuple(sorted(found[name], key=lambda form: (-form.articles, form.form)))
        for name in sorted(found)
    }


#: Spaces of a short form at most: one before its legal form.
_MAX_SPACES = 1


#: The full names that were asked of a table: a page asks for the same ones again and again.
_FULL_NAMES: WeakKeyDictionary[NameTable, dict[str, str]] = WeakKeyDictionary()


def full_names(table: NameTable, field: str, names: Iterable[str]) -> dict[str, str]:
    """Return for names shown by a short form the full one that most articles write: “BBC”."""
    known = _FULL_NAMES.setdefault(table, {})
    found = {}
    for name in names if "organisation" in kinds_of(field) else ():
        if name.count(" ") > _MAX_SPACES:
            continue
        if name not in known:
            known[name] = _full_name(table, name)
        if known[name]:
            found[name] = known[name]
    return found


def _full_name(table: NameTable, name: str) -> str:
    short = without_form(fold(name))
    if " " in short and short not in short_forms():
        return ""
    counts = {
        value: entry.weight
        for value in table.values_of("organisation", name)
        if (short == initials(full := without_form(fold(value))) or short_forms().get(short) == full)
        and (entry := table.entry("organisation", value))
    }
    return max(counts, key=lambda value: (counts[value], value), default="")


def doubts(table: NameTable, field: str) -> list[NameDoubt]:
    """Return the joins and splits of short forms that are least sure, those of most articles first."""
    found = [
        doubt
        for kind in kinds_of(field)
        for group in table.groups(kind)
        for doubt in _in_group(table.rules, kind, group)
    ]
    return sorted(found, key=lambda doubt: (-doubt.articles, abs(doubt.share - MIN_SHARE), doubt.form))


def _in_group(rules: Rules, kind: str, group: Mapping[str, int]) -> Iterator[NameDoubt]:
    # Most groups hold nothing of one word: without a look at these it takes half of the time.
    if len(group) < 2 or (all(" " in value for value in group) and not read_nearness(group)):
        return
    doubtful = [one for one in rules.short_names(kind, group) if _is_doubtful(one)]
    names = rules.names(kind, group) if doubtful else {}
    plain = without_form if kind == "organisation" else str
    forms = {plain(fold(v)): v for v in sorted(group, key=lambda v: (group[v], v)) if names.get(v)}
    for asked in doubtful:
        form, first = forms.get(asked.name), asked.among[0].name
        joined = first in forms and form is not None and names[form] == names[forms[first]]
        # What is joined though nothing tells is known to be short for it.
        if form is None or rules.is_decided(kind, form) or (joined and not asked.meant):
            continue
        among = tuple(
            Candidate(
                _shown_name(one.name, forms, names, form),
                one.articles,
                round(one.near * asked.articles) if one.known else None,
            )
            for one in asked.among
        )
        yield NameDoubt(form, among[0].name, joined, asked.articles, round(asked.share, 3), among)


def _shown_name(name: str, forms: Mapping[str, str], names: Mapping[str, str | None], short: str) -> str:
    """Return the name that a compared one is shown by, in full though the short form is shown for it."""
    value = forms.get(name)
    if value is None:
        return name
    return value if names[value] == names[short] == short else names[value] or value


def _is_doubtful(asked: ShortName) -> bool:
    """Tell whether something speaks for a name, and not enough."""
    mostly = asked.share >= _MIN_SHARE and asked.among[0].articles >= asked.least
    told = mostly or any(one.near for one in asked.among)
    sure = asked.meant and asked.among[0].near >= _MIN_SURE_SHARE and asked.share >= _MAX_SHARE
    return told and not sure

"""The commands of names and synonyms: what is known by which name, and which words find one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from searcher.cli.exits import NOTHING, OK
from searcher.cli.options import (
    index_option,
    limit_option,
    listing_group,
    note_pending,
    open_existing,
    records_options,
    value_complete,
)
from searcher.cli.output.data import print_list, write_records
from searcher.cli.output.terminal import amount
from searcher.cli.streams import note, write
from searcher.errors import UsageError
from searcher.names.normalise import fold
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.names.decisions import Curation
    from searcher.names.doubts import Candidate, NameDoubt
    from searcher.query.synonyms import Synonyms


def _kind_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say of what kind a name is; ``kind`` is that of a person otherwise."""
    for flag, kind in (("--author", "author"), ("--source", "source"), ("--org", "organisation")):
        text = f"An {kind} rather than a person." if kind[0] in "ao" else f"A {kind} rather than a person."
        command = click.option(flag, "kind", flag_value=kind, help=text)(command)
    return command


@click.group(
    epilog="""\b
Examples:
  searcher names list lecun
  searcher names merge "Yann LeCun" "Y. LeCun" Lecun
  searcher names split Wang                  never joined with another Wang
  searcher names split --in ID Wang          in one article, from the Wang Yi whom it also names
  searcher names split --from "Yi Wang" "Y. Wang"
  searcher names rename --org FT "Financial Times"
  searcher names merge --source "The Guardian" "Guardian Unlimited"
  searcher names show "Donald Trump"         its forms, and why
  searcher names doubtful                    what is least sure
  searcher names ignore --org Llama
  searcher names undo Wang
"""
)
def names() -> None:
    """Decide who is who.

    Decisions apply at once, survive rebuilding, and can be undone. They are kept as lines of text in
    names.txt beside the index. Articles are not altered.
    """


def _command(*params: Callable[..., Any]) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of the group, with the options that all of them share."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        for param in (index_option, _kind_options, *reversed(params)):
            function = param(function)
        return names.command(function.__name__.rstrip("_"))(function)

    return decorate


def _name_argument(variable: str, *, many: bool = False, metavar: str) -> Callable[..., Any]:
    return click.argument(
        variable,
        nargs=-1 if many else 1,
        required=True,
        metavar=metavar,
        shell_complete=value_complete("person"),
    )


@_command(
    click.argument("text", default="", metavar="[TEXT]"),
    limit_option(50),
    click.option("--decisions", is_flag=True, help="What was decided rather than who there is."),
    records_options,
)
def list_(
    text: str, folder: str | None, kind: str | None, limit: int, decisions: bool, form: str | None
) -> int:
    """List names, the most frequent first.

    Each with the number of its articles. TEXT: only names that hold it.
    """
    with open_existing(folder) as index:
        rows = _decision_records(index, kind) if decisions else _count_records(index, kind)
        rows = [row for row in rows if fold(text) in fold(row["name"])]
        shown = rows[: limit or None]
        full = {} if decisions else index.full_names(_person_unless(kind), [row["name"] for row in shown])
        note_pending(index)
    shown = [{**row, "full": full[row["name"]]} if row["name"] in full else row for row in shown]
    there = (
        "There are no decisions about names yet: searcher names --help"
        if decisions
        else f"No {kind or 'person'} is named."
    )
    empty = f"No name contains “{clean(text)}”: searcher names list" if text else there
    code = print_list(
        form, "decisions" if decisions else "names", shown, dict, _line_of_value, empty, total=len(rows)
    )
    if len(rows) > len(shown) and not form:
        note(f"… and {len(rows) - len(shown):,} more: -n 0 lists all.")
    return code


def _line_of_value(row: dict[str, Any]) -> str:
    if "articles" not in row:
        within = f"  in {row['article']}" if "article" in row else ""
        return clean("  ".join((row["kind"], row["name"], row["decision"])) + within)
    return f"{row['articles']:>7,}  {clean(' — '.join(filter(None, (row['name'], row.get('full')))))}"


def _decision_records(index: Index, kind: str | None) -> list[dict[str, Any]]:
    """Return the decisions about all kinds, or about one only, as records, those of one article last."""
    told = [{"kind": of, "name": name, "decision": what} for of, name, what in index.decisions.decisions()]
    told += [
        {"kind": of, "name": form, "decision": f"-> {name}", "article": one.id}
        for one in index.own_tags()
        for of, form, name in one.named
    ]
    return [row for row in told if kind in (None, row["kind"])]


def _count_records(index: Index, kind: str | None) -> list[dict[str, Any]]:
    counts = index.values(_person_unless(kind))
    ranked = sorted(counts, key=lambda name: (-counts[name], name.casefold()))
    return [{"name": name, "articles": counts[name]} for name in ranked]


@_command(_name_argument("name", metavar="NAME"), records_options)
def show(name: str, folder: str | None, kind: str | None, form: str | None) -> int:
    """Show the forms of NAME.

    Each with the number of its articles, and why it goes by the name.
    """
    with open_existing(folder) as index:
        found = index.name_forms(_person_unless(kind), name)
        note_pending(index)
    if form:
        rows = [{"name": shown, **one.to_dict()} for shown, forms in found.items() for one in forms]
        write_records(form, "forms", rows)
        return OK if found else NOTHING
    for shown, forms in found.items():
        write(f"{clean(shown)}\n")
        for one in forms:
            write(f"{one.articles:>7,}  {clean(one.form)} ({one.why})\n")
    if not found:
        note(f"No article has the {_person_unless(kind)} “{clean(name)}”.")
    return OK if found else NOTHING


@_command(limit_option(20), records_options)
def doubtful(folder: str | None, kind: str | None, limit: int, form: str | None) -> int:
    """List what is least sure.

    Surnames that articles give alone and that are not joined with a full name, or hardly so, with the
    likeliest one, and who else bears them. Articles with the surname alone are near those with a full name if
    they are in the same language and name the same people and bodies, or are of the same outlet or weeks.
    With --org acronyms, by their full names. Decide with merge (yes) or split (no); undo takes that back.
    """
    with open_existing(folder) as index:
        found = index.doubtful_names(_person_unless(kind))
        note_pending(index)
    nobody = f"No {_person_unless(kind)} is doubtful."
    shown = found[: limit or None]
    return print_list(
        form, "doubtful", shown, lambda one: one.to_dict(), _line_of_doubt, nobody, total=len(found)
    )


def _line_of_doubt(one: NameDoubt) -> str:
    sign, among = "=" if one.joined else "≠", "; ".join(map(_evidence, one.among))
    return f"{one.articles:>7,}  {clean(one.form)} {sign} {clean(one.name)} ({among})"


def _evidence(one: Candidate) -> str:
    """Return what speaks for a longer name: “Ada Quill in 4 articles, near 3 of these”."""
    near = "" if one.near is None else f", near {one.near} of these"
    return f"{clean(one.name)} in {amount(one.articles, 'article')}{near}"


@_command(_name_argument("name", metavar="NAME"), _name_argument("others", many=True, metavar="OTHER…"))
def merge(name: str, others: Sequence[str], folder: str | None, kind: str | None) -> int:
    """Let other names go by NAME."""
    return _decide(folder, kind, [name, *others], lambda c: c.merge(_person_unless(kind), name, others), name)


@_command(
    _name_argument("name", metavar="NAME"),
    click.option("--in", "article", metavar="ID", help="In one article alone, NAME as it is printed there."),
    click.option(
        "--as", "other", default="", metavar="OTHER", help="Who it is in that article (NAME itself)."
    ),
    click.option("--from", "one", metavar="ONE", help="From this name alone, in lists of names too."),
)
def split(
    name: str, article: str | None, other: str, one: str | None, folder: str | None, kind: str | None
) -> int:
    """Keep NAME apart from every other name.

    With --in ID from the one that it was taken for in an article: those mentions go by NAME then, or by the
    name given with --as.
    """
    if one is not None:
        return _decide(folder, kind, [one], lambda c: c.deny(_person_unless(kind), name, one), name)
    if article is not None:
        with open_existing(folder) as index:
            index.name_within(article, _person_unless(kind), name, other)
        return OK
    if other:
        raise UsageError("Who a name is in an article is said with --in ID and --as OTHER.")
    return _decide(folder, kind, [name], lambda c: c.split(_person_unless(kind), name), name)


@_command(_name_argument("old", metavar="OLD"), click.argument("new", metavar="NEW"))
def rename(old: str, new: str, folder: str | None, kind: str | None) -> int:
    """Show OLD as NEW."""
    return _decide(folder, kind, [old], lambda c: c.rename(_person_unless(kind), old, new), new)


@_command(_name_argument("ignored", many=True, metavar="NAME…"))
def ignore(ignored: Sequence[str], folder: str | None, kind: str | None) -> int:
    """Take NAME for nobody: it vanishes from facets and lists."""

    def change(curation: Curation) -> Curation:
        for name in ignored:
            curation = curation.ignore(_person_unless(kind), name)
        return curation

    return _decide(folder, kind, ignored, change)


@_command(_name_argument("name", metavar="NAME"))
def undo(name: str, folder: str | None, kind: str | None) -> int:
    """Forget what was decided about NAME.

    NAME can be the number of a step of “searcher log” instead: that is taken back, and what was decided
    before holds again.
    """
    from searcher.records.log import STEP

    if STEP.fullmatch(name):
        with open_existing(folder) as index:
            if "-" in name or index.log.steps(id=name):
                index.take_back(name)
                return OK
    return _decide(folder, kind, [], lambda c: c.forget(_person_unless(kind), name), name)


def _decide(
    folder: str | None,
    kind: str | None,
    known: Iterable[str],
    change: Callable[[Curation], Curation],
    shown: str | None = None,
) -> int:
    """Apply a decision. Names that no article holds may be a slip of the pen, and are mentioned."""
    with open_existing(folder) as index:
        strangers = [name for name in known if not index.count(where={_person_unless(kind): name})]
        index.set_decisions(change(index.decisions))
        counts = index.values(_person_unless(kind))
    for name in strangers:
        note(f"Decided, but no article names the {_person_unless(kind)} “{name}” so far.")
    if shown is not None and shown in counts:
        write(f"{clean(shown)}: {amount(counts[shown], 'article')}\n")
    return OK


def _person_unless(kind: str | None) -> str:
    return kind or "person"


@listing_group(
    epilog="""\b
Examples:
  searcher synonyms                                 list them
  searcher synonyms add "ECB, European Central Bank"
  searcher synonyms add "vehicle => car, lorry"     not the other way round
  searcher synonyms remove "vehicle => car, lorry"
"""
)
@records_options
def synonyms(folder: str | None, form: str | None) -> int:
    """List words that find one another, or change them.

    They are kept as lines of text in synonyms.txt beside the index: edit it as you like. They apply at once
    and survive rebuilding. Exact words and phrases ("in quotation marks") find only themselves.
    """
    with open_existing(folder) as index:
        rules = index.synonyms.rules
    return print_list(
        form,
        "synonyms",
        rules,
        lambda rule: {"words": list(rule.words), "others": list(rule.others)},
        lambda rule: clean(str(rule)),
        'There are no synonyms yet. Add some: searcher synonyms add "ECB, European Central Bank"',
    )


def _add_change(name: str, told: str, change: Callable[[Synonyms, str], Synonyms]) -> None:
    """Add a command to the group that changes the rules by a line."""

    @synonyms.command(name, help=told)
    @click.argument("line", metavar="LINE")
    @index_option
    def command(line: str, folder: str | None) -> int:
        with open_existing(folder) as index:
            index.set_synonyms(change(index.synonyms, line))
        return OK


_add_change("add", 'Add a line: "a, b" (each finds all) or "a => b, c".', lambda known, line: known.add(line))
_add_change("remove", "Remove a line, given as it is listed.", lambda known, line: known.remove(line))

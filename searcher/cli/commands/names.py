"""Commands for names and synonyms."""

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
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from searcher.index import Index
    from searcher.names.decisions import Curation
    from searcher.names.doubts import Candidate, NameDoubt
    from searcher.query.synonyms import Synonyms


def _kind_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for the kind of a name. Without them, names are people."""
    for flag, kind in (("--author", "author"), ("--source", "source"), ("--org", "organisation")):
        text = f"The name is {'an' if kind[0] in 'ao' else 'a'} {kind}, not a person."
        command = click.option(flag, "kind", flag_value=kind, help=text)(command)
    return command


@click.group(
    epilog="""\b
Examples:
  searcher names list lecun
  searcher names merge "Yann LeCun" "Y. LeCun" Lecun
  searcher names split Wang                  never joined with another Wang
  searcher names split --in ID Wang          only in one article, which also mentions Wang Yi
  searcher names split --from "Yi Wang" "Y. Wang"
  searcher names rename --org FT "Financial Times"
  searcher names merge --source "The Guardian" "Guardian Unlimited"
  searcher names show "Donald Trump"         list the forms of a name, and why they are joined
  searcher names doubtful                    list the least certain names
  searcher names ignore --org Llama
  searcher names undo Wang
"""
)
def names() -> None:
    """Merge, split, rename and hide names.

    Decisions take effect immediately, survive rebuilding and can be undone. They are stored as text in
    names.txt next to the index. The articles themselves do not change.
    """


def _command(*params: Callable[..., Any]) -> Callable[[Callable[..., Any]], click.Command]:
    """Return a decorator for a command of the group, with the shared options."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        for param in (index_option, _kind_options, *reversed(params)):
            function = param(function)
        return names.command(function.__name__.rstrip("_"))(function)

    return decorate


def _name_argument(variable: str, *, repeated: bool = False, metavar: str) -> Callable[..., Any]:
    return click.argument(
        variable,
        nargs=-1 if repeated else 1,
        required=True,
        metavar=metavar,
        shell_complete=value_complete("person"),
    )


@_command(
    click.argument("text", default="", metavar="[TEXT]"),
    limit_option(50),
    click.option("--decisions", is_flag=True, help="List decisions instead of names."),
    records_options,
)
def list_(
    text: str, folder: str | None, kind: str | None, limit: int, decisions: bool, form: str | None
) -> int:
    """List names with their number of articles, most frequent first.

    With TEXT, only names containing it.
    """
    with open_existing(folder) as index:
        rows = _decision_records(index, kind) if decisions else _count_records(index, kind)
        rows = [row for row in rows if fold(text) in fold(row["name"])]
        listed = rows[: limit or None]
        full = {} if decisions else index.names.full_names(kind or "person", [row["name"] for row in listed])
        note_pending(index)
    listed = [{**row, "full": full[row["name"]]} if row["name"] in full else row for row in listed]
    if text:
        empty = f"No name contains “{clean_line(text)}”. To list all names: searcher names list"
    elif decisions:
        empty = "There are no decisions about names yet. To make one: searcher names --help"
    else:
        empty = f"The index has no {kind or 'person'}."
    code = print_list(
        form, "decisions" if decisions else "names", listed, dict, _name_line, empty, total=len(rows)
    )
    if len(rows) > len(listed) and not form:
        note(f"… and {len(rows) - len(listed):,} more: -n 0 lists all.")
    return code


def _name_line(row: dict[str, Any]) -> str:
    if "articles" not in row:
        place = f"  in {row['article']}" if "article" in row else ""
        return clean_line("  ".join((row["kind"], row["name"], row["decision"])) + place)
    return f"{row['articles']:>7,}  {clean_line(' — '.join(filter(None, (row['name'], row.get('full')))))}"


def _decision_records(index: Index, kind: str | None) -> list[dict[str, Any]]:
    """Return the decisions, optionally of one kind, as records. Decisions about single articles come last."""
    rows = [
        {"kind": of, "name": name, "decision": what} for of, name, what in index.names.decisions.decisions()
    ]
    rows += [
        {"kind": of, "name": form, "decision": f"-> {name}", "article": one.id}
        for one in index.tags.all()
        for of, form, name in one.renamed_forms
    ]
    return [row for row in rows if kind in (None, row["kind"])]


def _count_records(index: Index, kind: str | None) -> list[dict[str, Any]]:
    counts = index.values(kind or "person")
    ranked = sorted(counts, key=lambda name: (-counts[name], name.casefold()))
    return [{"name": name, "articles": counts[name]} for name in ranked]


@_command(_name_argument("name", metavar="NAME"), records_options)
def show(name: str, folder: str | None, kind: str | None, form: str | None) -> int:
    """Show the forms of NAME.

    Lists each form with its number of articles and the reason for joining it.
    """
    kind = kind or "person"
    with open_existing(folder) as index:
        forms_by_name = index.names.forms(kind, name)
        note_pending(index)
    if form:
        rows = [
            {"name": display_name, **one.to_dict()}
            for display_name, forms in forms_by_name.items()
            for one in forms
        ]
        write_records(form, "forms", rows)
        return OK if forms_by_name else NOTHING
    for display_name, forms in forms_by_name.items():
        write(f"{clean_line(display_name)}\n")
        for one in forms:
            write(f"{one.articles:>7,}  {clean_line(one.form)} ({one.why})\n")
    if not forms_by_name:
        note(f"No article has the {kind} “{clean_line(name)}”.")
    return OK if forms_by_name else NOTHING


@_command(limit_option(20), records_options)
def doubtful(folder: str | None, kind: str | None, limit: int, form: str | None) -> int:
    """List the least certain names.

    These are surnames without a first name that may or may not belong to a full name; with --org, acronyms.
    Each is listed with its candidates. Articles are “near” each other if they are in the same language and
    mention the same people and organisations, or are from the same source or weeks. Decide with “merge”
    (same) or “split” (different).
    """
    kind = kind or "person"
    with open_existing(folder) as index:
        doubts = index.names.doubts(kind)
        note_pending(index)
    empty = f"No {kind} is doubtful."
    listed = doubts[: limit or None]
    return print_list(
        form, "doubtful", listed, lambda one: one.to_dict(), _doubt_line, empty, total=len(doubts)
    )


def _doubt_line(one: NameDoubt) -> str:
    sign, among = "=" if one.joined else "≠", "; ".join(map(_evidence, one.among))
    return f"{one.articles:>7,}  {clean_line(one.form)} {sign} {clean_line(one.name)} ({among})"


def _evidence(one: Candidate) -> str:
    """Return the evidence for a full name: “Ada Quill in 4 articles, near 3 of these”."""
    near = "" if one.near is None else f", near {one.near} of these"
    return f"{clean_line(one.name)} in {amount(one.articles, 'article')}{near}"


@_command(
    _name_argument("name", metavar="NAME"), _name_argument("other_names", repeated=True, metavar="OTHER…")
)
def merge(name: str, other_names: Sequence[str], folder: str | None, kind: str | None) -> int:
    """Show other names as NAME."""
    kind = kind or "person"
    return _decide(folder, kind, [name, *other_names], lambda c: c.merge(kind, name, other_names), name)


@_command(
    _name_argument("name", metavar="NAME"),
    click.option("--in", "article", metavar="ID", help="Only in this article; NAME as printed there."),
    click.option(
        "--as", "other", default="", metavar="OTHER", help="With --in: show it as OTHER (default: NAME)."
    ),
    click.option("--from", "one", metavar="ONE", help="Only from this name; “match” respects it too."),
)
def split(
    name: str, article: str | None, other: str, one: str | None, folder: str | None, kind: str | None
) -> int:
    """Keep NAME separate from every other name.

    With --in ID, change one article only: the mentions printed as NAME are shown as NAME, or as the name
    given with --as.
    """
    kind = kind or "person"
    if one is not None:
        return _decide(folder, kind, [one], lambda c: c.add_difference(kind, name, one), name)
    if article is not None:
        with open_existing(folder) as index:
            index.names.rename_in_article(article, kind, name, other)
        return OK
    if other:
        raise UsageError("--as needs --in ID.")
    return _decide(folder, kind, [name], lambda c: c.split(kind, name), name)


@_command(_name_argument("old", metavar="OLD"), click.argument("new", metavar="NEW"))
def rename(old: str, new: str, folder: str | None, kind: str | None) -> int:
    """Show OLD as NEW."""
    kind = kind or "person"
    return _decide(folder, kind, [old], lambda c: c.rename(kind, old, new), new)


@_command(_name_argument("ignored", repeated=True, metavar="NAME…"))
def ignore(ignored: Sequence[str], folder: str | None, kind: str | None) -> int:
    """Hide NAME, which is not a real name, from facets and lists."""
    kind = kind or "person"

    def change(curation: Curation) -> Curation:
        for name in ignored:
            curation = curation.ignore(kind, name)
        return curation

    return _decide(folder, kind, ignored, change)


@_command(_name_argument("name", metavar="NAME"))
def undo(name: str, folder: str | None, kind: str | None) -> int:
    """Undo the decisions about NAME.

    If NAME is the number of a step in “searcher log”, undo that step only.
    """
    from searcher.records.log import STEP

    kind = kind or "person"
    if STEP.fullmatch(name):
        with open_existing(folder) as index:
            if "-" in name or index.log.steps(id=name):
                index.log.undo(name)
                return OK
    return _decide(folder, kind, [], lambda c: c.forget(kind, name), name)


def _decide(
    folder: str | None,
    kind: str,
    names: Iterable[str],
    change: Callable[[Curation], Curation],
    display_name: str | None = None,
) -> int:
    """Apply a decision. Names that no article mentions may be mistyped, so they are reported."""
    with open_existing(folder) as index:
        unknown = [name for name in names if not index.count(where={kind: name})]
        index.names.decide(change(index.names.decisions))
        counts = index.values(kind)
    for name in unknown:
        note(f"Saved, but no article has the {kind} “{name}” yet.")
    if display_name is not None and display_name in counts:
        write(f"{clean_line(display_name)}: {amount(counts[display_name], 'article')}\n")
    return OK


@listing_group(
    epilog="""\b
Examples:
  searcher synonyms                                 list them
  searcher synonyms add "ECB, European Central Bank"
  searcher synonyms add "vehicle => car, lorry"     only in this direction
  searcher synonyms remove "vehicle => car, lorry"
"""
)
@records_options
def synonyms(folder: str | None, form: str | None) -> int:
    """List or change synonyms: words that find one another.

    They are stored as text in synonyms.txt next to the index, which you can edit. They take effect
    immediately and survive rebuilding. Exact words and phrases ("in quotation marks") find only themselves.
    """
    with open_existing(folder) as index:
        rules = index.synonyms.rules
    return print_list(
        form,
        "synonyms",
        rules,
        lambda rule: {"words": list(rule.words), "synonyms": list(rule.synonyms)},
        lambda rule: clean_line(str(rule)),
        'There are no synonyms yet. Add some: searcher synonyms add "ECB, European Central Bank"',
    )


def _add_command(name: str, about: str, change: Callable[[Synonyms, str], Synonyms]) -> None:
    """Add a command to the group that changes the rules."""

    @synonyms.command(name, help=about)
    @click.argument("line", metavar="LINE")
    @index_option
    def command(line: str, folder: str | None) -> int:
        with open_existing(folder) as index:
            index.synonyms = change(index.synonyms, line)
        return OK


_add_command(
    "add", 'Add a rule: "a, b" (each finds all) or "a => b, c".', lambda known, line: known.add(line)
)
_add_command("remove", "Remove a rule, written as it is listed.", lambda known, line: known.remove(line))

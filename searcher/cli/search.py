"""``search QUERY…``: every word is a query; there are no subcommands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args

import click

from searcher import __version__
from searcher.article import QuoteKind
from searcher.cli.exits import ERROR, NOTHING, OK, debug_option, to_said_by
from searcher.cli.options import (
    Day,
    QueryCommand,
    color_option,
    exclusive_option,
    index_option,
    note_pending,
    pair_of,
    value_option,
)
from searcher.cli.output import answer
from searcher.cli.searcher import to_searcher
from searcher.cli.streams import finish, note, write
from searcher.errors import QueryError
from searcher.locations import find_index
from searcher.query import deadline
from searcher.query.arguments import DEFAULT_KINDS, OPTION_NAMES, OPTIONS
from searcher.query.request import DEFAULT_LIMIT, Search
from searcher.sanitize import clean

if TYPE_CHECKING:
    from pathlib import Path

    from searcher.index import Index
    from searcher.query.tree import TimeUnit
    from searcher.saved_searches import SavedSearch, SavedSearches
    from searcher.search.question_reader import Reading

#: The help of each option that narrows to values of a field.
NARROW = {
    "person": "Articles that name this person (or any of several).",
    "organisation": "Articles that name this organisation.",
    "speaker": "Articles that quote this person or body, perhaps or surely.",
    "place": "Articles that name this place.",
    "contact": "Articles with this address, number or account, or of this site.",
    "source": "Articles from this source.",
    "author": "Articles by this author.",
    "language": "Articles in this language (en, de, …).",
    "section": "Articles of this section.",
    "tag": "Articles with this tag, of the publisher or yours.",
    "case": "Articles in this case of yours.",
}
DEFAULT_FACETS = "person,organisation,speaker,source,year"

EPILOG = """\b
Examples:
  search LeCun LLM                        both words, best article first
  search LeCun -Meta                      without “Meta”
  search '"dead end" OR person:LeCun'     phrases, OR, fields: the query language
  search --person "Yann LeCun" llama      narrowed to a person
  search --said-by LeCun "dead end"       what LeCun said
  search --said-by LeCun --about Meta     what LeCun said in articles about Meta
  search --said-by LeCun --collapse       each statement once, with everyone who carried it
  search --find-quote "never stayed put"  who said it, and in which words
  search --after 2025-03 -c strike        how many since March 2025
  search --histogram month strike         how many each month
  search --histogram year oil --compare gas --csv > oil-gas.csv
  search --json --facets person,year oil  for programs
  search "what did LeCun say about Meta"  a question in words
  search - < queries.txt                  one query a line (--json: a list of answers)

\b
Exit status: 0 something was found, 1 nothing, 2 an error.
"""


def narrowing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that narrow a search to some articles; :func:`narrowing` reads them."""
    for option in reversed(_NARROWING):
        command = option(command)
    for field, help_text in reversed(NARROW.items()):
        name = OPTION_NAMES[field]
        command = value_option(f"--not-{name}", f"not_{field}", field=field, hidden=True)(command)
        command = value_option(f"--{name}", f"where_{field}", field=field, help=help_text)(command)
    return command


#: Maximum number of names in the note on a name that several people have.
_MAX_MEANT = 5
_NARROWING = (
    click.option(
        "--where",
        multiple=True,
        metavar="FIELD=VALUE",
        help="Narrow to a value of any field: --where desk=foreign.",
    ),
    click.option("--not-where", multiple=True, metavar="FIELD=VALUE", hidden=True),
    click.option(
        "--doubtful", is_flag=True, help="Narrow to articles that may be read wrongly: is:doubtful."
    ),
    click.option(
        "--match-all",
        multiple=True,
        metavar="FIELD",
        help="Require all values given for this field, not just one of them: --match-all person.",
    ),
    click.option("--after", type=Day(last=False), metavar="DATE", help="Published on this day or later."),
    click.option("--before", type=Day(last=True), metavar="DATE", help="Published on this day or earlier."),
)


def _forms(command: Callable[..., Any]) -> Callable[..., Any]:
    for flags, name, help_text in (
        (
            ("-l", "--files"),
            "files",
            "Print the files of the articles; in an archive, as x.zip!member.",
        ),
        (("-c", "--count"), "count", "Print how many there are."),
        (("--ids",), "ids", "Print the ids of the articles."),
        (("--svg",), "svg", "Draw the --histogram as SVG."),
        (("--csv",), "csv", "Print a table for spreadsheets."),
        (("--jsonl",), "jsonl", "Print one JSON object a hit."),
        (("--json",), "json", "Print one JSON object with hits and facets."),
    ):
        command = click.option(*flags, f"as_{name}", is_flag=True, help=help_text)(command)
    return command


@click.command(
    cls=QueryCommand,
    no_args_is_help=True,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    options_metavar="[OPTIONS]",
)
@click.argument("words", nargs=-1, metavar="QUERY…")
@narrowing_options
@value_option("--said-by", field="speaker", help="Quotations of this speaker; words are searched in them.")
@click.option(
    "--about",
    default="",
    metavar="QUERY",
    help="Quotations in articles that this finds: --said-by Pemberton --about cobalt.",
)
@click.option(
    "--in",
    "scope",
    type=click.Choice(["articles", "quotes", "speech", "print"]),
    default="articles",
    help="Search what was said, by whomever, rather than whole articles; speech: what is on record.",
)
@click.option("--unreported", is_flag=True, help="Statements on record that no article prints.")
@click.option("--print-only", is_flag=True, help="Statements in print that are not on record.")
@click.option(
    "--find-quote",
    "remembered",
    metavar="TEXT",
    help="Find a quotation again that you remember, if not quite.",
)
@click.option("--indirect", is_flag=True, help="Among quotations, indirect speech too.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="0..1",
    help="Minimum confidence in the speaker (default with --said-by: 0.7).",
)
@click.option(
    "--ask", is_flag=True, help="Answer a question in words with -c, --json, … too, not only in a listing."
)
@click.option("--any", "match_any", is_flag=True, help="Any of the words; best first.")
@click.option(
    "--translate",
    is_flag=True,
    help="Also search for translations of the words; -WORD excludes one of them.",
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    help="Best first (newest, if there are no words), or by date.",
)
@click.option(
    "--histogram",
    type=click.Choice(["year", "month", "week", "day"]),
    help="Count over time instead of listing: bars, --csv, --json or --svg.",
)
@click.option(
    "--compare", multiple=True, metavar="QUERY", help="Add another query to the --histogram; repeatable."
)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Maximum number of hits (10; all with --csv, --jsonl, --ids, -l). 0: no hits, only the counts.",
)
@click.option("-0", "--null", is_flag=True, help="With -l and --ids: end names with a NUL, for xargs -0.")
@click.option("--page", type=click.IntRange(min=1), default=1, metavar="N", help="Which page of so many.")
@_forms
@click.option(
    "--facets",
    metavar="F,…",
    help="Which facets to count, of articles and of statements (--collapse); “none” for none.",
)
@click.option(
    "--facet-limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Maximum values of a facet (8; 100 with --json). 0: no maximum.",
)
@click.option(
    "--collapse", is_flag=True, help="Show and count each story, or statement, once, with who ran it first."
)
@click.option("--explain", is_flag=True, help="Show what each score is made of.")
@click.option("--save", "save_as", metavar="NAME", help="Save the search under a name: searcher alerts.")
@click.option("--saved", metavar="NAME", help="Ask a saved search again.")
@color_option
@click.option("--mark", is_flag=True, help="Put matches between [[ and ]].")
@index_option
@debug_option
@click.version_option(__version__, message="%(prog)s %(version)s")
def search(words: tuple[str, ...], folder: str | None, **given: Any) -> int:
    """Search your articles. All words are required, in any order.

    Narrow with options; each can be repeated (any of its values), and each has its opposite:
    --not-person, --not-org, --not-source, …
    """
    from searcher.index import open_index

    place = find_index(folder)
    form, name = _form(given), given["save_as"]
    _check_histogram(given, form)
    if given["remembered"] is not None:
        return _find_quote(place, " ".join(words), given, form)
    with open_index(place, create=False) as index:  # which may have fields of its own
        for warning in index.warnings:
            note(f"search: {warning} Until it is mended, the decisions understood last hold.")
        store = _store(index) if given["saved"] is not None or name is not None else None
        asked = _search(" ".join(words), given)
        if store and given["saved"] is not None:
            asked = _again(store.get(given["saved"]), asked, given)
        else:
            _check_match_all(asked)
            form = form._replace(reading=index.read_question(asked))
        if reading := _read(given, form):
            asked = reading.search
            if reading.quotation and not (given["histogram"] or name):
                return _quotation(index, reading.quotation, given, form)
        for remark in _ambiguities(index, asked, form.reading):
            note(remark)
        if words == ("-",):
            if name is not None:
                raise click.UsageError("--save saves one search, not many.")
            if given["histogram"]:
                return _histogram(
                    index, [asked.replace(text) for _, text in _lines()], given["histogram"], form
                )
            return _batch(index, asked, form._replace(batch=True, correct=False))
        if store and name is not None:  # first: whoever reads the answer may stop before its end
            instead = ", in the place of the search that had this name" if name in store else ""
            store.save(name, asked, index)
            note(f"Saved as “{name}”{instead}: searcher alerts prints what is new from now on.")
        if given["histogram"]:
            searches = [asked, *map(asked.replace, given["compare"])]
            code = _histogram(index, searches, given["histogram"], form)
        else:
            code = answer.print_answer(index, asked, form)
        note_pending(index)
        if words and (pointer := to_searcher(words, code == OK)):
            note(pointer)
        if asked.quotes and not asked.speakers and given["where_speaker"]:
            note(to_said_by(given["where_speaker"]))
        return code


def _ambiguities(index: Index, asked: Search, reading: Reading | None) -> Iterator[str]:
    """Yield notes on a question that is searched as words, and on names that several people have."""
    if asked.text.rstrip().endswith("?") and not asked.quotes and reading is None:
        yield "This was not understood as a question: searched for its words."
    for field, names in (("speaker", asked.speakers), ("person", asked.included.get("person", ()))):
        for name in names:
            if len(meant := sorted(index.names_meant(field, name))) > 1:
                some = ", ".join(map(clean, meant[:_MAX_MEANT]))
                yield f"“{clean(name)}” stands for {len(meant)} names: {some}."


def _read(given: Mapping[str, Any], form: answer.AnswerLayout) -> Reading | None:
    """Return how a question is read, if it is to be answered so: in a listing, which says so, and wherever
    --ask is given. In any other form its words are searched for, and the reading is offered."""
    if form.reading is None:
        return None
    is_listing = form.name == "text" and not given["histogram"] and given["save_as"] is None
    if not (given["ask"] or is_listing):
        note(f"Searched for the words. To ask for {form.reading.sentence}: --ask")
        return None
    import shlex  # for an answer that few get

    literal = shlex.join(["search", f"({form.reading.question})"])
    line = f"Read as: {form.reading.sentence}. To search for the words: {literal}"
    write(f"{clean(line)}\n") if form.name == "text" else note(line)
    return form.reading


def _find_quote(place: Path | str, text: str, given: Mapping[str, Any], form: answer.AnswerLayout) -> int:
    from searcher.index import open_index

    if _search(text, given).core() != Search() or given["save_as"] or given["saved"]:
        raise click.UsageError(
            "--find-quote asks for one quotation: no other words and no narrowing with it."
        )
    with open_index(place, create=False) as index:
        return _quotation(index, given["remembered"], given, form)


def _quotation(index: Index, text: str, given: Mapping[str, Any], form: answer.AnswerLayout) -> int:
    usual = DEFAULT_LIMIT if form.name in ("text", "json") else sys.maxsize
    found = index.find_quote(text, usual if given["limit"] is None else given["limit"])
    return answer.show_found_quotes(text, found, form)


def _store(index: Index) -> SavedSearches:
    from searcher.saved_searches import SavedSearches

    return SavedSearches.of(index)


def _again(kept: SavedSearch, asked: Search, given: Mapping[str, Any]) -> Search:
    """A saved search, in another order if asked for; anything else would be another search."""
    saved = kept.search
    if kept.names:
        import shlex  # for an answer that few get

        again = f"searcher match --saved {shlex.quote(kept.name)}"
        raise click.UsageError(f"“{kept.name}” is a list of names, and no search. Look for it with: {again}")
    if asked.core().sorted_by("relevance") != Search():
        raise click.UsageError("--saved asks what was saved: no words and no narrowing with it.")
    return saved.replace(
        sort=saved.sort if asked.sort == "relevance" else asked.sort,
        limit=asked.limit,
        offset=asked.offset,
        facets=_facets(given, quotes=saved.quotes),
        collapse=asked.collapse,
        explain=asked.explain and not saved.quotes,
    )


def _search(text: str, given: Mapping[str, Any]) -> Search:
    single_medium = exclusive_option(given, ("unreported", "print_only"), "")
    if (single_medium, given["scope"]) in (("unreported", "print"), ("print_only", "speech")):
        raise click.UsageError("--unreported goes with --in speech, and --print-only with --in print.")
    quotes = bool(given["said_by"] or given["about"] or single_medium) or given["scope"] != "articles"
    if not quotes and (given["indirect"] or given["min_confidence"] is not None):
        raise click.UsageError("--indirect and --min-confidence go with --said-by, --about or --in quotes.")
    if given["indirect"] and (given["scope"] == "speech" or given["unreported"]):
        raise click.UsageError("--indirect goes with --in quotes: what is on record is not reported.")
    page, limit = given["page"], given["limit"]
    asked: dict[str, Any] = {name: given[name] for name in OPTIONS if name in given}
    asked |= narrowing(given) | {
        "match": "any" if given["match_any"] else "all",
        "quotes": quotes,
        "kinds": _kinds_asked(given),
        "collapse": given["collapse"] or bool(single_medium),
        "limit": DEFAULT_LIMIT if limit is None and page > 1 else limit,
        "offset": (page - 1) * (limit or DEFAULT_LIMIT),
        "facets": _facets(given, quotes=quotes),
        "explain": given["explain"] and not quotes,
    }
    return Search(text, **asked)


def narrowing(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a search that the options for narrowing stand for."""
    where = {field: values for field in NARROW if (values := given[f"where_{field}"])}
    exclude = {field: values for field in NARROW if (values := given[f"not_{field}"])}
    for option, fields in (("where", where), ("not_where", exclude)):
        for pair in given[option]:
            name = f"--{option.replace('_', '-')}"
            field, value = pair_of(name, pair, "FIELD=VALUE", "desk=foreign")
            fields[field.lower()] = (*fields.get(field.lower(), ()), value)
    if given["doubtful"]:
        where["doubtful"] = ("doubtful",)
    options = {name: given[name] for name in ("match_all", "after", "before")}
    return {"where": where, "exclude": exclude, **options}


def _kinds_asked(given: Mapping[str, Any]) -> Sequence[QuoteKind]:
    every: tuple[QuoteKind, ...] = get_args(QuoteKind)
    if given["scope"] == "speech":
        return ("speech",)
    kinds = every if given["indirect"] else DEFAULT_KINDS
    return tuple(kind for kind in kinds if kind != "speech") if given["scope"] == "print" else kinds


def _check_match_all(asked: Search) -> None:
    for field in asked.match_all:
        if field not in asked.included:
            option = f"--{OPTION_NAMES[field]}" if field in OPTION_NAMES else f"--where {field}=…"
            raise click.UsageError(f"--match-all {field} goes with {option}.")


def _facets(given: Mapping[str, Any], *, quotes: bool) -> list[str]:
    usual = "none" if quotes else DEFAULT_FACETS
    named = (usual if given["facets"] is None else given["facets"]).split(",")
    return [name.strip() for name in named if name.strip() not in ("", "none")]


def _form(given: Mapping[str, Any]) -> answer.AnswerLayout:
    name = exclusive_option(given, ("json", "jsonl", "csv", "svg", "ids", "files", "count"), "text", "as_")
    if given["null"] and name not in ("ids", "files"):
        raise click.UsageError("-0 goes with -l or --ids.")
    # A saved search is answered as alerts answer it.
    correct = name == "text" and given["saved"] is None and given["save_as"] is None
    layout = answer.AnswerLayout(name, given["facet_limit"], given["color"], given["mark"])
    return layout._replace(null=given["null"], correct=correct)


def _check_histogram(given: Mapping[str, Any], form: answer.AnswerLayout) -> None:
    if given["histogram"] is None:
        if given["compare"] or form.name == "svg":
            raise click.UsageError(
                f"--{'compare' if given['compare'] else 'svg'} goes with --histogram month (or year, …)."
            )
    elif form.name not in ("text", "json", "csv", "svg"):
        raise click.UsageError(f"--histogram prints text, --json, --csv or --svg, not --{form.name}.")


def _histogram(index: Any, searches: list[Search], unit: TimeUnit, form: answer.AnswerLayout) -> int:
    from searcher.cli.output import timeline

    return timeline.show(index, searches, unit, form.name, form.color) if searches else NOTHING


def _batch(index: Any, asked: Search, form: answer.AnswerLayout) -> int:
    """One query a line from stdin. A query that cannot be understood does not keep the others from it."""
    codes = set()
    for number, text in _lines():
        try:
            code = answer.print_answer(index, asked.replace(text), form)
            codes.add(code)
            form = form._replace(first=form.first and form.name != "json" and code != OK)
        except QueryError as error:
            note(f"search: line {number}: {error}")
            codes.add(ERROR)
        finish()
    if form.name == "json":
        write("[]\n" if form.first else "]\n")
    return ERROR if ERROR in codes else OK if OK in codes else NOTHING


def _lines() -> Iterator[tuple[int, str]]:
    """Those that are not blank, with their numbers."""
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            yield number, line.strip()


def main() -> None:
    """The console script, which asks one question, and ends at once: to take apart what was imported would
    take Python as long as many an answer."""
    deadline.begin_question()
    code = search.main(prog_name="search", standalone_mode=False)
    with suppress(OSError):
        sys.stdout.flush()  # what was printed before an error
    os._exit(code)


if __name__ == "__main__":
    main()

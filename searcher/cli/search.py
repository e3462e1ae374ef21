"""The command ``search QUERY…``, which has no subcommands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args

import click

from searcher import __version__
from searcher.article import QuoteKind
from searcher.cli.exits import ERROR, NOTHING, OK, debug_option, said_by_hint
from searcher.cli.options import (
    Day,
    QueryCommand,
    color_option,
    exclusive_option,
    index_option,
    note_pending,
    parse_pair,
    value_option,
)
from searcher.cli.output import answer
from searcher.cli.searcher import searcher_hint
from searcher.cli.streams import finish, note, write
from searcher.errors import QueryError
from searcher.locations import find_index
from searcher.query import deadline
from searcher.query.arguments import DEFAULT_KINDS, OPTION_NAMES, OPTIONS
from searcher.query.request import DEFAULT_LIMIT, Search
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from pathlib import Path

    from searcher.index import Index
    from searcher.query.tree import TimeUnit
    from searcher.saved_searches import SavedSearch, SavedSearches
    from searcher.search.question_reader import Reading

#: The options that filter by values of a field, with their help.
NARROW = {
    "person": "Articles mentioning this person.",
    "organisation": "Articles mentioning this organisation.",
    "speaker": "Articles quoting this person or organisation, including uncertain attributions.",
    "place": "Articles mentioning this place.",
    "contact": "Articles containing this email address, phone number, account or site.",
    "source": "Articles from this source.",
    "author": "Articles by this author.",
    "language": "Articles in this language (en, de, …).",
    "section": "Articles in this section.",
    "tag": "Articles with this tag, the publisher's or yours.",
    "case": "Articles in this case (see: searcher tag).",
}
DEFAULT_FACETS = "person,organisation,speaker,source,year"

EPILOG = """\b
Examples:
  search LeCun LLM                        both words, best article first
  search LeCun -Meta                      without “Meta”
  search '"dead end" OR person:LeCun'     phrases, OR, fields: the query language
  search --person "Yann LeCun" llama      only articles mentioning a person
  search --said-by LeCun "dead end"       what LeCun said
  search --said-by LeCun --about Meta     what LeCun said in articles about Meta
  search --said-by LeCun --collapse       each statement once, with all articles that have it
  search --find-quote "never stayed put"  find a half-remembered quotation
  search --after 2025-03 -c strike        number of articles since March 2025
  search --histogram month strike         articles per month
  search --histogram year oil --compare gas --csv > oil-gas.csv
  search --json --facets person,year oil  for programs
  search "what did LeCun say about Meta"  a question in words
  search - < queries.txt                  one query per line (with --json: a list of answers)

\b
Exit status: 0 something found, 1 nothing found, 2 error.
"""


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the filter options, which :func:`narrowing_arguments` reads."""
    for option in reversed(_NARROWING):
        command = option(command)
    for field, help_text in reversed(NARROW.items()):
        name = OPTION_NAMES[field]
        command = value_option(f"--not-{name}", f"not_{field}", field=field, hidden=True)(command)
        command = value_option(f"--{name}", f"where_{field}", field=field, help=help_text)(command)
    return command


#: Maximum number of names in the note on an ambiguous name.
_MAX_NAMES = 5
_NARROWING = (
    click.option(
        "--where",
        multiple=True,
        metavar="FIELD=VALUE",
        help="Articles with this value of any field: --where desk=foreign.",
    ),
    click.option("--not-where", multiple=True, metavar="FIELD=VALUE", hidden=True),
    click.option("--doubtful", is_flag=True, help="Only articles that may have been extracted incorrectly."),
    click.option(
        "--match-all",
        multiple=True,
        metavar="FIELD",
        help="Require all values given for this field, not just one of them: --match-all person.",
    ),
    click.option("--after", type=Day(last=False), metavar="DATE", help="Published on or after this date."),
    click.option("--before", type=Day(last=True), metavar="DATE", help="Published on or before this date."),
)


def _output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for flags, name, help_text in (
        (("-l", "--files"), "files", "Print the articles' files (members of an archive as x.zip!member)."),
        (("-c", "--count"), "count", "Print the number of results."),
        (("--ids",), "ids", "Print the ids of the articles."),
        (("--svg",), "svg", "Draw the --histogram as SVG."),
        (("--csv",), "csv", "Print a table for spreadsheets."),
        (("--jsonl",), "jsonl", "Print one JSON object per result."),
        (("--json",), "json", "Print one JSON document with results and facets."),
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
@filter_options
@value_option("--said-by", field="speaker", help="Search the quotations of this speaker.")
@click.option(
    "--about",
    default="",
    metavar="QUERY",
    help="Search quotations in articles matching QUERY: --said-by Pemberton --about cobalt.",
)
@click.option(
    "--in",
    "scope",
    type=click.Choice(["articles", "quotes", "speech", "print"]),
    default="articles",
    help="Search articles, or what anyone said: in all quotations, on record (speech) or in print.",
)
@click.option("--unreported", is_flag=True, help="Only statements on record that no article reports.")
@click.option("--print-only", is_flag=True, help="Only statements in print that are not on record.")
@click.option(
    "--find-quote",
    "remembered",
    metavar="TEXT",
    help="Find a quotation you only half remember.",
)
@click.option("--indirect", is_flag=True, help="Search indirect speech too.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="0..1",
    help="Minimum confidence in the speaker (default with --said-by: 0.7).",
)
@click.option(
    "--ask", is_flag=True, help="Answer questions in words also with -c, --json, … (a listing always does)."
)
@click.option("--any", "match_any", is_flag=True, help="Match any of the words instead of all.")
@click.option(
    "--translate",
    is_flag=True,
    help="Also search for translations of the words; -WORD excludes a wrong one.",
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    help="Sort by relevance (without words: newest first) or by date.",
)
@click.option(
    "--histogram",
    type=click.Choice(["year", "month", "week", "day"]),
    help="Count results over time: as bars, --csv, --json or --svg.",
)
@click.option(
    "--compare", multiple=True, metavar="QUERY", help="Add another query to the --histogram; repeatable."
)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Maximum number of results (10; all with --csv, --jsonl, --ids, -l). 0: only the counts.",
)
@click.option("-0", "--null", is_flag=True, help="With -l and --ids: separate names by NUL, for xargs -0.")
@click.option("--page", type=click.IntRange(min=1), default=1, metavar="N", help="Page of the results.")
@_output_options
@click.option(
    "--facets",
    metavar="F,…",
    help="Facets to count, for articles and statements (--collapse). none: no facets.",
)
@click.option(
    "--facet-limit",
    type=click.IntRange(min=0),
    metavar="N",
    help="Maximum number of values per facet (8; 100 with --json). 0: all.",
)
@click.option("--collapse", is_flag=True, help="Group duplicates: show each story or statement once.")
@click.option("--explain", is_flag=True, help="Show how each score is computed.")
@click.option("--save", "save_as", metavar="NAME", help="Save the search, for “searcher alerts”.")
@click.option("--saved", metavar="NAME", help="Run a saved search.")
@color_option
@click.option("--mark", is_flag=True, help="Put matches between [[ and ]].")
@index_option
@debug_option
@click.version_option(__version__, message="%(prog)s %(version)s")
def search(words: tuple[str, ...], folder: str | None, **params: Any) -> int:
    """Search your articles. All words are required, in any order.

    Filter with options. Repeat an option to accept any of its values. To exclude values, use --not-person,
    --not-org, --not-source, …
    """
    from searcher.index import open_index

    place = find_index(folder)
    form, name = _form(params), params["save_as"]
    _check_histogram(params, form)
    if params["remembered"] is not None:
        return _find_quote(place, " ".join(words), params, form)
    with open_index(place, create=False) as index:
        for warning in index.names.warnings:
            note(f"search: {warning} Until it is fixed, the last valid decisions apply.")
        store = _store(index) if params["saved"] is not None or name is not None else None
        search = _search(" ".join(words), params)
        if store and params["saved"] is not None:
            search = _saved_search(store.get(params["saved"]), search, params)
        else:
            _check_match_all(search)
            form = form._replace(reading=index.hints.read_question(search))
        if reading := _question_reading(params, form):
            search = reading.search
            if reading.quotation and not (params["histogram"] or name):
                return _quotation(index, reading.quotation, params, form)
        for remark in _ambiguities(index, search, form.reading):
            note(remark)
        if words == ("-",):
            if name is not None:
                raise click.UsageError("--save saves a single search and cannot be combined with “-”.")
            if params["histogram"]:
                return _histogram(
                    index, [search.replace(text) for _, text in _lines()], params["histogram"], form
                )
            return _batch(index, search, form._replace(batch=True, correct=False))
        if store and name is not None:  # stored before printing, which may be interrupted
            replaced = ", replacing the earlier search" if name in store else ""
            store.save(name, search, index)
            note(f"Saved as “{name}”{replaced}. New results from now on: searcher alerts")
        if params["histogram"]:
            searches = [search, *map(search.replace, params["compare"])]
            code = _histogram(index, searches, params["histogram"], form)
        else:
            code = answer.print_answer(index, search, form)
        note_pending(index)
        if words and (pointer := searcher_hint(words, code == OK)):
            note(pointer)
        if search.quotes and not search.speakers and params["where_speaker"]:
            note(said_by_hint(params["where_speaker"]))
        return code


def _ambiguities(index: Index, search: Search, reading: Reading | None) -> Iterator[str]:
    """Yield notes on a question that was not understood and on ambiguous names."""
    if search.text.rstrip().endswith("?") and not search.quotes and reading is None:
        yield "Not understood as a question; searched for the words."
    for field, names in (("speaker", search.speakers), ("person", search.included.get("person", ()))):
        for name in names:
            if len(matches := sorted(index.names.resolve(field, name))) > 1:
                listed = ", ".join(map(clean_line, matches[:_MAX_NAMES]))
                yield f"“{clean_line(name)}” matches {len(matches)} names: {listed}."


def _question_reading(params: Mapping[str, Any], form: answer.AnswerLayout) -> Reading | None:
    """Return the reading of a question if it is to be answered: in a listing, or with --ask.

    In other formats, search for the words and suggest --ask.
    """
    if form.reading is None:
        return None
    is_listing = form.name == "text" and not params["histogram"] and params["save_as"] is None
    if not (params["ask"] or is_listing):
        note(f"Searched for the words. To search for {form.reading.sentence} instead: --ask")
        return None
    import shlex  # rarely needed

    literal = shlex.join(["search", f"({form.reading.question})"])
    line = f"Read as: {form.reading.sentence}. To search for the words: {literal}"
    write(f"{clean_line(line)}\n") if form.name == "text" else note(line)
    return form.reading


def _find_quote(place: Path | str, text: str, params: Mapping[str, Any], form: answer.AnswerLayout) -> int:
    from searcher.index import open_index

    if _search(text, params).core() != Search() or params["save_as"] or params["saved"]:
        raise click.UsageError("--find-quote cannot be combined with a query, filters, --save or --saved.")
    with open_index(place, create=False) as index:
        return _quotation(index, params["remembered"], params, form)


def _quotation(index: Index, text: str, params: Mapping[str, Any], form: answer.AnswerLayout) -> int:
    default = DEFAULT_LIMIT if form.name in ("text", "json") else sys.maxsize
    matches = index.find_quote(text, default if params["limit"] is None else params["limit"])
    return answer.show_found_quotes(text, matches, form)


def _store(index: Index) -> SavedSearches:
    from searcher.saved_searches import SavedSearches

    return SavedSearches.of(index)


def _saved_search(stored: SavedSearch, search: Search, params: Mapping[str, Any]) -> Search:
    """Return a saved search with the order, page and facets of the command line."""
    saved = stored.search
    if stored.names:
        import shlex

        command = f"searcher match --saved {shlex.quote(stored.name)}"
        raise click.UsageError(f"“{stored.name}” is a list of names, not a search. To check it: {command}")
    if search.core().sorted_by("relevance") != Search():
        raise click.UsageError("--saved cannot be combined with a query or filters.")
    return saved.replace(
        sort=saved.sort if search.sort == "relevance" else search.sort,
        limit=search.limit,
        offset=search.offset,
        facets=_facets(params, quotes=saved.quotes),
        collapse=search.collapse,
        explain=search.explain and not saved.quotes,
    )


def _search(text: str, params: Mapping[str, Any]) -> Search:
    single_medium = exclusive_option(params, ("unreported", "print_only"), "")
    if (single_medium, params["scope"]) in (("unreported", "print"), ("print_only", "speech")):
        raise click.UsageError(
            "--unreported cannot be combined with --in print, nor --print-only with --in speech."
        )
    quotes = bool(params["said_by"] or params["about"] or single_medium) or params["scope"] != "articles"
    if not quotes and (params["indirect"] or params["min_confidence"] is not None):
        raise click.UsageError("--indirect and --min-confidence need --said-by, --about or --in quotes.")
    if params["indirect"] and (params["scope"] == "speech" or params["unreported"]):
        raise click.UsageError("--indirect needs --in quotes: speech on record is never indirect.")
    page, limit = params["page"], params["limit"]
    arguments: dict[str, Any] = {name: params[name] for name in OPTIONS if name in params}
    arguments |= narrowing_arguments(params) | {
        "match": "any" if params["match_any"] else "all",
        "quotes": quotes,
        "kinds": _kinds(params),
        "collapse": params["collapse"] or bool(single_medium),
        "limit": DEFAULT_LIMIT if limit is None and page > 1 else limit,
        "offset": (page - 1) * (limit or DEFAULT_LIMIT),
        "facets": _facets(params, quotes=quotes),
        "explain": params["explain"] and not quotes,
    }
    return Search(text, **arguments)


def narrowing_arguments(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a search for the filter options."""
    where = {field: values for field in NARROW if (values := params[f"where_{field}"])}
    exclude = {field: values for field in NARROW if (values := params[f"not_{field}"])}
    for option, fields in (("where", where), ("not_where", exclude)):
        for pair in params[option]:
            name = f"--{option.replace('_', '-')}"
            field, value = parse_pair(name, pair, "FIELD=VALUE", "desk=foreign")
            fields[field.lower()] = (*fields.get(field.lower(), ()), value)
    if params["doubtful"]:
        where["doubtful"] = ("doubtful",)
    options = {name: params[name] for name in ("match_all", "after", "before")}
    return {"where": where, "exclude": exclude, **options}


def _kinds(params: Mapping[str, Any]) -> Sequence[QuoteKind]:
    if params["scope"] == "speech":
        return ("speech",)
    kinds: tuple[QuoteKind, ...] = get_args(QuoteKind) if params["indirect"] else DEFAULT_KINDS
    return tuple(kind for kind in kinds if kind != "speech") if params["scope"] == "print" else kinds


def _check_match_all(search: Search) -> None:
    for field in search.match_all:
        if field not in search.included:
            option = f"--{OPTION_NAMES[field]}" if field in OPTION_NAMES else f"--where {field}=…"
            raise click.UsageError(f"--match-all {field} needs {option}.")


def _facets(params: Mapping[str, Any], *, quotes: bool) -> list[str]:
    default = "none" if quotes else DEFAULT_FACETS
    names = (default if params["facets"] is None else params["facets"]).split(",")
    return [name.strip() for name in names if name.strip() not in ("", "none")]


def _form(params: Mapping[str, Any]) -> answer.AnswerLayout:
    name = exclusive_option(params, ("json", "jsonl", "csv", "svg", "ids", "files", "count"), "text", "as_")
    if params["null"] and name not in ("ids", "files"):
        raise click.UsageError("-0 needs -l or --ids.")
    # The spelling of saved searches is not corrected, because alerts do not correct it either.
    correct = name == "text" and params["saved"] is None and params["save_as"] is None
    layout = answer.AnswerLayout(name, params["facet_limit"], params["color"], params["mark"])
    return layout._replace(null=params["null"], correct=correct)


def _check_histogram(params: Mapping[str, Any], form: answer.AnswerLayout) -> None:
    if params["histogram"] is None:
        if params["compare"] or form.name == "svg":
            option = "compare" if params["compare"] else "svg"
            raise click.UsageError(f"--{option} needs --histogram, for example --histogram month.")
    elif form.name not in ("text", "json", "csv", "svg"):
        raise click.UsageError(f"--histogram can print --json, --csv or --svg, not --{form.name}.")


def _histogram(index: Any, searches: list[Search], unit: TimeUnit, form: answer.AnswerLayout) -> int:
    from searcher.cli.output import timeline

    return timeline.show(index, searches, unit, form.name, form.color) if searches else NOTHING


def _batch(index: Any, search: Search, form: answer.AnswerLayout) -> int:
    """Answer the queries on stdin, one per line. A query with an error does not stop the others."""
    codes = set()
    for number, text in _lines():
        try:
            code = answer.print_answer(index, search.replace(text), form)
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
    """Yield the non-blank lines of stdin with their numbers."""
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            yield number, line.strip()


def main() -> None:
    """Run the console script. ``os._exit`` skips Python's teardown, which can take as long as a search."""
    deadline.begin_question()
    code = search.main(prog_name="search", standalone_mode=False)
    with suppress(OSError):
        sys.stdout.flush()  # may contain results that were printed before an error
    os._exit(code)


if __name__ == "__main__":
    main()

"""Print the answer to a search in one of the output formats."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from searcher.cli.exits import NOTHING, OK
from searcher.cli.streams import note, write
from searcher.fields import Fields
from searcher.query.request import Search
from searcher.results import Hit, Results
from searcher.sanitize import clean_line

if TYPE_CHECKING:
    from searcher.cli.output.text import Copies
    from searcher.index import Index
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Change, FoundQuote, Place, Statement, Statements
    from searcher.search.question_reader import Reading

    _Answer = Results | Quotes | Statements
    _Hit = Hit | QuoteHit | Statement

#: Default maximum number of values per facet in JSON. Large archives have 100,000 people.
MAX_JSON_FACET_VALUES = 100


class AnswerLayout(NamedTuple):
    """How to print an answer.

    Attributes:
        batch: One of several queries: each answer names its query, and all share one document or table.
        first: First answer of a batch, which starts the document or table.
        null: End names with NUL instead of a line feed.
        reading: The query understood as a question.
        correct: Correct the spelling of words that no article contains.
    """

    name: str = "text"
    facet_limit: int | None = None
    color: str = "auto"
    mark: bool = False
    batch: bool = False
    first: bool = True
    null: bool = False
    reading: Reading | None = None
    correct: bool = False


def print_answer(index: Index, search: Search, form: AnswerLayout) -> int:
    """Print the answer and return the exit code."""
    return _FORMS[form.name](index, search, form)


def _print_text(index: Index, search: Search, form: AnswerLayout) -> int:
    from searcher.cli.output import text
    from searcher.cli.output.terminal import screen_of

    screen = screen_of(form.color, brackets=form.mark)
    results, typed = find_results(index, search), search
    corrections = results.corrections if form.correct else {}
    if corrections:
        search = typed.corrected(corrections, index.fields)
        results = find_results(index, search)
    if form.batch:
        write(f"{screen.paint(f'== {clean_line(search.text)}', 'heading')}\n")
    notes = [
        *text.corrected(corrections, typed.literal(corrections, index.fields)),
        *text.notes(results),
        *_missing_translations(search, results),
        *_lower_case_operators(search, index.fields),
        *_partial_values(index, search, results),
    ]
    for line in notes:
        write(f"{screen.paint(line, 'warning')}\n")
    if not results.total:
        if form.batch:
            write("Nothing found.\n\n")
        else:
            note("Nothing found.")
            _advise(index, search, form, results)
        return NOTHING
    uncertain = _below_confidence(search, results)
    more = (
        f", plus {uncertain:,} with lower confidence in the speaker (--min-confidence 0)" if uncertain else ""
    )
    write(f"{text.summary(results, search.offset)}{more}\n\n")
    hits: tuple[_Hit, ...] = results.hits
    if foreign := [hit.article for hit in hits if hit.article.language not in (None, "en")]:
        from searcher.cli.output.coverage import not_served

        for line in not_served(foreign):
            write(f"{screen.paint(line, 'meta')}\n\n")
    counts = _copies_and_versions(index, results)
    for number, hit in enumerate(hits, search.offset + 1):
        lines = [*text.copies_lines(hit.article, *counts.get(hit.article.id, (None, 1)))]
        lines += text.score_lines(index, hit) if isinstance(hit, Hit) else ()
        write(text.hit_text(hit, number, screen, lines))
    if search.facets:
        by_story = isinstance(results, Results) and results.collapsed and results.articles > results.total
        write("Counted by story:\n" if by_story else "")
        limit = text.MAX_VALUES if form.facet_limit is None else form.facet_limit or sys.maxsize
        write(text.text_of_lines(text.facet_columns(getattr(results, "facets", {}), screen, limit)))
        write("\n" if form.batch else "")
    return OK


def _below_confidence(search: Search, results: _Answer) -> int:
    """Return the number of quotations left out because of the default minimum confidence."""
    if isinstance(results, Results) or search.min_confidence is not None:
        return 0
    return results.below_confidence


def _missing_translations(search: Search, results: _Answer) -> Iterator[str]:
    if search.translate and search.text and not results.translations:
        yield "No translations were found for these words."
        if search.text != search.text.lower():
            yield "Capitalised words may be names and are not translated. To translate them, use lower case."


_OPERATORS = {"or": "OR", "not": "NOT", "same": "w/50", "near": "w/5", "adj": "pre/5"}


def _lower_case_operators(search: Search, fields: Fields) -> Iterator[str]:
    """Yield notes on words that may be meant as operators, ours or Factiva's."""
    from searcher.query.language.parser import lex

    texts = [search.about] if search.match == "any" else [search.text, search.about]
    inner_words = {token.text for text in texts for token in lex(text, fields)[1:-2] if token.kind == "word"}
    for word, operator in _OPERATORS.items():
        if word in inner_words:
            yield f"“{word}” was searched for as a word; the operator is {operator}."


#: Maximum number of matching values listed if the query contains only part of a value.
_MAX_PARTIAL_VALUES = 8


def _partial_values(index: Index, search: Search, results: _Answer) -> Iterator[str]:
    """Yield a note for each partial value that matches several values."""
    if not search.queried_values(index.fields):  # the usual case, which does not need to import advice
        return
    for name, value, matching_values in index.hints.advise(search, results).partial_values():
        more = (
            f" and {len(matching_values) - _MAX_PARTIAL_VALUES:,} more"
            if len(matching_values) > _MAX_PARTIAL_VALUES
            else ""
        )
        listed = ", ".join(map(clean_line, matching_values[:_MAX_PARTIAL_VALUES]))
        yield f"{len(matching_values):,} values of {name} contain “{clean_line(value)}”: {listed}{more}."


def _advise(index: Index, search: Search, form: AnswerLayout, results: _Answer) -> None:
    """Explain on stderr why nothing was found, except in a batch."""
    if form.batch:
        return
    from searcher.cli.output.coverage import reasons

    for line in reasons(index, search, results, _below_confidence(search, results)):
        note(line)


def find_results(index: Index, search: Search) -> _Answer:
    """Return a page of articles, quotations or statements."""
    if search.quotes:
        return index.statements(search) if search.collapse else index.quotes(search)
    return index.search(search)


def _copies_and_versions(index: Index, results: _Answer) -> Mapping[str, tuple[Copies | None, int]]:
    """Return the copies and the number of versions of the articles, by id."""
    if not isinstance(results, Results):
        return {}
    from searcher.cli.output.text import copies_and_versions

    return copies_and_versions(index, [hit.article for hit in results.hits])


def _print_json(index: Index, search: Search, form: AnswerLayout) -> int:
    from searcher.cli.output import data
    from searcher.names.decisions import NAME_KINDS

    results = find_results(index, search).with_all_words()
    limit = MAX_JSON_FACET_VALUES if form.facet_limit is None else form.facet_limit
    answer = data.answer(search, results, limit)
    for field, values in answer.get("facets", {}).items():
        full = index.names.full_names(field, [one["value"] for one in values]) if field in NAME_KINDS else {}
        for one in values:
            one |= {"full": full[one["value"]]} if one["value"] in full else {}
    if form.reading:
        answer["reading"] = form.reading.to_dict()
    if pending := index.articles.count_pending():
        answer["pending"] = pending
    if isinstance(results, Results):
        counts = _copies_and_versions(index, results)
        for row, hit in zip(answer["hits"], results.hits):
            copies, row["versions"] = counts.get(hit.article.id, (None, 1))
            row["copies"] = copies.to_dict() if copies else None
    if form.batch:  # The caller writes the closing bracket of the list.
        write(("[" if form.first else ",\n") + data.dumps(answer))
    else:
        write(data.dumps(answer, indent=2) + "\n")
    return OK if results.total else NOTHING


def _print_lines(index: Index, search: Search, form: AnswerLayout) -> int:
    from searcher.cli.output.data import dumps

    query = {"query": search.text} if form.batch else {}
    return _print_stream(index, search, form, lambda hit: dumps({**query, **hit.to_dict()}) + "\n")


def _print_table(index: Index, search: Search, form: AnswerLayout) -> int:
    from searcher.formats.export import table_heading, table_row

    query = search.text if form.batch else None
    statements = search.quotes and search.collapse
    heading = table_heading(quotes=search.quotes, statements=statements, query=form.batch)
    return _print_stream(index, search, form, lambda hit: table_row(hit, query=query), heading)


def _print_names(
    index: Index, search: Search, form: AnswerLayout, name_of: Callable[[_Hit | Place], str | None]
) -> int:
    search = search.replace(snippets=False, collapse=search.collapse and not search.quotes)
    return _print_stream(index, search, form, _unique_lines(form, name_of))


def _unique_lines(
    form: AnswerLayout, name_of: Callable[[_Hit | Place], str | None]
) -> Callable[[_Hit | Place], str]:
    """Return a function that returns the name of a hit as a line, or "" if the name was printed before."""
    written: set[str | None] = {None, ""}
    end = "\0" if form.null else "\n"

    def line(hit: _Hit | Place) -> str:
        name = name_of(hit)
        is_new = name not in written
        written.add(name)
        return f"{name}{end}" if is_new else ""

    return line


def _print_stream(
    index: Index, search: Search, form: AnswerLayout, line_of: Callable[[_Hit], str], heading: str = ""
) -> int:
    """Print a line for every hit. Print nothing if only some of the words match."""
    search = search.replace(facets=())
    if not _has_all_words(index, search, form, find_results(index, search.replace(limit=0))):
        return NOTHING
    if not form.batch:
        write(heading)
    printed = False
    for hit in _all_hits(index, search):
        if form.batch and form.first and not printed:
            write(heading)
        printed = True
        write(line_of(hit))
    return OK if printed else NOTHING


def _all_hits(index: Index, search: Search) -> Iterable[_Hit]:
    if not search.quotes:
        return index.scan(search)
    if not search.collapse:
        return index.scan_quotes(search)
    single = search.is_single_medium
    count = index.statements if single else index.quotes  # There are at least as many quotations.
    total = count(search.replace(limit=0, collapse=single, facets=())).total
    return index.statements(search.replace(limit=total if search.limit is None else search.limit))


def _print_count(index: Index, search: Search, form: AnswerLayout) -> int:
    results = find_results(index, search.replace(limit=0, facets=()))
    total = results.total if _has_all_words(index, search, form, results) else 0
    write(f"{total}\t{search.text}\n" if form.batch else f"{total}\n")
    return OK if total else NOTHING


def _has_all_words(index: Index, search: Search, form: AnswerLayout, results: _Answer) -> bool:
    """Return True if the results have all the words, and print notes on stderr."""
    from searcher.cli.output.text import suggested, translations_text

    for line in suggested(results.suggestions):
        note(line)
    if not results.total:
        _advise(index, search, form, results)
    if results.relaxed:
        note(relaxed_note(search, results))
        return False
    for line in _partial_values(index, search, results):
        note(line)
    if results.translations:
        note(f"Also searched in other languages: {translations_text(results.translations)}")
    return True


def relaxed_note(search: Search, results: _Answer) -> str:
    """Return the note that no result has all the words."""
    kind = "quotation" if search.quotes else "article"
    return f"No {kind} has all the words. {results.total:,} with at least one of them: --any"


#: The names that --ids and --files print. A member of an archive is ``archive.zip!member``.
_NAMES: dict[str, Callable[[_Hit | Place], str | None]] = {
    "ids": lambda hit: clean_line(hit.article.id),
    "files": lambda hit: hit.article.origin,
}

_FORMS: dict[str, Callable[[Index, Search, AnswerLayout], int]] = {
    "text": _print_text,
    "json": _print_json,
    "jsonl": _print_lines,
    "csv": _print_table,
    **{name: partial(_print_names, name_of=name_of) for name, name_of in _NAMES.items()},
    "count": _print_count,
}


def show_found_quotes(text: str, quotes: Sequence[FoundQuote], form: AnswerLayout) -> int:
    """Print the quotations found for a remembered text and return the exit code."""
    if form.name == "count":
        write(f"{len(quotes)}\n")
        return OK if quotes else NOTHING
    if form.name == "csv":
        from searcher.formats.export import table_heading, table_row

        write(table_heading(quotes=True, statements=True))
        write("".join(table_row(one.statement) for one in quotes))
        return OK if quotes else NOTHING
    if form.name in _NAMES:
        line = _unique_lines(form, _NAMES[form.name])
        write("".join(line(place) for one in quotes for place in one.statement.places))
        return OK if quotes else NOTHING
    if form.name != "text":
        from searcher.cli.output.data import write_records

        write_records(form.name, "found_quotes", (one.to_dict() for one in quotes), quote=text)
        return OK if quotes else NOTHING
    from searcher.cli.output.terminal import screen_of
    from searcher.cli.output.text import hit_text

    screen = screen_of(form.color, brackets=form.mark)
    for number, one in enumerate(quotes, 1):
        write(hit_text(one.statement, number, screen, [_match_text(one)]))
    if not quotes:
        note("No similar quotation found.")
    return OK if quotes else NOTHING


def _match_text(one: FoundQuote) -> str:
    if one.match == "near":
        *first, last = map(_change_text, one.changes)
        changes = f"{', '.join(first)} and {last}" if first else last
        return f"{one.share:.0%} of your words match; the original {changes}"
    return {"exact": "exact match", "part": "your words are part of a longer quotation"}[one.match]


def _change_text(change: Change) -> str:
    requested, printed = clean_line(change.query), clean_line(change.printed)
    if not printed:
        return f"lacks “{requested}”"
    return f"has “{printed}” for “{requested}”" if requested else f"adds “{printed}”"

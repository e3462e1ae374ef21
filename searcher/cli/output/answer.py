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

    _Found = Results | Quotes | Statements
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
    found, typed = find_results(index, search), search
    corrections = found.corrections if form.correct else {}
    if corrections:
        search = typed.corrected(corrections, index.fields)
        found = find_results(index, search)
    if form.batch:
        write(f"{screen.paint(f'== {clean_line(search.text)}', 'heading')}\n")
    notes = [
        *text.corrected(corrections, typed.literal(corrections, index.fields)),
        *text.notes(found),
        *_missing_translations(search, found),
        *_lower_case_operators(search, index.fields),
        *_partial_values(index, search, found),
    ]
    for line in notes:
        write(f"{screen.paint(line, 'warning')}\n")
    if not found.total:
        if form.batch:
            write("Nothing found.\n\n")
        else:
            note("Nothing found.")
            _advise(index, search, form, found)
        return NOTHING
    uncertain = _below_confidence(search, found)
    more = (
        f", plus {uncertain:,} with lower confidence in the speaker (--min-confidence 0)" if uncertain else ""
    )
    write(f"{text.summary(found, search.offset)}{more}\n\n")
    hits: tuple[_Hit, ...] = found.hits
    if foreign := [hit.article for hit in hits if hit.article.language not in (None, "en")]:
        from searcher.cli.output.coverage import not_served

        for line in not_served(foreign):
            write(f"{screen.paint(line, 'meta')}\n\n")
    alike = _copies_and_versions(index, found)
    for number, hit in enumerate(hits, search.offset + 1):
        lines = [*text.copies_lines(hit.article, *alike.get(hit.article.id, (None, 1)))]
        lines += text.score_lines(index, hit) if isinstance(hit, Hit) else ()
        write(text.hit_text(hit, number, screen, lines))
    if search.facets:
        by_story = isinstance(found, Results) and found.collapsed and found.articles > found.total
        write("Counted by story:\n" if by_story else "")
        limit = text.MAX_VALUES if form.facet_limit is None else form.facet_limit or sys.maxsize
        write(text.text_of_lines(text.facet_columns(getattr(found, "facets", {}), screen, limit)))
        write("\n" if form.batch else "")
    return OK


def _below_confidence(search: Search, found: _Found) -> int:
    """Return the number of quotations left out because of the default minimum confidence."""
    if isinstance(found, Results) or search.min_confidence is not None:
        return 0
    return found.below_confidence


def _missing_translations(search: Search, found: _Found) -> Iterator[str]:
    if search.translate and search.text and not found.translations:
        yield "No translations were found for these words."
        if search.text != search.text.lower():
            yield "Capitalised words may be names and are not translated. To translate them, use lower case."


_OPERATORS = {"or": "OR", "not": "NOT", "same": "w/50", "near": "w/5", "adj": "pre/5"}


def _lower_case_operators(search: Search, fields: Fields) -> Iterator[str]:
    """Yield notes on words that may be meant as operators, ours or Factiva's."""
    from searcher.query.language.parser import lex

    texts = [search.about] if search.match == "any" else [search.text, search.about]
    between = {token.text for text in texts for token in lex(text, fields)[1:-2] if token.kind == "word"}
    for word, operator in _OPERATORS.items():
        if word in between:
            yield f"“{word}” was searched for as a word; the operator is {operator}."


#: Maximum number of matching values listed if the query contains only part of a value.
_MAX_PARTIAL_VALUES = 8


def _partial_values(index: Index, search: Search, found: _Found) -> Iterator[str]:
    """Yield a note for each partial value that matches several values."""
    if not search.queried_values(index.fields):  # the usual case, which does not need to import advice
        return
    for name, value, alike in index.hints.advise(search, found).partial_values():
        more = f" and {len(alike) - _MAX_PARTIAL_VALUES:,} more" if len(alike) > _MAX_PARTIAL_VALUES else ""
        shown = ", ".join(map(clean_line, alike[:_MAX_PARTIAL_VALUES]))
        yield f"{len(alike):,} values of {name} contain “{clean_line(value)}”: {shown}{more}."


def _advise(index: Index, search: Search, form: AnswerLayout, found: _Found) -> None:
    """Explain on stderr why nothing was found, except in a batch."""
    if form.batch:
        return
    from searcher.cli.output.coverage import reasons

    for line in reasons(index, search, found, _below_confidence(search, found)):
        note(line)


def find_results(index: Index, search: Search) -> _Found:
    """Return a page of articles, quotations or statements."""
    if search.quotes:
        return index.statements(search) if search.collapse else index.quotes(search)
    return index.search(search)


def _copies_and_versions(index: Index, found: _Found) -> Mapping[str, tuple[Copies | None, int]]:
    """Return the copies and the number of versions of the articles, by id."""
    if not isinstance(found, Results):
        return {}
    from searcher.cli.output.text import copies_and_versions

    return copies_and_versions(index, [hit.article for hit in found.hits])


def _print_json(index: Index, search: Search, form: AnswerLayout) -> int:
    from searcher.cli.output import data
    from searcher.names.decisions import NAME_KINDS

    found = find_results(index, search).with_all_words()
    limit = MAX_JSON_FACET_VALUES if form.facet_limit is None else form.facet_limit
    answer = data.answer(search, found, limit)
    for field, values in answer.get("facets", {}).items():
        full = index.names.full_names(field, [one["value"] for one in values]) if field in NAME_KINDS else {}
        for one in values:
            one |= {"full": full[one["value"]]} if one["value"] in full else {}
    if form.reading:
        answer["reading"] = form.reading.to_dict()
    if pending := index.articles.count_pending():
        answer["pending"] = pending
    if isinstance(found, Results):
        alike = _copies_and_versions(index, found)
        for shown, hit in zip(answer["hits"], found.hits):
            copies, shown["versions"] = alike.get(hit.article.id, (None, 1))
            shown["copies"] = copies.to_dict() if copies else None
    if form.batch:  # The caller writes the closing bracket of the list.
        write(("[" if form.first else ",\n") + data.dumps(answer))
    else:
        write(data.dumps(answer, indent=2) + "\n")
    return OK if found.total else NOTHING


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
    found = find_results(index, search.replace(limit=0, facets=()))
    total = found.total if _has_all_words(index, search, form, found) else 0
    write(f"{total}\t{search.text}\n" if form.batch else f"{total}\n")
    return OK if total else NOTHING


def _has_all_words(index: Index, search: Search, form: AnswerLayout, found: _Found) -> bool:
    """Return True if the results have all the words, and print notes on stderr."""
    from searcher.cli.output.text import suggested, translations_text

    for line in suggested(found.suggestions):
        note(line)
    if not found.total:
        _advise(index, search, form, found)
    if found.relaxed:
        note(relaxed_note(search, found))
        return False
    for line in _partial_values(index, search, found):
        note(line)
    if found.translations:
        note(f"Also searched in other languages: {translations_text(found.translations)}")
    return True


def relaxed_note(search: Search, found: _Found) -> str:
    """Return the note that no result has all the words."""
    kind = "quotation" if search.quotes else "article"
    return f"No {kind} has all the words. {found.total:,} with at least one of them: --any"


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


def show_found_quotes(text: str, found: Sequence[FoundQuote], form: AnswerLayout) -> int:
    """Print the quotations found for a remembered text and return the exit code."""
    if form.name == "count":
        write(f"{len(found)}\n")
        return OK if found else NOTHING
    if form.name == "csv":
        from searcher.formats.export import table_heading, table_row

        write(table_heading(quotes=True, statements=True))
        write("".join(table_row(one.statement) for one in found))
        return OK if found else NOTHING
    if form.name in _NAMES:
        line = _unique_lines(form, _NAMES[form.name])
        write("".join(line(place) for one in found for place in one.statement.places))
        return OK if found else NOTHING
    if form.name != "text":
        from searcher.cli.output.data import write_records

        write_records(form.name, "found_quotes", (one.to_dict() for one in found), quote=text)
        return OK if found else NOTHING
    from searcher.cli.output.terminal import screen_of
    from searcher.cli.output.text import hit_text

    screen = screen_of(form.color, brackets=form.mark)
    for number, one in enumerate(found, 1):
        write(hit_text(one.statement, number, screen, [_match_text(one)]))
    if not found:
        note("No similar quotation found.")
    return OK if found else NOTHING


def _match_text(one: FoundQuote) -> str:
    if one.match == "near":
        *first, last = map(_change_text, one.changes)
        changes = f"{', '.join(first)} and {last}" if first else last
        return f"{one.share:.0%} of your words match; the original {changes}"
    return {"exact": "exact match", "part": "your words are part of a longer quotation"}[one.match]


def _change_text(change: Change) -> str:
    asked, printed = clean_line(change.query), clean_line(change.printed)
    if not printed:
        return f"lacks “{asked}”"
    return f"has “{printed}” for “{asked}”" if asked else f"adds “{printed}”"

"""One search, answered in the form asked for."""

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
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.cli.output.text import Copies
    from searcher.index import Index
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Change, FoundQuote, Place, Statement, Statements
    from searcher.search.question_reader import Reading

    _Found = Results | Quotes | Statements
    _Hit = Hit | QuoteHit | Statement

#: Values of a facet in JSON unless --facet-limit says otherwise: large archives know 100,000 people.
MAX_JSON_FACET_VALUES = 100


class AnswerLayout(NamedTuple):
    """How an answer is shown. ``batch``: one of several, so that each answer has to say whose it is; all are
    one document or table, which the ``first`` answer begins. ``null``: names end with NUL rather than with
    the line. ``reading``: how the query would be read as a question. ``correct``: search for the likely
    spelling of words that no article contains."""

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
    """Print the answer; returns the exit code."""
    return _FORMS[form.name](index, search, form)


def _print_text(index: Index, search: Search, form: AnswerLayout) -> int:
    from searcher.cli.output import text
    from searcher.cli.output.terminal import screen_of

    screen = screen_of(form.color, brackets=form.mark)
    found, typed = found_by(index, search), search
    corrections = found.corrections if form.correct else {}
    if corrections:
        search = typed.corrected(corrections, index.fields)
        found = found_by(index, search)
    if form.batch:
        write(f"{screen.paint(f'== {clean(search.text)}', 'heading')}\n")
    told = [
        *text.corrected(corrections, typed.literal(corrections, index.fields)),
        *text.notes(found),
        *_not_across(search, found),
        *_lower_case(search, index.fields),
        *_in_part(index, search, found),
    ]
    for remark in told:
        write(f"{screen.paint(remark, 'warning')}\n")
    if not found.total:
        if form.batch:
            write("Nothing found.\n\n")
        else:
            note("Nothing found.")
            _advise(index, search, form, found)
        return NOTHING
    left = _below_confidence(search, found)
    less = f", and {left:,} with less confidence in the speaker (--min-confidence 0)" if left else ""
    write(f"{text.summary(found, search.offset)}{less}\n\n")
    hits: tuple[_Hit, ...] = found.hits
    for remark in _not_served(hits):
        write(f"{screen.paint(remark, 'meta')}\n\n")
    alike = _copies_of(index, found)
    for number, hit in enumerate(hits, search.offset + 1):
        remarks = [*text.alike_lines(hit.article, *alike.get(hit.article.id, (None, 1)))]
        remarks += text.score_lines(index, hit) if isinstance(hit, Hit) else ()
        write(text.hit_text(hit, number, screen, remarks))
    if search.facets:
        by_story = isinstance(found, Results) and found.collapsed and found.articles > found.total
        write("Counted by story:\n" if by_story else "")
        write(
            text.text_of_lines(
                [*text.facet_columns(getattr(found, "facets", {}), screen, _shown_values(form.facet_limit))]
            )
        )
        write("\n" if form.batch else "")
    return OK


def _shown_values(limit: int | None) -> int:
    """How many values of a facet are printed: all where 0 are asked for."""
    from searcher.cli.output.text import MAX_VALUES

    return MAX_VALUES if limit is None else limit or sys.maxsize


def _not_served(hits: Iterable[_Hit]) -> Iterator[str]:
    if foreign := [hit.article for hit in hits if hit.article.language not in (None, "en")]:
        from searcher.cli.output.coverage import not_served

        yield from not_served(foreign)


def _below_confidence(search: Search, found: _Found) -> int:
    """The number of quotations left out because it is not sure enough that these people said them."""
    if isinstance(found, Results) or search.min_confidence is not None:
        return 0
    return found.below_confidence


def _not_across(search: Search, found: _Found) -> Iterator[str]:
    if search.translate and search.text and not found.translations:
        yield "No word of another language was found for these."
        if search.text != search.text.lower():
            yield "What may be a name is not translated: written small it is."


_OPERATORS = {"or": "OR", "not": "NOT", "same": "w/50", "near": "w/5", "adj": "pre/5"}


def _lower_case(search: Search, fields: Fields) -> Iterator[str]:
    """What to write where an operator, ours or Factiva's, may have been meant by a word between others."""
    from searcher.query.language.parser import lex

    texts = [search.about] if search.match == "any" else [search.text, search.about]
    between = {token.text for text in texts for token in lex(text, fields)[1:-2] if token.kind == "word"}
    for word, operator in _OPERATORS.items():
        if word in between:
            yield f"“{word}” was searched for as a word; the operator is {operator}."


#: Values that are named of those that a part of a value asks for.
_MAX_VALUES_OF_PART = 8


def _in_part(index: Index, search: Search, found: _Found) -> Iterator[str]:
    """Which values a part of one asked for, where these are several."""
    if not search.values_asked(index.fields):  # as mostly: advice takes a fiftieth of a command to import
        return
    for name, value, alike in index.advice(search, found).in_part():
        more = f" and {len(alike) - _MAX_VALUES_OF_PART:,} more" if len(alike) > _MAX_VALUES_OF_PART else ""
        named = ", ".join(map(clean, alike[:_MAX_VALUES_OF_PART]))
        yield f"{len(alike):,} values of {name} have “{clean(value)}”: {named}{more}."


def _advise(index: Index, search: Search, form: AnswerLayout, found: _Found) -> None:
    """Say why nothing was found; not where many are asked, whose answers stand in for one another."""
    if form.batch:
        return
    from searcher.cli.output.coverage import reasons

    for line in reasons(index, search, found, _below_confidence(search, found)):
        note(line)


def found_by(index: Index, search: Search) -> _Found:
    """Return a page of articles, quotations or statements, as asked for."""
    if search.quotes:
        return index.statements(search) if search.collapse else index.quotes(search)
    return index.search(search)


def _copies_of(index: Index, found: _Found) -> Mapping[str, tuple[Copies | None, int]]:
    """The copies and versions of the articles that were found, by id."""
    if not isinstance(found, Results):
        return {}
    from searcher.cli.output.text import alike_articles

    return alike_articles(index, [hit.article for hit in found.hits])


def _print_json(index: Index, search: Search, form: AnswerLayout) -> int:
    from searcher.cli.output import data
    from searcher.names.decisions import NAMED

    found = found_by(index, search).with_all_words()
    limit = MAX_JSON_FACET_VALUES if form.facet_limit is None else form.facet_limit
    answer = data.answer(search, found, limit)
    for field, values in answer.get("facets", {}).items():
        full = index.full_names(field, [one["value"] for one in values]) if field in NAMED else {}
        for one in values:
            one |= {"full": full[one["value"]]} if one["value"] in full else {}
    if form.reading:
        answer["reading"] = form.reading.to_dict()
    if pending := index.pending:
        answer["pending"] = pending
    if isinstance(found, Results):
        alike = _copies_of(index, found)
        for shown, hit in zip(answer["hits"], found.hits):
            copies, shown["versions"] = alike.get(hit.article.id, (None, 1))
            shown["copies"] = copies.to_dict() if copies else None
    if form.batch:  # a list, which is closed when no more is asked
        write(("[" if form.first else ",\n") + data.dumps(answer))
    else:
        write(data.dumps(answer, indent=2) + "\n")
    return OK if found.total else NOTHING


def _print_lines(index: Index, search: Search, form: AnswerLayout) -> int:
    from searcher.cli.output.data import dumps

    whose = {"query": search.text} if form.batch else {}
    return _print_stream(index, search, form, lambda hit: dumps({**whose, **hit.to_dict()}) + "\n")


def _print_table(index: Index, search: Search, form: AnswerLayout) -> int:
    from searcher.formats.export import table_heading, table_row

    query = search.text if form.batch else None
    statements = search.quotes and search.collapse
    heading = table_heading(quotes=search.quotes, statements=statements, query=form.batch)
    return _print_stream(index, search, form, lambda hit: table_row(hit, query=query), heading)


def _print_names(
    index: Index, search: Search, form: AnswerLayout, name_of: Callable[[_Hit | Place], str | None]
) -> int:
    each = search.replace(snippets=False, collapse=search.collapse and not search.quotes)
    return _print_stream(index, each, form, _each_once(form, name_of))


def _each_once(
    form: AnswerLayout, name_of: Callable[[_Hit | Place], str | None]
) -> Callable[[_Hit | Place], str]:
    """Return a function that gives the line of a hit: its name, or nothing if it was given before."""
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
    """Print a line for every hit. What is not quite what was asked for cannot be told by such a form."""
    search = search.replace(facets=())
    if not _as_asked(index, search, form, found_by(index, search.replace(limit=0))):
        return NOTHING
    if not form.batch:
        write(heading)
    some = False
    for hit in _every(index, search):
        if form.batch and form.first and not some:
            write(heading)
        some = True
        write(line_of(hit))
    return OK if some else NOTHING


def _every(index: Index, search: Search) -> Iterable[_Hit]:
    if not search.quotes:
        return index.scan(search)
    if not search.collapse:
        return index.scan_quotes(search)
    single = search.is_single_medium
    count = index.statements if single else index.quotes  # of which no statement has less than one
    total = count(search.replace(limit=0, collapse=single, facets=())).total
    return index.statements(search.replace(limit=total if search.limit is None else search.limit))


def _print_count(index: Index, search: Search, form: AnswerLayout) -> int:
    found = found_by(index, search.replace(limit=0, facets=()))
    total = found.total if _as_asked(index, search, form, found) else 0
    write(f"{total}\t{search.text}\n" if form.batch else f"{total}\n")
    return OK if total else NOTHING


def _as_asked(index: Index, search: Search, form: AnswerLayout, found: _Found) -> bool:
    """Whether these hold all the words, rather than any of them; what else there is to say goes to stderr."""
    from searcher.cli.output.text import suggested, told_across

    for remark in suggested(found.suggestions):
        note(remark)
    if not found.total:
        _advise(index, search, form, found)
    if found.relaxed:
        note(f"Nothing has all the words. Any of them: {found.total:,}, with --any.")
        return False
    for remark in _in_part(index, search, found):
        note(remark)
    if found.translations:
        note(f"Searched in other languages too: {told_across(found.translations)}")
    return True


#: What the forms that print names print of a hit. A member of an archive is ``archive.zip!member``.
_NAMES: dict[str, Callable[[_Hit | Place], str | None]] = {
    "ids": lambda hit: clean(hit.article.id),
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


def show_found_quotes(asked: str, found: Sequence[FoundQuote], form: AnswerLayout) -> int:
    """Print what was found; returns the exit code."""
    if form.name == "count":
        write(f"{len(found)}\n")
        return OK if found else NOTHING
    if form.name == "csv":
        from searcher.formats.export import table_heading, table_row

        write(table_heading(quotes=True, statements=True))
        write("".join(table_row(one.statement) for one in found))
        return OK if found else NOTHING
    if form.name in _NAMES:
        line = _each_once(form, _NAMES[form.name])
        write("".join(line(place) for one in found for place in one.statement.places))
        return OK if found else NOTHING
    if form.name != "text":
        from searcher.cli.output.data import write_records

        write_records(form.name, "found_quotes", (one.to_dict() for one in found), quote=asked)
        return OK if found else NOTHING
    from searcher.cli.output import text
    from searcher.cli.output.terminal import screen_of

    screen = screen_of(form.color, brackets=form.mark)
    for number, one in enumerate(found, 1):
        write(text.hit_text(one.statement, number, screen, _remarks_on(one)))
    if not found:
        note("Nothing like it was said.")
    return OK if found else NOTHING


def _remarks_on(one: FoundQuote) -> Iterator[str]:
    match one.match:
        case "exact":
            yield "exactly these words"
        case "part":
            yield "these words, within more"
        case "near":
            yield f"{one.share:.0%} of these words; {'; '.join(map(_change_in_words, one.changes))}"


def _change_in_words(change: Change) -> str:
    asked, printed = clean(change.asked), clean(change.printed)
    if not printed:
        return f"without “{asked}”"
    return f"“{printed}” for “{asked}”" if asked else f"with “{printed}”"

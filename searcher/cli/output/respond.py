"""One question, answered in the form asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from searcher.cli.exits import NOTHING, OK
from searcher.cli.output.sanitize import clean
from searcher.cli.streams import note, write
from searcher.results import Hit, QuoteHit, Quotes, Results
from searcher.saved_searches import Question

if TYPE_CHECKING:
    from searcher.cli.output.copies import Copies
    from searcher.cli.output.terminal import Screen
    from searcher.index import Index

__all__ = ["DEFAULT_LIMIT", "Form", "respond"]

DEFAULT_LIMIT = 10
#: Values of a facet in JSON unless --facet-limit says otherwise: large archives know 100,000 people.
JSON_FACET_VALUES = 100


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is shown. ``limit`` None: ten for people to read, everything for programs.

    ``collapse``: one hit a story. ``batch``: one of several questions, so that each answer has to say whose
    it is.
    """

    name: str = "text"
    limit: int | None = None
    page: int = 1
    facets: tuple[str, ...] = ()
    facet_limit: int | None = None
    explain: bool = False
    color: str = "auto"
    mark: bool = False
    batch: bool = False
    collapse: bool = False

    @property
    def offset(self) -> int:
        return (self.page - 1) * (self.limit or DEFAULT_LIMIT)

    @property
    def every(self) -> int | None:
        """The limit of the forms that list everything; a page has a length."""
        return self.limit if self.limit is not None or self.page == 1 else DEFAULT_LIMIT


def respond(index: Index, question: Question, form: Form) -> int:
    """Print the answer; returns the exit code."""
    return _FORMS[form.name](index, question, form)


def _text(index: Index, question: Question, form: Form) -> int:
    from searcher.cli.output import facets, text
    from searcher.cli.output.terminal import screen as screen_of

    screen = screen_of(sys.stdout, form.color, brackets=form.mark)
    found = _one_page(index, question, form)
    if form.batch:
        write(f"{screen.paint(f'== {clean(question.text)}', 'heading')}\n")
    for remark in [*text.notes(found), *_lower_case(question)]:
        write(f"{screen.paint(remark, 'warning')}\n")
    if not found.total:
        _nothing(index, question, form)
        return NOTHING
    write(f"{text.summary(found, form.offset)}{_left_out(index, question, found.total)}\n\n")
    hits: tuple[Hit | QuoteHit, ...] = found.hits
    for number, hit in zip(count(form.offset + 1), hits):
        copies = _copies(index, hit, form)
        lines = [
            *_lines(hit, number, screen),
            *(text.remark(copies.line(), number, screen) if copies else ()),
        ]
        write(text.joined([*lines, ""]))
    if isinstance(found, Results) and form.facets:
        write("Counted by story:\n" if found.collapsed and found.articles > found.total else "")
        write(text.joined([*facets.columns(found.facets, screen, form.facet_limit or facets.SHOWN)]))
        write("\n" if form.batch else "")
    return OK


def _left_out(index: Index, question: Question, sure: int) -> str:
    left = question.less_sure(index, sure)
    return f", and {left:,} with less confidence in the speaker (--confidence 0)" if left else ""


def _lower_case(question: Question) -> Iterator[str]:
    """What to write where an operator may have been meant by a word between others."""
    from searcher.query.language.lexer import lex

    if question.match == "any":
        return
    between = {token.text for token in lex(question.text)[1:-2] if token.kind == "word"}
    for word in ("or", "not"):
        if word in between:
            yield f"“{word}” was searched for as a word; the operator is {word.upper()}."


def _nothing(index: Index, question: Question, form: Form) -> None:
    if form.batch:
        write("Nothing found.\n\n")
        return
    note("Nothing found.")
    _advise(index, question, form)


def _advise(index: Index, question: Question, form: Form) -> None:
    """Say why nothing was found; not where many are asked, whose answers stand in for one another."""
    if form.batch:
        return
    from searcher.cli.output.hints import advice

    for line in advice(index, question):
        note(line)


def _lines(hit: Hit | QuoteHit, number: int, screen: Screen) -> Iterator[str]:
    from searcher.cli.output import text

    if isinstance(hit, Hit):
        return text.hit_lines(hit, number, screen)
    return text.quote_lines(hit, number, screen)


def _one_page(index: Index, question: Question, form: Form) -> Results | Quotes:
    limit = DEFAULT_LIMIT if form.limit is None else form.limit
    if question.quotes:
        return question.quotations(index, offset=form.offset, limit=limit)
    return question.articles(
        index,
        offset=form.offset,
        limit=limit,
        facets=form.facets,
        explain=form.explain,
        collapse=form.collapse,
    )


def _copies(index: Index, hit: Hit | QuoteHit, form: Form) -> Copies | None:
    if not form.collapse:
        return None
    from searcher.cli.output.copies import copies_of

    return copies_of(index, hit.article)


def _json(index: Index, question: Question, form: Form) -> int:
    from searcher.cli.output import data

    found = _one_page(index, question, form)
    limit = JSON_FACET_VALUES if form.facet_limit is None else form.facet_limit
    answer = data.answer(question, found, limit)
    if form.collapse and isinstance(found, Results):
        for shown, hit in zip(answer["hits"], found):
            copies = _copies(index, hit, form)
            shown["copies"] = copies.to_dict() if copies else None
    write(data.dumps(answer, indent=None if form.batch else 2) + "\n")
    return OK if found.total else NOTHING


def _jsonl(index: Index, question: Question, form: Form) -> int:
    from searcher.cli.output import data

    whose = {"query": question.text} if form.batch else {}
    return _stream(
        index, question, form, lambda found: (data.dumps({**whose, **row}) for row in data.rows(found))
    )


def _csv(index: Index, question: Question, form: Form) -> int:
    from searcher.cli.output import data

    query = question.text if form.batch else None
    first = True
    some = False
    for found in _pages(index, question, form):
        write(data.csv_rows(found, heading=first, query=query))
        first, some = False, some or bool(len(found))
    return OK if some else NOTHING


def _ids(index: Index, question: Question, form: Form) -> int:
    from searcher.cli.output import data

    return _stream(index, question, form, data.ids)


def _files(index: Index, question: Question, form: Form) -> int:
    from searcher.cli.output import data

    return _stream(index, question, form, data.files)


def _stream(
    index: Index, question: Question, form: Form, lines_of: Callable[[Results | Quotes], Iterable[str]]
) -> int:
    """Line after line, each once where it is a name rather than a row."""
    some = False
    written: set[str] = set()
    for found in _pages(index, question, form):
        some = some or bool(len(found))
        for line in lines_of(found):
            if form.name not in ("ids", "files") or line not in written:
                written.add(line)
                write(f"{line}\n")
    return OK if some else NOTHING


def _pages(index: Index, question: Question, form: Form) -> Iterator[Results | Quotes]:
    """The pages of an answer whose form cannot say that it is not quite what was asked for."""
    for number, found in enumerate(
        question.every(
            index, form.offset, form.every, snippets=form.name in ("jsonl", "csv"), collapse=form.collapse
        )
    ):
        if number == 0 and not _as_asked(index, question, form, found):
            return
        yield found


def _count(index: Index, question: Question, form: Form) -> int:
    found = question.page(index, offset=0, limit=0, collapse=form.collapse)
    total = found.total if _as_asked(index, question, form, found) else 0
    write(f"{total}\t{question.text}\n" if form.batch else f"{total}\n")
    return OK if total else NOTHING


def _as_asked(index: Index, question: Question, form: Form, found: Results | Quotes) -> bool:
    """Whether these hold all the words, rather than any of them; what else there is to say goes to stderr."""
    if not found.total:
        _advise(index, question, form)
    if found.relaxed:
        note(f"Nothing has all the words. {found.total:,} have any of them: add --any.")
        return False
    for typed, instead in found.corrections.items():
        note(f"“{typed}” is in no article: searched for “{instead}” instead.")
    return True


_FORMS: dict[str, Callable[[Index, Question, Form], int]] = {
    "text": _text,
    "json": _json,
    "jsonl": _jsonl,
    "csv": _csv,
    "ids": _ids,
    "files": _files,
    "count": _count,
}

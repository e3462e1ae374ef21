"""Answers for people: hits with their snippets, quotations with the words around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import shorten
from typing import TYPE_CHECKING

from searcher.article import Article
from searcher.cli.output.styled import Styled, marked, wrap
from searcher.cli.output.terminal import Screen
from searcher.results import Hit, Results
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Statements

__all__ = [
    "MARKS",
    "day_of",
    "heading",
    "hit_lines",
    "joined",
    "notes",
    "quote_lines",
    "remark",
    "shortened",
    "summary",
]

#: Signs that open or close a quotation in some language.
MARKS = "\"'“”„‟‘’‚‛«»‹›「」『』"

#: Characters of a title or a source that are shown in a list; real ones have up to some 300.
_MAX_SHORT = 500
#: Characters of an untitled article of which the words shown in place of a title are taken.
_MAX_BEGINNING = 160


def notes(found: Results | Quotes | Statements) -> Iterator[str]:
    """Yield a line for each thing that was searched otherwise than typed."""
    for typed, instead in found.corrections.items():
        yield f"“{clean(typed)}” is in no article: searched for “{clean(instead)}” instead."
    if found.relaxed:
        what = "article" if isinstance(found, Results) else "quotation"
        yield f"No {what} has all the words: these have any of them."


def summary(found: Results | Quotes | Statements, offset: int) -> str:
    """Return how many hits there are, and which are shown: "214 articles, 11 to 20"."""
    count = _count(found)
    if offset >= found.total:
        return f"{count}, none from number {offset + 1:,} on"
    if not len(found) or len(found) == found.total:
        return count
    last = offset + len(found)
    return f"{count}, {offset + 1:,} to {last:,}" if len(found) > 1 else f"{count}, number {last:,}"


def _count(found: Results | Quotes | Statements) -> str:
    if not isinstance(found, Results):
        return _count_quotations(found)
    if not found.collapsed:
        return f"{found.total:,} article{'' if found.total == 1 else 's'}"
    articles = f"{found.articles:,} article{'' if found.articles == 1 else 's'}"
    return f"{found.total:,} {'story' if found.total == 1 else 'stories'} ({articles})"


def _count_quotations(found: Quotes | Statements) -> str:
    from searcher.results.quotations import Quotes

    if isinstance(found, Quotes):
        return f"{found.total:,} quotation{'' if found.total == 1 else 's'}"
    places = f"{found.places:,} place{'' if found.places == 1 else 's'}"
    return f"{found.total:,} statement{'' if found.total == 1 else 's'} ({places})"


def hit_lines(hit: Hit, number: int, screen: Screen) -> Iterator[str]:
    """Yield the lines of a hit: title; source, date and id; snippets; the parts of the score if asked for."""
    label = f"{number}. "
    indent = " " * len(label)
    shown = heading(hit.article)
    marks = [mark for mark in hit.title_marks if mark[1] <= len(shown)]
    title = marked(shown, marks, screen, style="title")
    yield from wrap(title, screen, indent=indent, first=label)
    yield from wrap(_about(hit), screen, indent=indent)
    for snippet in hit.snippets:
        yield from wrap(
            marked(snippet.text, snippet.marks, screen), screen, indent=indent + "  ", first=indent + "• "
        )
    if hit.explanation:
        yield from _explained(hit, indent)


def quote_lines(hit: QuoteHit, number: int, screen: Screen) -> Iterator[str]:
    """Yield the lines of a quotation: speaker, verbatim text, the words around it, article."""
    label = f"{number}. "
    indent = " " * len(label)
    yield from wrap(_speaker(hit), screen, indent=indent, first=label)
    opening, closing = _quotation_marks(hit)
    words = Styled().add(opening).join(marked(hit.quote.text, hit.marks, screen, style="quote", lines=True))
    yield from wrap(words.add(closing), screen, indent=indent)
    around = f"{_before(hit)}[…]{_after(hit)}".strip()
    if around != f"{opening}[…]{closing}":
        yield from wrap(Styled().add(clean(around), "meta"), screen, indent=indent + "  ")
    title = Styled().add(clean(heading(hit.article)), "title").add(" · ", "meta")
    yield from wrap(title.join(_about(hit)), screen, indent=indent)


def heading(article: Article) -> str:
    """Return the title of an article, or its first words where it has none."""
    if article.title:
        return shortened(article.title)
    beginning = shorten(article.body[:_MAX_BEGINNING], _MAX_BEGINNING // 2, placeholder="…")
    return f"(untitled) {beginning}"


def shortened(text: str) -> str:
    """Return a text that is meant to be short, such as a title, cut where it is not."""
    return text if len(text) <= _MAX_SHORT else f"{text[:_MAX_SHORT]}…"


def remark(text: str, number: int, screen: Screen) -> list[str]:
    """Yield a line below the hit with that number. The text must be safe."""
    return wrap(Styled().add(text, "meta"), screen, indent=" " * len(f"{number}. "))


def _quotation_marks(hit: QuoteHit) -> tuple[str, str]:
    """Return the quotation marks before and after the quotation, each empty where there is none."""
    before, after = hit.before[-1:], hit.after[:1]
    return (before if before in MARKS else ""), (after if after in MARKS else "")


def _before(hit: QuoteHit) -> str:
    """Return the text before the quotation in its paragraph, with an ellipsis where it is cut."""
    rest, newline, line = hit.before.rpartition("\n")
    cut = not newline and len(rest) + len(line) < hit.quote.start
    return f"… {line}" if cut else line


def _after(hit: QuoteHit) -> str:
    line, newline, _ = hit.after.partition("\n")
    cut = not newline and hit.quote.end + len(line) < len(hit.article.body)
    return f"{line} …" if cut else line


def day_of(article: Article) -> str | None:
    """Return the day of publication in ISO 8601, if it is known."""
    return article.published.date().isoformat() if article.published else None


def _about(hit: Hit | QuoteHit) -> Styled:
    facts = [hit.source, day_of(hit.article), hit.article.id]
    return Styled().add(" · ".join(clean(shortened(fact)) for fact in facts if fact), "meta")


def _speaker(hit: QuoteHit) -> Styled:
    quote = hit.quote
    name = hit.speaker or quote.speaker
    out = Styled().add(clean(shortened(name)) if name else "(speaker unknown)", "speaker")
    remarks = ["indirect speech"] if quote.kind == "indirect" else []
    if name:
        remarks.append(f"confidence {quote.confidence:.2f}")
    return out.add(f" ({', '.join(remarks)})", "meta") if remarks else out


def _explained(hit: Hit, indent: str) -> Iterator[str]:
    yield f"{indent}score {hit.score:.4f}"
    for part, points in sorted(hit.explanation, key=lambda pair: -pair[1]):
        yield f"{indent}  {points:8.4f}  {clean(part)}"


def joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)

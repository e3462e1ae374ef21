"""The view of one article: names and quotations are highlighted, and quotations have their speakers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from searcher.article import Article, Mention, Quote, iso
from searcher.cli.output.styled import CLOSE, OPEN, Styled, wrap
from searcher.cli.output.terminal import Screen
from searcher.cli.output.text import MARKS
from searcher.fields import NOTE, fields_of_tags
from searcher.query.request import DEFAULT_MIN_CONFIDENCE
from searcher.sanitize import clean, clean_lines

__all__ = ["article_lines"]

#: The fact that may have several lines.
_NOTE: Final = NOTE.capitalize()


@dataclass(frozen=True, slots=True)
class _Note:
    """A text that is inserted at an offset: a label or a bracket."""

    at: int
    text: str
    style: str = ""


def article_lines(article: Article, screen: Screen) -> Iterator[str]:
    """Yield the lines of an article: title, facts, body, and who is named and quoted in it."""
    title = [m for m in article.mentions if m.part == "title"]
    spans = [(0, len(article.title), "title"), *_spans(title, ())]
    yield from _paragraph(article.title, 0, len(article.title), spans, list(_brackets(title, screen)), screen)
    for label, value in _facts(article):
        safe = clean_lines(value) if label == _NOTE else clean(value)
        yield from wrap(Styled().add(f"{label}: ", "meta").add(safe), screen, indent="  ", first="")
    body = [m for m in article.mentions if m.part == "body"]
    spans = _spans(body, article.quotes)
    notes = sorted([*_brackets(body, screen), *_labels(article)], key=lambda note: note.at)
    for paragraph in re.finditer(r"[^\n]+", article.body):
        yield ""
        yield from _paragraph(article.body, *paragraph.span(), spans, notes, screen)
    yield from _who(article, screen)


def _facts(article: Article) -> Iterator[tuple[str, str]]:
    tags = fields_of_tags(article.tags)
    note = tags.pop(NOTE, ())
    facts = {
        "Source": article.source,
        "Published": (iso(article.published) or "").replace("T", " "),
        "By": ", ".join(article.authors),
        "Section": article.section,
        "Tags": ", ".join(tags.pop("tag")),
        **{field.capitalize(): ", ".join(values) for field, values in tags.items()},
        _NOTE: "\n".join(note),
        "URL": article.url,
        "File": article.origin,
        "Id": article.id,
    }
    return ((label, value) for label, value in facts.items() if value)


def _spans(mentions: Iterable[Mention], quotes: Iterable[Quote]) -> list[tuple[int, int, str]]:
    """Return the styled spans. Names come last, so that they are seen inside quotations."""
    return [
        *((quote.start, quote.end, "quote") for quote in quotes if quote.kind != "indirect"),
        *((mention.start, mention.end, mention.kind) for mention in mentions),
    ]


def _brackets(mentions: Iterable[Mention], screen: Screen) -> Iterator[_Note]:
    if screen.brackets:
        for mention in mentions:
            yield _Note(mention.start, OPEN)
            yield _Note(mention.end, CLOSE)


def _labels(article: Article) -> Iterator[_Note]:
    """Yield the label of each quotation, its speaker, after the closing mark. A question mark shows doubt."""
    for quote in article.quotes:
        if quote.kind == "indirect" and not quote.speaker:
            continue
        at = quote.end + (article.body[quote.end : quote.end + 1] in tuple(MARKS))
        name = clean(quote.speaker) if quote.speaker else "?"
        doubt = "?" if quote.speaker and quote.confidence < DEFAULT_MIN_CONFIDENCE else ""
        kind = "indirect: " if quote.kind == "indirect" else ""
        yield _Note(at, f" ‹{kind}{name}{doubt}›", "speaker")


def _paragraph(
    text: str, start: int, end: int, spans: list[tuple[int, int, str]], notes: list[_Note], screen: Screen
) -> Iterator[str]:
    inside = [span for span in spans if span[0] < end and span[1] > start]
    put = [note for note in notes if start <= note.at <= end]
    within = (edge for a, b, _ in inside for edge in (a, b) if start < edge < end)
    edges = sorted({start, end, *within, *(note.at for note in put)})
    out = Styled()
    for left, right in zip(edges, [*edges[1:], end]):
        for note in put:
            if note.at == left:
                out.add(note.text, note.style)
        style = next((s for a, b, s in reversed(inside) if a <= left and right <= b), "")
        out.add(clean(text[left:right]), style)
    yield from wrap(out, screen)


def _who(article: Article, screen: Screen) -> Iterator[str]:
    """Yield lines with the people, organisations and speakers, each with its number of places."""
    for label, kind in (("People", "person"), ("Organisations", "organisation")):
        counts = Counter(m.name for m in article.mentions if m.kind == kind)
        yield from _counted(label, counts, kind, screen)
    said = Counter(quote.speaker or "unknown" for quote in article.quotes if quote.kind != "indirect")
    yield from _counted("Quotations", said, "speaker", screen)


def _counted(label: str, counts: Counter[str], style: str, screen: Screen) -> Iterator[str]:
    if not counts:
        return
    line = Styled().add(f"{label}: ", "meta")
    for number, (name, count) in enumerate(counts.most_common()):
        line.add(", " if number else "").add(clean(name), style).add(f" ({count})" if count > 1 else "")
    yield ""
    yield from wrap(line, screen, indent="  ", first="")

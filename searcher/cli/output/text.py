"""Text output: hits, quotations, statements, facets and articles."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from searcher.article import Article, Mention, Quote, format_iso
from searcher.cli.output.terminal import (
    CLOSE,
    OPEN,
    Screen,
    StyledText,
    amount,
    cut,
    marked_text,
    width_of,
    wrap,
)
from searcher.fields import NOTE, doubts_of, group_all_tags, shown_field
from searcher.query.request import Search, displayed_speaker
from searcher.results import Facet, Hit, Results
from searcher.results.articles import Equivalent, file_name, headline, shortened_turn
from searcher.sanitize import clean_line, clean_lines

if TYPE_CHECKING:
    from searcher.extract.quotes.reasons import ExplainedQuote
    from searcher.index import Index
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Place, Statement, Statements

#: Quotation marks of all languages.
MARKS = "\"'“”„‟‘’‚‛«»‹›「」『』"

#: Maximum length of a title or source in a list, in characters. Real titles have up to 300.
_MAX_LINE_CHARACTERS = 500


def notes(results: Results | Quotes | Statements) -> Iterator[str]:
    """Yield notes on differences between the query and the search."""
    yield from suggested(results.suggestions)
    if results.translations:
        yield f"Also searched in other languages: {translations_text(results.translations)}"
    if results.relaxed:
        kind = "article" if isinstance(results, Results) else "quotation"
        yield f"No {kind} has all the words. These have at least one of them."


def suggested(suggestions: Mapping[str, str]) -> Iterator[str]:
    """Yield spelling suggestions for words that no article contains."""
    for typed, better in suggestions.items():
        yield f"No article contains “{clean_line(typed)}”. Did you mean “{clean_line(better)}”?"


def corrected(corrections: Mapping[str, str], original: Search) -> Iterator[str]:
    """Yield notes on corrected words, and the command that searches for the original words."""
    for typed, better in corrections.items():
        yield f"No article contains “{clean_line(typed)}”. Showing results for “{clean_line(better)}”."
    if corrections:
        yield f"To search for what you typed: search {shlex.quote(clean_line(original.text))}"


def translations_text(translations: Mapping[str, Sequence[Equivalent]]) -> str:
    """Return translations with their numbers of articles: “climate: klima 14, clima 9”."""
    return "; ".join(
        f"{clean_line(word)}: {', '.join(f'{clean_line(one.word)} {one.articles:,}' for one in equivalents)}"
        for word, equivalents in translations.items()
    )


def summary(results: Results | Quotes | Statements, offset: int) -> str:
    """Return the number of hits and the range that is shown: “214 articles, showing 11–20”."""
    count = _count(results)
    if offset >= results.total:
        return f"{count}; there is no number {offset + 1:,}"
    if not len(results) or len(results) == results.total:
        return count
    last = offset + len(results)
    numbers = f"{offset + 1:,}–{last:,}" if len(results) > 1 else f"number {last:,}"
    return f"{count}, showing {numbers}"


def _count(results: Results | Quotes | Statements) -> str:
    if isinstance(results, Results):
        articles = amount(results.articles if results.collapsed else results.total, "article")
        return f"{amount(results.total, 'story', 'stories')} ({articles})" if results.collapsed else articles
    if hasattr(results, "places"):
        return f"{amount(results.total, 'statement')} ({amount(results.places, 'place')})"
    return amount(results.total, "quotation")


def hit_text(
    hit: Hit | QuoteHit | Statement, number: int, screen: Screen, remarks: Iterable[str] = ()
) -> str:
    """Return a hit as text, followed by remarks, which must be safe to print."""
    lines: Callable[[Any, int, Screen], Iterator[str]] = hit_lines
    if not isinstance(hit, Hit):
        lines = quote_lines if hasattr(hit, "quote") else statement_lines
    indent = " " * len(f"{number}. ")
    below = (line for one in remarks for line in wrap(StyledText().add(one, "meta"), screen, indent=indent))
    return text_of_lines([*lines(hit, number, screen), *below, ""])


def hit_lines(hit: Hit, number: int, screen: Screen) -> Iterator[str]:
    """Yield the lines of a hit: title; source, date and id; snippets."""
    label = f"{number}. "
    indent = " " * len(label)
    heading_text = heading(hit.article)
    marks = [mark for mark in hit.title_marks if mark[1] <= len(heading_text)]
    title = marked_text(heading_text, marks, screen, style="title")
    yield from wrap(title, screen, indent=indent, first=label)
    yield from wrap(_about(hit), screen, indent=indent)
    for snippet in sorted(hit.snippets, key=attrgetter("start")):
        yield from wrap(
            marked_text(snippet.text, snippet.marks, screen),
            screen,
            indent=indent + "  ",
            first=indent + "• ",
        )
    if hit.matched_translations:
        words = clean_line(", ".join(hit.matched_translations))
        yield from wrap(StyledText().add(f"matched: {words}", "meta"), screen, indent=indent)


def quote_lines(hit: QuoteHit, number: int, screen: Screen) -> Iterator[str]:
    """Yield the lines of a quotation: speaker, text, context, article."""
    quote, indent = hit.quote, " " * len(f"{number}. ")
    marks = _marks_around(hit.before[-1:], hit.after[:1])
    speaker = _speaker(hit.speaker or quote.speaker, quote.confidence, _remarks(quote))
    words = marked_text(*shortened_turn(quote.text, hit.marks, quote.kind), screen, style="quote", lines=True)
    yield from _said_lines(speaker, marks, words, number, screen)
    around = f"{_text_before(hit)}[…]{_text_after(hit)}".strip()
    if around != "[…]".join(marks):
        yield from wrap(StyledText().add(clean_line(around), "meta"), screen, indent=indent + "  ")
    title = StyledText().add(clean_line(heading(hit.article)), "title").add(" · ", "meta")
    yield from wrap(title.join(_about(hit)), screen, indent=indent)


def _remarks(quote: Quote) -> list[str]:
    if quote.kind == "speech":
        return ["on record", *filter(None, (quote.role, quote.party, quote.moment))]
    return ["indirect speech"] if quote.kind == "indirect" else []


def _said_lines(
    speaker: StyledText, marks: tuple[str, str], words: StyledText, number: int, screen: Screen
) -> Iterator[str]:
    label = f"{number}. "
    yield from wrap(speaker, screen, indent=" " * len(label), first=label)
    yield from wrap(StyledText().add(marks[0]).join(words).add(marks[1]), screen, indent=" " * len(label))


def heading(article: Article) -> str:
    """Return the title of an article, or its first words."""
    return short_text(article.title) if article.title else f"(untitled) {headline(article)}"


def short_text(text: str) -> str:
    """Return a title or source, shortened if it is too long for a list."""
    return text if len(text) <= _MAX_LINE_CHARACTERS else f"{text[:_MAX_LINE_CHARACTERS]}…"


def _marks_around(before: str, after: str) -> tuple[str, str]:
    """Return the quotation marks before and after a quotation, or empty strings."""
    return (before if before in MARKS else ""), (after if after in MARKS else "")


def _text_before(hit: QuoteHit) -> str:
    """Return the text before the quotation in its paragraph, with an ellipsis if it is cut."""
    rest, newline, line = hit.before.rpartition("\n")
    cut = not newline and len(rest) + len(line) < hit.quote.start
    return f"… {line}" if cut else line


def _text_after(hit: QuoteHit) -> str:
    line, newline, _ = hit.after.partition("\n")
    cut = not newline and hit.quote.end + len(line) < len(hit.article.body)
    return f"{line} …" if cut else line


def day_of(article: Article) -> str | None:
    """Return the date of publication in ISO 8601, if it is known."""
    return article.published.date().isoformat() if article.published else None


def _about(hit: Hit | QuoteHit) -> StyledText:
    doubtful = "doubtful" if doubts_of(hit.article.tags) else None
    facts = [hit.source or file_name(hit.article), day_of(hit.article), hit.article.id, doubtful]
    return StyledText().add(" · ".join(clean_line(short_text(fact)) for fact in facts if fact), "meta")


def _speaker(name: str | None, confidence: float, remarks: Sequence[str] = ()) -> StyledText:
    speaker_name = (
        displayed_speaker(clean_line(short_text(name)), confidence) if name else "(speaker unknown)"
    )
    out = StyledText().add(speaker_name, "speaker")
    notes = [*remarks, *([f"confidence {confidence:.2f}"] if name else [])]
    return out.add(f" ({', '.join(notes)})", "meta") if notes else out


def score_lines(index: Index, hit: Hit) -> Iterator[str]:
    """Yield the parts of a score: for each word its frequency in the article and in the index."""
    if hit.explanation:
        words = len(hit.article.body.split())
        yield f"score {hit.score:.4f}, for a body of {words:,} words and the title:"
    for part, points in sorted(hit.explanation, key=lambda pair: -pair[1]):
        part_search = Search(part)
        title, body = map(len, index.articles.matches(hit.article, part_search))
        rare = f"in {index.count(part_search):,} of {index.count():,} articles"
        yield f"{points:8.4f}  {clean_line(part)}: {amount(body, 'time')}, {title:,} in the title; {rare}"


def text_of_lines(lines: Iterable[str]) -> str:
    """Join lines, each with a line feed."""
    return "".join(f"{line}\n" for line in lines)


#: Maximum number of sources listed after the first one.
MAX_OUTLETS = 5


def statement_lines(hit: Statement, number: int, screen: Screen) -> Iterator[str]:
    """Yield the lines of a statement: speaker, words, first article, other outlets, other speakers."""
    indent, first, body = " " * len(f"{number}. "), hit.first.article, hit.article.body
    start, end = hit.whole.parts[0].start, hit.whole.parts[-1].end
    marks = _marks_around(body[max(0, start - 1) : start], body[end : end + 1])
    said = hit.whole.best_part
    words = marked_text(*shortened_turn(hit.text, hit.marks, said.kind), screen, style="quote", lines=True)
    speaker = _speaker(hit.speaker, hit.confidence, _remarks(said) if said.kind == "speech" else ())
    yield from _said_lines(speaker, marks, words, number, screen)
    title = StyledText().add(clean_line(heading(first)), "title")
    about = title.add(f" · {_outlet(hit.first)} · {clean_line(first.id)}", "meta")
    for line in (
        about,
        *(StyledText().add(one, "meta") for one in (_other_outlets(hit), _differing_votes(hit)) if one),
    ):
        yield from wrap(line, screen, indent=indent)


def _other_outlets(hit: Statement) -> str:
    """Return “the first of 5 articles; then …”, or "" for a single article."""
    articles = {place.article.id: place.article for place in hit.places}
    if len(articles) == 1:
        return ""
    outlets = list(dict.fromkeys(map(_outlet, hit.places)))[1:]
    also = ", ".join(outlets[:MAX_OUTLETS]) + (" …" if len(outlets) > MAX_OUTLETS else "")
    is_first = _is_earlier(*islice(articles.values(), 2))
    article, then = ("the first", "then") if is_first else ("one", "also")
    return f"{article} of {len(articles):,} articles{f'; {then} {also}' if also else ''}"


def _is_earlier(one: Article, other: Article) -> bool:
    """Return True if an article is certainly older. A day without a time may be any time of that day."""
    early, late = (format_iso(article.published) or "" for article in (one, other))
    return bool(early) and early < late and not late.startswith(early)


def _differing_votes(hit: Statement) -> str:
    """Return the speakers with their numbers of stories, or "" if there is only one."""
    stories = {vote.speaker: f"{vote.stories:,}" for vote in hit.votes}
    names = [
        f"{clean_line(one)} ({stories.get(one, 'in a copy')})"
        for one in dict.fromkeys([*stories, *hit.other_speakers])
    ]
    return f"attributed to: {', '.join(names)}" if len(names) > 1 else ""


def _outlet(place: Place) -> str:
    named = short_text(place.source or file_name(place.article) or place.article.id)
    return " ".join(clean_line(part) for part in (named, day_of(place.article)) if part)


#: Maximum number of sources of copies listed after the first one.
MAX_SOURCES = 5


class Copies(NamedTuple):
    """The copies of a story.

    Attributes:
        total: Number of articles.
        first: The oldest article.
        sources: All sources, oldest first.
        is_surely_first: No other article is from the same day as ``first``.
    """

    total: int
    first: Article
    sources: tuple[str, ...]
    is_surely_first: bool = True

    def line(self, article: Article) -> str:
        """Return the line for an article: “2 more copies; first: Harbour Post, 2024-05-06; also: …”."""
        more = self.total - 1
        first = ", ".join(clean_line(part) for part in (self.first.source, day_of(self.first)) if part)
        named = {article.source, self.first.source if self.is_surely_first else None}
        also = [clean_line(one) for one in self.sources if one not in named]
        first = "this one" if self.first.id == article.id else first or clean_line(self.first.id)
        parts = [amount(more, "more copy", "more copies")]
        parts += [f"first: {first}"] if self.is_surely_first else []
        if also:
            parts.append(f"also: {', '.join(also[:MAX_SOURCES])}{' …' if len(also) > MAX_SOURCES else ''}")
        return "; ".join(parts)

    def to_dict(self) -> dict[str, Any]:
        first = {"id": self.first.id, "source": self.first.source, "published": day_of(self.first)}
        return {"total": self.total, "first": first, "sources": list(self.sources)}


def copies_and_versions(index: Index, articles: Sequence[Article]) -> dict[str, tuple[Copies | None, int]]:
    """Return the copies and the number of versions of articles that have any, by id."""
    return {
        id: (_copies_of(index, id, count.copies + 1) if count.copies else None, count.versions)
        for id, count in index.articles.count_copies(articles).items()
    }


def copies_lines(article: Article, copies: Copies | None, versions: int) -> Iterator[str]:
    """Yield a line for the copies of an article and a line for its versions."""
    if copies:
        yield copies.line(article)
    if versions > 1:
        yield f"{amount(versions, 'version')}: searcher versions {clean_line(article.id)}"


def _copies_of(index: Index, id: str, total: int) -> Copies | None:
    copies_by_id = {
        one.id: one for copy in index.articles.copies(id) for one in (copy.before, copy.article) if one
    }
    copies = sorted(
        copies_by_id.values(), key=lambda one: (one.published is None, one.published or dt.datetime.min)
    )
    sources = dict.fromkeys(one.source for one in copies if one.source)
    is_first = len(copies) < 2 or _is_earlier(*copies[:2])
    return Copies(total, copies[0], tuple(sources), is_first) if copies else None


#: Default maximum number of values per facet.
MAX_VALUES = 8
#: Maximum width of a facet, in columns. Three facets with gaps fit into 108 columns.
MAX_FACET_WIDTH = 34
_GAP_WIDTH = 3


class _Block(NamedTuple):
    """A facet as painted lines, each with its width."""

    lines: list[tuple[str, int]]
    width: int


def facet_columns(facets: Mapping[str, Facet], screen: Screen, max_values: int = MAX_VALUES) -> list[str]:
    """Arrange facets in columns to the width of the screen. Selected values have a star."""
    blocks = [_block_of(facet, screen, max_values) for facet in facets.values() if facet.values]
    lines: list[str] = []
    for row in _in_rows(blocks, screen.width):
        if lines:
            lines.append("")
        for parts in zip_longest(*(block.lines for block in row), fillvalue=("", 0)):
            padded = (
                text + " " * (block.width - used + _GAP_WIDTH) for block, (text, used) in zip(row, parts)
            )
            lines.append("".join(padded).rstrip())
    return lines


def _block_of(facet: Facet, screen: Screen, max_values: int) -> _Block:
    first = facet.values[:max_values]
    values = [*first, *(value for value in facet.values.selected if value not in first)]
    field = shown_field(facet.field)
    if field.attribute == "published":
        values.sort(key=lambda value: value.value, reverse=True)
    more = max(0, facet.values.min_count - len(values))
    least = "" if facet.values.is_complete else "at least "
    heading = field.label or facet.field
    rest = f"  and {least}{more:,} more" if more else ""
    rows = [(clean_line(value.value), f"{value.count:,}", value.selected) for value in values]
    used = width_of(heading)
    needed = max(used, len(rest), *[width_of(name) + len(count) + 3 for name, count, _ in rows])
    width = min(MAX_FACET_WIDTH, needed, screen.width)
    lines = [(screen.paint(heading, "heading"), used)]
    for name, count, selected in rows:
        name = cut(name, max(width - len(count) - 3, 1))
        space = " " * max(width - width_of(name) - len(count) - 2, 1)
        sign = "* " if selected else "  "
        lines.append((sign + screen.paint(name, "title" if selected else "") + space + count, width))
    if more:
        lines.append((screen.paint(rest, "meta"), len(rest)))
    return _Block(lines, width)


def _in_rows(blocks: Iterable[_Block], width: int) -> list[list[_Block]]:
    """Fill rows with as many blocks as fit."""
    rows: list[list[_Block]] = []
    used = width
    for block in blocks:
        if used + _GAP_WIDTH + block.width <= width:
            rows[-1].append(block)
            used += _GAP_WIDTH + block.width
        else:
            rows.append([block])
            used = block.width
    return rows


_NOTE_LABEL: Final = NOTE.capitalize()


class _Inset(NamedTuple):
    """A label or bracket to insert at an offset."""

    at: int
    text: str
    style: str = ""


def article_lines(article: Article, screen: Screen) -> Iterator[str]:
    """Yield the lines of an article: title, facts, body, names and speakers."""
    title = [m for m in article.mentions if m.part == "title"]
    spans = [(0, len(article.title), "title"), *_spans_of(title, ())]
    yield from _paragraph(article.title, 0, len(article.title), spans, list(_brackets(title, screen)), screen)
    for label, value in _facts(article):
        safe = clean_lines(value) if label == _NOTE_LABEL else clean_line(value)
        yield from wrap(StyledText().add(f"{label}: ", "meta").add(safe), screen, indent="  ", first="")
    body = [m for m in article.mentions if m.part == "body"]
    spans = _spans_of(body, article.quotes)
    notes = sorted([*_brackets(body, screen), *_labels(article)], key=lambda note: note.at)
    for paragraph in re.finditer(r"[^\n]+", article.body):
        yield ""
        yield from _paragraph(article.body, *paragraph.span(), spans, notes, screen)
    yield from _names_of(article, screen)


def _facts(article: Article) -> Iterator[tuple[str, str]]:
    tags = group_all_tags(article.tags)
    note = tags.pop(NOTE, ())
    facts = {
        "Source": article.source,
        "Published": (format_iso(article.published) or "").replace("T", " "),
        "By": ", ".join(article.authors),
        "Section": article.section,
        "Tags": ", ".join(tags.pop("tag")),
        **{field.capitalize(): ", ".join(values) for field, values in tags.items()},
        _NOTE_LABEL: "\n".join(note),
        "URL": article.url,
        "File": article.origin,
        "Id": article.id,
    }
    return ((label, value) for label, value in facts.items() if value)


def _spans_of(mentions: Iterable[Mention], quotes: Iterable[Quote]) -> list[tuple[int, int, str]]:
    """Return the styled spans. Names come last, so that they are visible inside quotations."""
    return [
        *((quote.start, quote.end, "quote") for quote in quotes if quote.kind != "indirect"),
        *((mention.start, mention.end, mention.kind) for mention in mentions),
    ]


def _brackets(mentions: Iterable[Mention], screen: Screen) -> Iterator[_Inset]:
    if screen.brackets:
        for mention in mentions:
            yield _Inset(mention.start, OPEN)
            yield _Inset(mention.end, CLOSE)


def _labels(article: Article) -> Iterator[_Inset]:
    """Yield the speaker of each quotation as a label after the closing quotation mark."""
    for quote in article.quotes:
        if quote.kind == "indirect" and not quote.speaker:
            continue
        at = quote.end + (article.body[quote.end : quote.end + 1] in tuple(MARKS))
        name = displayed_speaker(clean_line(quote.speaker), quote.confidence) if quote.speaker else "?"
        kind = "indirect: " if quote.kind == "indirect" else ""
        yield _Inset(at, f" ‹{kind}{name}›", "speaker")


def _paragraph(
    text: str, start: int, end: int, spans: list[tuple[int, int, str]], notes: list[_Inset], screen: Screen
) -> Iterator[str]:
    inside = [span for span in spans if span[0] < end and span[1] > start]
    insets = [note for note in notes if start <= note.at <= end]
    span_edges = (edge for a, b, _ in inside for edge in (a, b) if start < edge < end)
    edges = sorted({start, end, *span_edges, *(note.at for note in insets)})
    out = StyledText()
    for left, right in zip(edges, [*edges[1:], end]):
        for inset in insets:
            if inset.at == left:
                out.add(inset.text, inset.style)
        style = next((s for a, b, s in reversed(inside) if a <= left and right <= b), "")
        out.add(clean_line(text[left:right]), style)
    yield from wrap(out, screen)


def _names_of(article: Article, screen: Screen) -> Iterator[str]:
    """Yield lines with the people, organisations, speakers, places and contacts, and their frequencies."""
    if article.is_pending:
        yield from ("", "This article has no names or quotations yet (run: searcher annotate).")
    for label, kind in (("People", "person"), ("Organisations", "organisation")):
        counts = Counter(m.name for m in article.mentions if m.kind == kind)
        yield from _counted_names(label, counts, kind, screen)
    said = (quote for quote in article.quotes if quote.kind != "indirect")
    speakers = Counter(
        displayed_speaker(one.speaker, one.confidence) if one.speaker else "unknown" for one in said
    )
    yield from _counted_names("Quotations", speakers, "speaker", screen)
    for label, values in (("Places", article.places), ("Contacts", article.contacts)):
        yield from _counted_names(label, Counter(values), "", screen)


def _counted_names(label: str, counts: Counter[str], style: str, screen: Screen) -> Iterator[str]:
    if not counts:
        return
    line = StyledText().add(f"{label}: ", "meta")
    for number, (name, count) in enumerate(counts.most_common()):
        line.add(", " if number else "").add(clean_line(name), style).add(f" ({count})" if count > 1 else "")
    yield ""
    yield from wrap(line, screen, indent="  ", first="")


#: Number of characters to show on each side of the words that name the speaker, about six words.
_CHARACTERS_AROUND: Final = 40
#: Descriptions of the ways to find a speaker.
_JUDGES: Final = {
    "rules": "rules for English",
    "network": "neural network",
    "label": "label at the start of the line",
    "source": "words naming the source of a report",
    "record": "speaker given in the record",
}
#: Descriptions of the reasons for a lower confidence.
_DOUBTS: Final = {
    "unreported": "no verb of speech near the speaker",
    "fragment": "short enough to be a term or title",
    "carried": "no speaker named here, and the previous speaker may not continue",
    "open": "unclosed quotation mark, which may include another speaker's words",
    "far": "the attribution is far away",
    "vague": "the attribution is long and may belong to someone else",
    "site": "many articles of this source end with these words",
}


def reason_lines(article: Article, quotes: Iterable[ExplainedQuote], screen: Screen) -> Iterator[str]:
    """Yield the reasons for the speaker and confidence of each quotation."""
    yield from wrap(StyledText().add(clean_line(heading(article)), "title"), screen)
    for number, one in enumerate(quotes, 1):
        quote, label = one.quote, f"{number}. "
        indent = " " * len(label)
        yield ""
        said = StyledText().add(f"“{clean_line(short_text(quote.text))}”", "quote")
        yield from wrap(said, screen, indent=indent, first=label)
        speaker = _speaker(quote.speaker, quote.confidence, _remarks(quote))
        yield from wrap(StyledText().add("Speaker: ", "meta").join(speaker), screen, indent=indent)
        for label, value in _reasons(one, article.body):
            line = StyledText().add(f"{label}: ", "meta").add(clean_line(value))
            yield from wrap(line, screen, indent=indent + "  ", first=indent)


def _with_line(body: str, start: int, end: int) -> str:
    """Return words in brackets with the context in their line."""
    before = body[max(0, start - _CHARACTERS_AROUND) : start].rpartition("\n")[2]
    after = body[end : end + _CHARACTERS_AROUND].partition("\n")[0]
    left = "… " + before.partition(" ")[2] if len(before) == _CHARACTERS_AROUND else before
    right = after.rpartition(" ")[0] + " …" if len(after) == _CHARACTERS_AROUND else after
    return f"{left}[{short_text(body[start:end])}]{right}"


def _reasons(one: ExplainedQuote, body: str) -> Iterator[tuple[str, str]]:
    reason = one.reason
    if reason.words:
        yield "Attribution", _with_line(body, *reason.words)
    if reason.candidates:
        shares = (f"{name or 'no one named'} {share:.0%}" for name, share in reason.candidates)
        yield "Candidates", ", ".join(shares)
    if reason.judges != ("record",):
        yield "Is speech", f"{min(reason.speech, 0.99):.0%}"
    only = " only" if reason.judges == ("network",) else ""
    if only and reason.candidates and one.quote.confidence < reason.candidates[0][1]:
        only += ", so the confidence is lowered"
    yield "Decided by", " and ".join(_JUDGES[judge] for judge in reason.judges) + only
    if reason.doubts:
        yield "Doubts", "; ".join(_DOUBTS[doubt] for doubt in reason.doubts)

"""The passages that show why an article was found, and where in them the matches are.

Every engine is served by this one module. It works on the article alone, so that a mark is always a real
match of the query in the text shown; the text is a slice of the body and is never altered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from searcher import ranking, words
from searcher.identity import Identities
from searcher.matching import field_of, spans
from searcher.model import Article
from searcher.query import AtLeast, Expr, Filter, Is, Positional, Said, Term, leaves
from searcher.results import Marks, Snippet

__all__ = ["passages", "quote_marks", "sentences", "title_marks"]

#: Characters of a passage: three lines of a terminal of 100 columns.
LENGTH = 280
#: The most that one sentence may take before it is cut at a word.
LONGEST = 420

#: A full stop with its closing marks, before what can begin a sentence.
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*(?=\s+[\"'“‘«(\[]?[^\Wa-z_])")
#: What a full stop does not end: titles, initials, dotted letters.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"'])(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|No|vs|Gen|Sen|Rep|Gov|Col|Capt|Lt|Prof|Rev|Hon|[A-Z](?:\.[A-Z])*)\.$"
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A match in the body: offsets, and the number of the leaf that it matches."""

    start: int
    end: int
    leaf: int


@dataclass(frozen=True, slots=True)
class _Passage:
    start: int
    end: int
    marks: tuple[_Mark, ...]

    @property
    def spread(self) -> int:
        """Characters from the first match to the last: the closer the better."""
        return self.marks[-1].end - self.marks[0].start if self.marks else 0


def passages(
    article: Article,
    where: Expr,
    filters: Sequence[Filter] = (),
    identities: Identities | None = None,
    limit: int = 3,
) -> tuple[Snippet, ...]:
    """At most ``limit`` passages, best first: by how many words of the query they show that no better
    passage has shown, then by how close these stand. Names asked for (``person:``, filters) are marked
    wherever the article names them. With nothing to mark, the article's beginning."""
    body = article.body
    marks = sorted(
        [*_word_marks(body, _wanted(where)), *_name_marks(article, where, filters, identities)],
        key=lambda mark: (mark.start, -mark.end),
    )
    best = _best(_candidates(body, marks), limit)
    if not best and limit:
        start, end = _beginning(body)
        return (Snippet(body[start:end], (), start),) if end > start else ()
    return tuple(_snippet(body, passage) for passage in best)


def title_marks(article: Article, where: Expr) -> Marks:
    """Where the words of the query match in the title."""
    return _disjoint(_word_marks(article.title, _wanted(where, title=True)))


def quote_marks(text: str, where: Expr) -> Marks:
    """Where the words of the query match in a quotation."""
    return _disjoint(_word_marks(text, _wanted(where)))


def sentences(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences, without the space between them; a paragraph's end ends a sentence."""
    found = []
    start = 0
    while start < len(text):
        end = _line_end(text, start)
        found += _sentences_of(text, start, end)
        start = end + 1
    return found


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    while end >= 0 and _goes_on(text, end):
        end = text.find("\n", end + 1)
    return end if end >= 0 else len(text)


def _line_start(text: str, at: int) -> int:
    end = text.rfind("\n", 0, at)
    while end >= 0 and _goes_on(text, end):
        end = text.rfind("\n", 0, end)
    return end + 1


def _goes_on(text: str, end: int) -> bool:
    """Whether the sentence goes on after the end of a line: an abbreviation, and no empty line after it."""
    return text[end - 1 : end] == "." and not text.startswith("\n", end + 1) and _is_abbreviation(text, end)


def _is_abbreviation(text: str, end: int) -> bool:
    return _ABBREVIATION.search(text, max(0, end - 12), end) is not None


def _sentences_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a line, which is mostly a paragraph."""
    found = []
    for match in _SENTENCE_END.finditer(text, start, end):
        stop = match.end()
        if text[stop - 1] == "." and _is_abbreviation(text, stop):
            continue
        found.append((_after_space(text, start, stop), stop))
        start = stop
    start = _after_space(text, start, end)
    if start < end:
        found.append((start, start + len(text[start:end].rstrip())))
    return found


def _after_space(text: str, start: int, end: int) -> int:
    return start if start < end and not text[start].isspace() else end - len(text[start:end].lstrip())


def _wanted(where: Expr, *, title: bool = False) -> list[Positional]:
    """The leaves to mark; words that do not count for the score only if there are no others."""
    found: list[Positional] = []
    for leaf in leaves(where):
        match leaf:
            case Said(inner):
                found += [] if title else _wanted(inner)
            case AtLeast(part=part):
                found.append(part)
            case Is():
                pass
            case _ if hasattr(leaf, "field") and leaf.field not in ("text", "title"):
                pass
            case _:
                found.append(leaf)  # type: ignore[arg-type]  # what is left is positional
    found = [leaf for leaf in found if title or field_of(leaf) == "text"]
    telling = [leaf for leaf in found if not (isinstance(leaf, Term) and ranking.is_stop_word(leaf.text))]
    return telling or found


def _word_marks(text: str, wanted: Sequence[Positional]) -> list[_Mark]:
    if not wanted or not text:
        return []
    tokens = words.tokens(text)
    forms = [token.forms for token in tokens]
    return [
        _Mark(tokens[first].start, tokens[last].end, number)
        for number, leaf in enumerate(wanted)
        for first, last in spans(leaf, forms)
    ]


def _name_marks(
    article: Article, where: Expr, filters: Sequence[Filter], identities: Identities | None
) -> list[_Mark]:
    """Mentions of the people and organisations that the query asks for."""
    asked = [(leaf.field, leaf.value) for leaf in leaves(where) if isinstance(leaf, Is)]
    asked += [(f.field, value) for f in filters if not f.negated for value in f.values]
    names = {mention.name for mention in article.mentions}
    who = identities or Identities()
    marks = []
    for number, (field_name, value) in enumerate(asked):
        if field_name not in ("person", "organisation", "speaker"):
            continue
        answering = who.answering(field_name, value, names)
        marks += [
            _Mark(mention.start, mention.end, -1 - number)
            for mention in article.mentions
            if mention.part == "body" and mention.name in answering
        ]
    return marks


def _candidates(body: str, marks: Sequence[_Mark]) -> list[_Passage]:
    """For each sentence that holds a match, the passage that begins there."""
    if not marks:
        return []
    bounds = sentences(body)
    found = []
    for first, (start, end) in enumerate(bounds):
        if not any(start <= mark.start < end for mark in marks):
            continue
        for following_start, following_end in bounds[first + 1 :]:
            if following_end - start > LENGTH or "\n" in body[end:following_start]:
                break
            end = following_end
        found.append(_trimmed(body, start, end, marks))
    return found


def _trimmed(body: str, start: int, end: int, marks: Sequence[_Mark]) -> _Passage:
    """The passage with its marks, cut at words around the first of them if it is too long."""
    inside = tuple(mark for mark in marks if start <= mark.start and mark.end <= end)
    if end - start > LONGEST and inside:
        if inside[0].start - start > LENGTH // 2:
            start = _word_start(body, inside[0].start - LENGTH // 3, start)
        if end - start > LONGEST:
            end = _word_end(body, start + LENGTH, end)
        inside = tuple(mark for mark in inside if start <= mark.start and mark.end <= end)
    return _Passage(start, end, inside)


def _best(candidates: Sequence[_Passage], limit: int) -> list[_Passage]:
    """Greedy: each time the passage that shows most that has not been shown."""
    chosen: list[_Passage] = []
    shown: set[int] = set()
    left = [passage for passage in candidates if passage.marks]
    while left and len(chosen) < limit:
        best = max(
            left, key=lambda p: (len({m.leaf for m in p.marks} - shown), _kinds(p), -p.spread, -p.start)
        )
        chosen.append(best)
        shown |= {mark.leaf for mark in best.marks}
        left = [p for p in left if p.end <= best.start or p.start >= best.end]
    return chosen


def _kinds(passage: _Passage) -> int:
    return len({mark.leaf for mark in passage.marks})


def _snippet(body: str, passage: _Passage) -> Snippet:
    marks = _disjoint(passage.marks)
    shifted = tuple((start - passage.start, end - passage.start) for start, end in marks)
    return Snippet(body[passage.start : passage.end], shifted, passage.start)


def _disjoint(marks: Sequence[_Mark]) -> Marks:
    """Overlapping marks joined into one."""
    joined: list[tuple[int, int]] = []
    for mark in sorted(marks, key=lambda m: (m.start, m.end)):
        if joined and mark.start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], mark.end))
        else:
            joined.append((mark.start, mark.end))
    return tuple(joined)


def _beginning(body: str) -> tuple[int, int]:
    start = len(body) - len(body.lstrip())
    end = start
    for first, last in sentences(body[: start + 3 * LENGTH]):
        if end > start and (last - start > LENGTH or "\n" in body[end:first]):
            break
        end = last
    return (start, end) if end - start <= LONGEST else (start, _word_end(body, start + LENGTH, end))


def _word_start(body: str, near: int, least: int) -> int:
    space = body.find(" ", max(near, least))
    return space + 1 if space >= 0 else least


def _word_end(body: str, near: int, most: int) -> int:
    space = body.rfind(" ", 0, min(near, most))
    return space if space > 0 else min(near, most)
